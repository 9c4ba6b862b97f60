package harness

import (
	"context"

	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/harness/push"
)

// callee is whom the app calls: another user of the same server.
const callee = "ringproof-callee"

// CallsSomebody is for scenarios about calls that the user makes. An app without a
// door for them has nothing to show.
func CallsSomebody() Step {
	return StepFunc(func(_ context.Context, a *App) error {
		if a.Profile.Outgoing.Action == "" {
			return unsupported("call somebody", a.Serial(), "the profile %s has no door for it: see its key outgoing", a.Profile.Name)
		}
		return nil
	})
}

// PlaceCall has the app call somebody, as its user does, who has the app in front.
// It begins a new session, in which other phones are rung: the harness is the
// server between them.
func PlaceCall() Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		door := a.Profile.Outgoing
		a.newSession()
		wall, err := a.Wall(ctx)
		if err != nil {
			return err
		}
		a.sentAt = a.zoned(wall)
		r, err := push.Tell(ctx, a, a.Package(), door.Action, map[string]string{door.Callee: callee, door.Session: a.session})
		if err != nil {
			return err
		}
		a.placed = true
		a.acted(r.Sent, "had the app call somebody: %s", r)
		if !r.Accepted {
			f := &expect.Failure{Fact: "outgoing.receipt", Wanted: "the app to take the wish to call somebody", Seen: r.String()}
			f.Why = a.why(ctx, f)
			return f
		}
		return nil
	})
}
