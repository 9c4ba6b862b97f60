// Package power reads `dumpsys power` of API 26 and newer
// (PowerManagerService.dump).
//
// It knows wakefulness and wake locks, and neither the lock screen nor the
// display: those are other services' facts.
package power

import (
	"strings"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
)

// Facts is what one dump says.
type Facts struct {
	Wakefulness fact.Value[Wakefulness] `json:"wakefulness"`
	// Interactive is what PowerManager.isInteractive answers: awake or dreaming.
	Interactive fact.Value[bool] `json:"interactive"`
	Powered     fact.Value[bool] `json:"powered"`
	// StayOn says that the screen is kept on now; StayOnPlugged is the setting
	// stay_on_while_plugged_in (a bit set of chargers).
	StayOn        fact.Value[bool]       `json:"stayOn"`
	StayOnPlugged fact.Value[int]        `json:"stayOnPlugged"`
	WakeLocks     fact.Value[[]WakeLock] `json:"wakeLocks"`
	// DisplayPower is ON, OFF, DOZE... (API 30 and older; then `dumpsys display`).
	DisplayPower fact.Value[string] `json:"displayPower"`
}

// Wakefulness is PowerManagerInternal.wakefulnessToString.
type Wakefulness string

// The degrees of wakefulness.
const (
	Awake    Wakefulness = "Awake"
	Asleep   Wakefulness = "Asleep"
	Dozing   Wakefulness = "Dozing"
	Dreaming Wakefulness = "Dreaming"
)

// WakeLock is one held wake lock.
type WakeLock struct {
	// Kind is PARTIAL_WAKE_LOCK, SCREEN_BRIGHT_WAKE_LOCK, ...
	Kind string          `json:"kind"`
	Tag  string          `json:"tag"`
	UID  fact.Value[int] `json:"uid"`
	PID  fact.Value[int] `json:"pid"`
	// Package is printed from API 34 or by makers.
	Package fact.Value[string] `json:"package"`
	// Disabled locks are held by the app and ignored by the system.
	Disabled bool `json:"disabled"`
	Line     int  `json:"line"`
}

// Screen reports whether the lock keeps the screen on.
func (w WakeLock) Screen() bool {
	return strings.HasPrefix(w.Kind, "SCREEN_") || w.Kind == "FULL_WAKE_LOCK"
}
