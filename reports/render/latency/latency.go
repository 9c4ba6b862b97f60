// Package latency tells how long the steps of calls took: a table for each
// edge, phone and release, and what became slower since an earlier record.
//
// It knows no budget: a step over its budget is a scenario's finding.
package latency

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/ringproof/ringproof/reports/record"
)

// Key is what a row of the table is about.
type Key struct {
	Edge    record.EdgeName
	From    record.EdgeName
	Phone   string
	Release string
}

// Row is how long one step took on one phone.
type Row struct {
	Key
	N             int
	P50, P95, Max time.Duration
	// Within is how far the median of the measurements may be off.
	Within time.Duration

	spread time.Duration // median distance from the median
}

// Rows makes the table of a record. Attempts that were cut short or could not
// be judged tell nothing of the app and are left out.
func Rows(t record.Told) []Row {
	took := map[Key][]time.Duration{}
	within := map[Key][]time.Duration{}
	for _, a := range t.Attempts {
		if a.Verdict == record.Infra {
			continue
		}
		for _, e := range a.Timeline {
			if e.Latency == nil {
				continue
			}
			k := Key{Edge: e.Name, From: e.From, Phone: a.Phone.Serial, Release: a.Phone.Release}
			took[k] = append(took[k], *e.Latency)
			within[k] = append(within[k], e.Within)
		}
	}
	var rows []Row
	for k, d := range took {
		slices.Sort(d)
		slices.Sort(within[k])
		r := Row{Key: k, N: len(d), P50: quantile(d, 50), P95: quantile(d, 95), Max: d[len(d)-1], Within: quantile(within[k], 50)}
		var off []time.Duration
		for _, x := range d {
			off = append(off, (x - r.P50).Abs())
		}
		slices.Sort(off)
		r.spread = quantile(off, 50)
		rows = append(rows, r)
	}
	order := record.Edges()
	slices.SortFunc(rows, func(a, b Row) int {
		return cmp.Or(
			cmp.Compare(slices.Index(order, a.Edge), slices.Index(order, b.Edge)),
			cmp.Compare(a.Phone, b.Phone), cmp.Compare(a.Release, b.Release), cmp.Compare(a.From, b.From),
		)
	})
	return rows
}

// quantile is the smallest value that p per cent of the sorted values do not
// exceed.
func quantile(sorted []time.Duration, p int) time.Duration {
	return sorted[max(0, (len(sorted)*p+99)/100-1)]
}

// Write writes the table.
func Write(w io.Writer, t record.Told) error {
	tw := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	fmt.Fprintln(tw, "STEP\tFROM\tPHONE\tANDROID\tN\tP50\tP95\tMAX\tWITHIN")
	for _, r := range Rows(t) {
		fmt.Fprintf(tw, "%s\t%s\t%q\t%s\t%d\t%s\t%s\t%s\t%s\n", r.Edge, r.From, r.Phone, r.Release, r.N, ms(r.P50), ms(r.P95), ms(r.Max), ms(r.Within))
	}
	return tw.Flush()
}

func ms(d time.Duration) string {
	return fmt.Sprintf("%d ms", d.Round(time.Millisecond).Milliseconds())
}

// Slower is a step that took longer than in an earlier record by more than
// noise.
type Slower struct {
	Was, Is Row
}

// String says it in words.
func (s Slower) String() string {
	return fmt.Sprintf("%s on %s (Android %s): median %s, was %s", s.Is.Edge, s.Is.Phone, s.Is.Release, ms(s.Is.P50), ms(s.Was.P50))
}

// fewest is how many measurements both sides must have: fewer tell nothing.
const fewest = 5

// Compare tells what became slower. A difference counts when it is larger than
// a tenth of the earlier median, than what the clocks allow, and than three
// times the usual spread of both.
func Compare(was, is record.Told) []Slower {
	before := map[Key]Row{}
	for _, r := range Rows(was) {
		before[r.Key] = r
	}
	var slower []Slower
	for _, r := range Rows(is) {
		b, ok := before[r.Key]
		if !ok || b.N < fewest || r.N < fewest {
			continue
		}
		if r.P50-b.P50 > max(b.P50/10, b.Within+r.Within, 3*max(b.spread, r.spread)) {
			slower = append(slower, Slower{b, r})
		}
	}
	return slower
}
