package html_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/ringproof/ringproof/reports/record"
	"github.com/ringproof/ringproof/reports/render/html"
)

// pages writes a record with one attempt for each manifest and renders it.
func pages(t *testing.T, run record.Run, end func(*record.Attempt), manifests ...record.Manifest) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "record")
	b, err := record.Create(dir, run)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range manifests {
		a := b.Begin(m.Scenario)
		a.On(m.Phone)
		if end != nil {
			end(a)
		}
		a.End(m)
	}
	if err := b.Close(false); err != nil {
		t.Fatal(err)
	}
	told, err := record.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(t.TempDir(), "pages")
	if err := html.Write(to, dir, told); err != nil {
		t.Fatal(err)
	}
	return to
}

func text(t *testing.T, parts ...string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(parts...))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func failed(id string) record.Manifest {
	latency := 12 * time.Second
	return record.Manifest{
		Scenario: record.Scenario{ID: id, Title: "title of " + id, Labels: []string{"killed"}, Origin: "somewhere#1"},
		Phone:    record.Phone{Serial: "P1", Maker: "Google", Model: "Pixel 7", API: 34, Release: "14"},
		Verdict:  record.Failed, Took: 3 * time.Second,
		Finding:   &record.Finding{Fact: "telecom.call", Sentence: "it did not ring", Wanted: "a call", Seen: "none"},
		Diagnosis: []record.Cause{{Sentence: "the app is stopped", Facts: []string{"stopped=true"}, Remedy: "open it"}},
		Timeline: []record.Edge{
			{Name: record.EdgePushSent, At: time.Second, Within: 5 * time.Millisecond, Source: "command", Clock: record.BootClock},
			{Name: record.EdgeRinging, At: 13 * time.Second, Within: 5 * time.Millisecond, Source: "telecom history", Clock: record.WallClock, From: record.EdgePushSent, Latency: &latency, Budget: 10 * time.Second},
			{Name: record.EdgeActive, Source: "log", Clock: record.WallClock, Void: "the clock was set"},
		},
		Cost: record.Cost{Trips: 7},
	}
}

func TestWrite(t *testing.T) {
	to := pages(t, record.Run{App: record.App{Package: "org.example"}, Chosen: 1}, func(a *record.Attempt) {
		a.Record(record.Event{Kind: record.PushSent, Text: "initiated: accepted"})
		a.Keep(record.Dump, "telecom.txt", "telecom", []byte("mCalls:\n"))
		a.Keep(record.Log, "long.txt", "log", []byte(strings.Repeat("x", 100_000)))
		a.Keep(record.Screenshot, "ring.png", "while it rings", []byte("png"))
	}, failed("killed"))
	index := text(t, to, "index.html")
	for _, want := range []string{"org.example", "title of killed", "it did not ring", "the app is stopped", "The one scenario failed", "P1", "Pixel 7", "1 failed", "12 s", `href="attempt-1.html"`} {
		if !strings.Contains(index, want) {
			t.Errorf("the overview lacks %q", want)
		}
	}
	page := text(t, to, "attempt-1.html")
	for _, want := range []string{
		"it did not ring", "the app is stopped", "stopped=true", "open it", "ringing", "12 s", "over its budget", "the clock was set", "± 5 ms",
		"initiated: accepted", "mCalls:", `href="evidence/attempt-1/telecom.txt"`, `href="evidence/attempt-1/long.txt"`,
		`<img src="evidence/attempt-1/ring.png" alt="the phone&#39;s screen, while it rings"`, "somewhere#1", "asked the phone 7 times",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(page, strings.Repeat("x", 1000)) {
		t.Error("a long log is in the page")
	}
	if got := text(t, to, "evidence", "attempt-1", "long.txt"); len(got) != 100_000 {
		t.Errorf("the copied log has %d bytes", len(got))
	}
}

// Everything that a page refers to is in its folder.
func TestPagesAreWhole(t *testing.T) {
	to := pages(t, record.Run{}, func(a *record.Attempt) { a.Keep(record.Dump, "a b%20#.txt", "", []byte("x")) }, failed("one"), failed("two"))
	refs := regexp.MustCompile(`(?:href|src)="([^"#]+)"`)
	files, err := filepath.Glob(filepath.Join(to, "*.html"))
	if err != nil || len(files) != 3 {
		t.Fatalf("%v, %v", files, err)
	}
	n := 0
	for _, f := range files {
		body := text(t, f)
		for _, m := range refs.FindAllStringSubmatch(body, -1) {
			if _, err := os.Stat(filepath.Join(to, m[1])); err != nil {
				t.Errorf("%s refers to %s", filepath.Base(f), m[1])
			}
			n++
		}
		if strings.Contains(body, "http:") || strings.Contains(body, "https:") || strings.Contains(body, "//") {
			t.Errorf("%s refers to the network", filepath.Base(f))
		}
	}
	if n < 10 {
		t.Errorf("only %d references were found", n)
	}
}

// bad is text that would be markup, script or an address if it were let.
const bad = `"'><script>owned=1</script><img src=x onerror=owned=1><a href=javascript:owned=1>]]>--><!--</style></pre>{{.}}`

// hostilePages are of a record in which each text is bad.
func hostilePages(t *testing.T) string {
	t.Helper()
	m := failed(bad)
	m.Scenario.Title, m.Scenario.Origin, m.Scenario.Labels = bad, bad, []string{bad}
	m.Phone = record.Phone{Serial: bad, Maker: bad, Model: bad, Release: bad}
	m.Finding = &record.Finding{Fact: bad, Sentence: bad, Wanted: bad, Seen: bad, Advice: bad}
	m.Diagnosis = []record.Cause{{ID: bad, Sentence: bad, Remedy: bad, Facts: []string{bad}}}
	m.Timeline[0].Text, m.Timeline[0].Source, m.Timeline[2].Void = bad, bad, bad
	m.Timeline[0].Clock, m.Timeline[0].Name = bad, bad
	m.Facts = []record.Fact{{About: bad, Name: bad, Value: bad}}
	m.Verdict = record.Verdict(bad)
	return pages(t, record.Run{App: record.App{Package: bad}, Again: []string{bad}}, func(a *record.Attempt) {
		a.Record(record.Event{Kind: record.PhaseStarted, Text: bad})
		a.Record(record.Event{Kind: record.EventKind(bad), Text: bad})
		a.Lack(bad, bad)
		a.Keep(record.FileKind(bad), bad, bad, []byte(bad))
		a.Keep(record.Screenshot, bad+".png", bad, onePixel)
		a.Keep(record.Video, bad, bad, []byte(bad))
		a.Keep(record.Diff, bad, bad, []byte("--- "+bad+"\n+++ "+bad+"\n@@ "+bad+"\n-"+bad+"\n+"+bad+"\n "+bad+"\n"))
		a.Keep(record.Log, bad, bad, []byte("03-02 09:00:00.000  1  1 E "+bad+": "+bad+"\n"+bad+"\n"))
	}, m)
}

// onePixel is the smallest PNG.
var onePixel = []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00:~\x9bU" +
	"\x00\x00\x00\nIDATx\x9cc`\x00\x00\x00\x02\x00\x01H\xaf\xa4q\x00\x00\x00\x00IEND\xaeB`\x82")

// A text of anybody's is never markup.
func TestHostileText(t *testing.T) {
	to := hostilePages(t)
	for _, f := range []string{"index.html", "attempt-1.html"} {
		body := text(t, to, f)
		if strings.Contains(body, "<script>owned") || strings.Contains(body, "<img src=x") || regexp.MustCompile(`\s(?:href|src)="\s*javascript:`).MatchString(body) {
			t.Errorf("%s runs what it shows", f)
		}
		if n := strings.Count(body, "<script"); n != 2 {
			t.Errorf("%s has %d scripts", f, n)
		}
	}
}

// A record from elsewhere cannot make the report read other files.
func TestEvidenceStaysInside(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "record")
	secret := filepath.Join(filepath.Dir(dir), "secret.txt")
	if err := os.WriteFile(secret, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	b, err := record.Create(dir, record.Run{})
	if err != nil {
		t.Fatal(err)
	}
	b.Begin(record.Scenario{ID: "x"}).End(record.Manifest{Verdict: record.Passed})
	told, err := record.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	told.Attempts[0].Files = []record.File{{Name: "../../../secret.txt"}, {Name: secret}, {Name: "gone.txt"}}
	to := filepath.Join(t.TempDir(), "pages")
	if err := html.Write(to, dir, told); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(text(t, to, "attempt-1.html"), "secret") {
		t.Error("the page shows a file from outside the record")
	}
}

func TestWriteRefusesAFolderInUse(t *testing.T) {
	to := t.TempDir()
	if err := os.WriteFile(filepath.Join(to, "mine"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := html.Write(to, "", record.Told{}); err == nil || !strings.Contains(err.Error(), "name another folder") {
		t.Errorf("%v", err)
	}
}

// manyPages are of n scenarios on twenty phones.
func manyPages(t *testing.T, n int) string {
	t.Helper()
	var told record.Told
	start := time.Unix(1772442000, 0)
	told.Run = record.Run{Started: start, Ended: start.Add(time.Hour)}
	for i := range n {
		m := failed(fmt.Sprintf("s%d", i))
		if i%10 != 0 {
			m.Verdict, m.Finding, m.Diagnosis = record.Passed, nil, nil
		}
		m.Phone.Serial = fmt.Sprintf("P%d", i%20)
		m.Started = start.Add(time.Duration(i) * 700 * time.Millisecond)
		m.Ended = m.Started.Add(600 * time.Millisecond)
		told.Attempts = append(told.Attempts, record.ToldAttempt{Manifest: m, Dir: fmt.Sprintf("attempts/s%d", i)})
	}
	to := filepath.Join(t.TempDir(), "pages")
	if err := html.Write(to, "", told); err != nil {
		t.Fatal(err)
	}
	return to
}

// Five thousand scenarios are one overview of a few megabytes.
func TestManyScenarios(t *testing.T) {
	if testing.Short() {
		t.Skip("writes five thousand pages")
	}
	index := text(t, manyPages(t, 5000), "index.html")
	if rows := strings.Count(index, `<li class="row"`); rows != 5000 || len(index) > 6<<20 {
		t.Errorf("%d rows in %d bytes", rows, len(index))
	}
	if lanes := strings.Count(index, `<div class="lane" `); lanes != 20 {
		t.Errorf("%d lanes", lanes)
	}
}
