package android

// updateAudio is CallAudioManager and its two state machines after a change of the
// calls: the foreground call, the audio mode and the route's focus.
func (t *Telecom) updateAudio() {
	t.foreground = t.first(CallConnecting)
	if t.foreground == nil {
		t.foreground = t.first(CallActive, CallDialing, CallPulling)
	}
	if t.foreground == nil {
		// An ANSWERED call without the "speed up audio" capability is in none of
		// CallAudioManager's lists, so it is not in front either.
		t.foreground = t.first(CallRinging, CallSimulatedRinging)
	}
	if t.foreground == nil {
		t.foreground = t.first(CallOnHold)
	}
	want := "UNFOCUSED"
	switch {
	case t.first(CallActive) != nil:
		want = "VOIP_CALL"
	case t.first(CallRinging) != nil:
		want = "RINGING"
	case t.first(CallOnHold) != nil:
		want = "TONE/HOLDING"
	}
	if want == t.ModeState {
		return
	}
	t.ModeState = want
	t.modeLog("Enter " + want)
	switch want {
	case "VOIP_CALL":
		t.mode(ModeInCommunication)
		t.routeFocus("Active")
	case "TONE/HOLDING":
		t.routeFocus("Active")
	case "RINGING":
		// Telecom does not ring self-managed calls: no focus, no mode
		// ("try start ringing but not acquiring audio focus").
		t.routeFocus("Quiescent")
		t.log(Info, "Ringer: Ending early -- theaterMode=false, letDialerHandleRinging=false, isSelfManaged=true, silentRingingRequested=false")
	case "UNFOCUSED":
		t.mode(ModeNormal)
		t.routeFocus("Quiescent")
	}
}

func (t *Telecom) modeLog(text string) {
	t.ModeHistory = append(t.ModeHistory, HistoryLine{t.d.Now(), text})
	if len(t.ModeHistory) > 20 {
		t.ModeHistory = t.ModeHistory[len(t.ModeHistory)-20:]
	}
}

// mode sets the audio mode as the telecom process.
func (t *Telecom) mode(m string) {
	t.modeLog("Mode " + m)
	if m == ModeNormal && t.d.Audio.Mode == ModeNormal {
		return
	}
	t.d.Audio.setMode(m, AudioModeOwner{PID: SystemServerPID, UID: SystemUID, Package: "com.android.server.telecom", Mode: m})
}

var routeEvents = map[int]string{RouteEarpiece: "AUDIO_ROUTE_EARPIECE", RouteBluetooth: "AUDIO_ROUTE_BT", RouteWired: "AUDIO_ROUTE_HEADSET", RouteSpeaker: "AUDIO_ROUTE_SPEAKER"} // read-only table

var routeDevices = map[int]string{RouteEarpiece: "earpiece", RouteBluetooth: "bt_sco", RouteWired: "wired_headset", RouteSpeaker: "speaker"} // read-only table

// routeFocus moves the route's state between Quiescent and Active; a new call
// starts on the baseline route again.
func (t *Telecom) routeFocus(focus string) {
	if t.RouteFocus == focus {
		return
	}
	t.routeEvent("AUDIO_ROUTE", "Leaving state "+t.RouteState())
	t.RouteFocus = focus
	if focus == "Quiescent" {
		t.Route, t.Muted = RouteEarpiece, false
	}
	t.entered()
}

// setRoute is a change of route by an app or the user.
func (t *Telecom) setRoute(route int) {
	if routeDevices[route] == "" || route == t.Route || route == RouteBluetooth || route == RouteWired {
		return // no headset is attached to this phone
	}
	t.routeEvent("AUDIO_ROUTE", "Leaving state "+t.RouteState())
	t.Route = route
	t.entered()
}

func (t *Telecom) entered() {
	t.routeEvent("AUDIO_ROUTE", "Entering state "+t.RouteState())
	a := t.d.Audio
	if t.RouteFocus != "Active" {
		a.CommunicationDevice, a.Speakerphone, a.MicMuted = "", false, false
		return
	}
	a.CommunicationDevice, a.Speakerphone = routeDevices[t.Route], t.Route == RouteSpeaker
	t.routeEvent(routeEvents[t.Route], "")
	t.audioState()
}

// audioState tells the apps of live calls about route and mute.
func (t *Telecom) audioState() {
	s := CallAudioState{Muted: t.Muted, Route: t.Route, Supported: RouteEarpiece | RouteSpeaker}
	t.log(Info, "CallAudioRouteStateMachine: setSystemAudioState: changing to [AudioState isMuted: %t, route: %s, supportedRouteMask: EARPIECE, SPEAKER]", s.Muted, map[int]string{RouteEarpiece: "EARPIECE", RouteSpeaker: "SPEAKER"}[s.Route])
	for _, c := range t.Calls {
		t.toApp(c, func(cb ConnectionCallbacks, ctx *Context) error { return cb.OnCallAudioStateChanged(ctx, c.conn, s) })
	}
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

func (t *Telecom) setMute(on bool) {
	if t.Muted == on {
		return
	}
	t.Muted = on
	t.d.Audio.MicMuted = on
	t.routeEvent(map[bool]string{true: "MUTE", false: "UNMUTE"}[on], "")
	t.audioState()
}

// focus gives a call the connection service focus.
func (t *Telecom) focus(c *Call) {
	t.FocusHistory = append(t.FocusHistory, HistoryLine{t.d.Now(), c.ID})
	if len(t.FocusHistory) > 20 {
		t.FocusHistory = t.FocusHistory[1:]
	}
}
