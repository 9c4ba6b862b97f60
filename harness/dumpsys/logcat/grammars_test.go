package logcat

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ringproof/ringproof/harness/internal/grammar"
)

// sees compares lines with what a person reads in them, one "kind time uid pid
// tid P tag|message" each.
func sees(clock Clock, want ...string) func(testing.TB, []byte) {
	return func(t testing.TB, b []byte) {
		f, err := Parse(b, clock)
		if err != nil {
			t.Fatal(err)
		}
		all := f.Lines.Or(nil)
		if len(all) < len(want) {
			t.Fatalf("%d lines, want %d", len(all), len(want))
		}
		for i, w := range want {
			if got := brief(all[i]); got != w {
				t.Errorf("line %d: %s\nwant %s", i+1, got, w)
			}
		}
	}
}

func brief(l Line) string {
	at := "-"
	if !l.Time.IsZero() {
		at = l.Time.UTC().Format("2006-01-02T15:04:05.999999")
	}
	return strings.Join(strings.Fields(fmt.Sprintf("%d %s %s %s %d %d %s %s", l.N, l.Kind, at, l.UID, l.PID, l.TID, l.Prio, l.Tag)), " ") + "|" + l.Msg
}

// The forms of logprint.cpp did not change from API 26 to 36, but for chatty
// (26 to 30), -v uid's place and what -v year prints: one row for each form.
// Composed rows are typed from dumpsys.md 7.7 and system/logging/liblog/logprint.cpp.
func grammars() []grammar.Row {
	const (
		msg   = "Event: RecordEntry TC@1: SET_RINGING, (x): y"
		lines = "--------- beginning of main\n"
	)
	c := Clock{Year: 2026}
	row := func(from, to int, text string, want ...string) grammar.Row {
		return grammar.Row{From: from, To: to, Mark: grammar.Composed, Text: text, Check: sees(c, want...)}
	}
	file := func(from, to int, name string, want ...string) grammar.Row {
		return grammar.Row{From: from, To: to, Mark: grammar.Captured, File: name, Check: sees(Clock{}, want...)}
	}
	return []grammar.Row{
		row(26, 37, lines+"05-23 15:50:00.200  1520  1731 I Telecom : "+msg+"\n",
			"1 buffer - 0 0|main", "2 message 2026-05-23T15:50:00.2 1520 1731 I Telecom|"+msg),
		row(26, 37, "05-23 15:50:00.200  1000  1520  1731 I Telecom : "+msg+"\n--------- switch to crash\n",
			"1 message 2026-05-23T15:50:00.2 1000 1520 1731 I Telecom|"+msg, "2 buffer - 0 0|crash"),
		row(26, 37, "2025-05-23 15:50:00.200123 +0200  1520  1731 I Telecom : "+msg+"\n",
			"1 message 2025-05-23T13:50:00.200123 1520 1731 I Telecom|"+msg),
		row(26, 37, "         1700000000.123  1520  1731 I Telecom : "+msg+"\n", "1 message 2023-11-14T22:13:20.123 1520 1731 I Telecom|"+msg),
		row(26, 37, "05-23 15:50:00.200 I/Telecom ( 1520): "+msg+"\n", "1 message 2026-05-23T15:50:00.2 1520 0 I Telecom|"+msg),
		row(26, 37, "I/Telecom ( 1520): "+msg+"\n", "1 message - 1520 0 I Telecom|"+msg),
		row(26, 37, "I( 1520) "+msg+"  (Telecom)\n", "1 message - 1520 0 I Telecom|"+msg),
		row(26, 37, "I( 1520: 1731) "+msg+"\n", "1 message - 1520 1731 I|"+msg),
		row(26, 37, "I/Telecom : "+msg+"\n", "1 message - 0 0 I Telecom|"+msg),
		row(26, 37, lines+"[ 05-23 15:50:00.200  1520: 1731 I/Telecom  ]\n"+msg+"\nsecond\n\n[ 05-23 15:50:01.200  1000: 1520: 1731 E/ ]\nx\n\n",
			"1 buffer - 0 0|main", "3 message 2026-05-23T15:50:00.2 1520 1731 I Telecom|"+msg, "4 message 2026-05-23T15:50:00.2 1520 1731 I Telecom|second",
			"7 message 2026-05-23T15:50:01.2 1000 1520 1731 E|x"),
		// Up to API 30 logd folds what repeats.
		row(26, 30, "05-23 15:50:00.200  1520  1731 I chatty  : uid=1000(system) Binder:1520_1 identical 3 lines\n",
			"1 message 2026-05-23T15:50:00.2 1520 1731 I chatty|uid=1000(system) Binder:1520_1 identical 3 lines"),
		// Android Studio's own export.
		row(26, 37, "2026-05-23 15:50:00.200  1520-1731  Telecom                 system_server                        I  "+msg+"\n",
			"1 message 2026-05-23T15:50:00.2 1520 1731 I Telecom|"+msg),
		file(33, 33, "logcat/005-a13-brief-format.txt", "1 buffer - 0 0|system"),
		file(34, 34, "logcat/001-a14-threadtime-fatal-exception.txt"),
		file(28, 36, "logcat/007-a9plus-mixed-dates-mtk.txt"),
		file(29, 30, "telecom-logcat/038-logcat-mtk-tecno-incoming.txt"),
	}
}

func TestGrammars(t *testing.T) {
	rows := grammars()
	for i := range rows {
		if rows[i].Mark != grammar.Captured {
			continue
		}
		// Each line of a real log belongs to a form.
		also := rows[i].Check
		rows[i].Check = func(t testing.TB, b []byte) {
			also(t, b)
			f, err := Parse(b, Clock{})
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range f.Lines.Or(nil) {
				if l.Kind == Other || l.Kind == Message && (l.PID == 0 || l.Prio == 0) {
					t.Errorf("line %d is in no form: %+v", l.N, l)
				}
			}
		}
	}
	grammar.Check(t, rows)
}

// The years of saved logs: none is printed, and the clock fills in its own.
func TestClockYear(t *testing.T) {
	const s = "05-23 15:50:00.200  1520  1731 I A: b"
	if at := (Clock{}).Parse(s).Time; at.Year() != 0 || (Clock{Year: 2026}).Parse(s).Time.Year() != 2026 || at.Location() != time.UTC {
		t.Errorf("%v", at)
	}
}

// Lines of one text share what was read of a minute and of a zone, and no more.
func TestMinutesAndZones(t *testing.T) {
	f, err := Parse([]byte("2026-05-23 15:50:59.900 +0200  1  2 I A: b\n2026-05-23 15:51:00.100 +0200  1  2 I A: b\n2026-05-23 15:51:00.200 +0000  1  2 I A: b\n"+
		"2026-05-23 15:51:00.300  1  2 I A: b\n05-23 15:51:00.400  1  2 I A: b\n2025-05-23 15:51:00.400  1  2 I A: b\n         1700000000.123  1  2 I A: b\n05-23 15:51:00.400  1  2 I A: b\n"), Clock{Year: 2024})
	want := []string{"2026-05-23T13:50:59.9 true", "2026-05-23T13:51:00.1 true", "2026-05-23T15:51:00.2 true", "2026-05-23T15:51:00.3 false",
		"2024-05-23T15:51:00.4 false", "2025-05-23T15:51:00.4 false", "2023-11-14T22:13:20.123 true", "2024-05-23T15:51:00.4 false"}
	for i, l := range f.Lines.Or(nil) {
		if got := fmt.Sprint(l.Time.UTC().Format("2006-01-02T15:04:05.999999"), " ", l.Exact); err != nil || got != want[i] {
			t.Errorf("line %d: %s, want %s", i+1, got, want[i])
		}
	}
}

// Only looks at lines before they are taken apart, and misses none.
func TestOnlyAndLong(t *testing.T) {
	const long = "[ 05-23 15:50:00.200  1: 2 I/Other ]\n--------- beginning of nothing\n\n[ 05-23 15:50:00.200  1: 2 I/Telecom ]\n--------- beginning of nothing\nsecond\n\n"
	for name, c := range map[string]struct {
		in, want string
		log      bool
	}{
		"long":           {long, "5 --------- beginning of nothing;6 second;", true},
		"others only":    {"I/Other(  1): b\n", "", true},
		"no log":         {"Telecom\nhello\n", "", false},
		"a name within":  {"I/Other(  1): b\nI/Other(  1): Telecom\nI/Telecom(  1): b\n", "3 b;", true},
		"a longer tag":   {"I/Other(  1): b\nI/Telecom-Call(  1): b\nI/TelecomFramework(  1): b\n", "2 b;", true},
		"a marked start": {"--------- beginning of main\nI/Telecom(  1): b\n", "2 b;", true},
	} {
		s, got := NewScanner(strings.NewReader(c.in), Clock{}).Only("Telecom", "Telecom-Call"), ""
		for s.Scan() {
			got += fmt.Sprintf("%d %s;", s.Line().N, s.Line().Msg)
		}
		if got != c.want || s.Log() != c.log {
			t.Errorf("%s: %s a log: %v; want %s %v", name, got, s.Log(), c.want, c.log)
		}
	}
}

// A line that is too long keeps its begin, whatever follows it.
func TestLongLineKeepsItsBegin(t *testing.T) {
	s := NewScanner(strings.NewReader("I/A(  1): begin "+strings.Repeat("x", 2*maxLine)+strings.Repeat("y", maxLine)+"\n"), Clock{})
	if !s.Scan() || !strings.HasPrefix(s.Line().Msg, "begin xxx") || strings.Contains(s.Line().Msg, "y") {
		t.Errorf("%.40s", s.Line().Msg)
	}
}
