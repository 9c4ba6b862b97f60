package scenarios

import (
	"time"

	"github.com/ringproof/ringproof/harness"
	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/harness/state"
)

// several: one user with more than one phone. The harness is the server between
// them: what one phone does, it tells the other by push.
func several() []Scenario {
	return []Scenario{
		{
			ID:     "two-phones-answered",
			Title:  "two phones of a user ring, one answers: the other one stops and tells of no missed call, the answered one goes on",
			Labels: []string{"background", "push", "cancel", "incall"},
			Needs:  Needs{Inject: true, Phones: 2},
			Budget: 5 * time.Minute,
			Origin: "element-android#1921, stream-video-android#1599, nextcloud/talk-android#1842",
			Run: harness.Steps(
				ringBoth(),
				harness.Phase("the other phone answers",
					harness.On(1,
						harness.PressAnswer(),
						answered(),
					),
					harness.Push(harness.Ongoing),
					harness.Await(expect.All(over(), expect.NoCallScreen()), harness.ByEnd),
					harness.Stays(expect.All(expect.Silent(), expect.NoMissedCall())),
				),
				harness.Phase("its own answer comes back to it, and the call goes on",
					harness.On(1,
						harness.Push(harness.Ongoing),
						harness.Stays(expect.All(expect.Active(), expect.AudioInCall())),
					),
				),
				otherHangsUp(),
			),
		},
		{
			ID:     "two-phones-crossed",
			Title:  "two phones of a user ring, one answers, and the other one declines before it hears of it: the answered call goes on",
			Labels: []string{"background", "push", "cancel", "incall"},
			Needs:  Needs{Inject: true, Phones: 2},
			Budget: 5 * time.Minute,
			Origin: "element-android#1921",
			Run: harness.Steps(
				ringBoth(),
				otherAnswers(),
				// A server that hears of an end here ends the call of both.
				declineHere(),
				harness.Phase("the other phone hears of the decline, and its call goes on",
					harness.On(1,
						harness.Push(harness.Rejected),
						harness.Stays(expect.All(expect.Active(), expect.AudioInCall())),
					),
				),
				harness.Phase("the answer is heard of here, too late to end anything",
					harness.Push(harness.Ongoing),
					harness.Stays(expect.All(expect.Silent(), expect.NoMissedCall())),
				),
				otherHangsUp(),
			),
		},
		{
			ID:     "two-phones-raced",
			Title:  "two phones of a user ring, one answers, and Decline is pressed on the other one as it hears of that: a decline that comes too late is told to nobody",
			Labels: []string{"background", "push", "cancel", "notification", "incall"},
			Needs:  Needs{Inject: true, Phones: 2},
			Budget: 10 * time.Minute,
			Origin: "element-android#1921",
			Run: harness.Steps(
				harness.TracesDeclines(),
				harness.Enter(state.Background),
				ring(),
				declineHere(), // the control: what is not told below is told here
				harness.Crossing(8, declineTooLate),
			),
		},
		{
			ID:     "two-phones-cancelled",
			Title:  "two phones of a user ring and the caller gives up: both stop, both tell of a missed call",
			Labels: []string{"background", "push", "cancel", "notification"},
			Needs:  Needs{Inject: true, Phones: 2},
			Budget: 5 * time.Minute,
			Origin: "voice-quickstart-android#482, nextcloud/talk-android#1842",
			Run: harness.Steps(
				ringBoth(),
				harness.Phase("the caller gives up",
					harness.Push(harness.Cancelled),
					harness.On(1, harness.Push(harness.Cancelled)),
					harness.Await(expect.All(over(), expect.NoCallScreen(), expect.MissedCall()), harness.ByMissed),
					harness.On(1, harness.Await(expect.All(over(), expect.NoCallScreen(), expect.MissedCall()), harness.ByMissed)),
				),
			),
		},
		{
			ID:     "three-phones-declined",
			Title:  "three phones of a user ring, one declines: the others stop, and a later stop finds nothing to end",
			Labels: []string{"background", "push", "cancel"},
			Needs:  Needs{Inject: true, Phones: 3},
			Budget: 5 * time.Minute,
			Origin: "element-android#1921, deltachat-android#4355",
			Run: harness.Steps(
				ringBoth(),
				harness.Phase("the third one rings, too", harness.On(2, harness.Enter(state.Background), ringsToo())),
				harness.Phase("decline here",
					harness.PressDecline(),
					harness.Await(expect.All(over(), expect.NoCallScreen()), harness.ByEnd),
				),
				harness.Phase("the others hear of it",
					harness.On(1, stopsElsewhere()),
					harness.On(2, stopsElsewhere()),
				),
				harness.Phase("the server tells the one that declined, too",
					harness.Push(harness.Rejected),
					harness.Stays(expect.All(expect.Silent(), expect.NoMissedCall())),
				),
			),
		},
	}
}

// ringBoth rings the phone and the one beside it with one call.
func ringBoth() harness.Step {
	return harness.Steps(
		harness.On(1, harness.Enter(state.Background)),
		harness.Enter(state.Background),
		ring(),
		harness.Phase("the other phone rings, too", harness.On(1, ringsToo())),
	)
}

// declineTooLate has another phone answer, and Decline pressed here as this one
// hears of it.
func declineTooLate(after time.Duration) harness.Step {
	return harness.Steps(
		ringBoth(),
		otherAnswers(),
		harness.Phase("decline here as the answer is heard of",
			harness.DeclineAs(harness.Ongoing, after),
			harness.Await(expect.All(over(), expect.NoCallScreen()), harness.ByEnd),
			harness.Stays(expect.All(expect.Silent(), expect.NoMissedCall())),
		),
		harness.Phase("what the server hears of it", harness.TellsNoDecline()),
		harness.Phase("the other phone's call goes on", harness.On(1, harness.Holds(expect.All(expect.Active(), expect.AudioInCall())))),
		otherHangsUp(),
	)
}

func otherAnswers() harness.Step {
	return harness.Phase("the other phone answers", harness.On(1, harness.PressAnswer(), answered()))
}

func otherHangsUp() harness.Step {
	return harness.Phase("hang up", harness.On(1, harness.TapEnd(), harness.Await(over(), harness.ByEnd)))
}

// ringsToo rings another phone with the call that rings already.
func ringsToo() harness.Step {
	return harness.Steps(
		harness.PushAgain(harness.Initiated),
		harness.Await(expect.All(expect.Ringing(), expect.CallNotification()), harness.ByRing),
	)
}

func stopsElsewhere() harness.Step {
	return harness.Steps(
		harness.Push(harness.Rejected),
		harness.Await(expect.All(over(), expect.NoCallScreen()), harness.ByEnd),
		harness.Stays(expect.All(expect.Silent(), expect.NoMissedCall())),
	)
}
