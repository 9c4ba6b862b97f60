package pool

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"github.com/ringproof/ringproof/devices"
	"github.com/ringproof/ringproof/devices/adb"
)

// Lease is the right to use one phone.
type Lease struct {
	phone   devices.Phone
	facts   Facts
	journal *Journal
	lock    *flock.Flock

	once sync.Once
	err  error
}

// Phone is the leased phone. It must not be used after Release.
func (l *Lease) Phone() devices.Phone { return l.phone }

// Facts are what the phone said of itself when it was leased.
func (l *Lease) Facts() Facts { return l.facts }

// Journal is where every change of the phone is written down.
func (l *Lease) Journal() *Journal { return l.journal }

// Restore puts the phone back and keeps it, so that its owner can look whether
// it is what it was. The error is an *UndoError, as Release's.
func (l *Lease) Restore(ctx context.Context) error { return l.undo(ctx) }

// Release puts the phone back and gives it free. The phone is free even if
// something could not be put back: the error is then an *UndoError, and the
// next holder tries again, as it does if ctx is done already. Later calls
// return the first one's error.
func (l *Lease) Release(ctx context.Context) error {
	l.once.Do(func() {
		err := l.undo(ctx)
		l.journal.close()
		l.err = errors.Join(err, unlock(l.lock))
	})
	return l.err
}

// patience is how long a phone that was lost is waited for before it is given
// up with its changes on it; a server that starts again needs a few seconds.
const patience = 30 * time.Second

// undo puts the phone back, again and again while it cannot be reached.
func (l *Lease) undo(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		err := l.journal.Undo(ctx)
		if err == nil || !away(err) {
			return err
		}
		retry := time.NewTimer(time.Second)
		select {
		case <-ctx.Done():
			retry.Stop()
			return err
		case <-retry.C:
		}
	}
}

// away reports whether every undo failed because the phone could not be
// reached: such a phone may come back.
func away(err error) bool {
	var undone *UndoError
	if !errors.As(err, &undone) {
		return false
	}
	for _, e := range undone.Errs {
		switch adb.KindOf(e) {
		case adb.ServerDown, adb.NotFound, adb.Offline, adb.Authorizing, adb.TransportLost:
		default:
			return false
		}
	}
	return true
}
