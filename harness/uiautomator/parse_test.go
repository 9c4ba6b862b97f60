package uiautomator

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/harness/dumpsys/text"
	"github.com/ringproof/ringproof/harness/internal/captures"
	"github.com/ringproof/ringproof/harness/internal/readertest"
)

const plain = `<?xml version='1.0' encoding='UTF-8' standalone='yes' ?><hierarchy rotation="1"><node index="0" text="" resource-id="" class="android.widget.FrameLayout" package="org.ringproof.sample" content-desc="" checkable="false" checked="false" clickable="false" enabled="true" focusable="false" focused="false" scrollable="false" long-clickable="false" password="false" selected="false" bounds="[0,0][2400,1080]"><node NAF="true" index="0" text="" resource-id="org.ringproof.sample:id/answer" class="android.widget.Button" package="org.ringproof.sample" content-desc="Answer the call" checkable="true" checked="true" clickable="true" enabled="true" focusable="true" focused="true" scrollable="true" long-clickable="true" password="true" selected="true" bounds="[100,200][301,400]" drawing-order="1" hint=""><node index="0" text="ANSWER &amp; &#128308;&#55357;&#56628;&#7;` + "\x01" + `" resource-id="" class="android.widget.TextView" package="org.ringproof.sample" content-desc="" clickable="false" enabled="false" bounds="[110,210][290,390]" visible-to-user="true" /></node><node index="1" text="gone" clickable="true" bounds="[-5,-5][0,0]" /><node index="2" text="flat" clickable="true" bounds="[5,5][5,9]" /></node></hierarchy>UI hierchary dumped to: /dev/tty
`

const windows = `<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>
<displays>
<display id="0">
<window index="0" title="NotificationShade" bounds="[0,0][1080,300]" active="true" focused="false" accessibility-focused="false" id="31" layer="2" type="TYPE_SYSTEM">
<hierarchy rotation="0"><node text="Decline" clickable="true" package="com.android.systemui" bounds="[0,0][100,100]"/><node text="second root" package="x" bounds="[1,1][2,2]"/></hierarchy>
</window>
<window index="1" title="" bounds="[0,0][1080,2400]" active="false" focused="true" id="30" layer="1" type="TYPE_APPLICATION"><hierarchy rotation="0"></hierarchy></window>
</display>
<display id="2"><window index="0" title="x" bounds="" layer="" type=""><hierarchy rotation="3"><node text="other" bounds="oops"/></hierarchy></window></display>
</displays>
`

func parse(t *testing.T, s string) Facts {
	t.Helper()
	f, err := Parse([]byte(s))
	if err != nil {
		t.Fatalf("Parse: %v", err)
	}
	return f
}

func TestParsePlain(t *testing.T) {
	f := parse(t, plain)
	w := f.Windows.Or(nil)
	if len(w) != 1 || w[0].Rotation != 1 || w[0].Package() != "org.ringproof.sample" || f.File.String() != "/dev/tty" || w[0].Active.Known() {
		t.Fatalf("facts = %+v", f)
	}
	b := f.Find(ResourceID("answer"))
	want := Node{ResourceID: "org.ringproof.sample:id/answer", Class: "android.widget.Button", Package: "org.ringproof.sample", ContentDesc: "Answer the call",
		Checkable: true, Checked: true, Clickable: true, LongClick: true, Enabled: true, Focusable: true, Focused: true, Scrollable: true, Password: true, Selected: true,
		Bounds: Bounds{100, 200, 301, 400}, Line: 1}
	got := *b
	got.Children, got.parent = nil, nil
	if d := cmp.Diff(want, got, cmp.AllowUnexported(Node{})); d != "" {
		t.Errorf("button (-want +got):\n%s", d)
	}
	if p, ok := b.Bounds.Center(); !ok || p != (Point{200, 300}) {
		t.Errorf("centre = %v", p)
	}
	label := b.Children[0]
	if label.Text != "ANSWER & 🔴🔴\uFFFD\uFFFD" || label.Enabled || label.TapTarget() != b || label.Parent() != b {
		t.Errorf("label = %+v", label)
	}
}

func TestSelectors(t *testing.T) {
	f := parse(t, plain)
	count := func(sel ...Selector) int { return len(f.FindAll(sel...)) }
	for _, c := range []struct {
		name string
		got  int
		want int
	}{
		{"all", count(), 5},
		{"text", count(Text("GONE ")), 1},
		{"no text", count(Text("")), 0},
		{"description", count(ContentDesc("answer the call")), 1},
		{"label by text", count(Label("flat")), 1},
		{"label by description", count(Label("Answer the call")), 1},
		{"full id", count(ResourceID("org.ringproof.sample:id/answer")), 1},
		{"id of another package", count(ResourceID("org.other:id/answer")), 0},
		{"id/name", count(ResourceID("id/answer")), 1},
		{"no id", count(ResourceID("")), 0},
		{"package", count(Package("org.ringproof.sample")), 3},
		{"clickable", count(Clickable), 3},
		{"clickable and tappable", count(Clickable, Tappable), 1},
		{"enabled", count(Enabled), 2},
	} {
		if c.got != c.want {
			t.Errorf("%s: %d nodes, want %d", c.name, c.got, c.want)
		}
	}
	if f.Find(Text("nobody")) != nil || f.Find(Text("gone")).TapTarget() == nil {
		t.Error("Find")
	}
}

func TestParseWindows(t *testing.T) {
	f := parse(t, windows)
	w := f.Windows.Or(nil)
	if len(w) != 3 {
		t.Fatalf("%d windows, want 3", len(w))
	}
	shade, app, other := w[0], w[1], w[2]
	if shade.Title != "NotificationShade" || shade.Type != "TYPE_SYSTEM" || shade.Layer.String() != "2" || shade.Active.String() != "true" || shade.Focused.String() != "false" ||
		shade.Bounds != (Bounds{0, 0, 1080, 300}) || len(shade.Roots) != 2 || shade.Line != 4 || shade.Roots[1].Parent() != nil {
		t.Errorf("shade = %+v", shade)
	}
	if app.Focused.String() != "true" || len(app.Roots) != 0 || app.Package() != "" || app.Display != 0 {
		t.Errorf("app = %+v", app)
	}
	if other.Display != 2 || other.Rotation != 3 || other.Layer.Known() || other.Active.Known() || !other.Roots[0].Bounds.Empty() {
		t.Errorf("other = %+v", other)
	}
	if n := f.Find(Text("decline")); n == nil || n.Line != 5 {
		t.Errorf("decline = %+v", n)
	}
	if n := len(parse(t, strings.Replace(windows, "</display>", "<node text=\"stray\" bounds=\"[0,0][1,1]\"/></display>", 1)).FindAll()); n != 3 {
		t.Errorf("%d nodes, want 3: a node outside of the windows counts", n)
	}
	if f.File.Known() {
		t.Errorf("file = %v", f.File)
	}
}

func TestProblems(t *testing.T) {
	for _, c := range []struct {
		in   string
		kind text.Kind
		line int
	}{
		{"", text.Empty, 0},
		{"ERROR: could not get idle state.\n", text.Timeout, 1},
		{"WARNING: linker\nERROR: null root node returned by UiTestAutomationBridge.\n", text.NotADump, 2},
		{"java.lang.IllegalStateException: UiAutomationService x already registered!\n", text.Denied, 1},
		{"Killed \n", text.Denied, 1},
		{"/system/bin/sh: uiautomator: not found\n", text.NoService, 1},
		{"UI hierchary dumped to: /sdcard/window_dump.xml\n", text.NotADump, 1},
		{"what is this\n", text.NotADump, 0},
		{plain[:700], text.Truncated, 1},
		{"<hierarchy>" + strings.Repeat("<node>", maxDepth) + strings.Repeat("</node>", maxDepth) + "</hierarchy>", text.Truncated, 1},
	} {
		f, err := Parse([]byte(c.in))
		p, ok := text.AsProblem(err)
		if !ok || !errors.Is(err, &text.Problem{Kind: c.kind}) || p.Line != c.line {
			t.Errorf("%.30q: %v, want %s at line %d", c.in, err, c.kind, c.line)
		}
		if f.Windows.Known() != (c.kind == text.Truncated) {
			t.Errorf("%.30q: windows %v", c.in, f.Windows.Known())
		}
	}
	// Messages before and after the tree, glued or not.
	for _, in := range []string{plain, "UI hierchary dumped to: /sdcard/window_dump.xml\n" + strings.Split(plain, "UI hier")[0], "WARNING: x\n" + plain, "\ufeff" + strings.ReplaceAll(plain, "\n", "\r\n")} {
		if f := parse(t, in); len(f.FindAll()) != 5 || !f.File.Known() && strings.Contains(in, done) {
			t.Errorf("%.30q: %d nodes, file %v", in, len(f.FindAll()), f.File)
		}
	}
}

func TestBounds(t *testing.T) {
	for in, want := range map[string]Bounds{
		"[1,2][3,4]": {1, 2, 3, 4}, "[-1,-2][3,4]": {-1, -2, 3, 4}, "": {}, "[1,2]": {}, "[a,2][3,4]": {}, "[1][2]": {},
		"[1,2][3,4": {}, "[1,2][3,4]5": {}, "[1,2][3,]": {}, "[1,2][3,-]": {}, "[1,2][3,99999999999999999999]": {}, "1,2,3,4": {},
	} {
		if got := parseBounds([]byte(in)); got != want {
			t.Errorf("parseBounds(%q) = %v", in, got)
		}
	}
	for _, b := range []Bounds{{}, {5, 5, 5, 9}, {9, 0, 5, 9}, {-20, -20, -2, -2}} {
		if p, ok := b.Center(); ok {
			t.Errorf("%v can be tapped at %v", b, p)
		}
	}
}

func FuzzParse(f *testing.F) {
	parse := readertest.Asked(Parse, func(f Facts) {
		for _, n := range f.FindAll(Clickable) {
			n.Bounds.Center()
			n.TapTarget()
		}
	})
	readertest.Fuzz(f, parse, readertest.Texts(grammars,
		plain,
		windows,
		"<hierarchy><a><node bounds='[1,1][2,2]'></b></hierarchy><node>&#x;&#55357;&#xD83D;&#xDD34;",
	)...)
}

// What a person sees: nodes and clickable ones (counted with grep), and one
// thing to tap.
func TestCorpus(t *testing.T) {
	dir := captures.Dir(t)
	seen := map[string]struct {
		nodes, clickable, rotation int
		pkg                        string
		find                       Selector
		bounds                     Bounds
	}{
		"001-a14-moto-dialer-in-call-bt-headset.txt":   {54, 5, 0, "com.google.android.dialer", ContentDesc("End call"), Bounds{}},
		"002-a14-moto-app-portrait.txt":                {51, 13, 0, "com.deepeye.musicpro.debug", nil, Bounds{}},
		"004-a14-moto-app-naf.txt":                     {27, 7, 1, "com.deepeye.musicpro.debug", nil, Bounds{}},
		"005-a16-emulator-shade-scene-window-root.txt": {155, 21, 0, "com.android.systemui", ResourceID("scene_window_root"), Bounds{0, 0, 1080, 2424}},
		"007-a15-vivo-lockscreen-notifications.txt":    {115, 6, 0, "com.android.systemui", ResourceID("legacy_window_root"), Bounds{0, 0, 720, 1612}},
		"009-system-anr-dialog-320px.txt":              {12, 2, 0, "android", ResourceID("android:id/aerr_wait"), Bounds{16, 275, 304, 323}},
		"010-a14-gms-dialog.txt":                       {13, 3, 0, "com.google.android.gms", nil, Bounds{}},
		"011-a14-vivo-settings-page.txt":               {58, 8, 0, "com.android.settings", nil, Bounds{}},
		"013-a14-vivo-app-min.txt":                     {11, 2, 0, "com.autotask.app", nil, Bounds{}},
		"014-uiautomator2-headsup-systemui.txt":        {36, 1, 0, "com.example", nil, Bounds{}},
		"016-zillow-map-with-hierchary-line.txt":       {170, 20, 0, "com.zillow.android.zillowmap", nil, Bounds{}},
	}
	files, _ := filepath.Glob(filepath.Join(dir, "uiautomator", "*"))
	if len(files) == 0 {
		t.Fatal("no files")
	}
	for _, path := range files {
		name := filepath.Base(path)
		want, ok := seen[name]
		if !ok {
			t.Errorf("%s: nobody wrote down what is in it", name)
			continue
		}
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		f, err := Parse(b)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		w := f.Windows.Or(nil)[0]
		if n, c := len(f.FindAll()), len(f.FindAll(Clickable)); n != want.nodes || c != want.clickable || w.Rotation != want.rotation || w.Package() != want.pkg {
			t.Errorf("%s: %d nodes, %d clickable, rotation %d, package %s", name, n, c, w.Rotation, w.Package())
		}
		if want.find != nil {
			n := f.Find(want.find)
			if n == nil || want.bounds != (Bounds{}) && n.Bounds != want.bounds {
				t.Errorf("%s: found %+v", name, n)
			}
		}
		if strings.HasPrefix(name, "016") && f.File.String() != "/sdcard/window_dump.xml" {
			t.Errorf("%s: file %v", name, f.File)
		}
	}
}

// What Android's serialiser and its users get wrong.
func TestBrokenMarkup(t *testing.T) {
	const open = `<hierarchy rotation="0">`
	for _, c := range []struct {
		in    string
		nodes int
		text  string
		cut   bool
	}{
		{open + "<node text=\"a\x01b\"/></hierarchy>", 1, "a\uFFFDb", false},
		{open + "<node text='a\uffffb'/></hierarchy>", 1, "a\uFFFDb", false},
		{open + "<node text=\"a<b>c\"/></hierarchy>", 1, "a<b>c", false},
		{open + "<node text=\"&amp;lt;&nbsp;&\"/></hierarchy>", 1, "&lt;&nbsp;&", false},
		{open + "<node text=\"a\"></other></node><node/></hierarchy>", 2, "a", false},
		{open + "<node text=\"a\"><node/></hierarchy>", 2, "a", false}, // ends that are missing
		{open + "<!-- <node/> --><node text=\"a\"/><![CDATA[<node/>]]></hierarchy>", 1, "a", false},
		{open + "<node\ttext = \"x\" =\"\" /><node text=\"a\"/></hierarchy>", 2, "", false},
		{open + "<node text=\"a\"/></hierarchy><node><hierarchy></hierarchy>", 1, "a", true},
		{open + "<node text=\"a\"/><node text=\"", 1, "a", true},
		{open + "<node text=\"a\"/><!-- ", 1, "a", true},
	} {
		f, err := Parse([]byte(c.in))
		all := f.FindAll()
		if len(all) != c.nodes || all[0].Text != c.text || c.cut != errors.Is(err, &text.Problem{Kind: text.Truncated}) {
			t.Errorf("%q: %d nodes, %v", c.in, len(all), err)
		}
	}
	// The line is the one that a tag begins in.
	f := parse(t, open+"\n<node text=\"one\ntwo\"\n/>\n<node/></hierarchy>")
	if all := f.FindAll(); len(all) != 2 || all[0].Line != 2 || all[1].Line != 5 || all[0].Text != "one\ntwo" {
		t.Errorf("%+v", all)
	}
}

// Nodes differ from the one before in a few attributes, so that one tells what
// comes: but only what is the same, and only of a node.
func TestNodesAlike(t *testing.T) {
	const open, end = `<hierarchy rotation="0">`, `</hierarchy>`
	type node struct {
		text, id  string
		clickable bool
	}
	for name, c := range map[string]struct {
		in   string
		want []node
	}{
		"one value changes":        {`<node text="a" resource-id="i" clickable="true"/><node text="b" resource-id="i" clickable="true"/>`, []node{{"a", "i", true}, {"b", "i", true}}},
		"a value becomes empty":    {`<node text="a" clickable="true"/><node text="" clickable="true"/>`, []node{{"a", "", true}, {"", "", true}}},
		"an attribute is missing":  {`<node text="a" resource-id="i" clickable="true"/><node text="a" clickable="true"/>`, []node{{"a", "i", true}, {"a", "", true}}},
		"the last one is missing":  {`<node text="a" clickable="true"/><node text="a"/><node text="a" clickable="true"/>`, []node{{"a", "", true}, {"a", "", false}, {"a", "", true}}},
		"one more":                 {`<node text="a"/><node text="a" clickable="true"/>`, []node{{"a", "", false}, {"a", "", true}}},
		"another order":            {`<node text="a" resource-id="i"/><node resource-id="a" text="i"/>`, []node{{"a", "i", false}, {"i", "a", false}}},
		"one that is said twice":   {`<node text="a" text="b"/><node text="c" text="b"/>`, []node{{"b", "", false}, {"b", "", false}}},
		"no value":                 {`<node text="a" clickable="true"/><node text clickable="true"/>`, []node{{"a", "", true}, {"", "", true}}},
		"another element between":  {`<node text="a" clickable="true"/><other text="x" clickable="false"/><node text="y" clickable="false"/>`, []node{{"a", "", true}, {"y", "", false}}},
		"an end with attributes":   {`<node text="a" clickable="true"></node text="b" clickable="false"><node text="c" clickable="false"/>`, []node{{"a", "", true}, {"c", "", false}}},
		"children are not those":   {`<node text="a"><node text="b"/></node><node text="c"/>`, []node{{"a", "", false}, {"b", "", false}, {"c", "", false}}},
		"a reference in the value": {`<node text="&amp;"/><node text="&lt;"/><node text="&lt;"/>`, []node{{"&", "", false}, {"<", "", false}, {"<", "", false}}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []node
			all := parse(t, open+c.in+end).FindAll()
			for _, n := range all {
				got = append(got, node{n.Text, n.ResourceID, n.Clickable})
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%v, and not %v", got, c.want)
			}
			if last := all[len(all)-1]; len(last.Children) > 0 {
				t.Errorf("%v has somebody else's children", last)
			}
		})
	}
}

// A tag from outside may have attributes without end. The first thousand are
// read, and what comes behind the tag is.
func TestAttributesWithoutEnd(t *testing.T) {
	many := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, ` a%d="1"`, i)
		}
		return b.String()
	}
	for n, want := range map[int]string{999: "late", 1000: "", 100_000: ""} {
		f := parse(t, `<hierarchy rotation="0"><node`+many(n)+` text="late"/><node`+many(n)+` text="late"/><node text="next"/></hierarchy>`)
		if all := f.FindAll(); len(all) != 3 || all[0].Text != want || all[1].Text != want || all[2].Text != "next" {
			t.Errorf("%d attributes before the text: %v", n, all)
		}
	}
}
