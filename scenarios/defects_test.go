package scenarios_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/devices/virtual"
	"github.com/ringproof/ringproof/devices/virtual/android"
	"github.com/ringproof/ringproof/devices/virtual/apps"
	"github.com/ringproof/ringproof/fixtures/defects"
	"github.com/ringproof/ringproof/harness"
	"github.com/ringproof/ringproof/harness/cmd/matrix"
	"github.com/ringproof/ringproof/harness/cmd/wire"
	"github.com/ringproof/ringproof/harness/config"
	"github.com/ringproof/ringproof/harness/diagnose"
	"github.com/ringproof/ringproof/reports/record"
	"github.com/ringproof/ringproof/scenarios"
)

// The table of defects is about scenarios that exist and causes that can be
// named, and each scenario has a defect that it alone or with others must
// catch.
func TestDefectsAndScenarios(t *testing.T) {
	rows, err := defects.All()
	if err != nil {
		t.Fatal(err)
	}
	caught, known := map[string]bool{}, map[string]bool{}
	for _, sc := range scenarios.All() {
		known[sc.ID] = true
	}
	for _, d := range rows {
		for _, c := range d.Caught {
			caught[c.Scenario] = true
			if !known[c.Scenario] {
				t.Errorf("%s: no scenario %s", d.Name, c.Scenario)
			}
			if !slices.Contains(diagnose.IDs(), c.Cause) {
				t.Errorf("%s: no cause %q", d.Name, c.Cause)
			}
		}
	}
	for _, sc := range scenarios.All() {
		if !caught[sc.ID] && !slices.Contains(sc.Labels, "smoke") { // the guide's app fails all of those
			t.Errorf("the table has nothing that %s catches", sc.ID)
		}
	}
}

// Every defect is caught by the scenario that is there for it, in the phase and
// by the fact that the table names, and leads to the cause. The whole matrix,
// all defects against all scenarios, is `make defect-matrix`.
func TestEachDefectIsCaught(t *testing.T) {
	rows, err := defects.All()
	if err != nil {
		t.Fatal(err)
	}
	table, err := matrix.Run(t.Context(), matrix.Options{Defects: rows, Scenarios: scenarios.All(), Own: true, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, wrong := range table.Check() {
		t.Error(wrong)
	}
}

// one runs a scenario on a virtual phone with an app's behaviour.
func one(t *testing.T, id string, model func() android.App) scenarios.Result {
	t.Helper()
	for _, sc := range scenarios.All() {
		if sc.ID != id {
			continue
		}
		bench, done := open(t, reference(), wire.Options{Phones: scenarios.Phones([]scenarios.Scenario{sc}), Virtual: func(o *virtual.Options) {
			o.Models = map[string]func() android.App{apps.ReferencePackage: model}
		}})
		defer done()
		return bench.Input().Do(t.Context(), sc)
	}
	t.Fatalf("no scenario %s", id)
	return scenarios.Result{}
}

// rest runs all but the smoke scenarios on one phone, and wants the phone left
// as it was found.
func rest(t *testing.T, s config.Settings, model func() android.App, door harness.Door) map[string]scenarios.Result {
	t.Helper()
	s.Devices, s.App = config.Devices{Virtual: true}, config.App{Builtin: "reference"}
	bench, done := open(t, s, wire.Options{Phones: scenarios.Phones(scenarios.All()), Virtual: func(o *virtual.Options) {
		o.Models = map[string]func() android.App{apps.ReferencePackage: model}
	}})
	defer done()
	chosen, err := scenarios.Select(scenarios.All(), nil, "!smoke")
	if err != nil {
		t.Fatal(err)
	}
	// Those of one maker are for TestMakersScenarios.
	chosen = slices.DeleteFunc(chosen, func(sc scenarios.Scenario) bool { return sc.Needs.Maker != "" })
	in := bench.Input()
	in.Door = door
	// The app comes with the first scenario, and stays.
	in.Do(t.Context(), scenarios.Scenario{ID: "first", Title: "first", Run: harness.Steps()})
	phone := bench.Fleet.Phones()[0]
	// A screen that nobody touched for 30 s goes off by itself.
	left := func() []string {
		return slices.DeleteFunc(found(phone), func(l string) bool { return strings.HasPrefix(l, "credential NONE, wakefulness") })
	}
	before := left()
	out := map[string]scenarios.Result{}
	for _, sc := range chosen {
		out[sc.ID] = in.Do(t.Context(), sc)
		if diff := cmp.Diff(before, left()); diff != "" {
			t.Errorf("%s did not leave the phone as it was found (-before +after):\n%s", sc.ID, diff)
			before = left()
		}
	}
	return out
}

// What passes does so on a phone that muted its log, too, through either door,
// and with other jitter.
func TestRestOfTheCatalogue(t *testing.T) {
	for _, c := range []struct {
		name string
		s    config.Settings
		door harness.Door
	}{
		{"muted log", config.Settings{Seed: 2, MuteLog: true}, harness.AnyDoor},
		{"root broadcast", config.Settings{Seed: 3}, harness.RootDoor},
	} {
		t.Run(c.name, func(t *testing.T) {
			for id, r := range rest(t, c.s, apps.NewReference, c.door) {
				if r.Verdict != record.Passed {
					t.Errorf("%s: %s: %s", id, r.Verdict, r.Finding.Sentence)
				}
			}
		})
	}
}

// A dead app passes none of them either, and is blamed for it.
func TestDeadAppPassesNothingElse(t *testing.T) {
	for id, r := range rest(t, config.Settings{Seed: 4}, apps.NewDead, harness.AnyDoor) {
		if r.Verdict != record.Failed {
			t.Errorf("%s: %s: %s", id, r.Verdict, r.Finding.Sentence)
		}
	}
}
