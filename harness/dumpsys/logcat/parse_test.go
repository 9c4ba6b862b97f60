package logcat

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/ringproof/ringproof/harness/dumpsys/text"
	"github.com/ringproof/ringproof/harness/internal/captures"
	"github.com/ringproof/ringproof/harness/internal/grammar"
	"github.com/ringproof/ringproof/harness/internal/readertest"
)

var berlin = time.FixedZone("", 7200)

// Every form of -v, and lines that are none.
func TestForms(t *testing.T) {
	clock := Clock{Year: 2026, Zone: berlin}
	at := time.Date(2026, 6, 6, 9, 25, 28, 545e6, berlin)
	for _, c := range []struct {
		name, in string
		want     Line
	}{
		{"threadtime", "06-06 09:25:28.545  3983  4093 D ViewRootImpl: update {(0,0)} ty=: x",
			Line{Kind: Message, Time: at, PID: 3983, TID: 4093, Prio: Debug, Tag: "ViewRootImpl", Msg: "update {(0,0)} ty=: x"}},
		{"threadtime, padded tag", "06-06 09:25:28.545   202   202 I auditd  :     /system/x",
			Line{Kind: Message, Time: at, PID: 202, TID: 202, Prio: Info, Tag: "auditd", Msg: "    /system/x"}},
		{"threadtime, empty tag", "06-06 09:25:28.545   202   202 I         : x",
			Line{Kind: Message, Time: at, PID: 202, TID: 202, Prio: Info, Msg: "x"}},
		{"threadtime, tag with a slash, no message", "06-06 09:25:28.545   202   202 I NetworkMonitor/102: ",
			Line{Kind: Message, Time: at, PID: 202, TID: 202, Prio: Info, Tag: "NetworkMonitor/102"}},
		{"threadtime uid", "06-06 09:25:28.545 10123  3983  4093 W A: b",
			Line{Kind: Message, Time: at, UID: "10123", PID: 3983, TID: 4093, Prio: Warn, Tag: "A", Msg: "b"}},
		{"threadtime uid by name", "06-06 09:25:28.545 system  3983  4093 W A: b",
			Line{Kind: Message, Time: at, UID: "system", PID: 3983, TID: 4093, Prio: Warn, Tag: "A", Msg: "b"}},
		{"year and zone", "2025-06-06 09:25:28.545678 +0530  3983  4093 E A: b",
			Line{Kind: Message, Time: time.Date(2025, 6, 6, 3, 55, 28, 545678e3, time.UTC), Exact: true, PID: 3983, TID: 4093, Prio: Error, Tag: "A", Msg: "b"}},
		{"year without zone", "2025-06-06 09:25:28.545  3983  4093 E A: b",
			Line{Kind: Message, Time: time.Date(2025, 6, 6, 9, 25, 28, 545e6, berlin), PID: 3983, TID: 4093, Prio: Error, Tag: "A", Msg: "b"}},
		{"UTC", "2025-06-06 09:25:28.545 +0000  3983  4093 E A: b",
			Line{Kind: Message, Time: time.Date(2025, 6, 6, 9, 25, 28, 545e6, time.UTC), Exact: true, PID: 3983, TID: 4093, Prio: Error, Tag: "A", Msg: "b"}},
		{"epoch", "         1700000000.123  3983  4093 F libc    : Fatal signal 11",
			Line{Kind: Message, Time: time.Unix(1700000000, 123e6), Exact: true, PID: 3983, TID: 4093, Prio: Fatal, Tag: "libc", Msg: "Fatal signal 11"}},
		{"time", "06-06 09:25:28.545 I/Telecom ( 3062): : Locale change",
			Line{Kind: Message, Time: at, PID: 3062, Prio: Info, Tag: "Telecom", Msg: ": Locale change"}},
		{"brief", "I/ActivityManager(  832): Changes in ProcessRecord{1 2): x}",
			Line{Kind: Message, PID: 832, Prio: Info, Tag: "ActivityManager", Msg: "Changes in ProcessRecord{1 2): x}"}},
		{"brief, tag with parentheses", "D/A (b): c(  7): d",
			Line{Kind: Message, PID: 7, Prio: Debug, Tag: "A (b): c", Msg: "d"}},
		{"Android Studio", "2026-06-06 09:25:28.545 11844-11951 NotificationManager     jp.co.itec.denwa                     I  jp.co: notify(1",
			Line{Kind: Message, Time: at, PID: 11844, TID: 11951, Prio: Info, Tag: "NotificationManager", Msg: "jp.co: notify(1"}},
		{"time uid", "06-06 09:25:28.545 I/Telecom ( 1000: 3062): x",
			Line{Kind: Message, Time: at, UID: "1000", PID: 3062, Prio: Info, Tag: "Telecom", Msg: "x"}},
		{"brief uid by name", "I/Telecom (radio: 3062): x",
			Line{Kind: Message, UID: "radio", PID: 3062, Prio: Info, Tag: "Telecom", Msg: "x"}},
		{"process", "W( 3062) a (b) c  (Telecom)", Line{Kind: Message, PID: 3062, Prio: Warn, Tag: "Telecom", Msg: "a (b) c"}},
		{"process uid", "W( 1000: 3062) a  (Telecom)", Line{Kind: Message, UID: "1000", PID: 3062, Prio: Warn, Tag: "Telecom", Msg: "a"}},
		{"thread", "W( 3062: 4093) a (b) c", Line{Kind: Message, PID: 3062, TID: 4093, Prio: Warn, Msg: "a (b) c"}},
		{"thread uid", "W( 1000: 3062: 4093) a", Line{Kind: Message, UID: "1000", PID: 3062, TID: 4093, Prio: Warn, Msg: "a"}},
		{"tag", "D/Telecom : a: b", Line{Kind: Message, Prio: Debug, Tag: "Telecom", Msg: "a: b"}},
		{"tag, no message", "D/Telecom : ", Line{Kind: Message, Prio: Debug, Tag: "Telecom"}},
		{"colour", "\x1b[38;5;40m06-06 09:25:28.545  3983  4093 I A: b\x1b[0m",
			Line{Kind: Message, Time: at, PID: 3983, TID: 4093, Prio: Info, Tag: "A", Msg: "b"}},
		{"nsec", "06-06 09:25:28.545678901  3983  4093 I A: b",
			Line{Kind: Message, Time: time.Date(2026, 6, 6, 9, 25, 28, 545678901, berlin), PID: 3983, TID: 4093, Prio: Info, Tag: "A", Msg: "b"}},
		{"a message on an end", "06-06 09:25:28.545  3983  4093 I A: b: Unexpected EOF!",
			Line{Kind: Message, Time: at, PID: 3983, TID: 4093, Prio: Info, Tag: "A", Msg: "b: Unexpected EOF!"}},
		{"raw", "W(x) a", Line{Kind: Other, Msg: "W(x) a"}},
		{"buffer", "--------- beginning of crash", Line{Kind: Buffer, Msg: "crash"}},
		{"switch", "--------- switch to main", Line{Kind: Buffer, Msg: "main"}},
		{"lost", "read: unexpected EOF!", Line{Kind: Lost, Msg: "read: unexpected EOF!"}},
		{"lost, newer", "logcat: Unexpected EOF!", Line{Kind: Lost, Msg: "logcat: Unexpected EOF!"}},
		{"waiting", "- waiting for device -", Line{Kind: Other, Msg: "- waiting for device -"}},
		{"no time that exists", "13-06 09:25:28.545  1  2 D A: b", Line{Kind: Other, Msg: "13-06 09:25:28.545  1  2 D A: b"}},
		{"a priority that does not exist", "06-06 09:25:28.545  1  2 X A: b", Line{Kind: Other, Msg: "06-06 09:25:28.545  1  2 X A: b"}},
		{"only a time", "06-06 09:25:28.545 ", Line{Kind: Other, Msg: "06-06 09:25:28.545 "}},
	} {
		got := clock.Parse(c.in)
		same := got.Time.Equal(c.want.Time)
		got.Time, c.want.Time = time.Time{}, time.Time{}
		if got != c.want || !same {
			t.Errorf("%s: got %+v (same time: %v)\nwant %+v", c.name, got, same, c.want)
		}
	}
}

func TestDropped(t *testing.T) {
	for in, want := range map[string]int{
		"I/chatty(  1): uid=1000(system) Binder_E expire 10 lines": 10,
		"I/chatty(  1): uid=10012(u0_a12) x identical 1 line":      1,
		"I/chatty(  1): hello": 0,
		"I/other(  1): uid=1000(system) Binder_E expire 10 lines": 0,
		"I/chatty(  1): expire ten lines":                         0,
	} {
		if got := (Clock{}).Parse(in).Dropped(); got != want {
			t.Errorf("%q: %d, want %d", in, got, want)
		}
	}
}

const long = "--------- beginning of main\r\n[ 06-06 09:25:28.545  3983: 4093 D/View [x] ]\r\nfirst\r\n--------- beginning of nothing\r\n\r\n" +
	"[ 06-06 09:25:29.545 10123: 3983: 4094 I/ ]\r\nsecond\r\n\r\n"

// A message of -v long may hold blank lines; only a header or a mark of logcat
// itself ends it.
func TestScannerLongBlank(t *testing.T) {
	s := NewScanner(strings.NewReader("[ 06-06 09:25:28.545  3983: 4093 D/A ]\na\n\nb\n\n--------- switch to main\n[ 06-06 09:25:28.545  3983: 4093 D/B ]\nc\n\n"), Clock{})
	got := ""
	for s.Scan() {
		got += fmt.Sprintf("%s %s %s;", s.Line().Kind, s.Line().Tag, s.Line().Msg)
	}
	if want := "message A a;message A b;buffer  main;message B c;"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestScannerOnly(t *testing.T) {
	s := NewScanner(strings.NewReader("--------- beginning of main\nI/A(  1): b\nI/B(  1): c\nread: unexpected EOF!\nI/C(  1): d\n"), Clock{}).Only("C", "B")
	got := ""
	for s.Scan() {
		got += fmt.Sprintf("%d %s %s;", s.Line().N, s.Line().Tag, s.Line().Msg)
	}
	if want := "3 B c;5 C d;"; got != want || !s.Log() {
		t.Errorf("%s, want %s; a log: %v", got, want, s.Log())
	}
}

func TestScannerLong(t *testing.T) {
	s := NewScanner(iotest.OneByteReader(strings.NewReader(long)), Clock{Year: 2026})
	var got []string
	for s.Scan() {
		l := s.Line()
		got = append(got, fmt.Sprintf("%d %s %d %d %s %q %q %q %v", l.N, l.Kind, l.PID, l.TID, l.Prio, l.Tag, l.Msg, l.UID, l.Time.Second()))
	}
	want := []string{
		`1 buffer 0 0  "" "main" "" 0`,
		`3 message 3983 4093 D "View [x]" "first" "" 28`,
		`4 message 3983 4093 D "View [x]" "--------- beginning of nothing" "" 28`,
		`7 message 3983 4094 I "" "second" "10123" 29`,
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") || s.Err() != nil {
		t.Errorf("got %s\nwant %s\nerror %v", strings.Join(got, "\n"), strings.Join(want, "\n"), s.Err())
	}
}

// endless is a stream of lines that are far too long.
type endless struct{ n int }

func (e *endless) Read(p []byte) (int, error) {
	if e.n <= 0 {
		return 0, io.EOF
	}
	for i := range p {
		p[i] = 'x'
	}
	e.n -= len(p)
	return len(p), nil
}

func TestScannerBounds(t *testing.T) {
	s := NewScanner(io.MultiReader(&endless{10 << 20}, strings.NewReader("\nI/A(  1): b")), Clock{})
	if !s.Scan() || len(s.Line().Msg) > maxLine {
		t.Fatalf("a long line was not cut: %d bytes", len(s.Line().Msg))
	}
	if !s.Scan() || s.Line().Msg != "b" || s.Line().N != 2 {
		t.Fatalf("the line behind it: %+v", s.Line())
	}
	if s.Scan() || s.Err() != nil {
		t.Fatalf("error at the end: %v", s.Err())
	}
	s = NewScanner(iotest.ErrReader(io.ErrUnexpectedEOF), Clock{})
	if s.Scan() || s.Err() != io.ErrUnexpectedEOF {
		t.Fatalf("a lost stream: %v", s.Err())
	}
}

func TestParse(t *testing.T) {
	f, err := Parse([]byte("I/A(  1): b\nread: unexpected EOF!\nI/A(  1): c\n"), Clock{})
	if err != nil || len(f.Lines.Or(nil)) != 3 || f.Lost.String() != "true" || f.Lost.Line() != 2 {
		t.Errorf("%+v, %v", f, err)
	}
	for _, in := range []string{"", "hello\n"} {
		if f, err := Parse([]byte(in), Clock{}); !text.IsProblem(err) || f.Lines.Known() || f.Lost.Known() {
			t.Errorf("%q: %+v, %v", in, f, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	seeds := []string{long, "06-06 09:25:28.545  3983  4093 D A: b\nI/A(  1): b\n1.123 1 2 D\n2026-06-06 09:25:28.545 1-2 a b I c\n"}
	for _, r := range grammars() {
		if r.Mark == grammar.Composed {
			seeds = append(seeds, r.Text)
		}
	}
	for _, s := range seeds {
		for _, b := range readertest.Damaged(s) {
			f.Add(b)
		}
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		readertest.Check(t, readertest.Of(parse), in)
		facts, _ := parse(in)
		all, lines := facts.Lines.Or(nil), 1+bytes.Count(text.Normalise(in), []byte{'\n'})
		s := NewScanner(bytes.NewReader(text.Normalise(in)), Clock{Year: 2026})
		for last := 0; s.Scan(); last = s.Line().N {
			l := s.Line()
			if l.N <= last || l.N > lines {
				t.Fatalf("line %d after line %d of %d", l.N, last, lines)
			}
			if len(all) == 0 {
				continue // no log
			}
			// The stream and the saved log are the same lines.
			if len(l.Msg) < maxLine/2 && !reflect.DeepEqual(l, all[0]) {
				t.Fatalf("stream: %+v\nsaved: %+v", l, all[0])
			}
			all = all[1:]
		}
		if len(all) > 0 {
			t.Fatalf("the stream ends before %+v", all[0])
		}
	})
}

// What a person sees in the real logs: lines by kind, and one of them.
func TestCorpus(t *testing.T) {
	dir := captures.Dir(t)
	for _, c := range []struct {
		name                     string
		messages, buffers, other int
		line, pid, tid           int
		prio                     Priority
		tag, begin, at           string
	}{
		{"logcat/001-a14-threadtime-fatal-exception.txt", 68, 2, 0, 2, 15565, 15565, Error, "AndroidRuntime", "FATAL EXCEPTION: main", "06-06 02:13:51.011"},
		{"logcat/003-a14-threadtime-telecom-lines-only.txt", 32, 0, 0, 4, 3062, 6198, Info, "Telecom", "MotoCallsManager: Sending phone-account", "06-06 10:18:50.443"},
		{"logcat/004-a14-time-format-headset-statemachine.txt", 76, 0, 0, 1, 3077, 0, Debug, "PowerManagerService", "nativeAcquireSuspendBlocker", "05-27 03:35:10.896"},
		{"logcat/005-a13-brief-format.txt", 119, 1, 0, 2, 832, 0, Info, "ActivityManager", "Changes in ProcessRecord", "01-01 00:00:00.000"},
		{"logcat/006-a13-threadtime-beginning-of-events.txt", 118, 2, 0, 5, 202, 202, Info, "auditd", "    /system_ext/etc", "12-09 06:01:35.559"},
		{"logcat/007-a9plus-mixed-dates-mtk.txt", 179, 2, 0, 2, 799, 799, Fatal, "libc", "page record for 0xf740b02c", "01-15 09:48:58.085"},
		{"logcat/009-samsung-call-notification-category-call.txt", 51, 0, 0, 51, 1434, 3458, Warn, "InputManager-JNI", "Input channel object", "04-16 08:53:24.708"},
		{"logcat/010-fixture-anr-in.txt", 13, 0, 0, 2, 100, 101, Error, "ActivityManager", "ANR in com.app.anr (com.app.anr/.MainActivity)", "10-16 10:00:00.100"},
		{"logcat/011-fixture-androidruntime-crash.txt", 22, 0, 0, 22, 2000, 2000, Warn, "lowmemorykiller", "Killing", "10-13 16:27:11.000"},
		{"logcat/012-fixture-multiple-crashes.txt", 8, 0, 0, 1, 12345, 12345, Error, "AndroidRuntime", "FATAL EXCEPTION: main", "10-13 16:27:10.123"},
		{"logcat/014-fixture-device-events.txt", 8, 0, 0, 5, 1073, 4158, Debug, "NetworkMonitor/102", "PROBE_HTTPS https://www", "10-20 11:40:12.016"},
		{"logcat/015-a13-samsung-notify-category-call-studio-format.txt", 2, 0, 0, 1, 11844, 11951, Info, "NotificationManager", "jp.co.itec.denwa: notify(1, null", "06-16 13:43:31.489"},
		{"logcat/019-a15plus-samsung-notify-fsi-textual-flags.txt", 3, 0, 0, 2, 9826, 0, Info, "NotificationManager", "com.example.capstone_patient: notify(", "01-01 00:00:00.000"},
		{"telecom-logcat/020-logcat-moto-a14-sim-phoneaccount.txt", 11, 0, 0, 1, 3062, 0, Info, "Telecom", ": registerPhoneAccount: account=[[ ]", "06-05 02:08:59.383"},
		{"telecom-logcat/038-logcat-mtk-tecno-incoming.txt", 4, 0, 0, 2, 1237, 1237, Info, "Telecom-Call", "CallerInfo received", "06-30 18:58:53.095"},
		{"telecom-logcat/042-logcat-nougat-outgoing-verbose.txt", 5, 0, 0, 1, 1029, 6422, Verbose, "Telecom", "com.android.server.telecom.CallsManager: onSuccessful", "07-10 14:50:15.135"},
		{"trust/001-a14-moto-logcat-trust-keyguard-lines.txt", 21, 0, 0, 2, 3062, 3062, Debug, "TrustManagerService", "refreshDeviceLockedForUser(userId=-1", "06-06 09:28:32.731"},
	} {
		b, err := os.ReadFile(filepath.Join(dir, c.name))
		if err != nil {
			t.Fatal(err)
		}
		f, err := Parse(b, Clock{Year: 1})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		var n [4]int
		var l Line
		for _, x := range f.Lines.Or(nil) {
			n[x.Kind]++
			if x.N == c.line {
				l = x
			}
		}
		if n[Message] != c.messages || n[Buffer] != c.buffers || n[Other] != c.other || n[Lost] != 0 || l.PID != c.pid || l.TID != c.tid ||
			l.Prio != c.prio || l.Tag != c.tag || !strings.HasPrefix(l.Msg, c.begin) || l.Time.Format("01-02 15:04:05.000") != c.at {
			t.Errorf("%s: kinds %v, line %d = %+v", c.name, n, c.line, l)
		}
	}
}
