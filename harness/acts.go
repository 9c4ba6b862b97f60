package harness

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ringproof/ringproof/devices/adb"
	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/harness/facts"
	"github.com/ringproof/ringproof/harness/state"
	"github.com/ringproof/ringproof/harness/uiautomator"
)

// Asks is for scenarios about a runtime permission: an app that does not ask
// for it has nothing to show.
func Asks(permission string) Step {
	return StepFunc(func(_ context.Context, a *App) error {
		if !slices.Contains(a.Profile.PermissionsFor(a.probe.API), permission) {
			return unsupported("deny "+permission, a.Serial(), "the profile %s does not name it", a.Profile.Name)
		}
		return nil
	})
}

// Holdable is for scenarios about a held call: one that the app says cannot be
// held has nothing to show.
func Holdable() Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		s, err := a.Snapshot(ctx, facts.Telecom)
		if err != nil {
			return err
		}
		for _, c := range s.Calls().Or(nil) {
			can, known := c.Capabilities.Get()
			if known && !slices.Contains(can, "hld") && !slices.Contains(can, "CAPABILITY_HOLD") {
				return unsupported("hold a call", a.Serial(), "the app's call %s cannot be held: its capabilities are %v", c.ID, can)
			}
		}
		return nil
	})
}

// PressAnswerOnTop answers in the heads-up, which must be on the screen. The
// shade, where every notification is, does not count.
func PressAnswerOnTop() Step {
	return StepFunc(func(ctx context.Context, a *App) error { return a.pressNotification(ctx, AnswerRole, true) })
}

// OnTop wants a button of the call's notification in a heads-up on the screen.
// Before API 31 no window tree shows a heads-up: then its being posted has to do.
func OnTop(role Role) Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		s, err := a.Snapshot(ctx, facts.Notification)
		if err != nil {
			return err
		}
		_, action, failure := a.button(s, role)
		if failure != nil {
			failure.Why = a.why(ctx, failure)
			return failure
		}
		if a.probe.API < 31 {
			return nil
		}
		tree, err := a.trees(ctx, true)
		if err != nil {
			return err
		}
		if tree.Find(uiautomator.All(uiautomator.Package(systemUI), uiautomator.Label(action.Title), uiautomator.Tappable)) == nil {
			return &expect.Failure{
				Fact: "notification.heads-up", Wanted: fmt.Sprintf("%q of the notification in a heads-up on the screen", action.Title),
				Seen: "no such button on the screen, though it is posted",
			}
		}
		return nil
	})
}

// AnswerWhereSeen answers on the app's own screen if that is in front, else in
// the heads-up. What is only in the shade is not seen by somebody who looks at
// the phone.
func AnswerWhereSeen() Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		s, err := a.Snapshot(ctx, facts.Activity)
		if err != nil {
			return err
		}
		// The screen comes a moment after the notification.
		if a.Profile.Screens.Incoming != "" && expect.AnyCallScreen().Check(s).Outcome != expect.Met {
			if err := a.Sleep(ctx, time.Second); err != nil {
				return err
			}
			if s, err = a.Snapshot(ctx, facts.Activity); err != nil {
				return err
			}
		}
		if expect.AnyCallScreen().Check(s).Outcome == expect.Met {
			return a.tapScreen(ctx, AnswerRole)
		}
		return a.pressNotification(ctx, AnswerRole, true)
	})
}

// PressKey presses a key whose effect is waited for next.
func PressKey(k Key) Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		at, err := a.Elapsed(ctx)
		if err != nil {
			return err
		}
		if err := a.Keys().Press(ctx, k); err != nil {
			return err
		}
		a.acted(at, "pressed key %d", k)
		return nil
	})
}

// KillProcess ends the app's process at once, whatever it does, as the system
// does when memory is short: am kill spares a process with a call. It takes a
// debuggable app or root.
func KillProcess() Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		s, err := a.Hold(ctx, expect.Process())
		if err != nil {
			return err
		}
		words := []string{"kill", "-9"}
		for _, pid := range s.PIDs.Or(nil) {
			words = append(words, fmt.Sprint(pid))
		}
		line := "run-as " + adb.QuoteArgs(append([]string{a.Package()}, words...)...)
		if a.probe.Root {
			line = a.probe.Su.Line(words...)
		}
		at, err := a.Elapsed(ctx)
		if err != nil {
			return err
		}
		out, err := a.Run(ctx, line)
		if err != nil {
			return &Error{Kind: Infra, Op: "kill the app's process", Phone: a.Serial(), Err: err}
		}
		if out.Exit != 0 {
			return unsupported("kill the app's process", a.Serial(), "it takes a debuggable app or root: %s", strings.TrimSpace(string(out.Stderr)))
		}
		a.acted(at, "killed the app's process")
		return nil
	})
}

// SwipeAway removes the app's tasks as a swipe in the recents does.
func SwipeAway() Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		s, err := a.Snapshot(ctx, facts.Activity)
		if err != nil {
			return err
		}
		own, ok := s.Activity.ActivitiesOf(a.Package()).Get()
		if !ok {
			return &Error{Kind: Infra, Op: "look for the app's tasks", Phone: a.Serial(), Err: fmt.Errorf("a dump that does not tell them")}
		}
		tasks := map[int]bool{}
		for _, act := range own {
			tasks[act.Task] = true
		}
		at, err := a.Elapsed(ctx)
		if err != nil {
			return err
		}
		for id := range tasks {
			// A task may have ended with the one before it.
			if _, err := a.Do(ctx, "remove a task", fmt.Sprintf("am stack remove %d >/dev/null 2>&1 || true", id)); err != nil {
				return err
			}
		}
		a.acted(at, "swiped away %d tasks of the app", len(tasks))
		return a.stoppedBySwipe(ctx)
	})
}

// stoppedBySwipe tells a maker's force-stop from a fault of the app.
func (a *App) stoppedBySwipe(ctx context.Context) error {
	s, err := a.Snapshot(ctx, facts.Package)
	if err != nil {
		return err
	}
	if u, _ := s.User().Get(); u.Stopped.Or(false) {
		return unsupported("swipe the app away", a.Serial(), "this phone force-stops an app that is swiped away: exempt it from battery management to have calls")
	}
	return nil
}

// SwipedIdle swipes the app away while it has no call. A maker that then
// force-stops it lets no push through to anybody: that is no fault of the app.
func SwipedIdle() Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		if err := SwipeAway().Do(ctx, a); err != nil {
			return err
		}
		if err := a.Stay(ctx, expect.NotInFront(), state.SwipedAway().Settles); err != nil {
			return err
		}
		return a.stoppedBySwipe(ctx)
	})
}

// SwitchNight turns dark mode on, or off if it is on: the system then makes
// what is on the screen anew.
func SwitchNight() Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		out, err := a.Do(ctx, "read the night mode", "cmd uimode night")
		if err != nil {
			return err
		}
		want, was := "yes", "no"
		switch {
		case strings.Contains(out, "Night mode: yes"):
			want, was = "no", "yes"
		case strings.Contains(out, "Night mode: auto"):
			was = "auto"
		}
		at, err := a.Elapsed(ctx)
		if err != nil {
			return err
		}
		if err := a.Change(ctx, "switch dark mode", "cmd uimode night "+want, "cmd uimode night "+was); err != nil {
			return err
		}
		a.acted(at, "switched dark mode: %s", want)
		return nil
	})
}
