package audio

import (
	"fmt"
	"testing"

	"github.com/ringproof/ringproof/harness/internal/readertest"
)

// record is an entry of the focus stack: the longest of a dump's lists.
func record(i int) string {
	return fmt.Sprintf("  source:android.os.BinderProxy@%x -- pack: com.example.app%d -- client: android.media.AudioManager@%xcom.example.Player$1@%x -- gain: GAIN_TRANSIENT -- flags: DELAY_OK|PAUSES_ON_DUCKABLE_LOSS -- loss: LOSS_TRANSIENT -- notified: true -- uid: 10%03d -- attr: AudioAttributes: usage=USAGE_MEDIA content=CONTENT_TYPE_MUSIC flags=0x0 tags= bundle=null -- sdk:35\n", i, i%97, i, i, i%900)
}

// player is a row of PlaybackActivityMonitor.
func player(i int) string {
	return fmt.Sprintf("  AudioPlaybackConfiguration piid:%d deviceId:%d type:android.media.MediaPlayer u/pid:10%03d/%d state:started attr:AudioAttributes: usage=USAGE_NOTIFICATION_RINGTONE content=CONTENT_TYPE_SONIFICATION flags=0x800 tags= bundle=null sessionId:%d mutedState:none  FormatInfo{isSpatialized=false, channelMask=0x3, sampleRate=48000}\n", i, i%9, i%900, i, i)
}

// event is a line of the phone state log and lines of other logs around it.
func event(i int) string {
	return fmt.Sprintf("06-06 13:15:%02d:%03d setMode(MODE_IN_COMMUNICATION) from package=com.example.app%d pid=%d selected mode=MODE_IN_COMMUNICATION by pid=%d\n", i%60, i%1000, i%97, i, i)
}

// other is a line of a log that no fact comes from: most of a dump is that.
func other(i int) string {
	return fmt.Sprintf("06-06 13:15:%02d:%03d update piid:%d state:started DeviceIds:[3] uid/pid:10%03d/%d content=CONTENT_TYPE_MUSIC\n", i%60, i%1000, i, i%900, i)
}

// generated has the mix of a real dump: the focus stack and the phone state log
// are some percent of it each, the rest is volumes and other logs.
func generated(size int) []byte {
	b := readertest.Text(size/20, "MediaFocusControl dump time: 9:04:32 PM\n\nAudio Focus stack entries (last is top of stack):\n", record, "\n")
	b = readertest.Text(size/10, string(b)+"PlaybackActivityMonitor dump time: 5:40:30 PM\n\n  players:\n", player, "\n  ducked players piids:\n\n")
	b = readertest.Text(size*9/10, string(b)+dump34[1:]+"Events log: playback activity as reported through PlayerBase\n", other, "")
	return readertest.Text(size, string(b)+"Events log: phone state (logged after successful call to AudioSystem.setPhoneState(int, int))\n", event, "")
}

func BenchmarkRatio(b *testing.B) { readertest.Ratio(b, readertest.Of(Parse), generated) }

func TestMemory(t *testing.T) { readertest.Memory(t, readertest.Of(Parse), generated) }

func TestGenerated(t *testing.T) {
	f, err := Parse(generated(100 << 10))
	if err != nil || len(f.FocusStack.Or(nil)) < 10 || len(f.ModeEvents.Or(nil)) < 50 || len(f.Players.Or(nil)) < 10 || f.FocusStack.Or(nil)[7].Package != "com.example.app7" {
		t.Errorf("%d focus, %d events, %v", len(f.FocusStack.Or(nil)), len(f.ModeEvents.Or(nil)), err)
	}
}

func TestLinear(t *testing.T) {
	readertest.Linear(t, readertest.Of(Parse), readertest.Hostile(map[string]string{
		"nothing": "",
		"focus":   "Audio Focus stack entries (last is top of stack):\n  source:",
		"mode":    "Audio mode:\n- Mode owner:\n",
		"broker":  "AudioDeviceBroker:\n  Active communication device: ",
		"players": "PlaybackActivityMonitor dump time: 1\n  players:\n",
		"log":     "Events log: phone state (logged after successful call)\n",
	}, " -- attr:", " -- uid: ", "source: -- pack: a\n", " setMode(", " setMode(A) from package=a pid=1 selected mode=B by pid=2\n", "AudioModeInfo: mMode=", "type:a addr:b name:", " profiles:", "- STREAM_RING:\n", "ID:1 -- type:", "  ID:1 -- type:a -- u/pid:1/2 -- state:idle -- attr: usage=6\n", " u/pid:", "(not logged)"))
}
