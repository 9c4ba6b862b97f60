package harness

import (
	"context"

	"github.com/ringproof/ringproof/devices/adb"
	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/telecom"
	"github.com/ringproof/ringproof/harness/facts"
)

// UseCallControl has the app make transactional calls for the length of the
// scenario. An app that cannot has nothing to show.
func UseCallControl() Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		switch c := a.Profile.CallControl; {
		case c.Always:
			return nil
		case c.Property != "":
			name := adb.Quote(c.Property)
			return a.Change(ctx, "have the app use transactional calls", "setprop "+name+" 1", "setprop "+name+" 0")
		}
		return unsupported("use transactional calls", a.Serial(), "the profile %s does not say that the app makes any: see its key callControl", a.Profile.Name)
	})
}

// Transactional looks whether the call that rings is a transactional one. A build
// of the app without them makes ordinary calls, which other scenarios are about.
func Transactional() Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		s, err := a.Snapshot(ctx, facts.Telecom)
		if err != nil {
			return err
		}
		for _, c := range s.Calls().Or([]telecom.Call{}) {
			if k, known := c.Kind.Get(); known && k != telecom.Transactional && fact.Is(c.SelfManaged, true) {
				return unsupported("use transactional calls", a.Serial(), "the app made an ordinary call, %s: this build has no transactional ones", c.ID)
			}
		}
		return nil
	})
}
