package bluetooth

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ringproof/ringproof/harness/internal/grammar"
)

func TestGrammars(t *testing.T) { grammar.Check(t, grammars) }

// The composed rows follow section 5.1 of the format description
// (BluetoothManagerService.dump, AdapterService.dump and the services of the
// profiles); the texts of 26 and 34 are those of the other tests.
var grammars = []grammar.Row{
	{From: 26, To: 27, Mark: grammar.Composed, Text: dump26, Check: says("ON, bonded F4:B6:2D:00:00:01|BR/EDR|Headset, active unknown, connected true, audio true, HFP F4:B6:2D:00:00:01/AudioOn/unknown/12, A2DP active unknown")},
	// 28: a state machine for each device; numbers for states, words for A2DP.
	{From: 28, To: 29, Mark: grammar.Composed, Check: says("ON, bonded F4:B6:2D:00:00:01|BR/EDR|Headset F4:B6:2D:00:00:02|DUAL|, active F4:B6:2D:00:00:01, connected true, audio false, HFP F4:B6:2D:00:00:01/Connected/2/10, A2DP active F4:B6:2D:00:00:01 F4:B6:2D:00:00:01/true/true"),
		Text: `Bluetooth Status
  enabled: true
  state: ON
  address: 02:00:00:00:00:01
  name: Phone
  time since enabled: 02:46:10.138

Enable log:
  01-04 19:01:01  Enabled  due to APPLICATION_REQUEST by com.android.systemui

Bluetooth crashed 0 times

0 BLE apps registered

AdapterProperties
  Name: Phone
  Address: 02:00:00:00:00:01
  BluetoothClass: 5898764
  ScanMode: SCAN_MODE_CONNECTABLE
  ConnectionState: STATE_CONNECTED
  State: ON
  Bonded devices:
    F4:B6:2D:00:00:01 [BR/EDR] Headset
    F4:B6:2D:00:00:02 [ DUAL ] 

AdapterState:
curState=OnState

Profile: HeadsetService
  mMaxHeadsetConnections: 5
  mActiveDevice: F4:B6:2D:00:00:01
  isInbandRingingEnabled: false
  mAudioRouteAllowed: true
  mForceScoAudio: false
  mCreated: true
  mStarted: true
  AudioManager.isBluetoothScoOn(): false
  Telecom.isInCall(): false
  Telecom.isRinging(): false
  ==== StateMachine for F4:B6:2D:00:00:01 ====
    mCurrentDevice: F4:B6:2D:00:00:01
    mCurrentState: Connected
    mPrevState: AudioOn
    mConnectionState: 2
    mAudioState: 10
    StateMachine: name=HeadsetStateMachine state=Connected
    StateMachineLog: StateMachine:
       rec[0]: time=01-06 17:07:02.845 processed=Connected org=Connected dest=AudioOn what=7
      curState=Connected

Profile: A2dpService
  mActiveDevice: F4:B6:2D:00:00:01
  === A2dpStateMachine for F4:B6:2D:00:00:01 (Active) ===
    mConnectionState: 2, mIsPlaying: true
AVRCP:
  mMediaAttributes: none

Profile: HidHostService
`},
	// 30 has the manager's own part before the process's.
	{From: 30, To: 32, Mark: grammar.Composed, Check: says("ON, bonded none, active none, connected false, audio false, HFP none, A2DP active none"),
		Text: `Bluetooth Status
  enabled: true
  state: ON
  address: 02:00:00:00:00:01
  name: Phone

Bluetooth crashed 0 times

0 BLE apps registered

BluetoothManagerService:
  mEnable:true
  mQuietEnable:false

AdapterProperties
  Name: Phone
  ConnectionState: STATE_DISCONNECTED
  State: ON
  Bonded devices:
mSnoopLogSettingAtEnable = empty

Profile: HeadsetService
  mMaxHeadsetConnections: 5
  mActiveDevice: null
  mCreated: true
  mStarted: true
  Telecom.isInCall(): false

Profile: A2dpService
  mActiveDevice: null
AVRCP:
  mTracksPlayed: 0

Profile: PbapService
`},
	// 33 and 34 print the address behind a private one.
	{From: 33, To: 34, Mark: grammar.Composed, Text: dump34, Check: says("ON, bonded F4:B6:2D:00:00:01|BR/EDR|Headset [1] 50:00:00:00:00:02=F4:B6:2D:00:00:02|DUAL|Buds F4:B6:2D:00:00:03|LE|, active F4:B6:2D:00:00:01, connected true, audio true, HFP F4:B6:2D:00:00:02/Disconnected/0/10 F4:B6:2D:00:00:01/AudioOn/2/12, A2DP active F4:B6:2D:00:00:01 F4:B6:2D:00:00:01/true/false F4:B6:2D:00:00:02/false/unknown")},
	// 35 hides addresses, has the class of a device and another log.
	{From: 35, To: 36, Mark: grammar.Composed, Check: says("ON, bonded XX:XX:XX:XX:F5:5E|DUAL|Buds, active XX:XX:XX:XX:F5:5E, connected true, audio true, HFP XX:XX:XX:XX:F5:5E/AudioOn/2/12, A2DP active none"),
		Text: `Bluetooth Status
  enabled: true
  state: ON
  address: XX:XX:XX:XX:82:10
  name: Phone
  time since enabled: 02:46:10.138

Enable log:
01-04 19:01:01 Package [android] requested to [Enable]. Reason is SYSTEM_BOOT

Bluetooth crashed 0 times
Number of Ble app registered: 0
BluetoothManagerService:
  mEnable:true

🚩Flag dump:
[■]: com.android.bluetooth.flags.identity
[ ]: com.android.bluetooth.flags.state: OFF

AdapterProperties
  Name: Phone
  Address: XX:XX:XX:XX:82:10
  ConnectionState: STATE_CONNECTED
  State: ON
  Bonded devices:
    XX:XX:XX:XX:F5:5E [ DUAL ][ 0x240404 ] Buds

Profile: HeadsetService
  mMaxHeadsetConnections: 5
  mActiveDevice: XX:XX:XX:XX:F5:5E
  isInbandRingingEnabled: true
  ==== StateMachine for XX:XX:XX:XX:F5:5E ====
    mCurrentDevice: XX:XX:XX:XX:F5:5E
    mCurrentState: AudioOn
    mConnectionState: 2
    mAudioState: 12
    mHsClientAudioPolicy: BluetoothSinkAudioPolicy: call establish 0
      curState=AudioOn

Profile: A2dpService
  mActiveDevice: null
AVRCP:

Profile: LeAudioService
`},
	// Off: the other process is gone, and so is all below.
	{From: 26, To: 36, Mark: grammar.Composed, Check: says("OFF, bonded unknown, active unknown, connected false, audio false, HFP unknown, A2DP active unknown"),
		Text: `Bluetooth Status
  enabled: false
  state: OFF
  address: 02:00:00:00:00:01
  name: Phone

Bluetooth crashed 0 times

0 BLE apps registered

Bluetooth Service not connected
`},
	{From: 30, To: 30, Maker: "OPPO", Mark: grammar.Captured, File: "bluetooth/002-a11-oppo-a9-full.txt", Check: says("ON, bonded AA:BB:CC:00:7B:5E|BR/EDR|soundcore K20i AA:BB:CC:00:8D:41|LE|soundcore R50i NC, active none, connected false, audio false, HFP none, A2DP active none")},
}

// says compares the facts, in words, with what a person sees in the text.
func says(want string) func(testing.TB, []byte) {
	return func(t testing.TB, in []byte) {
		f, err := Parse(in)
		if err != nil {
			t.Errorf("Parse: %v", err)
		}
		if got := inWords(f); got != want {
			t.Errorf("\n got %s\nwant %s", got, want)
		}
	}
}

func inWords(f Facts) string {
	address := func(v string, known bool) string {
		switch {
		case !known:
			return "unknown"
		case v == "":
			return "none"
		}
		return v
	}
	all := func(known bool, words []string) string {
		switch {
		case !known:
			return "unknown"
		case len(words) == 0:
			return "none"
		}
		return strings.Join(words, " ")
	}
	var bonds, hfp []string
	for _, b := range f.Bonded.Or(nil) {
		a := b.Address
		if b.Identity != "" {
			a += "=" + b.Identity
		}
		bonds = append(bonds, a+"|"+b.Type+"|"+b.Name)
	}
	for _, d := range f.Headset.Devices.Or(nil) {
		hfp = append(hfp, fmt.Sprintf("%s/%v/%v/%v", d.Address, d.State, d.Connection, d.Audio))
	}
	s := fmt.Sprintf("%v, bonded %s, active %s, connected %v, audio %v, HFP %s, A2DP active %s", f.State, all(f.Bonded.Known(), bonds), address(f.Headset.Active.Get()),
		f.HFPConnected(), f.HFPAudioOn(), all(f.Headset.Devices.Known(), hfp), address(f.A2DP.Active.Get()))
	for _, d := range f.A2DP.Devices.Or(nil) {
		s += fmt.Sprintf(" %s/%v/%v", d.Address, d.Connected, d.Playing)
	}
	return s
}
