package audio

import (
	"bytes"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
)

// policyModes are the names and numbers of audio_mode_t (system/audio.h).
var policyModes = map[string]Mode{ // read-only table
	"AUDIO_MODE_NORMAL": Normal, "AUDIO_MODE_RINGTONE": Ringtone, "AUDIO_MODE_IN_CALL": InCall,
	"AUDIO_MODE_IN_COMMUNICATION": InCommunication, "AUDIO_MODE_CALL_SCREEN": CallScreening,
	"0": Normal, "1": Ringtone, "2": InCall, "3": InCommunication, "4": CallScreening,
}

// PolicyMode reads the mode from `dumpsys media.audio_policy`, for releases whose
// `dumpsys audio` has no section of its own for it (up to API 30): `Phone state: 3`, or a name, with
// or without a dash before it. It is unknown without such a line, or if two of
// them differ.
func PolicyMode(b []byte) fact.Value[Mode] {
	var found fact.Value[Mode]
	n := 0
	for line := range bytes.Lines(b) {
		n++
		line = bytes.TrimSpace(bytes.TrimPrefix(bytes.TrimSpace(line), []byte("- ")))
		rest, ok := bytes.CutPrefix(line, []byte("Phone state:"))
		if !ok {
			continue
		}
		mode, known := policyModes[string(bytes.TrimSpace(rest))]
		if was, before := found.Get(); !known || before && was != mode {
			return fact.Value[Mode]{}
		}
		found = fact.Of(mode, n)
	}
	return found
}
