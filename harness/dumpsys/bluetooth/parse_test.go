package bluetooth

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/ringproof/ringproof/harness/dumpsys/text"
	"github.com/ringproof/ringproof/harness/internal/captures"
	"github.com/ringproof/ringproof/harness/internal/readertest"
)

// All texts are composed from the sources of the release that they are named
// after; the captured ones are in TestCorpus.

const head34 = `Bluetooth Status
  enabled: true
  state: ON
  address: 02:00:00:00:00:01
  name: state: OFF
  time since enabled: 02:46:10.138

Enable log:
  01-04 19:01:01  Enabled  due to APPLICATION_REQUEST by com.android.systemui

BluetoothManagerService:
  mEnable:true

`

const dump34 = head34 + `AdapterProperties
  Name: state: OFF
  Address: 02:00:00:00:00:01
  ConnectionState: STATE_CONNECTED
  State: ON
  Bonded devices:
    F4:B6:2D:00:00:01 [BR/EDR] Headset [1]
    50:00:00:00:00:02 => F4:B6:2D:00:00:02 [ DUAL ] Buds
    F4:B6:2D:00:00:03 [  LE  ] 
mSnoopLogSettingAtEnable = empty

AdapterState:
 rec[0]: time=01-06 17:07:02.845 processed=OffState org=OffState dest=TurningBleOnState what=3(0x3) BLE_TURN_ON
curState=OnState

Profile: GattService
  mMaxScanFilters: 0

Profile: HeadsetService
  mMaxHeadsetConnections: 5
  mActiveDevice: F4:B6:2D:00:00:01
  isInbandRingingEnabled: true
  mAudioRouteAllowed: true
  mVoiceRecognitionStarted: false
  AudioManager.isBluetoothScoOn(): true
  Telecom.isInCall(): true
  Telecom.isRinging(): false
  ==== StateMachine for F4:B6:2D:00:00:02 ====
    mCurrentDevice: F4:B6:2D:00:00:02
    mCurrentState: Disconnected
    mPrevState: AudioOn
    mConnectionState: 0
    mAudioState: 10
    StateMachine: name=HeadsetStateMachine state=Disconnected
      rec[0]: time=01-06 17:07:02.845 processed=Connected org=Connected dest=AudioOn what=7
      curState=Disconnected
  ==== StateMachine for F4:B6:2D:00:00:01 ====
    mCurrentDevice: F4:B6:2D:00:00:01
    mCurrentState: AudioOn
    mConnectionState: 2
    mAudioState: 12
    StateMachine: name=HeadsetStateMachine state=AudioOn
rec[0]: time=01-06 17:07:02.845 processed=Connected org=Connected dest=AudioOn what=7
curState=AudioOn

Profile: A2dpService
  mActiveDevice: F4:B6:2D:00:00:01
  === A2dpStateMachine for F4:B6:2D:00:00:01 (Active) ===
    mConnectionPolicy: 100
    mConnectionState: CONNECTED
    mIsPlaying: false
  === A2dpStateMachine for F4:B6:2D:00:00:02 (Inactive) ===
    mConnectionState: 0
AVRCP:
  mIsPlaying: true

Profile: HidHostService
  mTargetDevice: null
`

func TestParse(t *testing.T) {
	f, err := Parse([]byte(dump34))
	if err != nil {
		t.Fatal(err)
	}
	bonds := ""
	for _, b := range f.Bonded.Or(nil) {
		bonds += fmt.Sprintf("%d %s|%s|%s|%s\n", b.Line, b.Address, b.Identity, b.Type, b.Name)
	}
	for _, c := range []struct{ what, got, want string }{
		{"enabled", f.Enabled.String(), "true"},
		{"state", f.State.String(), "ON"},
		{"address", f.Address.String(), "02:00:00:00:00:01"},
		{"name", f.Name.String(), "state: OFF"},
		{"running", f.Running.String(), "true"},
		{"connection", f.Connection.String(), "CONNECTED"},
		{"bonds", bonds, "20 F4:B6:2D:00:00:01||BR/EDR|Headset [1]\n21 50:00:00:00:00:02|F4:B6:2D:00:00:02|DUAL|Buds\n22 F4:B6:2D:00:00:03||LE|\n"},
		{"active", f.Headset.Active.String(), "F4:B6:2D:00:00:01"},
		{"in band", f.Headset.Inband.String(), "true"},
		{"route allowed", f.Headset.RouteAllowed.String(), "true"},
		{"sco", f.Headset.SCO.String(), "true"},
		{"in call", f.Headset.InCall.String(), "true"},
		{"ringing", f.Headset.Ringing.String(), "false"},
		{"connected", f.HFPConnected().String(), "true"},
		{"audio", f.HFPAudioOn().String(), "true"},
		{"name of the active one", f.NameOf("F4:B6:2D:00:00:01").String(), "Headset [1]"},
		{"name by identity", f.NameOf("f4:b6:2d:00:00:02").String(), "Buds"},
		{"name of another", f.NameOf("F4:B6:2D:00:00:09").String(), "unknown"},
		{"a2dp active", f.A2DP.Active.String(), "F4:B6:2D:00:00:01"},
	} {
		if c.got != c.want {
			t.Errorf("%s = %s, want %s", c.what, c.got, c.want)
		}
	}
	d := f.Headset.Devices.Or(nil)
	if len(d) != 2 || d[0].Address != "F4:B6:2D:00:00:02" || d[0].Connected().String() != "false" || d[0].AudioOn().String() != "false" ||
		d[1].State.String() != "AudioOn" || d[1].Connection.String() != "2" || d[1].Audio.String() != "12" || d[1].Line != 50 || f.Headset.Devices.Line() != 32 {
		t.Errorf("devices at line %d = %+v", f.Headset.Devices.Line(), d)
	}
	// A dump without the machines' logs.
	short := strings.NewReplacer("curState=", "x=").Replace(dump34)
	if f, err := Parse([]byte(short)); err != nil || f.HFPAudioOn().String() != "true" || f.HFPAudioOn().Line() != 52 {
		t.Errorf("without logs: audio %v, %v", f.HFPAudioOn(), err)
	}
	s := f.A2DP.Devices.Or(nil)
	if len(s) != 2 || s[0].Connected.String() != "true" || s[0].Playing.String() != "false" || s[1].Connected.String() != "false" || s[1].Playing.Known() {
		t.Errorf("sinks = %+v", s)
	}
	// Older releases print the number of the state.
	f, _ = Parse([]byte(strings.Replace(dump34, "    mConnectionState: 0\nAVRCP", "    mConnectionState: 2\nAVRCP", 1)))
	if s := f.A2DP.Devices.Or(nil); len(s) != 2 || s[1].Connected.String() != "true" {
		t.Errorf("sinks = %+v", s)
	}
}

// API 26 and 27: one state machine, and the bonded devices elsewhere.
const dump26 = `Bluetooth Status
  enabled: true
  state: ON
  address: 02:00:00:00:00:01
  name: Phone

Bonded devices:
    F4:B6:2D:00:00:01 [BR/EDR] Headset

Profile: HeadsetService
  mCurrentDevice: F4:B6:2D:00:00:01
  mTargetDevice: null
  mIncomingDevice: null
  mActiveScoDevice: F4:B6:2D:00:00:01
  mMultiDisconnectDevice: null
  mVirtualCallStarted: false
  mVoiceRecognitionStarted: false
  mWaitingForVoiceRecognition: false
  StateMachine: HeadsetStateMachine:
 total records=2
 rec[0]: time=01-06 17:07:02.845 processed=Connected org=Connected dest=AudioOn what=7
curState=AudioOn
  mPhoneState: com.android.bluetooth.hfp.HeadsetPhoneState@1
  mAudioState: 12

Profile: A2dpService
  mTargetDevice: null
Profile: HidService
`

func TestAPI26(t *testing.T) {
	f, err := Parse([]byte(dump26))
	if err != nil || f.Running.String() != "true" || len(f.Bonded.Or(nil)) != 1 || f.HFPConnected().String() != "true" || f.HFPAudioOn().String() != "true" || f.Headset.Active.Known() {
		t.Errorf("%+v, %v", f, err)
	}
	f, _ = Parse([]byte(strings.ReplaceAll(dump26, ": F4:B6:2D:00:00:01", ": null")))
	if f.Headset.Devices.String() != "[]" || f.HFPConnected().String() != "false" {
		t.Errorf("nobody: %+v", f.Headset)
	}
	f, _ = Parse([]byte(strings.Replace(strings.Replace(dump26, "curState=AudioOn", "curState=MultiHFPending", 1), "mAudioState: 12", "mAudioState: 11", 1)))
	if f.HFPConnected().Known() || f.HFPAudioOn().String() != "false" {
		t.Errorf("pending: connected %v, audio %v", f.HFPConnected(), f.HFPAudioOn())
	}
	// A second headset connects while the first one has the audio.
	f, _ = Parse([]byte(strings.Replace(dump26, "curState=AudioOn", "curState=MultiHFPending", 1)))
	if f.HFPAudioOn().String() != "true" {
		t.Errorf("pending: audio %v", f.HFPAudioOn())
	}
}

// API 35 hides addresses and adds the class of the device.
func TestHiddenAddresses(t *testing.T) {
	in := strings.NewReplacer("F4:B6:2D:00", "XX:XX:XX:XX", "[BR/EDR] Headset [1]", "[BR/EDR][ 0x240404 ] Headset [1]").Replace(dump34)
	f, err := Parse([]byte(in))
	b := f.Bonded.Or([]Bond{{}})
	if err != nil || len(b) != 3 || b[0].Name != "Headset [1]" || b[0].Type != "BR/EDR" || f.NameOf("F4:B6:2D:01:00:01").String() != "Headset [1]" || f.HFPAudioOn().String() != "true" {
		t.Errorf("%+v, %v", f.Bonded, err)
	}
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"F4:B6:2D:xx:xx:xx", "F4:B6:2D:00:00:01", true},
		{"XX:XX:XX:XX:F5:5E", "f4:b6:2d:00:f5:5e", true},
		{"XX:XX:XX:XX:F5:5E", "F4:B6:2D:00:F5:5F", false},
		{"F4:B6:2D:00:00:01", "F4:B6:2D:00:00:02", false},
		{"", "", false},
		{"null", "null", false},
	} {
		if Same(c.a, c.b) != c.want {
			t.Errorf("Same(%q, %q) = %v", c.a, c.b, !c.want)
		}
	}
	// Two bonds that the same hidden address can mean.
	f, _ = Parse([]byte(strings.ReplaceAll(in, "XX:XX:00:03", "XX:XX:00:01")))
	if v := f.NameOf("F4:B6:2D:01:00:01"); v.Known() {
		t.Errorf("one of two names: %v", v)
	}
}

func TestOff(t *testing.T) {
	f, err := Parse([]byte("Bluetooth Status\n  enabled: false\n  state: OFF\n  address: null\n  name: null\n\nBluetooth Service not connected\n"))
	if err != nil || f.Enabled.String() != "false" || f.Running.String() != "false" || f.Address.Known() || f.Name.Known() || f.HFPConnected().String() != "false" || f.HFPConnected().Line() != 3 || f.Bonded.Known() {
		t.Errorf("%+v, %v", f, err)
	}
	// The process is down although the adapter should be on.
	f, err = Parse([]byte(head34 + "Bluetooth Service not connected\n"))
	if err != nil || f.Running.String() != "false" || f.HFPConnected().Known() {
		t.Errorf("%+v, %v", f, err)
	}
}

func TestProblems(t *testing.T) {
	cut := func(at string) string { before, _, _ := strings.Cut(dump34, at); return before }
	for in, kind := range map[string]text.Kind{
		"": text.Empty, "hello\n": text.NotADump, "Can't find service: bluetooth_manager\n": text.NoService,
		"Bluetooth Status\n  enabled: true\n": text.Truncated, head34: text.Truncated,
		cut("    50:00"): text.Truncated, cut("  ==== StateMachine for F4:B6:2D:00:00:01"): text.Truncated,
		strings.TrimPrefix(cut("  ==== StateMachine for F4:B6:2D:00:00:01"), "Bluetooth Status\n"): text.NotADump,
	} {
		f, err := Parse([]byte(in))
		if !errors.Is(err, &text.Problem{Kind: kind}) || f.HFPConnected().Known() || f.Headset.Devices.Known() {
			t.Errorf("%.30q...: %v", in, err)
		}
		if strings.HasSuffix(in, "Headset [1]\n") && f.Bonded.Known() {
			t.Errorf("a cut list of bonds is known: %v", f.Bonded)
		}
	}
}

func FuzzParse(f *testing.F) {
	parse := readertest.Asked(Parse, func(f Facts) {
		f.HFPConnected()
		f.HFPAudioOn()
		for _, b := range f.Bonded.Or(nil) {
			f.NameOf(b.Address)
		}
	})
	readertest.Fuzz(f, parse, readertest.Texts(grammars, dump34, dump26,
		"Bluetooth Status\nstate: \nBonded devices:\n00:00:00:00:00:00 => \n00:00:00:00:00:00 []\n00:00:00:00:00:00 [][ 0x\nProfile: HeadsetService\nmCurrentDevice: \n==== StateMachine for \ncurState=\nProfile: A2dpService\n=== A2dpStateMachine for \nmConnectionState: \nProfile: \n",
	)...)
}

// What a person sees in the captured dumps: none was taken with a connected
// headset, and the last is a part that somebody typed.
func TestCorpus(t *testing.T) {
	for _, name := range []string{"bluetooth/001-a11-oppo-a9-two-bonded-none-connected.txt", "bluetooth/002-a11-oppo-a9-full.txt"} {
		f, err := Parse(captures.File(t, name))
		b := f.Bonded.Or(nil)
		if err != nil || f.State.String() != "ON" || f.Enabled.String() != "true" || f.Name.String() != "OPPO A9 2020" || f.Address.String() != "AA:BB:CC:00:69:E6" ||
			f.Connection.String() != "DISCONNECTED" || len(b) != 2 || b[0] != (Bond{Address: "AA:BB:CC:00:7B:5E", Type: "BR/EDR", Name: "soundcore K20i", Line: 42}) || b[1].Type != "LE" || b[1].Name != "soundcore R50i NC" {
			t.Errorf("%s: %+v, %v", name, f, err)
		}
		if v, known := f.Headset.Active.Get(); v != "" || !known || f.Headset.Devices.String() != "[]" || f.HFPConnected().String() != "false" || f.A2DP.Devices.String() != "[]" ||
			f.Headset.InCall.String() != "false" || f.Headset.Inband.String() != "true" {
			t.Errorf("%s: headset %+v, a2dp %+v", name, f.Headset, f.A2DP)
		}
	}
	f, err := Parse(captures.File(t, "bluetooth/004-a16-pixel7a-headset-active-snippet.txt"))
	if !errors.Is(err, &text.Problem{Kind: text.NotADump}) || f.Headset.Active.String() != "XX:XX:XX:XX:8D:51" || f.Headset.Active.Line() != 2 || f.Headset.RouteAllowed.String() != "true" || f.HFPConnected().Known() {
		t.Errorf("part of a dump: %+v, %v", f, err)
	}
}
