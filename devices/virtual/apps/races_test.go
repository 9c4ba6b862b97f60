package apps_test

import (
	"slices"
	"testing"
	"time"

	"github.com/ringproof/ringproof/devices/virtual/android"
	"github.com/ringproof/ringproof/devices/virtual/apps"
	"github.com/ringproof/ringproof/fixtures"
)

// A headset answers while the full screen is on its way: it must not ask any
// more once it is there.
func TestAnsweredBeforeTheScreen(t *testing.T) {
	for offset := time.Duration(0); offset < 120*time.Millisecond; offset += time.Millisecond {
		p := boot(t, apps.Reference())
		p.lock()
		p.ringAndThen(func(*android.Device) {})
		p.sys.Step(offset)
		p.do(func(d *android.Device) { d.Input.Key(79, false) })
		p.sys.Step(5 * time.Second)
		if p.calls() != activeCall || p.top() != ".CallActivity" {
			t.Fatalf("%s after the ring: calls %q, top %q", offset, p.calls(), p.top())
		}
		p.do(func(d *android.Device) {
			for _, task := range d.Activities.Tasks {
				if top := task.Top(); top != nil && top.Component == p.class(".IncomingCallActivity") && top.Content != nil {
					t.Fatalf("%s after the ring: the question is still there", offset)
				}
			}
		})
		// One that was never created underneath must not come up later.
		p.key(4)
		if p.top() != "" {
			t.Fatalf("%s after the ring: BACK on the locked phone leads to %q", offset, p.top())
		}
		p.push("cometchat/ended", "s1")
		gone(t, p)
	}
}

// The end of the call and a headset's answer, ever so little apart: whoever is
// first, nothing is left in the end. In between lies the moment after
// startForegroundService and before the service's start, when the promise to
// show a notification must be kept all the same.
func TestEndedWhileAnswering(t *testing.T) {
	answered, missed := 0, 0
	for offset := time.Duration(0); offset < 20*time.Millisecond; offset += 250 * time.Microsecond {
		p := boot(t, apps.Reference())
		p.push("cometchat/initiated", "s1")
		payload, err := fixtures.Payload("cometchat/ended").With("s1", time.Now())
		if err != nil {
			t.Fatal(err)
		}
		end := p.intent(payload)
		p.do(func(d *android.Device) {
			if _, err := d.Broadcasts.Send(android.ShellCaller(shellPID), end, android.BroadcastOptions{}); err != nil {
				t.Error(err)
			}
		})
		p.sys.Step(offset)
		p.do(func(d *android.Device) { d.Input.Key(79, false) })
		p.sys.Step(40 * time.Second)
		gone(t, p)
		if ev := p.events(); slices.Contains(ev, "joined") && slices.Index(ev, "joined") > slices.Index(ev, "ended") {
			t.Error("it joined a call that is over")
		}
		if slices.Contains(p.events(), "backendAccept") {
			answered++
		} else {
			missed++
		}
		if t.Failed() {
			t.Fatalf("%s apart: trace %v", offset, p.events())
		}
	}
	if answered == 0 || missed == 0 {
		t.Errorf("%d answered, %d missed: the moment was not passed", answered, missed)
	}
}

// A ring and its cancellation, ever so little apart: nothing is left but one
// missed call.
func TestCancelledWhileAnnounced(t *testing.T) {
	announced, created := 0, 0
	for offset := time.Duration(0); offset < 120*time.Millisecond; offset += time.Millisecond {
		p := boot(t, apps.Reference())
		var now time.Time
		p.do(func(d *android.Device) { now = d.Now() })
		for _, name := range []string{"cometchat/initiated", "cometchat/cancelled"} {
			payload, err := fixtures.Payload(name).With("s1", now)
			if err != nil {
				t.Fatal(err)
			}
			i := p.intent(payload)
			p.do(func(d *android.Device) {
				if _, err := d.Broadcasts.Send(android.ShellCaller(shellPID), i, android.BroadcastOptions{}); err != nil {
					t.Error(err)
				}
			})
			p.sys.Step(offset)
		}
		p.sys.Step(time.Minute)
		gone(t, p)
		if n := len(p.notes("missed_calls")); n != 1 {
			t.Errorf("%d missed calls, want 1", n)
		}
		ev := p.events()
		if slices.Index(ev, "ended") >= 0 && slices.Index(ev, "ended") < slices.Index(ev, "onCreateIncomingConnection") {
			announced++
		}
		if slices.Index(ev, "onShowIncomingCallUi") >= 0 {
			created++
		}
		if t.Failed() {
			t.Fatalf("%s apart: trace %v", offset, ev)
		}
	}
	if announced == 0 || created == 0 {
		t.Errorf("%d cancelled before Telecom asked, %d after: the moment was not passed", announced, created)
	}
}
