package adbhost

import (
	"fmt"
	"sort"
	"strconv"
	"strings"
)

// target is how a request names its phone; the zero value is any.
type target struct {
	kind   targetKind
	serial string
	id     uint64
}

type targetKind int

const (
	anyPhone targetKind = iota
	usbPhone
	localPhone
	bySerial
	byID
)

// list returns the attached phones as adb sorts them: USB first, then by
// serial. h.mu is held.
func (h *Host) list() []*phone {
	var list []*phone
	for _, p := range h.phones {
		if p.attached {
			list = append(list, p)
		}
	}
	sort.Slice(list, func(i, j int) bool {
		if a, b := list[i].local(), list[j].local(); a != b {
			return b
		}
		return list[i].serial < list[j].serial
	})
	return list
}

// acquire finds the one phone that t means, as acquire_one_transport of adb's
// transport.cpp does; refusal is empty if it succeeded. ambiguous says that
// there is more than one. Without anyState the phone must be usable. h.mu is
// held.
func (h *Host) acquire(t target, anyState bool) (p *phone, refusal string, ambiguous bool) {
	var found []*phone
	for _, p := range h.list() {
		if t.kind == anyPhone ||
			t.kind == usbPhone && !p.local() ||
			t.kind == localPhone && p.local() ||
			t.kind == bySerial && p.matches(t.serial) ||
			t.kind == byID && p.id == t.id {
			found = append(found, p)
		}
	}
	if len(found) > 1 {
		return nil, map[targetKind]string{
			anyPhone:   "more than one device/emulator",
			usbPhone:   "more than one device",
			localPhone: "more than one emulator",
			bySerial:   "more than one device",
		}[t.kind], true
	}
	if len(found) == 0 {
		switch t.kind {
		case usbPhone:
			return nil, "no devices found", false
		case localPhone:
			return nil, "no emulators found", false
		case bySerial:
			return nil, fmt.Sprintf("device '%s' not found", t.serial), false
		case byID:
			return nil, fmt.Sprintf("no device with transport id '%d'", t.id), false
		}
		return nil, "no devices/emulators found", false
	}
	if !anyState {
		if refusal := unusable(found[0].state); refusal != "" {
			return nil, refusal, false
		}
	}
	return found[0], "", false
}

// matches says whether a client that names name means p: its serial, its USB
// path, or the one quality "product:", "model:" or "device:"
// (atransport::MatchesTarget).
func (p *phone) matches(name string) bool {
	switch {
	case name == p.serial, name != "" && name == p.devpath():
		return true
	case p.local() && (strings.HasPrefix(name, "tcp:") || strings.HasPrefix(name, "udp:")):
		return withPort(name[4:]) == p.serial
	case p.local() && withPort(name) == p.serial:
		return true
	case !p.known:
		return false
	}
	b := p.services.Banner()
	return name == "product:"+b.Product || name == "device:"+b.Device || name == "model:"+underscored(b.Model)
}

// unusable is why a client cannot have a phone in that state; empty if it can.
func unusable(state string) string {
	switch {
	case state == "unauthorized":
		return "device unauthorized.\n" +
			"This adb server's $ADB_VENDOR_KEYS is not set\n" +
			"Try 'adb kill-server' if that seems wrong.\n" +
			"Otherwise check for a confirmation dialog on your device."
	case state == "authorizing":
		return "device still authorizing"
	case state == "connecting":
		return "device still connecting"
	case state == "offline":
		return "device offline"
	case strings.HasPrefix(state, "no permissions"):
		return "insufficient permissions for device"
	}
	return ""
}

// rows is the text of host:devices and host:devices-l (append_transport of
// transport.cpp). h.mu is held.
func (h *Host) rows(long bool) string {
	var b strings.Builder
	for _, p := range h.list() {
		if !long {
			fmt.Fprintf(&b, "%s\t%s\n", p.serial, p.state)
			continue
		}
		fmt.Fprintf(&b, "%-22s %s", p.serial, p.state)
		if path := p.devpath(); path != "" {
			fmt.Fprintf(&b, " %s", path)
		}
		if p.known {
			banner := p.services.Banner()
			for _, a := range []struct{ key, value string }{
				{"product", banner.Product}, {"model", underscored(banner.Model)}, {"device", banner.Device},
			} {
				if a.value != "" {
					fmt.Fprintf(&b, " %s:%s", a.key, a.value)
				}
			}
		}
		fmt.Fprintf(&b, " transport_id:%d\n", p.id)
	}
	return b.String()
}

// devpath is where a USB phone is plugged in. Local transports have none.
func (p *phone) devpath() string {
	if p.local() {
		return ""
	}
	return "usb:1-" + strconv.FormatUint(p.id, 10)
}

// underscored is what adb makes of a model's name.
func underscored(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
			return r
		}
		return '_'
	}, s)
}
