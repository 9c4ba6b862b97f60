// Package matrix proves that the catalogue bites: it runs defects against
// scenarios, each pair on a virtual phone of its own, and holds what was seen
// against what the table of defects said before.
//
// It knows defects, scenarios and virtual phones, which know nothing of each
// other. It judges nothing itself: verdicts, facts and causes are the frame's.
package matrix

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/ringproof/ringproof/devices/virtual"
	"github.com/ringproof/ringproof/devices/virtual/apps"
	"github.com/ringproof/ringproof/fixtures/defects"
	"github.com/ringproof/ringproof/harness/cmd/wire"
	"github.com/ringproof/ringproof/harness/config"
	"github.com/ringproof/ringproof/reports/record"
	"github.com/ringproof/ringproof/scenarios"
)

// Reference stands for the app without any defect.
const Reference = "reference"

// Options say what is run.
type Options struct {
	Defects   []defects.Defect
	Scenarios []scenarios.Scenario
	// Expected runs only the pairs of which the table says something, and no
	// reference; Own only the first of each defect.
	Expected, Own bool
	// Workers is how many phones there are at once, one for each core if 0.
	Workers int
	Seed    int64
	// Progress, if not nil, is told after each cell.
	Progress func(done, all int)
}

// Cell is what became of one scenario with one defect.
type Cell struct {
	Defect, Scenario string
	Verdict          record.Verdict
	// Phase is where it ended; Fact, Seen and Sentence are the finding's.
	Phase, Fact, Seen, Sentence string
	// Causes are what the report names, the likeliest first.
	Causes []record.Cause
}

// Catch is the cell as the table words it.
func (c Cell) Catch() defects.Catch {
	first := ""
	if len(c.Causes) > 0 {
		first = c.Causes[0].ID
	}
	return defects.Catch{Scenario: c.Scenario, Phase: c.Phase, Fact: c.Fact, Cause: first}
}

// Run runs the pairs. An error is one of the machine, not of a scenario.
func Run(ctx context.Context, o Options) (Table, error) {
	pairs := o.pairs()
	cells := make([]Cell, len(pairs))
	err := each(ctx, len(pairs), o.Workers, o.Progress, func(ctx context.Context, i int) (err error) {
		if cells[i], err = one(ctx, pairs[i], o.Seed); err != nil {
			return fmt.Errorf("%s with %s: %w", pairs[i].scenario.ID, pairs[i].defect, err)
		}
		return nil
	})
	if err != nil {
		return Table{}, err
	}
	return Table{Defects: o.Defects, Scenarios: o.Scenarios, Cells: cells, Partial: o.Expected || o.Own}, nil
}

// each does n things, some at once, until one fails.
func each(ctx context.Context, n, workers int, progress func(done, all int), do func(ctx context.Context, i int) error) error {
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var running sync.WaitGroup
	var mu sync.Mutex
	next, done := 0, 0
	for range workers {
		running.Go(func() {
			for ctx.Err() == nil {
				mu.Lock()
				i := next
				next++
				mu.Unlock()
				if i >= n {
					return
				}
				if err := do(ctx, i); err != nil {
					cancel(err)
					return
				}
				mu.Lock()
				done++
				if progress != nil {
					progress(done, n)
				}
				mu.Unlock()
			}
		})
	}
	running.Wait()
	return context.Cause(ctx)
}

type pair struct {
	defect   string
	scenario scenarios.Scenario
}

func (o Options) pairs() []pair {
	var pairs []pair
	if !o.Expected && !o.Own {
		for _, sc := range o.Scenarios {
			pairs = append(pairs, pair{Reference, sc})
		}
	}
	for _, d := range o.Defects {
		if d.Unseen != "" {
			continue
		}
		for _, sc := range o.Scenarios {
			if o.Expected && !expects(d, sc.ID) || o.Own && d.Caught[0].Scenario != sc.ID {
				continue
			}
			pairs = append(pairs, pair{d.Name, sc})
		}
	}
	return pairs
}

func expects(d defects.Defect, id string) bool {
	for _, c := range d.Caught {
		if c.Scenario == id {
			return true
		}
	}
	return false
}

// one runs a scenario with a defect on fresh phones.
func one(ctx context.Context, p pair, seed int64) (Cell, error) {
	cell := Cell{Defect: p.defect, Scenario: p.scenario.ID}
	err := onPhones(ctx, seed, []scenarios.Scenario{p.scenario}, func(v *virtual.Options) {
		if p.defect != Reference {
			v.Models = apps.Seeded(apps.Defect(p.defect))
		}
	}, func(in scenarios.Input) {
		in.Sink = record.SinkFunc(func(e record.Event) {
			if e.Kind == record.PhaseStarted {
				cell.Phase = e.Text
			}
		})
		r := in.Do(ctx, p.scenario)
		cell.Verdict, cell.Causes = r.Verdict, r.Causes
		cell.Fact, cell.Seen, cell.Sentence = r.Finding.Fact, r.Finding.Seen, r.Finding.Sentence
	})
	return cell, err
}

// byMaker puts the scenarios that want phones of one maker together, those that
// take any first, and leaves their order alone otherwise.
func byMaker(all []scenarios.Scenario) [][]scenarios.Scenario {
	var groups [][]scenarios.Scenario
	for _, sc := range slices.SortedStableFunc(slices.Values(all), func(a, b scenarios.Scenario) int { return strings.Compare(a.Needs.Maker, b.Needs.Maker) }) {
		if n := len(groups); n > 0 && groups[n-1][0].Needs.Maker == sc.Needs.Maker {
			groups[n-1] = append(groups[n-1], sc)
			continue
		}
		groups = append(groups, []scenarios.Scenario{sc})
	}
	return groups
}

// onPhones makes as many virtual phones with the reference app as the scenarios
// take, of the maker that the first one wants, and has them used.
func onPhones(ctx context.Context, seed int64, all []scenarios.Scenario, change func(*virtual.Options), use func(scenarios.Input)) (err error) {
	bench, err := wire.Open(ctx, config.Settings{
		Devices: config.Devices{Virtual: true}, App: config.App{Builtin: "reference"}, Seed: seed,
	}, wire.Options{Phones: scenarios.Phones(all), Virtual: func(v *virtual.Options) {
		// A phone of the maker that they want, with adb's shell let do what it is for.
		if maker := all[0].Needs.Maker; maker != "" {
			v.Maker, v.Trusted = strings.ToLower(maker), true
		}
		if change != nil {
			change(v)
		}
	}})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, bench.Close()) }()
	use(bench.Input())
	return ctx.Err()
}
