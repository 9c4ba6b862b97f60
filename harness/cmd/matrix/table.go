package matrix

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/ringproof/ringproof/fixtures/defects"
	"github.com/ringproof/ringproof/reports/record"
	"github.com/ringproof/ringproof/scenarios"
)

// enoughCauses is the share of expected catches, in percent, of which the
// report must name the expected cause first.
const enoughCauses = 90

// Table is what was seen.
type Table struct {
	Defects   []defects.Defect
	Scenarios []scenarios.Scenario
	Cells     []Cell
	// Partial says that only expected pairs were run.
	Partial bool
}

// Cell is what became of a pair; nil if it was not run.
func (t Table) Cell(defect, scenario string) *Cell {
	for i := range t.Cells {
		if t.Cells[i].Defect == defect && t.Cells[i].Scenario == scenario {
			return &t.Cells[i]
		}
	}
	return nil
}

// Check lists, in words, what is not as it must be: a defect that is not
// caught as the table says, a scenario that catches nothing, a reference that
// fails. A failed set-up or an infra verdict is not a catch.
func (t Table) Check() []string {
	var wrong []string
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	for _, sc := range t.Scenarios {
		if t.Partial {
			break
		}
		if c := t.Cell(Reference, sc.ID); c.Verdict == record.Failed || c.Verdict == record.Infra {
			say("%s: the reference app is %s: %s", sc.ID, c.Verdict, c.Sentence)
			continue
		} else if c.Verdict == record.Skipped {
			continue
		}
		if !slices.ContainsFunc(t.Cells, func(c Cell) bool { return c.Scenario == sc.ID && c.Verdict == record.Failed }) {
			say("%s catches nothing", sc.ID)
		}
	}
	for _, d := range t.Defects {
		for _, want := range d.Caught {
			c := t.Cell(d.Name, want.Scenario)
			switch {
			case c == nil && !slices.ContainsFunc(t.Scenarios, func(s scenarios.Scenario) bool { return s.ID == want.Scenario }):
				if !t.Partial {
					say("%s: no scenario %s was run", d.Name, want.Scenario)
				}
			case c == nil:
			case c.Verdict != record.Failed:
				say("%s: %s is %s: %s", d.Name, want.Scenario, c.Verdict, c.Sentence)
			case c.Phase != want.Phase || c.Fact != want.Fact:
				say("%s: want %s; got %s: %s", d.Name, want, c.Catch(), c.Sentence)
			case len(c.Causes) == 0 || len(c.Causes[0].Facts) == 0:
				say("%s: %s fails by %s, and no cause with its facts is named", d.Name, want.Scenario, c.Fact)
			}
		}
	}
	if named, of := t.Causes(); named*100 < enoughCauses*of {
		say("the expected cause is named first for %d of %d defects: want %d %%", named, of, enoughCauses)
	}
	return wrong
}

// Causes counts the defects of which every expected catch that was run names
// the expected cause first.
func (t Table) Causes() (named, of int) {
	for _, d := range t.Defects {
		run, right := 0, 0
		for _, want := range d.Caught {
			c := t.Cell(d.Name, want.Scenario)
			if c == nil {
				continue
			}
			run++
			if c.Verdict == record.Failed && c.Catch().Cause == want.Cause {
				right++
			}
		}
		if run > 0 {
			of++
			if right == run {
				named++
			}
		}
	}
	return named, of
}

// Misnamed lists the catches of which the report names another cause first.
func (t Table) Misnamed() []string {
	var said []string
	for _, d := range t.Defects {
		for _, want := range d.Caught {
			if c := t.Cell(d.Name, want.Scenario); c != nil && c.Verdict == record.Failed && c.Catch().Cause != want.Cause {
				said = append(said, fmt.Sprintf("%s: %s names %s first, expected is %s", d.Name, want.Scenario, c.Catch().Cause, want.Cause))
			}
		}
	}
	return said
}

// Distinct counts the defects that differ in what they fail first of all: by
// the assertion that the table expects, that is scenario, phase and fact, and
// by all that they fail in the matrix.
func (t Table) Distinct() (own, whole int) {
	first, all := map[string]bool{}, map[string]bool{}
	for _, d := range t.Defects {
		if len(d.Caught) == 0 {
			continue
		}
		c := d.Caught[0]
		first[c.Scenario+"|"+c.Phase+"|"+c.Fact] = true
		var fails strings.Builder
		for _, cell := range t.Cells {
			if cell.Defect == d.Name && cell.Verdict == record.Failed {
				fmt.Fprintf(&fails, "%s|%s|%s\n", cell.Scenario, cell.Phase, cell.Fact)
			}
		}
		all[fails.String()] = true
	}
	return len(first), len(all)
}

// Write writes the table as Markdown: what each defect fails, expected ones
// first, and what each scenario catches.
func (t Table) Write(w io.Writer) error {
	var b strings.Builder
	own, whole := t.Distinct()
	named, of := t.Causes()
	shown := 0
	for _, d := range t.Defects {
		if d.Unseen == "" {
			shown++
		}
	}
	fmt.Fprintf(&b, "# Defects and what catches them\n\n%d defects that show, %d distinct by their own assertion and fact, %d by all that they fail; "+
		"%d scenarios. The expected cause is named first for %d of %d (%d %%).\n\n",
		shown, own, whole, len(t.Scenarios), named, of, named*100/max(of, 1))
	b.WriteString("| defect | expected | named first | fails also |\n|---|---|---|---|\n")
	for _, d := range t.Defects {
		if d.Unseen != "" {
			fmt.Fprintf(&b, "| %s | cannot be seen: %s | | |\n", d.Name, d.Unseen)
			continue
		}
		var expected, causes, also []string
		for _, want := range d.Caught {
			c := t.Cell(d.Name, want.Scenario)
			if c == nil {
				continue
			}
			mark := "**not caught** "
			if c.Verdict == record.Failed && c.Phase == want.Phase && c.Fact == want.Fact {
				mark = ""
			}
			expected = append(expected, fmt.Sprintf("%s%s, %q: %s", mark, want.Scenario, want.Phase, want.Fact))
			cause := c.Catch().Cause
			if cause != want.Cause {
				cause = fmt.Sprintf("%s (expected %s)", cause, want.Cause)
			}
			causes = append(causes, cause)
		}
		for _, c := range t.Cells {
			if c.Defect == d.Name && c.Verdict != record.Passed && c.Verdict != record.Skipped && !expects(d, c.Scenario) {
				word := c.Fact
				if c.Verdict == record.Infra {
					word = "infra"
				}
				also = append(also, c.Scenario+" ("+word+")")
			}
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", d.Name, strings.Join(expected, "<br>"), strings.Join(causes, "<br>"), strings.Join(also, ", "))
	}
	if !t.Partial {
		b.WriteString("\n| scenario | catches |\n|---|---|\n")
		for _, sc := range t.Scenarios {
			var caught []string
			for _, c := range t.Cells {
				if c.Scenario == sc.ID && c.Verdict == record.Failed && c.Defect != Reference {
					caught = append(caught, c.Defect)
				}
			}
			fmt.Fprintf(&b, "| %s | %d: %s |\n", sc.ID, len(caught), strings.Join(caught, ", "))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
