package bluetooth

import (
	"bytes"
	"strings"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

const service = "bluetooth_manager"

// Parse reads a dump. The error is a *text.Problem.
func Parse(b []byte) (Facts, error) {
	body, p := text.Open(b, service)
	r := reader{}
	for s := body.Lines(); s.Next(); {
		r.line(s.Line())
	}
	// A section that ends the text may have been cut, so its list stays unknown:
	// none of these is the last in any release.
	whole := r.section != bonds && r.section != headset && r.section != a2dp
	f := r.facts
	switch {
	case p != nil:
		return f, p
	case r.head == 0:
		return f, &text.Problem{Kind: text.NotADump, Service: service, Msg: "no line Bluetooth Status"}
	case !f.State.Known():
		return f, &text.Problem{Kind: text.Truncated, Service: service, Line: r.last, Msg: "the dump ends before state:"}
	case !f.Running.Known() && fact.Is(f.State, "ON"):
		return f, &text.Problem{Kind: text.Truncated, Service: service, Line: r.last, Msg: "the dump ends before Bluetooth's own process"}
	case !whole:
		return f, &text.Problem{Kind: text.Truncated, Service: service, Line: r.last, Msg: "the dump ends within a list of devices"}
	}
	return f, nil
}

// section is what lines belong to.
type section int

const (
	elsewhere section = iota
	status            // Bluetooth Status
	adapter           // AdapterProperties
	bonds             // Bonded devices:
	headset           // Profile: HeadsetService
	a2dp              // Profile: A2dpService
)

type reader struct {
	facts   Facts
	head    int // the line Bluetooth Status
	last    int
	section section
	at      int // the line of the list's or the profile's title
	bonded  []Bond
	hfp     []HFP
	sinks   []Sink
}

func (r *reader) line(l text.Line) {
	t := l.Text()
	if len(t) == 0 {
		if r.section == status {
			r.section = elsewhere
		}
		return
	}
	r.last = l.N
	// The logs of the state machines are most of the text.
	if r.section != bonds && (t[0] == 'r' || t[0] >= '0' && t[0] <= '9') {
		return
	}
	if r.section == bonds {
		if b, ok := bond(t, l.N); ok {
			r.bonded = append(r.bonded, b)
			return
		}
		r.close(adapter)
	}
	if r.title(l.N, t) {
		return
	}
	switch r.section {
	case status:
		r.status(l, t)
	case adapter:
		if v, ok := text.After(t, "ConnectionState: "); ok {
			text.Set(&r.facts.Connection, fact.Of(string(bytes.TrimPrefix(v, []byte("STATE_"))), l.N))
		}
	case headset:
		r.headset(l, t)
	case a2dp:
		r.a2dp(l, t)
	}
}

// title opens and ends sections and reports whether the line did.
func (r *reader) title(line int, t []byte) bool {
	switch t[0] {
	case 'B':
		switch {
		case string(t) == "Bluetooth Status" && r.head == 0:
			r.head, r.section = line, status
			return true
		case text.Has(t, "Bluetooth Service not connected"):
			text.Set(&r.facts.Running, fact.Of(false, line))
			return true
		case text.Has(t, "Bonded devices:") && !r.facts.Bonded.Known():
			// API 26 and 27 print no AdapterProperties.
			text.Set(&r.facts.Running, fact.Of(true, line))
			r.close(bonds)
			r.at, r.bonded = line, []Bond{}
			return true
		}
	case 'A':
		if string(t) == "AdapterProperties" {
			text.Set(&r.facts.Running, fact.Of(true, line))
			r.close(adapter)
			return true
		}
	case 'P':
		if v, ok := text.After(t, "Profile: "); ok {
			r.profile(string(v), line)
			return true
		}
	}
	if endsSection(t) {
		r.close(elsewhere)
		return true
	}
	return false
}

// endsSection knows the titles that are not of the form of a profile's. Columns
// tell nothing: a state machine prints parts of its log at the first one.
func endsSection(t []byte) bool {
	if t[0] != 'A' && t[0] != 'B' && t[0] != 'C' {
		return false
	}
	for _, title := range [...]string{"AdapterState:", "AVRCP:", "Connection Events:", "Bond Events:", "A2DP State:"} {
		if text.Has(t, title) {
			return true
		}
	}
	return false
}

// profile opens a profile's section.
func (r *reader) profile(name string, line int) {
	switch name = strings.TrimSpace(name); {
	case name == "HeadsetService" && !r.facts.Headset.Devices.Known():
		r.close(headset)
		r.hfp = []HFP{}
	case name == "A2dpService" && !r.facts.A2DP.Devices.Known():
		r.close(a2dp)
		r.sinks = []Sink{}
	default:
		r.close(elsewhere)
	}
	r.at = line
}

// close ends the open section, whose list is whole now.
func (r *reader) close(next section) {
	switch r.section {
	case bonds:
		text.Set(&r.facts.Bonded, fact.Of(r.bonded, r.at))
	case headset:
		text.Set(&r.facts.Headset.Devices, fact.Of(r.hfp, r.at))
	case a2dp:
		text.Set(&r.facts.A2DP.Devices, fact.Of(r.sinks, r.at))
	}
	r.section = next
}

func (r *reader) status(l text.Line, t []byte) {
	key, v, ok := strings.Cut(string(t), ": ")
	if !ok {
		return
	}
	switch f := &r.facts; key {
	case "enabled":
		if b, ok := text.Bool([]byte(v)); ok {
			text.Set(&f.Enabled, fact.Of(b, l.N))
		}
	case "state":
		text.Set(&f.State, fact.Of(v, l.N))
	case "address":
		if v != "null" {
			text.Set(&f.Address, fact.Of(v, l.N))
		}
	case "name":
		if v != "null" {
			text.Set(&f.Name, fact.Of(v, l.N))
		}
	}
}

// bond reads a line of the list:
//
//	F4:B6:2D:00:00:01 [BR/EDR] soundcore K20i           up to API 34
//	AA:.. => BB:.. [ DUAL ] Name                        API 33 and 34
//	XX:XX:XX:XX:F5:5E [ DUAL ][ 0x240404 ] Name         API 35
func bond(in []byte, line int) (Bond, bool) {
	if len(in) < len("00:00:00:00:00:00") || in[2] != ':' || in[5] != ':' {
		return Bond{}, false
	}
	t := string(in)
	a, rest, ok := address(t)
	if !ok {
		return Bond{}, false
	}
	b := Bond{Address: a, Line: line}
	if v, ok := strings.CutPrefix(rest, " => "); ok {
		if b.Identity, rest, ok = address(v); !ok {
			return Bond{}, false
		}
	}
	v, ok := strings.CutPrefix(rest, " [")
	kind, rest, closed := strings.Cut(v, "]")
	if !ok || !closed {
		return Bond{}, false
	}
	b.Type = strings.TrimSpace(kind)
	if v, ok := strings.CutPrefix(rest, "[ 0x"); ok {
		_, rest, _ = strings.Cut(v, "]")
	}
	b.Name = strings.TrimPrefix(rest, " ")
	return b, true
}

// address reads a Bluetooth address at the begin of s, hidden octets included.
func address(s string) (a, rest string, ok bool) {
	const length = len("00:00:00:00:00:00")
	if len(s) < length {
		return "", "", false
	}
	for i := range length {
		switch c := s[i]; {
		case i%3 == 2:
			if c != ':' {
				return "", "", false
			}
		case c >= '0' && c <= '9', c >= 'a' && c <= 'f', c >= 'A' && c <= 'F', c == 'X', c == 'x':
		default:
			return "", "", false
		}
	}
	return s[:length], s[length:], true
}

func (r *reader) headset(l text.Line, t []byte) {
	h := &r.facts.Headset
	if v, ok := text.After(t, "==== StateMachine for "); ok {
		if a, _, ok := address(string(v)); ok {
			r.hfp = append(r.hfp, HFP{Address: a, Line: l.N})
		}
		return
	}
	if len(r.hfp) == 0 {
		switch {
		case text.Has(t, "mActiveDevice: "):
			active(&h.Active, t, l.N)
		case text.Has(t, "isInbandRingingEnabled: "):
			text.Set(&h.Inband, text.BoolFact(l, "isInbandRingingEnabled: "))
		case text.Has(t, "mAudioRouteAllowed: "):
			text.Set(&h.RouteAllowed, text.BoolFact(l, "mAudioRouteAllowed: "))
		case text.Has(t, "AudioManager.isBluetoothScoOn(): "):
			text.Set(&h.SCO, text.BoolFact(l, "isBluetoothScoOn(): "))
		case text.Has(t, "Telecom.isInCall(): "):
			text.Set(&h.InCall, text.BoolFact(l, "isInCall(): "))
		case text.Has(t, "Telecom.isRinging(): "):
			text.Set(&h.Ringing, text.BoolFact(l, "isRinging(): "))
		case text.Has(t, "mCurrentDevice: "):
			// No machine has a title here: the one of API 26 and 27.
			if a, _, ok := address(string(t[len("mCurrentDevice: "):])); ok {
				r.hfp = append(r.hfp, HFP{Address: a, Line: l.N})
			}
		}
		return
	}
	r.machine(&r.hfp[len(r.hfp)-1], l, t)
}

// machine reads the keys of one state machine. Its log holds former states:
// only whole keys at a line's begin count.
func (r *reader) machine(d *HFP, l text.Line, t []byte) {
	key := ""
	switch {
	case text.Has(t, "mCurrentState: "):
		key = "mCurrentState: "
	case text.Has(t, "curState="):
		key = "curState="
	case text.Has(t, "mConnectionState: "):
		text.Set(&d.Connection, text.IntFact(l, "mConnectionState: "))
	case text.Has(t, "mAudioState: "):
		text.Set(&d.Audio, text.IntFact(l, "mAudioState: "))
	}
	if key != "" {
		text.Set(&d.State, text.WordFact(l, key))
	}
}

func (r *reader) a2dp(l text.Line, t []byte) {
	if v, ok := text.After(t, "=== A2dpStateMachine for "); ok {
		if a, _, ok := address(string(v)); ok {
			r.sinks = append(r.sinks, Sink{Address: a, Line: l.N})
		}
		return
	}
	if text.Has(t, "mActiveDevice: ") && len(r.sinks) == 0 {
		active(&r.facts.A2DP.Active, t, l.N)
		return
	}
	if len(r.sinks) == 0 {
		return
	}
	d := &r.sinks[len(r.sinks)-1]
	if v, ok := text.After(t, "mConnectionState: "); ok {
		word, _, _ := strings.Cut(string(v), " ")
		word, _, _ = strings.Cut(word, ",")
		// A word, in older releases BluetoothProfile.STATE_CONNECTED's number.
		text.Set(&d.Connected, fact.Of(word == "CONNECTED" || word == "STATE_CONNECTED" || word == "2", l.N))
	}
	text.Set(&d.Playing, text.BoolFact(l, "mIsPlaying: ")) // on the same line in some releases
}

// active reads `mActiveDevice: null` or an address.
func active(to *fact.Value[string], t []byte, line int) {
	v := string(t[len("mActiveDevice: "):])
	if v == "null" {
		text.Set(to, fact.Of("", line))
	} else if a, _, ok := address(v); ok {
		text.Set(to, fact.Of(a, line))
	}
}
