package text

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestNormalise(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"nothing to do", "a\nb", "a\nb"},
		{"mark", "\xef\xbb\xbfa", "a"},
		{"CRLF", "a\r\nb\r\n", "a\nb\n"},
		{"CRCRLF", "a\r\r\nb\r", "a\nb"},
		{"CR within", "a\rb\n", "a\rb\n"},
		{"UTF-16 little", "\xff\xfea\x00\xe9\x00\r\x00\n\x00", "aé\n"},
		{"UTF-16 big", "\xfe\xff\x00a\x00\n", "a\n"},
		{"UTF-16 without mark", "a\x00b\x00c\x00\n\x00", "abc\n"},
		{"UTF-16 big without mark", "\x00a\x00b\x00c", "abc"},
		{"UTF-16 pair", "\xff\xfe\x3d\xd8\x34\xdd", "\U0001F534"},
		{"UTF-16 half a pair", "\xff\xfe\x3d\xd8a\x00", "\uFFFDa"},
		{"UTF-16 half at the end", "\xff\xfea\x00\x3d\xd8", "a\uFFFD"},
		{"invalid", "a\xff\xfeb", "a\uFFFDb"},
		{"found lines", "  a\n>   b\n\n    c\n>\n>  d", "a\n  b\n\n  c\n\n d"},
		{"quoted words", "> a\nb\n", "> a\nb\n"},
		{"zeros in UTF-8", "abcdefgh\x00ij", "abcdefgh\x00ij"},
	} {
		in := []byte(c.in)
		if got := string(Normalise(in)); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		if string(in) != c.in {
			t.Errorf("%s: the input was changed", c.name)
		}
	}
}

func TestLines(t *testing.T) {
	s := NewLines([]byte("a \n\t b\n\nlast"), 7)
	var got []string
	for s.Next() {
		l := s.Line()
		got = append(got, fmt.Sprintf("%d %d %q %q %v", l.N, l.Indent, l.Raw, l.Text(), l.Blank()))
		if p, ok := s.Peek(); ok && p.N != l.N+1 {
			t.Errorf("Peek after line %d gives line %d", l.N, p.N)
		}
	}
	want := []string{`7 0 "a" "a" false`, `8 2 "\t b" "b" false`, `9 0 "" "" true`, `10 0 "last" "last" false`}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got %q\nwant %q", got, want)
	}
	if _, ok := s.Peek(); ok {
		t.Error("a line behind the last")
	}
}

const rule = "-------------------------------------------------------------------------------\n"

func TestOpen(t *testing.T) {
	several := "Currently running services:\n  telecom\n" + rule + "DUMP OF SERVICE HIGH power:\nPOWER\n--------- 0.002s was the duration of dumpsys power, ending at: 2022-03-29 23:14:26\n" +
		rule + "DUMP OF SERVICE CRITICAL telecom:\nCallsManager:\n---------- not the end\n  mCalls:\n--------- 0.123s was the duration of dumpsys telecom, ending at: x\n" + rule + "DUMP OF SERVICE trust:\nTRUST\n"
	for _, c := range []struct {
		name, in, service, body string
		first                   int
		kind                    Kind
		line                    int
	}{
		{"plain", "CallsManager:\n", "telecom", "CallsManager:\n", 1, "", 0},
		{"a frame's words within a dump", "CallsManager:\n" + rule + "DUMP OF SERVICE telecom:\nx\n", "telecom", "CallsManager:\n" + rule + "DUMP OF SERVICE telecom:\nx\n", 1, "", 0},
		{"among several", several, "telecom", "CallsManager:\n---------- not the end\n  mCalls:\n", 9, "", 0},
		{"the last of several", several, "trust", "TRUST\n", 15, "", 0},
		{"none of several", several, "audio", "", 1, NotADump, 0},
		{"empty", " \r\n\t\n", "telecom", "", 1, Empty, 0},
		{"no service", "\nCan't find service: telecom\n", "telecom", "", 1, NoService, 2},
		{"no service for cmd", "cmd: Can't find service: appops\n", "appops", "", 1, NoService, 1},
		{"no service for cmd, far down", "a\nb\nc\ncmd: Can't find service: appops\n", "appops", "a\nb\nc\ncmd: Can't find service: appops\n", 1, "", 0},
		{"a service that cmd cannot call", "cmd: Failure calling service appops: Broken pipe (32)\n", "appops", "", 1, NotADump, 1},
		{"denied", "Permission Denial: can't dump audio from from pid=1, uid=2 due to missing android.permission.DUMP permission\n", "audio", "", 1, Denied, 1},
		{"failed", "Failed to dump service audio: x\n", "audio", "", 1, NotADump, 1},
		{"refusal far down is content", "a\nb\nc\nd\nCan't find service: telecom\n", "telecom", "a\nb\nc\nd\nCan't find service: telecom\n", 1, "", 0},
		{"time out", "a\nb\n*** SERVICE 'telecom' DUMP TIMEOUT (10000ms) EXPIRED ***\n\n", "telecom", "a\nb\n", 1, Timeout, 3},
		{"time out of another", "a\n*** SERVICE 'audio' DUMP TIMEOUT (10000ms) EXPIRED ***\n", "telecom", "a\n*** SERVICE 'audio' DUMP TIMEOUT (10000ms) EXPIRED ***\n", 1, "", 0},
		{"time out within a line", "a *** SERVICE 'telecom' DUMP TIMEOUT (10000ms) EXPIRED ***\n", "telecom", "a *** SERVICE 'telecom' DUMP TIMEOUT (10000ms) EXPIRED ***\n", 1, "", 0},
	} {
		body, p := Open([]byte(c.in), c.service)
		if string(body.Text) != c.body || body.First != c.first {
			t.Errorf("%s: body %q from line %d", c.name, body.Text, body.First)
		}
		switch {
		case c.kind == "" && p != nil, c.kind != "" && (p == nil || p.Kind != c.kind || p.Line != c.line):
			t.Errorf("%s: problem %+v, want %s at line %d", c.name, p, c.kind, c.line)
		}
	}
}

func TestProblem(t *testing.T) {
	err := fmt.Errorf("snapshot: %w", (&Problem{Kind: Truncated, Service: "telecom", Line: 3, Msg: "cut"}).Err())
	if !IsProblem(err) || !errors.Is(err, &Problem{Kind: Truncated}) || errors.Is(err, &Problem{Kind: Empty}) {
		t.Errorf("%v", err)
	}
	if want := "snapshot: read dump of telecom: truncated at line 3: cut"; err.Error() != want {
		t.Errorf("%q, want %q", err, want)
	}
	if IsProblem(errors.New("lost transport")) || IsProblem(nil) || (*Problem)(nil).Err() != nil {
		t.Error("something else is a problem")
	}
}

func TestFields(t *testing.T) {
	line := Line{N: 4, Raw: []byte("mUiMode=NORMALmOther=true mA=false, mB=1) x=-12(34) mHidden==true flag=10")}
	if v := BoolFact(line, "mA="); v.String() != "false" || v.Line() != 4 {
		t.Errorf("mA = %v", v)
	}
	for key, want := range map[string]string{"mB=": "true", "mHidden=": "true", "Other=": "unknown", "flag=": "unknown", "mC=": "unknown"} {
		if v := BoolFact(line, key); v.String() != want {
			t.Errorf("%s%v, want %s", key, v, want)
		}
	}
	if v := IntFact(line, "x="); v.String() != "-12" {
		t.Errorf("x = %v", v)
	}
	if v := IntFact(line, "mA="); v.Known() {
		t.Errorf("mA = %v as a number", v)
	}
	if v := WordFact(line, "mA="); v.String() != "false" {
		t.Errorf("mA = %q", v)
	}
	if _, ok := Int([]byte("99999999999999999999")); ok {
		t.Error("a number that is too large")
	}
}

func TestUID(t *testing.T) {
	for in, want := range map[string][2]int{
		"1000": {1000, 0}, "u0a322": {10322, 0}, "u10a1": {1010001, 10}, "u0i45": {99045, 0}, "u0a306i1": {99001, 0}, "u0s1000": {1000, 0}, "1010234": {1010234, 10},
	} {
		if uid, user, ok := UID(in); !ok || uid != want[0] || user != want[1] {
			t.Errorf("UID(%q) = %d, %d, %v", in, uid, user, ok)
		}
	}
	for _, in := range []string{"", "u", "u0", "u0x1", "ua1", "-5", "x", "u0a", "u0a1i", "u99999a1", "u0a9999999"} {
		if uid, _, ok := UID(in); ok {
			t.Errorf("UID(%q) = %d", in, uid)
		}
	}
}

func FuzzOpen(f *testing.F) {
	f.Add([]byte(rule+"DUMP OF SERVICE telecom:\nx\n---------"), "telecom")
	f.Add([]byte("\xff\xfea\x00"), "")
	f.Fuzz(func(t *testing.T, in []byte, service string) {
		body, _ := Open(in, service)
		n := body.First
		for s := body.Lines(); s.Next(); n++ {
			if s.Line().N != n {
				t.Fatalf("line %d counts as %d", n, s.Line().N)
			}
		}
		UID(string(in))
	})
}
