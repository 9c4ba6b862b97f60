package scenarios

import (
	"time"

	"github.com/ringproof/ringproof/harness"
	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/harness/state"
)

// sound: the user wants the phone quieter than it came.
func sound() []Scenario {
	quiet := func(id, title, origin string, minAPI int, labels []string, s func() state.State, heard expect.Condition) Scenario {
		return Scenario{
			ID: id, Title: title, Labels: labels, Origin: origin, Budget: 2 * time.Minute,
			Needs: Needs{MinAPI: minAPI, Inject: true},
			Run: harness.Steps(
				harness.Enter(state.Background, s),
				harness.Phase("push a call",
					harness.Push(harness.Initiated),
					harness.Await(expect.All(expect.Ringing(), expect.CallPosted()), harness.ByRing),
					harness.Stays(expect.All(expect.Ringing(), expect.CallPosted(), heard)),
				),
				harness.Phase("answer in the list",
					harness.PressAnswer(),
					answered(),
				),
				hangUp(),
			),
		}
	}
	return []Scenario{
		quiet("dnd-priority", "Do Not Disturb lets priorities through: the call comes without taking the screen of a phone in use, and is answered",
			"element-android#2279, linphone-android#2357", 30, []string{"background", "dnd", "notification"}, state.PriorityOnly, expect.NotInFront()),
		quiet("ringer-vibrates", "a phone that only vibrates gets the call, and the app plays no ringtone of its own",
			"Signal-Android#7828, mollyim-android#232", 28, []string{"background", "audio", "notification"}, state.RingerVibrates, expect.NoRingtone()),
	}
}
