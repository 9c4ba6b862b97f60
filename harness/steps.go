package harness

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/ringproof/ringproof/fixtures"
	"github.com/ringproof/ringproof/harness/diagnose"
	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/harness/facts"
	"github.com/ringproof/ringproof/harness/profile"
	"github.com/ringproof/ringproof/harness/push"
	"github.com/ringproof/ringproof/harness/state"
	"github.com/ringproof/ringproof/harness/timeline"
	"github.com/ringproof/ringproof/reports/record"
)

// Budget names an entry of Budgets.
type Budget func(Budgets) time.Duration

// The budgets that steps wait by.
func ByRing(b Budgets) time.Duration   { return b.Ring }
func ByAnswer(b Budgets) time.Duration { return b.Answer }
func ByEnd(b Budgets) time.Duration    { return b.End }
func BySettle(b Budgets) time.Duration { return b.Settle }
func ByMissed(b Budgets) time.Duration { return b.Missed }

// ByTimeout is for a call that nobody answers or cancels.
func ByTimeout(b Budgets) time.Duration { return b.Timeout }

// Case names a payload of the app's vendor, such as "initiated".
type Case string

// The cases that scenarios push.
const (
	Initiated Case = "initiated"
	Cancelled Case = "cancelled"
	Ongoing   Case = "ongoing"  // another phone of the user answered
	Rejected  Case = "rejected" // another phone of the user declined
	Ended     Case = "ended"    // the other side hung up
)

// CheckPayloads tells whether the app's vendor has all that scenarios push, so
// that a run can say so before it begins.
func CheckPayloads(prof profile.Profile) error {
	for _, c := range []Case{Initiated, Cancelled} {
		if _, err := fixtures.Payload(prof.Payload.Vendor+"/"+string(c)).With("s", time.UnixMilli(0)); err != nil {
			return &Error{Kind: Config, Op: "look for the payload to push", Err: err}
		}
	}
	return nil
}

// Await waits until c is met.
func Await(c expect.Condition, b Budget) Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		_, err := a.Await(ctx, c, b(a.Budgets))
		return err
	})
}

// Holds looks once.
func Holds(c expect.Condition) Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		_, err := a.Hold(ctx, c)
		return err
	})
}

// Stays watches that c stays met through the quiet window.
func Stays(c expect.Condition) Step {
	return StepFunc(func(ctx context.Context, a *App) error { return a.Stay(ctx, c, a.Budgets.Quiet) })
}

// PushOthers sends every payload that must ring nothing, each with a session
// of its own: other messages of the vendor, stops of calls that never were,
// and malformed ones.
func PushOthers() Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		all, err := fixtures.Payloads()
		if err != nil {
			return err
		}
		sent := 0
		for _, p := range all {
			if p.Kind == fixtures.Ring || p.Vendor() != a.Profile.Payload.Vendor && p.Vendor() != fixtures.Malformed {
				continue
			}
			a.newSession()
			if _, err := a.push(ctx, p, manner{}); err != nil {
				return err
			}
			sent++
		}
		if sent < 5 {
			return fmt.Errorf("only %d payloads that are no call are known for vendor %s", sent, a.Profile.Payload.Vendor)
		}
		return nil
	})
}

// Push sends a message to the app. A message without an id gets one of its
// own, so that the SDK does not take it for one that it has seen.
func (a *App) Push(ctx context.Context, name string, m push.Message) (push.Receipt, error) {
	wall, err := a.Wall(ctx)
	if err != nil {
		return push.Receipt{}, err
	}
	return a.send(ctx, wall, a.Delivery, diagnose.Push{Name: name}, m)
}

// send pushes m through by; wall is the phone's clock just before.
func (a *App) send(ctx context.Context, wall time.Time, by push.Delivery, p diagnose.Push, m push.Message) (push.Receipt, error) {
	if m.ID == "" {
		m.ID = fmt.Sprintf("0:%d%%ringproof%04d", time.Now().UnixMicro(), len(a.sent)+1)
	}
	a.lastID = m.ID
	r, err := by.Deliver(ctx, a, a.Profile.Package, m)
	if err != nil {
		return r, err
	}
	if r.Sent > 0 {
		a.since = r.Sent
	}
	switch p.Kind {
	case diagnose.Ring:
		if p.Again && a.times.sent > 0 {
			break // the call's timeline began with what told of it first
		}
		a.times = times{pushName: p.Name, sent: r.Sent, delivered: a.Profile.Trace.Delivered}
		if _, is := by.(push.Signal); is {
			a.times.delivered = "" // the app traces pushes
		}
		if r.Accepted {
			a.times.accepted = r.Done
		}
	case diagnose.Stop:
		if a.times.end == nil { // a stop of a call that was ended before ends nothing
			a.times.end = &timeline.Press{At: r.Sent, Text: "push " + p.Name}
		}
	}
	a.sentAt = a.zoned(wall)
	p.Accepted, p.Receipt, p.Normal = r.Accepted, r.String(), m.Priority == push.Normal
	a.sent = append(a.sent, p)
	a.sink.Record(record.Event{
		Kind: record.PushSent, Scenario: a.scenario, Phone: a.Serial(), Host: time.Now(), Elapsed: r.Sent,
		Text: p.Name + ": " + r.String(),
	})
	return r, nil
}

// SameProcess does steps through which the app's process must live on: an app
// that crashes and starts again has lost its calls.
func SameProcess(steps ...Step) Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		s, err := a.Hold(ctx, expect.Process())
		if err != nil {
			return err
		}
		if err := Steps(steps...).Do(ctx, a); err != nil {
			return err
		}
		_, err = a.Hold(ctx, expect.PID(s.PIDs.Or(nil)))
		return err
	})
}

// Enter puts the phone into states, in the one canonical order, and verifies
// all of them together.
func Enter(rows ...func() state.State) Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		var states []state.State
		for _, row := range rows {
			states = append(states, row())
		}
		var again []state.State
		var settles time.Duration
		var verify []expect.Condition
		for _, s := range states {
			verify = append(verify, s.Verify)
		}
		before, err := a.Snapshot(ctx, expect.All(verify...).Kinds()...)
		if err != nil {
			return err
		}
		a.secure, verify = fact.Unknown[bool](), nil
		for _, s := range state.Sorted(states) {
			if !s.Stays {
				a.states = append(a.states, entered{s, s.Verify.Check(before).Outcome})
			}
			a.note(record.PhaseStarted, "enter %s", s.Name)
			if a.probe.API < s.Since {
				return unsupported("enter "+s.Name, a.Serial(), "API %d does not have it, %d does", a.probe.API, s.Since)
			}
			if s.Maker != "" && !strings.EqualFold(a.probe.Maker, s.Maker) {
				return unsupported("enter "+s.Name, a.Serial(), "it is made by %s, and only phones of %s have it", a.probe.Maker, s.Maker)
			}
			if err := s.Enter(ctx, a); err != nil {
				return fmt.Errorf("enter %s: %w", s.Name, err)
			}
			if s.Again {
				again = append(again, s)
			}
			verify, settles = append(verify, s.Verify), max(settles, s.Settles)
		}
		if err := a.verify(ctx, expect.All(verify...), again); err != nil || settles == 0 {
			return err
		}
		if err := a.Sleep(ctx, settles); err != nil {
			return err
		}
		return a.verify(ctx, expect.All(verify...), again)
	})
}

// verify waits for states. A state that cannot be verified is no fault of the
// app: nothing was asked of it yet.
func (a *App) verify(ctx context.Context, c expect.Condition, again []state.State) error {
	if err := a.moment(ctx); err != nil {
		return err
	}
	began := a.since
	for wait := time.Duration(0); ; wait = pollEvery {
		s, err := a.lookAfter(ctx, wait, c.Kinds()...)
		if err != nil {
			return err
		}
		f := expect.Fail(c, s)
		if f == nil {
			a.saw(c, s)
			return nil
		}
		if s.Began-began > a.Budgets.Settle {
			f.Elapsed, f.Budget = s.Began-began, a.Budgets.Settle
			if f.Why = a.lastCrash(ctx); f.Why != "" {
				return f // that is the app's doing
			}
			return &Error{Kind: Infra, Op: "enter a state", Phone: a.Serial(), Err: f}
		}
		for _, row := range again {
			if err := row.Enter(ctx, a); err != nil {
				return fmt.Errorf("enter %s: %w", row.Name, err)
			}
		}
	}
}

// Launch opens the app as its user does.
func Launch() Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		if _, err := a.Do(ctx, "open the app", "am start -W -n "+a.LaunchComponent()); err != nil {
			return err
		}
		if err := a.moment(ctx); err != nil {
			return err
		}
		_, err := a.Await(ctx, expect.All(expect.Process(), expect.InFront()), a.Budgets.Launch)
		return err
	})
}

// Home presses the home key.
func Home() Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		if err := a.Keys().Press(ctx, KeyHome); err != nil {
			return err
		}
		return a.moment(ctx)
	})
}

// telecomPackage owns the media session through which a headset's button
// reaches a call (com.android.server.telecom.HeadsetMediaButton).
const telecomPackage = "com.android.server.telecom"

// PressHook presses a headset's button. Whoever owns the media session gets
// it: Telecom does while there is a call, and with two calls nobody could say
// which one was meant.
func PressHook() Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		s, err := a.Snapshot(ctx, facts.Telecom, facts.MediaSession)
		if err != nil {
			return err
		}
		if to, ok := s.Media.ButtonGoesTo().Get(); ok && to != telecomPackage {
			return &Error{Kind: Infra, Op: "press the headset's button", Phone: a.Serial(),
				Err: fmt.Errorf("the key would go to the media session of %q and not to Telecom", to)}
		}
		live, role := 0, EndRole
		for _, c := range s.Telecom.Calls.Or(nil) {
			if c.Live() {
				live++
			}
			if c.Rings() {
				role = AnswerRole
			}
		}
		if live != 1 {
			return &expect.Failure{Fact: "telecom.call", Wanted: "exactly one live call before the headset's button is pressed", Seen: fmt.Sprintf("%d live calls", live)}
		}
		at, err := a.Elapsed(ctx)
		if err != nil {
			return err
		}
		if err := a.Keys().Press(ctx, KeyHeadsetHook); err != nil {
			return err
		}
		a.pressed(role, at, "the headset's button")
		a.acted(at, "pressed the headset's button")
		return nil
	})
}

// PressAnswer, PressDecline press buttons of the call's notification; TapAnswer
// and TapEnd those of the app's own screens.
func PressAnswer() Step  { return notificationButton(AnswerRole) }
func PressDecline() Step { return notificationButton(DeclineRole) }
func PressHangUp() Step  { return notificationButton(EndRole) }
func TapAnswer() Step    { return screenButton(AnswerRole) }
func TapDecline() Step   { return screenButton(DeclineRole) }
func TapEnd() Step       { return screenButton(EndRole) }

// TapSpeaker presses the call screen's button for the loudspeaker. An app without
// one has nothing to show.
func TapSpeaker() Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		if a.Profile.Screens.Speaker == (profile.Selector{}) {
			return unsupported("press the loudspeaker's button", a.Serial(), "the profile %s names none: see its key screens.speaker", a.Profile.Name)
		}
		return a.tapScreen(ctx, SpeakerRole)
	})
}

func notificationButton(r Role) Step {
	return StepFunc(func(ctx context.Context, a *App) error { return a.pressNotification(ctx, r, false) })
}

func screenButton(r Role) Step {
	return StepFunc(func(ctx context.Context, a *App) error { return a.tapScreen(ctx, r) })
}
