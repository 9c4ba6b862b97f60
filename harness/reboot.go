package harness

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// bootLimit is how long a phone may take to start again, bootPoll how often it is
// asked meanwhile. Both are the host's: the phone is away.
const (
	bootLimit = 5 * time.Minute
	bootPoll  = 200 * time.Millisecond
)

// Reboot restarts the phone and waits until it has booted. What the harness had
// open on the phone is opened again. It is for scenarios whose needs ask for a
// phone that was named.
func Reboot() Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		before, err := a.boots(ctx)
		if err != nil {
			return &Error{Kind: Infra, Op: "read boot_count", Phone: a.Serial(), Err: err}
		}
		if a.log != nil {
			a.log.close()
			a.log = nil
		}
		// The phone goes while the command runs: its answer says nothing.
		short, cancel := context.WithTimeout(ctx, 20*time.Second)
		_, _ = a.dev.Run(short, "reboot")
		cancel()
		ctx, cancel = context.WithTimeout(ctx, bootLimit)
		defer cancel()
		for {
			if n, err := a.boots(ctx); err == nil && n > before {
				break
			}
			select {
			case <-ctx.Done():
				return &Error{Kind: Infra, Op: "restart the phone", Phone: a.Serial(), Err: fmt.Errorf("it was not back after %s: %w", bootLimit, ctx.Err())}
			case <-time.After(bootPoll):
			}
		}
		a.log, err = a.watchLog(ctx)
		return err
	})
}

// boots is how often the phone has booted, once it has. It is asked past the
// phone's own Run: that a phone which restarts is away is no fault of its.
func (a *App) boots(ctx context.Context) (int, error) {
	short, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	out, err := a.dev.Run(short, "getprop sys.boot_completed; settings get global boot_count")
	if err != nil {
		return 0, err
	}
	said := strings.Fields(string(out.Stdout))
	if len(said) != 2 || said[0] != "1" {
		return 0, fmt.Errorf("it has not booted: %q", out.Stdout)
	}
	return strconv.Atoi(said[1])
}
