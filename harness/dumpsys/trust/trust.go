// Package trust reads `dumpsys trust` of API 26 and newer
// (TrustManagerService.dump): whether credentials are needed now, and which
// trust agents may keep the phone unlocked.
//
// A phone with a swipe lock is never locked in this sense, even when its lock
// screen is up: that is another service's fact.
package trust

import (
	"bytes"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

const service = "trust"

// Facts is what one dump says.
type Facts struct {
	// DeviceLocked is deviceLocked of the current user: credentials needed.
	DeviceLocked fact.Value[bool] `json:"deviceLocked"`
	// CurrentUser is the id of the user in front.
	CurrentUser fact.Value[int]    `json:"currentUser"`
	Users       fact.Value[[]User] `json:"users"`
}

// User is one user's state.
type User struct {
	ID           int              `json:"id"`
	Current      bool             `json:"current"`
	Trusted      fact.Value[bool] `json:"trusted"`
	TrustManaged fact.Value[bool] `json:"trustManaged"`
	DeviceLocked fact.Value[bool] `json:"deviceLocked"`
	// Agents are the enabled trust agents' components.
	Agents []string `json:"agents"`
	Line   int      `json:"line"`
}

// Parse reads a dump. The error is a *text.Problem.
func Parse(b []byte) (Facts, error) {
	body, p := text.Open(b, service)
	var (
		f      Facts
		users  []User
		at     int
		agents bool
	)
	for s := body.Lines(); s.Next(); {
		l := s.Line()
		t := l.Text()
		switch {
		case bytes.HasPrefix(t, []byte("Trust manager state:")):
			at = l.N
		case at == 0:
		case bytes.HasPrefix(t, []byte("User \"")):
			if u, ok := user(l); ok {
				users = append(users, u)
			}
			agents = false
		case string(t) == "Enabled agents:":
			agents = len(users) > 0
		case agents && bytes.IndexByte(t, '=') < 0 && bytes.IndexByte(t, '/') > 0:
			u := &users[len(users)-1]
			u.Agents = append(u.Agents, string(t))
		case bytes.HasPrefix(t, []byte("Events:")):
			agents = false
		}
	}
	for _, u := range users {
		if u.Current {
			text.Set(&f.CurrentUser, fact.Of(u.ID, u.Line))
			text.Set(&f.DeviceLocked, u.DeviceLocked)
		}
	}
	if len(users) > 0 {
		f.Users = fact.Of(users, at)
	}
	switch {
	case p != nil:
		return f, p
	case at == 0:
		return f, &text.Problem{Kind: text.NotADump, Service: service, Msg: "no line Trust manager state:"}
	case !f.DeviceLocked.Known():
		// "disabled because the third-party apps can't run yet." before boot ends.
		return f, &text.Problem{Kind: text.Truncated, Service: service, Line: at, Msg: "no line of the current user"}
	}
	return f, nil
}

// user reads `User "Owner" (id=0, flags=0x13) (current): trusted=0, trustManaged=0, deviceLocked=1, ...`.
// The name is the owner's text: everything is read behind the last `" (id=`.
func user(l text.Line) (User, bool) {
	t := l.Text()
	i := bytes.LastIndex(t, []byte("\" (id="))
	if i < 0 {
		return User{}, false
	}
	rest := text.Line{N: l.N, Raw: t[i+len("\" "):]}
	id, ok := text.IntFact(rest, "id=").Get()
	head, _, _ := bytes.Cut(rest.Raw, []byte(":"))
	return User{
		ID: id, Line: l.N, Agents: []string{},
		Current:      bytes.Contains(head, []byte("(current)")),
		Trusted:      text.BoolFact(rest, "trusted="),
		TrustManaged: text.BoolFact(rest, "trustManaged="),
		DeviceLocked: text.BoolFact(rest, "deviceLocked="),
	}, ok
}
