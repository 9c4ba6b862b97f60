package logcat

import (
	"bytes"

	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

// taker takes the lines of one text apart, in their order: -v long prints what
// belongs together on several lines.
type taker struct {
	stamps
	words text.Recent
	head  *entry // of -v long, whose message lines follow
	ended bool   // a blank line has ended the head's message, it seems
}

func newTaker(clock Clock) *taker {
	return &taker{stamps: stamps{clock: clock}}
}

// take reads one line without its end. Blank lines and the headers of -v long
// are no lines of their own: the result is false.
func (t *taker) take(s []byte, e *entry) bool {
	if len(s) > 1 && s[0] == '[' && s[1] == ' ' {
		if head, ok := t.longHead(s); ok {
			t.head, t.ended = &head, false
			return false
		}
	}
	switch {
	case len(s) == 0:
		t.ended = true
		return false
	case t.head == nil:
		t.apart(s, e)
		return true
	case t.ended && s[0] == '-' && (bytes.HasPrefix(s, beginning) || bytes.HasPrefix(s, switched)):
		t.head = nil
		t.apart(s, e)
		return true
	}
	*e = *t.head // also behind a blank line, which may be the message's own
	e.msg = s
	return true
}

// longHead reads `[ MM-DD HH:MM:SS.mmm  PID: TID P/TAG ]`. What it returns
// outlives the line.
func (t *taker) longHead(s []byte) (e entry, ok bool) {
	if s[len(s)-1] != ']' {
		return e, false
	}
	at, exact, rest, ok := t.stamp(trimBlanks(s[2 : len(s)-1]))
	if !ok {
		return e, false
	}
	ids, tagged, ok := cutPrio(rest)
	if !ok {
		return e, false
	}
	w := bytes.FieldsFunc(ids, func(r rune) bool { return r == ' ' || r == ':' })
	if len(w) < 2 || len(w) > 3 {
		return e, false
	}
	e = entry{kind: Message, at: at, exact: exact, prio: Priority(tagged[0])}
	e.tag = bytes.Clone(bytes.TrimRight(tagged[2:], " "))
	var ok1, ok2 bool
	e.pid, ok1 = number(w[len(w)-2])
	e.tid, ok2 = number(w[len(w)-1])
	if len(w) > 2 {
		e.uid = bytes.Clone(w[0])
	}
	return e, ok1 && ok2
}

// cutPrio splits `123: 456 I/Tag` before its priority.
func cutPrio(s []byte) (ids, tagged []byte, ok bool) {
	for i := 1; i+1 < len(s) && i < 64; i++ {
		if s[i+1] == '/' && s[i-1] == ' ' && isPrio(s[i]) {
			return s[:i], s[i:], true
		}
	}
	return nil, nil, false
}

// fill copies an entry into a line, but for the message.
func (t *taker) fill(l *Line, e *entry, n int) {
	l.Time, l.Exact, l.Kind, l.Prio, l.PID, l.TID, l.N = e.at, e.exact, e.kind, e.prio, e.pid, e.tid, n
	l.UID, l.Tag, l.Msg = t.words.Word(e.uid), t.words.Word(e.tag), ""
}

// Parse reads one line of any form but `long`, whose messages take several
// lines: see Scanner. The line has no line end.
func (c Clock) Parse(s string) Line {
	t := newTaker(c)
	var (
		e entry
		l Line
	)
	t.apart([]byte(s), &e)
	t.fill(&l, &e, 0)
	l.Msg = string(e.msg)
	return l
}
