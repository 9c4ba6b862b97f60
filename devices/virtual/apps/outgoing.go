package apps

import (
	"github.com/ringproof/ringproof/devices/virtual/android"
)

// The test door by which the app calls somebody: an action of the debug receiver,
// and its two texts. The callee is somebody real, so what they do comes as a push.
const (
	actionCall   = "org.ringproof.devicetest.CALL"
	extraCallee  = "callee"
	extraCalling = "session"
)

// onCallDoor is a broadcast of the door.
func (a *app) onCallDoor(intent *android.Intent, result *android.PendingResult) error {
	callee, session := intent.Extras.Text(extraCallee), intent.Extras.Text(extraCalling)
	if callee == "" || session == "" {
		result.SetCode(resultError)
		return nil
	}
	result.SetCode(resultAccepted)
	result.SetData(a.receipt())
	return a.start(callee, session)
}

// start is the user's call: the server makes a session of it, then Telecom is asked
// for a place.
func (a *app) start(callee, session string) error {
	if !a.c.Telecom().IsOutgoingCallPermitted(a.account()) {
		a.traceDetail("callRefused", session, "not permitted now")
		return nil
	}
	a.trace("backendStart", session, nil)
	a.c.Post(latency(session, "start"), func() error {
		if !a.loggedIn {
			a.traceDetail("backendStartFailed", session, "not logged in")
			return nil
		}
		k := &call{app: a, session: session, uid: callee, caller: callee, phase: dialing}
		a.calls[session] = k
		k.timeout = a.c.Post(ringTimeout, k.hangUp)
		if !a.has[CallsOutsideTelecom] {
			k.place()
		}
		if !a.has[ServiceAfterAnswer] {
			if err := k.startService(); err != nil {
				return err
			}
		}
		return k.open()
	})
	return nil
}

// place asks Telecom. What it refuses later arrives in
// OnCreateOutgoingConnectionFailed; without Telecom there is still the call.
func (k *call) place() {
	a := k.app
	a.trace("placeCall", k.session, nil)
	err := a.c.Telecom().PlaceCall(k.address(), a.account(), android.Bundle{
		android.ExtraOutgoingCallExtras: android.Bundle{
			extraSession: k.session, extraCaller: k.caller, extraUID: k.uid, extraVideo: k.video,
		},
	})
	if err != nil {
		a.traceDetail("placeCallFailed", k.session, err.Error())
	}
}

// answeredThere is the callee's yes.
func (k *call) answeredThere() error {
	k.phase = answering
	k.timeout.Stop()
	k.join()
	if k.app.has[ServiceAfterAnswer] {
		return k.startService()
	}
	return nil
}

// stopDialing is a push about a call that the callee has not taken yet.
func (k *call) stopDialing(action string) error {
	switch {
	case action == "ongoing" && k.app.has[IgnoresCalleeAnswer], action != "ongoing" && k.app.has[IgnoresCalleeDecline]:
		return nil
	case action == "ongoing":
		return k.answeredThere()
	}
	return k.end(causeOf(action), k.app.has[MissedOwnCall])
}

// OnCreateOutgoingConnection gives Telecom the connection of a call that the user
// makes.
func (a *app) OnCreateOutgoingConnection(_ *android.Context, _ android.PhoneAccountHandle, request *android.ConnectionRequest) (*android.Connection, error) {
	k := a.dialled(request)
	if k == nil { // given up meanwhile
		a.trace("onCreateOutgoingConnection", "", nil)
		conn := &android.Connection{Callbacks: android.NoCallbacks{}}
		conn.SetDisconnected(android.DisconnectCause{Code: android.DisconnectCanceled})
		return conn, nil
	}
	a.trace("onCreateOutgoingConnection", k.session, nil)
	k.connect()
	if a.has[ActiveWhileDialing] {
		k.conn.SetActive()
		return k.conn, nil
	}
	k.conn.SetDialing()
	return k.conn, nil
}

// OnCreateOutgoingConnectionFailed is Telecom's no: there is an emergency.
func (a *app) OnCreateOutgoingConnectionFailed(_ *android.Context, _ android.PhoneAccountHandle, request *android.ConnectionRequest) error {
	k := a.dialled(request)
	if k == nil {
		a.trace("onCreateOutgoingConnectionFailed", "", nil)
		return nil
	}
	a.trace("onCreateOutgoingConnectionFailed", k.session, nil)
	return k.hangUp()
}

// dialled is the outgoing call that a request of Telecom is about, nil without one.
func (a *app) dialled(request *android.ConnectionRequest) *call {
	if k := a.calls[request.Extras.Text(extraSession)]; k != nil && k.phase != ringing {
		return k
	}
	return nil
}
