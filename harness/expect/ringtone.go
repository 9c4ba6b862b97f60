package expect

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ringproof/ringproof/harness/dumpsys/audio"
	"github.com/ringproof/ringproof/harness/facts"
)

// OneRingtone wants the call to be heard once at most: the system plays the sound
// of its notification's channel, or the app plays one, not both.
func OneRingtone() Condition {
	return rings("audio.one-ringtone", "no more than one player that rings", func(n int) bool { return n <= 1 })
}

// RingtoneOver wants nobody to ring any more.
func RingtoneOver() Condition {
	return rings("audio.ringtone-over", "no player that rings", func(n int) bool { return n == 0 })
}

// rings judges the players that play a ringtone, whoever they belong to, and
// those of the app that play anything but the call itself: some apps ring as
// media.
func rings(name, wanted string, ok func(n int) bool) Condition {
	return condition{
		fact: name, wanted: wanted, kinds: []facts.Kind{facts.Audio, facts.Process},
		check: func(s facts.Snapshot) Result {
			players, known := s.Audio.Players.Get()
			pids, knownPIDs := s.PIDs.Get()
			if !known || !knownPIDs {
				return Result{Unknown, "a dump that does not tell the players"}
			}
			var seen []string
			for _, p := range players {
				own := slices.Contains(pids, p.PID) && !strings.HasPrefix(p.Usage, "USAGE_VOICE_COMMUNICATION")
				if p.Started() && (own || p.Usage == "USAGE_NOTIFICATION_RINGTONE") {
					seen = append(seen, player(s, p))
				}
			}
			text := fmt.Sprintf("%d: %s", len(seen), strings.Join(seen, ", "))
			if len(seen) == 0 {
				text = "none"
			}
			if ok(len(seen)) {
				return Result{Met, text}
			}
			return Result{NotYet, text}
		},
	}
}

func player(s facts.Snapshot, p audio.Player) string {
	whose := fmt.Sprintf("uid %d", p.UID)
	if slices.Contains(s.PIDs.Or(nil), p.PID) {
		whose = s.App.Package
	}
	return fmt.Sprintf("player %d of %s (%s, %s)", p.ID, whose, p.Type, p.Usage)
}
