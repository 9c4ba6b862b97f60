package pool_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/ringproof/ringproof/devices"
	"github.com/ringproof/ringproof/devices/pool"
)

func TestMain(m *testing.M) {
	if stage := os.Getenv(helperStage); stage != "" {
		os.Exit(help(stage))
	}
	goleak.VerifyTestMain(m)
}

func TestLeaseAndFacts(t *testing.T) {
	p := newPool(t, pool.Options{Sources: []pool.Source{of(newPhone(t, "A"))}})
	l := lease(t, p, pool.Needs{})
	want := pool.Facts{Serial: "A", Consent: pool.MayChange, API: 34, Model: "Pixel 8", Maker: "Google", BuildType: "userdebug"}
	if d := cmp.Diff(want, l.Facts()); d != "" {
		t.Errorf("facts (-want +got):\n%s", d)
	}
	if err := l.Release(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := l.Release(t.Context()); err != nil {
		t.Errorf("a second release: %v", err)
	}
}

func TestWaitsWhileBusy(t *testing.T) {
	dir := t.TempDir()
	src := of(newPhone(t, "A"))
	p := newPool(t, pool.Options{Sources: []pool.Source{src}, StateDir: dir})
	first := lease(t, p, pool.Needs{})

	// Another pool, as another process would have it.
	other := newPool(t, pool.Options{Sources: []pool.Source{src}, StateDir: dir})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := other.Lease(ctx, pool.Needs{})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("a canceled wait gives %v", err)
	}
	err = busy(t, src, dir)
	var held *pool.BusyError
	if !errors.As(err, &held) || !errors.Is(err, context.Canceled) {
		t.Fatalf("a busy phone gives %v", err)
	}
	if len(held.Holders) != 1 || !strings.HasPrefix(held.Holders[0], "A is held by process ") {
		t.Errorf("holders %q", held.Holders)
	}

	got := make(chan *pool.Lease)
	go func() {
		defer close(got)
		l, err := other.Lease(t.Context(), pool.Needs{})
		if err != nil {
			t.Errorf("lease after the wait: %v", err)
			return
		}
		got <- l
	}()
	select {
	case <-got:
		t.Fatal("two leases of one phone")
	default:
	}
	if err := first.Release(t.Context()); err != nil {
		t.Fatal(err)
	}
	if l := <-got; l == nil || l.Phone().Serial() != "A" {
		t.Fatal("the waiting lease did not get the phone")
	} else if err := l.Release(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// Many goroutines, three phones: never two on one phone.
func TestNeverTwo(t *testing.T) {
	p := newPool(t, pool.Options{Sources: []pool.Source{of(newPhone(t, "A"), newPhone(t, "B"), newPhone(t, "C"))}})
	var mu sync.Mutex
	held := map[string]bool{}
	var wg sync.WaitGroup
	for range 12 {
		wg.Go(func() {
			for range 5 {
				l, err := p.Lease(t.Context(), pool.Needs{})
				if err != nil {
					t.Errorf("lease: %v", err)
					return
				}
				s := l.Phone().Serial()
				mu.Lock()
				if held[s] {
					t.Errorf("%s is leased twice", s)
				}
				held[s] = true
				mu.Unlock()
				runtime.Gosched()
				mu.Lock()
				held[s] = false
				mu.Unlock()
				if err := l.Release(t.Context()); err != nil {
					t.Errorf("release: %v", err)
				}
			}
		})
	}
	wg.Wait()
}

func TestNeeds(t *testing.T) {
	old, rooted := newPhone(t, "OLD"), newPhone(t, "ROOTED")
	old.api, rooted.root = "29", true
	p := newPool(t, pool.Options{Sources: []pool.Source{of(old, rooted)}})
	for _, c := range []struct {
		name  string
		needs pool.Needs
		want  string // serial, or the error
	}{
		{"none", pool.Needs{}, "OLD"},
		{"newer", pool.Needs{MinAPI: 34}, "ROOTED"},
		{"older", pool.Needs{MaxAPI: 33}, "OLD"},
		{"both bounds are included", pool.Needs{MinAPI: 29, MaxAPI: 29}, "OLD"},
		{"root", pool.Needs{Root: true}, "ROOTED"},
		{"also", pool.Needs{Also: func(f pool.Facts) string {
			if f.Root {
				return ""
			}
			return "no way to dance"
		}}, "ROOTED"},
		{"too new", pool.Needs{MinAPI: 35}, "no phone meets the needs: OLD: API 29 is below 35; ROOTED: API 34 is below 35"},
		{"two at once", pool.Needs{MaxAPI: 33, Root: true}, "no phone meets the needs: OLD: no root shell; ROOTED: API 34 is above 33"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l, err := p.Lease(t.Context(), c.needs)
			if err != nil {
				var n *pool.NeedsError
				if err.Error() != c.want || !errors.As(err, &n) {
					t.Errorf("got %v, want %s", err, c.want)
				}
				return
			}
			if got := l.Phone().Serial(); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			if err := l.Release(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

// A phone that was looked at and did not do is free for others.
func TestUnfitIsFree(t *testing.T) {
	src, state := of(newPhone(t, "A")), t.TempDir()
	p := newPool(t, pool.Options{Sources: []pool.Source{src}, StateDir: state})
	var n *pool.NeedsError
	if _, err := p.Lease(t.Context(), pool.Needs{MinAPI: 35}); !errors.As(err, &n) {
		t.Fatalf("got %v", err)
	}
	if err := busy(t, src, state); err != nil {
		t.Errorf("another pool gets %v", err)
	}
}

// A phone that can never do must not be waited for, also if it is busy.
func TestUnfitAndBusy(t *testing.T) {
	p := newPool(t, pool.Options{Sources: []pool.Source{of(newPhone(t, "A"))}})
	l := lease(t, p, pool.Needs{})
	defer func() { _ = l.Release(t.Context()) }()
	_, err := p.Lease(t.Context(), pool.Needs{MinAPI: 35})
	var n *pool.NeedsError
	if !errors.As(err, &n) {
		t.Errorf("impossible needs give %v while the phone is held", err)
	}
}

func TestUnknownAPI(t *testing.T) {
	a := newPhone(t, "A")
	a.api = ""
	p := newPool(t, pool.Options{Sources: []pool.Source{of(a)}})
	_, err := p.Lease(t.Context(), pool.Needs{MinAPI: 26})
	if err == nil || err.Error() != "no phone meets the needs: A: its API level is unknown" {
		t.Errorf("got %v", err)
	}
	l := lease(t, p, pool.Needs{})
	_ = l.Release(t.Context())
}

func TestNoPhone(t *testing.T) {
	booting := newPhone(t, "BOOTING")
	booting.booted = ""
	mine := pool.Candidate{Serial: "MINE", Ready: true, State: "device"}
	for _, c := range []struct {
		name string
		o    pool.Options
		want string
	}{
		{"no source", pool.Options{}, "no phone: none is listed; connect one and check `adb devices -l`, or use a virtual one"},
		{"not opted in", pool.Options{Sources: []pool.Source{rows(mine)}},
			"no phone can be leased: MINE: attached, but not opted in: set devices to attached or to its serial"},
		{"another was named", pool.Options{Sources: []pool.Source{rows(mine)}, Serials: []string{"YOURS"}},
			"no phone can be leased: YOURS: not listed: compare the serial with `adb devices -l` and check cable and USB debugging"},
		{"states", pool.Options{Attached: true, Sources: []pool.Source{rows(
			pool.Candidate{Serial: "X", State: "unauthorized", Advice: "accept the prompt"},
			pool.Candidate{Serial: "Y", State: "offline", Advice: "replug it"})}},
			"no phone can be leased: X: unauthorized: accept the prompt; Y: offline: replug it"},
		{"booting", pool.Options{Sources: []pool.Source{of(booting)}},
			"no phone can be leased: BOOTING: it has not finished booting: wait until it has"},
		{"a source fails", pool.Options{Sources: []pool.Source{&source{list: func() ([]pool.Candidate, error) { return nil, os.ErrPermission }}}},
			"no phone can be leased: permission denied"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := newPool(t, c.o).Lease(t.Context(), pool.Needs{})
			var n *pool.NoPhoneError
			if !errors.As(err, &n) || err.Error() != c.want {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
			if c.name == "a source fails" && !errors.Is(err, os.ErrPermission) {
				t.Error("the source's error is not wrapped")
			}
		})
	}
}

func TestConsent(t *testing.T) {
	a := newPhone(t, "A")
	src := rows(pool.Candidate{Serial: "A", Ready: true, State: "device"})
	src.phones["A"] = a
	attached := newPool(t, pool.Options{Sources: []pool.Source{src}, Attached: true})
	if _, err := attached.Lease(t.Context(), pool.Needs{Consent: pool.MayChange}); err == nil ||
		err.Error() != "no phone meets the needs: A: it was not named: name its serial to allow changes of credential, radio and users, and reboots" {
		t.Errorf("an attached phone that was not named: %v", err)
	}
	l := lease(t, attached, pool.Needs{Consent: pool.MayUse})
	if c := l.Facts().Consent; c != pool.MayUse {
		t.Errorf("an attached phone %v", c)
	}
	_ = l.Release(t.Context())
	named := newPool(t, pool.Options{Sources: []pool.Source{src}, Serials: []string{"A"}})
	l = lease(t, named, pool.Needs{Consent: pool.MayChange})
	_ = l.Release(t.Context())
}

// A source that is down does not hide the phones of another.
func TestOneSourceDown(t *testing.T) {
	down := &source{list: func() ([]pool.Candidate, error) { return nil, os.ErrPermission }}
	p := newPool(t, pool.Options{Sources: []pool.Source{down, of(newPhone(t, "A"))}})
	l := lease(t, p, pool.Needs{})
	_ = l.Release(t.Context())
}

// While its holder reboots a phone it is offline, but still the holder's: one
// waits for it.
func TestOfflineButHeld(t *testing.T) {
	a := newPhone(t, "A")
	src := of(a)
	state := t.TempDir()
	p := newPool(t, pool.Options{Sources: []pool.Source{src}, StateDir: state})
	l := lease(t, p, pool.Needs{})
	src.list = func() ([]pool.Candidate, error) {
		return []pool.Candidate{{Serial: "A", State: "offline", Owned: true}}, nil
	}
	err := busy(t, src, state)
	var held *pool.BusyError
	if !errors.As(err, &held) {
		t.Errorf("got %v, want a busy phone", err)
	}
	_ = l.Release(t.Context())
}

func TestNoLeaks(t *testing.T) {
	fds := func() int {
		entries, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Skip("needs /proc/self/fd: ", err)
		}
		return len(entries)
	}
	bad := newPhone(t, "BAD")
	bad.api = "20"
	p := newPool(t, pool.Options{Sources: []pool.Source{of(bad, newPhone(t, "A"))}})
	round := func() {
		l := lease(t, p, pool.Needs{MinAPI: 26})
		if _, err := l.Journal().Change(t.Context(), pool.Change{What: "x", Do: "set x 1", Undo: "set x 0"}); err != nil {
			t.Fatal(err)
		}
		short, cancel := context.WithTimeout(t.Context(), 3*time.Millisecond)
		_, err := p.Lease(short, pool.Needs{MinAPI: 26})
		cancel()
		if err == nil {
			t.Fatal("leased twice")
		}
		if err := l.Release(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	round()
	before := fds()
	for range 40 {
		round()
	}
	if after := fds(); after > before+2 {
		t.Errorf("%d open files before, %d after 40 leases", before, after)
	}
}

func TestDefaultStateDir(t *testing.T) {
	home := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", home)
	t.Setenv("HOME", home)
	t.Setenv("LocalAppData", home)
	dir, err := pool.DefaultStateDir()
	if err != nil || filepath.Base(dir) != "ringproof" || !strings.HasPrefix(dir, home) {
		t.Errorf("got %q, %v", dir, err)
	}
	if _, err := pool.New(pool.Options{}); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder is %v, %v: a journal is run on phones, so it is nobody else's", info, err)
	}
}

var _ devices.Phone = (*phone)(nil)
