package appops

import (
	"bytes"
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
	r := getReader{all: len(body.Text), words: text.CopyOf(body.Text)}
	for s := body.Lines(); s.Next(); {
		r.line(s.Text(), s.N(), r.all-len(s.Rest()))
	}
	if r.at != 0 {
		if r.ops == nil {
			r.ops = []Op{}
		}
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
	seen   map[string]bool // the uid's names, while it is not known where they end
	words  text.Copy
	all    int // bytes of the text
	at     int
	scope  Scope // of the next line
	denied text.Line
}

func (r *getReader) line(t []byte, line, done int) {
	if len(t) == 0 || r.op(t, line, done) {
		return
	}
	switch {
	case string(t) == "No operations.":
		r.begin(line)
	case bytes.HasPrefix(t, []byte("Default mode: ")):
		text.Set(&r.facts.Default, fact.Of(mode(bytes.TrimSpace(t[len("Default mode: "):])), line))
	case bytes.HasPrefix(t, []byte("Error: No UID for ")):
		name := t[len("Error: No UID for "):]
		if i := bytes.LastIndex(name, []byte(" in user ")); i >= 0 {
			name = name[:i]
		}
		text.Set(&r.facts.NoPackage, fact.Of(string(name), line))
	case bytes.HasPrefix(t, []byte("Error: Unknown operation string: ")):
		text.Set(&r.facts.NoOp, fact.Of(string(t[len("Error: Unknown operation string: "):]), line))
	case r.denied.N == 0 && (bytes.Contains(t, []byte("SecurityException")) || bytes.HasPrefix(t, []byte("Security exception: "))):
		r.denied = text.Line{N: line, Raw: t}
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
func (r *getReader) op(t []byte, line, done int) bool {
	scope := r.scope
	if t[0] == 'U' {
		if rest, ok := text.After(t, "Uid mode: "); ok {
			t, scope = rest, UIDScope
		}
	}
	name, rest := leading(t, opName)
	if len(name) == 0 || len(rest) < 3 || rest[0] != ':' || rest[1] != ' ' {
		return false
	}
	word, more := leading(rest[2:], modeWord)
	if len(word) == 0 || len(more) > 0 && more[0] != ';' && more[0] != ' ' {
		return false
	}
	r.begin(line)
	r.ops = text.Fresh(r.ops, done, r.all)
	o := &r.ops[len(r.ops)-1]
	o.Name, o.Mode, o.Line = r.words.Word(name), mode(word), line
	o.history(more, line)
	switch {
	case scope == UIDScope:
		r.scope = UnknownScope
		if r.seen == nil {
			r.seen = map[string]bool{}
		}
	case r.at == line:
		scope = PackageScope
	case r.scope == UnknownScope && (r.seen[o.Name] || len(more) > 0):
		scope, r.scope, r.seen = PackageScope, PackageScope, nil
	}
	o.Scope = scope
	if r.scope == UnknownScope && r.seen != nil {
		r.seen[o.Name] = true
	}
	return true
}

// history reads what stands behind a mode, parted by "; ". The command prints
// `time=+3d2h1m0s0ms ago`, the dump of API 26 and 27 the same.
func (o *Op) history(s []byte, line int) {
	for len(s) > 0 {
		if s[0] == ';' || s[0] == ' ' {
			s = s[1:]
			continue
		}
		if v, ok := text.After(s, "time="); ok {
			s = setAgo(&o.Access, v, line)
			continue
		} else if v, ok := text.After(s, "rejectTime="); ok {
			s = setAgo(&o.Reject, v, line)
			continue
		}
		part := s
		if i := bytes.IndexByte(s, ';'); i >= 0 {
			part, s = s[:i], s[i+1:]
		} else {
			s = nil
		}
		o.Running = o.Running || len(part) > 0 && part[len(part)-1] == ')' && bytes.HasSuffix(part, []byte("(running)"))
	}
}

// setAgo reads `+5s ago` and returns what stands behind the time.
func setAgo(to *fact.Value[time.Duration], v []byte, line int) []byte {
	d, n, ok := span(v)
	if !ok || n < len(v) && v[n] != ' ' && v[n] != ';' {
		return v
	}
	if !to.Known() {
		*to = fact.Of(d, line)
	}
	if v = v[n:]; text.Has(v, " ago") {
		v = v[len(" ago"):]
	}
	return v
}

// class has the characters of one kind of word.
type class [256]bool

func classOf(chars string) *class {
	var c class
	for i := range len(chars) {
		c[chars[i]] = true
	}
	return &c
}

const digits = "0123456789"

var (
	// opName is what operations' names are made of: MIUIOP(10020) is one.
	opName = classOf("ABCDEFGHIJKLMNOPQRSTUVWXYZ_()" + digits)
	// modeWord is what modes are made of, `mode=1` of API 26 included.
	modeWord = classOf("abcdefghijklmnopqrstuvwxyz_=" + digits)
)

// leading parts s behind the characters of a class.
func leading(s []byte, c *class) (word, rest []byte) {
	n := 0
	for n < len(s) && c[s[n]] {
		n++
	}
	return s[:n], s[n:]
}

// mode reads a mode as a word or, as API 26 prints some, as AppOpsManager.MODE_*.
func mode(b []byte) Mode {
	if v, ok := text.After(b, "mode="); ok {
		b = v
	}
	switch string(b) {
	case "allow", "0":
		return Allow
	case "ignore", "1":
		return Ignore
	case "deny", "2":
		return Deny
	case "default", "3":
		return Default
	case "foreground", "4":
		return Foreground
	}
	return Mode(b)
}

// duration reads TimeUtils.formatDuration: "+3d2h1m0s0ms", "+5s", "0".
func duration(s []byte) (time.Duration, bool) {
	d, n, ok := span(s)
	return d, ok && n == len(s)
}

// span reads the duration that s begins with, n bytes long.
func span(s []byte) (sum time.Duration, n int, ok bool) {
	const day, longest = 24 * time.Hour, 36500
	i := 0
	if len(s) > 0 && s[0] == '+' {
		i++
	}
	first, at := i, i
	var v time.Duration
	last := 2 * longest * day // each unit is less than the one before
	for ; i < len(s); i++ {
		c := s[i]
		if d := c - '0'; d < 10 {
			v = v*10 + time.Duration(d)
			continue
		}
		if i == at || i-at > 9 {
			break
		}
		// The most of each unit is a constant: a division would cost as much as the rest.
		var unit, most time.Duration
		switch c {
		case 's':
			unit, most = time.Second, longest*day/time.Second
		case 'm':
			unit, most = time.Minute, longest*day/time.Minute
			if i+1 < len(s) && s[i+1] == 's' {
				unit, most, i = time.Millisecond, longest*day/time.Millisecond, i+1
			}
		case 'h':
			unit, most = time.Hour, longest*day/time.Hour
		case 'd':
			unit, most = day, longest
		default:
			return 0, i, v == 0 && i == first+1 // a zero has no unit
		}
		if unit >= last || v > most {
			return 0, i, false
		}
		sum, last, v, at = sum+v*unit, unit, 0, i+1
	}
	if at == i {
		return sum, i, i > first
	}
	return 0, i, v == 0 && at == first && i == first+1
}
