package harness

import (
	"context"
	"fmt"
)

// Blamed is the app on the phone on which the scenario went wrong: this one,
// unless it was another one's turn.
func (a *App) Blamed() *App {
	if a.failed != nil {
		return a.failed
	}
	return a
}

// On does steps on another phone of the scenario, 1 being the first beside the
// one that rings. It is the same call there, and the harness is the server that
// tells each phone of it.
func On(other int, steps ...Step) Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		if other < 1 || other > len(a.Beside) {
			return fmt.Errorf("phone %d of a scenario that takes %d", other+1, len(a.Beside)+1)
		}
		b := a.Beside[other-1]
		if b.session == "" || b.session != a.session {
			b.session, b.answered = a.session, false
		}
		if err := Steps(steps...).Do(ctx, b); err != nil {
			a.failed = b
			return fmt.Errorf("on the other phone %s: %w", b.Serial(), err)
		}
		return nil
	})
}
