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
		none Event

		words = new(text.Recent)
		size  = len(body.Text)
	)
	for s := body.Lines(); s.Next(); {
		t, n := s.Text(), s.N()
		switch {
		case len(t) == 0:
		case t[0] == 't' && text.Has(t, "time="):
			if len(all) < cap(all) {
				all = all[:len(all)+1] // empty, as all that is given back
			} else {
				all = text.Extend(all, size-len(s.Rest()), size)
			}
			e, before := &all[len(all)-1], &none
			if len(all) > 1 {
				before = &all[len(all)-2]
			}
			if e.read(t[len("time="):], n, before, words) {
				e.User = user
				at = first(at, n)
			} else {
				*e, all = Event{}, all[:len(all)-1]
			}
		case t[0] == 'u' && text.Has(t, "user="):
			if v, ok := text.Int(t[len("user="):]); ok {
				user = fact.Of(int(v), n)
				at = first(at, n)
			}
		case at == 0 && bytes.Contains(t, []byte(" events (timeRange=")):
			at = n
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

// read reads `"2026-05-03 19:18:20" type=ACTIVITY_RESUMED package=P ...`. Many
// words are those of the event before.
func (e *Event) read(t []byte, n int, before *Event, words *text.Recent) bool {
	e.Line = n
	end := byte(' ')
	if len(t) > 0 && t[0] == '"' {
		t, end = t[1:], '"'
	}
	when := t
	if i := bytes.IndexByte(t, end); i >= 0 {
		when, t = t[:i], t[i+1:]
	} else if t = nil; end == '"' {
		return false
	}
	e.Time = same(before.Time, when, words)
	for len(t) > 0 {
		word := t
		if i := bytes.IndexByte(t, ' '); i >= 0 {
			word, t = t[:i], t[i+1:]
		} else {
			t = nil
		}
		switch {
		case len(word) == 0:
		case word[0] == 't' && text.Has(word, "type="):
			if e.Type == "" {
				e.Type = same(before.Type, word[len("type="):], words)
			}
		case word[0] == 'p' && text.Has(word, "package="):
			e.set(&e.Package, &before.Package, word[len("package="):], words)
		case word[0] == 'c' && text.Has(word, "class="):
			e.set(&e.Class, &before.Class, word[len("class="):], words)
		case word[0] == 'c' && text.Has(word, "channelId="):
			e.set(&e.Channel, &before.Channel, word[len("channelId="):], words)
		case text.Has(word, "instanceId="), text.Has(word, "flags="):
			return e.Type != "" // nothing of ours comes behind
		}
	}
	return e.Type != ""
}

func (e *Event) set(to, before *fact.Value[string], v []byte, words *text.Recent) {
	if !to.Known() {
		*to = fact.Of(same(before.Or(""), v, words), e.Line)
	}
}

func same(before string, v []byte, words *text.Recent) string {
	if before == string(v) {
		return before
	}
	return words.Word(v)
}
