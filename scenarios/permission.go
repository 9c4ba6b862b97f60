package scenarios

import (
	"time"

	"github.com/ringproof/ringproof/harness"
	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/harness/state"
)

// permission: the user said no to something, and calls still come.
func permission() []Scenario {
	return []Scenario{
		{
			ID:     "fsi-denied",
			Title:  "without full-screen intents the call is a heads-up with both buttons, and is answered there",
			Labels: []string{"background", "permission", "notification"},
			Needs:  Needs{MinAPI: 34, Inject: true},
			Budget: 2 * time.Minute,
			Origin: "flutter_callkit_incoming#697",
			Run: harness.Steps(
				harness.Enter(state.FullScreenDenied, state.Background),
				harness.SameProcess(
					ring(),
					harness.Phase("it leaves the screen to whoever has it",
						harness.Holds(expect.All(expect.CallPosted(), expect.NotInFront())),
					),
					harness.Phase("answer in the heads-up",
						harness.PressAnswerOnTop(),
						answered(),
					),
					hangUp(),
				),
			),
		},
		{
			ID:     "fsi-denied-locked",
			Title:  "without full-screen intents a locked phone lists the call with both buttons, and it is answered there without the PIN",
			Labels: []string{"lockscreen", "permission", "notification"},
			Needs:  Needs{MinAPI: 34, Inject: true, Credential: true},
			Budget: 3 * time.Minute,
			Origin: "flutter_callkit_incoming#697, infobip-rtc-android",
			Run: harness.Steps(
				harness.Enter(state.FullScreenDenied, state.Background, state.LockedSecure),
				harness.SameProcess(
					harness.Phase("push a call to the dark phone",
						harness.Push(harness.Initiated),
						harness.Await(expect.All(expect.Ringing(), expect.CallNotification(), expect.CallPosted(), expect.OnlyKeyguard()), harness.ByRing),
					),
					harness.Phase("look at the phone and answer in the list",
						harness.PressKey(harness.KeyWakeup),
						harness.Await(expect.All(expect.ScreenOn(), expect.OnlyKeyguard()), harness.BySettle),
						harness.PressAnswer(),
						harness.Await(expect.All(expect.Active(), expect.AudioInCall(), expect.StillLocked()), harness.ByAnswer),
					),
					hangUpWithButton(),
				),
			),
		},
		{
			ID:     "notifications-denied",
			Title:  "an app that may not post notifications still shows its calls: CallStyle of a self-managed call is exempt",
			Labels: []string{"background", "permission", "notification"},
			Needs:  Needs{MinAPI: 33, Inject: true},
			Budget: 2 * time.Minute,
			Origin: "notifee#506",
			Run: harness.Steps(
				harness.Asks(state.PostNotifications),
				harness.Enter(state.Denied(state.PostNotifications), state.Background),
				ringAndAnswer(),
				hangUp(),
			),
		},
		{
			ID:     "microphone-denied",
			Title:  "a call answered without the microphone's permission is a call with a screen or is over, and nothing crashes",
			Labels: []string{"background", "permission", "incall"},
			Needs:  Needs{Inject: true},
			Budget: 2 * time.Minute,
			Origin: "voice-quickstart-android#640",
			Run: harness.Steps(
				harness.Asks(state.RecordAudio),
				harness.Enter(state.Denied(state.RecordAudio), state.Background),
				harness.SameProcess(
					ring(),
					harness.Phase("answer",
						harness.PressAnswer(),
						harness.Await(expect.Any(expect.All(expect.Active(), expect.CallScreen()), over()), harness.ByAnswer),
						harness.Stays(expect.Any(expect.All(expect.Active(), expect.CallScreen()), over())),
					),
					ifActive(hangUp()),
				),
			),
		},
		{
			ID:     "bluetooth-denied",
			Title:  "a call works without the permission to talk to headsets",
			Labels: []string{"background", "permission", "incall"},
			Needs:  Needs{MinAPI: 31, Inject: true},
			Budget: 2 * time.Minute,
			Origin: "voice-quickstart-android#573",
			Run: harness.Steps(
				harness.Asks(state.BluetoothConnect),
				harness.Enter(state.Denied(state.BluetoothConnect), state.Background),
				harness.SameProcess(
					ringAndAnswer(),
					hangUp(),
				),
			),
		},
	}
}
