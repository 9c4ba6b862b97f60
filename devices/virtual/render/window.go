package render

import (
	"fmt"

	"github.com/ringproof/ringproof/devices/virtual/android"
)

// windowName is WindowState.toString.
func windowName(w *android.Window) string {
	if w == nil {
		return "null"
	}
	return fmt.Sprintf("Window{%s u0 %s}", w.Hash, w.Title)
}

// activityName is ActivityRecord.toString.
func activityName(a *android.ActivityRecord) string {
	if a == nil {
		return "null"
	}
	task := -1
	if a.Task != nil {
		task = a.Task.ID
	}
	end := ""
	if a.Finishing {
		end = " f}"
	}
	return fmt.Sprintf("ActivityRecord{%s u0 %s t%d%s}", a.Hash, a.Component.Short(), task, end)
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
// KeyguardServiceDelegate.dump of 14, which has no showingAndNotOccluded any more).
func WindowPolicy(d *android.Device) string {
	p := &page{}
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
		p.ln("inputRestricted=%t", k.Showing)
		p.ln("occluded=%t", k.Occluded)
		p.ln("secure=%t", k.Secure())
		p.ln("dreaming=false")
		p.ln("systemIsReady=true")
		p.ln("deviceHasKeyguard=true")
		p.ln("enabled=true")
		p.ln("offReason=%s", offReason(d))
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
	p.ln("mFocusedApp=%s", activityName(d.Activities.FocusedApp()))
}

// WindowDisplays is `dumpsys window displays` (DisplayContent.dump,
// DisplayPolicy.dump).
func WindowDisplays(d *android.Device) string {
	p := &page{}
	w, h := android.DisplayWidth, android.DisplayHeight
	on, k := d.Power.ScreenOn(), d.Keyguard
	p.ln("WINDOW MANAGER DISPLAY CONTENTS (dumpsys window displays)")
	p.level = 1
	p.ln("Display: mDisplayId=0 (organized)")
	p.in(func() {
		p.ln("init=%dx%d %ddpi mMinSizeOfResizeableTaskDp=220 cur=%dx%d app=%dx%d rng=1080x1017-2400x2337", w, h, android.DisplayDensity, w, h, w, h)
		p.ln("deferred=false mLayoutNeeded=false mTouchExcludeRegion=SkRegion((0,0,%d,%d))", w, h)
		p.ln("")
		p.ln("mLayoutSeq=214")
		p.ln("")
	})
	focus(p, d)
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
		p.ln("mShowingDream=false mDreamingLockscreen=%t", k.Showing)
		p.ln("mStatusBar=%s", windowName(find(d, android.WindowStatusBar)))
		p.ln("isKeyguardShowing=%t", k.Showing)
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
	p.ln("mTopFocusedDisplayId=0")
	p.ln("  imeLayeringTarget in display# 0 %s", windowName(topApp(d)))
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
	p := &page{}
	p.ln("WINDOW MANAGER TOKENS (dumpsys window tokens)")
	p.ln("  Display #0")
	for _, w := range d.Windows.All() {
		if w.Activity == nil {
			p.ln("    WindowToken{%s type=%d android.os.BinderProxy@%s}", hash(d, "token "+w.Title), windowTypes[w.Type], hash(d, "client "+w.Title))
		} else {
			p.ln("    %s", activityName(w.Activity))
		}
	}
	return p.String()
}

// Numbers of WindowManager.LayoutParams.TYPE_*, and the base layers of
// WindowManagerPolicy.getWindowLayerFromTypeLw.
var (
	windowTypes = map[android.WindowType]int{
		android.WindowBaseApplication: 1, android.WindowStatusBar: 2000, android.WindowNotificationShade: 2040,
		android.WindowNavigationBar: 2019, android.WindowWallpaper: 2013, android.WindowSystemAlert: 2003, android.WindowInputMethod: 2011,
	}
	windowLayers = map[android.WindowType]int{
		android.WindowBaseApplication: 21000, android.WindowStatusBar: 151000, android.WindowNotificationShade: 171000,
		android.WindowNavigationBar: 241000, android.WindowWallpaper: 11000, android.WindowSystemAlert: 91000, android.WindowInputMethod: 131000,
	}
)

// Windows is `dumpsys window windows`, topmost first (WindowState.dump). Who has
// the focus is not in it any more.
func Windows(d *android.Device) string {
	p := &page{}
	p.ln("WINDOW MANAGER WINDOWS (dumpsys window windows)")
	for i, w := range d.Windows.All() {
		p.level = 1
		p.ln("Window #%d %s:", i, windowName(w))
		p.in(func() { window(p, d, w) })
	}
	p.level = 0
	p.ln("")
	p.ln("  mGlobalConfiguration={1.0 310mcc260mnc [en_US] ldltr sw411dp w411dp h914dp %ddpi nrml long port finger -keyb/v/h -nav/h winConfig={ mBounds=Rect(0, 0 - %d, %d) mDisplayRotation=ROTATION_0 mWindowingMode=fullscreen} as.2 s.1 fontWeightAdjustment=0}", android.DisplayDensity, android.DisplayWidth, android.DisplayHeight)
	p.ln("  mHasPermanentDpad=false")
	p.ln("  mTopFocusedDisplayId=0")
	p.ln("  imeLayeringTarget in display# 0 %s", windowName(topApp(d)))
	p.ln("  imeInputTarget in display# 0 %s", windowName(topApp(d)))
	p.ln("  imeControlTarget in display# 0 %s", windowName(topApp(d)))
	p.ln("  Minimum task size of display#0 220")
	p.ln("  mBlurEnabled=true")
	p.ln("  mLastDisplayFreezeDuration=0")
	p.ln("  mDisableSecureWindows=false")
	return p.String()
}

func window(p *page, d *android.Device, w *android.Window) {
	frame := bounds(w.Bounds)
	client := hash(d, "client "+w.Title)
	task := 1
	if w.Activity != nil && w.Activity.Task != nil {
		task = w.Activity.Task.ID
	}
	p.ln("mDisplayId=0 rootTaskId=%d mSession=Session{%s %d:u0a%d} mClient=android.os.BinderProxy@%s", task, hash(d, "session "+w.Package), w.PID, max(w.UID, 10000), client)
	p.ln("mOwnerUid=%d showForAllUsers=%t package=%s appop=NONE", w.UID, w.Activity == nil, w.Package)
	p.ln("mAttrs={(0,0)(fillxfill) sim={adjust=pan} ty=%s fmt=TRANSLUCENT", w.Type)
	flags := "LAYOUT_IN_SCREEN LAYOUT_INSET_DECOR SPLIT_TOUCH HARDWARE_ACCELERATED DRAWS_SYSTEM_BAR_BACKGROUNDS"
	if !w.Focusable {
		flags = "NOT_FOCUSABLE " + flags
	}
	if w.Activity != nil {
		if w.Activity.KeepScreenOn {
			flags = "KEEP_SCREEN_ON " + flags
		}
		if w.Activity.Secure {
			flags = "SECURE " + flags
		}
		if w.Activity.ShowWhenLocked {
			flags += " SHOW_WHEN_LOCKED"
		}
	}
	p.ln("  fl=%s", flags)
	p.ln("  pfl=FIT_INSETS_CONTROLLED USE_BLAST")
	p.ln("  bhv=DEFAULT}")
	p.ln("Requested w=%d h=%d mLayoutSeq=214", w.Bounds.Right-w.Bounds.Left, w.Bounds.Bottom-w.Bounds.Top)
	token := fmt.Sprintf("WindowToken{%s type=%d android.os.BinderProxy@%s}", hash(d, "token "+w.Title), windowTypes[w.Type], client)
	if w.Activity != nil {
		token = activityName(w.Activity)
	}
	p.ln("mBaseLayer=%d mSubLayer=0    mToken=%s", windowLayers[w.Type], token)
	if w.Activity != nil {
		p.ln("mActivityRecord=%s", activityName(w.Activity))
		p.ln("mAppDied=false")
	}
	visibility := map[bool]string{true: "0x0", false: "0x8"}[w.Visible]
	p.ln("mViewVisibility=%s mHaveFrame=true mObscured=false", visibility)
	p.ln("mGivenContentInsets=[0,0][0,0] mGivenVisibleInsets=[0,0][0,0]")
	region := "SkRegion()"
	if t := w.Touchable; !t.Empty() {
		region = fmt.Sprintf("SkRegion((%d,%d,%d,%d))", t.Left, t.Top, t.Right, t.Bottom)
	}
	p.ln("touchable region=%s", region)
	p.ln("mHasSurface=%t isReadyForDisplay()=%t mWindowRemovalAllowed=false", w.Visible, w.Visible)
	p.ln("Frames: parent=%s display=%s frame=%s last=%s insetsChanged=false", frame, frame, frame, frame)
	p.ln(" surface=[0,0][0,0]")
	p.ln("WindowStateAnimator{%s %s}:", hash(d, "animator "+w.Title), w.Title)
	if w.Visible {
		p.ln("  mSurface=Surface(name=%s)/@0x%s", w.Title, hash(d, "surface "+w.Title))
		p.ln("  Surface: shown=true layer=0 alpha=1.0 rect=(0.0,0.0)  transform=(1.0, 0.0, 0.0, 1.0)")
		p.ln("  mDrawState=HAS_DRAWN       mLastHidden=false")
	} else {
		p.ln("  mDrawState=NO_SURFACE       mLastHidden=false")
	}
	p.ln("  mEnterAnimationPending=false      mSystemDecorRect=[0,0][0,0]")
	p.ln("mForceSeamlesslyRotate=false seamlesslyRotate: pending=null    isOnScreen=%t", w.Visible)
	p.ln("isVisible=%t", w.Visible)
	p.ln("keepClearAreas: restricted=[], unrestricted=[]")
	p.ln("mPrepareSyncSeqId=0")
}
