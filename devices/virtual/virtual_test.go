package virtual_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/ringproof/ringproof/devices/adb"
	"github.com/ringproof/ringproof/devices/virtual"
	sampleapp "github.com/ringproof/ringproof/sample-app"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// phone is a virtual phone as a client of its adb server sees it.
func phone(t *testing.T, o virtual.Options) (*adb.Device, *virtual.Phone) {
	t.Helper()
	o.Serial = "virtual-1"
	f, err := virtual.NewFleet(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return adb.NewServer(f.Addr()).Device("virtual-1"), f.Phones()[0]
}

// install installs the reference app, as a tester would.
func install(t *testing.T, d *adb.Device) {
	t.Helper()
	app := sampleapp.Reference()
	r, err := d.Install(t.Context(), app.Open(), app.Size, adb.InstallOptions{Grant: true})
	if err != nil || !r.Success {
		t.Fatalf("install: %+v, %v", r, err)
	}
}

func run(t *testing.T, d *adb.Device, script string) string {
	t.Helper()
	out, err := d.Run(t.Context(), script)
	if err != nil {
		t.Fatalf("%s: %v", script, err)
	}
	return string(out.Stdout) + string(out.Stderr)
}

// A call from push to hang-up, as a person would type it.
var call = []string{
	"am start -W -n org.ringproof.sample/.MainActivity",
	"input keyevent 3",
	// {"type":"call","callAction":"initiated","sessionId":"s1","sender":"u1"}
	"am broadcast --receiver-foreground -a org.ringproof.devicetest.PUSH -p org.ringproof.sample --es payload_b64 " +
		"eyJ0eXBlIjoiY2FsbCIsImNhbGxBY3Rpb24iOiJpbml0aWF0ZWQiLCJzZXNzaW9uSWQiOiJzMSIsInNlbmRlciI6InUxIn0=",
	"sleep 2", "dumpsys telecom", "dumpsys notification", "dumpsys window", "dumpsys power", "dumpsys activity activities", "dumpsys audio",
	"uiautomator dump --windows /data/local/tmp/x.xml; cat /data/local/tmp/x.xml",
	"input keyevent 79", "sleep 1", "dumpsys telecom", "ls -lR /sdcard /data/local/tmp", "ps -A",
	"input keyevent 79", "sleep 1", "dumpsys telecom", "dumpsys package org.ringproof.sample", "logcat -d -b all", "cat /proc/uptime",
	"run-as org.ringproof.sample cat files/ringproof-trace.jsonl",
}

// Same seed and same commands give the same bytes; another seed does not.
func TestDeterminism(t *testing.T) {
	transcript := func(seed int64) (all []string) {
		d, _ := phone(t, virtual.Options{Seed: seed})
		install(t, d)
		for _, c := range call {
			all = append(all, "$ "+c+"\n"+run(t, d, c))
		}
		return all
	}
	first := transcript(3)
	if diff := cmp.Diff(first, transcript(3)); diff != "" {
		t.Errorf("the same seed differs (-first +second):\n%s", diff)
	}
	if cmp.Equal(first, transcript(4)) {
		t.Error("another seed gives the same bytes: nothing is drawn from it")
	}
	if whole := strings.Join(first, ""); !strings.Contains(whole, "state=RINGING") || !strings.Contains(whole, "state=ACTIVE") {
		t.Error("there was no call in all this")
	}
}

// The stepped clock moves by what commands sleep and cost, not with the wall's.
func TestSteppedClock(t *testing.T) {
	d, p := phone(t, virtual.Options{Seed: 1})
	began := time.Now()
	before := run(t, d, "cat /proc/uptime")
	run(t, d, "sleep 3600")
	after := run(t, d, "cat /proc/uptime")
	if time.Since(began) > time.Minute {
		t.Error("an hour of the phone's time took more than a minute")
	}
	if before != "754.00 5428.80\n" || after != "4354.00 31348.80\n" { // 12m34s at start, idle time of 7.2 cores
		t.Errorf("uptime %q, an hour later %q", before, after)
	}
	if n := p.Commands(); n != 0 {
		t.Errorf("%d commands still run", n)
	}
}

// At real speed a second is a second.
func TestRealTime(t *testing.T) {
	d, _ := phone(t, virtual.Options{Seed: 1, RealTime: true})
	began := time.Now()
	run(t, d, "sleep 0.3")
	if took := time.Since(began); took < 300*time.Millisecond {
		t.Errorf("0.3 s took %s", took)
	}
}

// Shell, sync and the apps see one tree, each with its own rights.
func TestOneTree(t *testing.T) {
	d, _ := phone(t, virtual.Options{Seed: 1})
	install(t, d)
	if err := d.Upload(t.Context(), "/data/local/tmp/a b/x", 0o644, strings.NewReader("uploaded")); err != nil {
		t.Fatal(err)
	}
	if got := run(t, d, "cat '/data/local/tmp/a b/x'"); got != "uploaded" {
		t.Errorf("the shell reads %q", got)
	}
	run(t, d, "echo -n written > /sdcard/y")
	var b bytes.Buffer
	if err := d.Download(t.Context(), "/storage/emulated/0/y", &b); err != nil || b.String() != "written" {
		t.Errorf("downloaded %q, %v", b.String(), err)
	}
	run(t, d, "am start -W -n org.ringproof.sample/.MainActivity")
	if got := run(t, d, "run-as org.ringproof.sample ls files"); got != "ringproof-trace.jsonl\n" {
		t.Errorf("the app's folder holds %q", got)
	}
	if got := run(t, d, "ls /data/data/org.ringproof.sample"); !strings.Contains(got, "Permission denied") {
		t.Errorf("shell reads an app's private folder: %q", got)
	}
	if err := d.Download(t.Context(), "/data/data/org.ringproof.sample/files/ringproof-trace.jsonl", &b); err == nil {
		t.Error("sync reads an app's private folder")
	}
}

// A phone that only answered questions is as it was.
func TestFingerprint(t *testing.T) {
	d, p := phone(t, virtual.Options{Seed: 1})
	install(t, d)
	before := p.Fingerprint()
	for _, question := range []string{"getprop", "dumpsys telecom", "settings list secure", "pm list packages", "locksettings get-disabled"} {
		run(t, d, question)
	}
	if after := p.Fingerprint(); after != before {
		t.Errorf("questions changed the phone (-before +after):\n%s", cmp.Diff(before, after))
	}
	for _, change := range []string{
		"settings put global x 1", "am start -W -n org.ringproof.sample/.MainActivity", "am force-stop org.ringproof.sample",
		"locksettings set-pin 1234",
		"pm revoke org.ringproof.sample android.permission.CAMERA", "cmd appops set org.ringproof.sample USE_FULL_SCREEN_INTENT deny",
	} {
		before = p.Fingerprint()
		run(t, d, change)
		if p.Fingerprint() == before {
			t.Errorf("%s does not show", change)
		}
	}
}

func TestOptions(t *testing.T) {
	if f, err := virtual.NewFleet(t.Context(), virtual.Options{Serial: "a"}, virtual.Options{Serial: "a"}); err == nil {
		_ = f.Close()
		t.Error("two phones have one serial")
	}
	p, err := virtual.New(virtual.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	}()
	if addr, err := p.Listen(t.Context(), "0.0.0.0:0"); err == nil {
		t.Errorf("a virtual phone listens for the whole network at %s", addr)
	}
}
