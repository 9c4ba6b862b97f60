package adbd

// Auth is how a phone treats a host's key.
type Auth int

const (
	// AuthNone asks for no key, as a phone with ro.adb.secure=0.
	AuthNone Auth = iota
	// AuthKnown asks for a signature and accepts any: the host is one that the
	// user has allowed for good.
	AuthKnown
	// AuthPrompt knows no key and accepts the first that is offered, as when
	// the user taps "Allow" at once.
	AuthPrompt
	// AuthRefuse knows no key and accepts none: the dialog is never answered.
	// Hosts list the phone as unauthorized.
	AuthRefuse
)

// Faults are what can be wrong with a transport. The zero value is a phone
// in good health.
type Faults struct {
	Auth Auth
	// Mute accepts the connection and never says hello; hosts list the phone as
	// offline.
	Mute bool
	// Down closes every connection at once, as the port of a phone that is
	// booting.
	Down bool
	// CutAfter ends a connection, without a goodbye, after that many bytes have
	// been sent to the host; 0 never does.
	CutAfter int64
	// State overrides Banner.State: "recovery", "sideload", "rescue",
	// "bootloader".
	State string
}

// Trace is told of every message. It is called from several goroutines and
// must not block.
type Trace func(e Event)

// Event is one message of a transport, without its payload.
type Event struct {
	Sent       bool // from the phone to the host
	Command    string
	Arg0, Arg1 uint32
	Length     int
	Service    string // of an OPEN
}

// Options is how transports are served.
type Options struct {
	Faults Faults
	// MaxPayload is what the phone offers, in bytes; 0 is MaxPayload.
	MaxPayload uint32
	// Trace may be nil.
	Trace Trace
}
