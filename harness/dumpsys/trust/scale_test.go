package trust

import (
	"fmt"
	"testing"

	"github.com/ringproof/ringproof/harness/internal/readertest"
)

// record is one user with an agent and its events.
func record(i int) string {
	s := fmt.Sprintf(" User \"Owner %d\" (id=%d, flags=0x13): trusted=0, trustManaged=0, deviceLocked=1, strongAuthRequired=0x0\n   Enabled agents:\n    com.google.android.gms/.auth.trustagent.GoogleTrustAgent%d\n     bound=1, connected=1, managingTrust=0, trusted=0\n   Events:\n", i, i+1, i)
	for j := range 20 {
		s += fmt.Sprintf("    #%d  11-22 21:04:%02d.123 TrustTimeout: agent=com.google.android.gms/.auth.trustagent.GoogleTrustAgent\n", j, j)
	}
	return s
}

func generated(size int) []byte { return readertest.Text(size, dump34, record, "") }

func BenchmarkRatio(b *testing.B) { readertest.Ratio(b, readertest.Of(Parse), generated) }

func TestMemory(t *testing.T) { readertest.Memory(t, readertest.Of(Parse), generated) }

func TestLinear(t *testing.T) {
	readertest.Linear(t, readertest.Of(Parse), readertest.Hostile(map[string]string{
		"nothing": "", "state": "Trust manager state:\n", "user": "Trust manager state:\n User \"", "agents": "Trust manager state:\n User \"a\" (id=0) (current): deviceLocked=0\n   Enabled agents:\n",
	}, "\" (id=", " User \"a\" (id=0): trusted=0, deviceLocked=1\n", "(current)", "deviceLocked=", "a/b\n", "Enabled agents:\n"))
}
