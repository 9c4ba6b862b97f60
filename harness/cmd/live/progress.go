package live

import (
	"fmt"
	"strings"
	"time"

	"github.com/ringproof/ringproof/reports/record"
)

// Plan is what a run is going to do.
type Plan struct {
	App, Package string
	// Where says on what it runs, in words.
	Where string
	// Total is how many scenarios were chosen, Lanes how many run side by side.
	Total, Lanes int
	// Report is the folder of the record.
	Report string
	Began  time.Time
}

// lane is one scenario under way.
type lane struct {
	scenario, phone, phase string
	waiting                string // who holds the phones
	since                  time.Time
}

// progress is how far a run has come.
type progress struct {
	plan   Plan
	counts map[record.Verdict]int
	done   int
	busy   time.Duration // of all scenarios that ended
	lanes  []*lane
}

func newProgress(p Plan) progress {
	p.Lanes = max(p.Lanes, 1)
	return progress{plan: p, counts: map[record.Verdict]int{}}
}

// take follows an event.
func (p *progress) take(e record.Event) {
	l := p.lane(e.Scenario)
	if e.Kind == record.ScenarioStarted && l == nil {
		l = &lane{scenario: e.Scenario, since: e.Host}
		p.lanes = append(p.lanes, l)
	}
	switch {
	case e.Kind == record.ScenarioEnded:
		p.done++
		p.counts[e.Verdict]++
		if l != nil {
			p.busy += max(e.Host.Sub(l.since), 0)
			p.drop(l)
		}
	case l == nil:
	case e.Kind == record.Waiting:
		l.waiting = e.Text
	case e.Kind == record.PhoneTaken:
		l.phone, l.waiting = e.Phone, ""
	case e.Kind == record.PhaseStarted:
		l.phase = e.Text
	}
}

func (p *progress) lane(scenario string) *lane {
	for _, l := range p.lanes {
		if l.scenario == scenario {
			return l
		}
	}
	return nil
}

func (p *progress) drop(gone *lane) {
	for i, l := range p.lanes {
		if l == gone {
			p.lanes = append(p.lanes[:i], p.lanes[i+1:]...)
			return
		}
	}
}

// left guesses how long the run still takes from what it took so far; false
// before anything ended.
func (p *progress) left() (time.Duration, bool) {
	if p.done == 0 {
		return 0, false
	}
	todo := max(p.plan.Total-p.done, 0)
	return p.busy / time.Duration(p.done) * time.Duration(todo) / time.Duration(p.plan.Lanes), true
}

// tally words the counts; paint, if not nil, gives each its colour.
func (p *progress) tally(paint func(v record.Verdict, text string) string) []string {
	var parts []string
	for _, v := range []record.Verdict{record.Passed, record.Failed, record.Infra, record.Skipped} {
		if n := p.counts[v]; n > 0 {
			text := fmt.Sprintf("%d %s", n, v)
			if paint != nil {
				text = paint(v, text)
			}
			parts = append(parts, text)
		}
	}
	return parts
}

// summary is the last line of a run.
func (p *progress) summary(now time.Time) string {
	parts := p.tally(nil)
	if n := p.plan.Total - p.done; n > 0 {
		parts = append(parts, fmt.Sprintf("%d not run", n))
	}
	return fmt.Sprintf("%s, in %s; record in %s", strings.Join(parts, ", "), now.Sub(p.plan.Began).Round(100*time.Millisecond), Clean(p.plan.Report))
}

// Red reports whether the run must not look green: something failed, was cut
// short, or nothing at all was shown.
func (p *progress) red() bool {
	return p.counts[record.Failed]+p.counts[record.Infra] > 0 || p.done < p.plan.Total || p.counts[record.Passed] == 0
}

// ended words the end of a scenario: why, and what may be done.
func ended(e record.Event) []string {
	var lines []string
	if e.Finding != nil && e.Finding.Sentence != "" {
		lines = append(lines, Clean(e.Finding.Sentence))
	}
	for _, c := range e.Causes[:min(len(e.Causes), 3)] {
		lines = append(lines, "likely: "+Clean(c.Sentence))
		if len(c.Facts) > 0 {
			lines = append(lines, "  because "+Clean(c.Facts[0]))
		}
		lines = append(lines, "  remedy: "+Clean(c.Remedy))
	}
	return lines
}

// latencies words the edges that have one.
func latencies(edges []record.Edge) string {
	var parts []string
	for _, e := range edges {
		if e.Latency != nil {
			parts = append(parts, fmt.Sprintf("%s +%d ms", e.Name, e.Latency.Milliseconds()))
		}
	}
	if len(parts) == 0 {
		return "no timeline"
	}
	return strings.Join(parts, ", ")
}

// short words a duration for a glance.
func short(d time.Duration) string {
	d = d.Round(time.Second)
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%ds", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%dm%02ds", int(d.Minutes()), int(d.Seconds())%60)
	}
	return fmt.Sprintf("%dh%02dm", int(d.Hours()), int(d.Minutes())%60)
}
