package android

import "strings"

var routeEvents = map[int]string{RouteEarpiece: "AUDIO_ROUTE_EARPIECE", RouteBluetooth: "AUDIO_ROUTE_BT", RouteWired: "AUDIO_ROUTE_HEADSET", RouteSpeaker: "AUDIO_ROUTE_SPEAKER"} // read-only table

var routeDevices = map[int]string{RouteEarpiece: "earpiece", RouteBluetooth: "bt_sco_hs", RouteWired: "wired_headset", RouteSpeaker: "speaker"} // read-only table

// supported are the routes that a call could use now.
func (t *Telecom) supported() int {
	m := RouteSpeaker | RouteEarpiece
	if t.d.Audio.Wired {
		m = RouteSpeaker | RouteWired
	}
	if t.d.Bluetooth.active != nil {
		m |= RouteBluetooth
	}
	return m
}

// baseline is calculateBaselineRouteMessage: the best route that nobody chose.
func (t *Telecom) baseline(bluetooth bool) int {
	switch can := t.supported(); {
	case bluetooth && can&RouteBluetooth != 0:
		return RouteBluetooth
	case can&RouteWired != 0:
		return RouteWired
	default:
		return RouteEarpiece
	}
}

// routeFocus moves the route's state between Quiescent, Ringing and Active; a new
// call starts on the baseline route again.
func (t *Telecom) routeFocus(focus string) {
	if t.RouteFocus == focus {
		return
	}
	t.leavingRoute()
	t.RouteFocus = focus
	if focus == "Quiescent" {
		t.leftBluetooth, t.Muted = false, false
		t.Route = t.baseline(true)
	}
	t.entered()
}

// setRoute is a change of route by an app or the user. Earpiece means whatever is
// at the ear: a wired headset takes its place.
func (t *Telecom) setRoute(route int) {
	if route == RouteEarpiece && t.d.Audio.Wired {
		route = RouteWired
	}
	if t.supported()&route == 0 {
		return // there is no such route now
	}
	t.leftBluetooth = route != RouteBluetooth && t.supported()&RouteBluetooth != 0
	t.switchRoute(route)
}

func (t *Telecom) switchRoute(route int) {
	if route == t.Route {
		t.routesChanged()
		return
	}
	t.leavingRoute()
	t.Route = route
	t.entered()
}

// bluetoothChanged is BluetoothRouteManager's word that a headset is there for
// calls, or none any more.
func (t *Telecom) bluetoothChanged() {
	t.bluetoothEvent(t.d.Bluetooth.active != nil)
	if t.d.Bluetooth.active == nil {
		if t.Route == RouteBluetooth {
			t.switchRoute(t.baseline(false))
			return
		}
		t.routesChanged()
		return
	}
	switch {
	case t.RouteFocus == "Quiescent":
		t.switchRoute(t.baseline(true))
	case t.leftBluetooth:
		t.routesChanged()
	default:
		t.switchRoute(RouteBluetooth)
	}
}

// entered is the enter method of a route's state.
func (t *Telecom) entered() {
	t.enteringRoute()
	a := t.d.Audio
	if t.RouteFocus != "Active" {
		a.CommunicationDevice, a.Speakerphone, a.MicMuted = "", false, false
		// In-band ringing opens the voice channel for a call that Telecom rings.
		t.d.Bluetooth.sco(t.RouteFocus == "Ringing" && t.Route == RouteBluetooth, nil)
		return
	}
	t.d.Bluetooth.sco(t.Route == RouteBluetooth, func() {
		if t.RouteFocus == "Active" && t.Route == RouteBluetooth && t.d.Bluetooth.active != nil && t.d.Bluetooth.active.HFP == HFPAudioOn {
			a.CommunicationDevice = routeDevices[RouteBluetooth]
		}
	})
	a.Speakerphone = t.Route == RouteSpeaker
	if t.Route != RouteBluetooth {
		a.CommunicationDevice = routeDevices[t.Route]
	}
	t.activeRoute()
	t.audioState()
}

// routesChanged tells the apps when what a call could use has changed.
func (t *Telecom) routesChanged() {
	if t.RouteFocus == "Active" {
		t.audioState()
	}
}

// audioState tells the apps of live calls about route and mute.
func (t *Telecom) audioState() {
	s := CallAudioState{Muted: t.Muted, Route: t.Route, Supported: t.supported()}
	device, all := "null", ""
	if h := t.d.Bluetooth.active; h != nil {
		s.Bluetooth = h.Name
		all = h.Address
		if t.Route == RouteBluetooth {
			device = h.Address
		}
	}
	t.logAudioState(t.callAudioState(s, device, all))
	for _, c := range t.Calls {
		t.toApp(c, func(cb ConnectionCallbacks, ctx *Context) error { return cb.OnCallAudioStateChanged(ctx, c.conn, s) })
	}
}

// routeMask is CallAudioState.audioRouteToString.
func routeMask(mask int) string {
	var names []string
	for _, r := range []struct {
		bit  int
		name string
	}{{RouteEarpiece, "EARPIECE"}, {RouteBluetooth, "BLUETOOTH"}, {RouteWired, "WIRED_HEADSET"}, {RouteSpeaker, "SPEAKER"}} {
		if mask&r.bit != 0 {
			names = append(names, r.name)
		}
	}
	return strings.Join(names, ", ")
}

// routeEvent goes to the foreground call's history, or only to the log.
func (t *Telecom) routeEvent(name, data string) {
	if t.foreground != nil {
		t.event(t.foreground, name, data)
		return
	}
	if data == "" {
		data = "null"
	}
	t.log(Info, "Logging.Events: Non-call EVENT: %s, %s", name, data)
}

// afterScheme is Uri.getSchemeSpecificPart.
func afterScheme(uri string) string {
	if _, rest, ok := strings.Cut(uri, ":"); ok {
		return rest
	}
	return uri
}
