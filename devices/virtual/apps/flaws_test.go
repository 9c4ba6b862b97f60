package apps_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/devices/virtual/android"
	"github.com/ringproof/ringproof/devices/virtual/apps"
)

// yes words a fact.
func yes(ok bool, good, bad string) string {
	if ok {
		return good
	}
	return bad
}

// differences has, for every flaw that shows, something to do with the phone and
// what is seen then: without any flaw, and with only that one.
var differences = []struct {
	flaw      apps.Defect
	do        func(p *phone) string
	good, bad string
}{
	{apps.CrashAtStart, func(p *phone) string {
		p.launch()
		return yes(p.crashes() == 0 && p.top() == ".MainActivity", "starts", "crashes")
	}, "starts", "crashes"},
	{apps.WrongCallerKey, func(p *phone) string {
		p.push("cometchat/initiated", "s1")
		return p.calls()
	}, ringingCall, ""},
	{apps.IgnoresCallAction, func(p *phone) string {
		p.push("cometchat/initiated", "s1")
		p.push("cometchat/cancelled", "s1")
		stopped := p.calls()
		p.push("cometchat/ongoing", "s1")
		p.tap("Decline")
		p.push("cometchat/ended", "s2")
		return stopped + "; " + p.calls()
	}, "; ", ringingCall + "; " + ringingCall},
	{apps.NoIncomingUI, func(p *phone) string {
		p.push("cometchat/initiated", "s1")
		return p.calls() + yes(len(p.notes("incoming_calls")) == 1, ", shown", ", unseen")
	}, ringingCall + ", shown", ringingCall + ", unseen"},
	{apps.ParcelableExtras, func(p *phone) string {
		p.push("cometchat/initiated", "s1")
		return p.calls() + yes(p.crashes() > 0, "crashes", "")
	}, ringingCall, "crashes"},
	{apps.SilentFailure, func(p *phone) string {
		p.push("cometchat/initiated", "s1")
		p.push("cometchat/initiated", "s2")
		return p.calls() + yes(len(p.notes("missed_calls")) == 1, ", told", ", lost")
	}, ringingCall + ", told", ringingCall + ", lost"},
	{apps.Trampoline, func(p *phone) string {
		// Without an account Telecom takes no call; the app announces it alone.
		// While Telecom is bound, its binding would save the trampoline.
		p.do(func(d *android.Device) {
			d.Telecom.Unregister(android.PhoneAccountHandle{Component: p.class(".CallConnectionService"), ID: "ringproof"})
		})
		p.push("cometchat/initiated", "s1")
		p.answer()
		return yes(p.top() == ".CallActivity", "opens", "blocked")
	}, "opens", "blocked"},
	{apps.HiddenByKeyguard, func(p *phone) string {
		p.lock()
		p.push("cometchat/initiated", "s1")
		return yes(p.top() == ".IncomingCallActivity", "seen", "hidden")
	}, "seen", "hidden"},
	{apps.ActiveBeforeJoin, func(p *phone) string {
		p.push("cometchat/initiated", "s1")
		p.do(func(d *android.Device) { d.Input.Key(79, false) })
		if !p.sys.StepUntil(10*time.Second, func(d *android.Device) bool {
			return len(d.Telecom.Calls) == 1 && d.Telecom.Calls[0].State == android.CallActive
		}) {
			return "never active"
		}
		return yes(slices.Contains(p.events(), "joined"), "joined", "nobody there")
	}, "joined", "nobody there"},
	{apps.NoForegroundService, func(p *phone) string {
		p.push("cometchat/initiated", "s1")
		p.answer()
		p.key(3)
		return p.calls() + yes(p.foreground() && len(p.notes("ongoing_calls")) == 1, ", kept", ", unprotected")
	}, activeCall + ", kept", activeCall + ", unprotected"},
	{apps.SingleSlot, func(p *phone) string {
		p.push("cometchat/initiated", "s1")
		p.answer()
		p.push("cometchat/initiated", "s2")
		p.tap("end") // on the screen of the first
		return p.ended(1) + ", " + p.ended(2)
	}, "LOCAL, it lives", "it lives, LOCAL"},
	{apps.NoTimeout, func(p *phone) string {
		p.push("cometchat/initiated", "s1")
		p.sys.Step(50 * time.Second)
		ring := p.calls() + yes(len(p.notes("missed_calls")) == 1, "told", "")
		p.push("cometchat/ongoing", "s1")
		p.pushSent("cometchat/initiated", "s2", 5*time.Minute)
		return ring + "; " + p.calls()
	}, "told; ", ringingCall + "; " + ringingCall},
	{apps.DropsInForeground, func(p *phone) string {
		p.launch()
		p.push("cometchat/initiated", "s1")
		return p.calls()
	}, ringingCall, ""},
	{apps.NoDedupe, func(p *phone) string {
		p.push("cometchat/initiated", "s1")
		p.answer()
		p.push("cometchat/initiated", "s1")
		return p.calls()
	}, activeCall, activeCall + ", " + ringingCall},
	{apps.TelURI, func(p *phone) string {
		p.push("cometchat/initiated", "s1")
		return p.calls()
	}, ringingCall, "RINGING tel:cometchat-uid-1"},
	{apps.MissingCallbacks, func(p *phone) string {
		p.push("cometchat/initiated", "s1")
		p.key(25) // volume down
		n := append(p.notes("incoming_calls"), p.notes("silenced_calls")...)
		return yes(len(n) == 1 && n[0].Notification.Flags&android.FlagInsistent == 0, "silenced", "loud")
	}, "silenced", "loud"},
	{apps.RepeatedEnd, func(p *phone) string {
		p.push("cometchat/initiated", "s1")
		p.answer()
		p.tap("end")
		return strings.Repeat("end ", count(p.events(), "backendEnd")) + p.calls()
	}, "end ", "end end end "},
	{apps.LeavesOnDestroy, func(p *phone) string {
		p.push("cometchat/initiated", "s1")
		p.answer()
		p.do(func(d *android.Device) {
			for _, r := range d.Activities.Recents() {
				if top := r.Top(); top != nil && top.Component == p.class(".CallActivity") {
					d.Activities.RemoveTask(r.ID)
					return
				}
			}
			p.t.Error("the call screen is not in recents")
		})
		p.sys.Step(3 * time.Second)
		return p.ended(1)
	}, "it lives", "LOCAL"},
	{apps.SilentNotification, func(p *phone) string {
		p.do(func(d *android.Device) {
			if err := d.Packages.Revoke(android.ShellCaller(shellPID), p.pkg, "android.permission.POST_NOTIFICATIONS"); err != nil {
				p.t.Error(err)
			}
		})
		p.sys.Step(time.Second)
		p.push("cometchat/initiated", "s1")
		sound := false
		p.do(func(d *android.Device) {
			for _, c := range d.Notifications.Channels(p.pkg) {
				sound = sound || c.ID == "incoming_calls" && c.Sound != ""
			}
		})
		return yes(len(p.notes("incoming_calls")) == 1, "shown, ", "unseen, ") + yes(sound, "heard", "silent")
	}, "shown, heard", "unseen, silent"},
	{apps.NotLoggedIn, func(p *phone) string {
		p.do(func(d *android.Device) { d.Processes.KillBackground(android.ShellCaller(shellPID), p.pkg) })
		p.sys.Step(time.Second)
		p.push("cometchat/initiated", "s1")
		p.answer()
		return p.calls() + yes(p.ended(1) == "ERROR", "failed", "")
	}, activeCall, "failed"},
}

func TestFlaws(t *testing.T) {
	for _, c := range differences {
		t.Run(string(c.flaw), func(t *testing.T) {
			for _, on := range []struct {
				name string
				spec android.PackageSpec
				want string
			}{
				{"the reference", apps.Reference(), c.good},
				{"the guide with all fixed", apps.Guide(all()...), c.good},
				{"the guide with only this flaw", only(c.flaw), c.bad},
			} {
				if got := c.do(boot(t, on.spec)); got != on.want {
					t.Errorf("%s: %q, want %q", on.name, got, on.want)
				}
			}
		})
	}
}

// Every flaw that is a behaviour has its row here, but those that a virtual
// phone has no way to behave differently for.
func TestEveryFlawIsShown(t *testing.T) {
	want := slices.DeleteFunc(apps.Flaws(), func(d apps.Defect) bool { return d == apps.WrongAdvice || d == apps.DirectBootUnaware })
	var got []apps.Defect
	for _, c := range differences {
		got = append(got, c.flaw)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("flaws that show (-said +tested):\n%s", d)
	}
}

// The guide's app as it is never gets as far as a call.
func TestGuideAsItIs(t *testing.T) {
	p := boot(t, apps.Guide())
	if p.crashes() == 0 {
		t.Error("it did not crash at its start")
	}
	code, _ := p.push("cometchat/initiated", "s1")
	if code == -1 || p.calls() != "" || len(p.notes("incoming_calls")) != 0 {
		t.Errorf("receipt %d, calls %q", code, p.calls())
	}
	found := false
	p.do(func(d *android.Device) { found = d.Processes.ByName(p.pkg) != nil })
	if found {
		t.Error("its process lives")
	}
}

// With all fixed, the guide's app behaves as the reference, line by line.
func TestAllFixedIsTheReference(t *testing.T) {
	run := func(spec android.PackageSpec) []traceLine {
		p := boot(t, spec)
		p.push("cometchat/initiated", "s1")
		p.push("cometchat/initiated", "s2")
		p.answer()
		p.push("cometchat/initiated", "s3")
		p.push("cometchat/cancelled", "s3")
		p.key(3)
		p.push("cometchat/ended", "s1")
		p.push("cometchat/chat", "s1")
		p.push("cometchat/initiated", "s4")
		p.tap("Decline")
		return p.trace()
	}
	if d := cmp.Diff(run(apps.Reference()), run(apps.Guide(all()...))); d != "" {
		t.Errorf("traces (-reference +guide with all fixed):\n%s", d)
	}
}

func TestNumbered(t *testing.T) {
	if got, err := apps.Numbered([]int{1, 22}); err != nil || !slices.Equal(got, []apps.Defect{apps.CrashAtStart, apps.DirectBootUnaware}) {
		t.Errorf("%v, %v", got, err)
	}
	for _, n := range []int{0, 23} {
		if got, err := apps.Numbered([]int{n}); err == nil {
			t.Errorf("flaw %d is %v", n, got)
		}
	}
}
