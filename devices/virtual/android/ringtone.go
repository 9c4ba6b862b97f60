package android

import (
	"slices"
	"strings"
	"time"
)

// Player is a player that registered with the audio service
// (PlaybackActivityMonitor); here only those are kept that play.
type Player struct {
	ID       int
	Type     string // a class, such as android.media.MediaPlayer
	UID, PID int
	Usage    string // of AudioAttributes
	Session  int
	// key is the notification that sounds, "" of an app's own player.
	key  string
	ends *Timer
}

// firstPlayer and playerStep are how piids come: the native service gives every
// eighth number to players.
const (
	firstPlayer = 111
	playerStep  = 8
)

// noticeSound is how long a notification sounds that does not insist.
const noticeSound = 2 * time.Second

func (a *Audio) play(pr *Process, usage, key string) *Player {
	a.made++
	id := firstPlayer + playerStep*(a.made-1)
	p := &Player{ID: id, Type: "android.media.MediaPlayer", UID: pr.UID, PID: pr.PID, Usage: usage, Session: id + 2, key: key}
	a.Players = append(a.Players, p)
	return p
}

func (a *Audio) silence(gone func(*Player) bool) {
	a.Players = slices.DeleteFunc(a.Players, func(p *Player) bool {
		if gone(p) {
			p.ends.Stop()
			return true
		}
		return false
	})
}

// Ringtone is an app's own player.
type Ringtone struct {
	a *Audio
	p *Player
}

// PlayRingtone is Ringtone.play with looping on, or a MediaPlayer that loops: it
// plays until it is stopped or the process ends, whatever the phone's ringer says.
func (c *Context) PlayRingtone(usage string) *Ringtone {
	return &Ringtone{a: c.d.Audio, p: c.d.Audio.play(c.Proc, usage, "")}
}

// Stop ends the sound; a nil Ringtone has none.
func (r *Ringtone) Stop() {
	if r != nil {
		r.a.silence(func(p *Player) bool { return p == r.p })
	}
}

// sound is buzzBeepBlinkLocked, what of it is heard: the channel's sound, played
// by the system UI for whoever posted. It goes on for as long as the notification
// insists and is not posted again without a sound, taken away or seen in the shade.
func (n *Notifications) sound(r, old *NotificationRecord) {
	a := n.d.Audio
	once := old != nil && r.Notification.Flags&FlagOnlyAlertOnce != 0
	heard := r.Importance >= ImportanceDefault && r.Channel.Sound != "" && !r.Intercept && a.Internal() == "NORMAL" &&
		a.Mode != ModeInCall && a.Mode != ModeInCommunication // in a call there is a beep alone
	if once && heard {
		return
	}
	a.silence(func(p *Player) bool { return p.key == r.Key })
	ui := n.d.Processes.ByName(uiPkg)
	if !heard || ui == nil {
		return
	}
	// One notification sounds at a time (IRingtonePlayer.stopAsync).
	a.silence(func(p *Player) bool { return p.key != "" })
	usage := "USAGE_NOTIFICATION"
	if strings.HasSuffix(r.Channel.Sound, "/ringtone") {
		usage = "USAGE_NOTIFICATION_RINGTONE"
	}
	p := a.play(ui, usage, r.Key)
	if r.Notification.Flags&FlagInsistent == 0 {
		p.ends = n.d.After(noticeSound, func() { a.silence(func(o *Player) bool { return o == p }) })
	}
}

// hush ends the sound of a notification (clearSoundLocked), "" of any.
func (n *Notifications) hush(key string) {
	n.d.Audio.silence(func(p *Player) bool { return p.key != "" && (key == "" || p.key == key) })
}
