package render

import (
	"fmt"
	"strconv"

	"github.com/ringproof/ringproof/devices/virtual/android"
)

// windowName is WindowState.toString.
func windowName(w *android.Window) string {
	if w == nil {
		return "null"
	}
	user := 0
	if w.Activity != nil {
		user = android.UserOf(w.UID)
	}
	return fmt.Sprintf("Window{%s u%d %s}", w.Hash, user, w.Title)
}

// activityName is ActivityRecord.toString. 13 closes a brace too early; 16 prints
// its identity in decimal.
func activityName(d *android.Device, a *android.ActivityRecord) string {
	if a == nil {
		return "null"
	}
	task := -1
	if a.Task != nil {
		task = a.Task.ID
	}
	id, brace, end := a.Hash, "", ""
	if n, err := strconv.ParseUint(id, 16, 64); err == nil && d.API >= 36 {
		id = strconv.FormatUint(n, 10)
	}
	if d.API == 33 {
		brace = "}"
	}
	if a.Finishing {
		end = " f}"
	}
	return fmt.Sprintf("ActivityRecord{%s u%d %s%s t%d%s}", id, android.UserOf(a.UID), a.Component.Short(), brace, task, end)
}

// appToken is what the window manager calls an activity: up to 29 a token of its own.
func appToken(d *android.Device, a *android.ActivityRecord) string {
	if a == nil || d.API >= 30 {
		return activityName(d, a)
	}
	return fmt.Sprintf("AppWindowToken{%s token=Token{%s %s}}", hash(d, "app token "+a.Hash), hash(d, "token "+a.Hash), activityName(d, a))
}

// Window is `dumpsys window` without arguments: all parts in the order of
// WindowManagerService.doDump.
func Window(d *android.Device) string {
	const rule = "-------------------------------------------------------------------------------\n"
	return "WINDOW MANAGER LAST ANR (dumpsys window lastanr)\n  <no ANR has occurred since boot>\n" + rule +
		WindowPolicy(d) + rule + "WINDOW MANAGER ANIMATOR STATE (dumpsys window animator)\n    DisplayContentsAnimator #0:\n    mBulkUpdateParams=0x0 mPendingLayoutChanges=0x0\n" + rule +
		"WINDOW MANAGER SESSIONS (dumpsys window sessions)\n" + rule +
		WindowDisplays(d) + rule + WindowTokens(d) + rule + Windows(d)
}

// WindowPolicy is `dumpsys window policy` (PhoneWindowManager.dump and
// KeyguardServiceDelegate.dump).
func WindowPolicy(d *android.Device) string {
	p := of(d)
	k := d.Keyguard
	on := d.Power.Interactive()
	p.ln("WINDOW MANAGER POLICY STATE (dumpsys window policy)")
	p.level = 2
	p.ln("mSafeMode=false mSystemReady=true mSystemBooted=true")
	p.ln("mCameraLensCoverState=CAMERA_LENS_COVER_ABSENT")
	p.ln("mWakeGestureEnabledSetting=true")
	p.ln("mUiMode=UI_MODE_TYPE_NORMAL mEnableCarDockHomeCapture=true")
	p.ln("mLidKeyboardAccessibility=0 mLidNavigationAccessibility=0 getLidBehavior=LID_BEHAVIOR_NONE")
	p.ln("mLongPressOnBackBehavior=LONG_PRESS_BACK_NOTHING")
	p.ln("mLongPressOnHomeBehavior=LONG_PRESS_HOME_ASSIST")
	p.ln("mDoubleTapOnHomeBehavior=DOUBLE_TAP_HOME_NOTHING")
	p.ln("mShortPressOnPowerBehavior=SHORT_PRESS_POWER_GO_TO_SLEEP")
	p.ln("mLongPressOnPowerBehavior=LONG_PRESS_POWER_GLOBAL_ACTIONS")
	p.ln("mVeryLongPressOnPowerBehavior=VERY_LONG_PRESS_POWER_NOTHING")
	p.ln("mDoublePressOnPowerBehavior=MULTI_PRESS_POWER_NOTHING")
	p.ln("mTriplePressOnPowerBehavior=MULTI_PRESS_POWER_NOTHING")
	p.ln("mPowerVolUpBehavior=POWER_VOLUME_UP_BEHAVIOR_MUTE")
	p.ln("mShortPressOnSleepBehavior=SHORT_PRESS_SLEEP_GO_TO_SLEEP")
	p.ln("mShortPressOnWindowBehavior=SHORT_PRESS_WINDOW_NOTHING")
	p.ln("mAllowStartActivityForLongPressOnPowerDuringSetup=false")
	p.ln("mHasSoftInput=true mHapticTextHandleEnabled=true")
	p.ln("mDismissImeOnBackKeyPressed=false mIncallPowerBehavior=sleep")
	p.ln("mIncallBackBehavior=<nothing> mEndcallBehavior=sleep")
	p.ln("mDisplayHomeButtonHandlers=")
	p.in(func() { p.ln("[DisplayId: 0] mHomePressed=false") })
	if p.api <= 28 {
		p.ln("mShowingDream=false mDreamingLockscreen=%t mDreamingSleepToken=null", k.Showing)
		p.ln("mStatusBar=%s isStatusBarKeyguard=%t", windowName(statusBar(d)), k.Showing)
	}
	p.ln("mKeyguardOccluded=%t mKeyguardOccludedChanged=false mPendingKeyguardOccluded=false", k.Occluded)
	p.ln("mAllowLockscreenWhenOnDisplays=%t mLockScreenTimeout=%d mLockScreenTimerActive=%t",
		!k.Showing && k.Secure(), d.Settings.Int(android.SystemNS, "screen_off_timeout", 30000), on && !k.Showing)
	p.ln("mSupportShortPressPowerWhenDefaultDisplayOn=false")
	p.ln("Looper state:")
	p.in(func() {
		p.ln("Looper (android.ui, tid 18) {%s}", hash(d, "android.ui"))
		p.in(func() { p.ln("(Total messages: 0, polling=true, quitting=false)") })
	})
	p.ln("KeyguardServiceDelegate")
	p.in(func() {
		p.ln("showing=%t", k.Showing)
		// Set once and hardly ever since: nobody should read it.
		p.upTo(33, "showingAndNotOccluded=true")
		p.ln("inputRestricted=%t", k.Showing)
		p.ln("occluded=%t", k.Occluded)
		p.ln("secure=%t", k.Secure())
		p.ln("dreaming=false")
		p.ln("systemIsReady=true")
		p.ln("deviceHasKeyguard=true")
		p.ln("enabled=true")
		p.upTo(27, "offReason=%d", map[string]int{"timeout": 3}[d.Power.SleepReason])
		p.since(28, "offReason=%s", offReason(d))
		p.ln("currentUser=-10000")
		p.ln("bootCompleted=true")
		p.ln("screenState=%s", map[bool]string{true: "SCREEN_STATE_ON", false: "SCREEN_STATE_OFF"}[d.Power.ScreenOn()])
		p.ln("interactiveState=%s", map[bool]string{true: "INTERACTIVE_STATE_AWAKE", false: "INTERACTIVE_STATE_SLEEP"}[on])
		p.ln("KeyguardStateMonitor")
		p.in(func() {
			p.ln("mIsShowing=%t", k.Showing)
			p.ln("mSimSecure=false")
			p.ln("mInputRestricted=%t", k.Showing)
			p.ln("mTrusted=false")
			p.ln("mCurrentUserId=0")
		})
	})
	return p.String()
}

func offReason(d *android.Device) string {
	switch d.Power.SleepReason {
	case "timeout":
		return "OFF_BECAUSE_OF_TIMEOUT"
	case "":
		return "OFF_BECAUSE_OF_USER"
	}
	return "OFF_BECAUSE_OF_USER"
}

// focus writes the two lines that say who has the focus.
func focus(p *page, d *android.Device) {
	p.ln("mCurrentFocus=%s", windowName(d.Windows.Focus()))
	p.ln("mFocusedApp=%s", appToken(d, d.Activities.FocusedApp()))
}

// WindowDisplays is `dumpsys window displays` (DisplayContent.dump,
// DisplayPolicy.dump).
func WindowDisplays(d *android.Device) string {
	p := of(d)
	w, h := android.DisplayWidth, android.DisplayHeight
	on, k := d.Power.ScreenOn(), d.Keyguard
	p.ln("WINDOW MANAGER DISPLAY CONTENTS (dumpsys window displays)")
	p.level = 1
	p.ln("Display: mDisplayId=0%s", map[bool]string{true: " (organized)"}[p.api >= 30])
	p.in(func() {
		p.ln("init=%dx%d %ddpi mMinSizeOfResizeableTaskDp=220 cur=%dx%d app=%dx%d rng=1080x1017-2400x2337", w, h, android.DisplayDensity, w, h, w, h)
		p.ln("deferred=false mLayoutNeeded=false mTouchExcludeRegion=SkRegion((0,0,%d,%d))", w, h)
		p.ln("")
		p.ln("mLayoutSeq=214")
		p.ln("")
	})
	if p.api >= 29 {
		focus(p, d)
	}
	p.ln("")
	p.ln("mHoldScreenWindow=null")
	p.ln("mObscuringWindow=null")
	p.ln("mLastWakeLockHoldingWindow=null")
	p.ln("mLastWakeLockObscuringWindow=null")
	p.ln("")
	p.ln("WallpaperController")
	p.ln("")
	p.ln("mSystemGestureExclusion=SkRegion()")
	p.ln("")
	p.ln("Display areas in top down Z order:")
	p.in(func() {
		p.ln("* Leaf:36:36")
		p.ln("* DefaultTaskDisplayArea")
		p.ln("* ImeContainer")
	})
	p.ln("")
	p.ln("Task display areas in top down Z order:")
	p.in(func() {
		p.ln("TaskDisplayArea DefaultTaskDisplayArea")
		p.in(func() {
			for i := len(d.Activities.Tasks) - 1; i >= 0; i-- {
				p.ln("* %s", taskName(d, d.Activities.Tasks[i]))
			}
		})
	})
	p.ln("")
	p.ln("ShellRoots")
	p.ln("")
	p.ln("DisplayPolicy")
	p.in(func() {
		p.ln("mCarDockEnablesAccelerometer=true mDeskDockEnablesAccelerometer=true")
		p.ln("mDockMode=EXTRA_DOCK_STATE_UNDOCKED mLidState=LID_ABSENT")
		p.ln("mAwake=%t mScreenOnEarly=%t mScreenOnFully=%t", d.Power.Interactive(), on, on)
		p.ln("mKeyguardDrawComplete=%t mWindowManagerDrawComplete=%t", on, on)
		p.ln("mHdmiPlugged=false")
		p.ln("mLastAppearance=0 mLastBehavior=DEFAULT")
		if p.api >= 29 {
			p.ln("mShowingDream=false mDreamingLockscreen=%t", k.Showing)
		}
		status := windowName(statusBar(d))
		switch {
		case p.api == 29:
			p.ln("mStatusBar=%s isStatusBarKeyguard=%t", status, k.Showing)
		case p.api == 30:
			p.ln("mStatusBar=%s isKeyguardShowing=%t", status, k.Showing)
		case p.api >= 31:
			p.ln("mStatusBar=%s", status)
			p.ln("isKeyguardShowing=%t", k.Showing)
		}
		p.ln("mNavigationBar=%s", windowName(find(d, android.WindowNavigationBar)))
		p.ln("mFocusedWindow=%s", windowName(d.Windows.Focus()))
		p.ln("mTopFullscreenOpaqueWindowState=%s", windowName(topApp(d)))
		p.ln("mForceShowNavigationBarEnabled=false mAllowLockscreenWhenOn=false")
		p.ln("mRemoteInsetsControllerControlsSystemBars=false")
	})
	p.ln("")
	p.ln("DisplayRotation")
	p.in(func() {
		p.ln("mCurrentAppOrientation=SCREEN_ORIENTATION_UNSPECIFIED")
		p.ln("mLastOrientation=-1")
		p.ln("mRotation=0 mDeferredRotationPauseCount=0")
	})
	p.ln("")
	p.ln("InputMonitor")
	p.since(29, "mTopFocusedDisplayId=0")
	imeTargets(p, d)
	return p.String()
}

// find is the window of a type; nil without one.
func find(d *android.Device, t android.WindowType) *android.Window {
	for _, w := range d.Windows.All() {
		if w.Type == t {
			return w
		}
	}
	return nil
}

// statusBar is the window of that title: up to 29 the shade's, too.
func statusBar(d *android.Device) *android.Window {
	for _, w := range d.Windows.All() {
		if w.Title == "StatusBar" {
			return w
		}
	}
	return nil
}

// topApp is the uppermost visible window of an activity.
func topApp(d *android.Device) *android.Window {
	for _, w := range d.Windows.All() {
		if w.Activity != nil && w.Visible {
			return w
		}
	}
	return nil
}

// WindowTokens is `dumpsys window tokens`.
func WindowTokens(d *android.Device) string {
	p := of(d)
	p.ln("WINDOW MANAGER TOKENS (dumpsys window tokens)")
	p.ln("  Display #0")
	for _, w := range d.Windows.All() {
		if w.Activity == nil {
			p.ln("    WindowToken{%s type=%d android.os.BinderProxy@%s}", hash(d, "token "+w.Title), windowTypes[w.Type], hash(d, "client "+w.Title))
		} else {
			p.ln("    %s", activityName(d, w.Activity))
		}
	}
	return p.String()
}
