package pool_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/ringproof/ringproof/devices/adb"
	"github.com/ringproof/ringproof/devices/pool"
	"github.com/ringproof/ringproof/devices/virtual"
)

// Several phones are taken together or not at all, and too few are a reason to
// skip, not to wait.
func TestLeaseAll(t *testing.T) {
	fleet, err := virtual.NewFleet(t.Context(), virtual.Options{Serial: "a", Seed: 1}, virtual.Options{Serial: "b", Seed: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := fleet.Close(); err != nil {
			t.Error(err)
		}
	}()
	p, err := pool.New(pool.Options{Sources: []pool.Source{pool.ADB{Server: adb.NewServer(fleet.Addr()), Owned: true}}, StateDir: t.TempDir(), Poll: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	both := []pool.Needs{{}, {}}
	leases, err := p.LeaseAll(t.Context(), both...)
	if err != nil || len(leases) != 2 || leases[0].Phone().Serial() == leases[1].Phone().Serial() {
		t.Fatalf("%v, %v", leases, err)
	}
	if err := leases[0].Release(t.Context()); err != nil {
		t.Fatal(err)
	}
	// One is held by somebody else: both are waited for, and none is kept.
	short, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	var busy *pool.BusyError
	if got, err := p.LeaseAll(short, both...); !errors.As(err, &busy) || got != nil {
		t.Errorf("%v, %v", got, err)
	}
	one, err := p.Lease(t.Context(), pool.Needs{})
	if err != nil {
		t.Fatal("the free phone was kept:", err)
	}
	for _, l := range []*pool.Lease{one, leases[1]} {
		if err := l.Release(t.Context()); err != nil {
			t.Error(err)
		}
	}
	var unmet *pool.NeedsError
	if _, err := p.LeaseAll(t.Context(), pool.Needs{}, pool.Needs{}, pool.Needs{}); !errors.As(err, &unmet) || !strings.Contains(err.Error(), "3 phones at once, and there are only 2") {
		t.Error(err)
	}
	if _, err := p.LeaseAll(t.Context(), pool.Needs{}, pool.Needs{MinAPI: 99}); !errors.As(err, &unmet) || !strings.Contains(err.Error(), "below 99") {
		t.Error(err)
	}
}
