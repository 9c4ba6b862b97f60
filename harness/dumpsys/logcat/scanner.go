package logcat

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxLine is the longest line that is kept; Android cuts messages at 4 kB, the
// rest of a longer line is dropped.
const maxLine = 64 << 10

// Scanner reads a stream of lines in constant memory. It is for one goroutine.
type Scanner struct {
	in    *bufio.Reader
	taker *taker
	line  Line
	n     int
	err   error
	only  []string
	names [][]byte // one of them stands on each line that is wanted
	log   bool
}

// NewScanner reads from r; clock completes the lines' times.
func NewScanner(r io.Reader, clock Clock) *Scanner {
	return &Scanner{taker: newTaker(clock), in: bufio.NewReaderSize(r, maxLine)}
}

// Only passes over all lines but the messages of these tags, at a fraction of
// what they cost otherwise. Lines keep their numbers.
func (s *Scanner) Only(tags ...string) *Scanner {
	s.only = tags
	for i, tag := range tags {
		if !slices.ContainsFunc(tags, func(o string) bool { return o != tag && strings.Contains(tag, o) }) && !slices.Contains(tags[:i], tag) {
			s.names = append(s.names, []byte(tag))
		}
	}
	return s
}

// unwanted reports whether a line can be passed over without taking it apart.
func (s *Scanner) unwanted(text []byte) bool {
	if s.only == nil || !s.log || s.taker.head != nil || len(text) > 0 && text[0] == '[' {
		return false
	}
	for _, name := range s.names {
		if bytes.Contains(text, name) {
			return false
		}
	}
	return true
}

// Log reports whether a line in any form of logcat was seen so far, passed over
// or not.
func (s *Scanner) Log() bool { return s.log }

// Scan moves to the next line and reports whether there is one. Blank lines,
// and the headers of -v long, are no lines of their own.
func (s *Scanner) Scan() bool {
	var e entry
	for s.err == nil {
		text, ok := s.next()
		if !ok {
			return false
		}
		if s.unwanted(text) || !s.taker.take(text, &e) {
			continue
		}
		s.log = s.log || e.kind == Message || e.kind == Buffer
		if s.only != nil && !s.wanted(&e) {
			continue
		}
		s.taker.fill(&s.line, &e, s.n)
		if s.line.Msg = string(e.msg); !utf8.ValidString(s.line.Msg) {
			s.line.Msg = strings.ToValidUTF8(s.line.Msg, "\uFFFD")
		}
		return true
	}
	return false
}

func (s *Scanner) wanted(e *entry) bool {
	if e.kind != Message {
		return false
	}
	for _, tag := range s.only {
		if string(e.tag) == tag {
			return true
		}
	}
	return false
}

// Line is the line that Scan moved to.
func (s *Scanner) Line() Line { return s.line }

// Err is the error that ended the stream, nil at its regular end.
func (s *Scanner) Err() error {
	if errors.Is(s.err, io.EOF) {
		return nil
	}
	return s.err
}

// next reads one line without its end, valid until the next one is read. A line
// longer than the buffer is cut.
func (s *Scanner) next() ([]byte, bool) {
	b, err := s.in.ReadSlice('\n')
	if len(b) == 0 && err != nil {
		s.err = err
		return nil, false
	}
	s.n++
	for len(b) > 0 && (b[len(b)-1] == '\n' || b[len(b)-1] == '\r') {
		b = b[:len(b)-1]
	}
	if errors.Is(err, bufio.ErrBufferFull) {
		b = bytes.Clone(b) // what follows overwrites the buffer
		for errors.Is(err, bufio.ErrBufferFull) {
			_, err = s.in.ReadSlice('\n')
		}
	}
	if err != nil {
		s.err = err // the last line had no end
	}
	return b, true
}
