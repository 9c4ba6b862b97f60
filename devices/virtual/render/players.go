package render

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ringproof/ringproof/devices/virtual/android"
)

// players is PlaybackActivityMonitor.dump, after captures of 8.0, 10, 12 and 16,
// and what stands around it in AudioService.dump.
func players(p *page, d *android.Device) {
	events := "Audio event log:"
	if p.api >= 34 {
		events = "Events log:"
	}
	p.ln("Audio policies:")
	p.since(29, "%s dynamic policy events (logged when command received by AudioService)", events)
	p.ln("")
	p.ln("PlaybackActivityMonitor dump time: %s", clockTime(p, d))
	if p.api >= 27 {
		p.ln("")
		p.ln("  playback listeners:")
		if p.api >= 34 {
			p.ln(" PlayMonitorClient:S uid:%d pid:%d", android.SystemUID, android.SystemServerPID)
		} else {
			p.ln(" (S)com.android.server.audio.PlaybackActivityMonitor$PlayMonitorClient@%s", hash(d, "play monitor"))
		}
		p.ln("")
		p.ln("")
		p.ln("  players:")
	}
	for _, pl := range playersByID(d) {
		p.ln("  %s", playerRow(p.api, pl))
	}
	p.ln("")
	if p.api <= 26 {
		p.ln("  ducked players:")
	} else {
		p.ln("  ducked players piids:")
	}
	p.ln("")
	if p.api >= 31 {
		p.ln("  faded out players piids:")
		p.ln("")
		p.ln("  muted player piids due to call/ring:")
	} else {
		p.ln("  muted player piids:")
	}
	if p.api >= 28 {
		p.ln("")
		p.ln("  banned uids:")
		p.ln("")
	}
	if p.api >= 31 {
		p.ln("")
		p.ln("  muted players (piids) awaiting device connection:")
		p.ln("")
	}
	p.since(27, "%s playback activity as reported through PlayerBase", events)
	p.ln("")
	p.since(30, "  allowed capture policies:")
	p.ln("")
	p.ln("RecordActivityMonitor dump time: %s", clockTime(p, d))
	p.ln("")
	p.ln("")
	p.since(28, "%s recording activity received by AudioService", events)
}

func playersByID(d *android.Device) []*android.Player {
	return slices.SortedFunc(slices.Values(d.Audio.Players), func(a, b *android.Player) int { return a.ID - b.ID })
}

// playerRow is AudioPlaybackConfiguration.dump. The old form prints usage and
// content of 8 as numbers.
func playerRow(api int, p *android.Player) string {
	content, flags := "CONTENT_TYPE_SONIFICATION", "0x800"
	usage := p.Usage
	if api <= 27 {
		numbers := map[string]string{"USAGE_MEDIA": "1", "USAGE_NOTIFICATION": "5", "USAGE_NOTIFICATION_RINGTONE": "6"}
		usage, content, flags = numbers[p.Usage], "4", "0x0"
	}
	attr := fmt.Sprintf("attr:AudioAttributes: usage=%s content=%s flags=%s tags= bundle=null", usage, content, flags)
	if api <= 29 {
		return fmt.Sprintf("ID:%d -- type:%s -- u/pid:%d/%d -- state:started -- %s", p.ID, p.Type, p.UID, p.PID, attr)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "AudioPlaybackConfiguration piid:%d ", p.ID)
	switch {
	case api >= 36:
		b.WriteString("deviceIds:[2] ")
	case api >= 31:
		b.WriteString("deviceId:2 ")
	}
	fmt.Fprintf(&b, "type:%s u/pid:%d/%d state:started %s", p.Type, p.UID, p.PID, attr)
	if api >= 31 {
		fmt.Fprintf(&b, " sessionId:%d", p.Session)
	}
	if api >= 33 {
		b.WriteString(" mutedState:none")
	}
	if api >= 34 {
		b.WriteString("  FormatInfo{isSpatialized=false, channelMask=0x3, sampleRate=48000}")
	}
	return b.String()
}
