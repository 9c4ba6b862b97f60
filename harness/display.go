package harness

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/ringproof/ringproof/devices/adb"
	"github.com/ringproof/ringproof/harness/expect"
)

// touchSize is the least width and height of what is touched, in dp (Android's
// accessibility guidelines).
const touchSize = 48

// Accessible wants a button of the app's own screen to have a name that a screen
// reader can say, and the size that a finger needs.
func Accessible(role Role) Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		node, what, err := a.findButton(ctx, role)
		if err != nil {
			return err
		}
		if n := node.TapTarget(); n != nil {
			node = n
		}
		if strings.TrimSpace(node.Text) == "" && strings.TrimSpace(node.ContentDesc) == "" {
			return &expect.Failure{Fact: "screen.label", Wanted: what + " to have a text or a description", Seen: "neither on a " + node.Class}
		}
		density, err := a.density(ctx)
		if err != nil {
			return err
		}
		wide, high := (node.Bounds.Right-node.Bounds.Left)*160/density, (node.Bounds.Bottom-node.Bounds.Top)*160/density
		if wide < touchSize || high < touchSize {
			return &expect.Failure{Fact: "screen.size", Wanted: fmt.Sprintf("%s to be %d by %d dp at least", what, touchSize, touchSize), Seen: fmt.Sprintf("%d by %d dp", wide, high)}
		}
		return nil
	})
}

// density is the display's dots per inch as apps see them.
func (p *Phone) density(ctx context.Context) (int, error) {
	out, err := p.Do(ctx, "read the display's density", "wm density")
	if err != nil {
		return 0, err
	}
	// "Physical density: 420", and "Override density: 360" in a second line.
	dpi := 0
	for line := range strings.Lines(out) {
		if _, n, ok := strings.Cut(line, "density: "); ok {
			dpi, _ = strconv.Atoi(strings.TrimSpace(n))
		}
	}
	if dpi <= 0 {
		return 0, &Error{Kind: Infra, Op: "read the display's density", Phone: p.Serial(), Err: fmt.Errorf("wm printed %q", shorten(out, 80))}
	}
	return dpi, nil
}

// SwitchSetting is a setting that is changed in the middle of a call: to Value,
// or to Other if it has that value already. It is put back with the lease.
type SwitchSetting struct{ What, NS, Key, Value, Other string }

// Step changes it.
func (s SwitchSetting) Step() Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		was, err := a.readSetting(ctx, s.NS, s.Key)
		if err != nil {
			return err
		}
		want := s.Value
		if was == want {
			want = s.Other
		}
		at, err := a.Elapsed(ctx)
		if err != nil {
			return err
		}
		if err := a.putSetting(ctx, s.What, s.NS, s.Key, want, was); err != nil {
			return err
		}
		a.acted(at, "%s: %s=%s", s.What, s.Key, want)
		return nil
	})
}

// With puts another setting first, without which the change has no effect.
func (s SwitchSetting) With(ns, key, value string) Step {
	return Steps(StepFunc(func(ctx context.Context, a *App) error {
		was, err := a.readSetting(ctx, ns, key)
		if err != nil || was == value {
			return err
		}
		return a.putSetting(ctx, s.What, ns, key, value, was)
	}), s.Step())
}

func (p *Phone) readSetting(ctx context.Context, ns, key string) (string, error) {
	out, err := p.Do(ctx, "read "+key, "settings get "+ns+" "+key)
	return strings.TrimSpace(out), err
}

func (p *Phone) putSetting(ctx context.Context, what, ns, key, value, was string) error {
	undo := "settings put " + ns + " " + key + " " + adb.Quote(was)
	if was == "null" {
		undo = "settings delete " + ns + " " + key
	}
	return p.Change(ctx, what, "settings put "+ns+" "+key+" "+adb.Quote(value), undo)
}
