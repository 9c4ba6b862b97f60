package scenarios_test

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/ringproof/ringproof/devices/virtual"
	"github.com/ringproof/ringproof/devices/virtual/android"
	"github.com/ringproof/ringproof/devices/virtual/apps"
	"github.com/ringproof/ringproof/harness"
	"github.com/ringproof/ringproof/harness/cmd/wire"
	"github.com/ringproof/ringproof/harness/config"
	"github.com/ringproof/ringproof/reports/record"
	"github.com/ringproof/ringproof/scenarios"
)

// results runs the smoke scenarios on a virtual phone and returns what became
// of each.
func results(t *testing.T, app string, change func(*virtual.Options), door ...harness.Door) map[string]scenarios.Result {
	t.Helper()
	s, err := config.Load(config.Source{})
	if err != nil {
		t.Fatal(err)
	}
	s.Devices, s.App = config.Devices{Virtual: true}, config.App{Builtin: app}
	bench, done := open(t, s, wire.Options{Virtual: change})
	defer done()
	chosen, err := scenarios.Select(scenarios.All(), []string{"smoke"}, "")
	if err != nil {
		t.Fatal(err)
	}
	in := bench.Input()
	in.Door = cmp.Or(append(door, harness.AnyDoor)...)
	out := map[string]scenarios.Result{}
	for _, sc := range chosen {
		out[sc.ID] = in.Do(t.Context(), sc)
	}
	return out
}

// The app built literally from the guide must not be green anywhere, and each
// failure names a wrong fact.
func TestGuideIsRed(t *testing.T) {
	for id, r := range results(t, "guide", nil) {
		if r.Verdict != record.Failed || r.Finding.Fact == "" {
			t.Errorf("%s: %s: %s", id, r.Verdict, r.Finding.Sentence)
		}
	}
}

// unmasking is the order in which the guide's flaws are mended: each hides the
// ones behind it. Telecom's account first, then the push's way to Telecom, then
// what is shown, then what the buttons do.
func unmasking() []apps.Defect {
	order := []apps.Defect{
		apps.CrashAtStart, apps.WrongCallerKey, apps.ParcelableExtras, apps.NoIncomingUI,
		apps.SilentNotification, apps.Trampoline, apps.HiddenByKeyguard, apps.IgnoresCallAction,
	}
	for _, f := range apps.Flaws() {
		if !slices.Contains(order, f) {
			order = append(order, f)
		}
	}
	return order
}

// The guide's first flaw hides the others. Mended one at a time, each uncovers
// the next, and the scenarios tell them apart: at least five different facts
// are named. With all of them mended the app is green.
func TestGuideUnmasked(t *testing.T) {
	seen := map[string]string{}
	fixed := []apps.Defect{}
	for step := 0; step <= len(apps.Flaws()); step++ {
		if step > 0 {
			fixed = append(fixed, unmasking()[step-1])
		}
		red := 0
		for id, r := range results(t, "guide", func(o *virtual.Options) { o.Models = apps.Models(fixed...) }) {
			switch r.Verdict {
			case record.Failed:
				red++
				if seen[r.Finding.Fact] == "" {
					seen[r.Finding.Fact] = fmt.Sprintf("without flaws %v, %s: %s", fixed, id, r.Finding.Sentence)
				}
			case record.Infra, record.Skipped:
				t.Errorf("without flaws %v, %s is %s: %s", fixed, id, r.Verdict, r.Finding.Sentence)
			}
		}
		t.Logf("without flaws %v: %d red", fixed, red)
		if len(fixed) == len(apps.Flaws()) && red > 0 {
			t.Errorf("with all flaws mended %d scenarios are red", red)
		}
	}
	for _, fact := range slices.Sorted(maps.Keys(seen)) {
		t.Logf("%s: %s", fact, seen[fact])
	}
	if len(seen) < 5 {
		t.Errorf("only %d different facts", len(seen))
	}
}

// The same calls ring through Firebase's own receiver.
func TestThroughTheRootBroadcast(t *testing.T) {
	for id, r := range results(t, "reference", nil, harness.RootDoor) {
		if r.Verdict != record.Passed {
			t.Errorf("%s: %s: %s", id, r.Verdict, r.Finding.Sentence)
		}
	}
}

// An app that is there and does nothing passes nothing.
func TestDeadAppPassesNothing(t *testing.T) {
	for id, r := range results(t, "reference", func(o *virtual.Options) {
		o.Models = map[string]func() android.App{apps.ReferencePackage: apps.NewDead}
	}) {
		if r.Verdict != record.Failed {
			t.Errorf("%s: %s: %s", id, r.Verdict, r.Finding.Sentence)
		}
	}
}
