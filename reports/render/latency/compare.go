package latency

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/ringproof/ringproof/reports/record"
)

const (
	// fewest is how many calls both sides must have: fewer tell nothing.
	fewest = 5
	// alarms is how often a comparison may be wrong when nothing changed.
	alarms = 0.05
)

// Comparison is what two records tell of each other.
type Comparison struct {
	Slower []Slower
	// Compared counts the steps that were compared, TooFew those that both
	// records have, one of them with too few calls.
	Compared, TooFew int
}

// Slower is a step that became slower.
type Slower struct {
	Was, Is Row
	// Chance is how probable times like these are if nothing that matters
	// changed.
	Chance float64
}

// String says it in words.
func (s Slower) String() string {
	return fmt.Sprintf("%s on %s (Android %s): median %s, was %s (%+.0f %%; %d calls, were %d; by chance: %.2g)",
		s.Is.Edge, s.Is.Phone, s.Is.Release, ms(s.Is.P50), ms(s.Was.P50), 100*(float64(s.Is.P50)/float64(max(s.Was.P50, 1))-1), s.Is.N, s.Was.N, s.Chance)
}

// Compare tells what became slower, by the rule of the package.
func Compare(was, is record.Told) Comparison {
	before := map[Key]Row{}
	for _, r := range Rows(was) {
		before[r.Key] = r
	}
	var c Comparison
	var all []Slower
	for _, r := range Rows(is) {
		b, ok := before[r.Key]
		switch {
		case !ok:
			continue
		case b.N < fewest || r.N < fewest:
			c.TooFew++
			continue
		}
		all = append(all, Slower{b, r, chance(allowed(b.took, b.Within+r.Within), r.took)})
	}
	c.Compared = len(all)
	// Holm: the least probable must be below alarms/n, the next below
	// alarms/(n-1), ...; the first that is not ends it.
	byChance := slices.Clone(all)
	slices.SortStableFunc(byChance, func(a, b Slower) int { return cmp.Compare(a.Chance, b.Chance) })
	limit := -1.0
	for i, s := range byChance {
		if s.Chance > alarms/float64(len(byChance)-i) {
			break
		}
		limit = s.Chance
	}
	for _, s := range all {
		if s.Chance <= limit {
			c.Slower = append(c.Slower, s)
		}
	}
	return c
}

// allowed are the earlier times, slower by as much as does not matter: a tenth,
// and what the clocks allow.
func allowed(was []time.Duration, clocks time.Duration) []time.Duration {
	slower := make([]time.Duration, len(was))
	for i, d := range was {
		slower[i] = d + max(d/10, clocks)
	}
	return slower
}

// chance is how probable it is that times drawn from one lot, split at random,
// have a later part that is as slow as this one, or slower: the one-sided
// rank-sum test. Equal times share their rank.
func chance(was, is []time.Duration) float64 {
	all := slices.Concat(was, is)
	slices.Sort(all)
	rank := map[time.Duration]int{} // twice the mean rank, to stay whole
	ties := 0.0
	for i := 0; i < len(all); {
		j := i
		for j < len(all) && all[j] == all[i] {
			j++
		}
		rank[all[i]] = i + 1 + j
		t := float64(j - i)
		ties += t * (t*t - 1)
		i = j
	}
	sum := 0
	for _, d := range is {
		sum += rank[d]
	}
	if len(all) <= 60 {
		return exact(all, rank, len(is), sum)
	}
	n, m := float64(len(was)), float64(len(is))
	mean, variance := m*(n+m+1)/2, n*m/12*(n+m+1-ties/((n+m)*(n+m-1)))
	if variance <= 0 {
		return 1 // all are equal
	}
	return math.Erfc((float64(sum)/2-0.5-mean)/math.Sqrt(2*variance)) / 2
}

// exact counts the ways to choose m of all whose ranks sum up to at least sum.
func exact(all []time.Duration, rank map[time.Duration]int, m, sum int) float64 {
	most := 0
	for _, d := range all {
		most += rank[d]
	}
	ways := make([][]float64, m+1) // by number chosen and sum of ranks
	for i := range ways {
		ways[i] = make([]float64, most+1)
	}
	ways[0][0] = 1
	for _, d := range all {
		r := rank[d]
		for k := m; k > 0; k-- {
			for s := most; s >= r; s-- {
				ways[k][s] += ways[k-1][s-r]
			}
		}
	}
	total, extreme := 0.0, 0.0
	for s, w := range ways[m] {
		total += w
		if s >= sum {
			extreme += w
		}
	}
	return extreme / total
}
