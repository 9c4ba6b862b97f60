package android

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// inputTimeout is how long a window may leave a touch or key unanswered
// (InputDispatcher's default dispatching timeout).
const inputTimeout = 5 * time.Second

// Block holds the process's main thread for a while, as code that waits there
// does: its callbacks come that much later.
func (c *Context) Block(d time.Duration) {
	c.Proc.ready = max(c.Proc.ready, c.d.Elapsed()) + d
}

// ANR is one process that did not respond.
type ANR struct {
	Time     time.Time
	Process  string
	Package  string
	PID, UID int
	// Activity is the one in front of the process, zero without one.
	Activity Component
	// Reason is what it did not answer.
	Reason string
}

// notResponding is AppErrors.appNotResponding: the log, the drop box, and for a
// process that the user sees a dialog; one in the background is ended quietly.
func (p *Processes) notResponding(pr *Process, reason string) {
	if pr.Dead || pr.Persistent || pr.anr {
		return
	}
	pr.anr = true
	d := p.d
	a := ANR{Time: d.Now(), Process: pr.Name, Package: pr.Package, PID: pr.PID, UID: pr.UID, Reason: reason}
	visible := false
	for _, t := range d.Activities.Tasks {
		if r := t.Top(); r != nil && r.Process == pr && (r.Visible || r == d.Activities.Resumed) {
			a.Activity, visible = r.Component, true
		}
	}
	p.LastANR = &a
	where := pr.Name
	if !a.Activity.IsZero() {
		where += " (" + a.Activity.Short() + ")"
	}
	d.Log.Event("am_anr", UserOf(pr.UID), pr.PID, pr.Name, 550026820, reason)
	d.Log.System(Error, "ActivityManager", "ANR in %s\nPID: %d\nReason: %s\nFrozen: false\nLoad: 0.42 / 0.37 / 0.31", where, pr.PID, reason)
	d.DropBox.add("data_app_anr", pr, visible, "Subject: "+reason+"\n", "----- pid "+itoa(pr.PID)+" at "+d.Now().UTC().Format("2006-01-02 15:04:05")+" -----\nCmd line: "+pr.Name+"\n")
	if !visible && d.Settings.Int(Secure, "anr_show_background", 0) == 0 {
		p.kill(pr, ReasonANR, SubReasonUnknown, 0, "bg anr")
		return
	}
	if d.Settings.Int(Global, "hide_error_dialogs", 0) == 1 {
		p.kill(pr, ReasonANR, SubReasonUnknown, 0, "user request after error: "+reason)
		return
	}
	d.Windows.showANRDialog(pr, reason)
}

// awaitInput looks whether the process answers an event in time.
func (p *Processes) awaitInput(pr *Process, window, event string) {
	stuck := pr.ready - p.d.Elapsed()
	if stuck < inputTimeout {
		return
	}
	p.d.After(inputTimeout, func() {
		p.notResponding(pr, fmt.Sprintf("Input dispatching timed out (%s is not responding. Waited 5000ms for %s)", window, event))
	})
}

// showANRDialog is "X isn't responding". Unlike that of a crash it stays until one
// of its buttons is pressed (AppNotRespondingDialog is not cancelable).
func (w *Windows) showANRDialog(pr *Process, reason string) {
	label := pr.Package
	if pk := w.d.Packages.For(UserOf(pr.UID), pr.Package); pk != nil {
		label = pk.Label
	}
	w.showDialog("Application Not Responding: "+pr.Name, false, label+" isn't responding",
		dialogButton{"android:id/aerr_close", "Close app", func() {
			w.d.Processes.kill(pr, ReasonANR, SubReasonUnknown, 0, "user request after error: "+reason)
		}},
		dialogButton{"android:id/aerr_wait", "Wait", func() { pr.anr = false }})
}

type dialogButton struct {
	id, text string
	press    func()
}

// showDialog puts a dialog of the system in front, unless it is there already.
// Any of its buttons takes it away, and BACK if it is cancelable.
func (w *Windows) showDialog(title string, cancelable bool, text string, buttons ...dialogButton) {
	if slices.ContainsFunc(w.dialogs, func(d *Window) bool { return d.Title == title }) {
		return
	}
	top := 1400 - 80 - 120*len(buttons) - 80
	win := &Window{Hash: w.d.hash(), Title: title, Type: WindowSystemAlert, Package: "android", UID: SystemUID, PID: SystemServerPID,
		Bounds: Rect{60, top - 40, 1020, 1400}, Touchable: fullBounds, Focusable: true, sticky: !cancelable}
	win.Root = &View{Class: "android.widget.FrameLayout", Package: "android", Bounds: win.Bounds, Children: []*View{
		{Class: "android.widget.TextView", ID: "android:id/alertTitle", Package: "android", Text: text, Bounds: Rect{100, top, 980, top + 80}}}}
	for i, b := range buttons {
		y := top + 110 + 120*i
		win.Root.Children = append(win.Root.Children, &View{Class: "android.widget.Button", ID: b.id, Package: "android", Text: b.text,
			Bounds: Rect{100, y, 980, y + 100}, Clickable: true, Focusable: true, onTap: func() {
				w.closeDialog(win)
				b.press()
			}})
	}
	w.dialogs = append(w.dialogs, win)
}

// back is BACK on the topmost dialog.
func (w *Windows) back() {
	if top := w.dialogs[len(w.dialogs)-1]; !top.sticky {
		w.closeDialog(top)
	}
}

// DropBoxEntry is what the drop box manager kept of one failure.
type DropBoxEntry struct {
	Time time.Time
	Tag  string
	Text string
}

// DropBox is the drop box manager: what was kept outlives the log, and reboots.
type DropBox struct {
	d       *Device
	Entries []DropBoxEntry // oldest first
}

// add is ActivityManagerService.addErrorToDropBox.
func (b *DropBox) add(tag string, pr *Process, foreground bool, head, body string) {
	var t strings.Builder
	fmt.Fprintf(&t, "Process: %s\nPID: %d\n", pr.Name, pr.PID)
	if b.d.API >= 30 {
		fmt.Fprintf(&t, "UID: %d\n", pr.UID)
	}
	t.WriteString("Flags: 0x3088be45\n")
	if pk := b.d.Packages.For(UserOf(pr.UID), pr.Package); pk != nil {
		fmt.Fprintf(&t, "Package: %s v%d (%s)\n", pk.Name, pk.VersionCode, pk.VersionName)
	}
	fmt.Fprintf(&t, "Foreground: %s\n%sBuild: %s\n\n%s", map[bool]string{true: "Yes", false: "No"}[foreground], head, b.d.Props.Get("ro.build.fingerprint"), body)
	b.Entries = keep(b.Entries, DropBoxEntry{Time: b.d.Now(), Tag: tag, Text: t.String()}, 1000)
}
