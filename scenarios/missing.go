package scenarios

import (
	"time"

	"github.com/ringproof/ringproof/harness"
	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/harness/state"
)

// missing: nobody takes the call here, and the phone says so if it must.
func missing() []Scenario {
	return []Scenario{
		{
			ID:     "ring-timeout",
			Title:  "no cancel ever comes: the app gives up ringing by itself and tells of a missed call",
			Labels: []string{"background", "push", "notification"},
			Needs:  Needs{Inject: true},
			Budget: 4 * time.Minute,
			Origin: "element-android#7837, nextcloud/talk-android#1724",
			Run: harness.Steps(
				harness.Enter(state.Background),
				ring(),
				harness.Phase("nobody does anything",
					harness.Stays(expect.All(expect.Ringing(), expect.CallNotification())),
					harness.Await(expect.All(over(), expect.NoCallScreen(), expect.MissedCall()), harness.ByTimeout),
				),
			),
		},
		{
			ID:     "missed-told",
			Title:  "a call that its caller gives up is told as missed; one that was declined or answered is not",
			Labels: []string{"background", "notification", "cancel"},
			Needs:  Needs{Inject: true},
			Budget: 4 * time.Minute,
			Origin: "element-android#3710, nextcloud/talk-android#1724, flutter_callkit_incoming#492",
			Run: harness.Steps(
				harness.Enter(state.Background),
				harness.Phase("a declined call",
					ring(),
					harness.PressDecline(),
					harness.Await(over(), harness.ByEnd),
					harness.Stays(expect.All(expect.Silent(), expect.NoMissedCall())),
				),
				harness.Phase("an answered call",
					ringAndAnswer(),
					hangUp(),
					harness.Stays(expect.NoMissedCall()),
				),
				missedControl(),
			),
		},
		{
			ID:     "stale-push",
			Title:  "a push that comes long after its call is a missed call and does not ring",
			Labels: []string{"background", "push"},
			Needs:  Needs{Inject: true},
			Budget: 3 * time.Minute,
			Origin: "telnyx flutter-voice-sdk#127, Signal-Android#14282",
			Run: harness.Steps(
				harness.Enter(state.Background),
				harness.Phase("the phone was out of reach: the push is ten minutes old",
					harness.PushLate(harness.Initiated, 10*time.Minute),
					harness.Stays(expect.Silent()),
					harness.Holds(expect.MissedCall()),
				),
				control(),
			),
		},
		{
			ID:     "answered-elsewhere",
			Title:  "another phone of the user answers: the ringing stops, and nothing is told as missed",
			Labels: []string{"background", "push", "cancel"},
			Needs:  Needs{Inject: true},
			Budget: 4 * time.Minute,
			Origin: "element-android#1921, stream-video-android#1599, nextcloud/talk-android#1842",
			Run: harness.Steps(
				harness.Enter(state.Background),
				ring(),
				harness.Phase("the other phone answers",
					harness.Push(harness.Ongoing),
					harness.Await(expect.All(over(), expect.NoCallScreen()), harness.ByEnd),
					harness.Stays(expect.All(expect.Silent(), expect.NoMissedCall())),
				),
				missedControl(),
			),
		},
		{
			ID:     "elsewhere-after-answer",
			Title:  "what another phone of the user does to the ring does not end the call that was answered here",
			Labels: []string{"background", "push", "cancel", "incall"},
			Needs:  Needs{Inject: true},
			Budget: 3 * time.Minute,
			Origin: "element-android#1921",
			Run: harness.Steps(
				harness.Enter(state.Background),
				ringAndAnswer(),
				harness.SameCall(
					harness.Phase("the server echoes our own answer",
						harness.Push(harness.Ongoing),
						harness.Stays(expect.All(expect.Active(), expect.AudioInCall())),
					),
					harness.Phase("the other phone declines",
						harness.Push(harness.Rejected),
						harness.Stays(expect.All(expect.Active(), expect.AudioInCall())),
					),
				),
				hangUp(),
			),
		},
		{
			ID:     "cancel-at-once",
			Title:  "a cancel that comes right behind its call leaves nothing ringing",
			Labels: []string{"background", "push", "cancel"},
			Needs:  Needs{Inject: true},
			Budget: 3 * time.Minute,
			Origin: "voice-quickstart-android#130, linphone-android#2165",
			Run: harness.Steps(
				harness.Enter(state.Background),
				harness.Phase("call and cancel",
					harness.Push(harness.Initiated),
					harness.Push(harness.Cancelled),
					harness.Await(expect.All(over(), expect.NoCallScreen()), harness.ByEnd),
					harness.Stays(expect.Silent()),
				),
				control(),
			),
		},
		{
			ID:     "cancel-first",
			Title:  "a cancel that overtakes its call: the call does not ring",
			Labels: []string{"background", "push", "cancel"},
			Needs:  Needs{Inject: true},
			Budget: 3 * time.Minute,
			Origin: "voice-quickstart-android#130, Rocket.Chat.ReactNative#7077",
			Run: harness.Steps(
				harness.Enter(state.Background),
				harness.Phase("the cancel comes first",
					harness.Push(harness.Cancelled),
					harness.PushAgain(harness.Initiated),
					harness.Stays(expect.Silent()),
				),
				control(),
			),
		},
	}
}

// missedControl shows that the app tells of a missed call when it is one.
func missedControl() harness.Step {
	return harness.Phase("control: a call that is cancelled is told as missed",
		ring(),
		harness.Push(harness.Cancelled),
		harness.Await(expect.All(over(), expect.MissedCall()), harness.ByMissed),
	)
}
