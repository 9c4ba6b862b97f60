package display

import (
	"fmt"
	"testing"

	"github.com/ringproof/ringproof/harness/internal/readertest"
)

// record is one display device and its power state as API 34 prints them.
func record(i int) string {
	return fmt.Sprintf(`  DisplayDeviceInfo{"Built-in Screen": uniqueId="local:46309469221729004%02d", 1080 x 2400, modeId 3, renderFrameRate 90.0, defaultModeId 4, supportedModes [{id=1, width=1080, height=2400, fps=120.00001, alternativeRefreshRates=[30.000002, 48.000004, 50.0]}]}
    mAdapter=LocalDisplayAdapter
    mUniqueId=local:46309469221729004%02d
    mCurrentLayerStack=%d
    mCurrentFlags=1
    mCurrentOrientation=0
    mPhysicalDisplayId=4630946922172900481
    mActiveModeId=3
    mState=ON
    mCommittedState=ON
    mBrightnessState=0.012114687
    mSfDisplayModes=
      DisplayMode{id=0, width=1080, height=2400, xDpi=308.918, yDpi=309.049, refreshRate=120.00001, appVsyncOffsetNanos=1000000}
      DisplayMode{id=1, width=1080, height=2400, xDpi=308.918, yDpi=309.049, refreshRate=144.00002, appVsyncOffsetNanos=1000000}
Display Power Controller:
  mDisplayId=%d
  mPendingRequestLocked=policy=BRIGHT, useProximitySensor=false
  mUnfinishedBusiness=false
Display Power State:
  mStopped=false
  mScreenState=ON
  mScreenBrightness=0.1
  mScreenReady=true
`, i%100, i%100, i, i)
}

func generated(size int) []byte {
	return readertest.Text(size, "DISPLAY MANAGER (dumpsys display)\n  mSafeMode=false\nDisplay Devices: size=1\n", record, "  mInteractive=true\n")
}

func BenchmarkRatio(b *testing.B) { readertest.Ratio(b, readertest.Of(Parse), generated) }

func TestMemory(t *testing.T) { readertest.Memory(t, readertest.Of(Parse), generated) }

func TestLinear(t *testing.T) {
	readertest.Linear(t, readertest.Of(Parse), readertest.Hostile(map[string]string{
		"nothing": "", "title": "DISPLAY MANAGER (dumpsys display)\n",
	}, "mState=", "mScreenState=\n", "DISPLAY MANAGER", "Display State=ON\n", "Display Id=", "DisplayDeviceInfo{\""))
}
