package harness

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/ringproof/ringproof/fixtures"
	"github.com/ringproof/ringproof/harness/diagnose"
	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/harness/facts"
	"github.com/ringproof/ringproof/harness/push"
)

// manner is what is special about a push.
type manner struct {
	again    bool // about the current call, whatever its kind
	sameID   bool // with the last push's message id
	late     time.Duration
	priority push.Priority
	by       push.Delivery // in place of the scenario's
	fact     string        // what a receipt that says no is called
}

// Push sends a payload and wants the app's receiver to take it. Initiated
// begins a new session; every other case speaks of the current one.
func Push(c Case) Step { return pushed(c, manner{}) }

// PushAgain sends a payload of the current call in a message of its own, as a
// server does that saw no answer.
func PushAgain(c Case) Step { return pushed(c, manner{again: true}) }

// PushTwice sends the last message once more, with its id, as Google does
// after a lost acknowledgement.
func PushTwice(c Case) Step { return pushed(c, manner{again: true, sameID: true}) }

// PushLate sends a new call as a phone gets it that was out of reach for a
// while. FCM keeps a message that names no time to live.
func PushLate(c Case, late time.Duration) Step { return pushed(c, manner{late: late}) }

// PushNormal sends a payload that FCM lowered to normal priority: the app is
// exempt from nothing.
func PushNormal(c Case) Step { return pushed(c, manner{priority: push.Normal}) }

// Signal tells the app of a call over its own connection, as its server does
// that cannot know whether a push arrives. Initiated begins a new session, every
// other case speaks of the current one.
func Signal(c Case) Step { return signalled(c, manner{}) }

// SignalAgain tells of the current call.
func SignalAgain(c Case) Step { return signalled(c, manner{again: true}) }

// Signalled says whether there is a way to tell the app of a call over its own
// connection: what nobody can do is not begun.
func Signalled() Step {
	return StepFunc(func(_ context.Context, a *App) error {
		if a.Profile.Signalling == nil {
			return unsupported("tell of a call over the app's own connection", a.Serial(),
				"the profile %s names no test door to it: see its key signalling", a.Profile.Name)
		}
		return nil
	})
}

// signalled is for an app that runs: one that does not has no connection, and
// the test door would start it, which no server can.
func signalled(c Case, m manner) Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		if err := Signalled().Do(ctx, a); err != nil {
			return err
		}
		if _, err := a.Hold(ctx, expect.Process()); err != nil {
			return err
		}
		d := a.Profile.Signalling
		m.by, m.fact = push.Signal{Action: d.Action, Extra: d.Extra}, "signalling.receipt"
		return pushed(c, m).Do(ctx, a)
	})
}

func pushed(c Case, m manner) Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		p, err := a.payload(c)
		if err != nil {
			return err
		}
		r, err := a.push(ctx, p, m)
		if err != nil {
			return err
		}
		if !r.Accepted {
			f := &expect.Failure{Fact: cmp.Or(m.fact, "push.receipt"), Wanted: "the app's receiver to take the push", Seen: r.String()}
			f.Why = a.why(ctx, f)
			return f
		}
		return nil
	})
}

// PushRefused sends a payload and wants nobody to take it.
func PushRefused(c Case) Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		p, err := a.payload(c)
		if err != nil {
			return err
		}
		r, err := a.push(ctx, p, manner{})
		if err != nil {
			return err
		}
		if r.Accepted {
			return &expect.Failure{Fact: "push.receipt", Wanted: "nobody to take the push", Seen: r.String()}
		}
		return nil
	})
}

// payload is what the app's vendor sends in a case. A vendor that has no such
// push cannot be tested with it.
func (a *App) payload(c Case) (fixtures.Call, error) {
	name := a.Profile.Payload.Vendor + "/" + string(c)
	all, err := fixtures.Payloads()
	if err != nil {
		return fixtures.Call{}, err
	}
	if !slices.ContainsFunc(all, func(p fixtures.Call) bool { return p.Name == name }) {
		return fixtures.Call{}, unsupported("push "+string(c), a.Serial(), "the vendor %s has no such push", a.Profile.Payload.Vendor)
	}
	return fixtures.Payload(name), nil
}

func (a *App) push(ctx context.Context, p fixtures.Call, how manner) (push.Receipt, error) {
	if a.session == "" || p.Kind == fixtures.Ring && !how.again {
		a.newSession()
	}
	now, err := a.Wall(ctx)
	if err != nil {
		return push.Receipt{}, err
	}
	sent := now.Add(-how.late)
	data, err := p.With(a.session, sent)
	if err != nil {
		return push.Receipt{}, &Error{Kind: Config, Op: "fill the payload", Err: err}
	}
	m := push.Message{Data: data, SentAt: sent, TTL: 30 * time.Second, Priority: how.priority, User: a.user}
	if how.late > 0 {
		m.TTL = 0
	}
	if how.sameID {
		m.ID = a.lastID
	}
	by := how.by
	if by == nil {
		by = a.Delivery
	}
	return a.send(ctx, now, by, diagnose.Push{Name: p.Name, Kind: diagnose.Kind(p.Kind), Again: how.again, Late: how.late}, m)
}

// OtherCall does steps that are about another call of the app, and comes back
// to the current one.
func OtherCall(steps ...Step) Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		session, answered, ended, t := a.session, a.answered, a.ended, a.times
		if err := Steps(steps...).Do(ctx, a); err != nil {
			return err
		}
		a.session, a.answered, a.ended, a.times = session, answered, ended, t
		return nil
	})
}

// SameCall does steps through which the app's one call must live on: another
// call in its place would look the same.
func SameCall(steps ...Step) Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		s, err := a.Snapshot(ctx, facts.Telecom)
		if err != nil {
			return err
		}
		calls := s.Calls().Or(nil)
		if len(calls) != 1 {
			return &expect.Failure{Fact: "telecom.call", Wanted: "exactly one call of the app", Seen: fmt.Sprintf("%d calls", len(calls))}
		}
		if err := Steps(steps...).Do(ctx, a); err != nil {
			return err
		}
		_, err = a.Hold(ctx, expect.CallIs(calls[0].ID))
		return err
	})
}
