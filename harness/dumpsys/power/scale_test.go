package power

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/ringproof/ringproof/harness/internal/readertest"
)

// generated is a dump with as many wake locks and states of uids as the size asks
// for: on a phone those two lists are what grows.
func generated(size int) []byte {
	head, _, _ := strings.Cut(dump28, "Wake Locks: size=2\n")
	n, i := max(0, size-len(dump28))/600, 0 // a quarter of the text is wake locks
	locks := readertest.Text(len(head)+n*155, head+fmt.Sprintf("Wake Locks: size=%d\n", n), func(int) string {
		i++
		return fmt.Sprintf("  PARTIAL_WAKE_LOCK              '*job*/com.example.app%d/.SyncService' ACQ=-1s664ms LONG (uid=10%03d pid=%d pkg=com.example.app%d ws=WorkSource{10322 com.example.app%d})\n", i%97, i%900, i, i%97, i%97)
	}, "\nUID states (changing=false changed=false):\n")
	in := readertest.Text(size, string(locks), func(i int) string { return fmt.Sprintf("  UID 10%03d: INACTIVE  count=0 state=20\n", i%900) }, tail28)
	return bytes.Replace(in, fmt.Appendf(nil, "size=%d\n", n), fmt.Appendf(nil, "size=%d\n", i), 1)
}

const tail28 = "\nDisplay Power: state=DOZE\n  mIsPowered=false\n"

func BenchmarkRatio(b *testing.B) { readertest.Ratio(b, readertest.Of(Parse), generated) }

func TestMemory(t *testing.T) { readertest.Memory(t, readertest.Of(Parse), generated) }

func TestGenerated(t *testing.T) {
	in := generated(100 << 10)
	f, err := Parse(in)
	w := f.WakeLocks.Or(nil)
	if err != nil || len(w) < 100 || w[7].Tag != "*job*/com.example.app8/.SyncService" || f.DisplayPower.String() != "DOZE" || len(in) > 110<<10 || len(in) < 90<<10 {
		t.Errorf("%d bytes, %d wake locks, %v", len(in), len(w), err)
	}
}

func TestLinear(t *testing.T) {
	readertest.Linear(t, readertest.Of(Parse), readertest.Hostile(map[string]string{
		"nothing": "",
		"locks":   "Wake Locks: size=99999999\n",
		"lock":    "Wake Locks: size=99999999\n  PARTIAL_WAKE_LOCK '",
	}, "  PARTIAL_WAKE_LOCK 'a' ACQ=-1s (uid=1 pid=1)\n", " ACQ=", "' ", "Wake Locks: size=1\n", "mWakefulness=", "uid="))
}
