// Package users reads `dumpsys user` (Parse) and `pm list users` (ParseList) of
// API 26 and newer: who there is on the phone, and whose storage is unlocked.
//
// Source: UserManagerService.dump and PackageManagerShellCommand, as the parsers
// of Android's own test library read them (nene's AdbUserParser26 and 30): no
// captured text was at hand. The package asks for no more than the form of
// UserInfo and single keys, which may be missing. It knows no keyguard.
package users

import (
	"bytes"
	"strconv"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

const service = "user"

// Facts is what one text says.
type Facts struct {
	Users fact.Value[[]User] `json:"users"`
	// Current is the user in front, which older releases do not print.
	Current fact.Value[int] `json:"current"`
}

// User is one user or profile.
type User struct {
	ID int `json:"id"`
	// Name is the owner's or the maker's text, localised.
	Name string `json:"name"`
	// Flags are UserInfo.FLAG_*: 0x20 is a profile (a work profile, say).
	Flags  uint64          `json:"flags"`
	Serial fact.Value[int] `json:"serial"`
	// State is UserState's word, STATE_ left out: BOOTING, RUNNING_LOCKED,
	// RUNNING_UNLOCKING, RUNNING_UNLOCKED, STOPPING, SHUTDOWN. Locked means that
	// the user has not typed a credential since the phone started.
	State fact.Value[string] `json:"state"`
	// Running is known from the list, and from a known state.
	Running fact.Value[bool] `json:"running"`
	// Type is android.os.usertype.full.SYSTEM, ...profile.MANAGED, ... (API 30).
	Type fact.Value[string] `json:"type"`
	// Parent is the user that a profile belongs to (API 31).
	Parent fact.Value[int] `json:"parent"`
	// Removing users are on their way out, Partial ones not yet whole.
	Removing bool `json:"removing"`
	Partial  bool `json:"partial"`
	Line     int  `json:"line"`
}

// Unlocked reports whether the user's storage is decrypted, which is not
// whether a keyguard shows.
func (u User) Unlocked() fact.Value[bool] {
	s, ok := u.State.Get()
	if !ok {
		return fact.Unknown[bool]()
	}
	return fact.Of(s == "RUNNING_UNLOCKED", u.State.Line())
}

// User returns the user of an id.
func (f Facts) User(id int) fact.Value[User] {
	for _, u := range f.Users.Or(nil) {
		if u.ID == id {
			return fact.Of(u, u.Line)
		}
	}
	return fact.Unknown[User]()
}

// Parse reads `dumpsys user`. The error is a *text.Problem.
func Parse(b []byte) (Facts, error) { return parse(b, true) }

// ParseList reads `pm list users`. The error is a *text.Problem.
func ParseList(b []byte) (Facts, error) { return parse(b, false) }

// parse reads the users of either text. The keys of a dump stand below a user,
// above all and behind all.
func parse(b []byte, dump bool) (Facts, error) {
	body, p := text.Open(b, service)
	r := reader{dump: dump, size: len(body.Text), names: text.CopyOf(body.Text), all: []User{}}
	for s := body.Lines(); s.Next(); {
		r.line(&s)
	}
	f := r.f
	if r.at != 0 {
		f.Users = fact.Of(r.all, r.at)
	}
	switch {
	case p != nil:
		return f, p
	case r.at == 0:
		return f, &text.Problem{Kind: text.NotADump, Service: service, Msg: "no line Users:"}
	case len(r.all) == 0:
		// There is always a user 0.
		return Facts{}, &text.Problem{Kind: text.Truncated, Service: service, Line: r.at, Msg: "the text ends before its first user"}
	}
	return f, nil
}

type reader struct {
	f      Facts
	dump   bool
	size   int // bytes of the text
	words  text.Words
	names  text.Copy // of the list, which has little else
	all    []User
	at     int
	indent int  // of the last user's line
	open   bool // keys still belong to it
}

func (r *reader) line(l *text.Lines) {
	t, line := l.Text(), l.N()
	if len(t) == 0 {
		return
	}
	switch t[0] {
	case 'U':
		if string(t) == "Users:" {
			if r.at == 0 {
				r.at = line
			}
			return
		}
		if v, ok := text.After(t, "UserInfo{"); ok && r.at != 0 {
			if r.user(v, line, r.size-len(l.Rest())) {
				r.indent, r.open = l.Line().Indent, true
				return
			}
		}
	}
	if !r.dump {
		return
	}
	r.open = r.open && l.Line().Indent > r.indent
	if r.open {
		r.key(&r.all[len(r.all)-1], t, line)
	} else {
		r.about(t, line)
	}
}

// user reads `0:Owner:c13}`, in a dump with ` serialNo=0 isPrimary=true
// <removing>` behind it, in the list with ` running`. The name is somebody's
// text: the flags are found from the right.
func (r *reader) user(t []byte, line, done int) bool {
	i := bytes.LastIndexByte(t, '}')
	if r.dump {
		i = bytes.LastIndex(t, []byte("} serialNo="))
	}
	if i < 0 {
		return false
	}
	t, tail := t[:i], t[i+1:]
	id, n := number(t, 10)
	colon := bytes.LastIndexByte(t, ':')
	if n == 0 || n >= len(t) || t[n] != ':' || colon <= n || id > 1<<30 {
		return false
	}
	flags, k := number(t[colon+1:], 16)
	if k == 0 || colon+1+k != len(t) {
		return false
	}
	r.all = text.Fresh(r.all, done, r.size)
	u := &r.all[len(r.all)-1]
	u.ID, u.Flags, u.Line = int(id), flags, line
	name := t[n+1 : colon]
	if !r.dump {
		u.Name = r.names.Word(name)
		u.Running = fact.Of(string(tail) == " running" || bytes.Contains(tail, []byte("running")), line)
		return true
	}
	u.Name = r.words.Word(name)
	behind := text.Line{N: line, Raw: tail}
	u.Serial, u.Parent = text.IntFact(behind, "serialNo="), text.IntFact(behind, "parentId=")
	u.Removing, u.Partial = bytes.Contains(tail, []byte("<removing>")), bytes.Contains(tail, []byte("<partial>"))
	return true
}

// number reads leading digits and says how many there are; 0 for more than
// sixteen.
func number(t []byte, base uint64) (v uint64, n int) {
	for n < len(t) {
		d := base
		switch c := t[n]; {
		case c >= '0' && c <= '9':
			d = uint64(c - '0')
		case c >= 'a' && c <= 'f':
			d = uint64(c-'a') + 10
		}
		if d >= base {
			break
		}
		if n == 16 {
			return 0, 0
		}
		v = v*base + d
		n++
	}
	return v, n
}

// key reads what stands below a user.
func (r *reader) key(u *User, t []byte, line int) {
	if v, ok := text.After(t, "Type: "); ok {
		text.Set(&u.Type, fact.Of(r.words.Word(v), line))
	} else if v, ok := text.After(t, "State: "); ok {
		u.state(r.words.Word(v), line)
	}
}

// about reads what stands above and behind the users.
func (r *reader) about(t []byte, line int) {
	if v, ok := text.After(t, "Current user: "); ok {
		if n, ok := text.Int(v); ok {
			text.Set(&r.f.Current, fact.Of(int(n), line))
		}
	} else if v, ok := text.After(t, "Started users state: "); ok {
		r.started(v, line)
	}
}

// started reads `{0=3, 10=1}` and `[0=RUNNING_UNLOCKED]`: the states again,
// for a user whose own line does not tell, and one that is not in it is not
// running.
func (r *reader) started(v []byte, line int) {
	if len(v) == 0 || v[len(v)-1] != '}' && v[len(v)-1] != ']' {
		return
	}
	states := map[int][]byte{}
	for entry := range bytes.SplitSeq(bytes.Trim(v, "{}[]"), []byte(", ")) {
		id, state, ok := bytes.Cut(entry, []byte("="))
		if n, ok2 := text.Int(id); ok && ok2 {
			states[int(n)] = state
		}
	}
	for i := range r.all {
		u := &r.all[i]
		if s, ok := states[u.ID]; !ok {
			text.Set(&u.Running, fact.Of(false, line))
		} else if !u.State.Known() {
			u.state(string(s), line)
		}
	}
}

// state reads a word or, as maps print it, UserState's number. -1 is a user
// that was not started.
func (u *User) state(s string, line int) {
	const prefix = "STATE_"
	if len(s) > len(prefix) && s[:len(prefix)] == prefix {
		s = s[len(prefix):]
	}
	if n, err := strconv.Atoi(s); err == nil {
		words := [...]string{"BOOTING", "RUNNING_LOCKED", "RUNNING_UNLOCKING", "RUNNING_UNLOCKED", "STOPPING", "SHUTDOWN"}
		if n < 0 || n >= len(words) {
			text.Set(&u.Running, fact.Of(n >= 0, line))
			return
		}
		s = words[n]
	}
	if s == "" {
		return
	}
	text.Set(&u.State, fact.Of(s, line))
	text.Set(&u.Running, fact.Of(len(s) >= 7 && s[:7] == "RUNNING", line))
}
