package scenarios

import (
	"time"

	"github.com/ringproof/ringproof/harness"
	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/harness/state"
)

// signalling: an app in front hears of a call over its own connection and by
// push. In the background the connection sleeps, and there is the push alone.
func signalling() []Scenario {
	said := func() expect.Condition {
		return expect.All(expect.Ringing(), expect.CallNotification(), expect.SaidOnce())
	}
	needs := Needs{Inject: true, Signalling: true}
	return []Scenario{
		{
			ID:     "signalled-then-pushed",
			Title:  "the app's own connection tells of a call before the push does: it is one call, and stays one when the push is so late that it was answered",
			Labels: []string{"foreground", "push", "notification", "incall"},
			Needs:  needs,
			Budget: 3 * time.Minute,
			Origin: "connectycube-reactnative-samples#328, stream-video-flutter#1375, telnyx-webrtc-android#309",
			Run: harness.Steps(
				harness.Signalled(),
				harness.Enter(state.Foreground),
				harness.Phase("the connection tells of a call",
					harness.Signal(harness.Initiated),
					harness.Await(expect.All(expect.Ringing(), expect.CallNotification()), harness.ByRing),
				),
				harness.SameCall(
					harness.Phase("the push comes, too", harness.PushAgain(harness.Initiated), harness.Stays(said())),
					answerFromNotification(),
					harness.Phase("the push comes once more, late",
						harness.PushAgain(harness.Initiated),
						harness.Stays(expect.All(expect.Active(), expect.AudioInCall())),
					),
				),
				hangUp(),
			),
		},
		{
			ID:     "pushed-then-signalled",
			Title:  "the push comes before the app's own connection tells of the call, and both tell of its end: it is one call, missed once",
			Labels: []string{"foreground", "push", "notification", "cancel"},
			Needs:  needs,
			Budget: 3 * time.Minute,
			Origin: "connectycube-reactnative-samples#328, stream-video-flutter#1375, telnyx-webrtc-android#309",
			Run: harness.Steps(
				harness.Signalled(),
				harness.Enter(state.Foreground),
				ring(),
				harness.Phase("the connection tells, too",
					harness.SameCall(harness.SignalAgain(harness.Initiated), harness.Stays(said())),
				),
				harness.Phase("the caller gives up: the connection tells",
					harness.Signal(harness.Cancelled),
					harness.Await(expect.All(over(), expect.NoCallScreen(), expect.MissedOnce()), harness.ByMissed),
				),
				harness.Phase("the push says so, too",
					harness.Push(harness.Cancelled),
					harness.Stays(expect.All(expect.Silent(), expect.MissedOnce())),
				),
			),
		},
		{
			ID:     "signalled-at-once",
			Title:  "push and the app's own connection tell of a call in one moment: it is one call, and none once the connection told of its end",
			Labels: []string{"foreground", "push", "notification", "cancel"},
			Needs:  needs,
			Budget: 3 * time.Minute,
			Origin: "stream-video-flutter#1231, connectycube-reactnative-samples#328",
			Run: harness.Steps(
				harness.Signalled(),
				harness.Enter(state.Foreground),
				harness.Phase("both tell of a call",
					harness.Signal(harness.Initiated),
					harness.PushAgain(harness.Initiated),
					harness.Await(expect.All(expect.Ringing(), expect.CallNotification()), harness.ByRing),
					harness.Stays(said()),
				),
				harness.Phase("another phone answers, as the connection tells",
					harness.Signal(harness.Ongoing),
					harness.Await(expect.All(over(), expect.NoCallScreen()), harness.ByEnd),
				),
				harness.Phase("the push of the call comes once more",
					harness.PushAgain(harness.Initiated),
					harness.Stays(expect.All(expect.Silent(), expect.NoMissedCall())),
				),
				control(),
			),
		},
	}
}
