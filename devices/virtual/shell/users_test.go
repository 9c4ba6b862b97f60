package shell

import (
	"strings"
	"testing"
	"time"

	"github.com/ringproof/ringproof/devices/virtual/android"
)

// step is a command and a part of what it must print; "!" before it means must not.
type step struct{ line, want string }

func (p *phone) walk(t *testing.T, steps []step) {
	t.Helper()
	for _, s := range steps {
		r := p.run(t, s.line)
		all := r.out + r.err
		if part, not := strings.CutPrefix(s.want, "!"); not && strings.Contains(all, part) || !not && !strings.Contains(all, s.want) {
			t.Fatalf("%s\nprinted %q\nwant %q", s.line, all, s.want)
		}
	}
}

// A work profile: an app of its own with a uid of its own, states of its own, and
// nothing that runs while it is paused.
func TestWorkProfile(t *testing.T) {
	p := newPhone(t)
	push := "am broadcast --user 10 -a org.example.PUSH -p " + app
	p.walk(t, []step{
		{"pm list users", "Users:\n\tUserInfo{0:Owner:4c13} running\n"},
		{"pm create-user --profileOf 0 --managed Work", "Success: created user id 10\n"},
		{"pm create-user --profileOf 0 --managed Other", "Error: couldn't create User."},
		{"pm list users", "\tUserInfo{10:Work:1020}\n"},
		{"dumpsys user", "UserInfo{10:Work:1020} serialNo=10 isPrimary=false parentId=0"},
		{"pm path --user 10 " + app + " || echo none", "none"},
		{"am get-started-user-state 10", "User is not started: 10"},
		{"am start-user 10", "Success: user started"},
		{"am get-started-user-state 10", "RUNNING_UNLOCKED"},
		{"pm list users", "\tUserInfo{10:Work:1030} running\n"},
		{"pm install-existing --user 10 " + app, "Package org.example.app installed for user: 10\n"},
		{"pm install-existing --user 10 org.example.none", "doesn't exist"},
		{"pm list packages --user 10 -U " + app, "package:org.example.app uid:1010150\n"},
		{"pm list packages -U " + app, "package:org.example.app uid:10150\n"},
		{"dumpsys package " + app, "User 10: ceDataInode=40150 installed=true hidden=false suspended=false distractionFlags=0 stopped=true notLaunched=true"},
		{push, "result=0\n"}, // never launched: stopped
		{"am start --user 10 -W -n " + app + "/.MainActivity", "Status: ok"},
		{"dumpsys activity activities", " u10 org.example.app/.MainActivity t"},
		{"ps -A -o USER,NAME", "u10_a150"},
		{"dumpsys package " + app, "stopped=true notLaunched=true"}, // the owner's still is
		{push, "result=-1"},
		{"pm grant --user 10 " + app + " android.permission.POST_NOTIFICATIONS; dumpsys package " + app, "POST_NOTIFICATIONS: granted=true"},
		{"am force-stop --user 0 " + app + "; pidof " + app, "\n"},
		{"am force-stop --user 10 " + app + "; pidof " + app + " || echo gone", "gone"},
		{"am start --user 10 -W -n " + app + "/.MainActivity", "Status: ok"},
		{"am stop-user 0", "Switch failed: -3 (System user cannot be stopped)"},
		{"am stop-user -w -f 10", ""},
		{"pidof " + app + " || echo gone", "gone"},
		{"am get-started-user-state 10", "User is not started: 10"},
		{push, "result=0\n"},
		{"pidof " + app + " || echo gone", "gone"},
		{"dumpsys activity exit-info " + app, "reason=11 (USER STOPPED)"},
		{"am start-user 10; " + push, "result=-1"}, // stopping a user stops no package
		{"pm remove-user 10", "Success: removed user"},
		{"pm remove-user 10", "Error: couldn't remove user id 10"},
		{"pm list users", "!Work"},
		{"pidof " + app + " || echo gone", "gone"},
		{"dumpsys package " + app, "!User 10"},
	})
}

// The switch "Work apps" pauses a profile: its flag tells, and nothing of it runs.
func TestQuietMode(t *testing.T) {
	p := newPhone(t)
	p.walk(t, []step{
		{"pm create-user --profileOf 0 --managed Work; am start-user 10; pm install-existing --user 10 " + app, "installed for user: 10"},
		{"am start --user 10 -W -n " + app + "/.MainActivity", "Status: ok"},
	})
	p.sys.Do(func(d *android.Device) {
		if !d.Users.SetQuiet(10, true) || d.Users.SetQuiet(0, true) {
			t.Error("only a profile can be paused")
		}
	})
	p.walk(t, []step{
		{"pm list users", "UserInfo{10:Work:10b0}\n"},
		{"pidof " + app + " || echo gone", "gone"},
		{"am broadcast --user 10 -a org.example.PUSH -p " + app, "result=0\n"},
	})
	p.sys.Do(func(d *android.Device) { d.Users.SetQuiet(10, false) })
	p.sys.Step(2 * time.Second)
	p.walk(t, []step{
		{"pm list users", "UserInfo{10:Work:1030} running\n"},
		{"am broadcast --user 10 -a org.example.PUSH -p " + app, "result=-1"},
	})
}

// A second user comes to the front with screens of its own.
func TestSecondUser(t *testing.T) {
	p := newPhone(t)
	p.walk(t, []step{
		{"am start -W -n " + app + "/.MainActivity", "Status: ok"},
		{"pm create-user Guest", "Success: created user id 10\n"},
		{"dumpsys user", "Type: android.os.usertype.full.SECONDARY"},
		{"am switch-user 11", "Error: Failed to switch to user 11"},
		{"am switch-user 10", ""},
		{"sleep 2; am get-current-user", "10\n"},
		{"dumpsys activity activities", "topResumedActivity=ActivityRecord{"},
		{"dumpsys window displays", " u10 com.android.launcher3/"},
		{"dumpsys user", "Current user: 10"},
		{"dumpsys trust", "User \"Guest\" (id=10, flags=0x410) (current)"},
		{"pm path " + app + " || echo none", "none"}, // current is the default
		{"pidof " + app, "\n"},                       // the owner's go on
		{"am switch-user 0; sleep 2; dumpsys window displays", "mCurrentFocus=Window{"},
		{"dumpsys window displays", " u0 com.android.launcher3/"},
		{"am start -W -n " + app + "/.MainActivity", "Status: ok"},
		{"pm remove-user 10", "Success: removed user"},
	})
}

// aware adds a receiver for the stages of a boot, direct-boot aware or not.
func aware(o *android.Options) {
	for _, name := range []string{".Aware", ".Unaware"} {
		o.Packages[0].Components = append(o.Packages[0].Components, android.ComponentSpec{Kind: android.KindReceiver, Class: name, DirectBootAware: name == ".Aware",
			Filters: []android.Filter{{Actions: []string{android.ActionLockedBootCompleted, android.ActionBootCompleted}}}})
	}
}

func (p *phone) reboot() {
	p.sys.Do(func(d *android.Device) { d.Reboot() })
	p.sys.Step(20 * time.Second)
}

// A reboot is one: uptime begins anew, what ran is gone, what is on disk stays.
func TestReboot(t *testing.T) {
	p := newPhone(t, aware)
	p.walk(t, []step{
		{"am start -W -n " + app + "/.MainActivity", "Status: ok"},
		{"cmd deviceidle tempwhitelist -d 60000 " + app + "; dumpsys deviceidle tempwhitelist", "UID=10150"},
		{"dumpsys battery unplug; cmd deviceidle force-idle deep; pm grant " + app + " android.permission.POST_NOTIFICATIONS", ""},
		{"settings get global boot_count", "7\n"},
	})
	wall := strings.TrimSpace(p.run(t, "date +%s").out)
	p.reboot()
	p.walk(t, []step{
		{"getprop sys.boot_completed", "1\n"},
		{"settings get global boot_count", "8\n"},
		{"dumpsys deviceidle tempwhitelist", "!10150"},
		{"cmd deviceidle get deep; dumpsys battery", "ACTIVE\n"},
		{"dumpsys package " + app, "POST_NOTIFICATIONS: granted=true"},
		{"dumpsys window policy", "showing=true"}, // a swipe lock
		{"dumpsys user", "State: RUNNING_UNLOCKED"},
		{"pidof " + app, "\n"}, // for BOOT_COMPLETED
		{"logcat -d -s Example", "!nothing"},
		{"dumpsys activity broadcasts", android.ActionBootCompleted},
		{"input keyevent 82; sleep 1; dumpsys window displays", "com.android.launcher3"},
	})
	if up := p.run(t, "cat /proc/uptime").out; !strings.HasPrefix(up, "2") || strings.Index(up, ".") != 2 {
		t.Errorf("uptime 20 s after the boot: %q", up)
	}
	if now := strings.TrimSpace(p.run(t, "date +%s").out); now <= wall {
		t.Errorf("the wall clock went from %s to %s", wall, now)
	}
	p.run(t, "am force-stop "+app)
	p.reboot()
	p.walk(t, []step{
		{"dumpsys package " + app, "stopped=true"},
		{"pidof " + app + " || echo none", "none"}, // no BOOT_COMPLETED for the stopped
	})
}

// Before the first unlock with a credential only direct-boot aware components run.
func TestDirectBoot(t *testing.T) {
	p := newPhone(t, aware)
	p.walk(t, []step{
		{"am start -W -n " + app + "/.MainActivity; locksettings set-pin 1234", "Pin set to '1234'"},
	})
	p.reboot()
	p.walk(t, []step{
		{"dumpsys user", "State: RUNNING_LOCKED"},
		{"getprop sys.boot_completed", "1\n"},
		{"dumpsys trust", "deviceLocked=1, isActiveUnlockRunning=0, strongAuthRequired=0x1"},
		{"pidof " + app, "\n"}, // for LOCKED_BOOT_COMPLETED
		{"dumpsys activity broadcasts", android.ActionLockedBootCompleted},
		{"dumpsys activity broadcasts", "!" + android.ActionBootCompleted + " "},
		{"am broadcast -a org.example.PUSH -p " + app, "result=0\n"},
		{"am start -W -n " + app + "/.MainActivity", "does not exist"},
		{"input keyevent 82; input text 4321; input keyevent 66; sleep 1; dumpsys user", "State: RUNNING_LOCKED"},
		{"input keyevent 82; input text 1234; input keyevent 66; sleep 2; dumpsys user", "State: RUNNING_UNLOCKED"},
		{"am broadcast -a org.example.PUSH -p " + app, "result=-1"},
		{"dumpsys activity broadcasts", android.ActionBootCompleted},
		{"dumpsys window displays", "com.android.launcher3"},
		{"locksettings clear --old 1234", "Lock credential cleared"},
	})
}

// Apps of a day: the clock steps from event to event.
func TestDaySteps(t *testing.T) {
	p := newPhone(t)
	began := time.Now()
	p.walk(t, []step{{"sleep 86400; cat /proc/uptime", "87154."}}) // 754 s up at the start
	if took := time.Since(began); took > time.Minute {
		t.Errorf("a day took %s", took)
	}
}
