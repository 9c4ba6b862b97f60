package scenarios

import (
	"time"

	"github.com/ringproof/ringproof/harness"
	"github.com/ringproof/ringproof/harness/dumpsys/telecom"
	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/harness/state"
)

// cellular: the app's calls beside those of the phone's own line.
func cellular() []Scenario {
	line := Needs{Inject: true, Line: true}
	return []Scenario{
		{
			ID:     "cellular-active",
			Title:  "a push during a cellular call rings without touching it; answering holds the cellular call, and does not end it",
			Labels: []string{"cellular", "background", "incall", "audio"},
			Needs:  line,
			Budget: 5 * time.Minute,
			Origin: "twilio-quickstart#345, twilio-quickstart#100, sipdroid#121",
			Run: harness.Steps(
				harness.Enter(state.Background),
				cellularCall(),
				harness.SameCellular(
					harness.Phase("push a call",
						harness.Push(harness.Initiated),
						harness.Await(expect.All(expect.Ringing(), expect.CallNotification()), harness.ByRing),
						harness.Stays(expect.All(expect.Ringing(), expect.Cellular(telecom.Active), expect.AudioCellular())),
					),
					harness.Phase("answer it",
						harness.PressAnswer(),
						harness.Await(expect.All(expect.Active(), expect.Cellular(telecom.OnHold), expect.AudioInCall()), harness.ByAnswer),
					),
					harness.Phase("hang up",
						harness.TapEnd(),
						harness.Await(expect.Silent(), harness.ByEnd),
					),
				),
				harness.Phase("the cellular caller hangs up", harness.CellularHangsUp()),
			),
		},
		{
			ID:     "cellular-active-cancelled",
			Title:  "a caller who gives up during a cellular call leaves that call alone",
			Labels: []string{"cellular", "background", "cancel"},
			Needs:  line,
			Budget: 5 * time.Minute,
			Origin: "cometchat-uikit-android sample app (cancel ends whatever call there is)",
			Run: harness.Steps(
				harness.Enter(state.Background),
				cellularCall(),
				harness.SameCellular(
					ring(),
					harness.Phase("the caller gives up",
						harness.Push(harness.Cancelled),
						harness.Await(expect.Silent(), harness.ByEnd),
						harness.Stays(expect.All(expect.Silent(), expect.Cellular(telecom.Active))),
					),
				),
				harness.Phase("the cellular caller hangs up", harness.CellularHangsUp()),
			),
		},
		{
			ID:     "cellular-ringing",
			Title:  "a push while a cellular call rings is shown or told as missed, and declining it leaves the other ringing",
			Labels: []string{"cellular", "background", "notification"},
			Needs:  line,
			Budget: 5 * time.Minute,
			Origin: "twilio-quickstart#345, sipdroid#121",
			Run: harness.Steps(
				harness.Enter(state.Background),
				harness.Phase("somebody calls the phone's number", harness.CellularRings()),
				harness.SameCellular(
					harness.Phase("push a call",
						harness.Push(harness.Initiated),
						harness.Await(expect.Any(expect.All(expect.Ringing(), expect.CallPosted()), expect.All(expect.NoCall(), expect.MissedCall())), harness.ByRing),
					),
					harness.Phase("decline it",
						ifRinging(harness.PressDecline()),
						harness.Await(expect.All(expect.Silent(), expect.Cellular(telecom.Ringing)), harness.ByEnd),
						harness.Stays(expect.All(expect.Silent(), expect.Cellular(telecom.Ringing))),
					),
				),
				harness.Phase("the cellular caller hangs up", harness.CellularHangsUp()),
			),
		},
		{
			ID:     "cellular-interrupts",
			Title:  "a cellular call that is answered holds the app's call, which outlives it; one that nobody takes leaves it active",
			Labels: []string{"cellular", "background", "incall", "audio"},
			Needs:  line,
			Budget: 5 * time.Minute,
			Origin: "twilio-quickstart#495, twilio-quickstart#356, hoxfon#85, react-native-pjsip#137, linphone-android#2237",
			Run: harness.Steps(
				harness.Enter(state.Background),
				ringAndAnswer(),
				harness.Holdable(),
				harness.SameCall(
					harness.Phase("somebody calls the phone's number and gives up",
						harness.CellularRings(),
						harness.Stays(expect.All(expect.Active(), expect.AudioInCall(), expect.Cellular(telecom.Ringing))),
						harness.CellularHangsUp(),
						harness.Await(expect.All(expect.Active(), expect.AudioInCall()), harness.BySettle),
					),
					harness.Phase("somebody calls again", harness.CellularRings()),
					harness.Phase("the cellular call is answered",
						harness.AnswerCellular(),
						harness.Await(expect.All(expect.Held(), expect.Cellular(telecom.Active), expect.AudioCellular()), harness.ByAnswer),
						harness.Stays(expect.All(expect.Held(), expect.Cellular(telecom.Active), expect.AudioCellular())),
					),
					harness.Phase("the cellular caller hangs up",
						harness.CellularHangsUp(),
						harness.HeldOrActive(),
					),
				),
				harness.Phase("hang up",
					harness.PressHangUp(),
					harness.Await(over(), harness.ByEnd),
				),
			),
		},
		{
			ID:     "emergency-refuses",
			Title:  "a push during an emergency call, which Telecom refuses, is shown by the app itself and leaves that call alone",
			Labels: []string{"cellular", "background", "notification"},
			Needs:  Needs{Inject: true, Line: true, Console: true, Root: true},
			Budget: 5 * time.Minute,
			Origin: "CallsManager.isIncomingCallPermitted (packages/services/Telecomm)",
			Run: harness.Steps(
				harness.Enter(state.Background),
				harness.Phase("an emergency call on the emulator", harness.DialEmergency()),
				harness.SameCellular(
					harness.Phase("push a call",
						harness.Push(harness.Initiated),
						harness.Await(expect.Any(expect.CallPosted(), expect.MissedCall()), harness.ByRing),
						harness.Stays(expect.All(expect.NoCall(), expect.Cellular(telecom.Active))),
					),
					harness.Phase("the caller gives up",
						harness.Push(harness.Cancelled),
						harness.Await(expect.Silent(), harness.ByEnd),
					),
				),
				harness.Phase("the emergency call is over", harness.CellularHangsUp()),
				control(),
			),
		},
	}
}

// cellularCall is a cellular call that was answered before anything else.
func cellularCall() harness.Step {
	return harness.Phase("a cellular call",
		harness.CellularRings(),
		harness.AnswerCellular(),
		harness.Home(),
	)
}
