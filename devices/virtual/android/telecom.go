package android

import "time"

// CallState is a state of Telecom's state machine (CallState), with its number.
type CallState int

// Call states.
const (
	CallNew              CallState = 0
	CallConnecting       CallState = 1
	CallSelectAccount    CallState = 2
	CallDialing          CallState = 3
	CallRinging          CallState = 4
	CallActive           CallState = 5
	CallOnHold           CallState = 6
	CallDisconnected     CallState = 7
	CallAborted          CallState = 8
	CallDisconnecting    CallState = 9
	CallPulling          CallState = 10
	CallAnswered         CallState = 11
	CallAudioProcessing  CallState = 12
	CallSimulatedRinging CallState = 13
)

var callStateNames = [...]string{"NEW", "CONNECTING", "SELECT_PHONE_ACCOUNT", "DIALING", "RINGING", "ACTIVE", "ON_HOLD",
	"DISCONNECTED", "ABORTED", "DISCONNECTING", "PULLING", "ANSWERED", "AUDIO_PROCESSING", "SIMULATED_RINGING"}

func (s CallState) String() string {
	if s < 0 || int(s) >= len(callStateNames) {
		return "UNKNOWN"
	}
	return callStateNames[s]
}

// Capabilities of a PhoneAccount (PhoneAccount.CAPABILITY_*).
const (
	AccountConnectionManager uint32 = 0x1
	AccountCallProvider      uint32 = 0x2
	AccountSimSubscription   uint32 = 0x4
	AccountVideoCalling      uint32 = 0x8
	AccountSelfManaged       uint32 = 0x800
	AccountSupportsVideo     uint32 = 0x400
)

// Capabilities and properties of a Connection (Connection.CAPABILITY_*, PROPERTY_*).
const (
	CapHold         uint32 = 0x1
	CapSupportHold  uint32 = 0x2
	CapMute         uint32 = 0x40
	PropSelfManaged uint32 = 0x80
)

// DisconnectCode is DisconnectCause.CODE, with its number.
type DisconnectCode int

// Disconnect codes.
const (
	DisconnectUnknown    DisconnectCode = 0
	DisconnectError      DisconnectCode = 1
	DisconnectLocal      DisconnectCode = 2
	DisconnectRemote     DisconnectCode = 3
	DisconnectCanceled   DisconnectCode = 4
	DisconnectMissed     DisconnectCode = 5
	DisconnectRejected   DisconnectCode = 6
	DisconnectBusy       DisconnectCode = 7
	DisconnectRestricted DisconnectCode = 8
	DisconnectOther      DisconnectCode = 9
	DisconnectElsewhere  DisconnectCode = 11 // ANSWERED_ELSEWHERE
)

var disconnectNames = map[DisconnectCode]string{
	DisconnectUnknown: "UNKNOWN", DisconnectError: "ERROR", DisconnectLocal: "LOCAL", DisconnectRemote: "REMOTE",
	DisconnectCanceled: "CANCELED", DisconnectMissed: "MISSED", DisconnectRejected: "REJECTED", DisconnectBusy: "BUSY",
	DisconnectRestricted: "RESTRICTED", DisconnectOther: "OTHER", DisconnectElsewhere: "ANSWERED_ELSEWHERE",
}

func (c DisconnectCode) String() string {
	if n, ok := disconnectNames[c]; ok {
		return n
	}
	return "invalid code: " + itoa(int(c))
}

// DisconnectCause says why a call ended.
type DisconnectCause struct {
	Code                       DisconnectCode
	Label, Description, Reason string
}

// String is DisconnectCause.toString of Android 14.
func (c DisconnectCause) String() string {
	return "DisconnectCause [ Code: (" + c.Code.String() + ") Label: (" + c.Label + ") Description: (" + c.Description +
		") Reason: (" + c.Reason + ") Tone: (-1)  TelephonyCause: 36/65535 ImsReasonInfo: null]"
}

// PhoneAccountHandle names an account.
type PhoneAccountHandle struct {
	Component Component
	ID        string
	UserID    int
}

// PhoneAccount is a registered account, or one to be registered.
type PhoneAccount struct {
	Handle PhoneAccountHandle
	// Label is replaced by the app's label when the account is self-managed.
	Label            string
	ShortDescription string
	Address          string
	Capabilities     uint32
	Schemes          []string
	// Enabled is true for self-managed accounts; others wait for the user.
	Enabled bool
	Extras  Bundle
}

// SelfManaged reports whether the account is self-managed.
func (a *PhoneAccount) SelfManaged() bool { return a.Capabilities&AccountSelfManaged != 0 }

// CallEvent is one line of a call's history.
type CallEvent struct {
	// Time is the wall time, Elapsed the time since boot.
	Time    time.Time
	Elapsed time.Duration
	Name    string
	// Data is printed in parentheses; "" = none.
	Data string
	// Session is the logging session that made it, such as "CSW.sA(cap)@Abc".
	Session string
}

// Call is a call as Telecom holds it.
type Call struct {
	// ID is TC@n, counted from boot.
	ID       string
	State    CallState
	Incoming bool
	Account  PhoneAccountHandle
	// ConnectionService is zero before it is bound.
	ConnectionService Component
	UID               int
	Package           string
	// Handle is the address, such as "sip:alice"; may be empty.
	Handle            string
	CallerDisplayName string
	SelfManaged       bool
	// Transactional: it was added by addCall; its id is its client's.
	Transactional bool
	// Emergency: it calls an emergency number over the SIM.
	Emergency bool
	// Capabilities and Properties are the connection's.
	Capabilities, Properties uint32
	VideoState               int
	// VoIP: MODE_IN_COMMUNICATION is wanted; always so for self-managed calls.
	VoIP bool
	// Disconnecting: the user hung up and the app has not confirmed yet; dumps
	// print DISCONNECTING then.
	Disconnecting bool
	Cause         DisconnectCause
	Created       time.Duration
	// ActiveSince is 0 until the call was active.
	ActiveSince, EndedAt time.Duration
	Events               []CallEvent
	Extras               Bundle
	// Removed: it is no longer a live call.
	Removed bool

	conn    *Connection
	proc    *Process
	timeout *Timer
	failing bool
	token   *balToken
}

// Terminal reports whether the call has ended.
func (c *Call) Terminal() bool { return c.State == CallDisconnected || c.State == CallAborted }

// ConnectionRequest is what a connection service is given.
type ConnectionRequest struct {
	Account PhoneAccountHandle
	Address string
	// Extras are the bundle given to addNewIncomingCall, the nested one of
	// EXTRA_INCOMING_CALL_EXTRAS still inside, as it arrives from Telecom: custom
	// parcelables are Parceled.
	Extras     Bundle
	VideoState int
}

// CallAudioState is android.telecom.CallAudioState.
type CallAudioState struct {
	Muted bool
	// Route is one of the Route constants, Supported their mask.
	Route, Supported int
	// Bluetooth is the name of the headset that is there for calls, "" for none.
	// Reading it takes BLUETOOTH_CONNECT: see Context.BluetoothName.
	Bluetooth string
}

// Audio routes.
const (
	RouteEarpiece  = 1
	RouteBluetooth = 2
	RouteWired     = 4
	RouteSpeaker   = 8
)

// HistoryLine is a line of one of Telecom's local logs.
type HistoryLine struct {
	Time time.Time
	Text string
}

// BoundService is a connection service that Telecom knows.
type BoundService struct {
	Component Component
	// User is whose app it is in.
	User int
	// Bound: the service is connected now.
	Bound bool

	proc    *Process
	calls   []*Call
	waiting []func()
	binding bool
	record  *ServiceRecord
}

// Telecom is the telecom service.
type Telecom struct {
	d *Device
	// Accounts in order of registration.
	Accounts []*PhoneAccount
	// Calls are the live calls, mCalls.
	Calls []*Call
	// History are the last 10 calls, live ones included, oldest first.
	History []*Call
	// Services are the connection services known since boot.
	Services []*BoundService

	// ModeState is the audio mode state: UNFOCUSED, RINGING, VOIP_CALL,
	// TONE/HOLDING ...; ModeHistory its log ("Enter VOIP_CALL", "Mode MODE_..").
	ModeState   string
	ModeHistory []HistoryLine
	// Route is the current route, RouteFocus the prefix of its state's name.
	Route      int
	RouteFocus string // Quiescent, Ringing or Active
	Muted      bool
	// FocusHistory is the log of mConnectionSvrFocusMgr: call ids or "<none>".
	FocusHistory []HistoryLine
	// AnomalyLog is CallAnomalyWatchdog's log.
	AnomalyLog []HistoryLine

	nextCall    int
	nextSession int
	foreground  *Call
	// ringing: Telecom's own ringer holds the audio. leftBluetooth: the user
	// took the call away from the headset (mHasUserExplicitlyLeftBluetooth).
	// toldState is the audio state that apps know, as the log has it.
	ringing, leftBluetooth bool
	toldState              string
}

// Account finds a registered account; nil when there is none.
func (t *Telecom) Account(h PhoneAccountHandle) *PhoneAccount {
	for _, a := range t.Accounts {
		if a.Handle == h {
			return a
		}
	}
	return nil
}

// Foreground is the foreground call; nil without one.
func (t *Telecom) Foreground() *Call { return t.foreground }

// RouteState is the name of the route state machine's state, such as
// "QuiescentEarpieceRoute".
func (t *Telecom) RouteState() string {
	names := map[int]string{RouteEarpiece: "Earpiece", RouteBluetooth: "Bluetooth", RouteWired: "Headset", RouteSpeaker: "Speaker"}
	return t.RouteFocus + names[t.Route] + "Route"
}

// Connection is an app's android.telecom.Connection. The app fills the exported
// fields in before it returns it from OnCreateIncomingConnection; afterwards it
// uses the methods.
type Connection struct {
	Callbacks         ConnectionCallbacks
	Capabilities      uint32
	Properties        uint32
	Address           string
	CallerDisplayName string
	VideoState        int
	AudioModeIsVoIP   bool
	Extras            Bundle

	state CallState
	cause DisconnectCause
	gone  bool
	d     *Device
	proc  *Process
	call  *Call
}

// State is the connection's own state.
func (c *Connection) State() CallState { return c.state }

// CallID is Telecom's id for the connection, "" before it is known.
func (c *Connection) CallID() string {
	if c.call == nil {
		return ""
	}
	return c.call.ID
}
