package inspect

import (
	"bytes"
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
)

// shape is what a node is to whoever prints it.
type shape int

const (
	unknown shape = iota
	scalar        // one value
	list          // of anything
	record        // named fields, in the order of the type
	table         // named by the phone: a Go map, by name
)

// node is one value with the line that it came from.
type node struct {
	shape shape
	// line is 1-based. 0: the fact rests on the shape of the whole text.
	line int
	// text is a scalar's JSON, words what a person reads.
	text  []byte
	words string
	names []string // of a record's or a table's kids
	kids  []node
	// flat lists hold scalars only: they are one fact, not many.
	flat bool
}

var (
	explained     = reflect.TypeFor[fact.Explained]()
	textMarshaler = reflect.TypeFor[encoding.TextMarshaler]()
	jsonMarshaler = reflect.TypeFor[json.Marshaler]()
)

// isScalar reports whether values of t print as one value.
func isScalar(t reflect.Type) bool {
	if t.Implements(explained) {
		return false
	}
	if t.Implements(textMarshaler) || t.Implements(jsonMarshaler) {
		return true
	}
	switch t.Kind() {
	case reflect.Struct, reflect.Map, reflect.Pointer, reflect.Interface:
		return false
	case reflect.Slice:
		return t.Elem() == reflect.TypeFor[byte]()
	case reflect.Array:
		return false
	default:
		return true
	}
}

// take takes v apart. line is where the value around it came from.
func take(v reflect.Value, line int) (node, error) {
	if !v.IsValid() {
		return node{line: line}, nil
	}
	t := v.Type()
	if t.Implements(explained) {
		e, ok := v.Interface().(fact.Explained)
		if !ok || !e.Known() {
			return node{}, nil
		}
		return take(reflect.ValueOf(e.Any()), e.Line())
	}
	if isScalar(t) {
		return takeScalar(v, line)
	}
	switch t.Kind() {
	case reflect.Pointer, reflect.Interface:
		return take(v.Elem(), line) // nothing, for nil
	case reflect.Struct:
		n := node{shape: record, line: recordLine(v, line)}
		return n, n.fields(v)
	case reflect.Slice, reflect.Array:
		n := node{shape: list, line: line, flat: isScalar(t.Elem())}
		for i := range v.Len() {
			kid, err := take(v.Index(i), line)
			if err != nil {
				return n, fmt.Errorf("[%d]: %w", i, err)
			}
			n.kids = append(n.kids, kid)
		}
		return n, nil
	default:
		return takeMap(v, line)
	}
}

func takeScalar(v reflect.Value, line int) (node, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v.Interface()); err != nil {
		return node{}, fmt.Errorf("%s has no JSON: %w", v.Type(), err)
	}
	n := node{shape: scalar, line: line, text: bytes.TrimRight(b.Bytes(), "\n")}
	if v.Kind() == reflect.String && !v.Type().Implements(jsonMarshaler) {
		n.words = strconv.Quote(v.String())
	} else {
		n.words = fmt.Sprint(v.Interface())
	}
	return n, nil
}

func takeMap(v reflect.Value, line int) (node, error) {
	n := node{shape: table, line: line}
	for it := v.MapRange(); it.Next(); {
		n.names = append(n.names, fmt.Sprint(it.Key().Interface()))
	}
	slices.Sort(n.names)
	byName := map[string]reflect.Value{}
	for it := v.MapRange(); it.Next(); {
		byName[fmt.Sprint(it.Key().Interface())] = it.Value()
	}
	for _, name := range n.names {
		kid, err := take(byName[name], line)
		if err != nil {
			return n, fmt.Errorf("[%q]: %w", name, err)
		}
		n.kids = append(n.kids, kid)
	}
	return n, nil
}

// recordLine is the record's own line, if it has one: the field that prints as
// line.
func recordLine(v reflect.Value, line int) int {
	for _, f := range fieldsOf(v.Type()) {
		if f.name != "line" || f.typ.Kind() != reflect.Int {
			continue
		}
		if n := v.FieldByIndex(f.index).Int(); n > 0 {
			return int(n)
		}
	}
	return line
}

// fields adds the fields of a struct, with those of embedded ones in place.
func (n *node) fields(v reflect.Value) error {
	for _, f := range fieldsOf(v.Type()) {
		value := v.FieldByIndex(f.index)
		if f.omitEmpty && empty(value) || f.omitZero && value.IsZero() {
			continue
		}
		kid, err := take(value, n.line)
		if err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
		n.names = append(n.names, f.name)
		n.kids = append(n.kids, kid)
	}
	return nil
}

// field is one field as encoding/json sees it.
type field struct {
	name                string
	typ                 reflect.Type
	index               []int
	omitEmpty, omitZero bool
}

func fieldsOf(t reflect.Type) []field {
	var out []field
	for _, sf := range reflect.VisibleFields(t) {
		name, options, _ := strings.Cut(sf.Tag.Get("json"), ",")
		switch {
		case name == "-", !sf.IsExported():
			continue
		case sf.Anonymous && name == "":
			continue // its fields come by themselves
		case len(sf.Index) > 1 && !embedded(t, sf.Index):
			continue // in a field with a name, or behind a pointer
		case name == "":
			name = sf.Name
		}
		out = append(out, field{
			name: name, typ: sf.Type, index: sf.Index,
			omitEmpty: strings.Contains(options, "omitempty"), omitZero: strings.Contains(options, "omitzero"),
		})
	}
	return out
}

// embedded reports whether the field is reached through embedded structs that
// have no JSON name.
func embedded(t reflect.Type, index []int) bool {
	for _, i := range index[:len(index)-1] {
		f := t.Field(i)
		if f.Type.Kind() != reflect.Struct || f.Tag.Get("json") != "" {
			return false
		}
		t = f.Type
	}
	return true
}

// empty is what encoding/json calls empty.
func empty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Array, reflect.Map, reflect.Slice, reflect.String:
		return v.Len() == 0
	case reflect.Struct:
		return false
	default:
		return v.IsZero()
	}
}

// json appends the node's JSON.
func (n node) json(b []byte) []byte {
	switch n.shape {
	case scalar:
		return append(b, n.text...)
	case list:
		b = append(b, '[')
		for i, k := range n.kids {
			if i > 0 {
				b = append(b, ',')
			}
			b = k.json(b)
		}
		return append(b, ']')
	case record, table:
		b = append(b, '{')
		for i, k := range n.kids {
			if i > 0 {
				b = append(b, ',')
			}
			name, err := json.Marshal(n.names[i])
			if err != nil { // a string always has JSON
				name = []byte(`""`)
			}
			b = append(append(b, name...), ':')
			b = k.json(b)
		}
		return append(b, '}')
	default:
		return append(b, "null"...)
	}
}
