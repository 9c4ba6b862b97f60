package fact_test

import (
	"encoding/json"
	"testing"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
)

// Unknown is no value at all: not false, not zero, not empty, and in JSON null.
func TestUnknownIsNotTheZeroValue(t *testing.T) {
	var unknown fact.Value[bool]
	if unknown.Known() || fact.Is(unknown, false) || fact.Is(unknown, true) || unknown.String() != "unknown" {
		t.Errorf("the zero Value is %v", unknown)
	}
	if !unknown.Or(true) {
		t.Error("Or forgets its default")
	}
	known := fact.Of(false, 12)
	if v, ok := known.Get(); v || !ok || known.Line() != 12 || !fact.Is(known, false) || known.Or(true) {
		t.Errorf("a known false is %v", known)
	}
}

func TestJSON(t *testing.T) {
	b, err := json.Marshal(struct {
		Unknown fact.Value[[]string]
		Empty   fact.Value[[]string]
		Text    fact.Value[string]
		Number  fact.Value[int]
	}{Empty: fact.Of([]string{}, 1), Text: fact.Of("a <b> & c", 2), Number: fact.Of(0, 3)})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(b), `{"Unknown":null,"Empty":[],"Text":"a \u003cb\u003e \u0026 c","Number":0}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// A tool that walks over facts gets at the value without knowing its type.
func TestExplained(t *testing.T) {
	for _, c := range []struct {
		name  string
		v     fact.Explained
		known bool
		line  int
		any   any
	}{
		{"a number", fact.Of(7, 3), true, 3, 7},
		{"a known zero", fact.Of(0, 4), true, 4, 0},
		{"a known empty text, of the whole text", fact.Of("", 0), true, 0, ""},
		{"unknown", fact.Unknown[string](), false, 0, nil},
	} {
		if c.v.Known() != c.known || c.v.Line() != c.line || c.v.Any() != c.any {
			t.Errorf("%s: known %t, line %d, value %#v", c.name, c.v.Known(), c.v.Line(), c.v.Any())
		}
	}
}
