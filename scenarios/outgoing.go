package scenarios

import (
	"time"

	"github.com/ringproof/ringproof/harness"
	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/harness/state"
)

// outgoing: one phone calls another one, the app on both. The harness is the
// server between them: what one of them does, it tells the other by push.
func outgoing() []Scenario {
	needs := Needs{Inject: true, Phones: 2, Outgoing: true}
	return []Scenario{
		{
			ID:     "outgoing-answered",
			Title:  "a call from one phone rings the other; both are active once that one answers, and over once the caller hangs up",
			Labels: []string{"outgoing", "foreground", "push", "incall"},
			Needs:  needs,
			Budget: 5 * time.Minute,
			Origin: "react-native-callkeep#257, linphone-android#1648",
			Run: harness.Steps(
				callOther(),
				harness.Phase("the other phone answers",
					harness.On(1, harness.PressAnswer(), answered()),
					harness.Push(harness.Ongoing),
					answered(),
					harness.Stays(expect.All(expect.Active(), expect.AudioInCall(), expect.OngoingCall())),
				),
				hangUp(),
				harness.Phase("the other phone hears of it",
					harness.On(1, harness.Push(harness.Ended), harness.Await(expect.All(over(), expect.NoCallScreen()), harness.ByEnd)),
				),
			),
		},
		{
			ID:     "outgoing-cancelled",
			Title:  "a caller gives up while the other phone rings: the caller's call is gone, and the other one tells of a missed call",
			Labels: []string{"outgoing", "foreground", "push", "cancel"},
			Needs:  needs,
			Budget: 5 * time.Minute,
			Origin: "voice-quickstart-android#130, Signal-Android#4172",
			Run: harness.Steps(
				callOther(),
				harness.Phase("the caller gives up",
					harness.TapEnd(),
					harness.Await(expect.All(over(), expect.NoCallScreen()), harness.ByEnd),
					harness.On(1,
						harness.Push(harness.Cancelled),
						harness.Await(expect.All(over(), expect.NoCallScreen(), expect.MissedCall()), harness.ByMissed),
					),
					harness.Stays(expect.All(expect.Silent(), expect.NoMissedCall())),
				),
			),
		},
		{
			ID:     "outgoing-declined",
			Title:  "the other phone declines: the caller's call ends as declined there, and nobody is told of a missed call",
			Labels: []string{"outgoing", "foreground", "push", "cancel"},
			Needs:  needs,
			Budget: 5 * time.Minute,
			Origin: "react-native-callkeep#257, nextcloud/talk-android#1724",
			Run: harness.Steps(
				callOther(),
				harness.Phase("the other phone declines",
					harness.On(1,
						harness.PressDecline(),
						harness.Await(expect.All(over(), expect.NoCallScreen()), harness.ByEnd),
					),
					harness.Push(harness.Rejected),
					harness.Await(expect.All(over(), expect.NoCallScreen(), expect.EndedBy("REJECTED", "REMOTE")), harness.ByEnd),
					harness.Stays(expect.All(expect.Silent(), expect.NoMissedCall())),
				),
			),
		},
	}
}

// callOther has the app call somebody, and rings their phone.
func callOther() harness.Step {
	return harness.Steps(
		harness.CallsSomebody(),
		harness.On(1, harness.Enter(state.Background)),
		harness.Enter(state.Foreground),
		harness.Phase("call somebody",
			harness.PlaceCall(),
			harness.Await(expect.All(expect.Dialing(), expect.CallScreen(), expect.OngoingCall(), expect.AudioInCall()), harness.ByRing),
		),
		harness.Phase("the other phone rings",
			harness.On(1, ringsToo()),
			harness.Stays(expect.All(expect.Dialing(), expect.OngoingCall())),
		),
	)
}
