// Package usagestats reads the events in `dumpsys usagestats` of API 26 and
// newer: which activity came to the front when, which foreground service
// began, when the keyguard was shown. They are a second witness of a call
// screen, with the phone's own times, when the log has rolled over.
//
// Source: UserUsageStatsService.printEvent. Totals, configurations and standby
// buckets are not read.
package usagestats

import (
	"bytes"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

const service = "usagestats"

// Facts is what one dump says.
type Facts struct {
	Events fact.Value[[]Event] `json:"events"`
}

// Event is one of them. What the line lacks is unknown.
type Event struct {
	// User is that of the block around it.
	User fact.Value[int] `json:"user"`
	// Time is as printed, without a zone: "2026-05-03 19:18:20", or the
	// milliseconds of a checkin.
	Time string `json:"time"`
	// Type is ACTIVITY_RESUMED (MOVE_TO_FOREGROUND before API 29),
	// FOREGROUND_SERVICE_START, NOTIFICATION_INTERRUPTION, KEYGUARD_SHOWN, ...
	Type    string             `json:"type"`
	Package fact.Value[string] `json:"package"`
	Class   fact.Value[string] `json:"class"`
	// Channel is that of a notification that interrupted.
	Channel fact.Value[string] `json:"channel"`
	Line    int                `json:"line"`
}

// Parse reads a dump. The error is a *text.Problem.
func Parse(b []byte) (Facts, error) {
	body, p := text.Open(b, service)
	var (
		f    Facts
		all  = []Event{}
		at   int
		user = fact.Unknown[int]()

		words = new(text.Words)
	)
	for s := body.Lines(); s.Next(); {
		l := s.Line()
		t := l.Text()
		if e, ok := event(l, words); ok {
			e.User = user
			all, at = text.Append(all, e, len(body.Text)-len(s.Rest()), len(body.Text)), first(at, l.N)
			continue
		}
		if v, ok := text.After(t, "user="); ok {
			if n, ok := text.Int(v); ok {
				user = fact.Of(int(n), l.N)
				at = first(at, l.N)
			}
			continue
		}
		if bytes.Contains(t, []byte(" events (timeRange=")) {
			at = first(at, l.N)
		}
	}
	if at != 0 {
		f.Events = fact.Of(all, at)
	}
	switch {
	case p != nil:
		return f, p
	case at == 0:
		return f, &text.Problem{Kind: text.NotADump, Service: service, Msg: "no line user=, no events"}
	}
	return f, nil
}

func first(at, n int) int {
	if at != 0 {
		return at
	}
	return n
}

// event reads `time="2026-05-03 19:18:20" type=ACTIVITY_RESUMED package=P ...`.
func event(l text.Line, words *text.Words) (Event, bool) {
	t, ok := text.After(l.Text(), "time=")
	if !ok {
		return Event{}, false
	}
	e := Event{Line: l.N}
	if len(t) > 0 && t[0] == '"' {
		when, rest, ok := bytes.Cut(t[1:], []byte{'"'})
		if !ok {
			return e, false
		}
		e.Time, t = words.Word(when), rest
	} else {
		when, rest, _ := bytes.Cut(t, []byte{' '})
		e.Time, t = words.Word(when), rest
	}
	for len(t) > 0 {
		var word []byte
		if i := bytes.IndexByte(t, ' '); i >= 0 {
			word, t = t[:i], t[i+1:]
		} else {
			word, t = t, nil
		}
		equals := max(0, bytes.IndexByte(word, '='))
		key, v := word[:equals], word[min(equals+1, len(word)):]
		switch string(key) {
		case "type":
			if e.Type == "" {
				e.Type = words.Word(v)
			}
		case "package":
			text.Set(&e.Package, fact.Of(words.Word(v), l.N))
		case "class":
			text.Set(&e.Class, fact.Of(words.Word(v), l.N))
		case "channelId":
			text.Set(&e.Channel, fact.Of(words.Word(v), l.N))
		case "instanceId", "flags":
			return e, e.Type != "" // nothing of ours comes behind
		}
	}
	return e, e.Type != ""
}
