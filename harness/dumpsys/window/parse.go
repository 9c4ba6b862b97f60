package window

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

const service = "window"

// Parse reads a dump of the window manager or of the activity manager's
// activities. Several of them may follow each other in one text: the first
// statement of each kind wins. The error is a *text.Problem.
func Parse(b []byte) (Facts, error) {
	body, p := open(b)
	r := reader{display: -1}
	for s := body.Lines(); s.Next(); {
		r.line(s.Line())
	}
	r.finish()
	switch {
	case p != nil:
		return r.facts, p
	case !r.seen:
		return r.facts, &text.Problem{Kind: text.NotADump, Service: service, Msg: "no line of the window manager"}
	}
	return r.facts, nil
}

// open accepts the frames of both services that print these lines.
func open(b []byte) (text.Body, *text.Problem) {
	body, p := text.Open(b, service)
	if p != nil && p.Kind == text.NotADump {
		if other, q := text.Open(b, "activity"); q == nil {
			return other, nil
		}
	}
	return body, p
}

type reader struct {
	facts Facts
	seen  bool // any line of a window dump was read

	display    int // of the block around, -1 for none
	topDisplay int
	hasTop     bool
	focus      []found
	apps       []found

	in       block
	inIndent int
	win      *Window
	windows  []Window
	windowAt int
}

type found struct {
	focus Focus
	line  int
}

// block is the part of the dump whose keys have their own meaning.
type block int

const (
	outside block = iota
	delegate
	monitor
	controller
)

func (r *reader) line(l text.Line) {
	t := l.Text()
	if len(t) == 0 {
		return
	}
	r.enter(l, t)
	switch r.in {
	case delegate:
		r.delegateLine(l, t)
	case monitor:
		r.monitorLine(l)
	case controller:
		r.controllerLine(l, t)
	default:
		r.plain(l, t)
	}
}

// enter opens and leaves blocks. A block ends at a line that is not indented
// deeper than its title; KeyguardController's title may follow other text.
func (r *reader) enter(l text.Line, t []byte) {
	if r.in == monitor && l.Indent <= r.inIndent {
		r.in, r.inIndent = delegate, r.inIndent-2
	}
	if r.in != outside && l.Indent <= r.inIndent {
		r.in = outside
	}
	switch {
	case t[len(t)-1] == ':':
		if bytes.HasSuffix(t, []byte("KeyguardController:")) {
			r.in, r.inIndent, r.seen = controller, l.Indent, true
		}
	case t[0] != 'K':
	case string(t) == "KeyguardServiceDelegate":
		r.in, r.inIndent, r.seen = delegate, l.Indent, true
	case string(t) == "KeyguardStateMonitor" && r.in == delegate:
		r.in, r.inIndent = monitor, l.Indent
	}
}

// delegateLine reads KeyguardServiceDelegate.dump. showingAndNotOccluded keeps
// its default on releases that still print it and is left alone.
func (r *reader) delegateLine(l text.Line, t []byte) {
	k := &r.facts.Keyguard
	switch {
	case prefix(t, "showing="):
		text.Set(&k.Sources.DelegateShowing, text.BoolFact(l, "showing="))
	case prefix(t, "occluded="):
		text.Set(&k.Sources.DelegateOccluded, text.BoolFact(l, "occluded="))
	case prefix(t, "secure="):
		text.Set(&k.Secure, text.BoolFact(l, "secure="))
	case prefix(t, "inputRestricted="):
		text.Set(&k.InputRestricted, text.BoolFact(l, "inputRestricted="))
	case prefix(t, "screenState="):
		if v, ok := strings.CutPrefix(string(t), "screenState=SCREEN_STATE_"); ok {
			text.Set(&r.facts.Screen, fact.Of(v, l.N))
		}
	case prefix(t, "interactiveState="):
		switch strings.TrimPrefix(string(t), "interactiveState=INTERACTIVE_STATE_") {
		case "AWAKE":
			text.Set(&r.facts.Interactive, fact.Of(true, l.N))
		case "SLEEP":
			text.Set(&r.facts.Interactive, fact.Of(false, l.N))
		}
	}
}

func (r *reader) monitorLine(l text.Line) {
	text.Set(&r.facts.Keyguard.Sources.MonitorShowing, text.BoolFact(l, "mIsShowing="))
}

// controllerLine reads KeyguardController.dump of the default display: own
// lines up to API 28, one line per display later.
func (r *reader) controllerLine(l text.Line, t []byte) {
	s := &r.facts.Keyguard.Sources
	if d, ok := text.Value(t, "at display="); ok {
		if n, ok := text.Int(d); !ok || n != 0 {
			return
		}
		text.Set(&s.ControllerShowing, text.BoolFact(l, "KeyguardShowing="))
		text.Set(&s.ControllerOccluded, text.BoolFact(l, "Occluded="))
		return
	}
	text.Set(&s.ControllerShowing, text.BoolFact(l, "mKeyguardShowing="))
	text.Set(&s.ControllerOccluded, text.BoolFact(l, "mOccluded="))
}

// plain reads a line outside of the blocks. Nearly all of a dump's lines are
// none of ours, so the first byte decides what they can be.
func (r *reader) plain(l text.Line, t []byte) {
	switch t[0] {
	case 'W':
		if prefix(t, "WINDOW MANAGER ") {
			r.seen = true
		} else if prefix(t, "Window #") {
			r.window(l, t)
		}
		return
	case 'D':
		if prefix(t, "Display: mDisplayId=") {
			if n, ok := text.Int(t[len("Display: mDisplayId="):]); ok {
				r.display = int(n)
			}
		}
		return
	case 'm':
		if prefix(t, "mFullConfiguration=") || prefix(t, "mLastReportedConfiguration=") || prefix(t, "mMergedConfiguration=") {
			return // long, and two a window
		}
		if v, ok := text.After(t, "mCurrentFocus="); ok {
			r.seen = true
			r.focus = r.add(r.focus, v, l.N)
			return
		}
		if v, ok := text.After(t, "mFocusedApp="); ok {
			r.seen = true
			r.apps = r.add(r.apps, v, l.N)
			return
		}
		if v, ok := text.After(t, "mTopFocusedDisplayId="); ok {
			r.seen = true
			if n, ok := text.Int(v); ok && !r.hasTop {
				r.topDisplay, r.hasTop = int(n), true
			}
			return
		}
	}
	if r.win != nil && (t[0] == 'f' || t[0] == 'm') {
		r.flags(l, t)
	}
	r.policy(l, t)
}

// flags reads the window's flags: `mAttrs=WM.LayoutParams{.. fl=#81810100 ..}` up
// to API 27, a line `fl=SHOW_WHEN_LOCKED ..` of its own below mAttrs= later.
func (r *reader) flags(l text.Line, t []byte) {
	const showWhenLocked = 0x80000 // WindowManager.LayoutParams.FLAG_SHOW_WHEN_LOCKED
	v, ok := text.After(t, "fl=")
	if prefix(t, "mAttrs=") {
		if _, v, ok = bytes.Cut(t, []byte(" fl=")); ok && len(v) > 0 && v[0] == '#' {
			v, _, _ = bytes.Cut(v[1:], []byte(" "))
			if n, err := strconv.ParseUint(string(bytes.TrimRight(v, "}")), 16, 32); err == nil {
				text.Set(&r.win.ShowWhenLocked, fact.Of(n&showWhenLocked != 0, l.N))
			}
			return
		}
	}
	if !ok {
		return
	}
	yes := false
	for rest, more := v, true; more; {
		v, rest, more = bytes.Cut(rest, []byte(" "))
		yes = yes || string(bytes.TrimRight(v, "}")) == "SHOW_WHEN_LOCKED"
	}
	text.Set(&r.win.ShowWhenLocked, fact.Of(yes, l.N))
}

// policy reads the lines of PhoneWindowManager, DisplayPolicy and of a window,
// which hold several pairs each: the word before each "=" is looked at once.
func (r *reader) policy(l text.Line, t []byte) {
	s := &r.facts.Keyguard.Sources
	for from := 0; ; {
		i := bytes.IndexByte(t[from:], '=')
		if i < 0 {
			return
		}
		i += from
		from = i + 1
		var to *fact.Value[bool]
		switch {
		case i < len("isVisible"):
			continue
		case t[i-1] == 'g' && key(t[:i], "isKeyguardShowing"):
			to, r.seen = &s.PolicyShowing, true
		case t[i-1] == 'd' && key(t[:i], "isStatusBarKeyguard"):
			to, r.seen = &s.PolicyShowing, true
		case t[i-1] == 'n' && key(t[:i], "mDreamingLockscreen"):
			to, r.seen = &s.DreamingLockscreen, true
		case r.win == nil:
			continue
		case t[i-1] == 'e' && key(t[:i], "isVisible"):
			to = &r.win.Visible
		case t[i-1] == 'n' && key(t[:i], "isOnScreen"):
			to = &r.win.OnScreen
		default:
			continue
		}
		if v, ok := text.Bool(t[from:]); ok {
			text.Set(to, fact.Of(v, l.N))
		}
	}
}

// key reports whether t ends with the whole word k.
func key(t []byte, k string) bool {
	i := len(t) - len(k)
	return i >= 0 && string(t[i:]) == k && (i == 0 || !wordByte(t[i-1]))
}

func wordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

func (r *reader) add(all []found, v []byte, line int) []found {
	f := parseFocus(string(v))
	f.Display = max(0, r.display)
	return append(all, found{f, line})
}

// window opens a window of the list: `Window #3 Window{h u0 title}:`.
func (r *reader) window(l text.Line, t []byte) {
	_, v, ok := bytes.Cut(t, []byte(" Window{"))
	if !ok {
		return
	}
	r.seen = true
	f := parseFocus("Window{" + string(bytes.TrimSuffix(v, []byte(":"))))
	if r.windowAt == 0 {
		r.windowAt = l.N
	}
	r.windows = append(r.windows, Window{Focus: f, Line: l.N})
	r.win = &r.windows[len(r.windows)-1]
}

func (r *reader) finish() {
	f := &r.facts
	f.Focus = r.choose(r.focus)
	f.FocusedApp = r.choose(r.apps)
	if r.windowAt != 0 {
		f.Windows = fact.Of(r.windows, r.windowAt)
	}
	s := f.Keyguard.Sources
	f.Keyguard.Showing = anyOf(s.DelegateShowing, s.MonitorShowing, s.ControllerShowing, s.PolicyShowing)
	if !f.Keyguard.Showing.Known() && fact.Is(s.DreamingLockscreen, true) {
		// Kept while a dream shows and while the screen is off: good enough only
		// where nothing else is printed. It means showing and not occluded
		// (DisplayPolicy.finishPostLayoutPolicyLw), so that false tells nothing: a
		// call's screen may be over the keyguard.
		f.Keyguard.Showing = s.DreamingLockscreen
	}
	f.Keyguard.Occluded = anyOf(s.DelegateOccluded, s.ControllerOccluded)
}

// anyOf is true if a known value is true, false if all known values are false.
func anyOf(all ...fact.Value[bool]) fact.Value[bool] {
	out := fact.Unknown[bool]()
	for _, v := range all {
		if fact.Is(v, true) {
			return v
		}
		text.Set(&out, v)
	}
	return out
}

// choose takes the statement of the top focused display (API 29; otherwise the
// default display), else the first that names a window, else the first.
func (r *reader) choose(all []found) fact.Value[Focus] {
	best := -1
	for i, f := range all {
		switch {
		case f.focus.Display == r.topDisplay && f.focus.Kind != None:
			return fact.Of(f.focus, f.line)
		case best < 0, all[best].focus.Kind == None && f.focus.Kind != None:
			best = i
		}
	}
	if best < 0 {
		return fact.Unknown[Focus]()
	}
	return fact.Of(all[best].focus, all[best].line)
}

func prefix(t []byte, key string) bool {
	return len(t) >= len(key) && string(t[:len(key)]) == key
}

// parseFocus reads Window{...}, ActivityRecord{...} or an AppWindowToken around
// one, in the forms of all releases and makers:
//
//	Window{1651cd4 u0 NotificationShade}
//	Window{com.android.systemui:6d67f78 u0 StatusBar type=2000 }
//	ActivityRecord{1f72345 u0 com.app/.Main} t12}      (API 33, stray brace)
//	ActivityRecord{1e24f58 u0 com.app/.Main t-1 f}}    (finishing)
func parseFocus(s string) Focus {
	if s == "null" || s == "" {
		return Focus{Kind: None}
	}
	if i := strings.Index(s, "ActivityRecord{"); i >= 0 {
		s = s[i+len("ActivityRecord{"):]
	} else if i := strings.Index(s, "Window{"); i >= 0 {
		s = s[i+len("Window{"):]
	}
	if i := strings.IndexByte(s, ' '); i >= 0 {
		s = s[i+1:] // the object's id
	}
	f := Focus{Kind: Other}
	if rest, ok := strings.CutPrefix(s, "u"); ok {
		num, title, ok := strings.Cut(rest, " ")
		if n, err := strconv.Atoi(num); ok && err == nil {
			f.User, s = n, title
		}
	}
	f.Title = trimTitle(s)
	f.classify()
	return f
}

// trimTitle cuts what stands behind the title: braces, " t12", " f", " type=2000".
func trimTitle(s string) string {
	s, _, _ = strings.Cut(s, "}")
	s = strings.TrimRight(s, " ")
	for {
		i := strings.LastIndexByte(s, ' ')
		if i < 0 {
			return s
		}
		w := s[i+1:]
		_, err := strconv.Atoi(strings.TrimPrefix(w, "t"))
		task := err == nil && strings.HasPrefix(w, "t")
		if !task && w != "f" && !strings.HasPrefix(w, "type=") && w != "EXITING" {
			return s
		}
		s = strings.TrimRight(s[:i], " ")
	}
}

func (f *Focus) classify() {
	if pkg, ok := strings.CutPrefix(f.Title, "Application Not Responding: "); ok {
		f.Kind, f.Package = NotResponding, pkg
		return
	}
	if pkg, ok := strings.CutPrefix(f.Title, "Application Error: "); ok {
		f.Kind, f.Package = Crashed, pkg
		return
	}
	switch f.Title {
	case "NotificationShade":
		f.Kind = Shade
		return
	case "StatusBar", "Keyguard":
		f.Kind = Lock
		return
	}
	pkg, class, ok := strings.Cut(f.Title, "/")
	if ok && class != "" && !strings.ContainsAny(f.Title, " :") {
		f.Kind, f.Package, f.Activity = Activity, pkg, fullClass(pkg, class)
	}
}
