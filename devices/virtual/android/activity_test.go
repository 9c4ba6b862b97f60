package android

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func (ph *phone) resumed() string {
	name := "none"
	ph.Do(func(d *Device) {
		if r := d.Activities.Resumed; r != nil {
			name = r.Component.Short()
		}
	})
	return name
}

func (ph *phone) focus() string {
	title := "null"
	ph.Do(func(d *Device) {
		if w := d.Windows.Focus(); w != nil {
			title = w.Title
		}
	})
	return title
}

func TestLaunchStates(t *testing.T) {
	ph := boot(t)
	r := ph.start(".MainActivity")
	if r.LaunchState != "COLD" || r.Code != StartSuccess || r.TotalTime < 100*time.Millisecond || r.TotalTime > 2*time.Second {
		t.Errorf("first start %+v", r)
	}
	if got := ph.focus(); got != "org.example.voip/org.example.voip.MainActivity" {
		t.Errorf("focus %s", got)
	}
	ph.Do(func(d *Device) { d.Input.Key(KeyHome, false) })
	ph.Step(time.Second)
	if got := ph.resumed(); got != "com.android.launcher3/.uioverrides.QuickstepLauncher" {
		t.Errorf("HOME resumed %s", got)
	}
	r = ph.start(".MainActivity")
	if r.LaunchState != "HOT" || r.Code != StartTaskToFront {
		t.Errorf("second start %+v", r)
	}
	r = ph.start(".MainActivity")
	if r.Code != StartDeliveredToTop || r.LaunchState != "" {
		t.Errorf("start of what is in front %+v", r)
	}
	want := []string{"app", "MainActivity onCreate", "MainActivity onStart", "MainActivity onResume", "MainActivity onPause", "MainActivity onStop",
		"MainActivity onStart", "MainActivity onResume"}
	if diff := cmp.Diff(want, ph.p.trace); diff != "" {
		t.Error(diff)
	}
}

func TestBackFinishes(t *testing.T) {
	ph := boot(t)
	ph.start(".MainActivity")
	ph.Do(func(d *Device) { d.Input.Key(KeyBack, false) })
	ph.Step(2 * time.Second)
	if got := ph.resumed(); got != "com.android.launcher3/.uioverrides.QuickstepLauncher" {
		t.Errorf("BACK resumed %s", got)
	}
	if !ph.p.saw("MainActivity onDestroy") {
		t.Errorf("trace %v", ph.p.trace)
	}
}

func TestUnresolvedAndNotExported(t *testing.T) {
	ph := boot(t)
	ph.Do(func(d *Device) {
		r, err := d.Activities.Start(ShellCaller(9), &Intent{Component: Comp(pkgName + "/.Nope")}, StartOptions{})
		if err != nil || r.Code != StartClassNotFound {
			t.Errorf("%+v %v", r, err)
		}
		r, err = d.Activities.Start(ShellCaller(9), &Intent{Action: "no.such.ACTION"}, StartOptions{})
		if err != nil || r.Code != StartIntentNotResolved {
			t.Errorf("%+v %v", r, err)
		}
		_, err = d.Activities.Start(ShellCaller(9), &Intent{Component: Comp(pkgName + "/.PlainActivity")}, StartOptions{})
		wantException(t, err, SecurityException, "Permission Denial: starting Intent { cmp=org.example.voip/.PlainActivity } from null (pid=9, uid=2000) not exported from uid 10100")
		if _, err = d.Activities.Start(RootCaller(9), &Intent{Component: Comp(pkgName + "/.PlainActivity")}, StartOptions{}); err != nil {
			t.Errorf("root: %v", err)
		}
	})
}

func plain() *Intent {
	return &Intent{Component: Comp(pkgName + "/.PlainActivity"), Flags: FlagActivityNewTask}
}

// push.md D.1, D.3.7: who may start an activity from the background.
func TestBackgroundActivityStart(t *testing.T) {
	for _, c := range []struct {
		name  string
		setup func(ph *phone)
		want  bool
	}{
		{"after a push", func(*phone) {}, false},
		{"visible", func(ph *phone) { ph.start(".MainActivity") }, true},
		{"HOME was pressed", func(ph *phone) {
			ph.start(".MainActivity")
			ph.Do(func(d *Device) { d.Input.Key(KeyHome, false) })
			ph.Step(time.Second)
		}, false},
		{"within 10 s of finishing", func(ph *phone) {
			ph.start(".MainActivity")
			ph.Do(func(d *Device) { d.Activities.Resumed.Finish() })
			ph.Step(5 * time.Second)
		}, true},
		{"later", func(ph *phone) {
			ph.start(".MainActivity")
			ph.Do(func(d *Device) { d.Activities.Resumed.Finish() })
			ph.Step(12 * time.Second)
		}, false},
		{"while Telecom is bound", func(ph *phone) { ph.ring() }, true},
		{"after the call", func(ph *phone) {
			ph.ring()
			ph.Do(func(*Device) {
				ph.p.conn.SetDisconnected(DisconnectCause{Code: DisconnectLocal})
				ph.p.conn.Destroy()
			})
			ph.Step(time.Second)
		}, false},
		{"may draw over others", func(ph *phone) {
			ph.Do(func(d *Device) {
				if err := d.AppOps.Set(pkgName, "SYSTEM_ALERT_WINDOW", OpAllow); err != nil {
					t.Fatal(err)
				}
			})
		}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			ph := callApp(t)
			c.setup(ph)
			// In the background the app learns nothing: no exception either way.
			hook := ph.p.onReceive
			ph.p.onReceive = func(_ *Context, _ *Intent, r *PendingResult) error { r.SetCode(1); return nil }
			if err := ph.inApp(func(cx *Context) error { return cx.StartActivity(plain()) }); err != nil {
				t.Fatal(err)
			}
			ph.p.onReceive = hook
			ph.Step(2 * time.Second)
			if got := ph.p.saw("PlainActivity onResume"); got != c.want {
				t.Errorf("started: %t, want %t", got, c.want)
			}
			if blocked := ph.logged("ActivityTaskManager: Abort background activity starts from 10100"); blocked == c.want {
				t.Errorf("abort logged: %t", blocked)
			}
		})
	}
}

// Android 12, push.md D.2 and D.3.7: a receiver or service started from a
// notification's button may not start an activity; a binding by Telecom rescues it;
// apps that target less are only warned.
func TestNotificationTrampoline(t *testing.T) {
	for _, c := range []struct {
		name   string
		target int
		bound  bool
		kind   PendingIntentKind
		class  string
		want   bool
	}{
		{"receiver", 34, false, PendingBroadcast, ".ButtonReceiver", false},
		{"service", 34, false, PendingService, ".PlainService", false},
		{"receiver, target 30", 30, false, PendingBroadcast, ".ButtonReceiver", true},
		{"receiver during a call", 34, true, PendingBroadcast, ".ButtonReceiver", true},
		{"activity itself", 34, false, PendingActivity, ".PlainActivity", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			ph := callApp(t, func(_ *Options, s *PackageSpec) { s.TargetSDK = c.target })
			if c.bound {
				ph.ring()
			}
			open := func(cx *Context) error { return cx.StartActivity(plain()) }
			push := ph.p.onReceive
			ph.p.onReceive = func(cx *Context, i *Intent, r *PendingResult) error {
				if i.Component.Class == pkgName+".ButtonReceiver" {
					return open(cx)
				}
				if c.bound {
					return push(cx, i, r)
				}
				return nil
			}
			ph.p.onService = func(cx *Context, s *ServiceRecord, ev ServiceEvent) error {
				if ev == ServiceStartCommand {
					return open(cx)
				}
				return nil
			}
			ph.post(func(cx *Context, n *Notification) error {
				pi, err := cx.PendingIntent(c.kind, 1, &Intent{Component: Comp(pkgName + "/" + c.class)}, PendingImmutable)
				n.Actions = []NotificationAction{{"Accept", pi}}
				return err
			})
			ph.tapText("Accept")
			ph.Step(3 * time.Second)
			if got := ph.p.saw("PlainActivity onResume"); got != c.want {
				t.Errorf("started: %t, want %t; trace %v", got, c.want, ph.p.trace)
			}
			blocked := ph.logged("NotificationService: Indirect notification activity start (trampoline) from org.example.voip blocked")
			if blocked == c.want {
				t.Errorf("blocked in the log: %t", blocked)
			}
		})
	}
}

// A tap on an activity's own node reaches its handler.
func TestTapOnActivity(t *testing.T) {
	ph := boot(t)
	clicked := 0
	ph.p.onActivity = func(_ *Context, a *ActivityRecord, ev ActivityEvent) error {
		if ev == ActivityCreate {
			a.SetContent(&View{Class: "android.widget.FrameLayout", Children: []*View{
				{Class: "android.widget.Button", ID: pkgName + ":id/answer", Text: "Answer", Bounds: Rect{100, 2000, 500, 2200}, Clickable: true,
					OnClick: func(*Context) error { clicked++; return nil }},
				{Class: "android.widget.Button", Text: "Off", Bounds: Rect{600, 2000, 1000, 2200}, Disabled: true,
					OnClick: func(*Context) error { clicked += 100; return nil }},
			}})
		}
		return nil
	}
	ph.start(".MainActivity")
	for _, at := range [][2]int{{300, 2100}, {800, 2100}, {300, 500}} {
		ph.Do(func(d *Device) { d.Input.Tap(at[0], at[1]) })
		ph.Step(100 * time.Millisecond)
	}
	if clicked != 1 {
		t.Errorf("%d clicks, want 1", clicked)
	}
	ph.sleepScreen()
	ph.Do(func(d *Device) { d.Input.Tap(300, 2100) })
	ph.Step(100 * time.Millisecond)
	if clicked != 1 {
		t.Error("a tap with the screen off was felt")
	}
}

func TestRemoveTaskKillsWithoutStopping(t *testing.T) {
	ph := boot(t)
	ph.start(".MainActivity")
	ph.Do(func(d *Device) { d.Input.Key(KeyHome, false) })
	ph.Step(time.Second)
	ph.Do(func(d *Device) {
		if !d.Activities.RemoveTask(d.Activities.Recents()[0].ID) {
			t.Fatal("no task")
		}
	})
	ph.Step(2 * time.Second)
	ph.Do(func(d *Device) {
		if d.Processes.ByName(pkgName) != nil || d.Packages.Get(pkgName).Stopped {
			t.Error("after a swipe from recents: still running, or stopped")
		}
		if ex := d.Processes.Exits(pkgName); len(ex) != 1 || ex[0].SubReason != SubReasonRemoveTask {
			t.Errorf("exits %+v", ex)
		}
	})
}

// The second crash of an app in front within a minute shows a dialog; the first none.
func TestCrashDialog(t *testing.T) {
	ph := boot(t)
	for n, want := range []int{0, 1} {
		ph.start(".MainActivity")
		ph.Do(func(d *Device) { d.Processes.Crash(ShellCaller(1), pkgName) })
		ph.Step(time.Second)
		ph.Do(func(d *Device) {
			if got := len(d.Windows.Dialogs()); got != want {
				t.Errorf("crash %d: %d dialogs", n+1, got)
			}
		})
	}
	if got := ph.focus(); got != "Application Error: org.example.voip" {
		t.Errorf("focus %s", got)
	}
	ph.tapText("Close app")
	if got := ph.focus(); got == "Application Error: org.example.voip" {
		t.Error("the dialog did not close")
	}
}

// A change of the configuration makes what is in front anew: the same task and
// record, another instance. The home screen has nothing to be made anew.
func TestConfigurationChange(t *testing.T) {
	ph := boot(t)
	ph.start(".MainActivity")
	ph.p.trace = nil
	ph.Do(func(d *Device) { d.Activities.ConfigurationChanged() })
	ph.Step(time.Second)
	want := []string{"MainActivity onPause", "MainActivity onStop", "MainActivity onDestroy", "MainActivity onCreate", "MainActivity onStart", "MainActivity onResume"}
	if diff := cmp.Diff(want, ph.p.trace); diff != "" {
		t.Error(diff)
	}
	if got := ph.resumed(); got != "org.example.voip/.MainActivity" {
		t.Errorf("resumed %s", got)
	}
	ph.Do(func(d *Device) { d.Input.Key(KeyHome, false) })
	ph.Step(time.Second)
	ph.p.trace = nil
	ph.Do(func(d *Device) { d.Activities.ConfigurationChanged() })
	ph.Step(time.Second)
	if len(ph.p.trace) > 0 || ph.resumed() != "com.android.launcher3/.uioverrides.QuickstepLauncher" {
		t.Errorf("at home: %v, resumed %s", ph.p.trace, ph.resumed())
	}
}
