package appops

import (
	"fmt"
	"testing"

	"github.com/ringproof/ringproof/harness/internal/readertest"
)

// uidRecord is one uid with two packages as API 34 prints them.
func uidRecord(i int) string {
	return fmt.Sprintf(`  Uid u0a%[1]d:
    state=cch
    capability=------
      POST_NOTIFICATION: mode=ignore
      READ_MEDIA_IMAGES: mode=allow
    Package org.example.app%[1]d:
      VIBRATE (allow):
        null=[
          Access: [top-s] 2026-05-04 08:00:39.429 (-10h29m22s308ms) duration=+1s185ms
        ]
      POST_NOTIFICATION (allow):
        null=[
          Access: [cch-s] 2026-05-04 14:30:12.009 (-3h59m49s728ms)
          Reject: [cch-s]2026-05-04 15:58:14.731 (-2h31m48s85ms)
        ]
      READ_CLIPBOARD (allow):
        null=[
          Access: [top-s] 2026-05-04 18:10:21.429 (-19m22s308ms)
        ]
      RUN_IN_BACKGROUND (allow):
        null=[
          Reject: [bg-s]2026-05-04 15:58:14.731 (-2h31m48s85ms)
        ]
    Package org.example.app%[1]d.other:
      WAKE_LOCK (allow):
        null=[
          Access: [pers-s] 2026-05-04 08:00:39.429 (-10h29m22s308ms) duration=+1s185ms
          Access: [top-s] 2026-05-04 18:00:39.429 (-2s0ms)
        ]
`, i%9000)
}

func opRecord(i int) string {
	return fmt.Sprintf("OP_%d: allow; time=+3d2h1m%ds0ms ago; rejectTime=+1h0m0s0ms ago; duration=+2s0ms\nRUN_ANY_%[1]d: ignore\nWAKE_LOCK_%[1]d: allow; time=+%[2]ds7ms ago\n", i%50, i%60)
}

func generated(size int) []byte {
	return readertest.Text(size, "Current AppOps Service state:\n  Settings:\n    top_state_settle_time=+5s0ms\n\n", uidRecord, "")
}

func answer(size int) []byte {
	return readertest.Text(size, "Uid mode: POST_NOTIFICATION: ignore\n", opRecord, "")
}

func BenchmarkRatio(b *testing.B) {
	b.Run("dump", func(b *testing.B) { readertest.Ratio(b, readertest.Of(ParseDump), generated) })
	b.Run("get", func(b *testing.B) { readertest.Ratio(b, readertest.Of(Parse), answer) })
}

func TestMemory(t *testing.T) {
	// The answer of the command is a few kilobytes: a line an operation.
	readertest.Memory(t, readertest.Of(ParseDump), generated)
}

func TestLinear(t *testing.T) {
	t.Run("dump", func(t *testing.T) {
		readertest.Linear(t, readertest.Of(ParseDump), readertest.Hostile(map[string]string{
			"nothing": "", "uid": "Current AppOps Service state:\n Uid u0a1:\n  ", "package": "Current AppOps Service state:\n Uid u0a1:\n  Package a:\n   ", "op": "Current AppOps Service state:\n Uid u0a1:\n  Package a:\n   CAMERA (allow):\n    Access: ",
		}, " Uid u0a1:\n", "  Package a:\n", "  CAMERA (allow):\n", "   A: mode=allow\n", "    Access: [x] y (-1s)\n", " (-", ": mode=", "Uid "))
	})
	t.Run("get", func(t *testing.T) {
		readertest.Linear(t, readertest.Of(Parse), readertest.Hostile(map[string]string{"nothing": "", "op": "CAMERA: allow; "},
			"A: allow\n", "Uid mode: A: allow\n", "A: allow; time=+1d1h ago\n", "; time=", "1h", "Error: No UID for ", " in user "))
	})
}
