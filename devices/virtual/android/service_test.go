package android

import (
	"strings"
	"testing"
	"time"
)

var callService = &Intent{Component: Comp(pkgName + "/.CallService")}

// push.md A.3, D.2 row 12: where a foreground service may be started from.
func TestForegroundServiceStart(t *testing.T) {
	const denied = "startForegroundService() not allowed due to mAllowStartForeground false: service org.example.voip/.CallService"
	for _, c := range []struct {
		name  string
		setup func(ph *phone)
		want  string // AllowReason, "" = refused
	}{
		{"after a plain push", func(*phone) {}, ""},
		{"on the temporary allowlist", func(ph *phone) {
			ph.Do(func(d *Device) { _ = d.DeviceIdle.AddTemp(pkgName, 10*time.Second, "shell") })
		}, "TEMP_ALLOWLISTED"},
		{"allowlist expired", func(ph *phone) {
			ph.Do(func(d *Device) { _ = d.DeviceIdle.AddTemp(pkgName, 10*time.Second, "shell") })
			ph.Step(11 * time.Second)
		}, ""},
		{"in front", func(ph *phone) { ph.start(".MainActivity") }, "PROC_STATE_TOP"},
		{"bound by Telecom", func(ph *phone) {
			ph.p.onReceive = func(c *Context, _ *Intent, _ *PendingResult) error {
				return c.Telecom().AddNewIncomingCall(ringAccount, nil)
			}
			ph.ring()
		}, "PROC_STATE_BFGS"},
	} {
		t.Run(c.name, func(t *testing.T) {
			ph := boot(t)
			ph.p.onCreate = func(cx *Context) error { return cx.Telecom().RegisterPhoneAccount(selfManaged()) }
			ph.push(pushIntent())
			c.setup(ph)
			err := ph.inApp(func(cx *Context) error { return cx.StartForegroundService(callService) })
			if c.want == "" {
				wantException(t, err, ForegroundServiceStartNotAllowed, denied)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			ph.Do(func(d *Device) {
				r := d.Services.Get(callService.Component)
				if r == nil || r.AllowReason != c.want {
					t.Errorf("service %+v, want reason %s", r, c.want)
				}
			})
			if !ph.p.saw("service start") {
				t.Errorf("trace %v", ph.p.trace)
			}
		})
	}
}

func foreground(ph *phone, types uint32) (err error) {
	ph.p.onService = func(c *Context, s *ServiceRecord, ev ServiceEvent) error {
		if ev == ServiceStartCommand && s.Component == callService.Component {
			_ = c.CreateChannel(Channel{ID: "ongoing", Name: "Ongoing", Importance: ImportanceDefault})
			err = s.StartForeground(42, &Notification{ChannelID: "ongoing", Category: "call", CallStyle: &CallStyle{Type: CallStyleOngoing}}, types)
		}
		return nil
	}
	ph.start(".MainActivity")
	if e := ph.inApp(func(c *Context) error { return c.StartForegroundService(callService) }); e != nil {
		return e
	}
	ph.Step(time.Second)
	return err
}

func TestForegroundServiceRuns(t *testing.T) {
	ph := boot(t)
	if err := foreground(ph, FGSPhoneCall); err != nil {
		t.Fatal(err)
	}
	const key = "0|org.example.voip|42|null|10100"
	ph.Do(func(d *Device) {
		d.Input.Key(KeyHome, false)
		r := d.Services.Get(callService.Component)
		if !r.Foreground || r.ForegroundTypes != FGSPhoneCall || r.ForegroundKey != key {
			t.Errorf("service %+v", r)
		}
		n := d.Notifications.Get(key)
		if n == nil || n.Notification.Flags&(FlagForegroundService|FlagOngoing|FlagNoClear) != FlagForegroundService|FlagOngoing|FlagNoClear {
			t.Fatalf("notification %+v", n)
		}
		ph.p.ctx.CancelNotification(42)
		if d.Notifications.Get(key) == nil {
			t.Error("the app canceled its foreground service's notification")
		}
	})
	ph.Step(2 * time.Second)
	ph.Do(func(d *Device) {
		pr := d.Processes.ByName(pkgName)
		if pr.State != ProcForegroundService {
			t.Errorf("process is %s, want FGS", pr.State.Token())
		}
		d.Processes.KillBackground(ShellCaller(1), pkgName)
		if pr.Dead {
			t.Error("am kill ended a foreground service")
		}
		_ = d.Processes.KillPID(RootCaller(1), pr.PID)
		if d.Notifications.Get(key) != nil || len(d.Services.All()) != 0 {
			t.Error("the service's notification outlived it")
		}
	})
}

// push.md D.2 row 14: types must be declared and permitted.
func TestForegroundServiceTypes(t *testing.T) {
	without := func(perm string) func(o *Options, s *PackageSpec) {
		return func(_ *Options, s *PackageSpec) {
			for i, p := range s.Permissions {
				if p == perm {
					s.Permissions = append(s.Permissions[:i:i], s.Permissions[i+1:]...)
					return
				}
			}
		}
	}
	for _, c := range []struct {
		name   string
		types  uint32
		change func(o *Options, s *PackageSpec)
		class  string
		has    []string
	}{
		{"no permission of the type", FGSPhoneCall, without("android.permission.FOREGROUND_SERVICE_PHONE_CALL"), SecurityException,
			[]string{"Starting FGS with type phoneCall callerApp=ProcessRecord{", ":org.example.voip/u0a100} targetSDK=34 requires permissions: all of the permissions allOf=true [android.permission.FOREGROUND_SERVICE_PHONE_CALL] any of the permissions allOf=false [android.permission.MANAGE_OWN_CALLS]"}},
		{"no MANAGE_OWN_CALLS", FGSPhoneCall, without(permManageOwnCalls), SecurityException, []string{"Starting FGS with type phoneCall"}},
		{"no FOREGROUND_SERVICE", FGSPhoneCall, without("android.permission.FOREGROUND_SERVICE"), SecurityException,
			[]string{"requires android.permission.FOREGROUND_SERVICE"}},
		{"not in the manifest", FGSMicrophone, func(*Options, *PackageSpec) {}, IllegalArgumentException,
			[]string{"foregroundServiceType 0x00000080 is not a subset of foregroundServiceType attribute 0x00000004 in service element of manifest file"}},
		{"no type at all", FGSManifest, func(_ *Options, s *PackageSpec) { s.Components[7].ForegroundServiceType = 0 },
			MissingForegroundServiceTypeException, []string{"Starting FGS without a type"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			ph := boot(t, c.change)
			e := AsException(foreground(ph, c.types))
			if e == nil || e.Class != c.class {
				t.Fatalf("got %v, want %s", e, c.class)
			}
			for _, h := range c.has {
				if !strings.Contains(e.Message, h) {
					t.Errorf("message %q lacks %q", e.Message, h)
				}
			}
		})
	}
}

// A promise that is not kept crashes the app after 30 s (14).
func TestForegroundServiceDidNotStart(t *testing.T) {
	ph := boot(t)
	ph.start(".MainActivity")
	ph.Do(func(d *Device) { d.Settings.Put(SystemNS, "screen_off_timeout", "600000"); d.Power.UserActivity() })
	if err := ph.inApp(func(c *Context) error { return c.StartForegroundService(callService) }); err != nil {
		t.Fatal(err)
	}
	ph.Step(29 * time.Second)
	ph.Do(func(d *Device) {
		if d.Processes.ByName(pkgName) == nil {
			t.Error("crashed too early")
		}
	})
	ph.Step(2 * time.Second)
	if !ph.logged("android.app.RemoteServiceException$ForegroundServiceDidNotStartInTimeException: Context.startForegroundService() did not then call Service.startForeground(): ServiceRecord{") {
		t.Error("no crash")
	}
}

// Android 8: no startService from the background.
func TestBackgroundService(t *testing.T) {
	ph := boot(t)
	ph.push(pushIntent())
	svc := &Intent{Component: Comp(pkgName + "/.PlainService")}
	start := func(c *Context) error { return c.StartService(svc) }
	e := AsException(ph.inApp(start))
	if e == nil || e.Class != BackgroundServiceStartNotAllowed ||
		!strings.HasPrefix(e.Message, "Not allowed to start service Intent { cmp=org.example.voip/.PlainService }: app is in background uid UidRecord{") {
		t.Fatalf("got %v", e)
	}
	ph.Do(func(d *Device) { _ = d.DeviceIdle.AddTemp(pkgName, time.Second, "shell") })
	if err := ph.inApp(start); err != nil {
		t.Errorf("on the allowlist: %v", err)
	}
	// An app that was in front keeps the right for a minute.
	ph = boot(t)
	ph.start(".MainActivity")
	ph.Do(func(d *Device) { d.Input.Key(KeyHome, false) })
	ph.Step(30 * time.Second)
	if err := ph.inApp(start); err != nil {
		t.Errorf("30 s after HOME: %v", err)
	}
	ph = boot(t)
	ph.start(".MainActivity")
	ph.Do(func(d *Device) { d.Input.Key(KeyHome, false) })
	ph.Step(70 * time.Second)
	if err := ph.inApp(start); err == nil {
		t.Error("70 s after HOME it may still start services")
	}
}

// push.md C: a user's background restriction refuses the foreground service quietly.
func TestUserRestrictedBackground(t *testing.T) {
	ph := boot(t)
	ph.push(pushIntent())
	ph.Do(func(d *Device) {
		_ = d.AppOps.Set(pkgName, "RUN_ANY_IN_BACKGROUND", OpIgnore)
		_ = d.DeviceIdle.AddTemp(pkgName, 10*time.Second, "shell")
	})
	if err := ph.inApp(func(c *Context) error { return c.StartForegroundService(callService) }); err != nil {
		t.Fatal(err)
	}
	ph.Do(func(d *Device) {
		if d.Services.Get(callService.Component) != nil {
			t.Error("it started")
		}
	})
}
