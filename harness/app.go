package harness

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/ringproof/ringproof/devices"
	"github.com/ringproof/ringproof/harness/diagnose"
	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/harness/facts"
	"github.com/ringproof/ringproof/harness/gear"
	"github.com/ringproof/ringproof/harness/profile"
	"github.com/ringproof/ringproof/harness/push"
	"github.com/ringproof/ringproof/harness/timeline"
	"github.com/ringproof/ringproof/reports/record"
)

// App is the VoIP app under test on one phone: the phone and a profile. It is
// what steps work on, and it is for one scenario at a time.
type App struct {
	*Phone
	Profile profile.Profile
	Budgets Budgets
	// Delivery is how pushes travel.
	Delivery push.Delivery
	// Gear is what stands beside the phone: a headset, a second line.
	Gear gear.Gear
	// Caller is the phone that calls the second line's number, nil without one.
	Caller *Phone
	// Install is the build of the app that Prepare puts onto the phone.
	Install Installation
	// Camera gets a picture of the screen at the end of each phase that went
	// well, unless the screen is off; nil wants none.
	Camera func(picture []byte)

	// Beside are the apps on the other phones of a scenario that takes several.
	Beside []*App
	failed *App // of those, the one whose steps failed

	// session is the id of the call that is being tested.
	session string
	// since is the phone's time of what is being waited for: the last push or
	// key press. Budgets count from it.
	since time.Duration
	// lastID is the message id of the last push.
	lastID string
	// sent are the pushes so far, sentAt the wall clock of the last, or of the
	// wish to call somebody, in the phone's zone.
	sent   []diagnose.Push
	sentAt time.Time
	// answered says that the current call's answer was pressed.
	answered bool
	// declinedFirst: of a press on Decline and a push in one moment, the press won.
	declinedFirst bool
	// ended says that what declines or ends it was pressed.
	ended bool
	// user is the Android user whose copy of the app is pushed to, 0 the owner.
	user int
	// routed says that the button for the loudspeaker was pressed.
	routed bool
	// placed says that the app was had to make it.
	placed bool
	// times and clocked are for the call's timeline.
	times   times
	clocked []timeline.Sample
	// prepared is the phone's wall clock when it was ready for the first push.
	prepared time.Time
	// exits are the app's crashes and ANRs from before the scenario, by time.
	exits map[string]bool
	log   *logWatch
	// heard is what the log had told when the last snapshot began.
	heard  int
	beside beside
	// states are those that the phone was put into, secure whether its keyguard
	// had a credential at the first look after that, breach what the harness did
	// and must not.
	states []entered
	secure fact.Value[bool]
	breach error
	// before are the dumps from before the first push.
	before map[facts.Kind][]byte
	// unseen counts the steps under way that want no pictures; lastPicture is
	// how many trips there were after the last.
	unseen      int
	lastPicture int64
}

// Package is the app's package; Component what am calls its launcher activity.
func (a *App) Package() string         { return a.Profile.Package }
func (a *App) LaunchComponent() string { return a.Profile.Component(a.Profile.LaunchActivity) }

// NewApp joins a phone and a profile.
func NewApp(p *Phone, prof profile.Profile, door Door) (*App, error) {
	delivery, err := p.delivery(prof, door)
	if err != nil {
		return nil, err
	}
	return &App{Phone: p, Profile: prof, Budgets: budgetsOf(prof), Delivery: delivery}, nil
}

// Look is an App for questions only: no journal, so it changes nothing, and
// not even probed.
func Look(dev devices.Phone, prof profile.Profile) *App {
	return &App{Phone: &Phone{dev: dev, mark: newMark(), sink: record.SinkFunc(func(record.Event) {})}, Profile: prof, Budgets: budgetsOf(prof)}
}

// Examine is Look at a phone that is first asked what it is. It changes
// nothing.
func Examine(ctx context.Context, dev devices.Phone, prof profile.Profile) (*App, error) {
	a := Look(dev, prof)
	var err error
	a.probe, err = a.identify(ctx)
	return a, err
}

// Door is the way by which pushes are asked to travel.
type Door string

// The doors. AnyDoor is the debug receiver, which every phone permits, if the
// app has one, else the root broadcast.
const (
	AnyDoor   Door = "any"
	DebugDoor Door = "debug"
	RootDoor  Door = "root"
)

// delivery is the way through a door. What the app or the phone does not have
// is a reason to skip.
func (p *Phone) delivery(prof profile.Profile, door Door) (push.Delivery, error) {
	d := prof.Deliveries
	debug, root := d.Debug != nil && door != RootDoor, d.Root != nil && door != DebugDoor
	switch {
	case debug:
		return push.Debug{Action: d.Debug.Action, Extra: d.Debug.Extra}, nil
	case root && p.probe.Root:
		return push.Root{Action: d.Root.Action, Su: p.probe.Su}, nil
	case root:
		return nil, unsupported("choose a delivery", p.Serial(), "the root broadcast needs a shell that can become root")
	}
	return nil, unsupported("choose a delivery", p.Serial(), "the profile %s has no delivery of the kind %q", prof.Name, door)
}

func budgetsOf(prof profile.Profile) Budgets {
	b := DefaultBudgets()
	for _, o := range []struct {
		to   *time.Duration
		from time.Duration
	}{{&b.Ring, prof.Budgets.Ring}, {&b.Answer, prof.Budgets.Answer}, {&b.End, prof.Budgets.Stop},
		{&b.Missed, prof.Budgets.Missed}} {
		if o.from > 0 {
			*o.to = o.from
		}
	}
	if prof.Budgets.Timeout > 0 {
		b.Timeout = prof.Budgets.Timeout + b.End + b.Missed
	}
	return b
}

func (a *App) facts() facts.App {
	p := &a.Profile
	f := facts.App{
		Package: p.Package, Account: p.AccountID,
		CallChannel: p.Notification.Channel, OngoingChannel: p.Notification.OngoingChannel, MissedChannel: p.Notification.MissedChannel,
		Call: p.Class(p.Screens.Call),
	}
	if p.Screens.Incoming != "" {
		f.Incoming = p.Class(p.Screens.Incoming)
	}
	return f
}

// newSession begins another call.
func (a *App) newSession() {
	a.session, a.answered, a.ended, a.placed, a.routed = "v1.ringproof."+rand.Text(), false, false, false, false
}

// pollEvery is how much phone time passes between two looks when the log wakes
// nobody: makers mute and rate-limit it.
const pollEvery = 250 * time.Millisecond

// looks bounds how often a long wait looks without the log's help.
const looks = 100

// hostSlack is what a wait may cost on the host beyond the phone's own time:
// a snapshot of a slow phone takes seconds.
const hostSlack = 60 * time.Second

// Await waits until the condition is met and returns the snapshot that shows
// it. It looks whenever the log of the phone says that something happened, and
// every now and then without it. It stops at once when the condition can no
// longer be met, or when the budget, counted from the last push or key in the
// phone's own time, is over; the last look always comes after its end.
func (a *App) Await(ctx context.Context, c expect.Condition, budget time.Duration) (facts.Snapshot, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, budget+hostSlack,
		&Error{Kind: Infra, Op: "wait for " + c.String(), Phone: a.Serial(),
			Err: fmt.Errorf("the phone's own %s were not over after %s here", budget, budget+hostSlack)})
	defer cancel()
	start := a.since
	last := start // when it was last seen not to be met
	for wait := time.Duration(0); ; {
		s, err := a.lookAfter(ctx, wait, c.Kinds()...)
		if err != nil {
			if cause := context.Cause(ctx); cause != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
				return s, cause
			}
			return s, err
		}
		if start == 0 || start > s.Began {
			start = s.Began // nothing was pressed yet, or the phone rebooted
		}
		r := c.Check(s)
		elapsed := s.Began - start
		switch {
		case r.Outcome == expect.Met:
			a.saw(c, s)
			a.looked(c, last, s)
			return s, nil
		case r.Outcome == expect.Never, elapsed > budget:
			f := expect.Fail(c, s)
			f.Elapsed, f.Budget = elapsed, budget
			f.Why = a.why(ctx, f)
			return s, f
		}
		last = s.Began
		wait = min(max(pollEvery, budget/looks), max(budget-elapsed, 10*time.Millisecond))
	}
}

// looked keeps a look for the timeline: for what no record of the phone tells.
func (a *App) looked(c expect.Condition, last time.Duration, s facts.Snapshot) {
	for _, fact := range strings.Split(c.Fact(), "+") {
		if name, ok := map[string]record.EdgeName{"window.over-keyguard": record.EdgeScreen, "notification.call": record.EdgeNotified}[fact]; ok {
			a.times.looks = append(a.times.looks, timeline.Look{Name: name, After: last, Before: s.Ended})
		}
	}
}

// Hold looks once.
func (a *App) Hold(ctx context.Context, c expect.Condition) (facts.Snapshot, error) {
	s, err := a.Snapshot(ctx, c.Kinds()...)
	if err != nil {
		return s, err
	}
	if f := expect.Fail(c, s); f != nil {
		f.Why = a.why(ctx, f)
		return s, f
	}
	a.saw(c, s)
	return s, nil
}

// Stay watches that a condition, met now, stays met for a window of the
// phone's own time. A phone that does not tell at one look is looked at again;
// the last look must see the condition met.
func (a *App) Stay(ctx context.Context, c expect.Condition, window time.Duration) error {
	var start time.Duration
	for {
		s, err := a.Snapshot(ctx, c.Kinds()...)
		if err != nil {
			return err
		}
		if start == 0 {
			start = s.Began
		}
		r := c.Check(s)
		elapsed := s.Began - start
		wrong := r.Outcome == expect.NotYet || r.Outcome == expect.Never
		if wrong || r.Outcome == expect.Unknown && elapsed >= window+a.Budgets.Settle {
			f := expect.Fail(c, s)
			f.Elapsed, f.Budget = elapsed, window
			f.Why = a.why(ctx, f)
			return f
		}
		if elapsed >= window && r.Outcome == expect.Met {
			a.saw(c, s)
			return nil
		}
		// Sleeping in the phone's shell states the window in phone time.
		if err := a.Sleep(ctx, min(time.Second, max(window-elapsed, 0)+10*time.Millisecond)); err != nil {
			return err
		}
	}
}

func (a *App) saw(c expect.Condition, s facts.Snapshot) {
	a.sink.Record(record.Event{
		Kind: record.FactSeen, Scenario: a.scenario, Phone: a.Serial(), Host: time.Now(),
		Elapsed: s.Began, Text: c.String(),
	})
}

// why asks the phone what may explain a wrong fact: a crash of the app above
// all. It is told beside the fact, never instead of it.
func (a *App) why(ctx context.Context, f *expect.Failure) string {
	if f.Unknown {
		return f.Why
	}
	if crash := a.lastCrash(ctx); crash != "" {
		return crash
	}
	return f.Why
}

// moment reads the phone's clock as the start of what is waited for next.
func (a *App) moment(ctx context.Context) error {
	t, err := a.Elapsed(ctx)
	if err == nil {
		a.since = t
	}
	return err
}
