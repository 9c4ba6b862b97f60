package adbd

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"
)

// Server is a phone's adb port: it accepts the connections of adb servers, any
// number at the same time, and serves them.
type Server struct {
	listener net.Listener
	services Services
	ctx      context.Context
	cancel   context.CancelFunc
	running  sync.WaitGroup

	mu    sync.Mutex
	opts  Options
	conns map[net.Conn]context.CancelFunc
	count int // of the connections so far
}

// Listen opens a phone's adb port and serves it until Close, or until ctx is
// done. addr is a loopback address such as "127.0.0.1:0"; anything else is
// refused, because a virtual phone obeys everybody who can reach it.
func Listen(ctx context.Context, addr string, s Services, o Options) (*Server, error) {
	if err := Loopback(addr); err != nil {
		return nil, fmt.Errorf("listen for adb servers: %w", err)
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listen for adb servers on %s: %w", addr, err)
	}
	return serve(ctx, l, s, o), nil
}

// serve serves a listener.
func serve(ctx context.Context, l net.Listener, s Services, o Options) *Server {
	if o.Keys == nil {
		o.Keys = &Keys{}
	}
	srv := &Server{listener: l, services: s, opts: o, conns: map[net.Conn]context.CancelFunc{}}
	srv.ctx, srv.cancel = context.WithCancel(ctx)
	srv.running.Go(srv.accept)
	context.AfterFunc(srv.ctx, func() { _ = l.Close() })
	return srv
}

// Loopback returns an error unless addr ("host:port") is on the loopback
// interface. It resolves no names, except that "localhost" is fine.
func Loopback(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return err
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("%q is not a loopback address; use 127.0.0.1", addr)
	}
	return nil
}

// Again says, after a moment, whether a listener is still good after an error of
// Accept: one that is closed is not, but a process that has run out of files
// for a while, because somebody opens many connections, must go on.
func Again(ctx context.Context, err error) bool {
	if errors.Is(err, net.ErrClosed) {
		return false
	}
	timer := time.NewTimer(10 * time.Millisecond)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

func (s *Server) accept() {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			if Again(s.ctx, err) {
				continue
			}
			return
		}
		ctx, cancel := context.WithCancel(s.ctx)
		s.mu.Lock()
		s.count++
		o := s.opts
		o.name = fmt.Sprintf("host-%d", s.count)
		s.conns[conn] = cancel
		s.mu.Unlock()
		s.running.Go(func() {
			_ = Serve(ctx, conn, s.services, o)
			cancel()
			s.mu.Lock()
			delete(s.conns, conn)
			s.mu.Unlock()
		})
	}
}

// Addr is where the port is.
func (s *Server) Addr() net.Addr { return s.listener.Addr() }

// Keys are the hosts that the phone knows, and its dialogs.
func (s *Server) Keys() *Keys {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.opts.Keys
}

// SetFaults changes what is wrong with connections made from now on.
func (s *Server) SetFaults(f Faults) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.opts.Faults = f
}

// Disconnect drops all connections, as a phone does that reboots or loses its
// network. An adb server notices and may come back. It does not wait for the
// services of these connections to end.
func (s *Server) Disconnect() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for conn, cancel := range s.conns {
		_ = conn.Close() // before anything that ends can still say goodbye
		cancel()
	}
}

// Close stops listening, drops all connections and returns when everything that
// the server started has ended.
func (s *Server) Close() error {
	s.cancel()
	err := s.listener.Close()
	s.running.Wait()
	if errors.Is(err, net.ErrClosed) {
		err = nil
	}
	return err
}
