package scenarios

import (
	"time"

	"github.com/ringproof/ringproof/harness"
	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/harness/state"
)

// ui: the call's screen can be used by everybody, and outlives what a user does
// to the phone's display.
func ui() []Scenario {
	return []Scenario{
		{
			ID:     "ui-labels",
			Title:  "a screen reader has a name for Answer and Decline, and a finger has room on them: 48 dp",
			Labels: []string{"ui", "lockscreen"},
			Needs:  Needs{MinAPI: 27, Inject: true},
			Budget: 2 * time.Minute,
			Origin: "Signal-Android#11174, Signal-Android#11995, linphone-android#193, jitsi-meet#2895",
			Run: harness.Steps(
				harness.Enter(state.Background, state.LockedSwipe),
				harness.Phase("push a call to the dark phone",
					harness.Push(harness.Initiated),
					harness.Await(expect.All(expect.Ringing(), expect.CallNotification(), expect.AnyCallScreen()), harness.ByRing),
				),
				harness.Phase("look at the buttons",
					harness.Accessible(harness.AnswerRole),
					harness.Accessible(harness.DeclineRole),
				),
				harness.Phase("decline on the screen",
					harness.TapDecline(),
					harness.Await(expect.All(over(), expect.NoCallScreen()), harness.ByEnd),
				),
			),
		},
		displayChange("ui-rotation", "a call and its screen survive that the phone is turned", "the phone is turned",
			harness.SwitchSetting{What: "turn the display", NS: "system", Key: "user_rotation", Value: "1", Other: "0"}.With("system", "accelerometer_rotation", "0")),
		displayChange("ui-font-scale", "a call and its screen survive another size of letters", "letters grow",
			harness.SwitchSetting{What: "change the size of letters", NS: "system", Key: "font_scale", Value: "1.3", Other: "1.0"}.Step()),
		{
			ID:     "ui-proximity",
			Title:  "the screen may go off at the ear only while somebody talks: not while it rings, not when it is over",
			Labels: []string{"ui", "background", "incall"},
			Needs:  Needs{MinAPI: 34, Inject: true},
			Budget: 2 * time.Minute,
			Origin: "twilio-quickstart-android#214, element-android#1735, Fossify-Phone#166, riot-android#2843",
			Run: harness.Steps(
				harness.Enter(state.Background),
				ring(),
				harness.Phase("while it rings", harness.Stays(expect.NoProximity())),
				answerFromNotification(),
				hangUp(),
				harness.Phase("when it is over", harness.Await(expect.NoProximity(), harness.ByEnd)),
			),
		},
	}
}

// displayChange is a change of the display in the middle of a call.
func displayChange(id, title, phase string, change harness.Step) Scenario {
	return Scenario{
		ID: id, Title: title,
		Labels: []string{"ui", "background", "incall"},
		Needs:  Needs{Inject: true},
		Budget: 2 * time.Minute,
		Origin: "cometchat voip-calling guide, CallActivity.onDestroy",
		Run: harness.Steps(
			harness.Enter(state.Background),
			ringAndAnswer(),
			harness.Phase(phase,
				harness.SameCall(
					change,
					harness.Stays(expect.All(expect.Active(), expect.AudioInCall())),
					harness.Await(expect.CallScreen(), harness.BySettle),
				),
			),
			hangUp(),
		),
	}
}
