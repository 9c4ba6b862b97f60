package android

import "slices"

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
	a.Focus = slices.DeleteFunc(a.Focus, func(f FocusEntry) bool { return f.Client == client })
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

// RequestAudioFocus is AudioManager.requestAudioFocus for as long as the app
// likes: false if a call has the focus, which nobody can take from it.
func (c *Context) RequestAudioFocus(usage string) bool {
	a := c.d.Audio
	// An app that asks while a call has the focus waits below it, and gets what
	// the call leaves (MediaFocusControl.pushBelowLockedFocusOwners).
	entry := FocusEntry{Client: "android.media.AudioManager@" + c.PackageName, Package: c.PackageName, UID: c.UID, Gain: "GAIN", Usage: usage}
	a.abandonFocus(entry.Client)
	at := len(a.Focus)
	for at > 0 && a.Focus[at-1].Client == callFocus {
		at--
	}
	a.Focus = slices.Insert(a.Focus, at, entry)
	a.losses()
	return at == len(a.Focus)-1
}

// BluetoothName is BluetoothDevice.getName of the headset in a call's audio state.
func (c *Context) BluetoothName(s CallAudioState) (string, error) {
	if c.d.Release.BluetoothConnect && s.Bluetooth != "" {
		if !c.CheckSelfPermission("android.permission.BLUETOOTH_CONNECT") {
			return "", Throw(SecurityException, "Need android.permission.BLUETOOTH_CONNECT permission for AttributionSource { uid = %d, packageName = %s, attributionTag = null, token = android.os.BinderProxy, next = null }: AdapterService getRemoteName", c.UID, c.PackageName)
		}
	}
	return s.Bluetooth, nil
}

// SystemProperty reads a system property as native code does.
func (c *Context) SystemProperty(name string) string { return c.d.Props.Get(name) }

// AudioMode is AudioManager.getMode.
func (c *Context) AudioMode() string { return c.d.Audio.Mode }

// DispatchMediaKey is AudioManager.dispatchMediaKeyEvent, which any app may call.
func (c *Context) DispatchMediaKey(code int) { c.d.MediaSessions.Dispatch(code) }
