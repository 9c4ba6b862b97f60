package profile

import (
	"reflect"
	"strings"
)

// shapes and types put the decoder's words into a reader's.
var shapes = map[string]string{
	"!!str": "the text", "!!int": "the number", "!!float": "the number", "!!bool": "the truth value",
	"!!map": "a mapping", "!!seq": "a list", "!!null": "nothing",
}

func wanted(goType string) string {
	switch {
	case goType == "bool":
		return "true or false"
	case goType == "int":
		return "a whole number"
	case goType == "time.Duration":
		return `a duration such as "10s" or "500ms"`
	case goType == "string":
		return "a text"
	case strings.HasPrefix(goType, "[]"):
		return "a list"
	case strings.HasPrefix(goType, "profile."), strings.HasPrefix(goType, "*profile."):
		return "a mapping with " + strings.Join(keysOf(strings.TrimPrefix(goType, "*")), ", ")
	default:
		return goType
	}
}

// keysOf lists the keys of one of this package's types, by the name that the
// decoder prints ("profile.Screens"), in their documented order.
func keysOf(goType string) []string {
	t := find(reflect.TypeFor[Profile](), goType)
	if t == nil {
		return nil
	}
	var out []string
	for i := range t.NumField() {
		out = append(out, t.Field(i).Tag.Get("yaml"))
	}
	return out
}

func find(t reflect.Type, name string) reflect.Type {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice:
		return find(t.Elem(), name)
	case reflect.Struct:
		if t.String() == name {
			return t
		}
		for i := range t.NumField() {
			if f := find(t.Field(i).Type, name); f != nil {
				return f
			}
		}
	}
	return nil
}
