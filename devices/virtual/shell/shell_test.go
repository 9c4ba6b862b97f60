package shell

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/ringproof/ringproof/devices/virtual/adbd"
	"github.com/ringproof/ringproof/devices/virtual/android"
	"github.com/ringproof/ringproof/devices/virtual/fs"
	"github.com/ringproof/ringproof/devices/virtual/installer"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// app is a package with one activity and one receiver that answers.
const app = "org.example.app"

type model struct{}

func (model) OnCreate(*android.Context) error { return nil }
func (model) OnReceive(c *android.Context, _ android.Component, i *android.Intent, r *android.PendingResult) error {
	c.Log(android.Info, "Example", "got "+i.Extras.Text("k"))
	r.SetCode(-1)
	r.SetData(`{"pid":1}`)
	return nil
}

type phone struct {
	sys *android.System
	sh  *Shell
}

func newPhone(t *testing.T, change ...func(*android.Options)) *phone {
	t.Helper()
	o := android.Options{Seed: 7, Packages: []android.PackageSpec{{
		Name: app, UID: 10150, Label: "Example", VersionCode: 3, VersionName: "1.2", Debuggable: true,
		Permissions: []string{"android.permission.POST_NOTIFICATIONS", "android.permission.INTERNET"},
		NewApp:      func() android.App { return model{} },
		Components: []android.ComponentSpec{
			{Kind: android.KindActivity, Class: ".MainActivity", Exported: true, Filters: []android.Filter{{Actions: []string{android.ActionMain}, Categories: []string{android.CategoryLauncher}}}},
			{Kind: android.KindReceiver, Class: ".Receiver", Exported: true, Permission: "android.permission.DUMP", Filters: []android.Filter{{Actions: []string{"org.example.PUSH"}}}},
		},
	}}}
	for _, c := range change {
		c(&o)
	}
	sys := android.New(o)
	t.Cleanup(sys.Close)
	tree := fs.NewAndroid(func() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) })
	if err := tree.MkdirAll("/data/data/"+app+"/files", 0o700); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"", "/files"} {
		if err := tree.Chown("/data/data/"+app+dir, 10150, 10150); err != nil {
			t.Fatal(err)
		}
	}
	sh, err := New(sys, tree, installer.New(sys, tree, nil))
	if err != nil {
		t.Fatal(err)
	}
	return &phone{sys: sys, sh: sh}
}

type result struct {
	out, err string
	code     int
}

func (p *phone) run(t *testing.T, line string) result {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	var out, errs bytes.Buffer
	code := p.sh.Run(ctx, adbd.Command{Line: line, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs})
	if ctx.Err() != nil {
		t.Fatalf("%s: still running", line)
	}
	return result{out.String(), errs.String(), code}
}

// Texts, streams and exit statuses as Android 14 has them.
func TestCommands(t *testing.T) {
	for _, c := range []struct {
		line     string
		out, err string // prefix with ~ to look for a part only
		code     int
	}{
		{line: "id -u; whoami", out: "2000\nshell\n"},
		{line: "su 0 id -u", out: "0\n"},
		{line: "su root id -un", out: "root\n"},
		{line: "su -c id", err: "su: invalid uid/gid '-c'\n", code: 1},
		{line: "run-as " + app + " pwd", out: "/data/user/0/" + app + "\n"},
		{line: "run-as " + app + " sh -c 'echo hi >files/x; cat files/x; id -u'", out: "hi\n10150\n"},
		{line: "run-as org.nope id", err: "run-as: unknown package: org.nope\n", code: 1},
		{line: "cat /data/data/" + app + "/files/x", err: "cat: /data/data/" + app + "/files/x: Permission denied\n", code: 1},
		{line: "getprop ro.build.version.sdk; getprop ro.nope", out: "34\n\n"},
		{line: "setprop debug.x 5; getprop debug.x", out: "5\n"},
		{line: "setprop sys.x 5", err: "Failed to set property 'sys.x' to '5'.\nSee dmesg for error reason.\n", code: 1},
		{line: "settings get global zen_mode; settings get secure nope", out: "0\nnull\n"},
		{line: "settings put global x 'a b'; settings get global x; settings delete global x; settings delete global x", out: "a b\nDeleted 1 rows\nDeleted 0 rows\n"},
		{line: "settings get nope x", err: "Error: Invalid namespace 'nope'\n", code: 255},
		{line: "wm size; wm density", out: "Physical size: 1080x2400\nPhysical density: 420\n"},
		{line: "pm path org.nope", code: 1},
		{line: "pm list packages " + app, out: "package:" + app + "\n"},
		{line: "pm list packages -U -3", out: "~package:" + app + " uid:10150\n"},
		{line: "pm grant org.nope android.permission.CAMERA", err: "~java.lang.IllegalArgumentException: Unknown package: org.nope\n", code: 255},
		{line: "pm grant " + app + " android.permission.CAMERA", err: "~java.lang.SecurityException: Package " + app + " has not requested permission android.permission.CAMERA\n", code: 255},
		{line: "cmd package resolve-activity --brief -c android.intent.category.LAUNCHER " + app, out: "priority=0 preferredOrder=0 match=0x108000 specificIndex=-1 isDefault=true\n" + app + "/.MainActivity\n"},
		{line: "cmd package install -S 3", out: "~Failure [INSTALL_PARSE_FAILED_NOT_APK:", code: 1},
		{line: "pm nope", out: "Unknown command: nope\n", code: 255},
		{line: "cmd nope", err: "cmd: Can't find service: nope\n", code: 20},
		{line: "cmd telecom get-default-dialer", err: "No shell command implementation.\n", code: 255},
		{line: "dumpsys nope", err: "Can't find service: nope\n"},
		{line: "dumpsys package org.nope", out: "Unable to find package: org.nope\n"},
		{line: "dumpsys activity nope", out: "Unknown command: nope\nBad activity command, or no activities match: nope\nUse -h for help.\n"},
		{line: "cmd appops get " + app + " USE_FULL_SCREEN_INTENT", out: "No operations.\nDefault mode: default\n"},
		{line: "cmd appops get org.nope", err: "Error: No UID for org.nope in user 0\n", code: 1},
		{line: "appops get " + app + " NOPE", err: "Error: Unknown operation string: NOPE\n", code: 255},
		{line: "appops set " + app + " USE_FULL_SCREEN_INTENT deny; appops get " + app + " USE_FULL_SCREEN_INTENT", out: "USE_FULL_SCREEN_INTENT: deny\n"},
		{line: "input keyevent KEYCODE_NOPE", err: "~java.lang.IllegalArgumentException: Unknown keycode: KEYCODE_NOPE\n", code: 255},
		{line: "input tap 5", err: "~Error: Invalid arguments for command: tap\n", code: 255},
		{line: "input keyevent KEYCODE_HOME 4", out: ""},
		{line: "am force-stop org.nope", out: ""},
		{line: "am get-uid-state 10150", out: "20 (NONEXISTENT)\n"},
		{line: "am get-current-user", out: "0\n"},
		{line: "am set-standby-bucket " + app + " rare; am get-standby-bucket " + app, out: "40\n"},
		{line: "pidof " + app, code: 1},
		{line: "cmd deviceidle whitelist +org.nope", out: "Unknown package: org.nope\n"},
		{line: "cmd deviceidle whitelist +" + app + "; cmd deviceidle whitelist =" + app, out: "Added: " + app + "\ntrue\n"},
		{line: "cmd deviceidle tempwhitelist -d", out: "-d requires a duration\n", code: 255},
		{line: "cmd deviceidle tempwhitelist -u 0 -d 10000 " + app, out: ""},
		{line: "cmd media_session dispatch nope", err: "Error: unknown dispatch code 'nope'\n", code: 255},
		{line: "telecom set-phone-account-enabled a/.B id 0", out: "Error - is ComponentInfo{a/a.B}, ***, UserHandle{0} a valid PhoneAccount?\n"},
		{line: "locksettings set-pin 1234; locksettings get-disabled", out: "Pin set to '1234'\n",
			err: "~IllegalArgumentException: Credential can't be null or empty\n", code: 255},
		{line: "screenrecord /sdcard/x.mp4", err: "Unable to get display info\n", code: 1},
		{line: "head -c 1 /proc/uptime | wc -c", out: "1\n"},
		{line: "date +%s", out: "1772442000\n"},
		{line: "which am su", out: "/system/bin/am\n/system/xbin/su\n"},
		{line: `export ANDROID_LOG_TAGS="''"; exec logcat '-d' '-s' 'Nope'`, out: ""},
		{line: "log -t Mine hello; logcat -d -v raw --uid 2000; logcat -d -v raw --uid 10150,1", out: "--------- beginning of main\nhello\n"},
		{line: "log -p w -t Mine hello; logcat -d -v brief -s Mine:W | grep -o 'W/Mine.*: hello' | sed 's/([ 0-9]*)//'", out: "W/Mine    : hello\n"},
	} {
		t.Run(c.line, func(t *testing.T) {
			got := newPhone(t).run(t, c.line)
			check(t, "stdout", c.out, got.out)
			check(t, "stderr", c.err, got.err)
			if got.code != c.code {
				t.Errorf("exit %d, want %d", got.code, c.code)
			}
		})
	}
}

func check(t *testing.T, name, want, got string) {
	t.Helper()
	if part, ok := strings.CutPrefix(want, "~"); ok {
		if !strings.Contains(got, part) {
			t.Errorf("%s: got %q, want a part %q", name, got, part)
		}
		return
	}
	if got != want {
		t.Errorf("%s: got %q, want %q", name, got, want)
	}
}

func TestStartAndBroadcast(t *testing.T) {
	p := newPhone(t)
	got := p.run(t, "am start -W -n "+app+"/.MainActivity")
	for _, want := range []string{
		"Starting: Intent { cmp=" + app + "/.MainActivity }\n", "Status: ok\nLaunchState: COLD\nActivity: " + app + "/.MainActivity\nTotalTime: ", "Complete\n",
	} {
		if !strings.Contains(got.out, want) {
			t.Errorf("am start -W: %q lacks %q", got.out, want)
		}
	}
	if got = p.run(t, "pidof "+app); got.code != 0 {
		t.Error("no process after the start")
	}
	got = p.run(t, "am start -n "+app+"/.Nope")
	if got.code != 1 || !strings.Contains(got.err, "Error type 3\nError: Activity class {"+app+"/"+app+".Nope} does not exist.\n") {
		t.Errorf("a missing activity: %+v", got)
	}
	got = p.run(t, "am broadcast -a org.example.PUSH -p "+app+" --receiver-foreground --es k 'v w'")
	want := "Broadcasting: Intent { act=org.example.PUSH flg=0x10400000 pkg=" + app + " (has extras) }\nBroadcast completed: result=-1, data=\"{\"pid\":1}\"\n"
	if got.out != want || got.code != 0 {
		t.Errorf("am broadcast: %+v, want %q", got, want)
	}
	if got = p.run(t, "logcat -d -v raw -s Example"); !strings.HasSuffix(got.out, "got v w\n") {
		t.Errorf("the receiver's line: %q", got.out)
	}
	// Force-stopped, the same broadcast reaches nobody; its exit status is 0 still.
	got = p.run(t, "am force-stop "+app+"; am broadcast -a org.example.PUSH -p "+app+" --es k v")
	if !strings.HasSuffix(got.out, "Broadcast completed: result=0\n") || got.code != 0 {
		t.Errorf("to a stopped app: %+v", got)
	}
}

// Commands take phone time, not real time, and the same time for the same seed.
func TestCommandsTakePhoneTime(t *testing.T) {
	times := func() string {
		return newPhone(t).run(t, "cat /proc/uptime; am get-current-user >/dev/null; cat /proc/uptime; sleep 3600.5; cat /proc/uptime").out
	}
	a, b := times(), times()
	if a != b {
		t.Errorf("same seed, other times:\n%s%s", a, b)
	}
	rows := strings.Split(strings.TrimSpace(a), "\n")
	if len(rows) != 3 || !strings.HasPrefix(rows[0], "754.00 ") || rows[0] == rows[1] || !strings.HasPrefix(rows[2], "4354.") {
		t.Errorf("uptimes: %q", rows)
	}
}

// logcat -B is struct logger_entry of liblog: clients such as adbkit ask for it.
func TestLogBinary(t *testing.T) {
	got := newPhone(t).run(t, "log -p w -t Mine hello; logcat -d -B -s Mine:W")
	b := []byte(got.out)
	if len(b) != 28+1+5+6 {
		t.Fatalf("%d bytes: %q", len(b), b)
	}
	for _, c := range []struct {
		what string
		at   int
		want []byte
	}{
		{"length of the payload, size of the header", 0, []byte{12, 0, 28, 0}},
		{"2 March 2026 9:00 UTC, in seconds", 12, []byte{0x90, 0x51, 0xa5, 0x69}},
		{"main", 20, []byte{0, 0, 0, 0}},
		{"the shell's uid", 24, []byte{0xd0, 7, 0, 0}},
		{"payload", 28, []byte("\x05Mine\x00hello\x00")},
	} {
		if !bytes.HasPrefix(b[c.at:], c.want) {
			t.Errorf("%s: % x, want % x", c.what, b[c.at:], c.want)
		}
	}
}

// A followed log shows lines as they come, and ends with its host.
func TestLogFollow(t *testing.T) {
	p := newPhone(t)
	ctx, cancel := context.WithCancel(t.Context())
	lines := make(chan string, 16)
	done := make(chan int, 1)
	go func() {
		done <- p.sh.Run(ctx, adbd.Command{Line: "logcat -T 1 -v raw -s Mine", Stdin: strings.NewReader(""), Stdout: lineWriter(lines), Stderr: &bytes.Buffer{}})
	}()
	// The clock runs on for others while the log is idle.
	for i := range 3 {
		p.run(t, "sleep 1; log -t Mine line"+string(rune('0'+i)))
	}
	p.run(t, "log -t Mine last")
	deadline := time.After(time.Minute)
	for seen := ""; !strings.Contains(seen, "last\n"); {
		select {
		case l := <-lines:
			seen += l
		case <-deadline:
			t.Fatalf("the log did not show the last line, only %q", seen)
		}
	}
	cancel()
	if code := <-done; code != 129 {
		t.Errorf("exit %d after the host has gone", code)
	}
}

type lineWriter chan string

func (w lineWriter) Write(b []byte) (int, error) { w <- string(b); return len(b), nil }

// A user build has no su.
func TestUserBuild(t *testing.T) {
	p := newPhone(t, func(o *android.Options) { o.UserBuild = true })
	if got := p.run(t, "su 0 id"); got.code != 127 || got.err != "/system/bin/sh: su: inaccessible or not found\n" {
		t.Errorf("su on a user build: %+v", got)
	}
}

func TestInteractive(t *testing.T) {
	p := newPhone(t)
	var out bytes.Buffer
	code := p.sh.Run(t.Context(), adbd.Command{PTY: true, Stdin: strings.NewReader("cd /data\npwd\nfor i in 1 2\ndo echo $i\ndone\nexit 3\n"), Stdout: &out, Stderr: &out})
	want := "virtual:/ $ virtual:/data $ /data\nvirtual:/data $ 1\n2\nvirtual:/data $ "
	if code != 3 || out.String() != want {
		t.Errorf("exit %d, %q, want %q", code, out.String(), want)
	}
}

// abb hands a service command over without a shell.
func TestArgv(t *testing.T) {
	p := newPhone(t)
	var out, errs bytes.Buffer
	code := p.sh.Run(t.Context(), adbd.Command{Argv: []string{"package", "path", app}, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs})
	if code != 0 || !strings.HasPrefix(out.String(), "package:/data/app/") {
		t.Errorf("exit %d, %q, %q", code, out.String(), errs.String())
	}
}
