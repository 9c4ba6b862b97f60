package harness

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/ringproof/ringproof/devices"
	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/harness/push"
	"github.com/ringproof/ringproof/reports/record"
)

// DeclineAs has the user press Decline in the moment in which a push comes. The
// finger comes that much after the line that sends the push has begun: which of
// the two the app hears of first is chance, on hardware most of all, and what is
// asked of the app must hold either way. A finger that comes too late touches
// what is then there.
func DeclineAs(c Case, after time.Duration) Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		b, err := a.shownButton(ctx, DeclineRole, false)
		if err != nil {
			return err
		}
		line, err := a.touch(b.what, b.node)
		if err != nil {
			return err
		}
		both := &meanwhile{Delivery: a.Delivery, line: fmt.Sprintf("sleep %.3f; %s", after.Seconds(), line)}
		if err := pushed(c, manner{by: both}).Do(ctx, a); err != nil {
			return err
		}
		if !both.ran {
			return unsupported("press a button as a push comes", a.Serial(), "the %s does not begin on this phone", a.Delivery.Name())
		}
		return a.pressedButton(ctx, DeclineRole, a.since, b)
	})
}

// Crossing does rounds of DeclineAs and TellsNoDecline, each with another call,
// and lets the finger come later while it was first, earlier while the push was:
// so the two meet, however long this phone takes over either.
func Crossing(rounds int, round func(after time.Duration) Step) Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		var early, late time.Duration // the latest that was first, the earliest that was not
		after := firstCrossing
		for range rounds {
			if err := round(after).Do(ctx, a); err != nil {
				return err
			}
			if a.declinedFirst {
				early = max(early, after)
			} else if late == 0 || after < late {
				late = after
			}
			// What takes longer or shorter than the last time moves the meeting.
			switch {
			case late == 0:
				after *= 2
			case early < late:
				after = (early + late) / 2
			default:
				early, late = late-crossingSpread, early+crossingSpread
				after = (early + late) / 2
			}
			after = min(max(after, 0), lastCrossing)
		}
		return nil
	})
}

const (
	// firstCrossing is about what the push's line takes before its broadcast.
	firstCrossing = 50 * time.Millisecond
	// lastCrossing is as long as anybody is waited for.
	lastCrossing   = 3 * time.Second
	crossingSpread = 10 * time.Millisecond
)

// meanwhile is a delivery beside whose broadcast the phone does something else.
type meanwhile struct {
	push.Delivery
	line string
	ran  bool
}

// Deliver implements push.Delivery.
func (m *meanwhile) Deliver(ctx context.Context, phone push.Shell, pkg string, msg push.Message) (push.Receipt, error) {
	return m.Delivery.Deliver(ctx, besides{phone, m}, pkg, msg)
}

// besides is a phone's shell for one delivery.
type besides struct {
	push.Shell
	m *meanwhile
}

func (b besides) Run(ctx context.Context, script string) (devices.Output, error) {
	if b.m.ran {
		return b.Shell.Run(ctx, script)
	}
	b.m.ran = true
	// The shell must not end before the finger has come.
	return b.Shell.Run(ctx, "("+b.m.line+") >/dev/null 2>&1 &\n("+script+"\n)\nr=$?; wait; exit $r")
}

// declined are the causes by which Telecom tells of an end that the user wanted.
var declined = []string{"REJECTED", "LOCAL"}

// TellsNoDecline looks in the app's own trace for a decline of a call that the
// app itself had ended for another reason: its user took it on another phone,
// and a press that came too late must not take it from them. It goes by the
// cause that the app gave Telecom, not by clocks: one call has one end, and
// a press that came first is told rightly.
func TellsNoDecline() Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		t := a.Profile.Trace
		events, err := a.traced(ctx)
		if err != nil {
			return err
		}
		ends := expect.EndedBy(declined...)
		s, err := a.Snapshot(ctx, ends.Kinds()...)
		if err != nil {
			return err
		}
		end := ends.Check(s)
		a.declinedFirst = end.Outcome == expect.Met
		told := slices.Contains(events, t.Declined)
		switch {
		case end.Outcome == expect.Met:
			a.note(record.FactSeen, "the press came before the push: %s", end.Seen)
			return nil
		case end.Outcome != expect.Never:
			return unsupported("see how the call ended", a.Serial(), "%s", end.Seen)
		case told:
			return &expect.Failure{
				Fact: "trace.late-decline", Wanted: "its server not told of a decline of the call that was over",
				Seen: end.Seen + ", and its server was told that it was declined, by the trace's " + t.Declined,
			}
		}
		a.note(record.FactSeen, "no %s in the app's trace: %s", t.Declined, end.Seen)
		return nil
	})
}

// TracesDeclines is for scenarios about what the app tells its server of a
// decline.
func TracesDeclines() Step {
	return StepFunc(func(_ context.Context, a *App) error {
		if a.Profile.Trace.Declined == "" {
			return unsupported("see what the app tells its server", a.Serial(), "the profile %s does not name it: see its keys trace.declined and trace.ended", a.Profile.Name)
		}
		return nil
	})
}
