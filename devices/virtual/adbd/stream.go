package adbd

import (
	"context"
	"io"
	"sync"
)

// stream is one service's side of a transport. In each direction at most one
// WRTE is unacknowledged.
type stream struct {
	t             *transport
	local, remote uint32
	ctx           context.Context
	cancel        context.CancelCauseFunc
	bye           sync.Once

	in  chan []byte   // the one payload that the host may have sent
	ack chan struct{} // the host took our last payload

	rmu  sync.Mutex
	rest []byte // of the payload that is being read

	wmu     sync.Mutex
	pending bool // a payload of ours is not acknowledged yet
}

// Read gives what the host sent, and io.EOF once it has closed the stream and
// everything was read. A payload is acknowledged when its last byte was read,
// which is how a slow service slows the host down.
func (s *stream) Read(p []byte) (int, error) {
	s.rmu.Lock()
	defer s.rmu.Unlock()
	if len(p) == 0 {
		return 0, nil
	}
	for len(s.rest) == 0 {
		select {
		case s.rest = <-s.in:
			if len(s.rest) == 0 {
				s.consumed()
			}
			continue
		default:
		}
		select {
		case s.rest = <-s.in:
			if len(s.rest) == 0 {
				s.consumed()
			}
		case <-s.ctx.Done():
			// What came before the goodbye still counts.
			select {
			case s.rest = <-s.in:
			default:
				return 0, io.EOF
			}
		}
	}
	n := copy(p, s.rest)
	s.rest = s.rest[n:]
	if len(s.rest) == 0 {
		s.rest = nil
		s.consumed()
	}
	return n, nil
}

func (s *stream) consumed() {
	_ = s.t.send(message{command: cmdOKAY, arg0: s.local, arg1: s.remote})
}

// Write sends p in as few messages as the host allows. It returns when the last
// one was sent; that the host has taken it shows in the next Write.
func (s *stream) Write(p []byte) (int, error) {
	s.wmu.Lock()
	defer s.wmu.Unlock()
	done := 0
	for done < len(p) {
		if s.pending {
			select {
			case <-s.ack:
				s.pending = false
			case <-s.ctx.Done():
				return done, io.ErrClosedPipe
			}
		}
		if s.ctx.Err() != nil {
			return done, io.ErrClosedPipe
		}
		part := p[done:min(len(p), done+int(s.t.limit))]
		s.pending = true
		if err := s.t.send(message{command: cmdWRTE, arg0: s.local, arg1: s.remote, data: part}); err != nil {
			s.cancel(err)
			return done, err
		}
		done += len(part)
	}
	return done, nil
}

// deliver takes a WRTE. A host that does not wait for its OKAY breaks the
// protocol; its stream ends, because the reader of a transport never waits.
func (s *stream) deliver(data []byte) {
	select {
	case s.in <- data:
	default:
		s.goodbye()
		s.cancel(io.ErrShortBuffer)
	}
}

func (s *stream) acknowledged() {
	select {
	case s.ack <- struct{}{}:
	default:
	}
}

func (s *stream) hostClosed() {
	s.goodbye()
	s.cancel(ErrHostClosed)
}

// goodbye sends the one CLSE of our side.
func (s *stream) goodbye() {
	s.bye.Do(func() {
		_ = s.t.send(message{command: cmdCLSE, arg0: s.local, arg1: s.remote})
	})
}
