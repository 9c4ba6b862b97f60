package grammar

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func says(want string) func(testing.TB, []byte) {
	return func(t testing.TB, b []byte) {
		if !bytes.Contains(b, []byte(want)) {
			t.Fatalf("%q is not in %q", want, b)
		}
	}
}

func TestCheckRunsARow(t *testing.T) {
	ran := 0
	Check(t, []Row{{From: 24, To: 37, Mark: Composed, Text: "focus", Unsure: "nothing", Check: func(t testing.TB, b []byte) {
		ran++
		says("focus")(t, b)
	}}})
	if ran != 2 { // the second time with an empty text
		t.Errorf("the check ran %d times", ran)
	}
}

// Each way in which a table can be worth less than it looks.
func TestFaults(t *testing.T) {
	ok := Row{From: First, To: Last, Mark: Composed, Text: "x", Check: says("x")}
	with := func(change func(*Row)) []Row {
		r := ok
		change(&r)
		return []Row{ok, r}
	}
	hole := ok
	hole.To = 30
	rest := ok
	rest.From = 33
	for name, c := range map[string]struct {
		rows []Row
		want string
	}{
		"hole":                    {[]Row{hole, rest}, "no row has the grammar of API 31;no row has the grammar of API 32"},
		"no mark":                 {with(func(r *Row) { r.Mark = "" }), "row 1_API26-36: it does not say whether its text was captured or composed"},
		"no check":                {with(func(r *Row) { r.Check = nil }), "row 1_API26-36: it states no facts"},
		"captured without file":   {with(func(r *Row) { r.Mark = Captured }), "row 1_API26-36: a captured row names a file of the corpus and holds no text"},
		"composed without text":   {with(func(r *Row) { r.Text = "" }), "row 1_API26-36: a composed row holds its text and names no file"},
		"releases in wrong order": {with(func(r *Row) { r.To = 25; r.Maker = "vivo" }), "row 1_API26-25_vivo: it has no releases"},
		"whole":                   {[]Row{ok}, ""},
	} {
		if d := cmp.Diff(c.want, strings.Join(faults(c.rows), ";")); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

func TestIdle(t *testing.T) {
	for name, c := range map[string]struct {
		check func(testing.TB, []byte)
		want  bool
	}{
		"nothing":  {func(testing.TB, []byte) {}, true},
		"error":    {func(t testing.TB, _ []byte) { t.Error("x") }, false},
		"fatal":    {func(t testing.TB, _ []byte) { t.Fatalf("x"); panic("Fatalf came back") }, false},
		"too far":  {func(_ testing.TB, b []byte) { _ = b[0] }, false},
		"a fact":   {says("x"), false},
		"no facts": {says(""), true},
	} {
		if got := idle(t, c.check); got != c.want {
			t.Errorf("%s: idle is %v", name, got)
		}
	}
}
