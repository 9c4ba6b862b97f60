package scenarios

import (
	"time"

	"github.com/ringproof/ringproof/harness"
	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/harness/state"
)

// use: the phone is in somebody's hands while it rings.
func use() []Scenario {
	return []Scenario{
		{
			ID:     "foreground-answer",
			Title:  "rings while the app itself is in front, and is answered",
			Labels: []string{"foreground", "push", "incall"},
			Needs:  Needs{Inject: true},
			Budget: 2 * time.Minute,
			Origin: "stream-video-flutter#1231, connectycube-reactnative-samples#328",
			Run: harness.Steps(
				harness.Enter(state.Foreground),
				ringAndAnswer(),
				hangUp(),
			),
		},
		{
			ID:     "heads-up",
			Title:  "a phone in use gets a heads-up with both buttons and keeps its screen; the button answers",
			Labels: []string{"background", "notification"},
			Needs:  Needs{MinAPI: 31, Inject: true},
			Budget: 2 * time.Minute,
			Origin: "torlando-columba#452, Simple-Dialer#419",
			Run: harness.Steps(
				harness.Enter(state.Background),
				ring(),
				harness.Phase("it leaves the screen to whoever has it",
					harness.Stays(expect.All(expect.Ringing(), expect.CallPosted(), expect.NotInFront())),
				),
				harness.Phase("answer in the heads-up",
					harness.PressAnswerOnTop(),
					answered(),
				),
				hangUp(),
			),
		},
		{
			ID:     "total-silence",
			Title:  "Do Not Disturb lets nothing through: the call comes without taking the screen, waits in the list, and is answered there",
			Labels: []string{"background", "dnd", "notification"},
			Needs:  Needs{MinAPI: 30, Inject: true},
			Budget: 2 * time.Minute,
			Origin: "deltachat-android#4529, element-android#2279, linphone-android#2357",
			Run: harness.Steps(
				harness.Enter(state.Background, state.TotalSilence),
				harness.Phase("push a call",
					harness.Push(harness.Initiated),
					harness.Await(expect.All(expect.Ringing(), expect.CallPosted()), harness.ByRing),
					harness.Stays(expect.All(expect.Ringing(), expect.CallPosted(), expect.NotInFront())),
				),
				harness.Phase("answer in the list",
					harness.PressAnswer(),
					answered(),
				),
				hangUp(),
			),
		},
		{
			ID:     "volume-key",
			Title:  "a volume key silences the ring, and the call rings on without a sound",
			Labels: []string{"background", "audio", "notification"},
			Needs:  Needs{Inject: true},
			Budget: 2 * time.Minute,
			Origin: "baresip-studio#590, linphone-android#575",
			Run: harness.Steps(
				harness.Enter(state.Background),
				ring(),
				harness.Phase("press volume down",
					harness.SameCall(
						harness.PressKey(harness.KeyVolumeDown),
						harness.Await(expect.All(expect.Ringing(), expect.CallNotification(), expect.Hushed()), harness.BySettle),
						harness.Stays(expect.All(expect.Ringing(), expect.CallNotification(), expect.Hushed())),
					),
				),
				answerFromNotification(),
				hangUp(),
			),
		},
	}
}
