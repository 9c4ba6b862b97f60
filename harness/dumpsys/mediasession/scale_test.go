package mediasession

import (
	"fmt"
	"testing"

	"github.com/ringproof/ringproof/harness/internal/readertest"
)

// record is one session of the stack as API 34 prints it.
func record(i int) string {
	p := fmt.Sprintf("com.example.app%d", i)
	return "    androidx.media3.session.id. " + p + "/androidx.media3.session.id. (userId=0)\n      ownerPid=15737, ownerUid=10522, userId=0\n      package=" + p + `
      launchIntent=PendingIntent{e60bfc9: PendingIntentRecord{44ec4f9 ` + p + ` startActivity (allowlist: fc8e8d5:+30s0ms/0/NOTIFICATION_SERVICE/NotificationManagerService)}}
      mediaButtonReceiver=null
      active=true
      flags=7
      rating type=0
      controllers: 6
      state=PlaybackState {state=PAUSED(2), position=4303, buffered position=52416, speed=0.0, updated=142263351, actions=7339671, custom actions=[], active item id=0, error=null}
      audioAttrs=AudioAttributes: usage=USAGE_MEDIA content=CONTENT_TYPE_MUSIC flags=0x800 tags= bundle=null
      volumeType=LOCAL, controlType=ABSOLUTE, max=0, current=0, volumeControlId=null
      metadata: size=8, description=Baby Blows Out the Candle, Somebody, null
      queueTitle=null, size=1
`
}

func generated(size int) []byte { return readertest.Text(size, dump, record, "") }

func BenchmarkRatio(b *testing.B) { readertest.Ratio(b, readertest.Of(Parse), generated) }

func TestMemory(t *testing.T) { readertest.Memory(t, readertest.Of(Parse), generated) }

func TestLinear(t *testing.T) {
	readertest.Linear(t, readertest.Of(Parse), readertest.Hostile(map[string]string{
		"nothing": "", "priority": "MEDIA SESSION SERVICE\nGlobal priority session is ", "users": "User Records:\n",
	}, "a/b (userId=0)", " (userId=", "Record for user 0\n", "Media button session is a/b (userId=0)\n", "Global priority session is a/b (userId=0)\n", "active=", "state=PlaybackState {"))
}
