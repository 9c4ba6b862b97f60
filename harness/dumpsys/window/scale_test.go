package window

import (
	"fmt"
	"testing"

	"github.com/ringproof/ringproof/harness/internal/readertest"
)

// record is one window of `dumpsys window windows` as API 34 prints it.
func record(i int) string {
	return fmt.Sprintf(`  Window #%d Window{%x u0 com.example.app%d/com.example.app%d.MainActivity}:
    mDisplayId=0 rootTaskId=%d mSession=Session{26f2d1f 3310:u0a10117} mClient=android.os.BinderProxy@e0f8b7b
    mOwnerUid=10117 showForAllUsers=false package=com.example.app%d appop=NONE
    mAttrs={(0,0)(fillxfill) sim={adjust=pan forwardNavigation} ty=BASE_APPLICATION fmt=TRANSPARENT wanim=0x10302fd
      fl=LAYOUT_IN_SCREEN LAYOUT_INSET_DECOR SPLIT_TOUCH HARDWARE_ACCELERATED DRAWS_SYSTEM_BAR_BACKGROUNDS
      pfl=NO_MOVE_ANIMATION FORCE_DRAW_STATUS_BAR_BACKGROUND FIT_INSETS_CONTROLLED
      bhv=DEFAULT
      fitSides=}
    Requested w=1080 h=2400 mLayoutSeq=144
    mBaseLayer=21000 mSubLayer=0    mToken=ActivityRecord{f1c5a8b u0 com.example.app%d/.MainActivity t%d}
    mActivityRecord=ActivityRecord{f1c5a8b u0 com.example.app%d/.MainActivity t%d}
    drawnStateEvaluated=true    mightAffectAllDrawn=true
    mViewVisibility=0x0 mHaveFrame=true mObscured=false
    mGivenContentInsets=[0,0][0,0] mGivenVisibleInsets=[0,0][0,0]
    mFullConfiguration={1.0 310mcc260mnc [en_US] ldltr sw411dp w411dp h834dp 420dpi nrm long port finger qwerty/v/v dpad/v winConfig={ mBounds=Rect(0, 0 - 1080, 2400) mAppBounds=Rect(0, 128 - 1080, 2337) mMaxBounds=Rect(0, 0 - 1080, 2400) mDisplayRotation=ROTATION_0 mWindowingMode=fullscreen mDisplayWindowingMode=fullscreen mActivityType=standard mAlwaysOnTop=undefined mRotation=ROTATION_0} s.7 fontWeightAdjustment=0}
    mLastReportedConfiguration={1.0 310mcc260mnc [en_US] ldltr sw411dp w411dp h834dp 420dpi nrm long port finger qwerty/v/v dpad/v winConfig={ mBounds=Rect(0, 0 - 1080, 2400) mAppBounds=Rect(0, 128 - 1080, 2337) mMaxBounds=Rect(0, 0 - 1080, 2400) mDisplayRotation=ROTATION_0 mWindowingMode=fullscreen mDisplayWindowingMode=fullscreen mActivityType=standard mAlwaysOnTop=undefined mRotation=ROTATION_0} s.7 fontWeightAdjustment=0}
    mHasSurface=true isReadyForDisplay()=true mWindowRemovalAllowed=false
    Frames: parent=[0,0][1080,2400] display=[0,0][1080,2400] frame=[0,0][1080,2400] last=[0,0][1080,2400] insetsChanged=false
     surface=[0,0][0,0]
    WindowStateAnimator{8a9b0c com.example.app%d/com.example.app%d.MainActivity}:
      mSurface=Surface(name=com.example.app%d/com.example.app%d.MainActivity)/@0x2c8c8c0
      Surface: shown=true layer=0 alpha=1.0 rect=(0.0,0.0)  transform=(1.0, 0.0, 0.0, 1.0)
      mDrawState=HAS_DRAWN       mLastHidden=false
      mEnterAnimationPending=false      mSystemDecorRect=[0,0][0,0]
    mForceSeamlesslyRotate=false seamlesslyRotate: pending=null    isOnScreen=true
    isVisible=true
    keepClearAreas: restricted=[], unrestricted=[]
    mPrepareSyncSeqId=0

`, i, i+0x1000, i, i, i, i, i, i, i, i, i, i, i, i)
}

func generated(size int) []byte {
	return readertest.Text(size, "WINDOW MANAGER WINDOWS (dumpsys window windows)\n", record, policy34+displays34)
}

func BenchmarkRatio(b *testing.B) { readertest.Ratio(b, readertest.Of(Parse), generated) }

func TestMemory(t *testing.T) { readertest.Memory(t, readertest.Of(Parse), generated) }

func TestGenerated(t *testing.T) {
	f := parse(t, string(generated(100<<10)))
	w := f.Windows.Or(nil)
	if len(w) < 30 || w[7].Package != "com.example.app7" || w[7].Visible.String() != "true" || w[7].OnScreen.String() != "true" || f.Keyguard.Showing.String() != "true" {
		t.Errorf("%d windows: %+v", len(w), f.Keyguard)
	}
}

func TestLinear(t *testing.T) {
	readertest.Linear(t, readertest.Of(Parse), readertest.Hostile(map[string]string{
		"nothing":    "",
		"windows":    "WINDOW MANAGER WINDOWS (dumpsys window windows)\n",
		"title":      "  Window #1 Window{1 u0 ",
		"focus":      "  mCurrentFocus=Window{1 u0 ",
		"delegate":   "    KeyguardServiceDelegate\n",
		"monitor":    "    KeyguardServiceDelegate\n      KeyguardStateMonitor\n",
		"controller": "  KeyguardController:\n",
	}, "  Window #1 Window{1 u0 a/.B}:\n", "mCurrentFocus=Window{1 u0 a/.B}\n", " t1", " type=1", "ActivityRecord{", "AppWindowToken{", "isVisible=", "xisVisible=", "Occluded=", "at display=", "KeyguardController:\n  ", "mIsShowing="))
}
