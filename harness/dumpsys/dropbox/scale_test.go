package dropbox

import (
	"fmt"
	"testing"

	"github.com/ringproof/ringproof/harness/internal/readertest"
)

func generated(size int) []byte {
	return readertest.Text(size, "Drop box contents: 9 entries\nMax entries: 1000\n", func(i int) string {
		s := fmt.Sprintf("\n========================================\n2026-05-03 19:18:20 data_app_crash (text, %d bytes)\nProcess: com.example.app%d\nPID: %d\nFlags: 0x3088be45\nPackage: com.example.app%d v%d (1.0)\nForeground: Yes\n\njava.lang.IllegalStateException: no call\n", i, i, i, i, i)
		for j := range 12 {
			s += fmt.Sprintf("    at com.example.app.Calls.answer(Calls.java:%d)\n", j)
		}
		return s
	}, "\n")
}

func BenchmarkParse(b *testing.B) { readertest.Ratio(b, readertest.Of(Parse), generated) }

func TestLinear(t *testing.T) {
	texts := readertest.Hostile(map[string]string{"entry": "Drop box contents: 1 entries\n2026-05-03 19:18:20 a (text, 1 bytes)\n", "none": "x\n"})
	texts["generated"] = generated
	readertest.Linear(t, readertest.Of(Parse), texts)
}

func FuzzParse(f *testing.F) { readertest.Fuzz(f, readertest.Of(Parse), printed26, printed30, summary) }

func TestMemory(t *testing.T) { readertest.Memory(t, readertest.Of(Parse), generated) }
