package harness

import (
	"context"
	"fmt"
	"strings"

	"github.com/ringproof/ringproof/devices/adb"
	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/harness/facts"
)

// profile is the id of the phone's work profile.
func (a *App) profile(ctx context.Context) (int, error) {
	s, err := a.Snapshot(ctx, facts.Users)
	if err != nil {
		return 0, err
	}
	id, ok := expect.ManagedProfile(s.Users).Get()
	if !ok {
		return 0, &Error{Kind: Infra, Op: "look for the work profile", Phone: a.Serial(), Err: fmt.Errorf("there is none, or a dump that does not tell")}
	}
	return id, nil
}

// ToCopy does steps whose pushes are for the copy of the app in the work profile.
func ToCopy(steps ...Step) Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		id, err := a.profile(ctx)
		if err != nil {
			return err
		}
		defer func(old int) { a.user = old }(a.user)
		a.user = id
		return Steps(steps...).Do(ctx, a)
	})
}

// OpenCopy opens the copy of the app in the work profile, with the permissions of
// the app, and leaves it: a copy that nobody ever opened gets no push. It goes with
// the profile.
func OpenCopy() Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		id, err := a.profile(ctx)
		if err != nil {
			return err
		}
		user := fmt.Sprintf(" --user %d ", id)
		var lines []string
		for _, p := range a.Profile.PermissionsFor(a.probe.API) {
			lines = append(lines, "pm grant"+user+adb.QuoteArgs(a.Package(), p))
		}
		lines = append(lines, "am start -W"+user+"-n "+adb.Quote(a.LaunchComponent()))
		if _, err := a.Do(ctx, "open the copy in the work profile", strings.Join(lines, " && ")); err != nil {
			return a.guarded("open the copy in the work profile", err)
		}
		if err := a.verify(ctx, expect.InFront(), nil); err != nil {
			return err
		}
		return Home().Do(ctx, a)
	})
}

// PauseProfile stops the work profile, which is what pausing its apps does to it;
// the switch itself is for its launcher to turn. ResumeProfile starts it again.
func PauseProfile() Step  { return runProfile("am stop-user -w ", expect.NoWorkProfile()) }
func ResumeProfile() Step { return runProfile("am start-user ", expect.WorkProfile()) }

func runProfile(verb string, want expect.Condition) Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		id, err := a.profile(ctx)
		if err != nil {
			return err
		}
		at, err := a.Elapsed(ctx)
		if err != nil {
			return err
		}
		line := verb + fmt.Sprint(id)
		if _, err := a.Do(ctx, line, line); err != nil {
			return err
		}
		a.acted(at, "%s", line)
		return a.verify(ctx, want, nil)
	})
}

// OwnerBack brings the owner's screens to the front again.
func OwnerBack() Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		if _, err := a.Do(ctx, "switch to the owner", "am switch-user 0"); err != nil {
			return err
		}
		if err := a.verify(ctx, expect.UserInFront(0), nil); err != nil {
			return err
		}
		return a.unlock(ctx)
	})
}
