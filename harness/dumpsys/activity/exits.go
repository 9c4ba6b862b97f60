package activity

import (
	"bytes"
	"slices"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

// ParseExits reads `dumpsys activity exit-info [PKG]` (API 30). The error is a
// *text.Problem.
func ParseExits(b []byte) (Exits, error) {
	body, p := text.Open(b, service)
	r := exitReader{size: len(body.Text)}
	for s := body.Lines(); s.Next(); {
		r.line(s.Text(), s.N(), r.size-len(s.Rest()))
	}
	f := Exits{}
	if r.at != 0 {
		if r.all == nil {
			r.all = []Exit{}
		}
		f.Exits = fact.Of(r.all, r.at)
	}
	switch {
	case p != nil:
		return f, p
	case r.at == 0:
		return f, &text.Problem{Kind: text.NotADump, Service: service, Msg: "no line ACTIVITY MANAGER PROCESS EXIT INFO"}
	case len(r.all) > 0 && !r.all[len(r.all)-1].Code.Known():
		return f, &text.Problem{Kind: text.Truncated, Service: service, Line: r.all[len(r.all)-1].Line, Msg: "the dump ends before the reason of an exit"}
	}
	return f, nil
}

type exitReader struct {
	all    []Exit
	words  text.Words
	stamps text.Block
	size   int // bytes of the text
	at     int
	pkg    string
	uid    fact.Value[int]
	open   bool // the last record goes on
}

func (r *exitReader) line(t []byte, line, done int) {
	if len(t) == 0 {
		return
	}
	switch {
	case t[0] == 'A' && text.Has(t, "ACTIVITY MANAGER PROCESS EXIT INFO"):
		if r.at == 0 {
			r.at = line
		}
	case t[0] == 'p' && text.Has(t, "package: "):
		r.pkg, r.uid, r.open = r.words.Word(t[len("package: "):]), fact.Unknown[int](), false
	case t[0] == 'H' && text.Has(t, "Historical Process Exit for "):
		r.uid, r.open = text.IntFact(text.Line{N: line, Raw: t}, "uid="), false
	case t[0] == 'A' && text.Has(t, "ApplicationExitInfo #"):
		r.all = text.Fresh(r.all, done, r.size)
		e := &r.all[len(r.all)-1]
		e.Package, e.UID, e.Line = r.pkg, r.uid, line
		r.open = true
	case r.open:
		r.record(&r.all[len(r.all)-1], t, line)
	}
}

// record reads one line of a record: a key each up to API 32, several since.
// Only the description may hold blanks and "=" of its own; it stands last but
// for the keys of what was kept.
func (r *exitReader) record(e *Exit, t []byte, line int) {
	for guess := 0; ; {
		key, v := exitKey(unblank(t), guess)
		if v == nil {
			return
		}
		guess = key + 1
		switch key {
		case keyTimestamp:
			// Date and time; with milliseconds since API 33.
			stamp := v[:min(len(v), len("2026-03-14 05:31:19.889 "))]
			if i := bytes.LastIndexByte(stamp, ' '); i > 0 && (i+1 == len(stamp) || stamp[i+1] == 'p') {
				stamp = stamp[:i]
			}
			if e.Timestamp == "" {
				e.Timestamp = r.stamps.String(stamp)
			}
			v = v[len(stamp):]
		case keyPID:
			v = number(&e.PID, v, line)
			// Three more uids stand between it and the user.
			if i := bytes.Index(v[:min(len(v), 64)], []byte(" user=")); i >= 0 {
				v = v[i+1:]
			}
		case keyUser:
			v = number(&e.User, v, line)
		case keyStatus:
			v = number(&e.Status, v, line)
		case keyImportance:
			v = number(&e.Importance, v, line)
			// Two sizes stand between it and the description.
			if i := bytes.Index(v[:min(len(v), 64)], []byte(" description=")); i >= 0 {
				v = v[i+1:]
			}
		case keyProcess:
			var name []byte
			if name, v = cut(v, ' '); e.Process == "" {
				e.Process = r.words.Word(name)
			}
		case keyReason:
			n, words, rest := coded(v)
			if v = rest; n.Known() && !e.Code.Known() {
				e.Code, e.Reason = fact.Of(n.Or(0), line), r.words.Word(words)
			}
		case keySubreason:
			n, words, rest := coded(v)
			if v = rest; n.Known() && e.Subreason == "" {
				e.Subreason = r.words.Word(words)
			}
		case keyDescription:
			r.description(e, v)
			return
		}
		t = v
	}
}

// The keys of a record that are read, in the order in which they are printed.
const (
	keyTimestamp = iota
	keyPID
	keyUser
	keyProcess
	keyReason
	keySubreason
	keyStatus
	keyImportance
	keyDescription
	keyUnread
)

var exitKeys = [...]string{"timestamp=", "pid=", "user=", "process=", "reason=", "subreason=", "status=", "importance=", "description="}

// exitKey finds the next key and what stands behind it, nil without one. A line
// begins with the guessed key or with one soon after it, or takes longer.
func exitKey(t []byte, guess int) (key int, v []byte) {
	for k := guess; k < len(exitKeys); k++ {
		if v, ok := text.After(t, exitKeys[k]); ok {
			return k, v
		}
	}
	before, v := cut(t, '=')
	if v == nil {
		return keyUnread, nil
	}
	before = t[bytes.LastIndexByte(before, ' ')+1 : len(before)+1] // behind words that are no key's
	if i := slices.Index(exitKeys[:], string(before)); i >= 0 {
		return i, v
	}
	return keyUnread, v
}

// number sets a number that is not known yet and returns what stands behind it.
func number(to *fact.Value[int], v []byte, line int) []byte {
	n, rest, ok := text.Leading(v)
	if ok && !to.Known() {
		*to = fact.Of(int(n), line)
	}
	return rest
}

// description runs until the keys of the state and the trace that were kept;
// up to API 32 it has its own line.
func (r *exitReader) description(e *Exit, v []byte) {
	if nothing := " state=empty trace=null"; len(v) >= len(nothing) && string(v[len(v)-len(nothing):]) == nothing {
		v = v[:len(v)-len(nothing)] // nearly always
	} else if i := lastIndex(v, " state="); i >= 0 && bytes.Contains(v[i:], []byte(" trace=")) {
		v = v[:i]
	}
	if v = bytes.TrimSpace(v); e.Description == "" && string(v) != "null" {
		e.Description = r.words.Word(v)
	}
}

// coded reads `4 (APP CRASH(EXCEPTION))`: a number and words in nested
// parentheses, and what stands behind.
func coded(v []byte) (code fact.Value[int], words, rest []byte) {
	rest = number(&code, v, 0)
	if len(rest) < 2 || rest[0] != ' ' || rest[1] != '(' {
		return code, nil, rest
	}
	rest = rest[2:]
	depth := 1
	for i, c := range rest {
		switch c {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return code, rest[:i], rest[i+1:]
			}
		}
	}
	return code, rest, nil
}
