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
	case t.first(CallActive) != nil, t.outgoing() != nil:
		want = "VOIP_CALL"
		if c := t.foreground; c != nil && !c.VoIP {
			want = "SIM_CALL"
		}
	case t.first(CallRinging) != nil:
		want = "RINGING"
	case t.first(CallOnHold) != nil:
		want = "TONE/HOLDING"
	}
	// A managed call is rung by Telecom itself, which takes the focus; of a
	// self-managed one it only takes note.
	rings := want == "RINGING" && t.rings() != nil
	if want == t.ModeState && rings == t.ringing {
		return
	}
	if want != t.ModeState {
		t.ModeState = want
		t.modeLog("Enter " + want)
	}
	t.ringing = rings
	switch want {
	case "VOIP_CALL":
		t.takeFocus()
		t.mode(ModeInCommunication)
		t.routeFocus("Active")
	case "SIM_CALL":
		t.takeFocus()
		t.mode(ModeInCall)
		t.routeFocus("Active")
	case "TONE/HOLDING":
		t.routeFocus("Active")
	case "RINGING":
		if rings {
			t.takeFocus()
			t.mode(ModeRingtone)
			t.routeFocus("Ringing")
			return
		}
		// Telecom does not ring self-managed calls: no focus, no mode
		// ("try start ringing but not acquiring audio focus").
		t.routeFocus("Quiescent")
		t.log(Info, "Ringer: Ending early -- theaterMode=false, letDialerHandleRinging=false, isSelfManaged=true, silentRingingRequested=false")
	case "UNFOCUSED":
		t.mode(ModeNormal)
		t.d.Audio.abandonFocus(callFocus)
		t.routeFocus("Quiescent")
	}
}

// outgoing is the call that dials, if any.
func (t *Telecom) outgoing() *Call { return t.first(CallDialing, CallConnecting, CallPulling) }

// rings is the ringing call that Telecom's own ringer sounds for.
func (t *Telecom) rings() *Call {
	for _, c := range t.Calls {
		if (c.State == CallRinging || c.State == CallSimulatedRinging) && !c.SelfManaged {
			return c
		}
	}
	return nil
}

// takeFocus is AudioManager.requestAudioFocusForCall.
func (t *Telecom) takeFocus() {
	t.d.Audio.gainFocus(FocusEntry{Client: callFocus, Package: "com.android.server.telecom", UID: SystemUID,
		Gain: "GAIN_TRANSIENT", Usage: "USAGE_VOICE_COMMUNICATION"})
}

func (t *Telecom) modeLog(text string) {
	t.ModeHistory = keep(t.ModeHistory, HistoryLine{t.d.Now(), text}, 20)
}

// mode sets the audio mode as the telecom process.
func (t *Telecom) mode(m string) {
	t.modeLog("Mode " + m)
	if m == ModeNormal && t.d.Audio.Mode == ModeNormal {
		return
	}
	t.d.Audio.setMode(m, AudioModeOwner{PID: SystemServerPID, UID: SystemUID, Package: "com.android.server.telecom", Mode: m})
}

func (t *Telecom) setMute(on bool) {
	if t.Muted == on {
		return
	}
	t.Muted = on
	t.d.Audio.MicMuted = on
	t.muteEvent(on)
	t.audioState()
}

// focus gives a call the connection service focus.
func (t *Telecom) focus(c *Call) {
	t.FocusHistory = keep(t.FocusHistory, HistoryLine{t.d.Now(), c.ID}, 20)
}
