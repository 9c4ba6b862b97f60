package uiautomator

import (
	"bytes"
	"encoding/binary"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

// markup reads the little XML that Android's serialiser writes, and forgives
// what it gets wrong: characters and references outside XML 1.0, surrogate
// pairs written as two references. A general decoder refuses those, and takes
// a hundred times as long as the lines take to be found.
type markup struct {
	rest  []byte // behind the last tag
	line  int    // of rest's begin
	flat  bool   // no line ends in rest
	attrs []attribute
	// alike says that the tag has the attributes of the one before, name for
	// name; changed are the places of those with another value.
	alike   bool
	changed []int
	count   int // of the attributes of the last begin of an element
}

// attribute is one of a tag. The tags of a dump repeat their attributes in the
// same order and most of the values, so those of the tag before tell what comes.
type attribute struct {
	whole []byte // name="value" with the blanks before it, empty without a value
	name  []byte
	value []byte // as written, with its references
	means meaning
}

// tag is one <element>, </element> or <element/>.
type tag struct {
	name       []byte
	line       int // of the "<"
	end, empty bool
}

// next moves to the next tag. What stands between tags says nothing in such a
// dump. ok is false at the end; cut says that it came within a tag.
func (m *markup) next() (t tag, ok, cut bool) {
	for {
		i := bytes.IndexByte(m.rest, '<')
		if i < 0 {
			return tag{}, false, false
		}
		m.skip(i)
		t.line = m.line
		switch {
		case len(m.rest) > 1 && m.rest[1] != '?' && m.rest[1] != '!':
			m.skip(1)
			ok = m.tag(&t)
			return t, ok, !ok
		case bytes.HasPrefix(m.rest, []byte("<?")):
			ok = m.skipPast("?>")
		case bytes.HasPrefix(m.rest, []byte("<!--")):
			ok = m.skipPast("-->")
		case bytes.HasPrefix(m.rest, []byte("<![CDATA[")):
			ok = m.skipPast("]]>")
		case bytes.HasPrefix(m.rest, []byte("<!")):
			ok = m.skipPast(">")
		default:
			m.skip(1)
			ok = m.tag(&t)
			return t, ok, !ok
		}
		if !ok {
			return tag{}, false, true
		}
	}
}

func (m *markup) skip(n int) {
	if !m.flat {
		m.line += bytes.Count(m.rest[:n], []byte{'\n'})
	}
	m.rest = m.rest[n:]
}

func (m *markup) skipPast(end string) bool {
	i := bytes.Index(m.rest, []byte(end))
	if i < 0 {
		m.skip(len(m.rest))
		return false
	}
	m.skip(i + len(end))
	return true
}

// tag reads a tag from behind its "<" and reports whether it is whole.
func (m *markup) tag(t *tag) bool {
	b := m.rest
	if t.end = len(b) > 0 && b[0] == '/'; t.end {
		b = b[1:]
	}
	t.name, b = name(b)
	before := m.attrs[:cap(m.attrs)]
	m.attrs, m.changed, m.alike = m.attrs[:0], m.changed[:0], true
	for {
		n := len(m.attrs)
		for n < len(before) && before[n].begins(b) {
			b = b[len(before[n].whole):]
			n++
		}
		if n > len(m.attrs) {
			m.attrs = before[:n]
		}
		begin := b
		for len(b) > 0 && blank(b[0]) {
			b = b[1:]
		}
		if len(b) == 0 {
			m.skip(len(m.rest))
			return false
		}
		switch b[0] {
		case '>':
			m.skip(len(m.rest) - len(b) + 1)
			m.alike = m.alike && len(m.attrs) == m.count
			switch {
			case !t.end:
				m.count = len(m.attrs)
			case len(m.attrs) > 0: // an end has none: what comes is like nothing
				m.count = -1
			}
			return true
		case '/':
			t.empty = len(b) > 1 && b[1] == '>'
			b = b[1:]
			continue
		}
		var a attribute
		if n < len(before) && before[n].names(b) {
			a.name, a.means = before[n].name, before[n].means
			b = b[len(a.name):]
			m.changed = append(m.changed, n)
		} else {
			m.alike = false
			if a.name, b = name(b); len(a.name) > 0 {
				a.means = meant(a.name)
			}
		}
		if len(b) > 1 && b[0] == '=' && (b[1] == '"' || b[1] == '\'') {
			end := bytes.IndexByte(b[2:], b[1])
			if end < 0 {
				m.skip(len(m.rest))
				return false
			}
			a.value, b = b[2:2+end], b[2+end+1:]
			a.whole = begin[:len(begin)-len(b)]
		} else if len(a.name) == 0 {
			b = b[1:] // no name can begin here
			continue
		}
		if len(m.attrs) < mostAttributes {
			m.attrs = append(m.attrs, a)
		}
	}
}

// mostAttributes bounds tags from outside; real ones stay below 40.
const mostAttributes = 1000

// begins reports whether b begins with the whole attribute and more.
func (a *attribute) begins(b []byte) bool {
	n := len(a.whole)
	return n > 0 && n < len(b) && b[n-1] == a.whole[n-1] && string(b[:n]) == string(a.whole)
}

// names reports whether b begins with the attribute's name and a value.
func (a *attribute) names(b []byte) bool {
	n := len(a.name)
	return n > 0 && n < len(b) && b[n] == '=' && string(b[:n]) == string(a.name)
}

// name splits a name off b.
func name(b []byte) (n, rest []byte) {
	for i, c := range b {
		if c > '>' || c == '-' {
			continue // nearly all
		}
		if blank(c) || c == '=' || c == '>' || c == '/' || c == '<' || c == '"' || c == '\'' {
			return b[:i], b[i:]
		}
	}
	return b, nil
}

func blank(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

// attr is the value of an attribute, nil without it.
func (m *markup) attr(name string) []byte {
	for _, a := range m.attrs {
		if string(a.name) == name {
			return a.value
		}
	}
	return nil
}

// unescaped is a value with its references resolved. Values repeat on every node,
// so they share one copy.
func unescaped(v []byte, words *text.Words) string {
	if len(v) == 0 {
		return ""
	}
	rest := v
	for len(rest) >= 8 && clean(binary.LittleEndian.Uint64(rest)) {
		rest = rest[8:]
	}
	for _, c := range rest {
		if c == '&' || c < 0x20 || c >= 0xef { // U+FFFE and U+FFFF begin with 0xef
			return resolve(v)
		}
	}
	return words.Word(v)
}

// clean reports whether eight bytes are ASCII without an ampersand and without
// controls. A yes is certain, a no has to be looked at.
func clean(x uint64) bool {
	const ones, high = 0x0101010101010101, 0x8080808080808080
	amp := x ^ ones*'&'
	return (x|(x-ones*0x20)|(amp-ones))&high == 0
}

// named are the references of XML itself.
var named = [...]struct {
	reference string
	r         byte
}{{"&amp;", '&'}, {"&quot;", '"'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&apos;", '\''}}

func resolve(v []byte) string {
	var room [256]byte // a text that fits is copied once
	out := room[:0]
next:
	for len(v) > 0 {
		if c := v[0]; c != '&' && c >= 0x20 && c < utf8.RuneSelf {
			out, v = append(out, c), v[1:]
			continue
		}
		if v[0] == '&' {
			for _, e := range named {
				if bytes.HasPrefix(v, []byte(e.reference)) {
					out, v = append(out, e.r), v[len(e.reference):]
					continue next
				}
			}
			if r, n := reference(v); n > 0 {
				if utf16.IsSurrogate(r) {
					low, m := reference(v[n:])
					if both := utf16.DecodeRune(r, low); m > 0 && both != utf8.RuneError {
						r, n = both, n+m
					}
				}
				out, v = appendLegal(out, r), v[n:]
				continue
			}
		}
		r, n := utf8.DecodeRune(v)
		out, v = appendLegal(out, r), v[n:]
	}
	return string(out)
}

// reference reads a numeric character reference at the begin of b.
func reference(b []byte) (r rune, n int) {
	if len(b) < 4 || b[0] != '&' || b[1] != '#' {
		return 0, 0
	}
	end := bytes.IndexByte(b[:min(len(b), 12)], ';')
	if end < 0 {
		return 0, 0
	}
	digits, base := string(b[2:end]), 10
	if digits != "" && (digits[0] == 'x' || digits[0] == 'X') {
		digits, base = digits[1:], 16
	}
	v, err := strconv.ParseUint(digits, base, 32)
	if err != nil || v > utf8.MaxRune {
		return 0, 0
	}
	return rune(v), end + 1
}

func appendLegal(out []byte, r rune) []byte {
	if !legal(r) {
		r = utf8.RuneError
	}
	return utf8.AppendRune(out, r)
}

// legal is the character range of XML 1.0.
func legal(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0xd7ff || r >= 0xe000 && r <= 0xfffd || r >= 0x10000 && r <= 0x10ffff
}
