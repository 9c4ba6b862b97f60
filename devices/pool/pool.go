package pool

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/gofrs/flock"
)

// Options say where phones come from and which may be used.
type Options struct {
	Sources []Source
	// StateDir holds locks and journals; "" is DefaultStateDir. A run that
	// makes its own phones gives them a folder of its own: their serials mean
	// nothing to other runs.
	StateDir string
	// Attached opts in to every phone that is not Owned, and Serials to the
	// named ones only, for all changes.
	Attached bool
	Serials  []string
	// Poll is how often busy phones are tried, 100 ms if 0.
	Poll time.Duration
	// Now is the host's clock, time.Now if nil.
	Now func() time.Time
}

// DefaultStateDir is the folder "ringproof" in the user's cache folder.
func DefaultStateDir() (string, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("find a folder for leases: %w; set the state folder", err)
	}
	return filepath.Join(dir, "ringproof"), nil
}

// Pool leases phones. It is safe for concurrent use.
type Pool struct {
	o Options

	mu    sync.Mutex
	facts map[string]Facts // by lock file
}

// New makes the state folder.
func New(o Options) (*Pool, error) {
	if o.StateDir == "" {
		dir, err := DefaultStateDir()
		if err != nil {
			return nil, err
		}
		o.StateDir = dir
	}
	if err := os.MkdirAll(o.StateDir, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder for leases: %w", err)
	}
	if o.Poll <= 0 {
		o.Poll = 100 * time.Millisecond
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Pool{o: o, facts: map[string]Facts{}}, nil
}

// Lease waits for a phone that meets the needs and takes it. What an earlier
// owner left changed is put back first.
//
// Errors: *NeedsError (no phone ever will), *NoPhoneError (none is there, or
// none can be used), *BusyError (ctx ended while others held them).
func (p *Pool) Lease(ctx context.Context, needs Needs) (*Lease, error) {
	leases, err := p.LeaseAll(ctx, needs)
	if err != nil {
		return nil, err
	}
	return leases[0], nil
}

// round is what one look at all phones found: a lease, or one line a phone.
type round struct {
	lease                 *Lease
	busy, unfit, unusable []string
	errs                  []error
}

func (p *Pool) try(ctx context.Context, needs Needs) (round, error) {
	var r round
	listed := map[string]bool{}
	for _, src := range p.o.Sources {
		list, err := src.List(ctx)
		if ctx.Err() != nil {
			return r, fmt.Errorf("lease a phone: list phones: %w", ctx.Err())
		}
		if err != nil {
			r.unusable = append(r.unusable, reason(err))
			r.errs = append(r.errs, err)
			continue
		}
		for _, c := range list {
			listed[c.Serial] = true
			if err := p.look(ctx, src, c, needs, &r); err != nil || r.lease != nil {
				return r, err
			}
		}
	}
	for _, s := range p.o.Serials {
		if !listed[s] {
			r.unusable = append(r.unusable, s+": not listed: compare the serial with `adb devices -l` and check cable and USB debugging")
		}
	}
	return r, nil
}

// look tries to lease one phone. The error is only ctx's end or a broken state
// folder: what is wrong with one phone must not keep another from being found.
func (p *Pool) look(ctx context.Context, src Source, c Candidate, needs Needs, r *round) error {
	at := filesOf(p.o.StateDir, c)
	consent := p.consent(c)
	switch known, ok := p.known(at, consent, needs); {
	case consent == MayNotUse && len(p.o.Serials) > 0:
		return nil // others were named
	case consent == MayNotUse:
		r.unusable = append(r.unusable, c.Serial+": attached, but not opted in: set devices to attached or to its serial")
		return nil
	case ok && len(needs.Missing(known)) > 0:
		r.unfit = append(r.unfit, c.Serial+": "+join(needs.Missing(known)))
		return nil
	}
	lock, err := tryLock(at.lock)
	if err != nil {
		return err
	}
	if lock == nil {
		// Also if it is not ready: its holder may be rebooting it.
		r.busy = append(r.busy, c.Serial+" is held by "+holder(at.lock))
		return nil
	}
	if !c.Ready {
		r.unusable = append(r.unusable, c.Serial+": "+c.State+": "+c.Advice)
		return unlock(lock)
	}
	l, err := p.take(ctx, src, c, at, consent, needs, r)
	if l == nil {
		return errors.Join(err, unlock(lock))
	}
	l.lock, r.lease = lock, l
	return nil
}

// take makes the locked phone ready for its new owner.
func (p *Pool) take(ctx context.Context, src Source, c Candidate, at files, consent Consent, needs Needs, r *round) (*Lease, error) {
	unusable := func(err error) (*Lease, error) {
		if ctx.Err() != nil {
			return nil, fmt.Errorf("lease phone %s: %w", c.Serial, ctx.Err())
		}
		r.unusable = append(r.unusable, c.Serial+": "+reason(err))
		r.errs = append(r.errs, err)
		return nil, nil
	}
	phone, err := src.Open(ctx, c)
	if err != nil {
		return unusable(err)
	}
	facts, why, err := readFacts(ctx, phone)
	if err == nil && (needs.Root || needs.Also != nil) {
		facts.Root, err = readRoot(ctx, phone)
	}
	if err != nil {
		return unusable(err)
	}
	if why != "" {
		r.unusable = append(r.unusable, c.Serial+": "+why)
		return nil, nil
	}
	facts.Consent = consent
	p.remember(at, facts, needs)
	if missing := needs.Missing(facts); len(missing) > 0 {
		r.unfit = append(r.unfit, c.Serial+": "+join(missing))
		return nil, nil
	}
	journal, err := openJournal(at.journal, phone, p.o.Now)
	if err == nil {
		err = journal.Undo(ctx)
	}
	if err != nil {
		return unusable(err)
	}
	return &Lease{phone: phone, facts: facts, journal: journal}, nil
}

func (p *Pool) consent(c Candidate) Consent {
	switch {
	case c.Owned, slices.Contains(p.o.Serials, c.Serial):
		return MayChange
	case len(p.o.Serials) == 0 && p.o.Attached:
		return MayUse
	default:
		return MayNotUse
	}
}

// known are facts that an earlier round read, so that phones which will never
// do are not locked again and again. Facts without Root do not answer needs
// that ask for it.
func (p *Pool) known(at files, consent Consent, needs Needs) (Facts, bool) {
	key := at.lock
	if needs.Root || needs.Also != nil {
		key += "+root"
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	f, ok := p.facts[key]
	f.Consent = consent
	return f, ok
}

func (p *Pool) remember(at files, f Facts, needs Needs) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.facts[at.lock] = f
	if needs.Root || needs.Also != nil {
		p.facts[at.lock+"+root"] = f
	}
}

func unlock(l *flock.Flock) error {
	if err := l.Unlock(); err != nil {
		return fmt.Errorf("unlock phone: %w", err)
	}
	return nil
}

func join(reasons []string) string {
	out := reasons[0]
	for _, r := range reasons[1:] {
		out += ", " + r
	}
	return out
}

// reason is an error's text with what can be done about it, where it knows.
func reason(err error) string {
	var advised interface{ Advice() string }
	if errors.As(err, &advised) && advised.Advice() != "" {
		return err.Error() + ": " + advised.Advice()
	}
	return err.Error()
}
