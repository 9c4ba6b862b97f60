package adbd

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Auth is how a phone treats a host's key.
type Auth int

const (
	// AuthNone asks for no key, as a phone with ro.adb.secure=0.
	AuthNone Auth = iota
	// AuthKnown asks for a signature and accepts any: the host is one that the
	// user has allowed for good.
	AuthKnown
	// AuthPrompt knows no key, accepts each that is offered, as when the user
	// taps "Allow" at once, and knows it from then on.
	AuthPrompt
	// AuthRefuse knows no key and accepts none: the dialog is never answered.
	// Hosts list the phone as unauthorized.
	AuthRefuse
	// AuthAsk accepts signatures of the keys in Options.Keys, and shows the
	// dialog for others: somebody answers it there.
	AuthAsk
)

// Faults are what can be wrong with a phone's adb. The zero value is a phone in
// good health.
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
	// WrongMagic spoils the magic number of that message (the first is 1) and of
	// all later ones; 0 spoils none. adb 29 passes over such messages.
	WrongMagic int
	// Slow is the speed of the link in bytes per second, in each direction; 0 is
	// as fast as it goes.
	Slow int64
	// State overrides Banner.State: "recovery", "sideload", "rescue",
	// "bootloader".
	State string
	// Legacy is a phone of Android 5: no features, checksums, messages of at
	// most 4 KiB. Hosts use plain shells without exit status, and push what they
	// install.
	Legacy bool

	// DropExit makes shell v2 streams end without their exit status, as they do
	// when a phone is lost.
	DropExit bool
	// StallInstall stops reading an app that is streamed to the installer after
	// that many bytes, for good, as some makers' phones do; 0 reads all.
	StallInstall int64
	// Refuse refuses services that begin with it ("sync:"); empty refuses none.
	Refuse string
	// RebootEvery makes the phone reboot by itself, that long after each boot.
	// It is for who serves the phone: this package has no clock of its own.
	RebootEvery time.Duration
}

// fault is one fault that can be asked for by name.
type fault struct {
	name, arg, help string
	preset          string // the argument that is meant without one
	set             func(f *Faults, arg string) error
}

// errArgument is a fault whose argument makes no sense.
var errArgument = errors.New("the argument is not understood")

func positive(text string) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n <= 0 {
		return 0, errArgument
	}
	return n, nil
}

// faultTable is every fault with a name.
func faultTable() []fault {
	flag := func(set func(f *Faults)) func(*Faults, string) error {
		return func(f *Faults, arg string) error {
			if arg != "" {
				return errArgument
			}
			set(f)
			return nil
		}
	}
	bytes := func(field func(f *Faults) *int64) func(*Faults, string) error {
		return func(f *Faults, arg string) (err error) {
			*field(f), err = positive(arg)
			return err
		}
	}
	return []fault{
		{name: "refuse-auth", help: "accepts no host's key: listed as unauthorized", set: flag(func(f *Faults) { f.Auth = AuthRefuse })},
		{name: "ask-auth", help: "knows no host's key and shows a dialog that nobody answers", set: flag(func(f *Faults) { f.Auth = AuthAsk })},
		{name: "mute", help: "accepts connections and never answers: listed as offline", set: flag(func(f *Faults) { f.Mute = true })},
		{name: "down", help: "closes every connection at once", set: flag(func(f *Faults) { f.Down = true })},
		{name: "cut", arg: "BYTES", preset: "65536", help: "drops each connection after sending that much",
			set: bytes(func(f *Faults) *int64 { return &f.CutAfter })},
		{name: "drop-exit", help: "ends commands without their exit status", set: flag(func(f *Faults) { f.DropExit = true })},
		{name: "stall-install", arg: "BYTES", preset: "65536", help: "stops reading a streamed install after that much",
			set: bytes(func(f *Faults) *int64 { return &f.StallInstall })},
		{name: "slow", arg: "BYTES", preset: "65536", help: "a link of that many bytes per second",
			set: bytes(func(f *Faults) *int64 { return &f.Slow })},
		{name: "reboot", arg: "DURATION", preset: "30s", help: "reboots by itself, that long after each boot", set: func(f *Faults, arg string) (err error) {
			f.RebootEvery, err = time.ParseDuration(arg)
			if err != nil || f.RebootEvery <= 0 {
				return errArgument
			}
			return nil
		}},
		{name: "wrong-magic", arg: "MESSAGE", preset: "3", help: "spoils its messages from that one on", set: func(f *Faults, arg string) error {
			n, err := positive(arg)
			f.WrongMagic = int(n)
			return err
		}},
		{name: "refuse", arg: "SERVICE", help: "refuses services that begin so, such as sync:", set: func(f *Faults, arg string) error {
			if arg == "" {
				return errArgument
			}
			f.Refuse = arg
			return nil
		}},
		{name: "state", arg: "STATE", help: "is in recovery, sideload, rescue or bootloader", set: func(f *Faults, arg string) error {
			if !slices.Contains([]string{"recovery", "sideload", "rescue", "bootloader"}, arg) {
				return errArgument
			}
			f.State = arg
			return nil
		}},
		{name: "legacy", help: "speaks the protocol of Android 5: no features, no exit status, 4 KiB messages", set: flag(func(f *Faults) { f.Legacy = true })},
	}
}

// ParseFaults reads faults by name, "NAME" or "NAME=ARG" each. The error for a
// name that is not known lists all that are.
func ParseFaults(list ...string) (Faults, error) {
	var f Faults
	table := faultTable()
	for _, text := range list {
		name, arg, given := strings.Cut(text, "=")
		i := slices.IndexFunc(table, func(k fault) bool { return k.name == name })
		if i < 0 {
			var names []string
			for _, k := range table {
				names = append(names, k.usage())
			}
			return Faults{}, fmt.Errorf("no fault is called %q; the known ones are %s", name, strings.Join(names, ", "))
		}
		if !given {
			arg = table[i].preset
		}
		if err := table[i].set(&f, arg); err != nil {
			return Faults{}, fmt.Errorf("fault %q: %w; it is written %s", text, err, table[i].usage())
		}
	}
	return f, nil
}

func (k fault) usage() string {
	switch {
	case k.arg == "":
		return k.name
	case k.preset == "":
		return k.name + "=" + k.arg
	}
	return k.name + "[=" + k.arg + "]"
}

// FaultHelp is one line for each fault that ParseFaults knows.
func FaultHelp() string {
	var b strings.Builder
	for _, k := range faultTable() {
		help := k.help
		if k.preset != "" {
			help += " (" + k.preset + ")"
		}
		fmt.Fprintf(&b, "  %-24s %s\n", k.usage(), help)
	}
	return b.String()
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
	// Keys are the hosts that the phone knows; nil knows none.
	Keys *Keys
	// Trace may be nil.
	Trace Trace

	name string // of the transport, for the phone's side
}
