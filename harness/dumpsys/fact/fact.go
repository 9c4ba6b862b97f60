// Package fact has the one shape of everything that a reader found in a
// phone's text: a typed value with the line it was read from, or Unknown.
//
// A missing field is unknown, never false or empty: fields move between
// releases and makers leave them out. The package knows no service and no
// format.
package fact

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Value is something a phone said, or Unknown. The zero Value is Unknown.
type Value[T any] struct {
	v    T
	line int32 // a dump has ten thousands of values: room counts
	ok   bool
}

// Of is a known value read from the given 1-based line. Line 0 says that the
// value rests on the shape of the whole text rather than on one line.
func Of[T any](v T, line int) Value[T] { return Value[T]{v: v, line: int32(line), ok: true} }

// Unknown is a value that the text did not tell.
func Unknown[T any]() Value[T] { return Value[T]{} }

// Get returns the value and whether it is known.
func (v Value[T]) Get() (T, bool) { return v.v, v.ok }

// Known reports whether the phone told the value.
func (v Value[T]) Known() bool { return v.ok }

// Or returns the value, or def when it is unknown.
func (v Value[T]) Or(def T) T {
	if v.ok {
		return v.v
	}
	return def
}

// Line is the 1-based line the value was read from, 0 if none.
func (v Value[T]) Line() int { return int(v.line) }

// Any returns the value without its type, nil when it is unknown.
func (v Value[T]) Any() any {
	if !v.ok {
		return nil
	}
	return v.v
}

// String prints the value, or "unknown".
func (v Value[T]) String() string {
	if !v.ok {
		return "unknown"
	}
	return fmt.Sprint(v.v)
}

// MarshalJSON writes the bare value, and null for Unknown.
func (v Value[T]) MarshalJSON() ([]byte, error) {
	if !v.ok {
		return []byte("null"), nil
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v.v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// Is reports whether v is known and equals want.
func Is[T comparable](v Value[T], want T) bool { return v.ok && v.v == want }

// Explained is implemented by every Value; tools that show where a fact came
// from find its value and its line through it.
type Explained interface {
	Known() bool
	Line() int
	// Any is the value, nil when it is unknown.
	Any() any
}

var _ Explained = Value[int]{}
