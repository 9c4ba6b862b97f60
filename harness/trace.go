package harness

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/ringproof/ringproof/devices/adb"
	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/reports/record"
)

// TellsDeclined looks in the app's own trace for what it told its server of the
// current call, which its user declined: that it was declined on this phone, and
// no more. Android knows nothing of servers, so this is the app's word alone.
func TellsDeclined() Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		t := a.Profile.Trace
		if err := TracesDeclines().Do(ctx, a); err != nil {
			return err
		}
		events, err := a.traced(ctx)
		if err != nil {
			return err
		}
		f := &expect.Failure{Fact: "trace.declined", Wanted: "its server told that the call was declined on this phone, by the trace's " + t.Declined}
		switch {
		case slices.Contains(events, t.Ended):
			f.Seen = "its server told that the call is over for all, by the trace's " + t.Ended
		case !slices.Contains(events, t.Declined):
			f.Seen = "nothing of it among what the app traced of the call: " + strings.Join(events, ", ")
		default:
			a.note(record.FactSeen, "%s in the app's trace, no %s", t.Declined, t.Ended)
			return nil
		}
		return f
	})
}

// traced is what the app's trace says of the current call, in order: from its
// file, or from the log where the build is not debuggable.
func (a *App) traced(ctx context.Context) ([]string, error) {
	var events []string
	add := func(line string) {
		var l struct{ Event, Session string }
		if json.Unmarshal([]byte(line), &l) == nil && l.Event != "" && l.Session == a.session {
			events = append(events, l.Event)
		}
	}
	t := a.Profile.Trace
	if t.File != "" {
		out, err := a.Run(ctx, "run-as "+adb.QuoteArgs(a.Package(), "cat", t.File))
		if err != nil {
			return nil, &Error{Kind: Infra, Op: "read the app's trace", Phone: a.Serial(), Err: err}
		}
		if out.Exit == 0 {
			for line := range strings.Lines(string(out.Stdout)) {
				add(line)
			}
		}
	}
	if len(events) == 0 && t.Tag != "" {
		e, err := a.Traces(ctx)
		if err != nil {
			return nil, err
		}
		for _, l := range e.Log {
			if l.Tag == t.Tag {
				add(l.Msg)
			}
		}
	}
	if !slices.Contains(events, t.Delivered) {
		return nil, unsupported("see what the app tells its server", a.Serial(), "its trace does not even tell of the push: this build writes none, or the phone keeps it")
	}
	return events, nil
}
