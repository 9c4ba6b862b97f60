package android

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// push.md A.2, A.4 and correction 1: who gets a push, and what the receipt says.
func TestPushReceipt(t *testing.T) {
	fcm := &Intent{Action: "com.google.android.c2dm.intent.RECEIVE", Package: pkgName, Flags: FlagReceiverForeground}
	for _, c := range []struct {
		name   string
		by     Caller
		i      *Intent
		setup  func(d *Device)
		want   int
		runs   bool
		log    string
		starts bool // the package is no longer stopped afterwards
	}{
		{name: "shell holds DUMP", by: ShellCaller(1), i: pushIntent(), want: -1, runs: true},
		{name: "shell lacks c2dm SEND", by: ShellCaller(1), i: fcm, want: 0,
			log: "BroadcastQueue: Permission Denial: broadcasting Intent { act=com.google.android.c2dm.intent.RECEIVE flg=0x10400000 pkg=org.example.voip } from com.android.shell (pid=1, uid=2000) requires com.google.android.c2dm.permission.SEND due to receiver org.example.voip/.FcmReceiver"},
		{name: "root bypasses", by: RootCaller(1), i: fcm, want: -1, runs: true},
		{name: "stopped, by filter", by: ShellCaller(1), i: pushIntent(), want: 0,
			setup: func(d *Device) { d.Processes.ForceStop(ShellCaller(1), pkgName) }},
		{name: "stopped, by filter, included", by: ShellCaller(1), want: -1, runs: true, starts: true,
			i:     &Intent{Action: pushAct, Package: pkgName, Flags: FlagIncludeStoppedPackages},
			setup: func(d *Device) { d.Processes.ForceStop(ShellCaller(1), pkgName) }},
		{name: "stopped, by component", by: ShellCaller(1), want: -1, runs: true, starts: true,
			i:     &Intent{Component: Comp(pkgName + "/.PushReceiver")},
			setup: func(d *Device) { d.Processes.ForceStop(ShellCaller(1), pkgName) }},
		{name: "not exported", by: ShellCaller(1), i: &Intent{Component: Comp(pkgName + "/.ButtonReceiver")}, want: 0,
			log: "is not exported from uid 10100 due to receiver org.example.voip/.ButtonReceiver"},
		{name: "no such receiver", by: ShellCaller(1), i: &Intent{Action: "org.example.OTHER", Package: pkgName}, want: 0},
		{name: "implicit to a background app", by: ShellCaller(1), i: &Intent{Action: pushAct}, want: 0,
			log: "Background execution not allowed: receiving Intent { act=org.example.PUSH flg=0x400000 } to org.example.voip/.PushReceiver"},
		{name: "disabled", by: ShellCaller(1), i: pushIntent(), want: 0,
			setup: func(d *Device) {
				if err := d.Packages.SetEnabled(pkgName, DisabledUser); err != nil {
					t.Fatal(err)
				}
			}},
	} {
		t.Run(c.name, func(t *testing.T) {
			ph := boot(t)
			ph.p.onReceive = func(_ *Context, _ *Intent, r *PendingResult) error { r.SetCode(-1); return nil }
			if c.setup != nil {
				ph.Do(c.setup)
			}
			b := ph.send(c.by, c.i)
			if b.ResultCode != c.want {
				t.Errorf("result %d, want %d", b.ResultCode, c.want)
			}
			if ran := ph.p.launches > 0; ran != c.runs {
				t.Errorf("process started: %t, want %t", ran, c.runs)
			}
			if c.log != "" && !ph.logged(c.log) {
				t.Errorf("the log has no %q", c.log)
			}
			if c.starts {
				ph.Do(func(d *Device) {
					if d.Packages.Get(pkgName).Stopped {
						t.Error("still stopped after a component ran")
					}
				})
			}
		})
	}
}

// A freshly installed app that was never launched gets no push (push.md C).
func TestFreshInstallIsStopped(t *testing.T) {
	p := &probe{}
	s := New(Options{Packages: []PackageSpec{spec(p)}})
	defer s.Close()
	ph := &phone{System: s, t: t, p: p}
	s.Do(func(d *Device) {
		if pk := d.Packages.Get(pkgName); !pk.Stopped || !pk.NotLaunched {
			t.Errorf("stopped=%t notLaunched=%t", pk.Stopped, pk.NotLaunched)
		}
	})
	if b := ph.push(pushIntent()); b.ResultCode != 0 || p.launches != 0 {
		t.Errorf("result %d, %d starts", b.ResultCode, p.launches)
	}
	ph.start(".MainActivity")
	s.Do(func(d *Device) {
		if pk := d.Packages.Get(pkgName); pk.Stopped || pk.NotLaunched {
			t.Errorf("after a launch: stopped=%t notLaunched=%t", pk.Stopped, pk.NotLaunched)
		}
	})
}

func TestGoAsyncHoldsTheReceipt(t *testing.T) {
	ph := boot(t)
	ph.p.onReceive = func(c *Context, _ *Intent, r *PendingResult) error {
		r.GoAsync()
		c.Post(3*time.Second, func() error {
			r.Set(-1, `{"pid":1}`, Bundle{"k": "v"})
			r.Finish()
			return nil
		})
		return nil
	}
	var from time.Duration
	ph.Do(func(d *Device) { from = d.Elapsed() })
	b := ph.push(pushIntent())
	if b.ResultCode != -1 || b.ResultData != `{"pid":1}` || b.ResultExtras.Text("k") != "v" {
		t.Errorf("result %d %q %v", b.ResultCode, b.ResultData, b.ResultExtras)
	}
	if took := b.FinishedAt - from; took < 3*time.Second || took > 5*time.Second {
		t.Errorf("the receipt came after %v", took)
	}
}

// 10 s for foreground broadcasts, 60 s for others.
func TestBroadcastTimeout(t *testing.T) {
	for flags, limit := range map[uint32]time.Duration{FlagReceiverForeground: 10 * time.Second, 0: 60 * time.Second} {
		ph := boot(t)
		ph.p.onReceive = func(_ *Context, _ *Intent, r *PendingResult) error { r.GoAsync(); r.SetCode(7); return nil }
		b := ph.push(&Intent{Action: pushAct, Package: pkgName, Flags: flags})
		if b.Receivers[0].State != DeliveryTimeout {
			t.Errorf("state %s", b.Receivers[0].State)
		}
		if took := b.FinishedAt - b.Receivers[0].Scheduled; took < limit || took > limit+time.Second {
			t.Errorf("flags %#x: ended after %v, want %v", flags, took, limit)
		}
	}
}

func TestCrashInReceiverEndsTheBroadcast(t *testing.T) {
	ph := boot(t)
	ph.p.onReceive = func(*Context, *Intent, *PendingResult) error { return Throw(IllegalStateException, "boom") }
	b := ph.push(pushIntent())
	if b.ResultCode != 0 || b.Receivers[0].State != DeliveryFailure {
		t.Errorf("result %d, %s", b.ResultCode, b.Receivers[0].State)
	}
	// dumpsys.md 7.7: the crash block, and am_crash in the events buffer.
	want := "AndroidRuntime: FATAL EXCEPTION: main\nProcess: org.example.voip, PID: "
	if !ph.logged(want) || !ph.logged("java.lang.RuntimeException: Unable to start receiver org.example.voip.PushReceiver: java.lang.IllegalStateException: boom\n\tat ") ||
		!ph.logged("\nCaused by: java.lang.IllegalStateException: boom\n\tat ") {
		t.Error("no crash block")
	}
	var buffers []string
	ph.Do(func(d *Device) {
		for _, l := range d.Log.Lines() {
			if l.Tag == "AndroidRuntime" || l.Tag == "am_crash" {
				buffers = append(buffers, l.Buffer+"/"+l.Tag)
			}
		}
		ex := d.Processes.Exits(pkgName)
		if len(ex) != 1 || ex[0].Reason != ReasonCrash || ex[0].Description != "crash" {
			t.Errorf("exits %+v", ex)
		}
	})
	if diff := cmp.Diff([]string{"crash/AndroidRuntime", "events/am_crash"}, buffers); diff != "" {
		t.Error(diff)
	}
}

// A crash in Application.onCreate, as the guide's app has at every start
// (push.md D.3.1): nothing of the app ever runs, and the system does not loop.
func TestCrashInApplication(t *testing.T) {
	ph := boot(t)
	ph.p.onCreate = func(c *Context) error {
		a := selfManaged()
		a.Capabilities |= AccountCallProvider
		return c.Telecom().RegisterPhoneAccount(a)
	}
	if b := ph.push(pushIntent()); b.ResultCode != 0 {
		t.Errorf("result %d", b.ResultCode)
	}
	var r *StartResult
	ph.Do(func(d *Device) {
		r, _ = d.Activities.Start(ShellCaller(1), &Intent{Component: Comp(pkgName + "/.MainActivity")}, StartOptions{})
	})
	ph.Step(10 * time.Second)
	if !r.Done || ph.p.launches != 2 {
		t.Errorf("done %t, %d process starts", r.Done, ph.p.launches)
	}
	if diff := cmp.Diff([]string{"app", "app"}, ph.p.trace); diff != "" {
		t.Error(diff)
	}
	if !ph.logged("Unable to create application org.example.voip.App: java.lang.SecurityException: Self-managed ConnectionServices cannot also be call capable, connection managers, or SIM accounts.") {
		t.Error("no crash text")
	}
	ph.Do(func(d *Device) {
		if a := d.Activities.Resumed; a == nil || a.Package != "com.android.launcher3" {
			t.Errorf("resumed %s, want the launcher", a)
		}
	})
}

func TestProtectedBroadcast(t *testing.T) {
	ph := boot(t)
	ph.Do(func(d *Device) {
		_, err := d.Broadcasts.Send(ShellCaller(77), &Intent{Action: "android.intent.action.BOOT_COMPLETED"}, BroadcastOptions{Ordered: true})
		wantException(t, err, SecurityException, "Permission Denial: not allowed to send broadcast android.intent.action.BOOT_COMPLETED from pid=77, uid=2000")
	})
}
