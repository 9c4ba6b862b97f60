package notification

import (
	"bytes"
	"strings"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

const service = "notification"

// Parse reads a dump, redacted or not. The error is a *text.Problem; facts that
// the text does tell are there beside it.
func Parse(b []byte) (Facts, error) {
	body, p := text.Open(b, service)
	r := reader{lines: body.Lines()}
	r.read()
	switch {
	case p != nil:
		return r.facts, p
	case !r.started:
		return r.facts, &text.Problem{Kind: text.NotADump, Service: service, Msg: "no line Current Notification Manager state"}
	case !r.facts.Posted.Known():
		return r.facts, &text.Problem{Kind: text.Truncated, Service: service, Line: r.last, Msg: "the dump ends before its list of notifications does"}
	}
	return r.facts, nil
}

// reader walks over the sections.
type reader struct {
	lines   text.Lines
	facts   Facts
	started bool // the dump's title, or a record, was seen
	// headless texts are a part of a dump that begins within the list.
	headless bool
	last     int
	again    bool // the line that ended a record is yet to be read
}

const (
	recordTitle  = "NotificationRecord("
	archiveTitle = "StatusBarNotification("
)

// laterKeys begin the lines that stand behind the list of notifications in
// some release or maker's build. One of them ends the list; without any of them
// the dump was cut before it said how the list ends.
var laterKeys = [...]string{
	"Lights List:", "mUseAttentionLight=", "mHasLight=", "mNotificationPulseEnabled=", "mSoundNotificationKey=",
	"mVibrateNotificationKey=", "mDisableNotificationEffects=", "mCallState=", "mSystemReady=",
	"mMaxPackageEnqueueRate=", "hideSilentStatusBar=", "Notification attention state:", "mArchive=",
	"Enqueued Notification List:", "Snoozed notifications:", "Ranking Config:", "Notification Preferences:",
	"Notification listeners:", "Zen Mode:", "Usage Stats:", "Group summaries:", "Policy access:",
	"TimeoutPendingIntent:", "NotificationReminder :",
}

func (r *reader) read() {
	var (
		list   []Record // the list that is open
		at     int
		open   bool
		posted = true // the open list is the posted one, not the enqueued one
		headed bool   // its title was seen: it is there from the first record on
	)
	closeList := func(whole bool) {
		switch {
		case !open:
		case !posted && whole:
			text.Set(&r.facts.Enqueued, fact.Of(list, at))
		case posted && whole && !headed:
			r.facts.Partial = fact.Of(list, at)
		case posted && whole:
			text.Set(&r.facts.Posted, fact.Of(list, at))
		case posted:
			// What was read to its end is there; the last record may lack its end.
			r.facts.Partial = fact.Of(list[:max(0, len(list)-1)], at)
		}
		open = false
	}
	for r.next() {
		t := r.lines.Line().Text()
		switch {
		case len(t) == 0:
		case bytes.HasPrefix(t, []byte("Current Notification Manager state")):
			r.started = true
		case string(t) == "Notification List:" && r.started:
			closeList(true)
			list, at, open, posted, headed = []Record{}, r.last, true, true, true
		case bytes.HasPrefix(t, []byte(recordTitle)):
			if !open && !r.started {
				// A part of a dump: records without the frame that says which list.
				list, at, open, r.started, r.headless = []Record{}, r.last, true, true, true
			}
			if rec, ok := r.record(); ok && open {
				list = append(list, rec)
			}
		case laterKey(t):
			if string(t) == "Enqueued Notification List:" {
				r.endPosted(closeList)
				list, at, open, posted = []Record{}, r.last, true, false
				continue
			}
			r.endPosted(closeList)
			if bytes.HasPrefix(t, []byte("mArchive=")) {
				r.archive()
			}
		}
	}
	closeList(false)
}

// endPosted closes the open list at a key behind it. If no list was seen by
// then nothing is posted: the dump leaves an empty list out.
func (r *reader) endPosted(closeList func(whole bool)) {
	closeList(true)
	if r.started && !r.headless && !r.facts.Posted.Known() {
		r.facts.Posted = fact.Of([]Record{}, r.last)
	}
}

func laterKey(t []byte) bool {
	for _, k := range laterKeys {
		if len(t) >= len(k) && string(t[:len(k)]) == k {
			return true
		}
	}
	return false
}

func (r *reader) next() bool {
	ok := r.again || r.lines.Next()
	if r.again = false; ok {
		r.last = r.lines.N()
	}
	return ok
}

// archive reads the lines of mArchive=Archive (N notifications).
func (r *reader) archive() {
	at, all := r.last, []Archived{}
	for {
		l, ok := r.lines.Peek()
		if !ok {
			return
		}
		t := l.Text()
		if !bytes.HasPrefix(t, []byte(archiveTitle)) {
			if len(t) > 0 && string(t) != "..." && (laterKey(t) || r.lines.Line().Indent >= l.Indent) {
				break
			}
			r.next()
			if len(t) == 0 {
				break
			}
			continue // the rest of a line that a tag broke
		}
		r.next()
		h := parseHeader(string(t), archiveTitle)
		a := Archived{Package: h.pkg, UserID: h.user, Key: h.key, Line: l.N}
		if v, ok := h.channel(); ok {
			a.Channel = fact.Of(v, l.N)
		}
		all = append(all, a)
	}
	text.Set(&r.facts.Archive, fact.Of(all, at))
}

// record reads one record: its header, which a tag's line break may have
// broken, and its block of key=value lines up to the next header or section.
func (r *reader) record() (Record, bool) {
	first := r.lines.Line()
	b := block{rec: Record{Line: first.N}, indent: first.Indent}
	b.header(r.header(string(first.Text())))
	for {
		r.last = r.lines.N()
		if !r.lines.Next() {
			break
		}
		t := r.lines.Text()
		if r.lines.Indent() <= b.indent && b.ends(t) || b.closed() && text.Has(t, recordTitle) {
			r.again = true
			break
		}
		b.line(&r.lines, t)
	}
	b.finish()
	return b.rec, b.rec.Package != ""
}

// header joins the lines of a broken header. The number is bounded: a tag holds
// few line breaks.
func (r *reader) header(t string) string {
	const limit = 16
	for range limit {
		if strings.Contains(t, ": Notification(") {
			break
		}
		l, ok := r.lines.Peek()
		if !ok || bytes.HasPrefix(l.Text(), []byte("uid=")) || bytes.HasPrefix(l.Text(), []byte(recordTitle)) {
			break
		}
		r.next()
		t += "\n" + string(l.Raw)
	}
	return t
}
