package scenarios

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/ringproof/ringproof/devices/pool"
	"github.com/ringproof/ringproof/harness"
	"github.com/ringproof/ringproof/reports/record"
)

// SeveralLeaser hands out several phones at once; a *pool.Pool does.
type SeveralLeaser interface {
	LeaseAll(ctx context.Context, needs ...pool.Needs) ([]*pool.Lease, error)
}

// lease waits for phones that meet the scenario's needs, the one that rings
// first. Needs that no phone can meet are a reason to skip.
func (in Input) lease(ctx context.Context, sc Scenario, sink record.Sink) ([]*pool.Lease, error) {
	timeout := in.LeaseTimeout
	if timeout == 0 {
		timeout = 10 * time.Minute
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	needs := sc.Needs.pool(in.Gear)
	needs.Waiting = func(holders []string) {
		sink.Record(record.Event{Kind: record.Waiting, Scenario: sc.ID, Host: time.Now(), Text: strings.Join(holders, "; ")})
	}
	op := "lease a phone for " + sc.ID
	var leases []*pool.Lease
	var err error
	if n := sc.Needs.Phones; n > 1 {
		op = fmt.Sprintf("lease %d phones for %s", n, sc.ID)
		several, ok := in.Phones.(SeveralLeaser)
		if !ok {
			return nil, &harness.Error{Kind: harness.Unsupported, Op: op, Err: errors.New("phones are handed out one by one here")}
		}
		all := make([]pool.Needs, n)
		for i := range all {
			all[i] = needs
		}
		leases, err = several.LeaseAll(ctx, all...)
	} else {
		var one *pool.Lease
		one, err = in.Phones.Lease(ctx, needs)
		leases = []*pool.Lease{one}
	}
	var unmet *pool.NeedsError
	switch {
	case errors.As(err, &unmet):
		return nil, &harness.Error{Kind: harness.Unsupported, Op: op, Err: err}
	case err != nil:
		return nil, &harness.Error{Kind: harness.Infra, Op: op, Err: err}
	}
	return leases, nil
}

// join takes a leased phone into use, with the app on it.
func (t *try) join(ctx context.Context, lease *pool.Lease) (*harness.App, error) {
	phone, err := harness.Open(ctx, lease.Phone(), lease.Journal(), t.sink, t.sc.ID)
	if err != nil {
		return nil, err
	}
	if err := t.sc.Needs.check(phone); err != nil {
		return nil, err
	}
	app, err := harness.NewApp(phone, t.in.Profile, cmp.Or(t.in.Door, harness.AnyDoor))
	if err != nil {
		return nil, err
	}
	app.Gear = t.in.Gear[phone.Serial()]
	app.Install = t.in.Install
	app.Install.Allowed = lease.Facts().Consent >= pool.MayChange
	return app, nil
}

// beside takes the phones beside the one that rings into use. The apps that
// were joined are returned with an error, too: they are put back.
func (t *try) beside(ctx context.Context, leases []*pool.Lease) ([]*harness.App, error) {
	apps := make([]*harness.App, len(leases))
	for i, l := range leases {
		var err error
		if apps[i], err = t.join(ctx, l); err != nil {
			return apps, err
		}
		t.sink.Record(record.Event{Kind: record.PhoneTaken, Scenario: t.sc.ID, Phone: l.Phone().Serial(), Host: time.Now()})
	}
	return apps, nil
}

// prepareBeside prepares the other phones as the first one.
func prepareBeside(ctx context.Context, a *harness.App) error {
	for _, other := range a.Beside {
		if err := other.Prepare(ctx); err != nil {
			return err
		}
	}
	return nil
}

// leavesNothing looks at every phone of a scenario after it.
func leavesNothing(ctx context.Context, a *harness.App) error {
	for _, app := range append([]*harness.App{a}, a.Beside...) {
		if err := app.Leaves(ctx); err != nil {
			return err
		}
	}
	return nil
}
