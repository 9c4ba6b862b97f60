package harness

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ringproof/ringproof/devices/adb"
	"github.com/ringproof/ringproof/harness/dumpsys/telecom"
	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/harness/facts"
	"github.com/ringproof/ringproof/harness/gear"
	"github.com/ringproof/ringproof/reports/record"
)

// consoleNumber is who calls over an emulator's console, and emergencyNumber is
// called there, and nowhere else.
const (
	consoleNumber   = "5550199"
	emergencyNumber = "911"
)

// More keys: of managed calls, which every phone's call and end buttons were.
const (
	KeyCall    Key = 5
	KeyEndCall Key = 6
)

// callerActs is how long the phone that calls may take to begin or end the call.
const callerActs = 2 * time.Second

// CellularRings has somebody call the phone's number, and waits until it rings for
// that. A phone that does not ring then has no line: that is not the app's doing.
func CellularRings() Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		if err := a.cellularCalls(ctx); err != nil {
			return err
		}
		return a.reach(ctx, expect.Cellular(telecom.Ringing), "has the phone a SIM and a network?")
	})
}

// cellularCalls places the call.
func (a *App) cellularCalls(ctx context.Context) error {
	line := a.Gear.Line
	a.beside.busy = true
	switch {
	case line.Console != "":
		c, err := a.dialConsole(ctx)
		if err != nil {
			return err
		}
		if err := c.Call(ctx, consoleNumber); err != nil {
			return &Error{Kind: Infra, Op: "call the phone over the console", Phone: a.Serial(), Err: err}
		}
	case line.Number != "" && a.Caller != nil:
		if _, err := a.Caller.Do(ctx, "call the phone", "am start -a android.intent.action.CALL -d "+adb.Quote("tel:"+line.Number)); err != nil {
			return err
		}
		return a.Caller.Sleep(ctx, callerActs)
	default:
		return unsupported("call the phone", a.Serial(), "no second line is configured for it: see the setting lines")
	}
	return nil
}

func (a *App) dialConsole(ctx context.Context) (*gear.Console, error) {
	if a.beside.console == nil {
		c, err := gear.DialConsole(ctx, a.Gear.Line.Console)
		if err != nil {
			return nil, &Error{Kind: Infra, Op: "use the second line", Phone: a.Serial(), Err: err}
		}
		a.beside.console = c
	}
	return a.beside.console, nil
}

// CellularHangsUp: whoever called hangs up.
func CellularHangsUp() Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		at, err := a.Elapsed(ctx)
		if err != nil {
			return err
		}
		if err := a.cellularEnds(ctx); err != nil {
			return err
		}
		a.acted(at, "the cellular caller hung up")
		return a.reach(ctx, expect.NoCellular(), "")
	})
}

func (a *App) cellularEnds(ctx context.Context) error {
	a.beside.busy = false
	if a.Gear.Line.Console == "" {
		if err := a.Caller.Keys().Press(ctx, KeyEndCall); err != nil {
			return err
		}
		return a.Caller.Sleep(ctx, callerActs)
	}
	c, err := a.dialConsole(ctx)
	if err != nil {
		return err
	}
	calls, err := c.Calls(ctx)
	for _, call := range calls {
		if err == nil {
			err = c.HangUp(ctx, call.Number)
		}
	}
	if err != nil {
		return &Error{Kind: Infra, Op: "hang up over the console", Phone: a.Serial(), Err: err}
	}
	return nil
}

// AnswerCellular takes the cellular call with the phone's call key, which is not
// for calls of apps, and waits until it is active.
func AnswerCellular() Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		at, err := a.Elapsed(ctx)
		if err != nil {
			return err
		}
		if err := a.Keys().Press(ctx, KeyCall); err != nil {
			return err
		}
		if err := a.reach(ctx, expect.Cellular(telecom.Active), "does this phone answer with the call key?"); err != nil {
			return err
		}
		a.acted(at, "answered the cellular call")
		return nil
	})
}

// DialEmergency calls an emergency number over an emulator's modem. Nothing else
// may: behind a console there is nobody who would come.
func DialEmergency() Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		if a.Gear.Line.Console == "" {
			return unsupported("call an emergency number", a.Serial(), "that is only ever done on an emulator")
		}
		if !a.probe.Root {
			return unsupported("call an emergency number", a.Serial(), "it takes root")
		}
		// The console must answer before anything is dialed: it is what shows that
		// this is an emulator.
		c, err := a.dialConsole(ctx)
		if err != nil {
			return err
		}
		if _, err := c.Calls(ctx); err != nil {
			return &Error{Kind: Infra, Op: "ask the console", Phone: a.Serial(), Err: err}
		}
		a.beside.busy = true
		if _, err := a.Do(ctx, "call an emergency number", a.probe.Su.Line("am", "start", "-a", "android.intent.action.CALL_EMERGENCY", "-d", "tel:"+emergencyNumber)); err != nil {
			return err
		}
		if err := a.reach(ctx, expect.Cellular(telecom.Dialing, telecom.Active), ""); err != nil {
			return err
		}
		if err := c.Accept(ctx, emergencyNumber); err != nil {
			return &Error{Kind: Infra, Op: "answer the emergency call over the console", Phone: a.Serial(), Err: err}
		}
		return a.reach(ctx, expect.Cellular(telecom.Active), "")
	})
}

// hangUpAll ends what is left of cellular calls when a scenario is over.
func (a *App) hangUpAll() {
	if !a.beside.busy {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := a.cellularEnds(ctx); err != nil {
		a.note(record.Noted, "the cellular call was not ended: %v", err)
	}
}

// HeldOrActive lets a call that the app holds go on, by the headset or by the app
// itself, when another one is over: Telecom does not (CallsManager.markCallAsRemoved
// unholds calls of the same connection service only). An app that resumes by
// itself, or whose call stays held for its user to resume, is right.
func HeldOrActive() Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		_, err := a.Await(ctx, expect.Any(expect.Active(), expect.Held()), a.Budgets.Settle)
		return err
	})
}

var errNoForeign = errors.New("no cellular call")

// SameCellular does steps through which the cellular call must live on, whatever
// the app does.
func SameCellular(steps ...Step) Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		id := func() (string, error) {
			s, err := a.Snapshot(ctx, facts.Telecom)
			if err != nil {
				return "", err
			}
			calls, ok := expect.CellularCalls(s).Get()
			if !ok {
				return "", &Error{Kind: Infra, Op: "look for the cellular call", Phone: a.Serial(), Err: errors.New("a dump that does not tell the calls")}
			}
			if len(calls) != 1 {
				return "", fmt.Errorf("%d of them: %w", len(calls), errNoForeign)
			}
			return calls[0].ID, nil
		}
		before, err := id()
		if errors.Is(err, errNoForeign) {
			return &Error{Kind: Infra, Op: "look for the cellular call", Phone: a.Serial(), Err: err}
		} else if err != nil {
			return err
		}
		if err := Steps(steps...).Do(ctx, a); err != nil {
			return err
		}
		after, err := id()
		if errors.Is(err, errNoForeign) || err == nil && after != before {
			return &expect.Failure{Fact: "telecom.cellular", Wanted: "the cellular call " + before + " to live on", Seen: seenInstead(after, err)}
		}
		return err
	})
}

func seenInstead(id string, err error) string {
	if err != nil {
		return err.Error()
	}
	return "the call " + id
}
