package html

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ringproof/ringproof/reports/record"
)

// Lane is one phone, its attempts laid out in time.
type Lane struct {
	Phone record.Phone
	Bars  []Bar
	// Said counts its verdicts in words.
	Said string
	// Sick says that most of what ran here could not be judged: look at the
	// phone before the app.
	Sick bool
}

// Bar is one attempt in a lane, or several that are too short to be told
// apart. Left and Width are percentages of the run.
type Bar struct {
	Verdict     record.Verdict
	Left, Width float64
	// Page and Title are of the one attempt; Page is empty if there are more.
	Page, Title string
	n           int
}

const (
	thinnest = 0.15 // of a bar, in per cent
	touching = 0.15 // the gap below which thin bars of one verdict become one
)

func lanes(rows []Row, start time.Time, span time.Duration) []Lane {
	type phone struct {
		Lane
		counts map[record.Verdict]int
		n      int
	}
	var all []*phone
	whole := float64(max(span, time.Millisecond))
	for _, r := range rows {
		i := slices.IndexFunc(all, func(l *phone) bool { return l.Phone.Serial == r.Phone.Serial })
		if i < 0 {
			all = append(all, &phone{Lane: Lane{Phone: r.Phone}, counts: map[record.Verdict]int{}})
			i = len(all) - 1
		}
		l := all[i]
		l.counts[r.Verdict]++
		l.n++
		left := min(max(float64(r.Started.Sub(start))/whole*100, 0), 100)
		width := min(max(float64(max(r.Ended.Sub(r.Started), 0))/whole*100, thinnest), 100-min(left, 100-thinnest))
		l.add(Bar{Verdict: r.Verdict, Left: left, Width: width, Page: r.Page, Title: fmt.Sprintf("%s: %s", r.Scenario.ID, r.Verdict), n: 1})
	}
	slices.SortStableFunc(all, func(a, b *phone) int { return cmp.Compare(a.Phone.Serial, b.Phone.Serial) })
	var out []Lane
	for _, l := range all {
		l.Sick = l.counts[record.Infra]*2 > l.n
		var said []string
		for _, v := range verdicts() {
			if n := l.counts[v]; n > 0 {
				said = append(said, fmt.Sprintf("%d %s", n, v))
			}
		}
		l.Said = strings.Join(said, ", ")
		out = append(out, l.Lane)
	}
	return out
}

// add appends a bar, or lets the last one grow: thousands of hairlines would
// show no more than one bar does.
func (l *Lane) add(b Bar) {
	if i := len(l.Bars) - 1; i >= 0 {
		last := &l.Bars[i]
		thin := b.Width <= 2*thinnest && last.Width/float64(last.n) <= 2*thinnest
		if thin && last.Verdict == b.Verdict && b.Left-(last.Left+last.Width) < touching {
			last.Width = max(last.Width, b.Left+b.Width-last.Left)
			last.n++
			last.Page, last.Title = "", fmt.Sprintf("%d %s", last.n, b.Verdict)
			return
		}
	}
	l.Bars = append(l.Bars, b)
}
