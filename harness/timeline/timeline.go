package timeline

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ringproof/ringproof/harness/dumpsys/logcat"
	"github.com/ringproof/ringproof/harness/dumpsys/notification"
	"github.com/ringproof/ringproof/harness/dumpsys/telecom"
	"github.com/ringproof/ringproof/reports/record"
)

// Where times come from.
const (
	fromTelecom      = "telecom history"
	fromLog          = "log"
	fromTrace        = "app trace"
	fromNotification = "notification record"
	fromCommand      = "command"
	fromLook         = "look"
)

// Press is something that the harness did, by the phone's time since boot just
// before.
type Press struct {
	At   time.Duration
	Text string
}

// Look is a fact that was not yet met at After and met at Before.
type Look struct {
	Name          record.EdgeName
	After, Before time.Duration
	Text          string
}

// Input is all that is known of one call.
type Input struct {
	Package string
	Clock   Clock
	// Zone is the phone's: dumps print local times.
	Zone *time.Location
	// Now is the phone's wall clock when the dumps were taken. Telecom's events
	// have no date.
	Now time.Time
	// Sent and Accepted are the phone's time since boot before and after the
	// push's broadcast.
	Sent, Accepted time.Duration
	PushName       string
	Answer, End    *Press
	// Call is the call's record in Telecom's history.
	Call *telecom.Record
	// Notifications are the app's call notifications, as far as they were seen.
	Notifications []notification.Record
	// Log is the log since the push. TraceTag is the tag of the app's own trace,
	// a JSON object a line with "event" and "elapsed" in milliseconds; Delivered
	// names the event that says that the push reached the app's code.
	Log                 []logcat.Line
	TraceTag, Delivered string
	Looks               []Look
	// Screens are the class names of the app's call screens.
	Screens []string
	// Budgets are the longest latencies. A call screen that opens on answering
	// has that of EdgeActive.
	Budgets map[record.EdgeName]time.Duration
}

// Edges puts the call's events in order. An edge without any source is left
// out; one that has several keeps the best.
func Edges(in Input) []record.Edge {
	b := builder{Input: in}
	b.commands()
	b.history()
	b.notified()
	b.logged()
	b.looks()
	return b.finish()
}

type builder struct {
	Input
	edges []record.Edge
}

// rank is how far a source is trusted: the lower, the better.
func rank(source string) int {
	return slices.Index([]string{fromCommand, fromTrace, fromTelecom, fromNotification, fromLog, fromLook}, source)
}

// add keeps the best source of each edge, and of one source the first time.
func (b *builder) add(e record.Edge) {
	i := slices.IndexFunc(b.edges, func(o record.Edge) bool { return o.Name == e.Name })
	switch {
	case i < 0:
		b.edges = append(b.edges, e)
	case rank(e.Source) < rank(b.edges[i].Source):
		b.edges[i] = e
	}
}

// wall places a moment of the wall clock. Its own resolution is within.
func (b *builder) wall(name record.EdgeName, at time.Time, within time.Duration, source, text string) {
	e := record.Edge{Name: name, Source: source, Clock: record.WallClock, Text: text}
	switch {
	case b.Clock.Jumped:
		e.Void = "the phone's clock was set during the call"
	case !b.Clock.Known():
		e.Void = "the phone's clocks could not be compared"
	default:
		// A printed time is cut off, not rounded: the truth lies behind it.
		e.At = b.Clock.Elapsed(at) + within/2
		e.Within = b.Clock.Uncertainty + (within+1)/2
		if b.Sent > 0 && e.At+e.Within < b.Sent {
			return // of an earlier call
		}
	}
	b.add(e)
}

func (b *builder) commands() {
	if b.Sent > 0 {
		b.add(record.Edge{Name: record.EdgePushSent, At: b.Sent + uptimeStep/2, Within: uptimeStep / 2, Source: fromCommand, Clock: record.BootClock, Text: b.PushName})
	}
	if b.Accepted > 0 {
		// The broadcast ended somewhere between its begin and this reading.
		mid := (b.Sent + b.Accepted + uptimeStep) / 2
		b.add(record.Edge{Name: record.EdgePushAccepted, At: mid, Within: b.Accepted + uptimeStep - mid, Source: fromCommand, Clock: record.BootClock})
	}
	for name, p := range map[record.EdgeName]*Press{record.EdgeAnswered: b.Answer, record.EdgeEndAsked: b.End} {
		if p != nil {
			b.add(record.Edge{Name: name, At: p.At + uptimeStep/2, Within: uptimeStep / 2, Source: fromCommand, Clock: record.BootClock, Text: p.Text})
		}
	}
}

// history reads Telecom's own events: milliseconds of the local day.
func (b *builder) history() {
	if b.Call == nil {
		return
	}
	for _, e := range b.Call.Events {
		name, text := record.EdgeName(""), ""
		switch {
		case e.Name == "CREATED":
			name = record.EdgeCallAdded
		case e.Name == "SET_RINGING":
			name = record.EdgeRinging
		case e.Name == "SET_ACTIVE":
			name = record.EdgeActive
		case strings.HasPrefix(e.Name, "AUDIO_ROUTE_"):
			name, text = record.EdgeRoute, strings.TrimPrefix(e.Name, "AUDIO_ROUTE_")
		case e.Name == "SET_DISCONNECTED":
			name = record.EdgeDisconnected
			if c, ok := b.Call.Cause().Get(); ok {
				text = c.Code
			}
		default:
			continue
		}
		b.wall(name, b.day(e.At), time.Millisecond, fromTelecom, text)
	}
}

// day completes a time of day: the latest one that is not in the future.
func (b *builder) day(at time.Duration) time.Time {
	now := b.Now
	if b.Zone != nil {
		now = now.In(b.Zone)
	}
	y, m, d := now.Date()
	t := time.Date(y, m, d, 0, 0, 0, 0, now.Location()).Add(at)
	if t.After(now.Add(time.Second)) {
		t = t.AddDate(0, 0, -1)
	}
	return t
}

func (b *builder) notified() {
	for _, r := range b.Notifications {
		ms, ok := r.Created.Get()
		if !ok {
			continue
		}
		text := fmt.Sprintf("channel %s, importance %s, full-screen intent %s", r.Channel, r.Importance, r.FullScreen)
		b.wall(record.EdgeNotified, time.UnixMilli(ms), time.Millisecond, fromNotification, text)
	}
}

// logged reads the log's lines: the events buffer of the activity and window
// managers, and the app's own trace.
func (b *builder) logged() {
	for _, l := range b.Log {
		if b.TraceTag != "" && l.Tag == b.TraceTag {
			b.traced(l.Msg)
			continue
		}
		if !l.Exact {
			continue
		}
		fields := strings.Split(strings.Trim(l.Msg, "[]"), ",")
		switch l.Tag {
		case "am_proc_start": // user, pid, uid, process, type, component
			if len(fields) > 4 && fields[3] == b.Package {
				b.wall(record.EdgeProcess, l.Time, time.Millisecond, fromLog, "for "+fields[4])
			}
		case "notification_enqueue": // uid, pid, package, id, tag, user, notification, status
			if len(fields) > 2 && fields[2] == b.Package && strings.Contains(l.Msg, "category=call") {
				b.wall(record.EdgeNotified, l.Time, time.Millisecond, fromLog, "")
			}
		case "screen_toggled":
			if strings.TrimSpace(fields[0]) == "1" {
				b.wall(record.EdgeScreenOn, l.Time, time.Millisecond, fromLog, "")
			}
		case "wm_on_resume_called", "am_on_resume_called": // token, class, reason; API 29 and older: user, class, reason
			if len(fields) > 1 && slices.ContainsFunc(b.Screens, func(s string) bool { return strings.HasSuffix(fields[1], s) }) {
				b.wall(record.EdgeScreen, l.Time, time.Millisecond, fromLog, fields[1])
			}
		}
	}
}

// traced reads one line of the app's trace: its own time since boot.
func (b *builder) traced(msg string) {
	var t struct {
		Event   string `json:"event"`
		Elapsed int64  `json:"elapsed"`
	}
	if json.Unmarshal([]byte(msg), &t) != nil || t.Event == "" || t.Event != b.Delivered {
		return
	}
	at := time.Duration(t.Elapsed) * time.Millisecond
	if at+time.Millisecond < b.Sent {
		return
	}
	b.add(record.Edge{Name: record.EdgeDelivered, At: at + time.Millisecond/2, Within: time.Millisecond / 2, Source: fromTrace, Clock: record.BootClock})
}

func (b *builder) looks() {
	for _, l := range b.Looks {
		mid := (l.After + l.Before + uptimeStep) / 2
		b.add(record.Edge{Name: l.Name, At: mid, Within: l.Before + uptimeStep - mid, Source: fromLook, Clock: record.BootClock, Text: l.Text})
	}
}

// measured is from which edge the latency of another one counts.
func measured(name record.EdgeName) record.EdgeName {
	switch name {
	case record.EdgePushSent, record.EdgeAnswered, record.EdgeEndAsked:
		return ""
	case record.EdgeActive, record.EdgeRoute:
		return record.EdgeAnswered
	case record.EdgeDisconnected:
		return record.EdgeEndAsked
	}
	return record.EdgePushSent
}

// finish counts latencies and orders the edges by time; all in their usual
// order if the time of one is void.
func (b *builder) finish() []record.Edge {
	order := record.Edges()
	slices.SortStableFunc(b.edges, func(x, y record.Edge) int {
		return slices.Index(order, x.Name) - slices.Index(order, y.Name)
	})
	at := map[record.EdgeName]record.Edge{}
	for _, e := range b.edges {
		at[e.Name] = e
	}
	for i := range b.edges {
		e := &b.edges[i]
		from, budget := measured(e.Name), e.Name
		if answered, ok := at[record.EdgeAnswered]; ok && e.Name == record.EdgeScreen && e.Void == "" && e.At > answered.At {
			// A phone in use shows a heads-up: its screen opens on answering,
			// and nobody waited for it while it rang.
			from, budget = record.EdgeAnswered, record.EdgeActive
		}
		begun, ok := at[from]
		if !ok || e.Void != "" || begun.Void != "" {
			continue
		}
		d := e.At - begun.At
		e.From, e.Latency, e.Budget = from, &d, b.Budgets[budget]
	}
	if !slices.ContainsFunc(b.edges, func(e record.Edge) bool { return e.Void != "" }) {
		slices.SortStableFunc(b.edges, func(x, y record.Edge) int { return cmp.Compare(x.At, y.At) })
	}
	return b.edges
}
