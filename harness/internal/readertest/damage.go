package readertest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

// Damaged are the forms in which a text reaches a reader when people and tools
// had it in their hands: as it is, cut, with other line ends, in other
// encodings, with broken characters, shifted, redirected twice.
func Damaged(s string) map[string][]byte {
	all := map[string][]byte{
		"whole":    []byte(s),
		"CRLF":     []byte(strings.ReplaceAll(s, "\n", "\r\n")),
		"CRCRLF":   []byte(strings.ReplaceAll(s, "\n", "\r\r\n")),
		"BOM":      []byte("\xef\xbb\xbf" + s),
		"UTF-16LE": encode16(s, false),
		"UTF-16BE": encode16(s, true),
		"mojibake": []byte(strings.NewReplacer("\"", "\xef\xbf\xbd?", "'", "\xff", ")", "\xe5)", "e", "\xc3\xa9").Replace(s)),
		"shifted":  []byte("  " + strings.ReplaceAll(s, "\n", "\n  ")),
		"flat":     []byte(strings.NewReplacer("\n  ", "\n", "\n    ", "\n").Replace(s)),
		"one line": []byte(strings.ReplaceAll(s, "\n", " ")),
		"all ends": []byte(strings.ReplaceAll(s, " ", "\n")),
		"doubled":  []byte(s + s),
		"no final": []byte(strings.TrimRight(s, "\n")),
	}
	for i := 1; i < 8; i++ {
		all[fmt.Sprintf("cut at %d of 8", i)] = []byte(s[:len(s)*i/8])
		all[fmt.Sprintf("from %d of 8", i)] = []byte(s[len(s)*i/8:])
	}
	return all
}

func encode16(s string, big bool) []byte {
	b := []byte{0xff, 0xfe}
	if big {
		b = []byte{0xfe, 0xff}
	}
	for _, u := range utf16.Encode([]rune(s)) {
		if big {
			b = append(b, byte(u>>8), byte(u))
		} else {
			b = append(b, byte(u), byte(u>>8))
		}
	}
	return b
}

// Fuzz seeds a target with every damaged form of the texts and runs Check over
// whatever the fuzzer makes of them.
func Fuzz(f *testing.F, parse Parse, texts ...string) {
	for _, s := range texts {
		for _, b := range Damaged(s) {
			f.Add(b)
		}
	}
	f.Fuzz(func(t *testing.T, in []byte) { Check(t, parse, in) })
}

// Check holds of any input: no panic, an error only of the one kind, every line
// number within the text, the same facts when asked again, an input that is
// left alone, facts that can be printed, and a time that the size explains.
func Check(t testing.TB, parse Parse, in []byte) {
	t.Helper()
	kept := bytes.Clone(in)
	start := spent()
	facts, err := parse(in)
	took := spent() - start
	if limit := 2*time.Second + time.Duration(len(in))*20*time.Microsecond; took > limit {
		t.Fatalf("%d bytes take %v of processor time", len(in), took)
	}
	if !bytes.Equal(in, kept) {
		t.Fatal("the input was changed")
	}
	var p *text.Problem
	if err != nil && !errors.As(err, &p) {
		t.Fatalf("the error is no Problem: %v", err)
	}
	lines := 1 + bytes.Count(text.Normalise(in), []byte{'\n'})
	if p != nil && (p.Line < 0 || p.Line > lines) {
		t.Fatalf("the problem stands at line %d of %d", p.Line, lines)
	}
	if path, line := outside(reflect.ValueOf(facts), "facts", lines); path != "" {
		t.Fatalf("%s stands at line %d of %d", path, line, lines)
	}
	again, err2 := parse(in)
	if !reflect.DeepEqual(facts, again) || fmt.Sprint(err) != fmt.Sprint(err2) {
		t.Fatal("the same text gives other facts when it is read again")
	}
	if _, err := json.Marshal(facts); err != nil {
		t.Fatalf("the facts cannot be printed: %v", err)
	}
}

// outside finds a line number that the text does not have, and where. A field
// Line of a record must be a line; a fact's may be 0, the whole text.
func outside(v reflect.Value, path string, lines int) (string, int) {
	if !v.IsValid() {
		return "", 0
	}
	if v.CanInterface() {
		if e, ok := v.Interface().(fact.Explained); ok {
			if e.Line() < 0 || e.Line() > lines || !e.Known() && e.Line() != 0 {
				return path, e.Line()
			}
			return outside(reflect.ValueOf(e.Any()), path, lines)
		}
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		return outside(v.Elem(), path, lines)
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			if p, n := outside(v.Index(i), path, lines); p != "" {
				return fmt.Sprintf("%s[%d]", p, i), n
			}
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			if p, n := outside(v.MapIndex(k), path, lines); p != "" {
				return p, n
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			field := v.Type().Field(i)
			if !field.IsExported() {
				continue // a way back up a tree
			}
			if field.Name == "Line" && field.Type.Kind() == reflect.Int {
				if n := int(v.Field(i).Int()); n < 1 || n > lines {
					return path + ".Line", n
				}
				continue
			}
			if p, n := outside(v.Field(i), path+"."+field.Name, lines); p != "" {
				return p, n
			}
		}
	}
	return "", 0
}
