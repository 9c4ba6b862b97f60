package timeline_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/logcat"
	"github.com/ringproof/ringproof/harness/dumpsys/notification"
	"github.com/ringproof/ringproof/harness/dumpsys/telecom"
	"github.com/ringproof/ringproof/harness/timeline"
	"github.com/ringproof/ringproof/reports/record"
)

const ms = time.Millisecond

// boot is when the phone of these tests booted, by its own wall clock.
var boot = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)

// sample is a reading at a time since boot: uptime is cut off to hundredths.
func sample(at time.Duration, clockAhead time.Duration) timeline.Sample {
	return timeline.Sample{Before: at - 3*ms, After: at + 2*ms, Wall: boot.Add(at + clockAhead)}
}

func TestAlign(t *testing.T) {
	at := 100 * time.Second
	c := timeline.Align([]timeline.Sample{sample(at, 0), sample(at+40*ms, 0)}, []timeline.Sample{sample(at+20*time.Second, 0)})
	if !c.Known() || c.Jumped {
		t.Fatalf("%+v", c)
	}
	// The truth: 130 s after boot.
	if off := c.Elapsed(boot.Add(130*time.Second)) - 130*time.Second; off.Abs() > c.Uncertainty {
		t.Errorf("off by %s, stated %s", off, c.Uncertainty)
	}
	// A bracket is 5 ms and uptime's step wide, and 20 s may slew by 10 ms.
	if c.Uncertainty > 10*ms {
		t.Errorf("uncertainty %s", c.Uncertainty)
	}
}

// A clock that was set is not taken for a clock that is wrong by a bit.
func TestAlignSeesAJump(t *testing.T) {
	at := 100 * time.Second
	for name, c := range map[string]timeline.Clock{
		"forward":  timeline.Align([]timeline.Sample{sample(at, 0)}, []timeline.Sample{sample(at+time.Second, 80*ms)}),
		"backward": timeline.Align([]timeline.Sample{sample(at, 0)}, []timeline.Sample{sample(at+time.Second, -80*ms)}),
		"within":   timeline.Align([]timeline.Sample{sample(at, 0), sample(at, 80*ms)}, []timeline.Sample{sample(at+time.Second, 0)}),
	} {
		if !c.Jumped || c.Known() {
			t.Errorf("%s: %+v", name, c)
		}
	}
	for name, c := range map[string]timeline.Clock{
		"nothing": timeline.Align(nil, nil), "only before": timeline.Align([]timeline.Sample{sample(at, 0)}, nil),
	} {
		if c.Known() || c.Jumped {
			t.Errorf("%s: %+v", name, c)
		}
	}
}

// A clock that is slowly drawn to the right time did not jump.
func TestAlignAllowsSlew(t *testing.T) {
	c := timeline.Align([]timeline.Sample{sample(100*time.Second, 0)}, []timeline.Sample{sample(160*time.Second, 20*ms)})
	if !c.Known() {
		t.Fatalf("%+v", c)
	}
	if off := c.Elapsed(boot.Add(160*time.Second+20*ms)) - 160*time.Second; off.Abs() > c.Uncertainty {
		t.Errorf("off by %s, stated %s", off, c.Uncertainty)
	}
}

// call is a whole call, 3,700 s after boot, typed by hand.
func call() timeline.Input {
	clock := timeline.Align([]timeline.Sample{sample(3700*time.Second, 0)}, []timeline.Sample{sample(3701*time.Second, 0)})
	at := func(h, m, s, milli int) time.Duration {
		return time.Duration(h)*time.Hour + time.Duration(m)*time.Minute + time.Duration(s)*time.Second + time.Duration(milli)*ms
	}
	// Six hours ahead of UTC: 3,700 s after boot is 15:01:40 local time.
	zone := time.FixedZone("", 6*3600)
	wall := func(d time.Duration) time.Time { return boot.Add(d) }
	return timeline.Input{
		Package: "org.example", Clock: clock, Zone: zone, Now: wall(3720 * time.Second),
		Sent: 3700 * time.Second, Accepted: 3700*time.Second + 60*ms, PushName: "initiated",
		Answer: &timeline.Press{At: 3705 * time.Second, Text: "the button Answer"},
		End:    &timeline.Press{At: 3710 * time.Second, Text: "the button End"},
		Call: &telecom.Record{ID: "TC@1", Events: []telecom.Event{
			{At: at(15, 1, 40, 120), Name: "CREATED"},
			{At: at(15, 1, 40, 180), Name: "SET_RINGING"},
			{At: at(15, 1, 45, 300), Name: "SET_ACTIVE"},
			{At: at(15, 1, 45, 350), Name: "AUDIO_ROUTE_EARPIECE"},
			{At: at(15, 1, 50, 90), Name: "SET_DISCONNECTED", Data: "DisconnectCause [ Code: (LOCAL) Label: () Description: () Reason: () Tone: (-1) ]"},
		}},
		Notifications: []notification.Record{{
			Created: fact.Of(wall(3700*time.Second+190*ms).UnixMilli(), 1), Channel: fact.Of("calls", 1),
			Importance: fact.Of(notification.ImportanceHigh, 1), FullScreen: fact.Of(notification.FullScreenPresent, 1),
		}},
		TraceTag: "Trace", Delivered: "onMessageReceived",
		Log: []logcat.Line{
			{Tag: "am_proc_start", Msg: "[0,123,10100,org.other,broadcast,{org.other/.R}]", Time: wall(3700*time.Second + 50*ms), Exact: true},
			{Tag: "am_proc_start", Msg: "[0,124,10101,org.example,broadcast,{org.example/.R}]", Time: wall(3700*time.Second + 80*ms), Exact: true},
			{Tag: "Trace", Msg: `{"event":"onCreate","elapsed":3700100}`},
			{Tag: "Trace", Msg: `{"event":"onMessageReceived","elapsed":3690000}`}, // of an earlier call
			{Tag: "Trace", Msg: `{"event":"onMessageReceived","elapsed":3700110}`},
			{Tag: "screen_toggled", Msg: "1", Time: wall(3700*time.Second + 220*ms), Exact: true},
			{Tag: "wm_on_resume_called", Msg: "[99,org.example.Incoming,RESUME_ACTIVITY]", Time: wall(3700*time.Second + 400*ms), Exact: true},
			{Tag: "wm_on_resume_called", Msg: "[99,org.example.Incoming,RESUME_ACTIVITY]", Time: wall(3702 * time.Second), Exact: true},
		},
		Looks:   []timeline.Look{{Name: record.EdgeScreen, After: 3700 * time.Second, Before: 3701 * time.Second}},
		Screens: []string{"org.example.Incoming"},
		Budgets: map[record.EdgeName]time.Duration{record.EdgeRinging: 10 * time.Second},
	}
}

func TestEdges(t *testing.T) {
	// The truth of each edge as milliseconds after 3,700 s.
	want := []struct {
		name    record.EdgeName
		at      time.Duration
		source  string
		latency time.Duration
		text    string
	}{
		{record.EdgePushSent, 0, "command", 0, "initiated"},
		{record.EdgePushAccepted, 30 * ms, "command", 30 * ms, ""},
		{record.EdgeProcess, 80 * ms, "log", 80 * ms, "for broadcast"},
		{record.EdgeDelivered, 110 * ms, "app trace", 110 * ms, ""},
		{record.EdgeCallAdded, 120 * ms, "telecom history", 120 * ms, ""},
		{record.EdgeRinging, 180 * ms, "telecom history", 180 * ms, ""},
		{record.EdgeNotified, 190 * ms, "notification record", 190 * ms, "channel calls, importance 4, full-screen intent present"},
		{record.EdgeScreenOn, 220 * ms, "log", 220 * ms, ""},
		{record.EdgeScreen, 400 * ms, "log", 400 * ms, "org.example.Incoming"},
		{record.EdgeAnswered, 5000 * ms, "command", 0, "the button Answer"},
		{record.EdgeActive, 5300 * ms, "telecom history", 300 * ms, ""},
		{record.EdgeRoute, 5350 * ms, "telecom history", 350 * ms, "EARPIECE"},
		{record.EdgeEndAsked, 10000 * ms, "command", 0, "the button End"},
		{record.EdgeDisconnected, 10090 * ms, "telecom history", 90 * ms, "LOCAL"},
	}
	edges := timeline.Edges(call())
	if len(edges) != len(want) {
		t.Fatalf("%d edges, want %d: %+v", len(edges), len(want), edges)
	}
	for i, w := range want {
		e := edges[i]
		if e.Name != w.name || e.Source != w.source || e.Text != w.text || e.Void != "" {
			t.Errorf("%d: %+v, want %+v", i, e, w)
		}
		if off := e.At - 3700*time.Second - w.at; off.Abs() > e.Within {
			t.Errorf("%s: off by %s, stated %s", e.Name, off, e.Within)
		}
		if limit := 20 * ms; e.Within > limit && e.Name != record.EdgePushAccepted {
			t.Errorf("%s: within %s", e.Name, e.Within)
		}
		switch {
		case w.latency == 0:
			if e.Latency != nil {
				t.Errorf("%s: a latency of %s", e.Name, *e.Latency)
			}
		case e.Latency == nil || (*e.Latency-w.latency).Abs() > e.Within+5*ms:
			t.Errorf("%s: latency %v, want %s", e.Name, e.Latency, w.latency)
		}
	}
	if edges[5].Budget != 10*time.Second {
		t.Errorf("the budget of ringing is %s", edges[5].Budget)
	}
}

// On a phone in use the call screen opens when the call is answered: that is
// what it is measured from, not the push before a person's ringing.
func TestACallScreenThatOpensOnAnswering(t *testing.T) {
	in := call()
	in.Looks, in.Budgets[record.EdgeScreen], in.Budgets[record.EdgeActive] = nil, 10*time.Second, 5*time.Second
	in.Log = []logcat.Line{{Tag: "wm_on_resume_called", Msg: "[99,org.example.Incoming,RESUME_ACTIVITY]", Time: boot.Add(3705*time.Second + 450*ms), Exact: true}}
	for _, e := range timeline.Edges(in) {
		if e.Name != record.EdgeScreen {
			continue
		}
		if e.From != record.EdgeAnswered || e.Latency == nil || (*e.Latency-450*ms).Abs() > e.Within+5*ms || e.Budget != 5*time.Second {
			t.Errorf("%+v", e)
		}
		return
	}
	t.Error("nobody told of the screen")
}

// With the log muted and no trace, looks stand in and say how wide they are.
func TestEdgesWithoutALog(t *testing.T) {
	in := call()
	in.Log = nil
	for _, e := range timeline.Edges(in) {
		switch e.Name {
		case record.EdgeScreen:
			if e.Source != "look" || e.Within < 500*ms {
				t.Errorf("%+v", e)
			}
		case record.EdgeProcess, record.EdgeDelivered, record.EdgeScreenOn:
			t.Errorf("nobody told of %s", e.Name)
		}
	}
}

// A clock that was set voids what was read from it, and nothing else.
func TestEdgesAcrossAJump(t *testing.T) {
	in := call()
	in.Clock = timeline.Align([]timeline.Sample{sample(3700*time.Second, 0)}, []timeline.Sample{sample(3701*time.Second, time.Hour)})
	for _, e := range timeline.Edges(in) {
		void := e.Clock == record.WallClock
		if (e.Void != "") != void || void && (e.Latency != nil || e.At != 0) {
			t.Errorf("%+v", e)
		}
	}
}

// A call that rang before midnight and is read after it.
func TestEdgesOverMidnight(t *testing.T) {
	in := call()
	in.Now = time.Date(2026, 3, 3, 0, 0, 5, 0, time.UTC)
	in.Zone = time.UTC
	in.Sent, in.Answer, in.End, in.Log, in.Notifications, in.Looks, in.Accepted = 0, nil, nil, nil, nil, nil, 0
	in.Call = &telecom.Record{Events: []telecom.Event{{At: 23*time.Hour + 59*time.Minute + 59*time.Second, Name: "SET_RINGING"}}}
	edges := timeline.Edges(in)
	want := time.Date(2026, 3, 2, 23, 59, 59, 0, time.UTC).Sub(boot)
	if len(edges) != 1 || (edges[0].At-want).Abs() > edges[0].Within {
		t.Errorf("%+v, want %s", edges, want)
	}
}

func TestNothingKnown(t *testing.T) {
	if d := cmp.Diff(0, len(timeline.Edges(timeline.Input{}))); d != "" {
		t.Error(d)
	}
}
