package harness

import (
	"context"
	"strings"

	"github.com/ringproof/ringproof/harness/dumpsys/activity"
	"github.com/ringproof/ringproof/harness/dumpsys/logcat"
	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/harness/facts"
)

// lastCrash says in one clause how the app's process crashed since the
// scenario began, if it did: the system's exit record, and the exception from
// the crash log where the phone lets us read it.
func (a *App) lastCrash(ctx context.Context) string { return a.newCrash(ctx, a.crashes(ctx)) }

// newCrash is lastCrash among crashes that were read before.
func (a *App) newCrash(ctx context.Context, crashes []activity.Exit) string {
	for _, e := range crashes {
		if a.exits[e.Timestamp] {
			continue
		}
		why := expect.SeenExit(e)
		if x := a.lastException(ctx); x != "" && strings.Contains(e.Reason, "CRASH") {
			why += ": " + x
		} else if e.Description != "" {
			why += ": " + e.Description
		}
		return why
	}
	return ""
}

// crashes lists the app's crashes and ANRs that the system remembers, newest
// first.
func (a *App) crashes(ctx context.Context) []activity.Exit {
	if a.probe.API < exitNoted {
		return nil
	}
	s, err := a.Snapshot(ctx, facts.Exits)
	if err != nil {
		return nil // an explanation must not fail what it explains
	}
	return a.bad(s)
}

// lastException reads the newest block of AndroidRuntime in the crash buffer
// that names the app: "FATAL EXCEPTION", "Process: PKG, PID: N", exception.
func (a *App) lastException(ctx context.Context) string {
	out, err := a.Run(ctx, "logcat -d -b crash -v threadtime -t 200")
	if err != nil {
		return ""
	}
	log, err := logcat.Parse(out.Stdout, logcat.Clock{})
	if err != nil {
		return "" // an empty crash log, or one that this phone keeps to itself
	}
	found, next := "", false
	for _, l := range log.Lines.Or(nil) {
		if next {
			found, next = l.Msg, false
		}
		if strings.HasPrefix(l.Msg, "Process: "+a.Profile.Package+",") {
			next = true
		}
	}
	return shorten(found, 300)
}
