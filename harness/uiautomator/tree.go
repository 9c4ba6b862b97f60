// Package uiautomator reads what `uiautomator dump` writes: the window trees
// of the accessibility service (AccessibilityNodeInfoDumper), plain or with
// --windows (API 31), and the errors that the command prints with exit 0.
//
// Trees serve to act, never to assert. The package knows no app and sends no
// taps: it finds nodes and points.
package uiautomator

import (
	"fmt"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
)

// Facts is what one dump says.
type Facts struct {
	// Windows are the windows' trees. A plain dump holds only the active one.
	Windows fact.Value[[]Window] `json:"windows"`
	// File is the path that the command says it wrote.
	File fact.Value[string] `json:"file"`
}

// Window is one window's tree.
type Window struct {
	// Display is 0 for plain dumps.
	Display int    `json:"display"`
	Title   string `json:"title"`
	// Type is the window type as printed (--windows only).
	Type     string           `json:"type"`
	Layer    fact.Value[int]  `json:"layer"`
	Active   fact.Value[bool] `json:"active"`
	Focused  fact.Value[bool] `json:"focused"`
	Bounds   Bounds           `json:"bounds"`
	Rotation int              `json:"rotation"` // quarter turns, 0 to 3
	Roots    []*Node          `json:"roots"`
	Line     int              `json:"line"`
}

// Package is the package of the window's first root, "" without one.
func (w Window) Package() string {
	if len(w.Roots) == 0 {
		return ""
	}
	return w.Roots[0].Package
}

// Node is one node of a tree.
type Node struct {
	Text        string `json:"text,omitempty"`
	ResourceID  string `json:"resourceId,omitempty"` // package:id/name
	Class       string `json:"class"`
	Package     string `json:"package"`
	ContentDesc string `json:"contentDesc,omitempty"`
	Checkable   bool   `json:"checkable,omitempty"`
	Checked     bool   `json:"checked,omitempty"`
	Clickable   bool   `json:"clickable,omitempty"`
	LongClick   bool   `json:"longClickable,omitempty"`
	Enabled     bool   `json:"enabled,omitempty"`
	Focusable   bool   `json:"focusable,omitempty"`
	Focused     bool   `json:"focused,omitempty"`
	Scrollable  bool   `json:"scrollable,omitempty"`
	Password    bool   `json:"password,omitempty"`
	Selected    bool   `json:"selected,omitempty"`
	Bounds      Bounds `json:"bounds"`
	// Line is the line of the text. A whole tree mostly stands on one line.
	Line     int     `json:"line"`
	Children []*Node `json:"children,omitempty"`

	parent *Node
}

// Parent is the node around, nil for a root.
func (n *Node) Parent() *Node { return n.parent }

// Bounds is a rectangle in pixels of the rotated screen.
type Bounds struct {
	Left   int `json:"left"`
	Top    int `json:"top"`
	Right  int `json:"right"`
	Bottom int `json:"bottom"`
}

// Point is a place on the screen in pixels.
type Point struct {
	X int `json:"x"`
	Y int `json:"y"`
}

// Empty reports whether the rectangle has no area: off screen or inverted.
func (b Bounds) Empty() bool { return b.Right <= b.Left || b.Bottom <= b.Top }

// Center is the middle of the rectangle, and whether it can be tapped.
func (b Bounds) Center() (Point, bool) {
	if b.Empty() {
		return Point{}, false
	}
	p := Point{X: b.Left + (b.Right-b.Left)/2, Y: b.Top + (b.Bottom-b.Top)/2}
	return p, p.X >= 0 && p.Y >= 0
}

// String is the form of the dump.
func (b Bounds) String() string {
	return fmt.Sprintf("[%d,%d][%d,%d]", b.Left, b.Top, b.Right, b.Bottom)
}

// TapTarget is the node itself or the nearest clickable one around it, nil if
// there is none: a button's label is often a child of the button.
func (n *Node) TapTarget() *Node {
	for ; n != nil; n = n.parent {
		if n.Clickable {
			return n
		}
	}
	return nil
}
