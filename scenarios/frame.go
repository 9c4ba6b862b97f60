package scenarios

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ringproof/ringproof/devices/pool"
	"github.com/ringproof/ringproof/harness"
	"github.com/ringproof/ringproof/harness/gear"
	"github.com/ringproof/ringproof/harness/profile"
	"github.com/ringproof/ringproof/reports/record"
)

// Leaser hands out phones; a *pool.Pool does.
type Leaser interface {
	Lease(ctx context.Context, needs pool.Needs) (*pool.Lease, error)
}

// Input is what the catalogue is run with.
type Input struct {
	Phones  Leaser
	Profile profile.Profile
	// Install is the build of the app; the zero one is what is installed. Its
	// Allowed is found out for each phone.
	Install harness.Installation
	// Gear is what stands beside the phones.
	Gear gear.Set
	// Seed, if not nil, changes the app's behaviour on purpose when it was
	// prepared, before any state is entered.
	Seed harness.Step
	// Door is how pushes travel, harness.AnyDoor if empty.
	Door harness.Door
	// Sink is told of everything as it happens; nil tells nobody.
	Sink record.Sink
	// Book is the record on disk, with the evidence; nil writes none.
	Book *record.Book
	// Pictures says when the record gets pictures of the screen, Phases if
	// empty. Video keeps a film of each failure, where the phone makes one.
	Pictures Pictures
	Video    bool
	// LeaseTimeout bounds the wait for a busy phone, 10 minutes if 0. It is no
	// part of a scenario's budget: a busy pool is not a failed scenario.
	LeaseTimeout time.Duration

	until context.Context
}

// Result is how a scenario ended.
type Result struct {
	Verdict record.Verdict
	Finding record.Finding
	// Causes are what may have led to the finding, the likeliest first.
	Causes []record.Cause
	// Err is what the verdict was made of, nil when passed.
	Err error
}

// Until gives the scenarios one more reason to end: a person's Ctrl-C. Phones
// are still put back.
func (in Input) Until(ctx context.Context) Input {
	in.until = ctx
	return in
}

// undoTimeout bounds putting a phone back. It has time of its own: a scenario
// that ran out of time still leaves its phone as it was found.
const undoTimeout = 2 * time.Minute

// Do runs one scenario on a phone of its own and judges it. It is the frame in
// which verdicts are made, and the only one.
func (in Input) Do(ctx context.Context, sc Scenario) Result {
	if in.until != nil {
		var cancel context.CancelCauseFunc
		ctx, cancel = context.WithCancelCause(ctx)
		defer cancel(nil)
		defer context.AfterFunc(in.until, func() { cancel(context.Cause(in.until)) })()
	}
	attempt := in.Book.Begin(Told(sc))
	sink := record.Hiding(record.Tee(in.Sink, attempt))
	sink.Record(record.Event{Kind: record.ScenarioStarted, Scenario: sc.ID, Text: sc.Title, Host: time.Now()})
	t := try{in: in, sc: sc, sink: sink, attempt: attempt}
	err := t.run(ctx)
	r := Result{Verdict: harness.Classify(err), Finding: harness.FindingOf(err), Causes: t.causes, Err: err}
	sink.Record(record.Event{
		Kind: record.ScenarioEnded, Scenario: sc.ID, Phone: t.serial, Host: time.Now(),
		Text: sc.Title, Verdict: r.Verdict, Finding: &r.Finding, Causes: r.Causes, Took: t.took,
	})
	end := record.Manifest{
		Verdict: r.Verdict, Diagnosis: r.Causes, Timeline: t.timeline, Took: t.took, Cost: t.cost, Evidence: t.evidence, Facts: t.facts,
	}
	if err != nil {
		end.Finding = &r.Finding
	}
	attempt.End(end)
	return r
}

// try is one attempt of a scenario, and what is known of it so far.
type try struct {
	in      Input
	sc      Scenario
	sink    record.Sink
	attempt *record.Attempt

	serial string
	took   time.Duration // phone time
	causes []record.Cause
	film   *harness.Film

	timeline       []record.Edge
	cost, evidence record.Cost
	facts          []record.Fact
}

func (t *try) run(ctx context.Context) (err error) {
	sc := t.sc
	leases, err := t.in.lease(ctx, sc, t.sink)
	if cause := context.Cause(ctx); err != nil && cause != nil {
		return &harness.Error{Kind: harness.Infra, Op: "lease a phone for " + sc.ID, Err: cause}
	}
	if err != nil {
		return err
	}
	lease := leases[0]
	t.serial = lease.Phone().Serial()
	t.sink.Record(record.Event{Kind: record.PhoneTaken, Scenario: sc.ID, Phone: t.serial, Host: time.Now()})
	undo := context.WithoutCancel(ctx)
	var app *harness.App
	beside := make([]*harness.App, len(leases)-1)
	defer func() {
		rerr := putBack(undo, lease, app)
		for i, other := range leases[1:] {
			rerr = errors.Join(rerr, putBack(undo, other, beside[i]))
		}
		switch {
		case rerr == nil:
		case err == nil || harness.Classify(err) == record.Skipped:
			err = &harness.Error{Kind: harness.Infra, Op: "put the phone back", Phone: lease.Phone().Serial(), Err: rerr}
		default:
			// The verdict is about the app; whoever owns the phone must know, too.
			err = fmt.Errorf("%w; and the phone was not put back: %w", err, rerr)
		}
	}()
	budget := sc.Budget
	if budget == 0 {
		budget = 2 * time.Minute
	}
	ctx, cancel := context.WithTimeoutCause(ctx, budget, fmt.Errorf("the scenario's budget of %s is over", budget))
	defer cancel()

	phone, err := harness.Open(ctx, lease.Phone(), lease.Journal(), t.sink, sc.ID)
	if err != nil {
		return err
	}
	defer func() { t.cost, t.evidence = phone.Cost(), phone.EvidenceCost() }()
	t.attempt.On(describe(phone))
	if err := sc.Needs.check(phone); err != nil {
		return err
	}
	caller, free, err := t.caller(ctx, undo)
	if err != nil {
		return err
	}
	defer free()
	app, err = harness.NewApp(phone, t.in.Profile, cmp.Or(t.in.Door, harness.AnyDoor))
	if err != nil {
		return err
	}
	defer app.Close()
	t.photograph(app)
	beside, err = t.beside(ctx, leases[1:])
	for _, other := range beside {
		if other != nil {
			defer other.Close()
		}
	}
	if err != nil {
		return err
	}
	app.Beside = beside
	app.Gear, app.Caller = t.in.Gear[t.serial], caller
	app.Install = t.in.Install
	app.Install.Allowed = lease.Facts().Consent >= pool.MayChange
	began, err := phone.Elapsed(ctx)
	if err != nil {
		return err
	}
	err = harness.Steps(harness.Phase("prepare", harness.StepFunc(func(ctx context.Context, a *harness.App) error {
		if err := errors.Join(a.Prepare(ctx), prepareBeside(ctx, a)); err != nil || t.in.Seed == nil {
			return err
		}
		return t.in.Seed.Do(ctx, a)
	})), harness.StepFunc(t.record), sc.Run).Do(ctx, app)
	defer t.drop()
	if err == nil {
		err = harness.Phase("nothing is left", harness.StepFunc(leavesNothing)).Do(ctx, app)
	}
	if err == nil {
		ended, err := phone.Elapsed(ctx)
		t.took = ended - began
		if err == nil {
			t.told(ctx, app)
		}
		return err
	}
	if cause := context.Cause(ctx); cause != nil && harness.Classify(err) != record.Failed {
		// Ended by its budget or by a person: say that, not which command it hit.
		err = &harness.Error{Kind: harness.Infra, Op: "finish the scenario", Phone: phone.Serial(), Err: cause}
	}
	if fault := phone.Fault(); fault != nil && harness.Classify(err) == record.Failed {
		// The phone was lost before the fact turned out wrong: who knows.
		err = &harness.Error{Kind: harness.Infra, Op: "judge the app", Phone: phone.Serial(), Err: errors.Join(fault, err)}
	}
	if breach := app.Breach(); breach != nil && harness.Classify(err) == record.Failed {
		err = fmt.Errorf("%w; by then: %w", breach, err)
	}
	if harness.Classify(err) != record.Skipped {
		t.keep(undo, app.Blamed(), harness.FindingOf(err))
	}
	return err
}

// putBack undoes what was done to the phone, looks whether it is what it was,
// and gives it free.
func putBack(ctx context.Context, lease *pool.Lease, app *harness.App) error {
	ctx, cancel := context.WithTimeout(ctx, undoTimeout)
	defer cancel()
	err := lease.Restore(ctx)
	if err == nil && app != nil {
		err = app.Restored(ctx)
	}
	if err != nil {
		// What failed now is in the journal, and the next holder tries it again.
		cancel()
		return errors.Join(err, ignoreUndo(lease.Release(ctx)))
	}
	return lease.Release(ctx)
}

// ignoreUndo leaves out what was told before.
func ignoreUndo(err error) error {
	var undo *pool.UndoError
	if errors.As(err, &undo) {
		return nil
	}
	return err
}

// pool is the part of the needs that a pool compares before it gives a phone.
// Credential, radio and users are changed only where the owner agreed to that.
func (n Needs) pool(beside gear.Set) pool.Needs {
	needs := pool.Needs{MinAPI: n.MinAPI, MaxAPI: n.MaxAPI, Root: n.Root, Maker: n.Maker}
	if n.Credential || n.Bluetooth || n.Line || n.SecondUser {
		needs.Consent = pool.MayChange
	}
	if n.Line || n.Console || n.Headset > 0 {
		needs.Also = func(f pool.Facts) string { return n.missing(beside[f.Serial]) }
	}
	return needs
}

// check compares what only an opened phone tells.
func (n Needs) check(p *harness.Phone) error {
	pr := p.Probe()
	skip := func(reason string) error {
		return &harness.Error{Kind: harness.Unsupported, Op: "use the phone", Phone: p.Serial(), Err: errors.New(reason)}
	}
	switch {
	case n.Inject && !pr.Inject:
		return skip("it denies adb's shell input events: some makers have a switch for it in the developer options")
	case n.Credential && !pr.Keyguard:
		return skip("locksettings does not answer: the lock screen cannot be set up")
	case n.Credential && pr.Credential:
		return skip("it has a credential of its own, and the harness sets its test PIN only on a phone without one")
	case n.Credential && !pr.Settings:
		return skip("it denies adb's shell writing settings: some makers have a switch for it in the developer options")
	case n.Bluetooth && !pr.Has("android.hardware.bluetooth"):
		return skip("it has no Bluetooth")
	case n.SecondUser && pr.MaxUsers < 2:
		return skip("it has one user and room for no other")
	}
	return nil
}

// describe puts what a phone said of itself into the record's words.
func describe(p *harness.Phone) record.Phone {
	pr := p.Probe()
	return record.Phone{Serial: p.Serial(), Maker: pr.Maker, Model: pr.Model, API: pr.API, Release: pr.Release, Build: pr.Fingerprint}
}
