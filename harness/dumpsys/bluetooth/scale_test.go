package bluetooth

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ringproof/ringproof/harness/internal/readertest"
)

// machine is one device of HeadsetService with a log as long as phones print.
func machine(i int) string {
	a := fmt.Sprintf("F4:B6:2D:%02X:%02X:%02X", i>>16&255, i>>8&255, i&255)
	return "  ==== StateMachine for " + a + " ====\n    mCurrentDevice: " + a + "\n    mCurrentState: Connected\n    mPrevState: AudioOn\n    mConnectionState: 2\n    mAudioState: 10\n    mSpeakerVolume: 9\n    mMicVolume: 0\n    StateMachine: name=HeadsetStateMachine state=Connected\n" +
		strings.Repeat("      rec[0]: time=01-06 17:07:02.845 processed=Connected org=Connected dest=AudioOn what=7(0x7) AUDIO_STATE_CHANGED: device=null\n", 20) +
		"      curState=Connected\n"
}

func bonded(i int) string {
	return fmt.Sprintf("    F4:B6:2D:%02X:%02X:%02X [BR/EDR] Headset %d\n", i>>16&255, i>>8&255, i&255, i)
}

func generated(size int) []byte {
	before, rest, _ := strings.Cut(dump34, "    F4:B6:2D:00:00:01 [BR/EDR]")
	b := readertest.Text(size/10, before, bonded, "    F4:B6:2D:00:00:01 [BR/EDR]"+rest)
	head, tail, _ := strings.Cut(string(b), "  ==== StateMachine for ")
	return readertest.Text(size, head, machine, "  ==== StateMachine for "+tail)
}

func BenchmarkRatio(b *testing.B) { readertest.Ratio(b, readertest.Of(Parse), generated) }

func TestMemory(t *testing.T) { readertest.Memory(t, readertest.Of(Parse), generated) }

func TestGenerated(t *testing.T) {
	f, err := Parse(generated(100 << 10))
	if err != nil || len(f.Bonded.Or(nil)) < 150 || len(f.Headset.Devices.Or(nil)) < 30 || f.HFPAudioOn().String() != "true" {
		t.Errorf("%d bonded, %d devices, %v", len(f.Bonded.Or(nil)), len(f.Headset.Devices.Or(nil)), err)
	}
}

func TestLinear(t *testing.T) {
	readertest.Linear(t, readertest.Of(Parse), readertest.Hostile(map[string]string{
		"nothing": "",
		"status":  "Bluetooth Status\n",
		"bonds":   "Bluetooth Status\n  state: ON\nAdapterProperties\n  Bonded devices:\n",
		"headset": "Bluetooth Status\n  state: ON\nProfile: HeadsetService\n",
		"machine": "Bluetooth Status\n  state: ON\nProfile: HeadsetService\n  ==== StateMachine for F4:B6:2D:00:00:01 ====\n",
		"a2dp":    "Bluetooth Status\n  state: ON\nProfile: A2dpService\n  === A2dpStateMachine for F4:B6:2D:00:00:01 (Active) ===\n",
	}, "    F4:B6:2D:00:00:01 [BR/EDR] a\n", "  ==== StateMachine for F4:B6:2D:00:00:01 ====\n", "Profile: HeadsetService\n", "mIsPlaying: ", "F4:B6:2D:00:00:01 => ", "curState=", "  === A2dpStateMachine for F4:B6:2D:00:00:01 (Active) ===\n"))
}
