package scenarios

import (
	"time"

	"github.com/ringproof/ringproof/harness"
	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/harness/state"
)

// users: whose phone it is, and whether they were there since it started.
func users() []Scenario {
	return []Scenario{
		{
			ID:     "direct-boot",
			Title:  "a phone that restarted and was not unlocked since rings, and the headset's button answers and ends the call",
			Labels: []string{"lockscreen", "users", "killed"},
			Needs:  Needs{Inject: true, Credential: true},
			Budget: 8 * time.Minute,
			Origin: "developer.android.com, Support Direct Boot mode",
			Run: harness.Steps(
				harness.Enter(state.PIN),
				harness.Phase("restart the phone",
					harness.Reboot(),
					harness.Await(expect.All(expect.UserState(0, "RUNNING_LOCKED"), expect.StillLocked()), harness.BySettle),
				),
				harness.Phase("push a call before the first unlock",
					harness.Push(harness.Initiated),
					harness.Await(expect.All(expect.Ringing(), expect.CallNotification()), harness.ByRing),
				),
				harness.Phase("answer with the headset's button",
					harness.PressHook(),
					harness.Await(expect.All(expect.Active(), expect.AudioInCall(), expect.StillLocked()), harness.ByAnswer),
				),
				hangUpWithButton(),
			),
		},
		{
			ID:     "work-profile",
			Title:  "with a work profile that has a copy of the app, the owner's call rings once and is answered",
			Labels: []string{"background", "users"},
			Needs:  Needs{Inject: true, SecondUser: true},
			Budget: 4 * time.Minute,
			Origin: "Android Telecom: PhoneAccountRegistrar keeps accounts per user",
			Run: harness.Steps(
				harness.Enter(state.WorkProfile, state.Background),
				ringAndAnswer(),
				hangUp(),
			),
		},
	}
}
