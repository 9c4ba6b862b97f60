package matrix_test

import (
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/ringproof/ringproof/fixtures/defects"
	"github.com/ringproof/ringproof/harness"
	"github.com/ringproof/ringproof/harness/cmd/matrix"
	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/reports/record"
	"github.com/ringproof/ringproof/scenarios"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// cell is a failure as the table of one defect expects it.
func cell(change func(*matrix.Cell)) matrix.Cell {
	c := matrix.Cell{
		Defect: "deaf", Scenario: "rings", Verdict: record.Failed, Phase: "push a call", Fact: "telecom.call",
		Causes: []record.Cause{{ID: "app.ignored-push", Facts: []string{"push: accepted"}}},
	}
	if change != nil {
		change(&c)
	}
	return c
}

// What must be red is red, and says why.
func TestCheck(t *testing.T) {
	deaf := defects.Defect{Name: "deaf", Caught: []defects.Catch{
		{Scenario: "rings", Phase: "push a call", Fact: "telecom.call", Cause: "app.ignored-push"},
	}}
	good := matrix.Cell{Defect: matrix.Reference, Scenario: "rings", Verdict: record.Passed}
	for _, c := range []struct {
		name  string
		cells []matrix.Cell
		says  string // "" for a table with which nothing is wrong
	}{
		{"as expected", []matrix.Cell{good, cell(nil)}, ""},
		{"not caught", []matrix.Cell{good, cell(func(c *matrix.Cell) { c.Verdict = record.Passed })}, "deaf: rings is passed"},
		{"infra is no catch", []matrix.Cell{good, cell(func(c *matrix.Cell) { c.Verdict = record.Infra })}, "deaf: rings is infra"},
		{"skipped is no catch", []matrix.Cell{good, cell(func(c *matrix.Cell) { c.Verdict = record.Skipped })}, "deaf: rings is skipped"},
		{"another fact", []matrix.Cell{good, cell(func(c *matrix.Cell) { c.Fact = "audio.mode" })}, "got rings, \"push a call\": audio.mode"},
		{"a failed set-up is no catch", []matrix.Cell{good, cell(func(c *matrix.Cell) { c.Phase = "prepare" })}, "got rings, \"prepare\""},
		{"no cause", []matrix.Cell{good, cell(func(c *matrix.Cell) { c.Causes = nil })}, "no cause with its facts"},
		{"a cause without facts", []matrix.Cell{good, cell(func(c *matrix.Cell) { c.Causes[0].Facts = nil })}, "no cause with its facts"},
		{"another cause", []matrix.Cell{good, cell(func(c *matrix.Cell) { c.Causes[0].ID = "dnd.on" })}, "named first for 0 of 1"},
		{"the reference fails", []matrix.Cell{{Defect: matrix.Reference, Scenario: "rings", Verdict: record.Failed}, cell(nil)}, "the reference app is failed"},
		{"the reference cannot be judged", []matrix.Cell{{Defect: matrix.Reference, Scenario: "rings", Verdict: record.Infra}, cell(nil)}, "the reference app is infra"},
		{"catches nothing", []matrix.Cell{good, cell(func(c *matrix.Cell) { c.Verdict = record.Passed })}, "rings catches nothing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			table := matrix.Table{Defects: []defects.Defect{deaf}, Scenarios: []scenarios.Scenario{{ID: "rings"}}, Cells: c.cells}
			wrong := table.Check()
			if c.name == "another cause" && !slices.Equal(table.Misnamed(), []string{"deaf: rings names dnd.on first, expected is app.ignored-push"}) {
				t.Errorf("misnamed: %q", table.Misnamed())
			}
			if (len(wrong) == 0) != (c.says == "") || c.says != "" && !strings.Contains(strings.Join(wrong, "\n"), c.says) {
				t.Errorf("%q, want %q", wrong, c.says)
			}
		})
	}
}

// Defects that fail the same assertion with the same fact count once, by their
// own one and by all of them.
func TestDistinct(t *testing.T) {
	twin := func(name, phase string) defects.Defect {
		return defects.Defect{Name: name, Caught: []defects.Catch{{Scenario: "rings", Phase: phase, Fact: "telecom.call"}}}
	}
	fails := func(name, scenario string) matrix.Cell {
		return cell(func(c *matrix.Cell) { c.Defect, c.Scenario = name, scenario })
	}
	table := matrix.Table{
		Defects: []defects.Defect{twin("a", "push a call"), twin("b", "push a call"), twin("c", "answer"), {Name: "unseen", Unseen: "x"}},
		Cells:   []matrix.Cell{fails("a", "rings"), fails("b", "rings"), fails("b", "declined"), fails("c", "rings")},
	}
	if own, whole := table.Distinct(); own != 2 || whole != 2 {
		t.Errorf("%d by their own, %d by all; want 2 and 2", own, whole)
	}
}

// A scenario that fails or cannot be judged on the reference app is an alarm,
// one that is skipped is not.
func TestSoak(t *testing.T) {
	wants := func(id string, c expect.Condition) scenarios.Scenario {
		return scenarios.Scenario{ID: id, Title: id, Run: harness.Holds(c)}
	}
	alarms, runs, err := matrix.Soak(t.Context(), matrix.SoakOptions{
		Scenarios: []scenarios.Scenario{
			wants("silent", expect.Silent()), wants("rings", expect.Ringing()),
			{ID: "later", Title: "later", Needs: scenarios.Needs{MinAPI: 99}, Run: harness.Steps()},
		},
		First: 3, Seeds: 2,
	})
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, a := range alarms {
		said = append(said, a.String())
	}
	if runs != 4 || len(said) != 2 || !strings.HasPrefix(said[0], "seed 3: rings is failed: telecom.call") || !strings.HasPrefix(said[1], "seed 4: rings") {
		t.Errorf("%d runs, %q", runs, said)
	}
}

// The matrix itself, on two pairs: one that is as the table says, and one of
// which the table says what is not so.
func TestRun(t *testing.T) {
	d, err := defects.Find("ignores-call-action")
	if err != nil {
		t.Fatal(err)
	}
	wrong := d
	wrong.Caught = []defects.Catch{{Scenario: "cancelled", Phase: "the caller gives up", Fact: "notification.none", Cause: "app.ignores-stop"}}
	d.Caught = []defects.Catch{{Scenario: "cancelled", Phase: "the caller gives up", Fact: "telecom.no-call", Cause: "app.ignores-stop"}}
	cancelled := slices.DeleteFunc(scenarios.All(), func(s scenarios.Scenario) bool { return s.ID != "cancelled" })
	for _, c := range []struct {
		d    defects.Defect
		says string
	}{{d, ""}, {wrong, "want cancelled"}} {
		table, err := matrix.Run(t.Context(), matrix.Options{Defects: []defects.Defect{c.d}, Scenarios: cancelled, Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		said := strings.Join(table.Check(), "\n")
		if c.says == "" && said != "" || !strings.Contains(said, c.says) {
			t.Errorf("%q, want %q", said, c.says)
		}
		var b strings.Builder
		if err := table.Write(&b); err != nil || !strings.Contains(b.String(), "| ignores-call-action |") || !strings.Contains(b.String(), "| cancelled | 1: ignores-call-action |") {
			t.Errorf("%v\n%s", err, b.String())
		}
	}
}
