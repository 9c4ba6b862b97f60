// Package gear is what stands beside a phone: a headset that is bonded with it,
// and a second line on which somebody can call it. A phone does not tell of them,
// so the configuration names them.
//
// It knows how to talk to them and no phone: whether a headset is a program beside
// a Bluetooth dongle, a piece of test hardware or something else that keeps to the
// protocol of Headset is all the same here.
package gear

import (
	"fmt"
	"net"
	"regexp"
	"strings"
)

// Gear is what stands beside one phone. The zero Gear is nothing.
type Gear struct {
	Headset HeadsetSpec
	Line    LineSpec
}

// HeadsetSpec says how a headset is reached.
type HeadsetSpec struct {
	// Address is the one that the phone has bonded, "" if only Control says it.
	Address string
	// Control is host:port of something that does with the headset what it is
	// told, see Headset. Without it the headset is one that lies there, switched
	// on and connected, and nobody presses its buttons.
	Control string
	// Radio, instead of both, is a Bluetooth controller as Bumble names it, such as
	// usb:0 or android-netsim: the headset is a program that is run on it by Python,
	// "" for the one on the path.
	Radio, Python string
}

// Known reports whether there is a headset at all.
func (h HeadsetSpec) Known() bool { return h.Address != "" || h.Controlled() }

// Controlled reports whether it does what it is told.
func (h HeadsetSpec) Controlled() bool { return h.Control != "" || h.Radio != "" }

// LineSpec says who can call the phone's number.
type LineSpec struct {
	// Console is host:port of an emulator's console.
	Console string
	// Number is the phone's own, for Caller: the serial of the phone with a SIM
	// that calls it.
	Number, Caller string
}

// Known reports whether there is a line at all.
func (l LineSpec) Known() bool { return l.Console != "" || l.Number != "" }

// Set is the gear of each phone, by serial.
type Set map[string]Gear

var (
	macWord    = regexp.MustCompile(`^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}$`)
	numberWord = regexp.MustCompile(`^\+?[0-9]{2,15}$`)
	radioWord  = regexp.MustCompile(`^[a-z]+(-[a-z]+)*(:\S+)?$`)
	emulator   = regexp.MustCompile(`^emulator-([0-9]{4,5})$`)
)

// Parse reads the settings headsets and lines, one text for each phone:
//
//	headsets: SERIAL=AA:BB:CC:DD:EE:FF             it is bonded, and switched on
//	          SERIAL=AA:BB:CC:DD:EE:FF@HOST:PORT   it does what it is told there
//	          SERIAL=bumble:usb:0                  a program with a USB dongle is one
//	lines:    emulator-5554=console                the emulator's own console
//	          SERIAL=console@HOST:PORT
//	          SERIAL=NUMBER@SERIAL                 the other phone calls the number
func Parse(headsets, lines []string) (Set, error) {
	set := Set{}
	for _, text := range headsets {
		serial, value, ok := strings.Cut(text, "=")
		if !ok || serial == "" {
			return nil, fmt.Errorf("headset %q: wants SERIAL=ADDRESS, SERIAL=ADDRESS@HOST:PORT or SERIAL=bumble:usb:0", text)
		}
		g := set[serial]
		if g.Headset.Known() {
			return nil, fmt.Errorf("headset %q: the phone has one already", text)
		}
		if radio, ok := strings.CutPrefix(value, "bumble:"); ok {
			if !radioWord.MatchString(radio) {
				return nil, fmt.Errorf("headset %q: %q is no Bluetooth controller such as usb:0 or android-netsim", text, radio)
			}
			g.Headset = HeadsetSpec{Radio: radio}
			set[serial] = g
			continue
		}
		address, control, controlled := strings.Cut(value, "@")
		if !macWord.MatchString(address) {
			return nil, fmt.Errorf("headset %q: %q is no Bluetooth address such as AA:BB:CC:DD:EE:FF", text, address)
		}
		if controlled {
			if err := hostPort(control); err != nil {
				return nil, fmt.Errorf("headset %q: %w", text, err)
			}
		}
		g.Headset = HeadsetSpec{Address: strings.ToUpper(address), Control: control}
		set[serial] = g
	}
	for _, text := range lines {
		serial, value, ok := strings.Cut(text, "=")
		if !ok || serial == "" {
			return nil, fmt.Errorf("line %q: wants SERIAL=console@HOST:PORT or SERIAL=NUMBER@SERIAL", text)
		}
		g := set[serial]
		if g.Line.Known() {
			return nil, fmt.Errorf("line %q: the phone has one already", text)
		}
		who, where, _ := strings.Cut(value, "@")
		switch {
		case who == "console":
			if where == "" {
				m := emulator.FindStringSubmatch(serial)
				if m == nil {
					return nil, fmt.Errorf("line %q: only an emulator's serial says where its console is: add @HOST:PORT", text)
				}
				where = "127.0.0.1:" + m[1]
			}
			if err := hostPort(where); err != nil {
				return nil, fmt.Errorf("line %q: %w", text, err)
			}
			g.Line = LineSpec{Console: where}
		case numberWord.MatchString(who) && where != "" && where != serial:
			g.Line = LineSpec{Number: who, Caller: where}
		default:
			return nil, fmt.Errorf("line %q: wants console, or a NUMBER and the serial of the phone that calls it", text)
		}
		set[serial] = g
	}
	return set, nil
}

func hostPort(s string) error {
	host, port, err := net.SplitHostPort(s)
	if err != nil || host == "" || port == "" {
		return fmt.Errorf("%q is no host:port", s)
	}
	return nil
}
