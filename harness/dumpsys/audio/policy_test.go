package audio_test

import (
	"testing"

	"github.com/ringproof/ringproof/harness/dumpsys/audio"
)

func TestPolicyMode(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want string
	}{
		"a number":            {"AudioPolicyManager Dump: 0x7f\n Primary Output: 13\n Phone state: 3\n Force use for communications 0\n", "MODE_IN_COMMUNICATION"},
		"a name":              {"- Phone state: AUDIO_MODE_NORMAL\r\n", "MODE_NORMAL"},
		"ringing":             {" Phone state: 1\n", "MODE_RINGTONE"},
		"no such line":        {"AudioPolicyManager Dump: 0x7f\n", "unknown"},
		"a number of nothing": {" Phone state: 77\n", "unknown"},
		"cut short":           {" Phone state:", "unknown"},
		"two that differ":     {" Phone state: 0\n Phone state: 3\n", "unknown"},
		"not at the start":    {"the last Phone state: 3\n", "unknown"},
	} {
		if got := audio.PolicyMode([]byte(c.text)).String(); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}
