package scenarios

import (
	"time"

	"github.com/ringproof/ringproof/harness"
	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/harness/state"
)

// visible: a call is seen and heard whatever the phone keeps from showing, and
// said once.
func visible() []Scenario {
	return []Scenario{
		{
			ID:     "heads-up-off",
			Title:  "a phone on which nothing peeks from the top still shows the call where it can be answered",
			Labels: []string{"background", "notification"},
			Needs:  Needs{MinAPI: 29, Inject: true},
			Budget: 2 * time.Minute,
			Origin: "Signal-Android#14967",
			Run:    harness.Steps(harness.Enter(state.Background, state.HeadsUpOff), seenAndAnswered()),
		},
		{
			ID:     "status-bar-off",
			Title:  "a phone whose status bar does not expand, as in lock task mode, still shows the call where it can be answered",
			Labels: []string{"background", "notification"},
			Needs:  Needs{MinAPI: 31, Inject: true},
			Budget: 2 * time.Minute,
			Origin: "linphone-android#2319",
			Run:    harness.Steps(harness.Enter(state.Background, state.StatusBarOff), seenAndAnswered()),
		},
		{
			ID:     "swipe-locked",
			Title:  "rings full screen over a lock screen without a credential, and is answered there",
			Labels: []string{"lockscreen", "incall"},
			Needs:  Needs{MinAPI: 27, Inject: true},
			Budget: 2 * time.Minute,
			Origin: "flutter_callkit_incoming#526, element-android#6236",
			Run: harness.Steps(
				harness.Enter(state.Background, state.LockedSwipe),
				harness.Phase("push a call to the dark phone",
					harness.Push(harness.Initiated),
					harness.Await(expect.All(expect.Ringing(), expect.CallNotification(), expect.AnyCallScreen(), expect.ScreenOn()), harness.ByRing),
				),
				harness.Phase("answer on the screen",
					harness.TapAnswer(),
					harness.Await(expect.All(expect.Active(), expect.AudioInCall()), harness.ByAnswer),
				),
				hangUpWithButton(),
			),
		},
		{
			ID:     "one-notification",
			Title:  "one call is said once: no chat message and no second notification beside it",
			Labels: []string{"background", "notification", "push"},
			Needs:  Needs{Inject: true},
			Budget: 2 * time.Minute,
			Origin: "element-android#3400",
			Run: harness.Steps(
				harness.Enter(state.Background),
				ring(),
				harness.Phase("while it rings", harness.Stays(expect.SaidOnce())),
				harness.Phase("decline from the notification",
					harness.PressDecline(),
					harness.Await(expect.All(over(), expect.NoCallScreen()), harness.ByEnd),
				),
			),
		},
		{
			ID:     "audible",
			Title:  "the ring is a sound of its notification's channel, which the system plays: what an app plays from the background is silent on Android 17",
			Labels: []string{"killed", "audio", "notification"},
			Needs:  Needs{Inject: true},
			Budget: 2 * time.Minute,
			Origin: "developer.android.com/about/versions/17/changes/bg-audio, cometchat voip-calling guide",
			Run: harness.Steps(
				harness.Enter(state.Killed),
				ring(),
				harness.Phase("it can be heard", harness.Holds(expect.Audible())),
				harness.Phase("decline from the notification",
					harness.PressDecline(),
					harness.Await(expect.All(over(), expect.NoCallScreen()), harness.ByEnd),
				),
			),
		},
		{
			ID:     "one-ringtone",
			Title:  "a call rings with one ringtone, the channel's or the app's own, and with none once it is answered or declined",
			Labels: []string{"background", "audio", "notification", "incall"},
			Needs:  Needs{Inject: true},
			Budget: 3 * time.Minute,
			Origin: "Rocket.Chat.ReactNative#7158, GrapheneOS os-issue-tracker#8309",
			Run: harness.Steps(
				harness.Enter(state.Background),
				ring(),
				harness.Phase("while it rings", harness.Stays(expect.All(expect.Ringing(), expect.OneRingtone()))),
				answerFromNotification(),
				harness.Phase("answered", harness.Await(expect.RingtoneOver(), harness.ByEnd)),
				hangUp(),
				ring(),
				harness.Phase("declined",
					harness.PressDecline(),
					harness.Await(expect.All(over(), expect.RingtoneOver()), harness.ByEnd),
				),
			),
		},
		{
			ID:     "doze-latency",
			Title:  "of many calls to a phone in deep Doze, 95 in 100 ring quickly",
			Labels: []string{"background", "doze", "push", "stress"},
			Needs:  Needs{Inject: true},
			Budget: 10 * time.Minute,
			Origin: "Signal-Android#14282, element-call#3848, linphone-android#1393",
			Run: harness.Steps(
				harness.Enter(state.Background, state.DeepDoze),
				harness.Phase("push calls to the sleeping phone", harness.Percentile(latencyCalls, 95, harness.ByLatency,
					harness.Steps(
						harness.Await(expect.All(expect.DeepDoze(), expect.ScreenOff()), harness.BySettle),
						harness.Push(harness.Initiated),
						harness.Await(expect.All(expect.Ringing(), expect.CallNotification()), harness.ByRing),
					),
					harness.Steps(
						harness.PressKey(harness.KeyWakeup),
						harness.PressDecline(),
						harness.Await(over(), harness.ByEnd),
						harness.PressKey(harness.KeySleep),
					),
				)),
			),
		},
	}
}

// latencyCalls is how many calls a percentile is made of.
const latencyCalls = 20

// seenAndAnswered wants the call where somebody who looks at the phone sees it
// and can answer: on the app's own screen or in a heads-up.
func seenAndAnswered() harness.Step {
	return harness.Steps(
		harness.Phase("push a call",
			harness.Push(harness.Initiated),
			harness.Await(expect.All(expect.Ringing(), expect.CallPosted()), harness.ByRing),
		),
		harness.Phase("answer where it is seen",
			harness.AnswerWhereSeen(),
			answered(),
		),
		hangUp(),
	)
}
