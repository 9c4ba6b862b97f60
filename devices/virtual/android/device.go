package android

import (
	"fmt"
	"time"
)

// Device is the inside of a phone: its services and their state. Every field and
// method is to be used with the system locked, that is inside System.Do or in a
// callback that the system makes. Fields are for reading; change state through
// methods.
type Device struct {
	sys *System

	// API is Release.API.
	API    int
	Serial string
	// Release and Maker say which phone it is.
	Release Release
	Maker   Maker

	Log           *Logger
	Props         *Props
	Settings      *Settings
	Users         *Users
	Packages      *Packages
	AppOps        *AppOps
	Processes     *Processes
	Broadcasts    *Broadcasts
	Intents       *PendingIntents
	Services      *Services
	Activities    *Activities
	Windows       *Windows
	StatusBar     *StatusBar
	Power         *Power
	Keyguard      *Keyguard
	DeviceIdle    *DeviceIdle
	Battery       *Battery
	Audio         *Audio
	Bluetooth     *Bluetooth
	Modem         *Modem
	MediaSessions *MediaSessions
	Notifications *Notifications
	Telecom       *Telecom
	Input         *Input
	DropBox       *DropBox
	// DataSaver is NetworkPolicyManager's restrict background.
	DataSaver bool

	nextHash uint32
	user     int  // see User
	booting  bool // between Reboot and the end of the boot
	observer func(Observation)
	files    map[string]AppFiles
}

// Now is the wall clock (System.currentTimeMillis).
func (d *Device) Now() time.Time { return d.WallAt(d.Elapsed()) }

// Elapsed is the time since boot including sleep (SystemClock.elapsedRealtime).
func (d *Device) Elapsed() time.Duration { return d.sys.now - d.sys.bootAt }

// WallAt is the wall time at an instant given as time since boot.
func (d *Device) WallAt(elapsed time.Duration) time.Time {
	return d.sys.opts.Start.Add(elapsed + d.sys.bootAt - d.sys.opts.Uptime)
}

// After runs fn on the system's loop after delay of phone time, for the user that
// is the calling one now.
func (d *Device) After(delay time.Duration, fn func()) *Timer {
	if user := d.user; user != 0 {
		return d.sys.after(delay, func() { d.AsUser(user, fn) })
	}
	return d.sys.after(delay, fn)
}

// Jitter spreads base by a seeded -20 % to +30 %, rounded to microseconds:
// latencies of real phones have a longer upper tail.
func (d *Device) Jitter(base time.Duration) time.Duration {
	f := 0.8 + 0.5*d.sys.rng.Float64()
	return time.Duration(float64(base) * f).Truncate(time.Microsecond)
}

// Between is a seeded duration from lo up to hi, for shell commands' own cost.
func (d *Device) Between(lo, hi time.Duration) time.Duration {
	if hi <= lo {
		return lo
	}
	return (lo + time.Duration(d.sys.rng.Int64N(int64(hi-lo)))).Truncate(time.Microsecond)
}

// hash makes the identity hash that Java prints of an object. Unique per device.
func (d *Device) hash() string {
	d.nextHash++
	// An odd factor is a bijection on 28 bits: values look like hashes and never repeat.
	return fmt.Sprintf("%x", (d.nextHash*0x9e3779b1)&0x0fffffff)
}
