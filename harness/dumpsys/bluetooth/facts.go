// Package bluetooth reads `dumpsys bluetooth_manager` of API 26 and newer: the
// adapter, the bonded devices, and which of them are connected for calls (HFP)
// and for media (A2DP).
//
// The text comes from two processes: BluetoothManagerService prints the begin,
// AdapterService and the services of the profiles print the rest, and only
// while that process is up. The package knows no call; LE Audio headsets are in
// a profile of their own, which it does not read.
package bluetooth

import (
	"strings"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
)

// Facts is what one dump says.
type Facts struct {
	Enabled fact.Value[bool] `json:"enabled"`
	// State is OFF, TURNING_ON, ON, TURNING_OFF, BLE_TURNING_ON, BLE_ON or
	// BLE_TURNING_OFF.
	State fact.Value[string] `json:"state"`
	// Address is the phone's own. API 35 hides all but two octets: see Same.
	Address fact.Value[string] `json:"address"`
	Name    fact.Value[string] `json:"name"`
	// Running says whether Bluetooth's own process answered. Without it nothing
	// below is known.
	Running fact.Value[bool] `json:"running"`
	// Connection is the adapter's, over all profiles: DISCONNECTED, CONNECTING,
	// CONNECTED or DISCONNECTING.
	Connection fact.Value[string] `json:"connection"`
	Bonded     fact.Value[[]Bond] `json:"bonded"`
	Headset    Headset            `json:"headset"`
	A2DP       A2DP               `json:"a2dp"`
}

// Bond is one bonded device.
type Bond struct {
	Address string `json:"address"`
	// Identity is the address behind a private one, "" if none is printed.
	Identity string `json:"identity,omitempty"`
	// Type is BR/EDR, LE, DUAL or ????.
	Type string `json:"type"`
	Name string `json:"name"`
	Line int    `json:"line"`
}

// Headset is the state of HeadsetService: the phone as HFP audio gateway.
type Headset struct {
	// Active is the device that calls are routed to, "" for none (API 28).
	Active fact.Value[string] `json:"active"`
	// Inband says that the phone's ringtone is played on the headset.
	Inband fact.Value[bool] `json:"inband"`
	// RouteAllowed is false if an app took call audio away from Bluetooth.
	RouteAllowed fact.Value[bool] `json:"routeAllowed"`
	// SCO, InCall and Ringing are what AudioManager and Telecom told Bluetooth.
	SCO     fact.Value[bool] `json:"sco"`
	InCall  fact.Value[bool] `json:"inCall"`
	Ringing fact.Value[bool] `json:"ringing"`
	// Devices are those with a state machine, connected or not. API 26 and 27
	// have one machine, which prints its current device only.
	Devices fact.Value[[]HFP] `json:"devices"`
}

// HFP is one device of HeadsetService.
type HFP struct {
	Address string `json:"address"`
	// State is Disconnected, Connecting, Disconnecting, Connected,
	// AudioConnecting, AudioOn or AudioDisconnecting; up to API 27 also Pending
	// and MultiHFPending.
	State fact.Value[string] `json:"state"`
	// Connection is BluetoothProfile.STATE_*: 0 disconnected, 1 connecting,
	// 2 connected, 3 disconnecting.
	Connection fact.Value[int] `json:"connection"`
	// Audio is BluetoothHeadset.STATE_AUDIO_*: 10 disconnected, 11 connecting,
	// 12 connected.
	Audio fact.Value[int] `json:"audio"`
	Line  int             `json:"line"`
}

// A2DP is the state of A2dpService.
type A2DP struct {
	Active  fact.Value[string] `json:"active"` // "" for none
	Devices fact.Value[[]Sink] `json:"devices"`
}

// Sink is one device of A2dpService.
type Sink struct {
	Address   string           `json:"address"`
	Connected fact.Value[bool] `json:"connected"`
	Playing   fact.Value[bool] `json:"playing"`
	Line      int              `json:"line"`
}

// Connected reports whether the headset is connected for calls.
func (h HFP) Connected() fact.Value[bool] {
	if s, ok := h.State.Get(); ok {
		switch s {
		case "Connected", "AudioConnecting", "AudioOn", "AudioDisconnecting":
			return fact.Of(true, h.State.Line())
		case "Disconnected", "Connecting", "Disconnecting":
			return fact.Of(false, h.State.Line())
		}
	}
	if n, ok := h.Connection.Get(); ok {
		return fact.Of(n == 2, h.Connection.Line())
	}
	return fact.Unknown[bool]()
}

// AudioOn reports whether call audio runs over the headset.
func (h HFP) AudioOn() fact.Value[bool] {
	if s, ok := h.State.Get(); ok && s != "Pending" && s != "MultiHFPending" {
		return fact.Of(s == "AudioOn", h.State.Line())
	}
	if n, ok := h.Audio.Get(); ok {
		return fact.Of(n == 12, h.Audio.Line())
	}
	return fact.Unknown[bool]()
}

// HFPConnected reports whether any headset is connected for calls. It is known
// to be false if the adapter is off, or if every device says so.
func (f Facts) HFPConnected() fact.Value[bool] { return f.any(HFP.Connected) }

// HFPAudioOn reports whether call audio runs over any headset.
func (f Facts) HFPAudioOn() fact.Value[bool] { return f.any(HFP.AudioOn) }

func (f Facts) any(of func(HFP) fact.Value[bool]) fact.Value[bool] {
	if fact.Is(f.State, "OFF") {
		return fact.Of(false, f.State.Line())
	}
	all, ok := f.Headset.Devices.Get()
	if !ok {
		return fact.Unknown[bool]()
	}
	sure := true
	for _, d := range all {
		v := of(d)
		if fact.Is(v, true) {
			return v
		}
		sure = sure && v.Known()
	}
	if !sure {
		return fact.Unknown[bool]()
	}
	return fact.Of(false, f.Headset.Devices.Line())
}

// NameOf is the bonded name of an address. It is unknown if no bond, or more
// than one, can be meant.
func (f Facts) NameOf(address string) fact.Value[string] {
	found := fact.Unknown[string]()
	for _, b := range f.Bonded.Or(nil) {
		if !Same(b.Address, address) && !Same(b.Identity, address) {
			continue
		}
		if found.Known() {
			return fact.Unknown[string]()
		}
		found = fact.Of(b.Name, b.Line)
	}
	return found
}

// Same reports whether two addresses as printed can be of one device: releases
// and tools hide octets as XX, and those fit any.
func Same(a, b string) bool {
	if len(a) != len("00:00:00:00:00:00") || len(a) != len(b) {
		return false
	}
	a, b = strings.ToUpper(a), strings.ToUpper(b)
	for i := range len(a) {
		if a[i] != b[i] && a[i] != 'X' && b[i] != 'X' {
			return false
		}
	}
	return true
}
