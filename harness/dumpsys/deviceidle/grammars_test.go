package deviceidle

import (
	"fmt"
	"testing"

	"github.com/ringproof/ringproof/harness/dumpsys/text"
	"github.com/ringproof/ringproof/harness/internal/captures"
	"github.com/ringproof/ringproof/harness/internal/grammar"
	"github.com/ringproof/ringproof/harness/internal/readertest"
)

// All rows are composed: no dump of this service was at hand. The texts follow
// DeviceIdleController.dump of API 26 (services/core) and 30 (apex/jobscheduler)
// and section 4.7 of the reference.
var grammars = []grammar.Row{
	{From: 26, To: 27, Mark: grammar.Composed, Text: `  Settings:
    light_after_inactive_to=+5m0s0ms
    motion_inactive_to=+10m0s0ms
  Idling history:
         normal: -12m3s4ms
     light-idle: -22m3s4ms
  Whitelist (except idle) system apps:
    com.android.providers.downloads
  Whitelist system apps:
    com.android.shell
  Whitelist user apps:
    org.ringproof.sample
    com.other
  Whitelist (except idle) all app ids:
    1000
  Whitelist user app ids:
    10234
  Whitelist all app ids:
    1000
    10234
  Temp whitelist schedule:
    UID=10234: +9s998ms - broadcast:u0a143:com.google.android.c2dm.intent.RECEIVE
  Temp whitelist app ids:
    10234
  mLightEnabled=true  mDeepEnabled=false
  mForceIdle=false
  mMotionSensor={Sensor name="Significant motion", vendor="x", version=1, type=17}
  mCurDisplay=Display id 0: DisplayInfo{"Built-in Screen", uniqueId "local:0", state ON, FLAG_SECURE}
  mScreenOn=true
  mNetworkConnected=true
  mCharging=true
  mMotionActive=false
  mNotMoving=false
  mLocating=false mHasGps=false mHasNetwork=false mLocated=false
  mState=ACTIVE mLightState=ACTIVE
  mInactiveTimeout=+30m0s0ms
`, Check: sees("ACTIVE of line 35, ACTIVE, enabled false true, forced false, screen true, locked unknown, charging true, connected true, exempt [org.ringproof.sample com.other] of line 11, temporary [{10234 +9s998ms broadcast:u0a143:com.google.android.c2dm.intent.RECEIVE 22}]")},
	{From: 28, To: 28, Mark: grammar.Composed, Text: `  Settings:
    light_after_inactive_to=+3m0s0ms
  mLightEnabled=true  mDeepEnabled=true
  mForceIdle=true
  mMotionSensor=null
  mScreenOn=false
  mScreenLocked=true
  mNetworkConnected=false
  mCharging=false
  mState=IDLE mLightState=OVERRIDE
  mInactiveTimeout=+30m0s0ms
  mNextAlarmTime=+59m59s998ms
`, Check: sees("IDLE of line 10, OVERRIDE, enabled true true, forced true, screen false, locked true, charging false, connected false, exempt [] of line 10, temporary []")},
	{From: 29, To: 32, Mark: grammar.Composed, Text: `  Settings:
    flex_time_short=+1m0s0ms
    wait_for_unlock=true
    pre_idle_factor_long=1.67
  Idling history:
       deep-idle: -2m3s4ms (u-idle)
          normal: -3m3s4ms (screen)
  Removed from whitelist system apps:
    com.android.cts
  Whitelist user apps:
    org.ringproof.sample
  mLightEnabled=true  mDeepEnabled=true
  mForceIdle=false
  mUseMotionSensor=true mMotionSensor={Sensor name="x"}
  mScreenOn=false
  mScreenLocked=true
  mNetworkConnected=true
  mCharging=false
  mConstraints={
    "Bluetooth"=ignored <mMinState=IDLE_PENDING>
  }
  mMotionActive=false
  mNotMoving=false
  mMotionListener.activatedTimeElapsed=0
  0 stationary listeners registered
  mLocating=false mHasGps=false mHasNetwork=false mLocated=false
  mState=QUICK_DOZE_DELAY mLightState=PRE_IDLE
  mInactiveTimeout=+5m0s0ms
`, Check: sees("QUICK_DOZE_DELAY of line 27, PRE_IDLE, enabled true true, forced false, screen false, locked true, charging false, connected true, exempt [org.ringproof.sample] of line 10, temporary []")},
	{From: 33, To: 36, Mark: grammar.Composed, Unsure: "API 33 and newer were not read in source: the lists may be called allowlists, as the row below has it", Text: `  Settings:
    light_idle_to=+5m0s0ms
  Whitelist user apps:
    org.ringproof.sample
  Temp whitelist schedule:
    UID=10234: +4s1ms - push:com.google.android.gms
    UID=10235: +30s - notification action
  mLightEnabled=true  mDeepEnabled=true
  mForceIdle=false
  mScreenOn=false
  mScreenLocked=true
  mNetworkConnected=true
  mCharging=false
  mEmergencyCall=false
  mState=IDLE_MAINTENANCE mLightState=WAITING_FOR_NETWORK
`, Check: sees("IDLE_MAINTENANCE of line 15, WAITING_FOR_NETWORK, enabled true true, forced false, screen false, locked true, charging false, connected true, exempt [org.ringproof.sample] of line 3, temporary [{10234 +4s1ms push:com.google.android.gms 6} {10235 +30s notification action 7}]")},
	{From: 33, To: 36, Mark: grammar.Composed, Unsure: "the other form of the row above", Text: `  Settings:
    light_idle_to=+5m0s0ms
  Allowlist user apps:
    org.ringproof.sample
  Temp allowlist schedule:
    UID=10234: +4s1ms - push
  mLightEnabled=false  mDeepEnabled=true
  mForceIdle=false
  mScreenOn=true
  mState=INACTIVE
  mLightState=INACTIVE
`, Check: sees("INACTIVE of line 10, INACTIVE, enabled true false, forced false, screen true, locked unknown, charging unknown, connected unknown, exempt [org.ringproof.sample] of line 3, temporary [{10234 +4s1ms push 6}]")},
}

func sees(want string) func(testing.TB, []byte) {
	return func(t testing.TB, b []byte) {
		t.Helper()
		f, err := Parse(b)
		got := fmt.Sprintf("%v of line %d, %v, enabled %v %v, forced %v, screen %v, locked %v, charging %v, connected %v, exempt %v of line %d, temporary %v",
			f.Deep, f.Deep.Line(), f.Light, f.DeepEnabled, f.LightEnabled, f.Forced, f.ScreenOn, f.ScreenLocked, f.Charging, f.Connected, f.Exempt, f.Exempt.Line(), f.Temporary)
		if err != nil || got != want {
			t.Errorf("%s, %v\nwant %s", got, err, want)
		}
	}
}

func TestGrammars(t *testing.T) { grammar.Check(t, grammars) }

// The dumps of the services beside this one are told apart, not misread.
func TestOthersDumps(t *testing.T) {
	for in, msg := range map[string]string{
		"Current Alarm Manager state:\n  Settings:\n    min_futurity=+5s0ms\n":                                     "another service's dump: Current Alarm Manager state:",
		"user=0\n  Last 24 hour events (timeRange=\"x\")\n    time=\"2026-05-03\" type=KEYGUARD_SHOWN flags=0x0\n": "another service's dump: user=0",
	} {
		f, err := Parse([]byte(in))
		if p, ok := text.AsProblem(err); !ok || p.Kind != text.NotADump || p.Line != 1 || p.Msg != msg || f.Exempt.Known() {
			t.Errorf("%q: %+v, %v", in, f, err)
		}
	}
}

func TestCorpusOthers(t *testing.T) {
	for name, line := range map[string]int{
		"002-a14-hyperos-alarms-head.txt": 1, "003-a14-hyperos-usagestats-head.txt": 1, "004-a9-automotive-alarm.txt": 0,
	} {
		f, err := Parse(captures.File(t, "deviceidle/"+name))
		p, ok := text.AsProblem(err)
		if !ok || p.Kind != text.NotADump || p.Line != line || f.Deep.Known() || f.Exempt.Known() {
			t.Errorf("%s: %+v, %v", name, f, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	readertest.Fuzz(f, readertest.Of(Parse), grammars[0].Text, grammars[2].Text, grammars[3].Text, dump34,
		"Settings:\nWhitelist user apps:\nTemp whitelist schedule:\nUID=\nUID=1: \nUID=1:  - \nmState=\nmLightEnabled= mDeepEnabled=1\n")
}
