package html

import (
	"cmp"
	"slices"
	"time"

	"github.com/ringproof/ringproof/reports/record"
)

// Call is the timeline of an attempt's call on one scale.
type Call struct {
	Edges []Edge
	Ticks []Tick
	// Cuts are where time was cut out of the scale.
	Cuts []Cut
	// Origin is the event that the scale counts from.
	Origin record.EdgeName
}

// Tick is one mark of the scale; Left is a percentage. Label is "" where there
// is no room for it.
type Tick struct {
	Left  float64
	Label string
}

// Cut is time that is not shown, because no step is counted over it: a person,
// or the scenario, did nothing.
type Cut struct {
	Left, Width float64
	Time        time.Duration
}

// Edge is one event of the timeline with its place on the scale, in per cent.
type Edge struct {
	record.Edge
	// Left and Width are where the truth may lie.
	Left, Width float64
	// Since and Span are the bar from the event that it counts from.
	Since, Span float64
	// Limit is where the budget ends; 0 if there is none, or beyond the scale.
	Limit float64
	// Late says that the latency is over its budget by more than it may be off.
	Late bool
	// Over is by how much.
	Over time.Duration
}

const (
	narrow   = 0.8 // the least width of a mark, in per cent
	cutWidth = 3.0 // of time that is cut out
	labelGap = 9.0 // between the labels of a scale
)

// stretch is a time that is shown whole.
type stretch struct {
	from, to    time.Duration
	left, width float64
}

// place lays the events out from the first to the last.
func place(edges []record.Edge) Call {
	var c Call
	at := map[record.EdgeName]record.Edge{}
	var first record.Edge
	for _, e := range edges {
		if e.Void != "" {
			continue
		}
		if len(at) == 0 || e.At < first.At {
			first = e
		}
		at[e.Name] = e
	}
	c.Origin = first.Name
	shown := stretches(edges, at, first.At)
	scale := func(t time.Duration) float64 {
		t -= first.At
		for _, s := range shown {
			if t <= s.to {
				return s.left + min(max(float64(t-s.from)/float64(s.to-s.from), 0), 1)*s.width
			}
		}
		return 100
	}
	c.Ticks, c.Cuts = ticks(shown)
	for _, e := range edges {
		p := Edge{Edge: e}
		if e.Latency != nil && e.Budget > 0 && *e.Latency-e.Within > e.Budget {
			p.Late, p.Over = true, *e.Latency-e.Budget
		}
		if e.Void == "" {
			p.Left = scale(e.At - e.Within)
			p.Width = max(scale(e.At+e.Within)-p.Left, narrow)
			p.Left = min(p.Left, 100-p.Width)
			if from, ok := at[e.From]; ok && e.At > from.At {
				p.Since = scale(from.At)
				p.Span = scale(e.At) - p.Since
				if e.Budget > 0 && from.At+e.Budget < e.At {
					p.Limit = scale(from.At + e.Budget)
				}
			}
		}
		c.Edges = append(c.Edges, p)
	}
	return c
}

// stretches are the times that some step is counted over, and what is between
// them where that is short. Times are from the first event.
func stretches(edges []record.Edge, at map[record.EdgeName]record.Edge, zero time.Duration) []stretch {
	var all []stretch
	for _, e := range edges {
		if e.Void != "" {
			continue
		}
		s := stretch{from: max(e.At-e.Within-zero, 0), to: max(e.At+e.Within-zero, time.Millisecond)}
		if from, ok := at[e.From]; ok {
			s.from = min(s.from, max(from.At-zero, 0))
		}
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b stretch) int { return cmp.Compare(a.from, b.from) })
	all = join(all, 0)
	sum := func() (d time.Duration) {
		for _, s := range all {
			d += s.to - s.from
		}
		return d
	}
	all = join(all, sum()/5)
	room := (100 - cutWidth*float64(max(len(all)-1, 0))) / float64(max(sum(), 1))
	left := 0.0
	for i := range all {
		all[i].left, all[i].width = left, float64(all[i].to-all[i].from)*room
		left += all[i].width + cutWidth
	}
	return all
}

// join makes one of stretches that are no further apart than gap.
func join(sorted []stretch, gap time.Duration) []stretch {
	var out []stretch
	for _, s := range sorted {
		if n := len(out); n > 0 && s.from <= out[n-1].to+gap {
			out[n-1].to = max(out[n-1].to, s.to)
		} else {
			out = append(out, s)
		}
	}
	return out
}

// ticks are round times, few enough to be read, and where each stretch begins.
func ticks(shown []stretch) (ticks []Tick, cuts []Cut) {
	longest := time.Duration(0)
	for _, s := range shown {
		longest = max(longest, s.to-s.from)
	}
	step := time.Millisecond
	for by := 0; longest/step > 5; by++ { // 1, 2, 5, 10, ...
		step = step * []time.Duration{2, 5, 2}[by%3] / []time.Duration{1, 2, 1}[by%3]
	}
	free := -labelGap // where the next label has room
	for i, s := range shown {
		if i > 0 {
			before := shown[i-1]
			cuts = append(cuts, Cut{before.left + before.width, cutWidth, s.from - before.to})
		}
		for t := s.from; t <= s.to; t = (t/step + 1) * step {
			left := s.left + float64(t-s.from)/float64(s.to-s.from)*s.width
			if t == s.from && i == 0 || t != s.from || left >= free {
				tick := Tick{Left: left}
				if left >= free {
					free = left + labelGap
					if tick.Label = short(t); t == 0 {
						tick.Label = "0"
					}
				}
				ticks = append(ticks, tick)
			}
		}
	}
	return ticks, cuts
}
