package pool

import (
	"context"
	"errors"
	"sync"

	"github.com/gofrs/flock"

	"github.com/ringproof/ringproof/devices"
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

// Release puts the phone back and gives it free. The phone is free even if
// something could not be put back: the error is then an *UndoError, and the
// next holder tries again, as it does if ctx is done already. Later calls
// return the first one's error.
func (l *Lease) Release(ctx context.Context) error {
	l.once.Do(func() {
		err := l.journal.Undo(ctx)
		l.journal.close()
		l.err = errors.Join(err, unlock(l.lock))
	})
	return l.err
}
