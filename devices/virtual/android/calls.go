package android

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Limits of Telecom (CallsManager, EventManager).
const (
	maxSelfManagedCalls = 10
	historySize         = 10
)

// log writes a line of tag Telecom, as the telecom process (system_server).
func (t *Telecom) log(prio byte, format string, args ...any) {
	t.nextSession++
	t.d.Log.Write(LogLine{UID: SystemUID, PID: SystemServerPID, TID: SystemServerPID + 34, Buffer: BufferSystem, Priority: prio, Tag: "Telecom",
		Message: t.prefixed(fmt.Sprintf(format, args...)) + ": " + t.session()})
}

// prefixed gives Telecom's own classes their maker's name.
func (t *Telecom) prefixed(message string) string {
	class, _, _ := strings.Cut(message, ":")
	if own := t.d.Maker.LogClasses[class]; own != "" {
		return own + message[len(class):]
	}
	return message
}

func (t *Telecom) session() string {
	n, s := t.nextSession, ""
	for range 3 {
		s = string("ABCDEFGHIJKLMNOPQRSTUVWXYZ"[n%26]) + s
		n /= 26
	}
	return "TSI.tcm@" + s
}

// event adds a line to the call's history, and to the log.
func (t *Telecom) event(c *Call, name, data string) {
	shown := data
	if shown == "" {
		shown = "null"
	}
	t.log(Info, "Event: RecordEntry %s: %s, %s", c.ID, name, shown)
	c.Events = append(c.Events, CallEvent{Time: t.d.Now(), Elapsed: t.d.Elapsed(), Name: name, Data: data, Session: t.session()})
}

// incoming is CallsManager.processIncomingCallIntent.
func (t *Telecom) incoming(acc *PhoneAccount, extras Bundle) {
	t.nextCall++
	pk := t.d.Packages.Get(acc.Handle.Component.Package)
	if pk == nil {
		return
	}
	c := &Call{
		ID: "TC@" + itoa(t.nextCall), State: CallNew, Incoming: true, Account: acc.Handle, UID: pk.UID, Package: pk.Name,
		Handle: extras.Text(ExtraIncomingCallAddress), SelfManaged: acc.SelfManaged(), VoIP: acc.SelfManaged(),
		Created: t.d.Elapsed(), Extras: extras,
	}
	if v, ok := extras[ExtraIncomingVideoState].(int); ok {
		c.VideoState = v
	}
	if c.SelfManaged {
		c.Properties |= PropSelfManaged
	}
	t.History = keep(t.History, c, historySize)
	t.askedFor(c)
	refused := c.SelfManaged && !t.permitted(c)
	b := t.service(acc.Handle.Component)
	c.failing = refused
	if !refused {
		t.binding(c)
	}
	b.calls = append(b.calls, c)
	t.bind(b, func() {
		if refused {
			t.tellFailed(c, b)
			return
		}
		t.connect(c, b)
	})
}

// binding is a call that waits for its connection service.
func (t *Telecom) binding(c *Call) {
	t.event(c, "BIND_CS", c.Account.Component.String())
	if limit := t.d.Release.CreateConnectionTimeout; limit > 0 {
		c.timeout = t.d.After(limit, func() { t.createTimeout(c) })
	}
}

// connect asks the service that was bound for the connection.
func (t *Telecom) connect(c *Call, b *BoundService) {
	t.event(c, "CS_BOUND", b.Component.String())
	c.ConnectionService = b.Component
	t.event(c, "START_CONNECTION", t.redact(c.Handle))
	t.create(c, b)
}

// permitted is isIncomingCallPermitted for self-managed calls: one ringing call an
// account, ten self-managed calls in all, none for a user who cannot see it.
func (t *Telecom) permitted(c *Call) bool {
	self := 0
	if e := t.emergency(); e != nil {
		t.log(Info, "CallsManager: isIncomingCallPermitted: emergency call %s in progress", e.ID)
		return false
	}
	if !t.d.Users.visible(c.Account.UserID) {
		return false
	}
	for _, o := range t.Calls {
		if o.SelfManaged {
			self++
		}
		if o.Account == c.Account && (o.State == CallRinging || o.State == CallAnswered) {
			t.log(Info, "CallsManager: isIncomingCallPermitted: maximum ringing calls of %s reached", c.Account)
			return false
		}
	}
	return self < maxSelfManagedCalls
}

func (t *Telecom) redact(address string) string {
	if address == "" {
		return ""
	}
	return safeAddress(address)
}

// request is what the connection service is given.
func (c *Call) request() *ConnectionRequest {
	return &ConnectionRequest{Account: c.Account, Address: c.Handle, Extras: c.Extras.Clone(), VideoState: c.VideoState}
}

// create asks the bound service for the connection.
func (t *Telecom) create(c *Call, b *BoundService) {
	pr := b.proc
	c.proc = pr
	pr.post(t.d, func() error {
		if c.Terminal() || c.Removed {
			return nil
		}
		make, ok := maker(pr.app, c.Incoming)
		if !ok {
			t.d.After(0, func() { t.failed(c, DisconnectCause{Code: DisconnectError, Reason: "IMPL_RETURNED_NULL_CONNECTION"}) })
			return nil
		}
		conn, err := make(pr.ctx, c.Account, c.request())
		if err != nil {
			return err
		}
		if conn == nil {
			t.d.After(0, func() { t.failed(c, DisconnectCause{Code: DisconnectError, Reason: "IMPL_RETURNED_NULL_CONNECTION"}) })
			return nil
		}
		conn.attach(t.d, pr, c)
		method := "ConnectionService.onCreateIncomingConnection"
		if !c.Incoming {
			method = "ConnectionService.onCreateOutgoingConnection"
		}
		_ = pr.ctx.told(nil, method, conn)
		pr.toSystem(t.d, func() { t.created(c, conn) })
		return nil
	})
}

// maker is the method of a connection service that makes the connection.
func maker(app App, incoming bool) (fn func(*Context, PhoneAccountHandle, *ConnectionRequest) (*Connection, error), ok bool) {
	if incoming {
		cs, ok := app.(ConnectionService)
		if !ok {
			return nil, false
		}
		return cs.OnCreateIncomingConnection, true
	}
	cs, ok := app.(OutgoingConnectionService)
	if !ok {
		return nil, false
	}
	return cs.OnCreateOutgoingConnection, true
}

// created is handleCreateConnectionSuccess and what follows for a call that skips
// filtering.
func (t *Telecom) created(c *Call, conn *Connection) {
	if c.Removed || c.Terminal() || conn.proc.Dead {
		return
	}
	c.timeout.Stop()
	if conn.state == CallDisconnected {
		t.failed(c, conn.cause)
		return
	}
	c.conn = conn
	conn.sync()
	if c.Incoming {
		t.Calls = append(t.Calls, c)
		t.setState(c, CallRinging, "successful incoming call")
		t.log(Info, "InCallController: onCallAdded: %s", t.row(c))
		t.d.MediaSessions.Global.Active = true
		t.managedAdded(c)
	} else {
		t.dialed(c)
	}
	b := t.service(c.Account.Component)
	if c.token == nil && t.d.Release.ServiceMayStartActivities {
		// Since 10 Telecom binds with BIND_ALLOW_BACKGROUND_ACTIVITY_STARTS.
		c.token = &balToken{}
		b.proc.tokens = append(b.proc.tokens, c.token)
	}
	if !c.SelfManaged || !c.Incoming {
		return // the dialer shows it, or whoever made the call
	}
	if t.unholdableElsewhere(c) {
		t.log(Info, "CallsManager: onShowIncomingCallUi suppressed for %s: another app has an unholdable call", c.ID)
		return
	}
	t.toApp(c, func(cb ConnectionCallbacks, ctx *Context) error { return cb.OnShowIncomingCallUi(ctx, conn) })
}

func (t *Telecom) unholdableElsewhere(c *Call) bool {
	return slices.ContainsFunc(t.Calls, func(o *Call) bool {
		return o != c && o.Account.Component.Package != c.Account.Component.Package && o.State == CallActive && o.Capabilities&CapSupportHold == 0
	})
}

// toApp runs a callback of the call's connection on the app's main thread.
func (t *Telecom) toApp(c *Call, fn func(cb ConnectionCallbacks, ctx *Context) error) {
	conn := c.conn
	if conn == nil || conn.proc.Dead || conn.Callbacks == nil {
		return
	}
	conn.proc.post(t.d, func() error { return fn(conn.Callbacks, conn.proc.ctx) })
}

// failed is onFailedIncomingCall: the call ends before it rang.
func (t *Telecom) failed(c *Call, cause DisconnectCause) {
	if c.Removed || c.Terminal() {
		return
	}
	c.timeout.Stop()
	t.event(c, "CREATE_CONNECTION_FAILED", cause.String())
	c.Cause = cause
	t.setState(c, CallDisconnected, "failed incoming call")
	t.remove(c)
}

// createTimeout: no connection within 15 s of binding (14, and patched older ones).
func (t *Telecom) createTimeout(c *Call) {
	if c.conn != nil || c.Removed || c.Terminal() {
		return
	}
	t.event(c, "CREATE_CONNECTION_TIMEOUT", "")
	t.failed(c, DisconnectCause{Code: DisconnectError, Reason: "Timeout expired before Telecom connection was created."})
}

// tellFailed delivers a refusal and lets the service go.
func (t *Telecom) tellFailed(c *Call, b *BoundService) {
	pr := b.proc
	pr.post(t.d, func() error {
		t.d.After(0, func() { t.remove(c) })
		if !c.Incoming {
			if cs, ok := pr.app.(OutgoingConnectionService); ok {
				return cs.OnCreateOutgoingConnectionFailed(pr.ctx, c.Account, c.request())
			}
		} else if cs, ok := pr.app.(ConnectionService); ok {
			return cs.OnCreateIncomingConnectionFailed(pr.ctx, c.Account, c.request())
		}
		return nil
	})
}

// setState is CallsManager.setCallState.
func (t *Telecom) setState(c *Call, s CallState, tag string) {
	old := c.State
	if old == s {
		return
	}
	t.log(Info, "CallsManager: setCallState %s -> %s, call: %s", old, s, t.row(c))
	c.State = s
	names := map[CallState]string{CallRinging: "SET_RINGING", CallActive: "SET_ACTIVE", CallOnHold: "SET_HOLD",
		CallDisconnected: "SET_DISCONNECTED", CallAnswered: "SET_ANSWERED", CallDialing: "SET_DIALING"}
	data := tag
	if s == CallDisconnected {
		data += "> " + c.Cause.String()
		c.EndedAt = t.d.Elapsed()
		c.Disconnecting = false
	}
	if s == CallActive && c.ActiveSince == 0 {
		c.ActiveSince = t.d.Elapsed()
	}
	t.event(c, names[s], data)
	t.updateAudio()
	t.managedChanged(c)
}

// remove takes the call out of the live ones and lets its service go.
func (t *Telecom) remove(c *Call) {
	if c.Removed {
		return
	}
	c.Removed = true
	c.timeout.Stop()
	t.event(c, "DESTROYED", "")
	t.Calls = slices.DeleteFunc(t.Calls, func(o *Call) bool { return o == c })
	t.d.MediaSessions.Global.Active = len(t.Calls) > 0
	t.updateAudio()
	t.managedChanged(c)
	for _, b := range t.Services {
		if !slices.Contains(b.calls, c) {
			continue
		}
		b.calls = slices.DeleteFunc(b.calls, func(o *Call) bool { return o == c })
		if b.proc != nil && c.token != nil {
			b.proc.dropToken(c.token)
		}
		if len(b.calls) == 0 {
			t.d.After(t.d.Jitter(10*time.Millisecond), func() {
				if len(b.calls) == 0 {
					t.unbind(b)
				}
			})
		}
	}
}

// service finds or makes the entry of a connection service.
func (t *Telecom) service(comp Component) *BoundService {
	for _, b := range t.Services {
		if b.Component == comp && b.User == t.d.user {
			return b
		}
	}
	b := &BoundService{Component: comp, User: t.d.user}
	t.Services = append(t.Services, b)
	return b
}

// bind connects to the service and runs then; the app's process starts for it.
func (t *Telecom) bind(b *BoundService, then func()) {
	if b.Bound {
		then()
		return
	}
	b.waiting = append(b.waiting, then)
	if b.binding {
		return
	}
	b.binding = true
	pk := t.d.Packages.Get(b.Component.Package)
	b.record = t.d.Services.bind(pk, b.Component, SystemCaller(), []string{"AUTO_CREATE", "FOREGROUND_SERVICE", "ALLOW_BACKGROUND_ACTIVITY_STARTS"})
	b.proc = b.record.Process
	proc := b.proc
	b.record.whenCreated(func() {
		t.d.After(t.d.Jitter(15*time.Millisecond), func() {
			if proc.Dead || b.proc != proc {
				return
			}
			b.binding, b.Bound = false, true
			t.log(Info, "ConnectionServiceWrapper: Service bound %s", b.Component)
			waiting := b.waiting
			b.waiting = nil
			for _, fn := range waiting {
				fn()
			}
		})
	})
}

func (t *Telecom) unbind(b *BoundService) {
	if b.record == nil {
		return
	}
	t.log(Info, "ConnectionServiceWrapper: Service unbound %s", b.Component)
	t.d.Services.unbind(b.record, SystemCaller())
	b.Bound, b.binding, b.record, b.proc, b.waiting = false, false, nil, nil, nil
}

// procDied is handleConnectionServiceDeath: the calls of the service end with
// ERROR "CS_DEATH" and go.
func (t *Telecom) procDied(pr *Process) {
	for _, c := range slices.Clone(t.Calls) {
		if c.Transactional && c.proc == pr {
			t.ended(c, DisconnectCause{Code: DisconnectError, Reason: "process died"})
		}
	}
	for _, b := range t.Services {
		if b.proc != pr {
			continue
		}
		b.Bound, b.binding, b.record, b.proc, b.waiting = false, false, nil, nil, nil
		for _, c := range slices.Clone(b.calls) {
			if !c.Terminal() && !c.failing {
				c.Cause = DisconnectCause{Code: DisconnectError, Reason: "CS_DEATH"}
				t.setState(c, CallDisconnected, "disconnected set explicitly")
			}
			t.remove(c)
		}
	}
}

// hasSelfManaged is isInSelfManagedCall(package).
func (t *Telecom) hasSelfManaged(pkg string) bool {
	return slices.ContainsFunc(t.Calls, func(c *Call) bool { return c.SelfManaged && c.Package == pkg })
}

// CleanupStuckCalls is `telecom cleanup-stuck-calls`: disconnected calls that the
// app never destroyed go.
func (t *Telecom) CleanupStuckCalls() {
	for _, c := range slices.Clone(t.Calls) {
		if c.Terminal() {
			t.remove(c)
		}
	}
}

// first finds the first call in one of the states, in the order of the states.
func (t *Telecom) first(states ...CallState) *Call {
	for _, s := range states {
		for _, c := range t.Calls {
			if c.State == s {
				return c
			}
		}
	}
	return nil
}

// HeadsetButton is HeadsetMediaButton: a short press answers the ringing call or
// ends another, a long press rejects the ringing one or toggles mute.
func (t *Telecom) HeadsetButton(long bool) {
	ringing := t.first(CallRinging, CallSimulatedRinging)
	if long {
		if ringing != nil {
			t.reject(ringing)
		} else if len(t.Calls) > 0 {
			t.setMute(!t.Muted)
		}
		return
	}
	if ringing != nil {
		t.answer(ringing)
		return
	}
	if c := t.first(CallRinging, CallDialing, CallPulling, CallActive, CallOnHold); c != nil {
		t.hangUp(c, "media button press - end call")
	}
}

// answer is CallsManager.answerCall.
func (t *Telecom) answer(c *Call) {
	t.holdOthers(c)
	t.focus(c)
	t.event(c, "REQUEST_ACCEPT", "")
	t.toApp(c, func(cb ConnectionCallbacks, ctx *Context) error { return cb.OnAnswer(ctx, c.conn, 0) })
	if t.d.Release.AnsweredState {
		t.setState(c, CallAnswered, "answered")
	}
}

func (t *Telecom) reject(c *Call) {
	t.event(c, "REQUEST_REJECT", "")
	t.toApp(c, func(cb ConnectionCallbacks, ctx *Context) error { return cb.OnReject(ctx, c.conn) })
}

func (t *Telecom) hangUp(c *Call, reason string) {
	c.Disconnecting = true
	t.event(c, "REQUEST_DISCONNECT", reason)
	if c.State == CallNew {
		t.toApp(c, func(cb ConnectionCallbacks, ctx *Context) error { return cb.OnAbort(ctx, c.conn) })
		return
	}
	t.toApp(c, func(cb ConnectionCallbacks, ctx *Context) error { return cb.OnDisconnect(ctx, c.conn) })
}

// hold asks the app to hold its call; data is what the event says of the reason.
func (t *Telecom) hold(c *Call, data string) {
	t.event(c, "REQUEST_HOLD", data)
	t.toApp(c, func(cb ConnectionCallbacks, ctx *Context) error { return cb.OnHold(ctx, c.conn) })
}

// unhold asks the app to go on with a held call, after another active one was
// held (CallsManager.unholdCall).
func (t *Telecom) unhold(c *Call) {
	t.holdOthers(c)
	t.focus(c)
	t.event(c, "REQUEST_UNHOLD", "")
	t.toApp(c, func(cb ConnectionCallbacks, ctx *Context) error { return cb.OnUnhold(ctx, c.conn) })
}

// endCall is TelecomManager.endCall, which is for managed calls: the ringing one is
// rejected, else the one in front ends. False without one.
func (t *Telecom) endCall() bool {
	if c := t.rings(); c != nil {
		t.reject(c)
		return true
	}
	for _, s := range []CallState{CallDialing, CallConnecting, CallActive, CallOnHold} {
		for _, c := range t.Calls {
			if c.State == s && !c.SelfManaged {
				t.hangUp(c, "")
				return true
			}
		}
	}
	return false
}

// holdOthers is holdActiveCallForNewCall: an active call that can hold is held;
// one that cannot, of another app, is disconnected.
func (t *Telecom) holdOthers(c *Call) {
	active := t.first(CallActive)
	switch {
	case active == nil || active == c:
	case active.Capabilities&CapHold != 0:
		t.hold(active, "Swap with "+c.ID)
	case active.Account.Component != c.Account.Component:
		t.hangUp(active, "disconnecting "+active.ID+" to answer "+c.ID)
	}
}

// silenceRinger is TelecomManager.silenceRinger by a volume key: every ringing
// call's app is told. False when nothing rings.
func (t *Telecom) silenceRinger() bool {
	rang := false
	for _, c := range t.Calls {
		if c.State == CallRinging {
			rang = true
			t.event(c, "SILENCE", "")
			t.toApp(c, func(cb ConnectionCallbacks, ctx *Context) error { return cb.OnSilence(ctx, c.conn) })
		}
	}
	return rang
}
