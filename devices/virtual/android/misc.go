package android

import (
	"strconv"
	"time"
)

func itoa(n int) string { return strconv.Itoa(n) }

// keep adds to a log that holds its last n entries.
func keep[T any](log []T, entry T, n int) []T {
	log = append(log, entry)
	return log[max(0, len(log)-n):]
}

// Battery is the battery service.
type Battery struct {
	Level, Scale      int
	Status, Health    int
	AC, USB, Wireless bool
	Voltage           int
	Temperature       int
	Technology        string
	// UpdatesStopped: values were set by hand (dumpsys battery unplug/set).
	UpdatesStopped bool
}

// AllowEntry is an entry of the temporary allowlist.
type AllowEntry struct {
	UID     int
	Package string
	// Until is since boot.
	Until  time.Duration
	Reason string
}

// DeviceIdle is the Doze controller.
type DeviceIdle struct {
	d *Device
	// Deep and Light are ACTIVE, INACTIVE, IDLE, ...
	Deep, Light string
	Forced      bool
	// Allowlist are user-added packages (power save whitelist).
	Allowlist []string
	temp      []AllowEntry
}

// AudioModeOwner owns the audio mode.
type AudioModeOwner struct {
	PID, UID int
	Package  string
	Mode     string
}

// AudioEvent is a line of the audio service's mode log.
type AudioEvent struct {
	Time time.Time
	Text string
}

// FocusEntry is an entry of the audio focus stack.
type FocusEntry struct {
	Package string
	UID     int
	Gain    string
	Usage   string
	// Client is the id of who asked; "" for one made from the package. Loss is
	// "none" or what was lost to an entry above.
	Client, Loss string
}

// Audio is the audio service.
type Audio struct {
	d *Device
	// Mode is MODE_NORMAL, MODE_RINGTONE, MODE_IN_CALL, MODE_IN_COMMUNICATION.
	Mode string
	// Owners is the stack of mode owners, the current one first.
	Owners  []AudioModeOwner
	ModeLog []AudioEvent
	// Ringer is NORMAL, VIBRATE or SILENT.
	Ringer string
	// CommunicationDevice is "earpiece", "speaker", "bt_sco_hs", ... or "" when
	// no call uses one.
	CommunicationDevice string
	// Speakerphone, MicMuted as AudioManager says.
	Speakerphone, MicMuted bool
	// Wired: a wired headset is plugged in.
	Wired bool
	// Focus is the stack, top last.
	Focus []FocusEntry
	// Volumes by stream name, such as STREAM_RING, and their maxima.
	Volumes, MaxVolumes map[string]int
	// Players are what plays now, oldest first.
	Players []*Player
	made    int // players so far
}

// MediaSession is a media session.
type MediaSession struct {
	Package, Tag string
	UID, PID     int
	Active       bool
	// State is PlaybackState's number, 0 = none.
	State int
}

// MediaSessions is the media session service.
type MediaSessions struct {
	d *Device
	// Global is the global priority session: Telecom's HeadsetMediaButton.
	Global *MediaSession
	// Stack are other sessions.
	Stack []*MediaSession

	interrupted bool // the player paused for who has the focus now
}

// Input is the input manager with the window manager's policy for keys.
type Input struct{ d *Device }
