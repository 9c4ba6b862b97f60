// Package users reads `dumpsys user` (Parse) and `pm list users` (ParseList) of
// API 26 and newer: who there is on the phone, and whose storage is unlocked.
//
// Source: UserManagerService.dump and PackageManagerShellCommand, by what is
// commonly known of them: no captured text was at hand. The package therefore
// asks for no more than the form of UserInfo and single keys, which may be
// missing. It knows no keyguard.
package users

import (
	"strconv"
	"strings"

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
func Parse(b []byte) (Facts, error) { return parse(b, " serialNo=", Facts.keys) }

// ParseList reads `pm list users`. The error is a *text.Problem.
func ParseList(b []byte) (Facts, error) { return parse(b, "", nil) }

// parse reads the users of either text; keys, if there are any, stand below a
// user and above all.
func parse(b []byte, mark string, keys func(Facts, text.Line, []User) Facts) (Facts, error) {
	body, p := text.Open(b, service)
	var (
		f      Facts
		all    = []User{}
		at     int
		indent int  // of the last user's line
		open   bool // keys still belong to it
	)
	for s := body.Lines(); s.Next(); {
		l := s.Line()
		t := string(l.Text())
		switch {
		case t == "Users:":
			if at == 0 {
				at = l.N
			}
		case strings.HasPrefix(t, "UserInfo{") && at != 0:
			if u, ok := user(l, mark); ok {
				all, indent, open = append(all, u), l.Indent, true
			}
		case keys != nil && t != "":
			open = open && l.Indent > indent
			if open {
				f = keys(f, l, all)
			} else {
				f = keys(f, l, nil)
			}
		}
	}
	if at != 0 {
		f.Users = fact.Of(all, at)
	}
	switch {
	case p != nil:
		return f, p
	case at == 0:
		return f, &text.Problem{Kind: text.NotADump, Service: service, Msg: "no line Users:"}
	case len(all) == 0:
		// There is always a user 0.
		return Facts{}, &text.Problem{Kind: text.Truncated, Service: service, Line: at, Msg: "the text ends before its first user"}
	}
	return f, nil
}

// user reads `UserInfo{0:Owner:c13}`, in a dump with ` serialNo=0 isPrimary=true
// <removing>` behind it, in the list with ` running`. The name is somebody's
// text: the flags are found from the right.
func user(l text.Line, mark string) (User, bool) {
	t := string(l.Text()[len("UserInfo{"):])
	tail := ""
	i := strings.LastIndex(t, "}"+mark)
	if i < 0 {
		return User{}, false
	}
	t, tail = t[:i], t[i+1:]
	num, rest, ok := strings.Cut(t, ":")
	colon := strings.LastIndexByte(rest, ':')
	id, err := strconv.Atoi(num)
	if !ok || colon < 0 || err != nil || id < 0 {
		return User{}, false
	}
	u := User{ID: id, Name: rest[:colon], Line: l.N}
	if u.Flags, err = strconv.ParseUint(rest[colon+1:], 16, 64); err != nil {
		return User{}, false
	}
	if mark == "" {
		u.Running = fact.Of(strings.Contains(tail, "running"), l.N)
	}
	behind := text.Line{N: l.N, Raw: []byte(tail)}
	u.Serial = text.IntFact(behind, "serialNo=")
	u.Removing, u.Partial = strings.Contains(tail, "<removing>"), strings.Contains(tail, "<partial>")
	return u, true
}

// keys reads what stands below the users.
func (f Facts) keys(l text.Line, all []User) Facts {
	t := l.Text()
	if v, ok := text.After(t, "Current user: "); ok {
		if n, ok := text.Int(v); ok {
			text.Set(&f.Current, fact.Of(int(n), l.N))
		}
	}
	if len(all) == 0 {
		return f
	}
	u := &all[len(all)-1]
	if v, ok := text.After(t, "Type: "); ok {
		text.Set(&u.Type, fact.Of(string(v), l.N))
	}
	if v, ok := text.After(t, "State: "); ok {
		s := strings.TrimPrefix(string(v), "STATE_")
		// "-1" is a user that was not started.
		if n, ok := text.Int(v); ok {
			text.Set(&u.Running, fact.Of(n >= 0, l.N))
			return f
		}
		text.Set(&u.State, fact.Of(s, l.N))
		text.Set(&u.Running, fact.Of(strings.HasPrefix(s, "RUNNING"), l.N))
	}
	return f
}
