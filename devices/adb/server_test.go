package adb

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func says(text string) func(*call) {
	return func(c *call) { c.okay(); c.text(text) }
}

func TestVersion(t *testing.T) {
	f := newFake(t)
	f.on("host:version", says("0029"))
	if v, err := f.server().Version(t.Context()); err != nil || v != 41 {
		t.Errorf("got %d, %v", v, err)
	}
	for answer, want := range map[string]Kind{"OKAY0004zzzz": Protocol, "OKAYzzzz": Protocol, "OKAY-001": Protocol, "": ServerDown, "OK": ServerDown, "FAIL0006closed": Refused} {
		f.on("host:version", func(c *call) { c.raw(answer) })
		if _, err := f.server().Version(t.Context()); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", answer, err, want)
		}
	}
}

// gadb has no context and would wait for 60 s; the door ends it.
func TestGadbCallsEndWithTheirContext(t *testing.T) {
	f := newFake(t)
	reached, closed := make(chan struct{}), make(chan struct{})
	f.on("host:version", func(c *call) { c.okay(); close(reached); c.gone(); close(closed) })
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-reached; cancel() }()
	begin := time.Now()
	if _, err := f.server().Version(ctx); !errors.Is(err, context.Canceled) || !errors.Is(err, Canceled) {
		t.Errorf("got %v", err)
	}
	if took := time.Since(begin); took > 10*time.Second {
		t.Errorf("it took %v", took)
	}
	within(t, "socket closed", closed)

	f.on("host:version", func(c *call) { c.okay(); c.gone() })
	l := DefaultLimits()
	l.Answer = 30 * time.Millisecond
	if _, err := f.server(WithLimits(l)).Version(t.Context()); !errors.Is(err, Timeout) {
		t.Errorf("got %v", err)
	}
}

func TestForwardList(t *testing.T) {
	f := newFake(t)
	f.on("host:list-forward", says("R58M tcp:40001 tcp:8080\n127.0.0.1:5555 tcp:40002 localabstract:x\n"))
	got, err := f.server().ForwardList(t.Context())
	want := []Forward{{"R58M", "tcp:40001", "tcp:8080"}, {"127.0.0.1:5555", "tcp:40002", "localabstract:x"}}
	if d := cmp.Diff(want, got); err != nil || d != "" {
		t.Errorf("%v (-want +got)\n%s", err, d)
	}
	f.on("host:list-forward", says(""))
	if got, err := f.server().ForwardList(t.Context()); err != nil || len(got) != 0 {
		t.Errorf("got %v, %v", got, err)
	}
	// gadb panics here.
	f.on("host:list-forward", says("R58M\n"))
	if _, err := f.server().ForwardList(t.Context()); !errors.Is(err, Protocol) {
		t.Errorf("a row of one word: %v", err)
	}
}

func TestDisconnect(t *testing.T) {
	f := newFake(t)
	f.on("host:disconnect:127.0.0.1:5555", says("disconnected 127.0.0.1:5555"))
	f.on("host:disconnect:127.0.0.1:6", func(c *call) { c.fail("no such device '127.0.0.1:6'") })
	if err := f.server().Disconnect(t.Context(), "127.0.0.1:5555"); err != nil {
		t.Error(err)
	}
	if err := f.server().Disconnect(t.Context(), "127.0.0.1:6"); !errors.Is(err, NotFound) {
		t.Errorf("got %v", err)
	}
	if err := f.server().Disconnect(t.Context(), ""); err == nil {
		t.Error("an empty name was accepted: to the server it means all phones")
	}
	if d := cmp.Diff([]string{"host:disconnect:127.0.0.1:5555", "host:disconnect:127.0.0.1:6"}, f.asked("host:disconnect")); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

func TestConnect(t *testing.T) {
	const addr = "127.0.0.1:5555"
	for _, c := range []struct {
		name    string
		answers []string // to host:connect, the last for ever
		states  []string // of the phone in the list, likewise; empty: not listed
		want    Kind
		again   bool // disconnected and connected again
	}{
		{"connected", []string{"connected to " + addr}, []string{"device"}, 0, false},
		{"already, and ready", []string{"already connected to " + addr}, []string{"device"}, 0, false},
		{"already, but gone", []string{"already connected to " + addr, "connected to " + addr}, []string{"offline", "device"}, 0, true},
		{"already, but gone for good", []string{"already connected to " + addr}, []string{"offline"}, Offline, true},
		{"connected, and dropped by a retry", []string{"connected to " + addr}, []string{"", "offline", "device"}, 0, false},
		{"already, but unauthorized", []string{"already connected to " + addr}, []string{"unauthorized"}, Unauthorized, false},
		{"connected, but still asking", []string{"connected to " + addr}, []string{"authorizing"}, Authorizing, false},
		{"connected, but not listed", []string{"connected to " + addr}, []string{""}, NotFound, false},
		{"recovery", []string{"connected to " + addr}, []string{"recovery"}, 0, false},
		{"not authorized", []string{"failed to authenticate to " + addr}, []string{"unauthorized"}, Unauthorized, false},
		{"nobody there (29)", []string{"failed to connect to '" + addr + "': Connection refused"}, []string{""}, NotFound, false},
		{"nobody there (28)", []string{"unable to connect to " + addr + ": Connection refused"}, []string{""}, NotFound, false},
		{"nobody there (34)", []string{"failed to connect to " + addr}, []string{""}, NotFound, false},
		{"nonsense", []string{"bad port number '99999' in '" + addr + "'"}, []string{""}, Rejected, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFake(t)
			var mu sync.Mutex
			next := func(list *[]string) string {
				mu.Lock()
				defer mu.Unlock()
				s := (*list)[0]
				if len(*list) > 1 {
					*list = (*list)[1:]
				}
				return s
			}
			f.on("host:connect:"+addr, func(k *call) { says(next(&c.answers))(k) })
			f.on("host:devices-l", func(k *call) {
				if s := next(&c.states); s != "" {
					says(addr + " " + s + " transport_id:1\n")(k)
					return
				}
				says("")(k)
			})
			f.on("host:disconnect:"+addr, says("disconnected "+addr))
			d, err := f.server(polling(10*time.Millisecond)).Connect(t.Context(), addr)
			if KindOf(err) != c.want || (err == nil) != (c.want == 0) {
				t.Errorf("got %v, want kind %v", err, c.want)
			}
			if err == nil && d.Serial() != addr {
				t.Errorf("serial %q", d.Serial())
			}
			if again := len(f.asked("host:disconnect")) > 0; again != c.again {
				t.Errorf("connected again = %v", again)
			}
		})
	}
	t.Run("without a port", func(t *testing.T) {
		f := newFake(t)
		f.on("host:connect:10.0.0.9", says("connected to 10.0.0.9:5555"))
		f.on("host:devices-l", says("10.0.0.9:5555 device\n"))
		if d, err := f.server().Connect(t.Context(), "10.0.0.9"); err != nil || d.Serial() != "10.0.0.9:5555" {
			t.Errorf("got %v, %v", d, err)
		}
	})
}

func TestStateOfAPhone(t *testing.T) {
	f := newFake(t)
	f.on("host:devices-l", says("other device\nphone unauthorized usb:1-1 transport_id:3\n"))
	if s, err := f.phone(nil).State(t.Context()); err != nil || s != StateUnauthorized {
		t.Errorf("got %v, %v", s, err)
	}
	if _, err := f.server().Device("nobody").State(t.Context()); !errors.Is(err, NotFound) {
		t.Errorf("got %v", err)
	}
}

func TestFeatures(t *testing.T) {
	f := newFake(t, "shell_v2", "cmd")
	f.on("host:host-features", says("libusb,push_sync"))
	if got, err := f.server().Features(t.Context()); err != nil || !got.Has("push_sync") || got.Has("push") {
		t.Errorf("got %v, %v", got, err)
	}
	got, err := f.phone(nil).Features(t.Context())
	if d := cmp.Diff(Features{"cmd", "shell_v2"}, got); err != nil || d != "" {
		t.Errorf("%v (-want +got)\n%s", err, d)
	}
	none, err := newFake(t).phone(nil).Features(t.Context())
	if err != nil || none == nil || len(none) != 0 {
		t.Errorf("a phone without features: %#v, %v", none, err)
	}
}

func TestWaitFor(t *testing.T) {
	f := newFake(t)
	reached := make(chan struct{})
	f.on("host-serial:phone:wait-for-any-device", func(c *call) { c.okay(); c.okay() })
	f.on("host-serial:phone:wait-for-any-recovery", func(c *call) { c.okay(); close(reached); c.gone() })
	f.on("host-serial:phone:wait-for-any-nonsense", func(c *call) { c.fail("unknown type nonsense") })
	s := f.server()
	if err := s.WaitFor(t.Context(), "phone", Ready); err != nil {
		t.Error(err)
	}
	if err := s.WaitFor(t.Context(), "phone", "nonsense"); !errors.Is(err, Rejected) {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-reached; cancel() }()
	if err := s.WaitFor(ctx, "phone", StateRecovery); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestForward(t *testing.T) {
	f := newFake(t)
	f.on("host-serial:phone:forward:norebind:tcp:0;tcp:8080", func(c *call) { c.raw("OKAYOKAY000538829") })
	f.on("host-serial:phone:forward:norebind:tcp:40001;localabstract:x", func(c *call) { c.raw("OKAYOKAY") })
	f.on("host-serial:phone:forward:norebind:tcp:40002;", func(c *call) { c.raw("OKAY"); c.fail("cannot rebind existing socket") })
	f.on("host-serial:phone:forward:norebind:bad;", func(c *call) { c.raw("FAIL0000") })
	f.on("host-serial:phone:killforward:tcp:38829", func(c *call) { c.raw("OKAYOKAY") })
	f.on("host-serial:phone:killforward:tcp:1", func(c *call) { c.raw("OKAY"); c.fail("listener 'tcp:1' not found") })
	d := f.phone(nil)
	for _, c := range []struct {
		local, remote, want string
		is                  error
	}{
		{"tcp:0", "tcp:8080", "tcp:38829", nil},
		{"tcp:40001", "localabstract:x", "tcp:40001", nil},
		{"tcp:40002", "tcp:1", "", Rejected},
		{"bad", "tcp:1", "", Rejected},
	} {
		got, err := d.Forward(t.Context(), c.local, c.remote)
		if got.Local != c.want || !errors.Is(err, c.is) {
			t.Errorf("%s: %+v, %v", c.local, got, err)
		}
	}
	if err := d.KillForward(t.Context(), "tcp:38829"); err != nil {
		t.Error(err)
	}
	if err := d.KillForward(t.Context(), "tcp:1"); !errors.Is(err, Rejected) {
		t.Errorf("got %v", err)
	}
}

func TestReverse(t *testing.T) {
	f := newFake(t)
	f.on("reverse:forward:norebind:tcp:0;tcp:9", func(c *call) { c.raw("OKAYOKAY0004" + "7001") })
	f.on("reverse:forward:norebind:localabstract:x;tcp:9", func(c *call) { c.raw("OKAYOKAY") })
	f.on("reverse:forward:norebind:tcp:7002;tcp:9", func(c *call) { c.okay(); c.fail("cannot rebind existing socket") })
	f.on("reverse:killforward:tcp:7001", func(c *call) { c.raw("OKAYOKAY") })
	f.on("reverse:list-forward", func(c *call) { c.okay(); c.okay(); c.text("(reverse) tcp:7001 tcp:9\nhost-12 localabstract:x tcp:9\n") })
	d := f.phone(nil)
	if got, err := d.Reverse(t.Context(), "tcp:0", "tcp:9"); err != nil || got != "tcp:7001" {
		t.Errorf("got %q, %v", got, err)
	}
	if got, err := d.Reverse(t.Context(), "localabstract:x", "tcp:9"); err != nil || got != "localabstract:x" {
		t.Errorf("got %q, %v", got, err)
	}
	if _, err := d.Reverse(t.Context(), "tcp:7002", "tcp:9"); !errors.Is(err, Rejected) {
		t.Errorf("got %v", err)
	}
	if err := d.KillReverse(t.Context(), "tcp:7001"); err != nil {
		t.Error(err)
	}
	got, err := d.ReverseList(t.Context())
	if d := cmp.Diff([]Forward{{"phone", "tcp:7001", "tcp:9"}, {"phone", "localabstract:x", "tcp:9"}}, got); err != nil || d != "" {
		t.Errorf("%v (-want +got)\n%s", err, d)
	}
}
