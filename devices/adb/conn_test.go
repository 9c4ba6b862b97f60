package adb

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// Each state in which a phone can be refused, with the server's own text.
func TestRefusedPhonesAreToldApart(t *testing.T) {
	for _, c := range []struct {
		msg  string
		want Kind
	}{
		{"device 'phone' not found", NotFound},
		{"device offline", Offline},
		{"device unauthorized.\nThis adb server's $ADB_VENDOR_KEYS is not set\nTry 'adb kill-server' if that seems wrong.", Unauthorized},
		{"device still authorizing", Authorizing},
		{"device still connecting", Authorizing},
		{"insufficient permissions for device", NoPermission},
		{"more than one device/emulator", Ambiguous},
	} {
		t.Run(c.want.Error(), func(t *testing.T) {
			f := newFake(t)
			f.on("host:tport:serial:phone", func(c2 *call) { c2.fail(c.msg) })
			_, err := f.phone(nil).Run(t.Context(), "true")
			if !errors.Is(err, c.want) {
				t.Fatalf("got %v, want %v", err, c.want)
			}
			var e *Error
			if !errors.As(err, &e) || e.Msg != c.msg || e.Serial != "phone" || e.Op != "run a command" {
				t.Errorf("got %+v", e)
			}
		})
	}
}

func TestServiceRefused(t *testing.T) {
	f := newFake(t, "shell_v2")
	f.on("shell,v2", func(c *call) { c.fail("closed") })
	if _, err := f.phone(nil).Run(t.Context(), "true"); !errors.Is(err, Refused) {
		t.Errorf("got %v", err)
	}
}

// An old server knows no tport.
func TestTransportBySerialWithoutTport(t *testing.T) {
	f := newFake(t, "shell_v2")
	f.on("host:tport:", func(c *call) { c.fail("unknown host service") })
	f.on("host:transport:phone", func(c *call) { c.okay(); c.stay = true })
	f.on("shell,v2,raw:id", func(c *call) { c.okay(); c.packet(3, "\x05"); c.gone() })
	out, err := f.phone(nil).Run(t.Context(), "id")
	if err != nil || out.Exit != 5 {
		t.Errorf("got %+v, %v", out, err)
	}
}

// A phone whose serial the server would cut at the first colon is asked about
// by its transport id.
func TestOddSerial(t *testing.T) {
	f := newFake(t)
	f.on("host:tport:serial:usb:1-2", func(c *call) { c.okay(); c.raw("\x00\x01\x00\x00\x00\x00\x00\x00"); c.stay = true })
	f.on("host-transport-id:256:features", func(c *call) { c.okay(); c.text("shell_v2,cmd") })
	got, err := f.server().Device("usb:1-2").Features(t.Context())
	if err != nil || !got.Has("cmd") {
		t.Errorf("got %v, %v", got, err)
	}
	for serial, odd := range map[string]bool{"R58M": false, "127.0.0.1:5555": false, "[::1]:5555": false, "usb:1-2": true, "a:b:c": true} {
		if got := f.server().Device(serial).oddSerial(); got != odd {
			t.Errorf("%s: odd = %v", serial, got)
		}
	}
}

func TestServerDown(t *testing.T) {
	f := newFake(t)
	f.stop()
	for name, call := range map[string]func() error{
		"Devices": func() error { _, err := f.server().Devices(t.Context()); return err },
		"Version": func() error { _, err := f.server().Version(t.Context()); return err },
		"Run":     func() error { _, err := f.phone(nil).Run(t.Context(), "true"); return err },
	} {
		if err := call(); !errors.Is(err, ServerDown) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestServerThatEndsTheConnection(t *testing.T) {
	for _, part := range []string{"", "OK", "OKAY", "OKAY00", "OKAY0004ab", "FAIL0004"} {
		f := newFake(t)
		f.on("host:devices-l", func(c *call) { c.raw(part) })
		if _, err := f.server().Devices(t.Context()); !errors.Is(err, ServerDown) {
			t.Errorf("after %q: %v", part, err)
		}
	}
}

func TestNotAnAdbServer(t *testing.T) {
	for _, answer := range []string{"HTTP/1.1 400 Bad Request\r\n", "OKAYzzzz", "OKAY-001", "OKAY+0a1"} {
		f := newFake(t)
		f.on("host:devices-l", func(c *call) { c.raw(answer); c.gone() })
		if _, err := f.server().Devices(t.Context()); !errors.Is(err, Protocol) {
			t.Errorf("answer %q: %v", answer, err)
		}
	}
}

func TestAnswersSplitAnywhere(t *testing.T) {
	f := newFake(t)
	const row = "R58M unauthorized transport_id:3\n"
	f.on("host:devices-l", func(c *call) {
		for _, b := range []byte("OKAY0021" + row) {
			c.raw(string(b))
			runtime.Gosched()
		}
	})
	list, err := f.server().Devices(t.Context())
	if err != nil || len(list) != 1 || list[0].State != StateUnauthorized {
		t.Errorf("got %v, %v", list, err)
	}
}

func TestTooLongIsRefusedBeforeAnythingIsSent(t *testing.T) {
	long := strings.Repeat("x", 65535-len("shell,v2,raw:")+1)
	f := newFake(t, "shell_v2")
	if _, err := f.phone(nil).Run(t.Context(), long); !errors.Is(err, TooLong) {
		t.Errorf("65536 bytes: %v", err)
	}
	if got := f.asked(""); got != nil {
		t.Errorf("the server was asked %q", got)
	}
	f.on("shell,v2", func(c *call) { c.okay(); c.packet(3, "\x00"); c.gone() })
	if _, err := f.phone(nil).Run(t.Context(), long[1:]); err != nil {
		t.Errorf("65535 bytes: %v", err)
	}
	// The framing itself would break.
	if _, err := f.phone(nil).Forward(t.Context(), "tcp:0", "localabstract:"+long); !errors.Is(err, TooLong) {
		t.Errorf("a forward of 65 kB: %v", err)
	}
	// The server would abort on a service longer than an old phone's packets.
	old := newFake(t)
	if _, err := old.phone(nil).Run(t.Context(), strings.Repeat("x", 4096)); !errors.Is(err, TooLong) {
		t.Errorf("4096 bytes for a phone without shell_v2: %v", err)
	}
	if got := old.asked("shell"); got != nil {
		t.Errorf("the phone was asked %q", got)
	}
}

// dueContext is a context whose deadline comes when the test says so, whatever
// the machine's clock does.
type dueContext struct {
	context.Context
	done chan struct{}
}

func (c dueContext) Done() <-chan struct{} { return c.done }

func (c dueContext) Err() error {
	select {
	case <-c.done:
		return context.DeadlineExceeded
	default:
		return nil
	}
}

func whenTold(ctx context.Context) (context.Context, context.CancelFunc) {
	done := make(chan struct{})
	return dueContext{ctx, done}, sync.OnceFunc(func() { close(done) })
}

// Cancelling closes the socket at once; the fake sees it.
func TestCancelClosesTheSocket(t *testing.T) {
	for _, c := range []struct {
		name string
		ctx  func(context.Context) (context.Context, context.CancelFunc)
		want error
		kind Kind
	}{
		{"cancel", context.WithCancel, context.Canceled, Canceled},
		{"deadline", whenTold, context.DeadlineExceeded, Timeout},
	} {
		for _, at := range []string{"host:tport:serial:phone", "host-serial:phone:features", "shell,v2"} {
			t.Run(c.name+" at "+at, func(t *testing.T) {
				f := newFake(t, "shell_v2")
				reached, closed := make(chan struct{}), make(chan struct{})
				f.on(at, func(c *call) {
					if at == "shell,v2" {
						c.okay()
						c.packet(1, "half an answer")
					}
					close(reached)
					c.gone()
					close(closed)
				})
				ctx, cancel := c.ctx(t.Context())
				defer cancel()
				failed := make(chan error, 1)
				go func() {
					_, err := f.phone(nil).Run(ctx, "sleep 1000")
					failed <- err
				}()
				within(t, "request", reached)
				cancel()
				err := <-failed
				if !errors.Is(err, c.want) || !errors.Is(err, c.kind) {
					t.Errorf("got %v", err)
				}
				within(t, "socket closed", closed)
			})
		}
	}
}

func TestContextThatIsDoneAlready(t *testing.T) {
	f := newFake(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := f.server().Devices(ctx); !errors.Is(err, context.Canceled) || !errors.Is(err, Canceled) {
		t.Errorf("Devices: %v", err)
	}
	if _, err := f.server().Version(ctx); !errors.Is(err, context.Canceled) || !errors.Is(err, Canceled) {
		t.Errorf("Version: %v", err)
	}
}

func TestLimits(t *testing.T) {
	silent := func(c *call) { c.okay(); c.gone() }
	t.Run("idle", func(t *testing.T) {
		f := newFake(t, "shell_v2")
		f.on("shell,v2", silent)
		_, err := f.phone(func(l *Limits) { l.Idle = 20 * time.Millisecond }).Run(t.Context(), "sleep 60")
		if !errors.Is(err, Timeout) || !errors.Is(err, os.ErrDeadlineExceeded) || !strings.Contains(err.Error(), "nothing moved for 20ms") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("total", func(t *testing.T) {
		f := newFake(t, "shell_v2")
		f.on("shell,v2", func(c *call) { // never idle
			c.okay()
			for {
				if _, err := io.WriteString(c.Conn, packet(1, "x")); err != nil {
					return
				}
			}
		})
		_, err := f.phone(func(l *Limits) { l.Total = 30 * time.Millisecond; l.Idle = time.Minute; l.Output = 0 }).Run(t.Context(), "yes")
		if !errors.Is(err, Timeout) || !errors.Is(err, errTotal) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("answer", func(t *testing.T) {
		f := newFake(t, "shell_v2")
		f.on("host:tport:serial:phone", func(c *call) { c.gone() })
		_, err := f.phone(func(l *Limits) { l.Answer = 20 * time.Millisecond }).Run(t.Context(), "true")
		if !errors.Is(err, Timeout) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("output", func(t *testing.T) {
		f := newFake(t, "shell_v2")
		f.on("shell,v2", func(c *call) {
			c.okay()
			c.packet(1, strings.Repeat("x", 3000))
			c.packet(3, "\x00")
			c.gone()
		})
		_, err := f.phone(func(l *Limits) { l.Output = 1000 }).Run(t.Context(), "true")
		if !errors.Is(err, TooLong) {
			t.Errorf("got %v", err)
		}
		out, err := f.phone(func(l *Limits) { l.Output = 3000 }).Run(t.Context(), "true")
		if err != nil || len(out.Stdout) != 3000 {
			t.Errorf("exactly the limit: %d bytes, %v", len(out.Stdout), err)
		}
	})
	// The idle limit is per silence, not for the whole command (adb.md 1.2,
	// gadb's first trap).
	t.Run("idle is renewed", func(t *testing.T) {
		f := newFake(t, "shell_v2")
		next := make(chan struct{})
		f.on("shell,v2", func(c *call) {
			c.okay()
			for range next {
				c.packet(1, "x")
			}
			c.packet(3, "\x00")
			c.gone()
		})
		const idle = 2 * time.Second
		p, err := f.phone(func(l *Limits) { l.Idle = idle }).Start(t.Context(), "logcat")
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		tick := time.NewTicker(idle / 4)
		defer tick.Stop()
		for i := range 8 {
			<-tick.C
			next <- struct{}{}
			if _, err := p.Read(make([]byte, 1)); err != nil {
				t.Fatalf("after %v of output: %v", time.Duration(i+1)*idle/4, err)
			}
		}
		close(next)
		if _, err := p.Wait(); err != nil {
			t.Error(err)
		}
	})
}

// A loop around a phone that is gone must not eat descriptors (adb.md 1.2,
// row 5), and neither must one that is canceled.
func TestRefusedCallsLeakNothing(t *testing.T) {
	f := newFake(t)
	f.on("host:tport:serial:phone", func(c *call) { c.fail("device offline") })
	f.on("host:version", func(c *call) { c.fail("closed") })
	phone, server := f.phone(nil), f.server()
	old := server.Device("old") // refused as tport and as transport
	before, ignore := sockets(t), goleak.IgnoreCurrent()
	for range 1000 {
		if _, err := phone.Run(t.Context(), "true"); !errors.Is(err, Offline) {
			t.Fatal(err)
		}
	}
	for range 50 {
		if _, err := old.Run(t.Context(), "true"); !errors.Is(err, Refused) {
			t.Fatal(err)
		}
		if _, err := server.Version(t.Context()); !errors.Is(err, Refused) {
			t.Fatal(err)
		}
	}
	// The fake closes its ends when it sees ours closed; a few may be under way.
	if after := sockets(t); after > before+20 {
		t.Errorf("%d open files became %d", before, after)
	}
	goleak.VerifyNone(t, ignore)
}

func TestAddr(t *testing.T) {
	for in, want := range map[string]string{
		"": "127.0.0.1:5037", "localhost": "localhost:5037", ":7000": "127.0.0.1:7000",
		"10.0.0.2:1": "10.0.0.2:1", "::1": "[::1]:5037", "[::1]:9": "[::1]:9", "[::1]": "[::1]:5037",
	} {
		if got := NewServer(in).Addr(); got != want {
			t.Errorf("%q: %s, want %s", in, got, want)
		}
	}
}

func TestClosedStream(t *testing.T) {
	f := newFake(t)
	f.on("localabstract:x", func(c *call) { c.okay(); c.raw("hi"); c.gone() })
	s, err := f.phone(nil).Open(t.Context(), "localabstract:x")
	if err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 2)
	if _, err := io.ReadFull(s, b); err != nil || string(b) != "hi" {
		t.Fatalf("read %q, %v", b, err)
	}
	if err := errors.Join(s.Close(), s.Close()); err != nil {
		t.Errorf("closing twice: %v", err)
	}
	if _, err := s.Read(b); !errors.Is(err, Canceled) || !errors.Is(err, net.ErrClosed) {
		t.Errorf("read after close: %v", err)
	}
}
