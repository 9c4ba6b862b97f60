// Package audio reads `dumpsys audio` of API 26 and newer (AudioService.dump,
// AudioDeviceBroker.dump, MediaFocusControl.dump).
//
// It knows the audio mode and who owns it, and no call: a mode of
// communication without a call of Telecom is for others to judge.
package audio

import (
	"github.com/ringproof/ringproof/harness/dumpsys/fact"
)

// Facts is what one dump says.
type Facts struct {
	// Mode is the actual audio mode. From the section `Audio mode:` (API 31);
	// before, from the last setMode event, which may have rotated away.
	Mode fact.Value[Mode] `json:"mode"`
	// ModeOwner is who asked for the mode. Unknown when two places disagree.
	ModeOwner fact.Value[Owner] `json:"modeOwner"`
	// CommunicationDevice is the active device for calls (API 31).
	CommunicationDevice fact.Value[Device] `json:"communicationDevice"`
	// ScoState is SCO_STATE_INACTIVE, SCO_STATE_ACTIVE_INTERNAL, ...
	ScoState fact.Value[string] `json:"scoState"`
	// RingerMode is the internal mode: SILENT, VIBRATE, NORMAL.
	RingerMode         fact.Value[string] `json:"ringerMode"`
	RingerModeExternal fact.Value[string] `json:"ringerModeExternal"`
	ZenMode            fact.Value[string] `json:"zenMode"` // API 30
	// RingMuted is the mute state of STREAM_RING.
	RingMuted fact.Value[bool] `json:"ringMuted"`
	// FocusStack is the audio focus, the holder last as in the dump.
	FocusStack fact.Value[[]Focus] `json:"focusStack"`
	// Players are what apps and the system itself could play now, or do.
	Players fact.Value[[]Player] `json:"players"`
	// ModeEvents are the lines of the phone state log, oldest first.
	ModeEvents fact.Value[[]ModeEvent] `json:"modeEvents"`
}

// Mode is AudioSystem.modeToString.
type Mode string

// The audio modes.
const (
	Normal          Mode = "MODE_NORMAL"
	Ringtone        Mode = "MODE_RINGTONE"
	InCall          Mode = "MODE_IN_CALL"
	InCommunication Mode = "MODE_IN_COMMUNICATION"
	CallScreening   Mode = "MODE_CALL_SCREENING"
)

// Owner is a process that asked for a mode. The zero Owner is nobody.
type Owner struct {
	Mode    Mode   `json:"mode,omitempty"`
	PID     int    `json:"pid"`
	UID     int    `json:"uid"`
	Package string `json:"package,omitempty"` // "" where the form has none
}

// None reports whether nobody owns the mode.
func (o Owner) None() bool { return o.PID == 0 && o.UID == 0 && o.Package == "" }

// Device is an audio device.
type Device struct {
	// Type is AudioSystem's short name: bt_sco_hs, bt_a2dp, earpiece, speaker,
	// wired_headset, ble_headset, ... "" for no device.
	Type    string `json:"type"`
	Address string `json:"address,omitempty"`
	Name    string `json:"name,omitempty"`
}

// Focus is one entry of the focus stack.
type Focus struct {
	Package string          `json:"package"`
	Client  string          `json:"client"`
	Gain    string          `json:"gain"` // GAIN, GAIN_TRANSIENT, ...
	Loss    string          `json:"loss"`
	UID     fact.Value[int] `json:"uid"`
	Usage   string          `json:"usage,omitempty"`
	Line    int             `json:"line"`
}

// Player is one player that registered with PlaybackActivityMonitor. Most play
// nothing: only those that are started do.
type Player struct {
	ID int `json:"id"`
	// Type is a class such as android.media.MediaPlayer.
	Type string `json:"type"`
	// UID and PID are the player's process; -1 where the phone hides them.
	UID int `json:"uid"`
	PID int `json:"pid"`
	// State is idle, started, paused, stopped, ...
	State string `json:"state"`
	// Usage is an AudioAttributes.USAGE_*, also of releases that print numbers.
	Usage string `json:"usage"`
	Line  int    `json:"line"`
}

// Started reports whether the player plays.
func (p Player) Started() bool { return p.State == "started" }

// ModeEvent is one setMode.
type ModeEvent struct {
	// At is the local time as printed.
	At        string `json:"at"`
	Requested Mode   `json:"requested"`
	Selected  Mode   `json:"selected"`
	Package   string `json:"package"`
	PID       int    `json:"pid"`
	// OwnerPID is the process whose request won, 0 for nobody.
	OwnerPID int `json:"ownerPid"`
	Line     int `json:"line"`
}
