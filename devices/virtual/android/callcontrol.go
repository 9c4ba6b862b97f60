package android

import "fmt"

// AccountTransactional is PhoneAccount.CAPABILITY_SUPPORTS_TRANSACTIONAL_OPERATIONS
// (34+): the app adds its calls by addCall, without a connection service.
const AccountTransactional uint32 = 0x40000

// CallAttributes describe a call that is added (android.telecom.CallAttributes).
type CallAttributes struct {
	Account     PhoneAccountHandle
	DisplayName string
	Address     string
	Outgoing    bool
	Video       bool
	// Holdable is CallAttributes.SUPPORTS_SET_INACTIVE.
	Holdable bool
}

// CallControlCallback is what Telecom asks of a transactional call
// (android.telecom.CallControlCallback and CallEventCallback). completed false is a
// client that does not do it: an answer that is not completed ends the call.
type CallControlCallback interface {
	OnAnswer(c *Context, control *CallControl, videoState int) (completed bool, err error)
	OnSetActive(c *Context, control *CallControl) (completed bool, err error)
	OnSetInactive(c *Context, control *CallControl) (completed bool, err error)
	OnDisconnect(c *Context, control *CallControl, cause DisconnectCause) (completed bool, err error)
	OnCallAudioStateChanged(c *Context, control *CallControl, state CallAudioState) error
}

// CallControl is an app's hold on a transactional call (android.telecom.CallControl).
type CallControl struct {
	conn *Connection
}

// CallException is what a transaction that fails reports (android.telecom.CallException).
type CallException struct {
	Code    int
	Message string
}

// CodeNotPermittedNow is CODE_CALL_NOT_PERMITTED_AT_PRESENT_TIME: there is an
// emergency call, or another call of the account rings. Its number is from memory.
const CodeNotPermittedNow = 6

func (e *CallException) Error() string {
	return fmt.Sprintf("CallException code %d: %s", e.Code, e.Message)
}

// AddCall is TelecomManager.addCall. Before 14 there is no such method. The result
// comes a little later: the control of a call that Telecom took, or why it did not.
func (t TelecomManager) AddCall(a CallAttributes, cb CallControlCallback, result func(*CallControl, *CallException) error) error {
	return t.c.told(t.add(a, cb, result), "TelecomManager.addCall", a)
}

func (t TelecomManager) add(a CallAttributes, cb CallControlCallback, result func(*CallControl, *CallException) error) error {
	c, tc := t.c, t.c.d.Telecom
	if c.Proc.Dead {
		return nil
	}
	if !tc.d.Release.CallControl {
		return Throw("java.lang.NoSuchMethodError", "No virtual method addCall in class Landroid/telecom/TelecomManager; or its super classes")
	}
	if a.Account.Component.Package != c.PackageName {
		return Throw(SecurityException, "Package %s does not own the account", c.PackageName)
	}
	if err := c.d.Packages.enforce(c.caller(), permManageOwnCalls, "Self-managed phone accounts must have MANAGE_OWN_CALLS permission."); err != nil {
		return err
	}
	acc := tc.Account(a.Account)
	if acc == nil || acc.Capabilities&AccountTransactional == 0 {
		return Throw(SecurityException, "This PhoneAccountHandle is not registered for this user, or does not support transactional operations!")
	}
	c.Proc.toSystem(tc.d, func() { tc.transactional(c, a, cb, result) })
	return nil
}

// transactional is IncomingCallTransaction and OutgoingCallTransaction with the
// TransactionalServiceWrapper that follows.
func (t *Telecom) transactional(ctx *Context, a CallAttributes, cb CallControlCallback, result func(*CallControl, *CallException) error) {
	pr := ctx.Proc
	answer := func(k *CallControl, e *CallException) { pr.post(t.d, func() error { return result(k, e) }) }
	c := &Call{
		ID: t.uuid(), State: CallNew, Incoming: !a.Outgoing, Account: a.Account, ConnectionService: a.Account.Component, UID: pr.UID,
		Package: pr.Package, Handle: a.Address, CallerDisplayName: a.DisplayName, SelfManaged: true, Transactional: true, VoIP: true,
		Properties: PropSelfManaged, Created: t.d.Elapsed(), proc: pr,
	}
	permitted := t.outgoingPermitted()
	if c.Incoming {
		permitted = t.permitted(c)
	}
	if !permitted {
		answer(nil, &CallException{CodeNotPermittedNow, "incoming call not permitted at the current time"})
		return
	}
	if a.Holdable {
		c.Capabilities = CapHold | CapSupportHold
	}
	if a.Video {
		c.VideoState = 3
	}
	t.History = keep(t.History, c, historySize)
	t.askedFor(c)
	conn := &Connection{Address: a.Address, CallerDisplayName: a.DisplayName, Capabilities: c.Capabilities, Properties: PropSelfManaged, AudioModeIsVoIP: true, VideoState: c.VideoState}
	control := &CallControl{conn}
	conn.Callbacks = transactionCallbacks{t: t, control: control, cb: cb}
	conn.attach(t.d, pr, c)
	c.conn = conn
	t.Calls = append(t.Calls, c)
	if c.Incoming {
		t.follow(c, CallRinging, "successful incoming call")
	} else {
		t.follow(c, CallDialing, "successful outgoing call")
	}
	t.log(Info, "InCallController: onCallAdded: %s", t.row(c))
	t.d.MediaSessions.Global.Active = true
	answer(control, nil)
}

// uuid is the id that the framework's client gives its call.
func (t *Telecom) uuid() string {
	r := t.d.sys.rng
	return fmt.Sprintf("%08x-%04x-4%03x-%x%03x-%012x", r.Uint32(), r.IntN(1<<16), r.IntN(1<<12), 8+r.IntN(4), r.IntN(1<<12), r.Uint64()&(1<<48-1))
}

// CallID is getCallId.
func (k *CallControl) CallID() string { return k.conn.CallID() }

// SetActive is setActive, for a call that dials or is held.
func (k *CallControl) SetActive() { k.active("setActive", "active set explicitly for self-managed") }

// Answer is answer, for a call that rings.
func (k *CallControl) Answer() { k.active("answer", "answered") }

func (k *CallControl) active(method, tag string) {
	k.told(method)
	k.conn.change(CallActive, func(t *Telecom, c *Call) {
		t.holdOthers(c)
		t.focus(c)
		t.setState(c, CallActive, tag)
	})
}

// SetInactive is setInactive: the call is held.
func (k *CallControl) SetInactive() {
	k.told("setInactive")
	k.conn.change(CallOnHold, func(t *Telecom, c *Call) { t.setState(c, CallOnHold, "on-hold set explicitly") })
}

// Disconnect is disconnect: Telecom forgets the call.
func (k *CallControl) Disconnect(cause DisconnectCause) {
	k.told("disconnect", cause.Code)
	k.conn.change(CallDisconnected, func(t *Telecom, c *Call) { t.ended(c, cause) })
}

// RequestRoute is requestCallEndpointChange, by the route of the endpoint.
func (k *CallControl) RequestRoute(route int) { k.conn.SetAudioRoute(route) }

func (k *CallControl) told(call string, args ...any) {
	_ = k.conn.proc.ctx.told(nil, "CallControl."+call, append([]any{k}, args...)...)
}

// follow puts the call and the client's end of it into a state.
func (t *Telecom) follow(c *Call, s CallState, tag string) {
	c.conn.state = s
	t.setState(c, s, tag)
}

// ended is markCallAsDisconnected and removeCall of a transactional call.
func (t *Telecom) ended(c *Call, cause DisconnectCause) {
	c.Cause = cause
	t.follow(c, CallDisconnected, "disconnected set explicitly")
	t.remove(c)
}

// transactionCallbacks is TransactionalServiceWrapper: it asks the client, and does
// what the client has completed.
type transactionCallbacks struct {
	t       *Telecom
	control *CallControl
	cb      CallControlCallback
	NoCallbacks
}

// done runs fn in Telecom when the client has done its part, and otherwise if it
// has not.
func (b transactionCallbacks) done(completed bool, fn, otherwise func(c *Call)) {
	conn := b.control.conn
	conn.tell(func() {
		c := conn.call
		switch {
		case c.Removed || c.Terminal():
		case completed:
			fn(c)
		case otherwise != nil:
			otherwise(c)
		}
	})
}

func (b transactionCallbacks) OnAnswer(ctx *Context, _ *Connection, videoState int) error {
	ok, err := b.cb.OnAnswer(ctx, b.control, videoState)
	b.done(ok, func(c *Call) { b.t.follow(c, CallActive, "answered") }, func(c *Call) {
		b.t.ended(c, DisconnectCause{Code: DisconnectRejected, Reason: "client rejected to answer the call; force disconnecting"})
	})
	return err
}

func (b transactionCallbacks) OnReject(ctx *Context, _ *Connection) error {
	return b.disconnect(ctx, DisconnectCause{Code: DisconnectRejected})
}

func (b transactionCallbacks) OnDisconnect(ctx *Context, _ *Connection) error {
	return b.disconnect(ctx, DisconnectCause{Code: DisconnectLocal})
}

// disconnect ends the call whether or not the client completes.
func (b transactionCallbacks) disconnect(ctx *Context, cause DisconnectCause) error {
	ok, err := b.cb.OnDisconnect(ctx, b.control, cause)
	end := func(c *Call) { b.t.ended(c, cause) }
	b.done(ok, end, end)
	return err
}

func (b transactionCallbacks) OnHold(ctx *Context, _ *Connection) error {
	ok, err := b.cb.OnSetInactive(ctx, b.control)
	b.done(ok, func(c *Call) { b.t.follow(c, CallOnHold, "on-hold set explicitly") }, nil)
	return err
}

func (b transactionCallbacks) OnUnhold(ctx *Context, _ *Connection) error {
	ok, err := b.cb.OnSetActive(ctx, b.control)
	b.done(ok, func(c *Call) { b.t.follow(c, CallActive, "active set explicitly for self-managed") }, nil)
	return err
}

func (b transactionCallbacks) OnCallAudioStateChanged(ctx *Context, _ *Connection, s CallAudioState) error {
	return b.cb.OnCallAudioStateChanged(ctx, b.control, s)
}
