package harness

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/reports/record"
)

// ByLatency is how soon nearly every call must ring.
func ByLatency(b Budgets) time.Duration { return b.Latency }

// Percentile makes n calls, reads of each how long after its push it rang, and
// wants the percentile of these within a budget. enter rings a call, leave ends
// it. Every single call still has the budget of a ring.
func Percentile(n, percent int, by Budget, enter, leave Step) Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		var took []time.Duration
		for range n {
			if err := enter.Do(ctx, a); err != nil {
				return err
			}
			d, err := a.rang(ctx)
			if err != nil {
				return err
			}
			took = append(took, d)
			if err := leave.Do(ctx, a); err != nil {
				return err
			}
		}
		slices.Sort(took)
		at := took[(n*percent+99)/100-1]
		a.note(record.FactSeen, "%d calls: %d in 100 rang within %s, the slowest after %s", n, percent, at.Round(time.Millisecond), took[n-1].Round(time.Millisecond))
		if budget := by(a.Budgets); at > budget {
			return &expect.Failure{
				Fact: "latency.ringing", Wanted: fmt.Sprintf("%d in 100 of %d calls to ring within %s of their push", percent, n, budget),
				Seen: fmt.Sprintf("%s, the slowest %s", at.Round(time.Millisecond), took[n-1].Round(time.Millisecond)),
			}
		}
		return nil
	})
}

// rang is how long after its push the current call rang, by Telecom's record.
func (a *App) rang(ctx context.Context) (time.Duration, error) {
	e, err := a.Traces(ctx)
	if err != nil {
		return 0, err
	}
	edges, err := a.Timeline(ctx, e)
	if err != nil {
		return 0, err
	}
	for _, edge := range edges {
		if edge.Name == record.EdgeRinging && edge.Void == "" {
			return edge.At - a.times.sent, nil
		}
	}
	return 0, &expect.Failure{Fact: "latency.ringing", Wanted: "the time at which the call rang", Seen: "no record of it that could be placed", Unknown: true}
}
