package packages

import (
	"bytes"
	"strings"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

const service = "package"

// Parse reads a dump of one package or of all. The error is a *text.Problem.
func Parse(b []byte) (Facts, error) {
	body, p := text.Open(b, service)
	r := reader{section: notOurs}
	for s := body.Lines(); s.Next(); {
		r.line(s.Line())
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

type reader struct {
	facts Facts
	all   []Package
	at    int
	last  int
	cut   bool

	section  part
	indent   int // of the list that is open
	topAt    int // indent of Packages:
	pkg      *Package
	users    []User
	usersAt  int
	requests []string
	grants   []Permission
	listAt   int
}

func (r *reader) line(l text.Line) {
	t := l.Text()
	if len(t) == 0 {
		return
	}
	r.last = l.N
	if v, ok := text.After(t, "Unable to find package: "); ok {
		r.facts.Missing = append(r.facts.Missing, string(v))
		return
	}
	if r.pkg == nil && r.section == notOurs {
		if string(t) == "Packages:" && r.at == 0 {
			r.section, r.at, r.topAt = keys, l.N, l.Indent
		}
		return
	}
	if l.Indent <= r.topAt {
		r.closePackage()
		r.section = notOurs // Hidden system packages: and all that follows
		return
	}
	if v, ok := text.After(t, "Package ["); ok {
		r.closePackage()
		if name, _, ok := bytes.Cut(v, []byte("]")); ok {
			r.pkg, r.section = &Package{Name: string(name), Line: l.N}, keys
		}
		return
	}
	if r.pkg != nil {
		r.inPackage(l, t)
	}
}

func (r *reader) inPackage(l text.Line, t []byte) {
	if r.list(l, t) {
		return
	}
	if (r.section == requested || r.section == install || r.section == runtime || r.section == other) && l.Indent > r.indent {
		r.entry(l, t)
		return
	}
	r.closeList()
	if v, ok := text.After(t, "User "); ok {
		if id, ok := text.Int(v); ok && bytes.Contains(v, []byte(": ")) {
			r.user(l, int(id))
			return
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
		if t[len(t)-1] != ':' || bytes.IndexByte(t, '=') >= 0 || l.Indent > r.indent && r.section == other {
			return false
		}
	}
	r.closeList()
	r.section, r.indent, r.listAt = next, l.Indent, l.N
	r.requests, r.grants = []string{}, []Permission{}
	return true
}

func (r *reader) entry(l text.Line, t []byte) {
	s := string(t)
	switch r.section {
	case requested:
		name, _, _ := strings.Cut(s, ":") // ": restricted=true"
		r.requests = append(r.requests, name)
	case install, runtime:
		name, rest, ok := strings.Cut(s, ": granted=")
		if !ok {
			return
		}
		g := Permission{Name: name, Granted: strings.HasPrefix(rest, "true"), Line: l.N}
		if _, v, ok := strings.Cut(rest, "flags=["); ok {
			v, _, _ = strings.Cut(v, "]")
			for w := range strings.FieldsFuncSeq(v, func(c rune) bool { return c == '|' || c == ' ' }) {
				g.Flags = append(g.Flags, w)
			}
		}
		r.grants = append(r.grants, g)
	}
}

// closeList stores the list that is open.
func (r *reader) closeList() {
	switch r.section {
	case requested:
		text.Set(&r.pkg.Requested, fact.Of(r.requests, r.listAt))
	case install:
		text.Set(&r.pkg.Install, fact.Of(r.grants, r.listAt))
	case runtime:
		if n := len(r.users); n > 0 {
			text.Set(&r.users[n-1].Runtime, fact.Of(r.grants, r.listAt))
		}
	}
	if len(r.users) > 0 {
		r.section = user
	} else {
		r.section = keys
	}
}

func (r *reader) user(l text.Line, id int) {
	u := User{ID: id, Line: l.N,
		Installed: text.BoolFact(l, "installed="), Stopped: text.BoolFact(l, "stopped="),
		NotLaunched: text.BoolFact(l, "notLaunched="), Hidden: text.BoolFact(l, "hidden="),
		Suspended: text.BoolFact(l, "suspended="), Enabled: text.IntFact(l, "enabled=")}
	if r.usersAt == 0 {
		r.usersAt = l.N
	}
	r.users = append(r.users, u)
	r.section = user
}

// key reads the keys of a package, which several releases glue into one line.
func (r *reader) key(l text.Line, t []byte) {
	p := r.pkg
	switch {
	case has(t, "appId="):
		text.Set(&p.UID, text.IntFact(l, "appId=")) // API 34
	case has(t, "userId="):
		text.Set(&p.UID, text.IntFact(l, "userId="))
	case has(t, "versionCode="):
		if n, ok := text.Int(t[len("versionCode="):]); ok {
			text.Set(&p.VersionCode, fact.Of(n, l.N))
		}
		text.Set(&p.MinSDK, text.IntFact(l, "minSdk="))
		text.Set(&p.TargetSDK, text.IntFact(l, "targetSdk="))
	case has(t, "versionName="):
		if v := string(t[len("versionName="):]); v != "null" {
			text.Set(&p.VersionName, fact.Of(v, l.N))
		}
	case has(t, "flags=["):
		v, _, _ := strings.Cut(string(t[len("flags=["):]), "]")
		text.Set(&p.Flags, fact.Of(strings.Fields(v), l.N))
	}
}

// closePackage stores the package that is open. One without a user's block was
// cut: every release prints at least user 0.
func (r *reader) closePackage() {
	if r.pkg == nil {
		return
	}
	r.closeList()
	if r.usersAt != 0 {
		r.pkg.Users = fact.Of(r.users, r.usersAt)
	} else {
		r.cut = true
	}
	r.all = append(r.all, *r.pkg)
	r.pkg, r.users, r.usersAt, r.section, r.indent = nil, nil, 0, keys, 0
}

func has(t []byte, key string) bool {
	return len(t) >= len(key) && string(t[:len(key)]) == key
}
