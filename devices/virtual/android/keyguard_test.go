package android

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

type lockState struct{ Showing, Occluded, Locked, Bouncer, Awake bool }

func (ph *phone) lock() lockState {
	var s lockState
	ph.Do(func(d *Device) {
		k := d.Keyguard
		s = lockState{k.Showing, k.Occluded, k.Locked, k.Bouncer, d.Power.Interactive()}
	})
	return s
}

func (ph *phone) wantLock(when string, want lockState) {
	ph.t.Helper()
	if got := ph.lock(); got != want {
		ph.t.Errorf("%s: %+v, want %+v", when, got, want)
	}
}

// dumpsys.md 3.6: the texts and exit statuses of locksettings.
func TestLockSettings(t *testing.T) {
	ph := boot(t)
	for _, c := range []struct {
		args []string
		out  string
		exit int
	}{
		{[]string{"get-disabled"}, "false\n", 0},
		{[]string{"set-disabled", "true"}, "Lock screen disabled set to true\n", 0},
		{[]string{"get-disabled"}, "true\n", 0},
		{[]string{"set-disabled", "false"}, "Lock screen disabled set to false\n", 0},
		{[]string{"verify"}, "Lock credential verified successfully\n", 0},
		{[]string{"verify", "--old", "1234"}, "Old password provided but user has no password\n", 255},
		{[]string{"set-pin", "1234"}, "Pin set to '1234'\n", 0},
		{[]string{"verify", "--old", "1234"}, "Lock credential verified successfully\n", 0},
		{[]string{"verify", "--old", "9999"}, "Old password '9999' didn't match\n", 255},
		{[]string{"verify", "--old", ""}, "", 255},
		{[]string{"get-disabled"}, "", 255},
		{[]string{"get-disabled", "--old", "1234"}, "false\n", 0},
		{[]string{"clear", "--old", "9999"}, "Old password '9999' didn't match\n", 255},
		{[]string{"set-pin", "--old", "1234", "--user", "0", "5678"}, "Pin set to '5678'\n", 0},
		{[]string{"clear", "--old", "5678"}, "Lock credential cleared\n", 0},
		{[]string{"set-password", "secret"}, "Password set to 'secret'\n", 0},
		{[]string{"frobnicate"}, "Unknown command: frobnicate\n", 255},
	} {
		ph.Do(func(d *Device) {
			r := d.Keyguard.LockSettings(c.args)
			if r.Out != c.out || r.Exit != c.exit {
				t.Errorf("locksettings %v: %+v, want %q %d", c.args, r, c.out, c.exit)
			}
		})
	}
}

// LockSettingsService.doVerifyCredential: no credential where one is set is an
// exception, told on standard error. It is no attempt, so that a harness that
// asks what is set cannot lock the phone's owner out.
func TestAskingWithoutTheCredentialIsNoAttempt(t *testing.T) {
	ph := boot(t)
	ph.setPIN()
	ph.Do(func(d *Device) {
		for range 20 {
			want := "Error while executing command: get-disabled\njava.lang.IllegalArgumentException: Credential can't be null or empty\n"
			if r := d.Keyguard.LockSettings([]string{"get-disabled"}); r.Err != want || r.Out != "" || r.Exit != 255 {
				t.Fatalf("%+v", r)
			}
		}
		if r := d.Keyguard.LockSettings([]string{"clear", "--old", "1234"}); r.Out != "Lock credential cleared\n" {
			t.Errorf("%+v", r)
		}
	})
}

func TestShortPINIsRefused(t *testing.T) {
	ph := boot(t)
	for _, pin := range []string{"123", "12a4", ""} {
		ph.Do(func(d *Device) {
			if r := d.Keyguard.LockSettings([]string{"set-pin", pin}); r.Exit == 0 || d.Keyguard.Secure() {
				t.Errorf("PIN %q was taken", pin)
			}
		})
	}
}

func TestLockAndUnlock(t *testing.T) {
	key := func(code int) func(d *Device) { return func(d *Device) { d.Input.Key(code, false) } }
	swipe := func(d *Device) { d.Input.Swipe(540, 2000, 540, 500, 200*time.Millisecond) }
	text := func(s string) func(d *Device) { return func(d *Device) { d.Input.Text(s) } }
	locked := lockState{Showing: true, Locked: true, Awake: true}
	asking := lockState{Showing: true, Locked: true, Awake: true, Bouncer: true}
	open := lockState{Awake: true}
	type step struct {
		what string
		do   func(d *Device)
		want lockState
	}
	for _, c := range []struct {
		name  string
		pin   bool
		steps []step
	}{
		{"swipe lock", false, []step{
			{"sleep", key(KeySleep), lockState{Showing: true}},
			{"wake", key(KeyWakeup), lockState{Showing: true, Awake: true}},
			{"swipe", swipe, open},
		}},
		{"swipe lock, menu", false, []step{
			{"power", key(KeyPower), lockState{Showing: true}},
			{"swipe in the dark", swipe, lockState{Showing: true}},
			{"power again", key(KeyPower), lockState{Showing: true, Awake: true}},
			{"menu", key(KeyMenu), open},
		}},
		{"wm dismiss-keyguard opens an insecure one", false, []step{
			{"sleep", key(KeySleep), lockState{Showing: true}},
			{"wake", key(KeyWakeup), lockState{Showing: true, Awake: true}},
			{"dismiss", func(d *Device) { d.Keyguard.Dismiss() }, open},
		}},
		{"PIN", true, []step{
			{"sleep", key(KeySleep), lockState{Showing: true, Locked: true}},
			{"wake", key(KeyWakeup), locked},
			{"text without the bouncer", text("1234"), locked},
			{"enter without the bouncer", key(KeyEnter), locked},
			{"menu", key(KeyMenu), asking},
			{"wrong", text("9999"), asking},
			{"enter", key(KeyEnter), asking},
			{"right", text("1234"), asking},
			{"enter", key(KeyEnter), open},
		}},
		{"PIN, home does not open", true, []step{
			{"sleep", key(KeySleep), lockState{Showing: true, Locked: true}},
			{"wake", key(KeyWakeup), locked},
			{"home", key(KeyHome), locked},
			{"dismiss", func(d *Device) { d.Keyguard.Dismiss() }, asking},
			{"back", key(KeyBack), locked},
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			ph := boot(t)
			if c.pin {
				ph.setPIN()
			}
			for _, s := range c.steps {
				ph.Do(s.do)
				ph.Step(time.Second)
				ph.wantLock(s.what, s.want)
			}
		})
	}
}

// The PIN pad can be tapped.
func TestPINPad(t *testing.T) {
	ph := boot(t)
	ph.setPIN()
	ph.sleepScreen()
	ph.Do(func(d *Device) { d.Input.Key(KeyWakeup, false); d.Keyguard.Dismiss() })
	for _, digit := range []string{"1", "2", "3", "4"} {
		ph.tapText(digit)
	}
	ph.Do(func(d *Device) {
		if d.Keyguard.Entered != 4 {
			t.Errorf("%d characters entered", d.Keyguard.Entered)
		}
	})
	ph.tapID("com.android.systemui:id/key_enter")
	ph.Step(time.Second)
	ph.wantLock("after enter", lockState{Awake: true})
}

// A screen that timed out locks a secure phone only after
// lock_screen_lock_after_timeout; 0 locks at once (push.md C).
func TestLockAfterTimeout(t *testing.T) {
	for _, c := range []struct {
		setting string
		after   time.Duration // since the screen went off
		want    bool
	}{
		{"5000", 4 * time.Second, false},
		{"5000", 6 * time.Second, true},
		{"0", 100 * time.Millisecond, true},
	} {
		ph := boot(t)
		ph.setPIN()
		ph.Do(func(d *Device) {
			d.Settings.Put(Secure, "lock_screen_lock_after_timeout", c.setting)
			d.Power.UserActivity()
		})
		ph.Step(30*time.Second - time.Millisecond)
		if !ph.lock().Awake {
			t.Fatal("the screen went off before its timeout")
		}
		ph.Step(time.Millisecond)
		if ph.lock().Awake {
			t.Fatal("the screen is on after its timeout")
		}
		ph.Step(c.after)
		if got := ph.lock(); got.Showing != c.want || got.Locked != c.want {
			t.Errorf("%s: %v after the screen went off: %+v", c.setting, c.after, got)
		}
	}
}

// Four facts (DESIGN.md 3): interactive, showing, secure, occluded. An activity
// that shows when locked covers the keyguard and leaves the phone locked; HOME
// brings the keyguard back.
func TestOccludedKeyguard(t *testing.T) {
	ph := boot(t)
	ph.setPIN()
	ph.sleepScreen()
	ph.Do(func(d *Device) {
		if _, err := d.Activities.Start(SystemCaller(), &Intent{Component: Comp(pkgName + "/.RingActivity")}, StartOptions{}); err != nil {
			t.Fatal(err)
		}
	})
	ph.Step(2 * time.Second)
	ph.wantLock("ringing", lockState{Showing: true, Occluded: true, Locked: true, Awake: true})
	if got := ph.resumed(); got != "org.example.voip/.RingActivity" {
		t.Errorf("resumed %s", got)
	}
	if got := ph.focus(); got != "org.example.voip/org.example.voip.RingActivity" {
		t.Errorf("focus %s", got)
	}
	ph.Do(func(d *Device) { d.Input.Key(KeyHome, false) })
	ph.Step(time.Second)
	ph.wantLock("after HOME", lockState{Showing: true, Locked: true, Awake: true})
	if got := ph.focus(); got != "NotificationShade" {
		t.Errorf("focus after HOME %s", got)
	}
	if got := ph.resumed(); got != "none" {
		t.Errorf("%s is resumed behind the keyguard", got)
	}
}

// An activity that does not show when locked stays behind the keyguard and turns
// nothing on; it was created, so its onCreate could still have asked.
func TestActivityBehindTheKeyguard(t *testing.T) {
	ph := boot(t)
	ph.setPIN()
	ph.sleepScreen()
	ph.Do(func(d *Device) {
		if _, err := d.Activities.Start(SystemCaller(), plain(), StartOptions{}); err != nil {
			t.Fatal(err)
		}
	})
	ph.Step(2 * time.Second)
	ph.wantLock("started", lockState{Showing: true, Locked: true})
	want := []string{"app", "PlainActivity onCreate", "PlainActivity onStart", "PlainActivity onResume", "PlainActivity onPause", "PlainActivity onStop"}
	if diff := cmp.Diff(want, ph.p.trace); diff != "" {
		t.Error(diff)
	}
}

// The setters do what the manifest's attributes do (Android 8.1).
func TestSetShowWhenLockedInOnCreate(t *testing.T) {
	ph := boot(t)
	ph.setPIN()
	ph.sleepScreen()
	ph.p.onActivity = func(_ *Context, a *ActivityRecord, ev ActivityEvent) error {
		if ev == ActivityCreate {
			a.SetShowWhenLocked(true)
			a.SetTurnScreenOn(true)
		}
		return nil
	}
	ph.Do(func(d *Device) { _, _ = d.Activities.Start(SystemCaller(), plain(), StartOptions{}) })
	ph.Step(2 * time.Second)
	ph.wantLock("started", lockState{Showing: true, Occluded: true, Locked: true, Awake: true})
}

func TestKeepScreenOn(t *testing.T) {
	ph := boot(t)
	ph.p.onActivity = func(_ *Context, a *ActivityRecord, ev ActivityEvent) error {
		if ev == ActivityResume {
			a.SetKeepScreenOn(true)
		}
		return nil
	}
	ph.start(".MainActivity")
	ph.Step(5 * time.Minute)
	if !ph.lock().Awake {
		t.Error("the screen went off under an activity that keeps it on")
	}
	ph.Do(func(d *Device) {
		if l := d.Power.WakeLocks(); len(l) != 1 || l[0].Tag != "WindowManager/displayId:0" || l[0].Level != ScreenBrightWakeLock {
			t.Errorf("wake locks %+v", l)
		}
		d.Input.Key(KeyHome, false)
	})
	ph.Step(time.Minute)
	if ph.lock().Awake {
		t.Error("the screen stays on without that activity")
	}
}

func TestWakeLocks(t *testing.T) {
	ph := boot(t)
	ph.sleepScreen()
	var w *WakeLock
	if err := ph.inApp(func(c *Context) (err error) {
		w, err = c.AcquireWakeLock(PartialWakeLock, "voip:push", 0)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if ph.lock().Awake {
		t.Error("a partial wake lock turned the screen on")
	}
	ph.Do(func(d *Device) {
		if l := d.Power.WakeLocks(); len(l) != 1 || l[0] != w || l[0].UID != 10100 || l[0].Package != pkgName {
			t.Errorf("wake locks %+v", l)
		}
		d.Processes.ForceStop(ShellCaller(1), pkgName)
		if l := d.Power.WakeLocks(); len(l) != 0 {
			t.Error("a wake lock outlived its process")
		}
		d.Packages.Get(pkgName).Stopped = false
	})
	_ = ph.inApp(func(c *Context) error {
		_, err := c.AcquireCausesWakeup(FullWakeLock, "voip:screen", 3*time.Second)
		return err
	})
	if !ph.lock().Awake {
		t.Error("ACQUIRE_CAUSES_WAKEUP did not turn the screen on")
	}
}

// The keyguard in view goes dark after 10 s; covered by a call's activity the
// phone's own timeout counts, from the last user activity.
func TestKeyguardShortensTheTimeout(t *testing.T) {
	ph := boot(t)
	ph.setPIN()
	ph.sleepScreen()
	ph.Do(func(d *Device) { d.Input.Key(KeyWakeup, false) })
	ph.Step(11 * time.Second)
	if ph.lock().Awake {
		t.Error("the keyguard kept the screen on")
	}
	ph.Do(func(d *Device) {
		_, _ = d.Activities.Start(SystemCaller(), &Intent{Component: Comp(pkgName + "/.RingActivity")}, StartOptions{})
	})
	ph.Step(25 * time.Second)
	ph.wantLock("25 s of ringing", lockState{Showing: true, Occluded: true, Locked: true, Awake: true})
	ph.Step(10 * time.Second)
	ph.wantLock("35 s of ringing", lockState{Showing: true, Occluded: true, Locked: true})
}

// turnScreenOn without showWhenLocked turns nothing on behind a keyguard.
func TestTurnScreenOnBehindTheKeyguard(t *testing.T) {
	ph := boot(t, func(_ *Options, s *PackageSpec) { s.Components[2].TurnScreenOn = true })
	ph.setPIN()
	ph.sleepScreen()
	ph.Do(func(d *Device) { _, _ = d.Activities.Start(SystemCaller(), plain(), StartOptions{}) })
	ph.Step(2 * time.Second)
	ph.wantLock("started", lockState{Showing: true, Locked: true})
	ph.Do(func(d *Device) {
		if n := len(d.Windows.Accessible()); n != 0 {
			t.Errorf("%d windows to be seen with the screen off", n)
		}
		if d.Windows.Active() != nil {
			t.Error("an active window with the screen off")
		}
	})
}

// requestDismissKeyguard from the call's activity asks for the PIN over it; after
// the unlock the activity is still there.
func TestRequestDismissKeyguard(t *testing.T) {
	ph := boot(t)
	ph.setPIN()
	ph.sleepScreen()
	ph.Do(func(d *Device) {
		_, _ = d.Activities.Start(SystemCaller(), &Intent{Component: Comp(pkgName + "/.RingActivity")}, StartOptions{})
	})
	ph.Step(2 * time.Second)
	answers := []bool{}
	ask := func() {
		ph.Do(func(d *Device) {
			ph.p.ctx.RequestDismissKeyguard(d.Activities.Resumed, func(ok bool) error { answers = append(answers, ok); return nil })
		})
	}
	ask()
	if got := ph.focus(); got != "NotificationShade" || !ph.lock().Bouncer {
		t.Errorf("focus %s", got)
	}
	ph.Do(func(d *Device) { d.Input.Key(KeyBack, false) })
	ph.Step(time.Second)
	ask()
	ph.Do(func(d *Device) { d.Input.Text("1234"); d.Input.Key(KeyEnter, false) })
	ph.Step(time.Second)
	ph.wantLock("unlocked", lockState{Awake: true})
	if diff := cmp.Diff([]bool{false, true}, answers); diff != "" {
		t.Error(diff)
	}
	if got := ph.resumed(); got != "org.example.voip/.RingActivity" {
		t.Errorf("resumed %s", got)
	}
}
