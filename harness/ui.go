package harness

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ringproof/ringproof/harness/dumpsys/notification"
	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/harness/facts"
	"github.com/ringproof/ringproof/harness/profile"
	"github.com/ringproof/ringproof/harness/timeline"
	"github.com/ringproof/ringproof/harness/uiautomator"
	"github.com/ringproof/ringproof/reports/record"
)

// systemUI is the package that draws heads-up notifications and the shade.
const systemUI = "com.android.systemui"

// Role is what a button does to a call, whatever its title says.
type Role string

// The roles.
const (
	AnswerRole  Role = "answer"
	DeclineRole Role = "decline"
	EndRole     Role = "hang up"
	// SpeakerRole turns the loudspeaker on, and off again.
	SpeakerRole Role = "switch the loudspeaker"
)

// trees reads the window trees: of the active window, or of all windows
// (API 31 and newer), which alone show a heads-up notification. Trees serve to
// act, never to assert.
func (p *Phone) trees(ctx context.Context, every bool) (uiautomator.Facts, error) {
	option := ""
	if every {
		option = "--windows "
	}
	script := treeScript(option)
	var err error
	for range 3 { // "could not get idle state" passes; see dumpsys of AOSP's UiAutomation
		var out string
		if out, err = p.Do(ctx, "read the window tree", script); err != nil {
			return uiautomator.Facts{}, err
		}
		var tree uiautomator.Facts
		if tree, err = uiautomator.Parse([]byte(out)); err == nil && tree.Windows.Known() {
			return tree, nil
		}
		if err := p.Sleep(ctx, 200*time.Millisecond); err != nil {
			return uiautomator.Facts{}, err
		}
	}
	return uiautomator.Facts{}, &Error{Kind: Infra, Op: "read the window tree", Phone: p.Serial(), Err: err}
}

// tap touches the middle of a node and returns the phone's time just before.
func (p *Phone) tap(ctx context.Context, what string, n *uiautomator.Node) (time.Duration, error) {
	line, err := p.touch(what, n)
	if err != nil {
		return 0, err
	}
	out, err := p.Do(ctx, "tap "+what, "cat /proc/uptime; "+line)
	if err != nil {
		return 0, err
	}
	return uptime(out)
}

// touch is the command that touches the middle of a node.
func (p *Phone) touch(what string, n *uiautomator.Node) (string, error) {
	target := n.TapTarget()
	if target == nil {
		target = n // the title is often all that is reported of a button
	}
	at, ok := target.Bounds.Center()
	if !ok {
		return "", &Error{Kind: Infra, Op: "tap " + what, Phone: p.Serial(), Err: fmt.Errorf("its bounds %s are not on the screen", target.Bounds)}
	}
	return fmt.Sprintf("input tap %d %d", at.X, at.Y), nil
}

// pressNotification presses a button of the app's call notification, in the
// heads-up if there is one, else in the shade. onTop wants the heads-up.
func (a *App) pressNotification(ctx context.Context, role Role, onTop bool) error {
	b, err := a.shownButton(ctx, role, onTop)
	if err != nil {
		return err
	}
	at, err := a.tap(ctx, b.what, b.node)
	if err != nil {
		return err
	}
	return a.pressedButton(ctx, role, at, b)
}

// shownButton is a button of the call's notification where it can be touched.
type shownButton struct {
	what  string // the button, in words
	where string // "heads-up" or "shade", which is then open
	node  *uiautomator.Node
}

// pressedButton says that a button was pressed, and closes the shade behind it.
func (a *App) pressedButton(ctx context.Context, role Role, at time.Duration, b shownButton) error {
	a.pressed(role, at, b.what+" in the "+b.where)
	a.acted(at, "pressed %s in the %s", b.what, b.where)
	if b.where == "shade" {
		_, err := a.Do(ctx, "close the shade", "cmd statusbar collapse")
		return err
	}
	return nil
}

// shownButton brings a button of the app's call notification before a finger.
func (a *App) shownButton(ctx context.Context, role Role, onTop bool) (shownButton, error) {
	record, action, err := a.callButton(ctx, role)
	if err != nil {
		return shownButton{}, err
	}
	b := shownButton{what: fmt.Sprintf("%q of the notification", action.Title), where: "heads-up"}
	sel := notificationAction(action)
	if a.probe.API >= 31 {
		tree, err := a.trees(ctx, true)
		if err != nil {
			return b, err
		}
		b.node = tree.Find(sel)
	}
	if b.node == nil && onTop {
		return b, &expect.Failure{
			Fact: "notification.heads-up", Wanted: b.what + " in a heads-up on the screen",
			Seen: "no such button on the screen, though it is posted (channel " + record.Channel.String() + ")",
		}
	}
	if b.node == nil {
		b.where = "shade"
		if b.node, err = a.inShade(ctx, sel); err != nil {
			return b, err
		}
		if b.node == nil {
			return b, &expect.Failure{
				Fact: "notification.button", Wanted: b.what + " in the heads-up or in the shade",
				Seen: "neither shows it, though it is posted (channel " + record.Channel.String() + ")",
			}
		}
	}
	return b, nil
}

// notificationAction finds the button of a notification's action on the screen.
func notificationAction(action notification.Action) uiautomator.Selector {
	return uiautomator.All(uiautomator.Package(systemUI), uiautomator.Label(action.Title), uiautomator.Tappable)
}

// inShade opens the shade and looks for something there; nil if it is not.
func (a *App) inShade(ctx context.Context, sel uiautomator.Selector) (*uiautomator.Node, error) {
	if _, err := a.Do(ctx, "open the shade", "cmd statusbar expand-notifications"); err != nil {
		return nil, err
	}
	tree, err := a.trees(ctx, false)
	if err != nil {
		return nil, err
	}
	return tree.Find(sel), nil
}

// callButton is a button of the call's notification as it is posted, and the
// notification that has it.
func (a *App) callButton(ctx context.Context, role Role) (notification.Record, notification.Action, error) {
	s, err := a.Snapshot(ctx, facts.Notification)
	if err != nil {
		return notification.Record{}, notification.Action{}, err
	}
	record, action, failure := a.button(s, role)
	if failure != nil {
		failure.Why = a.why(ctx, failure)
		return record, action, failure
	}
	return record, action, nil
}

// SwipeOngoing draws the notification of the call that is under way aside in the
// shade, as somebody does who wants it gone. Whether it goes is for the system
// and the app to say.
func SwipeOngoing() Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		_, action, err := a.callButton(ctx, EndRole)
		if err != nil {
			return err
		}
		node, err := a.inShade(ctx, notificationAction(action))
		if err != nil {
			return err
		}
		if node == nil {
			return &expect.Failure{Fact: "notification.button", Wanted: fmt.Sprintf("the notification with %q in the shade", action.Title), Seen: "the shade does not show it"}
		}
		at, ok := node.Bounds.Center()
		screen := node.Bounds
		for n := node; n != nil; n = n.Parent() {
			screen = n.Bounds
		}
		if !ok || screen.Right <= 0 {
			return &Error{Kind: Infra, Op: "swipe the notification away", Phone: a.Serial(), Err: fmt.Errorf("its bounds %s in the window %s are not on the screen", node.Bounds, screen)}
		}
		out, err := a.Do(ctx, "swipe the notification away", fmt.Sprintf("cat /proc/uptime; input swipe %d %d %d %d 300", screen.Right/8, at.Y, screen.Right*7/8, at.Y))
		if err != nil {
			return err
		}
		when, err := uptime(out)
		if err != nil {
			return err
		}
		a.acted(when, "swiped the notification with %q in the shade", action.Title)
		_, err = a.Do(ctx, "close the shade", "cmd statusbar collapse")
		return err
	})
}

// button finds the action of a role: by the profile's titles, else by the
// order in which Notification.CallStyle adds its own actions: an incoming call
// has decline first and answer after it, an ongoing one hang-up first.
func (a *App) button(s facts.Snapshot, role Role) (notification.Record, notification.Action, *expect.Failure) {
	titles := map[Role][]string{
		AnswerRole: a.Profile.Notification.AnswerTitles, DeclineRole: a.Profile.Notification.DeclineTitles,
		EndRole: a.Profile.Notification.EndTitles,
	}[role]
	calls, ok := s.CallNotifications().Get()
	if !ok {
		return notification.Record{}, notification.Action{}, expect.Fail(expect.CallNotification(), s)
	}
	seen := "no call notification of the app"
	for _, r := range calls {
		actions := r.Actions.Or(nil)
		for _, act := range actions {
			if slices.ContainsFunc(titles, func(t string) bool { return strings.EqualFold(t, act.Title) }) {
				return r, act, nil
			}
		}
		t, _ := r.CallType.Get()
		switch {
		case len(actions) == 0:
		case role == DeclineRole && t == notification.CallIncoming, role == EndRole && t == notification.CallOngoing:
			return r, actions[0], nil
		case role == AnswerRole && t == notification.CallIncoming && len(actions) > 1:
			return r, actions[min(2, len(actions)-1)], nil
		}
		named := make([]string, len(actions))
		for i, act := range actions {
			named[i] = fmt.Sprintf("%q", act.Title)
		}
		seen = "the actions " + strings.Join(named, ", ")
	}
	return notification.Record{}, notification.Action{}, &expect.Failure{
		Fact: "notification.button", Wanted: "a button of the call notification to " + string(role), Seen: seen,
	}
}

// findButton looks for a button on the app's own screen, with its name in words.
func (a *App) findButton(ctx context.Context, role Role) (*uiautomator.Node, string, error) {
	sel := map[Role]profile.Selector{
		AnswerRole: a.Profile.Screens.Answer, DeclineRole: a.Profile.Screens.Decline, EndRole: a.Profile.Screens.End,
		SpeakerRole: a.Profile.Screens.Speaker,
	}[role]
	parts := []uiautomator.Selector{uiautomator.Package(a.Profile.Package), uiautomator.Tappable}
	var words []string
	if id := a.Profile.ResourceID(sel); id != "" {
		parts, words = append(parts, uiautomator.ResourceID(id)), append(words, "id "+id)
	}
	if sel.ContentDesc != "" {
		parts, words = append(parts, uiautomator.ContentDesc(sel.ContentDesc)), append(words, "description "+sel.ContentDesc)
	}
	if sel.Text != "" {
		parts, words = append(parts, uiautomator.Text(sel.Text)), append(words, "text "+sel.Text)
	}
	what := fmt.Sprintf("the button to %s (%s)", role, strings.Join(words, ", "))
	tree, err := a.trees(ctx, false)
	if err != nil {
		return nil, what, err
	}
	node := tree.Find(parts...)
	if node == nil {
		f := &expect.Failure{Fact: "screen.button", Wanted: what + " on the app's screen", Seen: "the window of " + inFront(tree)}
		f.Why = a.why(ctx, f)
		return nil, what, f
	}
	return node, what, nil
}

// tapScreen presses a button on the app's own screen.
func (a *App) tapScreen(ctx context.Context, role Role) error {
	node, what, err := a.findButton(ctx, role)
	if err != nil {
		return err
	}
	at, err := a.tap(ctx, what, node)
	if err != nil {
		return err
	}
	a.pressed(role, at, what)
	a.acted(at, "tapped %s", what)
	return nil
}

func inFront(f uiautomator.Facts) string {
	for _, w := range f.Windows.Or(nil) {
		if p := w.Package(); p != "" {
			return p
		}
	}
	return "nobody"
}

// pressed keeps a press for the timeline and the diagnosis. A ringing call that
// is declined is asked to end.
func (a *App) pressed(role Role, at time.Duration, what string) {
	p := &timeline.Press{At: at, Text: what}
	switch role {
	case AnswerRole:
		a.answered, a.times.answer = true, p
	case SpeakerRole:
		a.routed = true
	default:
		a.ended, a.times.end = true, p
	}
}

// acted makes a press the start of what is waited for next.
func (a *App) acted(at time.Duration, format string, args ...any) {
	a.since = at
	a.sink.Record(record.Event{
		Kind: record.Acted, Scenario: a.scenario, Phone: a.Serial(), Host: time.Now(), Elapsed: at, Text: fmt.Sprintf(format, args...),
	})
}
