package harness

import (
	"context"
	"time"

	"github.com/ringproof/ringproof/harness/diagnose"
	"github.com/ringproof/ringproof/harness/dumpsys/logcat"
	"github.com/ringproof/ringproof/harness/facts"
	"github.com/ringproof/ringproof/reports/record"
)

// Evidence is all that a phone tells of the app at one moment: every kind of
// fact, and the end of the log.
type Evidence struct {
	facts.Snapshot
	// LogText is `logcat -v threadtime -v year -v zone`, Log the same, read.
	LogText []byte
	Log     []logcat.Line
}

// evidenceLog is the end of all buffers that calls leave traces in. Year and
// zone make each line's time exact.
const evidenceLog = "logcat -d -b main,system,crash,events -v threadtime -v year -v zone -t 3000"

// Evidence reads what the phone tells. It changes nothing.
func (a *App) Evidence(ctx context.Context) (Evidence, error) { return a.evidence(ctx, facts.All()...) }

// Traces is the part of Evidence that a call's timeline is made from.
func (a *App) Traces(ctx context.Context) (Evidence, error) { return a.evidence(ctx, facts.Telecom) }

func (a *App) evidence(ctx context.Context, kinds ...facts.Kind) (Evidence, error) {
	var e Evidence
	var err error
	e.Snapshot, err = a.Snapshot(ctx, kinds...)
	if err != nil {
		return e, err
	}
	out, err := a.Run(ctx, evidenceLog)
	if err != nil {
		return e, &Error{Kind: Infra, Op: "read the log", Phone: a.Serial(), Err: err}
	}
	e.LogText = out.Stdout
	if log, err := logcat.Parse(out.Stdout, logcat.Clock{}); err == nil {
		e.Log = log.Lines.Or(nil)
	}
	return e, nil
}

// Diagnose tells the likely causes of a finding; those of a phone that is
// looked at before a test if the finding is empty.
func (a *App) Diagnose(ctx context.Context, e Evidence, finding record.Finding) []record.Cause {
	c := diagnose.Case{
		Now: e.Snapshot, API: a.probe.API, Maker: a.probe.Maker, Finding: finding,
		Wanted: a.Profile.PermissionsFor(a.probe.API), FullScreen: a.Profile.FullScreenIntent,
		Pushes: a.sent, Since: a.sentAt, Answered: a.answered, Ended: a.ended, Placed: a.placed, Routed: a.routed,
	}
	for _, l := range e.Log {
		if !a.prepared.IsZero() && !l.Time.Before(a.prepared) {
			c.Log = append(c.Log, l)
		}
	}
	if a.exits != nil { // older crashes are known: the app may crash before it is prepared
		c.Crashed = a.newCrash(ctx, a.bad(e.Snapshot))
	}
	return diagnose.Causes(c)
}

// zoned is a time of the phone's wall clock in the phone's own zone, in which
// exit records and Telecom's events are printed.
func (p *Phone) zoned(t time.Time) time.Time {
	if p.probe.Zone == nil {
		return t.UTC()
	}
	return t.In(p.probe.Zone)
}
