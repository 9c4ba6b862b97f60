package render

import (
	"fmt"
	"strings"

	"github.com/ringproof/ringproof/devices/virtual/android"
)

const xmlHead = "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>"

// Hierarchy is the file of `uiautomator dump`: the active window only, so what
// peeks over it (a heads-up notification) is not in it. ok is false when there
// is no active window.
func Hierarchy(d *android.Device) (xml string, ok bool) {
	w := d.Windows.Active()
	if w == nil || w.Root == nil {
		return "", false
	}
	var b strings.Builder
	b.WriteString(xmlHead + `<hierarchy rotation="0">`)
	node(&b, d.API, w.Root, w.Package, 0)
	b.WriteString("</hierarchy>")
	return b.String(), true
}

// accessibility types of windows (AccessibilityWindowInfo.TYPE_*).
func accessibilityType(w *android.Window) int {
	switch w.Type {
	case android.WindowBaseApplication:
		return 1
	case android.WindowInputMethod:
		return 2
	}
	return 3
}

// HierarchyWindows is the file of `uiautomator dump --windows`: every window on
// the screen.
func HierarchyWindows(d *android.Device) (xml string, ok bool) {
	var b strings.Builder
	b.WriteString(xmlHead + `<displays><display id="0">`)
	active, focused := d.Windows.Active(), d.Windows.Focus()
	n := 0
	for _, w := range d.Windows.All() {
		if w.Root == nil || !w.Visible {
			continue
		}
		fmt.Fprintf(&b, `<window index="%d" title="%s" bounds="%s" active="%t" focused="%t" accessibility-focused="false" id="%d" layer="%d" type="%d"><hierarchy rotation="0">`,
			n, escape(w.Title), bounds(w.Bounds), active != nil && w.Hash == active.Hash, focused != nil && w.Hash == focused.Hash, n+1, w.Layer, accessibilityType(w))
		node(&b, d.API, w.Root, w.Package, 0)
		b.WriteString("</hierarchy></window>")
		n++
	}
	b.WriteString("</display></displays>")
	return b.String(), n > 0
}

// node is AccessibilityNodeInfoDumper.dumpNodeRec. The order of drawing and the
// hint came with 15, behind the bounds.
func node(b *strings.Builder, api int, v *android.View, pkg string, index int) {
	if v.Package != "" {
		pkg = v.Package
	}
	naf := ""
	if v.Clickable && !v.Disabled && v.Text == "" && v.ContentDesc == "" && !named(v) {
		naf = ` NAF="true"`
	}
	text := v.Text
	if v.Password {
		text = strings.Repeat("•", len([]rune(text)))
	}
	fmt.Fprintf(b, `<node%s index="%d" text="%s" resource-id="%s" class="%s" package="%s" content-desc="%s" checkable="false" checked="false" clickable="%t" enabled="%t" focusable="%t" focused="%t" scrollable="%t" long-clickable="false" password="%t" selected="false" bounds="%s"`,
		naf, index, escape(text), escape(v.ID), escape(v.Class), escape(pkg), escape(v.ContentDesc), v.Clickable, !v.Disabled,
		v.Focusable || v.Clickable, v.Focused, v.Scroll, v.Password, bounds(v.Bounds))
	if api >= 35 {
		fmt.Fprintf(b, ` drawing-order="%d" hint=""`, index)
	}
	if len(v.Children) == 0 {
		b.WriteString(" />")
		return
	}
	b.WriteString(">")
	for i, c := range v.Children {
		node(b, api, c, pkg, i)
	}
	b.WriteString("</node>")
}

// named says whether something below a view has a name: then it is friendly to
// accessibility after all.
func named(v *android.View) bool {
	for _, c := range v.Children {
		if c.Text != "" || c.ContentDesc != "" || named(c) {
			return true
		}
	}
	return false
}

// escape is what KXmlSerializer does in attributes; characters that XML 1.0 does
// not have become dots (AccessibilityNodeInfoDumper.stripInvalidXMLChars).
func escape(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '"':
			b.WriteString("&quot;")
		case r == '\n' || r == '\t' || r == '\r':
			fmt.Fprintf(&b, "&#%d;", r)
		case r < 0x20 || r == 0xfffe || r == 0xffff:
			b.WriteByte('.')
		case r > 0xffff:
			fmt.Fprintf(&b, "&#%d;", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
