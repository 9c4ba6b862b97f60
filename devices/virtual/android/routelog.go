package android

// What Telecom tells of its audio routes: CallAudioRouteStateMachine up to 14,
// CallAudioRouteController since 15, which has one event for everything and none
// for mute.

func (t *Telecom) leavingRoute() {
	if !t.d.Release.RouteController {
		t.routeEvent("AUDIO_ROUTE", "Leaving state "+t.RouteState())
	}
}

func (t *Telecom) enteringRoute() {
	if t.d.Release.RouteController {
		t.routeEvent("AUDIO_ROUTE", "Entering audio route: "+t.AudioRoute()+" (active="+boolText(t.RouteFocus != "Quiescent")+")")
		return
	}
	t.routeEvent("AUDIO_ROUTE", "Entering state "+t.RouteState())
}

// activeRoute is the bare event of an active state. 26 and 27 have it only for a
// changed CallAudioState, which comes to the same here.
func (t *Telecom) activeRoute() {
	if !t.d.Release.RouteController {
		t.routeEvent(routeEvents[t.Route], "")
	}
}

// bluetoothEvent is a headset that came or went.
func (t *Telecom) bluetoothEvent(there bool) {
	switch {
	case t.d.Release.RouteController:
	case t.d.API <= 27:
		t.routeEvent("AUDIO_ROUTE", map[bool]string{true: "Bluetooth connected", false: "Bluetooth disconnected"}[there])
	default:
		t.routeEvent("AUDIO_ROUTE", "Bluetooth device list changed")
		t.routeEvent("AUDIO_ROUTE", map[bool]string{true: "Bluetooth active device present", false: "Bluetooth active device gone"}[there])
	}
}

func (t *Telecom) muteEvent(on bool) {
	if !t.d.Release.RouteController {
		t.routeEvent(map[bool]string{true: "MUTE", false: "UNMUTE"}[on], "")
	}
}

// AudioRoute is AudioRoute.toString of the controller.
func (t *Telecom) AudioRoute() string {
	kind := map[int]string{RouteEarpiece: "TYPE_EARPIECE", RouteBluetooth: "TYPE_BLUETOOTH_SCO", RouteWired: "TYPE_WIRED_HEADSET", RouteSpeaker: "TYPE_SPEAKER"}[t.Route]
	address := "invalid"
	if h := t.d.Bluetooth.active; h != nil && t.Route == RouteBluetooth {
		address = h.Address
	}
	return "AudioRoute[Type=" + kind + ", Address=" + address + "]"
}

// callAudioState is CallAudioState.toString: the headsets came with 9.
func (t *Telecom) callAudioState(s CallAudioState, device, all string) string {
	text := "[AudioState isMuted: " + boolText(s.Muted) + ", route: " + routeMask(s.Route) + ", supportedRouteMask: " + routeMask(s.Supported)
	if t.d.API >= 28 {
		text += ", activeBluetoothDevice: [" + device + "], supportedBluetoothDevices: [" + all + "]"
	}
	return text + "]"
}

func (t *Telecom) logAudioState(now string) {
	if t.d.Release.RouteController {
		t.log(Info, "CallAudioRouteController: updateCallAudioState: updating call audio state to %s", now)
	} else {
		t.log(Info, "CallAudioRouteStateMachine: setSystemAudioState: changing from %s to %s", t.toldState, now)
	}
	t.toldState = now
}
