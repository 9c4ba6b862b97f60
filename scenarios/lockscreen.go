package scenarios

import (
	"time"

	"github.com/ringproof/ringproof/harness"
	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/harness/state"
)

// lockScreen: the call takes the screen, and gives nothing else away.
func lockScreen() []Scenario {
	return []Scenario{{
		ID:     "locked-fullscreen",
		Title:  "rings full screen over a secure lock screen, is answered without the PIN, and shows nothing behind it",
		Labels: []string{"smoke", "lockscreen", "incall"},
		Needs:  Needs{MinAPI: 27, Inject: true, Credential: true},
		Budget: 3 * time.Minute,
		Origin: "flutter_callkit_incoming#544, riot-android#336, tchap#651",
		Run: harness.Steps(
			harness.Enter(state.Background, state.LockedSecure),
			harness.Phase("push a call to the dark phone",
				harness.Push(harness.Initiated),
				harness.Await(expect.All(expect.Ringing(), expect.CallNotification(), expect.OverKeyguard()), harness.ByRing),
			),
			harness.Phase("answer on the screen, without the PIN",
				harness.TapAnswer(),
				harness.Await(expect.All(expect.Active(), expect.AudioInCall(), expect.StillLocked()), harness.ByAnswer),
			),
			harness.Phase("leave the call's screen: the keyguard is there, nothing of the app",
				harness.Home(),
				harness.Await(expect.OnlyKeyguard(), harness.BySettle),
				harness.Await(expect.Active(), harness.BySettle),
			),
			harness.Phase("hang up",
				harness.PressHook(),
				harness.Await(expect.All(over(), expect.OnlyKeyguard()), harness.ByEnd),
			),
		),
	}}
}
