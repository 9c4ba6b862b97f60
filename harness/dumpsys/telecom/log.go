package telecom

import (
	"bytes"
	"slices"
	"strings"
	"time"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/logcat"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

// LogKind sorts the lines that Telecom writes to the log.
type LogKind string

// The kinds. Makers put a word before class names (MotoCallsManager), which are
// therefore not looked at.
const (
	// LogState: a call changes its state, from From to To.
	LogState LogKind = "state"
	// LogEvent: an event of the history, with Name and Data. One without a call
	// was logged while no call was in front.
	LogEvent LogKind = "event"
	// LogAdded: an InCallService was told of a new call.
	LogAdded LogKind = "added"
	// LogRoute: the audio state that apps are told of: Route, Muted, Supported.
	LogRoute LogKind = "route"
	// LogPending: the route that the controller is on its way to (API 34 and
	// newer). It is not in use yet.
	LogPending LogKind = "pending-route"
	// LogMute: the microphone is muted or opened.
	LogMute LogKind = "mute"
	// LogForeground: Call owns the audio now, "" for none.
	LogForeground LogKind = "foreground"
	// LogAccount: an account was registered, changed, removed, enabled or disabled.
	LogAccount LogKind = "account"
)

// LogLine is what one line of the log says. Every field but the first ones is
// zero or unknown unless its kind has it.
type LogLine struct {
	Kind LogKind `json:"kind"`
	// At is the line's time, zero for a text without times; see logcat.Line.Exact.
	At   time.Time `json:"at"`
	Line int       `json:"line"`
	// Call is the id of the call.
	Call string `json:"call,omitempty"`
	// Row is the call as the line shows it. Its state is the one before.
	Row  fact.Value[*Call] `json:"row"`
	From State             `json:"from,omitempty"`
	To   State             `json:"to,omitempty"`
	Name string            `json:"name,omitempty"`
	Data string            `json:"data,omitempty"`

	Route     fact.Value[*Route]      `json:"route"`
	Muted     fact.Value[bool]        `json:"muted"`
	Supported fact.Value[[]RouteName] `json:"supported"`

	// Change is what happened to the account: registering, registered, modified,
	// removed, enabled or disabled. A line of "registering" is what the app asked
	// for, and always says that the account is not enabled.
	Change  string                     `json:"change,omitempty"`
	Handle  fact.Value[*AccountHandle] `json:"handle"`
	Account fact.Value[*Account]       `json:"account"`
	// Session is Telecom's logging session, without the mark of its lock.
	Session string `json:"session,omitempty"`
}

// Log is what a log says of Telecom.
type Log struct {
	Lines fact.Value[[]LogLine] `json:"lines"`
	// Fragments are lines of a text in no form of logcat, such as notes. They are
	// unknown for a log.
	Fragments fact.Value[[]LogLine] `json:"fragments"`
}

// ParseLog reads the lines of Telecom in a saved log; clock completes times. A
// log without such a line is empty, not unknown: phones may mute it. The error
// is a *text.Problem.
func ParseLog(b []byte, clock logcat.Clock) (Log, error) {
	body := text.Normalise(b)
	// Room for what there may be: to copy such lines when their list grows takes
	// more than all the rest.
	room := min(bytes.Count(body, []byte("Telecom")), len(body)/128)
	all, r := make([]LogLine, 0, room), newLogReader()
	s := logcat.NewScanner(bytes.NewReader(body), clock).Only(tags[:]...)
	for s.Scan() {
		l := s.Line()
		all = append(all, LogLine{At: l.Time, Line: l.N})
		if r.LogLine = &all[len(all)-1]; !r.message(l.Msg) {
			all = all[:len(all)-1]
		}
	}
	if s.Log() {
		return Log{Lines: fact.Of(all, 1)}, nil
	}
	if len(bytes.TrimSpace(body)) == 0 {
		return Log{}, &text.Problem{Kind: text.Empty, Service: "logcat"}
	}
	p := &text.Problem{Kind: text.NotADump, Service: "logcat", Msg: "no line in any form of logcat"}
	var parts []LogLine
	for s := text.NewLines(body, 1); s.Next(); {
		l := s.Line()
		r.LogLine = &LogLine{Line: l.N}
		if r.message(withoutTime(string(l.Text()))) {
			parts = append(parts, *r.LogLine)
		}
	}
	if parts == nil {
		return Log{}, p
	}
	return Log{Fragments: fact.Of(parts, parts[0].Line)}, p
}

// tags are those of Telecom; MediaTek also uses Telecom-Call. TelecomFramework
// is the side of the apps.
var tags = [...]string{"Telecom", "Telecom-Call"}

// ReadLog reads one line of a log and reports whether Telecom wrote it and what
// it says is known here.
func ReadLog(l logcat.Line) (LogLine, bool) {
	if l.Kind != logcat.Message || !slices.Contains(tags[:], l.Tag) {
		return LogLine{}, false
	}
	e := LogLine{At: l.Time, Line: l.N}
	r := newLogReader()
	r.LogLine = &e
	ok := r.message(l.Msg)
	return e, ok
}

// withoutTime drops a time of day at the begin of a note's line.
func withoutTime(s string) string {
	word, rest, ok := strings.Cut(s, " ")
	if ok && strings.Trim(word, "0123456789:.") == "" {
		return strings.TrimLeft(rest, " ")
	}
	return s
}

// forms are the messages behind `<class>: `, by their begin.
var forms = [...]struct {
	begin string
	kind  LogKind
	read  func(e *logReader, v string) bool
}{
	{"setCallState ", LogState, (*logReader).state},
	{"RecordEntry ", LogEvent, (*logReader).event},
	{"Call ", LogEvent, (*logReader).event}, // 7.x
	{"Non-call EVENT: ", LogEvent, (*logReader).bare},
	{"onCallAdded: ", LogAdded, (*logReader).row},
	{"setSystemAudioState: changing from ", LogRoute, (*logReader).changed},
	{"updateCallAudioState: updating call audio state to ", LogRoute, (*logReader).audio},
	{"Enter pending route, orig", LogPending, (*logReader).pending},
	{"changing microphone mute state to: ", LogMute, (*logReader).mute},
	{"updateForegroundCall; oldFg=", LogForeground, (*logReader).foreground},
	{"onCallStateChanged: Call state changed for ", LogState, (*logReader).audioState},
	{"registerPhoneAccount: account=", LogAccount, account("registering")},
	{"New phone account registered: ", LogAccount, account("registered")},
	{"Modify account: ", LogAccount, account("modified")},
	{"Removing phone account ", LogAccount, account("removed")},
	{"Phone account ", LogAccount, (*logReader).enabled},
}

// logReader reads the lines of one log. Calls are logged many times in the same
// words: rows, accounts and audio states are known by their text.
type logReader struct {
	*LogLine // the line that is read
	rows     *rowReader
	row1     []byte // the row that is read
	accounts map[string]*Account
	audios   map[string]*audioState
	recent   text.Recent
}

type audioState struct {
	route     *Route
	muted     fact.Value[bool]
	supported []RouteName
}

func newLogReader() *logReader {
	return &logReader{rows: newRows(), accounts: map[string]*Account{}, audios: map[string]*audioState{}}
}

// own makes the line's texts its own: they are parts of the message.
func (e *logReader) own() {
	for _, s := range [...]*string{&e.Call, &e.Name, &e.Data, &e.Change, &e.Session, (*string)(&e.From), (*string)(&e.To)} {
		*s = e.recent.Own(*s)
	}
}

// message reads `<class>: <message>: <session><lock>`.
func (e *logReader) message(s string) bool {
	class, msg, ok := strings.Cut(s, ": ")
	if !ok || strings.IndexByte(strings.TrimRight(class, " "), ' ') >= 0 {
		return false
	}
	class = strings.TrimRight(class, " :")
	msg, e.Session = cutSession(msg)
	for _, f := range forms {
		v, ok := strings.CutPrefix(msg, f.begin)
		if ok && (f.begin != "Call " || class == "Event") {
			e.Kind = f.kind
			ok = f.read(e, v)
			e.own()
			return ok
		}
	}
	if class == "Event" {
		// Samsung: `Event: AUDIO_ROUTE_TO, dest=...`
		e.Kind = LogEvent
		ok = e.bare(msg)
		e.own()
		return ok
	}
	return false
}

// cutSession cuts `: CSW.sA(cap)@Iac` off, and the mark of a lock behind it.
func cutSession(s string) (msg, session string) {
	i := strings.LastIndex(s, ": ")
	if i < 0 {
		return s, ""
	}
	v := strings.TrimRight(s[i+2:], " ")
	for len(v) > 0 && v[len(v)-1] >= 0x80 {
		v = v[:len(v)-1]
	}
	if strings.IndexByte(v, '@') < 0 {
		return s, ""
	}
	for _, c := range []byte(v) {
		switch c {
		case ' ', ',', '[', ']', '{', '}':
			return s, ""
		}
	}
	return s[:i], v
}

// state reads `OLD -> NEW, call: <row>`; API 37 prints `OLD(OLD)`.
func (e *logReader) state(v string) bool {
	from, v, ok1 := strings.Cut(v, " -> ")
	to, row, ok2 := strings.Cut(v, ", call: ")
	from, _, _ = strings.Cut(from, "(")
	to, _, _ = strings.Cut(to, "(")
	e.From, e.To = State(from), State(to)
	return ok1 && ok2 && stateWord(e.From) && stateWord(e.To) && e.row(row)
}

// row reads a row that may be shortened or mangled by whoever saved the log:
// the id is all that is asked for.
func (e *logReader) row(v string) bool {
	i := strings.IndexByte(v, '[')
	if i < 0 {
		return false
	}
	c := &Call{}
	e.row1 = append(e.row1[:0], v[i:]...)
	if e.rows.row(c, e.row1, e.Line) {
		e.Row, e.Call = fact.Of(c, e.Line), c.ID
		return true
	}
	id := strings.TrimPrefix(v[i+1:], "Call id=")
	if j := strings.IndexAny(id, ",] "); j >= 0 {
		id = id[:j]
	}
	e.Call = callID(id)
	return e.Call != ""
}

// event reads `<id>: <EVENT>, <data or null>`.
func (e *logReader) event(v string) bool {
	id, v, ok := strings.Cut(v, ": ")
	e.Call = callID(id)
	return ok && id != "" && !strings.ContainsAny(id, " ,") && e.bare(v)
}

// bare reads `<EVENT>, <data>` and the route that an event of the routing
// reports to be in use.
func (e *logReader) bare(v string) bool {
	e.Name, e.Data, _ = strings.Cut(v, ", ")
	e.Data = notNull(e.Data)
	if !stateWord(State(e.Name)) {
		return false
	}
	if r, ok := eventRoute(Event{Name: e.Name, Data: e.Data}); ok {
		e.Route = fact.Of(&r, e.Line)
	}
	if e.Name == "MUTE" || e.Name == "UNMUTE" {
		e.Muted = fact.Of(e.Name == "MUTE", e.Line)
	}
	return true
}

// changed reads `[AudioState ...] to [AudioState ...]`.
func (e *logReader) changed(v string) bool {
	_, v, ok := strings.Cut(v, "] to [AudioState ")
	return ok && e.audio("[AudioState "+v)
}

// audio reads CallAudioState.toString.
func (e *logReader) audio(v string) bool {
	a, known := e.audios[v]
	if !known {
		a = parseAudio(v)
		if len(e.audios) < maxKnown {
			e.audios[strings.Clone(v)] = a
		}
	}
	if a == nil {
		return false
	}
	e.Route, e.Muted, e.Supported = fact.Of(a.route, e.Line), at(a.muted, e.Line), fact.Of(a.supported, e.Line)
	return true
}

// parseAudio reads `[AudioState isMuted: false, route: SPEAKER,
// supportedRouteMask: EARPIECE, SPEAKER, activeBluetoothDevice: ...`.
func parseAudio(v string) *audioState {
	v, ok1 := strings.CutPrefix(strings.Clone(v), "[AudioState isMuted: ")
	muted, v, ok2 := strings.Cut(v, ", route: ")
	route, v, ok3 := strings.Cut(v, ", supportedRouteMask: ")
	if !ok1 || !ok2 || !ok3 || route == "" {
		return nil
	}
	a := &audioState{route: &Route{Name: RouteName(route), Printed: route}, supported: []RouteName{}}
	if muted == "true" || muted == "false" {
		a.muted = fact.Of(muted == "true", 0)
	}
	mask, rest, devices := strings.Cut(v, ", activeBluetoothDevice: [")
	if !devices {
		mask, _, _ = strings.Cut(mask, "]")
	} else if d, _, ok := strings.Cut(rest, "]"); ok && d != "null" && route == string(Bluetooth) {
		a.route.Address = d
	}
	for n := range strings.SplitSeq(mask, ", ") {
		if n != "" && n != "UNKNOWN" {
			a.supported = append(a.supported, RouteName(n))
		}
	}
	return a
}

// pending reads `<AudioRoute>(active=b), dest<AudioRoute>(active=b)`.
func (e *logReader) pending(v string) bool {
	_, v, ok := strings.Cut(v, ", dest")
	r, ok2 := audioRoute(v)
	if ok2 {
		e.Route = fact.Of(&r, e.Line)
	}
	return ok && ok2
}

func (e *logReader) mute(v string) bool {
	b, ok := text.Bool([]byte(v))
	e.Muted = fact.Of(b, e.Line)
	return ok
}

// foreground reads `<id|none>, newFg=<id|none>, aDC=...`.
func (e *logReader) foreground(v string) bool {
	_, v, ok := strings.Cut(v, ", newFg=")
	v, _, _ = strings.Cut(v, ",")
	if v != "none" {
		e.Call = callID(v)
	}
	return ok && v != ""
}

// audioState reads `TC@<id>: OLD -> NEW`, where the id has its own TC@.
func (e *logReader) audioState(v string) bool {
	id, v, ok1 := strings.Cut(v, ": ")
	from, to, ok2 := strings.Cut(v, " -> ")
	e.Call = callID(strings.TrimPrefix(id, "TC@"))
	if !isTelecomID(e.Call) && strings.Trim(e.Call, "0123456789") == "" {
		e.Call = callID(id)
	}
	e.From, e.To = State(from), State(to)
	return ok1 && ok2 && e.Call != "" && stateWord(e.From) && stateWord(e.To)
}

// account reads an account's line, or its handle alone.
func account(change string) func(*logReader, string) bool {
	return func(e *logReader, v string) bool {
		e.Change = change
		if a := e.known(v); a != nil {
			e.Account, e.Handle = fact.Of(a, e.Line), fact.Of(&a.AccountHandle, e.Line)
		} else if h, _, ok := parseHandle(strings.Clone(strings.TrimPrefix(v, "["))); ok {
			e.Handle = fact.Of(&h, e.Line)
		}
		// The removal names the label, an app's text, and nothing else.
		return true
	}
}

// known is an account by its line, nil if v is none.
func (e *logReader) known(v string) *Account {
	a, known := e.accounts[v]
	if !known {
		if parsed, ok := parseAccount(strings.Clone(v), e.Line); ok {
			a = &parsed
		}
		if len(e.accounts) < maxKnown {
			e.accounts[strings.Clone(v)] = a
		}
	}
	if a == nil {
		return nil
	}
	here := *a
	here.Line = e.Line
	return &here
}

// enabled reads `<handle> enabled.`
func (e *logReader) enabled(v string) bool {
	h, rest, ok := parseHandle(strings.Clone(v))
	if !ok {
		return false
	}
	e.Handle = fact.Of(&h, e.Line)
	e.Change = strings.Trim(rest, " .")
	return e.Change == "enabled" || e.Change == "disabled"
}
