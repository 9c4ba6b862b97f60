package gear_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/ringproof/ringproof/harness/gear"
)

// soon bounds what is waited for here; on a quiet machine nothing takes a second.
const soon = 30 * time.Second

// ownerVar has the test's program be one that holds a headset and is killed: the radio.
const ownerVar = "RINGPROOF_TEST_HEADSET_OWNER"

func TestMain(m *testing.M) {
	if radio := os.Getenv(ownerVar); radio != "" {
		own(radio)
	}
	goleak.VerifyTestMain(m)
}

// own switches a headset on and lives until it is killed.
func own(radio string) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	h, err := gear.OpenHeadset(ctx, "P7", gear.HeadsetSpec{Radio: radio, Python: os.Getenv("RINGPROOF_PYTHON")})
	if err == nil {
		err = h.Do(ctx, gear.Come)
	}
	fmt.Println(err)
	select {}
}

// python is one that has bumble: that of make headset. The test is skipped without it,
// and fails where RINGPROOF_REQUIRE asks for it.
func python(t *testing.T) string {
	t.Helper()
	at, err := filepath.Abs("bumble/.venv/bin/python")
	if err == nil {
		_, err = os.Stat(at)
	}
	if err == nil {
		return at
	}
	if slices.Contains(strings.Split(os.Getenv("RINGPROOF_REQUIRE"), ","), "bumble") {
		t.Fatalf("no Python with bumble (make headset), and RINGPROOF_REQUIRE says that there must be one: %v", err)
	}
	t.Skipf("no Python with bumble (make headset): %v", err)
	return ""
}

// phone is testdata/phone.py: a phone's side of HFP, on a radio link of software.
type phone struct {
	t     *testing.T
	radio string // the headset's end of the link
	in    io.Writer
	lines chan string
}

func newPhone(t *testing.T) *phone {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), python(t), "testdata/phone.py") // #nosec G204 -- ours
	var errs bytes.Buffer
	cmd.Stderr = &errs
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p := &phone{t: t, in: in, lines: make(chan string, 1000)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer close(p.lines)
		for s := bufio.NewScanner(out); s.Scan(); {
			p.lines <- s.Text()
		}
	}()
	t.Cleanup(func() {
		_ = in.Close()
		<-done
		if err := cmd.Wait(); err != nil && t.Context().Err() == nil {
			t.Errorf("the phone: %v", err)
		}
		if t.Failed() {
			t.Logf("the phone said %s", errs.String())
		}
	})
	p.radio = "tcp-client:127.0.0.1:" + strings.TrimPrefix(p.wait("port "), "port ")
	return p
}

// wait returns the next line that begins so. What the phone says before it is shown if
// it does not come.
func (p *phone) wait(begin string) string {
	p.t.Helper()
	var before []string
	late := time.After(soon)
	for {
		select {
		case l, ok := <-p.lines:
			if strings.HasPrefix(l, begin) {
				return l
			}
			if before = append(before, l); !ok || strings.HasPrefix(l, "error") {
				p.t.Fatalf("the phone does not say %q, but %q", begin, before)
			}
		case <-late:
			p.t.Fatalf("the phone does not say %q, but %q", begin, before)
		}
	}
}

func (p *phone) do(command string) {
	p.t.Helper()
	if _, err := fmt.Fprintln(p.in, command); err != nil {
		p.t.Fatal(err)
	}
}

// headset is a headset of software, and what it told.
type headset struct {
	*gear.Headset
	t *testing.T
}

// open starts the headset of phone P7, whose bonds are forgotten after the test.
func open(t *testing.T, p *phone) headset {
	t.Helper()
	h, err := gear.OpenHeadset(t.Context(), "P7", gear.HeadsetSpec{Radio: p.radio, Python: python(t)})
	if err != nil {
		t.Fatal(err)
	}
	return headset{h, t}
}

func (h headset) do(d gear.Do) {
	h.t.Helper()
	if err := h.Do(h.t.Context(), d); err != nil {
		h.t.Fatal(err)
	}
}

// hears waits for all these events, in any order; others may come between them.
func (h headset) hears(events ...string) {
	h.t.Helper()
	var heard []string
	late := time.After(soon)
	for want := slices.Clone(events); len(want) > 0; {
		select {
		case e, ok := <-h.Events():
			if !ok {
				h.t.Fatalf("the headset ended before %q, after %q", want, heard)
			}
			heard = append(heard, e.What)
			if i := slices.Index(want, e.What); i >= 0 {
				want = slices.Delete(want, i, i+1)
			}
		case <-late:
			h.t.Fatalf("the headset does not notice %q, but %q", want, heard)
		}
	}
}

func (h headset) is(want gear.Heard) {
	h.t.Helper()
	want.Address = "02:00:00:00:00:BB"
	got, err := h.State(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		h.t.Error(diff)
	}
}

func (h headset) refuses(d gear.Do, why string) {
	h.t.Helper()
	var refused *gear.RefusedError
	if err := h.Do(h.t.Context(), d); !errors.As(err, &refused) || !strings.Contains(refused.Reason, why) {
		h.t.Errorf("%s: %v, want it refused: %s", d, err, why)
	}
}

// forget gives the test bonds of its own.
func forget(t *testing.T) {
	t.Helper()
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("XDG_CONFIG_HOME", home)
}

// bonded is a headset that has just bonded with the phone and is connected.
func bonded(t *testing.T, p *phone) headset {
	t.Helper()
	h := open(t, p)
	t.Cleanup(func() { _ = h.Close() })
	h.do(gear.Pair)
	p.do("find")
	h.hears("bonded", "connected")
	return h
}

// A call on a headset of software: what the phone is told in AT commands, and what the
// headset is told of the call (HFP 1.8, 4.13 to 4.15 and 4.23).
func TestBumbleCalls(t *testing.T) {
	forget(t)
	p := newPhone(t)
	h := bonded(t, p)
	// Hands-free features of the SDP record (HFP 1.8, table 5.4): calls beside the
	// first, who calls, volume.
	p.wait("record 0x16")
	// 4.2.1: features, indicators, their values, tell me of changes, call hold.
	for _, at := range []string{"AT+BRSF=22", "AT+CIND=?", "AT+CIND?", "AT+CMER=3,,,1", "AT+CHLD=?", "AT+CLIP=1", "AT+CCWA=1"} {
		p.wait("at " + at)
	}
	h.is(gear.Heard{Connected: true})
	h.refuses(gear.Answer, "nobody calls")
	h.refuses(gear.HangUp, "there is no call")
	h.refuses(gear.Plug, "unknown request")

	p.do("ring +15550100")
	h.hears("callsetup=1", "ring", "caller")
	h.is(gear.Heard{Connected: true, Ringing: true, Caller: "+15550100"})
	h.do(gear.Answer)
	p.wait("at ATA")
	h.hears("call=1", "callsetup=0", "audio on")
	h.is(gear.Heard{Connected: true, Audio: true})
	h.do(gear.Swap)
	p.wait("at AT+CHLD=2")
	h.do(gear.HangUp)
	p.wait("at AT+CHUP")
	h.hears("call=0", "audio off")
	h.is(gear.Heard{Connected: true})

	// It rejects one, and hears another stop by itself.
	p.do("ring +15550101")
	h.hears("caller")
	h.do(gear.HangUp)
	p.wait("at AT+CHUP")
	h.hears("callsetup=0")
	p.do("ring +15550102")
	h.hears("caller")
	p.do("cancel")
	h.hears("callsetup=0")
	h.is(gear.Heard{Connected: true})
	h.refuses(gear.Answer, "nobody calls")

	// What makes no sense is passed over, and a number may be no number.
	p.do("line +CIEV: x")
	p.do("line +CLIP:")
	p.do("line whatever")
	p.do("ring alice@example.org")
	h.hears("caller")
	h.is(gear.Heard{Connected: true, Ringing: true, Caller: "alice@example.org"})
	p.do("deaf")
	p.wait("deaf") // the answer goes another way, and may overtake it
	h.refuses(gear.Answer, "the phone does not answer ATA within 5 s")
	h.hears("disconnected")
}

// It comes and goes in every way; a bond outlives the program.
func TestBumbleComesAndGoes(t *testing.T) {
	forget(t)
	p := newPhone(t)
	h := open(t, p)
	h.is(gear.Heard{})
	p.do("find")
	p.wait("unfound") // switched off
	h.do(gear.Come)
	p.do("find")
	p.wait("linked")
	p.wait("unfound") // it bonds with nobody unless told to
	h.do(gear.Leave)
	p.wait("lost")
	h.do(gear.Pair)
	p.do("find")
	h.hears("bonded", "connected")

	h.do(gear.Leave)
	p.wait("lost REMOTE_USER_TERMINATED_CONNECTION_ERROR")
	h.is(gear.Heard{})
	h.do(gear.Come) // now it is the headset that connects
	p.wait("at AT+BRSF=22")
	h.hears("connected")

	// Out of range in the middle of a call, and back.
	p.do("ring 5")
	h.hears("caller")
	h.do(gear.Answer)
	h.hears("audio on")
	h.do(gear.Vanish)
	p.wait("lost CONNECTION_TIMEOUT_ERROR")
	h.hears("audio off", "disconnected")
	h.is(gear.Heard{})
	h.do(gear.Come)
	h.hears("connected")

	// A phone that closes the service gets it back; a real one would be asked by it, too.
	p.do("close")
	h.hears("disconnected")
	h.hears("connected")

	if err := h.Close(); err != nil {
		t.Error(err)
	}
	p.wait("lost REMOTE_USER_TERMINATED_CONNECTION_ERROR")
	if err := h.Do(t.Context(), gear.Come); err == nil {
		t.Error("a headset that was closed does something")
	}
}

// Bonds are kept for the phone's serial.
func TestBumbleRemembers(t *testing.T) {
	forget(t)
	p := newPhone(t)
	h := bonded(t, p)
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	p.wait("lost")
	h = open(t, p)
	h.do(gear.Come)
	h.hears("connected")
	if err := h.Close(); err != nil {
		t.Error(err)
	}
	other, err := gear.OpenHeadset(t.Context(), "P8", gear.HeadsetSpec{Radio: p.radio, Python: python(t)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Close() }()
	p.do("find")
	p.wait("unfound")
}

// The program ends with the one that started it, however that ends, and takes the
// headset with it.
func TestBumbleOwnerDies(t *testing.T) {
	forget(t)
	p := newPhone(t)
	h := bonded(t, p)
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	p.wait("lost")
	owner := exec.CommandContext(t.Context(), os.Args[0]) // #nosec G204,G702 -- this very program
	owner.Env = append(os.Environ(), ownerVar+"="+p.radio, "RINGPROOF_PYTHON="+python(t))
	owner.Stderr = os.Stderr
	if err := owner.Start(); err != nil {
		t.Fatal(err)
	}
	p.wait("service")
	if err := owner.Process.Kill(); err != nil {
		t.Error(err)
	}
	_ = owner.Wait()
	p.wait("lost REMOTE_USER_TERMINATED_CONNECTION_ERROR")
}

// What is missing is said, with what to do about it.
func TestBumbleMissing(t *testing.T) {
	forget(t)
	python3, err := exec.LookPath("python3")
	if err != nil {
		t.Skipf("no Python: %v", err)
	}
	broken := t.TempDir()
	if err := os.WriteFile(filepath.Join(broken, "bumble.py"), []byte("raise ImportError('no such luck')"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what, python, path, reason, advice string
	}{
		{"Python", "/nowhere/python", "", "/nowhere/python", "the setting python"},
		{"Python", "no-such-python", "", "no-such-python", "the setting python"},
		{"bumble", python3, broken, "no such luck", "make headset"},
	} {
		t.Run(c.what, func(t *testing.T) {
			t.Setenv("PYTHONPATH", c.path)
			missing(t, gear.HeadsetSpec{Radio: "usb:0", Python: c.python}, c.what, c.reason, c.advice)
		})
	}
	t.Run("radio", func(t *testing.T) {
		missing(t, gear.HeadsetSpec{Radio: "tcp-client:127.0.0.1:1", Python: python(t)}, "radio", "tcp-client:127.0.0.1:1: ", "dongle")
		missing(t, gear.HeadsetSpec{Radio: "nonsense", Python: python(t)}, "radio", "unknown transport scheme", "dongle")
	})
}

func missing(t *testing.T, spec gear.HeadsetSpec, what, reason, advice string) {
	t.Helper()
	_, err := gear.OpenHeadset(t.Context(), "P7", spec)
	var m *gear.MissingError
	if !errors.As(err, &m) || m.What != what || !strings.Contains(m.Reason, reason) || !strings.Contains(m.Advice, advice) {
		t.Errorf("%+v: %v, want %s missing: %s", spec, err, what, reason)
	}
}

// A program that is no headset's is told with what it said last.
func TestBumbleBreaks(t *testing.T) {
	forget(t)
	python3, err := exec.LookPath("python3")
	if err != nil {
		t.Skipf("no Python: %v", err)
	}
	broken := t.TempDir()
	if err := os.WriteFile(filepath.Join(broken, "bumble.py"), []byte("import os, sys; print('out of luck', file=sys.stderr, flush=True); os._exit(3)"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PYTHONPATH", broken)
	_, err = gear.OpenHeadset(t.Context(), "P7", gear.HeadsetSpec{Radio: "usb:0", Python: python3})
	if err == nil || !strings.Contains(err.Error(), "exit status 3") || !strings.Contains(err.Error(), "out of luck") {
		t.Errorf("%v", err)
	}
}
