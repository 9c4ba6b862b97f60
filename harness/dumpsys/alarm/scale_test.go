package alarm

import (
	"fmt"
	"testing"

	"github.com/ringproof/ringproof/harness/internal/readertest"
)

func generated(size int) []byte {
	return readertest.Text(size, "Current Alarm Manager state:\n  Pending alarm batches: 9\n", func(i int) string {
		return fmt.Sprintf("Batch{%x num=1 start=%d end=%d}:\n    RTC_WAKEUP #0: Alarm{%x type 0 when %d com.example.app%d}\n      tag=*walarm*:com.example.app.RING\n      type=0 expectedWhenElapsed=+4m whenElapsed=+4m16s%dms when=2024-08-20 10:24:19.349\n      window=+3m44s999ms repeatInterval=0 count=0 flags=0x8\n      operation=PendingIntent{d95d37b: PendingIntentRecord{79d52cb com.example.app broadcastIntent}}\n", i, i, i, i, i, i, i)
	}, "")
}

func BenchmarkParse(b *testing.B) { readertest.Ratio(b, readertest.Of(Parse), generated) }

func TestLinear(t *testing.T) {
	texts := readertest.Hostile(map[string]string{"alarms": "Current Alarm Manager state:\n 2 pending alarms:\n", "restricted": "Current Alarm Manager state:\n Restricted packages:\n", "none": "x\n"})
	texts["generated"] = generated
	readertest.Linear(t, readertest.Of(Parse), texts)
}

func FuzzParse(f *testing.F) { readertest.Fuzz(f, readertest.Of(Parse), batches26, list31) }

func TestMemory(t *testing.T) { readertest.Memory(t, readertest.Of(Parse), generated) }
