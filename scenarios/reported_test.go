package scenarios_test

import (
	"testing"

	"github.com/ringproof/ringproof/scenarios"
)

// reported are the ways in which people report that calls fail, with what looks
// for each. What nothing looks for yet says why.
var reported = []struct {
	what string
	by   []string
	not  string // why nothing does, "" when something does
}{
	{"locked, screen off: the call takes the screen", []string{"locked-fullscreen", "locked-killed", "locked-in-front", "swipe-locked"}, ""},
	{"full-screen intents denied: heads-up and list, no crash", []string{"fsi-denied", "fsi-denied-locked"}, ""},
	{"in use, another app in front: heads-up whose buttons work", []string{"heads-up", "background-answer"}, ""},
	{"answer on a secure lock screen without the PIN, nothing leaks", []string{"locked-fullscreen", "locked-killed"}, ""},
	// A lowered channel is not looked for: see state.HeadsUpOff.
	{"heads-ups off or the channel lowered: still visible", []string{"heads-up-off"}, ""},
	{"status bar does not expand: ring without UI", []string{"status-bar-off"}, ""},
	{"killed, push, ring, answer", []string{"killed-answer", "locked-killed"}, ""},
	{"swiped away while idle or in a call", []string{"swiped-answer", "swiped-in-call"}, ""},
	{"crash on cold-start answer", []string{"killed-answer", "microphone-denied", "bluetooth-denied"}, ""},
	{"foreground service not allowed without high priority", []string{"normal-priority", "background-restricted"}, ""},
	{"force-stopped: no ring, no ghost later", []string{"stopped-silent"}, ""},
	{"Accept is a blocked trampoline", []string{"background-answer", "killed-answer"}, ""},
	{"killed while ringing: dead buttons, zombie", []string{"killed-while-ringing", "zombie-buttons"}, ""},
	{"cancel after ring", []string{"cancelled", "locked-cancelled", "two-phones-cancelled"}, ""},
	{"cancel before the ring", []string{"cancel-at-once", "cancel-first"}, ""},
	{"no cancel ever", []string{"ring-timeout"}, ""},
	{"answered elsewhere", []string{"answered-elsewhere", "two-phones-answered"}, ""},
	{"what is done here and elsewhere must not end each other", []string{"two-phones-crossed", "two-phones-raced", "elsewhere-after-answer", "three-phones-declined"}, ""},
	{"missed after timeout or cancel, not after reject or answer", []string{"missed-told"}, ""},
	{"stale push", []string{"stale-push"}, ""},
	{"same message twice, same call in two messages", []string{"same-call-again"}, ""},
	{"push and websocket both", []string{"signalled-then-pushed", "pushed-then-signalled", "signalled-at-once"}, ""},
	{"two ringtones", []string{"one-ringtone"}, ""},
	{"a chat notification beside the call's", []string{"one-notification"}, ""},
	{"second push while ringing", []string{"second-while-ringing"}, ""},
	{"second push while active", []string{"second-while-active", "second-answered"}, ""},
	{"cellular call first", []string{"cellular-active", "cellular-active-cancelled", "cellular-ringing"}, ""},
	{"cellular call interrupts", []string{"cellular-interrupts"}, ""},
	{"Telecom refuses: fallback is shown", []string{"emergency-refuses", "second-while-ringing"}, ""},
	{"answer, reject, hang up on headset or car", []string{"headset-hook", "headset-answers", "headset-rejects", "headset-answers-locked"}, ""},
	{"route to Bluetooth on answer", []string{"headset-route"}, ""},
	{"Bluetooth goes and comes in a call", []string{"headset-vanishes", "bluetooth-off-in-call"}, ""},
	{"media returns after hang-up", []string{"media-back"}, ""},
	{"wired, speaker and earpiece show as routes", []string{"wired-in-call", "speaker-in-call"}, ""},
	{"BLUETOOTH_CONNECT denied", []string{"bluetooth-denied", "headset-denied"}, ""},
	{"Do Not Disturb, ringer, volume key", []string{"total-silence", "volume-key", "dnd-priority", "ringer-vibrates"}, ""},
	{"background audio hardening: the ring is heard", []string{"audible"}, ""},
	{"POST_NOTIFICATIONS denied", []string{"notifications-denied"}, ""},
	{"microphone denied at answer", []string{"microphone-denied"}, ""},
	{"deep Doze: priority, latency over many calls", []string{"doze", "doze-latency", "normal-priority"}, ""},
	{"makers stop what is swiped away or restricted", []string{"swiped-answer", "background-restricted", "standby-rare"}, ""},
	{"work profile, second user, direct boot", []string{"work-profile", "profile-copy", "profile-paused", "other-user", "direct-boot"}, ""},
}

// Nothing that people report is forgotten: each of the 42 has a scenario or a
// reason, and every scenario that is named exists.
func TestReported(t *testing.T) {
	if len(reported) != 42 {
		t.Errorf("%d ways, want 42", len(reported))
	}
	known := map[string]bool{}
	for _, s := range scenarios.All() {
		known[s.ID] = true
	}
	for i, r := range reported {
		if (len(r.by) == 0) == (r.not == "") {
			t.Errorf("%d, %s: wants either scenarios or a reason", i+1, r.what)
		}
		for _, id := range r.by {
			if !known[id] {
				t.Errorf("%d, %s: no scenario %s", i+1, r.what, id)
			}
		}
	}
}
