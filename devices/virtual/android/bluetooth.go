package android

import (
	"slices"
	"time"
)

// BluetoothState is the adapter's state as BluetoothManagerService prints it.
type BluetoothState string

// States of the adapter.
const (
	BluetoothOff        BluetoothState = "OFF"
	BluetoothTurningOn  BluetoothState = "TURNING_ON"
	BluetoothOn         BluetoothState = "ON"
	BluetoothTurningOff BluetoothState = "TURNING_OFF"
)

// HFPState is a state of HeadsetStateMachine, one machine a device.
type HFPState string

// States of a headset's hands-free connection.
const (
	HFPDisconnected       HFPState = "Disconnected"
	HFPConnecting         HFPState = "Connecting"
	HFPConnected          HFPState = "Connected"
	HFPAudioConnecting    HFPState = "AudioConnecting"
	HFPAudioOn            HFPState = "AudioOn"
	HFPAudioDisconnecting HFPState = "AudioDisconnecting"
)

// How long the radio takes. Orders of magnitude of phones; the link supervision
// timeout is what the phone's side sets by default, shortened by most headsets.
const (
	adapterSwitch   = 500 * time.Millisecond
	headsetConnects = 1500 * time.Millisecond
	headsetReturns  = 2500 * time.Millisecond
	linkLost        = 4 * time.Second
	scoConnects     = 350 * time.Millisecond
	scoEnds         = 120 * time.Millisecond
)

// Headset is a bonded device with the hands-free and the media profile.
type Headset struct {
	Address, Name string
	// Near: it is switched on and in range.
	Near bool
	HFP  HFPState
	// Previous is the state before, as the dump tells it.
	Previous HFPState
	// A2DP: it is connected for media, too. It always is with HFP.
	A2DP bool
	// Machine: the phone's services have met it since the adapter is on.
	Machine bool
	// Log are the changes of HFP, oldest first.
	Log []HistoryLine

	step int // a step that was planned before another change is void
}

// Connected reports whether the headset is connected for calls.
func (h *Headset) Connected() bool {
	return h.HFP == HFPConnected || h.HFP == HFPAudioConnecting || h.HFP == HFPAudioOn || h.HFP == HFPAudioDisconnecting
}

// BluetoothChange is a line of the adapter's log.
type BluetoothChange struct {
	Time    time.Time
	Enable  bool
	Package string
}

// Bluetooth is the adapter with the headset and media services.
type Bluetooth struct {
	d     *Device
	State BluetoothState
	// Headsets are the bonded ones, in order of bonding.
	Headsets []*Headset
	// EnabledAt is since boot.
	EnabledAt time.Duration
	Changes   []BluetoothChange

	active *Headset
	step   int
}

// Active is the headset that calls and media go to; nil when none is connected.
func (b *Bluetooth) Active() *Headset { return b.active }

// Enable switches the adapter on, for the package that asks.
func (b *Bluetooth) Enable(by string) {
	if b.State == BluetoothOn || b.State == BluetoothTurningOn {
		return
	}
	b.to(true, by)
}

// Disable switches the adapter off, for the package that asks.
func (b *Bluetooth) Disable(by string) {
	if b.State == BluetoothOff || b.State == BluetoothTurningOff {
		return
	}
	b.to(false, by)
}

func (b *Bluetooth) to(on bool, by string) {
	b.step++
	step := b.step
	b.d.Settings.Put(Global, "bluetooth_on", map[bool]string{true: "1", false: "0"}[on])
	b.Changes = keep(b.Changes, BluetoothChange{Time: b.d.Now(), Enable: on, Package: by}, 20)
	b.State = BluetoothTurningOff
	if on {
		b.State = BluetoothTurningOn
	} else {
		for _, h := range b.Headsets {
			b.drop(h)
		}
	}
	b.d.After(b.d.Jitter(adapterSwitch), func() {
		if b.step != step {
			return
		}
		if !on {
			b.State = BluetoothOff
			return
		}
		b.State, b.EnabledAt = BluetoothOn, b.d.Elapsed()
		for _, h := range b.Headsets {
			h.Machine = false
			if h.Near {
				b.connect(h, headsetReturns)
			}
		}
	})
}

// restart is a boot: no link outlives it. The adapter comes up with the services,
// if it was on, and headsets that are near come back to it.
func (b *Bluetooth) restart() {
	b.step++
	b.State, b.EnabledAt, b.Changes, b.active = BluetoothOff, 0, nil, nil
	for _, h := range b.Headsets {
		h.step++
		h.HFP, h.Previous, h.A2DP, h.Machine, h.Log = HFPDisconnected, HFPDisconnected, false, false, nil
	}
	if b.d.Settings.Int(Global, "bluetooth_on", 1) != 0 {
		b.d.After(bootServices, func() { b.to(true, "android") })
	}
}

// Bond pairs a headset that is out of reach; Return brings it near.
func (b *Bluetooth) Bond(address, name string) *Headset {
	h := &Headset{Address: address, Name: name, HFP: HFPDisconnected, Previous: HFPDisconnected}
	b.Headsets = append(b.Headsets, h)
	return h
}

// Headset finds a bonded headset; nil when there is none of the address.
func (b *Bluetooth) Headset(address string) *Headset {
	if i := slices.IndexFunc(b.Headsets, func(h *Headset) bool { return h.Address == address }); i >= 0 {
		return b.Headsets[i]
	}
	return nil
}

// Return: the headset is switched on, or comes back into range, and connects.
func (b *Bluetooth) Return(h *Headset) {
	h.Near = true
	if b.State == BluetoothOn && h.HFP == HFPDisconnected {
		b.connect(h, headsetConnects)
	}
}

// Leave: the headset ends the connection in order, as one does that is put into
// its case, and stays away.
func (b *Bluetooth) Leave(h *Headset) {
	h.Near = false
	b.drop(h)
}

// Vanish: the headset is out of range, or its battery is empty. The phone
// notices when the link supervision timeout is over.
func (b *Bluetooth) Vanish(h *Headset) {
	h.Near = false
	if h.HFP == HFPDisconnected {
		return
	}
	h.step++
	b.lose(h)
}

// lose drops the headset when the link supervision timeout is over, unless it
// takes another step before.
func (b *Bluetooth) lose(h *Headset) {
	step := h.step
	b.d.After(b.d.Jitter(linkLost), func() {
		if h.step == step {
			b.drop(h)
		}
	})
}

func (b *Bluetooth) connect(h *Headset, in time.Duration) {
	h.step++
	step := h.step
	h.Machine = true
	b.set(h, HFPConnecting)
	b.d.After(b.d.Jitter(in), func() {
		if h.step != step || b.State != BluetoothOn || !h.Near {
			return
		}
		b.set(h, HFPConnected)
		h.A2DP = true
		b.d.Log.Write(LogLine{UID: BluetoothUID, PID: BluetoothPID, Buffer: BufferMain, Priority: Info, Tag: "HeadsetStateMachine",
			Message: "Connected: connected, device=" + h.Address})
		b.active = h
		b.d.Telecom.bluetoothChanged()
	})
}

// drop is a connection that ended, whoever ended it.
func (b *Bluetooth) drop(h *Headset) {
	h.step++
	if h.HFP == HFPDisconnected {
		return
	}
	b.set(h, HFPDisconnected)
	h.A2DP = false
	if b.active != h {
		return
	}
	next := slices.IndexFunc(b.Headsets, (*Headset).Connected)
	b.active = nil
	if next >= 0 {
		b.active = b.Headsets[next]
	}
	b.d.Telecom.bluetoothChanged()
}

func (b *Bluetooth) set(h *Headset, s HFPState) {
	h.Previous, h.HFP = h.HFP, s
	h.Log = keep(h.Log, HistoryLine{b.d.Now(), string(s)}, 20)
}

// sco opens or closes the voice channel of the active headset, for Telecom; then
// runs when it stands.
func (b *Bluetooth) sco(on bool, then func()) {
	for _, h := range b.Headsets {
		want := on && h == b.active
		if !h.Connected() || want == (h.HFP == HFPAudioOn || h.HFP == HFPAudioConnecting) {
			continue
		}
		h.step++
		step := h.step
		first, last, in := HFPAudioConnecting, HFPAudioOn, scoConnects
		if !want {
			first, last, in = HFPAudioDisconnecting, HFPConnected, scoEnds
		}
		b.set(h, first)
		b.d.After(b.d.Jitter(in), func() {
			if h.step != step {
				return
			}
			if !h.Near {
				b.lose(h) // it went out of range meanwhile; the link's timeout still runs
				return
			}
			b.set(h, last)
			if then != nil {
				then()
			}
		})
	}
}

// Playing reports whether media goes to the headset now.
func (b *Bluetooth) Playing(h *Headset) bool {
	return h == b.active && h.A2DP && b.d.MediaSessions.playing() && h.HFP == HFPConnected
}

// Answer is ATA: the headset takes the ringing call
// (HeadsetStateMachine.processAnswerCall, BluetoothInCallService.answerCall).
func (b *Bluetooth) Answer(h *Headset) bool {
	c := b.d.Telecom.first(CallRinging, CallSimulatedRinging)
	if !h.Connected() || !h.Near || c == nil {
		return false
	}
	b.d.Telecom.answer(c)
	return true
}

// HangUp is AT+CHUP: the headset rejects the ringing call or ends the one in
// front (BluetoothInCallService.hangupCall).
func (b *Bluetooth) HangUp(h *Headset) bool {
	t := b.d.Telecom
	if !h.Connected() || !h.Near {
		return false
	}
	if c := t.first(CallRinging, CallSimulatedRinging); c != nil {
		t.reject(c)
		return true
	}
	if c := t.first(CallDialing, CallConnecting, CallPulling, CallActive, CallOnHold); c != nil {
		t.hangUp(c, "")
		return true
	}
	return false
}

// Swap is AT+CHLD=2: the active call is held, and the held one goes on
// (BluetoothInCallService.processChld).
func (b *Bluetooth) Swap(h *Headset) bool {
	t := b.d.Telecom
	if !h.Connected() || !h.Near {
		return false
	}
	if c := t.first(CallRinging); c != nil {
		t.answer(c)
		return true
	}
	if c := t.first(CallOnHold); c != nil {
		t.unhold(c)
		return true
	}
	if c := t.first(CallActive); c != nil && c.Capabilities&CapHold != 0 {
		t.hold(c, "")
		return true
	}
	return false
}

// Caller is what the headset shows of the call that rings (+CLIP): the part of
// the address that follows the scheme.
func (b *Bluetooth) Caller(h *Headset) (number string, ringing bool) {
	c := b.d.Telecom.first(CallRinging, CallSimulatedRinging)
	if c == nil || !h.Connected() || !h.Near {
		return "", false
	}
	return afterScheme(c.Handle), true
}
