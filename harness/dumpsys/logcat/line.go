// Package logcat reads the lines of `logcat` in all forms of -v (logprint.cpp
// of system/logging) and the export of Android Studio.
//
// Lines of several buffers come out of order and the clock may jump: nothing
// is sorted, and a line without a year says so. The package knows no tag's
// meaning and no app.
package logcat

import (
	"strconv"
	"strings"
	"time"
)

// Kind sorts the lines of a log.
type Kind int

const (
	// Other is text that belongs to no form: kept, because makers print more.
	Other Kind = iota
	// Message is a log message, or one line of it.
	Message
	// Buffer marks the begin of a buffer's lines: Msg is its name.
	Buffer
	// Lost says that the reader fell behind and lines are missing.
	Lost
)

// Priority is a log level's letter.
type Priority byte

// The priorities.
const (
	Verbose Priority = 'V'
	Debug   Priority = 'D'
	Info    Priority = 'I'
	Warn    Priority = 'W'
	Error   Priority = 'E'
	Fatal   Priority = 'F'
	Silent  Priority = 'S'
)

// String is the letter.
func (p Priority) String() string {
	if p == 0 {
		return ""
	}
	return string(rune(p))
}

// MarshalText writes the letter.
func (p Priority) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// Line is one line.
type Line struct {
	Kind Kind `json:"kind"`
	// Time is zero for forms without a time.
	Time time.Time `json:"time"`
	// Exact says that the line named year and zone, or seconds since the epoch.
	// Otherwise they were filled in from the Clock.
	Exact bool     `json:"exact"`
	UID   string   `json:"uid,omitempty"` // -v uid only, as printed
	PID   int      `json:"pid"`
	TID   int      `json:"tid"`
	Prio  Priority `json:"prio"`
	Tag   string   `json:"tag"`
	Msg   string   `json:"msg"`
	// N is the number of the line in the stream, from 1.
	N int `json:"line"`
}

// Clock completes the times of lines that leave out year or zone.
type Clock struct {
	Year int            // 0: the year 0, to be told from real ones
	Zone *time.Location // nil: UTC
}

// Parse reads one line of any form but `long`, whose messages take several
// lines: see Scanner. The line has no line end.
func (c Clock) Parse(s string) Line {
	switch {
	case strings.HasPrefix(s, "--------- "):
		for _, mark := range []string{"--------- beginning of ", "--------- switch to "} {
			if name, ok := strings.CutPrefix(s, mark); ok {
				return Line{Kind: Buffer, Msg: name}
			}
		}
	case strings.HasSuffix(s, "nexpected EOF!"):
		// `read: unexpected EOF!`, `logcat: Unexpected EOF!`
		return Line{Kind: Lost, Msg: s}
	}
	if l, ok := briefForm(s); ok {
		return l
	}
	if l, ok := c.timed(s); ok {
		return l
	}
	return Line{Kind: Other, Msg: s}
}

// timed reads the forms that begin with a time.
func (c Clock) timed(s string) (Line, bool) {
	at, exact, s, ok := c.stamp(strings.TrimLeft(s, " "))
	if !ok {
		return Line{}, false
	}
	l, ok := briefForm(s) // -v time
	if !ok {
		if l, ok = threadForm(s); !ok {
			l, ok = studioForm(s)
		}
	}
	l.Time, l.Exact = at, exact
	return l, ok
}

// briefForm reads `P/TAG   ( PID): msg`. The tag may hold parentheses.
func briefForm(s string) (Line, bool) {
	if len(s) < 5 || s[1] != '/' || !isPrio(s[0]) {
		return Line{}, false
	}
	for from := 2; ; {
		end := strings.Index(s[from:], "):")
		if end < 0 {
			return Line{}, false
		}
		end += from
		i := end
		for i > 2 && (s[i-1] >= '0' && s[i-1] <= '9') {
			i--
		}
		digits := i
		for i > 2 && s[i-1] == ' ' {
			i--
		}
		if digits < end && i > 2 && s[i-1] == '(' {
			pid, err := strconv.Atoi(s[digits:end])
			if err != nil {
				return Line{}, false
			}
			return Line{Kind: Message, Prio: Priority(s[0]), Tag: strings.TrimRight(s[2:i-1], " "), PID: pid,
				Msg: strings.TrimPrefix(s[end+2:], " ")}, true
		}
		from = end + 2
	}
}

// threadForm reads `PID  TID P TAG     : msg`, with a uid before it for -v uid.
func threadForm(s string) (l Line, ok bool) {
	var w [4]string
	rest, n := s, 0
	for n < 4 {
		rest = strings.TrimLeft(rest, " ")
		i := strings.IndexByte(rest, ' ')
		if i < 0 {
			if n < 2 || len(rest) != 1 {
				return l, false
			}
			i = len(rest)
		}
		w[n], rest = rest[:i], rest[i:]
		if n++; n >= 3 && len(w[n-1]) == 1 && isPrio(w[n-1][0]) {
			break
		}
	}
	if n < 3 || len(w[n-1]) != 1 || !isPrio(w[n-1][0]) {
		return l, false
	}
	pid, err1 := strconv.Atoi(w[n-3])
	tid, err2 := strconv.Atoi(w[n-2])
	if err1 != nil || err2 != nil {
		return l, false
	}
	l = Line{Kind: Message, PID: pid, TID: tid, Prio: Priority(w[n-1][0])}
	if n == 4 {
		l.UID = w[0]
	}
	l.Tag, l.Msg = tagged(strings.TrimPrefix(rest, " "))
	return l, true
}

// tagged splits `TAG     : msg` at the first ": ". The tag may be empty and may
// hold blanks, "/" and ":".
func tagged(s string) (tag, msg string) {
	tag, msg, ok := strings.Cut(s, ": ")
	if !ok {
		tag = strings.TrimSuffix(s, ":")
	}
	return strings.TrimRight(tag, " "), msg
}

// studioForm reads `PID-TID TAG   PROCESS   P  msg`. Android Studio cuts long
// tags in the middle.
func studioForm(s string) (l Line, ok bool) {
	ids, rest, ok := strings.Cut(s, " ")
	p, t, ok2 := strings.Cut(ids, "-")
	pid, err1 := strconv.Atoi(p)
	tid, err2 := strconv.Atoi(t)
	if !ok || !ok2 || err1 != nil || err2 != nil {
		return l, false
	}
	var w [3]string
	for i := range w {
		rest = strings.TrimLeft(rest, " ")
		w[i], rest, _ = strings.Cut(rest, " ")
	}
	if len(w[2]) != 1 || !isPrio(w[2][0]) {
		return l, false
	}
	return Line{Kind: Message, PID: pid, TID: tid, Prio: Priority(w[2][0]), Tag: w[0], Msg: strings.TrimLeft(rest, " ")}, true
}

func isPrio(c byte) bool { return strings.IndexByte("VDIWEFSA", c) >= 0 }

// Dropped is the number of lines that a `chatty` line stands for (API 26 to
// 30: "identical 3 lines", "expire 10 lines"), 0 for other lines.
func (l Line) Dropped() int {
	if l.Tag != "chatty" || l.Kind != Message {
		return 0
	}
	w := strings.Fields(l.Msg)
	if n := len(w); n >= 3 && strings.HasPrefix(w[n-1], "line") && (w[n-3] == "identical" || w[n-3] == "expire") {
		if k, err := strconv.Atoi(w[n-2]); err == nil {
			return k
		}
	}
	return 0
}
