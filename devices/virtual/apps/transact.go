package apps

import "github.com/ringproof/ringproof/devices/virtual/android"

// callControlProperty is the system property with which a test has the app add its
// calls by TelecomManager.addCall instead of its connection service, where the
// release can. It is read when a call is announced.
const callControlProperty = "debug.ringproof.callcontrol"

// transactional says that calls are added by addCall.
func (a *app) transactional() bool {
	return a.c.API() >= 34 && a.c.SystemProperty(callControlProperty) == "1"
}

// announce tells Telecom of a new call, in one way or the other.
func (a *app) announce(k *call) error {
	if !a.transactional() {
		a.trace("addNewIncomingCall", k.session, nil)
		return a.c.Telecom().AddNewIncomingCall(a.account(), a.incomingExtras(k))
	}
	// The account may be from before the property was set.
	if acc := a.c.Telecom().PhoneAccount(a.account()); acc == nil || acc.Capabilities&android.AccountTransactional == 0 {
		if err := a.register(); err != nil {
			return err
		}
	}
	a.trace("addCall", k.session, nil)
	return a.c.Telecom().AddCall(android.CallAttributes{
		Account: a.account(), DisplayName: k.caller, Address: k.address(), Video: k.video, Holdable: true,
	}, transaction{k}, func(control *android.CallControl, refused *android.CallException) error {
		if refused != nil {
			a.traceDetail("addCallFailed", k.session, refused.Error())
			if len(a.calls) > 1 {
				a.trace("backendBusy", k.session, nil)
				return k.end(android.DisconnectBusy, true)
			}
			return a.showIncoming(k)
		}
		k.control = control
		if k.phase == ended { // cancelled between the announcement and now
			control.Disconnect(android.DisconnectCause{Code: android.DisconnectCanceled})
			return nil
		}
		a.holder = k
		return a.showIncoming(k)
	})
}

// setActive tells Telecom that both sides hear each other.
func (k *call) setActive() {
	switch {
	case k.control != nil:
		k.control.Answer()
	case k.conn != nil:
		k.conn.SetActive()
	}
}

// leaveTelecom takes the call out of Telecom.
func (k *call) leaveTelecom(cause android.DisconnectCode) {
	switch {
	case k.control != nil:
		if !k.app.has[KeepsTransaction] {
			k.control.Disconnect(android.DisconnectCause{Code: cause})
		}
	case k.conn != nil:
		k.conn.SetDisconnected(android.DisconnectCause{Code: cause})
		k.conn.Destroy()
	}
}

// route asks for an audio route.
func (k *call) route(route int) {
	switch {
	case k.control != nil:
		k.control.RequestRoute(route)
	case k.conn != nil:
		k.conn.SetAudioRoute(route)
	}
}

// transaction is what Telecom asks of a transactional call.
type transaction struct{ k *call }

var _ android.CallControlCallback = transaction{}

func (t transaction) OnAnswer(*android.Context, *android.CallControl, int) (bool, error) {
	t.k.app.trace("onAnswer", t.k.session, nil)
	if t.k.app.has[IgnoresHeadset] {
		return false, nil
	}
	return true, t.k.answer()
}

func (t transaction) OnSetActive(*android.Context, *android.CallControl) (bool, error) {
	t.k.app.trace("onUnhold", t.k.session, nil)
	return true, nil
}

func (t transaction) OnSetInactive(*android.Context, *android.CallControl) (bool, error) {
	t.k.app.trace("onHold", t.k.session, nil)
	return !t.k.app.has[IgnoresHold], nil
}

func (t transaction) OnDisconnect(*android.Context, *android.CallControl, android.DisconnectCause) (bool, error) {
	t.k.app.trace("onDisconnect", t.k.session, nil)
	if t.k.phase == ringing {
		return true, t.k.reject()
	}
	return true, t.k.hangUp()
}

func (t transaction) OnCallAudioStateChanged(_ *android.Context, _ *android.CallControl, s android.CallAudioState) error {
	t.k.app.trace("onCallAudioStateChanged", t.k.session, nil)
	return t.k.onAudioState(s)
}
