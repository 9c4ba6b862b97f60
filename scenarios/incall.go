package scenarios

import (
	"context"
	"time"

	"github.com/ringproof/ringproof/harness"
	"github.com/ringproof/ringproof/harness/dumpsys/telecom"
	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/harness/facts"
	"github.com/ringproof/ringproof/harness/state"
)

// inCall: a call that was answered goes on until somebody ends it.
func inCall() []Scenario {
	return []Scenario{
		{
			ID:     "home-in-call",
			Title:  "a call goes on behind the home screen, held by a foreground service whose notification ends it",
			Labels: []string{"background", "incall", "notification"},
			Needs:  Needs{Inject: true},
			Budget: 2 * time.Minute,
			Origin: "Fossify-Phone#903, Signal-Android#9314",
			Run: harness.Steps(
				harness.Enter(state.Background),
				ringAndAnswer(),
				harness.Phase("go home",
					harness.Home(),
					harness.SameCall(
						harness.Await(expect.All(expect.Active(), expect.NotInFront(), expect.OngoingCall()), harness.BySettle),
						harness.Stays(expect.All(expect.Active(), expect.AudioInCall(), expect.OngoingCall())),
					),
				),
				harness.Phase("hang up from the notification",
					harness.PressHangUp(),
					harness.Await(expect.All(over(), expect.NoCallScreen()), harness.ByEnd),
				),
			),
		},
		{
			ID:     "notification-swiped",
			Title:  "a call's notification cannot be swiped away, or comes back: it still ends the call",
			Labels: []string{"background", "incall", "notification", "ui"},
			Needs:  Needs{Inject: true},
			Budget: 3 * time.Minute,
			Origin: "element-x-android#3921, Azure communication-ui-library-android#1170, Fossify-Phone#903",
			Run: harness.Steps(
				harness.Enter(state.Background),
				ringAndAnswer(),
				harness.Phase("go home",
					harness.Home(),
					harness.Await(expect.All(expect.Active(), expect.NotInFront(), expect.OngoingCall()), harness.BySettle),
				),
				harness.Phase("swipe the call's notification away",
					harness.SameCall(
						harness.SwipeOngoing(),
						harness.Stays(expect.Active()), // an app that posts it again has this long
						harness.Holds(expect.All(expect.Active(), expect.AudioInCall(), expect.OngoingCall())),
					),
				),
				harness.Phase("hang up from the notification",
					harness.PressHangUp(),
					harness.Await(expect.All(over(), expect.NoCallScreen()), harness.ByEnd),
				),
			),
		},
		{
			ID:     "dark-mode-in-call",
			Title:  "a call and its screen survive that the screen is made anew",
			Labels: []string{"background", "incall"},
			Needs:  Needs{MinAPI: 29, Inject: true},
			Budget: 2 * time.Minute,
			Origin: "cometchat voip-calling guide, CallActivity.onDestroy",
			Run: harness.Steps(
				harness.Enter(state.Background),
				ringAndAnswer(),
				harness.Phase("dark mode changes",
					harness.SameCall(
						harness.SwitchNight(),
						harness.Stays(expect.All(expect.Active(), expect.AudioInCall())),
						harness.Await(expect.CallScreen(), harness.BySettle),
					),
				),
				hangUp(),
			),
		},
		{
			ID:     "speaker-in-call",
			Title:  "the button for the loudspeaker moves the call there and back, and ends nothing",
			Labels: []string{"background", "audio", "incall"},
			Needs:  Needs{Inject: true},
			Budget: 3 * time.Minute,
			Origin: "Rocket.Chat.ReactNative#7265, react-native-callkeep#295, react-native-incall-manager#212",
			Run: harness.Steps(
				harness.Enter(state.Background),
				ringAndAnswer(),
				harness.SameCall(
					harness.Phase("the loudspeaker goes on",
						harness.TapSpeaker(),
						harness.Await(expect.All(expect.Active(), expect.RoutedTo(telecom.Speaker)), harness.BySettle),
					),
					harness.Phase("and off again",
						harness.TapSpeaker(),
						harness.Await(expect.All(expect.Active(), expect.RoutedTo(telecom.Earpiece, telecom.WiredHeadset)), harness.BySettle),
						harness.Stays(expect.All(expect.Active(), expect.AudioInCall())),
					),
				),
				hangUp(),
			),
		},
		{
			ID:     "swiped-in-call",
			Title:  "a call goes on when the app is swiped out of the recents",
			Labels: []string{"background", "incall"},
			Needs:  Needs{Inject: true},
			Budget: 2 * time.Minute,
			Origin: "react-native-callkeep#833, Signal-Android#9314",
			Run: harness.Steps(
				harness.Enter(state.Background),
				ringAndAnswer(),
				harness.Phase("swipe the app away",
					harness.SameCall(
						harness.SwipeAway(),
						harness.Stays(expect.All(expect.Active(), expect.AudioInCall(), expect.OngoingCall())),
					),
				),
				harness.Phase("hang up from the notification",
					harness.PressHangUp(),
					harness.Await(over(), harness.ByEnd),
				),
			),
		},
		{
			ID:     "swiped-answer",
			Title:  "rings after the app was swiped out of the recents, and is answered",
			Labels: []string{"killed", "push", "incall"},
			Needs:  Needs{Inject: true},
			Budget: 2 * time.Minute,
			Origin: "react-native-callkeep#833, react-native-callkeep#853",
			Run: harness.Steps(
				harness.Enter(state.Background),
				harness.Phase("swipe the app away", harness.SwipedIdle()),
				ringAndAnswer(),
				hangUp(),
			),
		},
		{
			ID:     "killed-while-ringing",
			Title:  "the process dies while it rings: the call is gone, and what is left of it neither rings nor answers",
			Labels: []string{"killed", "notification"},
			Needs:  Needs{Inject: true},
			Budget: 3 * time.Minute,
			Origin: "linphone-android#1359, riot-android#1465",
			Run: harness.Steps(
				harness.Enter(state.Background),
				ring(),
				processDies(),
				harness.Phase("the caller gives up: the next push settles what is left",
					harness.Push(harness.Cancelled),
					harness.Await(expect.All(over(), expect.NoCallScreen()), harness.ByEnd),
					harness.Stays(expect.Silent()),
				),
				control(),
			),
		},
		{
			ID:     "zombie-buttons",
			Title:  "the process dies while it rings: what is left on the screen is gone once somebody presses it",
			Labels: []string{"killed", "notification"},
			Needs:  Needs{Inject: true},
			Budget: 3 * time.Minute,
			Origin: "linphone-android#1359, riot-android#1465",
			Run: harness.Steps(
				harness.Enter(state.Background),
				ring(),
				processDies(),
				harness.Phase("answer what cannot be answered any more",
					ifShown(harness.PressAnswer()),
					harness.Await(expect.All(over(), expect.NoCallScreen()), harness.ByEnd),
				),
				control(),
			),
		},
	}
}

// processDies ends the app's process in the middle of a call.
func processDies() harness.Step {
	return harness.Phase("the system ends the process",
		harness.KillProcess(),
		harness.Await(expect.NoCall(), harness.ByEnd),
	)
}

// ifShown does a step if a call notification of the app is posted: the system
// takes it away with the process if a foreground service held it.
func ifShown(step harness.Step) harness.Step {
	return harness.StepFunc(func(ctx context.Context, a *harness.App) error {
		s, err := a.Snapshot(ctx, facts.Notification)
		if err != nil {
			return err
		}
		if len(s.CallNotifications().Or(nil)) == 0 {
			return nil
		}
		return step.Do(ctx, a)
	})
}
