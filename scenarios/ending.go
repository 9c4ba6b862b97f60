package scenarios

import (
	"time"

	"github.com/ringproof/ringproof/harness"
	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/harness/state"
)

// ending: the ringing stops, whoever stops it.
func ending() []Scenario {
	return []Scenario{
		{
			ID:     "declined",
			Title:  "a call declined from the notification is gone everywhere",
			Labels: []string{"smoke", "background", "notification"},
			Needs:  Needs{Inject: true},
			Budget: 2 * time.Minute,
			Origin: "element-android#7772",
			Run: harness.Steps(
				harness.Enter(state.Background),
				ring(),
				harness.Phase("decline from the notification",
					harness.PressDecline(),
					harness.Await(expect.All(over(), expect.NoCallScreen()), harness.ByEnd),
					harness.Holds(expect.EndedBy("REJECTED", "LOCAL")),
				),
			),
		},
		{
			ID:     "cancelled",
			Title:  "the caller hangs up first: a cancel push stops the ringing everywhere",
			Labels: []string{"smoke", "background", "push", "cancel"},
			Needs:  Needs{Inject: true},
			Budget: 2 * time.Minute,
			Origin: "voice-quickstart-android#482, Signal-Android#4172",
			Run: harness.Steps(
				harness.Enter(state.Background),
				ring(),
				harness.Phase("the caller gives up",
					harness.Push(harness.Cancelled),
					harness.Await(expect.All(over(), expect.NoCallScreen()), harness.ByEnd),
					harness.Stays(expect.Silent()),
				),
			),
		},
		{
			ID:     "killed-declined",
			Title:  "a killed app's call that is declined is over for its caller, too: the server hears of it",
			Labels: []string{"killed", "notification"},
			Needs:  Needs{Inject: true},
			Budget: 3 * time.Minute,
			Origin: "flutter_callkit_incoming#748, flutter_callkit_incoming#789",
			Run: harness.Steps(
				harness.Enter(state.Killed),
				ring(),
				declineHere(),
			),
		},
	}
}

// declineHere declines, and has the server hear that it was on this phone.
func declineHere() harness.Step {
	return harness.Steps(
		harness.Phase("decline from the notification",
			harness.PressDecline(),
			harness.Await(expect.All(over(), expect.NoCallScreen()), harness.ByEnd),
			harness.Stays(expect.Silent()),
		),
		harness.Phase("what the server hears of it", harness.TellsDeclined()),
	)
}
