package alarm

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
	"github.com/ringproof/ringproof/harness/internal/grammar"
)

// AlarmManagerService.dump: batches up to API 30, one list since.
const (
	batches26 = `Current Alarm Manager state:
  Force all apps standby: false
  Plugged In: true
  Restricted packages:
    u0a123 com.example.held

  nowRTC=1724160002900=2024-08-20 10:20:02.900 nowELAPSED=663113
  Next wakeup alarm: +1s460ms = 664573 = 2024-08-20 10:20:04.360

  Pending alarm batches: 1
Batch{2c7375 num=1 start=919562 end=1144559}:
    RTC_WAKEUP #0: Alarm{f98ff0a type 0 when 1724160259349 org.ringproof.sample}
      tag=*walarm*:org.ringproof.sample.RING TIMEOUT
      type=0 expectedWhenElapsed=+4m16s449ms expectedMaxWhenElapsed=+8m1s448ms whenElapsed=+4m16s449ms maxWhenElapsed=+8m1s448ms when=2024-08-20 10:24:19.349
      window=+3m44s999ms repeatInterval=0 count=0 flags=0x8
      operation=PendingIntent{d95d37b: PendingIntentRecord{79d52cb org.ringproof.sample broadcastIntent}}
  Past-due non-wakeup alarms: (none)
    RTC #0: Alarm{a type 1 when 1 com.example.late}
`
	list31 = `Current Alarm Manager state:
  Current AppStateTracker State:
    Force all apps standby: true
    Plugged In: false

  nowRTC=1724160002900=2024-08-20 10:20:02.900 nowELAPSED=663113
  Next wakeup alarm: -2s900ms = 660213 = 2024-08-20 10:20:00.000

  2 pending alarms:
    ELAPSED_WAKEUP #1: Alarm{9dcbd14 type 2 origWhen 664570 whenElapsed 664573 android}
      tag=*walarm*:*job.deadline*
      type=ELAPSED_WAKEUP origWhen=+1s457ms window=0 repeatInterval=0 count=0 flags=0x1
      policyWhenElapsed: requester=+1s460ms app_standby=-11m device_idle=-- battery_saver=--
      whenElapsed=+1s460ms maxWhenElapsed=+1s460ms
    RTC #0: Alarm{7cbabb2 type 1 origWhen 664570 whenElapsed 664573 org.ringproof.sample}
      tag=*alarm*:x
`
)

// seen are the telling parts of an alarm: kind package tag in line, flags.
type seen struct {
	kind, pkg, tag, in string
	flags              uint64
	line               int
}

func alarms(f Facts) []seen {
	var out []seen
	for _, a := range f.Alarms.Or(nil) {
		out = append(out, seen{a.Kind, a.Package, a.Tag.Or(""), a.In.Or(""), a.Flags.Or(0), a.Line})
	}
	return out
}

func TestGrammars(t *testing.T) {
	grammar.Check(t, []grammar.Row{
		{From: 26, To: 30, Mark: grammar.Composed, Text: batches26, Check: func(t testing.TB, b []byte) {
			f, err := Parse(b)
			if err != nil || !fact.Is(f.Plugged, true) || !fact.Is(f.ForcedStandby, false) || !fact.Is(f.Elapsed, 663113) || !fact.Is(f.NextWakeup, 664573) {
				t.Errorf("%v, %+v", err, f)
			}
			if d := cmp.Diff([]Package{{10123, "com.example.held", 5}}, f.Restricted.Or(nil)); d != "" {
				t.Error(d)
			}
			want := []seen{{"RTC_WAKEUP", "org.ringproof.sample", "*walarm*:org.ringproof.sample.RING TIMEOUT", "+4m16s449ms", 8, 12}}
			if d := cmp.Diff(want, alarms(f), cmp.AllowUnexported(seen{})); d != "" {
				t.Error(d)
			}
		}},
		{From: 31, To: 36, Mark: grammar.Composed, Text: list31, Unsure: "no capture reaches the list: which keys share a line, and what 35 and 36 add", Check: func(t testing.TB, b []byte) {
			f, err := Parse(b)
			if err != nil || !fact.Is(f.Plugged, false) || !fact.Is(f.ForcedStandby, true) || !fact.Is(f.NextWakeup, 660213) || f.Restricted.Known() {
				t.Errorf("%v, %+v", err, f)
			}
			want := []seen{
				{"ELAPSED_WAKEUP", "android", "*walarm*:*job.deadline*", "+1s460ms", 1, 10},
				{"RTC", "org.ringproof.sample", "*alarm*:x", "", 0, 15},
			}
			if d := cmp.Diff(want, alarms(f), cmp.AllowUnexported(seen{})); d != "" {
				t.Error(d)
			}
		}},
		{From: 28, To: 28, Maker: "GWM", Mark: grammar.Captured, File: "deviceidle/004-a9-automotive-alarm.txt", Check: func(t testing.TB, b []byte) {
			f, err := Parse(b)
			if err != nil || !fact.Is(f.Plugged, false) || !fact.Is(f.Elapsed, 663113) || !fact.Is(f.NextWakeup, 664573) || f.Restricted.Line() != 29 || len(f.Restricted.Or(nil)) != 0 {
				t.Errorf("%v, %+v", err, f)
			}
			want := []seen{
				{"ELAPSED_WAKEUP", "android", "*walarm*:*job.deadline*", "+1s460ms", 0, 72},
				{"ELAPSED_WAKEUP", "android", "*walarm*:*job.delay*", "+1s460ms", 0, 78},
				{"ELAPSED", "android", "*alarm*:android.intent.action.TIME_TICK", "+57s100ms", 1, 85},
				{"ELAPSED_WAKEUP", "android", "*walarm*:WifiConnectivityManager Schedule Periodic Scan Timer", "+1m56s442ms", 8, 91},
				{"RTC_WAKEUP", "com.beantechs.mediacenter.h5.core", "*walarm*:com.beantechs.mediacenter.h5.core.intent.action.BOOT_COMPLETED", "+4m16s449ms", 0, 98},
				{"RTC_WAKEUP", "com.onecar.onlinemusic", "*walarm*:com.onecar.onlinemusic.intent.action.BOOT_COMPLETED", "+4m16s447ms", 0, 103},
			}
			if d := cmp.Diff(want, alarms(f), cmp.AllowUnexported(seen{})); d != "" {
				t.Error(d)
			}
		}},
		{From: 34, To: 34, Maker: "Xiaomi", Mark: grammar.Captured, File: "deviceidle/002-a14-hyperos-alarms-head.txt", Check: func(t testing.TB, b []byte) {
			f, err := Parse(b) // an excerpt that ends above the alarms
			if p, ok := text.AsProblem(err); !ok || p.Kind != text.Truncated || f.Alarms.Known() || !fact.Is(f.Plugged, true) {
				t.Errorf("%v, %+v", err, f)
			}
			if all := f.Restricted.Or(nil); len(all) != 11 || all[2] != (Package{1000, "com.xiaomi.mi_connect_service", 148}) {
				t.Errorf("%+v", all)
			}
		}},
	})
}

func TestProblems(t *testing.T) {
	for in, want := range map[string]text.Kind{
		"":                               text.Empty,
		"user=0\n":                       text.NotADump,
		"Current Alarm Manager state:\n": text.Truncated,
		"Can't find service: alarm\n":    text.NoService,
	} {
		f, err := Parse([]byte(in))
		if p, ok := text.AsProblem(err); !ok || p.Kind != want || f.Alarms.Known() {
			t.Errorf("%q: %v, %v", in, err, f)
		}
	}
}
