package adbd_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ringproof/ringproof/devices/adb/adbtest"
	"github.com/ringproof/ringproof/devices/virtual"
	"github.com/ringproof/ringproof/devices/virtual/adbd"
	sampleapp "github.com/ringproof/ringproof/sample-app"
)

func (r *rig) again() string {
	r.t.Helper()
	r.plain("disconnect", r.serial)
	return strings.TrimSpace(r.plain("connect", r.serial).stdout)
}

func (r *rig) state() string {
	r.t.Helper()
	for row := range strings.Lines(r.plain("devices").stdout) {
		if state, ok := strings.CutPrefix(row, r.serial+"\t"); ok {
			return strings.TrimSpace(state)
		}
	}
	return "not listed"
}

// until runs adb devices until the phone is in that state.
func (r *rig) until(state string) {
	r.t.Helper()
	deadline := time.Now().Add(patience)
	for got := ""; got != state; got = r.state() {
		if time.Now().After(deadline) {
			r.t.Fatalf("the phone is %s, want %s", got, state)
		}
	}
}

// The keys are the real server's. "Allow" lets it in, "always" makes its
// signature enough the next time, and revoking ends that.
func TestStockServerAsksForTrust(t *testing.T) {
	r := newRig(t, virtual.Options{Seed: 1})
	r.phone.SetFaults(adbd.Faults{Auth: adbd.AuthAsk})
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	asked := func() {
		t.Helper()
		if got, want := r.again(), "failed to authenticate to "+r.serial; got != want {
			t.Errorf("adb connect said %q, want %q", got, want)
		}
		if err := r.phone.Keys().Await(ctx); err != nil {
			t.Fatal(err)
		}
		if got := r.state(); got != "unauthorized" {
			t.Errorf("the phone is %s, want unauthorized", got)
		}
		if who := r.phone.Keys().Asking(); len(who) != 1 || !strings.Contains(who[0], "@") {
			t.Errorf("the dialog is for %q", who)
		}
	}
	asked()
	if got := r.adb("shell", "echo"); got.exit != 1 || !strings.HasPrefix(got.stderr, "error: device unauthorized.\n") {
		t.Errorf("shell of an unauthorized phone: %+v", got)
	}
	r.phone.Keys().Allow(false)
	r.want("in\n", "wait-for-device", "shell", "echo in")

	asked() // it was for once
	r.phone.Keys().Deny()
	if got := r.state(); got != "unauthorized" {
		t.Errorf("after Deny the phone is %s", got)
	}
	asked()
	r.phone.Keys().Allow(true)
	r.until("device")
	if got := r.again(); got != "connected to "+r.serial {
		t.Errorf("a known host: adb connect said %q", got)
	}
	r.want("in\n", "shell", "echo in")
	// Another host has another key.
	second := &rig{t: t, server: adbtest.Start(t), phone: r.phone, serial: r.serial, dir: r.dir}
	second.proxy = newProxy(t, second.server.Addr, r.serial)
	if got := second.again(); got != "failed to authenticate to "+r.serial {
		t.Errorf("another host: adb connect said %q", got)
	}
	r.want("still in\n", "shell", "echo still in")
	second.plain("disconnect", r.serial)
	r.phone.Keys().Forget()
	asked()
}

// A phone of Android 5: no features, no exit status, checksums and messages of
// 4 KiB in both directions, apps by push and pm.
func TestStockClientOnALegacyPhone(t *testing.T) {
	r := newRig(t, virtual.Options{Seed: 1, Faults: adbd.Faults{Legacy: true}})
	if got := r.adb("features").stdout; strings.TrimSpace(got) != "" {
		t.Errorf("features %q", got)
	}
	r.want("a\nb\n", "shell", "echo a; echo b >&2; exit 3")
	r.want("raw\n", "exec-out", "echo raw")
	if got := r.adb("shell", "-T", "echo"); got.exit == 0 {
		t.Errorf("shell -T: %+v", got)
	}
	data := noise(3, 3_000_001)
	r.write("data", data)
	r.must("push", "data", "/sdcard/Download/data")
	r.must("pull", "/sdcard/Download/data", "back")
	r.local("back", sum(data))
	// 29 has no exit status to tell a shell's failure by.
	r.must("push", "data", "/sdcard/Download/new/sub/data")
	r.want(sum(data)+"  /sdcard/Download/new/sub/data\n", "shell", "md5sum /sdcard/Download/new/sub/data")
	app := sampleapp.Reference()
	r.write("app.apk", app.Bytes())
	r.proxy.take()
	if got := r.adb("install", "app.apk"); !strings.Contains(got.stdout, "Success") || got.exit != 0 {
		t.Errorf("install: %+v", got)
	}
	asked := r.proxy.take()
	if !slices.Contains(asked, "sync:") || !slices.Contains(asked, "shell:pm 'install' '/data/local/tmp/app.apk'") {
		t.Errorf("install asked for %q", asked)
	}
	if got := r.adb("uninstall", "org.ringproof.sample"); !strings.Contains(got.stdout, "Success") {
		t.Errorf("uninstall: %+v", got)
	}
	// After it a modern phone on the same server is modern.
	r.phone.SetFaults(adbd.Faults{})
	r.again()
	if got := r.adb("shell", "exit 3"); got.exit != 3 {
		t.Errorf("a modern phone again: %+v", got)
	}
	r.phone.SetFaults(adbd.Faults{Legacy: true})
	r.again()
	r.want("legacy again\n", "shell", "echo legacy again; exit 3")
}

// starts runs a command that does not end by itself, for a while, and returns
// what it says.
func (r *rig) starts(args ...string) string {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), 500*time.Millisecond)
	defer cancel()
	out, err := r.command(ctx, append([]string{"-s", r.serial}, args...)...).CombinedOutput()
	if ctx.Err() == nil {
		r.t.Errorf("adb %q ended by itself: %q, %v", args, out, err)
	}
	return string(out)
}

// Every fault that has a name, as the stock client meets it.
func TestFaultsByName(t *testing.T) {
	r := newRig(t, virtual.Options{Seed: 1})
	r.write("app.apk", sampleapp.Reference().Bytes())
	broken := func(faults ...string) string {
		t.Helper()
		f, err := adbd.ParseFaults(faults...)
		if err != nil {
			t.Fatal(err)
		}
		r.phone.SetFaults(f)
		return r.again()
	}
	connected := "connected to " + r.serial
	if got := broken("refuse-auth"); got != "failed to authenticate to "+r.serial || r.state() != "unauthorized" {
		t.Errorf("refuse-auth: %q, %s", got, r.state())
	}
	if got := broken("state=recovery"); got != connected || r.state() != "recovery" {
		t.Errorf("state=recovery: %q, %s", got, r.state())
	}
	if got := broken("drop-exit"); got != connected {
		t.Errorf("drop-exit: %q", got)
	}
	r.want("hi\n", "shell", "echo hi; exit 3") // 29 takes it for a success
	if got := broken("refuse=sync:"); got != connected {
		t.Errorf("refuse: %q", got)
	}
	if got := r.adb("ls", "/"); got.exit != 1 || !strings.Contains(got.stdout, "closed") {
		t.Errorf("refuse=sync: gave %+v", got)
	}
	r.want("hi\n", "shell", "echo hi")

	// Cut in the middle of a stream.
	if got := broken("legacy", "cut=100000"); got != connected { // in small messages
		t.Errorf("cut: %q", got)
	}
	got := r.adb("exec-out", "dd if=/dev/zero bs=1000000 count=1 2>/dev/null")
	if n := len(got.stdout); n == 0 || n >= 100_000 {
		t.Errorf("cut=100000: %d bytes came, exit %d, %q", n, got.exit, got.stderr)
	}
	// A hello with a wrong magic number is none. adb 29 passes over later
	// messages, so that its commands stand still.
	broken("wrong-magic=2")
	if got := r.starts("shell", "echo hi"); got != "" {
		t.Errorf("wrong-magic: %q", got)
	}

	// A link of 100 kB/s takes its time, and is a link.
	broken("slow=100000")
	began := time.Now()
	if got := r.adb("exec-out", "dd if=/dev/zero bs=50000 count=1 2>/dev/null"); len(got.stdout) != 50_000 {
		t.Errorf("slow: %d bytes", len(got.stdout))
	}
	if took := time.Since(began); took < 400*time.Millisecond {
		t.Errorf("slow: 50 kB took %v at 100 kB/s", took)
	}

	// An install that stands still ends with its client, not before.
	broken("stall-install=1000")
	if got := r.starts("install", "app.apk"); strings.Contains(got, "Success") {
		t.Errorf("stall-install: %q", got)
	}
	broken()
	r.want("", "shell", "pm path org.ringproof.sample || true")
	if got := r.adb("install", "app.apk"); got.exit != 0 {
		t.Errorf("install on a phone in good health: %+v", got)
	}
}

// A phone that reboots by itself comes back, again and again.
func TestRebootFault(t *testing.T) {
	r := newRig(t, virtual.Options{Seed: 1, Faults: adbd.Faults{RebootEvery: 200 * time.Millisecond}})
	deadline := time.Now().Add(patience)
	for r.phone.Boots() < 3 {
		if time.Now().After(deadline) {
			t.Fatalf("%d reboots", r.phone.Boots())
		}
		r.state()
	}
	r.phone.SetFaults(adbd.Faults{})
	for boots := -1; boots != r.phone.Boots(); { // one may be under way
		boots = r.phone.Boots()
		for r.again() != "connected to "+r.serial {
			if time.Now().After(deadline) {
				t.Fatal("the phone does not come back")
			}
		}
	}
	r.want("well\n", "shell", "echo well")
}

func TestStockClientReboots(t *testing.T) {
	r := newRig(t, virtual.Options{Seed: 1})
	r.write("app.apk", sampleapp.Reference().Bytes())
	r.must("install", "app.apk")
	r.want("", "shell", "am start -W -n org.ringproof.sample/.MainActivity > /dev/null")
	if got := r.must("shell", "ps -A"); !strings.Contains(got, "org.ringproof.sample") {
		t.Fatalf("the app does not run:\n%s", got)
	}
	pid := r.must("shell", "pidof org.ringproof.sample")
	r.must("root")
	before := r.must("shell", "cat /proc/uptime")
	r.want("", "reboot", "recovery")
	r.until("recovery")
	r.want("", "reboot")
	r.until("device")
	r.want("shell\n", "shell", "id -un") // adbd is what it was before root
	if n := r.phone.Boots(); n != 2 {
		t.Errorf("%d reboots, want 2", n)
	}
	if got := r.must("shell", "pm path org.ringproof.sample"); !strings.HasPrefix(got, "package:") {
		t.Errorf("what is installed does not outlive a reboot: %q", got)
	}
	if after := r.must("shell", "cat /proc/uptime"); after == before {
		t.Error("no time has passed")
	}
	r.want("9\n", "shell", "settings get global boot_count")                    // 7 as it comes
	if got := r.adb("shell", "pidof org.ringproof.sample"); got.stdout == pid { // it may start at boot
		t.Errorf("an app outlives a reboot: %+v", got)
	}
	if got := r.adb("shell", "reboot"); got.exit != 0 && got.stderr != "" && !strings.Contains(got.stderr, "closed") {
		t.Errorf("shell reboot: %+v", got)
	}
	for deadline := time.Now().Add(patience); r.again() != "connected to "+r.serial; {
		if time.Now().After(deadline) {
			t.Fatal("the phone does not come back")
		}
	}
	r.must("shell", "true")
	if n := r.phone.Boots(); n != 3 {
		t.Errorf("%d reboots, want 3", n)
	}
	// There is no adbd in the bootloader.
	r.want("", "reboot", "bootloader")
	if got := r.state(); got == "device" {
		t.Errorf("a phone in its bootloader is %s", got)
	}
}

// An adb server that is told of the ports lists an emulator; nothing of it is on
// the ports that servers scan. A server that looks for emulators dials again by
// itself; the private one of this test does not.
func TestEmulatorRoute(t *testing.T) {
	r := newRig(t, virtual.Options{Seed: 1})
	serial, console, port, err := r.phone.ListenEmulator(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if console < 5586 || console%2 != 0 || port != console+1 || serial != fmt.Sprintf("emulator-%d", console) {
		t.Fatalf("%s with ports %d and %d", serial, console, port)
	}
	other, _ := newPhone(t, virtual.Options{Seed: 2})
	if second, _, _, err := other.ListenEmulator(t.Context()); err != nil || second == serial {
		t.Errorf("a second emulator is %s, %v", second, err)
	}
	dial := func() string { return r.plain("connect", fmt.Sprintf("emu:%d,%d", console, port)).stdout }
	connected := fmt.Sprintf("Connected to emulator on ports %d,%d\n", console, port)
	if got := dial(); got != connected {
		t.Errorf("adb connect said %q, want %q", got, connected)
	}
	r.serial = serial
	r.want("hi\n", "wait-for-device", "shell", "echo hi")
	r.want("", "reboot")
	r.until("not listed")
	for deadline := time.Now().Add(patience); dial() != connected; {
		if time.Now().After(deadline) {
			t.Fatal("the emulator does not come back")
		}
	}
	r.want("back\n", "wait-for-device", "shell", "echo back")
	if got := r.adb("emu", "avd", "name"); got.exit != 0 { // 29 does not print the answer
		t.Errorf("adb emu avd name: %+v", got)
	}
	conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", console))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, _ = io.WriteString(conn, "auth token\navd name\nbogus\nquit\n")
	said, err := io.ReadAll(conn)
	want := "Android Console: type 'help' for a list of commands\r\nOK\r\nOK\r\n" + r.phone.Serial() + "\r\nOK\r\nKO: unknown command, try 'help'\r\n"
	if string(said) != want || err != nil {
		t.Errorf("the console said %q, %v; want %q", said, err, want)
	}
}

// Two servers, one of which dies and is replaced, do not disturb each other;
// each has its own reverse connections.
func TestTwoServersOnOnePhone(t *testing.T) {
	r := newRig(t, virtual.Options{Seed: 1})
	for round := range 2 {
		second := &rig{t: t, server: adbtest.Start(t), phone: r.phone, serial: r.serial, dir: r.dir}
		second.proxy = newProxy(t, second.server.Addr, r.serial)
		if got := second.again(); got != "connected to "+r.serial {
			t.Fatalf("second server, round %d: %s", round, got)
		}
		second.want("", "reverse", "tcp:7000", "tcp:1")
		var wg sync.WaitGroup
		for _, one := range []*rig{r, second} {
			for i := range 5 {
				wg.Go(func() { one.want(fmt.Sprintf("%d\n", i), "shell", fmt.Sprintf("echo %d", i)) })
			}
		}
		wg.Wait()
		if err := second.server.Kill(); err != nil {
			t.Fatal(err)
		}
		for deadline := time.Now().Add(patience); r.must("reverse", "--list") != "\n"; {
			if time.Now().After(deadline) {
				t.Fatal("a dead server's reverse connections stay")
			}
		}
	}
}

// 64 phones in one process, one server: connected in about a second, under
// 4 MiB each.
func TestSixtyFourPhones(t *testing.T) {
	const phones = 64
	heap := func() int64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc + m.StackInuse)
	}
	before := heap()
	began := time.Now()
	serials := make([]string, phones)
	list := make([]*virtual.Phone, phones)
	for i := range phones {
		list[i], serials[i] = newPhone(t, virtual.Options{Seed: int64(i), Serial: fmt.Sprintf("virtual-%d", i)})
	}
	made := time.Since(began)
	connected := connectAll(t, serials)
	each := (heap() - before) / phones
	t.Logf("%d phones made in %v, connected in %v, %d KiB each", phones, made, connected, each>>10)
	if each > 4<<20 {
		t.Errorf("an idle phone holds %d KiB, want less than 4096", each>>10)
	}
	if limit := time.Minute; connected > limit { // far below one on an idle machine
		t.Errorf("connecting took %v", connected)
	}
	runtime.KeepAlive(list)
}

// connectAll connects phones to a fresh server, one after the other, and says
// how long that took. Debian's server (29.0.6) dies of a segmentation fault now
// and then while many phones come to it, in some of a hundred runs when eight
// connect at a time; then another server gets a chance. Whatever a living
// server says, and any other death, counts against the phones.
func connectAll(t *testing.T, serials []string) time.Duration {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	const servers = 3
	for try := 1; ; try++ {
		server := adbtest.Start(t)
		began := time.Now()
		wrong := func() string {
			for _, serial := range serials {
				if got, err := server.Ask(ctx, "host:connect:"+serial); !strings.HasSuffix(got, "connected to "+serial) {
					return fmt.Sprintf("connect %s: %q, %v", serial, got, err)
				}
			}
			return ""
		}()
		took := time.Since(began)
		if wrong == "" {
			got, err := server.Ask(ctx, "host:devices")
			if n := strings.Count(got, "\tdevice\n"); n != len(serials) {
				wrong = fmt.Sprintf("%d phones are listed, want %d; %v", n, len(serials), err)
			}
		}
		if wrong != "" { // a dying server's sockets close before it is known to be dead
			select {
			case <-server.Gone():
			case <-time.After(20 * time.Second):
			}
		}
		var crash *adbtest.Crash
		switch died := server.Died(); {
		case errors.As(died, &crash) && crash.Signal && try < servers:
			t.Logf("again with another server: %v", died)
			continue
		case wrong != "" || died != nil:
			t.Fatalf("server %d of %d: %s; %v", try, servers, wrong, died)
		}
		return took
	}
}

func TestNothingOfTheMachineIsUsed(t *testing.T) {
	// The private servers have homes of their own.
	home, err := os.UserHomeDir()
	if err != nil {
		t.Skip(err)
	}
	if _, err := os.Stat(filepath.Join(home, ".android")); err == nil {
		t.Skip("the user of this machine has adb keys of their own")
	}
	r := newRig(t, virtual.Options{Seed: 1})
	r.want("", "shell", "true")
	if _, err := os.Stat(filepath.Join(home, ".android")); err == nil {
		t.Error("keys were made in the user's home")
	}
}
