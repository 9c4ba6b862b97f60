package window

import (
	"errors"
	"strings"
	"testing"

	"github.com/ringproof/ringproof/harness/dumpsys/text"
	"github.com/ringproof/ringproof/harness/internal/readertest"
)

func parse(t *testing.T, s string) Facts {
	t.Helper()
	f, err := Parse([]byte(s))
	if err != nil {
		t.Fatalf("Parse: %v", err)
	}
	return f
}

// The titles that releases and makers print.
func TestFocusForms(t *testing.T) {
	for _, c := range []struct {
		in, title, pkg, activity string
		kind                     FocusKind
		user                     int
	}{
		{"null", "", "", "", None, 0},
		{"Window{1651cd4 u0 NotificationShade}", "NotificationShade", "", "", Shade, 0},
		{"Window{c7432be u0 StatusBar}", "StatusBar", "", "", Lock, 0},
		{"Window{1 u0 Keyguard}", "Keyguard", "", "", Lock, 0},
		{"Window{3b8f918 u0 Application Not Responding: com.app}", "Application Not Responding: com.app", "com.app", "", NotResponding, 0},
		{"Window{3b8f918 u0 Application Error: com.app}", "Application Error: com.app", "com.app", "", Crashed, 0},
		{"Window{7a6b78e u10 com.app/com.app.ui.Main}", "com.app/com.app.ui.Main", "com.app", "com.app.ui.Main", Activity, 10},
		{"AppWindowToken{5cd8eb9 token=Token{a45c880 ActivityRecord{d8d4103 u0 com.app/.Act t12}}}", "com.app/.Act", "com.app", "com.app.Act", Activity, 0},
		{"ActivityRecord{723ebbb u0 com.termux/.app.TermuxActivity t1082}", "com.termux/.app.TermuxActivity", "com.termux", "com.termux.app.TermuxActivity", Activity, 0},
		{"ActivityRecord{1f72345 u0 com.app/.Act} t12}", "com.app/.Act", "com.app", "com.app.Act", Activity, 0},
		{"ActivityRecord{1e24f58 u0 com.app/.Act t-1 f}}", "com.app/.Act", "com.app", "com.app.Act", Activity, 0},
		{"ActivityRecord{152605570 u0 com.app/.Act t3}", "com.app/.Act", "com.app", "com.app.Act", Activity, 0},
		{"Window{com.android.systemui:6d67f78 u0 StatusBar type=2000 }", "StatusBar", "", "", Lock, 0},
		{"Window{1 u0 PopupWindow:ab12}", "PopupWindow:ab12", "", "", Other, 0},
		{"Window{1 u0 My Title / here}", "My Title / here", "", "", Other, 0},
		{"Window{", "", "", "", Other, 0},
	} {
		f := parseFocus(c.in)
		if f.Title != c.title || f.Package != c.pkg || f.Activity != c.activity || f.Kind != c.kind || f.User != c.user {
			t.Errorf("parseFocus(%q) = %+v", c.in, f)
		}
	}
}

const policy34 = `WINDOW MANAGER POLICY STATE (dumpsys window policy)
    mSafeMode=false mSystemReady=true mSystemBooted=true
    KeyguardServiceDelegate
      showing=true
      inputRestricted=true
      occluded=true
      secure=true
      dreaming=false
      deviceHasKeyguard=true
      currentUser=0
      screenState=SCREEN_STATE_ON
      interactiveState=INTERACTIVE_STATE_AWAKE
      KeyguardStateMonitor
        mIsShowing=true
        mSimSecure=false
        mInputRestricted=true
        mCurrentUserId=0
    mLooper state:
      secure=false
`

const displays34 = `WINDOW MANAGER DISPLAY CONTENTS (dumpsys window displays)
  Display: mDisplayId=2 (organized)
  mCurrentFocus=null
  mFocusedApp=null
  Display: mDisplayId=0 (organized)
  mCurrentFocus=Window{5fa9554 u0 org.ringproof.sample/org.ringproof.sample.IncomingCallActivity}
  mFocusedApp=ActivityRecord{723ebbb u0 org.ringproof.sample/.IncomingCallActivity t12}
  DisplayPolicy
    mShowingDream=false mDreamingLockscreen=false
    isKeyguardShowing=true
`

func TestOverLockScreen(t *testing.T) {
	f := parse(t, policy34+displays34)
	k := f.Keyguard
	if k.Showing.String() != "true" || k.Occluded.String() != "true" || k.Secure.String() != "true" || k.InputRestricted.String() != "true" ||
		f.Interactive.String() != "true" || f.Screen.String() != "ON" || k.Showing.Line() != 4 {
		t.Errorf("keyguard = %+v, interactive %v, screen %v", k, f.Interactive, f.Screen)
	}
	if g := f.Focus.Or(Focus{}); g.Package != "org.ringproof.sample" || g.Activity != "org.ringproof.sample.IncomingCallActivity" || f.Focus.Line() != 25 {
		t.Errorf("focus = %+v at line %d", g, f.Focus.Line())
	}
	if v := f.OverLockScreen("org.ringproof.sample"); v.String() != "true" {
		t.Errorf("over the lock screen: %v", v)
	}
	if v := f.OverLockScreen("org.other"); v.String() != "false" {
		t.Errorf("another app over the lock screen: %v", v)
	}
	if v := parse(t, policy34).OverLockScreen("org.ringproof.sample"); v.Known() {
		t.Errorf("without focus: %v", v)
	}
}

// showingAndNotOccluded stays true on an unlocked phone.
func TestMisleadingKey(t *testing.T) {
	f := parse(t, "    KeyguardServiceDelegate\n      showing=false\n      showingAndNotOccluded=true\n      occluded=false\n")
	if f.Keyguard.Showing.String() != "false" || f.Keyguard.Secure.Known() || f.Focus.Known() {
		t.Errorf("keyguard = %+v", f.Keyguard)
	}
	f = parse(t, "    KeyguardServiceDelegate\n      showingAndNotOccluded=true\n")
	if f.Keyguard.Showing.Known() {
		t.Errorf("showing = %v from a key that misleads", f.Keyguard.Showing)
	}
}

func TestKeyguardController(t *testing.T) {
	for _, c := range []struct{ name, in, showing, occluded string }{
		{"API 28", "  isHomeRecentsComponent=false  KeyguardController:\n    mKeyguardShowing=true\n    mAodShowing=false\n    mOccluded=true\n    mDismissingKeyguardActivity=null\n", "true", "true"},
		{"API 29", "  KeyguardController:\n    mKeyguardShowing=false\n   Occluded=false DismissingKeyguardActivity=null at display=0\n", "false", "false"},
		{"API 33", "  KeyguardController:\n    mKeyguardShowing=true\n   KeyguardShowing=true AodShowing=false KeyguardGoingAway=false  Occluded=true DismissingKeyguardActivity=null at display=2\n   KeyguardShowing=true AodShowing=false  Occluded=false DismissingKeyguardActivity=null TurnScreenOnActivity=null at display=0\n", "true", "false"},
		{"one source of two", "    KeyguardServiceDelegate\n      showing=false\n      occluded=false\n  KeyguardController:\n    mKeyguardShowing=true\n    mOccluded=true\n", "true", "true"},
		{"only the sleeping form", "WINDOW MANAGER POLICY STATE\n    mShowingDream=false mDreamingLockscreen=true\n", "true", "unknown"},
		{"its no, which an occluded keyguard has too", "WINDOW MANAGER POLICY STATE\n    mShowingDream=false mDreamingLockscreen=false\n", "unknown", "unknown"},
		{"one line, as people grep it", "    mShowingDream=false mDreamingLockscreen=true\n", "true", "unknown"},
		{"sleeping form beside a better one", "WINDOW MANAGER POLICY STATE\n    mShowingDream=false mDreamingLockscreen=true\n    isStatusBarKeyguard=false\n", "false", "unknown"},
	} {
		f := parse(t, c.in)
		if f.Keyguard.Showing.String() != c.showing || f.Keyguard.Occluded.String() != c.occluded {
			t.Errorf("%s: showing %v, occluded %v", c.name, f.Keyguard.Showing, f.Keyguard.Occluded)
		}
	}
}

func TestTopFocusedDisplay(t *testing.T) {
	const two = "  Display: mDisplayId=0 (organized)\n  mCurrentFocus=Window{1 u0 a.b/.A}\n  Display: mDisplayId=2 (organized)\n  mCurrentFocus=Window{2 u0 c.d/.C}\n"
	if g := parse(t, two).Focus.Or(Focus{}); g.Package != "a.b" {
		t.Errorf("focus = %+v", g)
	}
	if g := parse(t, "  Display: mDisplayId=3 (organized)\n  mCurrentFocus=Window{3 u0 e.f/.E}\n"+two).Focus.Or(Focus{}); g.Package != "a.b" {
		t.Errorf("without a top display: focus = %+v", g)
	}
	if g := parse(t, "  Display: mDisplayId=3 (organized)\n  mCurrentFocus=Window{3 u0 e.f/.E}\n  Display: mDisplayId=0\n  mCurrentFocus=null\n").Focus.Or(Focus{}); g.Package != "e.f" {
		t.Errorf("nothing on the default display: focus = %+v", g)
	}
	if g := parse(t, two+"  mTopFocusedDisplayId=2\n").Focus.Or(Focus{}); g.Package != "c.d" || g.Display != 2 {
		t.Errorf("focus = %+v", g)
	}
	if g := parse(t, "  mCurrentFocus=null\n").Focus; !g.Known() || g.Or(Focus{}).Kind != None {
		t.Errorf("focus = %+v", g)
	}
}

func TestProblems(t *testing.T) {
	for in, kind := range map[string]text.Kind{
		"":                             text.Empty,
		"hello":                        text.NotADump,
		"Can't find service: window\n": text.NoService,
		policy34 + "*** SERVICE 'window' DUMP TIMEOUT (10000ms) EXPIRED ***\n": text.Timeout,
	} {
		if _, err := Parse([]byte(in)); !errors.Is(err, &text.Problem{Kind: kind}) {
			t.Errorf("%.20q: %v, want %s", in, err, kind)
		}
	}
}

// A cut never turns a fact around: it is the same or unknown.
func TestDamage(t *testing.T) {
	whole := policy34 + displays34
	lines := strings.SplitAfter(whole, "\n")
	for i := range lines {
		f, _ := Parse([]byte(strings.Join(lines[:i], "")))
		if fact := f.Keyguard.Showing; fact.Known() && !fact.Or(false) {
			t.Fatalf("cut after line %d: showing %v", i, fact)
		}
		if fact := f.Keyguard.Secure; fact.Known() && !fact.Or(false) {
			t.Fatalf("cut after line %d: secure %v", i, fact)
		}
	}
	f := parse(t, strings.ReplaceAll("\ufeff  "+whole, "\n", "\r\n   "))
	if f.OverLockScreen("org.ringproof.sample").String() != "true" {
		t.Errorf("shifted with CRLF: %+v", f)
	}
}

func FuzzParse(f *testing.F) {
	readertest.Fuzz(f, readertest.Asked(Parse, func(f Facts) { f.OverLockScreen("a.b") }), readertest.Texts(grammars,
		policy34+displays34,
		"  KeyguardController:\n   Occluded=false at display=0\nWindow #0 Window{}:\nmCurrentFocus=\nmFocusedApp=Window{ u\nKeyguardServiceDelegate\nKeyguardStateMonitor\n",
	)...)
}

func TestShowWhenLocked(t *testing.T) {
	for in, want := range map[string]string{
		"mAttrs=WM.LayoutParams{(0,0)(fillxfill) ty=1 fl=#81890100 pfl=0x20000}": "true",
		"mAttrs=WM.LayoutParams{(0,0)(fillxfill) ty=1 fl=#81810100 pfl=0x80000}": "false",
		"mAttrs=WM.LayoutParams{(0,0)(fillxfill) ty=1 fl=#80000}":                "true",
		"mAttrs=WM.LayoutParams{(0,0)(fillxfill) ty=1 fl=#zz}":                   "unknown",
		"mAttrs={(0,0)(fillxfill) ty=1\n      fl=SPLIT_TOUCH SHOW_WHEN_LOCKED}":  "true",
		"mAttrs={(0,0)(fillxfill) ty=1\n      fl=SHOW_WALLPAPER SPLIT_TOUCH":     "false",
		"mAttrs={(0,0)(fillxfill) ty=1\n      pfl=SHOW_WHEN_LOCKED}":             "unknown",
	} {
		f := parse(t, "WINDOW MANAGER WINDOWS (dumpsys window windows)\n  Window #1 Window{1 u0 a.b/.C}:\n    "+in+"\n")
		if got := f.Windows.Or(nil)[0].ShowWhenLocked.String(); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}
