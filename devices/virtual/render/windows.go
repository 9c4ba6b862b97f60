package render

import (
	"fmt"

	"github.com/ringproof/ringproof/devices/virtual/android"
)

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

// Windows is `dumpsys window windows`, topmost first (WindowState.dump,
// WindowManagerService.dumpWindowsNoHeaderLocked), as captures of 8.0, 8.1, 9, 10,
// 11, 12, 13, 14 and 16 have it. 15 was not seen: it prints what 14 does. Who has
// the focus is in it up to 28.
func Windows(d *android.Device) string {
	p := of(d)
	p.ln("WINDOW MANAGER WINDOWS (dumpsys window windows)")
	for i, w := range d.Windows.All() {
		p.level = 1
		p.ln("Window #%d %s:", i, windowName(w))
		p.in(func() { window(p, d, w) })
	}
	p.level = 0
	p.ln("")
	p.level = 1
	p.ln("mGlobalConfiguration=%s", configuration())
	p.ln("mHasPermanentDpad=false")
	if p.api <= 28 {
		focus(p, d)
		p.ln("mInTouchMode=true")
		p.ln("mLastDisplayFreezeDuration=0 due to %s", windowName(find(d, android.WindowNavigationBar)))
		p.ln("mLastWakeLockHoldingWindow=null mLastWakeLockObscuringWindow=null")
		p.ln("InputConsumers:")
		p.ln("  name=pip_input_consumer")
		p.ln("SnapshotCache")
		p.ln("mSystemDecorLayer=0 mScreenRect=[0,0][%d,%d]", android.DisplayWidth, android.DisplayHeight)
		p.ln("mLastStatusBarVisibility=0xa608")
		traversal(p, d)
		p.ln("mDeferredRotationPauseCount=0")
		p.ln("Animation settings: disabled=false window=1.0 transition=1.0 animator=1.0")
		p.ln("mSkipAppTransitionAnimation=false")
		p.ln("mLayoutToAnim:")
		return p.String()
	}
	p.ln("mTopFocusedDisplayId=0")
	imeTargets(p, d)
	if p.api >= 33 {
		// Up to 14 the end of this line is missing.
		text := "Minimum task size of display#0 220"
		switch p.api {
		case 33:
			text += "  mInTouchMode=true"
		case 34, 35:
			text += "  mBlurEnabled=true"
		}
		p.ln("%s", text)
	}
	p.upTo(32, "mInTouchMode=true")
	if p.api == 31 || p.api == 32 || p.api == 33 || p.api >= 36 {
		p.ln("mBlurEnabled=true")
	}
	if p.api <= 35 {
		p.ln("mLastDisplayFreezeDuration=0 due to %s", map[bool]string{true: "new-config", false: windowName(find(d, android.WindowNavigationBar))}[p.api >= 34])
	}
	p.upTo(32, "mLastWakeLockHoldingWindow=null mLastWakeLockObscuringWindow=null")
	p.since(36, "mDisableSecureWindows=false")
	switch {
	case p.api == 29:
		p.ln("mFullSnapshotScale=0.8")
		p.ln("SnapshotCache")
	case p.api <= 32:
		p.ln("mHighResTaskSnapshotScale=0.8")
		p.ln("SnapshotCache")
	case p.api == 33:
		p.ln("mHighResTaskSnapshotScale=0.8")
		p.ln("mTaskSnapshotEnabled=true")
		p.ln("SnapshotCache")
	default:
		p.raw(" mHighResSnapshotScale=0.8\n mSnapshotEnabled=true\n SnapshotCache Task\n mHighResSnapshotScale=0.6\n mSnapshotEnabled=false\n SnapshotCache Activity\n")
	}
	traversal(p, d)
	p.ln("Animation settings: disabled=false window=1.0 transition=1.0 animator=1.0")
	if p.api <= 30 {
		p.ln("PolicyControl.sImmersiveStatusFilter=null")
		p.ln("PolicyControl.sImmersiveNavigationFilter=null")
		p.ln("PolicyControl.sImmersivePreconfirmationsFilter=null")
	}
	return p.String()
}

// traversal is the part about the layout, present in every release.
func traversal(p *page, d *android.Device) {
	p.ln("mTraversalScheduled=false")
	if p.api <= 32 {
		p.ln("mHoldScreenWindow=null")
		p.ln("mObscuringWindow=%s", windowName(topApp(d)))
	}
	if p.api <= 28 {
		p.ln("mWallpaperTarget=null")
		p.ln("mLastWallpaperX=0.0 mLastWallpaperY=0.5")
	}
	p.ln("mSystemBooted=true mDisplayEnabled=true")
	p.ln("mTransactionSequence=149")
	const frozen = "mDisplayFrozen=false windows=0 client=false apps=0"
	switch {
	case p.api <= 28:
		p.ln("%s waitingForConfig=false", frozen)
		p.ln("mRotation=0 mAltOrientation=false")
		p.ln("mLastWindowForcedOrientation=-1 mLastOrientation=-1")
	case p.api == 29:
		p.ln("%s  mRotation=0  mLastWindowForcedOrientation=-1 mLastOrientation=-1", frozen)
		p.raw(" waitingForConfig=false\n")
	case p.api <= 33:
		p.ln("%s  mRotation=0  mLastOrientation=-1", frozen)
		p.raw(" waitingForConfig=false\n")
	default:
		p.upTo(35, "%s", frozen)
		p.ln("mRotation=0")
		p.ln("mLastOrientation=-1")
		p.ln("mWaitingForConfig=false")
		p.since(36, "mWindowsInsetsChanged=0")
		p.ln("mDisplayRotationWatchers: [ 10061->0]")
	}
}

// imeTargets are the lines that say which window the input method serves. They
// have an indentation of their own.
func imeTargets(p *page, d *android.Device) {
	if p.api < 30 {
		return // seen in no capture of 10 with an empty screen; the reference has the first line for 10 too
	}
	names := []string{"imeLayeringTarget", "imeInputTarget", "imeControlTarget"}
	if p.api == 30 {
		names = []string{"mInputMethodTarget", "mInputMethodInputTarget", "inputMethodControlTarget"}
	}
	for _, n := range names {
		p.raw(fmt.Sprintf("  %s in display# 0 %s\n", n, windowName(topApp(d))))
	}
}

func configuration() string {
	return fmt.Sprintf("{1.0 310mcc260mnc [en_US] ldltr sw411dp w411dp h914dp %ddpi nrml long port finger -keyb/v/h -nav/h winConfig={ mBounds=Rect(0, 0 - %d, %d) mDisplayRotation=ROTATION_0 mWindowingMode=fullscreen} as.2 s.1}",
		android.DisplayDensity, android.DisplayWidth, android.DisplayHeight)
}

func window(p *page, d *android.Device, w *android.Window) {
	frame := bounds(w.Bounds)
	client := hash(d, "client "+w.Title)
	task := ""
	id := 1
	if w.Activity != nil && w.Activity.Task != nil {
		id = w.Activity.Task.ID
	}
	switch {
	case p.api <= 29:
		task = fmt.Sprintf(" stackId=%d", id)
		if w.Activity == nil {
			task = " stackId=0"
		}
	case p.api <= 35:
		task = fmt.Sprintf(" rootTaskId=%d", id)
	case w.Activity != nil:
		task = fmt.Sprintf(" taskId=%d", id)
	}
	p.ln("mDisplayId=0%s mSession=Session{%s %d:u0a%d} mClient=android.os.BinderProxy@%s", task, hash(d, "session "+w.Package), w.PID, max(w.UID, 10000), client)
	if p.api <= 29 {
		p.ln("mOwnerUid=%d mShowToOwnerOnly=%t package=%s appop=NONE", w.UID, w.Activity != nil, w.Package)
	} else {
		p.ln("mOwnerUid=%d showForAllUsers=%t package=%s appop=NONE", w.UID, w.Activity == nil, w.Package)
	}
	attributesOf(p, w)
	p.ln("Requested w=%d h=%d mLayoutSeq=214", w.Bounds.Right-w.Bounds.Left, w.Bounds.Bottom-w.Bounds.Top)
	kind := ""
	if p.api >= 33 {
		kind = fmt.Sprintf(" type=%d", windowTypes[w.Type])
	}
	token := fmt.Sprintf("WindowToken{%s%s android.os.BinderProxy@%s}", hash(d, "token "+w.Title), kind, client)
	if w.Activity != nil {
		token = appToken(d, w.Activity)
	}
	layer := windowLayers[w.Type]
	switch {
	case p.api <= 28:
		p.ln("mBaseLayer=%d mSubLayer=0 mAnimLayer=0+=0 mLastLayer=0", layer)
		p.ln("mToken=%s", token)
	default:
		p.ln("mBaseLayer=%d mSubLayer=0    mToken=%s", layer, token)
	}
	if w.Activity != nil {
		switch {
		case p.api == 26:
			p.ln("mAppToken=%s", token)
			p.raw("     isAnimatingWithSavedSurface()=false mAppDied=false\n")
		case p.api == 27:
			p.ln("mAppToken=%s", token)
			p.raw("     isAnimatingWithSavedSurface()=false mAppDied=false    drawnStateEvaluated=true    mightAffectAllDrawn=true\n")
		case p.api == 28:
			p.ln("mAppToken=%s", token)
			p.raw("     isAnimatingWithSavedSurface()= mAppDied=false    drawnStateEvaluated=true    mightAffectAllDrawn=true\n")
		case p.api == 29:
			p.ln("mAppToken=%s", token)
			p.ln("mAppDied=false    drawnStateEvaluated=true    mightAffectAllDrawn=true")
		case p.api <= 33:
			p.ln("mActivityRecord=%s", token)
			p.ln("mAppDied=false    drawnStateEvaluated=true    mightAffectAllDrawn=true")
		default:
			p.ln("mActivityRecord=%s", token)
			p.ln("drawnStateEvaluated=true    mightAffectAllDrawn=true")
		}
	}
	visibility := map[bool]string{true: "0x0", false: "0x8"}[w.Visible]
	p.ln("mViewVisibility=%s mHaveFrame=true mObscured=false", visibility)
	p.upTo(30, "mSeq=0 mSystemUiVisibility=0x0")
	p.ln("mGivenContentInsets=[0,0][0,0] mGivenVisibleInsets=[0,0][0,0]")
	if w.Activity == nil {
		region := "SkRegion()"
		if t := w.Touchable; !t.Empty() {
			region = fmt.Sprintf("SkRegion((%d,%d,%d,%d))", t.Left, t.Top, t.Right, t.Bottom)
		}
		p.ln("mTouchableInsets=3 mGivenInsetsPending=false")
		p.ln("touchable region=%s", region)
	}
	p.ln("mFullConfiguration=%s", configuration())
	p.ln("mLastReportedConfiguration=%s", configuration())
	if p.api >= 36 && w.Activity != nil {
		p.ln("mLastReportedActivityWindowInfo=ActivityWindowInfo{isEmbedded=false, taskBounds=Rect(0, 0 - %d, %d), taskFragmentBounds=Rect(0, 0 - %d, %d)}",
			w.Bounds.Right, w.Bounds.Bottom, w.Bounds.Right, w.Bounds.Bottom)
	}
	if p.api <= 27 {
		p.ln("mHasSurface=%t mShownPosition=[%d,%d] isReadyForDisplay()=%t hasSavedSurface()=false mWindowRemovalAllowed=false", w.Visible, w.Bounds.Left, w.Bounds.Top, w.Visible)
	} else {
		p.ln("mHasSurface=%t isReadyForDisplay()=%t mWindowRemovalAllowed=false", w.Visible, w.Visible)
	}
	frames(p, frame)
	animator(p, d, w)
}

// attributesOf is WindowManager.LayoutParams.toString: numbers up to 8.1, words since.
func attributesOf(p *page, w *android.Window) {
	kind := string(w.Type)
	if w.Title == "StatusBar" {
		kind = string(android.WindowStatusBar)
	}
	if p.api <= 27 {
		fl := 0x81810100
		if !w.Focusable {
			fl |= 0x8
		}
		if a := w.Activity; a != nil && a.ShowWhenLocked {
			fl |= 0x80000
		}
		if a := w.Activity; a != nil && a.KeepScreenOn {
			fl |= 0x80
		}
		p.ln("mAttrs=WM.LayoutParams{(0,0)(fillxfill) sim=#110 ty=%d fl=#%x fmt=-3 colorMode=0}", windowTypes[android.WindowType(kind)], fl)
		return
	}
	p.ln("mAttrs={(0,0)(fillxfill) sim={adjust=pan} ty=%s fmt=TRANSLUCENT", kind)
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
	switch {
	case p.api <= 29:
		p.ln("  pfl=COLOR_SPACE_AGNOSTIC}")
	case p.api == 30:
		p.ln("  pfl=FIT_INSETS_CONTROLLED}")
	case p.api <= 35:
		p.ln("  pfl=USE_BLAST FIT_INSETS_CONTROLLED")
		p.ln("  bhv=DEFAULT}")
	default:
		p.ln("  pfl=FIT_INSETS_CONTROLLED")
		p.ln("  bhv=DEFAULT")
		p.ln("  frameRateBoostOnTouch=true")
		p.ln("  dvrrWindowFrameRateHint=true}")
	}
}

// frames are the rectangles of WindowFrames, fewer with each release.
func frames(p *page, frame string) {
	const none = "[0,0][0,0]"
	own := fmt.Sprintf("mFrame=%s last=%s", frame, frame)
	switch {
	case p.api <= 30:
		if p.api <= 28 {
			p.ln("%s", own)
		}
		p.ln("Frames: containing=%s parent=%s", frame, frame)
		overscan, outset, insets := "", "", ""
		if p.api <= 29 {
			overscan, outset, insets = " overscan="+frame, none, "overscan="+none+" "
		}
		p.ln("    display=%s%s", frame, overscan)
		p.ln("    content=%s visible=%s", frame, frame)
		p.ln("    decor=%s", none)
		if outset != "" {
			p.ln("    outset=%s", outset)
		}
		cutout := "cutout=DisplayCutout{insets=Rect(0, 0 - 0, 0) boundingRect={Bounds=[Rect(0, 0 - 0, 0), Rect(0, 0 - 0, 0), Rect(0, 0 - 0, 0), Rect(0, 0 - 0, 0)]}}"
		if p.api >= 29 {
			p.ln("%s", own)
			p.ln(" %s last=%s", cutout, cutout[len("cutout="):])
			now := insets + "content=" + none + " visible=" + none + " stable=" + none
			last := now
			if p.api == 29 {
				now, last = now+" outsets="+none, last+" outset="+none
			}
			p.ln("Cur insets: %s    Lst insets: %s", now, last)
			p.ln(" surface=%s", none)
			return
		}
		tail := ""
		if p.api == 28 {
			tail = " " + cutout
		}
		p.ln("Cur insets: %scontent=%s visible=%s stable=%s surface=%s outsets=%s%s", insets, none, none, none, none, none, tail)
		p.ln("Lst insets: %scontent=%s visible=%s stable=%s physical=%s outset=%s%s", insets, none, none, none, none, none, tail)
	case p.api <= 32:
		p.ln("Frames: containing=%s parent=%s display=%s", frame, frame, frame)
		p.ln("%s", own)
		p.ln(" surface=%s", none)
	default:
		p.ln("Frames: parent=%s display=%s frame=%s last=%s insetsChanged=false", frame, frame, frame, frame)
		p.ln(" surface=%s", none)
	}
}

// animator is WindowStateAnimator.dump and what WindowState prints after it.
func animator(p *page, d *android.Device, w *android.Window) {
	p.ln("WindowStateAnimator{%s %s}:", hash(d, "animator "+w.Title), w.Title)
	state := "mDrawState=NO_SURFACE       mLastHidden=true"
	if w.Visible {
		state = "mDrawState=HAS_DRAWN       mLastHidden=false"
		surface := fmt.Sprintf("mSurface=Surface(name=%s)", w.Title)
		if p.api >= 28 {
			surface += "/@0x" + hash(d, "surface "+w.Title)
		}
		p.ln("  %s", surface)
		size := fmt.Sprintf("%d x %d", w.Bounds.Right-w.Bounds.Left, w.Bounds.Bottom-w.Bounds.Top)
		switch {
		case p.api <= 30:
			p.ln("  Surface: shown=true layer=0 alpha=1.0 rect=(0.0,0.0) %s transform=(1.0, 0.0, 0.0, 1.0)", size)
			p.ln("  %s", state)
		case p.api <= 35:
			p.ln("  Surface: shown=true layer=0 alpha=1.0 rect=(0.0,0.0)  transform=(1.0, 0.0, 0.0, 1.0)")
			p.ln("  %s", state)
		default:
			p.ln("  Surface: shown=true      %s", state)
		}
	} else {
		p.ln("  %s", state)
	}
	decor := bounds(w.Bounds)
	switch {
	case p.api <= 27:
		p.ln("  mSystemDecorRect=%s last=[0,0][0,0] mHasClipRect=false mLastClipRect=%s", decor, decor)
	case p.api <= 29:
		p.ln("  mSystemDecorRect=%s mLastClipRect=%s", decor, decor)
	case p.api == 30:
		p.ln("  mEnterAnimationPending=false      mSystemDecorRect=%s mLastClipRect=%s", decor, decor)
	default:
		p.ln("  mEnterAnimationPending=false      mSystemDecorRect=[0,0][0,0]")
	}
	const rotate = "mForceSeamlesslyRotate=false seamlesslyRotate: pending=null"
	switch {
	case p.api == 26:
		return
	case p.api <= 28 || p.api >= 36:
		p.ln("isOnScreen=%t", w.Visible)
	case p.api <= 32:
		p.ln("%s finishedFrameNumber=0", rotate)
		p.ln("isOnScreen=%t", w.Visible)
	default:
		p.ln("%s    isOnScreen=%t", rotate, w.Visible)
	}
	p.ln("isVisible=%t", w.Visible)
	p.since(33, "keepClearAreas: restricted=[], unrestricted=[]")
	p.since(33, "mPrepareSyncSeqId=0")
}
