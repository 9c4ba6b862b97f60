package logcat

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
)

// maxLine is the longest line that is kept; Android cuts messages at 4 kB, the
// rest of a longer line is dropped.
const maxLine = 64 << 10

// Scanner reads a stream of lines in constant memory. It is for one goroutine.
type Scanner struct {
	clock Clock
	in    *bufio.Reader
	line  Line
	n     int
	err   error
	long  *Line // the header of -v long whose message lines follow
}

// NewScanner reads from r; clock completes the lines' times.
func NewScanner(r io.Reader, clock Clock) *Scanner {
	return &Scanner{clock: clock, in: bufio.NewReaderSize(r, maxLine)}
}

// Scan moves to the next line and reports whether there is one. Blank lines,
// and the headers of -v long, are no lines of their own.
func (s *Scanner) Scan() bool {
	for s.err == nil {
		text, ok := s.next()
		if !ok {
			return false
		}
		if head, ok := s.clock.longHead(text); ok {
			s.long = &head
			continue
		}
		if s.long != nil {
			if text == "" {
				s.long = nil
				continue
			}
			s.line = *s.long
			s.line.Msg, s.line.N = text, s.n
			return true
		}
		if text == "" {
			continue
		}
		s.line = s.clock.Parse(text)
		s.line.N = s.n
		return true
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

// next reads one line without its end. A line longer than the buffer is cut.
func (s *Scanner) next() (string, bool) {
	b, err := s.in.ReadSlice('\n')
	if len(b) == 0 && err != nil {
		s.err = err
		return "", false
	}
	s.n++
	out := strings.ToValidUTF8(string(bytes.TrimRight(b, "\r\n")), "\uFFFD")
	for errors.Is(err, bufio.ErrBufferFull) {
		_, err = s.in.ReadSlice('\n')
	}
	if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
		s.err = err // the last line had no end
	}
	return out, true
}

// longHead reads `[ MM-DD HH:MM:SS.mmm  PID: TID P/TAG ]`.
func (c Clock) longHead(s string) (Line, bool) {
	in, ok := strings.CutPrefix(s, "[ ")
	if !ok {
		return Line{}, false
	}
	in, ok = strings.CutSuffix(in, "]")
	if !ok {
		return Line{}, false
	}
	at, exact, rest, ok := c.stamp(strings.TrimLeft(in, " "))
	if !ok {
		return Line{}, false
	}
	ids, tagged, ok := cutPrio(rest)
	if !ok {
		return Line{}, false
	}
	w := strings.Fields(strings.ReplaceAll(ids, ":", " "))
	if len(w) < 2 {
		return Line{}, false
	}
	l := Line{Kind: Message, Time: at, Exact: exact, Prio: Priority(tagged[0]), Tag: strings.TrimRight(tagged[2:], " ")}
	var ok1, ok2 bool
	l.PID, ok1 = number(w[len(w)-2])
	l.TID, ok2 = number(w[len(w)-1])
	if len(w) > 2 {
		l.UID = w[0]
	}
	return l, ok1 && ok2
}

// cutPrio splits `123: 456 I/Tag` before its priority.
func cutPrio(s string) (ids, tagged string, ok bool) {
	for i := 1; i+1 < len(s); i++ {
		if s[i+1] == '/' && s[i-1] == ' ' && isPrio(s[i]) {
			return s[:i], s[i:], true
		}
	}
	return "", "", false
}

func number(s string) (int, bool) {
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' || n > 1<<31 {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, s != ""
}
