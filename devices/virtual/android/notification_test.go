package android

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// post posts a heads-up worthy notification as the app; change fills it in.
func (ph *phone) post(change func(c *Context, n *Notification) error) {
	ph.t.Helper()
	if err := ph.tryPost(change); err != nil {
		ph.t.Fatal(err)
	}
}

func (ph *phone) tryPost(change func(c *Context, n *Notification) error) error {
	return ph.inApp(func(c *Context) error {
		if err := c.CreateChannel(Channel{ID: "calls", Name: "Calls", Importance: ImportanceHigh}); err != nil {
			return err
		}
		n := &Notification{ChannelID: "calls", Title: "Alice", Category: "call"}
		if change != nil {
			if err := change(c, n); err != nil {
				return err
			}
		}
		return c.Notify(77, n)
	})
}

// fullScreen gives a notification a full-screen intent to an activity.
func fullScreen(class string) func(c *Context, n *Notification) error {
	return func(c *Context, n *Notification) error {
		pi, err := c.PendingIntent(PendingActivity, 5, &Intent{Component: Comp(pkgName + "/" + class)}, PendingImmutable)
		n.FullScreenIntent = pi
		return err
	}
}

func (ph *phone) record() *NotificationRecord {
	var r *NotificationRecord
	ph.Do(func(d *Device) { r = d.Notifications.Get("0|org.example.voip|77|null|10100") })
	return r
}

func (ph *phone) headsUps() int {
	n := 0
	ph.Do(func(d *Device) { n = len(d.StatusBar.HeadsUp) })
	return n
}

// find looks a view up in the windows that accessibility shows.
func (ph *phone) find(match func(v *View) bool) (at *Rect) {
	ph.Do(func(d *Device) {
		for _, w := range d.Windows.Accessible() {
			w.Root.Walk(func(v *View) bool {
				if match(v) {
					b := v.Bounds
					at = &b
				}
				return at == nil
			})
			if at != nil {
				return
			}
		}
	})
	return at
}

func (ph *phone) tap(what string, match func(v *View) bool) {
	ph.t.Helper()
	b := ph.find(match)
	if b == nil {
		ph.t.Fatalf("nothing to tap: %s", what)
	}
	ph.Do(func(d *Device) { d.Input.Tap(b.Center()) })
	ph.Step(100 * time.Millisecond)
}

func (ph *phone) tapText(text string) {
	ph.t.Helper()
	ph.tap(text, func(v *View) bool { return v.Text == text })
}

func (ph *phone) tapID(id string) {
	ph.t.Helper()
	ph.tap(id, func(v *View) bool { return v.ID == id })
}

// push.md D.2, row 14 (source.android.com fsi-limits).
func TestFullScreenIntentMatrix(t *testing.T) {
	for _, c := range []struct {
		name            string
		op              OpMode
		locked, off     bool
		launched, hasHU bool
	}{
		{"granted, unlocked", OpDefault, false, false, false, true},
		{"granted, locked, screen off", OpDefault, true, true, true, false},
		{"granted, locked, screen on", OpDefault, true, false, true, false},
		{"granted, swipe lock, screen off", OpAllow, false, true, true, false},
		{"denied, unlocked", OpDeny, false, false, false, true},
		{"denied, locked, screen on", OpDeny, true, false, false, true},
		{"denied, screen off", OpIgnore, true, true, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			ph := boot(t)
			ph.push(pushIntent())
			ph.Do(func(d *Device) {
				if err := d.AppOps.Set(pkgName, "USE_FULL_SCREEN_INTENT", c.op); err != nil {
					t.Fatal(err)
				}
			})
			if c.locked {
				ph.setPIN()
			}
			if c.off || c.locked {
				ph.sleepScreen()
			}
			if !c.off && c.locked {
				ph.Do(func(d *Device) { d.Input.Key(KeyWakeup, false) })
			}
			ph.post(fullScreen(".RingActivity"))
			ph.Step(2 * time.Second)
			r := ph.record()
			if r == nil {
				t.Fatal("not posted")
			}
			if got := ph.resumed() == "org.example.voip/.RingActivity"; got != c.launched {
				t.Errorf("launched: %t, want %t", got, c.launched)
			}
			if got := ph.headsUps() == 1; got != c.hasHU {
				t.Errorf("heads-up: %t, want %t", got, c.hasHU)
			}
			denied := c.op == OpDeny || c.op == OpIgnore
			no := r.Notification
			if (no.FullScreenIntent == nil) != denied || (no.Flags&FlagFSIDenied != 0) != denied {
				t.Errorf("denied=%t: intent %s flags %#x", denied, no.FullScreenIntent, no.Flags)
			}
			if denied && no.ContentIntent == nil {
				t.Error("the denied full-screen intent did not become the content intent")
			}
			if no.Flags&FlagHighPriority == 0 {
				t.Errorf("flags %#x: setFullScreenIntent(.., true) sets 0x80", no.Flags)
			}
		})
	}
}

// Granted: sticky. Denied: 60 s. Plain: 5 s.
func TestHeadsUpDuration(t *testing.T) {
	for _, c := range []struct {
		name   string
		op     OpMode
		fsi    bool
		during time.Duration
		after  time.Duration
	}{
		{"granted", OpDefault, true, 10 * time.Minute, 0},
		{"denied", OpDeny, true, 59 * time.Second, 62 * time.Second},
		{"plain", OpDefault, false, 4 * time.Second, 6 * time.Second},
	} {
		ph := boot(t)
		ph.push(pushIntent())
		ph.Do(func(d *Device) {
			_ = d.AppOps.Set(pkgName, "USE_FULL_SCREEN_INTENT", c.op)
			d.Settings.Put(SystemNS, "screen_off_timeout", "1800000")
			d.Power.UserActivity()
		})
		ph.post(func(cx *Context, n *Notification) error {
			if c.fsi {
				return fullScreen(".RingActivity")(cx, n)
			}
			return nil
		})
		ph.Step(c.during - time.Second)
		if ph.headsUps() != 1 {
			t.Errorf("%s: gone before %v", c.name, c.during)
		}
		if c.after > 0 {
			ph.Step(c.after - c.during + time.Second)
			if ph.headsUps() != 0 || ph.record() == nil {
				t.Errorf("%s: %d heads-ups after %v, record %v", c.name, ph.headsUps(), c.after, ph.record())
			}
		}
	}
}

// Without the permission in the manifest nothing is flagged, and the intent goes.
func TestFullScreenIntentWithoutPermission(t *testing.T) {
	ph := boot(t, func(_ *Options, s *PackageSpec) { s.Permissions = append(s.Permissions[:1:1], s.Permissions[2:]...) })
	ph.post(fullScreen(".RingActivity"))
	no := ph.record().Notification
	if no.FullScreenIntent != nil || no.Flags&FlagFSIDenied != 0 {
		t.Errorf("intent %s flags %#x", no.FullScreenIntent, no.Flags)
	}
}

// Android 12: CallStyle needs a foreground service or a full-screen intent.
func TestCallStyleNeedsAReason(t *testing.T) {
	style := func(c *Context, n *Notification) error {
		n.CallStyle = &CallStyle{Type: CallStyleIncoming, Person: "Alice"}
		return nil
	}
	ph := boot(t)
	wantException(t, ph.tryPost(style), IllegalArgumentException,
		"0|org.example.voip|77|null|10100 Not posted. CallStyle notifications must be for a foreground service or user initated job or use a fullScreenIntent.")
	ph.post(func(c *Context, n *Notification) error {
		_ = style(c, n)
		return fullScreen(".RingActivity")(c, n)
	})
	var titles []string
	for _, a := range ph.record().Actions() {
		titles = append(titles, a.Title)
	}
	if diff := cmp.Diff([]string{"Decline", "Answer"}, titles); diff != "" {
		t.Error(diff)
	}
	// Denied on 14: the flag still counts as having asked.
	ph.Do(func(d *Device) { _ = d.AppOps.Set(pkgName, "USE_FULL_SCREEN_INTENT", OpDeny) })
	ph.post(func(c *Context, n *Notification) error {
		_ = style(c, n)
		return fullScreen(".RingActivity")(c, n)
	})
}

// push.md D.2, row 13: without POST_NOTIFICATIONS nothing is posted, except a
// self-managed call's CallStyle.
func TestPostNotificationsDenied(t *testing.T) {
	deny := func(_ *Options, s *PackageSpec) { s.Granted = nil }
	style := func(c *Context, n *Notification) error {
		n.CallStyle = &CallStyle{Type: CallStyleIncoming, Person: "Alice"}
		return fullScreen(".RingActivity")(c, n)
	}
	for _, c := range []struct {
		name   string
		call   bool
		change func(c *Context, n *Notification) error
		want   bool
	}{
		{"plain", false, nil, false},
		{"plain during a call", true, nil, false},
		{"CallStyle without a call", false, style, false},
		{"CallStyle during a call", true, style, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			ph := callApp(t, deny)
			if c.call {
				ph.ring()
			} else {
				ph.p.onReceive = nil
			}
			ph.post(c.change)
			if got := ph.record() != nil; got != c.want {
				t.Errorf("posted: %t, want %t", got, c.want)
			}
		})
	}
}

func TestUnknownChannelAndNoImportance(t *testing.T) {
	ph := boot(t)
	if err := ph.inApp(func(c *Context) error { return c.Notify(77, &Notification{ChannelID: "nope"}) }); err != nil {
		t.Fatal(err)
	}
	if ph.record() != nil || !ph.logged("NotificationService: No Channel found for pkg=org.example.voip, channelId=nope, id=77") {
		t.Error("a notification without a channel was posted, or nothing was logged")
	}
	ph.post(nil)
	ph.Do(func(d *Device) {
		d.Notifications.Cancel("0|org.example.voip|77|null|10100")
		d.Notifications.SetChannelImportance(pkgName, "calls", ImportanceNone)
	})
	ph.post(nil)
	if ph.record() != nil {
		t.Error("posted to a blocked channel")
	}
}

// An app cannot raise a channel that exists; a low one does not peek.
func TestImportance(t *testing.T) {
	ph := boot(t)
	err := ph.inApp(func(c *Context) error {
		return c.CreateChannel(Channel{ID: "calls", Name: "Calls", Importance: ImportanceDefault})
	})
	if err != nil {
		t.Fatal(err)
	}
	ph.post(nil)
	r := ph.record()
	if r.Importance != ImportanceDefault || ph.headsUps() != 0 {
		t.Errorf("importance %d, %d heads-ups", r.Importance, ph.headsUps())
	}
	// A full-screen intent of a channel below HIGH is not launched either.
	ph.sleepScreen()
	ph.Do(func(d *Device) { d.Notifications.Cancel(r.Key) })
	ph.post(fullScreen(".RingActivity"))
	ph.Step(time.Second)
	if ph.lock().Awake {
		t.Error("an unimportant notification took the screen")
	}
}

// dumpsys.md 1.7: updating keeps the creation time; process death keeps the
// notification, force-stop does not (push.md F.13).
func TestNotificationLife(t *testing.T) {
	ph := boot(t)
	ph.post(nil)
	first := ph.record()
	ph.Step(10 * time.Second)
	ph.post(func(_ *Context, n *Notification) error { n.Title = "Bob"; return nil })
	r := ph.record()
	if !r.Created.Equal(first.Created) || !r.Updated.After(first.Updated) || r.Notification.Title != "Bob" {
		t.Errorf("updated %+v", r)
	}
	ph.Do(func(d *Device) { _ = d.Processes.KillPID(RootCaller(1), d.Processes.ByName(pkgName).PID) })
	if ph.record() == nil {
		t.Error("process death took the notification")
	}
	ph.Do(func(d *Device) { d.Processes.ForceStop(ShellCaller(1), pkgName) })
	if ph.record() != nil {
		t.Error("force-stop left the notification")
	}
	ph.Do(func(d *Device) {
		if n := len(d.Notifications.Archive()); n != 1 {
			t.Errorf("%d in the archive", n)
		}
		if n := d.Notifications.Channels(pkgName); len(n) != 1 {
			t.Error("force-stop took the channels")
		}
	})
	if !ph.logged("notification_enqueue: [10100,") || !ph.logged("notification_canceled: [0|org.example.voip|77|null|10100,") {
		t.Error("no notification events in the log")
	}
}

// A heads-up is part of the shade's window: `uiautomator dump --windows` shows its
// buttons, the plain dump does not (DESIGN.md 3, dumpsys.md 2).
func TestHeadsUpOnlyInWindows(t *testing.T) {
	ph := boot(t)
	ph.start(".MainActivity")
	pressed := 0
	ph.p.onReceive = func(_ *Context, i *Intent, _ *PendingResult) error {
		if i.Component.Class == pkgName+".ButtonReceiver" {
			pressed++
		}
		return nil
	}
	ph.post(func(c *Context, n *Notification) error {
		pi, err := c.PendingIntent(PendingBroadcast, 1, &Intent{Component: Comp(pkgName + "/.ButtonReceiver")}, PendingImmutable)
		n.Actions = []NotificationAction{{"Decline", pi}}
		return err
	})
	ph.Do(func(d *Device) {
		if w := d.Windows.Active(); w == nil || w.Title == "NotificationShade" {
			t.Errorf("active window %+v", w)
		}
		if f := d.Windows.Focus(); f.Title != "org.example.voip/org.example.voip.MainActivity" {
			t.Errorf("a heads-up took the focus: %s", f.Title)
		}
	})
	ph.tapText("Decline")
	ph.Step(time.Second)
	if pressed != 1 {
		t.Errorf("%d presses", pressed)
	}
	// In the open shade the plain dump has them too.
	ph.Do(func(d *Device) {
		d.StatusBar.Expand()
		w := d.Windows.Active()
		if w == nil || w.Title != "NotificationShade" {
			t.Fatalf("active window %+v", w)
		}
		found := false
		w.Root.Walk(func(v *View) bool { found = found || v.Text == "Decline"; return true })
		if !found {
			t.Error("no button in the shade")
		}
		d.Input.Key(KeyBack, false)
		if d.StatusBar.Expanded {
			t.Error("BACK left the shade open")
		}
	})
}

func TestAutoCancelAndContentIntent(t *testing.T) {
	ph := boot(t)
	ph.post(func(c *Context, n *Notification) error {
		n.Flags |= FlagAutoCancel
		pi, err := c.PendingIntent(PendingActivity, 1, &Intent{Component: Comp(pkgName + "/.PlainActivity")}, PendingImmutable)
		n.ContentIntent = pi
		return err
	})
	ph.tapText("Alice") // the title lies on the row
	ph.Step(2 * time.Second)
	if ph.resumed() != "org.example.voip/.PlainActivity" || ph.record() != nil {
		t.Errorf("resumed %s, record %v", ph.resumed(), ph.record())
	}
}

// push.md D.3.11: one record for equal requests, so a constant request code makes
// the second call's extras overwrite the first's.
func TestPendingIntentIdentity(t *testing.T) {
	ph := boot(t)
	err := ph.inApp(func(c *Context) error {
		get := func(code int, session string, flags uint32) *PendingIntent {
			pi, err := c.PendingIntent(PendingBroadcast, code, &Intent{Component: Comp(pkgName + "/.ButtonReceiver"), Extras: Bundle{"session": session}}, flags)
			if err != nil {
				t.Fatal(err)
			}
			return pi
		}
		a := get(0, "A", PendingImmutable|PendingUpdateCurrent)
		b := get(0, "B", PendingImmutable|PendingUpdateCurrent)
		other := get(1, "C", PendingImmutable)
		if a != b || a.Intent.Extras.Text("session") != "B" {
			t.Errorf("%v %v %v", a, b, a.Intent.Extras)
		}
		if other == a || other.Intent.Extras.Text("session") != "C" {
			t.Error("another request code shares the record")
		}
		if get(0, "D", PendingImmutable); a.Intent.Extras.Text("session") != "B" {
			t.Error("extras changed without FLAG_UPDATE_CURRENT")
		}
		_, err := c.PendingIntent(PendingBroadcast, 0, &Intent{}, 0)
		return err
	})
	if e := AsException(err); e == nil || e.Class != IllegalArgumentException || !strings.HasPrefix(e.Message,
		"org.example.voip: Targeting S+ (version 31 and above) requires that one of FLAG_IMMUTABLE or FLAG_MUTABLE be specified when creating a PendingIntent.") {
		t.Errorf("without a mutability flag: %v", err)
	}
}

// Two posts in quick succession: the last one counts, and the full-screen intent
// is still launched, once.
func TestQuickUpdateKeepsTheFullScreenIntent(t *testing.T) {
	for seed := range int64(20) {
		ph := boot(t, func(o *Options, _ *PackageSpec) { o.Seed = seed })
		ph.push(pushIntent())
		ph.setPIN()
		ph.sleepScreen()
		if err := ph.inApp(func(c *Context) error {
			_ = c.CreateChannel(Channel{ID: "calls", Name: "Calls", Importance: ImportanceHigh})
			for _, title := range []string{"?", "Alice"} {
				n := &Notification{ChannelID: "calls", Title: title}
				if err := fullScreen(".RingActivity")(c, n); err != nil {
					return err
				}
				if err := c.Notify(77, n); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		ph.Step(2 * time.Second)
		if r := ph.record(); r.Notification.Title != "Alice" || !r.FullScreenLaunched || ph.p.count("RingActivity onCreate") != 1 {
			t.Fatalf("seed %d: %+v, trace %v", seed, r, ph.p.trace)
		}
	}
}

// The full-screen intent wakes the phone before its activity covers the keyguard:
// from then on the phone's own timeout counts, not the keyguard's 10 s.
func TestRingingOutlastsTheKeyguardsTimeout(t *testing.T) {
	ph := boot(t)
	ph.push(pushIntent())
	ph.setPIN()
	ph.sleepScreen()
	ph.post(fullScreen(".RingActivity"))
	ph.Step(20 * time.Second)
	ph.wantLock("20 s of ringing", lockState{Showing: true, Occluded: true, Locked: true, Awake: true})
}

// Do Not Disturb keeps a call off the screen and leaves it in the list; a
// channel that may bypass it does so unless nothing may.
func TestDoNotDisturb(t *testing.T) {
	for _, c := range []struct {
		zen       string
		bypass    bool
		intercept bool
	}{{"0", false, false}, {"1", false, true}, {"1", true, false}, {"2", true, true}, {"3", false, true}} {
		ph := boot(t)
		ph.start(".MainActivity")
		ph.Do(func(d *Device) { d.Settings.Put(Global, "zen_mode", c.zen); d.Input.Key(KeyHome, false) })
		ph.Step(time.Second)
		ph.post(func(cx *Context, n *Notification) error {
			n.ChannelID = "urgent"
			if err := cx.CreateChannel(Channel{ID: "urgent", Name: "Urgent", Importance: ImportanceHigh, BypassDND: c.bypass}); err != nil {
				return err
			}
			return fullScreen(".MainActivity")(cx, n)
		})
		ph.Step(time.Second)
		r := ph.record()
		if r == nil || r.Intercept != c.intercept || ph.headsUps() != map[bool]int{false: 1}[c.intercept] {
			t.Errorf("zen %s, bypass %t: record %+v, %d heads-ups", c.zen, c.bypass, r, ph.headsUps())
		}
	}
}
