package harness

import (
	"strings"
	"testing"
	"time"

	"github.com/ringproof/ringproof/harness/diagnose"
	"github.com/ringproof/ringproof/harness/dumpsys/activity"
	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/power"
	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/harness/facts"
)

// A wake lock of adb's shell during a call spoils what is seen of it; anybody
// else's does not, nor one before the first push.
func TestOurWakeLockIsABreach(t *testing.T) {
	for _, c := range []struct {
		name   string
		pushed bool
		lock   power.WakeLock
		breach bool
	}{
		{"of the shell, by uid (API 33 and older)", true, power.WakeLock{Kind: "PARTIAL_WAKE_LOCK", Tag: "x", UID: fact.Of(2000, 1)}, true},
		{"of the shell, by package", true, power.WakeLock{Kind: "FULL_WAKE_LOCK", Tag: "x", Package: fact.Of("com.android.shell", 1)}, true},
		{"before the push", false, power.WakeLock{Kind: "PARTIAL_WAKE_LOCK", Tag: "x", UID: fact.Of(2000, 1)}, false},
		{"of the app", true, power.WakeLock{Kind: "PARTIAL_WAKE_LOCK", Tag: "x", UID: fact.Of(10100, 1), Package: fact.Of("org.ringproof.sample", 1)}, false},
	} {
		a, _ := fakeApp(t, func(time.Duration) string { return "" })
		if c.pushed {
			a.sent = []diagnose.Push{{}}
		}
		var s facts.Snapshot
		s.Power.WakeLocks = fact.Of([]power.WakeLock{c.lock}, 1)
		a.watch(s)
		if (a.Breach() != nil) != c.breach || c.breach && !strings.Contains(a.Breach().Error(), `the wake lock "x"`) {
			t.Errorf("%s: %v", c.name, a.Breach())
		}
	}
}

// An ANR counts as a crash does, ends that are no fault do not, and neither do
// those from before.
func TestBadExits(t *testing.T) {
	exit := func(reason string) []activity.Exit {
		return []activity.Exit{{Package: "org.ringproof.sample", Timestamp: "2026-03-02 09:00:00.000", Reason: reason}}
	}
	known := map[string]bool{"2026-03-02 09:00:00.000": true}
	for _, c := range []struct {
		exits []activity.Exit
		known map[string]bool
		want  expect.Outcome
	}{
		{exit("ANR"), nil, expect.Never},
		{exit("APP CRASH(EXCEPTION)"), nil, expect.Never},
		{exit("APP CRASH(NATIVE)"), nil, expect.Never},
		{exit("USER REQUESTED"), nil, expect.Met},
		{exit("SIGNALED"), nil, expect.Met},
		{exit("ANR"), known, expect.Met},
		{[]activity.Exit{{Package: "org.other", Reason: "ANR"}}, nil, expect.Met},
	} {
		s := facts.Snapshot{App: facts.App{Package: "org.ringproof.sample"}}
		s.Exits.Exits = fact.Of(c.exits, 1)
		if got := expect.NoExits(c.known).Check(s); got.Outcome != c.want {
			t.Errorf("%v, known %v: %v", c.exits, c.known, got)
		}
	}
	if got := expect.NoExits(nil).Check(facts.Snapshot{}); got.Outcome != expect.Unknown {
		t.Errorf("a missing dump is %v", got)
	}
}
