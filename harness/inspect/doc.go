// Package inspect shows the facts of any reader to a person or a program: as
// JSON, as a list with the line that each fact came from, and as the JSON
// Schema that the JSON follows. All three are made from the Go types alone, so
// that a new fact needs no word here and none of them can fall behind.
//
// It knows package fact and no service: no kind, key or field of any dump may
// be named here.
package inspect

import (
	"encoding/json"
	"reflect"

	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

// Version names the shape of an Answer. The number changes when a field is
// renamed or removed or changes its type or meaning, not when one is added.
const Version = "ringproof.inspect/1"

// Answer is what one text told. Inside Facts, null is a fact that the text did
// not tell; it is never an empty list, false or zero.
type Answer struct {
	Schema string `json:"schema"`
	Kind   string `json:"kind"`
	// Source is the file that was read, "-" for standard input.
	Source   string          `json:"source"`
	Problems []*text.Problem `json:"problems"`
	Facts    Facts           `json:"facts"`
}

// Facts are a reader's facts, taken apart.
type Facts struct{ root node }

// Of takes facts apart. Only fields that encoding/json would print count. The
// error is of a value that has no JSON, which is a defect of a reader's type.
func Of(facts any) (Facts, error) {
	n, err := take(reflect.ValueOf(facts), 0)
	return Facts{n}, err
}

// MarshalJSON writes what encoding/json would write of the facts themselves,
// but a list is never null: null is for what the text did not tell.
func (f Facts) MarshalJSON() ([]byte, error) { return f.root.json(nil), nil }

var _ json.Marshaler = Facts{}
