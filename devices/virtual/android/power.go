package android

import "time"

// Wakefulness is the power manager's mWakefulness.
type Wakefulness string

// Wakefulness values.
const (
	Awake  Wakefulness = "Awake"
	Asleep Wakefulness = "Asleep"
	Dozing Wakefulness = "Dozing"
)

// Wake lock levels as dumpsys power prints them.
const (
	PartialWakeLock            = "PARTIAL_WAKE_LOCK"
	ScreenBrightWakeLock       = "SCREEN_BRIGHT_WAKE_LOCK"
	FullWakeLock               = "FULL_WAKE_LOCK"
	ProximityScreenOffWakeLock = "PROXIMITY_SCREEN_OFF_WAKE_LOCK"
)

// WakeLock is a held wake lock.
type WakeLock struct {
	Level, Tag string
	UID, PID   int
	Package    string
	Acquired   time.Duration
	// AcquireCausesWakeup turns the screen on when a screen lock is acquired.
	AcquireCausesWakeup bool
	Held                bool
	p                   *Power
	timer               *Timer
}

// Power is the power manager and the display.
type Power struct {
	d           *Device
	Wakefulness Wakefulness
	// WakeReason and SleepReason are the last ones, such as
	// WAKE_REASON_WAKE_KEY and "timeout".
	WakeReason, SleepReason string
	// LastWake, LastSleep and LastUserActivity are since boot.
	LastWake, LastSleep, LastUserActivity time.Duration
	locks                                 []*WakeLock
	timeout                               *Timer
}

// Interactive is PowerManager.isInteractive.
func (p *Power) Interactive() bool { return p.Wakefulness == Awake }

// ScreenOn is the display's state, ON or OFF.
func (p *Power) ScreenOn() bool { return p.Wakefulness == Awake }
