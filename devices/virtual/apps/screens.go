package apps

import (
	"slices"

	"github.com/ringproof/ringproof/devices/virtual/android"
)

// Places on the display, in pixels.
var (
	whole       = android.Rect{Right: android.DisplayWidth, Bottom: android.DisplayHeight}
	titlePlace  = android.Rect{Left: 84, Top: 420, Right: 996, Bottom: 560}
	statusPlace = android.Rect{Left: 84, Top: 580, Right: 996, Bottom: 660}
	leftPlace   = android.Rect{Left: 126, Top: 1900, Right: 441, Bottom: 2068}
	middlePlace = android.Rect{Left: 383, Top: 1700, Right: 698, Bottom: 1868}
	rightPlace  = android.Rect{Left: 639, Top: 1900, Right: 954, Bottom: 2068}
)

func screen(children ...*android.View) *android.View {
	return &android.View{Class: "android.widget.FrameLayout", Bounds: whole, Children: children}
}

func text(t, id string) *android.View {
	return &android.View{Class: "android.widget.TextView", Text: t, ID: id, Bounds: titlePlace}
}

// OnActivity is every activity of the app.
func (a *app) OnActivity(_ *android.Context, r *android.ActivityRecord, event android.ActivityEvent) error {
	calls := a.is(r.Component, incomingActivity) || a.is(r.Component, callActivity)
	if hidden := a.has[HiddenByKeyguard]; calls && event == android.ActivityCreate && r.ShowWhenLocked == hidden {
		r.SetShowWhenLocked(!hidden) // the guide's manifest does not say it; mended, its code does
	}
	if event == android.ActivityCreate {
		a.spoil(r)
	}
	switch {
	case a.is(r.Component, incomingActivity):
		return a.onIncomingScreen(r, event)
	case a.is(r.Component, callActivity):
		return a.onCallScreen(r, event)
	case event == android.ActivityDestroy:
		a.open = false
	case event == android.ActivityCreate: // the main screen
		a.loggedIn, a.open, a.launched = true, true, true
		a.ghost()
		r.SetContent(screen(text(a.label(), a.id("title"))))
	}
	return nil
}

func (a *app) label() string {
	if p := a.c.Package(); p != nil {
		return p.Label
	}
	return a.c.PackageName
}

func (a *app) id(entry string) string { return a.c.PackageName + ":id/" + entry }

func (a *app) button(entry, label, desc string, at android.Rect, click func() error) *android.View {
	if a.has[NamelessButtons] {
		label, desc = "", "" // an image, and nothing that says what it is
	}
	if a.has[SmallButtons] {
		at.Right, at.Bottom = at.Left+84, at.Top+84 // 32 dp
	}
	return &android.View{
		Class: "android.widget.Button", ID: a.id(entry), Text: label, ContentDesc: desc, Bounds: at, Clickable: true, Focusable: true,
		OnClick: func(*android.Context) error { return click() },
	}
}

// onIncomingScreen is the full-screen question.
func (a *app) onIncomingScreen(r *android.ActivityRecord, event android.ActivityEvent) error {
	if event != android.ActivityCreate && event != android.ActivityNewIntent {
		return nil
	}
	session := r.Intent.Extras.Text(extraSession)
	k := a.find(session)
	if k == nil || k.phase != ringing {
		r.Finish()
		return nil
	}
	k.screens = append(k.screens, r)
	status := text("Incoming call", a.id("status"))
	status.Bounds = statusPlace
	r.SetContent(screen(
		text(k.caller, a.id("caller")), status,
		a.button("decline", "Decline", "Decline call", leftPlace, func() error {
			switch k := a.find(session); {
			case k != nil && a.has[DeclineAnswers]:
				return k.answer()
			case k != nil:
				return k.reject()
			}
			return nil
		}),
		a.button("answer", "Answer", "Answer call", rightPlace, func() error {
			if k := a.find(session); k != nil {
				return k.answer()
			}
			return nil
		}),
	))
	return nil
}

// onCallScreen is the screen of an answered call. It only shows the call: the
// call itself lives on without it.
func (a *app) onCallScreen(r *android.ActivityRecord, event android.ActivityEvent) error {
	session := r.Intent.Extras.Text(extraSession)
	switch event {
	case android.ActivityCreate, android.ActivityNewIntent:
		k := a.find(session)
		if k == nil && a.has[ZombieScreen] {
			r.SetContent(screen(text("Connecting...", a.id("status"))))
			return nil
		}
		if k == nil || a.has[LostOnRecreate] && event == android.ActivityCreate && slices.Contains(k.screens, r) {
			r.Finish()
			return nil
		}
		k.screens = append(k.screens, r)
		a.fillCallScreen(r, k)
		if r.Intent.Action == actionAnswer {
			if err := k.answer(); err != nil {
				return err
			}
		}
		if a.has[ActiveBeforeJoin] && k.phase == active {
			k.join()
		}
	case android.ActivityStop:
		return a.onCallScreenStopped(session)
	case android.ActivityDestroy:
		k := a.find(session)
		switch {
		case k == nil || !r.Finishing:
		case a.has[EndsWhenSwiped]:
			return k.hangUp()
		case a.has[ServiceStopsWhenSwiped]:
			return k.stopService()
		}
		if a.has[LeavesOnDestroy] && k != nil && k.joined {
			a.trace("leaveSession", k.session, nil)
			return k.hangUp()
		}
	}
	return nil
}

func (a *app) fillCallScreen(r *android.ActivityRecord, k *call) {
	r.SetKeepScreenOn(true)
	session := k.session
	status := text("Call", a.id("status"))
	status.Bounds = statusPlace
	r.SetContent(screen(
		text(k.caller, a.id("caller")), status,
		a.button("speaker", "Speaker", "Use the loudspeaker", middlePlace, func() error {
			if k := a.find(session); k != nil {
				k.toggleSpeaker()
			}
			return nil
		}),
		a.button("end", "End", "End call", rightPlace, func() error {
			if k := a.find(session); k != nil && !a.has[DeadEnd] {
				return k.hangUp()
			}
			return nil
		}),
	))
	if a.has[LeavesOnDestroy] {
		r.OnBack = func(*android.Context) error { return nil } // "prevent accidental back press"
	}
}
