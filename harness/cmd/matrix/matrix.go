// Package matrix proves that the catalogue bites: it runs defects against
// scenarios, each pair on a virtual phone of its own, and holds what was seen
// against what the table of defects said before.
//
// It knows defects, scenarios and virtual phones, which know nothing of each
// other. It judges nothing itself: verdicts, facts and causes are the frame's.
package matrix

import (
	"context"
	"fmt"
	"runtime"
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
	// reference.
	Expected bool
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
	workers := o.Workers
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	cells := make([]Cell, len(pairs))
	next := make(chan int)
	var running sync.WaitGroup
	var mu sync.Mutex
	done := 0
	for range workers {
		running.Go(func() {
			for i := range next {
				cell, err := one(ctx, pairs[i], o.Seed)
				if err != nil {
					cancel(fmt.Errorf("%s with %s: %w", pairs[i].scenario.ID, pairs[i].defect, err))
					continue
				}
				cells[i] = cell
				mu.Lock()
				done++
				if o.Progress != nil {
					o.Progress(done, len(pairs))
				}
				mu.Unlock()
			}
		})
	}
	for i := range pairs {
		select {
		case next <- i:
			continue
		case <-ctx.Done():
		}
		break
	}
	close(next)
	running.Wait()
	if err := context.Cause(ctx); err != nil {
		return Table{}, err
	}
	return Table{Defects: o.Defects, Scenarios: o.Scenarios, Cells: cells, Partial: o.Expected}, nil
}

type pair struct {
	defect   string
	scenario scenarios.Scenario
}

func (o Options) pairs() []pair {
	var pairs []pair
	if !o.Expected {
		for _, sc := range o.Scenarios {
			pairs = append(pairs, pair{Reference, sc})
		}
	}
	for _, d := range o.Defects {
		if d.Unseen != "" {
			continue
		}
		for _, sc := range o.Scenarios {
			if o.Expected && !expects(d, sc.ID) {
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
func one(ctx context.Context, p pair, seed int64) (cell Cell, err error) {
	bench, err := wire.Open(ctx, config.Settings{
		Devices: config.Devices{Virtual: true}, App: config.App{Builtin: "reference"}, Seed: seed,
	}, wire.Options{Phones: max(p.scenario.Needs.Phones, 1), Virtual: func(v *virtual.Options) {
		if p.defect != Reference {
			v.Models = apps.Seeded(apps.Defect(p.defect))
		}
	}})
	if err != nil {
		return Cell{}, err
	}
	defer func() {
		if cerr := bench.Close(); err == nil {
			err = cerr
		}
	}()
	cell = Cell{Defect: p.defect, Scenario: p.scenario.ID}
	in := scenarios.Input{
		Phones: bench.Pool, Profile: bench.Profile, Install: bench.Install, Gear: bench.Gear,
		Sink: record.SinkFunc(func(e record.Event) {
			if e.Kind == record.PhaseStarted {
				cell.Phase = e.Text
			}
		}),
	}
	r := in.Do(ctx, p.scenario)
	cell.Verdict, cell.Causes = r.Verdict, r.Causes
	cell.Fact, cell.Seen, cell.Sentence = r.Finding.Fact, r.Finding.Seen, r.Finding.Sentence
	return cell, ctx.Err()
}
