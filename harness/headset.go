package harness

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/harness/facts"
	"github.com/ringproof/ringproof/harness/gear"
	"github.com/ringproof/ringproof/harness/state"
	"github.com/ringproof/ringproof/reports/record"
)

// beside is what stands beside the phone while a scenario uses it.
type beside struct {
	headset *gear.Headset
	told    chan struct{} // closed when all that the headset noticed is in the record
	address string        // of the headset
	console *gear.Console
	busy    bool // a call on the second line may be left
}

func (b *beside) close() {
	if b.headset != nil {
		_ = b.headset.Close() // the control switches the headset off
		<-b.told
	}
	if b.console != nil {
		_ = b.console.Close()
	}
	*b = beside{}
}

// byLink is how long a radio link may take to come and go: an adapter that starts,
// a headset that connects, a link whose loss is noticed.
func byLink(b Budgets) time.Duration { return max(b.Settle, 30*time.Second) }

// ByLink is for routes that follow a radio link.
func ByLink(b Budgets) time.Duration { return byLink(b) }

// WithHeadset has the phone's headset connected. One that is under control comes
// now, and goes when the scenario is over; an ordinary one must be switched on.
func WithHeadset() Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		spec := a.Gear.Headset
		if !spec.Known() {
			return unsupported("use a headset", a.Serial(), "no headset is configured for it: see the setting headsets")
		}
		a.beside.address = spec.Address
		if err := a.adapterOn(ctx); err != nil {
			return err
		}
		if err := a.headsetComes(ctx); err != nil {
			return err
		}
		return a.reach(ctx, expect.All(expect.Adapter(true), expect.HeadsetConnected(a.beside.address)), "is it switched on and near the phone?")
	})
}

func (a *App) headsetComes(ctx context.Context) error {
	spec := a.Gear.Headset
	if spec.Controlled() && a.beside.headset == nil {
		h, err := gear.OpenHeadset(ctx, a.Serial(), spec)
		if missing, ok := errors.AsType[*gear.MissingError](err); ok {
			return unsupported("use a headset", a.Serial(), "%w", missing)
		}
		if err != nil {
			return &Error{Kind: Infra, Op: "use the headset", Phone: a.Serial(), Err: err}
		}
		a.beside.headset, a.beside.told = h, make(chan struct{})
		go a.record(h.Events(), a.beside.told)
		heard, err := h.State(ctx)
		if err != nil {
			return &Error{Kind: Infra, Op: "use the headset", Phone: a.Serial(), Err: err}
		}
		if a.beside.address == "" {
			a.beside.address = heard.Address
		}
	}
	s, err := a.Snapshot(ctx, facts.Bluetooth)
	if err != nil {
		return err
	}
	if expect.Bonded(a.beside.address).Check(s).Outcome == expect.NotYet {
		advice := "pair it by hand"
		if spec.Radio != "" {
			advice = "ringproof headset " + a.Serial() + " lets the phone find it"
		}
		return unsupported("use a headset", a.Serial(), "%s is not bonded with it: %s", a.beside.address, advice)
	}
	if h := a.beside.headset; h != nil {
		if err := h.Do(ctx, gear.Come); err != nil {
			return &Error{Kind: Infra, Op: "switch the headset on", Phone: a.Serial(), Err: err}
		}
	}
	return nil
}

// record writes down what a headset notices, until it is closed.
func (a *App) record(events <-chan gear.Event, done chan<- struct{}) {
	defer close(done)
	for e := range events {
		a.sink.Record(record.Event{Kind: record.Noted, Scenario: a.scenario, Phone: a.Serial(), Host: e.Host, Text: "the headset: " + e.What})
	}
}

// adapterOn switches Bluetooth on for the length of the scenario, if it is off.
func (a *App) adapterOn(ctx context.Context) error {
	s, err := a.Snapshot(ctx, facts.Bluetooth)
	if err != nil {
		return err
	}
	if expect.Adapter(true).Check(s).Outcome == expect.Met {
		return nil
	}
	if err := a.Change(ctx, "switch Bluetooth on", state.BluetoothEnable, state.BluetoothDisable); err != nil {
		return err
	}
	return a.reach(ctx, expect.Adapter(true), "switch Bluetooth on by hand")
}

// reach waits for what the app has no part in: a failure is not its own.
func (a *App) reach(ctx context.Context, c expect.Condition, advice string) error {
	if err := a.moment(ctx); err != nil {
		return err
	}
	_, err := a.Await(ctx, c, byLink(a.Budgets))
	var f *expect.Failure
	if errors.As(err, &f) {
		return &Error{Kind: Infra, Op: "reach a state beside the phone", Phone: a.Serial(), Err: f, Advice: advice}
	}
	return err
}

// Controlled is for scenarios in which a headset does something: one that nobody
// can tell what to do has nothing to show.
func Controlled(what ...gear.Do) Step {
	return StepFunc(func(_ context.Context, a *App) error {
		h := a.beside.headset
		if h == nil {
			return unsupported("control the headset", a.Serial(), "the configuration names no control for it: its buttons are for a person")
		}
		for _, d := range what {
			if !h.Can(d) {
				return unsupported("control the headset", a.Serial(), "its control does not know %q", d)
			}
		}
		return nil
	})
}

// HeadsetRings waits until the headset itself is told of the call: that it rings,
// and who calls.
func HeadsetRings() Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		began, err := a.Elapsed(ctx)
		if err != nil {
			return err
		}
		for {
			heard, err := a.beside.headset.State(ctx)
			if err != nil {
				return &Error{Kind: Infra, Op: "ask the headset", Phone: a.Serial(), Err: err}
			}
			if heard.Ringing && heard.Caller != "" {
				a.note(record.FactSeen, "the headset rings, and shows a caller of %d characters", len([]rune(heard.Caller)))
				return nil
			}
			now, err := a.Elapsed(ctx)
			if err != nil {
				return err
			}
			if now-began > a.Budgets.Settle {
				return &expect.Failure{Fact: "headset.ringing", Wanted: "the headset to ring and to be told the caller",
					Seen: fmt.Sprintf("ringing %t, caller %q", heard.Ringing, heard.Caller), Elapsed: now - began, Budget: a.Budgets.Settle}
			}
			if err := a.Sleep(ctx, pollEvery); err != nil {
				return err
			}
		}
	})
}

// Headset has the headset do something whose effect is waited for next.
func Headset(d gear.Do) Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		at, err := a.Elapsed(ctx)
		if err != nil {
			return err
		}
		if err := a.beside.headset.Do(ctx, d); err != nil {
			return &Error{Kind: Infra, Op: "have the headset " + string(d), Phone: a.Serial(), Err: err}
		}
		switch d {
		case gear.Answer:
			a.pressed(AnswerRole, at, "the headset")
		case gear.HangUp:
			a.pressed(EndRole, at, "the headset")
		}
		a.acted(at, "the headset: %s", d)
		return nil
	})
}

// HeadsetIs waits until the phone has noticed that the headset came or went, which
// is no business of the app's.
func HeadsetIs(connected bool) Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		c := expect.HeadsetGone(a.beside.address)
		if connected {
			c = expect.HeadsetConnected(a.beside.address)
		}
		return a.reach(ctx, c, "")
	})
}

// SwitchBluetooth switches the adapter in the middle of a call, and waits until it
// is switched.
func SwitchBluetooth(on bool) Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		do, undo := state.BluetoothDisable, state.BluetoothEnable
		if on {
			// What switched it off has the way back in the journal already.
			if _, err := a.Do(ctx, "switch Bluetooth on", state.BluetoothEnable); err != nil {
				return err
			}
		} else if err := a.Change(ctx, "switch Bluetooth off", do, undo); err != nil {
			return err
		}
		if err := a.reach(ctx, expect.Adapter(on), "does the phone ask its user?"); err != nil {
			return err
		}
		at, err := a.Elapsed(ctx)
		if err != nil {
			return err
		}
		a.acted(at, "switched Bluetooth %s", map[bool]string{true: "on", false: "off"}[on])
		return nil
	})
}

// OnMyHeadset is a condition about the scenario's own headset.
func OnMyHeadset(c func(address string) expect.Condition, b Budget) Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		_, err := a.Await(ctx, c(a.beside.address), b(a.Budgets))
		return err
	})
}

// PlayMedia has the phone's player play, as the play key does. A phone without a
// player that takes the key has nothing to show.
func PlayMedia() Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		s, err := a.Snapshot(ctx, facts.MediaSession)
		if err != nil {
			return err
		}
		if expect.MediaPlays().Check(s).Outcome != expect.Met {
			if err := a.Change(ctx, "play media", "input keyevent 126", "input keyevent 127"); err != nil {
				return err
			}
		}
		if err := a.moment(ctx); err != nil {
			return err
		}
		_, err = a.Await(ctx, expect.MediaPlays(), a.Budgets.Settle)
		var f *expect.Failure
		if errors.As(err, &f) {
			return unsupported("play media", a.Serial(), "no player takes the play key: start one by hand, so that it is the last that played")
		}
		return err
	})
}
