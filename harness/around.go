package harness

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ringproof/ringproof/harness/dumpsys/activity"
	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/harness/facts"
	"github.com/ringproof/ringproof/harness/state"
)

// What must hold around every scenario, whatever it is about: the harness did
// not help the phone, the app leaves nothing behind, and the phone is as it was.

// shellUID is the user id of adb's shell (android.os.Process.SHELL_UID).
const shellUID = 2000

// watch looks at a snapshot that is read anyway for what the harness must not
// do from the push to the last assertion: keep the phone awake, or touch its
// credential. A verdict on such a phone would say nothing.
func (a *App) watch(s facts.Snapshot) {
	if len(a.sent) == 0 || a.breach != nil {
		return
	}
	breach := func(format string, args ...any) {
		a.breach = &Error{Kind: Infra, Op: "leave the phone alone", Phone: a.Serial(), Err: fmt.Errorf(format, args...)}
	}
	for _, w := range s.Power.WakeLocks.Or(nil) {
		if fact.Is(w.UID, shellUID) || fact.Is(w.Package, "com.android.shell") {
			breach("adb's shell holds the wake lock %q (%s): the phone would be awake without the app", w.Tag, w.Kind)
		}
	}
	secure, known := s.Window.Keyguard.Secure.Get()
	switch was, before := a.secure.Get(); {
	case !known:
	case !before:
		a.secure = fact.Of(secure, 1)
	case was != secure:
		breach("the phone's credential changed during the call: keyguard secure was %t and is %t", was, secure)
	}
}

// Breach is what the harness did to the phone that it must not, if anything.
func (a *App) Breach() error { return a.breach }

// exitNoted says that exit records of an app are kept: since Android 11.
const exitNoted = 30

// Leaves looks at what a scenario has left when all of its own was right: no
// call, no notification and no screen of one, the audio as it is without a
// call, no wake lock of the app, and no crash or ANR on the way. The app gets the time that the end of a
// call has.
func (a *App) Leaves(ctx context.Context) error {
	if err := a.moment(ctx); err != nil {
		return err
	}
	nothing := []expect.Condition{expect.NoCall(), expect.NoCallNotification(), expect.AudioNormal(), expect.NoCallScreen()}
	if a.probe.API >= exitNoted {
		nothing = append(nothing, expect.NoExits(a.exits))
	}
	nothing = append(nothing, expect.NoWakeLock())
	if _, err := a.Await(ctx, expect.All(nothing...), a.Budgets.End); err != nil {
		return fmt.Errorf("after the scenario: %w", err)
	}
	if _, err := a.Snapshot(ctx, facts.Power, facts.Window); err != nil {
		return err
	}
	return a.breach
}

// bad are the app's crashes and ANRs of a snapshot.
func (a *App) bad(s facts.Snapshot) []activity.Exit {
	return slices.DeleteFunc(slices.Clone(s.Exits.Exits.Or(nil)), func(e activity.Exit) bool {
		return e.Package != a.Profile.Package || !expect.BadExit(e)
	})
}

// entered is a state that the phone was put into, with whether it held before.
type entered struct {
	state.State
	before expect.Outcome
}

// Restored looks at a phone that was put back: no state that was entered holds
// any more, unless it held before, and its credential is what it was.
func (a *App) Restored(ctx context.Context) error {
	var kinds []facts.Kind
	for _, e := range a.states {
		kinds = append(kinds, e.Verify.Kinds()...)
	}
	slices.Sort(kinds)
	kinds = slices.Compact(kinds)
	if err := a.moment(ctx); err != nil {
		return err
	}
	began := a.since
	for wait := time.Duration(0); len(kinds) > 0; wait = pollEvery {
		s, err := a.lookAfter(ctx, wait, kinds...)
		if err != nil {
			return err
		}
		var left []string
		for _, e := range a.states {
			if e.before != expect.Met && e.Verify.Check(s).Outcome == expect.Met {
				left = append(left, e.Name)
			}
		}
		if len(left) == 0 {
			break
		}
		if s.Began-began > a.Budgets.Settle {
			return &Error{Kind: Infra, Op: "put the phone back", Phone: a.Serial(),
				Err:    fmt.Errorf("it was undone, and still holds: %s", strings.Join(left, ", ")),
				Advice: "put it back by hand"}
		}
	}
	lock, err := a.lockState(ctx)
	if err != nil {
		return err
	}
	if lock != a.probe.lock {
		return &Error{Kind: Infra, Op: "put the phone back", Phone: a.Serial(),
			Err:    fmt.Errorf("its lock screen was %q and is %q", a.probe.lock, lock),
			Advice: "remove the test PIN " + state.TestPIN + " by hand"}
	}
	return nil
}

// lockState is what locksettings says of the lock screen, in the words by which
// the phone was probed.
func (p *Phone) lockState(ctx context.Context) (string, error) {
	out, err := p.Run(ctx, lockScript)
	if err != nil {
		return "", &Error{Kind: Infra, Op: "look at the lock screen", Phone: p.Serial(), Err: err}
	}
	said, ok := strings.CutPrefix(strings.TrimSpace(string(out.Stdout)), "lock=")
	if !ok {
		return "", &Error{Kind: Infra, Op: "look at the lock screen", Phone: p.Serial(), Err: errors.New("it says nothing")}
	}
	return strings.TrimSpace(said), nil
}
