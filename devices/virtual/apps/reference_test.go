package apps_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/devices/virtual/android"
	"github.com/ringproof/ringproof/devices/virtual/apps"
	"github.com/ringproof/ringproof/fixtures"
)

const (
	ringingCall = "RINGING sip:cometchat-uid-1"
	activeCall  = "ACTIVE sip:cometchat-uid-1"
)

func titles(r *android.NotificationRecord) string {
	var out []string
	for _, a := range r.Actions() {
		out = append(out, a.Title)
	}
	return strings.Join(out, "|")
}

func TestRings(t *testing.T) {
	p := boot(t, apps.Reference())
	code, data := p.push("cometchat/initiated", "s1")
	if code != -1 || !regexp.MustCompile(`^\{"pid":[0-9]+\}$`).MatchString(data) {
		t.Errorf("receipt %d %q", code, data)
	}
	if c := p.calls(); c != ringingCall {
		t.Fatalf("calls: %q", c)
	}
	p.do(func(d *android.Device) {
		c := d.Telecom.Calls[0]
		if !c.SelfManaged || !c.VoIP || c.CallerDisplayName != "Andrew Joseph" || c.Package != p.pkg {
			t.Errorf("self-managed %v, VoIP %v, caller %q, package %s", c.SelfManaged, c.VoIP, c.CallerDisplayName, c.Package)
		}
	})
	n := p.notes("incoming_calls")
	if len(n) != 1 || titles(n[0]) != "Decline|Answer" || n[0].Notification.CallStyle == nil ||
		n[0].Notification.FullScreenIntent == nil || n[0].Importance != android.ImportanceHigh {
		t.Fatalf("notifications: %+v", n)
	}
	want := []string{"onCreate", "onMessageReceived", "addNewIncomingCall", "onCreateIncomingConnection", "onShowIncomingCallUi"}
	if d := cmp.Diff(want, p.events("onStateChanged", "onCallAudioStateChanged")); d != "" {
		t.Errorf("trace (-want +got):\n%s", d)
	}
	for _, l := range p.trace() {
		if l.Event == "onMessageReceived" && (l.Data["sender"] != "cometchat-uid-1" || l.Data["sessionId"] != "s1" || l.Session != "s1") {
			t.Errorf("onMessageReceived has %+v", l)
		}
	}
}

// The real entry runs the same path; its receipt has no data.
func TestRingsByRoot(t *testing.T) {
	p := boot(t, apps.Reference())
	payload, err := fixtures.Payload("cometchat/initiated").With("s1", time.Now().AddDate(50, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	intent := &android.Intent{Action: "com.google.android.c2dm.intent.RECEIVE", Package: p.pkg,
		Flags: android.FlagReceiverForeground, Extras: android.Bundle{
			"from": "123456789012", "google.message_id": "0:1%1", "google.ttl": "30", "collapse_key": "x", "gcm.x": "y"}}
	for k, v := range payload {
		intent.Extras[k] = v
	}
	if code, _ := p.broadcast(android.ShellCaller(shellPID), intent); code != 0 || p.calls() != "" {
		t.Errorf("shell reached the FCM receiver: %d, calls %q", code, p.calls())
	}
	code, data := p.broadcast(android.RootCaller(shellPID), intent)
	if code != -1 || data != "" || p.calls() != ringingCall {
		t.Errorf("receipt %d %q, calls %q", code, data, p.calls())
	}
	for _, l := range p.trace() {
		if l.Event == "onMessageReceived" {
			if d := cmp.Diff(payload, l.Data); d != "" {
				t.Errorf("data (-want +got):\n%s", d)
			}
		}
	}
	// The SDK drops a message id that it has seen.
	p.broadcast(android.RootCaller(shellPID), intent)
	if n := count(p.events(), "onMessageReceived"); n != 1 {
		t.Errorf("%d messages of one id", n)
	}
}

func TestAnswerAndEnd(t *testing.T) {
	p := boot(t, apps.Reference())
	p.push("cometchat/initiated", "s1")
	p.answer()
	if c := p.calls(); c != activeCall {
		t.Fatalf("calls after the answer: %q", c)
	}
	if p.top() != ".CallActivity" || !p.foreground() {
		t.Errorf("top %q, foreground service %v", p.top(), p.foreground())
	}
	if n := p.notes("incoming_calls"); len(n) != 0 {
		t.Errorf("the incoming notification is still there")
	}
	n := p.notes("ongoing_calls")
	if len(n) != 1 || n[0].Notification.CallStyle == nil || !slices.Contains([]string{"Hang up", "Hang Up"}, titles(n[0])) {
		t.Errorf("ongoing: %+v", n)
	}
	p.do(func(d *android.Device) {
		if d.Audio.Mode != "MODE_IN_COMMUNICATION" {
			t.Errorf("audio mode %s", d.Audio.Mode)
		}
		if r := d.Activities.Resumed; r == nil || !r.KeepScreenOn {
			t.Error("the screen may go off during the call")
		}
		s := d.Services.Get(p.class(".CallService"))
		if s != nil && s.ForegroundTypes != android.FGSPhoneCall|android.FGSMicrophone {
			t.Errorf("service type %#x", s.ForegroundTypes)
		}
	})
	ev := p.events()
	if slices.Index(ev, "joined") < 0 || slices.Index(ev, "joined") < slices.Index(ev, "backendJoin") {
		t.Errorf("trace %v", ev)
	}
	if !p.tap("end") {
		t.Fatal("no end button")
	}
	gone(t, p)
	if c := p.ended(1); c != "LOCAL" {
		t.Errorf("the call ended with %s", c)
	}
	if n := len(p.notes("missed_calls")); n != 0 || count(p.events(), "backendEnd") != 1 {
		t.Errorf("%d missed calls, trace %v", n, p.events())
	}
}

// gone checks that nothing of a call is left on the phone.
func gone(t *testing.T, p *phone) {
	t.Helper()
	if c := p.calls(); c != "" {
		t.Errorf("calls left: %s", c)
	}
	if n := len(p.notes("incoming_calls")) + len(p.notes("ongoing_calls")); n != 0 {
		t.Errorf("%d notifications left", n)
	}
	if p.foreground() {
		t.Error("the foreground service is left")
	}
	p.do(func(d *android.Device) {
		for _, task := range d.Activities.Tasks {
			for _, r := range task.Activities {
				if strings.HasSuffix(r.Component.Class, "CallActivity") && !r.Finishing {
					t.Errorf("%s is left", r.Component.Class)
				}
			}
		}
		if d.Audio.Mode != "MODE_NORMAL" {
			t.Errorf("audio mode %s is left", d.Audio.Mode)
		}
	})
	if p.crashes() != 0 {
		t.Errorf("%d crashes", p.crashes())
	}
}

func TestDecline(t *testing.T) {
	p := boot(t, apps.Reference())
	p.push("cometchat/initiated", "s1")
	if !p.tap("Decline") {
		t.Fatal("no decline button")
	}
	gone(t, p)
	if c := p.ended(1); c != "REJECTED" || len(p.notes("missed_calls")) != 0 || count(p.events(), "backendReject") != 1 {
		t.Errorf("ended with %s, trace %v", c, p.events())
	}
	if p.top() == ".CallActivity" {
		t.Error("declining opened the call")
	}
}

// What a stop does to a ring, by hand from the meaning of the actions.
func TestStops(t *testing.T) {
	for _, c := range []struct {
		action, cause string
		missed        int
	}{
		{"cancelled", "CANCELED", 1}, {"unanswered", "MISSED", 1}, {"ended", "REMOTE", 1}, {"busy", "BUSY", 1},
		{"ongoing", "ANSWERED_ELSEWHERE", 0}, {"rejected", "REJECTED", 0},
	} {
		t.Run(c.action, func(t *testing.T) {
			p := boot(t, apps.Reference())
			p.push("cometchat/initiated", "s1")
			if p.calls() != ringingCall {
				t.Fatalf("calls %q", p.calls())
			}
			p.push("cometchat/"+c.action, "another session")
			if p.calls() != ringingCall {
				t.Fatalf("the stop of another session stopped this ring")
			}
			p.push("cometchat/"+c.action, "s1")
			gone(t, p)
			if got := p.ended(1); got != c.cause {
				t.Errorf("ended with %s, want %s", got, c.cause)
			}
			if n := len(p.notes("missed_calls")); n != c.missed {
				t.Errorf("%d missed calls, want %d", n, c.missed)
			}
		})
	}
}

// What comes for a call that was answered here: only its end ends it.
func TestStopsOfAnActiveCall(t *testing.T) {
	for action, ends := range map[string]bool{
		"ongoing": false, "rejected": false, "unanswered": false, "busy": false, "ended": true, "cancelled": true,
	} {
		t.Run(action, func(t *testing.T) {
			p := boot(t, apps.Reference())
			p.push("cometchat/initiated", "s1")
			p.answer()
			p.push("cometchat/"+action, "s1")
			if !ends {
				if p.calls() != activeCall {
					t.Errorf("calls %q", p.calls())
				}
				return
			}
			gone(t, p)
			if c := p.ended(1); c != "REMOTE" || len(p.notes("missed_calls")) != 0 {
				t.Errorf("ended with %s, %d missed calls", c, len(p.notes("missed_calls")))
			}
		})
	}
}

func TestStopBeforeRing(t *testing.T) {
	p := boot(t, apps.Reference())
	p.push("cometchat/cancelled", "s1")
	p.push("cometchat/initiated", "s1")
	gone(t, p)
	if n := len(p.notes("missed_calls")); n != 1 {
		t.Errorf("%d missed calls, want 1", n)
	}
	p.push("cometchat/ongoing", "s2")
	p.push("cometchat/initiated", "s2")
	gone(t, p)
	if n := len(p.notes("missed_calls")); n != 1 {
		t.Errorf("%d missed calls, want no second one", n)
	}
}

func TestTimeout(t *testing.T) {
	p := boot(t, apps.Reference())
	p.push("cometchat/initiated", "s1")
	p.sys.Step(40 * time.Second)
	if p.calls() != ringingCall {
		t.Fatalf("after 43 s: %q", p.calls())
	}
	p.sys.Step(5 * time.Second)
	gone(t, p)
	if c := p.ended(1); c != "MISSED" || len(p.notes("missed_calls")) != 1 {
		t.Errorf("ended with %s, %d missed calls", c, len(p.notes("missed_calls")))
	}
}

func TestStale(t *testing.T) {
	p := boot(t, apps.Reference())
	p.pushSent("cometchat/initiated", "s1", 59*time.Second)
	if p.calls() != ringingCall {
		t.Errorf("59 s old: %q", p.calls())
	}
	p.push("cometchat/ongoing", "s1")
	p.pushSent("cometchat/initiated", "s2", 61*time.Second)
	gone(t, p)
	if n := len(p.notes("missed_calls")); n != 1 {
		t.Errorf("%d missed calls, want 1", n)
	}
	// The transport's own clock and time to live.
	var now time.Time
	p.do(func(d *android.Device) { now = d.Now() })
	payload, err := fixtures.Payload("cometchat/initiated").With("s3", now)
	if err != nil {
		t.Fatal(err)
	}
	payload["google.sent_time"], payload["google.ttl"] = fmt.Sprint(now.Add(-31*time.Second).UnixMilli()), "30"
	p.deliver(payload)
	gone(t, p)
	if n := len(p.notes("missed_calls")); n != 2 {
		t.Errorf("%d missed calls, want 2", n)
	}
}

func TestDuplicate(t *testing.T) {
	p := boot(t, apps.Reference())
	p.push("cometchat/initiated", "s1")
	p.push("cometchat/initiated", "s1")
	if p.calls() != ringingCall || len(p.notes("incoming_calls")) != 1 {
		t.Errorf("calls %q", p.calls())
	}
	p.tap("Decline")
	p.push("cometchat/initiated", "s1")
	gone(t, p)
	if n := len(p.notes("missed_calls")); n != 0 {
		t.Errorf("%d missed calls of a call that was declined", n)
	}
}

// Everything that a server sends one day: by the kind that the fixture has.
func TestPayloads(t *testing.T) {
	list, err := fixtures.Payloads()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range list {
		if strings.HasPrefix(c.Name, "cometchat-guide/") {
			continue
		}
		t.Run(c.Name, func(t *testing.T) {
			p := boot(t, apps.Reference())
			if code, _ := p.push(c.Name, "s1"); code != -1 {
				t.Errorf("receipt %d", code)
			}
			if rings := strings.HasPrefix(p.calls(), "RINGING"); rings != (c.Kind == fixtures.Ring) {
				t.Errorf("%s: calls %q", c.Kind, p.calls())
			}
			if p.crashes() != 0 {
				t.Error("it crashed")
			}
		})
	}
}

func TestHostileCallers(t *testing.T) {
	texts, err := fixtures.HostileTexts()
	if err != nil {
		t.Fatal(err)
	}
	p := boot(t, apps.Reference())
	for i, x := range texts {
		var now time.Time
		p.do(func(d *android.Device) { now = d.Now() })
		session := fmt.Sprint("s", i)
		payload, err := fixtures.Payload("cometchat/initiated").With(session, now)
		if err != nil {
			t.Fatal(err)
		}
		payload["senderName"] = x.Text
		p.deliver(payload)
		n := p.notes("incoming_calls")
		if p.calls() != ringingCall || len(n) != 1 || n[0].Notification.Title != x.Text {
			t.Errorf("%s: calls %q, %d notifications", x.Name, p.calls(), len(n))
		}
		p.push("cometchat/ongoing", session)
	}
	gone(t, p)
}

func TestKilledProcess(t *testing.T) {
	p := boot(t, apps.Reference())
	p.do(func(d *android.Device) { d.Processes.KillBackground(android.ShellCaller(shellPID), p.pkg) })
	p.sys.Step(time.Second)
	p.do(func(d *android.Device) {
		if d.Processes.ByName(p.pkg) != nil {
			t.Fatal("am kill did not kill the process")
		}
	})
	p.push("cometchat/initiated", "s1")
	p.answer()
	if p.calls() != activeCall || p.top() != ".CallActivity" {
		t.Errorf("calls %q, top %q", p.calls(), p.top())
	}
}

// The process dies while it rings: the call dies with it, and the next process
// turns what is left on the screen into a missed call.
func TestKilledWhileRinging(t *testing.T) {
	p := boot(t, apps.Reference())
	p.push("cometchat/initiated", "s1")
	p.do(func(d *android.Device) {
		if err := d.Processes.KillPID(android.RootCaller(shellPID), d.Processes.ByName(p.pkg).PID); err != nil {
			t.Error(err)
		}
	})
	p.sys.Step(3 * time.Second)
	if p.calls() != "" {
		t.Fatalf("Telecom kept %q", p.calls())
	}
	p.push("cometchat/cancelled", "s1")
	gone(t, p)
	if n := len(p.notes("missed_calls")); n != 1 {
		t.Errorf("%d missed calls, want 1", n)
	}
}

// The same, and the server calls again: it rings again, and is not missed yet.
// If another phone has answered instead, it was not missed at all.
func TestAfterTheProcessDied(t *testing.T) {
	for action, want := range map[string]string{"initiated": ringingCall, "ongoing": "", "rejected": ""} {
		t.Run(action, func(t *testing.T) {
			p := boot(t, apps.Reference())
			p.push("cometchat/initiated", "s1")
			p.do(func(d *android.Device) {
				if err := d.Processes.KillPID(android.RootCaller(shellPID), d.Processes.ByName(p.pkg).PID); err != nil {
					t.Error(err)
				}
			})
			p.sys.Step(3 * time.Second)
			p.push("cometchat/"+action, "s1")
			if p.calls() != want || len(p.notes("missed_calls")) != 0 {
				t.Errorf("calls %q, want %q; %d missed calls, want none", p.calls(), want, len(p.notes("missed_calls")))
			}
		})
	}
}

func TestLocked(t *testing.T) {
	p := boot(t, apps.Reference())
	p.lock()
	p.push("cometchat/initiated", "s1")
	p.do(func(d *android.Device) {
		if !d.Power.Interactive() || !d.Keyguard.Showing || !d.Keyguard.Occluded || !d.Keyguard.Locked {
			t.Errorf("interactive %v, keyguard showing %v, occluded %v, locked %v; want all",
				d.Power.Interactive(), d.Keyguard.Showing, d.Keyguard.Occluded, d.Keyguard.Locked)
		}
	})
	if p.top() != ".IncomingCallActivity" {
		t.Fatalf("top %q", p.top())
	}
	if !p.tap("answer") {
		t.Fatal("no answer button")
	}
	if p.calls() != activeCall || p.top() != ".CallActivity" {
		t.Fatalf("calls %q, top %q", p.calls(), p.top())
	}
	p.do(func(d *android.Device) {
		if !d.Keyguard.Locked {
			t.Error("answering unlocked the phone")
		}
	})
	// Leaving the call shows the lock screen, not the app behind it.
	for _, key := range []int{4, 3} {
		p.key(key)
		if p.top() != "" {
			t.Errorf("after key %d the locked phone shows %q", key, p.top())
		}
		p.do(func(d *android.Device) {
			if !d.Keyguard.Showing || d.Keyguard.Occluded {
				t.Errorf("after key %d: keyguard showing %v, occluded %v", key, d.Keyguard.Showing, d.Keyguard.Occluded)
			}
		})
		if p.calls() != activeCall {
			t.Errorf("after key %d: calls %q", key, p.calls())
		}
	}
}

func TestHeadset(t *testing.T) {
	p := boot(t, apps.Reference())
	p.push("cometchat/initiated", "s1")
	p.key(79)
	if p.calls() != activeCall || !p.foreground() {
		t.Fatalf("calls %q, foreground service %v", p.calls(), p.foreground())
	}
	if !slices.Contains(p.events(), "onAnswer") {
		t.Errorf("trace %v", p.events())
	}
	p.key(79)
	gone(t, p)
	if c := p.ended(1); c != "LOCAL" {
		t.Errorf("ended with %s", c)
	}
}

// A push that nobody can read is told so.
func TestReceipts(t *testing.T) {
	p := boot(t, apps.Reference())
	const debug, real = "org.ringproof.devicetest.PUSH", "com.google.android.c2dm.intent.RECEIVE"
	for _, c := range []struct {
		name, action string
		extras       android.Bundle
		code         int
		data         string // a part of the result's data
	}{
		{"no base64", debug, android.Bundle{"payload_b64": "{}"}, 500, `"error":"payload_b64: illegal base64`},
		{"no JSON", debug, android.Bundle{"payload_b64": "W10K"}, 500, `"error":"payload_b64: json: cannot unmarshal array`},
		{"nothing", debug, nil, 500, `"error":`},
		{"an empty push", debug, android.Bundle{"payload_b64": "e30="}, -1, `{"pid":`},
		{"nothing to FCM", real, nil, 500, ""},
		{"deleted messages", real, android.Bundle{"message_type": "deleted_messages"}, -1, ""},
		{"not a text", real, android.Bundle{"type": "call", "sessionId": 7}, -1, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := count(p.events(), "onMessageReceived")
			code, data := p.broadcast(android.RootCaller(shellPID), &android.Intent{Action: c.action, Package: p.pkg,
				Flags: android.FlagReceiverForeground, Extras: c.extras})
			if code != c.code || !strings.Contains(data, c.data) {
				t.Errorf("receipt %d %q, want %d %q", code, data, c.code, c.data)
			}
			want := 0
			if c.name == "an empty push" || c.name == "not a text" {
				want = 1
			}
			if n := count(p.events(), "onMessageReceived") - before; n != want {
				t.Errorf("%d messages, want %d", n, want)
			}
		})
	}
	gone(t, p)
}

func TestHeadsetDeclines(t *testing.T) {
	p := boot(t, apps.Reference())
	p.push("cometchat/initiated", "s1")
	p.do(func(d *android.Device) { d.Input.Key(79, true) })
	p.sys.Step(3 * time.Second)
	gone(t, p)
	if c := p.ended(1); c != "REJECTED" || count(p.events(), "backendReject") != 1 {
		t.Errorf("ended with %s, trace %v", c, p.events())
	}
}

func TestSecondCallWhileRinging(t *testing.T) {
	p := boot(t, apps.Reference())
	p.push("cometchat/initiated", "s1")
	p.push("cometchat/initiated", "s2")
	if p.calls() != ringingCall || len(p.notes("incoming_calls")) != 1 || len(p.notes("missed_calls")) != 1 {
		t.Errorf("calls %q, %d incoming, %d missed", p.calls(), len(p.notes("incoming_calls")), len(p.notes("missed_calls")))
	}
	p.answer()
	if p.calls() != activeCall {
		t.Errorf("calls %q", p.calls())
	}
}

// Two answered calls share the service; it goes with the last one.
func TestTwoAnsweredCalls(t *testing.T) {
	p := boot(t, apps.Reference())
	p.push("cometchat/initiated", "s1")
	p.answer()
	p.push("cometchat/initiated", "s2")
	p.answer()
	if c := p.calls(); c != "ON_HOLD sip:cometchat-uid-1, "+activeCall {
		t.Fatalf("calls %q", c)
	}
	p.push("cometchat/ended", "s1")
	if p.calls() != activeCall || !p.foreground() || len(p.notes("ongoing_calls")) != 1 {
		t.Errorf("calls %q, foreground service %v, %d ongoing notifications", p.calls(), p.foreground(), len(p.notes("ongoing_calls")))
	}
	p.push("cometchat/ended", "s2")
	gone(t, p)

	p.push("cometchat/initiated", "s3")
	p.answer()
	p.push("cometchat/initiated", "s4")
	p.answer()
	p.push("cometchat/ended", "s4")
	if p.calls() != "ON_HOLD sip:cometchat-uid-1" || !p.foreground() || len(p.notes("ongoing_calls")) != 1 {
		t.Errorf("calls %q, foreground service %v, %d ongoing notifications", p.calls(), p.foreground(), len(p.notes("ongoing_calls")))
	}
	p.push("cometchat/ended", "s3")
	gone(t, p)
}

// Hanging up from the notification, from another app.
func TestHangUpFromNotification(t *testing.T) {
	p := boot(t, apps.Reference())
	p.push("cometchat/initiated", "s1")
	p.answer()
	p.key(3)
	if p.calls() != activeCall || !p.foreground() {
		t.Fatalf("calls %q", p.calls())
	}
	p.do(func(d *android.Device) { d.StatusBar.Expand() })
	p.sys.Step(2 * time.Second)
	if !p.tap("Hang up") && !p.tap("Hang Up") {
		t.Fatal("no button to hang up in the shade")
	}
	gone(t, p)
}

func TestDead(t *testing.T) {
	p := boot(t, apps.Dead())
	code, data := p.push("cometchat/initiated", "s1")
	if code != 0 || data != "" || p.calls() != "" || len(p.notes("incoming_calls")) != 0 || p.crashes() != 0 {
		t.Errorf("receipt %d %q, calls %q", code, data, p.calls())
	}
	p.launch()
	if p.top() != ".MainActivity" {
		t.Errorf("top %q", p.top())
	}
	dead, ref := apps.Dead(), apps.Reference()
	if dead.Name != ref.Name || len(dead.Components) != len(ref.Components) {
		t.Error("the dead app is told from the reference by its manifest")
	}
}
