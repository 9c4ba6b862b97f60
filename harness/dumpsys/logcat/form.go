package logcat

import (
	"bytes"
	"time"
)

// entry is a line taken apart. Its texts are parts of the line itself.
type entry struct {
	at            time.Time
	uid, tag, msg []byte
	pid, tid      int
	kind          Kind
	prio          Priority
	exact         bool
}

// marks are the lines that logcat prints between messages.
var (
	beginning = []byte("--------- beginning of ")
	switched  = []byte("--------- switch to ")
	colour    = []byte("\x1b[")
)

// apart reads one line of any form but `long`, whose messages take several
// lines.
func (t *taker) apart(s []byte, e *entry) {
	if len(s) > 0 && s[0] == 0x1b {
		s = uncoloured(s)
	}
	*e = entry{kind: Other, msg: s}
	switch {
	case len(s) == 0:
	case s[0] == '-':
		for _, mark := range [...][]byte{beginning, switched} {
			if bytes.HasPrefix(s, mark) {
				e.kind, e.msg = Buffer, s[len(mark):]
				return
			}
		}
	case s[0] >= '0' && s[0] <= '9', s[0] == ' ':
		if t.timed(s, e) {
			return
		}
	case isPrio(s[0]):
		if briefForm(s, e) || parenForm(s, e) || tagForm(s, e) {
			return
		}
	}
	if bytes.HasSuffix(s, []byte("nexpected EOF!")) {
		// `read: unexpected EOF!`, `logcat: Unexpected EOF!`
		e.kind = Lost
	}
}

// uncoloured drops what -v color puts around a line.
func uncoloured(s []byte) []byte {
	if !bytes.HasPrefix(s, colour) {
		return s
	}
	if i := bytes.IndexByte(s, 'm'); i > 0 && i < 16 {
		s = s[i+1:]
	}
	return bytes.TrimSuffix(s, []byte("\x1b[0m"))
}

// timed reads the forms that begin with a time.
func (t *taker) timed(s []byte, e *entry) bool {
	at, exact, s, ok := t.stamp(trimBlanks(s))
	if !ok || len(s) == 0 {
		return false
	}
	if isPrio(s[0]) && briefForm(s, e) || threadForm(s, e) || studioForm(s, e) {
		e.at, e.exact = at, exact
		return true
	}
	return false
}

// briefForm reads `P/TAG   ( PID): msg`, with `UID:` before the number for -v
// uid. The tag may hold parentheses.
func briefForm(s []byte, e *entry) bool {
	if len(s) < 5 || s[1] != '/' || !isPrio(s[0]) {
		return false
	}
	for from := 2; ; {
		end := bytes.Index(s[from:], []byte("):"))
		if end < 0 {
			return false
		}
		end += from
		open := bytes.LastIndexByte(s[from:end], '(')
		if open >= 0 {
			open += from
			uid, pid, ok := bytes.Cut(s[open+1:end], []byte{':'})
			if !ok {
				uid, pid = nil, uid
			}
			if n, ok := number(trimBlanks(pid)); ok {
				e.kind, e.prio, e.pid, e.uid = Message, Priority(s[0]), n, trimBlanks(uid)
				e.tag, e.msg = bytes.TrimRight(s[2:open], " "), afterBlank(s[end+2:])
				return true
			}
		}
		from = end + 2
	}
}

// parenForm reads `P( PID) msg  (TAG)` of -v process and `P( PID: TID) msg` of
// -v thread.
func parenForm(s []byte, e *entry) bool {
	if len(s) < 4 || s[1] != '(' || !isPrio(s[0]) {
		return false
	}
	end := bytes.IndexByte(s, ')')
	if end < 0 || end > 40 || end+1 < len(s) && s[end+1] != ' ' {
		return false
	}
	ids, n := s[2:end], 0
	var w [3][]byte
	for more := true; more; n++ {
		if n == len(w) {
			return false
		}
		w[n], ids, more = bytes.Cut(ids, []byte{':'})
		w[n] = bytes.TrimLeft(w[n], " ")
	}
	msg := afterBlank(s[end+1:])
	var tag []byte
	at, tid := n-1, 0 // process: [uid] pid
	// Only -v process ends a line with the tag.
	if i := bytes.LastIndex(msg, []byte("  (")); i >= 0 && msg[len(msg)-1] == ')' && n < 3 {
		msg, tag = msg[:i], msg[i+3:len(msg)-1]
	} else if n > 1 {
		at-- // thread: [uid] pid tid
		var ok bool
		if tid, ok = number(w[n-1]); !ok {
			return false
		}
	}
	pid, ok := number(w[at])
	if !ok {
		return false
	}
	if at == 1 {
		e.uid = w[0]
	}
	e.kind, e.prio, e.pid, e.tid, e.tag, e.msg = Message, Priority(s[0]), pid, tid, tag, msg
	return true
}

// tagForm reads `P/TAG     : msg` of -v tag.
func tagForm(s []byte, e *entry) bool {
	if len(s) < 4 || s[1] != '/' || !isPrio(s[0]) {
		return false
	}
	tag, msg, ok := bytes.Cut(s[2:], []byte(": "))
	if !ok {
		if tag, ok = bytes.CutSuffix(s[2:], []byte{':'}); !ok {
			return false
		}
	}
	e.kind, e.prio, e.tag, e.msg = Message, Priority(s[0]), bytes.TrimRight(tag, " "), msg
	return true
}

// threadForm reads `PID  TID P TAG     : msg`, with a uid before it for -v uid.
func threadForm(s []byte, e *entry) bool {
	var w [4][]byte
	n := 0
	for n < 4 {
		s = trimBlanks(s)
		i := 0
		for i < len(s) && s[i] != ' ' {
			i++
		}
		if i == len(s) && (n < 2 || i != 1) {
			return false
		}
		w[n], s = s[:i], s[i:]
		if n++; n >= 3 && i == 1 && isPrio(w[n-1][0]) {
			break
		}
	}
	if n < 3 || len(w[n-1]) != 1 || !isPrio(w[n-1][0]) {
		return false
	}
	pid, ok1 := number(w[n-3])
	tid, ok2 := number(w[n-2])
	if !ok1 || !ok2 {
		return false
	}
	if n == 4 {
		e.uid = w[0]
	}
	e.kind, e.prio, e.pid, e.tid = Message, Priority(w[n-1][0]), pid, tid
	e.tag, e.msg = tagged(afterBlank(s))
	return true
}

// tagged splits `TAG     : msg` at the first ": ". The tag may be empty and may
// hold blanks, "/" and ":".
func tagged(s []byte) (tag, msg []byte) {
	i := 0
	for i < len(s) && (s[i] != ':' || i+1 < len(s) && s[i+1] != ' ') {
		i++
	}
	tag, msg = s[:i], s[min(i+2, len(s)):]
	for len(tag) > 0 && tag[len(tag)-1] == ' ' {
		tag = tag[:len(tag)-1]
	}
	return tag, msg
}

// studioForm reads `PID-TID TAG   PROCESS   P  msg`. Android Studio cuts long
// tags in the middle.
func studioForm(s []byte, e *entry) bool {
	ids, s, ok := bytes.Cut(s, []byte{' '})
	p, t, ok2 := bytes.Cut(ids, []byte{'-'})
	pid, ok3 := number(p)
	tid, ok4 := number(t)
	if !ok || !ok2 || !ok3 || !ok4 {
		return false
	}
	var w [3][]byte
	for i := range w {
		w[i], s, _ = bytes.Cut(trimBlanks(s), []byte{' '})
	}
	if len(w[2]) != 1 || !isPrio(w[2][0]) {
		return false
	}
	e.kind, e.prio, e.pid, e.tid = Message, Priority(w[2][0]), pid, tid
	e.tag, e.msg = w[0], trimBlanks(s)
	return true
}

func isPrio(c byte) bool {
	switch c {
	case 'V', 'D', 'I', 'W', 'E', 'F', 'S', 'A':
		return true
	}
	return false
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func trimBlanks(s []byte) []byte {
	for len(s) > 0 && s[0] == ' ' {
		s = s[1:]
	}
	return s
}

// afterBlank drops the one blank that stands between a head and its message.
func afterBlank(s []byte) []byte {
	if len(s) > 0 && s[0] == ' ' {
		return s[1:]
	}
	return s
}

// number reads a pid: all digits, of bounded value.
func number(s []byte) (int, bool) {
	n := 0
	for _, c := range s {
		if !isDigit(c) || n > 1<<31 {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, len(s) > 0
}
