package apps

import (
	"fmt"

	"github.com/ringproof/ringproof/devices/virtual/android"
)

// Defect is one behavioural change of the reference app that the guide's app
// does not have. People reported each of them of some app.
type Defect int

// The defects. What each does is in String.
const (
	MissedAfterDecline Defect = iota + 1
	MissedElsewhere
	ReplacesRinging
	DeclineEndsAll
	LosesEarlyCancel
	StopEndsActive
	TakesScreen
	OnlyFullScreen
	NoButtons
	CrashWithoutBluetooth
	CrashWithoutMicrophone
	RingsFromService
	RingsFromJob
	HangUpEndsAll
	KeepsScreen
	DropsWhileOpen
	KeepsZombie
)

// Defects lists all defects.
func Defects() []Defect {
	var all []Defect
	for d := MissedAfterDecline; d <= KeepsZombie; d++ {
		all = append(all, d)
	}
	return all
}

// String says what goes wrong on the phone.
func (d Defect) String() string {
	if s, ok := map[Defect]string{
		MissedAfterDecline:     "a declined call is told as missed",
		MissedElsewhere:        "a call that another phone of the user answered is told as missed",
		ReplacesRinging:        "a second call ends the ringing one and rings in its place",
		DeclineEndsAll:         "declining a waiting call ends the active one, too",
		LosesEarlyCancel:       "a cancel that comes before its call is forgotten",
		StopEndsActive:         "whatever another phone of the user does to the call ends it here",
		TakesScreen:            "its screen is started over whatever is in front, with the phone in use",
		OnlyFullScreen:         "without the permission for full-screen intents it posts the call without one: CallStyle throws",
		NoButtons:              "the notification has no buttons, they are on the full screen alone",
		CrashWithoutBluetooth:  "answering asks for headsets, which is a SecurityException without BLUETOOTH_CONNECT",
		CrashWithoutMicrophone: "its foreground service asks for the microphone, which is a SecurityException without RECORD_AUDIO",
		RingsFromService:       "the push starts a foreground service, and only that announces the call",
		RingsFromJob:           "the push schedules a job, and only that announces the call",
		DropsWhileOpen:         "a push is dropped while the main screen exists, whether or not anybody sees it",
		KeepsScreen:            "the call's screen stays when the caller gives up",
		HangUpEndsAll:          "hanging up one call ends the held one, too",
		KeepsZombie:            "nobody takes away the notification of a ring whose process died",
	}[d]; ok {
		return s
	}
	return fmt.Sprintf("defect %d", int(d))
}

// NewDefective makes the reference app with defects.
func NewDefective(defects ...Defect) func() android.App {
	return func() android.App {
		a := newApp(nil)
		for _, d := range defects {
			a.broken[d] = true
		}
		return a
	}
}
