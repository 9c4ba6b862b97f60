package scenarios

import (
	"time"

	"github.com/ringproof/ringproof/harness"
	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/harness/state"
)

// fallback: Telecom takes no call of the app, and there is a call all the same.
func fallback() []Scenario {
	return []Scenario{{
		ID:     "account-lost",
		Title:  "Telecom has lost the app's account: the call comes by its notification alone, which opens it; the next process has an account again",
		Labels: []string{"background", "notification", "push"},
		Needs:  Needs{Inject: true},
		Budget: 3 * time.Minute,
		Origin: "notifee#250, linhvovan29546#12, react-native-callkeep#389",
		Run: harness.Steps(
			harness.Enter(state.Background),
			harness.Phase("the account is taken away", harness.LoseAccount()),
			harness.Phase("push a call",
				harness.Push(harness.Initiated),
				harness.Await(expect.CallNotification(), harness.ByRing),
			),
			harness.Phase("answer from the notification",
				harness.PressAnswer(),
				harness.Await(expect.CallScreen(), harness.ByAnswer),
			),
			harness.Phase("hang up",
				harness.TapEnd(),
				harness.Await(expect.All(over(), expect.NoCallScreen()), harness.ByEnd),
			),
			harness.Phase("a new process", harness.KillProcess()),
			control(),
		),
	}}
}
