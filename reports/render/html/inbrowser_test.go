package html_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/reports/record"
)

// What a person does with the pages, in a real browser, from a folder on disk.
// A page that complains or asks the network for anything fails each of them.
func TestInABrowser(t *testing.T) {
	b := startBrowser(t)
	for _, try := range []struct {
		name string
		it   func(*testing.T, *browser)
	}{
		{"find", find}, {"address", address}, {"fold", folds}, {"keyboard", keyboard}, {"keyboard on an attempt's page", keyboardOnAPage},
		{"theme", themes}, {"motion", motion}, {"no script", noScript}, {"narrow", narrowScreens}, {"names", names},
		{"hostile", hostile}, {"evidence", evidence}, {"many", many},
	} {
		t.Run(try.name, func(t *testing.T) { try.it(t, b) })
	}
}

// some is a run of two failures of one cause and a passed one.
func some(t *testing.T) string {
	green := failed("background")
	green.Verdict, green.Finding, green.Diagnosis, green.Scenario.Labels = record.Passed, nil, nil, nil
	green.Phone.Serial = "P2"
	other := failed("doze")
	other.Diagnosis = []record.Cause{{ID: "doze.deep", Sentence: "the phone sleeps deeply", Remedy: "send it with high priority"}}
	return pages(t, record.Run{App: record.App{Package: "org.example"}, Chosen: 4, Again: []string{"ringproof", "run"}}, func(a *record.Attempt) {
		a.Record(record.Event{Kind: record.PhaseStarted, Text: "prepare"})
		a.Record(record.Event{Kind: record.FactSeen, Text: "the screen on"})
		a.Record(record.Event{Kind: record.PhaseStarted, Text: "push a call"})
		a.Record(record.Event{Kind: record.PushSent, Text: "accepted"})
		a.Keep(record.Dump, "telecom.txt", "telecom", []byte("mCalls:\n"))
		a.Keep(record.Dump, "power.txt", "power", []byte("mWakefulness=Asleep\n"))
	}, failed("killed"), green, failed("locked"), other)
}

// seen lists the titles of the scenarios that a person sees.
const seen = `Array.from(document.querySelectorAll(".row")).filter(e => e.checkVisibility({contentVisibilityAuto: false})).map(e => e.querySelector("a").textContent.replace("title of ", "")).join(" ")`

func (p *tab) wantSeen(when, want string) {
	p.t.Helper()
	if got := ask[string](p, seen); got != want {
		p.t.Errorf("%s: %q are shown, want %q", when, got, want)
	}
}

func (p *tab) click(selector string) {
	p.t.Helper()
	ask[bool](p, fmt.Sprintf("document.querySelector(%q).click(), true", selector))
}

func find(t *testing.T, b *browser) {
	p := b.open(t, filepath.Join(some(t), "index.html"))
	p.wantSeen("at first", "killed locked doze background")
	p.shortcut("/") // puts the cursor into the field and nothing else
	p.press("TITLE lock")
	p.wantSeen("two words", "locked")
	if got := ask[string](p, `document.getElementById("shown").textContent`); got != "1 of 4 shown" {
		t.Errorf("it says %q", got)
	}
	if got := ask[int](p, `document.querySelectorAll(".group:not([hidden])").length`); got != 1 {
		t.Errorf("%d groups are shown", got)
	}
	p.press("q")
	p.wantSeen("what is not there", "")
	if !ask[bool](p, `document.getElementById("none").checkVisibility()`) {
		t.Error("it does not say that nothing matches")
	}
	p.press(kb.Escape)
	p.wantSeen("after Escape", "killed locked doze background")
	p.click(`input[value=failed]`)
	p.wantSeen("no failed ones", "background")
	p.click(`input[value=failed]`)
	p.focus("#find")
	p.press("P2")
	p.wantSeen("by phone", "background")
	p.press(kb.Escape)
	p.click(".only")
	p.wantSeen("by cause", "killed locked")
	if got := ask[string](p, `document.querySelector(".only").getAttribute("aria-pressed")`); got != "true" {
		t.Errorf("pressed is %s", got)
	}
	p.click(".only")
	p.wantSeen("by no cause", "killed locked doze background")
}

// What is looked for stands in the address.
func address(t *testing.T, b *browser) {
	file := filepath.Join(some(t), "index.html")
	p := b.open(t, file)
	p.focus("#find")
	p.press("lock")
	p.click(".only")
	hash := ask[string](p, "location.hash")
	if !strings.Contains(hash, "find=lock") || !strings.Contains(hash, "cause=") {
		t.Fatalf("the address ends in %q", hash)
	}
	again := b.open(t, file+hash)
	again.wantSeen("from an address", "locked")
	again.shortcut("/")
	again.press(kb.Escape)
	if got := ask[string](again, "location.hash"); got != "" {
		t.Errorf("the address still ends in %q", got)
	}
}

func folds(t *testing.T, b *browser) {
	to := some(t)
	p := b.open(t, filepath.Join(to, "index.html"))
	p.click("#fold")
	p.wantSeen("all closed", "")
	p.focus(".group summary")
	p.press(kb.Enter)
	p.wantSeen("the first open", "killed locked doze")
	p.click("#fold")
	p.click("#fold")
	p.wantSeen("all open", "killed locked doze background")

	a := b.open(t, filepath.Join(to, "attempt-1.html"))
	text := `document.querySelector("#evidence ~ details pre").checkVisibility({contentVisibilityAuto: false, visibilityProperty: true})`
	if ask[bool](a, text) {
		t.Error("a dump is shown before anybody asks")
	}
	a.click("button[data-fold=evidence]")
	if !ask[bool](a, text) {
		t.Error("a dump is not shown")
	}
	a.click("button[data-fold=steps]")
	if got := ask[int](a, `document.querySelectorAll(".phase[open]").length`); got != 0 {
		t.Errorf("%d phases are open", got)
	}
}

// stops presses Tab until the focus is back at the beginning and lists where
// it stood; each place must be seen to have it.
func (p *tab) stops() []string {
	p.t.Helper()
	const here = `(() => {
		const e = document.activeElement;
		if (!e || e === document.body) return "";
		const box = e.getBoundingClientRect(), style = getComputedStyle(e);
		const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
		const inside = box.width > 0 && box.height > 0 && box.right > 0 && box.bottom > 0 && box.left < innerWidth && box.top < innerHeight;
		const name = e.getAttribute("aria-label") || (e.labels && e.labels[0] ? e.labels[0].textContent : e.textContent);
		return (ring ? "" : "NO RING ") + (inside ? "" : "OUT OF SIGHT ") + e.localName + " " + name.trim().replace(/\s+/g, " ").slice(0, 40);
	})()`
	var all []string
	for range 60 {
		p.press(kb.Tab)
		at := ask[string](p, here)
		if at == "" || len(all) > 0 && at == all[0] {
			return all
		}
		all = append(all, at)
	}
	return all
}

// Everything is reached by Tab, in the order in which it is read; the bars of
// the lanes are not, as the list below has the same links.
func keyboard(t *testing.T, b *browser) {
	p := b.open(t, filepath.Join(some(t), "index.html"), "calm")
	want := []string{
		"a Skip to the scenarios", "button Theme: system",
		"button show only these: the app is stopped", "button show only it: the phone sleeps deeply",
		"input Find", "input ✗ 3 failed", "input ✓ 1 passed", "button Close all",
		"summary ✗ failed 3", "a title of killed", "a title of locked", "a title of doze",
		"summary ✓ passed 1", "a title of background",
		"summary 2 steps, by phone and release",
	}
	if d := cmp.Diff(want, p.stops()); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	// From the beginning to the first scenario's page without a mouse.
	p = b.open(t, filepath.Join(some(t), "index.html"))
	p.press(kb.Tab + kb.Enter)
	if got := ask[string](p, "document.activeElement.id"); got != "scenarios" {
		t.Errorf("the link to skip leads to %q", got)
	}
	for range 6 {
		p.press(kb.Tab)
	}
	p.press(kb.Enter)
	p.wait(`location.pathname.endsWith("attempt-1.html") && document.readyState === "complete"`)
}

func keyboardOnAPage(t *testing.T, b *browser) {
	p := b.open(t, filepath.Join(some(t), "attempt-1.html"), "calm")
	want := []string{
		"a Skip to what happened", "a ← all scenarios", "a next failed", "button Theme: system",
		"a What went wrong", "a Likely causes", "a The call", "a What was done and seen", "a Evidence",
		"div The call, step by step",
		"button Close all", "summary prepare", "summary push a call",
		"button Open all", "summary telecom dump, 8 B", "summary power dump, 20 B",
	}
	if d := cmp.Diff(want, p.stops()); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

const luminance = `(() => {
	const c = document.createElement("canvas").getContext("2d");
	c.fillStyle = getComputedStyle(document.body).backgroundColor;
	c.fillRect(0, 0, 1, 1);
	return c.getImageData(0, 0, 1, 1).data[1];
})()`

// A page is light or dark as the system is, until somebody chooses.
func themes(t *testing.T, b *browser) {
	to := some(t)
	for like, dark := range map[string]bool{"dark": true, "light": false} {
		for _, file := range []string{"index.html", "attempt-1.html"} {
			p := b.open(t, filepath.Join(to, file), like)
			if got := ask[int](p, luminance); got < 60 != dark {
				t.Errorf("%s for a person who likes it %s: the ground is %d", file, like, got)
			}
		}
	}
	p := b.open(t, filepath.Join(to, "index.html"), "light")
	p.click("#theme")
	p.click("#theme")
	if got := ask[string](p, `document.getElementById("theme").textContent`); got != "Theme: dark" {
		t.Errorf("the button says %q", got)
	}
	if got := ask[int](p, luminance); got > 60 {
		t.Errorf("the ground is %d", got)
	}
	next := b.open(t, filepath.Join(to, "attempt-1.html"), "light")
	if got := ask[int](next, luminance); got > 60 {
		t.Errorf("the choice is forgotten on the next page: the ground is %d", got)
	}
	next.click("#theme") // system again, for those that follow
}

func motion(t *testing.T, b *browser) {
	file := filepath.Join(some(t), "attempt-1.html")
	for like, want := range map[string]string{"light": "smooth", "calm": "auto"} {
		if got := ask[string](b.open(t, file, like), "getComputedStyle(document.documentElement).scrollBehavior"); got != want {
			t.Errorf("%s: scrolling is %s", like, got)
		}
	}
}

// Without a script nothing is lost but the finding.
func noScript(t *testing.T, b *browser) {
	p := b.open(t, filepath.Join(some(t), "index.html"), "no script")
	p.wantSeen("without a script", "killed locked doze background")
	if got := ask[int](p, `Array.from(document.querySelectorAll("button, form")).filter(e => e.checkVisibility()).length`); got != 0 {
		t.Errorf("%d buttons do nothing", got)
	}
}

func narrowScreens(t *testing.T, b *browser) {
	to := some(t)
	for _, file := range []string{"index.html", "attempt-1.html"} {
		p := b.open(t, filepath.Join(to, file), "narrow")
		if got := ask[int](p, "document.documentElement.scrollWidth - innerWidth"); got > 0 {
			t.Errorf("%s is %d pixels wider than a phone", file, got)
		}
	}
}

// node is a node of the accessibility tree.
type node struct{ role, name string }

func (p *tab) tree() []node {
	p.t.Helper()
	text := func(v *accessibility.Value) (s string) {
		if v != nil {
			_ = json.Unmarshal(v.Value, &s)
		}
		return s
	}
	var all []node
	for _, n := range call(p, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{}).Nodes {
		if !n.Ignored {
			all = append(all, node{text(n.Role), text(n.Name)})
		}
	}
	return all
}

// Whoever hears the page hears what each part is, and what it is called.
func names(t *testing.T, b *browser) {
	to := some(t)
	for file, want := range map[string][]node{
		"index.html": {
			{"RootWebArea", "Of 4 scenarios 3 failed, 1 passed · org.example"}, {"banner", ""}, {"main", ""}, {"contentinfo", ""}, {"search", "Scenarios"},
			{"heading", "Of 4 scenarios 3 failed, 1 passed"}, {"region", "Likely causes"}, {"region", "Phones"}, {"region", "Scenarios"},
			{"searchbox", "Find"}, {"checkbox", "3 failed"}, {"heading", "failed 3"}, {"link", "title of killed"},
		},
		"attempt-1.html": {
			{"banner", ""}, {"main", ""}, {"navigation", "Scenarios"}, {"navigation", "On this page"}, {"heading", "title of killed"},
			{"region", "What went wrong"}, {"region", "The call"}, {"rowheader", "ringing"}, {"columnheader", "May be off"}, {"list", "Because"},
		},
	} {
		all := b.open(t, filepath.Join(to, file)).tree()
		for _, w := range want {
			if !slices.ContainsFunc(all, func(n node) bool {
				return n.role == w.role && (n.name == w.name || strings.TrimLeft(n.name, "✗✓ ") == w.name)
			}) {
				t.Errorf("%s: there is no %s %q", file, w.role, w.name)
			}
		}
		for _, n := range all {
			switch n.role {
			case "link", "button", "searchbox", "checkbox", "image", "region", "heading", "navigation", "search", "DisclosureTriangle", "columnheader", "rowheader", "table":
				if strings.TrimSpace(n.name) == "" {
					t.Errorf("%s: a %s has no name", file, n.role)
				}
			}
		}
		if len(all) < 60 {
			t.Errorf("%s: the tree has %d nodes", file, len(all))
		}
	}
}

// Text of anybody's runs nothing and loads nothing.
func hostile(t *testing.T, b *browser) {
	to := hostilePages(t)
	for _, file := range []string{"index.html", "attempt-1.html"} {
		p := b.open(t, filepath.Join(to, file))
		if got := ask[string](p, `String(window.owned)`); got != "undefined" {
			t.Errorf("%s ran what it shows: %s", file, got)
		}
		if got := ask[int](p, `document.querySelectorAll("script:not([src]), iframe, object, embed, base, img[onerror], [onclick], [onfocus], a[href^='javascript']").length`); got != 0 {
			t.Errorf("%s has %d elements that are not ours", file, got)
		}
		if !strings.Contains(ask[string](p, "document.body.textContent"), bad) {
			t.Errorf("%s does not show the text as it is", file)
		}
	}
}

// Five thousand scenarios are found as fast as somebody types.
func many(t *testing.T, b *browser) {
	if testing.Short() {
		t.Skip("writes five thousand pages")
	}
	to := manyPages(t, 5000)
	began := time.Now()
	p := b.open(t, filepath.Join(to, "index.html"))
	loaded := time.Since(began)
	took := ask[[]float64](p, `(() => {
		const took = [], find = document.getElementById("find");
		for (const text of ["s4", "s49", "s499", "s4999", "", "killed p7", "nothing at all", ""]) {
			const began = performance.now();
			find.value = text;
			find.dispatchEvent(new InputEvent("input", {bubbles: true}));
			document.body.getBoundingClientRect(); // lays the page out
			took.push(Math.round(performance.now() - began));
		}
		return took;
	})()`)
	if got := ask[string](p, `document.querySelectorAll(".row:not([hidden])").length + " " + document.querySelectorAll(".bar").length`); !strings.HasPrefix(got, "5000 ") {
		t.Errorf("%s rows and bars", got)
	} else {
		t.Logf("5,000 scenarios: opened in %s, each search took %v ms; rows and bars: %s", loaded.Round(time.Millisecond), took, got)
	}
	// A machine that tests run on may be busy; a page that is not quick takes
	// many times as long.
	if slow := slices.Max(took); slow > 10_000 || loaded > 2*time.Minute {
		t.Errorf("opening took %s, a search %v ms", loaded, slow)
	}
}
