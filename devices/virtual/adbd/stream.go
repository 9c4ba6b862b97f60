package adbd

import (
	"context"
	"encoding/binary"
	"io"
	"sync"
)

// window is how many bytes a host may send ahead on a stream with delayed
// acknowledgements (INITIAL_DELAYED_ACK_BYTES of adb.h is 32 MiB; less bounds
// what a host can make this process hold, and costs nothing on loopback).
const window = 1 << 20

// stream is one service's side of a transport. Without delayed
// acknowledgements at most one WRTE is unacknowledged in each direction; with
// them each side counts bytes.
type stream struct {
	t      *transport
	local  uint32
	ctx    context.Context
	cancel context.CancelCauseFunc
	bye    sync.Once

	mu      sync.Mutex
	remote  uint32 // 0 until the host has answered an OPEN of the phone
	credit  int64  // how many bytes (delayed) or messages the host takes now
	queue   [][]byte
	wake    chan struct{} // capacity 1: something of the above has changed
	granted chan struct{} // capacity 1: credit has changed

	hand int  // length of the payload that is being read
	over bool // the stream is forgotten

	rmu  sync.Mutex
	rest []byte // of the payload that is being read

	wmu sync.Mutex
}

// newStream registers a stream; false means that the transport has too many.
// credit is what the host's OPEN granted.
func (t *transport) newStream(ctx context.Context, remote uint32, credit int64) (*stream, bool) {
	s := &stream{t: t, remote: remote, credit: credit, wake: make(chan struct{}, 1), granted: make(chan struct{}, 1)}
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.streams) >= maxStreams {
		return nil, false
	}
	for s.local = t.nextID + 1; s.local == 0 || t.streams[s.local] != nil; s.local++ {
	}
	t.nextID = s.local
	s.ctx, s.cancel = context.WithCancelCause(ctx)
	t.streams[s.local] = s
	return s, true
}

// forget ends a stream for good, with what it held.
func (s *stream) forget() {
	s.cancel(nil)
	s.mu.Lock()
	held := s.hand
	for _, data := range s.queue {
		held += len(data)
	}
	s.queue, s.hand, s.over = nil, 0, true
	s.mu.Unlock()
	s.t.release(held)
	s.t.mu.Lock()
	defer s.t.mu.Unlock()
	delete(s.t.streams, s.local)
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
		if s.next() {
			continue
		}
		select {
		case <-s.wake:
		case <-s.ctx.Done():
			// What came before the goodbye still counts.
			if !s.next() {
				return 0, io.EOF
			}
		}
	}
	n := copy(p, s.rest)
	s.rest = s.rest[n:]
	if len(s.rest) == 0 {
		s.rest = nil
		s.acknowledge()
	}
	return n, nil
}

// next takes the next payload up, if there is one.
func (s *stream) next() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.queue) == 0 {
		return false
	}
	s.rest = s.queue[0]
	s.hand = len(s.rest)
	s.queue[0] = nil
	s.queue = s.queue[1:]
	return true
}

// acknowledge lets the host go on: the payload in hand was consumed.
func (s *stream) acknowledge() {
	s.mu.Lock()
	bytes := s.hand
	s.hand = 0
	s.mu.Unlock()
	s.t.release(bytes)
	_ = s.t.okay(s, bytes) // a host that has gone needs no answer
}

// okay sends OKAY. With delayed acknowledgements it says how many bytes more
// the host may send.
func (t *transport) okay(s *stream, bytes int) error {
	m := message{command: cmdOKAY, arg0: s.local, arg1: s.peer()}
	if t.delayed {
		m.data = binary.LittleEndian.AppendUint32(nil, uint32(bytes))
	}
	return t.send(m)
}

func (s *stream) peer() uint32 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.remote
}

// Write sends p in as few messages as the host allows. It returns when the last
// one was sent; that the host has taken it shows in the next Write, or in
// Flush.
func (s *stream) Write(p []byte) (int, error) {
	s.wmu.Lock()
	defer s.wmu.Unlock()
	done := 0
	for done < len(p) {
		part := p[done:min(len(p), done+int(s.t.limit))]
		if err := s.spend(s.ctx, len(part)); err != nil {
			return done, io.ErrClosedPipe
		}
		if err := s.t.send(message{command: cmdWRTE, arg0: s.local, arg1: s.peer(), data: part}); err != nil {
			s.cancel(err)
			return done, err
		}
		done += len(part)
	}
	return done, nil
}

// spend waits until the host takes something, and takes bytes off its credit.
// A window may be overdrawn by one message, as AOSP's sender does.
func (s *stream) spend(ctx context.Context, bytes int) error {
	for {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		s.mu.Lock()
		ready := s.credit > 0
		switch {
		case ready && s.t.delayed:
			s.credit -= int64(bytes)
		case ready:
			s.credit = 0
		}
		s.mu.Unlock()
		if ready {
			return nil
		}
		select {
		case <-s.granted:
		case <-ctx.Done():
		}
	}
}

// Flush returns when the host has taken the last message, as far as its
// acknowledgements say, or ctx or the stream is done.
func (s *stream) Flush(ctx context.Context) error {
	s.wmu.Lock()
	defer s.wmu.Unlock()
	stop := context.AfterFunc(s.ctx, func() { poke(s.granted) })
	defer stop()
	for {
		s.mu.Lock()
		free := s.credit > 0
		s.mu.Unlock()
		if free || s.ctx.Err() != nil {
			return s.ctx.Err()
		}
		select {
		case <-s.granted:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// deliver takes a WRTE, also one that the host should not have sent yet: an adb
// server whose client has hung up sends all that is left without waiting. What
// a host may send too much is bounded for the whole transport.
func (s *stream) deliver(data []byte) error {
	if len(data) == 0 {
		_ = s.t.okay(s, 0)
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over {
		return nil
	}
	s.queue = append(s.queue, data)
	poke(s.wake)
	return s.t.hold(len(data))
}

// acknowledged takes an OKAY; bytes counts only with delayed acknowledgements.
func (s *stream) acknowledged(remote uint32, bytes int32) {
	s.mu.Lock()
	if s.remote == 0 {
		s.remote = remote
	}
	if s.t.delayed {
		s.credit += int64(bytes)
	} else {
		s.credit = 1
	}
	s.mu.Unlock()
	poke(s.granted)
}

func (s *stream) hostClosed() {
	s.cancel(ErrHostClosed)
	if s.peer() != 0 { // else the host has refused what the phone opened
		s.goodbye()
	}
}

// goodbye sends the one CLSE of our side.
func (s *stream) goodbye() {
	s.bye.Do(func() {
		_ = s.t.send(message{command: cmdCLSE, arg0: s.local, arg1: s.peer()})
	})
}
