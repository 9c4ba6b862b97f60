package logcat

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/ringproof/ringproof/harness/internal/readertest"
)

func parse(b []byte) (Facts, error) { return Parse(b, Clock{Year: 2026}) }

// generated is a log in the form of threadtime: what a phone writes while an
// app starts, with messages that repeat themselves and others that never do.
func generated(size int) []byte {
	return readertest.Text(size, "--------- beginning of main\n", func(i int) string {
		at := func(ms int) string {
			ms += i * 40
			return fmt.Sprintf("06-06 %02d:%02d:%02d.%03d", 9+ms/3600000%12, ms/60000%60, ms/1000%60, ms%1000)
		}
		return fmt.Sprintf("%s  1434  1520 I ActivityManager: Start proc %d:com.example.app%d/u0a%d for service {com.example.app%d/com.example.app.SyncService}\n"+
			"%s  1434  2251 D WifiHAL : Creating message to get link statistics; iface = %d\n"+
			"%s %5d %5d W System.err: \tat android.os.Handler.dispatchMessage(Handler.java:106)\n"+
			"%s  3062  3062 I Telecom : InCallController: getting userHandle for package %d: TSI.gDDP(cgad)@A%d\n"+
			"%s   702   702 I thermal-engine: SS-BAT: battery temperature %d.%d C, skin %d, no action is needed at this level of throttling\n",
			at(0), 4000+i, i%40, i%300, i%40, at(3), i%3, at(5), 4000+i%2000, 4000+i%2000, at(9), i, i, at(11), i%41, i%10, i)
	}, "")
}

func BenchmarkRatio(b *testing.B) { readertest.Ratio(b, readertest.Of(parse), generated) }

func TestGenerated(t *testing.T) {
	f, err := parse(generated(100 << 10))
	all := f.Lines.Or(nil)
	if err != nil || len(all) < 800 || all[6].Tag != "ActivityManager" || all[len(all)-1].Tag != "thermal-engine" {
		t.Errorf("%d lines, %v", len(all), err)
	}
	for _, l := range all[1:] {
		if l.Kind != Message || l.PID == 0 || l.Time.IsZero() {
			t.Fatalf("%+v", l)
		}
	}
}

func TestLinear(t *testing.T) {
	readertest.Linear(t, readertest.Of(parse), readertest.Hostile(map[string]string{
		"nothing":    "",
		"threadtime": "06-06 09:25:28.545  3983  4093 D ",
		"brief":      "I/A(  1): b\nI/",
		"long":       "[ 06-06 09:25:28.545  1: 2 D/A ]\nx\n\n[ 06-06 09:25:28.545  1: 2 D/",
		"paren":      "I(  1) b\nI(",
	}, "):", "(1", "I/A(", "  (", "06-06 09:25:28.545  3983  4093 D A: b\n", "--------- beginning of main\n", "\x1b[38;5;1m", "[ 06-06 09:25:28.545  1: 2 D/A ]\n", "read: unexpected EOF!\n", "1-"))
}

// records is a stream of n whole records, made while it is read.
type records struct {
	record, rest []byte
	n            int
}

func (r *records) Read(p []byte) (int, error) {
	if len(r.rest) == 0 {
		if r.n == 0 {
			return 0, io.EOF
		}
		r.rest, r.n = r.record, r.n-1
	}
	k := copy(p, r.rest)
	r.rest = r.rest[k:]
	return k, nil
}

// A stream takes the same memory whatever its length. Tags are an app's: that
// each line has another one must not count either.
func TestScannerMemory(t *testing.T) {
	many := &strings.Builder{}
	for i := range 20000 {
		fmt.Fprintf(many, "06-06 09:25:28.545  3983  4093 D Tag%d: message %d %s\n", i, i, strings.Repeat("x", 200))
	}
	for name, record := range map[string][]byte{"log": generated(1 << 20), "tags": []byte(many.String())} {
		held := func(n int) uint64 {
			s := NewScanner(&records{record: record, n: n}, Clock{})
			lines, most := 0, uint64(0)
			var m runtime.MemStats
			for s.Scan() {
				if lines++; lines%50000 == 0 {
					runtime.GC()
					runtime.ReadMemStats(&m)
					most = max(most, m.HeapAlloc)
				}
			}
			if s.Err() != nil || lines < n*5000 {
				t.Fatalf("%s: %d lines, %v", name, lines, s.Err())
			}
			return most
		}
		short, long := held(10), held(100)
		t.Logf("%s: 10 MB hold %d kB, 100 MB hold %d kB", name, short>>10, long>>10)
		if long > short+(1<<20) {
			t.Errorf("%s: ten times the stream holds %d kB in place of %d kB", name, long>>10, short>>10)
		}
	}
}

func BenchmarkScanner(b *testing.B) {
	in := generated(1 << 20)
	for name, only := range map[string][]string{"all": nil, "one tag": {"Telecom"}} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(in)))
			b.ReportAllocs()
			for b.Loop() {
				s := NewScanner(strings.NewReader(string(in)), Clock{})
				for s.Only(only...); s.Scan(); {
				}
			}
		})
	}
}
