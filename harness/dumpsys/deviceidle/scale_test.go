package deviceidle

import (
	"fmt"
	"testing"

	"github.com/ringproof/ringproof/harness/internal/readertest"
)

const end = "  mLightEnabled=true  mDeepEnabled=true\n  mForceIdle=false\n  mScreenOn=true\n  mScreenLocked=false\n  mNetworkConnected=true\n  mCharging=true\n  mState=ACTIVE mLightState=ACTIVE\n  mInactiveTimeout=+30m0s0ms\n"

// generated has long lists of ids: all that can grow in this dump.
func generated(size int) []byte {
	head := "  Settings:\n    light_after_inactive_to=+4m0s0ms\n  Whitelist user apps:\n"
	for i := range 200 {
		head += fmt.Sprintf("    org.example.application%d\n", i)
	}
	return readertest.Text(size, head+"  Whitelist all app ids:\n", func(i int) string { return fmt.Sprintf("    %d\n", 10000+i) }, end)
}

func BenchmarkRatio(b *testing.B) { readertest.Ratio(b, readertest.Of(Parse), generated) }

func TestMemory(t *testing.T) { readertest.Memory(t, readertest.Of(Parse), generated) }

func TestLinear(t *testing.T) {
	readertest.Linear(t, readertest.Of(Parse), readertest.Hostile(map[string]string{"nothing": "", "settings": "  Settings:\n", "list": "  Settings:\n  Whitelist user apps:\n    "},
		"a.b\n", "mState=", "  mState=A\n", "Whitelist user apps:\n", "UID=1: +1s - x\n", "xmState=", "mLightState="))
}
