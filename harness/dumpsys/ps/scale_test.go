package ps

import (
	"fmt"
	"testing"

	"github.com/ringproof/ringproof/harness/internal/readertest"
)

func generated(size int) []byte {
	return readertest.Text(size, "USER           PID  PPID     VSZ    RSS WCHAN            ADDR S NAME\n", func(i int) string {
		return fmt.Sprintf("u0_a%-9d %5d  %4d 1349112  95432 ep_poll             0 S com.example.app%d:remote\n", i%900, i, i/2, i)
	}, "shell         9999  2000   10000   2000 0                   0 R ps -A\n")
}

func BenchmarkParse(b *testing.B) { readertest.Ratio(b, readertest.Of(Parse), generated) }

func TestLinear(t *testing.T) {
	texts := readertest.Hostile(map[string]string{"titles": "PID NAME\n", "none": "x\n"})
	texts["generated"] = generated
	readertest.Linear(t, readertest.Of(Parse), texts)
}

func FuzzParse(f *testing.F) { readertest.Fuzz(f, readertest.Of(Parse), all26, chosen, "PID NAME\n") }
