package html

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ringproof/ringproof/reports/record"
	"github.com/ringproof/ringproof/reports/render/latency"
)

// Overview is what index.html shows.
type Overview struct {
	Run    record.Run
	Counts []Count
	Causes []Cause
	Lanes  []Lane
	Groups []Group
	Steps  []latency.Row
	// Cut says that the run did not end as it should.
	Cut bool
	// Span is how long the run took.
	Span time.Duration
}

// Count is how many attempts ended one way; Share is a percentage of all.
type Count struct {
	Verdict record.Verdict
	N       int
	Share   float64
}

// Cause is the likeliest cause of N red attempts.
type Cause struct {
	record.Cause
	N int
}

// Group is the attempts that ended one way.
type Group struct {
	Count
	Rows []Row
}

// Long says that a browser should not lay all of it out at once.
func (g Group) Long() bool { return g.N > 300 }

// Row is one attempt and its page.
type Row struct {
	record.ToldAttempt
	Page string
}

// Ringing is how long after the push the phone rang, "" if it is not known.
func (r Row) Ringing() string {
	if d, ok := r.Latency(record.EdgeRinging); ok {
		return short(d)
	}
	return ""
}

// Cause is the likeliest cause, nil if none is known.
func (r Row) Cause() *record.Cause {
	if len(r.Diagnosis) == 0 {
		return nil
	}
	return &r.Diagnosis[0]
}

// Total is how many attempts there were.
func (o Overview) Total() int {
	n := 0
	for _, c := range o.Counts {
		n += c.N
	}
	return n
}

// Headline says in one sentence how the run went.
func (o Overview) Headline() string {
	n := map[record.Verdict]int{}
	for _, c := range o.Counts {
		n[c.Verdict] = c.N
	}
	all := o.Total()
	var parts []string
	add := func(v record.Verdict, one, more string) {
		switch n[v] {
		case 0:
		case 1:
			parts = append(parts, "1 "+one)
		default:
			parts = append(parts, fmt.Sprintf("%d %s", n[v], more))
		}
	}
	switch {
	case all == 0:
		return "Nothing ran"
	case n[record.Passed] == all && all == 1:
		return "It rings: the one scenario passed"
	case n[record.Passed] == all:
		return fmt.Sprintf("It rings: all %d scenarios passed", all)
	}
	one := map[record.Verdict]string{record.Failed: "failed", record.Infra: "could not be judged", record.Skipped: "was skipped"}
	if said := one[o.Counts[0].Verdict]; all == 1 && said != "" {
		return "The one scenario " + said
	}
	for v, said := range map[record.Verdict]string{record.Failed: "failed", record.Infra: "could be judged", record.Skipped: "were skipped"} {
		if n[v] == all {
			if v == record.Infra {
				return fmt.Sprintf("None of %d scenarios %s", all, said)
			}
			return fmt.Sprintf("All %d scenarios %s", all, said)
		}
	}
	add(record.Failed, "failed", "failed")
	add(record.Infra, "could not be judged", "could not be judged")
	add(record.Skipped, "was skipped", "were skipped")
	add(record.Passed, "passed", "passed")
	if len(parts) == 0 {
		return fmt.Sprintf("%d scenarios", all)
	}
	return fmt.Sprintf("Of %d scenarios %s", all, strings.Join(parts, ", "))
}

func overview(t record.Told) Overview {
	o := Overview{Run: t.Run, Cut: t.Run.Interrupted || t.Run.Ended.IsZero() || len(t.Attempts) < t.Run.Chosen, Steps: latency.Rows(t)}
	end := t.Run.Ended
	var rows []Row
	for i, a := range t.Attempts {
		rows = append(rows, Row{ToldAttempt: a, Page: fmt.Sprintf("attempt-%d.html", i+1)})
		if a.Ended.After(end) {
			end = a.Ended
		}
	}
	o.Span = max(end.Sub(t.Run.Started), 0)
	o.Lanes = lanes(rows, t.Run.Started, o.Span)
	o.Groups = groups(rows)
	for _, g := range o.Groups {
		o.Counts = append(o.Counts, g.Count)
	}
	o.Causes = causes(rows)
	return o
}

// verdicts is the order in which a person wants to see them.
func verdicts() []record.Verdict {
	return []record.Verdict{record.Failed, record.Infra, record.Skipped, record.Passed}
}

// groups puts what is red first; time decides among equals.
func groups(rows []Row) []Group {
	var all []Group
	for _, r := range rows {
		i := slices.IndexFunc(all, func(g Group) bool { return g.Verdict == r.Verdict })
		if i < 0 {
			all = append(all, Group{Count: Count{Verdict: r.Verdict}})
			i = len(all) - 1
		}
		all[i].Rows = append(all[i].Rows, r)
		all[i].N++
	}
	for i := range all {
		all[i].Share = float64(all[i].N) / float64(len(rows)) * 100
	}
	place := func(g Group) int {
		if i := slices.Index(verdicts(), g.Verdict); i >= 0 {
			return i
		}
		return len(verdicts())
	}
	slices.SortStableFunc(all, func(a, b Group) int { return place(a) - place(b) })
	return all
}

// causes counts the likeliest causes of what is red, the commonest first.
func causes(rows []Row) []Cause {
	var all []Cause
	for _, r := range rows {
		c := r.Cause()
		if c == nil || r.Verdict != record.Failed && r.Verdict != record.Infra {
			continue
		}
		i := slices.IndexFunc(all, func(x Cause) bool { return x.ID == c.ID && x.Sentence == c.Sentence })
		if i < 0 {
			all = append(all, Cause{Cause: *c})
			i = len(all) - 1
		}
		all[i].N++
	}
	slices.SortStableFunc(all, func(a, b Cause) int { return cmp.Compare(b.N, a.N) })
	return all
}
