package shell

import (
	"strings"
	"testing"
	"time"

	"github.com/ringproof/ringproof/devices/virtual/android"
)

// The states of a phone and an app, as people enter, see and leave them by hand:
// each row has the commands as they are written down for real phones, the part of
// what the second one prints while the state holds, and what it prints after it was
// left. P is the app's package. States of calls, headsets and lines are the radio's
// own tests.
func TestStatesByHand(t *testing.T) {
	const top = `dumpsys activity activities | grep -E 'topResumedActivity|mResumedActivity'`
	for _, s := range []struct{ name, enter, verify, holds, leave, after string }{
		{"foreground", "am start -W -n P/.MainActivity", top, "P/.MainActivity", "input keyevent 3; sleep 1", "launcher3"},
		{"background", "am start -W -n P/.MainActivity; input keyevent 3; sleep 1", "am get-uid-state 10150", "15 (LAST_ACTIVITY)", "am start -W -n P/.MainActivity", "2 (TOP)"},
		{"background by processes", "am start -W -n P/.MainActivity; input keyevent 3; sleep 1", "dumpsys activity processes P", "(previous)", "am start -W -n P/.MainActivity", "(top-activity)"},
		{"killed", "am start -W -n P/.MainActivity; input keyevent 3; sleep 90; am kill P", "pidof P || echo gone; dumpsys package P | grep -o ' stopped=[a-z]*'", "gone\n stopped=false", "am start -W -n P/.MainActivity", "\n"},
		{"killed by a signal", "am start -W -n P/.MainActivity; input keyevent 3; run-as P kill -9 $(pidof P); sleep 1", "pidof P || echo gone; dumpsys package P | grep -o ' stopped=[a-z]*'", "gone\n stopped=false", "am start -W -n P/.MainActivity", "stopped=false"},
		{"swiped away", "am start -W -n P/.MainActivity; input keyevent 3; am stack remove $(am stack list | grep -B9 'P/' | grep -o 'taskId=[0-9]*' | cut -d= -f2 | tail -1); sleep 2", "dumpsys activity recents; pidof P || echo gone", "gone", "am start -W -n P/.MainActivity", "P/.MainActivity"},
		{"force-stopped", "am force-stop P", "dumpsys package P | grep 'stopped='", "stopped=true", "am start -W -n P/.MainActivity", "stopped=false"},
		{"deep Doze", "dumpsys battery unplug; input keyevent 223; cmd deviceidle force-idle deep", "cmd deviceidle get deep; cmd deviceidle get force", "IDLE\ntrue", "cmd deviceidle unforce; dumpsys battery reset; input keyevent 224", "ACTIVE\nfalse"},
		{"light Doze", "dumpsys battery unplug; input keyevent 223; cmd deviceidle force-idle light", "cmd deviceidle get light", "IDLE", "cmd deviceidle unforce; dumpsys battery reset; input keyevent 224", "ACTIVE"},
		{"standby bucket rare", "am set-standby-bucket P rare", "am get-standby-bucket P", "40", "am set-standby-bucket P active", "10"},
		{"standby bucket restricted", "am set-standby-bucket P restricted", "am get-standby-bucket P", "45", "am set-standby-bucket P active", "10"},
		{"battery saver", "dumpsys battery unplug; cmd power set-mode 1", "settings get global low_power", "1", "cmd power set-mode 0; dumpsys battery reset", "0"},
		{"background restricted", "cmd appops set P RUN_ANY_IN_BACKGROUND ignore", "appops get P RUN_ANY_IN_BACKGROUND", "RUN_ANY_IN_BACKGROUND: ignore", "cmd appops set P RUN_ANY_IN_BACKGROUND allow", "No operations."},
		{"data saver", "cmd netpolicy set restrict-background true", "cmd netpolicy get restrict-background", "enabled", "cmd netpolicy set restrict-background false", "disabled"},
		{"work profile", "pm create-user --profileOf 0 --managed W; am start-user 10; pm install-existing --user 10 P", "pm list users; pm list packages --user 10 P", "UserInfo{10:W:1030} running\npackage:P", "pm remove-user 10", "running\n"},
		{"locked", "locksettings set-pin 1234; settings put secure lock_screen_lock_after_timeout 0; input keyevent 223", "dumpsys trust | grep -o deviceLocked=1; dumpsys power | grep mWakefulness=; dumpsys window | grep -i showing=", "deviceLocked=1\n  mWakefulness=Asleep\n      showing=true",
			"input keyevent 224; wm dismiss-keyguard; input text 1234; input keyevent 66; sleep 1; locksettings clear --old 1234", "mWakefulness=Awake\n      showing=false"},
		{"notifications denied", "pm grant P android.permission.POST_NOTIFICATIONS; pm revoke P android.permission.POST_NOTIFICATIONS", "dumpsys package P | grep POST_NOTIFICATIONS:; cmd appops get P POST_NOTIFICATION", "granted=false, flags=[ USER_SENSITIVE_WHEN_GRANTED|USER_SENSITIVE_WHEN_DENIED]\nUid mode: POST_NOTIFICATION: ignore", "pm grant P android.permission.POST_NOTIFICATIONS", "Uid mode: POST_NOTIFICATION: allow"},
		{"full-screen intents denied", "cmd appops set P USE_FULL_SCREEN_INTENT deny", "cmd appops get P USE_FULL_SCREEN_INTENT", "USE_FULL_SCREEN_INTENT: deny", "cmd appops set P USE_FULL_SCREEN_INTENT default", "No operations.\nDefault mode: default"},
		{"DND priority", "cmd notification set_dnd priority", "settings get global zen_mode; dumpsys audio | grep -A3 'Ringer mode:'", "1\nRinger mode: \n- mode (internal) = NORMAL\n- mode (external) = NORMAL\n- zen mode:ZEN_MODE_IMPORTANT_INTERRUPTIONS", "cmd notification set_dnd off", "0\nRinger mode: \n- mode (internal) = NORMAL\n- mode (external) = NORMAL\n- zen mode:ZEN_MODE_OFF"},
		{"DND total silence", "cmd notification set_dnd none", "settings get global zen_mode; dumpsys audio | grep -A3 'Ringer mode:'", "2\nRinger mode: \n- mode (internal) = SILENT\n- mode (external) = NORMAL\n- zen mode:ZEN_MODE_NO_INTERRUPTIONS", "cmd notification set_dnd off", "0\nRinger mode: \n- mode (internal) = NORMAL"},
		{"DND alarms", "cmd notification set_dnd alarms", "settings get global zen_mode; dumpsys notification | grep mZenMode=", "3\n    mZenMode=ZEN_MODE_ALARMS", "cmd notification set_dnd off", "0\n    mZenMode=ZEN_MODE_OFF"},
		{"ringer vibrates", "cmd media_session volume --stream 2 --set 0", "dumpsys audio | grep 'mode (internal)'; settings get global mode_ringer", "= VIBRATE\n1", "cmd media_session volume --stream 2 --set 5", "= NORMAL\n2"},
		{"ringer silent", "cmd audio set-ringer-mode SILENT", "dumpsys audio | grep 'mode (external)'; settings get global mode_ringer", "= SILENT\n0", "cmd audio set-ringer-mode NORMAL", "= NORMAL\n2"},
		{"frozen", "am start -W -n P/.MainActivity; input keyevent 3; sleep 1; am freeze P", "dumpsys activity processes | grep -c 'isFrozen=true'", "1", "am unfreeze P", "0"},
	} {
		t.Run(s.name, func(t *testing.T) {
			p := newPhone(t)
			p.run(t, "am start -W -n "+app+"/.MainActivity; input keyevent 3; sleep 1")
			named := func(text string) string { return strings.ReplaceAll(text, "P/", app+"/") }
			line := func(text string) string {
				text = named(text)
				for _, before := range []string{"kill ", "processes ", "pidof ", "package ", "force-stop ", "bucket ", "set ", "get ", "run-as ", "revoke ", "grant ", "freeze ", "--user 10 ", "10 P; "} {
					text = strings.ReplaceAll(text, before+"P", before+app)
				}
				return text
			}
			want := func(text string) string {
				return strings.ReplaceAll(named(text), "package:P", "package:"+app)
			}
			look := func(when, part string) {
				r := p.run(t, line(s.verify))
				if !strings.Contains(strings.TrimLeft(r.out+r.err, " "), want(part)) {
					t.Fatalf("%s, %s\nprinted %q\nwant %q", when, line(s.verify), r.out+r.err, want(part))
				}
			}
			p.run(t, line(s.enter))
			look("entered", s.holds)
			p.run(t, line(s.leave))
			look("left", s.after)
		})
	}
	t.Run("direct boot", func(t *testing.T) {
		p := newPhone(t)
		p.sh.OnReboot(func(string) { p.sys.Do(func(d *android.Device) { d.Reboot() }) })
		p.run(t, "locksettings set-pin 1234; reboot")
		p.sys.Step(time.Minute)
		p.walk(t, []step{
			{"dumpsys user | grep RUNNING_LOCKED", "RUNNING_LOCKED"},
			{"input keyevent 224; input keyevent 82; input text 1234; input keyevent 66; sleep 2; dumpsys user | grep -c RUNNING_LOCKED", "0\n"},
			{"locksettings clear --old 1234", "Lock credential cleared"},
		})
	})
}
