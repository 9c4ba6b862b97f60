package adbhost

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"time"

	"github.com/ringproof/ringproof/devices/virtual/adbd"
)

// linger is how long a client may take to read the last bytes of a service and
// to hang up. Closing at once could lose them: a TCP socket that is closed with
// unread input is reset.
const linger = 2 * time.Second

// device runs a service of the phone that the socket is switched to.
func (s *session) device(service string) {
	p := s.on
	ctx, cancel := context.WithCancelCause(s.h.ctx)
	defer cancel(nil)
	s.h.mu.Lock()
	usable := p.attached && s.h.phones[p.serial] == p && online(p.state)
	if usable {
		p.busy[s.conn] = cancel
		ctx = adbd.WithHost(ctx, s.h.way(p))
	}
	s.h.mu.Unlock()
	if !usable {
		s.fail("device offline (transport offline)")
		return
	}
	defer func() {
		s.h.mu.Lock()
		defer s.h.mu.Unlock()
		delete(p.busy, s.conn)
	}()
	serve, err := p.services.Open(service)
	if err != nil {
		s.fail("closed")
		return
	}
	s.put("OKAY")
	s.h.run(ctx, cancel, s.conn, serve)
}

// run serves one service over a socket, to the end of both.
func (h *Host) run(ctx context.Context, cancel context.CancelCauseFunc, conn net.Conn, serve adbd.Service) {
	stream := newStream(conn)
	ended := make(chan struct{})
	h.running.Go(func() {
		defer close(ended)
		stream.fill()
		cancel(adbd.ErrHostClosed)
	})
	// How a service ended is between it and the client, over the stream.
	_ = serve(ctx, stream)
	stream.discard()
	if half, ok := conn.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
		timer := time.NewTimer(linger)
		defer timer.Stop()
		select {
		case <-ended:
		case <-timer.C:
		case <-h.ctx.Done():
		}
	}
	_ = conn.Close()
	<-ended
}

// ahead is how much input of a client waits for a service, in bytes. Up to it a
// client that hangs up is noticed while its service does not read.
const ahead = 1 << 20

// stream is a client's socket as a service sees it.
type stream struct {
	conn net.Conn

	mu    sync.Mutex
	cond  *sync.Cond
	buf   []byte
	eof   bool
	ended bool // the service: input is thrown away
}

func newStream(conn net.Conn) *stream {
	s := &stream{conn: conn}
	s.cond = sync.NewCond(&s.mu)
	return s
}

// fill reads the socket to its end.
func (s *stream) fill() {
	chunk := make([]byte, 64<<10)
	for {
		n, err := s.conn.Read(chunk)
		s.mu.Lock()
		if !s.ended {
			s.buf = append(s.buf, chunk[:n]...)
		}
		s.eof = err != nil
		s.cond.Broadcast()
		for len(s.buf) >= ahead && !s.ended && !s.eof {
			s.cond.Wait()
		}
		s.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// discard is for the end of the service.
func (s *stream) discard() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended, s.buf = true, nil
	s.cond.Broadcast()
}

// Read gives what the client sent.
func (s *stream) Read(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.buf) == 0 && !s.eof && !s.ended {
		s.cond.Wait()
	}
	if len(s.buf) == 0 || s.ended {
		return 0, io.EOF
	}
	n := copy(p, s.buf)
	s.buf = s.buf[n:]
	if len(s.buf) == 0 {
		s.buf = nil
	}
	s.cond.Broadcast()
	return n, nil
}

// Write sends to the client. One that has closed its side gets nothing more:
// an adb server drops the whole stream then.
func (s *stream) Write(p []byte) (int, error) {
	s.mu.Lock()
	eof := s.eof
	s.mu.Unlock()
	if eof {
		return 0, io.ErrClosedPipe
	}
	n, err := s.conn.Write(p)
	if errors.Is(err, net.ErrClosed) {
		err = io.ErrClosedPipe
	}
	return n, err
}
