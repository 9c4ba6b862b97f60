package android

import (
	"slices"
	"strings"
	"time"
)

// telephonyPackage has Android's own connection service for calls of the SIM.
const telephonyPackage = "com.android.phone"

const telephonyClass = "com.android.services.telephony.TelephonyConnectionService"

// How long a network takes.
const (
	paging   = 700 * time.Millisecond // a call to the phone until the modem tells of it
	network  = 250 * time.Millisecond // a request of the phone until the network has done it
	alerting = 900 * time.Millisecond // dialing until the other side rings
)

// ModemState is the state of a call as the modem has it (the emulator's names).
type ModemState string

// States of the modem's calls.
const (
	ModemDialing  ModemState = "dialing"
	ModemAlerting ModemState = "ringing"
	ModemIncoming ModemState = "incoming"
	ModemWaiting  ModemState = "waiting"
	ModemActive   ModemState = "active"
	ModemHeld     ModemState = "held"
)

// ModemCall is one call of the SIM.
type ModemCall struct {
	Number  string
	Inbound bool
	State   ModemState

	conn *Connection
	gone bool
}

// Modem is the cellular modem with its SIM, and the telephony process over it.
type Modem struct {
	d *Device
	// SIM is inserted; without one there is no account and no call.
	SIM bool
	// Calls in order of their beginning.
	Calls []*ModemCall
	// OnDial is told of a number that the phone dials, and OnEnd of a call that
	// the phone ended, by the network that the phone is in. Both run locked.
	OnDial, OnEnd func(number string)
}

// IsEmergency reports whether a number is one that any phone may call.
func IsEmergency(number string) bool { return number == "911" || number == "112" || number == "999" }

// InsertSIM makes the phone one with a line.
func (m *Modem) InsertSIM() {
	if m.SIM {
		return
	}
	m.SIM = true
	m.d.Props.Set("gsm.sim.state", "LOADED")
	m.d.Props.Set("gsm.operator.alpha", "Android")
	pr := m.d.Processes.ByName(telephonyPackage)
	pr.app = &telephony{m}
	m.d.Telecom.Accounts = append(m.d.Telecom.Accounts, &PhoneAccount{
		Handle: telephonyAccount(), Label: "Android", Address: "tel:+15555215554", Enabled: true, Schemes: []string{"tel", "voicemail"},
		Capabilities: AccountCallProvider | AccountSimSubscription | accountMultiUser | accountPlaceEmergency,
		Extras:       Bundle{"android.telecom.extra.SUPPORTS_VIDEO_CALLING_FALLBACK": true},
	})
}

// Capabilities that only the SIM's account has.
const (
	accountPlaceEmergency uint32 = 0x10
	accountMultiUser      uint32 = 0x20
)

// telephonyAccount is the SIM's; its id is the subscription's (13+).
func telephonyAccount() PhoneAccountHandle {
	return PhoneAccountHandle{Component: Component{telephonyPackage, telephonyClass}, ID: "1"}
}

// Find is the call with a number; nil when there is none.
func (m *Modem) Find(number string) *ModemCall {
	if i := slices.IndexFunc(m.Calls, func(c *ModemCall) bool { return c.Number == number }); i >= 0 {
		return m.Calls[i]
	}
	return nil
}

// Ring is a call to the phone.
func (m *Modem) Ring(number string) *ModemCall {
	c := &ModemCall{Number: number, Inbound: true, State: ModemIncoming}
	if len(m.Calls) > 0 {
		c.State = ModemWaiting
	}
	m.Calls = append(m.Calls, c)
	m.later(c, paging, func() {
		acc := m.d.Telecom.Account(telephonyAccount())
		if acc == nil || !acc.Enabled {
			return
		}
		m.d.Telecom.incoming(acc, Bundle{ExtraIncomingCallAddress: "tel:" + number})
	})
	return c
}

// Answered: the other side has taken the call, or a console says that the call is
// active now.
func (m *Modem) Answered(c *ModemCall) {
	c.State = ModemActive
	if c.conn != nil {
		c.conn.SetActive()
	}
}

// Hold: the network holds the call.
func (m *Modem) Hold(c *ModemCall) {
	c.State = ModemHeld
	if c.conn != nil {
		c.conn.SetOnHold()
	}
}

// HungUp: the other side has ended the call, or was busy.
func (m *Modem) HungUp(c *ModemCall, busy bool) {
	cause := DisconnectRemote
	switch {
	case busy:
		cause = DisconnectBusy
	case c.State == ModemIncoming || c.State == ModemWaiting:
		cause = DisconnectMissed
	}
	m.end(c, cause)
}

// end takes a call out of the modem and tells Telecom.
func (m *Modem) end(c *ModemCall, cause DisconnectCode) {
	if c.gone {
		return
	}
	c.gone = true
	m.Calls = slices.DeleteFunc(m.Calls, func(o *ModemCall) bool { return o == c })
	if len(m.Calls) == 1 && m.Calls[0].State == ModemWaiting {
		m.Calls[0].State = ModemIncoming
	}
	if c.conn != nil {
		c.conn.SetDisconnected(DisconnectCause{Code: cause})
		c.conn.Destroy()
	}
}

// later is what takes the network a while, if the call is still there then.
func (m *Modem) later(c *ModemCall, in time.Duration, fn func()) {
	m.d.After(m.d.Jitter(in), func() {
		if !c.gone {
			fn()
		}
	})
}

// telephony is com.android.phone's connection service.
type telephony struct{ m *Modem }

var (
	_ ConnectionService         = (*telephony)(nil)
	_ OutgoingConnectionService = (*telephony)(nil)
	_ ConnectionCallbacks       = modemCallbacks{}
)

func (*telephony) OnCreate(*Context) error { return nil }

func (t *telephony) connection(c *ModemCall) *Connection {
	conn := &Connection{Callbacks: modemCallbacks{t.m, c, NoCallbacks{}}, Address: "tel:" + c.Number,
		Capabilities: CapHold | CapSupportHold | CapMute, Properties: propHighDefinition}
	if IsEmergency(c.Number) {
		conn.Capabilities = CapMute // an emergency call is not held
	}
	c.conn = conn
	return conn
}

// propHighDefinition is PROPERTY_HIGH_DEF_AUDIO.
const propHighDefinition uint32 = 0x4

func (t *telephony) OnCreateIncomingConnection(_ *Context, _ PhoneAccountHandle, r *ConnectionRequest) (*Connection, error) {
	c := t.m.Find(strings.TrimPrefix(r.Address, "tel:"))
	if c == nil || c.conn != nil {
		conn := &Connection{Callbacks: NoCallbacks{}}
		conn.SetDisconnected(DisconnectCause{Code: DisconnectMissed})
		return conn, nil
	}
	conn := t.connection(c)
	conn.SetRinging()
	return conn, nil
}

func (*telephony) OnCreateIncomingConnectionFailed(*Context, PhoneAccountHandle, *ConnectionRequest) error {
	return nil
}

func (t *telephony) OnCreateOutgoingConnection(_ *Context, _ PhoneAccountHandle, r *ConnectionRequest) (*Connection, error) {
	m := t.m
	c := &ModemCall{Number: strings.TrimPrefix(r.Address, "tel:"), State: ModemDialing}
	m.Calls = append(m.Calls, c)
	conn := t.connection(c)
	conn.SetDialing()
	m.later(c, alerting, func() {
		if c.State == ModemDialing {
			c.State = ModemAlerting
		}
	})
	if m.OnDial != nil {
		m.OnDial(c.Number)
	}
	return conn, nil
}

func (*telephony) OnCreateOutgoingConnectionFailed(*Context, PhoneAccountHandle, *ConnectionRequest) error {
	return nil
}

// modemCallbacks are what Telecom asks of a call of the SIM. The network does it a
// while later.
type modemCallbacks struct {
	m *Modem
	c *ModemCall
	NoCallbacks
}

func (b modemCallbacks) OnAnswer(*Context, *Connection, int) error {
	b.m.later(b.c, network, func() { b.m.Answered(b.c) })
	return nil
}

func (b modemCallbacks) OnReject(*Context, *Connection) error {
	return b.ends(DisconnectRejected)
}

func (b modemCallbacks) OnDisconnect(*Context, *Connection) error {
	return b.ends(DisconnectLocal)
}

func (b modemCallbacks) OnAbort(*Context, *Connection) error {
	return b.ends(DisconnectCanceled)
}

func (b modemCallbacks) ends(cause DisconnectCode) error {
	b.m.later(b.c, network, func() {
		b.m.end(b.c, cause)
		if b.m.OnEnd != nil {
			b.m.OnEnd(b.c.Number)
		}
	})
	return nil
}

func (b modemCallbacks) OnHold(*Context, *Connection) error {
	b.m.later(b.c, network, func() { b.m.Hold(b.c) })
	return nil
}

func (b modemCallbacks) OnUnhold(*Context, *Connection) error {
	b.m.later(b.c, network, func() { b.m.Answered(b.c) })
	return nil
}
