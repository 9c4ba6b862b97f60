package adbhost

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"

	"github.com/ringproof/ringproof/devices/virtual/adbd"
)

// forward is a local port that leads to a service of a phone.
type forward struct {
	serial   string
	local    string // "tcp:PORT"
	remote   string
	listener net.Listener
}

// forwarding answers the requests about forwards. Unlike others they are
// acknowledged twice: the request, then its outcome.
func (s *session) forwarding(t target, name, arg string) {
	h := s.h
	h.mu.Lock()
	defer h.mu.Unlock()
	switch name {
	case "list-forward":
		var b strings.Builder
		for _, f := range h.forwards {
			fmt.Fprintf(&b, "%s %s %s\n", f.serial, f.local, f.remote)
		}
		s.answer(b.String())
		return
	case "killforward-all":
		for _, f := range h.forwards {
			_ = f.listener.Close()
		}
		h.forwards = nil
		s.put("OKAY", "OKAY")
		return
	}
	p, _, _ := h.acquire(t, false)
	if p == nil {
		s.fail("") // adb 29 does not say why
		return
	}
	if name == "killforward" {
		i := slices.IndexFunc(h.forwards, func(f *forward) bool { return f.local == arg })
		if i < 0 {
			s.fail(fmt.Sprintf("listener '%s' not found", arg))
			return
		}
		_ = h.forwards[i].listener.Close()
		h.forwards = slices.Delete(h.forwards, i, i+1)
		s.put("OKAY", "OKAY")
		return
	}
	arg, keep := strings.CutPrefix(arg, "norebind:")
	local, remote, ok := strings.Cut(arg, ";")
	if !ok || local == "" || remote == "" {
		s.fail("bad forward: " + arg)
		return
	}
	port, err := h.forward(p.serial, local, remote, keep)
	switch {
	case err != nil:
		s.fail(err.Error())
	case port != 0:
		s.put("OKAY", "OKAY", counted(strconv.Itoa(port)))
	default:
		s.put("OKAY", "OKAY")
	}
}

// forward opens or re-targets a local port; port is 0 if it was open before.
// h.mu is held.
func (h *Host) forward(serial, local, remote string, keep bool) (port int, err error) {
	for _, f := range h.forwards {
		if f.local != local {
			continue
		}
		if keep {
			return 0, fmt.Errorf("cannot rebind existing socket")
		}
		f.serial, f.remote = serial, remote
		return 0, nil
	}
	number, ok := strings.CutPrefix(local, "tcp:")
	if !ok {
		return 0, fmt.Errorf("cannot bind listener: unknown socket specification:%s", local)
	}
	if _, err := strconv.ParseUint(number, 10, 16); err != nil {
		return 0, fmt.Errorf("cannot bind listener: bad port number '%s'", number)
	}
	l, err := (&net.ListenConfig{}).Listen(h.ctx, "tcp", "127.0.0.1:"+number)
	if err != nil {
		return 0, fmt.Errorf("cannot bind listener: %w", err)
	}
	port = l.Addr().(*net.TCPAddr).Port
	f := &forward{serial: serial, local: "tcp:" + strconv.Itoa(port), remote: remote, listener: l}
	h.forwards = append(h.forwards, f)
	h.running.Go(func() { h.accept(l, func(conn net.Conn) { h.bridge(f, conn) }) })
	return port, nil
}

// bridge connects one socket of a forward with the phone's service.
func (h *Host) bridge(f *forward, conn net.Conn) {
	ctx, cancel := context.WithCancelCause(h.ctx)
	defer cancel(nil)
	h.mu.Lock()
	p, _, _ := h.acquire(target{kind: bySerial, serial: f.serial}, false)
	remote := f.remote
	if p != nil {
		p.busy[conn] = cancel
		ctx = adbd.WithHost(ctx, h.way(p))
	}
	h.mu.Unlock()
	if p == nil {
		return
	}
	defer func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(p.busy, conn)
	}()
	if serve, err := p.services.Open(remote); err == nil {
		h.run(ctx, cancel, conn, serve)
	}
}
