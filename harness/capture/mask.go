package capture

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Masker hides personal data in what a phone printed and leaves everything in
// its place: a reader finds the same facts in the masked text, but for the
// values that were hidden. Equal values stay equal, within one Masker and over
// all texts that it masks; the masks say nothing of the values, because they
// are drawn with a key that is thrown away.
//
// Masking a masked text changes nothing, and the time is linear in the text.
type Masker struct {
	key   []byte
	known *regexp.Regexp
	names map[string]bool
}

// NewMasker makes a Masker with a key of its own.
func NewMasker() *Masker { return newMasker([]byte(rand.Text())) }

func newMasker(key []byte) *Masker { return &Masker{key: key, names: map[string]bool{}} }

// shortName is the length from which a word is unlikely to be one that the
// system uses itself. Shorter names are learned if they are no plain word.
const shortName, longestName = 6, 200

// Learn makes the Masker hide these values wherever they stand alone: the
// phone's serial, its owner's name for it, the names of headsets. It ignores
// what is too common to be searched for.
func (m *Masker) Learn(values ...string) {
	for _, v := range values {
		v = strings.TrimSpace(v)
		plain := strings.Trim(v, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
		if len(v) < 4 || len(v) > longestName || plain && len(v) < shortName || !utf8.ValidString(v) ||
			strings.ContainsAny(v, "\n\r") || words(v) == v {
			continue
		}
		m.names[v] = true
	}
	if len(m.names) == 0 {
		return
	}
	// The longest first: one name may begin with another.
	all := make([]string, 0, len(m.names))
	for v := range m.names {
		all = append(all, regexp.QuoteMeta(v))
	}
	slices.SortFunc(all, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	m.known = regexp.MustCompile("(" + strings.Join(all, "|") + ")")
}

// Mask returns text with what is personal hidden. text itself is not changed.
func (m *Masker) Mask(text []byte) []byte {
	out := make([]byte, 0, len(text)+len(text)/16)
	var low []byte
	inside := false // a notification's text that goes on over several lines
	for len(text) > 0 {
		line := text
		if i := bytes.IndexByte(text, '\n'); i >= 0 {
			line = text[:i]
		}
		text = text[len(line):]
		var masked string
		if inside && !beginsEntry(line) {
			masked = words(string(line))
		} else {
			masked, low = m.line(string(line), low)
		}
		// The state is taken from what was written, so that a second run over
		// it takes the same way.
		inside = goesOn(masked, inside)
		out = append(out, masked...)
		if len(text) > 0 {
			out, text = append(out, '\n'), text[1:]
		}
	}
	return out
}

// maxPasses bounds the passes over a line. A mask may uncover the begin of
// another value; two passes do for whatever phones print.
const maxPasses = 6

// line masks one line. low is memory to be used again.
func (m *Masker) line(line string, low []byte) (string, []byte) {
	for range maxPasses {
		low = lower(low[:0], line)
		next := m.pass(line, low)
		if next == line {
			return line, low
		}
		line = next
	}
	// Somebody built this line to get something through: it says nothing.
	return words(line), low
}

func (m *Masker) pass(line string, low []byte) string {
	for i := range rules {
		r := &rules[i]
		if !slices.ContainsFunc(r.needs, func(n string) bool { return bytes.Contains(low, []byte(n)) }) {
			continue
		}
		if next := replace(line, r.find, func(s string, at []int) string { return r.mask(m, s, at) }); next != line {
			line = next
			low = lower(low[:0], line)
		}
	}
	if m.known != nil {
		line = replace(line, m.known, maskKnown)
	}
	return maskNumbers(m, line)
}

// replace replaces the last group of each match of re by what mask returns.
func replace(line string, re *regexp.Regexp, mask func(line string, at []int) string) string {
	matches := re.FindAllStringSubmatchIndex(line, -1)
	if matches == nil {
		return line
	}
	var b strings.Builder
	from := 0
	for _, at := range matches {
		lo, hi := at[len(at)-2], at[len(at)-1]
		if lo < from {
			continue
		}
		b.WriteString(line[from:lo])
		b.WriteString(mask(line, at))
		from = hi
	}
	b.WriteString(line[from:])
	return b.String()
}

// last is the text of the last group.
func last(line string, at []int) string { return line[at[len(at)-2]:at[len(at)-1]] }

func maskKnown(line string, at []int) string {
	if joined(line, at[0], at[1]) {
		return last(line, at)
	}
	return words(last(line, at))
}

// joined reports whether the text from lo to hi is only a part of a word or of
// a dotted name.
func joined(line string, lo, hi int) bool {
	part := func(c byte) bool { return c == '_' || isAlnum(c) }
	if lo > 0 && (part(line[lo-1]) || line[lo-1] == '.' && lo > 1 && part(line[lo-2])) {
		return true
	}
	return hi < len(line) && (part(line[hi]) || line[hi] == '.' && hi+1 < len(line) && part(line[hi+1]))
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isAlnum(c byte) bool {
	return isDigit(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// lower appends s with ASCII capitals made small.
func lower(b []byte, s string) []byte {
	for i := range len(s) {
		c := s[i]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		b = append(b, c)
	}
	return b
}

// words hides every word: all but blanks and ASCII punctuation becomes x, one
// for each UTF-16 unit, which is how Android counts a text's length. Some
// punctuation is hidden, too, so that no rule finds anything in the result.
func words(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r > 0xffff:
			b.WriteString("xx")
		case r >= utf8.RuneSelf, r == '@', r == '+', isAlnum(byte(r)):
			b.WriteByte('x')
		default:
			b.WriteByte(byte(r))
		}
	}
	return b.String()
}

// draw gives n bytes for a value of a class, the same ones each time.
func (m *Masker) draw(class, value string, n int) []byte {
	h := hmac.New(sha256.New, m.key)
	h.Write([]byte(class + ":" + value))
	sum := h.Sum(nil)
	for len(sum) < n {
		sum = append(sum, sum...)
	}
	return sum[:n]
}

// shortestNumber is the number of digits from which a phone number is
// somebody's: shorter ones are services and emergency calls.
const shortestNumber = 5

// number hides the digits of a number and leaves what stands between them. A
// masked number begins with 000, which no number does.
func (m *Masker) number(s string) string {
	var digits []byte
	for i := range len(s) {
		if isDigit(s[i]) {
			digits = append(digits, s[i])
		}
	}
	if len(digits) < shortestNumber || bytes.HasPrefix(digits, []byte("000")) {
		return s
	}
	drawn := m.draw("number", string(digits), len(digits))
	out := []byte(s)
	for i, n := 0, 0; i < len(out); i++ {
		if !isDigit(out[i]) {
			continue
		}
		if n < 3 {
			out[i] = '0'
		} else {
			out[i] = '0' + drawn[n]%10
		}
		n++
	}
	return string(out)
}
