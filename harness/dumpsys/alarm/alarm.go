// Package alarm reads `dumpsys alarm` of API 26 and newer: which alarms are
// pending, what wakes the phone next, and whether the alarm service takes it
// for plugged in and its apps for restricted, which decides what happens to an
// app's alarms in Doze. The package knows nothing of Doze itself.
//
// Source: AlarmManagerService.dump. Statistics and past deliveries are not read.
package alarm

import (
	"bytes"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

const service = "alarm"

// Facts is what one dump says.
type Facts struct {
	// Plugged in phones do not restrict alarms.
	Plugged fact.Value[bool] `json:"plugged"`
	// ForcedStandby says that all apps are held back (battery saver).
	ForcedStandby fact.Value[bool] `json:"forcedStandby"`
	// Elapsed is the phone's clock since boot, in milliseconds.
	Elapsed fact.Value[int] `json:"elapsed"`
	// NextWakeup is when the next alarm wakes the phone, on the same clock.
	NextWakeup fact.Value[int] `json:"nextWakeup"`
	// Restricted are the packages that the user or the maker keeps from the
	// background.
	Restricted fact.Value[[]Package] `json:"restricted"`
	Alarms     fact.Value[[]Alarm]   `json:"alarms"`
}

// Package is one entry of a list.
type Package struct {
	UID  int    `json:"uid"`
	Name string `json:"name"`
	Line int    `json:"line"`
}

// Alarm is one that is pending.
type Alarm struct {
	// Kind is RTC_WAKEUP, RTC, ELAPSED_WAKEUP or ELAPSED: only the wakeups turn
	// a sleeping phone on.
	Kind    string             `json:"kind"`
	Package string             `json:"package"`
	Tag     fact.Value[string] `json:"tag"`
	// In is how long until it is due, as printed: +1m56s442ms.
	In fact.Value[string] `json:"in"`
	// Flags are AlarmManager.FLAG_*: 0x4 and 0x8 also fire in Doze.
	Flags fact.Value[uint64] `json:"flags"`
	Line  int                `json:"line"`
}

// Parse reads a dump. The error is a *text.Problem.
func Parse(b []byte) (Facts, error) {
	body, p := text.Open(b, service)
	r := &reader{alarms: []Alarm{}, size: len(body.Text)}
	for s := body.Lines(); !r.done && s.Next(); {
		if r.pending != 0 {
			r.alarm(&s)
		} else {
			r.line(s.Line())
		}
	}
	f := r.f
	if r.pending != 0 {
		f.Alarms = fact.Of(r.alarms, r.pending)
	}
	if r.restricted != 0 {
		f.Restricted = fact.Of(r.packages, r.restricted)
	}
	switch {
	case p != nil:
		return f, p
	case r.at == 0:
		return f, &text.Problem{Kind: text.NotADump, Service: service, Msg: "no line Current Alarm Manager state:"}
	case r.pending == 0:
		return f, &text.Problem{Kind: text.Truncated, Service: service, Line: r.at, Msg: "the dump ends before its pending alarms"}
	}
	return f, nil
}

type reader struct {
	words                   text.Recent
	f                       Facts
	at, pending, restricted int
	alarms                  []Alarm
	packages                []Package
	below                   bool // the lines of the restricted packages
	indent                  int  // of their title
	done                    bool // what follows is pending no more
	size                    int  // bytes of the text
}

func (r *reader) line(l text.Line) {
	t := l.Text()
	switch {
	case r.at == 0:
		if bytes.HasPrefix(t, []byte("Current Alarm Manager state:")) {
			r.at = l.N
		}
		return
	case r.below && l.Indent > r.indent:
		num, name, ok := bytes.Cut(t, []byte{' '})
		if uid, _, isUID := text.UID(string(num)); ok && isUID && len(name) > 0 {
			r.packages = append(r.packages, Package{uid, string(name), l.N})
		}
		return
	}
	r.below = false
	key, v, ok := bytes.Cut(t, []byte(":"))
	v = bytes.TrimLeft(v, " ")
	switch {
	case ok && string(key) == "Plugged In":
		r.flag(&r.f.Plugged, l, v)
	case ok && string(key) == "Force all apps standby":
		r.flag(&r.f.ForcedStandby, l, v)
	case ok && string(key) == "Restricted packages" && r.restricted == 0:
		r.restricted, r.below, r.indent, r.packages = l.N, true, l.Indent, []Package{}
	case ok && string(key) == "Next wakeup alarm":
		// -2s900ms = 660213 = 2024-08-20 10:20:00.000
		if _, when, ok := bytes.Cut(v, []byte(" = ")); ok {
			if n, ok := text.Int(when); ok {
				text.Set(&r.f.NextWakeup, fact.Of(int(n), l.N))
			}
		}
	case bytes.HasPrefix(t, []byte("nowRTC=")):
		text.Set(&r.f.Elapsed, text.IntFact(l, "nowELAPSED="))
	case bytes.HasPrefix(t, []byte("Pending alarm batches:")), bytes.HasSuffix(t, []byte(" pending alarms:")):
		r.pending = l.N // to API 30, and since
	}
}

func (r *reader) flag(to *fact.Value[bool], l text.Line, v []byte) {
	if b, ok := text.Bool(v); ok {
		text.Set(to, fact.Of(b, l.N))
	}
}

// alarm reads a line below the title of the pending ones:
// `RTC_WAKEUP #1: Alarm{f98ff0a type 0 when 1724160259349 com.app}`, or a line
// of that alarm. Most lines are none of ours, so the first byte decides.
func (r *reader) alarm(s *text.Lines) {
	t := s.Text()
	if len(t) == 0 {
		return
	}
	switch c := t[0]; {
	case c == 't' || c == 'w': // type=, window=, whenElapsed=: which of them share a line differs
		if len(r.alarms) > 0 {
			r.alarms[len(r.alarms)-1].key(t, s.N(), &r.words)
		}
	case c >= 'a' && c <= 'z':
	case c == 'B' && text.Has(t, "Batch{"):
	case (c == 'R' || c == 'E') && r.begin(t, s):
	case bytes.Contains(t, []byte(" alarms:")):
		r.done = true // held back, past due, delivered: in lists of their own
	}
}

// begin reads an alarm's first line.
func (r *reader) begin(t []byte, s *text.Lines) bool {
	i := bytes.IndexByte(t, ' ')
	if i < 0 || !text.Has(t[i:], " #") || !isKind(t[:i]) {
		return false
	}
	kind := t[:i]
	_, t, ok := bytes.Cut(t, []byte(": Alarm{"))
	if !ok {
		return false
	}
	if i := bytes.IndexByte(t, '}'); i >= 0 {
		t = t[:i]
	}
	r.alarms = text.Extend(r.alarms, r.size-len(s.Rest()), r.size)
	a := &r.alarms[len(r.alarms)-1]
	a.Kind, a.Package, a.Line = r.words.Word(kind), r.words.Word(t[bytes.LastIndexByte(t, ' ')+1:]), s.N()
	return true
}

// key reads a line of the alarm. The first statement wins.
func (a *Alarm) key(t []byte, n int, words *text.Recent) {
	if text.Has(t, "tag=") {
		if !a.Tag.Known() {
			a.Tag = fact.Of(words.Word(t[len("tag="):]), n)
		}
		return
	}
	if !a.In.Known() {
		if v, ok := text.Value(t, "whenElapsed="); ok {
			a.In = fact.Of(words.Word(word(v)), n)
		}
	}
	if !a.Flags.Known() {
		if v, ok := text.Value(t, "flags=0x"); ok {
			if flags, ok := hex(word(v)); ok {
				a.Flags = fact.Of(flags, n)
			}
		}
	}
}

func word(v []byte) []byte {
	for i, c := range v {
		switch c {
		case ' ', '\t', ',', ')', ']', '}':
			return v[:i]
		}
	}
	return v
}

func hex(v []byte) (n uint64, ok bool) {
	if len(v) > 16 {
		return 0, false
	}
	for _, c := range v {
		switch {
		case c >= '0' && c <= '9':
			n = n<<4 | uint64(c-'0')
		case c >= 'a' && c <= 'f', c >= 'A' && c <= 'F':
			n = n<<4 | uint64(c&7+9)
		default:
			return 0, false
		}
	}
	return n, len(v) > 0
}

func isKind(b []byte) bool {
	switch string(b) {
	case "RTC_WAKEUP", "RTC", "ELAPSED_WAKEUP", "ELAPSED":
		return true
	}
	return false
}
