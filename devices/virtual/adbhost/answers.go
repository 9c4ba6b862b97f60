package adbhost

import (
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
)

// hostFeatures is what adb 29.0.6 says for host:host-features.
const hostFeatures = "push_sync,remount_shell,abb_exec,abb,apex,fixed_push_mkdir,ls_v2,stat_v2," +
	"fixed_push_symlink_timestamp,cmd,shell_v2"

// global answers the requests that are about the server itself, whatever phone
// they name; false if request is none of them.
func (s *session) global(request string) bool {
	switch request {
	case "version":
		s.answer(fmt.Sprintf("%04x", version))
	case "devices":
		s.answer(s.rows(false))
	case "devices-l":
		s.answer(s.rows(true))
	case "host-features":
		s.answer(hostFeatures)
	case "track-devices":
		s.track(false)
	case "track-devices-l":
		s.track(true)
	case "reconnect-offline":
		s.answer("")
	case "kill":
		s.fail("this adb server is part of a test and ends with it; it cannot be killed")
	default:
		return false
	}
	return true
}

func (s *session) rows(long bool) string {
	s.h.mu.Lock()
	defer s.h.mu.Unlock()
	return s.h.rows(long)
}

// gone is closed when the client hangs up. It is for requests after which a
// client has nothing to say.
func (s *session) gone() <-chan struct{} {
	c := make(chan struct{})
	s.h.running.Go(func() {
		defer close(c)
		_, _ = io.Copy(io.Discard, s.conn)
	})
	return c
}

// track sends the list now and after each change.
func (s *session) track(long bool) {
	changes, stop := s.h.watch()
	defer stop()
	s.put("OKAY")
	gone := s.gone()
	for {
		s.put(counted(s.rows(long)))
		select {
		case <-changes:
		case <-gone:
			return
		}
	}
}

// ask answers questions about one phone.
func (s *session) ask(t target, request string) {
	if !slices.Contains([]string{"get-state", "get-serialno", "get-devpath", "features"}, request) {
		s.fail("unknown host service")
		return
	}
	s.h.mu.Lock()
	p, refusal, _ := s.h.acquire(t, false)
	if p == nil {
		s.h.mu.Unlock()
		s.fail(refusal)
		return
	}
	state, serial, path := p.state, p.serial, p.devpath()
	s.h.mu.Unlock()
	switch request {
	case "get-state":
		s.answer(state)
	case "get-serialno":
		s.answer(serial)
	case "get-devpath":
		if path == "" {
			path = "unknown"
		}
		s.answer(path)
	case "features":
		s.answer(strings.Join(p.services.Banner().Features, ","))
	}
}

// withPort completes an address as adb does.
func withPort(address string) string {
	if !strings.Contains(address, ":") {
		return address + ":5555"
	}
	return address
}

// connect knows the phones that were added, and nobody else. What it answers is
// success for the protocol also when it says that it failed.
func (s *session) connect(address string) {
	if address == "" {
		s.answer("empty address")
		return
	}
	serial := withPort(address)
	if _, port, _ := net.SplitHostPort(serial); port != "" {
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			s.answer(fmt.Sprintf("bad port number '%s' in '%s'", port, serial))
			return
		}
	}
	s.h.mu.Lock()
	text := func() string {
		p := s.h.phones[serial]
		switch {
		case p == nil:
			return fmt.Sprintf("failed to connect to '%s': Connection refused", serial)
		case p.attached:
			// Also if it is offline: a trap of the real server.
			return "already connected to " + serial
		case p.state == "unauthorized":
			s.h.attach(p)
			return "failed to authenticate to " + serial
		case !online(p.state):
			s.h.attach(p)
			return "failed to connect to " + serial
		}
		s.h.attach(p)
		return "connected to " + serial
	}()
	s.h.mu.Unlock()
	s.answer(text)
}

// attach brings a disconnected phone back, as a new transport.
func (h *Host) attach(p *phone) {
	h.nextID++
	p.id, p.attached = h.nextID, true
	h.changed()
}

// detach is the server's disconnect of a phone over TCP.
func (h *Host) detach(p *phone) {
	p.attached = false
	p.drop()
	h.changed()
}

func (s *session) disconnect(address string) {
	s.h.mu.Lock()
	defer s.h.mu.Unlock()
	if address == "" {
		for _, p := range s.h.list() {
			if strings.Contains(p.serial, ":") {
				s.h.detach(p)
			}
		}
		s.answer("disconnected everything")
		return
	}
	serial := withPort(address)
	p := s.h.phones[serial]
	if p == nil || !p.attached {
		s.fail(fmt.Sprintf("no such device '%s'", serial))
		return
	}
	s.h.detach(p)
	s.answer("disconnected " + serial)
}

// reconnect drops the connection; the phone is back at once.
func (s *session) reconnect(t target) {
	s.h.mu.Lock()
	defer s.h.mu.Unlock()
	p, refusal, _ := s.h.acquire(t, true)
	if p == nil {
		s.answer(refusal)
		return
	}
	p.drop()
	s.answer(fmt.Sprintf("reconnecting %s [%s]", p.serial, p.state))
}

// waitFor answers twice: that the request is fine, and that the state is there.
// what is "TRANSPORT-STATE".
func (s *session) waitFor(t target, what string) {
	transport, state, _ := strings.Cut(what, "-")
	kinds := map[string]targetKind{"usb": usbPhone, "local": localPhone, "any": anyPhone}
	kind, known := kinds[transport]
	states := []string{"device", "recovery", "rescue", "sideload", "bootloader", "any", "disconnect"}
	if !known || !slices.Contains(states, state) {
		s.fail("unknown host service")
		return
	}
	if t.kind == anyPhone {
		t.kind = kind
	}
	changes, stop := s.h.watch()
	defer stop()
	s.put("OKAY")
	gone := s.gone()
	for {
		s.h.mu.Lock()
		// A phone that cannot be used is none: it is not any phone, and it is
		// disconnected.
		p, refusal, ambiguous := s.h.acquire(t, false)
		reached := p != nil && (state == "any" || p.state == state) || p == nil && state == "disconnect"
		s.h.mu.Unlock()
		switch {
		case reached:
			s.put("OKAY")
			return
		case ambiguous:
			s.fail(refusal)
			return
		}
		select {
		case <-changes:
		case <-gone:
			return
		}
	}
}
