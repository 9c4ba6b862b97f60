package telecom

import (
	"bytes"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

// InCallService is one service that Telecom tells of calls.
type InCallService struct {
	// Component is pkg/class in full.
	Component string `json:"component"`
	// External and SelfManaged say which calls the service wants to see.
	External    fact.Value[bool] `json:"external"`
	SelfManaged fact.Value[bool] `json:"selfManaged"`
	Line        int              `json:"line"`
}

// Binding is a connection of InCallController. It exists for self-managed calls
// too, where it is not bound.
type Binding struct {
	// Role is Telecom's word: Default-Dialer, Emergency, Car Mode, ...
	Role string `json:"role"`
	// Component is pkg/class in full, "" if the connection names none.
	Component string `json:"component"`
	Connected bool   `json:"connected"`
	// Bound is unknown for connections that print no such word.
	Bound fact.Value[bool] `json:"bound"`
	Line  int              `json:"line"`
}

// Anomaly is one line of CallAnomalyWatchdog's log (API 34 and newer).
type Anomaly struct {
	// At is the phone's local time, opaque: its form changed.
	At   string `json:"at"`
	Text string `json:"text"`
	Line int    `json:"line"`
}

// Dialer is the default dialer of a user.
type Dialer struct {
	User    int    `json:"user"`
	Package string `json:"package"`
	Line    int    `json:"line"`
}

// Flag is one of Telecom's feature flags (API 34 QPR3 and newer).
type Flag struct {
	Name string `json:"name"`
	On   bool   `json:"on"`
	Line int    `json:"line"`
}

// TimelineEvent is one line of `dumpsys telecom timeline` (API 28 and newer).
type TimelineEvent struct {
	Call string `json:"call"`
	Event
}

// section reads what stands below a title. Its list is known only if something
// follows it: one that ends the text may have been cut.
func section[T any](r *reader, to *fact.Value[[]T], take func(t []byte, line int) (v T, is, more bool)) {
	at, all := r.lastLine, []T{}
	for {
		l, ok := r.lines.Peek()
		if !ok {
			return
		}
		v, is, more := take(l.Text(), l.N)
		if !more {
			break
		}
		r.next()
		if is {
			all = append(all, v)
		}
	}
	text.Set(to, fact.Of(all, at))
}

// services reads the titles that are neither of calls nor of accounts, and
// reports whether t is one.
func (r *reader) services(t []byte) bool {
	switch string(t) {
	case "mInCallServices (InCalls registered):", "combinedInCallServiceMap (InCalls registered):":
		section(r, &r.facts.InCallServices, inCallService)
	case "ServiceConnections (InCalls bound):":
		section(r, &r.facts.Bindings, binding)
	case "Anomaly log:":
		section(r, &r.facts.Anomalies, func(t []byte, n int) (Anomaly, bool, bool) {
			at, s, ok := bytes.Cut(t, []byte(" - "))
			return Anomaly{string(at), string(s), n}, ok, ok && digit(t[0])
		})
	case "Call Focus History:":
		r.focus()
	case "mDefaultDialerCache:":
		section(r, &r.facts.Dialers, dialer)
	case "mServiceCache:":
		section(r, &r.facts.ConnectionServices, func(t []byte, _ int) (string, bool, bool) {
			c, ok := component(t)
			return c, ok, ok
		})
	default:
		return r.titled(t)
	}
	return true
}

// titled reads values that stand on the line of their title.
func (r *reader) titled(t []byte) bool {
	if len(t) == 0 || t[0] != 'P' && t[0] != 'F' {
		return false
	}
	if v, ok := text.After(t, "Pending timeouts:"); ok {
		text.Set(&r.facts.PendingTimeouts, fact.Of(ids(v), r.lastLine))
	} else if v, ok := text.After(t, "Pending destruction:"); ok {
		text.Set(&r.facts.PendingDestruction, fact.Of(ids(v), r.lastLine))
	} else if text.Has(t, "Flag Configurations") {
		r.flags()
	} else {
		return false
	}
	return true
}

// ids are calls in a list that blanks and commas separate.
func ids(v []byte) []string {
	all := []string{}
	for _, id := range bytes.FieldsFunc(v, func(c rune) bool { return c == ' ' || c == ',' }) {
		all = append(all, callID(string(id)))
	}
	return all
}

// component finds ComponentInfo{pkg/class} and returns what is in it.
func component(t []byte) (string, bool) {
	_, v, ok := bytes.Cut(t, []byte("ComponentInfo{"))
	v, _, ok2 := bytes.Cut(v, []byte{'}'})
	return string(v), ok && ok2
}

// inCallService reads `[ComponentInfo{..} supportsExternal? true supportsSelfMg?false]`.
func inCallService(t []byte, line int) (s InCallService, is, more bool) {
	if len(t) == 0 || t[0] != '[' {
		return s, false, false
	}
	s.Line = line
	s.Component, is = component(t)
	for key, to := range map[string]*fact.Value[bool]{"supportsExternal?": &s.External, "supportsSelfMg?": &s.SelfManaged} {
		if _, v, ok := bytes.Cut(t, []byte(key)); ok {
			if b, ok := text.Bool(v); ok {
				*to = fact.Of(b, line)
			}
		}
	}
	return s, is, true
}

// binding reads `Default-Dialer: BindingConnection [not connected, not bound,
// [ComponentInfo{..} ..`, among the lines of the connections around it.
func binding(t []byte, line int) (b Binding, is, more bool) {
	if isKey(t) || string(t) == "CarModeTracker:" || string(t) == "PhoneAccountRegistrar:" || string(t) == "CallAudioWatchdog:" {
		return b, false, false
	}
	role, v, ok := bytes.Cut(t, []byte(": BindingConnection ["))
	if !ok {
		return b, false, true
	}
	b = Binding{Role: string(role), Connected: !text.Has(v, "not "), Line: line}
	if _, v, ok = bytes.Cut(v, []byte(", ")); ok && (text.Has(v, "bound") || text.Has(v, "not bound")) {
		b.Bound = fact.Of(text.Has(v, "bound"), line)
	}
	b.Component, _ = component(t)
	return b, true, true
}

// dialer reads `User 0: <package>`.
func dialer(t []byte, line int) (d Dialer, is, more bool) {
	if v, ok := text.After(t, "User "); ok {
		n, ok := text.Int(v)
		_, pkg, ok2 := bytes.Cut(v, []byte{':'})
		return Dialer{int(n), string(bytes.TrimSpace(pkg)), line}, ok && ok2, true
	}
	return d, false, text.Has(t, "System Dialer:")
}

// focus reads the last line of ConnectionServiceFocusManager's log: the call
// whose app may use the audio.
func (r *reader) focus() {
	for {
		l, ok := r.lines.Peek()
		if !ok {
			return
		}
		_, v, ok := bytes.Cut(l.Text(), []byte(" - "))
		if !ok {
			return
		}
		r.next()
		id := callID(string(v))
		if id == "<none>" {
			id = ""
		}
		r.facts.CallFocus = fact.Of(id, l.N)
	}
}

// flags reads `[mark]: camelName snake_name`; the mark is an emoji. API 37 has
// three such sections.
func (r *reader) flags() {
	at, all := r.lastLine, r.facts.Flags.Or([]Flag{})
	for {
		l, ok := r.lines.Peek()
		if !ok {
			return
		}
		t := l.Text()
		mark, name, ok := bytes.Cut(t, []byte("]: "))
		if !ok || t[0] != '[' {
			break
		}
		r.next()
		name, _, _ = bytes.Cut(name, []byte{' '})
		switch string(mark[1:]) {
		case "\u2705", "\u2714", "\u2714\uFE0F":
			all = append(all, Flag{string(name), true, l.N})
		case "\u274C", "\u2716", "\u2716\uFE0F":
			all = append(all, Flag{string(name), false, l.N})
		}
	}
	if r.facts.Flags.Known() {
		at = r.facts.Flags.Line()
	}
	r.facts.Flags = fact.Of(all, at)
}

// readTimeline reads `HH:mm:ss.SSS,<callId>,<EVENT>,<data|null>` to the end.
func (r *reader) readTimeline() {
	at, all := r.lastLine, []TimelineEvent{}
	for r.next() {
		t := r.text()
		if len(t) < 13 || t[12] != ',' || !isClock(t) {
			continue
		}
		id, v, ok1 := bytes.Cut(t[13:], []byte{','})
		name, data, ok2 := bytes.Cut(v, []byte{','})
		if !ok1 || !ok2 {
			continue
		}
		e := TimelineEvent{Call: callID(r.recent.Word(id))}
		e.At, e.Name, e.Line = timeOfDay(t), r.recent.Word(name), r.lastLine
		e.Data = notNull(r.recent.Word(data))
		all = append(all, e)
	}
	r.facts.Timeline = fact.Of(all, at)
}
