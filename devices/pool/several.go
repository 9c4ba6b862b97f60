package pool

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// LeaseAll waits until it can take a phone for each of the needs at one time,
// and takes all of them or none: who held some while waiting for others could
// wait for ever for somebody who does the same.
//
// Errors are Lease's; a *NeedsError also says that there are too few phones.
func (p *Pool) LeaseAll(ctx context.Context, needs ...Needs) ([]*Lease, error) {
	start := p.o.Now()
	var holders []string
	for {
		leases, busy, err := p.tryAll(ctx, needs)
		if end := over(ctx); err != nil && end != nil && len(holders) > 0 {
			return nil, &BusyError{Holders: holders, Waited: p.o.Now().Sub(start), Err: end}
		}
		if err != nil || leases != nil {
			return leases, err
		}
		if tell := needs[0].Waiting; tell != nil && !slices.Equal(holders, busy) {
			tell(busy)
		}
		holders = busy
		timer := time.NewTimer(p.o.Poll)
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil, &BusyError{Holders: holders, Waited: p.o.Now().Sub(start), Err: ctx.Err()}
		case <-timer.C:
		}
	}
}

// tryAll looks once. Without leases and error, busy tells who holds what is
// missing.
func (p *Pool) tryAll(ctx context.Context, needs []Needs) (got []*Lease, busy []string, err error) {
	defer func() {
		if len(got) == len(needs) && err == nil {
			return
		}
		for _, l := range got {
			// Nothing was changed on it: there is nothing to put back.
			err = errors.Join(err, l.Release(context.WithoutCancel(ctx)))
		}
		got = nil
	}()
	for _, n := range needs {
		r, err := p.try(ctx, n)
		if err != nil {
			return got, nil, err
		}
		if r.lease != nil {
			got = append(got, r.lease)
			continue
		}
		// Our own leases look busy, too.
		busy = slices.DeleteFunc(r.busy, func(line string) bool {
			return slices.ContainsFunc(got, func(l *Lease) bool { return strings.HasPrefix(line, l.Phone().Serial()+" ") })
		})
		switch {
		case len(busy) > 0:
			return got, busy, nil
		case len(got) == 0 && len(r.unfit) == 0:
			return got, nil, &NoPhoneError{Reasons: r.unusable, Errs: r.errs}
		}
		reasons := append(r.unfit, r.unusable...)
		if len(got) > 0 {
			reasons = append([]string{fmt.Sprintf("it takes %d phones at once, and there are only %d that do", len(needs), len(got))}, reasons...)
		}
		return got, nil, &NeedsError{Reasons: reasons}
	}
	return got, nil, nil
}

// over is why ctx has ended, nil if it has not. A socket's timer may be ahead of
// the context's own, so that its deadline counts.
func over(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if end, ok := ctx.Deadline(); ok && !time.Now().Before(end) {
		return context.DeadlineExceeded
	}
	return nil
}
