package scenarios

import (
	"time"

	"github.com/ringproof/ringproof/harness"
	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/harness/state"
)

// makers: switches of one maker's phones that take away what Android gives an
// app, and are off until the user finds them. The call must then still be in the
// list with its buttons. What such a phone does besides, whether its screen goes
// on for the call, nobody saw: that is asserted nowhere.
func makers() []Scenario {
	return []Scenario{
		{
			ID:     "xiaomi-lock-denied",
			Title:  "a Xiaomi phone that shows nothing of the app over its lock screen lists the call with both buttons, and it is answered there",
			Labels: []string{"lockscreen", "permission", "notification"},
			Needs:  Needs{Maker: state.Xiaomi, Inject: true},
			Budget: 2 * time.Minute,
			Origin: "connectycube-call-kit#164, flutter_callkit_incoming#667",
			Run: harness.Steps(
				harness.Enter(state.XiaomiLockScreenDenied, state.Background, state.LockedSwipe),
				harness.Phase("push a call to the dark phone",
					harness.Push(harness.Initiated),
					harness.Await(expect.All(expect.Ringing(), expect.CallNotification(), expect.CallPosted(), expect.Covered()), harness.ByRing),
				),
				harness.Phase("look at the phone and answer in the list",
					harness.PressKey(harness.KeyWakeup),
					harness.Await(expect.All(expect.ScreenOn(), expect.Covered()), harness.BySettle),
					harness.PressAnswer(),
					harness.Await(expect.All(expect.Active(), expect.AudioInCall()), harness.ByAnswer),
				),
				hangUpWithButton(),
			),
		},
		{
			ID:     "xiaomi-popup-denied",
			Title:  "a Xiaomi phone that lets the app open nothing from the background: a call that a headset answers goes on, and its notification ends it",
			Labels: []string{"background", "permission", "notification", "incall"},
			Needs:  Needs{Maker: state.Xiaomi, Inject: true},
			Budget: 2 * time.Minute,
			Origin: "flutter_callkit_incoming#301, react-native-callkeep#389",
			Run: harness.Steps(
				harness.Enter(state.XiaomiPopUpDenied, state.Background),
				harness.SameProcess(
					ring(),
					harness.Phase("answer with the headset",
						harness.PressHook(),
						harness.Await(expect.All(expect.Active(), expect.AudioInCall()), harness.ByAnswer),
						harness.Await(expect.OngoingCall(), harness.ByAnswer),
					),
					harness.Phase("hang up from the notification",
						harness.PressHangUp(),
						harness.Await(over(), harness.ByEnd),
					),
				),
			),
		},
	}
}
