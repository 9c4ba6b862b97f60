package android

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// sinceRelease runs a case on every release and wants it to hold from one release on. The
// app targets 34 on all of them.
func sinceRelease(t *testing.T, first int, change func(s *PackageSpec), holds func(t *testing.T, ph *phone) bool) {
	t.Helper()
	for api := FirstAPI; api <= LastAPI; api++ {
		ph := callApp(t, func(o *Options, s *PackageSpec) {
			o.API, s.TargetSDK = api, 34
			if change != nil {
				change(s)
			}
		})
		if got, want := holds(t, ph), api >= first; got != want {
			t.Errorf("API %d: %t, want %t", api, got, want)
		}
	}
}

func lessPermission(s *PackageSpec, permission string) {
	var kept []string
	for _, p := range s.Permissions {
		if p != permission {
			kept = append(kept, p)
		}
	}
	s.Permissions = kept
}

func says(err error, text string) bool {
	var e *Exception
	return errors.As(err, &e) && strings.Contains(e.Error(), text)
}

// Each rule comes with its release: the version matrix of the releases' own notes.
func TestRulesByRelease(t *testing.T) {
	quiet := func(ph *phone) { ph.p.onReceive = nil } // a push starts the process and no call
	t.Run("foreground services are not started from the background", func(t *testing.T) {
		sinceRelease(t, 31, nil, func(_ *testing.T, ph *phone) bool {
			quiet(ph)
			return says(ph.inApp(func(c *Context) error { return c.StartForegroundService(callService) }), "mAllowStartForeground false")
		})
	})
	t.Run("activities are not started from the background", func(t *testing.T) {
		sinceRelease(t, 29, nil, func(t *testing.T, ph *phone) bool {
			quiet(ph)
			if err := ph.inApp(func(c *Context) error { return c.StartActivity(plain()) }); err != nil {
				t.Error(err)
			}
			ph.Step(time.Second)
			blocked := true
			ph.Do(func(d *Device) {
				if r := d.Activities.FocusedApp(); r != nil && r.Component == plain().Component {
					blocked = false
				}
			})
			return blocked
		})
	})
	t.Run("posting wants a permission", func(t *testing.T) {
		sinceRelease(t, 33, func(s *PackageSpec) { s.Granted = nil }, func(t *testing.T, ph *phone) bool {
			quiet(ph)
			return posted(t, ph, &Notification{ChannelID: "calls"}) == nil
		})
	})
	t.Run("a full-screen intent wants a permission", func(t *testing.T) {
		sinceRelease(t, 29, func(s *PackageSpec) { lessPermission(s, "android.permission.USE_FULL_SCREEN_INTENT") }, func(t *testing.T, ph *phone) bool {
			quiet(ph)
			r := posted(t, ph, &Notification{ChannelID: "calls", FullScreenIntent: &PendingIntent{Kind: PendingActivity, Intent: plain()}})
			return r.Notification.FullScreenIntent == nil
		})
	})
	t.Run("the user may deny full-screen intents", func(t *testing.T) {
		sinceRelease(t, 34, nil, func(t *testing.T, ph *phone) bool {
			quiet(ph)
			var err error
			ph.Do(func(d *Device) { err = d.AppOps.Set(pkgName, "USE_FULL_SCREEN_INTENT", OpDeny) })
			if err != nil && !says(err, "Unknown operation string") {
				t.Error(err)
			}
			r := posted(t, ph, &Notification{ChannelID: "calls", FullScreenIntent: &PendingIntent{Kind: PendingActivity, Intent: plain()}})
			return r.Notification.FullScreenIntent == nil && r.Notification.Flags&FlagFSIDenied != 0
		})
	})
	t.Run("there is a call style", func(t *testing.T) {
		sinceRelease(t, 31, nil, func(_ *testing.T, ph *phone) bool {
			quiet(ph)
			err := ph.inApp(func(c *Context) error {
				_ = c.CreateChannel(Channel{ID: "calls", Name: "Calls", Importance: ImportanceHigh})
				return c.Notify(7, &Notification{ChannelID: "calls", CallStyle: &CallStyle{Type: CallStyleIncoming}, FullScreenIntent: &PendingIntent{Kind: PendingActivity, Intent: plain()}})
			})
			return !says(err, "NoClassDefFoundError: Failed resolution of: Landroid/app/Notification$CallStyle;")
		})
	})
	for name, r := range map[string]struct {
		first      int
		permission string
		says       string
	}{
		"startForeground wants a permission":  {28, "android.permission.FOREGROUND_SERVICE", "requires android.permission.FOREGROUND_SERVICE"},
		"a service's type wants a permission": {34, "android.permission.FOREGROUND_SERVICE_PHONE_CALL", "Starting FGS with type phoneCall"},
	} {
		t.Run(name, func(t *testing.T) {
			sinceRelease(t, r.first, func(s *PackageSpec) { lessPermission(s, r.permission) }, func(_ *testing.T, ph *phone) bool {
				quiet(ph)
				ph.p.onService = func(c *Context, s *ServiceRecord, ev ServiceEvent) error {
					if ev != ServiceStartCommand {
						return nil
					}
					_ = c.CreateChannel(Channel{ID: "ongoing", Name: "Ongoing", Importance: ImportanceDefault})
					return s.StartForeground(42, &Notification{ChannelID: "ongoing"}, FGSPhoneCall)
				}
				ph.start(".MainActivity")
				_ = ph.inApp(func(c *Context) error { return c.StartForegroundService(callService) })
				ph.Step(time.Second)
				return ph.logged(r.says)
			})
		})
	}
	t.Run("a pending intent says whether it is mutable", func(t *testing.T) {
		sinceRelease(t, 31, nil, func(_ *testing.T, ph *phone) bool {
			quiet(ph)
			return says(ph.inApp(func(c *Context) error {
				_, err := c.PendingIntent(PendingActivity, 1, plain(), 0)
				return err
			}), "FLAG_IMMUTABLE or FLAG_MUTABLE")
		})
	})
	t.Run("an app has ten accounts", func(t *testing.T) {
		sinceRelease(t, 33, nil, func(_ *testing.T, ph *phone) bool {
			quiet(ph)
			return says(ph.inApp(func(c *Context) error {
				for n := range 11 {
					a := selfManaged()
					a.Handle.ID = fmt.Sprint(n)
					if err := c.Telecom().RegisterPhoneAccount(a); err != nil {
						return err
					}
				}
				return nil
			}), "the limit, 10, has been reached")
		})
	})
	t.Run("an accepted call is ANSWERED", func(t *testing.T) {
		sinceRelease(t, 29, nil, func(_ *testing.T, ph *phone) bool {
			ph.ring()
			ph.Do(func(d *Device) { d.Telecom.HeadsetButton(false) })
			answered := false
			ph.Do(func(d *Device) { answered = d.Telecom.Calls[0].State == CallAnswered })
			return answered
		})
	})
	t.Run("the permission to post can be granted", func(t *testing.T) {
		sinceRelease(t, 33, nil, func(_ *testing.T, ph *phone) bool {
			var err error
			ph.Do(func(d *Device) {
				err = d.Packages.Grant(ShellCaller(5000), pkgName, "android.permission.POST_NOTIFICATIONS")
			})
			return !says(err, "Unknown permission: android.permission.POST_NOTIFICATIONS")
		})
	})
	t.Run("force-stop cancels pending intents", func(t *testing.T) {
		sinceRelease(t, 35, nil, func(_ *testing.T, ph *phone) bool {
			quiet(ph)
			_ = ph.inApp(func(c *Context) error {
				_, err := c.PendingIntent(PendingActivity, 1, plain(), PendingImmutable)
				return err
			})
			left := 0
			ph.Do(func(d *Device) {
				d.Processes.ForceStop(ShellCaller(5000), pkgName)
				left = len(d.Intents.All())
			})
			return left == 0
		})
	})
	t.Run("BACK leaves the root activity alive", func(t *testing.T) {
		sinceRelease(t, 31, nil, func(_ *testing.T, ph *phone) bool {
			quiet(ph)
			ph.Do(func(d *Device) {
				_, _ = d.Activities.Start(ShellCaller(5000), &Intent{Action: ActionMain, Categories: []string{CategoryLauncher}, Component: Comp(pkgName + "/.MainActivity")}, StartOptions{})
			})
			ph.Step(2 * time.Second)
			ph.Do(func(d *Device) { d.Activities.Back() })
			ph.Step(2 * time.Second)
			return !ph.p.saw("MainActivity onDestroy")
		})
	})
}

// posted posts and returns the record, nil when it was dropped.
func posted(t *testing.T, ph *phone, n *Notification) (r *NotificationRecord) {
	t.Helper()
	err := ph.inApp(func(c *Context) error {
		if err := c.CreateChannel(Channel{ID: n.ChannelID, Name: "Calls", Importance: ImportanceHigh}); err != nil {
			return err
		}
		return c.Notify(7, n)
	})
	if err != nil {
		t.Fatal(err)
	}
	ph.Step(time.Second)
	ph.Do(func(d *Device) {
		if list := d.Notifications.Posted(); len(list) > 0 {
			r = list[0]
		}
	})
	return r
}

// What a maker's phone does otherwise.
func TestMakersRules(t *testing.T) {
	for _, maker := range Makers() {
		t.Run(maker, func(t *testing.T) {
			m, err := MakerOf(maker)
			if err != nil {
				t.Fatal(err)
			}
			for _, trusted := range []bool{false, true} {
				ph := callApp(t, func(o *Options, _ *PackageSpec) { o.Maker, o.Trusted = maker, trusted })
				var grant error
				ph.Do(func(d *Device) {
					grant = d.Packages.Grant(ShellCaller(5000), pkgName, "android.permission.RECORD_AUDIO")
				})
				refused := says(grant, "grantRuntimePermission: Neither user 2000 nor current process has android.permission.GRANT_RUNTIME_PERMISSIONS.")
				if want := !trusted && (maker == "xiaomi" || maker == "oneplus"); refused != want {
					t.Errorf("trusted %t: grant: %v, refused %t, want %t", trusted, grant, refused, want)
				}
			}
			ph := callApp(t, func(o *Options, _ *PackageSpec) { o.Maker = maker })
			ph.start(".MainActivity")
			ph.Do(func(d *Device) { d.Activities.RemoveTask(d.Activities.Recents()[0].ID) })
			ph.Step(2 * time.Second)
			ph.Do(func(d *Device) {
				if got := d.Packages.Get(pkgName).Stopped; got != m.StopsOnSwipe {
					t.Errorf("stopped by a swipe: %t, want %t", got, m.StopsOnSwipe)
				}
			})
		})
	}
}

// On Xiaomi's phones an activity shows over the lock screen only if an app-op of
// theirs says so.
func TestLockScreenOp(t *testing.T) {
	for _, mode := range []OpMode{OpIgnore, OpAllow} {
		ph := callApp(t, func(o *Options, _ *PackageSpec) { o.Maker = "xiaomi" })
		ph.setPIN()
		ph.Do(func(d *Device) {
			if err := d.AppOps.Set(pkgName, d.AppOps.Name("10020"), mode); err != nil {
				t.Fatal(err)
			}
		})
		ph.sleepScreen()
		ph.Do(func(d *Device) {
			if _, err := d.Activities.Start(SystemCaller(), &Intent{Component: Comp(pkgName + "/.RingActivity"), Flags: FlagActivityNewTask}, StartOptions{}); err != nil {
				t.Fatal(err)
			}
		})
		ph.Step(2 * time.Second)
		ph.Do(func(d *Device) {
			if got, want := d.Keyguard.Occluded, mode == OpAllow; got != want {
				t.Errorf("%s: occluded %t, want %t", mode, got, want)
			}
		})
	}
}

// On Xiaomi's phones another of their app-ops keeps an app from opening a screen
// in the background, even one that Android lets; other makers' phones have none.
func TestPopUpOp(t *testing.T) {
	for _, c := range []struct {
		maker string
		mode  OpMode
		want  int
	}{
		{"xiaomi", OpIgnore, StartAborted},
		{"xiaomi", OpAllow, StartSuccess},
		{"pixel", "", StartSuccess},
	} {
		ph := callApp(t, func(o *Options, _ *PackageSpec) { o.Maker = c.maker })
		ph.Do(func(d *Device) {
			if err := d.AppOps.Set(pkgName, "SYSTEM_ALERT_WINDOW", OpAllow); err != nil {
				t.Fatal(err)
			}
			if c.mode != "" {
				if err := d.AppOps.Set(pkgName, d.AppOps.Name("10021"), c.mode); err != nil {
					t.Fatal(err)
				}
			}
			by := Caller{UID: d.Packages.Get(pkgName).UID, Package: pkgName}
			res, err := d.Activities.Start(by, &Intent{Component: Comp(pkgName + "/.RingActivity"), Flags: FlagActivityNewTask}, StartOptions{})
			if err != nil || res.Code != c.want {
				t.Errorf("%s %s: %v, want %v: %v", c.maker, c.mode, res, c.want, err)
			}
		})
	}
}
