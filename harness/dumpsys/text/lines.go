package text

import "bytes"

// Line is one line of a text.
type Line struct {
	// N is the 1-based number in the text that the reader was given.
	N int
	// Raw is the line without its end and without trailing blanks.
	Raw []byte
	// Indent counts the blanks and tabs before the first character. Only its
	// relation to the block around it means anything: dumps get shifted.
	Indent int
}

// Text is the line without the blanks around it.
func (l Line) Text() []byte { return l.Raw[l.Indent:] }

// Blank reports whether nothing but blanks stands on the line.
func (l Line) Blank() bool { return l.Indent == len(l.Raw) }

// Lines walks over the lines of a text without copying it. A copy of a Lines
// is a bookmark.
type Lines struct {
	rest []byte
	n    int
	cur  Line
}

// NewLines starts before the first line of b, which counts as line first.
func NewLines(b []byte, first int) Lines { return Lines{rest: b, n: first - 1} }

// Next moves to the next line and reports whether there is one.
func (s *Lines) Next() bool {
	if len(s.rest) == 0 {
		return false
	}
	raw := s.rest
	if i := bytes.IndexByte(raw, '\n'); i >= 0 {
		raw, s.rest = raw[:i], raw[i+1:]
	} else {
		s.rest = nil
	}
	for len(raw) > 0 && isBlank(raw[len(raw)-1]) {
		raw = raw[:len(raw)-1]
	}
	in := 0
	for in < len(raw) && isBlank(raw[in]) {
		in++
	}
	s.n++
	s.cur = Line{N: s.n, Raw: raw, Indent: in}
	return true
}

// Line is the line that the last Next moved to.
func (s *Lines) Line() Line { return s.cur }

// N is the number of the current line.
func (s *Lines) N() int { return s.cur.N }

// Indent is the Indent of the current line.
func (s *Lines) Indent() int { return s.cur.Indent }

// Text is the Text of the current line.
func (s *Lines) Text() []byte { return s.cur.Raw[s.cur.Indent:] }

// Peek returns the line after the current one without moving.
func (s Lines) Peek() (Line, bool) {
	ok := s.Next()
	return s.cur, ok
}

// Rest is the text after the current line.
func (s *Lines) Rest() []byte { return s.rest }

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' }
