package appops

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/ringproof/ringproof/harness/dumpsys/text"
	"github.com/ringproof/ringproof/harness/internal/captures"
)

// Composed from AppOpsService of API 34, with one of Xiaomi's own operations.
const get34 = `Uid mode: POST_NOTIFICATION: ignore
READ_CONTACTS: ignore
POST_NOTIFICATION: allow
USE_FULL_SCREEN_INTENT: default; rejectTime=+5s12ms ago
RECORD_AUDIO: allow; time=+3d2h1m0s0ms ago; rejectTime=+1h0m0s0ms ago (running)
START_FOREGROUND: foreground; time=+7ms ago; duration=+2s0ms
MIUIOP(10020): allow
`

func describe(o Op) string {
	return fmt.Sprintf("%d %s %s %q %v %v %v", o.Line, o.Name, o.Mode, o.Scope, o.Access, o.Reject, o.Running)
}

func TestParse(t *testing.T) {
	f, err := Parse([]byte(get34))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		`1 POST_NOTIFICATION ignore "uid" unknown unknown false`,
		// The uid's or the package's: nothing in the text tells.
		`2 READ_CONTACTS ignore "" unknown unknown false`,
		`3 POST_NOTIFICATION allow "package" unknown unknown false`,
		`4 USE_FULL_SCREEN_INTENT default "package" unknown 5.012s false`,
		`5 RECORD_AUDIO allow "package" 74h1m0s 1h0m0s true`,
		`6 START_FOREGROUND foreground "package" 7ms unknown false`,
		`7 MIUIOP(10020) allow "package" unknown unknown false`,
	}
	ops := f.Ops.Or(nil)
	if len(ops) != len(want) {
		t.Fatalf("%d operations, want %d: %+v", len(ops), len(want), ops)
	}
	for i, w := range want {
		if got := describe(ops[i]); got != w {
			t.Errorf("operation %d = %s\nwant          %s", i, got, w)
		}
	}
	if m := f.Mode("POST_NOTIFICATION"); m.String() != "ignore" || m.Line() != 1 {
		t.Errorf("the uid's mode does not win: %v", m)
	}
	if m := f.Mode("CAMERA"); m.Known() {
		t.Errorf("a mode that nobody printed: %v", m)
	}
}

// All composed, from AppOpsService of the release.
func TestForms(t *testing.T) {
	for _, c := range []struct{ name, in, op, mode, scope string }{
		{"API 26", "RUN_IN_BACKGROUND: ignore; time=+1m0s0ms ago\n", "RUN_IN_BACKGROUND", "ignore", "package"},
		{"API 26, a number", "VIBRATE: mode=4\n", "VIBRATE", "foreground", "package"},
		{"API 26, a number that no release has", "VIBRATE: mode=9\n", "VIBRATE", "9", "package"},
		{"API 28, never set", "No operations.\nDefault mode: deny\n", "SYSTEM_ALERT_WINDOW", "deny", ""},
		{"API 27, never set", "No operations.\n", "SYSTEM_ALERT_WINDOW", "unknown", ""},
		{"API 29, uid", "Uid mode: COARSE_LOCATION: foreground\r\n", "COARSE_LOCATION", "foreground", "uid"},
		{"a mode to come", "CAMERA: ask\n", "CAMERA", "ask", "package"},
		{"behind a linker's warning", "WARNING: linker: libx.so: unused DT entry\nCAMERA: allow\n", "CAMERA", "allow", "package"},
	} {
		f, err := Parse([]byte(c.in))
		scope := ""
		for _, o := range f.Ops.Or(nil) {
			scope = o.Scope.String()
		}
		if err != nil || !f.Ops.Known() || f.Mode(c.op).String() != c.mode || scope != c.scope {
			t.Errorf("%s: %v of scope %q, %v", c.name, f.Mode(c.op), scope, err)
		}
	}
	f, err := Parse([]byte("Error: No UID for org.ringproof.sample in user 0\n"))
	if err != nil || f.NoPackage.String() != "org.ringproof.sample" || f.Ops.Known() || f.Mode("CAMERA").Known() {
		t.Errorf("not installed: %+v, %v", f, err)
	}
	f, err = Parse([]byte("Error: Unknown operation string: USE_FULL_SCREEN_INTENT\n"))
	if err != nil || f.NoOp.String() != "USE_FULL_SCREEN_INTENT" || f.Ops.Known() || f.Mode("USE_FULL_SCREEN_INTENT").Known() {
		t.Errorf("no such operation: %+v, %v", f, err)
	}
}

// Composed: the forms of `dumpsys appops` of API 26 and of API 30.
const (
	dump26 = `Current AppOps Service state:
  Uid u10a234:
    COARSE_LOCATION: mode=1
    Package org.ringproof.sample:
      RUN_IN_BACKGROUND: mode=2; time=+1h0m0s0ms ago; rejectTime=+2s0ms ago
      WAKE_LOCK: mode=0; time=+5s0ms ago (running)
`
	dump30 = `Current AppOps Service state:
  Op mode watchers:
    Op COARSE_LOCATION:
      #0: ModeCallback{b8f1a14 watchinguid=-1 flags=0x1 from uid=1000 pid=4098}

  Uid 1000:
    state=pers
    Package android:
      WAKE_LOCK (allow):
        null=[
          Access: [pers-s] 2026-05-04 08:00:39.429 (-10h29m22s308ms) duration=+1s185ms
          Access: [top-s] 2026-05-04 18:00:39.429 (-2s0ms)
          Reject: [pers-s]2026-05-04 15:58:14.731 (-2d7h31m48s85ms)
        ]
  Uid u0a234:
    state=cch
      LEGACY_STORAGE: mode=ignore
    Package org.ringproof.sample:
      MIUIOP(10020) (deny):
      RECORD_AUDIO (allow):
        null=[
          Running start at: +3s0ms
        ]
      LEGACY_STORAGE (allow):
  Something else:
    Package org.other:
      CAMERA (allow):
`
)

func TestParseDump(t *testing.T) {
	d, err := ParseDump([]byte(dump30))
	if err != nil {
		t.Fatal(err)
	}
	u := d.UIDs.Or(nil)
	if len(u) != 2 || u[0].UID != 1000 || u[1].UID != 10234 || u[1].State.String() != "cch" || len(u[1].Packages) != 1 || d.Fragments.Known() {
		t.Fatalf("dump = %+v", d)
	}
	for _, c := range []struct {
		op   Op
		want string
	}{
		{u[0].Packages[0].Ops[0], `9 WAKE_LOCK allow "package" 2s 55h31m48.085s false`},
		{u[1].Ops[0], `17 LEGACY_STORAGE ignore "uid" unknown unknown false`},
		{u[1].Packages[0].Ops[0], `19 MIUIOP(10020) deny "package" unknown unknown false`},
		{u[1].Packages[0].Ops[1], `20 RECORD_AUDIO allow "package" unknown unknown true`},
	} {
		if got := describe(c.op); got != c.want {
			t.Errorf("%s\nwant %s", got, c.want)
		}
	}
	if m := d.Mode("org.ringproof.sample", 0, "LEGACY_STORAGE"); m.String() != "ignore" {
		t.Errorf("the uid's mode does not win: %v", m)
	}
	if d.Mode("org.other", 0, "CAMERA").Known() || d.Mode("org.ringproof.sample", 10, "RECORD_AUDIO").Known() {
		t.Error("a package behind the uids, or another user's, was read")
	}

	d, err = ParseDump([]byte(dump26))
	u = d.UIDs.Or(nil)
	if err != nil || len(u) != 1 || u[0].UID != 1010234 || u[0].User != 10 || len(u[0].Packages) != 1 || len(u[0].Packages[0].Ops) != 2 {
		t.Fatalf("API 26: %+v, %v", d, err)
	}
	if got := describe(u[0].Packages[0].Ops[0]); got != `5 RUN_IN_BACKGROUND deny "package" 1h0m0s 2s false` {
		t.Error(got)
	}
	if got := describe(u[0].Packages[0].Ops[1]); got != `6 WAKE_LOCK allow "package" 5s unknown true` {
		t.Error(got)
	}
	if m := d.Mode("org.ringproof.sample", 10, "COARSE_LOCATION"); m.String() != "ignore" || m.Line() != 3 {
		t.Error(m)
	}
}

func TestProblems(t *testing.T) {
	for in, kind := range map[string]text.Kind{
		"": text.Empty, "hello: world\n": text.NotADump, "Can't find service: appops\n": text.NoService,
		"java.lang.SecurityException: Neither user 2000 nor current process has android.permission.X.\n": text.Denied,
	} {
		if f, err := Parse([]byte(in)); !errors.Is(err, &text.Problem{Kind: kind}) || f.Ops.Known() || f.Mode("CAMERA").Known() {
			t.Errorf("Parse(%q): %+v, %v", in, f, err)
		}
	}
	for in, kind := range map[string]text.Kind{
		"": text.Empty, "hello\n": text.NotADump, "  Uid 0:\n    Package a.b:\n      CAMERA (allow):\n": text.NotADump,
		"Current AppOps Service state:\n  Uid 0:\n*** SERVICE 'appops' DUMP TIMEOUT (10000ms) EXPIRED ***\n": text.Timeout,
	} {
		if d, err := ParseDump([]byte(in)); !errors.Is(err, &text.Problem{Kind: kind}) || d.UIDs.Known() != (kind == text.Timeout) {
			t.Errorf("ParseDump(%q): %+v, %v", in, d, err)
		}
	}
}

func TestDuration(t *testing.T) {
	for in, want := range map[string]time.Duration{
		"0": 0, "+7ms": 7 * time.Millisecond, "+1m0s0ms": time.Minute, "2d7h31m48s85ms": 55*time.Hour + 31*time.Minute + 48*time.Second + 85*time.Millisecond, "3d": 72 * time.Hour,
	} {
		if d, ok := duration([]byte(in)); !ok || d != want {
			t.Errorf("duration(%q) = %v, %v", in, d, ok)
		}
	}
	for _, in := range []string{"", "+", "x", "1", "-1s", "d1h", "999999999d", "1d-1h", "1h1d", "1h1h", "00", "1m2", "+0h1"} {
		if d, ok := duration([]byte(in)); ok {
			t.Errorf("duration(%q) = %v", in, d)
		}
	}
}

// A time with a word glued to it is none.
func TestGluedTime(t *testing.T) {
	for in, known := range map[string]bool{"+5s ago": true, "+5s": true, "+5s; duration=+1s": true, "+5sx ago": false, "+5s, ago": false, "5 ago": false, " ago": false} {
		f, err := Parse([]byte("CAMERA: allow; time=" + in + "\n"))
		if o := f.Ops.Or(nil); err != nil || len(o) != 1 || o[0].Access.Known() != known || known && o[0].Access.Or(0) != 5*time.Second {
			t.Errorf("time=%s: %+v, %v", in, o, err)
		}
	}
}

// What a person sees in the captured dumps. The first begins in the middle.
func TestCorpus(t *testing.T) {
	d, err := ParseDump(captures.File(t, "package/006-a14-hyperos-dumpsys-appops-head.txt"))
	u := d.Fragments.Or(nil)
	if !errors.Is(err, &text.Problem{Kind: text.NotADump}) || d.UIDs.Known() || len(u) != 2 {
		t.Fatalf("%d uids, %v", len(u), err)
	}
	if u[0].UID != 0 || u[1].UID != 1000 || u[1].State.String() != "pers" || len(u[1].Ops) != 11 || u[1].Ops[4].Name != "POST_NOTIFICATION" || u[1].Ops[4].Mode != Ignore {
		t.Errorf("uids = %+v", u)
	}
	for _, c := range []struct{ pkg, op, mode, line string }{
		{"vendor.qti.iwlan", "FINE_LOCATION", "deny", "6"},
		{"com.miui.powerkeeper", "SYSTEM_ALERT_WINDOW", "ignore", "36"},
		{"com.miui.qr", "READ_MEDIA_IMAGES", "allow", "76"},
		{"com.miui.daemon", "RUN_ANY_IN_BACKGROUND", "ignore", "255"},
		{"com.miui.daemon", "POST_NOTIFICATION", "ignore", "19"}, // the uid's
		{"com.miui.daemon", "CAMERA", "unknown", "0"},
	} {
		if m := d.Mode(c.pkg, 0, c.op); m.String() != c.mode || fmt.Sprint(m.Line()) != c.line {
			t.Errorf("%s %s = %v at line %d, want %s at %s", c.pkg, c.op, m, m.Line(), c.mode, c.line)
		}
	}

	d, err = ParseDump(captures.File(t, "package/007-mvt-fixture-dumpsys-appops.txt"))
	u = d.UIDs.Or(nil)
	if err != nil || len(u) != 8 || d.UIDs.Line() != 1 {
		t.Fatalf("%d uids, %v", len(u), err)
	}
	katana := u[2]
	if katana.UID != 10103 || katana.State.String() != "cch" || len(katana.Ops) != 2 || len(katana.Packages) != 1 || len(katana.Packages[0].Ops) != 8 {
		t.Fatalf("uid = %+v", katana)
	}
	// The latest of three rejections and of three uses.
	if o := katana.Packages[0].Ops[1]; o.Name != "WRITE_SMS" || o.Mode != Ignore || o.Access.Known() || o.Reject.String() != "4h39m51.164s" || o.Reject.Line() != 58 {
		t.Errorf("WRITE_SMS = %+v", o)
	}
	if o := katana.Packages[0].Ops[2]; o.Name != "WAKE_LOCK" || o.Access.String() != "24m50.324s" {
		t.Errorf("WAKE_LOCK = %+v", o)
	}
	if m := d.Mode("org.fdroid.fdroid", 0, "SYSTEM_ALERT_WINDOW"); m.String() != "default" {
		t.Error(m)
	}
}
