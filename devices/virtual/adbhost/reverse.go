package adbhost

import (
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
)

// link is the way back from a phone to the sockets of this machine, for what
// "reverse:forward:" has named. It is an adbd.Host.
type link struct {
	name string
	gone chan struct{}
	h    *Host
}

// way is a phone's way back. h.mu is held.
func (h *Host) way(p *phone) *link {
	if p.link == nil {
		h.links++
		p.link = &link{name: fmt.Sprintf("host-%d", h.links), gone: make(chan struct{}), h: h}
	}
	return p.link
}

// Name implements adbd.Host.
func (l *link) Name() string { return l.name }

// Gone implements adbd.Host.
func (l *link) Gone() <-chan struct{} { return l.gone }

// Dial implements adbd.Host: it connects to a port of this machine's loopback
// interface, and to nothing else.
func (l *link) Dial(ctx context.Context, socket string) (io.ReadWriteCloser, error) {
	port, ok := strings.CutPrefix(socket, "tcp:")
	if !ok || strings.Contains(port, ":") {
		return nil, fmt.Errorf("connect to %s of the host: only tcp:PORT is offered", socket)
	}
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", net.JoinHostPort("127.0.0.1", port))
	if err != nil {
		return nil, fmt.Errorf("connect to %s of the host: %w", socket, err)
	}
	stop := make(chan struct{})
	l.h.mu.Lock()
	defer l.h.mu.Unlock()
	if l.h.closed {
		_ = conn.Close()
		return nil, fmt.Errorf("connect to %s of the host: it has gone", socket)
	}
	l.h.running.Go(func() {
		select {
		case <-l.gone:
			_ = conn.Close()
		case <-stop:
		}
	})
	return &dialed{Conn: conn, stop: stop}, nil
}

// dialed is closed with its phone.
type dialed struct {
	net.Conn
	once sync.Once
	stop chan struct{}
}

func (d *dialed) Close() error {
	d.once.Do(func() { close(d.stop) })
	return d.Conn.Close()
}
