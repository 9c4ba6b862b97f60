package latency_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/reports/record"
	"github.com/ringproof/ringproof/reports/render/latency"
)

// told is a record of calls that rang after so many milliseconds each.
func told(millis ...int) record.Told {
	var t record.Told
	for _, n := range millis {
		d := time.Duration(n) * time.Millisecond
		t.Attempts = append(t.Attempts, record.ToldAttempt{Manifest: record.Manifest{
			Verdict: record.Passed, Phone: record.Phone{Serial: "P1", Release: "14"},
			Timeline: []record.Edge{
				{Name: record.EdgePushSent},
				{Name: record.EdgeRinging, From: record.EdgePushSent, Latency: &d, Within: 6 * time.Millisecond},
			},
		}})
	}
	return t
}

func TestWrite(t *testing.T) {
	in := told(300, 100, 200, 400, 1000)
	lost := told(9000).Attempts[0]
	lost.Verdict = record.Infra
	in.Attempts = append(in.Attempts, lost)
	var b strings.Builder
	if err := latency.Write(&b, in); err != nil {
		t.Fatal(err)
	}
	want := `STEP     FROM       PHONE  ANDROID  N  P50     P95      MAX      WITHIN
ringing  push-sent  "P1"   14       5  300 ms  1000 ms  1000 ms  6 ms
`
	if d := cmp.Diff(want, b.String()); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestCompare(t *testing.T) {
	base := told(100, 101, 102, 103, 104, 105)
	for name, c := range map[string]struct {
		is   record.Told
		want int
	}{
		"the same":                       {base, 0},
		"a bit slower, within the clock": {told(110, 111, 112, 113, 114), 0},
		"slower":                         {told(150, 151, 152, 153, 154), 1},
		"faster":                         {told(10, 11, 12, 13, 14), 0},
		"noisy":                          {told(90, 60, 130, 180, 240), 0},
		"one call that hung":             {told(100, 101, 102, 103, 104, 105, 60_000), 0},
		"too few":                        {told(500, 500, 500, 500), 0},
	} {
		if got := latency.Compare(base, c.is); len(got.Slower) != c.want {
			t.Errorf("%s: %v", name, got.Slower)
		}
	}
	// Five of eleven, the five largest: one way of 462.
	got := latency.Compare(base, told(150, 151, 152, 153, 154)).Slower[0].String()
	if got != "ringing on P1 (Android 14): median 152 ms, was 102 ms (+49 %; 5 calls, were 6; by chance: 0.0022)" {
		t.Error(got)
	}
	if c := latency.Compare(base, told(500, 500, 500, 500)); c.Compared != 0 || c.TooFew != 1 {
		t.Errorf("%+v", c)
	}
}

// The chances of small lots, counted by hand, and of large ones, from tables.
func TestChance(t *testing.T) {
	for _, c := range []struct {
		was, is []int
		want    float64
	}{
		{[]int{1, 2, 3, 4, 5}, []int{6, 7, 8, 9, 10}, 1.0 / 252}, // one way of 10 over 5
		{[]int{1, 2, 3, 4, 6}, []int{5, 7, 8, 9, 10}, 2.0 / 252}, // that and the one above
		{[]int{6, 7, 8, 9, 10}, []int{1, 2, 3, 4, 5}, 1},         // every way
		{[]int{5, 5, 5, 5, 5}, []int{5, 5, 5, 5, 5}, 1},          // nothing is larger
		{[]int{1, 1, 1, 1, 2}, []int{2, 2, 2, 2, 2}, 6.0 / 252},  // five of the six twos: 6 ways
	} {
		was, is := told(scaled(c.was)...), told(scaled(c.is)...)
		got := latency.Chance(was, is)
		if math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%v and %v: %v, want %v", c.was, c.is, got, c.want)
		}
	}
	// 40 and 40 whose rank sum is 1.96 deviations above the mean: 2.5 % of a
	// normal distribution are above it.
	var was, is []int
	for i := range 80 {
		if i%2 == 0 {
			was = append(was, i)
		} else {
			is = append(is, i)
		}
	}
	// Ranks 2, 4, ... 80 sum up to 1640, the mean is 1620, a deviation 103.9:
	// (1640-0.5-1620)/103.9 = 0.1876, above which are 42.56 %.
	if got := latency.Chance(told(scaled(was)...), told(scaled(is)...)); math.Abs(got-0.4256) > 0.0005 {
		t.Errorf("of large lots %v, want 0.4256", got)
	}
}

func scaled(n []int) []int {
	out := make([]int, len(n))
	for i, x := range n {
		out[i] = 1000 * (x + 1)
	}
	return out
}

// run is a record of n calls; each of the steps takes its usual time, times by,
// with the jitter of a busy phone: a few calls take several times as long.
func run(r *rand.Rand, n int, by float64) record.Told {
	var t record.Told
	for range n {
		a := record.ToldAttempt{Manifest: record.Manifest{Verdict: record.Passed, Phone: record.Phone{Serial: "P1", Release: "14"}}}
		for i, name := range record.Edges()[1:] {
			d := time.Duration(float64(20+30*i) * by * math.Exp(0.25*r.NormFloat64()) * float64(time.Millisecond))
			if r.IntN(20) == 0 {
				d *= 4
			}
			a.Timeline = append(a.Timeline, record.Edge{Name: name, From: record.EdgePushSent, Latency: &d, Within: time.Millisecond})
		}
		t.Attempts = append(t.Attempts, a)
	}
	return t
}

// Where nothing changed, at most one comparison in twenty says that something
// did; and where every step takes a tenth longer; a quarter is seen in fifty
// calls, a half in twenty, the double in eight.
func TestCompareToldNoiseFromRegressions(t *testing.T) {
	const times = 100
	for _, c := range []struct {
		name        string
		calls       int
		by          float64
		least, most int // comparisons, of times, that say something
	}{
		{"nothing changed, few calls", 6, 1, 0, times / 20},
		{"nothing changed", 20, 1, 0, times / 20},
		{"nothing changed, many calls", 50, 1, 0, times / 20},
		{"a twentieth slower", 50, 1.05, 0, times / 20},
		{"a tenth slower", 50, 1.1, 0, times / 8}, // the limit itself: one in twenty, give or take
		{"a quarter slower, many calls", 50, 1.25, times * 95 / 100, times},
		{"half as slow again", 20, 1.5, times * 95 / 100, times},
		{"twice as slow, few calls", 8, 2, times * 95 / 100, times},
	} {
		r := rand.New(rand.NewPCG(1, 2))
		said := 0
		for range times {
			if len(latency.Compare(run(r, c.calls, 1), run(r, c.calls, c.by)).Slower) > 0 {
				said++
			}
		}
		t.Logf("%s: %d of %d comparisons say that something became slower", c.name, said, times)
		if said < c.least || said > c.most {
			t.Errorf("%s: %d of %d, want %d to %d", c.name, said, times, c.least, c.most)
		}
	}
}
