package audio

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

const service = "audio"

// Parse reads a dump. The error is a *text.Problem.
func Parse(b []byte) (Facts, error) {
	body, p := text.Open(b, service)
	r := reader{words: text.Interned{}}
	for s := body.Lines(); s.Next(); {
		r.line(s.Line())
	}
	f := r.finish()
	switch {
	case p != nil:
		return f, p
	case !r.seen:
		return f, &text.Problem{Kind: text.NotADump, Service: service, Msg: "no section of the audio service"}
	}
	return f, nil
}

// section is the part of the dump that a line stands in.
type section int

const (
	elsewhere section = iota
	focusStack
	ringer
	mode
	modeOwner      // the owner's lines below Mode owner:
	modeRequesters // others that wait: never the owner
	broker
	phoneLog
	ringStream
	otherStream
	players
)

type reader struct {
	facts Facts
	seen  bool
	in    section
	words text.Interned

	actual    fact.Value[Mode]  // - Actual mode =
	owner     Owner             // of the section Audio mode:
	ownerAt   int               // line of its first statement
	info      fact.Value[Owner] // AudioModeInfo line of the broker or a maker
	focus     []Focus
	focusAt   int
	players   []Player
	playersAt int
	events    []ModeEvent
	eventsAt  int
}

// title opens a section; ok is false for lines that open none. Most lines are
// of logs and begin with a date: the first byte decides.
func title(t []byte) (section, bool) {
	switch t[0] {
	case '-':
		if text.Has(t, "- STREAM_RING:") {
			return ringStream, true
		}
		return otherStream, text.Has(t, "- STREAM_")
	case 'A':
		switch {
		case text.Has(t, "Audio Focus stack entries"):
			return focusStack, true
		case text.Has(t, "Audio mode:"):
			return mode, true
		case text.Has(t, "AudioDeviceBroker:"):
			return broker, true
		case text.Has(t, "Audio event log:"):
			return log(t), true
		}
		return elsewhere, text.Has(t, "Audio routes:")
	case 'E':
		if text.Has(t, "Events log:") {
			return log(t), true
		}
		return elsewhere, text.Has(t, "Event logs:")
	case 'P':
		return players, text.Has(t, "PlaybackActivityMonitor dump time:")
	case 'R':
		if text.Has(t, "RecordActivityMonitor") {
			return elsewhere, true
		}
		return ringer, text.Has(t, "Ringer mode:")
	case 'O':
		return elsewhere, text.Has(t, "Other state:")
	case 'S':
		return elsewhere, text.Has(t, "Stream volumes") || text.Has(t, "SoundEffects:")
	case 'N':
		return elsewhere, text.Has(t, "No external focus policy")
	case 'M':
		return elsewhere, text.Has(t, "MediaFocusControl")
	}
	return elsewhere, false
}

// log is the section of an event log by its title.
func log(t []byte) section {
	if bytes.Contains(t, []byte("og: phone state (logged after successful")) {
		return phoneLog
	}
	return elsewhere
}

func (r *reader) line(l text.Line) {
	t := l.Text()
	if len(t) == 0 {
		return
	}
	if in, ok := title(t); ok {
		r.in, r.seen = in, true
		switch {
		case in == focusStack && r.focusAt == 0:
			r.focusAt, r.focus = l.N, []Focus{}
		case in == players && r.playersAt == 0:
			r.playersAt = l.N
		case in == phoneLog && r.eventsAt == 0:
			r.eventsAt, r.events = l.N, []ModeEvent{}
		}
		return
	}
	switch r.in {
	case focusStack:
		r.focusLine(l, t)
	case ringer:
		r.ringerLine(l, t)
	case mode, modeOwner, modeRequesters:
		r.modeLine(l, t)
	case broker:
		r.brokerLine(l, t)
	case phoneLog:
		r.eventLine(l, t)
	case players:
		r.playerLine(l, t)
	case ringStream:
		if text.Has(t, "Muted:") {
			text.Set(&r.facts.RingMuted, text.BoolFact(l, "Muted: "))
		}
	}
}

// focusLine reads `source:.. -- pack: P -- client: C -- gain: G -- .. -- uid: N -- ..`.
func (r *reader) focusLine(l text.Line, t []byte) {
	if !text.Has(t, "source:") {
		return
	}
	f := Focus{Line: l.N}
	for rest, more := t, true; more; {
		var part []byte
		part, rest, more = bytes.Cut(rest, []byte(" -- "))
		key, v, _ := bytes.Cut(part, []byte(":"))
		v = bytes.TrimSpace(v)
		switch string(key) {
		case "pack":
			f.Package = r.words.Word(v)
		case "client":
			f.Client = string(v)
		case "gain":
			f.Gain = r.words.Word(v)
		case "loss":
			f.Loss = r.words.Word(v)
		case "uid":
			if n, err := strconv.Atoi(string(v)); err == nil {
				f.UID = fact.Of(n, l.N)
			}
		case "attr":
			if _, u, ok := bytes.Cut(v, []byte("usage=")); ok {
				u, _, _ = bytes.Cut(u, []byte(" "))
				f.Usage = r.words.Word(u)
			}
		}
	}
	r.focus = append(r.focus, f)
}

func (r *reader) ringerLine(l text.Line, t []byte) {
	for _, k := range [...]struct {
		key string
		to  *fact.Value[string]
	}{
		{"- mode (internal) = ", &r.facts.RingerMode},
		{"- mode (external) = ", &r.facts.RingerModeExternal},
		{"- zen mode:", &r.facts.ZenMode},
	} {
		if v, ok := text.After(t, k.key); ok {
			text.Set(k.to, fact.Of(string(bytes.TrimSpace(v)), l.N))
		}
	}
}

// modeLine reads the section Audio mode: (API 31). Who waits below
// `Mode owner stack:` does not own the mode.
func (r *reader) modeLine(l text.Line, t []byte) {
	switch {
	case text.Has(t, "- Actual mode = "):
		text.Set(&r.actual, fact.Of(Mode(t[len("- Actual mode = "):]), l.N))
	case text.Has(t, "- Mode owner stack:"):
		r.in = modeRequesters
	case text.Has(t, "- Mode owner:"):
		r.in = modeOwner
	case bytes.Contains(t, []byte("AudioModeInfo: ")):
		r.modeInfo(l, t)
	case r.in != modeOwner:
	case string(t) == "None":
		r.owner, r.ownerAt = Owner{}, l.N
	default:
		r.ownerLine(l, t)
	}
}

func (r *reader) ownerLine(l text.Line, t []byte) {
	key, v, ok := bytes.Cut(bytes.TrimPrefix(t, []byte("- ")), []byte(": "))
	if !ok {
		return
	}
	n, _ := text.Int(v)
	switch string(key) {
	case "Mode":
		r.owner.Mode = Mode(v)
	case "Pid":
		r.owner.PID = int(n)
	case "Uid":
		r.owner.UID = int(n)
	case "Package":
		r.owner.Package = string(v)
	default:
		return
	}
	if r.ownerAt == 0 {
		r.ownerAt = l.N
	}
}

// modeInfo reads `AudioModeInfo: mMode=MODE_X, mPid=42, mUid=10544`: the broker
// prints it from API 34, Samsung in place of the owner's lines.
func (r *reader) modeInfo(l text.Line, t []byte) {
	m, ok := text.Word(t, "mMode=")
	pid, uid := text.IntFact(l, "mPid="), text.IntFact(l, "mUid=")
	if ok && pid.Known() && uid.Known() {
		text.Set(&r.info, fact.Of(Owner{Mode: Mode(m), PID: pid.Or(0), UID: uid.Or(0)}, l.N))
	}
}

func (r *reader) brokerLine(l text.Line, t []byte) {
	switch {
	case text.Has(t, "Active communication device: "):
		text.Set(&r.facts.CommunicationDevice, device(string(t[len("Active communication device: "):]), l.N))
	case text.Has(t, "mScoAudioState: "):
		text.Set(&r.facts.ScoState, fact.Of(string(t[len("mScoAudioState: "):]), l.N))
	case bytes.Contains(t, []byte("AudioModeInfo: ")):
		r.modeInfo(l, t)
	}
}

// device reads AudioDeviceAttributes: `role:output type:bt_sco_hs addr:.. name:.. profiles:..`.
// The name is the headset's own and may hold anything.
func device(s string, line int) fact.Value[Device] {
	s = strings.TrimSpace(s)
	if s == "null" || s == "None" {
		return fact.Of(Device{}, line)
	}
	_, v, ok := strings.Cut(s, "type:")
	if !ok {
		return fact.Unknown[Device]()
	}
	var d Device
	d.Type, v, _ = strings.Cut(v, " ")
	if _, w, ok := strings.Cut(v, "addr:"); ok {
		d.Address, v, _ = strings.Cut(w, " ")
	}
	if w, ok := strings.CutPrefix(v, "name:"); ok {
		if i := strings.Index(w, " profiles:"); i >= 0 {
			w = w[:i]
		}
		d.Name = strings.TrimSpace(w)
	}
	return fact.Of(d, line)
}

// eventLine reads
// `03-27 19:23:18:670 setMode(MODE_X) from package=P pid=N selected mode=MODE_Y by pid=M`.
func (r *reader) eventLine(l text.Line, t []byte) {
	at, v, ok := bytes.Cut(t, []byte(" setMode("))
	if !ok {
		return
	}
	m, rest, ok := bytes.Cut(v, []byte(")"))
	if !ok {
		return
	}
	e := ModeEvent{At: string(at), Requested: Mode(r.words.Word(m)), Line: l.N}
	who, rest, ok := bytes.Cut(rest, []byte("selected mode="))
	if !ok {
		return
	}
	if _, v, ok := bytes.Cut(who, []byte("package=")); ok {
		e.Package = r.words.Word(firstWord(v))
	}
	e.PID = number(who, " pid=")
	e.Selected = Mode(r.words.Word(firstWord(rest)))
	e.OwnerPID = number(rest, " pid=")
	r.events = append(r.events, e)
}

func (r *reader) finish() Facts {
	f := r.facts
	if r.focusAt != 0 {
		f.FocusStack = fact.Of(r.focus, r.focusAt)
	}
	if r.eventsAt != 0 {
		f.ModeEvents = fact.Of(r.events, r.eventsAt)
	}
	f.Mode = r.actual
	info, known := r.info.Get()
	if known && !f.Mode.Known() {
		f.Mode = fact.Of(info.Mode, r.info.Line())
	}
	switch {
	case r.ownerAt != 0 && known && r.owner.PID != info.PID:
		// Two places that disagree: asked while the owner changed.
	case r.ownerAt != 0:
		f.ModeOwner = fact.Of(r.owner, r.ownerAt)
	case known:
		f.ModeOwner = r.info
	}
	if n := len(r.events); n > 0 && !f.Mode.Known() && !f.ModeOwner.Known() {
		// API 28 to 30 have no section for the mode: the last change is the mode.
		e := r.events[n-1]
		f.Mode = fact.Of(e.Selected, e.Line)
		o := Owner{Mode: e.Selected, PID: e.OwnerPID}
		if e.OwnerPID == e.PID {
			o.Package = e.Package
		}
		if e.OwnerPID == 0 {
			o = Owner{}
		}
		f.ModeOwner = fact.Of(o, e.Line)
	}
	return f
}

// number is what follows key, 0 for none.
func number(t []byte, key string) int {
	_, v, _ := bytes.Cut(t, []byte(key))
	n, _ := text.Int(v)
	return int(n)
}

func firstWord(t []byte) []byte {
	w, _, _ := bytes.Cut(t, []byte(" "))
	return w
}
