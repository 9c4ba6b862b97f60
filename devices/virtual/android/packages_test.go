package android

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// dumpsys.md 7.3: what pm grant and pm revoke throw, and what they change.
func TestGrantAndRevoke(t *testing.T) {
	const mic, post = "android.permission.RECORD_AUDIO", "android.permission.POST_NOTIFICATIONS"
	for _, c := range []struct {
		name       string
		do         func(p *Packages) error
		class, msg string
	}{
		{"unknown package", func(p *Packages) error { return p.Grant(ShellCaller(1), "no.such", mic) }, IllegalArgumentException, "Unknown package: no.such"},
		{"unknown permission", func(p *Packages) error { return p.Grant(ShellCaller(1), pkgName, "a.b.C") }, IllegalArgumentException, "Unknown permission: a.b.C"},
		{"not requested", func(p *Packages) error { return p.Grant(ShellCaller(1), pkgName, "android.permission.CAMERA") }, SecurityException,
			"Package org.example.voip has not requested permission android.permission.CAMERA"},
		{"not changeable", func(p *Packages) error { return p.Revoke(ShellCaller(1), pkgName, permManageOwnCalls) }, SecurityException,
			"Permission android.permission.MANAGE_OWN_CALLS requested by org.example.voip is not a changeable permission type"},
		{"an app may not", func(p *Packages) error { return p.Grant(Caller{UID: 10100, Package: pkgName}, pkgName, mic) }, SecurityException,
			"grantRuntimePermission: Neither user 10100 nor current process has android.permission.GRANT_RUNTIME_PERMISSIONS."},
	} {
		t.Run(c.name, func(t *testing.T) {
			ph := boot(t)
			ph.Do(func(d *Device) { wantException(t, c.do(d.Packages), c.class, c.msg) })
		})
	}
	ph := boot(t)
	ph.push(pushIntent())
	ph.Do(func(d *Device) {
		pk := d.Packages.Get(pkgName)
		if m, set := d.AppOps.UIDMode(pk.UID, "POST_NOTIFICATION"); m != OpAllow || !set {
			t.Errorf("uid mode %s %t while granted", m, set)
		}
		// The grant of a permission that is held, or of one that is not: no kill.
		if err := d.Packages.Grant(ShellCaller(1), pkgName, mic); err != nil || !pk.Holds(mic) {
			t.Error(err)
		}
		if d.Processes.ByName(pkgName) == nil {
			t.Fatal("pm grant killed the app")
		}
		// push.md C: revoking kills.
		if err := d.Packages.Revoke(ShellCaller(1), pkgName, post); err != nil || pk.Holds(post) {
			t.Error(err)
		}
		if d.Processes.ByName(pkgName) != nil {
			t.Error("the app survived pm revoke")
		}
		ex := d.Processes.Exits(pkgName)[0]
		if ex.Reason != ReasonPermissionChange || ex.Description != "permissions revoked" {
			t.Errorf("exit %+v", ex)
		}
		if m, _ := d.AppOps.UIDMode(pk.UID, "POST_NOTIFICATION"); m != OpIgnore {
			t.Errorf("uid mode %s after the revoke", m)
		}
		if pk.Stopped {
			t.Error("pm revoke stopped the package")
		}
		// Nothing left to revoke: no error, no kill.
		if err := d.Packages.Revoke(ShellCaller(1), pkgName, post); err != nil {
			t.Error(err)
		}
	})
}

// push.md A.2 and A.4: shell holds DUMP and not c2dm SEND; root holds everything.
func TestWhoHoldsWhat(t *testing.T) {
	ph := boot(t)
	const send = "com.google.android.c2dm.permission.SEND"
	ph.Do(func(d *Device) {
		app := Caller{UID: d.Packages.Get(pkgName).UID}
		for _, c := range []struct {
			by   Caller
			perm string
			want bool
		}{
			{ShellCaller(1), "android.permission.DUMP", true},
			{ShellCaller(1), send, false},
			{ShellCaller(1), permManageOwnCalls, true},
			{ShellCaller(1), "android.permission.BIND_TELECOM_CONNECTION_SERVICE", false},
			{RootCaller(1), send, true},
			{SystemCaller(), send, true},
			{app, permManageOwnCalls, true},
			{app, "android.permission.DUMP", false}, // requested, signature|development
			{app, "android.permission.RECORD_AUDIO", false},
			{app, "android.permission.USE_FULL_SCREEN_INTENT", true}, // 14: granted by default
		} {
			if got := d.Packages.CheckPermission(c.by, c.perm); got != c.want {
				t.Errorf("uid %d holds %s: %t, want %t", c.by.UID, c.perm, got, c.want)
			}
		}
		// DUMP is a development permission: pm grant gives it.
		if err := d.Packages.Grant(ShellCaller(1), pkgName, "android.permission.DUMP"); err != nil {
			t.Error(err)
		}
		if !d.Packages.CheckPermission(app, "android.permission.DUMP") {
			t.Error("DUMP was not granted")
		}
	})
}

// push.md D.2, dumpsys.md 4.6: default means the permission, which is granted.
func TestFullScreenIntentOp(t *testing.T) {
	ph := boot(t)
	ph.push(pushIntent())
	for mode, want := range map[OpMode]bool{OpDefault: true, OpAllow: true, OpIgnore: false, OpDeny: false} {
		ph.Do(func(d *Device) {
			if err := d.AppOps.Set(pkgName, "USE_FULL_SCREEN_INTENT", mode); err != nil {
				t.Fatal(err)
			}
			if got := ph.p.ctx.CanUseFullScreenIntent(); got != want {
				t.Errorf("%s: %t, want %t", mode, got, want)
			}
		})
	}
	ph.Do(func(d *Device) {
		wantException(t, d.AppOps.Set(pkgName, "NO_SUCH_OP", OpAllow), IllegalArgumentException, "Unknown operation string: NO_SUCH_OP")
		_ = d.AppOps.Set(pkgName, "RUN_ANY_IN_BACKGROUND", OpIgnore)
		_ = d.AppOps.Set(pkgName, "USE_FULL_SCREEN_INTENT", OpDeny)
		var got []string
		for _, e := range d.AppOps.Entries(pkgName) {
			got = append(got, e.Op+" "+string(e.Mode))
		}
		if diff := cmp.Diff([]string{"RUN_ANY_IN_BACKGROUND ignore", "USE_FULL_SCREEN_INTENT deny"}, got); diff != "" {
			t.Error(diff)
		}
	})
}

// dumpsys.md 4.5 and 4.8: what each kill leaves behind.
func TestKills(t *testing.T) {
	for _, c := range []struct {
		name    string
		kill    func(ph *phone, d *Device)
		reason  ExitReason
		sub     ExitSubReason
		desc    string
		stopped bool
	}{
		{"force-stop", func(_ *phone, d *Device) { d.Processes.ForceStop(ShellCaller(4321), pkgName) }, ReasonUserRequested, SubReasonForceStop,
			"stop org.example.voip due to from pid 4321", true},
		{"am kill", func(_ *phone, d *Device) { d.Processes.KillBackground(ShellCaller(1), pkgName) }, ReasonUserRequested, SubReasonKillBackground,
			"kill background", false},
		{"kill -9", func(_ *phone, d *Device) {
			_ = d.Processes.KillPID(Caller{UID: 10100}, d.Processes.ByName(pkgName).PID)
		}, ReasonSignaled, SubReasonUnknown, "", false},
		{"exit", func(ph *phone, _ *Device) { ph.p.ctx.Exit() }, ReasonExitSelf, SubReasonUnknown, "", false},
		{"am crash", func(_ *phone, d *Device) { d.Processes.Crash(ShellCaller(1), pkgName) }, ReasonCrash, SubReasonUnknown, "crash", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			ph := boot(t)
			ph.push(pushIntent())
			ph.Step(time.Second)
			ph.Do(func(d *Device) { c.kill(ph, d) })
			ph.Do(func(d *Device) {
				if d.Processes.ByName(pkgName) != nil {
					t.Fatal("it still runs")
				}
				ex := d.Processes.Exits(pkgName)
				if len(ex) != 1 || ex[0].Reason != c.reason || ex[0].SubReason != c.sub || ex[0].Description != c.desc {
					t.Errorf("exits %+v", ex)
				}
				if got := d.Packages.Get(pkgName).Stopped; got != c.stopped {
					t.Errorf("stopped=%t, want %t", got, c.stopped)
				}
			})
		})
	}
}

// push.md C: a force-stopped app has no process and is stopped=true, also when
// the user was just looking at it: its activities go with it and are not made
// anew.
func TestForceStopOfTheAppInFront(t *testing.T) {
	ph := boot(t)
	ph.start(".MainActivity")
	ph.Do(func(d *Device) { d.Processes.ForceStop(ShellCaller(4321), pkgName) })
	ph.Step(5 * time.Second)
	ph.Do(func(d *Device) {
		if pr := d.Processes.ByName(pkgName); pr != nil {
			t.Errorf("process %d was started for it", pr.PID)
		}
		if !d.Packages.Get(pkgName).Stopped {
			t.Error("stopped=false")
		}
	})
	if got := ph.resumed(); got != "com.android.launcher3/.uioverrides.QuickstepLauncher" {
		t.Errorf("in front: %s", got)
	}
	if r := ph.start(".MainActivity"); r.LaunchState != "COLD" || r.Code != StartSuccess {
		t.Errorf("the next start: %+v", r)
	}
}

// push.md C: am kill spares what the user sees and what runs as a service.
func TestAmKillSparesImportantProcesses(t *testing.T) {
	ph := boot(t)
	ph.start(".MainActivity")
	kill := func(d *Device) { d.Processes.KillBackground(ShellCaller(1), pkgName) }
	ph.Do(kill)
	ph.Do(func(d *Device) {
		pr := d.Processes.ByName(pkgName)
		if pr == nil || pr.State != ProcTop {
			t.Fatalf("the foreground app: %+v", pr)
		}
		d.Input.Key(KeyHome, false)
	})
	ph.Step(2 * time.Second)
	ph.Do(func(d *Device) {
		if st := d.Processes.ByName(pkgName).State; st != ProcLastActivity {
			t.Errorf("in the background it is %s, want LAST", st.Token())
		}
	})
	ph.Do(kill)
	ph.Do(func(d *Device) {
		if d.Processes.ByName(pkgName) != nil {
			t.Error("am kill spared a background app")
		}
		// Its task stays; the activity is created again when it comes back.
		if len(d.Activities.Recents()) != 1 {
			t.Error("am kill took the task")
		}
	})
	r := ph.start(".MainActivity")
	if r.Code != StartTaskToFront || r.LaunchState != "COLD" {
		t.Errorf("start: code %d, %s", r.Code, r.LaunchState)
	}
}

func TestOtherUsersCannotKill(t *testing.T) {
	ph := boot(t)
	ph.push(pushIntent())
	ph.Do(func(d *Device) {
		wantException(t, d.Processes.KillPID(ShellCaller(1), d.Processes.ByName(pkgName).PID), SecurityException, "Operation not permitted")
	})
}

func TestInstallUpdateUninstall(t *testing.T) {
	ph := boot(t)
	ph.push(pushIntent())
	ph.Do(func(d *Device) {
		old := d.Packages.Get(pkgName)
		s := old.PackageSpec
		s.VersionCode = 2
		pk := d.Packages.Install(s)
		if pk.UID != old.UID || pk.VersionCode != 2 || pk.Stopped || !pk.Holds("android.permission.POST_NOTIFICATIONS") {
			t.Errorf("update: %+v", pk)
		}
		if d.Processes.ByName(pkgName) != nil {
			t.Error("the old code still runs")
		}
		if !d.Packages.Uninstall(pkgName, false) || d.Packages.Get(pkgName) != nil || d.Packages.Uninstall(pkgName, false) {
			t.Error("uninstall")
		}
		if d.Packages.Uninstall("com.android.settings", false) {
			t.Error("a system package was uninstalled")
		}
	})
}
