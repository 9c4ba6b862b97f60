package apps

import (
	"time"

	"github.com/ringproof/ringproof/devices/virtual/android"
)

// hookDelay is when an app looks whether its call is really gone, and presses the
// headset's button to make sure.
const hookDelay = 300 * time.Millisecond

// nameDelay is when the call's screen shows the name of the headset.
const nameDelay = 3 * time.Second

// onAudioState is what the app makes of a change of route or mute: nothing, since
// Telecom has routed the call already.
func (k *call) onAudioState(state android.CallAudioState) error {
	a, before := k.app, k.audio
	k.audio = state
	if a.has[ReadsHeadsetName] && state.Bluetooth != "" {
		a.c.Post(nameDelay, func() error {
			_, err := a.c.BluetoothName(state)
			return err
		})
	}
	lost := before.Route == android.RouteBluetooth && state.Supported&android.RouteBluetooth == 0
	switch {
	case a.has[EndsWithHeadset] && lost:
		return k.hangUp()
	case a.has[NeverReturns] && lost:
		k.left = true
	case a.has[NeverReturns] && k.left && state.Route == android.RouteBluetooth,
		a.has[ForcesEarpiece] && state.Route == android.RouteBluetooth:
		k.route(android.RouteEarpiece)
	case a.has[ForcesSpeaker] && state.Route == android.RouteWired:
		k.route(android.RouteSpeaker)
	}
	return nil
}

// takeAudio is what apps do that do not know that Telecom does it for them.
func (k *call) takeAudio() {
	if k.app.has[KeepsFocus] {
		k.app.c.RequestAudioFocus("USAGE_VOICE_COMMUNICATION")
	}
}

// toggleSpeaker is the call screen's button for the loudspeaker.
func (k *call) toggleSpeaker() {
	on := k.audio.Route == android.RouteSpeaker
	switch {
	case k.app.has[DeadSpeaker], on && k.app.has[StuckSpeaker]:
	case on:
		k.route(android.RouteEarpiece) // or the wire, as Telecom knows
	default:
		k.route(android.RouteSpeaker)
	}
}
