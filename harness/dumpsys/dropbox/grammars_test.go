package dropbox

import (
	"testing"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
	"github.com/ringproof/ringproof/harness/internal/grammar"
)

// DropBoxManagerService.dump and ActivityManagerService.addErrorToDropBox
// (appendDropBoxProcessHeaders): the frame is the same on all releases; the
// limits and the uid came with API 30.
const (
	printed26 = `Drop box contents: 72 entries
Searching for: data_app_anr

========================================
2026-05-03 14:11:11 data_app_anr (compressed text, 22175 bytes)
Process: org.ringproof.sample
PID: 4251
Flags: 0x38a8be44
Package: org.ringproof.sample v7 (1.0: beta)
Foreground: Yes
Subject: Broadcast of Intent { act=org.ringproof.devicetest.PUSH cmp=org.ringproof.sample/.PushReceiver }
Build: google/x/x:8.0.0/1/1:user/test-keys

CPU usage from 1ms to 0ms ago:
2026-05-03 14:11:12 this_is_a_line (of the trace, 7 bytes)
PID: 1

========================================
2026-05-03 15:00:00 SYSTEM_BOOT (contents lost)
`
	printed30 = `Drop box contents: 140 entries
Max entries: 1000
Low priority rate limit period: 2000 ms
Low priority tags: {data_app_wtf, keymaster}

========================================
2026-05-03 16:33:24 data_app_crash (text, 1836 bytes)
Process: org.ringproof.sample
PID: 9667
UID: 10172
Package: org.ringproof.sample v1 (1.0)
Foreground: No
Process-Runtime: 9078

java.lang.SecurityException: not allowed
    at a.b.c(D.java:1)
Caused by: java.lang.RuntimeException: x
`
	summary = `Drop box contents: 2 entries

2026-05-03 14:11:11 data_app_anr (compressed text, 22175 bytes)
    Process: org.ringproof.sample/PID: 4251/Flags: 0x38a8be44/Package: org.ringproof.sa ...
2026-05-03 15:00:00 SYSTEM_BOOT (text, 520 bytes)
    isPrevious: true/Build: google/x/x:8.0.0/1/1 ...
`
)

// seen are the telling parts of an entry; what is empty or 0 must be unknown.
type seen struct {
	line              int
	time, tag         string
	bytes             int
	process, pkg      string
	pid, uid, version int
	cause             string
}

func check(total int, want ...seen) func(testing.TB, []byte) {
	return func(t testing.TB, b []byte) {
		f, err := Parse(b)
		if err != nil {
			t.Error(err)
		}
		all := f.Entries.Or(nil)
		if !fact.Is(f.Total, total) || len(all) != len(want) {
			t.Fatalf("%v in all, %d entries", f.Total, len(all))
		}
		for i, e := range all {
			got := seen{e.Line, e.Time, e.Tag, e.Bytes.Or(0), e.Process.Or(""), e.Package.Or(""), e.PID.Or(0), e.UID.Or(0), e.Version.Or(0), e.Cause.Or("")}
			if got != want[i] {
				t.Errorf("got  %+v\nwant %+v", got, want[i])
			}
		}
	}
}

func TestGrammars(t *testing.T) {
	grammar.Check(t, []grammar.Row{
		{From: 26, To: 29, Mark: grammar.Composed, Text: printed26, Check: check(72,
			seen{5, "2026-05-03 14:11:11", "data_app_anr", 22175, "org.ringproof.sample", "org.ringproof.sample", 4251, 0, 7, "CPU usage from 1ms to 0ms ago:"},
			seen{line: 19, time: "2026-05-03 15:00:00", tag: "SYSTEM_BOOT"})},
		{From: 30, To: 36, Mark: grammar.Composed, Text: printed30, Unsure: "what 31 to 36 add to the head: Loading-Progress, Frozen, Foreground", Check: check(140,
			seen{7, "2026-05-03 16:33:24", "data_app_crash", 1836, "org.ringproof.sample", "org.ringproof.sample", 9667, 10172, 1, "java.lang.SecurityException: not allowed"})},
		{From: 26, To: 36, Mark: grammar.Composed, Text: summary, Check: check(2,
			seen{line: 3, time: "2026-05-03 14:11:11", tag: "data_app_anr", bytes: 22175, process: "org.ringproof.sample"},
			seen{line: 5, time: "2026-05-03 15:00:00", tag: "SYSTEM_BOOT", bytes: 520})},
		{From: 26, To: 26, Mark: grammar.Captured, File: "misc/005-fixture-dropbox-data-app-anr.txt", Check: check(72,
			seen{5, "2025-10-24 14:11:11", "data_app_anr", 22175, "com.test.app.anr", "com.test.app.anr", 4251, 0, 0, "CPU usage from 234790ms to 0ms ago (2023-02-13 14:07:16.197 to 2023-02-13 14:11:11.037):"},
			seen{108, "2023-02-13 14:51:11", "data_app_anr", 21937, "com.test.app.anr2", "com.test.app.anr", 6718, 0, 0, "CPU usage from 166654ms to 0ms ago (2023-02-13 14:48:24.118 to 2023-02-13 14:51:10.771):"})},
	})
}

func TestEntryOf(t *testing.T) {
	f, _ := Parse([]byte(printed26))
	got := f.Of("org.ringproof.sample")
	if len(got) != 1 || !fact.Is(got[0].Foreground, true) || got[0].Subject.Line() != 11 || !fact.Is(f.Search, "data_app_anr") || f.Of("org.ringproof") != nil {
		t.Errorf("%+v", got)
	}
}

func TestProblems(t *testing.T) {
	for in, want := range map[string]text.Kind{
		"":                              text.Empty,
		"(No entries found.)\n":         text.NotADump,
		"Can't find service: dropbox\n": text.NoService,
	} {
		f, err := Parse([]byte(in))
		if p, ok := text.AsProblem(err); !ok || p.Kind != want || f.Entries.Known() {
			t.Errorf("%q: %v, %v", in, err, f)
		}
	}
	if f, err := Parse([]byte("Drop box contents: 0 entries\n")); err != nil || !f.Entries.Known() || len(f.Entries.Or(nil)) != 0 {
		t.Errorf("an empty box: %v, %v", f, err)
	}
}
