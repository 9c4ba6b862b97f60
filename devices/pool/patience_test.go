package pool_test

import (
	"context"
	"strings"
	"testing"

	"github.com/ringproof/ringproof/devices"
	"github.com/ringproof/ringproof/devices/adb"
	"github.com/ringproof/ringproof/devices/pool"
)

// absent is a phone that cannot be reached a number of times when it is put back.
type absent struct {
	devices.Phone
	away   int
	undone bool
}

func (*absent) Serial() string { return "P1" }

func (a *absent) Run(_ context.Context, script string) (devices.Output, error) {
	switch {
	case strings.HasPrefix(script, "getprop"):
		return devices.Output{Stdout: []byte("34\nModel\nMaker\nuser\n1\n")}, nil
	case script == "undo" && a.away > 0:
		a.away--
		return devices.Output{}, &adb.Error{Op: "run a command", Serial: "P1", Kind: adb.Offline}
	case script == "undo":
		a.undone = true
	}
	return devices.Output{}, nil
}

type one struct{ phone devices.Phone }

func (o one) List(context.Context) ([]pool.Candidate, error) {
	return []pool.Candidate{{Serial: "P1", Ready: true, Owned: true}}, nil
}
func (o one) Open(context.Context, pool.Candidate) (devices.Phone, error) { return o.phone, nil }

// A phone that is lost for a moment is waited for: it must not keep what was
// changed on it because a cable was loose at the end of a scenario.
func TestReleaseWaitsForALostPhone(t *testing.T) {
	phone := &absent{away: 2}
	p, err := pool.New(pool.Options{Sources: []pool.Source{one{phone}}, StateDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	l, err := p.Lease(t.Context(), pool.Needs{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.Journal().Change(t.Context(), pool.Change{What: "x", Do: "do", Undo: "undo"}); err != nil {
		t.Fatal(err)
	}
	if err := l.Release(t.Context()); err != nil || !phone.undone || phone.away != 0 {
		t.Errorf("undone %t, %d losses left, %v", phone.undone, phone.away, err)
	}
}
