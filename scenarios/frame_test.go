package scenarios_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/devices/virtual"
	"github.com/ringproof/ringproof/harness"
	"github.com/ringproof/ringproof/harness/cmd/wire"
	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/harness/state"
	"github.com/ringproof/ringproof/reports/record"
	"github.com/ringproof/ringproof/scenarios"
)

// found is how a phone is found: all of its fingerprint but that the app has
// been opened since.
func found(p *virtual.Phone) []string {
	p.System().Step(time.Second) // a keyguard that was sent away is gone
	return strings.Split(strings.ReplaceAll(p.Fingerprint(), "stopped=true", "stopped=false"), "\n")
}

// The frame makes verdicts of what happens to a scenario, keeps evidence before
// anything is cleaned up, and puts the phone back whatever happened.
func TestFrame(t *testing.T) {
	wrong := &expect.Failure{Fact: "test.fact", Wanted: "this", Seen: "that"}
	interrupt, stop := context.WithCancel(t.Context())
	for _, c := range []struct {
		name    string
		until   context.Context
		budget  time.Duration
		run     func(*wire.Bench) harness.StepFunc
		verdict record.Verdict
		says    string
	}{
		{
			name:    "nothing wrong",
			run:     func(*wire.Bench) harness.StepFunc { return func(context.Context, *harness.App) error { return nil } },
			verdict: record.Passed,
		},
		{
			name:    "a wrong fact",
			run:     func(*wire.Bench) harness.StepFunc { return func(context.Context, *harness.App) error { return wrong } },
			verdict: record.Failed, says: "test.fact: wanted this, saw that",
		},
		{
			name: "the phone cannot show it",
			run: func(*wire.Bench) harness.StepFunc {
				return func(context.Context, *harness.App) error {
					return &harness.Error{Kind: harness.Unsupported, Op: "try", Err: errors.New("no such thing here")}
				}
			},
			verdict: record.Skipped, says: "no such thing here",
		},
		{
			name: "the phone is lost before a fact turns out wrong",
			run: func(b *wire.Bench) harness.StepFunc {
				return func(ctx context.Context, a *harness.App) error {
					if err := b.Fleet.Host().SetState("virtual-1", "offline"); err != nil {
						return err
					}
					if _, err := a.Elapsed(ctx); err == nil {
						return errors.New("an offline phone answered")
					}
					if err := b.Fleet.Host().SetState("virtual-1", "device"); err != nil {
						return err
					}
					return wrong
				}
			},
			verdict: record.Infra, says: "offline",
		},
		{
			name: "the budget is over", budget: 300 * time.Millisecond,
			run: func(*wire.Bench) harness.StepFunc {
				return func(ctx context.Context, a *harness.App) error {
					<-ctx.Done()
					return ctx.Err()
				}
			},
			verdict: record.Infra, says: "budget of 300ms is over",
		},
		{
			name: "a person ends it", until: interrupt,
			run: func(*wire.Bench) harness.StepFunc {
				return func(ctx context.Context, a *harness.App) error {
					stop()
					<-ctx.Done()
					_, err := a.Elapsed(ctx)
					return err
				}
			},
			verdict: record.Infra, says: "context canceled",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			bench, done := open(t, reference(), wire.Options{})
			defer done()
			phone := bench.Fleet.Phones()[0]
			// The app comes with the first scenario, and stays.
			in := bench.Input()
			if r := in.Do(t.Context(), scenarios.Scenario{ID: "first", Title: "first", Run: harness.Steps()}); r.Verdict != record.Passed {
				t.Fatal(r.Finding.Sentence)
			}
			before := found(phone)
			dir := t.TempDir()
			book, err := record.Create(dir, record.Run{})
			if err != nil {
				t.Fatal(err)
			}
			in.Book = book
			if c.until != nil {
				in = in.Until(c.until)
			}
			// The worst state to be left in: a PIN that nobody knows of.
			locked := harness.Steps(harness.Enter(state.LockedSecure), c.run(bench))
			r := in.Do(t.Context(), scenarios.Scenario{ID: "x", Title: "x", Budget: c.budget, Run: locked})
			if r.Verdict != c.verdict || !strings.Contains(r.Finding.Sentence, c.says) {
				t.Errorf("verdict %s: %s", r.Verdict, r.Finding.Sentence)
			}
			if diff := cmp.Diff(before, found(phone)); diff != "" {
				t.Errorf("the phone was not left as it was found (-before +after):\n%s", diff)
			}
			if err := book.Close(false); err != nil {
				t.Error(err)
			}
			told, err := record.Read(dir)
			if err != nil || len(told.Attempts) != 1 {
				t.Fatalf("%d attempts, %v", len(told.Attempts), err)
			}
			a := told.Attempts[0]
			if a.Verdict != r.Verdict || a.Cut || a.Phone.Serial != phone.Serial() || a.Phone.API != 34 || a.Cost.Trips < 5 {
				t.Errorf("the record says %+v", a.Manifest)
			}
			if r.Verdict == record.Passed || r.Verdict == record.Skipped {
				for _, f := range a.Files {
					if f.Kind != record.Screenshot || f.Phase == "" {
						t.Errorf("evidence of nothing: %v", a.Files)
					}
				}
				return
			}
			dump, err := os.ReadFile(filepath.Join(dir, a.Dir, "telecom.txt"))
			if err != nil || !strings.Contains(string(dump), "CallsManager:") {
				t.Errorf("evidence %v, %v", a.Files, err)
			}
		})
	}
}
