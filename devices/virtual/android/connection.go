package android

import "strings"

// attach ties a connection to its call when the service has returned it.
func (c *Connection) attach(d *Device, pr *Process, call *Call) {
	c.d, c.proc, c.call = d, pr, call
}

// sync copies what Telecom shows of a connection.
func (c *Connection) sync() {
	k := c.call
	k.Capabilities = c.Capabilities
	k.Properties = c.Properties | k.Properties&PropSelfManaged
	if c.Address != "" {
		k.Handle = c.Address
	}
	k.CallerDisplayName = c.CallerDisplayName
	k.VideoState = c.VideoState
	k.VoIP = k.SelfManaged || c.AudioModeIsVoIP
}

// tell runs fn in Telecom a little later. An app's one-way calls never overtake
// each other.
func (c *Connection) tell(fn func()) { c.proc.toSystem(c.d, fn) }

// change is Connection.setState: it tells the app's own onStateChanged at once and
// Telecom a little later. A connection of a dead process does nothing, and nothing
// follows DISCONNECTED.
func (c *Connection) change(s CallState, tell func(t *Telecom, k *Call)) {
	if c.state == CallDisconnected || c.state == s || c.gone || (c.proc != nil && c.proc.Dead) {
		return
	}
	c.state = s
	if c.call == nil {
		return // Telecom reads the state when the service returns the connection
	}
	d, k := c.d, c.call
	c.tell(func() {
		if !k.Removed && !k.Terminal() && !c.proc.Dead && k.conn == c {
			tell(d.Telecom, k)
		}
	})
	if c.Callbacks != nil {
		c.proc.call(func() error { return c.Callbacks.OnStateChanged(c.proc.ctx, c, s) })
	}
}

// SetInitialized is Connection.setInitialized: the connection is NEW.
func (c *Connection) SetInitialized() {
	c.told("setInitialized")
	c.change(CallNew, func(*Telecom, *Call) {})
}

// SetRinging is Connection.setRinging.
func (c *Connection) SetRinging() {
	c.told("setRinging")
	c.change(CallRinging, func(t *Telecom, k *Call) { t.setState(k, CallRinging, "ringing set explicitly") })
}

// SetActive is Connection.setActive. For a self-managed call Telecom holds or ends
// another active call first and gives the call the focus.
func (c *Connection) SetActive() {
	c.told("setActive")
	c.change(CallActive, func(t *Telecom, k *Call) {
		t.holdOthers(k)
		t.focus(k)
		tag := "active set explicitly"
		if k.SelfManaged {
			tag += " for self-managed"
		}
		t.setState(k, CallActive, tag)
	})
}

// SetOnHold is Connection.setOnHold.
func (c *Connection) SetOnHold() {
	c.told("setOnHold")
	c.change(CallOnHold, func(t *Telecom, k *Call) { t.setState(k, CallOnHold, "on-hold set explicitly") })
}

// SetDisconnected is Connection.setDisconnected. The call stays in Telecom until
// Destroy.
func (c *Connection) SetDisconnected(cause DisconnectCause) {
	c.told("setDisconnected", cause.Code)
	if c.state != CallDisconnected {
		c.cause = cause
	}
	c.change(CallDisconnected, func(t *Telecom, k *Call) {
		k.Cause = cause
		t.setState(k, CallDisconnected, "disconnected set explicitly")
	})
}

// Cause is Connection.getDisconnectCause.
func (c *Connection) Cause() DisconnectCause { return c.cause }

// Destroy is Connection.destroy: Telecom forgets the call. A call that was not
// disconnected ends without a cause of its own.
func (c *Connection) Destroy() {
	c.told("destroy")
	if c.gone || (c.proc != nil && c.proc.Dead) {
		return
	}
	c.gone = true
	if c.call == nil {
		return
	}
	d, k := c.d, c.call
	c.tell(func() {
		if !k.Removed {
			d.Telecom.remove(k)
		}
	})
}

// Update tells Telecom of changed fields (setCallerDisplayName, setAddress,
// setConnectionCapabilities, setVideoState).
func (c *Connection) Update() {
	if c.call == nil || c.gone {
		return
	}
	c.tell(func() {
		if !c.call.Removed {
			c.sync()
		}
	})
}

// SetAudioRoute is Connection.setAudioRoute; it counts for the call in front.
func (c *Connection) SetAudioRoute(route int) {
	if c.call == nil || c.gone {
		return
	}
	d := c.d
	c.tell(func() {
		if d.Telecom.foreground == c.call {
			d.Telecom.setRoute(route)
		}
	})
}

// SetAudioModeIsVoIP is Connection.setAudioModeIsVoip.
func (c *Connection) SetAudioModeIsVoIP(on bool) {
	c.AudioModeIsVoIP = on
	c.Update()
}

// row is Call.toString, for log lines: of values up to 10, with keys since 11.
func (t *Telecom) row(c *Call) string {
	state := c.State.String()
	if c.Disconnecting && !c.Terminal() {
		state = "DISCONNECTING"
	}
	acc := "null"
	if !c.ConnectionService.IsZero() {
		acc = c.Account.String()
	}
	handle := "null"
	if c.Handle != "" {
		handle = safeAddress(c.Handle)
	}
	caps, props := "", ""
	for _, b := range []struct {
		bit  uint32
		name string
	}{{CapHold, " hld"}, {CapSupportHold, " sup_hld"}, {CapMute, " mut"}} {
		if c.Capabilities&b.bit != 0 {
			caps += b.name
		}
	}
	if c.SelfManaged {
		props = " self_mng"
	}
	video := "A"
	if c.VideoState&1 != 0 {
		video += "T"
	}
	if c.VideoState&2 != 0 {
		video += "R"
	}
	if t.d.API <= 29 {
		return t.positional(c, handle, video)
	}
	row := "[Call id=" + c.ID + ", state=" + state + ", tpac=" + acc + ", cmgr=null, handle=" + handle + ", vidst=" + video +
		", childs(0), has_parent(false), cap=[" + caps + "], prop=[" + props + "]]"
	if t.d.API >= 33 {
		row += ", voip=" + boolText(c.VoIP)
	}
	return row
}

func (t *Telecom) positional(c *Call, handle, video string) string {
	caps, props, service := "", "", "null"
	for _, b := range []struct {
		bit  uint32
		name string
	}{{CapHold, " CAPABILITY_HOLD"}, {CapSupportHold, " CAPABILITY_SUPPORT_HOLD"}, {CapMute, " CAPABILITY_MUTE"}} {
		if c.Capabilities&b.bit != 0 {
			caps += b.name
		}
	}
	if c.SelfManaged {
		props = " PROPERTY_SELF_MANAGED"
	}
	if !c.ConnectionService.IsZero() {
		service = c.ConnectionService.Short()
	}
	return "[" + c.ID + ", " + c.State.String() + ", " + service + ", " + handle + ", " + video +
		", childs(0), has_parent(false), [Capabilities:" + caps + "], [Properties:" + props + "]]"
}

// safeAddress is Telecom's Log.pii of a handle on a debuggable build: tel keeps
// the last two digits, sip keeps @ and dots, everything else is hidden.
func safeAddress(u string) string {
	scheme, rest, ok := strings.Cut(u, ":")
	if !ok {
		return "***"
	}
	switch scheme {
	case "tel":
		r := []rune(rest)
		for i := range max(0, len(r)-2) {
			r[i] = '*'
		}
		return "tel:" + string(r)
	case "sip":
		return "sip:" + strings.Map(func(r rune) rune {
			if r == '@' || r == '.' {
				return r
			}
			return '*'
		}, rest)
	}
	return scheme + ":***"
}
