package scenarios_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/devices/virtual"
	"github.com/ringproof/ringproof/devices/virtual/android"
	"github.com/ringproof/ringproof/harness"
	"github.com/ringproof/ringproof/harness/cmd/wire"
	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/harness/state"
	"github.com/ringproof/ringproof/reports/record"
	"github.com/ringproof/ringproof/scenarios"
)

// before are phones on which a state does not hold yet, where the phone as it
// comes would have it.
var before = map[string]func(*android.Device){
	"stay-awake-off": func(d *android.Device) { d.Settings.Put(android.Global, "stay_on_while_plugged_in", "3") },
}

// first are states that another one begins from.
var first = map[string]func() state.State{
	"background": state.Foreground, "frozen": state.Background, "swiped-away": state.Background,
}

// Every state does not hold before it is entered, holds after, and the phone is
// as it was found when the lease is over.
func TestEachStateIsEnteredSeenAndLeft(t *testing.T) {
	for _, s := range state.All() {
		t.Run(s.Name, func(t *testing.T) {
			bench, done := open(t, reference(), wire.Options{Virtual: func(o *virtual.Options) {
				if s.Maker != "" {
					o.Maker, o.Trusted = strings.ToLower(s.Maker), true
				}
			}})
			defer done()
			phone := bench.Fleet.Phones()[0]
			if change := before[s.Name]; change != nil {
				phone.System().Do(change)
			}
			in := bench.Input()
			if r := in.Do(t.Context(), scenarios.Scenario{ID: "first", Title: "first", Run: harness.Steps()}); r.Verdict != record.Passed {
				t.Fatal(r.Finding.Sentence)
			}
			was := whole(phone)
			entered := false
			r := in.Do(t.Context(), scenarios.Scenario{ID: "x", Title: "x", Run: harness.StepFunc(func(ctx context.Context, a *harness.App) error {
				if from := first[s.Name]; from != nil {
					if err := harness.Enter(from).Do(ctx, a); err != nil {
						return err
					}
				}
				look, err := a.Snapshot(ctx, s.Verify.Kinds()...)
				if err != nil {
					return err
				}
				if got := s.Verify.Check(look); got.Outcome == expect.Met {
					t.Errorf("it holds before it was entered: %s", got.Seen)
				}
				entered = true
				if err := harness.Enter(func() state.State { return s }).Do(ctx, a); err != nil {
					return err
				}
				_, err = a.Hold(ctx, s.Verify)
				return err
			})})
			if r.Verdict != record.Passed || !entered {
				t.Fatalf("%s: %s", r.Verdict, r.Finding.Sentence)
			}
			if diff := cmp.Diff(was, whole(phone)); diff != "" {
				t.Errorf("the phone was not left as it was found (-before +after):\n%s", diff)
			}
		})
	}
}

// whole is found without what a screen does by itself in 30 s.
func whole(p *virtual.Phone) []string {
	p.System().Step(time.Second)
	return found(p)
}
