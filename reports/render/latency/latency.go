// Package latency tells how long the steps of calls took: a table for each
// edge, phone and release, and what became slower since an earlier record.
//
// A step became slower when its times are larger than the earlier ones made
// slower by a tenth, and by what the clocks of both records allow together, and
// when that is no chance: were the app only that much slower, times like these
// would come so seldom that, over all steps that are compared, a false alarm
// comes at most once in twenty comparisons. This is the rank-sum test of Mann
// and Whitney, one-sided, with Holm's correction. It asks only which times are
// larger, so that one call that hung, or a spread like that of no textbook,
// does not decide.
//
// A step with fewer than five calls in either record is not compared, and told.
// A phone that was slow for a whole run makes that run slower: what differs
// from run to run is only in a record that several runs were merged into.
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

	took []time.Duration // sorted
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
		r.took = d
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
