package uiautomator

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
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
	f.File = dumpedTo(b)
	start, end := xmlPart(b)
	if start < 0 {
		return f, refusal(b)
	}
	windows, p := parseXML(clean(b[start:end]), 1+bytes.Count(b[:start], []byte{'\n'}))
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
	for _, last := range []string{"</displays>", "</hierarchy>"} {
		if i := bytes.LastIndex(b, []byte(last)); i > start {
			return start, i + len(last)
		}
	}
	return start, len(b)
}

// dumpedTo finds the path on the command's last line, which may be glued to the
// end of the XML.
func dumpedTo(b []byte) fact.Value[string] {
	i := bytes.LastIndex(b, []byte(done))
	if i < 0 {
		return fact.Unknown[string]()
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

// builder grows the windows from the elements.
type builder struct {
	windows []Window
	display int
	window  *Window // a <window> is open
	stack   []*Node
	named   bool // the dump names windows (--windows)
}

func parseXML(b []byte, first int) ([]Window, *text.Problem) {
	d := xml.NewDecoder(bytes.NewReader(b))
	d.Strict = false
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	var (
		w     builder
		depth int
		whole bool
	)
	problem := func(msg string) *text.Problem {
		line, _ := d.InputPos()
		return &text.Problem{Kind: text.Truncated, Service: service, Line: line + first - 1, Msg: msg}
	}
	for {
		tok, err := d.Token()
		if err != nil {
			if errors.Is(err, io.EOF) && whole {
				return w.windows, nil
			}
			return w.windows, problem("the tree ends early: " + text.Clip([]byte(err.Error())))
		}
		switch e := tok.(type) {
		case xml.StartElement:
			if depth++; depth > maxDepth {
				return w.windows, problem("the tree is too deep")
			}
			line, _ := d.InputPos()
			w.open(e, line+first-1)
		case xml.EndElement:
			depth--
			w.close(e.Name.Local)
			whole = whole || depth == 0 && (e.Name.Local == "hierarchy" || e.Name.Local == "displays")
		}
	}
}

func (w *builder) open(e xml.StartElement, line int) {
	switch e.Name.Local {
	case "displays":
	case "display":
		w.display, _ = strconv.Atoi(attr(e, "id"))
	case "window":
		w.named = true
		win := Window{Display: w.display, Title: attr(e, "title"), Type: attr(e, "type"), Bounds: parseBounds(attr(e, "bounds")), Line: line,
			Active: boolFact(e, "active", line), Focused: boolFact(e, "focused", line)}
		if n, err := strconv.Atoi(attr(e, "layer")); err == nil {
			win.Layer = fact.Of(n, line)
		}
		w.windows = append(w.windows, win)
		w.window = &w.windows[len(w.windows)-1]
	case "hierarchy":
		if w.window == nil {
			w.windows = append(w.windows, Window{Line: line})
			w.window = &w.windows[len(w.windows)-1]
		}
		w.window.Rotation, _ = strconv.Atoi(attr(e, "rotation"))
	default:
		w.node(e, line)
	}
}

// node adds a node. Producers name the element "node" or by its class.
func (w *builder) node(e xml.StartElement, line int) {
	n := &Node{Line: line}
	isNode := e.Name.Local == "node"
	for _, a := range e.Attr {
		v := a.Value
		yes := v == "true"
		switch a.Name.Local {
		case "text":
			n.Text = v
		case "resource-id":
			n.ResourceID = v
		case "class":
			n.Class = v
		case "package":
			n.Package = v
		case "content-desc":
			n.ContentDesc = v
		case "bounds":
			n.Bounds, isNode = parseBounds(v), true
		case "checkable":
			n.Checkable = yes
		case "checked":
			n.Checked = yes
		case "clickable":
			n.Clickable = yes
		case "long-clickable":
			n.LongClick = yes
		case "enabled":
			n.Enabled = yes
		case "focusable":
			n.Focusable = yes
		case "focused":
			n.Focused = yes
		case "scrollable":
			n.Scrollable = yes
		case "password":
			n.Password = yes
		case "selected":
			n.Selected = yes
		}
	}
	var parent *Node
	if len(w.stack) > 0 {
		parent = w.stack[len(w.stack)-1]
	}
	if !isNode || w.window == nil {
		w.stack = append(w.stack, parent) // an element that is none of ours: its children go to its parent
		return
	}
	n.parent = parent
	if parent != nil {
		parent.Children = append(parent.Children, n)
	} else {
		w.window.Roots = append(w.window.Roots, n)
	}
	w.stack = append(w.stack, n)
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

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func boolFact(e xml.StartElement, name string, line int) fact.Value[bool] {
	switch attr(e, name) {
	case "true":
		return fact.Of(true, line)
	case "false":
		return fact.Of(false, line)
	}
	return fact.Unknown[bool]()
}

// parseBounds reads `[l,t][r,b]`; numbers may be negative. Anything else is an
// empty rectangle, which nobody taps.
func parseBounds(s string) Bounds {
	s = strings.TrimSuffix(strings.TrimPrefix(s, "["), "]")
	lt, rb, ok := strings.Cut(s, "][")
	if !ok {
		return Bounds{}
	}
	l, t, ok1 := strings.Cut(lt, ",")
	r, b, ok2 := strings.Cut(rb, ",")
	if !ok1 || !ok2 {
		return Bounds{}
	}
	var n [4]int
	for i, v := range []string{l, t, r, b} {
		var err error
		if n[i], err = strconv.Atoi(strings.TrimSpace(v)); err != nil {
			return Bounds{}
		}
	}
	return Bounds{Left: n[0], Top: n[1], Right: n[2], Bottom: n[3]}
}
