package audio

import (
	"bytes"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

// playerLine reads a row of PlaybackActivityMonitor.dump, in one of two forms
// (AudioPlaybackConfiguration.dump): up to 29
//
//	ID:23 -- type:T -- u/pid:10025/1934 -- state:idle -- attr:AudioAttributes: usage=U ...
//
// and from 30 on, after "(not logged)" for what the log below leaves out,
//
//	AudioPlaybackConfiguration piid:111 deviceId:0 type:T u/pid:1000/1448 state:idle attr:AudioAttributes: usage=U ...
//
// The list ends where the ducked ones begin. Without that end it may be cut off.
func (r *reader) playerLine(l text.Line, t []byte) {
	if text.Has(t, "ducked players") {
		text.Set(&r.facts.Players, fact.Of(append([]Player{}, r.players...), r.playersAt))
		r.in = elsewhere
		return
	}
	if v, ok := text.After(t, "(not logged)"); ok {
		t = bytes.TrimLeft(v, " ")
	}
	v, ok := text.After(t, "AudioPlaybackConfiguration piid:")
	if !ok {
		if v, ok = text.After(t, "ID:"); !ok {
			return
		}
	}
	p := Player{Line: l.N}
	var owner []byte
	id := firstWord(v)
	_, v, ok1 := bytes.Cut(v, []byte(" type:"))
	kind, v, ok2 := bytes.Cut(v, []byte(" "))
	_, v, ok3 := bytes.Cut(v, []byte("u/pid:"))
	owner, v, ok4 := bytes.Cut(v, []byte(" "))
	_, v, ok5 := bytes.Cut(v, []byte("state:"))
	state, v, ok6 := bytes.Cut(v, []byte(" "))
	_, v, ok7 := bytes.Cut(v, []byte("usage="))
	if !ok1 || !ok2 || !ok3 || !ok4 || !ok5 || !ok6 || !ok7 {
		return
	}
	uid, pid, ok8 := bytes.Cut(owner, []byte("/"))
	n, ok9 := text.Int(id)
	u, ok10 := text.Int(uid)
	q, ok11 := text.Int(pid)
	if !ok8 || !ok9 || !ok10 || !ok11 {
		return
	}
	p.ID, p.UID, p.PID = int(n), int(u), int(q)
	p.Type, p.State = r.words.Word(kind), r.words.Word(state)
	p.Usage = usage(r.words.Word(firstWord(v)))
	r.players = append(r.players, p)
}

// usage names a usage that 8.0 prints as a number (AudioAttributes.USAGE_*).
func usage(printed string) string {
	names := [...]string{
		"UNKNOWN", "MEDIA", "VOICE_COMMUNICATION", "VOICE_COMMUNICATION_SIGNALLING", "ALARM", "NOTIFICATION", "NOTIFICATION_RINGTONE",
		"NOTIFICATION_COMMUNICATION_REQUEST", "NOTIFICATION_COMMUNICATION_INSTANT", "NOTIFICATION_COMMUNICATION_DELAYED", "NOTIFICATION_EVENT",
		"ASSISTANCE_ACCESSIBILITY", "ASSISTANCE_NAVIGATION_GUIDANCE", "ASSISTANCE_SONIFICATION", "GAME",
	}
	if n, ok := text.Int([]byte(printed)); ok && n >= 0 && int(n) < len(names) {
		return "USAGE_" + names[n]
	}
	return printed
}
