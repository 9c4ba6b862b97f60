package activity

import (
	"strings"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

// ParseExits reads `dumpsys activity exit-info [PKG]` (API 30). The error is a
// *text.Problem.
func ParseExits(b []byte) (Exits, error) {
	body, p := text.Open(b, service)
	var (
		all  = []Exit{}
		at   int
		pkg  string
		uid  fact.Value[int]
		open bool
	)
	for s := body.Lines(); s.Next(); {
		l := s.Line()
		t := l.Text()
		switch {
		case has(t, "ACTIVITY MANAGER PROCESS EXIT INFO"):
			at = l.N
		case has(t, "package: "):
			pkg, uid, open = string(t[len("package: "):]), fact.Unknown[int](), false
		case has(t, "Historical Process Exit for "):
			uid, open = text.IntFact(l, "uid="), false
		case has(t, "ApplicationExitInfo #"):
			all = append(all, Exit{Package: pkg, UID: uid, Line: l.N})
			open = true
		case open && len(t) > 0:
			all[len(all)-1].line(l)
		}
	}
	f := Exits{}
	if at != 0 {
		f.Exits = fact.Of(all, at)
	}
	switch {
	case p != nil:
		return f, p
	case at == 0:
		return f, &text.Problem{Kind: text.NotADump, Service: service, Msg: "no line ACTIVITY MANAGER PROCESS EXIT INFO"}
	}
	return f, nil
}

// line reads one line of a record: a key each up to API 32, several since.
// Descriptions may hold blanks and "=": they run until the key that follows.
func (e *Exit) line(l text.Line) {
	t := string(l.Text())
	desc := ""
	if i := index(t, "description="); i >= 0 {
		t, desc = t[:i], t[i+len("description="):]
		// Up to API 32 the description has its own line.
		if j := strings.LastIndex(desc, " state="); j >= 0 && strings.Contains(desc[j:], " trace=") {
			desc = desc[:j]
		}
		e.Description = strings.TrimSpace(desc)
		if e.Description == "null" {
			e.Description = ""
		}
	}
	rest := text.Line{N: l.N, Raw: []byte(t)}
	text.Set(&e.PID, text.IntFact(rest, "pid="))
	text.Set(&e.User, text.IntFact(rest, "user="))
	text.Set(&e.Status, text.IntFact(rest, "status="))
	text.Set(&e.Importance, text.IntFact(rest, "importance="))
	if i := index(t, "timestamp="); i >= 0 && e.Timestamp == "" {
		v := t[i+len("timestamp="):]
		v, _, _ = strings.Cut(v, " pid=")
		e.Timestamp = strings.TrimSpace(v)
	}
	if v, ok := text.Word([]byte(t), "process="); ok && e.Process == "" {
		e.Process = v
	}
	if e.Reason == "" {
		if n, words, ok := coded(t, "reason="); ok {
			e.Code, e.Reason = fact.Of(n, l.N), words
		}
	}
	if e.Subreason == "" {
		if _, words, ok := coded(t, "subreason="); ok {
			e.Subreason = words
		}
	}
}

// coded reads `reason=4 (APP CRASH(EXCEPTION))`: words in nested parentheses.
func coded(t, key string) (int, string, bool) {
	i := index(t, key)
	if i < 0 {
		return 0, "", false
	}
	v := t[i+len(key):]
	n, ok := text.Int([]byte(v))
	if !ok {
		return 0, "", false
	}
	_, v, ok = strings.Cut(v, " (")
	if !ok {
		return int(n), "", true
	}
	depth := 1
	for i := range len(v) {
		switch v[i] {
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

// index finds a key at a word's begin.
func index(t, key string) int {
	v, ok := text.Value([]byte(t), key)
	if !ok {
		return -1
	}
	return len(t) - len(v) - len(key)
}
