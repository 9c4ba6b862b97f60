package readertest

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

// lastWord is a reader that does all that it should.
func lastWord(b []byte) (any, error) {
	f := fact.Unknown[string]()
	for s := text.NewLines(text.Normalise(b), 1); s.Next(); {
		f = fact.Of(string(s.Line().Text()), s.Line().N)
	}
	if !f.Known() {
		return f, &text.Problem{Kind: text.Empty}
	}
	return f, nil
}

func TestGoodReader(t *testing.T) {
	for name, in := range Damaged("a: b\n  c=d\n") {
		t.Run(name, func(t *testing.T) { Check(t, lastWord, in) })
	}
	Linear(t, lastWord, Hostile(map[string]string{"head": "a\n"}))
}

// Each row breaks one of the promises, and Check says so.
func TestBadReaders(t *testing.T) {
	type facts struct {
		All []struct{ Line int }
	}
	reads := 0
	for name, parse := range map[string]Parse{
		"a line behind the text":    func([]byte) (any, error) { return struct{ F fact.Value[int] }{fact.Of(1, 9)}, nil },
		"a record without a line":   func([]byte) (any, error) { return facts{make([]struct{ Line int }, 1)}, nil },
		"a line deep in a value":    func([]byte) (any, error) { return fact.Of([]*struct{ Line int }{{7}}, 1), nil },
		"another error":             func([]byte) (any, error) { return nil, errors.New("lost") },
		"a problem behind the text": func([]byte) (any, error) { return nil, &text.Problem{Line: 3} },
		"other facts":               func([]byte) (any, error) { reads++; return reads, nil },
		"changes its input":         func(b []byte) (any, error) { b[0] = 'x'; return nil, nil },
	} {
		r := &recorder{TB: t}
		func() {
			defer func() { _ = recover() }()
			Check(r, parse, []byte("a\nb"))
		}()
		if !r.failed {
			t.Errorf("%s: nothing was said", name)
		}
	}
}

// recorder notes a failure in place of failing.
type recorder struct {
	testing.TB
	failed bool
}

func (r *recorder) Helper()               {}
func (r *recorder) Fatal(...any)          { r.failed = true; panic("fatal") }
func (r *recorder) Fatalf(string, ...any) { r.failed = true; panic("fatal") }

func TestText(t *testing.T) {
	b := Text(100, "head\n", func(int) string { return "record\n" }, "tail\n")
	if len(b) < 100 || len(b) > 107 || !bytes.HasPrefix(b, []byte("head\nrecord\n")) || !bytes.HasSuffix(b, []byte("record\ntail\n")) {
		t.Errorf("%q", b)
	}
	if d := Damaged("é\n"); !reflect.DeepEqual(d["UTF-16BE"], []byte{0xfe, 0xff, 0, 0xe9, 0, '\n'}) || string(d["UTF-16LE"]) != "\xff\xfe\xe9\x00\n\x00" || strings.Contains(string(d["one line"]), "\n") {
		t.Errorf("%q", d)
	}
}

// A reader that looks at all pairs of bytes is beyond what Linear lets pass.
func TestSlowReader(t *testing.T) {
	pairs := func(b []byte) (any, error) {
		n := 0
		for i := range b {
			n += bytes.Count(b[i:], []byte{'a'})
		}
		return n, nil
	}
	small, large := bytes.Repeat([]byte{'x'}, 8<<10), bytes.Repeat([]byte{'x'}, 64<<10)
	var s, l time.Duration
	for range 5 {
		s, l = fastest(s, pairs, small), fastest(l, pairs, large)
	}
	if ratio := float64(l) / float64(s); ratio < 32 {
		t.Errorf("8 times the text takes %.0f times as long", ratio)
	}
}
