package scenarios

import (
	"time"

	"github.com/ringproof/ringproof/harness"
	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/harness/state"
)

// pushes: what is not a call does not ring.
func pushes() []Scenario {
	return []Scenario{{
		ID:     "not-a-call",
		Title:  "malformed pushes and pushes that are no calls ring nothing and break nothing",
		Labels: []string{"smoke", "background", "push"},
		Needs:  Needs{Inject: true},
		Budget: 3 * time.Minute,
		Origin: "linphone-android#2040, element-android#3400",
		Run: harness.Steps(
			harness.Enter(state.Background),
			harness.Phase("push everything that is no call",
				harness.SameProcess(
					harness.PushOthers(),
					harness.Stays(expect.Silent()),
				),
			),
			control(),
		),
	}}
}
