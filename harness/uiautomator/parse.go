package uiautomator

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

const service = "uiautomator"

// maxDepth bounds trees from outside; real ones stay below 60.
const maxDepth = 2000

// done stands before the path on the line that the command prints at its end.
// The typo is Android's.
const done = "UI hierchary dumped to: "

// Parse reads what the command printed, the file that it wrote, or both in any
// order. The error is a *text.Problem; a cut tree gives the nodes before the
// cut beside a Truncated problem.
func Parse(b []byte) (Facts, error) {
	b = text.Normalise(b)
	if len(bytes.TrimSpace(b)) == 0 {
		// A second uiautomator, or a test that holds the accessibility service.
		return Facts{}, &text.Problem{Kind: text.Empty, Service: service,
			Msg: "nothing was printed: another user of the accessibility service may be running"}
	}
	var f Facts
	start, end := xmlPart(b)
	if start < 0 {
		f.File = dumpedTo(b, len(b), len(b))
		return f, refusal(b)
	}
	f.File = dumpedTo(b, start, end)
	windows, p := parseTree(b[start:end], 1+bytes.Count(b[:start], []byte{'\n'}))
	if windows != nil {
		f.Windows = fact.Of(windows, 1+bytes.Count(b[:start], []byte{'\n'}))
	}
	return f, p.Err()
}

// xmlPart is where the XML stands in what the command printed.
func xmlPart(b []byte) (start, end int) {
	for _, open := range []string{"<?xml", "<hierarchy", "<displays"} {
		if start = bytes.Index(b, []byte(open)); start >= 0 {
			break
		}
	}
	if start < 0 {
		return -1, 0
	}
	// Backwards from tag to tag: the last one is nearly always the one.
	for end = len(b); ; end-- {
		if end = 1 + bytes.LastIndexByte(b[:end], '>'); end <= start {
			return start, len(b)
		}
		if t := b[:end]; bytes.HasSuffix(t, []byte("</hierarchy>")) || bytes.HasSuffix(t, []byte("</displays>")) {
			return start, end
		}
	}
}

// dumpedTo finds the path on the command's last line, which may stand before
// the XML or be glued to its end.
func dumpedTo(b []byte, start, end int) fact.Value[string] {
	i := bytes.Index(b[end:], []byte(done)) + end
	if i < end {
		if i = bytes.Index(b[:start], []byte(done)); i < 0 {
			return fact.Unknown[string]()
		}
	}
	path, _, _ := bytes.Cut(b[i+len(done):], []byte{'\n'})
	path, _, _ = bytes.Cut(path, []byte("<"))
	return fact.Of(strings.TrimSpace(string(path)), 1+bytes.Count(b[:i], []byte{'\n'}))
}

// refusals are the errors that the command prints, with exit 0, and what they
// mean (DumpCommand.java).
var refusals = [...]struct {
	text string
	kind text.Kind
	why  string
}{
	{"could not get idle state", text.Timeout, "the UI was never idle for 10 s (a running clock or animation)"},
	{"null root node returned by UiTestAutomationBridge", text.NotADump, "no active window (screen off or a transition)"},
	{"already registered", text.Denied, "another user of the accessibility service is running"},
	{"Permission Denial", text.Denied, "the shell may not use the accessibility service"},
	{"SecurityException", text.Denied, "the shell may not use the accessibility service"},
	{"not found", text.NoService, "there is no uiautomator on this phone"},
	{"Killed", text.Denied, "the command was killed: another user of the accessibility service may be running"},
	{done, text.NotADump, "only the message: the tree is in the file"},
}

func refusal(b []byte) *text.Problem {
	for _, r := range refusals {
		i := bytes.Index(b, []byte(r.text))
		if i < 0 {
			continue
		}
		line := b[bytes.LastIndexByte(b[:i], '\n')+1:]
		line, _, _ = bytes.Cut(line, []byte{'\n'})
		return &text.Problem{Kind: r.kind, Service: service, Line: 1 + bytes.Count(b[:i], []byte{'\n'}), Msg: r.why + ": " + text.Clip(line)}
	}
	line, _, _ := bytes.Cut(bytes.TrimLeft(b, " \n"), []byte{'\n'})
	return &text.Problem{Kind: text.NotADump, Service: service, Msg: text.Clip(line)}
}

// builder grows the windows from the tags.
type builder struct {
	markup
	words   text.Words
	last    [meaningCount]string // value of each attribute on the node before, without references
	windows []Window
	display int
	window  *Window // a <window> is open
	stack   []*Node
	free    []Node // nodes are made in batches
	model   *Node  // the node of the last element's attributes, each of which it has once; else nil
	named   bool   // the dump names windows (--windows)
}

func parseTree(b []byte, first int) ([]Window, *text.Problem) {
	var (
		w     = builder{markup: markup{rest: b, line: first, flat: bytes.IndexByte(b, '\n') < 0}}
		open  []int    // the elements that are open
		names elements // theirs
		whole bool
	)
	problem := func(msg string) *text.Problem {
		return &text.Problem{Kind: text.Truncated, Service: service, Line: w.line, Msg: msg}
	}
	closeTop := func() {
		top := &names.all[open[len(open)-1]]
		open = open[:len(open)-1]
		top.open--
		w.close(top.name)
		whole = whole || len(open) == 0 && (top.name == "hierarchy" || top.name == "displays")
	}
	for {
		t, ok, cut := w.next()
		switch {
		case cut:
			return w.windows, problem("the tree ends early, within a tag")
		case !ok && len(open) > 0:
			return w.windows, problem("the tree ends early: " + names.all[open[len(open)-1]].name + " is open")
		case !ok && !whole:
			return w.windows, problem("the tree ends early: no hierarchy")
		case !ok:
			return w.windows, nil
		}
		i := names.index(t.name)
		if t.end {
			// What was left open within the element ends with it. An end without
			// a begin is none.
			for names.all[i].open > 0 {
				top := open[len(open)-1]
				if closeTop(); top == i {
					break
				}
			}
			continue
		}
		open = append(open, i)
		names.all[i].open++
		if len(open) > maxDepth {
			return w.windows, problem("the tree is too deep")
		}
		w.open(names.all[i].name, t.line)
		if t.empty {
			closeTop()
		}
	}
}

// elements are the names of elements, each with how many of it are open.
type elements struct {
	all []struct {
		name string
		open int
	}
	at   map[string]int
	last int // most elements have the name of the one before
}

func (e *elements) index(name []byte) int {
	if e.last < len(e.all) && e.all[e.last].name == string(name) {
		return e.last
	}
	i, ok := e.at[string(name)]
	if !ok {
		if e.at == nil {
			e.at = map[string]int{}
		}
		i = len(e.all)
		e.all = append(e.all, struct {
			name string
			open int
		}{name: string(name)})
		e.at[e.all[i].name] = i
	}
	e.last = i
	return i
}

func (w *builder) open(name string, line int) {
	model := w.model
	w.model = nil
	switch name {
	case "displays":
	case "display":
		w.display, _ = strconv.Atoi(string(w.attr("id")))
	case "window":
		w.named = true
		win := Window{Display: w.display, Title: unescaped(w.attr("title"), &w.words), Type: unescaped(w.attr("type"), &w.words), Bounds: parseBounds(w.attr("bounds")), Line: line,
			Active: w.boolFact("active", line), Focused: w.boolFact("focused", line)}
		if n, err := strconv.Atoi(string(w.attr("layer"))); err == nil {
			win.Layer = fact.Of(n, line)
		}
		w.windows = append(w.windows, win)
		w.window = &w.windows[len(w.windows)-1]
	case "hierarchy":
		if w.window == nil {
			w.windows = append(w.windows, Window{Line: line})
			w.window = &w.windows[len(w.windows)-1]
		}
		w.window.Rotation, _ = strconv.Atoi(string(w.attr("rotation")))
	default:
		w.node(name, line, model)
	}
}

// node adds a node. Producers name the element "node" or by its class. Nodes
// differ from the one before in a few values only: model is that one, if known.
func (w *builder) node(name string, line int, model *Node) {
	var parent *Node
	if len(w.stack) > 0 {
		parent = w.stack[len(w.stack)-1]
	}
	if w.window == nil || name != "node" && w.attr("bounds") == nil {
		w.stack = append(w.stack, parent) // an element that is none of ours: its children go to its parent
		return
	}
	n := w.newNode()
	if w.alike && model != nil {
		*n = *model // which has no children yet
		for _, i := range w.changed {
			w.set(n, &w.attrs[i])
		}
		w.model = n
	} else if w.fill(n) {
		w.model = n
	}
	n.Line, n.parent = line, parent
	if parent != nil {
		parent.Children = append(parent.Children, n)
	} else {
		w.window.Roots = append(w.window.Roots, n)
	}
	w.stack = append(w.stack, n)
}

// fill sets all that the attributes say and reports whether each said it once.
func (w *builder) fill(n *Node) bool {
	var said [meaningCount]bool
	once := true
	for i := range w.attrs {
		a := &w.attrs[i]
		w.set(n, a)
		once = once && (a.means == nothing || !said[a.means])
		said[a.means] = true
	}
	return once
}

func (w *builder) newNode() *Node {
	if len(w.free) == 0 {
		w.free = make([]Node, 64)
	}
	n := &w.free[0]
	w.free = w.free[1:]
	return n
}

// meaning is what an attribute of a node says.
type meaning uint8

const (
	nothing meaning = iota
	textOf
	resourceID
	class
	packageName
	contentDesc
	bounds
	checkable
	checked
	clickable
	longClickable
	enabled
	focusable
	focused
	scrollable
	password
	selected
	meaningCount
)

func meant(name []byte) meaning {
	switch string(name) {
	case "text":
		return textOf
	case "resource-id":
		return resourceID
	case "class":
		return class
	case "package":
		return packageName
	case "content-desc":
		return contentDesc
	case "bounds":
		return bounds
	case "checkable":
		return checkable
	case "checked":
		return checked
	case "clickable":
		return clickable
	case "long-clickable":
		return longClickable
	case "enabled":
		return enabled
	case "focusable":
		return focusable
	case "focused":
		return focused
	case "scrollable":
		return scrollable
	case "password":
		return password
	case "selected":
		return selected
	}
	return nothing
}

func (w *builder) set(n *Node, a *attribute) {
	switch a.means {
	case textOf:
		n.Text = w.value(a)
	case resourceID:
		n.ResourceID = w.value(a)
	case class:
		n.Class = w.value(a)
	case packageName:
		n.Package = w.value(a)
	case contentDesc:
		n.ContentDesc = w.value(a)
	case bounds:
		n.Bounds = parseBounds(a.value)
	case checkable:
		n.Checkable = yes(a)
	case checked:
		n.Checked = yes(a)
	case clickable:
		n.Clickable = yes(a)
	case longClickable:
		n.LongClick = yes(a)
	case enabled:
		n.Enabled = yes(a)
	case focusable:
		n.Focusable = yes(a)
	case focused:
		n.Focused = yes(a)
	case scrollable:
		n.Scrollable = yes(a)
	case password:
		n.Password = yes(a)
	case selected:
		n.Selected = yes(a)
	}
}

func yes(a *attribute) bool { return string(a.value) == "true" }

// value is that of an attribute, which is often that of the node before.
func (w *builder) value(a *attribute) string {
	last := &w.last[a.means]
	if string(a.value) == *last {
		return *last
	}
	s := unescaped(a.value, &w.words)
	if s == string(a.value) {
		*last = s
	}
	return s
}

func (w *builder) close(name string) {
	switch name {
	case "display", "displays":
	case "window":
		w.window, w.stack = nil, nil
	case "hierarchy":
		w.stack = nil
		if !w.named {
			w.window = nil
		}
	default:
		if n := len(w.stack); n > 0 {
			w.stack = w.stack[:n-1]
		}
	}
}

func (w *builder) boolFact(name string, line int) fact.Value[bool] {
	switch string(w.attr(name)) {
	case "true":
		return fact.Of(true, line)
	case "false":
		return fact.Of(false, line)
	}
	return fact.Unknown[bool]()
}

// parseBounds reads `[l,t][r,b]`; numbers may be negative. Anything else is an
// empty rectangle, which nobody taps.
func parseBounds(v []byte) Bounds {
	var n [4]int
	for i, before := range [...]string{"[", ",", "][", ","} {
		if len(v) < len(before) || string(v[:len(before)]) != before {
			return Bounds{}
		}
		v = v[len(before):]
		m, rest, known := text.Leading(v)
		if !known {
			return Bounds{}
		}
		n[i], v = int(m), rest
	}
	if string(v) != "]" {
		return Bounds{}
	}
	return Bounds{Left: n[0], Top: n[1], Right: n[2], Bottom: n[3]}
}
