package android

// playerPackage is the music app of the system image.
const playerPackage = "com.android.music"

// Playback states (PlaybackState.STATE_*).
const (
	PlaybackPaused  = 2
	PlaybackPlaying = 3
)

// Key codes of media keys.
const (
	KeyMediaPlay  = 126
	KeyMediaPause = 127
)

const playerFocus = "android.media.AudioManager@player"

// player is the music app's session; nil before it was ever asked to play.
func (m *MediaSessions) player() *MediaSession {
	for _, s := range m.Stack {
		if s.Package == playerPackage {
			return s
		}
	}
	return nil
}

func (m *MediaSessions) playing() bool {
	s := m.player()
	return s != nil && s.State == PlaybackPlaying
}

// Play starts the music, as the play key does.
func (m *MediaSessions) Play() {
	s := m.player()
	if s == nil {
		pk := m.d.Packages.Get(playerPackage)
		if pk == nil {
			return
		}
		pr := m.d.Processes.fixed(playerPackage, playerPackage, m.d.Processes.newPID(), pk.UID)
		pr.Persistent = false
		s = &MediaSession{Package: playerPackage, Tag: "MediaPlaybackService", UID: pk.UID, PID: pr.PID, Active: true}
		m.Stack = append(m.Stack, s)
	}
	if !m.d.Audio.mayPlay() {
		return // a call holds the focus: the player is refused
	}
	s.State, m.interrupted = PlaybackPlaying, false
	m.d.Audio.gainFocus(FocusEntry{Client: playerFocus, Package: playerPackage, UID: s.UID, Gain: "GAIN", Usage: "USAGE_MEDIA"})
}

// Pause stops it, and gives the focus back.
func (m *MediaSessions) Pause() {
	s := m.player()
	if s == nil {
		return
	}
	s.State, m.interrupted = PlaybackPaused, false
	m.d.Audio.abandonFocus(playerFocus)
}

// noisy: what the sound went to is gone. Players pause, and do not go on by
// themselves.
func (m *MediaSessions) noisy() {
	if m.playing() {
		m.Pause()
	}
}

func (a *Audio) mayPlay() bool {
	return len(a.Focus) == 0 || a.Focus[len(a.Focus)-1].Client != callFocus
}

// focusChanged is the player's OnAudioFocusChangeListener: it pauses for as long
// as something else has the focus for a while.
func (m *MediaSessions) focusChanged() {
	s := m.player()
	if s == nil {
		return
	}
	for _, f := range m.d.Audio.Focus {
		if f.Client != playerFocus {
			continue
		}
		switch {
		case f.Loss != "none" && s.State == PlaybackPlaying:
			s.State, m.interrupted = PlaybackPaused, true
		case f.Loss == "none" && m.interrupted:
			s.State, m.interrupted = PlaybackPlaying, false
		}
	}
}
