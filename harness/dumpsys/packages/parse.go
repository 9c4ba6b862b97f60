package packages

import (
	"bytes"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

const service = "package"

// Parse reads a dump of one package or of all. The error is a *text.Problem.
func Parse(b []byte) (Facts, error) {
	body, p := text.Open(b, service)
	r := reader{section: notOurs, size: len(body.Text)}
	for s := body.Lines(); s.Next(); {
		r.line(s.Line(), r.size-len(s.Rest()))
	}
	r.closePackage()
	if r.at != 0 {
		if r.all == nil {
			r.all = []Package{}
		}
		r.facts.Packages = fact.Of(r.all, r.at)
	}
	switch {
	case p != nil:
		return r.facts, p
	case r.at == 0 && len(r.facts.Missing) == 0:
		return r.facts, &text.Problem{Kind: text.NotADump, Service: service, Msg: "no line Packages:"}
	case r.cut:
		return r.facts, &text.Problem{Kind: text.Truncated, Service: service, Line: r.last, Msg: "a package without a user's block"}
	}
	return r.facts, nil
}

// part is what the lines of a package belong to.
type part int

const (
	notOurs part = iota // outside of Packages:
	keys
	requested
	install
	user    // keys of a user
	runtime // a user's runtime permissions
	other   // a list that nobody asked for
)

// isList says which parts are lists.
var isList = [...]bool{requested: true, install: true, runtime: true, other: true}

// reader gathers the lists of one package at a time, to give each the room that
// it needs and no more.
type reader struct {
	facts Facts
	all   []Package
	size  int // bytes of the text
	done  int // bytes up to the current line
	words text.Words
	at    int
	last  int
	cut   bool

	section  part
	indent   int // of the list that is open
	topAt    int // indent of Packages:
	open     bool
	pkg      *Package // the last of all, if open
	users    []User
	usersAt  int
	requests []string
	grants   []Permission
	flags    []string
	listAt   int
}

func (r *reader) line(l text.Line, done int) {
	t := l.Text()
	r.done = done
	if len(t) == 0 {
		return
	}
	r.last = l.N
	if t[0] == 'U' {
		if v, ok := text.After(t, "Unable to find package: "); ok {
			r.facts.Missing = append(r.facts.Missing, string(v))
			return
		}
	}
	if r.section == notOurs {
		if t[0] == 'P' && string(t) == "Packages:" && r.at == 0 {
			r.section, r.at, r.topAt = keys, l.N, l.Indent
		}
		return
	}
	if l.Indent <= r.topAt {
		r.closePackage()
		r.section = notOurs // Hidden system packages: and all that follows
		return
	}
	if t[0] == 'P' {
		if v, ok := text.After(t, "Package ["); ok {
			r.closePackage()
			if i := bytes.IndexByte(v, ']'); i >= 0 {
				r.all = text.Extend(r.all, done, r.size)
				r.pkg = &r.all[len(r.all)-1]
				r.pkg.Name, r.pkg.Line, r.section, r.open = string(v[:i]), l.N, keys, true
			}
			return
		}
	}
	if r.open {
		r.inPackage(l, t)
	}
}

func (r *reader) inPackage(l text.Line, t []byte) {
	if t[len(t)-1] == ':' && r.list(l, t) {
		return
	}
	if isList[r.section] {
		if l.Indent > r.indent {
			r.entry(l, t)
			return
		}
		r.closeList()
	}
	if t[0] == 'U' {
		if v, ok := text.After(t, "User "); ok {
			if id, ok := text.Int(v); ok && bytes.Contains(v[:min(len(v), 20)], []byte(": ")) {
				r.user(l, int(id))
				return
			}
		}
	}
	if r.section == keys {
		r.key(l, t)
	}
}

// list opens a list at its title. The lists of a user stand after its line.
func (r *reader) list(l text.Line, t []byte) bool {
	next := other
	switch string(t) {
	case "requested permissions:":
		next = requested
	case "install permissions:":
		next = install
	case "runtime permissions:":
		next = runtime
	default:
		if l.Indent > r.indent && r.section == other || bytes.IndexByte(t, '=') >= 0 {
			return false
		}
	}
	r.closeList()
	r.section, r.indent, r.listAt = next, l.Indent, l.N
	r.requests, r.grants = r.requests[:0], r.grants[:0]
	return true
}

func (r *reader) entry(l text.Line, t []byte) {
	switch r.section {
	case requested:
		if i := bytes.IndexByte(t, ':'); i >= 0 { // ": restricted=true"
			t = t[:i]
		}
		r.requests = append(r.requests, r.words.Word(t))
	case install, runtime:
		i := bytes.IndexByte(t, ':')
		rest, ok := text.After(t[max(i, 0):], ": granted=")
		if i < 0 || !ok {
			return
		}
		g := Permission{Name: r.words.Word(t[:i]), Granted: len(rest) > 0 && rest[0] == 't', Line: l.N}
		if i := bytes.Index(rest, []byte("flags=[")); i >= 0 {
			v := rest[i+len("flags=["):]
			if i := bytes.IndexByte(v, ']'); i >= 0 {
				v = v[:i]
			}
			g.Flags = r.flagWords(v)
		}
		r.grants = append(r.grants, g)
	}
}

// flagWords reads words parted by blanks or bars.
func (r *reader) flagWords(v []byte) []string {
	r.flags = r.flags[:0]
	for len(v) > 0 {
		n := 0
		for n < len(v) && v[n] != ' ' && v[n] != '|' {
			n++
		}
		if n > 0 {
			r.flags = append(r.flags, r.words.Word(v[:n]))
		}
		v = v[min(n+1, len(v)):]
	}
	return exact(r.flags)
}

// exact is a copy without spare room, and never nil.
func exact[T any](s []T) []T { return append(make([]T, 0, len(s)), s...) }

// closeList stores the list that is open.
func (r *reader) closeList() {
	switch r.section {
	case requested:
		if !r.pkg.Requested.Known() {
			r.pkg.Requested = fact.Of(exact(r.requests), r.listAt)
		}
	case install:
		if !r.pkg.Install.Known() {
			r.pkg.Install = fact.Of(exact(r.grants), r.listAt)
		}
	case runtime:
		if n := len(r.users); n > 0 && !r.users[n-1].Runtime.Known() {
			r.users[n-1].Runtime = fact.Of(exact(r.grants), r.listAt)
		}
	}
	if len(r.users) > 0 {
		r.section = user
	} else {
		r.section = keys
	}
}

// user reads `User 0: ceDataInode=1 installed=true hidden=false ...`.
func (r *reader) user(l text.Line, id int) {
	r.users = text.Extend(r.users, r.done, r.size)
	u := &r.users[len(r.users)-1]
	u.ID, u.Line = id, l.N
	if r.usersAt == 0 {
		r.usersAt = l.N
	}
	r.section = user
	for rest := l.Text(); len(rest) > 0; {
		word := rest
		if i := bytes.IndexByte(rest, ' '); i >= 0 {
			word, rest = rest[:i], rest[i+1:]
		} else {
			rest = nil
		}
		i := bytes.IndexByte(word, '=')
		if i < 0 {
			continue
		}
		v := word[i+1:]
		switch string(word[:i]) {
		case "installed":
			flag(&u.Installed, v, l.N)
		case "hidden":
			flag(&u.Hidden, v, l.N)
		case "suspended":
			flag(&u.Suspended, v, l.N)
		case "stopped":
			flag(&u.Stopped, v, l.N)
		case "notLaunched":
			flag(&u.NotLaunched, v, l.N)
		case "enabled":
			if n, ok := text.Int(v); ok {
				text.Set(&u.Enabled, fact.Of(int(n), l.N))
			}
		}
	}
}

func flag(to *fact.Value[bool], v []byte, line int) {
	if b, ok := text.Bool(v); ok {
		text.Set(to, fact.Of(b, line))
	}
}

// key reads the keys of a package, which several releases glue into one line.
func (r *reader) key(l text.Line, t []byte) {
	p := r.pkg
	switch t[0] {
	case 'a':
		if text.Has(t, "appId=") {
			text.Set(&p.UID, text.IntFact(l, "appId=")) // API 34
		}
	case 'u':
		if text.Has(t, "userId=") {
			text.Set(&p.UID, text.IntFact(l, "userId="))
		}
	case 'v':
		switch {
		case text.Has(t, "versionCode="):
			if n, ok := text.Int(t[len("versionCode="):]); ok {
				text.Set(&p.VersionCode, fact.Of(n, l.N))
			}
			text.Set(&p.MinSDK, text.IntFact(l, "minSdk="))
			text.Set(&p.TargetSDK, text.IntFact(l, "targetSdk="))
		case text.Has(t, "versionName="):
			r.word(&p.VersionName, t[len("versionName="):], l.N)
		}
	case 'f':
		if v, ok := text.After(t, "flags=["); ok && !p.Flags.Known() {
			if i := bytes.IndexByte(v, ']'); i >= 0 {
				v = v[:i]
			}
			p.Flags = fact.Of(r.flagWords(v), l.N)
		}
	case 'l':
		if v, ok := text.After(t, "lastUpdateTime="); ok {
			r.word(&p.Updated, v, l.N)
		}
	case 'i':
		if v, ok := text.After(t, "installerPackageName="); ok {
			r.word(&p.Installer, v, l.N)
		}
	}
}

func (r *reader) word(to *fact.Value[string], v []byte, line int) {
	if string(v) != "null" && len(v) > 0 {
		text.Set(to, fact.Of(r.words.Word(v), line))
	}
}

// closePackage stores the package that is open. One without a user's block was
// cut: every release prints at least user 0.
func (r *reader) closePackage() {
	if !r.open {
		return
	}
	r.closeList()
	if r.usersAt != 0 {
		r.pkg.Users = fact.Of(exact(r.users), r.usersAt)
	} else {
		r.cut = true
	}
	r.open, r.pkg, r.users, r.usersAt, r.section, r.indent = false, nil, r.users[:0], 0, keys, 0
}
