package appops

import (
	"bytes"
	"strings"
	"time"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

const service = "appops"

// Parse reads the answer of `cmd appops get PKG [OP]`. The error is a
// *text.Problem. A package or an operation that does not exist is a fact, not a
// problem of the text.
func Parse(b []byte) (Facts, error) {
	body, p := text.Open(b, service)
	r := getReader{seen: map[string]bool{}, ops: []Op{}}
	for s := body.Lines(); s.Next(); {
		r.line(s.Line())
	}
	if r.at != 0 {
		r.facts.Ops = fact.Of(r.ops, r.at)
	}
	switch {
	case p != nil:
		return r.facts, p
	case r.denied.N != 0 && r.at == 0:
		return r.facts, &text.Problem{Kind: text.Denied, Service: service, Line: r.denied.N, Msg: text.Clip(r.denied.Text())}
	case r.at == 0 && !r.facts.NoPackage.Known() && !r.facts.NoOp.Known():
		return r.facts, &text.Problem{Kind: text.NotADump, Service: service, Msg: "no line of an operation"}
	}
	return r.facts, nil
}

type getReader struct {
	facts  Facts
	ops    []Op
	seen   map[string]bool
	at     int
	scope  Scope // of the next line
	denied text.Line
}

func (r *getReader) line(l text.Line) {
	t := string(l.Text())
	switch {
	case t == "":
	case t == "No operations.":
		r.begin(l.N)
	case strings.HasPrefix(t, "Default mode: "):
		text.Set(&r.facts.Default, fact.Of(mode(t[len("Default mode: "):]), l.N))
	case strings.HasPrefix(t, "Error: No UID for "):
		name := t[len("Error: No UID for "):]
		if i := strings.LastIndex(name, " in user "); i >= 0 {
			name = name[:i]
		}
		text.Set(&r.facts.NoPackage, fact.Of(name, l.N))
	case strings.HasPrefix(t, "Error: Unknown operation string: "):
		text.Set(&r.facts.NoOp, fact.Of(t[len("Error: Unknown operation string: "):], l.N))
	case strings.Contains(t, "SecurityException") || strings.HasPrefix(t, "Security exception: "):
		if r.denied.N == 0 {
			r.denied = l
		}
	default:
		r.op(t, l.N)
	}
}

func (r *getReader) begin(line int) {
	if r.at == 0 {
		r.at, r.scope = line, PackageScope
	}
}

// op reads `NAME: mode[; time=+1h ago][; rejectTime=+5s ago][ (running)][; duration=+2s]`.
// Only the first of the uid's lines is marked as such. The package's begin at
// the latest with a name that came before, or with a time: the uid's have none.
func (r *getReader) op(t string, line int) {
	scope := r.scope
	if rest, ok := strings.CutPrefix(t, "Uid mode: "); ok {
		t, scope = rest, UIDScope
	}
	name, rest, ok := strings.Cut(t, ": ")
	if !ok || !opName(name) {
		return
	}
	word, more, _ := strings.Cut(rest, ";")
	word, running, _ := strings.Cut(word, " ")
	if !modeWord(word) {
		return
	}
	r.begin(line)
	o := Op{Name: name, Mode: mode(word), Line: line, Running: running == "(running)" || strings.Contains(more, "(running)")}
	o.Access, o.Reject = ago(more, "time=", line), ago(more, "rejectTime=", line)
	switch {
	case scope == UIDScope:
		r.scope = UnknownScope
	case r.at == line:
		scope = PackageScope
	case r.scope == UnknownScope && (r.seen[name] || more != "" || running != ""):
		scope, r.scope = PackageScope, PackageScope
	}
	o.Scope = scope
	r.seen[name] = true
	r.ops = append(r.ops, o)
}

// ago reads the time after key: ` time=+3d2h1m0s0ms ago`.
func ago(s, key string, line int) fact.Value[time.Duration] {
	if v, ok := text.Word([]byte(s), key); ok {
		v, _, _ = strings.Cut(v, ";")
		if d, ok := duration(v); ok {
			return fact.Of(d, line)
		}
	}
	return fact.Unknown[time.Duration]()
}

// ParseDump reads `dumpsys appops`. The error is a *text.Problem.
func ParseDump(b []byte) (Dump, error) {
	body, p := text.Open(b, service)
	r := dumpReader{all: []UID{}}
	for s := body.Lines(); s.Next(); {
		r.line(s.Line())
	}
	d := Dump{}
	switch {
	case r.head != 0:
		d.UIDs = fact.Of(r.all, r.head)
	case len(r.all) > 0:
		d.Fragments = fact.Of(r.all, r.all[0].Line)
	}
	switch {
	case p != nil:
		return d, p
	case r.head == 0:
		return d, &text.Problem{Kind: text.NotADump, Service: service, Msg: "no line Current AppOps Service state:"}
	}
	return d, nil
}

type dumpReader struct {
	head   int
	all    []UID
	open   bool // the last uid goes on
	indent int  // of its line
	inPkg  bool
}

func (r *dumpReader) line(l text.Line) {
	t := l.Text()
	switch {
	case len(t) == 0:
	case bytes.HasPrefix(t, []byte("Current AppOps Service state:")):
		r.head = l.N
	case bytes.HasPrefix(t, []byte("Uid ")) && t[len(t)-1] == ':':
		uid, user, ok := text.UID(string(t[len("Uid ") : len(t)-1]))
		r.open, r.inPkg, r.indent = ok, false, l.Indent
		if ok {
			r.all = append(r.all, UID{UID: uid, User: user, Ops: []Op{}, Packages: []Package{}, Line: l.N})
		}
	case !r.open:
	case l.Indent <= r.indent:
		r.open = false
	default:
		r.inUID(l, t)
	}
}

func (r *dumpReader) inUID(l text.Line, t []byte) {
	u := &r.all[len(r.all)-1]
	if name, ok := text.After(t, "Package "); ok && t[len(t)-1] == ':' {
		u.Packages = append(u.Packages, Package{Name: string(name[:len(name)-1]), Ops: []Op{}, Line: l.N})
		r.inPkg = true
		return
	}
	if !r.inPkg && bytes.HasPrefix(t, []byte("state=")) {
		text.Set(&u.State, text.WordFact(l, "state="))
	}
	ops, scope := &u.Ops, UIDScope
	if r.inPkg {
		ops, scope = &u.Packages[len(u.Packages)-1].Ops, PackageScope
	}
	if n := len(*ops); n > 0 && (*ops)[n-1].history(t, l.N) {
		return
	}
	if o, ok := dumpOp(t, l.N); ok {
		o.Scope = scope
		*ops = append(*ops, o)
	}
}

// dumpOp reads `NAME (mode): `, and `NAME: mode=word` of uids, which API 26 and
// 27 print for packages too, with a number and the times behind it.
func dumpOp(t []byte, line int) (Op, bool) {
	if head, ok := bytes.CutSuffix(t, []byte("):")); ok {
		i := bytes.LastIndex(head, []byte(" ("))
		if i <= 0 || !opName(head[:i]) || !modeWord(string(head[i+2:])) {
			return Op{}, false
		}
		return Op{Name: string(head[:i]), Mode: mode(string(head[i+2:])), Line: line}, true
	}
	i := bytes.Index(t, []byte(": mode="))
	if i <= 0 || !opName(t[:i]) {
		return Op{}, false
	}
	word, more, _ := strings.Cut(string(t[i+len(": "):]), ";")
	word, _, _ = strings.Cut(word, " ")
	return Op{Name: string(t[:i]), Mode: mode(word), Line: line, Running: bytes.Contains(t[i:], []byte("(running)")),
		Access: ago(more, "time=", line), Reject: ago(more, "rejectTime=", line)}, true
}

// history reads `Access: [fg-s] <date> (-2h1m0s0ms) ...` and `Reject: ...`. The
// states of the app have a line each: the latest counts.
func (o *Op) history(t []byte, line int) bool {
	to := &o.Access
	switch {
	case bytes.HasPrefix(t, []byte("Access: ")):
	case bytes.HasPrefix(t, []byte("Reject: ")):
		to = &o.Reject
	case bytes.HasPrefix(t, []byte("Running start at: ")):
		o.Running = true
		return true
	default:
		return false
	}
	_, v, ok := bytes.Cut(t, []byte(" (-"))
	if !ok {
		return true
	}
	v, _, _ = bytes.Cut(v, []byte(")"))
	if d, ok := duration(string(v)); ok {
		if was, known := to.Get(); !known || d < was {
			*to = fact.Of(d, line)
		}
	}
	return true
}

// opName reports whether s can be an operation's name: MIUIOP(10020) is one.
func opName[T string | []byte](s T) bool {
	for i := range len(s) {
		c := s[i]
		if (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' && c != '(' && c != ')' {
			return false
		}
	}
	return len(s) > 0
}

func modeWord(s string) bool {
	s = strings.TrimPrefix(s, "mode=")
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return s != ""
}

// mode reads a mode as a word or, as API 26 prints some, as AppOpsManager.MODE_*.
func mode(s string) Mode {
	s = strings.TrimPrefix(strings.TrimSpace(s), "mode=")
	if modes := [...]Mode{Allow, Ignore, Deny, Default, Foreground}; len(s) == 1 && s[0] >= '0' && int(s[0]-'0') < len(modes) {
		return modes[s[0]-'0']
	}
	return Mode(s)
}

// duration reads TimeUtils.formatDuration: "+3d2h1m0s0ms", "+5s", "0".
func duration(s string) (time.Duration, bool) {
	s = strings.TrimPrefix(s, "+")
	if s == "0" {
		return 0, true
	}
	const day = 24 * time.Hour
	if num, rest, ok := strings.Cut(s, "d"); ok {
		n, ok := text.Int([]byte(num))
		if !ok || n < 0 || n > 36500 {
			return 0, false
		}
		if rest == "" {
			return time.Duration(n) * day, true
		}
		d, err := time.ParseDuration(rest)
		return time.Duration(n)*day + d, err == nil && d >= 0
	}
	d, err := time.ParseDuration(s)
	return d, err == nil && d >= 0
}
