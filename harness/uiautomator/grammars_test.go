package uiautomator

import (
	"fmt"
	"testing"

	"github.com/ringproof/ringproof/harness/internal/grammar"
)

func TestGrammars(t *testing.T) { grammar.Check(t, grammars) }

// The composed rows follow section 2 of the format description
// (DumpCommand, AccessibilityNodeInfoDumper).
var grammars = []grammar.Row{
	// Up to 34 bounds is the last attribute. The message comes glued to the tree.
	{From: 26, To: 34, Mark: grammar.Composed, Check: says("file /dev/tty; window display 0 rotation 0 package com.dialer: 2 nodes, 1 clickable, first (540,2100) \"Answer\""),
		Text: `<?xml version='1.0' encoding='UTF-8' standalone='yes' ?><hierarchy rotation="0"><node index="0" text="" resource-id="" class="android.widget.FrameLayout" package="com.dialer" content-desc="" checkable="false" checked="false" clickable="false" enabled="true" focusable="false" focused="false" scrollable="false" long-clickable="false" password="false" selected="false" bounds="[0,0][1080,2400]"><node NAF="true" index="0" text="Answer" resource-id="com.dialer:id/answer" class="android.widget.Button" package="com.dialer" content-desc="" checkable="false" checked="false" clickable="true" enabled="true" focusable="true" focused="false" scrollable="false" long-clickable="false" password="false" selected="false" bounds="[440,2000][640,2200]" /></node></hierarchy>UI hierchary dumped to: /dev/tty
`},
	// drawing-order and hint behind the bounds; references, pairs and characters
	// that no XML may hold.
	{From: 35, To: 36, Mark: grammar.Composed, Check: says("file /sdcard/window_dump.xml; window display 0 rotation 1 package com.android.systemui: 2 nodes, 1 clickable, first (50,50) \"R&D <call> 🔴🔴�\""),
		Text: "UI hierchary dumped to: /sdcard/window_dump.xml\n" + `<?xml version='1.0' encoding='UTF-8' standalone='yes' ?><hierarchy rotation="1"><node index="0" text="" resource-id="com.android.systemui:id/scene_window_root" class="android.widget.FrameLayout" package="com.android.systemui" content-desc="" clickable="false" bounds="[0,0][2400,1080]" drawing-order="0" hint=""><node index="0" text="R&amp;D &lt;call&gt; &#128308;&#55357;&#56628;&#7;" resource-id="" class="android.view.View" package="com.android.systemui" content-desc="" clickable="true" bounds="[0,0][100,100]" drawing-order="1" hint="" /></node></hierarchy>
`},
	// --windows, API 31: trees of all windows of all displays.
	{From: 31, To: 36, Mark: grammar.Composed, Check: says("file unknown; window display 0 rotation 0 package com.android.systemui: 1 nodes, 1 clickable, first (50,50) \"Decline\"; window display 0 rotation 0 package org.app.calls: 1 nodes, 0 clickable; window display 2 rotation 3 package : 0 nodes, 0 clickable"),
		Text: `<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>
<displays><display id="0"><window index="0" title="NotificationShade" bounds="[0,0][1080,300]" active="true" focused="true" accessibility-focused="false" id="31" layer="2" type="TYPE_SYSTEM"><hierarchy rotation="0"><node text="Decline" clickable="true" package="com.android.systemui" bounds="[0,0][100,100]"/></hierarchy></window><window index="1" title="" bounds="[0,0][1080,2400]" active="false" focused="false" id="30" layer="1" type="TYPE_APPLICATION"><hierarchy rotation="0"><node text="" clickable="false" package="org.app.calls" bounds="[0,0][1080,2400]"/></hierarchy></window></display><display id="2"><window index="0" title="x" bounds="[0,0][1,1]" id="7" layer="0" type="TYPE_APPLICATION"><hierarchy rotation="3"></hierarchy></window></display></displays>
`},
	{From: 34, To: 34, Maker: "Motorola", Mark: grammar.Captured, File: "uiautomator/001-a14-moto-dialer-in-call-bt-headset.txt", Check: found("com.google.android.dialer", "End call")},
	{From: 36, To: 36, Mark: grammar.Captured, File: "uiautomator/009-system-anr-dialog-320px.txt", Check: found("android", "Wait")},
	{From: 35, To: 35, Maker: "vivo", Mark: grammar.Captured, File: "uiautomator/007-a15-vivo-lockscreen-notifications.txt", Check: found("com.android.systemui", "Gmail")},
	{From: 29, To: 31, Mark: grammar.Captured, File: "uiautomator/014-uiautomator2-headsup-systemui.txt", Check: found("com.example", "Test")},
}

// says compares the trees, in words, with what a person sees in the text.
func says(want string) func(testing.TB, []byte) {
	return func(t testing.TB, in []byte) {
		f, err := Parse(in)
		if err != nil {
			t.Errorf("Parse: %v", err)
		}
		got := fmt.Sprintf("file %v", f.File)
		for _, w := range f.Windows.Or(nil) {
			one := Facts{Windows: f.Windows}
			nodes, taps := 0, []*Node{}
			for _, n := range one.FindAll() {
				if n.root().in(w) {
					if nodes++; n.Clickable {
						taps = append(taps, n)
					}
				}
			}
			got += fmt.Sprintf("; window display %d rotation %d package %s: %d nodes, %d clickable", w.Display, w.Rotation, w.Package(), nodes, len(taps))
			if len(taps) > 0 {
				p, _ := taps[0].Bounds.Center()
				got += fmt.Sprintf(", first (%d,%d) %q", p.X, p.Y, taps[0].Text)
			}
		}
		if got != want {
			t.Errorf("\n got %s\nwant %s", got, want)
		}
	}
}

func (n *Node) root() *Node {
	for n.Parent() != nil {
		n = n.Parent()
	}
	return n
}

func (n *Node) in(w Window) bool {
	for _, r := range w.Roots {
		if r == n {
			return true
		}
	}
	return false
}

// found looks for a package's first window and one thing in it to tap.
func found(pkg, label string) func(testing.TB, []byte) {
	return func(t testing.TB, in []byte) {
		f, err := Parse(in)
		if err != nil {
			t.Fatalf("Parse: %v", err)
		}
		if got := f.Windows.Or(nil)[0].Package(); got != pkg {
			t.Errorf("the window is of %q, not of %q", got, pkg)
		}
		if label != "" && f.Find(Label(label)).TapTarget() == nil {
			t.Errorf("nothing to tap for %q", label)
		}
	}
}
