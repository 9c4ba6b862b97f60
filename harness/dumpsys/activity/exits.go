package activity

import (
	"bytes"

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
	all   []Exit
	words text.Words
	size  int // bytes of the text
	at    int
	pkg   string
	uid   fact.Value[int]
	open  bool // the last record goes on
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
	for {
		key, v := cut(t, '=')
		if v == nil {
			return
		}
		key = key[bytes.LastIndexByte(key, ' ')+1:] // behind the value before it
		switch string(key) {
		case "timestamp":
			// Date and time; with milliseconds since API 33.
			stamp := v[:min(len(v), len("2026-03-14 05:31:19.889 "))]
			if i := bytes.Index(stamp, []byte(" p")); i >= 0 {
				stamp = stamp[:i]
			}
			if e.Timestamp == "" {
				e.Timestamp = string(bytes.TrimSpace(stamp))
			}
		case "pid":
			number(&e.PID, v, line)
			// Three more uids stand between it and the user.
			if i := bytes.Index(v[:min(len(v), 64)], []byte(" user=")); i >= 0 {
				v = v[i+1:]
			}
		case "user":
			number(&e.User, v, line)
		case "status":
			number(&e.Status, v, line)
		case "importance":
			number(&e.Importance, v, line)
			// Two sizes stand between it and the description.
			if i := bytes.Index(v[:min(len(v), 64)], []byte(" description=")); i >= 0 {
				v = v[i+1:]
			}
		case "process":
			if name, _ := cut(v, ' '); e.Process == "" {
				e.Process = r.words.Word(name)
			}
		case "reason":
			if e.Code.Known() {
				break
			}
			if n, words, ok := coded(v); ok {
				e.Code, e.Reason = fact.Of(n, line), r.words.Word(words)
			}
		case "subreason":
			if e.Subreason != "" {
				break
			}
			if _, words, ok := coded(v); ok {
				e.Subreason = r.words.Word(words)
			}
		case "description":
			r.description(e, v)
			return
		}
		t = v
	}
}

func number(to *fact.Value[int], v []byte, line int) {
	if n, ok := text.Int(v); ok {
		text.Set(to, fact.Of(int(n), line))
	}
}

// description runs until the keys of the state and the trace that were kept;
// up to API 32 it has its own line.
func (r *exitReader) description(e *Exit, v []byte) {
	trace := max(bytes.LastIndexByte(v, ' '), 0)
	state := max(bytes.LastIndexByte(v[:trace], ' '), 0)
	if text.Has(v[trace:], " trace=") && text.Has(v[state:], " state=") {
		v = v[:state] // nearly always the last two words
	} else if i := lastIndex(v, " state="); i >= 0 && bytes.Contains(v[i:], []byte(" trace=")) {
		v = v[:i]
	}
	if v = bytes.TrimSpace(v); e.Description == "" && string(v) != "null" {
		e.Description = r.words.Word(v)
	}
}

// coded reads `4 (APP CRASH(EXCEPTION))`: words in nested parentheses.
func coded(v []byte) (int, []byte, bool) {
	n, ok := text.Int(v)
	if !ok {
		return 0, nil, false
	}
	_, v = cut(v, ' ')
	if len(v) == 0 || v[0] != '(' {
		return int(n), nil, true
	}
	v = v[1:]
	depth := 1
	for i, c := range v {
		switch c {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return int(n), v[:i], true
			}
		}
	}
	return int(n), v, true
}
