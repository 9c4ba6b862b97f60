package android

// OutgoingConnectionService is implemented by connection services that make calls,
// too.
type OutgoingConnectionService interface {
	OnCreateOutgoingConnection(c *Context, account PhoneAccountHandle, request *ConnectionRequest) (*Connection, error)
	OnCreateOutgoingConnectionFailed(c *Context, account PhoneAccountHandle, request *ConnectionRequest) error
}

// Permissions to call a number.
const (
	permCallPhone      = "android.permission.CALL_PHONE"
	permCallPrivileged = "android.permission.CALL_PRIVILEGED"
)

// PlaceCall is placeCall over an account of the app. MANAGE_OWN_CALLS is enough
// for a self-managed one, others take CALL_PHONE. As with incoming calls, what is
// refused later arrives in OnCreateOutgoingConnectionFailed.
func (t TelecomManager) PlaceCall(address string, h PhoneAccountHandle, extras Bundle) error {
	return t.c.told(t.place(address, h, extras), "TelecomManager.placeCall", h, address, extras)
}

func (t TelecomManager) place(address string, h PhoneAccountHandle, extras Bundle) error {
	c, tc := t.c, t.c.d.Telecom
	if c.Proc.Dead {
		return nil
	}
	acc := tc.Account(h)
	if acc != nil && acc.SelfManaged() {
		if err := c.d.Packages.enforce(c.caller(), permManageOwnCalls, "Self-managed phone accounts must have MANAGE_OWN_CALLS permission."); err != nil {
			return err
		}
		if h.Component.Package != c.PackageName {
			return Throw(SecurityException, "Self-managed ConnectionServices can only place calls through their own ConnectionService.")
		}
	} else if !c.CheckSelfPermission(permCallPhone) {
		return Throw(SecurityException, "Package %s is not allowed to place phone calls", c.PackageName)
	}
	if acc == nil {
		return nil // Telecom would ask the user which account to use, and finds none
	}
	sent := extras.Bundle(ExtraOutgoingCallExtras).parceled() // nothing else reaches the connection service
	c.Proc.toSystem(tc.d, func() { tc.outgoingCall(acc, address, sent) })
	return nil
}

// IsOutgoingCallPermitted is isOutgoingCallPermitted of a self-managed account.
func (t TelecomManager) IsOutgoingCallPermitted(h PhoneAccountHandle) bool {
	tc := t.c.d.Telecom
	return tc.Account(h) != nil && tc.outgoingPermitted()
}

// outgoingPermitted is isOutgoingCallPermitted (CallsManager): no emergency call,
// and no call that can neither be held nor ended.
func (t *Telecom) outgoingPermitted() bool { return t.emergency() == nil }

// emergency is the emergency call that is under way, if any.
func (t *Telecom) emergency() *Call {
	for _, c := range t.Calls {
		if c.Emergency && !c.Terminal() {
			return c
		}
	}
	return nil
}

// DialResult is what became of an intent to call a number.
type DialResult int

// Results of Dial.
const (
	// Dialed: Telecom makes the call.
	Dialed DialResult = iota
	// DialDenied: the caller lacks the permission.
	DialDenied
	// DialShown: the dialer shows the number, and the user may call it.
	DialShown
)

// Dial is UserCallActivity with ACTION_CALL, ACTION_CALL_PRIVILEGED or
// ACTION_CALL_EMERGENCY of a tel: uri. Emergency numbers are for privileged callers;
// others get the dialer with the number filled in.
func (t *Telecom) Dial(by Caller, action, number string) DialResult {
	privileged := t.d.Packages.CheckPermission(by, permCallPrivileged)
	switch {
	case action != ActionCall && !privileged, !privileged && !t.d.Packages.CheckPermission(by, permCallPhone):
		return DialDenied
	case IsEmergency(number) && !privileged:
		return DialShown
	}
	acc := t.Account(telephonyAccount())
	if acc == nil {
		return DialShown
	}
	t.outgoingCall(acc, "tel:"+number, nil)
	return Dialed
}

// Actions that call a number.
const (
	ActionCall           = "android.intent.action.CALL"
	ActionCallPrivileged = "android.intent.action.CALL_PRIVILEGED"
	ActionCallEmergency  = "android.intent.action.CALL_EMERGENCY"
)

// askedFor begins a call's history, with who asked for it in the words of the
// release.
func (t *Telecom) askedFor(c *Call) {
	asked := ""
	switch {
	case t.d.API >= 33:
		asked = c.Package + ";requestedAcct:" + c.Account.String() + ", selfMgd:" + boolText(c.SelfManaged)
	case t.d.API >= 29:
		asked = c.Package
	}
	t.event(c, "CREATED", asked)
}

// outgoingCall is CallsManager.startOutgoingCall and placeOutgoingCall.
func (t *Telecom) outgoingCall(acc *PhoneAccount, address string, extras Bundle) {
	pk := t.d.Packages.Get(acc.Handle.Component.Package)
	if pk == nil {
		return
	}
	t.nextCall++
	c := &Call{
		ID: "TC@" + itoa(t.nextCall), State: CallConnecting, Account: acc.Handle, UID: pk.UID, Package: pk.Name, Handle: address,
		SelfManaged: acc.SelfManaged(), VoIP: acc.SelfManaged(), Created: t.d.Elapsed(), Extras: extras,
		Emergency: !acc.SelfManaged() && IsEmergency(afterScheme(address)),
	}
	if c.SelfManaged {
		c.Properties |= PropSelfManaged
	}
	t.History = keep(t.History, c, historySize)
	t.askedFor(c)
	refused := c.SelfManaged && !t.outgoingPermitted()
	b := t.service(acc.Handle.Component)
	c.failing = refused
	if !refused {
		t.Calls = append(t.Calls, c)
		t.event(c, "SET_CONNECTING", "")
		t.d.MediaSessions.Global.Active = true
		t.log(Info, "InCallController: onCallAdded: %s", t.row(c))
		t.makeRoom(c)
		t.updateAudio()
		t.binding(c)
		t.managedAdded(c)
	}
	b.calls = append(b.calls, c)
	t.bind(b, func() {
		if refused {
			t.tellFailed(c, b)
			return
		}
		if c.Removed || c.Terminal() {
			return
		}
		t.connect(c, b)
	})
}

// makeRoom is makeRoomForOutgoingCall: an emergency call ends what cannot be held
// and holds the rest; another managed call holds the active one.
func (t *Telecom) makeRoom(c *Call) {
	if c.Emergency {
		for _, o := range t.Calls {
			if o != c && (o.State == CallRinging || o.State == CallDialing) {
				t.hangUp(o, "emergency call dialed during another call")
			}
		}
	}
	if !c.SelfManaged || c.Emergency {
		t.holdOthers(c)
	}
}

// dialed is handleCreateConnectionSuccess of an outgoing call.
func (t *Telecom) dialed(c *Call) {
	switch c.conn.state {
	case CallActive:
		t.holdOthers(c)
		t.focus(c)
		t.setState(c, CallActive, "successful outgoing call")
	default:
		t.focus(c)
		t.setState(c, CallDialing, "successful outgoing call")
	}
}

// SetDialing is Connection.setDialing.
func (c *Connection) SetDialing() {
	c.told("setDialing")
	c.change(CallDialing, func(t *Telecom, k *Call) { t.setState(k, CallDialing, "dialing set explicitly") })
}
