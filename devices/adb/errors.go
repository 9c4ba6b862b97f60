package adb

import (
	"errors"
	"strings"
)

// Kind says what went wrong, in the order of the way from here to the phone: a
// smaller kind is nearer to the host. A Kind is an error only so that
// errors.Is(err, adb.Offline) reads well; it is never returned by itself.
type Kind int

const (
	// ServerDown: no adb server answers at the address.
	ServerDown Kind = iota + 1
	// NotFound: the server does not know the phone.
	NotFound
	// NoPermission: this machine may not open the phone's USB device.
	NoPermission
	// Offline: the server knows the phone but has no working connection to it.
	Offline
	// Unauthorized: the phone has not accepted this machine's key.
	Unauthorized
	// Authorizing: the phone is connecting or its owner is being asked.
	Authorizing
	// Ambiguous: more than one phone fits.
	Ambiguous
	// Refused: the phone (or the server) does not offer the service.
	Refused
	// Protocol: an answer that the protocol does not know.
	Protocol
	// TransportLost: the connection to the phone ended in the middle. What the
	// phone did until then is not known.
	TransportLost
	// Timeout: a limit of this package or the context's deadline has passed.
	Timeout
	// Canceled: the context was canceled or the stream was closed by its owner.
	Canceled
	// Rejected: the phone or the server answered that it cannot do this.
	Rejected
	// TooLong: a command, path or output is over its limit. For commands and
	// paths nothing was sent.
	TooLong
	// Local: the caller's own reader or writer failed.
	Local
)

// kinds has, per kind, what it means and what the user can do next.
var kinds = [...]struct{ text, advice string }{
	0:             {"unknown failure", ""},
	ServerDown:    {"no adb server", "start the server with `adb start-server`, or check the configured address"},
	NotFound:      {"phone not found", "compare the serial with `adb devices -l`, check cable and USB debugging, or run `adb connect HOST:PORT` for a phone on the network"},
	NoPermission:  {"no permission to open the phone", "install udev rules for the phone's maker and let this user into the plugdev group, then replug the phone"},
	Offline:       {"phone is offline", "wait a few seconds; if it stays offline, replug the phone or run `adb reconnect offline` (on the network: `adb disconnect`, then `adb connect`)"},
	Unauthorized:  {"phone has not authorized this machine", "unlock the phone and accept the debugging prompt on its screen"},
	Authorizing:   {"phone is still connecting", "accept the debugging prompt on the phone's screen if there is one, then try again"},
	Ambiguous:     {"more than one phone fits", "name the phone by its full serial"},
	Refused:       {"service refused", "the phone's release may not offer this service; check its adb features"},
	Protocol:      {"unexpected answer", "check that the address is an adb server's and that server and phone speak a common adb version"},
	TransportLost: {"connection to the phone lost", "check cable and network, and whether the phone rebooted, then run again"},
	Timeout:       {"took too long", "check that the phone responds (`adb -s SERIAL shell true`), or raise the limit"},
	Canceled:      {"canceled", ""},
	Rejected:      {"failed on the phone", "read the phone's message"},
	TooLong:       {"too long", "upload a long script as a file and run that file; stream a large output"},
	Local:         {"local reader or writer failed", "read the wrapped error"},
}

// Error is the kind's meaning in a few words.
func (k Kind) Error() string {
	if k <= 0 || int(k) >= len(kinds) {
		return kinds[0].text
	}
	return kinds[k].text
}

// Error is every error of this package.
type Error struct {
	// Op is what was attempted, such as "run a command".
	Op string
	// Serial is the phone, empty for questions to the server itself.
	Serial string
	Kind   Kind
	// Msg is the server's or the phone's own text, or more detail.
	Msg string
	// Err is the error underneath, if there is one.
	Err error
}

// Error says what was attempted, on which phone, and why it failed.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Op)
	if e.Serial != "" {
		b.WriteString(" on ")
		b.WriteString(e.Serial)
	}
	b.WriteString(": ")
	b.WriteString(e.Kind.Error())
	if e.Msg != "" {
		b.WriteString(": ")
		b.WriteString(e.Msg)
	}
	if e.Err != nil {
		b.WriteString(": ")
		b.WriteString(e.Err.Error())
	}
	return b.String()
}

// Unwrap returns the error underneath.
func (e *Error) Unwrap() error { return e.Err }

// Is makes errors.Is(err, adb.Offline) work.
func (e *Error) Is(target error) bool {
	k, ok := target.(Kind)
	return ok && k == e.Kind
}

// Advice says what the user can do next, or nothing.
func (e *Error) Advice() string {
	if e.Kind <= 0 || int(e.Kind) >= len(kinds) {
		return ""
	}
	return kinds[e.Kind].advice
}

// KindOf returns the kind of an error of this package, 0 for any other.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return 0
}

// failTexts tells kinds apart by the texts of a FAIL answer. They are those of
// acquire_one_transport in adb's transport.cpp and of adb.cpp; the server
// offers nothing better than text. Order matters: the first that is contained
// wins.
var failTexts = []struct {
	text string
	kind Kind
}{
	{"unauthorized", Unauthorized},
	{"still authorizing", Authorizing},
	{"still connecting", Authorizing},
	{"device offline", Offline},
	{"insufficient permissions", NoPermission},
	{"no permissions", NoPermission},
	{"udev", NoPermission},
	{"more than one device", Ambiguous},
	{"more than one emulator", Ambiguous},
	{"no devices", NotFound},
	{"no emulators found", NotFound},
	{"no device with transport id", NotFound},
	{"no such device", NotFound},
	{"unknown host service", Refused},
	{"protocol fault", Protocol},
}

// kindOfFail classifies the message of a FAIL answer.
func kindOfFail(msg string) Kind {
	switch {
	case msg == "closed":
		return Refused
	case strings.HasPrefix(msg, "device '") && strings.HasSuffix(msg, "' not found"), msg == "device not found":
		return NotFound
	}
	for _, f := range failTexts {
		if strings.Contains(msg, f.text) {
			return f.kind
		}
	}
	return Rejected
}
