package matrix

import (
	"context"
	"fmt"

	"github.com/ringproof/ringproof/reports/record"
	"github.com/ringproof/ringproof/scenarios"
)

// SoakOptions say what is run over and over.
type SoakOptions struct {
	Scenarios []scenarios.Scenario
	// First is the first seed, Seeds how many there are.
	First int64
	Seeds int
	// Workers is how many seeds run at once, one for each core if 0.
	Workers int
	// Progress, if not nil, is told after each seed.
	Progress func(done, all int)
}

// Alarm is a scenario that was not green although nothing was wrong.
type Alarm struct {
	Seed     int64
	Scenario string
	Verdict  record.Verdict
	Sentence string
}

// String is the alarm in one line, with what repeats it.
func (a Alarm) String() string {
	return fmt.Sprintf("seed %d: %s is %s: %s", a.Seed, a.Scenario, a.Verdict, a.Sentence)
}

// Soak runs the scenarios on the reference app with one seed after the other:
// each seed is another phone with other latencies, on which all of them are run
// in their order; those that want a maker's phone get one of its own. It returns the false alarms, and how many runs there were; a
// scenario that is skipped is neither.
func Soak(ctx context.Context, o SoakOptions) (alarms []Alarm, runs int, err error) {
	found := make([][]Alarm, o.Seeds)
	ran := make([]int, o.Seeds)
	err = each(ctx, o.Seeds, o.Workers, o.Progress, func(ctx context.Context, i int) (err error) {
		found[i], ran[i], err = seed(ctx, o.First+int64(i), o.Scenarios)
		return err
	})
	for i := range found {
		alarms = append(alarms, found[i]...)
		runs += ran[i]
	}
	return alarms, runs, err
}

// seed runs the scenarios on the phones of one seed.
func seed(ctx context.Context, n int64, all []scenarios.Scenario) (alarms []Alarm, runs int, err error) {
	for _, group := range byMaker(all) {
		err = onPhones(ctx, n, group, nil, func(in scenarios.Input) {
			for _, sc := range group {
				r := in.Do(ctx, sc)
				if ctx.Err() != nil {
					return // what it says then is no verdict
				}
				switch r.Verdict {
				case record.Skipped:
					continue
				case record.Failed, record.Infra:
					alarms = append(alarms, Alarm{Seed: n, Scenario: sc.ID, Verdict: r.Verdict, Sentence: r.Finding.Sentence})
				}
				runs++
			}
		})
		if err != nil {
			break
		}
	}
	return alarms, runs, err
}
