package apps

import (
	"github.com/ringproof/ringproof/devices/virtual/android"
)

const (
	extraSession = "extra_session_id"
	extraCaller  = "extra_caller_name"
	extraUID     = "extra_caller_uid"
	extraVideo   = "extra_video"
	extraData    = "extra_call_data"
)

// address is the caller for Telecom. A user id is no telephone number: as tel:
// it could match a contact or an emergency number.
func (k *call) address() string {
	if k.app.has[TelURI] {
		return "tel:" + k.uid
	}
	return "sip:" + k.uid
}

// incomingExtras is what travels through Telecom to the connection service.
// Only strings survive the way through system_server on every release.
func (a *app) incomingExtras(k *call) android.Bundle {
	if a.has[ParcelableExtras] {
		return android.Bundle{extraData: android.Parcelable{
			Class:  a.c.PackageName + ".CallData",
			Fields: map[string]string{"sessionId": k.session, "callerName": k.caller, "callerUid": k.uid},
		}}
	}
	return android.Bundle{
		android.ExtraIncomingCallAddress: k.address(),
		android.ExtraIncomingCallExtras: android.Bundle{
			extraSession: k.session, extraCaller: k.caller, extraUID: k.uid, extraVideo: k.video,
		},
	}
}

// requested is the call that a request of Telecom is about; nil if it is
// unknown, as after the death of the process that announced it.
func (a *app) requested(request *android.ConnectionRequest) (*call, error) {
	if a.has[ParcelableExtras] {
		// The guide reads it without setting a class loader.
		p, ok, err := request.Extras.Parcelable(extraData, android.BootClassLoader)
		if err != nil {
			return nil, err
		}
		if ok {
			return a.calls[p.Fields["sessionId"]], nil
		}
		return nil, nil
	}
	session := request.Extras.Text(extraSession)
	if session == "" {
		session = request.Extras.Bundle(android.ExtraIncomingCallExtras).Text(extraSession)
	}
	return a.calls[session], nil
}

// OnCreateIncomingConnection gives Telecom the connection of a call that was
// announced.
func (a *app) OnCreateIncomingConnection(_ *android.Context, _ android.PhoneAccountHandle, request *android.ConnectionRequest) (*android.Connection, error) {
	k, err := a.requested(request)
	if err != nil {
		return nil, err
	}
	if k == nil {
		// Cancelled between the announcement and now.
		a.trace("onCreateIncomingConnection", "", nil)
		conn := &android.Connection{Callbacks: android.NoCallbacks{}}
		conn.SetDisconnected(android.DisconnectCause{Code: android.DisconnectCanceled})
		return conn, nil
	}
	a.trace("onCreateIncomingConnection", k.session, nil)
	k.connect()
	k.conn.SetRinging()
	a.holder = k
	return k.conn, nil
}

// connect gives the call its connection.
func (k *call) connect() {
	k.conn = &android.Connection{
		Properties: android.PropSelfManaged, AudioModeIsVoIP: true, Capabilities: android.CapHold | android.CapSupportHold | android.CapMute,
		Callbacks: callbacks{k}, Address: k.address(), CallerDisplayName: k.caller,
	}
}

// OnCreateIncomingConnectionFailed is Telecom's no, which comes after
// addNewIncomingCall returned: there is a second ringing call, an emergency, a
// paused profile.
func (a *app) OnCreateIncomingConnectionFailed(_ *android.Context, _ android.PhoneAccountHandle, request *android.ConnectionRequest) error {
	k, err := a.requested(request)
	if err != nil {
		return err
	}
	session := ""
	if k != nil {
		session = k.session
	}
	a.trace("onCreateIncomingConnectionFailed", session, nil)
	if a.has[SilentFailure] {
		a.c.Log('E', "CallConnectionService", "Failed to create incoming connection")
		return nil
	}
	if k == nil {
		return nil
	}
	if a.has[ForgetsRefused] {
		return k.end(android.DisconnectError, false)
	}
	if len(a.calls) > 1 {
		a.trace("backendBusy", session, nil)
		return k.end(android.DisconnectBusy, true)
	}
	return a.showIncoming(k)
}

// callbacks are what Telecom asks of a connection.
type callbacks struct{ k *call }

var _ android.ConnectionCallbacks = callbacks{}

func (b callbacks) OnShowIncomingCallUi(*android.Context, *android.Connection) error {
	if b.k.app.has[NoIncomingUI] || b.k.app.has[HidesWaiting] && b.k.app.busy(b.k) {
		return nil
	}
	b.k.app.trace("onShowIncomingCallUi", b.k.session, nil)
	if b.k.phase != ringing {
		return nil
	}
	if b.k.app.has[RingsItself] {
		b.k.app.c.RequestAudioFocus("USAGE_NOTIFICATION_RINGTONE")
	}
	if b.k.app.has[TwoRingtones] || b.k.app.has[RingsOn] {
		b.k.ringtone = b.k.app.c.PlayRingtone("USAGE_NOTIFICATION_RINGTONE")
	}
	if b.k.app.has[LateNotification] || b.k.app.has[KnowsWhatIsShown] {
		b.k.app.c.Post(lateNotification, func() error { return b.k.app.showIncoming(b.k) })
		return nil
	}
	return b.k.app.showIncoming(b.k)
}

// OnAnswer comes from a headset, a car or a watch. A video answer is a callback
// of its own in the framework, which the guide does not implement.
func (b callbacks) OnAnswer(_ *android.Context, _ *android.Connection, videoState int) error {
	if b.k.app.has[MissingCallbacks] && videoState != 0 {
		return nil
	}
	b.k.app.trace("onAnswer", b.k.session, nil)
	if b.k.app.has[IgnoresHeadset] || b.k.app.has[NeedsUnlock] && b.k.app.c.IsDeviceLocked() {
		return nil
	}
	return b.k.answer()
}

func (b callbacks) OnReject(*android.Context, *android.Connection) error {
	b.k.app.trace("onReject", b.k.session, nil)
	if b.k.app.has[IgnoresHeadsetReject] {
		return nil
	}
	return b.k.reject()
}

func (b callbacks) OnDisconnect(*android.Context, *android.Connection) error {
	b.k.app.trace("onDisconnect", b.k.session, nil)
	if b.k.app.has[IgnoresHeadsetHangUp] {
		return nil
	}
	return b.k.hangUp()
}

func (b callbacks) OnHold(_ *android.Context, conn *android.Connection) error {
	b.k.app.trace("onHold", b.k.session, nil)
	switch {
	case b.k.app.has[IgnoresHold]:
		return nil
	case b.k.app.has[EndsOnHold]:
		return b.k.hangUp()
	}
	conn.SetOnHold()
	return nil
}

func (b callbacks) OnUnhold(_ *android.Context, conn *android.Connection) error {
	b.k.app.trace("onUnhold", b.k.session, nil)
	conn.SetActive()
	return nil
}

// OnSilence is a volume key while it rings: the call goes on without sound.
func (b callbacks) OnSilence(*android.Context, *android.Connection) error {
	if b.k.app.has[MissingCallbacks] {
		return nil
	}
	b.k.app.trace("onSilence", b.k.session, nil)
	if b.k.app.has[SilenceEndsCall] {
		return b.k.end(android.DisconnectRejected, false)
	}
	return b.k.app.silence(b.k)
}

func (b callbacks) OnAbort(*android.Context, *android.Connection) error {
	if b.k.app.has[MissingCallbacks] {
		return nil
	}
	b.k.app.trace("onAbort", b.k.session, nil)
	return b.k.end(android.DisconnectCanceled, false)
}

func (b callbacks) OnStateChanged(_ *android.Context, _ *android.Connection, state android.CallState) error {
	if !b.k.app.has[MissingCallbacks] {
		b.k.app.traceDetail("onStateChanged", b.k.session, state.String())
	}
	return nil
}

func (b callbacks) OnCallAudioStateChanged(_ *android.Context, _ *android.Connection, state android.CallAudioState) error {
	if !b.k.app.has[MissingCallbacks] {
		b.k.app.trace("onCallAudioStateChanged", b.k.session, nil)
	}
	return b.k.onAudioState(state)
}
