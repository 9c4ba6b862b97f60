// Package mediasession reads `dumpsys media_session` of API 26 and newer
// (MediaSessionService.dump): who gets the headset's button.
//
// While Telecom has a call in front its HeadsetMediaButton is the global
// priority session and active; then key 79 answers or ends that call.
package mediasession

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

const service = "media_session"

// Facts is what one dump says.
type Facts struct {
	// GlobalPriority is the session that is asked before all others, if the
	// system has one.
	GlobalPriority fact.Value[Session] `json:"globalPriority"`
	// Button is the session that the current user's media keys go to when the
	// global priority session is not active. A zero Session is nobody.
	Button fact.Value[Session] `json:"button"`
	// Stack are the sessions of all users, the first of a user's is asked first.
	Stack fact.Value[[]Entry] `json:"stack"`
}

// Entry is one session of a user's stack.
type Entry struct {
	Package string           `json:"package"`
	Active  fact.Value[bool] `json:"active"`
	// State is PlaybackState.STATE_*: 2 paused, 3 playing. Unknown without one.
	State fact.Value[int] `json:"state"`
	Line  int             `json:"line"`
}

// Session is one media session.
type Session struct {
	Package string `json:"package"`
	Tag     string `json:"tag"`
	User    int    `json:"user"`
	// Active is unknown for sessions that are only named.
	Active fact.Value[bool] `json:"active"`
}

// ButtonGoesTo is the package that gets a headset key now.
func (f Facts) ButtonGoesTo() fact.Value[string] {
	if g, ok := f.GlobalPriority.Get(); ok {
		active, known := g.Active.Get()
		if !known {
			return fact.Unknown[string]()
		}
		if active {
			return fact.Of(g.Package, f.GlobalPriority.Line())
		}
	}
	b, ok := f.Button.Get()
	if !ok {
		return fact.Unknown[string]()
	}
	return fact.Of(b.Package, f.Button.Line())
}

// Parse reads a dump. The error is a *text.Problem.
func Parse(b []byte) (Facts, error) {
	body, p := text.Open(b, service)
	var (
		f        Facts
		seen     bool
		priority *Session
		at       int
	)
	var (
		stack   []Entry
		stackAt int
	)
	for s := body.Lines(); s.Next(); {
		l := s.Line()
		t := l.Text()
		if stackAt > 0 {
			stack = entry(stack, l, t)
		}
		switch {
		case bytes.HasPrefix(t, []byte("Sessions Stack - have ")):
			if stackAt == 0 {
				stackAt, stack = l.N, []Entry{}
			}
		case bytes.HasPrefix(t, []byte("MEDIA SESSION SERVICE")):
			seen = true
		case bytes.HasPrefix(t, []byte("Global priority session is ")):
			if v, ok := named(string(t[len("Global priority session is "):])); ok && priority == nil {
				priority, at = &v, l.N
			}
		case bytes.HasPrefix(t, []byte("User Records:")), bytes.HasPrefix(t, []byte("Record for ")):
			seen = true
			if priority != nil {
				text.Set(&f.GlobalPriority, fact.Of(*priority, at))
			}
		case bytes.HasPrefix(t, []byte("active=")) && priority != nil && !f.GlobalPriority.Known():
			text.Set(&priority.Active, text.BoolFact(l, "active="))
		case bytes.HasPrefix(t, []byte("Media button session is ")):
			v, _ := named(string(t[len("Media button session is "):]))
			text.Set(&f.Button, fact.Of(v, l.N))
		}
	}
	if priority != nil {
		text.Set(&f.GlobalPriority, fact.Of(*priority, at))
	}
	if stackAt > 0 {
		f.Stack = fact.Of(stack, stackAt)
	}
	switch {
	case p != nil:
		return f, p
	case !seen && !f.Button.Known() && !f.GlobalPriority.Known():
		return f, &text.Problem{Kind: text.NotADump, Service: service, Msg: "no line MEDIA SESSION SERVICE"}
	case !f.Button.Known():
		return f, &text.Problem{Kind: text.Truncated, Service: service, Msg: "no line of the media button session"}
	}
	return f, nil
}

// entry reads a line of a session (MediaSessionRecord.dump). Its title holds an
// app's text, so a session begins with the owner's line below it.
func entry(stack []Entry, l text.Line, t []byte) []Entry {
	if bytes.HasPrefix(t, []byte("ownerPid=")) {
		return append(stack, Entry{Line: l.N})
	}
	if len(stack) == 0 {
		return stack
	}
	e := &stack[len(stack)-1]
	if v, ok := text.After(t, "package="); ok && e.Package == "" {
		e.Package = string(v)
	} else if bytes.HasPrefix(t, []byte("active=")) {
		text.Set(&e.Active, text.BoolFact(l, "active="))
	} else if v, ok := text.After(t, "state=PlaybackState {state="); ok {
		// The number alone up to API 33, behind the word later: PLAYING(3).
		if n, ok := text.Int(bytes.TrimLeft(v, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_(")); ok {
			text.Set(&e.State, fact.Of(int(n), l.N))
		}
	}
	return stack
}

// named reads `pkg/tag (userId=0)`; the tag is an app's text. "null" is nobody.
func named(s string) (Session, bool) {
	v := Session{}
	if i := strings.LastIndex(s, " (userId="); i >= 0 {
		n, err := strconv.Atoi(strings.TrimSuffix(s[i+len(" (userId="):], ")"))
		if err == nil {
			v.User = n
		}
		s = s[:i]
	}
	pkg, tag, ok := strings.Cut(s, "/")
	if !ok {
		return Session{}, false
	}
	v.Package, v.Tag = pkg, tag
	return v, true
}
