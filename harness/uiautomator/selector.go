package uiautomator

import "strings"

// Selector says whether a node is wanted.
type Selector func(*Node) bool

// Text selects nodes by their whole text, blanks around it and letter case
// ignored: buttons may show their titles in capitals.
func Text(want string) Selector {
	return func(n *Node) bool { return sameWords(n.Text, want) }
}

// ContentDesc selects nodes by their whole content description, like Text.
func ContentDesc(want string) Selector {
	return func(n *Node) bool { return sameWords(n.ContentDesc, want) }
}

// Label selects nodes by text or content description.
func Label(want string) Selector {
	return func(n *Node) bool { return sameWords(n.Text, want) || sameWords(n.ContentDesc, want) }
}

// ResourceID selects nodes by id: "package:id/name", or "id/name" and "name"
// for any package.
func ResourceID(want string) Selector {
	return func(n *Node) bool {
		if n.ResourceID == want {
			return want != ""
		}
		_, id, ok := strings.Cut(n.ResourceID, ":")
		return ok && (id == want || strings.TrimPrefix(id, "id/") == want)
	}
}

// Package selects nodes of a package.
func Package(want string) Selector {
	return func(n *Node) bool { return n.Package == want }
}

// Clickable selects nodes that react to a tap.
func Clickable(n *Node) bool { return n.Clickable }

// Enabled selects nodes that are enabled.
func Enabled(n *Node) bool { return n.Enabled }

// Tappable selects nodes with an area on the screen.
func Tappable(n *Node) bool {
	_, ok := n.Bounds.Center()
	return ok
}

// All selects what every one of the selectors selects.
func All(sel ...Selector) Selector {
	return func(n *Node) bool {
		for _, s := range sel {
			if !s(n) {
				return false
			}
		}
		return true
	}
}

// Walk calls f for every node of the window, parents first, until f says false.
// It does not recurse: trees come from outside and may be deep.
func (w Window) Walk(f func(*Node) bool) {
	stack := make([]*Node, 0, 32)
	for i := len(w.Roots) - 1; i >= 0; i-- {
		stack = append(stack, w.Roots[i])
	}
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if !f(n) {
			return
		}
		for i := len(n.Children) - 1; i >= 0; i-- {
			stack = append(stack, n.Children[i])
		}
	}
}

// Find returns the first node of all windows that every selector selects, nil
// if there is none.
func (f Facts) Find(sel ...Selector) *Node {
	if found := f.find(1, sel); len(found) > 0 {
		return found[0]
	}
	return nil
}

// FindAll returns the nodes of all windows that every selector selects.
func (f Facts) FindAll(sel ...Selector) []*Node { return f.find(-1, sel) }

func (f Facts) find(limit int, sel []Selector) []*Node {
	var found []*Node
	want := All(sel...)
	for _, w := range f.Windows.Or(nil) {
		w.Walk(func(n *Node) bool {
			if want(n) {
				found = append(found, n)
			}
			return len(found) != limit
		})
		if len(found) == limit {
			break
		}
	}
	return found
}

func sameWords(a, b string) bool {
	a, b = strings.TrimSpace(a), strings.TrimSpace(b)
	return a != "" && strings.EqualFold(a, b)
}
