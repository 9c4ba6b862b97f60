package adb_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/devices"
	"github.com/ringproof/ringproof/devices/adb"
	"github.com/ringproof/ringproof/devices/adb/adbtest"
	"github.com/ringproof/ringproof/devices/virtual/adbd"
)

func TestPhoneRuns(t *testing.T) {
	both(t, func(t *testing.T, r rig) {
		for script, want := range map[string]devices.Output{
			"echo hello": {Stdout: []byte("hello\n")},
			"fail":       {Stdout: []byte("out\n"), Stderr: []byte("err\n"), Exit: 7},
			"nonsense":   {Stderr: []byte("/system/bin/sh: nonsense: inaccessible or not found\n"), Exit: 127},
			"cat":        {}, // its standard input is empty, and ends
		} {
			got, err := r.phone.Run(t.Context(), script)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("%s (-want +got)\n%s", script, d)
			}
		}
		input := bytes.Repeat([]byte("\x00\x01\r\n\xff"), 200_000)
		out, err := r.phone.RunInput(t.Context(), "cat", input)
		if err != nil || !bytes.Equal(out.Stdout, input) {
			t.Errorf("%d bytes came back of %d, %v", len(out.Stdout), len(input), err)
		}
		long := "echo " + strings.Repeat("x", 60_000)
		if out, err := r.phone.Run(t.Context(), long); err != nil || len(out.Stdout) != 60_001 {
			t.Errorf("a command of 60 kB: %d bytes, %v", len(out.Stdout), err)
		}
	})
}

func TestPhoneIsListed(t *testing.T) {
	both(t, func(t *testing.T, r rig) {
		list, err := r.server.Devices(t.Context())
		if err != nil || len(list) != 1 {
			t.Fatalf("got %v, %v", list, err)
		}
		i := list[0]
		if i.Serial != r.phone.Serial() || i.State != adb.Ready || i.Product != "vphone" || i.Model != "Virtual_Phone" || i.Device != "vp1" || i.TransportID == 0 {
			t.Errorf("got %+v", i)
		}
		if v, err := r.server.Version(t.Context()); err != nil || v != 41 {
			t.Errorf("version %d, %v", v, err)
		}
		f, err := r.phone.Features(t.Context())
		if err != nil || !f.Has("shell_v2") || !f.Has("abb_exec") || f.Has("apex") {
			t.Errorf("features %v, %v", f, err)
		}
		if _, err := r.server.Features(t.Context()); err != nil {
			t.Error(err)
		}
		if s, err := r.phone.State(t.Context()); err != nil || s != adb.Ready {
			t.Errorf("state %v, %v", s, err)
		}
		if err := r.server.WaitFor(t.Context(), r.phone.Serial(), adb.Ready); err != nil {
			t.Error(err)
		}
		if _, err := r.server.Device("nobody").Run(t.Context(), "echo"); !errors.Is(err, adb.NotFound) {
			t.Errorf("a phone that is not there: %v", err)
		}
	})
}

// Cancelling here ends the command there.
func TestCancelReachesThePhone(t *testing.T) {
	both(t, func(t *testing.T, r rig) {
		ctx, cancel := context.WithCancel(t.Context())
		failed := make(chan error, 1)
		go func() { _, err := r.phone.Run(ctx, "block"); failed <- err }()
		soon(t, "the command runs", r.shell.blocked)
		cancel()
		if err := <-failed; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		soon(t, "the command was ended", r.shell.freed)

		p, err := r.phone.Start(t.Context(), "block")
		if err != nil {
			t.Fatal(err)
		}
		b := make([]byte, 8)
		if _, err := io.ReadFull(p, b); err != nil || string(b) != "blocked\n" {
			t.Errorf("read %q, %v", b, err)
		}
		soon(t, "the command runs", r.shell.blocked)
		if err := p.Close(); err != nil {
			t.Error(err)
		}
		soon(t, "the command was ended", r.shell.freed)
	})
}

func TestLostPhoneIsNotTheEnd(t *testing.T) {
	both(t, func(t *testing.T, r rig) {
		p, err := r.phone.Start(t.Context(), "block")
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		soon(t, "the command runs", r.shell.blocked)
		r.lose()
		if b, err := io.ReadAll(p); !errors.Is(err, adb.TransportLost) {
			t.Errorf("read %q, %v", b, err)
		}
		if out, err := p.Wait(); !errors.Is(err, adb.TransportLost) {
			t.Errorf("got %+v, %v", out, err)
		}
	})
}

func TestPhoneKeepsFiles(t *testing.T) {
	both(t, func(t *testing.T, r rig) {
		ctx := t.Context()
		const dir, name = "/data/local/tmp/it's/a folder", "/data/local/tmp/it's/a folder/日本.bin"
		content := bytes.Repeat([]byte("0123456789abcdef"), 20_000)
		if err := r.phone.Upload(ctx, name, 0o750, iotest.DataErrReader(bytes.NewReader(content))); err != nil {
			t.Fatal(err)
		}
		i, err := r.phone.Stat(ctx, name)
		if err != nil || i.Size != int64(len(content)) || i.Mode.Perm()&0o700 != 0o700 || !i.Mode.IsRegular() || i.Name != "日本.bin" {
			t.Errorf("stat: %+v, %v", i, err)
		}
		if age := time.Since(i.ModTime); age < -time.Minute || age > time.Minute {
			t.Errorf("time of the file: %v", i.ModTime)
		}
		list, err := r.phone.List(ctx, dir)
		if err != nil || len(list) != 1 || list[0].Name != "日本.bin" || list[0].Size != int64(len(content)) {
			t.Errorf("list: %+v, %v", list, err)
		}
		var b bytes.Buffer
		if err := r.phone.Download(ctx, name, &b); err != nil || !bytes.Equal(b.Bytes(), content) {
			t.Errorf("%d bytes came back of %d, %v", b.Len(), len(content), err)
		}
		if l, err := r.phone.Lstat(ctx, "/sdcard"); err != nil || l.Mode.Type() != fs.ModeSymlink {
			t.Errorf("/sdcard: %v, %v", l.Mode, err)
		}
		if l, err := r.phone.Stat(ctx, "/sdcard"); err != nil || !l.IsDir() {
			t.Errorf("behind /sdcard: %v, %v", l.Mode, err)
		}
		for what, call := range map[string]func() error{
			"download": func() error { return r.phone.Download(ctx, dir+"/none", io.Discard) },
			"stat":     func() error { _, err := r.phone.Stat(ctx, dir+"/none"); return err },
			"list":     func() error { _, err := r.phone.List(ctx, dir+"/none"); return err },
		} {
			if err := call(); !errors.Is(err, adb.Rejected) || !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("%s of a missing file: %v", what, err)
			}
		}
		if err := r.phone.Upload(ctx, "/system/x", 0o644, bytes.NewReader(content)); !errors.Is(err, adb.Rejected) {
			t.Errorf("upload to /system: %v", err)
		}
		if _, err := r.phone.List(ctx, name); !errors.Is(err, adb.Rejected) {
			t.Errorf("list of a file: %v", err)
		}
	})
}

func TestPhoneInstalls(t *testing.T) {
	apk := strings.Repeat("PK\x03\x04", 100_000)
	for _, c := range []struct {
		way      string
		features []string
		success  bool
	}{
		{"abb_exec", modern(), true},
		{"exec", []string{"shell_v2", "cmd", "fixed_push_mkdir"}, true},
		{"push", []string{"shell_v2", "fixed_push_mkdir"}, false},
	} {
		for name, r := range map[string]rig{"adb server": realRig(t, adbd.Options{}, c.features...), "in process": hostRig(t, c.features...)} {
			got, err := r.phone.Install(t.Context(), strings.NewReader(apk), int64(len(apk)), adb.InstallOptions{Replace: true})
			if err != nil || got.Way != c.way || got.Success != c.success {
				t.Errorf("%s, %s: %+v, %v", c.way, name, got, err)
			}
		}
	}
}

func TestPhoneExecs(t *testing.T) {
	both(t, func(t *testing.T, r rig) {
		s, err := r.phone.Exec(t.Context(), "bytes 65536")
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		want := bytes.Repeat(sequence(), 256)
		if b, err := io.ReadAll(s); err != nil || !bytes.Equal(b, want) {
			t.Errorf("%d bytes, %v", len(b), err)
		}
		if _, err := r.phone.Open(t.Context(), "no-such-service:"); !errors.Is(err, adb.Refused) {
			t.Errorf("an unknown service: %v", err)
		}
	})
	t.Run("lost", func(t *testing.T) {
		r := realRig(t, adbd.Options{}, modern()...)
		s, err := r.phone.Exec(t.Context(), "block")
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		soon(t, "the command runs", r.shell.blocked)
		r.lose()
		if b, err := io.ReadAll(s); !errors.Is(err, adb.TransportLost) {
			t.Errorf("read %q, %v", b, err)
		}
	})
}

func sequence() []byte {
	b := make([]byte, 256)
	for i := range b {
		b[i] = byte(i)
	}
	return b
}

func TestForwardsOfAPhone(t *testing.T) {
	both(t, func(t *testing.T, r rig) {
		ctx := t.Context()
		f, err := r.phone.Forward(ctx, "tcp:0", "localabstract:x")
		if err != nil || !strings.HasPrefix(f.Local, "tcp:") || f.Local == "tcp:0" {
			t.Fatalf("got %+v, %v", f, err)
		}
		list, err := r.server.ForwardList(ctx)
		if d := cmp.Diff([]adb.Forward{f}, list); err != nil || d != "" {
			t.Errorf("%v (-want +got)\n%s", err, d)
		}
		if _, err := r.phone.Forward(ctx, f.Local, "tcp:1"); !errors.Is(err, adb.Rejected) {
			t.Errorf("a local port in use: %v", err)
		}
		if err := r.phone.KillForward(ctx, f.Local); err != nil {
			t.Error(err)
		}
		if err := r.phone.KillForward(ctx, f.Local); !errors.Is(err, adb.Rejected) {
			t.Errorf("ended twice: %v", err)
		}
		if list, err := r.server.ForwardList(ctx); err != nil || len(list) != 0 {
			t.Errorf("left: %v, %v", list, err)
		}
	})
}

// A phone without features, whose packets are small: a longer command would
// make the real server abort.
func TestLegacyPhone(t *testing.T) {
	r := realRig(t, adbd.Options{MaxPayload: 4096}, "none")
	out, err := r.phone.Run(t.Context(), "fail")
	if err != nil || string(out.Stdout) != "out\nerr\n" || out.Exit != 7 {
		t.Errorf("got %+v, %v", out, err)
	}
	if _, err := r.phone.Run(t.Context(), "echo "+strings.Repeat("x", 4096)); !errors.Is(err, adb.TooLong) {
		t.Errorf("got %v", err)
	}
	if out, err := r.phone.Run(t.Context(), "echo "+strings.Repeat("x", 3900)); err != nil || len(out.Stdout) != 3901 {
		t.Errorf("%d bytes, %v", len(out.Stdout), err)
	}
	p, err := r.phone.Start(t.Context(), "block")
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	soon(t, "the command runs", r.shell.blocked)
	r.lose()
	if _, err := io.ReadAll(p); !errors.Is(err, adb.TransportLost) {
		t.Errorf("got %v", err)
	}
}

// The states that a real server puts phones into.
func TestStatesAtTheRealServer(t *testing.T) {
	private := adbtest.Start(t)
	server := adb.NewServer(private.Addr)
	for _, c := range []struct {
		name   string
		faults adbd.Faults
		state  adb.State
		kind   adb.Kind
	}{
		{"unauthorized", adbd.Faults{Auth: adbd.AuthRefuse}, adb.StateUnauthorized, adb.Unauthorized},
		// The server gives up on connecting as soon as the phone asks its owner.
		{"asking, then allowed", adbd.Faults{Auth: adbd.AuthPrompt}, adb.Ready, adb.Unauthorized},
		{"recovery", adbd.Faults{State: "recovery"}, adb.StateRecovery, 0},
		{"sideload", adbd.Faults{State: "sideload"}, adb.StateSideload, 0},
		{"bootloader", adbd.Faults{State: "bootloader"}, adb.StateBootloader, adb.Offline},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, _ := newPhone(modern()...)
			port := open(t, d, adbd.Options{Faults: c.faults})
			addr := port.Addr().String()
			_, err := server.Connect(t.Context(), addr)
			if adb.KindOf(err) != c.kind {
				t.Errorf("Connect: %v", err)
			}
			if c.state == adb.Ready {
				if err := server.WaitFor(t.Context(), addr, adb.Ready); err != nil {
					t.Error(err)
				}
			}
			if s, err := server.Device(addr).State(t.Context()); err != nil || s != c.state {
				t.Errorf("listed as %q, %v", s, err)
			}
			if c.state == adb.StateUnauthorized {
				if _, err := server.Device(addr).Run(t.Context(), "echo"); !errors.Is(err, adb.Unauthorized) {
					t.Errorf("Run: %v", err)
				}
			}
			if err := server.Disconnect(t.Context(), addr); err != nil {
				t.Error(err)
			}
			if err := server.Disconnect(t.Context(), addr); !errors.Is(err, adb.NotFound) {
				t.Errorf("disconnected twice: %v", err)
			}
		})
	}
	t.Run("nobody there", func(t *testing.T) {
		if _, err := server.Connect(t.Context(), closedPort(t)); !errors.Is(err, adb.NotFound) {
			t.Errorf("got %v", err)
		}
	})
	// A phone that accepts and says nothing: the server waits 10 s, we need not.
	t.Run("mute", func(t *testing.T) {
		d, _ := newPhone(modern()...)
		port := open(t, d, adbd.Options{Faults: adbd.Faults{Mute: true}})
		ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		defer cancel()
		if _, err := server.Connect(ctx, port.Addr().String()); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})
}

// The server says "already connected" of a phone that it has lost.
func TestConnectToALostPhone(t *testing.T) {
	r := realRig(t, adbd.Options{}, modern()...)
	addr := r.phone.Serial()
	r.port.SetFaults(adbd.Faults{Down: true})
	r.lose()
	// Until it reads the end of the connection, it hands out the phone as before.
	within := time.Now().Add(time.Minute)
	for _, err := r.phone.Run(t.Context(), "true"); err == nil; _, err = r.phone.Run(t.Context(), "true") {
		if time.Now().After(within) {
			t.Fatal("the server does not notice that the phone is lost")
		}
	}
	// The server itself would try for 10 s.
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if _, err := r.server.Connect(ctx, addr); err == nil {
		t.Error("connected to a phone that refuses")
	}
	r.port.SetFaults(adbd.Faults{})
	phone, err := r.server.Connect(t.Context(), addr)
	if err != nil {
		t.Fatal(err)
	}
	if out, err := phone.Run(t.Context(), "echo back"); err != nil || string(out.Stdout) != "back\n" {
		t.Errorf("got %q, %v", out.Stdout, err)
	}
}

// This server sends no notice when a connected phone is lost; the poll sees it.
func TestTrackAtTheRealServer(t *testing.T) {
	private := adbtest.Start(t)
	l := adb.DefaultLimits()
	l.Poll = 10 * time.Millisecond
	server := adb.NewServer(private.Addr, adb.WithLimits(l))
	d, _ := newPhone(modern()...)
	port := open(t, d, adbd.Options{})
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	stage := 0
	for list, err := range server.Track(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		var state adb.State
		if len(list) == 1 {
			state = list[0].State
		}
		switch {
		case stage == 0 && len(list) == 0:
			stage = 1
			if _, err := server.Connect(ctx, port.Addr().String()); err != nil {
				t.Fatal(err)
			}
		case stage == 1 && state == adb.Ready:
			stage = 2
			port.SetFaults(adbd.Faults{Down: true})
			port.Disconnect()
		case stage == 2 && (state == adb.StateOffline || len(list) == 0):
			stage = 3
		}
		if stage == 3 {
			break
		}
	}
	if stage != 3 {
		t.Errorf("only stage %d was seen", stage)
	}
}

// A server that crashes takes its phones with it; a new one is found again.
func TestServerCrash(t *testing.T) {
	r := realRig(t, adbd.Options{}, modern()...)
	p, err := r.phone.Start(t.Context(), "block")
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	soon(t, "the command runs", r.shell.blocked)
	if err := r.real.Kill(); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Wait(); !errors.Is(err, adb.TransportLost) {
		t.Errorf("the command that ran: %v", err)
	}
	if _, err := r.phone.Run(t.Context(), "echo"); !errors.Is(err, adb.ServerDown) {
		t.Errorf("the next: %v", err)
	}
}

// The stock client and ours, at the same server.
func TestBesideTheStockClient(t *testing.T) {
	r := realRig(t, adbd.Options{}, modern()...)
	if err := r.phone.Upload(t.Context(), "/data/local/tmp/x", 0o644, strings.NewReader("ours")); err != nil {
		t.Fatal(err)
	}
	local := t.TempDir() + "/x"
	if out, err := r.real.Command(t.Context(), "pull", "/data/local/tmp/x", local).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if b, err := os.ReadFile(local); err != nil || string(b) != "ours" {
		t.Errorf("adb pulled %q, %v", b, err)
	}
	if out, err := r.real.Command(t.Context(), "push", local, "/data/local/tmp/y").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var b bytes.Buffer
	if err := r.phone.Download(t.Context(), "/data/local/tmp/y", &b); err != nil || b.String() != "ours" {
		t.Errorf("we downloaded %q, %v", b.String(), err)
	}
}
