package scenarios

import (
	"time"

	"github.com/ringproof/ringproof/harness"
	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/harness/state"
)

// power: what saves the battery must not cost a call.
func power() []Scenario {
	return []Scenario{
		{
			ID:     "doze",
			Title:  "a high-priority push rings a phone in deep Doze in time and wakes its screen",
			Labels: []string{"background", "doze", "push"},
			Needs:  Needs{Inject: true},
			Budget: 3 * time.Minute,
			Origin: "Signal-Android#14282, Signal-Android#8604, linphone-android#1199",
			Run: harness.Steps(
				harness.Enter(state.Background, state.DeepDoze),
				harness.Phase("push a call to the sleeping phone",
					harness.Push(harness.Initiated),
					harness.Await(expect.All(expect.Ringing(), expect.CallNotification(), expect.ScreenOn()), harness.ByRing),
				),
				harness.Phase("answer with the headset",
					harness.PressHook(),
					harness.Await(expect.All(expect.Active(), expect.AudioInCall()), harness.ByAnswer),
				),
				hangUpWithButton(),
			),
		},
		{
			ID:     "standby-rare",
			Title:  "an app that is hardly ever used rings in time",
			Labels: []string{"background", "push"},
			Needs:  Needs{MinAPI: 28, Inject: true},
			Budget: 2 * time.Minute,
			Origin: "Signal-Android#14282, linphone-android#1393",
			Run: harness.Steps(
				harness.Enter(state.Background, state.StandbyRare),
				ringAndAnswer(),
				hangUp(),
			),
		},
		{
			ID:     "background-restricted",
			Title:  "an app that the user restricted in the background rings, and its call goes on",
			Labels: []string{"killed", "push", "incall"},
			Needs:  Needs{MinAPI: 28, Inject: true},
			Budget: 2 * time.Minute,
			Origin: "dont-kill-my-app#161",
			Run: harness.Steps(
				harness.Enter(state.BackgroundRestricted, state.Killed),
				ringAndAnswer(),
				harness.Phase("it goes on", harness.Stays(expect.All(expect.Active(), expect.AudioInCall()))),
				hangUp(),
			),
		},
		{
			ID:     "normal-priority",
			Title:  "a push that FCM lowered to normal priority rings, and nothing crashes",
			Labels: []string{"killed", "push", "incall"},
			Needs:  Needs{Inject: true},
			Budget: 2 * time.Minute,
			Origin: "SchildiChat-android#133, stream-video-android#1213, linphone-android#2135",
			Run: harness.Steps(
				harness.Enter(state.Killed),
				harness.Phase("push a call with normal priority",
					harness.PushNormal(harness.Initiated),
					harness.Await(expect.All(expect.Ringing(), expect.CallNotification()), harness.ByRing),
				),
				answerFromNotification(),
				hangUp(),
			),
		},
	}
}
