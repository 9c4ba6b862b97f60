package power

import (
	"bytes"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

const service = "power"

// Parse reads a dump. The error is a *text.Problem.
func Parse(b []byte) (Facts, error) {
	body, p := text.Open(b, service)
	var (
		f    Facts
		last int
		hal  = fact.Unknown[bool]()
	)
	for s := body.Lines(); s.Next(); {
		l := s.Line()
		t := l.Text()
		last = l.N
		if v, ok := text.After(t, "Wake Locks: size="); ok && !f.WakeLocks.Known() {
			f.WakeLocks = wakeLocks(&s, v)
			continue
		}
		// Every key counts where it stands first: the same words come again in
		// the battery saver's part and in the wake lock log.
		for _, k := range [...]struct {
			key string
			set func(v []byte)
		}{
			{"mWakefulness=", func(v []byte) { text.Set(&f.Wakefulness, fact.Of(Wakefulness(word(v)), l.N)) }},
			{"getWakefulnessLocked()=", func(v []byte) { text.Set(&f.Wakefulness, fact.Of(Wakefulness(word(v)), l.N)) }},
			{"mHalInteractiveModeEnabled=", func(v []byte) { setBool(&hal, v, l.N) }},
			{"mIsPowered=", func(v []byte) { setBool(&f.Powered, v, l.N) }},
			{"mStayOn=", func(v []byte) { setBool(&f.StayOn, v, l.N) }},
			{"mStayOnWhilePluggedInSetting=", func([]byte) { text.Set(&f.StayOnPlugged, text.IntFact(l, "mStayOnWhilePluggedInSetting=")) }},
			{"Display Power: state=", func(v []byte) { text.Set(&f.DisplayPower, fact.Of(word(v), l.N)) }},
		} {
			if v, ok := text.After(t, k.key); ok {
				k.set(v)
			}
		}
	}
	f.Interactive = interactive(f.Wakefulness, hal)
	switch {
	case p != nil:
		return f, p
	case !f.Wakefulness.Known() && !hal.Known():
		return f, &text.Problem{Kind: text.NotADump, Service: service, Msg: "no line mWakefulness="}
	case !f.WakeLocks.Known():
		return f, &text.Problem{Kind: text.Truncated, Service: service, Line: last, Msg: "the list of wake locks is not whole"}
	}
	return f, nil
}

// interactive follows PowerManagerInternal.isInteractive; the mode that the
// hardware was told follows it with a delay and is used only alone.
func interactive(w fact.Value[Wakefulness], hal fact.Value[bool]) fact.Value[bool] {
	switch v, _ := w.Get(); v {
	case Awake, Dreaming:
		return fact.Of(true, w.Line())
	case Asleep, Dozing:
		return fact.Of(false, w.Line())
	}
	return hal
}

// wakeLocks reads the rows below the title. Fewer rows than it announces are a
// cut list, which is unknown.
func wakeLocks(s *text.Lines, size []byte) fact.Value[[]WakeLock] {
	at := s.Line().N
	n, ok := text.Int(size)
	if !ok {
		return fact.Unknown[[]WakeLock]()
	}
	all := []WakeLock{}
	for int64(len(all)) < n {
		l, ok := s.Peek()
		if !ok || l.Blank() {
			return fact.Unknown[[]WakeLock]()
		}
		s.Next()
		w, ok := wakeLock(l)
		if !ok {
			return fact.Unknown[[]WakeLock]()
		}
		all = append(all, w)
	}
	return fact.Of(all, at)
}

// wakeLock reads `KIND  'tag' FLAGS ACQ=-1s [LONG] (uid=.. pid=.. pkg=.. ws=..)`.
// The tag is an app's text and may hold anything but a line break.
func wakeLock(l text.Line) (WakeLock, bool) {
	t := l.Text()
	open := bytes.Index(t, []byte(" '"))
	acq := bytes.LastIndex(t, []byte(" ACQ="))
	if open < 0 || acq < open {
		return WakeLock{}, false
	}
	end := bytes.LastIndexByte(t[:acq], '\'')
	if end < open+2 {
		return WakeLock{}, false
	}
	w := WakeLock{Kind: string(bytes.TrimSpace(t[:open])), Tag: string(t[open+2 : end]), Line: l.N}
	w.Disabled = bytes.Contains(t[end:acq], []byte(" DISABLED"))
	rest := t[acq:]
	if i := bytes.IndexByte(rest, '('); i >= 0 {
		if rest[len(rest)-1] != ')' {
			return WakeLock{}, false // cut within the numbers
		}
		in := text.Line{N: l.N, Raw: rest[i+1:]}
		w.UID, w.PID = text.IntFact(in, "uid="), text.IntFact(in, "pid=")
		w.Package = text.WordFact(in, "pkg=")
	}
	return w, true
}

func setBool(to *fact.Value[bool], v []byte, line int) {
	if b, ok := text.Bool(v); ok {
		text.Set(to, fact.Of(b, line))
	}
}

func word(v []byte) string {
	if i := bytes.IndexAny(v, " \t,"); i >= 0 {
		v = v[:i]
	}
	return string(v)
}
