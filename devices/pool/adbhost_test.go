package pool_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ringproof/ringproof/devices/adb"
	"github.com/ringproof/ringproof/devices/pool"
	"github.com/ringproof/ringproof/devices/virtual/adbd"
	"github.com/ringproof/ringproof/devices/virtual/adbhost"
	"github.com/ringproof/ringproof/devices/virtual/fs"
)

// shell answers what the pool asks, and a change and its undo.
type shell struct{ value string }

func (s *shell) Run(_ context.Context, c adbd.Command) int {
	switch {
	case strings.HasPrefix(c.Line, "getprop"):
		fmt.Fprint(c.Stdout, "34\nPixel 8\nGoogle\nuserdebug\n1\n")
	case strings.HasPrefix(c.Line, "id -u"):
		fmt.Fprint(c.Stdout, "2000\n0\n")
	case strings.HasPrefix(c.Line, "settings put global x "):
		s.value = strings.TrimPrefix(c.Line, "settings put global x ")
	default:
		fmt.Fprintf(c.Stderr, "%s: not found\n", c.Line)
		return 127
	}
	return 0
}

// The pool over the wire: an adb server lists phones in all states, one is
// leased, changed and put back.
func TestOverADB(t *testing.T) {
	host := adbhost.New()
	defer func() { _ = host.Close() }()
	err := host.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := adb.NewServer(host.Addr().String())
	p := newPool(t, pool.Options{Sources: []pool.Source{pool.ADB{Server: server}}, Attached: true})

	var none *pool.NoPhoneError
	if _, err := p.Lease(t.Context(), pool.Needs{}); !errors.As(err, &none) || len(none.Reasons) != 0 {
		t.Errorf("a server without phones: %v", err)
	}

	sh := &shell{}
	phone := adbd.NewDaemon(adbd.Banner{State: "device"}, sh, fs.New(time.Now))
	for _, serial := range []string{"SHY", "AWAY", "R58M"} {
		if err := host.Add(serial, phone); err != nil {
			t.Fatal(err)
		}
	}
	for serial, state := range map[string]string{"SHY": "unauthorized", "AWAY": "offline", "R58M": "offline"} {
		if err := host.SetState(serial, state); err != nil {
			t.Fatal(err)
		}
	}
	_, err = p.Lease(t.Context(), pool.Needs{})
	if !errors.As(err, &none) || len(none.Reasons) != 3 {
		t.Fatalf("phones that cannot be used: %v", err)
	}
	for _, want := range []string{"SHY: unauthorized: unlock the phone and accept", "AWAY: offline: "} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not say %q", err, want)
		}
	}

	if err := host.SetState("R58M", "device"); err != nil {
		t.Fatal(err)
	}
	l := lease(t, p, pool.Needs{MinAPI: 34, Root: true})
	if l.Phone().Serial() != "R58M" || !l.Facts().Root {
		t.Errorf("leased %s, %+v", l.Phone().Serial(), l.Facts())
	}
	c := pool.Change{What: "x", Do: "settings put global x 1", Undo: "settings put global x 0"}
	if _, err := l.Journal().Change(t.Context(), c); err != nil || sh.value != "1" {
		t.Errorf("change: %v, x=%q", err, sh.value)
	}
	if err := l.Release(t.Context()); err != nil || sh.value != "0" {
		t.Errorf("release: %v, x=%q", err, sh.value)
	}
}

func TestServerDown(t *testing.T) {
	// Port 1 of loopback: nothing listens there.
	p := newPool(t, pool.Options{Sources: []pool.Source{pool.ADB{Server: adb.NewServer("127.0.0.1:1")}}, Attached: true})
	_, err := p.Lease(t.Context(), pool.Needs{})
	var none *pool.NoPhoneError
	if !errors.As(err, &none) || !errors.Is(err, adb.ServerDown) || !strings.Contains(err.Error(), "adb start-server") {
		t.Errorf("no server: %v", err)
	}
}
