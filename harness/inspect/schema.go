package inspect

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
)

// Schema is the JSON Schema (draft 2020-12) of an Answer of the given kind,
// whose reader's facts have the type facts. It says of every field whether it
// is always there and whether it may be null, which means unknown. Fields that
// it does not name are allowed: they may be added under the same Version.
func Schema(kind string, facts reflect.Type) map[string]any {
	s := schemas{defs: map[string]any{}, names: map[reflect.Type]string{}}
	root := s.record(reflect.TypeFor[Answer]())
	props, _ := root["properties"].(map[string]any)
	props["schema"] = map[string]any{"const": Version}
	props["kind"] = map[string]any{"const": kind}
	props["facts"] = s.of(facts)
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["$id"] = "urn:" + strings.ReplaceAll(Version, ".", ":") + ":" + kind
	root["title"] = Version + " " + kind
	root["description"] = "In facts, null means unknown: the text did not tell. It never means false, zero or empty."
	root["$defs"] = s.defs
	return root
}

// schemas collects the definitions of one schema.
type schemas struct {
	defs  map[string]any
	names map[reflect.Type]string
}

// of is the schema of t's values.
func (s *schemas) of(t reflect.Type) map[string]any {
	switch {
	case t.Implements(explained):
		return orNull(s.of(told(t)))
	case t == reflect.TypeFor[time.Duration]():
		return map[string]any{"type": "integer", "description": "nanoseconds"}
	case t.Implements(jsonMarshaler):
		return map[string]any{} // says nothing of itself
	case t.Implements(textMarshaler):
		return map[string]any{"type": "string"}
	}
	switch t.Kind() {
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.String:
		return map[string]any{"type": "string"}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return map[string]any{"type": "integer"}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return map[string]any{"type": "integer", "minimum": 0}
	case reflect.Float32, reflect.Float64:
		return map[string]any{"type": "number"}
	case reflect.Slice, reflect.Array:
		if isScalar(t) {
			return map[string]any{"type": "string", "contentEncoding": "base64"}
		}
		return map[string]any{"type": "array", "items": s.item(t.Elem())}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": s.of(t.Elem())}
	case reflect.Pointer:
		return orNull(s.of(t.Elem()))
	case reflect.Struct:
		if t.Name() == "" {
			return s.record(t)
		}
		return map[string]any{"$ref": "#/$defs/" + s.define(t)}
	default:
		return map[string]any{}
	}
}

// item is the schema of a list's elements: a pointer in a list is never nil.
func (s *schemas) item(t reflect.Type) map[string]any {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return s.of(t)
}

// told is the type of a fact's value.
func told(t reflect.Type) reflect.Type {
	if m, ok := t.MethodByName("Get"); ok && m.Type.NumOut() == 2 {
		return m.Type.Out(0)
	}
	return reflect.TypeFor[any]()
}

var _ = fact.Value[int].Get // told looks for it by name

// define adds the definition of a struct once, also of one that holds itself.
func (s *schemas) define(t reflect.Type) string {
	if name, ok := s.names[t]; ok {
		return name
	}
	// A generic type's name holds brackets and paths.
	plain, _, _ := strings.Cut(t.Name(), "[")
	name := plain
	for i := 2; s.defs[name] != nil; i++ {
		name = fmt.Sprintf("%s%d", plain, i)
	}
	s.names[t] = name
	s.defs[name] = map[string]any{} // takes the name while its fields are read
	s.defs[name] = s.record(t)
	return name
}

func (s *schemas) record(t reflect.Type) map[string]any {
	props := map[string]any{}
	required := []string{}
	for _, f := range fieldsOf(t) {
		props[f.name] = s.of(f.typ)
		if !f.omitEmpty && !f.omitZero {
			required = append(required, f.name)
		}
	}
	return map[string]any{"type": "object", "properties": props, "required": required}
}

// orNull also allows null.
func orNull(schema map[string]any) map[string]any {
	if t, ok := schema["type"].(string); ok && t != "object" {
		out := map[string]any{}
		for k, v := range schema {
			out[k] = v
		}
		out["type"] = []any{t, "null"}
		return out
	}
	null := map[string]any{"type": "null"}
	if of, ok := schema["anyOf"].([]any); ok && len(of) == 2 && reflect.DeepEqual(of[1], null) {
		return schema // a fact that is a pointer
	}
	return map[string]any{"anyOf": []any{schema, null}}
}
