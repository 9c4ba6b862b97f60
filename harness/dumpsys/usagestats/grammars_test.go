package usagestats

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/harness/dumpsys/text"
	"github.com/ringproof/ringproof/harness/internal/grammar"
)

// UserUsageStatsService.printEvent and UsageEvents.Event: the types got new
// names with API 29, when activities were told apart.
const (
	events26 = `user=0
  Last 24 hour events (timeRange="5/3/2026, 18:30 – 5/4/2026, 18:30")
    time="2026-05-03 19:18:20" type=MOVE_TO_FOREGROUND package=org.ringproof.sample class=org.ringproof.sample.IncomingCallActivity flags=0x0
    time="2026-05-03 19:18:21" type=CONFIGURATION_CHANGE package=android config=mcc310 flags=0x0
`
	events29 = `user=10
  Last 24 hour events (timeRange="5/3/2026, 18:30 – 5/4/2026, 18:30" )
    time="2026-05-03 19:18:20" type=ACTIVITY_RESUMED package=org.ringproof.sample class=org.ringproof.sample.IncomingCallActivity instanceId=150072338 taskRootPackage=org.ringproof.sample taskRootClass=org.ringproof.sample.Main flags=0x0
    time="2026-05-03 19:18:57" type=NOTIFICATION_INTERRUPTION package=org.ringproof.sample channelId=incoming_calls flags=0x0
    time="2026-05-03 19:19:00" type=KEYGUARD_SHOWN package=android flags=0x0
  In-memory daily stats
    package=org.ringproof.sample totalTimeUsed="00:10" lastTimeUsed="2026-05-03 19:18:20"
`
	checkin = "user=0\n  time=1777800000123 type=SCREEN_INTERACTIVE package=android flags=0x0\n"
)

// seen is an event in one word: user line time type package class channel.
type seen struct {
	user, line                        int
	time, kind, pkg, class, channelID string
}

func check(want ...seen) func(testing.TB, []byte) {
	return func(t testing.TB, b []byte) {
		f, err := Parse(b)
		if err != nil {
			t.Error(err)
		}
		var got []seen
		for _, e := range f.Events.Or(nil) {
			got = append(got, seen{e.User.Or(-1), e.Line, e.Time, e.Type, e.Package.Or(""), e.Class.Or(""), e.Channel.Or("")})
		}
		if d := cmp.Diff(want, got, cmp.AllowUnexported(seen{})); d != "" {
			t.Error(d)
		}
	}
}

func TestGrammars(t *testing.T) {
	grammar.Check(t, []grammar.Row{
		{From: 26, To: 28, Mark: grammar.Composed, Text: events26, Check: check(
			seen{0, 3, "2026-05-03 19:18:20", "MOVE_TO_FOREGROUND", "org.ringproof.sample", "org.ringproof.sample.IncomingCallActivity", ""},
			seen{0, 4, "2026-05-03 19:18:21", "CONFIGURATION_CHANGE", "android", "", ""})},
		{From: 29, To: 36, Mark: grammar.Composed, Text: events29, Unsure: "whether 35 and 36 still print events without an argument", Check: check(
			seen{10, 3, "2026-05-03 19:18:20", "ACTIVITY_RESUMED", "org.ringproof.sample", "org.ringproof.sample.IncomingCallActivity", ""},
			seen{10, 4, "2026-05-03 19:18:57", "NOTIFICATION_INTERRUPTION", "org.ringproof.sample", "", "incoming_calls"},
			seen{10, 5, "2026-05-03 19:19:00", "KEYGUARD_SHOWN", "android", "", ""})},
		{From: 26, To: 36, Mark: grammar.Composed, Text: checkin, Check: check(seen{0, 2, "1777800000123", "SCREEN_INTERACTIVE", "android", "", ""})},
		{From: 34, To: 34, Maker: "Xiaomi", Mark: grammar.Captured, File: "deviceidle/003-a14-hyperos-usagestats-head.txt", Check: func(t testing.TB, b []byte) {
			f, err := Parse(b)
			if err != nil {
				t.Error(err)
			}
			kinds := map[string]int{}
			for _, e := range f.Events.Or(nil) {
				kinds[e.Type]++
			}
			for kind, n := range map[string]int{"ACTIVITY_RESUMED": 39, "FOREGROUND_SERVICE_START": 18, "NOTIFICATION_INTERRUPTION": 6, "KEYGUARD_SHOWN": 1, "DEVICE_SHUTDOWN": 1} {
				if kinds[kind] != n {
					t.Errorf("%d of %s", kinds[kind], kind)
				}
			}
		}},
	})
}

func TestProblems(t *testing.T) {
	for in, want := range map[string]text.Kind{
		"":                             text.Empty,
		"Current Alarm Manager state:": text.NotADump,
		"Permission Denial: can't dump UsageStats from pid=1, uid=2\n": text.Denied,
	} {
		f, err := Parse([]byte(in))
		if p, ok := text.AsProblem(err); !ok || p.Kind != want || f.Events.Known() {
			t.Errorf("%q: %v, %v", in, err, f)
		}
	}
}

// An event that cannot be read is none, and does not make a dump of a text. The
// next event takes nothing of it.
func TestUnreadableEvent(t *testing.T) {
	for _, line := range []string{
		`    time="2026-05-03 19:18:20 type=ACTIVITY_RESUMED package=a`, // its time never ends
		`    time="2026-05-03 19:18:20" package=a flags=0x0`,            // no type
		`    time="2026-05-03 19:18:20" package=a`,                      // and nothing behind
	} {
		if f, err := Parse([]byte(line + "\n")); !errors.Is(err, &text.Problem{Kind: text.NotADump}) || f.Events.Known() {
			t.Errorf("%q: %v, %v", line, f, err)
		}
		check(seen{0, 3, "2026-05-03 19:18:57", "KEYGUARD_SHOWN", "", "", ""})(t,
			[]byte("user=0\n"+line+"\n    time=\"2026-05-03 19:18:57\" type=KEYGUARD_SHOWN flags=0x0\n"))
	}
}
