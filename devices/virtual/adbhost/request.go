package adbhost

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
)

// errEmpty is a request of length 0: the server hangs up without a word.
var errEmpty = errors.New("empty request")

// readRequest reads one smart-socket request: four hexadecimal digits of
// length, then the service string.
func readRequest(r io.Reader) (string, error) {
	var digits [4]byte
	if _, err := io.ReadFull(r, digits[:]); err != nil {
		return "", err
	}
	length, err := strconv.ParseUint(string(digits[:]), 16, 16)
	if err != nil {
		return "", fmt.Errorf("read request: %q is no length", digits[:])
	}
	if length == 0 {
		return "", errEmpty
	}
	service := make([]byte, length)
	if _, err := io.ReadFull(r, service); err != nil {
		return "", err
	}
	return string(service), nil
}

// session is one client's socket.
type session struct {
	h    *Host
	conn net.Conn
	on   *phone // the phone that the socket was switched to
}

// put writes an answer in one piece. A client that is gone is noticed at the
// next read.
func (s *session) put(parts ...string) {
	_, _ = io.WriteString(s.conn, strings.Join(parts, ""))
}

// counted is a string behind its length.
func counted(text string) string { return fmt.Sprintf("%04x%s", len(text), text) }

func (s *session) fail(text string)   { s.put("FAIL", counted(text)) }
func (s *session) answer(text string) { s.put("OKAY", counted(text)) }

// serve answers one client until it or its service is done.
func (h *Host) serve(conn net.Conn) {
	s := &session{h: h, conn: conn}
	for {
		service, err := readRequest(conn)
		if err != nil {
			return
		}
		serial := ""
		if s.on != nil {
			serial = s.on.serial
		}
		h.trace(Request{Serial: serial, Service: service})
		if more := s.request(service); !more {
			return
		}
	}
}

// request answers one request; more says that the socket waits for another.
func (s *session) request(service string) (more bool) {
	t, request, ok := splitTarget(service)
	if ok && request == "" {
		if t.kind == bySerial {
			return false // adb 29 hangs up without a word
		}
		ok = false
	}
	switch {
	case !ok && s.on == nil:
		s.fail("device offline (no transport)")
		return false
	case !ok:
		s.device(service)
		return false
	}
	if t.kind == byID && t.id == 0 {
		s.fail("invalid transport id")
		return false
	}
	name, arg, _ := strings.Cut(request, ":")
	switch name {
	case "transport", "transport-any", "transport-usb", "transport-local", "transport-id", "tport":
		return s.switchTo(name, arg)
	}
	if s.global(request) {
		return false
	}
	switch {
	case name == "connect":
		s.connect(arg)
	case name == "disconnect":
		s.disconnect(arg)
	case strings.HasPrefix(name, "wait-for-"):
		s.waitFor(t, strings.TrimPrefix(name, "wait-for-"))
	case name == "forward", name == "killforward", name == "killforward-all", name == "list-forward":
		s.forwarding(t, name, arg)
	case request == "reconnect":
		s.reconnect(t)
	default:
		s.ask(t, request)
	}
	return false
}

// splitTarget takes the prefix of a request for the server off; ok is false if
// it is not one.
func splitTarget(service string) (t target, request string, ok bool) {
	for _, p := range []struct {
		prefix string
		kind   targetKind
	}{{"host:", anyPhone}, {"host-usb:", usbPhone}, {"host-local:", localPhone}} {
		if rest, ok := strings.CutPrefix(service, p.prefix); ok {
			return target{kind: p.kind}, rest, true
		}
	}
	if rest, ok := strings.CutPrefix(service, "host-serial:"); ok {
		serial, request := splitSerial(rest)
		return target{kind: bySerial, serial: serial}, request, true
	}
	if rest, ok := strings.CutPrefix(service, "host-transport-id:"); ok {
		number, request, _ := strings.Cut(rest, ":")
		id, err := strconv.ParseUint(number, 10, 64)
		if err != nil {
			id = 0 // no transport has it
		}
		return target{kind: byID, id: id}, request, true
	}
	return target{}, "", false
}

// splitSerial ends a serial at its colon; the colon before a port number
// belongs to the serial, as do the prefixes that name a medium.
func splitSerial(rest string) (serial, request string) {
	prefix := ""
	for _, p := range []string{"usb:", "product:", "model:", "device:", "tcp:", "udp:"} {
		if strings.HasPrefix(rest, p) {
			prefix, rest = p, rest[len(p):]
			break
		}
	}
	serial, request, _ = strings.Cut(rest, ":")
	port, after, found := strings.Cut(request, ":")
	if _, err := strconv.ParseUint(port, 10, 16); err == nil && found {
		serial, request = serial+":"+port, after
	}
	return prefix + serial, request
}

// switchTo answers the requests after which the socket speaks to a phone.
func (s *session) switchTo(name, arg string) bool {
	t := target{}
	switch name {
	case "transport-usb":
		t.kind = usbPhone
	case "transport-local":
		t.kind = localPhone
	case "transport":
		t = target{kind: bySerial, serial: arg}
	case "transport-id":
		id, err := strconv.ParseUint(arg, 10, 64)
		if err != nil {
			s.fail("invalid transport id")
			return false
		}
		t = target{kind: byID, id: id}
	case "tport":
		serial, isSerial := strings.CutPrefix(arg, "serial:")
		switch {
		case isSerial:
			t = target{kind: bySerial, serial: serial}
		case arg == "usb":
			t.kind = usbPhone
		case arg == "local":
			t.kind = localPhone
		}
	}
	s.h.mu.Lock()
	p, refusal, _ := s.h.acquire(t, false)
	var id uint64
	if p != nil {
		id = p.id
	}
	s.h.mu.Unlock()
	if p == nil {
		s.fail(refusal)
		return false
	}
	s.on = p
	if name == "tport" {
		s.put("OKAY", string(binary.LittleEndian.AppendUint64(nil, id)))
	} else {
		s.put("OKAY")
	}
	return true
}
