package android

// Plug puts a wired headset in, or pulls it out.
func (a *Audio) Plug(in bool) {
	if a.Wired == in {
		return
	}
	a.Wired = in
	t := a.d.Telecom
	if in {
		t.routeEvent("AUDIO_ROUTE", "Wired headset connected")
	} else {
		t.routeEvent("AUDIO_ROUTE", "Wired headset disconnected")
		if !a.d.Bluetooth.hasMedia() {
			a.d.MediaSessions.noisy() // ACTION_AUDIO_BECOMING_NOISY: players pause
		}
	}
	switch {
	case in && t.Route != RouteBluetooth, in && t.RouteFocus == "Active":
		// A headset that is put in is what the user wants now.
		t.switchRoute(RouteWired)
	case !in && t.Route == RouteWired:
		t.switchRoute(t.baseline(true))
	default:
		t.routesChanged()
	}
}

func (b *Bluetooth) hasMedia() bool { return b.active != nil && b.active.A2DP }

// gainFocus puts an entry on top of the focus stack, or moves it there
// (MediaFocusControl.requestAudioFocus).
func (a *Audio) gainFocus(f FocusEntry) {
	a.abandonFocus(f.Client)
	a.Focus = append(a.Focus, f)
	a.losses()
}

func (a *Audio) abandonFocus(client string) {
	kept := a.Focus[:0:0]
	for _, f := range a.Focus {
		if f.Client != client {
			kept = append(kept, f)
		}
	}
	a.Focus = kept
	a.losses()
}

// losses tells the entries below the top what they lost, and the top that it has
// the focus again.
func (a *Audio) losses() {
	for i := range a.Focus {
		a.Focus[i].Loss = "none"
		if i < len(a.Focus)-1 {
			a.Focus[i].Loss = "LOSS_TRANSIENT"
		}
	}
	a.d.MediaSessions.focusChanged()
}

// callFocus is the client id with which Telecom holds the focus for calls
// (AudioSystem.IN_VOICE_COMM_FOCUS_ID).
const callFocus = "AudioFocus_For_Phone_Ring_And_Calls"
