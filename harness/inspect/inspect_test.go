package inspect

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

// The types below have every shape that readers use.

type word string

type bits uint

func (b bits) MarshalText() ([]byte, error) { return []byte("A|B"), nil }
func (b bits) String() string               { return "A|B" }

type handle struct {
	Name string `json:"name"`
	Note string `json:"note,omitempty"`
}

type item struct {
	handle
	Who   fact.Value[handle] `json:"who"`
	Plain int                `json:"plain"`
	Tags  []string           `json:"tags"`
	Kids  []*item            `json:"kids,omitempty"`
	Line  int                `json:"line"`

	hidden *item
}

type everything struct {
	Items   fact.Value[[]item]          `json:"items"`
	None    fact.Value[[]item]          `json:"none"`
	State   fact.Value[word]            `json:"state"`
	Bits    fact.Value[bits]            `json:"bits"`
	Whole   fact.Value[bool]            `json:"whole"`
	Ages    fact.Value[map[string]int]  `json:"ages"`
	Took    time.Duration               `json:"took"`
	Deep    struct{ A fact.Value[int] } `json:"deep"`
	Missing []string                    `json:"missing,omitempty"`
	Skipped int                         `json:"-"`
	private int
}

func sample() everything {
	child := &item{handle: handle{Name: "child"}, Line: 5}
	child.hidden = child // a way back up must not be walked
	return everything{
		Items: fact.Of([]item{
			{handle: handle{Name: "first <1>"}, Who: fact.Of(handle{Name: "x", Note: "y"}, 4), Tags: []string{"a", "b"}, Line: 3, Kids: []*item{child}},
			{handle: handle{Name: "lineless"}},
		}, 2),
		None:    fact.Of([]item(nil), 6),
		State:   fact.Of(word("ON"), 7),
		Bits:    fact.Of(bits(3), 8),
		Whole:   fact.Of(false, 0),
		Ages:    fact.Of(map[string]int{"b c": 2, "a": 1}, 9),
		Took:    1500 * time.Millisecond,
		Skipped: 1, private: 2,
	}
}

func take1(t *testing.T, v any) Facts {
	t.Helper()
	f, err := Of(v)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestRowsOfEveryShape(t *testing.T) {
	want := []Row{
		{"items", "2 of them", 2, true},
		{"items[0].name", `"first <1>"`, 3, true}, // embedded, at the record's own line
		{"items[0].who.name", `"x"`, 4, true},     // the fact's line, not the record's
		{"items[0].who.note", `"y"`, 4, true},
		{"items[0].plain", "0", 3, true},
		{"items[0].tags", `["a" "b"]`, 3, true}, // one fact
		{"items[0].kids", "1 of them", 3, true},
		{"items[0].kids[0].name", `"child"`, 5, true},
		{"items[0].kids[0].who", "", 0, false},
		{"items[0].kids[0].plain", "0", 5, true},
		{"items[0].kids[0].tags", "[]", 5, true},
		{"items[1].name", `"lineless"`, 2, true}, // no line of its own: the list's
		{"items[1].who", "", 0, false},
		{"items[1].plain", "0", 2, true},
		{"items[1].tags", "[]", 2, true},
		{"none", "[]", 6, true}, // known to be empty
		{"state", `"ON"`, 7, true},
		{"bits", "A|B", 8, true},
		{"whole", "false", 0, true},
		{"ages", "2 of them", 9, true},
		{`ages["a"]`, "1", 9, true},
		{`ages["b c"]`, "2", 9, true},
		{"took", "1.5s", 0, true},
		{"deep.A", "", 0, false},
	}
	if d := cmp.Diff(want, take1(t, sample()).Rows()); d != "" {
		t.Error(d)
	}
}

// The JSON is that of encoding/json, but a list is never null.
func TestJSON(t *testing.T) {
	const want = `{"items":[{"name":"first <1>","who":{"name":"x","note":"y"},"plain":0,"tags":["a","b"],` +
		`"kids":[{"name":"child","who":null,"plain":0,"tags":[],"line":5}],"line":3},` +
		`{"name":"lineless","who":null,"plain":0,"tags":[],"line":0}],"none":[],"state":"ON","bits":"A|B","whole":false,` +
		`"ages":{"a":1,"b c":2},"took":1500000000,"deep":{"A":null}}`
	got, err := take1(t, sample()).MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, string(got)); d != "" {
		t.Error(d)
	}
	std, err := json.Marshal(sample())
	if err != nil {
		t.Fatal(err)
	}
	std = []byte(strings.NewReplacer(`"tags":null`, `"tags":[]`, `"none":null`, `"none":[]`, `\u003c`, "<", `\u003e`, ">").Replace(string(std)))
	if d := cmp.Diff(string(std), string(got)); d != "" {
		t.Errorf("encoding/json differs: %s", d)
	}
}

// A type without JSON is named, not left out.
func TestNoJSON(t *testing.T) {
	_, err := Of(struct {
		Inner struct{ Bad chan int } `json:"inner"`
	}{})
	if err == nil || !strings.Contains(err.Error(), "inner: Bad") {
		t.Errorf("got %v", err)
	}
}

func TestExplain(t *testing.T) {
	b := []byte("\xef\xbb\xbftitle\r\n  Items:\r\n\tfirst\t<1>\x1b[31m\r\n  " + strings.Repeat("k=v ", 40) + "who=yonder x\r\n")
	a := Answer{
		Kind: "sample", Problems: []*text.Problem{{Kind: text.Truncated, Service: "sample", Line: 4}},
		Facts: take1(t, struct {
			Items fact.Value[[]item]             `json:"items"`
			Far   fact.Value[string]             `json:"far"`
			Whole fact.Value[bool]               `json:"whole"`
			Lost  fact.Value[string]             `json:"lost"`
			Odd   fact.Value[string]             `json:"odd"`
			Long  fact.Value[string]             `json:"long"`
			Two   struct{ L, M fact.Value[int] } `json:"two"`
		}{
			Items: fact.Of([]item{{handle: handle{Name: "first"}, Line: 3, Who: fact.Of(handle{}, 3)}}, 2),
			Far:   fact.Of("yonder", 4), Whole: fact.Of(true, 0), Odd: fact.Of("o", 9),
			Long: fact.Of(strings.Repeat("z", 100), 1),
		}),
	}
	var out strings.Builder
	if err := Explain(&out, a, b); err != nil {
		t.Fatal(err)
	}
	const want = `problem: read dump of sample: truncated at line 4
items              1 of them                                            2  Items:
items[0].name      "first"                                              3  first <1> [31m
items[0].who.name  ""                                                   3  first <1> [31m
items[0].plain     0                                                    3  first <1> [31m
items[0].tags      []                                                   3  first <1> [31m
far                "yonder"                                             4  ...k=v k=v k=v k=v k=v who=yonder x
whole              true                                                 -  (the text as a whole)
odd                "o"                                                  9  (no such line)
long               "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz...  1  title
unknown:
  lost
  two.L
  two.M
`
	if d := cmp.Diff(want, out.String()); d != "" {
		t.Error(d)
	}
}

type broken struct{}

var errBroken = errors.New("pipe is closed")

func (broken) Write([]byte) (int, error) { return 0, errBroken }

func TestExplainTellsAFailedWrite(t *testing.T) {
	if err := Explain(broken{}, Answer{Kind: "x", Facts: take1(t, sample())}, nil); !errors.Is(err, errBroken) {
		t.Errorf("got %v", err)
	}
}

// The schema of every shape, typed by hand.
func TestSchemaOfEveryShape(t *testing.T) {
	b, err := json.Marshal(Schema("sample", reflect.TypeFor[everything]()))
	if err != nil {
		t.Fatal(err)
	}
	const want = `{
	  "$schema": "https://json-schema.org/draft/2020-12/schema",
	  "$id": "urn:ringproof:inspect/1:sample",
	  "title": "ringproof.inspect/1 sample",
	  "description": "In facts, null means unknown: the text did not tell. It never means false, zero or empty.",
	  "type": "object",
	  "required": ["schema", "kind", "source", "problems", "facts"],
	  "properties": {
	    "schema": {"const": "ringproof.inspect/1"},
	    "kind": {"const": "sample"},
	    "source": {"type": "string"},
	    "problems": {"type": "array", "items": {"$ref": "#/$defs/Problem"}},
	    "facts": {"$ref": "#/$defs/everything"}
	  },
	  "$defs": {
	    "Problem": {"type": "object", "required": ["kind"], "properties": {
	      "kind": {"type": "string"}, "service": {"type": "string"}, "line": {"type": "integer"}, "msg": {"type": "string"}}},
	    "everything": {"type": "object",
	      "required": ["items", "none", "state", "bits", "whole", "ages", "took", "deep"],
	      "properties": {
	        "items": {"type": ["array", "null"], "items": {"$ref": "#/$defs/item"}},
	        "none": {"type": ["array", "null"], "items": {"$ref": "#/$defs/item"}},
	        "state": {"type": ["string", "null"]},
	        "bits": {"type": ["string", "null"]},
	        "whole": {"type": ["boolean", "null"]},
	        "ages": {"anyOf": [{"type": "object", "additionalProperties": {"type": "integer"}}, {"type": "null"}]},
	        "took": {"type": "integer", "description": "nanoseconds"},
	        "deep": {"type": "object", "required": ["A"], "properties": {"A": {"type": ["integer", "null"]}}},
	        "missing": {"type": "array", "items": {"type": "string"}}}},
	    "item": {"type": "object",
	      "required": ["name", "who", "plain", "tags", "line"],
	      "properties": {
	        "name": {"type": "string"}, "note": {"type": "string"},
	        "who": {"anyOf": [{"$ref": "#/$defs/handle"}, {"type": "null"}]},
	        "plain": {"type": "integer"},
	        "tags": {"type": "array", "items": {"type": "string"}},
	        "kids": {"type": "array", "items": {"$ref": "#/$defs/item"}},
	        "line": {"type": "integer"}}},
	    "handle": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}, "note": {"type": "string"}}}
	  }
	}`
	var got, wanted any
	if err := errors.Join(json.Unmarshal(b, &got), json.Unmarshal([]byte(want), &wanted)); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(wanted, got); d != "" {
		t.Error(d)
	}
}

// A fact that is a pointer may be null for two reasons, and is said to be so once.
func TestSchemaOfPointer(t *testing.T) {
	type deep struct {
		A int `json:"a"`
	}
	b, err := json.Marshal(Schema("x", reflect.TypeFor[struct {
		P fact.Value[*deep] `json:"p"`
	}]()))
	if err != nil || !strings.Contains(string(b), `"p":{"anyOf":[{"$ref":"#/$defs/deep"},{"type":"null"}]}`) {
		t.Errorf("%s, %v", b, err)
	}
}
