package scenarios

import (
	"time"

	"github.com/ringproof/ringproof/harness"
	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/harness/state"
)

// answering: the call rings wherever the app's process is, and can be answered.
func answering() []Scenario {
	return []Scenario{
		{
			ID:     "background-answer",
			Title:  "rings while another app is in front and is answered from the notification",
			Labels: []string{"smoke", "background", "notification", "incall"},
			Needs:  Needs{Inject: true},
			Budget: 2 * time.Minute,
			Origin: "torlando-columba#452, Simple-Dialer#419",
			Run: harness.Steps(
				harness.Enter(state.Background),
				ringAndAnswer(),
				hangUp(),
			),
		},
		{
			ID:     "killed-answer",
			Title:  "rings after Android killed the process and is answered from the notification",
			Labels: []string{"smoke", "killed", "notification", "incall"},
			Needs:  Needs{Inject: true},
			Budget: 2 * time.Minute,
			Origin: "react-native-callkeep#853, twilio-voice-react-native#526",
			Run: harness.Steps(
				harness.Enter(state.Killed),
				ringAndAnswer(),
				hangUp(),
			),
		},
		{
			ID:     "stopped-silent",
			Title:  "a force-stopped app is not woken by a push, and does not ring for it later",
			Labels: []string{"smoke", "stopped", "push"},
			Needs:  Needs{Inject: true},
			Budget: 3 * time.Minute,
			Origin: "help.rongcloud.io/t/176",
			Run: harness.Steps(
				harness.Enter(state.ForceStopped),
				harness.Phase("push to the stopped app",
					harness.PushRefused(harness.Initiated),
					harness.Stays(expect.All(expect.Silent(), expect.NoProcess(), expect.Stopped(true))),
				),
				harness.Phase("the app is opened again: the old call must not ring",
					harness.Launch(),
					harness.Home(),
					harness.Stays(expect.Silent()),
				),
				control(),
			),
		},
		{
			ID:     "headset-hook",
			Title:  "a headset's button answers the call and ends it",
			Labels: []string{"smoke", "background", "incall", "audio"},
			Needs:  Needs{Inject: true},
			Budget: 2 * time.Minute,
			Origin: "voice-quickstart-android#573, Signal-Android#7679",
			Run: harness.Steps(
				harness.Enter(state.Background),
				ring(),
				harness.Phase("press the headset's button",
					harness.PressHook(),
					harness.Await(expect.All(expect.Active(), expect.AudioInCall()), harness.ByAnswer),
				),
				harness.Phase("press it again",
					harness.PressHook(),
					harness.Await(over(), harness.ByEnd),
				),
			),
		},
	}
}

// ring pushes a call and waits until it rings and is shown.
func ring() harness.Step {
	return harness.Phase("push a call",
		harness.Push(harness.Initiated),
		harness.Await(expect.All(expect.Ringing(), expect.CallNotification()), harness.ByRing),
	)
}

// ringAndAnswer rings and answers by the notification's button.
func ringAndAnswer() harness.Step {
	return harness.Steps(
		ring(),
		answerFromNotification(),
	)
}

// answerFromNotification answers by the notification's button.
func answerFromNotification() harness.Step {
	return harness.Phase("answer from the notification", harness.PressAnswer(), answered())
}

// answered waits until the call that was answered is one, with sound and screen.
func answered() harness.Step {
	return harness.Await(expect.All(expect.Active(), expect.AudioInCall(), expect.CallScreen()), harness.ByAnswer)
}

// hangUpWithButton ends the call with a headset's button, whatever is on the
// screen.
func hangUpWithButton() harness.Step {
	return harness.Phase("hang up", harness.PressHook(), harness.Await(over(), harness.ByEnd))
}

// hangUp ends the call on the app's own screen.
func hangUp() harness.Step {
	return harness.Phase("hang up",
		harness.TapEnd(),
		harness.Await(over(), harness.ByEnd),
	)
}

// over is a phone on which nothing of the call is left.
func over() expect.Condition {
	return expect.All(expect.NoCall(), expect.NoCallNotification(), expect.AudioNormal())
}

// control shows that the same push rings once the condition is lifted: without
// it, a dead app would pass whatever asserts silence.
func control() harness.Step {
	return harness.Phase("control: now the same push rings",
		harness.Push(harness.Initiated),
		harness.Await(expect.All(expect.Ringing(), expect.CallNotification()), harness.ByRing),
		harness.PressDecline(),
		harness.Await(over(), harness.ByEnd),
	)
}
