package render

import (
	"github.com/ringproof/ringproof/devices/virtual/android"
)

// adapterAddress is the phone's own address.
const adapterAddress = "02:00:00:44:55:66"

// Bluetooth is `dumpsys bluetooth_manager`: BluetoothManagerService's part, and the
// dump of Bluetooth's own process (AdapterService, HeadsetService, A2dpService)
// while that runs. The services' dumps have their present form since 9; 8 had one
// state machine for all headsets.
func Bluetooth(d *android.Device) string {
	p := of(d)
	b := d.Bluetooth
	name, _ := d.Settings.Get(android.Secure, "bluetooth_name")
	on := b.State == android.BluetoothOn
	p.ln("Bluetooth Status")
	p.ln("  enabled: %t", on)
	p.ln("  state: %s", b.State)
	if on {
		p.ln("  address: %s", shownAddress(d, adapterAddress))
		p.ln("  name: %s", name)
		up := d.Elapsed() - b.EnabledAt
		p.ln("  time since enabled: %02d:%02d:%02d.%03d", int(up.Hours()), int(up.Minutes())%60, int(up.Seconds())%60, up.Milliseconds()%1000)
	} else {
		p.ln("  address: null")
		p.ln("  name: null")
	}
	p.ln("")
	enableLog(p, d)
	p.ln("")
	p.ln("Bluetooth crashed 0 times")
	p.ln("")
	if d.API >= 35 {
		p.ln("Number of Ble app registered: 0")
	} else {
		p.ln("0 BLE apps registered")
	}
	p.ln("")
	if d.API >= 30 {
		p.ln("BluetoothManagerService:")
		p.ln("  mEnable:%t", on)
		p.ln("  mQuietEnable:false")
		p.ln("  mEnableExternal:%t", on)
		p.ln("  mQuietEnableExternal:false")
		p.ln("")
	}
	if b.State == android.BluetoothOff || b.State == android.BluetoothTurningOn {
		p.ln("Bluetooth Service not connected")
		return p.String()
	}
	p.ln("")
	if d.API < 28 {
		oldServices(p, d)
	} else {
		adapterProperties(p, d, name)
		headsetService(p, d)
		a2dpService(p, d)
	}
	// Phones print more profiles; one that follows shows that A2DP is whole.
	p.ln("Profile: HidHostService")
	p.ln("  mTargetDevice: null")
	p.ln("")
	return p.String()
}

func enableLog(p *page, d *android.Device) {
	changes := d.Bluetooth.Changes
	if len(changes) == 0 {
		p.ln("Enable log:")
		return
	}
	p.ln("Enable log:")
	for _, c := range changes {
		at := c.Time.UTC().Format("01-02 15:04:05")
		if d.API >= 35 {
			p.ln("  %s: Package [%s] requested to [%s]. Reason is APPLICATION_REQUEST", at, c.Package, map[bool]string{true: "Enable", false: "Disable"}[c.Enable])
			continue
		}
		p.ln("  %s %s  due to APPLICATION_REQUEST by %s", at, map[bool]string{true: " Enabled", false: "Disabled"}[c.Enable], c.Package)
	}
}

// shownAddress hides all but the last two octets since 15.
func shownAddress(d *android.Device, address string) string {
	if d.API >= 35 && len(address) > 5 {
		return "XX:XX:XX:XX:" + address[len(address)-5:]
	}
	return address
}

func adapterProperties(p *page, d *android.Device, name string) {
	connection := "STATE_DISCONNECTED"
	for _, h := range d.Bluetooth.Headsets {
		if h.Connected() {
			connection = "STATE_CONNECTED"
		}
	}
	p.ln("AdapterProperties")
	p.ln("  Name: %s", name)
	p.ln("  Address: %s", shownAddress(d, adapterAddress))
	p.ln("  ScanMode: SCAN_MODE_CONNECTABLE")
	p.ln("  ConnectionState: %s", connection)
	p.ln("  State: %s", d.Bluetooth.State)
	p.ln("  MaxConnectedAudioDevices: 5")
	p.ln("  Discovering: false")
	p.ln("  Bonded devices:")
	for _, h := range d.Bluetooth.Headsets {
		p.put("    " + bond(d, h))
	}
	p.ln("")
	p.ln("AdapterState:")
	p.ln("curState=OnState")
	p.ln("")
}

func bond(d *android.Device, h *android.Headset) string {
	switch {
	case d.API >= 35:
		return shownAddress(d, h.Address) + " [BR/EDR][ 0x240404 ] " + h.Name
	case d.API >= 33:
		// The identity address is printed beside the one that was paired.
		return h.Address + " => " + h.Address + " [BR/EDR] " + h.Name
	}
	return h.Address + " [BR/EDR] " + h.Name
}

func activeHeadset(d *android.Device) string {
	if h := d.Bluetooth.Active(); h != nil {
		return shownAddress(d, h.Address)
	}
	return "null"
}

func headsetService(p *page, d *android.Device) {
	p.ln("Profile: HeadsetService")
	p.ln("  mMaxHeadsetConnections: 5")
	p.ln("  DefaultMaxHeadsetConnections: 5")
	p.ln("  mActiveDevice: %s", activeHeadset(d))
	p.ln("  isInbandRingingEnabled: %t", d.Bluetooth.Active() != nil)
	p.ln("  mAudioRouteAllowed: true")
	p.ln("  mVoiceRecognitionStarted: false")
	p.ln("  mVirtualCallStarted: false")
	p.ln("  mForceScoAudio: false")
	if d.API <= 33 {
		p.ln("  mCreated: true")
	}
	if d.API <= 34 {
		p.ln("  mStarted: true")
	}
	p.ln("  AudioManager.isBluetoothScoOn(): %t", scoState(d) != "SCO_STATE_INACTIVE")
	p.ln("  Telecom.isInCall(): %t", d.Telecom.Foreground() != nil)
	p.ln("  Telecom.isRinging(): %t", ringing(d))
	for _, h := range d.Bluetooth.Headsets {
		if h.Machine {
			headsetMachine(p, d, h)
		}
	}
	p.ln("")
}

func headsetMachine(p *page, d *android.Device, h *android.Headset) {
	p.ln("  ==== StateMachine for %s ====", shownAddress(d, h.Address))
	p.ln("    mCurrentDevice: %s", shownAddress(d, h.Address))
	p.ln("    mCurrentState: %s", h.HFP)
	p.ln("    mPrevState: %s", h.Previous)
	p.ln("    mConnectionState: %d", connectionState(h))
	p.ln("    mAudioState: %d", audioState(h))
	p.ln("    mNeedDialingOutReply: false")
	p.ln("    mSpeakerVolume: 9")
	p.ln("    mMicVolume: 9")
	if d.API >= 33 {
		p.ln("    mHsClientAudioPolicy: {SupportedFeatureAudioPolicy: false, CallEstablishAudioPolicy: 0, ConnectingTimeAudioPolicy: 0, InBandRingtoneAudioPolicy: 0}")
	}
	p.ln("    StateMachine: name=HeadsetStateMachine state=%s", h.HFP)
	p.ln("    StateMachineLog:")
	for i, l := range h.Log {
		p.ln("       rec[%d]: time=%s processed=<null> org=<null> dest=%s what=0(0x0)", i, l.Time.UTC().Format("01-02 15:04:05.000"), l.Text)
	}
	p.ln("      curState=%s", h.HFP)
}

// connectionState is BluetoothProfile.STATE_*.
func connectionState(h *android.Headset) int {
	switch {
	case h.Connected():
		return 2
	case h.HFP == android.HFPConnecting:
		return 1
	}
	return 0
}

// audioState is BluetoothHeadset.STATE_AUDIO_*.
func audioState(h *android.Headset) int {
	switch h.HFP {
	case android.HFPAudioConnecting:
		return 11
	case android.HFPAudioOn:
		return 12
	}
	return 10
}

func a2dpService(p *page, d *android.Device) {
	p.ln("Profile: A2dpService")
	active := "null"
	if h := d.Bluetooth.Active(); h != nil && h.A2DP {
		active = shownAddress(d, h.Address)
	}
	p.ln("  mActiveDevice: %s", active)
	for _, h := range d.Bluetooth.Headsets {
		if !h.Machine {
			continue
		}
		state, mark := "DISCONNECTED", ""
		if h.A2DP {
			state = "CONNECTED"
		}
		if h == d.Bluetooth.Active() {
			mark = " (Active)"
		}
		p.ln("  === A2dpStateMachine for %s%s ===", shownAddress(d, h.Address), mark)
		p.ln("    mConnectionPolicy: 100")
		p.ln("    mConnectionState: %s", state)
		p.ln("    mIsPlaying: %t", d.Bluetooth.Playing(h))
		p.ln("    StateMachine: A2dpStateMachine:")
		p.ln("curState=%s", map[bool]string{true: "Connected", false: "Disconnected"}[h.A2DP])
	}
	p.ln("")
}

// oldServices is the dump of 8: bonded devices of AdapterService, and one state
// machine for all headsets.
func oldServices(p *page, d *android.Device) {
	p.ln("Bonded devices:")
	for _, h := range d.Bluetooth.Headsets {
		p.put("    " + bond(d, h))
	}
	p.ln("")
	current, sco, state, audio := "null", "null", android.HFPDisconnected, 10
	if h := d.Bluetooth.Active(); h != nil {
		current, state, audio = h.Address, h.HFP, audioState(h)
		if h.HFP == android.HFPAudioOn {
			sco = h.Address
		}
	}
	p.ln("Profile: HeadsetService")
	for _, l := range []string{"mCurrentDevice: " + current, "mTargetDevice: null", "mIncomingDevice: null", "mActiveScoDevice: " + sco,
		"mMultiDisconnectDevice: null", "mVirtualCallStarted: false", "mVoiceRecognitionStarted: false", "mWaitingForVoiceRecognition: false"} {
		p.put("  " + l)
	}
	p.ln("  StateMachine: HeadsetStateMachine:")
	p.ln(" total records=0")
	p.ln("curState=%s", oldState(state))
	p.ln("  mPhoneState: com.android.bluetooth.hfp.HeadsetPhoneState@%s", hash(d, "headset phone state"))
	p.ln("  mAudioState: %d", audio)
	p.ln("")
	p.ln("Profile: A2dpService")
	p.ln("  mTargetDevice: null")
	p.ln("")
}

// oldState is the name of a state in the machine of 8, which knew fewer.
func oldState(s android.HFPState) string {
	switch s {
	case android.HFPConnecting:
		return "Pending"
	case android.HFPAudioConnecting, android.HFPAudioDisconnecting:
		return "Connected"
	}
	return string(s)
}
