package appops

import (
	"bytes"
	"slices"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

// ParseDump reads `dumpsys appops`. The error is a *text.Problem.
func ParseDump(b []byte) (Dump, error) {
	body, p := text.Open(b, service)
	r := dumpReader{size: len(body.Text)}
	for s := body.Lines(); s.Next(); {
		r.line(s.Line(), r.size-len(s.Rest()))
	}
	r.closeUID(r.size)
	d := Dump{}
	switch {
	case r.head != 0:
		if r.all == nil {
			r.all = []UID{}
		}
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

// dumpReader gathers the operations of one uid and of one package at a time,
// to give each list the room that it needs and no more.
type dumpReader struct {
	head   int
	all    []UID
	size   int // bytes of the text
	words  text.Words
	open   bool // the uid goes on
	indent int  // of its line
	uid    UID
	inPkg  bool
	pkgs   []Package
	uidOps []Op
	pkgOps []Op
}

func (r *dumpReader) line(l text.Line, done int) {
	t := l.Text()
	switch {
	case len(t) == 0:
	case t[0] == 'C' && bytes.HasPrefix(t, []byte("Current AppOps Service state:")):
		if r.head == 0 {
			r.head = l.N
		}
	case t[0] == 'U' && t[len(t)-1] == ':' && bytes.HasPrefix(t, []byte("Uid ")):
		r.closeUID(done)
		uid, user, ok := text.UID(string(t[len("Uid ") : len(t)-1]))
		r.open, r.indent = ok, l.Indent
		r.uid = UID{UID: uid, User: user, Line: l.N}
	case !r.open:
	case l.Indent <= r.indent:
		r.closeUID(done)
	default:
		r.inUID(l, t, done)
	}
}

func (r *dumpReader) closeUID(done int) {
	if !r.open {
		return
	}
	r.closePackage()
	r.uid.Ops, r.uid.Packages = exact(r.uidOps), exact(r.pkgs)
	r.all = text.Append(r.all, r.uid, done, r.size)
	r.open, r.uidOps, r.pkgs = false, r.uidOps[:0], r.pkgs[:0]
}

func (r *dumpReader) closePackage() {
	if r.inPkg {
		r.pkgs[len(r.pkgs)-1].Ops = exact(r.pkgOps)
	}
	r.inPkg, r.pkgOps = false, r.pkgOps[:0]
}

// exact is a copy without spare room, and never nil.
func exact[T any](s []T) []T { return slices.Clip(append(make([]T, 0, len(s)), s...)) }

func (r *dumpReader) inUID(l text.Line, t []byte, done int) {
	if t[0] == 'P' && t[len(t)-1] == ':' {
		if name, ok := text.After(t, "Package "); ok {
			r.closePackage()
			r.pkgs = text.Append(r.pkgs, Package{Name: r.words.Word(name[:len(name)-1]), Line: l.N}, done, r.size)
			r.inPkg = true
			return
		}
	}
	ops, scope := &r.uidOps, UIDScope
	if r.inPkg {
		ops, scope = &r.pkgOps, PackageScope
	} else if t[0] == 's' && bytes.HasPrefix(t, []byte("state=")) {
		text.Set(&r.uid.State, fact.Of(r.words.Word(word(t[len("state="):])), l.N))
		return
	}
	if n := len(*ops); n > 0 && (*ops)[n-1].event(t, l.N) {
		return
	}
	if o, ok := r.op(t, l.N); ok {
		o.Scope = scope
		*ops = text.Append(*ops, o, done, r.size)
	}
}

func word(v []byte) []byte {
	if i := bytes.IndexAny(v, " ,"); i >= 0 {
		v = v[:i]
	}
	return v
}

// op reads `NAME (mode): `, and `NAME: mode=word` of uids, which API 26 and 27
// print for packages too, with a number and the times behind it.
func (r *dumpReader) op(t []byte, line int) (Op, bool) {
	name, rest := leading(t, opName)
	if len(name) == 0 || len(rest) < 4 {
		return Op{}, false
	}
	if rest[0] == ' ' && rest[1] == '(' {
		word, end := leading(rest[2:], modeWord)
		if len(word) == 0 || string(end) != "):" {
			return Op{}, false
		}
		return Op{Name: r.words.Word(name), Mode: mode(word), Line: line}, true
	}
	rest, ok := text.After(rest, ": ")
	if !ok || !bytes.HasPrefix(rest, []byte("mode=")) {
		return Op{}, false
	}
	word, more := leading(rest, modeWord)
	o := Op{Name: r.words.Word(name), Mode: mode(word), Line: line}
	o.history(more, line)
	return o, true
}

// event reads `Access: [fg-s] <date> (-2h1m0s0ms) ...` and `Reject: ...`. The
// states of the app have a line each: the latest counts.
func (o *Op) event(t []byte, line int) bool {
	to := &o.Access
	switch {
	case t[0] == 'A' && bytes.HasPrefix(t, []byte("Access: ")):
	case t[0] == 'R' && bytes.HasPrefix(t, []byte("Reject: ")):
		to = &o.Reject
	case t[0] == 'R' && bytes.HasPrefix(t, []byte("Running start at: ")):
		o.Running = true
		return true
	default:
		return false
	}
	i := bytes.Index(t, []byte(" (-"))
	if i < 0 {
		return true
	}
	v, _, _ := bytes.Cut(t[i+len(" (-"):], []byte(")"))
	if d, ok := duration(v); ok {
		if was, known := to.Get(); !known || d < was {
			*to = fact.Of(d, line)
		}
	}
	return true
}
