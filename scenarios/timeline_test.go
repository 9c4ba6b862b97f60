package scenarios_test

import (
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/ringproof/ringproof/devices/virtual"
	"github.com/ringproof/ringproof/devices/virtual/android"
	"github.com/ringproof/ringproof/harness/cmd/wire"
	"github.com/ringproof/ringproof/harness/config"
	"github.com/ringproof/ringproof/reports/record"
	"github.com/ringproof/ringproof/scenarios"
)

// truth is when the simulated Telecom did what an edge tells.
var truth = map[record.EdgeName]string{
	record.EdgeCallAdded: "CREATED", record.EdgeRinging: "SET_RINGING", record.EdgeActive: "SET_ACTIVE", record.EdgeDisconnected: "SET_DISCONNECTED",
}

// The timeline of a call says how far each of its times may be off, and the
// truth lies within. RINGPROOF_CALLS makes more calls than a quick run has.
func TestTimelineIsTrue(t *testing.T) {
	calls := 20
	if n, err := strconv.Atoi(os.Getenv("RINGPROOF_CALLS")); err == nil {
		calls = n
	}
	var chosen scenarios.Scenario
	for _, sc := range scenarios.All() {
		if sc.ID == "background-answer" {
			chosen = sc
		}
	}
	var edges, inside int
	within := map[record.ClockName][]time.Duration{}
	for seed := range calls {
		s := config.Settings{Devices: config.Devices{Virtual: true}, App: config.App{Builtin: "reference"}, Seed: int64(seed + 1), MuteLog: seed%2 == 1}
		bench, err := wire.Open(t.Context(), s, wire.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var told []record.Edge
		in := bench.Input()
		in.Sink = record.SinkFunc(func(e record.Event) {
			if e.Kind == record.TimelineRead {
				told = e.Edges
			}
		})
		if r := in.Do(t.Context(), chosen); r.Verdict != record.Passed {
			t.Fatalf("seed %d: %s: %s", seed, r.Verdict, r.Finding.Sentence)
		}
		if len(told) < 8 {
			t.Fatalf("seed %d: %d edges", seed, len(told))
		}
		happened := lastCall(bench.Fleet.Phones()[0])
		for _, e := range told {
			within[e.Clock] = append(within[e.Clock], e.Within)
			at, ok := happened[truth[e.Name]]
			if !ok {
				continue
			}
			edges++
			if off := (e.At - at).Abs(); off <= e.Within {
				inside++
			} else {
				t.Logf("seed %d: %s is off by %s, stated %s", seed, e.Name, off, e.Within)
			}
		}
		if err := bench.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if edges < 4*calls || inside*100 < edges*99 {
		t.Errorf("%d of %d times hold the truth", inside, edges)
	}
	for clock, limit := range map[record.ClockName]time.Duration{record.WallClock: 20 * time.Millisecond, record.BootClock: 10 * time.Millisecond} {
		d := within[clock]
		slices.Sort(d)
		if median := d[len(d)/2]; median > limit {
			t.Errorf("%s clock: the median uncertainty is %s", clock, median)
		} else {
			t.Logf("%s clock: %d times, median uncertainty %s", clock, len(d), median)
		}
	}
	t.Logf("%d calls, %d of %d times hold the truth", calls, inside, edges)
}

// lastCall is when the events of the phone's last call happened.
func lastCall(p *virtual.Phone) map[string]time.Duration {
	at := map[string]time.Duration{}
	p.System().Do(func(d *android.Device) {
		all := d.Telecom.History
		for _, e := range all[len(all)-1].Events {
			if _, seen := at[e.Name]; !seen {
				at[e.Name] = e.Elapsed
			}
		}
	})
	return at
}
