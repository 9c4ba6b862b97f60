package usagestats

import (
	"fmt"
	"testing"

	"github.com/ringproof/ringproof/harness/internal/readertest"
)

func generated(size int) []byte {
	return readertest.Text(size, "user=0\n  Last 24 hour events (timeRange=\"a\" )\n", func(i int) string {
		return fmt.Sprintf("    time=\"2026-05-03 19:18:20\" type=ACTIVITY_RESUMED package=com.example.app%d class=com.example.app.CallActivity instanceId=%d taskRootPackage=com.example.app taskRootClass=com.example.app.Main flags=0x0 \n", i, i)
	}, "")
}

func BenchmarkParse(b *testing.B) { readertest.Ratio(b, readertest.Of(Parse), generated) }

func TestLinear(t *testing.T) {
	texts := readertest.Hostile(map[string]string{"user": "user=0\n", "none": "x\n"})
	texts["generated"] = generated
	readertest.Linear(t, readertest.Of(Parse), texts)
}

func FuzzParse(f *testing.F) { readertest.Fuzz(f, readertest.Of(Parse), events26, events29, checkin) }

func TestMemory(t *testing.T) { readertest.Memory(t, readertest.Of(Parse), generated) }
