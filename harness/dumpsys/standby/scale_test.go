package standby

import (
	"fmt"
	"testing"

	"github.com/ringproof/ringproof/harness/internal/readertest"
)

// answer is the list of all packages.
func answer(size int) []byte {
	return readertest.Text(size, "", func(i int) string { return fmt.Sprintf("org.example.application%d: %d\n", i%400, 10+i%4*10) }, "")
}

// dump is what API 34 prints: of the events before the states, one.
func dump(size int) []byte {
	return readertest.Text(size, `user=0
  Last 24 hour events (timeRange="5/4/2026")
    time="2026-05-03 19:18:20" type=ACTIVITY_RESUMED package=org.example.app class=org.example.Main flags=0x0

User 0 App Standby States:
`, func(i int) string {
		return fmt.Sprintf("  package=org.example.app%d u=0 bucket=%d reason=p used=+1h2m%ds4ms usedByUser=+1h2m3s4ms usedScr=+2m3s4ms lastPred=<uninitialized> expiryTimes=(10:-1h2m3s4ms) lastJob=+1h2m3s4ms lastInformedBucket=10 idle=n\n", i%400, 10+i%4*10, i%60)
	}, "  \n  totalElapsedTime=+3d\n")
}

func BenchmarkRatio(b *testing.B) {
	b.Run("answer", func(b *testing.B) { readertest.Ratio(b, readertest.Of(Parse), answer) })
	b.Run("dump", func(b *testing.B) { readertest.Ratio(b, readertest.Of(ParseDump), dump) })
}

// The answer has a line of thirty characters for each app: only a dump is large.
func TestMemory(t *testing.T) { readertest.Memory(t, readertest.Of(ParseDump), dump) }

func TestLinear(t *testing.T) {
	t.Run("answer", func(t *testing.T) {
		readertest.Linear(t, readertest.Of(Parse), readertest.Hostile(map[string]string{"nothing": "", "row": "a.b: 10\n"}, "a: 10\n", "10\n", "Idle=", "Error: ", "SecurityExceptio", ": "))
	})
	t.Run("dump", func(t *testing.T) {
		readertest.Linear(t, readertest.Of(ParseDump), readertest.Hostile(map[string]string{"nothing": "", "row": "User 0 App Standby States:\n  package=a.b "}, "package=a bucket=10\n", "bucket=1 ", "User 0 App Standby States:\n", "user=1\n", "package="))
	})
}
