package android

import (
	"slices"
	"time"
)

// Times of the system UI.
const (
	headsUpDecay  = 5 * time.Second  // heads_up_notification_decay
	headsUpDenied = 60 * time.Second // 14: sticky for an app whose full-screen intent was denied
)

// posted decides how a notification shows itself: the full-screen intent when the
// phone is asleep or the keyguard is up, else a heads-up, else only in the shade
// (NotificationInterruptStateProviderImpl 14).
func (s *StatusBar) posted(r *NotificationRecord, isNew bool) {
	no := r.Notification
	if !s.d.Users.InFront(r.UserID) {
		return // NotificationLockscreenUserManager: not one of the current profiles
	}
	if r.Intercept {
		// The default policy takes full screen, peek and pulse away and leaves
		// the list (default_zen_mode_config.xml, visualEffects 157).
		return
	}
	if no.FullScreenIntent != nil && isNew && r.Importance >= ImportanceHigh &&
		(!s.d.Power.Interactive() || s.d.Keyguard.Showing) {
		s.launch(r)
		return
	}
	if r.Importance < ImportanceHigh || !s.d.Power.Interactive() || s.Expanded {
		return
	}
	if !isNew && no.Flags&FlagOnlyAlertOnce != 0 {
		s.refresh(r)
		return
	}
	if s.d.Settings.Int(Global, "heads_up_notifications_enabled", 1) == 0 || s.Disabled&(DisableExpand|DisableAlerts) != 0 {
		// What cannot head up takes the screen if it may (FSI_EXPECTED_NOT_TO_HUN).
		// With panels disabled nothing heads up (StatusBarNotificationPresenter).
		if no.FullScreenIntent != nil && isNew {
			s.launch(r)
		}
		return
	}
	s.peek(r)
}

// launch sends the full-screen intent; the phone wakes for it.
func (s *StatusBar) launch(r *NotificationRecord) {
	r.FullScreenLaunched = true
	r.Interruption = s.d.Now()
	s.d.Log.Event("sysui_fullscreen_notification", r.Key)
	s.d.Power.Wake("WAKE_REASON_APPLICATION", "com.android.systemui:full_screen_intent")
	_ = s.d.Intents.send(r.Notification.FullScreenIntent, sendOptions{tapped: true}) // canceled: nothing shows, as on a phone
}

// peek shows a heads-up. One with a full-screen intent stays until it is dealt
// with, one whose full-screen intent was denied for a minute, others for seconds.
func (s *StatusBar) peek(r *NotificationRecord) {
	s.drop(r.Key)
	h := &HeadsUp{Record: r, Sticky: r.Notification.FullScreenIntent != nil, Bounds: headsUpBounds}
	s.HeadsUp = append(s.HeadsUp, h)
	r.Interruption = s.d.Now()
	if h.Sticky {
		return
	}
	stay := headsUpDecay
	if r.Notification.Flags&FlagFSIDenied != 0 {
		stay = headsUpDenied
	}
	h.timer = s.d.After(stay, func() { s.drop(r.Key) })
}

// refresh puts an updated record under its heads-up without alerting again.
func (s *StatusBar) refresh(r *NotificationRecord) {
	for _, h := range s.HeadsUp {
		if h.Record.Key == r.Key {
			h.Record = r
		}
	}
}

func (s *StatusBar) removed(r *NotificationRecord) { s.drop(r.Key) }

func (s *StatusBar) drop(key string) {
	s.HeadsUp = slices.DeleteFunc(s.HeadsUp, func(h *HeadsUp) bool {
		if h.Record.Key == key {
			h.timer.Stop()
			return true
		}
		return false
	})
}

// dropHeadsUp ends all heads-ups (screen off, shade opened); the records stay.
func (s *StatusBar) dropHeadsUp() {
	for _, h := range s.HeadsUp {
		h.timer.Stop()
	}
	s.HeadsUp = nil
}

// Expand opens the shade (cmd statusbar expand-notifications). Not with the screen
// off; over the keyguard it is the keyguard's own list.
func (s *StatusBar) Expand() {
	if !s.d.Power.Interactive() || s.Disabled&DisableExpand != 0 {
		return
	}
	s.Expanded = true
	s.dropHeadsUp()
	s.d.Notifications.hush("") // clearEffects
	for _, r := range s.d.Notifications.list {
		r.Seen = true
	}
	s.d.Power.UserActivity()
}

// Collapse closes the shade.
func (s *StatusBar) Collapse() { s.Expanded = false }

// click is a tap on a notification's body.
func (s *StatusBar) click(r *NotificationRecord) {
	pi := r.Notification.ContentIntent
	s.drop(r.Key)
	if pi == nil {
		// Without a content intent a heads-up's tap launches the full-screen intent.
		pi = r.Notification.FullScreenIntent
	}
	if pi == nil {
		return
	}
	s.run(pi, func() {
		if r.Notification.Flags&FlagAutoCancel != 0 && r.Notification.Flags&FlagForegroundService == 0 {
			s.d.Notifications.remove(r.Key, cancelClick)
		}
	})
}

// press is a tap on a notification's button.
func (s *StatusBar) press(r *NotificationRecord, a NotificationAction) {
	s.d.Log.Event("notification_action_clicked", r.Key, slices.IndexFunc(r.Actions(), func(o NotificationAction) bool { return o == a }), 0, 0, 0, -1, -1)
	if a.Intent != nil {
		s.run(a.Intent, func() {})
	}
	if a.Intent != nil && a.Intent.Kind == PendingActivity {
		s.drop(r.Key)
	}
}

// run sends a tapped pending intent. One that starts an activity takes the
// keyguard away first, asking for the credential, unless that activity shows over
// the keyguard anyway.
func (s *StatusBar) run(pi *PendingIntent, then func()) {
	send := func() {
		s.Collapse()
		// A canceled intent does nothing, as on a phone.
		if err := s.d.Intents.send(pi, sendOptions{tapped: true}); err != nil {
			s.d.Log.System(Warn, "PendingIntent", "Unable to send %s: %s", pi, err)
		}
		then()
	}
	k := s.d.Keyguard
	if pi.Kind != PendingActivity || !k.Showing || s.showsOverKeyguard(pi) {
		send()
		return
	}
	k.onDismiss = append(k.onDismiss, func(ok bool) {
		if ok {
			send()
		}
	})
	k.Dismiss()
}

func (s *StatusBar) showsOverKeyguard(pi *PendingIntent) bool {
	c, ok := s.d.Packages.resolveActivity(pi.Intent)
	return ok && s.d.Release.ScreenOnAttributes && s.d.Packages.Get(c.Package).Component(c).ShowWhenLocked && s.d.mayShowLocked(c.Package)
}

// ---- what the system UI looks like

// Geometry of the system's own windows on the simulated display.
var ( // read-only rectangles
	headsUpBounds = Rect{28, 90, 1052, 470}
	statusBounds  = Rect{0, 0, 1080, 80}
	navBounds     = Rect{0, 2337, 1080, 2400}
	fullBounds    = Rect{0, 0, 1080, 2400}
)

const (
	rowHeight = 380
	rowGap    = 16
	uiPkg     = "com.android.systemui"
)

// headsUpViews is the heads-up area of the shade window.
func (s *StatusBar) headsUpViews() []*View {
	var out []*View
	for _, h := range s.HeadsUp {
		out = append(out, s.row(h.Record, h.Bounds))
	}
	return out
}

// rows are the notification rows from top on, as many as fit.
func (s *StatusBar) rows(top int) []*View {
	var out []*View
	for _, r := range s.d.Notifications.list {
		if !s.d.Users.InFront(r.UserID) {
			continue
		}
		b := Rect{28, top, 1052, top + rowHeight}
		if b.Bottom > 2200 {
			break
		}
		out = append(out, s.row(r, b))
		top = b.Bottom + rowGap
	}
	return out
}

// row is one notification: header, texts, and its buttons side by side.
func (s *StatusBar) row(r *NotificationRecord, b Rect) *View {
	no := r.Notification
	label := r.Package
	if pk := s.d.Packages.Get(r.Package); pk != nil {
		label = pk.Label
	}
	title := no.Title
	if title == "" && no.CallStyle != nil {
		title = no.CallStyle.Person
	}
	in := Rect{b.Left + 40, b.Top + 20, b.Right - 40, b.Top + 80}
	v := &View{Class: "android.widget.FrameLayout", ID: uiPkg + ":id/expandableNotificationRow", Package: uiPkg, Bounds: b, Clickable: true, Focusable: true,
		onTap: func() { s.click(r) }, onSwipe: func() { s.d.Notifications.Cancel(r.Key) }}
	v.Children = append(v.Children,
		&View{Class: "android.widget.TextView", ID: "android:id/app_name_text", Package: uiPkg, Text: label, Bounds: in},
		&View{Class: "android.widget.TextView", ID: "android:id/title", Package: uiPkg, Text: title, Bounds: Rect{in.Left, b.Top + 90, in.Right, b.Top + 150}},
	)
	if no.Text != "" {
		v.Children = append(v.Children, &View{Class: "android.widget.TextView", ID: "android:id/text", Package: uiPkg, Text: no.Text,
			Bounds: Rect{in.Left, b.Top + 160, in.Right, b.Top + 220}})
	}
	actions := r.Actions()
	if len(actions) > 0 {
		w := (b.Right - b.Left - 80) / len(actions)
		for i, a := range actions {
			v.Children = append(v.Children, &View{Class: "android.widget.Button", ID: "android:id/action0", Package: uiPkg, Text: a.Title,
				Clickable: true, Focusable: true,
				Bounds: Rect{in.Left + i*w, b.Bottom - 140, in.Left + (i+1)*w - 8, b.Bottom - 24},
				onTap:  func() { s.press(r, a) }})
		}
	}
	return v
}

// shadeRoot is the content of the NotificationShade window now.
func (s *StatusBar) shadeRoot() *View {
	root := &View{Class: "android.widget.FrameLayout", ID: uiPkg + ":id/notification_shade_window", Package: uiPkg, Bounds: fullBounds}
	k := s.d.Keyguard
	switch {
	case k.Showing && k.Bouncer:
		root.Children = append(root.Children, k.bouncerViews())
	case s.Expanded:
		root.Children = append(root.Children, s.stack(260))
		root.Children = append(root.Children, &View{Class: "android.widget.Button", ID: uiPkg + ":id/dismiss_text", Package: uiPkg, Text: "Clear all",
			Bounds: Rect{760, 2230, 1052, 2320}, Clickable: true, Focusable: true, onTap: s.clearAll})
	case k.Showing && !k.Occluded:
		root.Children = append(root.Children,
			&View{Class: "android.widget.RelativeLayout", ID: uiPkg + ":id/keyguard_status_view", Package: uiPkg, Bounds: Rect{0, 200, 1080, 700},
				Children: []*View{{Class: "android.widget.TextView", ID: uiPkg + ":id/lockscreen_clock_view", Package: uiPkg, Text: s.d.Now().Format("15:04"), Bounds: Rect{90, 240, 990, 560}}}},
			&View{Class: "android.view.View", ID: uiPkg + ":id/lock_icon_view", Package: uiPkg, ContentDesc: "Device locked", Bounds: Rect{480, 2080, 600, 2200}},
		)
		if s.d.Settings.Int(Secure, "lock_screen_show_notifications", 1) != 0 {
			root.Children = append(root.Children, s.stack(740))
		}
	default:
		root.Children = append(root.Children, s.headsUpViews()...)
	}
	return root
}

func (s *StatusBar) stack(top int) *View {
	return &View{Class: "android.view.ViewGroup", ID: uiPkg + ":id/notification_stack_scroller", Package: uiPkg,
		Bounds: Rect{0, top, 1080, 2220}, Scroll: true, Children: s.rows(top + 10)}
}

func (s *StatusBar) clearAll() {
	for _, r := range s.d.Notifications.Posted() {
		if r.Notification.Flags&(FlagOngoing|FlagNoClear|FlagForegroundService) == 0 {
			s.d.Notifications.Cancel(r.Key)
		}
	}
	s.Collapse()
}

// bouncerViews is the PIN pad.
func (k *Keyguard) bouncerViews() *View {
	dots := ""
	for range k.Entered {
		dots += "•"
	}
	pad := &View{Class: "android.widget.LinearLayout", ID: uiPkg + ":id/keyguard_pin_view", Package: uiPkg, Bounds: Rect{0, 500, 1080, 2300}}
	pad.Children = append(pad.Children, &View{Class: "android.widget.EditText", ID: uiPkg + ":id/pinEntry", Package: uiPkg, Text: dots,
		Bounds: Rect{140, 540, 940, 700}, Focusable: true, Focused: true, Password: true})
	for n := range 12 {
		col, row := n%3, n/3
		b := Rect{140 + col*280, 800 + row*300, 380 + col*280, 1060 + row*300}
		v := &View{Class: "android.widget.Button", Package: uiPkg, Bounds: b, Clickable: true, Focusable: true}
		switch n {
		case 9:
			v.Class, v.ID, v.ContentDesc, v.onTap = "android.widget.ImageButton", uiPkg+":id/delete_button", "Delete", k.backspace
		case 11:
			v.Class, v.ID, v.ContentDesc, v.onTap = "android.widget.ImageButton", uiPkg+":id/key_enter", "Enter", k.enter
		default:
			digit := itoa((n + 1) % 11) // 1..9, and 0 under the 8
			v.ID, v.Text = uiPkg+":id/key"+digit, digit
			v.onTap = func() { k.typeText(digit) }
		}
		pad.Children = append(pad.Children, v)
	}
	return pad
}
