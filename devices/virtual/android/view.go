package android

import "slices"

// Rect is a rectangle in pixels of the rotated display, right and bottom excluded.
type Rect struct{ Left, Top, Right, Bottom int }

// Contains reports whether the point lies inside.
func (r Rect) Contains(x, y int) bool {
	return x >= r.Left && x < r.Right && y >= r.Top && y < r.Bottom
}

// Empty reports whether the rectangle has no area.
func (r Rect) Empty() bool { return r.Right <= r.Left || r.Bottom <= r.Top }

// Center is the middle of the rectangle.
func (r Rect) Center() (x, y int) { return (r.Left + r.Right) / 2, (r.Top + r.Bottom) / 2 }

// The simulated display: a portrait phone.
const (
	DisplayWidth   = 1080
	DisplayHeight  = 2400
	DisplayDensity = 420
)

// View is a node of a window as accessibility sees it.
type View struct {
	// Class is the full class name, such as "android.widget.Button".
	Class string
	// ID is the resource name, such as "com.example:id/answer"; may be empty.
	ID          string
	Text        string
	ContentDesc string
	// Package is filled in from the window when empty.
	Package   string
	Bounds    Rect
	Clickable bool
	Focusable bool
	Focused   bool
	Password  bool
	Scroll    bool
	Disabled  bool
	Children  []*View

	// OnClick is the app's click handler; it runs on the app's main thread.
	OnClick func(c *Context) error
	// onTap is the system's own handler (keyguard, shade, heads-up).
	onTap func()
	// onSwipe is what a drag to the side does, where anything does.
	onSwipe func()
}

// Walk visits the view and all below it, parents first. It stops when visit
// returns false.
func (v *View) Walk(visit func(*View) bool) bool {
	if v == nil {
		return true
	}
	if !visit(v) {
		return false
	}
	for _, c := range v.Children {
		if !c.Walk(visit) {
			return false
		}
	}
	return true
}

// aside is what a drag to the side that begins at a point does; nil for nothing.
func (v *View) aside(x, y int) func() {
	if v == nil || !v.Bounds.Contains(x, y) {
		return nil
	}
	for _, child := range slices.Backward(v.Children) {
		if does := child.aside(x, y); does != nil {
			return does
		}
	}
	return v.onSwipe
}

// at finds the deepest view with a handler under the point; later children lie on top.
func (v *View) at(x, y int) *View {
	if v == nil || !v.Bounds.Contains(x, y) {
		return nil
	}
	for i := len(v.Children) - 1; i >= 0; i-- {
		if hit := v.Children[i].at(x, y); hit != nil {
			return hit
		}
	}
	if !v.Disabled && (v.OnClick != nil || v.onTap != nil) {
		return v
	}
	return nil
}
