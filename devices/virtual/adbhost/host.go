// Package adbhost is a small adb server in process: it speaks the smart-socket
// protocol that adb's clients speak to port 5037, and has phones behind it
// that are adbd.Services. With it tests need no adb binary.
//
// It knows lists of phones, their states and the texts of adb 1.0.41's answers.
// It knows no transport protocol (package adbd has that, for real adb servers)
// and no phone's inside. It listens on loopback only, starts nothing and
// refuses to be killed.
package adbhost

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"

	"github.com/ringproof/ringproof/devices/virtual/adbd"
)

// version is the smart-socket version of adb 1.0.41. A stock client of another
// version tries to kill the server that it finds.
const version = 41

// errGone is the cause of a device service's ctx when its phone has left.
var errGone = errors.New("the phone has gone")

// Host is an adb server. Phones may come and go at any time; all methods are
// safe for concurrent use.
type Host struct {
	trace    func(Request)
	ctx      context.Context
	cancel   context.CancelFunc
	running  sync.WaitGroup
	listener net.Listener

	mu       sync.Mutex
	closed   bool
	phones   map[string]*phone
	nextID   uint64
	watchers map[chan struct{}]bool
	conns    map[net.Conn]bool
	forwards []*forward
	links    int // that were ever made
}

// phone is one row of the list.
type phone struct {
	serial   string
	services adbd.Services
	state    string
	id       uint64
	known    bool // its banner has been seen: it was online once
	attached bool // false after host:disconnect
	busy     map[net.Conn]context.CancelCauseFunc
	link     *link // what its services may dial; nil before the first, and after a loss
}

// Request is one service string that a client sent.
type Request struct {
	// Serial is the phone that the socket was switched to, empty before.
	Serial string
	// Service is the string as it came.
	Service string
}

// Option changes what a Host does.
type Option func(*Host)

// WithTrace makes the host tell f of each request before it is answered. f is
// called from many goroutines.
func WithTrace(f func(Request)) Option { return func(h *Host) { h.trace = f } }

// New makes an adb server that is not yet reachable.
func New(opts ...Option) *Host {
	h := &Host{
		phones: map[string]*phone{}, watchers: map[chan struct{}]bool{}, conns: map[net.Conn]bool{},
		trace: func(Request) {},
	}
	h.ctx, h.cancel = context.WithCancel(context.Background())
	for _, o := range opts {
		o(h)
	}
	return h
}

// Add plugs a phone in, online in the state that its banner gives. A serial of
// the form HOST:PORT, or that begins with "emulator-", is a local transport;
// others are USB.
func (h *Host) Add(serial string, s adbd.Services) error {
	if serial == "" || strings.ContainsAny(serial, " \t\n") {
		return fmt.Errorf("add phone %q to the adb server: the serial must be one word", serial)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.phones[serial] != nil {
		return fmt.Errorf("add phone %s to the adb server: it is there already; remove it first", serial)
	}
	p := &phone{serial: serial, services: s, known: true, attached: true, busy: map[net.Conn]context.CancelCauseFunc{}}
	p.state = s.Banner().State
	if p.state == "" {
		p.state = "device"
	}
	h.nextID++
	p.id = h.nextID
	h.phones[serial] = p
	h.changed()
	return nil
}

// Remove unplugs a phone for good; what runs on it is lost.
func (h *Host) Remove(serial string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	p := h.phones[serial]
	if p == nil {
		return fmt.Errorf("remove phone %s from the adb server: no such phone", serial)
	}
	delete(h.phones, serial)
	p.drop()
	h.changed()
	return nil
}

// SetState makes the server list a phone in that state: "device", "offline",
// "unauthorized", "authorizing", "connecting", "recovery", "sideload",
// "rescue", "bootloader" or "no permissions ...". Leaving a state in which
// services run ends them, without a goodbye.
func (h *Host) SetState(serial, state string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	p := h.phones[serial]
	switch {
	case p == nil:
		return fmt.Errorf("set state of phone %s: no such phone", serial)
	case state == "":
		return fmt.Errorf("set state of phone %s: no state given", serial)
	case p.state == state:
		return nil
	}
	p.state = state
	switch state {
	case "unauthorized", "authorizing", "connecting":
		p.known = false
	}
	if online(state) {
		p.known = true
	} else {
		p.drop()
	}
	h.changed()
	return nil
}

// Drop ends all that runs on a phone, as a short loss of its connection does.
// State and transport id stay, as after adb's automatic reconnect.
func (h *Host) Drop(serial string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	p := h.phones[serial]
	if p == nil {
		return fmt.Errorf("drop connection of phone %s: no such phone", serial)
	}
	p.drop()
	return nil
}

func (p *phone) drop() {
	if p.link != nil {
		close(p.link.gone)
		p.link = nil
	}
	for conn, cancel := range p.busy {
		// First the line, then what runs: a command that ends by its context
		// must not get its exit status through any more.
		_ = conn.Close()
		cancel(errGone)
	}
}

// online says whether a transport in that state serves anything
// (ConnectionStateIsOnline of adb.h).
func online(state string) bool {
	return slices.Contains([]string{"device", "recovery", "sideload", "rescue", "bootloader"}, state)
}

// local is the type of a transport that is not USB.
func (p *phone) local() bool {
	return strings.Contains(p.serial, ":") || strings.HasPrefix(p.serial, "emulator-")
}

// changed wakes who watches the list; h.mu is held.
func (h *Host) changed() {
	for c := range h.watchers {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

// watch returns a channel that gets a value after each change, at least one for
// several.
func (h *Host) watch() (c chan struct{}, stop func()) {
	c = make(chan struct{}, 1)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.watchers[c] = true
	return c, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.watchers, c)
	}
}

// Listen makes the server reachable on a loopback address such as
// "127.0.0.1:0". It is called once.
func (h *Host) Listen(addr string) error {
	if err := adbd.Loopback(addr); err != nil {
		return fmt.Errorf("listen for adb clients: %w", err)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || h.listener != nil {
		return fmt.Errorf("listen for adb clients on %s: the server listens already or is closed", addr)
	}
	l, err := (&net.ListenConfig{}).Listen(h.ctx, "tcp", addr)
	if err != nil {
		return fmt.Errorf("listen for adb clients on %s: %w", addr, err)
	}
	h.listener = l
	h.running.Go(func() { h.accept(l, h.serve) })
	return nil
}

// Addr is where clients find the server; nil before Listen.
func (h *Host) Addr() net.Addr {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.listener == nil {
		return nil
	}
	return h.listener.Addr()
}

// accept serves the connections of a listener until it is closed.
func (h *Host) accept(l net.Listener, serve func(net.Conn)) {
	for {
		conn, err := l.Accept()
		if err != nil {
			if adbd.Again(h.ctx, err) {
				continue
			}
			return
		}
		h.mu.Lock()
		if h.closed {
			h.mu.Unlock()
			_ = conn.Close()
			return
		}
		h.conns[conn] = true
		h.running.Go(func() {
			serve(conn)
			_ = conn.Close()
			h.mu.Lock()
			defer h.mu.Unlock()
			delete(h.conns, conn)
		})
		h.mu.Unlock()
	}
}

// Close ends everything and returns when no goroutine or socket of the server
// is left. The phones are not closed.
func (h *Host) Close() error {
	h.mu.Lock()
	h.closed = true
	h.cancel()
	for _, p := range h.phones {
		p.drop()
	}
	for conn := range h.conns {
		_ = conn.Close()
	}
	for _, f := range h.forwards {
		_ = f.listener.Close()
	}
	h.forwards = nil
	l := h.listener
	h.mu.Unlock()
	if l != nil {
		_ = l.Close()
	}
	h.running.Wait()
	return nil
}
