package adbd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// firstPort is where a phone's kernel looks for a free port
// (ip_local_port_range of Android's kernels).
const firstPort = 32768

// maxListeners bounds what hosts can make a phone listen on.
const maxListeners = 1024

// sockets is what listens on a phone: programs of its own, and "adb reverse".
// Keys are adb's names of sockets, "tcp:5566" or "localabstract:x".
type sockets struct {
	mu        sync.Mutex
	listeners []*listener // in the order of their making
}

type listener struct {
	local  string
	remote string  // of a reverse connection: what to open at host
	host   Host    // nil for a program of the phone's
	serve  Service // of a program
}

var errRefused = errors.New("connection refused")

// Listen lets a program of the phone accept connections on socket ("tcp:9000",
// "localabstract:x") until stop: from hosts by "adb forward", and from the
// phone by Dial.
func (d *Daemon) Listen(socket string, serve Service) (stop func(), err error) {
	l := &listener{local: socket, serve: serve}
	if err := d.sockets.add(l); err != nil {
		return nil, fmt.Errorf("listen on the phone's %s: %w", socket, err)
	}
	return func() { d.sockets.remove(func(other *listener) bool { return other == l }) }, nil
}

// Dial connects a program of the phone to a socket of the phone. On one that a
// host has reversed, the host answers.
func (d *Daemon) Dial(ctx context.Context, socket string) (io.ReadWriteCloser, error) {
	l := d.sockets.find(socket)
	var conn io.ReadWriteCloser
	err := errRefused
	switch {
	case l == nil:
	case l.host != nil:
		conn, err = l.host.Dial(ctx, l.remote)
	default:
		near, far := net.Pipe()
		serveCtx, cancel := context.WithCancel(context.WithoutCancel(ctx))
		go func() {
			defer cancel()
			_ = l.serve(serveCtx, far)
			_ = far.Close()
		}()
		conn, err = hangUp{near, cancel}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("connect to the phone's %s: %w", socket, err)
	}
	return conn, nil
}

// hangUp tells the program on the other side.
type hangUp struct {
	net.Conn
	cancel context.CancelFunc
}

func (h hangUp) Close() error {
	err := h.Conn.Close()
	h.cancel()
	return err
}

func (s *sockets) find(local string) *listener {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range s.listeners {
		if l.local == local {
			return l
		}
	}
	return nil
}

func (s *sockets) remove(which func(*listener) bool) (removed int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := len(s.listeners)
	s.listeners = slices.DeleteFunc(s.listeners, which)
	return before - len(s.listeners)
}

// add opens a socket; "tcp:0" becomes one with a free port.
func (s *sockets) add(l *listener) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.listeners) >= maxListeners {
		return errors.New("Too many open files")
	}
	taken := func(name string) bool {
		return slices.ContainsFunc(s.listeners, func(other *listener) bool { return other.local == name })
	}
	if number, ok := strings.CutPrefix(l.local, "tcp:"); ok {
		port, err := strconv.ParseUint(number, 10, 16)
		if err != nil {
			return fmt.Errorf("bad port number '%s'", number)
		}
		for free := firstPort; port == 0; free++ {
			if name := fmt.Sprintf("tcp:%d", free); !taken(name) {
				l.local, port = name, uint64(free)
			}
		}
	} else if kind, _, _ := strings.Cut(l.local, ":"); !slices.Contains(
		[]string{"local", "localreserved", "localabstract", "localfilesystem"}, kind) {
		return fmt.Errorf("unknown socket specification '%s'", l.local)
	}
	if taken(l.local) {
		return errors.New("Address already in use")
	}
	s.listeners = append(s.listeners, l)
	return nil
}

// isSocket says whether a service string names a socket of the phone's.
func isSocket(service string) bool {
	return strings.HasPrefix(service, "tcp:") || strings.HasPrefix(service, "local")
}

// connect answers what "adb forward" opens.
func (d *Daemon) connect(socket string) (Service, error) {
	if d.sockets.find(socket) == nil {
		return nil, fmt.Errorf("open %q: %w", socket, errRefused)
	}
	return func(ctx context.Context, stream io.ReadWriter) error {
		conn, err := d.Dial(ctx, socket)
		if err != nil {
			return err
		}
		return splice(ctx, stream, conn)
	}, nil
}

// splice copies both ways until one side ends; it closes conn.
func splice(ctx context.Context, stream io.ReadWriter, conn io.ReadWriteCloser) error {
	var once sync.Once
	hang := func() { once.Do(func() { _ = conn.Close() }) }
	defer hang()
	// The host's last bytes may still be on their way when it has gone, but
	// nobody waits for ever for a program that does not take them.
	longer, stop := outlive(ctx)
	defer stop()
	defer context.AfterFunc(longer, hang)()
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		_, _ = io.Copy(conn, stream)
		hang()
	}()
	_, err := io.Copy(stream, conn)
	if ctx.Err() != nil {
		<-sent
	}
	return err
}
