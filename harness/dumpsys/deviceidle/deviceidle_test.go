package deviceidle

import (
	"errors"
	"slices"
	"testing"

	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

const dump34 = `  Settings:
    light_after_inactive_to=+4m0s0ms
  Idling history:
    deep-idle: -2m
  Whitelist (except idle) system apps:
    com.android.providers.downloads
  Whitelist user apps:
    org.ringproof.sample
    com.other
  Whitelist (except idle) all app ids:
    1000
  mLightDeepState
  mForceIdle=true mMotionSensor=null
  mScreenOn=false
  mScreenLocked=true
  mCharging=false
  mState=IDLE mLightState=OVERRIDE
`

func TestParse(t *testing.T) {
	f, err := Parse([]byte(dump34))
	if err != nil {
		t.Fatal(err)
	}
	if f.Deep.String() != "IDLE" || f.Light.String() != "OVERRIDE" || f.Forced.String() != "true" || f.ScreenOn.String() != "false" ||
		f.ScreenLocked.String() != "true" || f.Charging.String() != "false" || f.Idle().String() != "true" || f.Deep.Line() != 17 ||
		!slices.Equal(f.Exempt.Or(nil), []string{"org.ringproof.sample", "com.other"}) {
		t.Errorf("facts = %+v", f)
	}
	f, err = Parse([]byte("  mState=IDLE_MAINTENANCE\n  mLightState=ACTIVE\n"))
	if err != nil || f.Idle().String() != "false" || f.Light.String() != "ACTIVE" || f.ScreenLocked.Known() || f.Exempt.String() != "[]" {
		t.Errorf("facts = %+v, %v", f, err)
	}
}

func TestProblems(t *testing.T) {
	for in, kind := range map[string]text.Kind{
		"": text.Empty, "hello": text.NotADump, "  Settings:\n    x=1\n": text.Truncated, "Can't find service: deviceidle": text.NoService,
	} {
		if f, err := Parse([]byte(in)); !errors.Is(err, &text.Problem{Kind: kind}) || f.Idle().Known() {
			t.Errorf("%q: %v", in, err)
		}
	}
}
