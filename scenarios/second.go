package scenarios

import (
	"context"
	"slices"
	"time"

	"github.com/ringproof/ringproof/harness"
	"github.com/ringproof/ringproof/harness/dumpsys/telecom"
	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/harness/facts"
	"github.com/ringproof/ringproof/harness/state"
)

// second: the same call again, or another one beside it.
func second() []Scenario {
	return []Scenario{
		{
			ID:     "same-call-again",
			Title:  "a call that is announced again, in the same message or in another, is one call, and none once it is over",
			Labels: []string{"background", "push"},
			Needs:  Needs{Inject: true},
			Budget: 4 * time.Minute,
			Origin: "stream-video-flutter#1231, flutter_callkit_incoming#77, connectycube-reactnative-samples#328",
			Run: harness.Steps(
				harness.Enter(state.Background),
				ring(),
				harness.Phase("while it rings",
					harness.SameCall(
						harness.PushTwice(harness.Initiated),
						harness.PushAgain(harness.Initiated),
						harness.Stays(expect.All(expect.Ringing(), expect.CallNotification())),
					),
				),
				harness.Phase("declined, and announced again",
					harness.PressDecline(),
					harness.Await(over(), harness.ByEnd),
					harness.PushAgain(harness.Initiated),
					harness.Stays(expect.Silent()),
				),
				control(),
			),
		},
		{
			ID:     "second-while-ringing",
			Title:  "a second call while one rings is told as missed, and the first one rings on",
			Labels: []string{"background", "push", "notification", "incall"},
			Needs:  Needs{Inject: true},
			Budget: 3 * time.Minute,
			Origin: "react-native-callkeep#665, react-native-callkeep#500",
			Run: harness.Steps(
				harness.Enter(state.Background),
				ring(),
				harness.Phase("somebody else calls",
					harness.SameCall(
						harness.OtherCall(
							harness.Push(harness.Initiated),
							harness.Await(expect.MissedCall(), harness.ByMissed),
						),
						harness.Stays(expect.All(expect.Ringing(), expect.CallNotification())),
					),
				),
				harness.Phase("the first is answered",
					harness.PressAnswer(),
					answered(),
				),
				hangUp(),
			),
		},
		{
			ID:     "second-while-active",
			Title:  "a second call during a call waits or is told as missed; declining it leaves the first one alone",
			Labels: []string{"background", "push", "notification", "incall"},
			Needs:  Needs{Inject: true},
			Budget: 3 * time.Minute,
			Origin: "element-android#7772, react-native-callkeep#138, linphone-android#2110",
			Run: harness.Steps(
				harness.Enter(state.Background),
				ringAndAnswer(),
				harness.SameCall(
					harness.OtherCall(
						harness.Phase("somebody else calls",
							harness.Push(harness.Initiated),
							harness.Await(waitsOrMissed(), harness.ByRing),
						),
						harness.Phase("decline the call that waits", ifRinging(harness.PressDecline())),
					),
					harness.Await(expect.All(expect.Active(), expect.AudioInCall()), harness.ByEnd),
					harness.Stays(expect.All(expect.Active(), expect.AudioInCall())),
				),
				hangUp(),
			),
		},
		{
			ID:     "second-answered",
			Title:  "a call that waits is answered: the first one is held, and outlives the second",
			Labels: []string{"background", "notification", "incall"},
			Needs:  Needs{Inject: true},
			Budget: 3 * time.Minute,
			Origin: "element-android#7772, linphone-android#2110, react-native-callkeep#138",
			Run: harness.Steps(
				harness.Enter(state.Background),
				ringAndAnswer(),
				harness.Holdable(),
				harness.SameCall(
					harness.OtherCall(
						harness.Phase("somebody else calls",
							harness.Push(harness.Initiated),
							harness.Await(waitsOrMissed(), harness.ByRing),
						),
						ifRinging(harness.Steps(
							harness.Phase("answer the call that waits",
								harness.PressAnswer(),
								harness.Await(expect.Swapped(), harness.ByAnswer),
							),
							harness.Phase("end it",
								harness.TapEnd(),
								harness.Await(expect.OneCall(), harness.ByEnd),
							),
						)),
					),
					harness.Stays(expect.OneCall()),
				),
				harness.Phase("hang up the first",
					harness.PressHangUp(),
					harness.Await(over(), harness.ByEnd),
				),
			),
		},
	}
}

// waitsOrMissed is a second call that waits and is shown, or of which the app,
// being busy, tells as missed. Telecom has the call before its notification is
// there.
func waitsOrMissed() expect.Condition {
	return expect.Any(expect.All(expect.Waiting(), expect.CallPosted()), expect.All(expect.Active(), expect.MissedCall()))
}

// ifRinging does a step if a call of the app rings: an app may also be busy.
func ifRinging(step harness.Step) harness.Step { return ifCall(telecom.Call.Rings, step) }

// ifActive does a step if a call of the app goes on: an app may also end it.
func ifActive(step harness.Step) harness.Step {
	return ifCall(func(c telecom.Call) bool { return c.State == telecom.Active }, step)
}

func ifCall(is func(telecom.Call) bool, step harness.Step) harness.Step {
	return harness.StepFunc(func(ctx context.Context, a *harness.App) error {
		s, err := a.Snapshot(ctx, facts.Telecom)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(s.Calls().Or(nil), is) {
			return step.Do(ctx, a)
		}
		return nil
	})
}
