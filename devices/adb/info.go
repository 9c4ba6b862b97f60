package adb

import (
	"strconv"
	"strings"
)

// State is a phone's state in the server's own word.
type State string

// The states that a server lists. There may be others: a State is never
// dropped because it is unknown here.
const (
	Ready              State = "device" // the phone can be used
	StateOffline       State = "offline"
	StateUnauthorized  State = "unauthorized"
	StateAuthorizing   State = "authorizing"
	StateConnecting    State = "connecting"
	StateRecovery      State = "recovery"
	StateSideload      State = "sideload"
	StateRescue        State = "rescue"
	StateBootloader    State = "bootloader"
	StateNoPermissions State = "no permissions"
	StateDetached      State = "detached"
)

// Kind is the kind of the error that using a phone in this state gives, 0 for
// states in which services can be opened.
func (s State) Kind() Kind {
	switch s {
	case Ready, StateRecovery, StateSideload, StateRescue:
		return 0
	case StateUnauthorized:
		return Unauthorized
	case StateAuthorizing, StateConnecting:
		return Authorizing
	case StateNoPermissions:
		return NoPermission
	}
	return Offline
}

// Info is one row of the server's list.
type Info struct {
	// Serial is empty for a phone that has none, which can only be reached by
	// its TransportID.
	Serial string
	State  State
	// Detail is the server's whole state text where it says more than State,
	// as it does for a missing permission.
	Detail string
	// Product, Model and Device are ro.product.name, .model and .device with
	// every odd character replaced by '_'. Empty until the phone was online.
	Product, Model, Device string
	// USB is the USB path such as "1-4.2"; empty for phones on the network.
	USB string
	// TransportID names the connection: it stays over automatic reconnects
	// and changes when the phone is disconnected and connected. 0 if the
	// server does not tell.
	TransportID uint64
}

const noSerial = "(no serial number)"

// parseDevices reads the text of host:devices-l, one phone a line:
// "%-22s STATE key:value ...". The state may contain blanks ("no permissions
// (...); see [...]"), so attributes are taken from the right.
func parseDevices(text string) []Info {
	var list []Info
	for line := range strings.SplitSeq(text, "\n") {
		if i, ok := parseDevice(line); ok {
			list = append(list, i)
		}
	}
	return list
}

func parseDevice(line string) (Info, bool) {
	line = strings.TrimSpace(line)
	if line == "" {
		return Info{}, false
	}
	var i Info
	rest, none := strings.CutPrefix(line, noSerial)
	if !none {
		end := strings.IndexAny(line, " \t")
		if end < 0 {
			// A name without a state: keep it, someone will want to see it.
			return Info{Serial: line, State: "unknown"}, true
		}
		i.Serial, rest = line[:end], line[end:]
	}
	words := strings.Fields(rest)
	for len(words) > 0 && i.attribute(words[len(words)-1]) {
		words = words[:len(words)-1]
	}
	state := strings.Join(words, " ")
	switch {
	case state == "":
		i.State = "unknown"
	case strings.HasPrefix(state, string(StateNoPermissions)):
		i.State, i.Detail = StateNoPermissions, state
	default:
		i.State = State(state)
	}
	return i, true
}

// attribute takes one "key:value" word and reports whether it was one. Keys
// that are not known here are passed over.
func (i *Info) attribute(word string) bool {
	key, value, ok := strings.Cut(word, ":")
	if !ok || key == "" || strings.HasPrefix(value, "//") || strings.Trim(key, "abcdefghijklmnopqrstuvwxyz_") != "" {
		return false
	}
	switch key {
	case "product":
		i.Product = value
	case "model":
		i.Model = value
	case "device":
		i.Device = value
	case "usb":
		i.USB = value
	case "transport_id":
		n, err := strconv.ParseUint(value, 10, 64)
		if err != nil {
			return false
		}
		i.TransportID = n
	}
	return true
}
