package harness

import (
	"context"

	"github.com/ringproof/ringproof/reports/record"
)

// Step is the one verb of scenarios: something to do to an app and its phone,
// or something that must be true of them.
type Step interface {
	Do(ctx context.Context, a *App) error
}

// StepFunc lets a function be a Step.
type StepFunc func(ctx context.Context, a *App) error

// Do calls f.
func (f StepFunc) Do(ctx context.Context, a *App) error { return f(ctx, a) }

// Steps are done in order until one fails.
func Steps(steps ...Step) Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		for _, s := range steps {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := s.Do(ctx, a); err != nil {
				return err
			}
		}
		return nil
	})
}

// Phase gives steps the name under which a reader of the report finds them.
func Phase(name string, steps ...Step) Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		a.note(record.PhaseStarted, "%s", name)
		if err := Steps(steps...).Do(ctx, a); err != nil {
			return err
		}
		a.pictured(ctx)
		return nil
	})
}
