package window

import (
	"fmt"
	"testing"

	"github.com/ringproof/ringproof/harness/internal/grammar"
)

func TestGrammars(t *testing.T) { grammar.Check(t, grammars) }

// delegate26 is KeyguardServiceDelegate.dump as releases up to 33 print it:
// showingAndNotOccluded keeps its default there and says nothing.
const delegate26 = `WINDOW MANAGER POLICY STATE (dumpsys window policy)
    KeyguardServiceDelegate
      showing=true
      showingAndNotOccluded=true
      inputRestricted=true
      occluded=true
      secure=true
      dreaming=false
      systemIsReady=true
      deviceHasKeyguard=true
      enabled=true
      offReason=0
      currentUser=-10000
      screenState=SCREEN_STATE_ON
      interactiveState=INTERACTIVE_STATE_AWAKE
      KeyguardStateMonitor
        mIsShowing=true
        mSimSecure=false
        mInputRestricted=true
        mTrusted=false
        mCurrentUserId=0
`

// The composed rows follow sections 3.1 to 3.3 of the format description.
var grammars = []grammar.Row{
	// 26 and 27: the focus in `windows`, flags of a window as a number.
	{From: 26, To: 27, Mark: grammar.Composed, Check: says("focus org.app.calls/org.app.calls.RingActivity app org.app.calls/.RingActivity showing unknown occluded unknown secure unknown interactive unknown first window locked true visible unknown"),
		Text: `WINDOW MANAGER WINDOWS (dumpsys window windows)
  Window #1 Window{170c7e5 u0 org.app.calls/org.app.calls.RingActivity}:
    mAttrs=WM.LayoutParams{(0,0)(fillxfill) sim=#20 ty=1 fl=#81890100 pfl=0x20000 wanim=0x10302f6 vsysui=0x700 needsMenuKey=2 colorMode=0}
    mHasSurface=true isReadyForDisplay()=true

  mCurConfiguration={1.0}
  mCurrentFocus=Window{170c7e5 u0 org.app.calls/org.app.calls.RingActivity}
  mFocusedApp=AppWindowToken{2db1f67 token=Token{820aa77 ActivityRecord{fd52476 u0 org.app.calls/.RingActivity t6}}}
`},
	// 28: flags in words on a line of their own.
	{From: 28, To: 28, Mark: grammar.Composed, Check: says("focus org.app.calls/org.app.calls.RingActivity app org.app.calls/.RingActivity showing unknown occluded unknown secure unknown interactive unknown first window locked false visible true"),
		Text: `WINDOW MANAGER WINDOWS (dumpsys window windows)
  Window #1 Window{170c7e5 u0 org.app.calls/org.app.calls.RingActivity}:
    mAttrs={(0,0)(fillxfill) sim={adjust=pan} ty=BASE_APPLICATION wanim=0x10302f6
      fl=LAYOUT_IN_SCREEN LAYOUT_INSET_DECOR SPLIT_TOUCH HARDWARE_ACCELERATED
      pfl=FORCE_DRAW_STATUS_BAR_BACKGROUND}
    isOnScreen=true
    isVisible=true

  mCurrentFocus=Window{170c7e5 u0 org.app.calls/org.app.calls.RingActivity}
  mFocusedApp=AppWindowToken{5cd8eb9 token=Token{a45c880 ActivityRecord{d8d4103 u0 org.app.calls/.RingActivity t12}}}
`},
	{From: 26, To: 28, Mark: grammar.Composed, Check: says("focus unknown app unknown showing true occluded true secure true interactive true"), Text: delegate26},
	// 26 to 28: the lock screen is the status bar's window, and the policy says so.
	{From: 26, To: 28, Mark: grammar.Composed, Check: says("focus lock app unknown showing true occluded false secure unknown interactive unknown"),
		Text: `WINDOW MANAGER POLICY STATE (dumpsys window policy)
    mShowingDream=false mDreamingLockscreen=true
    mStatusBar=Window{c7432be u0 StatusBar} isStatusBarKeyguard=true
  isHomeRecentsComponent=false  KeyguardController:
    mKeyguardShowing=true
    mAodShowing=false
    mKeyguardGoingAway=false
    mOccluded=false
    mDismissingKeyguardActivity=null
  mCurrentFocus=Window{c7432be u0 StatusBar}
`},
	// 29: the focus is in `displays`; NotificationShade from 30 in AOSP, seen on
	// 29 of makers.
	{From: 29, To: 29, Mark: grammar.Composed, Unsure: "the lock screen's window is StatusBar or NotificationShade", Check: says("focus lock app org.app.calls/.RingActivity showing true occluded false secure true interactive false"),
		Text: `WINDOW MANAGER DISPLAY CONTENTS (dumpsys window displays)
  Display: mDisplayId=0
  mCurrentFocus=Window{c7432be u0 StatusBar}
  mFocusedApp=AppWindowToken{5cd8eb9 token=Token{a45c880 ActivityRecord{d8d4103 u0 org.app.calls/.RingActivity t12}}}
    mStatusBar=Window{c7432be u0 StatusBar} isStatusBarKeyguard=true
  mTopFocusedDisplayId=0
    KeyguardServiceDelegate
      showing=true
      showingAndNotOccluded=true
      occluded=false
      secure=true
      interactiveState=INTERACTIVE_STATE_SLEEP
  KeyguardController:
    mKeyguardShowing=true
    mAodShowing=false
   Occluded=false DismissingKeyguardActivity=null at display=0
`},
	{From: 29, To: 29, Mark: grammar.Composed, Unsure: "the lock screen's window is StatusBar or NotificationShade", Check: says("focus shade app unknown showing true occluded unknown secure unknown interactive unknown"),
		Text: `WINDOW MANAGER DISPLAY CONTENTS (dumpsys window displays)
  Display: mDisplayId=0
  mCurrentFocus=Window{1651cd4 u0 NotificationShade}
    mStatusBar=Window{c7432be u0 StatusBar} isStatusBarKeyguard=true
`},
	// 30: ActivityRecord without a token; isKeyguardShowing on mStatusBar's line.
	{From: 30, To: 30, Mark: grammar.Composed, Check: says("focus shade app org.app.calls/.RingActivity showing true occluded unknown secure unknown interactive unknown"),
		Text: `WINDOW MANAGER DISPLAY CONTENTS (dumpsys window displays)
  Display: mDisplayId=0 rootTasks=3
  mCurrentFocus=Window{1651cd4 u0 NotificationShade}
  mFocusedApp=ActivityRecord{723ebbb u0 org.app.calls/.RingActivity t1082}
    mStatusBar=Window{c7432be u0 StatusBar} isKeyguardShowing=true
  mTopFocusedDisplayId=0
  mInputMethodTarget in display# 0 Window{1651cd4 u0 NotificationShade}
`},
	// 31 to 33: isKeyguardShowing on a line of its own; TurnScreenOnActivity.
	{From: 31, To: 32, Mark: grammar.Composed, Check: says("focus org.app.calls/org.app.calls.RingActivity app org.app.calls/.RingActivity showing true occluded true secure unknown interactive unknown"),
		Text: `ACTIVITY MANAGER ACTIVITIES (dumpsys activity activities)
Display #0 (activities from top to bottom):
  mCurrentFocus=Window{7a6b78e u0 org.app.calls/org.app.calls.RingActivity}
  mFocusedApp=ActivityRecord{723ebbb u0 org.app.calls/.RingActivity t12}
    isKeyguardShowing=true
  KeyguardController:
    mKeyguardShowing=true
    mAodShowing=false
    mKeyguardGoingAway=false
   Occluded=true DismissingKeyguardActivity=null TurnScreenOnActivity=null at display=0
    mDismissalRequested=false
`},
	{From: 33, To: 33, Mark: grammar.Composed, Check: says("focus org.app.calls/org.app.calls.RingActivity app org.app.calls/.RingActivity showing false occluded false secure false interactive true"),
		Text: `WINDOW MANAGER POLICY STATE (dumpsys window policy)
    KeyguardServiceDelegate
      showing=false
      showingAndNotOccluded=true
      inputRestricted=false
      occluded=false
      secure=false
      offReason=OFF_BECAUSE_OF_USER
      screenState=SCREEN_STATE_ON
      interactiveState=INTERACTIVE_STATE_AWAKE
WINDOW MANAGER DISPLAY CONTENTS (dumpsys window displays)
  Display: mDisplayId=0 (organized)
  mCurrentFocus=Window{7a6b78e u0 org.app.calls/org.app.calls.RingActivity}
  mFocusedApp=ActivityRecord{1f72345 u0 org.app.calls/.RingActivity} t12}
    isKeyguardShowing=false
  KeyguardController:
    mKeyguardShowing=false
   KeyguardShowing=false AodShowing=false KeyguardGoingAway=false DismissalRequested=false  Occluded=false DismissingKeyguardActivity=null TurnScreenOnActivity=null at display=0
`},
	// 34: showingAndNotOccluded is gone.
	{From: 34, To: 35, Mark: grammar.Composed, Check: says("focus org.app.calls/org.app.calls.RingActivity app org.app.calls/.RingActivity showing true occluded true secure true interactive true"),
		Text: policy34 + `WINDOW MANAGER DISPLAY CONTENTS (dumpsys window displays)
  Display: mDisplayId=0 (organized)
  mCurrentFocus=Window{7a6b78e u0 org.app.calls/org.app.calls.RingActivity}
  mFocusedApp=ActivityRecord{1e24f58 u0 org.app.calls/.RingActivity t-1 f}}
    isKeyguardShowing=true
`},
	// 36: decimal ids of activities.
	{From: 36, To: 36, Mark: grammar.Composed, Check: says("focus org.app.calls/org.app.calls.RingActivity app org.app.calls/.RingActivity showing true occluded true secure unknown interactive unknown"),
		Text: `WINDOW MANAGER DISPLAY CONTENTS (dumpsys window displays)
  Display: mDisplayId=0 (organized)
  mCurrentFocus=Window{a6b78e1 u0 org.app.calls/org.app.calls.RingActivity}
  mFocusedApp=ActivityRecord{152605570 u0 org.app.calls/.RingActivity t3}
    isKeyguardShowing=true
  mTopFocusedDisplayId=0
  KeyguardController:
    mKeyguardShowing=true
   KeyguardShowing=true AodShowing=false KeyguardGoingAway=false DismissalRequested=false  Occluded=true DismissingKeyguardActivity=null TurnScreenOnActivity=null at display=0
`},
	{From: 33, To: 35, Maker: "vivo", Mark: grammar.Composed, Check: says("focus lock app unknown showing unknown occluded unknown secure unknown interactive unknown"),
		Text: "  mCurrentFocus=Window{com.android.systemui:6d67f78 u0 StatusBar type=2000 }\n"},

	{From: 26, To: 26, Mark: grammar.Captured, File: "window/002-a8.0-emulator-api26-windows-settings.txt", Check: says("focus com.android.settings/com.android.settings.Settings app com.android.settings/.Settings showing unknown occluded unknown secure unknown interactive unknown first window locked false visible unknown")},
	{From: 27, To: 27, Mark: grammar.Captured, File: "window/003-a8.1-emulator-api27-windows-settings.txt", Check: says("focus com.android.settings/com.android.settings.Settings app com.android.settings/.Settings showing unknown")},
	{From: 28, To: 28, Mark: grammar.Captured, File: "window/004-a9-emulator-api28-windows-settings.txt", Check: says("focus com.android.settings/com.android.settings.Settings app com.android.settings/.Settings showing unknown")},
	{From: 33, To: 33, Maker: "MediaTek", Mark: grammar.Captured, File: "activity/001-a13-mtk-tablet-locked-asleep-activities.txt", Check: says("focus shade app com.mediatek.camera/.CameraLauncher showing true occluded false secure unknown interactive unknown")},
	{From: 34, To: 34, Maker: "Xiaomi", Mark: grammar.Captured, File: "activity/005-a14-hyperos-pad6-activities.txt", Check: says("focus com.termux/com.termux.app.TermuxActivity app com.termux/.app.TermuxActivity showing false occluded false")},
	{From: 34, To: 34, Maker: "Samsung", Mark: grammar.Captured, File: "activity/004-samsung-launcher-whatsapp-activities.txt", Check: says("focus com.sec.android.app.launcher/com.sec.android.app.launcher.activities.LauncherActivity app com.sec.android.app.launcher/.activities.LauncherActivity showing false")},
}

// says compares the facts, in words, with what a person sees in the text.
func says(want string) func(testing.TB, []byte) {
	return func(t testing.TB, in []byte) {
		f, err := Parse(in)
		if err != nil {
			t.Errorf("Parse: %v", err)
		}
		if got := inWords(f); len(got) < len(want) || got[:len(want)] != want {
			t.Errorf("\n got %s\nwant %s", got, want)
		}
	}
}

func inWords(f Facts) string {
	focus := func(f Focus, known bool) string {
		switch {
		case !known:
			return "unknown"
		case f.Kind == Activity:
			return f.Title
		}
		return string(f.Kind)
	}
	k := f.Keyguard
	s := fmt.Sprintf("focus %s app %s showing %v occluded %v secure %v interactive %v", focus(f.Focus.Get()), focus(f.FocusedApp.Get()), k.Showing, k.Occluded, k.Secure, f.Interactive)
	if w := f.Windows.Or(nil); len(w) > 0 {
		s += fmt.Sprintf(" first window locked %v visible %v", w[0].ShowWhenLocked, w[0].Visible)
	}
	return s
}
