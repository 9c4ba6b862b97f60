package scenarios

import (
	"time"

	"github.com/ringproof/ringproof/harness"
	"github.com/ringproof/ringproof/harness/dumpsys/telecom"
	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/harness/gear"
	"github.com/ringproof/ringproof/harness/state"
)

// bluetooth: the call and a headset.
func bluetooth() []Scenario {
	controlled := Needs{Inject: true, Bluetooth: true, Headset: Controlled}
	bonded := Needs{Inject: true, Bluetooth: true, Headset: Bonded}
	return []Scenario{
		{
			ID:     "headset-answers",
			Title:  "a Bluetooth headset is told who calls, answers, hears the call and hangs up",
			Labels: []string{"bluetooth", "background", "incall", "audio"},
			Needs:  controlled,
			Budget: 4 * time.Minute,
			Origin: "voice-quickstart-android#573, Signal-Android#7679, linphone-android#574",
			Run: harness.Steps(
				withHeadset(state.Background),
				ring(),
				harness.Phase("answer on the headset",
					harness.HeadsetRings(),
					harness.Headset(gear.Answer),
					harness.Await(expect.All(expect.Active(), expect.AudioInCall()), harness.ByAnswer),
					harness.Await(expect.OnHeadset(), harness.ByLink),
				),
				harness.Phase("hang up on the headset",
					harness.Headset(gear.HangUp),
					harness.Await(over(), harness.ByEnd),
				),
			),
		},
		{
			ID:     "headset-rejects",
			Title:  "a Bluetooth headset declines: nothing of the call is left, and it was not missed",
			Labels: []string{"bluetooth", "background", "notification"},
			Needs:  controlled,
			Budget: 4 * time.Minute,
			Origin: "linphone-android#2194, flutter_callkit_incoming#287",
			Run: harness.Steps(
				withHeadset(state.Background),
				ring(),
				harness.Phase("decline on the headset",
					harness.Headset(gear.HangUp),
					harness.Await(expect.All(over(), expect.NoCallScreen()), harness.ByEnd),
					harness.Stays(expect.All(expect.Silent(), expect.NoMissedCall())),
				),
				control(),
			),
		},
		{
			ID:     "headset-answers-locked",
			Title:  "a Bluetooth headset answers the call of a killed app on a locked phone, which stays locked",
			Labels: []string{"bluetooth", "lockscreen", "killed", "incall"},
			Needs:  Needs{Inject: true, Bluetooth: true, Headset: Controlled, Credential: true},
			Budget: 4 * time.Minute,
			Origin: "Signal-Android#7679, Conversations#3810",
			Run: harness.Steps(
				withHeadset(state.Killed, state.LockedSecure),
				ring(),
				harness.Phase("answer on the headset",
					harness.Headset(gear.Answer),
					harness.Await(expect.All(expect.Active(), expect.AudioInCall(), expect.OngoingCall(), expect.StillLocked()), harness.ByAnswer),
					harness.Await(expect.OnHeadset(), harness.ByLink),
					harness.Stays(expect.All(expect.Active(), expect.OngoingCall(), expect.StillLocked())),
				),
				harness.Phase("hang up on the headset",
					harness.Headset(gear.HangUp),
					harness.Await(over(), harness.ByEnd),
				),
			),
		},
		{
			ID:     "headset-route",
			Title:  "a call that is answered on the phone goes to the headset that is connected",
			Labels: []string{"bluetooth", "background", "audio", "incall"},
			Needs:  bonded,
			Budget: 4 * time.Minute,
			Origin: "react-native-callkeep#602, twilio-audioswitch#41, twilio-audioswitch#157",
			Run: harness.Steps(
				withHeadset(state.Background),
				ringAndAnswer(),
				harness.Phase("it is heard on the headset",
					harness.Await(expect.OnHeadset(), harness.ByLink),
					harness.Stays(expect.All(expect.Active(), expect.AudioInCall(), expect.OnHeadset())),
				),
				hangUp(),
			),
		},
		{
			ID:     "bluetooth-off-in-call",
			Title:  "a call goes on at the ear when Bluetooth is switched off, and back to the headset when it is on again",
			Labels: []string{"bluetooth", "background", "audio", "incall"},
			Needs:  bonded,
			Budget: 5 * time.Minute,
			Origin: "twilio-audioswitch#98, linphone-android#814, talk-android#4125",
			Run: harness.Steps(
				withHeadset(state.Background),
				ringAndAnswer(),
				harness.Await(expect.OnHeadset(), harness.ByLink),
				harness.SameCall(
					harness.Phase("Bluetooth goes off",
						harness.SwitchBluetooth(false),
						harness.Await(expect.All(expect.Active(), expect.OffHeadset()), harness.ByLink),
						harness.Stays(expect.All(expect.Active(), expect.AudioInCall(), expect.OffHeadset())),
					),
					harness.Phase("Bluetooth comes back, and the headset with it",
						harness.SwitchBluetooth(true),
						harness.HeadsetIs(true),
						harness.Await(expect.All(expect.Active(), expect.OnHeadset()), harness.ByLink),
					),
				),
				hangUp(),
			),
		},
		{
			ID:     "headset-vanishes",
			Title:  "a call survives its headset going out of range, and takes it again when it returns",
			Labels: []string{"bluetooth", "background", "audio", "incall"},
			Needs:  controlled,
			Budget: 5 * time.Minute,
			Origin: "twilio-audioswitch#119, linphone-android#814, openhab-android#3381",
			Run: harness.Steps(
				withHeadset(state.Background),
				ringAndAnswer(),
				harness.Await(expect.OnHeadset(), harness.ByLink),
				harness.SameCall(
					harness.Phase("the headset goes out of range",
						harness.Headset(gear.Vanish),
						harness.HeadsetIs(false),
						harness.Await(expect.All(expect.Active(), expect.OffHeadset()), harness.ByLink),
						harness.Stays(expect.All(expect.Active(), expect.AudioInCall())),
					),
					harness.Phase("the headset returns",
						harness.Headset(gear.Come),
						harness.HeadsetIs(true),
						harness.Await(expect.All(expect.Active(), expect.OnHeadset()), harness.ByLink),
					),
				),
				hangUp(),
			),
		},
		{
			ID:     "media-back",
			Title:  "music on the headset stops for a call and goes on after it; the audio is nobody's any more",
			Labels: []string{"bluetooth", "background", "audio"},
			Needs:  Needs{MinAPI: 31, Inject: true, Bluetooth: true, Headset: Bonded},
			Budget: 5 * time.Minute,
			Origin: "voice-quickstart-android#593",
			Run: harness.Steps(
				withHeadset(state.Background),
				harness.Phase("music plays on the headset",
					harness.PlayMedia(),
					harness.OnMyHeadset(expect.MediaOnHeadset, harness.ByLink),
				),
				ringAndAnswer(),
				harness.Phase("the call has the audio",
					harness.Await(expect.All(expect.Active(), expect.OnHeadset(), expect.MediaPaused()), harness.ByLink),
				),
				hangUp(),
				harness.Phase("the music goes on",
					harness.Await(expect.All(expect.AudioNormal(), expect.NoModeOwner(), expect.MediaPlays()), harness.ByLink),
					harness.OnMyHeadset(expect.MediaOnHeadset, harness.ByLink),
				),
			),
		},
		{
			ID:     "headset-denied",
			Title:  "a call works with a headset whose name the app may not read",
			Labels: []string{"bluetooth", "background", "permission", "incall"},
			Needs:  Needs{MinAPI: 31, Inject: true, Bluetooth: true, Headset: Bonded},
			Budget: 4 * time.Minute,
			Origin: "voice-quickstart-android#573",
			Run: harness.Steps(
				harness.Asks(state.BluetoothConnect),
				withHeadset(state.Denied(state.BluetoothConnect), state.Background),
				harness.SameProcess(
					ringAndAnswer(),
					harness.Phase("it is heard on the headset",
						harness.Await(expect.All(expect.Active(), expect.OnHeadset()), harness.ByLink),
						harness.Stays(expect.All(expect.Active(), expect.OnHeadset())),
					),
					hangUp(),
				),
			),
		},
		{
			ID:     "wired-in-call",
			Title:  "a wired headset takes the call when it is plugged in, and gives it back to the ear",
			Labels: []string{"background", "audio", "incall"},
			Needs:  controlled,
			Budget: 4 * time.Minute,
			Origin: "twilio-audioswitch#157",
			Run: harness.Steps(
				withHeadset(state.Background),
				harness.Controlled(gear.Plug, gear.Unplug, gear.Leave),
				harness.Headset(gear.Leave),
				harness.HeadsetIs(false),
				ringAndAnswer(),
				harness.SameCall(
					harness.Phase("plug it in",
						harness.Headset(gear.Plug),
						harness.Await(expect.All(expect.Active(), expect.RoutedTo(telecom.WiredHeadset)), harness.BySettle),
						harness.Stays(expect.All(expect.Active(), expect.RoutedTo(telecom.WiredHeadset))),
					),
					harness.Phase("pull it out",
						harness.Headset(gear.Unplug),
						harness.Await(expect.All(expect.Active(), expect.RoutedTo(telecom.Earpiece)), harness.BySettle),
						harness.Stays(expect.All(expect.Active(), expect.AudioInCall())),
					),
				),
				hangUp(),
			),
		},
	}
}

// withHeadset enters states on a phone whose headset is connected.
func withHeadset(rows ...func() state.State) harness.Step {
	return harness.Steps(
		harness.Phase("the headset connects", harness.WithHeadset()),
		harness.Enter(rows...),
	)
}
