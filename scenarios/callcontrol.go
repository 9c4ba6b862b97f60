package scenarios

import (
	"time"

	"github.com/ringproof/ringproof/harness"
	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/harness/state"
)

// callControl: an app that adds its calls by TelecomManager.addCall, without a
// connection service.
func callControl() []Scenario {
	needs := Needs{MinAPI: 34, Inject: true, CallControl: true}
	return []Scenario{
		{
			ID:     "callcontrol-answer",
			Title:  "a transactional call rings, is answered from the notification, has the audio, and is gone when it ends",
			Labels: []string{"callcontrol", "background", "notification", "incall"},
			Needs:  needs,
			Budget: 3 * time.Minute,
			Origin: "android.telecom.CallControl (Android 14), core-telecom",
			Run: harness.Steps(
				harness.UseCallControl(),
				harness.Enter(state.Background),
				ring(),
				harness.Transactional(),
				harness.Phase("answer from the notification",
					harness.PressAnswer(),
					answered(),
					harness.Stays(expect.All(expect.Active(), expect.AudioInCall())),
				),
				hangUp(),
			),
		},
		{
			ID:     "callcontrol-headset",
			Title:  "a headset's button answers and ends the transactional call of a killed app",
			Labels: []string{"callcontrol", "killed", "incall", "audio"},
			Needs:  needs,
			Budget: 3 * time.Minute,
			Origin: "android.telecom.CallControlCallback.onAnswer (Android 14), core-telecom",
			Run: harness.Steps(
				harness.UseCallControl(),
				harness.Enter(state.Killed),
				ring(),
				harness.Transactional(),
				harness.Phase("press the headset's button",
					harness.PressHook(),
					harness.Await(expect.All(expect.Active(), expect.AudioInCall(), expect.OngoingCall()), harness.ByAnswer),
					harness.Stays(expect.All(expect.Active(), expect.OngoingCall())),
				),
				harness.Phase("press it again",
					harness.PressHook(),
					harness.Await(over(), harness.ByEnd),
				),
			),
		},
		{
			ID:     "callcontrol-cancelled",
			Title:  "a transactional call whose caller gives up is gone everywhere",
			Labels: []string{"callcontrol", "background", "cancel"},
			Needs:  needs,
			Budget: 3 * time.Minute,
			Origin: "android.telecom.CallControl.disconnect (Android 14), core-telecom",
			Run: harness.Steps(
				harness.UseCallControl(),
				harness.Enter(state.Background),
				ring(),
				harness.Transactional(),
				harness.Phase("the caller gives up",
					harness.Push(harness.Cancelled),
					harness.Await(expect.All(over(), expect.NoCallScreen()), harness.ByEnd),
				),
				control(),
			),
		},
	}
}
