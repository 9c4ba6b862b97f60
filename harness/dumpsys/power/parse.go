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
		f.key(&hal, l, t)
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

// key reads the line of one value. Every key counts where it stands first: the
// same words come again in the battery saver's part and in the wake lock log.
// Most lines are none of ours, so the first byte decides.
func (f *Facts) key(hal *fact.Value[bool], l text.Line, t []byte) {
	if len(t) == 0 {
		return
	}
	switch t[0] {
	case 'm':
		if v, ok := text.After(t, "mWakefulness="); ok {
			text.Set(&f.Wakefulness, fact.Of(Wakefulness(word(v)), l.N))
		} else if v, ok := text.After(t, "mHalInteractiveModeEnabled="); ok {
			setBool(hal, v, l.N)
		} else if v, ok := text.After(t, "mIsPowered="); ok {
			setBool(&f.Powered, v, l.N)
		} else if v, ok := text.After(t, "mStayOn="); ok {
			setBool(&f.StayOn, v, l.N)
		} else if v, ok := text.After(t, "mStayOnWhilePluggedInSetting="); ok {
			if n, ok := text.Int(v); ok {
				text.Set(&f.StayOnPlugged, fact.Of(int(n), l.N))
			}
		}
	case 'g':
		if v, ok := text.After(t, "getWakefulnessLocked()="); ok {
			text.Set(&f.Wakefulness, fact.Of(Wakefulness(word(v)), l.N))
		}
	case 'D':
		if v, ok := text.After(t, "Display Power: state="); ok {
			text.Set(&f.DisplayPower, fact.Of(word(v), l.N))
		}
	}
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
	// The shortest row has some forty bytes: an announced size is believed as far
	// as the text goes.
	all := make([]WakeLock, 0, max(0, min(n, int64(len(s.Rest())/40+1))))
	words := text.Interned{}
	for int64(len(all)) < n {
		l, ok := s.Peek()
		if !ok || l.Blank() {
			return fact.Unknown[[]WakeLock]()
		}
		s.Next()
		w, ok := wakeLock(l, words)
		if !ok {
			return fact.Unknown[[]WakeLock]()
		}
		all = append(all, w)
	}
	return fact.Of(all, at)
}

// wakeLock reads `KIND  'tag' FLAGS ACQ=-1s [LONG] (uid=.. pid=.. pkg=.. ws=..)`.
// The tag is an app's text and may hold anything but a line break.
func wakeLock(l text.Line, words text.Interned) (WakeLock, bool) {
	t := l.Text()
	open := bytes.Index(t, []byte(" '"))
	acq := lastACQ(t)
	if open < 0 || acq < open {
		return WakeLock{}, false
	}
	end := bytes.LastIndexByte(t[:acq], '\'')
	if end < open+2 {
		return WakeLock{}, false
	}
	w := WakeLock{Kind: words.Word(bytes.TrimSpace(t[:open])), Tag: words.Word(t[open+2 : end]), Line: l.N}
	w.Disabled = bytes.Contains(t[end:acq], []byte(" DISABLED"))
	rest := t[acq:]
	if i := bytes.IndexByte(rest, '('); i >= 0 {
		if rest[len(rest)-1] != ')' {
			return WakeLock{}, false // cut within the numbers
		}
		w.owner(rest[i+1:len(rest)-1], words)
	}
	return w, true
}

// lastACQ is where " ACQ=" stands for the last time, -1 if nowhere: the tag may
// hold it too.
func lastACQ(t []byte) int {
	for {
		i := bytes.LastIndexByte(t, '=')
		if i < 0 {
			return -1
		}
		if t = t[:i]; bytes.HasSuffix(t, []byte(" ACQ")) {
			return i - len(" ACQ")
		}
	}
}

// owner reads `uid=10322 pid=9190 pkg=com.app ws=WorkSource{1000 com.other}`.
// The work source is the last and may hold any words.
func (w *WakeLock) owner(t []byte, words text.Interned) {
	for len(t) > 0 {
		pair, rest, _ := bytes.Cut(t, []byte(" "))
		key, v, _ := bytes.Cut(pair, []byte("="))
		switch string(key) {
		case "uid":
			if n, ok := text.Int(v); ok {
				text.Set(&w.UID, fact.Of(int(n), w.Line))
			}
		case "pid":
			if n, ok := text.Int(v); ok {
				text.Set(&w.PID, fact.Of(int(n), w.Line))
			}
		case "pkg":
			text.Set(&w.Package, fact.Of(words.Word(bytes.TrimRight(v, ",")), w.Line))
		case "ws":
			return
		}
		t = rest
	}
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
