package profile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/ringproof/ringproof/fixtures"
)

// Error says where a profile is wrong: one place, one clear sentence.
type Error struct {
	// File is the name that Parse or Load was given.
	File string
	// Line is 1-based; 0 if the problem has no line.
	Line int
	// Key is the way to the key, such as "screens.answer.id"; "" if the text
	// is no YAML at all.
	Key string
	// Problem is what is wrong there.
	Problem string
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Line > 0 {
		fmt.Fprintf(&b, ":%d", e.Line)
	}
	b.WriteString(": ")
	if e.Key != "" {
		b.WriteString(e.Key + ": ")
	}
	b.WriteString(e.Problem)
	return b.String()
}

// Load reads the profile in a file. An error about its content is an *Error.
func Load(path string) (*Profile, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read profile: %w", err)
	}
	return Parse(path, b)
}

// Builtin reads a profile of the project's own apps, "reference" or "guide".
func Builtin(name string) (*Profile, error) {
	b, err := fixtures.Profile(name)
	if err != nil {
		return nil, err
	}
	return Parse("built-in "+name+".yaml", b)
}

// Parse reads the profile in text; name is the file's name in messages. Its
// error is an *Error.
func Parse(name string, text []byte) (*Profile, error) {
	var doc yaml.Node
	d := yaml.NewDecoder(bytes.NewReader(text))
	if err := d.Decode(&doc); errors.Is(err, io.EOF) {
		return nil, &Error{File: name, Problem: "the file is empty: a profile starts with name and package"}
	} else if err != nil {
		return nil, syntaxError(name, err)
	}
	keys := index(&doc)
	if len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode {
		return nil, &Error{File: name, Line: max(doc.Line, 1), Problem: "a profile is a mapping of keys to values"}
	}
	if n := firstAlias(&doc); n != nil {
		return nil, &Error{File: name, Line: n.Line, Key: keys.at(n.Line), Problem: "anchors and aliases are not used in profiles: write the value out"}
	}
	var p Profile
	strict := yaml.NewDecoder(bytes.NewReader(text))
	strict.KnownFields(true)
	if err := strict.Decode(&p); err != nil {
		return nil, typeError(name, err, keys)
	}
	if err := strict.Decode(&yaml.Node{}); !errors.Is(err, io.EOF) {
		return nil, &Error{File: name, Problem: "there is a second document after ---: a profile file has one"}
	}
	if err := p.Validate(); err != nil {
		var v *ValueError
		if !errors.As(err, &v) {
			return nil, err
		}
		return nil, &Error{File: name, Line: keys.line(v.Key), Key: v.Key, Problem: v.Problem}
	}
	return &p, nil
}

// firstAlias finds an anchor or alias. They are refused because a message
// about a line would point away from where the value is used.
func firstAlias(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode || n.Anchor != "" {
		return n
	}
	for _, c := range n.Content {
		if a := firstAlias(c); a != nil {
			return a
		}
	}
	return nil
}

// keyLines maps the ways to keys to lines and back.
type keyLines struct {
	lines map[string]int
	// last is, for each line, the deepest way on it that was seen first.
	last map[int]string
}

// line is the line of a key or, if it is not there, of the nearest key above.
func (k keyLines) line(key string) int {
	for key != "" {
		if l, ok := k.lines[key]; ok {
			return l
		}
		key = key[:max(strings.LastIndexAny(key, ".["), 0)]
	}
	return 0
}

func (k keyLines) at(line int) string { return k.last[line] }

func index(doc *yaml.Node) keyLines {
	k := keyLines{lines: map[string]int{}, last: map[int]string{}}
	var walk func(n *yaml.Node, way string)
	note := func(way string, line int) {
		if _, ok := k.lines[way]; !ok {
			k.lines[way] = line
		}
		if old := k.last[line]; old == "" {
			k.last[line] = way
		}
	}
	walk = func(n *yaml.Node, way string) {
		switch n.Kind {
		case yaml.DocumentNode:
			for _, c := range n.Content {
				walk(c, way)
			}
		case yaml.MappingNode:
			for i := 0; i+1 < len(n.Content); i += 2 {
				next := strings.TrimPrefix(way+"."+n.Content[i].Value, ".")
				note(next, n.Content[i].Line)
				walk(n.Content[i+1], next)
			}
		case yaml.SequenceNode:
			for i, c := range n.Content {
				next := fmt.Sprintf("%s[%d]", way, i)
				note(next, c.Line)
				walk(c, next)
			}
		}
	}
	walk(doc, "")
	return k
}

// The texts of go.yaml.in/yaml/v3, which has no typed errors. An unknown text
// is passed on as it is.
var yamlTexts = struct{ line, unknown, twice, mismatch, early *regexp.Regexp }{
	line:    regexp.MustCompile(`(?s)^(?:yaml: )?line (\d+): (.*)$`),
	unknown: regexp.MustCompile(`(?s)^field (.*) not found in type (\S+)$`),
	twice:   regexp.MustCompile(`(?s)^mapping key "(.*)" already defined at line (\d+)$`),
	// The parser's own messages, unlike the scanner's, count lines from 0.
	early:    regexp.MustCompile(`^did not find expected (<|node content|'-' indicator|key|',' or)`),
	mismatch: regexp.MustCompile("(?s)^cannot unmarshal (\\S+)(?: `(.*)`)? into (\\S+)$"),
}

func syntaxError(name string, err error) *Error {
	e := &Error{File: name, Problem: strings.TrimPrefix(err.Error(), "yaml: ")}
	if m := yamlTexts.line.FindStringSubmatch(err.Error()); m != nil {
		e.Line, _ = strconv.Atoi(m[1])
		e.Problem = m[2]
		if yamlTexts.early.MatchString(e.Problem) {
			e.Line++
		}
	}
	e.Problem = "this is no YAML: " + e.Problem
	return e
}

func typeError(name string, err error, keys keyLines) *Error {
	var te *yaml.TypeError
	if !errors.As(err, &te) || len(te.Errors) == 0 {
		return syntaxError(name, err)
	}
	e := &Error{File: name, Problem: te.Errors[0]}
	if m := yamlTexts.line.FindStringSubmatch(te.Errors[0]); m != nil {
		e.Line, _ = strconv.Atoi(m[1])
		e.Problem = m[2]
		e.Key = keys.at(e.Line)
	}
	if m := yamlTexts.unknown.FindStringSubmatch(e.Problem); m != nil {
		e.Key = keys.named(e.Line, m[1])
		e.Problem = fmt.Sprintf("unknown key %q: the keys here are %s", m[1], strings.Join(keysOf(m[2]), ", "))
	} else if m := yamlTexts.twice.FindStringSubmatch(e.Problem); m != nil {
		e.Key = keys.named(e.Line, m[1])
		e.Problem = fmt.Sprintf("the key is given twice, first in line %s", m[2])
	} else if m := yamlTexts.mismatch.FindStringSubmatch(e.Problem); m != nil {
		got := shapes[m[1]]
		if got == "" {
			got = m[1]
		}
		if m[2] != "" {
			got += fmt.Sprintf(" %q", m[2])
		}
		e.Problem = fmt.Sprintf("wants %s, got %s", wanted(m[3]), got)
	}
	return e
}

// named is the way that ends in key and lies on the line; several keys may
// share one.
func (k keyLines) named(line int, key string) string {
	best := ""
	for way, l := range k.lines {
		if l == line && (way == key || strings.HasSuffix(way, "."+key)) && (best == "" || way < best) {
			best = way
		}
	}
	if best == "" {
		return k.at(line)
	}
	return best
}
