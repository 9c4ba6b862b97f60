package adb

import (
	"bytes"
	"errors"
	"net"
	"os"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/electricbubble/gadb"
	"github.com/google/go-cmp/cmp"
)

// These tests pin what gadb v0.1.0 does wrong and is therefore not used for.
// One that fails after an upgrade is good news: read it, then use gadb there.

func gadbClient(t *testing.T, f *fake) gadb.Client {
	t.Helper()
	addr := f.ln.Addr().(*net.TCPAddr)
	c, err := gadb.NewClientWith("127.0.0.1", addr.Port)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// gadbPhone is the fake's phone as gadb reaches it.
func gadbPhone(t *testing.T, f *fake) gadb.Device {
	t.Helper()
	f.on("host:devices-l", says("phone device product:p model:m device:d transport_id:7\n"))
	f.on("host:transport:phone", func(c *call) { c.okay(); c.stay = true })
	list, err := gadbClient(t, f).DeviceList()
	if err != nil || len(list) != 1 {
		t.Fatalf("got %v, %v", list, err)
	}
	return list[0]
}

// The read deadline of a command is absolute: output every now and then does
// not renew it.
func TestGadbCutsEveryCommandAfterItsTimeout(t *testing.T) {
	old := gadb.DefaultAdbReadTimeout
	if old != 60 {
		t.Errorf("gadb's timeout is %d now, not 60 (seconds)", old)
	}
	gadb.DefaultAdbReadTimeout = 1 // package state; no test here runs in parallel
	defer func() { gadb.DefaultAdbReadTimeout = old }()
	f := newFake(t)
	f.on("shell:", func(c *call) {
		c.okay()
		tick := time.NewTicker(50 * time.Millisecond)
		defer tick.Stop()
		for range tick.C {
			if _, err := c.Write([]byte("line\n")); err != nil {
				return
			}
		}
	})
	begin := time.Now()
	out, err := gadbPhone(t, f).RunShellCommand("logcat")
	took := time.Since(begin)
	if !errors.Is(err, os.ErrDeadlineExceeded) || !strings.HasPrefix(out, "line\nline\n") {
		t.Errorf("after %v: %d bytes, %v", took, len(out), err)
	}
	if took < 900*time.Millisecond || took > time.Minute {
		t.Errorf("it was cut after %v, want 1 s", took)
	}
}

func TestGadbPushTruncates(t *testing.T) {
	f, got := newFake(t), make(chan uploaded, 1)
	f.on("sync:", takes(got, ""))
	phone := gadbPhone(t, f)
	for _, size := range []int{5, 100_000} {
		content := bytes.Repeat([]byte("x"), size)
		err := phone.Push(iotest.DataErrReader(bytes.NewReader(content)), "/sdcard/x", time.Now(), 0o644)
		if err != nil {
			t.Errorf("gadb notices: %v", err)
		}
		if u := <-got; len(u.content) >= size {
			t.Errorf("all %d bytes arrived", size)
		}
		// A plain reader arrives whole.
		if err := phone.Push(bytes.NewReader(content), "/sdcard/x", time.Now(), 0o644); err != nil {
			t.Error(err)
		}
		if u := <-got; len(u.content) != size {
			t.Errorf("%d bytes arrived of %d", len(u.content), size)
		}
	}
}

func TestGadbHidesThePhonesThatMatter(t *testing.T) {
	f := newFake(t)
	const text = "10.0.0.1:5555 offline transport_id:1\n" +
		"10.0.0.2:5555 unauthorized transport_id:2\n" +
		"R1 recovery product:p model:m device:d transport_id:3\n" +
		"R2 device product:p model:m device:d transport_id:4\n"
	f.on("host:devices-l", says(text))
	list, err := gadbClient(t, f).DeviceList()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range list {
		got = append(got, d.Serial())
	}
	if d := cmp.Diff([]string{"R1", "R2"}, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	ours, err := f.server().Devices(t.Context())
	if err != nil || len(ours) != 4 {
		t.Errorf("ours: %v, %v", ours, err)
	}
}

func TestGadbLeaksSocketsOfRefusedPhones(t *testing.T) {
	f := newFake(t)
	phone := gadbPhone(t, f)
	f.on("host:transport:phone", func(c *call) { c.fail("device offline"); c.gone() })
	runtime.GC() // sockets are closed by finalizers, of earlier tests too
	before := sockets(t)
	for range 20 {
		_, err := phone.RunShellCommand("true")
		if err == nil || KindOf(err) != 0 || !strings.Contains(err.Error(), "device offline") {
			t.Fatalf("got %v", err)
		}
	}
	if after := sockets(t); after < before+20 {
		t.Errorf("%d open files became %d: the leak is gone", before, after)
	}
	runtime.GC()
}

func TestGadbQuotesNothingAndLosesTheStatus(t *testing.T) {
	f := newFake(t)
	f.on("shell:", func(c *call) { c.okay(); c.raw("out\nerr\n") })
	out, err := gadbPhone(t, f).RunShellCommand("printf", "a b", "c;echo x")
	if err != nil || out != "out\nerr\n" {
		t.Errorf("got %q, %v", out, err)
	}
	if d := cmp.Diff([]string{"shell:printf a b c;echo x"}, f.asked("shell:")); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

func TestGadbBelievesAlreadyConnected(t *testing.T) {
	f := newFake(t)
	f.on("host:connect:127.0.0.1:5555", says("already connected to 127.0.0.1:5555"))
	if err := gadbClient(t, f).Connect("127.0.0.1", 5555); err != nil {
		t.Errorf("got %v", err)
	}
	if got := f.asked("host:devices"); got != nil {
		t.Errorf("it looked: %q", got)
	}
}
