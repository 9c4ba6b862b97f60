package harness

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/ringproof/ringproof/harness/dumpsys/notification"
	"github.com/ringproof/ringproof/harness/facts"
	"github.com/ringproof/ringproof/harness/timeline"
	"github.com/ringproof/ringproof/reports/record"
)

// times is what the harness noticed of the current call, for its timeline.
type times struct {
	pushName       string
	delivered      string // what the app traces when it arrives
	sent, accepted time.Duration
	answer, end    *timeline.Press
	looks          []timeline.Look
	notifications  []notification.Record
}

// clockScript reads the wall clock between two readings of the time since
// boot, three times: the narrowest brackets win.
const clockScript = "for i in 1 2 3; do cat /proc/uptime; date +%s.%N; cat /proc/uptime; done"

// clocks reads the phone's clocks against each other, at least once.
func (p *Phone) clocks(ctx context.Context) ([]timeline.Sample, error) {
	out, err := p.Do(ctx, "read the clocks", clockScript)
	if err != nil {
		return nil, err
	}
	unreadable := &Error{Kind: Infra, Op: "read the clocks", Phone: p.Serial(), Err: fmt.Errorf("they read %q", shorten(out, 200))}
	lines := strings.Split(strings.TrimSpace(out), "\n")
	var samples []timeline.Sample
	for i := 0; i+2 < len(lines); i += 3 {
		before, err1 := uptime(lines[i])
		after, err2 := uptime(lines[i+2])
		wall := wallTime(strings.TrimSpace(lines[i+1]))
		if err1 != nil || err2 != nil || wall.IsZero() {
			return nil, unreadable
		}
		samples = append(samples, timeline.Sample{Before: before, After: after, Wall: wall})
	}
	if len(samples) == 0 {
		return nil, unreadable
	}
	return samples, nil
}

// remember keeps the app's call notifications as snapshots show them: when the
// call is over they are gone, and with them the time they were posted at.
func (t *times) remember(s facts.Snapshot) {
	for _, r := range s.CallNotifications().Or(nil) {
		if t.sent > 0 && r.Channel.Or("") != s.App.OngoingChannel {
			t.notifications = append(t.notifications, r)
			return
		}
	}
}

// Timeline puts the events of the last call in order. It reads nothing more
// than what e has, but for the clocks.
func (a *App) Timeline(ctx context.Context, e Evidence) ([]record.Edge, error) {
	t := &a.times
	if t.sent == 0 {
		return nil, nil
	}
	after, err := a.clocks(ctx)
	if err != nil {
		return nil, err
	}
	in := timeline.Input{
		Package: a.Profile.Package, Clock: timeline.Align(a.clocked, after), Zone: a.probe.Zone, Now: e.Wall,
		Sent: t.sent, Accepted: t.accepted, PushName: t.pushName, Answer: t.answer, End: t.end,
		Notifications: t.notifications, TraceTag: a.Profile.Trace.Tag, Delivered: t.delivered,
		Looks: t.looks,
		Budgets: map[record.EdgeName]time.Duration{
			record.EdgeRinging: a.Budgets.Ring, record.EdgeNotified: a.Budgets.Ring, record.EdgeScreen: a.Budgets.Ring,
			record.EdgeActive: a.Budgets.Answer, record.EdgeDisconnected: a.Budgets.End,
		},
	}
	app := a.facts()
	for _, class := range []string{app.Incoming, app.Call} {
		if class != "" {
			in.Screens = append(in.Screens, class)
		}
	}
	for _, l := range e.Log {
		if !l.Time.Before(a.sentAt.Add(-time.Second)) {
			in.Log = append(in.Log, l)
		}
	}
	in.Call = e.LastRecord()
	return timeline.Edges(in), nil
}
