package android

// All lists the windows, topmost first.
func (w *Windows) All() []*Window {
	d := w.d
	var out []*Window
	layer := 400000
	add := func(win *Window) {
		if win.Hash == "" {
			win.Hash = w.hash(win.Title)
		}
		win.Layer = layer
		layer -= 10000
		out = append(out, win)
	}
	on := d.Power.Interactive()
	ui := d.Processes.ByName(uiPkg)
	uiWin := func(title string, t WindowType, b Rect) *Window {
		win := &Window{Title: title, Type: t, Package: uiPkg, Bounds: b, Visible: on, Touchable: b}
		if ui != nil {
			win.UID, win.PID = ui.UID, ui.PID
		}
		return win
	}
	bar := "NavigationBar0"
	if d.API <= 28 {
		bar = "NavigationBar"
	}
	add(uiWin(bar, WindowNavigationBar, navBounds))
	shade := uiWin("NotificationShade", WindowNotificationShade, fullBounds)
	if !d.Release.ShadeWindow {
		shade.Title = "StatusBar"
	}
	shade.Focusable = w.shadeFocused()
	shade.Visible = on && (shade.Focusable || len(d.StatusBar.HeadsUp) > 0)
	shade.Root = d.StatusBar.shadeRoot()
	shade.Touchable = Rect{}
	switch {
	case shade.Focusable:
		shade.Touchable = fullBounds
	case len(d.StatusBar.HeadsUp) > 0:
		shade.Touchable = headsUpBounds
	}
	add(shade)
	if !d.Release.ShadeWindow {
		shade.Visible = on
	}
	status := uiWin("StatusBar", WindowStatusBar, statusBounds)
	status.Root = &View{Class: "android.widget.FrameLayout", ID: uiPkg + ":id/status_bar", Package: uiPkg, Bounds: statusBounds}
	if d.Release.ShadeWindow {
		add(status)
	}
	for i := len(w.dialogs) - 1; i >= 0; i-- {
		win := *w.dialogs[i]
		win.Visible = on
		add(&win)
	}
	for i := len(d.Activities.Tasks) - 1; i >= 0; i-- {
		t := d.Activities.Tasks[i]
		for j := len(t.Activities) - 1; j >= 0; j-- {
			r := t.Activities[j]
			if !r.created || r.Process == nil {
				continue
			}
			add(&Window{Hash: r.windowHash, Title: r.Component.Flat(), Type: WindowBaseApplication, Package: r.Package, UID: r.UID, PID: r.Process.PID,
				Activity: r, Bounds: fullBounds, Touchable: fullBounds, Focusable: true, Visible: on && r.Visible, Root: r.root()})
		}
	}
	paper := "com.android.systemui.wallpapers.ImageWallpaper"
	if d.API <= 32 {
		paper = "com.android.systemui.ImageWallpaper"
	}
	wall := uiWin(paper, WindowWallpaper, fullBounds)
	wall.Touchable = Rect{}
	add(wall)
	return out
}

// root is the activity's view tree; an activity that set no content has an empty
// decor view.
func (r *ActivityRecord) root() *View {
	if r.Content != nil {
		return r.Content
	}
	if r.Task.Home {
		return launcherView()
	}
	return &View{Class: "android.widget.FrameLayout", Package: r.Package, Bounds: fullBounds}
}

// hash keeps a window's identity over calls.
func (w *Windows) hash(title string) string {
	if w.hashes[title] == "" {
		w.hashes[title] = w.d.hash()
	}
	return w.hashes[title]
}

// shadeFocused: the keyguard (not covered), its bouncer or the open shade has the focus.
func (w *Windows) shadeFocused() bool {
	k := w.d.Keyguard
	return (k.Showing && (!k.Occluded || k.Bouncer)) || w.d.StatusBar.Expanded
}

// Focus is the window with the input focus (mCurrentFocus): the shade while the
// keyguard or the shade has it, also with the screen off; else the topmost dialog;
// else the resumed activity's; nil in a transition and with the screen off.
func (w *Windows) Focus() *Window {
	shade := w.shadeFocused()
	for _, win := range w.All() {
		switch {
		case shade && win.Type == WindowNotificationShade:
			return win
		case shade:
			continue
		case !w.d.Power.Interactive():
			return nil
		case win.Type == WindowSystemAlert:
			return win
		case win.Activity != nil:
			if win.Activity == w.d.Activities.Resumed {
				return win
			}
		}
	}
	return nil
}

// Active is the window whose tree plain `uiautomator dump` prints: the focused one.
// It is nil when there is none, the screen is off, or the window has no tree.
func (w *Windows) Active() *Window {
	if !w.d.Power.Interactive() {
		return nil
	}
	f := w.Focus()
	if f == nil || f.Root == nil {
		return nil
	}
	return f
}

// Accessible lists the windows of `uiautomator dump --windows`, topmost first:
// visible ones with a tree. A heads-up shows only here.
func (w *Windows) Accessible() []*Window {
	var out []*Window
	for _, win := range w.All() {
		if win.Visible && win.Root != nil {
			out = append(out, win)
		}
	}
	return out
}

// TapAt finds what a touch hits, topmost window first. A window takes every touch
// in its touchable area, also where nothing in it reacts.
func (w *Windows) TapAt(x, y int) (*Window, *View) {
	for _, win := range w.All() {
		if !win.Visible || !win.Touchable.Contains(x, y) || win.Type == WindowNavigationBar || win.Type == WindowStatusBar || win.Type == WindowWallpaper {
			continue
		}
		return win, win.Root.at(x, y)
	}
	return nil, nil
}

// showCrashDialog is "X keeps stopping".
func (w *Windows) showCrashDialog(pk *Package) {
	w.showDialog("Application Error: "+pk.Name, true, pk.Label+" keeps stopping",
		dialogButton{"android:id/aerr_app_info", "App info", func() {}}, dialogButton{"android:id/aerr_close", "Close app", func() {}})
}

func (w *Windows) closeDialog(win *Window) {
	for i, d := range w.dialogs {
		if d.Hash == win.Hash {
			w.dialogs = append(w.dialogs[:i], w.dialogs[i+1:]...)
			return
		}
	}
}

// Dialogs lists the system dialogs, topmost last.
func (w *Windows) Dialogs() []*Window { return append([]*Window(nil), w.dialogs...) }
