package telecom

import (
	"bytes"
	"slices"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

const service = "telecom"

// Parse reads a dump. The error is a *text.Problem; facts that the text does
// tell are there beside it.
func Parse(b []byte) (Facts, error) {
	body, p := text.Open(b, service)
	r := reader{lines: body.Lines(), rows: newRows()}
	r.read()
	r.join()
	switch {
	case p != nil:
		return r.facts, p
	case r.managerAt == 0:
		if len(r.fragments) > 0 {
			r.facts.Fragments = fact.Of(r.fragments, r.fragments[0].Line)
		}
		return r.facts, &text.Problem{Kind: text.NotADump, Service: service, Msg: "no line CallsManager:"}
	case !r.facts.Calls.Known():
		return r.facts, &text.Problem{Kind: text.Truncated, Service: service, Line: r.lastLine,
			Msg: "no rows between mCalls: and mCallAudioManager:"}
	case !r.facts.History.Known() && !r.timeline:
		return r.facts, &text.Problem{Kind: text.Truncated, Service: service, Line: r.lastLine,
			Msg: "the dump ends before its historical events"}
	case r.damaged > 0:
		return r.facts, &text.Problem{Kind: text.Truncated, Service: service, Line: r.damaged,
			Msg: "a call's row cannot be read"}
	}
	return r.facts, nil
}

// reader goes through a dump once, from key to key. Sections are known by
// their trimmed titles alone: after `Car Swapping ICS` and after a failed drop
// box all lines are shifted.
type reader struct {
	lines  text.Lines
	rows   *rowReader
	recent text.Recent
	facts  Facts

	managerAt int  // line of CallsManager:
	lastLine  int  // last line seen
	damaged   int  // line of a row that could not be read
	timeline  bool // the history was asked for in its other form

	calls   []Call
	callsAt int

	fragments []Call // rows before or without CallsManager:

	list   *fact.Value[[]string] // the id list that is open
	ids    []string
	listAt int

	state   string // Current state: of the old route state machine
	stateAt int
	route   string // Current route: of a maker's controller
	routeAt int
}

func (r *reader) read() {
	for r.next() {
		switch string(r.text()) {
		case "CallsManager:":
			if r.managerAt == 0 {
				r.managerAt = r.lastLine
			}
		case "mCalls:":
			if r.managerAt != 0 && r.callsAt == 0 {
				r.callsAt = r.lastLine
				r.readCalls()
			}
		case "PERSISTED DIAGNOSTIC DATA FROM DROP BOX":
			r.skipDropBox()
		case "Active Sessions:":
			r.readSessions()
		case "PhoneAccountRegistrar:":
			// Only the accounts below it count; the title ends the audio part.
		case "phoneAccounts:":
			if r.managerAt != 0 && !r.facts.Accounts.Known() {
				r.readAccounts()
			}
		case "Historical Events:":
			if r.managerAt != 0 {
				at := r.lastLine
				r.facts.History = fact.Of(r.readHistory(), at)
				return
			}
		case "Historical Events (sorted by time):":
			if r.managerAt != 0 {
				r.timeline = true
				r.readTimeline()
			}
			return
		case "No Historical Events Logged.":
			if r.managerAt != 0 {
				r.facts.History = fact.Of([]Record{}, r.lastLine)
			}
		default:
			if r.managerAt == 0 {
				r.fragment()
			} else {
				r.services(r.text())
			}
		}
	}
}

// fragment keeps a row that stands outside of any dump, once for each call.
func (r *reader) fragment() {
	t := r.text()
	if !bytes.HasPrefix(t, []byte("[Call id=")) && !bytes.HasPrefix(t, []byte("[TC@")) {
		return
	}
	var c Call
	if r.rows.row(&c, t, r.lastLine) && len(r.fragments) < maxFragments && !slices.ContainsFunc(r.fragments, func(o Call) bool { return o.ID == c.ID }) {
		r.fragments = append(r.fragments, c)
	}
}

// maxFragments bounds what is kept of a text that is no dump.
const maxFragments = 100

func (r *reader) next() bool {
	ok := r.lines.Next()
	if ok {
		r.lastLine = r.lines.N()
	}
	return ok
}

func (r *reader) text() []byte { return r.lines.Text() }

// readCalls reads the rows up to mCallAudioManager. Without that key the dump
// was cut among the rows, and nothing is known of the calls.
func (r *reader) readCalls() {
	for r.next() {
		t := r.text()
		switch {
		case string(t) == "mCallAudioManager:":
			if r.calls == nil {
				r.calls = []Call{}
			}
			r.facts.Calls = fact.Of(r.calls, r.callsAt)
			r.readAudio()
			return
		case string(t) == "PhoneAccountRegistrar:", string(t) == "CallsManager:":
			return
		case text.Has(t, "mPendingCall:"):
			text.Set(&r.facts.Pending, fact.Of(callID(string(bytes.TrimSpace(t[len("mPendingCall:"):]))), r.lastLine))
		case len(t) > 0 && t[0] == '[':
			line := r.lastLine
			if r.calls == nil {
				r.calls = make([]Call, 0, r.countRows())
			}
			r.calls = append(r.calls, Call{})
			if !r.row(&r.calls[len(r.calls)-1], t, line) && r.damaged == 0 {
				r.damaged = line
			}
		}
	}
}

// countRows looks ahead from the first row: a row is a large thing to copy when
// a list of tens of thousands grows.
func (r *reader) countRows() int {
	n := 1
	for s := r.lines; s.Next(); {
		switch t := s.Line().Text(); {
		case len(t) > 0 && t[0] == '[':
			n++
		case string(t) == "mCallAudioManager:":
			return n
		}
	}
	return n
}

// row reads the row that the current line begins.
func (r *reader) row(c *Call, t []byte, line int) bool {
	ok := r.rows.row(c, t, line)
	if ok && c.Children.Known() {
		return true
	}
	joined := r.whole(t, "childs(")
	if len(joined) > len(t) {
		*c = Call{}
		ok = r.rows.row(c, joined, line)
	}
	return ok
}

// whole joins a row with the lines after it until it holds mark: an app's text
// in it may hold line breaks. The number of lines is bounded.
func (r *reader) whole(t []byte, mark string) []byte {
	const limit = 8
	joined := t
	for range limit {
		if bytes.Contains(joined, []byte(mark)) {
			return joined
		}
		l, ok := r.lines.Peek()
		if !ok || len(l.Text()) > 0 && l.Text()[0] == '[' || isKey(l.Text()) {
			return joined
		}
		r.next()
		joined = append(append(bytes.Clone(joined), '\n'), l.Raw...)
	}
	return joined
}

// isKey reports whether a line is a title of the dump and so no row's rest.
func isKey(t []byte) bool {
	return len(t) > 1 && t[0] == 'm' && t[1] >= 'A' && t[1] <= 'Z' && bytes.IndexByte(t, ':') > 0
}

// readAudio reads the part of CallAudioManager up to the next manager.
func (r *reader) readAudio() {
	for {
		if l, ok := r.lines.Peek(); !ok || endsAudio(l.Text()) {
			r.list = nil // a list that nothing closes may have been cut
			return
		}
		r.next()
		t := r.text()
		if r.openList(t) {
			continue
		}
		if r.list != nil {
			if len(t) > 0 {
				r.ids = append(r.ids, callID(string(t)))
			}
			continue
		}
		r.readAudioValue(t)
	}
}

func endsAudio(t []byte) bool {
	switch string(t) {
	case "mTtyManager:", "mInCallController:", "mDefaultDialerCache:", "mConnectionSvrFocusMgr:", "PhoneAccountRegistrar:":
		return true
	}
	return false
}

// openList closes the list that is open and opens the one with this title.
func (r *reader) openList(t []byte) bool {
	var to *fact.Value[[]string]
	foreground := false
	switch string(t) {
	case "All calls:":
		to = &r.facts.All
	case "Active dialing, or connecting calls:":
		to = &r.facts.Active
	case "Ringing calls:":
		to = &r.facts.Ringing
	case "Holding calls:":
		to = &r.facts.Holding
	case "Foreground call:":
		foreground = true
	default:
		if len(t) == 0 || t[len(t)-1] != ':' {
			return false
		}
	}
	if r.list != nil {
		text.Set(r.list, fact.Of(r.ids, r.listAt))
	}
	r.list, r.ids, r.listAt = to, []string{}, r.lastLine
	if foreground {
		r.readForeground()
	}
	return to != nil || foreground
}

// readForeground reads the row, or null, on the line after the title.
func (r *reader) readForeground() {
	l, ok := r.lines.Peek()
	if !ok || r.facts.Foreground.Known() {
		return
	}
	switch t := l.Text(); {
	case string(t) == "null":
		r.next()
		r.facts.Foreground = fact.Of("", l.N)
	case len(t) > 0 && t[0] == '[':
		r.next()
		var c Call
		if r.row(&c, t, l.N) {
			r.facts.Foreground = fact.Of(c.ID, l.N)
		}
	}
}

func (r *reader) readAudioValue(t []byte) {
	switch {
	case bytes.HasPrefix(t, []byte("Current state: ")):
		if r.stateAt == 0 {
			r.state, r.stateAt = string(t[len("Current state: "):]), r.lastLine
		}
	case bytes.HasPrefix(t, []byte("Current route: ")):
		if r.routeAt == 0 {
			r.route, r.routeAt = string(t[len("Current route: "):]), r.lastLine
		}
	default:
		if i := bytes.Index(t, []byte(" - Enter ")); i > 0 {
			r.facts.AudioFocus = fact.Of(string(t[i+len(" - Enter "):]), r.lastLine)
		} else if i := bytes.Index(t, []byte(" - Mode ")); i > 0 {
			r.facts.AudioMode = fact.Of(string(t[i+len(" - Mode "):]), r.lastLine)
		}
	}
}

// skipDropBox passes over the texts of old emergency calls: foreign lines that
// may look like anything. Its end mark is missing when reading it failed.
func (r *reader) skipDropBox() {
	for {
		l, ok := r.lines.Peek()
		if !ok {
			return
		}
		switch t := l.Text(); {
		case string(t) == "mDefaultDialerCache:":
			return
		case bytes.HasPrefix(t, []byte("END OF PERSISTED DIAGNOSTIC DATA")),
			bytes.HasPrefix(t, []byte("Exception was thrown while dumping diagnostic data")):
			r.next()
			return
		}
		r.next()
	}
}

func (r *reader) readSessions() {
	at, all := r.lastLine, []Session{}
	for {
		l, ok := r.lines.Peek()
		if !ok {
			return
		}
		v, ok := text.After(l.Text(), "CommSess{")
		if !ok {
			break
		}
		r.next()
		uid, _ := text.Word(v, "uid=")
		id, _ := text.Word(v, "callId=")
		if n, ok := text.Int([]byte(uid)); ok {
			if id == "none" {
				id = ""
			}
			all = append(all, Session{UID: int(n), CallID: id, Line: l.N})
		}
	}
	r.facts.Sessions = fact.Of(all, at)
}

// join completes the rows with what only the history tells, and finds the
// route and mute state that the live calls' events show.
func (r *reader) join() {
	calls, history := r.facts.Calls.Or(nil), r.facts.History.Or(nil)
	newest := make(map[string]int, len(history))
	for i := range history {
		newest[history[i].ID] = i
	}
	// live are the records of live calls, once each, in the order of the rows.
	var live []*Record
	taken := map[int]bool{}
	for i := range calls {
		at, ok := newest[calls[i].ID]
		if !ok {
			continue
		}
		rec := &history[at]
		if calls[i].Live() && !taken[at] {
			live, taken[at] = append(live, rec), true
		}
		calls[i].Incoming = rec.Incoming
		acc, ok := rec.Account.Get()
		if !ok {
			continue
		}
		own, known := calls[i].Account.Get()
		if !known || own.ID == "" && own.Package == acc.Package {
			calls[i].Account = rec.Account
		}
		text.Set(&calls[i].Package, fact.Of(acc.Package, rec.Account.Line()))
	}
	r.findRoute(live)
	r.findMute(live)
}
