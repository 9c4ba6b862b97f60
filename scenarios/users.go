package scenarios

import (
	"time"

	"github.com/ringproof/ringproof/harness"
	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/harness/state"
)

// openCopy opens the copy of the app in the work profile once.
func openCopy() harness.Step {
	return harness.Phase("open the copy in the work profile", harness.OpenCopy())
}

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
		{
			ID:     "profile-copy",
			Title:  "a call for the app's copy in the work profile rings once, as that copy's, and is answered",
			Labels: []string{"background", "users", "incall"},
			Needs:  Needs{Inject: true, SecondUser: true},
			Budget: 4 * time.Minute,
			Origin: "Android Telecom: PhoneAccountRegistrar keeps accounts per user",
			Run: harness.Steps(
				harness.Enter(state.WorkProfile, state.Background),
				openCopy(),
				harness.ToCopy(harness.Phase("push a call to the copy",
					harness.Push(harness.Initiated),
					harness.Await(expect.All(expect.Ringing(), expect.OfProfile(), expect.CallNotification()), harness.ByRing),
				)),
				answerFromNotification(),
				hangUp(),
			),
		},
		{
			ID:     "profile-paused",
			Title:  "a paused work profile takes no call, and does not ring for it when it is back",
			Labels: []string{"background", "users", "push"},
			Needs:  Needs{Inject: true, SecondUser: true},
			Budget: 6 * time.Minute,
			Origin: "Android Telecom: CallsManager.processIncomingCallIntent (USER_MISSED_NOT_RUNNING)",
			Run: harness.Steps(
				harness.Enter(state.WorkProfile, state.Background),
				openCopy(),
				harness.Phase("the profile is paused", harness.PauseProfile()),
				harness.Phase("a push for its copy reaches nobody",
					harness.ToCopy(harness.PushRefused(harness.Initiated)),
					harness.Stays(expect.Silent()),
				),
				harness.Phase("the profile is back: the old call must not ring",
					harness.ResumeProfile(),
					harness.OpenCopy(),
					harness.Stays(expect.Silent()),
				),
				harness.ToCopy(control()),
			),
		},
		{
			ID:     "other-user",
			Title:  "a call for the owner leaves another user who has the phone alone, and is told to the owner as missed",
			Labels: []string{"background", "users", "notification", "cancel"},
			Needs:  Needs{Inject: true, SecondUser: true},
			Budget: 6 * time.Minute,
			Origin: "Android Telecom: CallsManager.processIncomingCallIntent (calls are for the user in front)",
			Run: harness.Steps(
				harness.Enter(state.OtherUser, state.Background),
				harness.Phase("push a call for the owner",
					harness.Push(harness.Initiated),
					harness.Stays(expect.All(expect.NoCall(), expect.NotInFront(), expect.NoCallScreen())),
				),
				harness.Phase("the caller gives up",
					harness.Push(harness.Cancelled),
					harness.Await(expect.All(over(), expect.NoCallScreen(), expect.MissedCall()), harness.ByMissed),
				),
				harness.Phase("the owner is back", harness.OwnerBack()),
				control(),
			),
		},
	}
}
