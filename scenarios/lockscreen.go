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
			ringOverKeyguard(),
			answerWithoutPIN(),
			harness.Phase("leave the call's screen: the keyguard is there, nothing of the app",
				harness.Home(),
				harness.Await(expect.OnlyKeyguard(), harness.BySettle),
				harness.Stays(expect.All(expect.Active(), expect.OnlyKeyguard()))),
			hangUpLocked(),
		),
	}, {
		ID:     "locked-killed",
		Title:  "rings full screen on a locked phone that killed the process, and is answered without the PIN",
		Labels: []string{"lockscreen", "killed", "incall"},
		Needs:  Needs{MinAPI: 27, Inject: true, Credential: true},
		Budget: 3 * time.Minute,
		Origin: "flutter_callkit_incoming#544, flutter_callkit_incoming#526",
		Run: harness.Steps(
			harness.Enter(state.Killed, state.LockedSecure),
			ringOverKeyguard(),
			answerWithoutPIN(),
			hangUpLocked(),
		),
	}, {
		ID:     "locked-in-front",
		Title:  "rings full screen on a phone that was locked with the app in front: behind the keyguard nobody sees it",
		Labels: []string{"lockscreen", "foreground", "push"},
		Needs:  Needs{MinAPI: 27, Inject: true, Credential: true},
		Budget: 3 * time.Minute,
		Origin: "flutter_callkit_incoming#679, stream-video-flutter#810",
		Run: harness.Steps(
			harness.Enter(state.Foreground),
			harness.Enter(state.LockedSecure),
			ringOverKeyguard(),
			declineOnScreen(),
		),
	}, {
		ID:     "locked-cancelled",
		Title:  "the caller gives up while a locked phone rings: the call's screen goes and the keyguard is back",
		Labels: []string{"lockscreen", "cancel", "push"},
		Needs:  Needs{MinAPI: 27, Inject: true, Credential: true},
		Budget: 3 * time.Minute,
		Origin: "voice-quickstart-android#145, Signal-Android#4172",
		Run: harness.Steps(
			harness.Enter(state.Background, state.LockedSecure),
			ringOverKeyguard(),
			harness.Phase("the caller gives up",
				harness.Push(harness.Cancelled),
				harness.Await(expect.All(over(), expect.NoCallScreen(), expect.OnlyKeyguard()), harness.ByEnd),
			),
		),
	}}
}

// ringOverKeyguard pushes a call to a dark locked phone.
func ringOverKeyguard() harness.Step {
	return harness.Phase("push a call to the dark phone",
		harness.Push(harness.Initiated),
		harness.Await(expect.All(expect.Ringing(), expect.CallNotification(), expect.OverKeyguard()), harness.ByRing),
	)
}

// answerWithoutPIN answers on the app's own screen over the keyguard.
func answerWithoutPIN() harness.Step {
	return harness.Phase("answer on the screen, without the PIN",
		harness.TapAnswer(),
		harness.Await(expect.All(expect.Active(), expect.AudioInCall(), expect.StillLocked(), expect.OverKeyguard()), harness.ByAnswer),
	)
}

// hangUpLocked ends the call of a locked phone: the keyguard is all that stays.
func hangUpLocked() harness.Step {
	return harness.Phase("hang up",
		harness.PressHook(),
		harness.Await(expect.All(over(), expect.OnlyKeyguard()), harness.ByEnd),
	)
}

// declineOnScreen declines on the app's own screen over the keyguard.
func declineOnScreen() harness.Step {
	return harness.Phase("decline on the screen",
		harness.TapDecline(),
		harness.Await(expect.All(over(), expect.NoCallScreen(), expect.OnlyKeyguard()), harness.ByEnd),
		harness.Holds(expect.EndedBy("REJECTED", "LOCAL")),
	)
}
