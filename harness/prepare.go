package harness

import (
	"context"
	"fmt"
	"strings"

	"github.com/ringproof/ringproof/devices/adb"
	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/window"
	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/harness/facts"
	"github.com/ringproof/ringproof/harness/state"
)

// Prepare brings the app to where any of its users would have it: installed,
// granted what it asks for, allowed full-screen intents, opened once, and on an
// unlocked phone with nothing in its way. Every grant is undone with the lease.
func (a *App) Prepare(ctx context.Context) error {
	if err := a.install(ctx); err != nil {
		return err
	}
	a.exits = map[string]bool{}
	for _, e := range a.crashes(ctx) {
		a.exits[e.Timestamp] = true
	}
	for _, step := range []func(context.Context) error{a.unlock, a.grant, a.allowFullScreen, a.allowOnLockScreen, a.reopen} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	var err error
	if a.clocked, err = a.clocks(ctx); err != nil {
		return err
	}
	a.prepared = a.clocked[0].Wall
	a.log, err = a.watchLog(ctx)
	return err
}

// Close ends what Prepare started. The phone itself is the lease's.
func (a *App) Close() {
	if a.log != nil {
		a.log.close()
	}
	a.hangUpAll()
	a.beside.close()
}

// unlock wakes the phone and sends an insecure keyguard away. A phone behind
// its owner's credential is for its owner to unlock.
func (a *App) unlock(ctx context.Context) error {
	if _, err := a.Do(ctx, "wake the phone", "input keyevent 224; wm dismiss-keyguard"); err != nil {
		return a.denied(err)
	}
	if err := a.verify(ctx, expect.Unlocked(), nil); err != nil {
		return &Error{Kind: Infra, Op: "unlock the phone", Phone: a.Serial(), Err: err,
			Advice: "a phone with a credential of its own must be unlocked by its owner and stay awake"}
	}
	s, err := a.Snapshot(ctx, facts.Window)
	if err != nil {
		return err
	}
	if f, ok := s.Window.Focus.Get(); ok && (f.Kind == window.NotResponding || f.Kind == window.Crashed) {
		return &Error{Kind: Infra, Op: "look at the screen", Phone: a.Serial(),
			Err: fmt.Errorf("the dialog %q is in front", f.Title), Advice: "close it on the phone"}
	}
	return nil
}

// denied tells a phone that forbids key events from one that is broken.
func (a *App) denied(err error) error {
	if a.probe.Inject {
		return err
	}
	return unsupported("press keys", a.Serial(), "this phone denies adb's shell input events: some makers have a switch for it in the developer options (%w)", err)
}

// grant gives the app the runtime permissions of its profile.
func (a *App) grant(ctx context.Context) error {
	s, err := a.Snapshot(ctx, facts.Package)
	if err != nil {
		return err
	}
	p, _ := s.Packages.Find(a.Package()).Get()
	for _, perm := range a.Profile.PermissionsFor(a.probe.API) {
		if fact.Is(p.Granted(perm, 0), true) {
			continue
		}
		args := adb.QuoteArgs(a.Package(), perm)
		if err := a.Change(ctx, "grant "+perm, "pm grant "+args, state.IfInstalled(a.Package(), "pm revoke "+args)); err != nil {
			return a.guarded("grant "+perm, err)
		}
	}
	return nil
}

// allowFullScreen sets the app op that API 34 put before full-screen intents.
// An unset op reads "default", which is not the same on all phones.
func (a *App) allowFullScreen(ctx context.Context) error {
	if a.probe.API < 34 || !a.Profile.FullScreenIntent {
		return nil
	}
	out, err := a.Do(ctx, "read an app op", "cmd appops get "+adb.Quote(a.Package())+" USE_FULL_SCREEN_INTENT")
	if err != nil {
		return err
	}
	mode := opMode(out)
	if mode == "allow" {
		return nil
	}
	set := "cmd appops set " + adb.Quote(a.Package()) + " USE_FULL_SCREEN_INTENT "
	return a.Change(ctx, "allow full-screen intents", set+"allow", state.IfInstalled(a.Package(), set+mode))
}

// guarded tells a phone whose maker keeps permissions from adb's shell from one
// that is broken.
func (a *App) guarded(what string, err error) error {
	if !strings.Contains(err.Error(), "nor current process has android.permission.") {
		return err
	}
	return unsupported(what, a.Serial(), "this phone keeps that from adb's shell: some makers have a switch for it in the developer options, "+
		"\"USB debugging (Security settings)\" or \"Disable permission monitoring\"; or grant it on the phone (%w)", err)
}

// allowOnLockScreen sets the ops of Xiaomi's own without which an app that wants
// full-screen intents is not seen there, as its user would have to.
func (a *App) allowOnLockScreen(ctx context.Context) error {
	if !a.Profile.FullScreenIntent || !strings.EqualFold(a.probe.Maker, state.Xiaomi) {
		return nil
	}
	for _, op := range []state.MakerOp{state.XiaomiLockScreen, state.XiaomiPopUp} {
		ops := "cmd appops %s " + adb.Quote(a.Package()) + " " + op.Number
		out, err := a.Do(ctx, "read an app op", fmt.Sprintf(ops, "get"))
		if err != nil {
			return err
		}
		if strings.Contains(out, op.Name+": allow") {
			continue
		}
		set := fmt.Sprintf(ops, "set")
		if err := a.Change(ctx, "allow the app op "+op.Name, set+" allow", state.IfInstalled(a.Package(), set+" ignore")); err != nil {
			return err
		}
	}
	return nil
}

// opMode reads `appops get`: "USE_FULL_SCREEN_INTENT: allow; time=...", or that
// there is no such operation yet, which means the default.
func opMode(out string) string {
	for line := range strings.Lines(out) {
		if _, rest, ok := strings.Cut(line, "USE_FULL_SCREEN_INTENT: "); ok {
			mode, _, _ := strings.Cut(strings.TrimSpace(rest), ";")
			switch mode {
			case "allow", "deny", "ignore", "default":
				return mode
			}
		}
	}
	return "default"
}

// reopen starts the app anew, without what an earlier call may have left, and
// leaves it in the background with nothing ringing.
func (a *App) reopen(ctx context.Context) error {
	if _, err := a.Do(ctx, "stop the app", "am force-stop "+adb.Quote(a.Package())); err != nil {
		return err
	}
	if err := Steps(Launch(), Home()).Do(ctx, a); err != nil {
		return fmt.Errorf("open the app once: %w", err)
	}
	if err := a.verify(ctx, expect.Silent(), nil); err != nil {
		return fmt.Errorf("before any push: %w", err)
	}
	return nil
}
