package adbd

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
)

// ErrHostClosed is the cause (context.Cause) of a service's ctx when the host
// has closed the stream; other causes mean that the whole transport is gone.
var ErrHostClosed = errors.New("the host closed the stream")

// errCut is what writing on a cut transport gives.
var errCut = errors.New("the transport was cut")

// transport is one connection of one adb server.
type transport struct {
	conn     net.Conn
	services Services
	opts     Options
	limit    uint32 // payload that the other side takes

	wmu  sync.Mutex
	sent int64

	mu      sync.Mutex
	streams map[uint32]*stream
	nextID  uint32
	running sync.WaitGroup
}

// Serve speaks the ADB transport protocol (the side of the phone) on conn until
// the host goes away or ctx is done. It closes conn, ends all services and
// returns when the last one has ended. Serving several connections with one
// Services at the same time is fine. It never opens a stream to the host.
func Serve(ctx context.Context, conn net.Conn, s Services, o Options) error {
	ctx, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	t := &transport{conn: conn, services: s, opts: o, streams: map[uint32]*stream{}}
	err := t.serve(ctx)
	cancel(err)
	stop()
	_ = conn.Close()
	t.running.Wait()
	if errors.Is(err, io.EOF) || errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

func (t *transport) serve(ctx context.Context) error {
	r := bufio.NewReaderSize(t.conn, 64<<10)
	if t.opts.Faults.Down {
		return io.EOF
	}
	if t.opts.Faults.Mute {
		_, err := io.Copy(io.Discard, r)
		return err
	}
	if err := t.hello(r); err != nil {
		return err
	}
	for {
		m, err := t.read(r, t.offer())
		if err != nil {
			return err
		}
		t.dispatch(ctx, m)
	}
}

func (t *transport) offer() uint32 {
	if t.opts.MaxPayload != 0 {
		return t.opts.MaxPayload
	}
	return MaxPayload
}

// hello answers CNXN, after as much AUTH as the faults want.
func (t *transport) hello(r io.Reader) error {
	m, err := t.read(r, maxHello)
	if err != nil {
		return err
	}
	if m.command != cmdCNXN {
		return fmt.Errorf("serve a transport: the host began with %s, not with CNXN", name(m.command))
	}
	t.limit = min(m.arg1, t.offer())
	if t.limit == 0 {
		return errors.New("serve a transport: the host takes no payload")
	}
	if t.opts.Faults.Auth != AuthNone {
		if err := t.authorize(r); err != nil {
			return err
		}
	}
	b := t.services.Banner()
	if t.opts.Faults.State != "" {
		b.State = t.opts.Faults.State
	}
	return t.send(message{command: cmdCNXN, arg0: protocolVersion, arg1: t.offer(), data: []byte(b.String())})
}

// String is the form of a banner in CNXN.
func (b Banner) String() string {
	state := b.State
	if state == "" {
		state = "device"
	}
	return fmt.Sprintf("%s::ro.product.name=%s;ro.product.model=%s;ro.product.device=%s;features=%s",
		state, b.Product, b.Model, b.Device, strings.Join(b.Features, ","))
}

// Arguments of AUTH.
const (
	authToken     = 1
	authSignature = 2
	authPublicKey = 3
)

// authorize returns when the host may come in.
func (t *transport) authorize(r io.Reader) error {
	// The token's bytes do not matter: no signature is verified here.
	token := message{command: cmdAUTH, arg0: authToken, data: []byte("ringproof-auth-token")}
	if err := t.send(token); err != nil {
		return err
	}
	for {
		m, err := t.read(r, t.offer())
		if err != nil {
			return err
		}
		if m.command != cmdAUTH {
			continue
		}
		switch {
		case m.arg0 == authSignature && t.opts.Faults.Auth == AuthKnown,
			m.arg0 == authPublicKey && t.opts.Faults.Auth != AuthRefuse:
			return nil
		case m.arg0 == authSignature:
			if err := t.send(token); err != nil {
				return err
			}
		}
	}
}

func (t *transport) read(r io.Reader, limit uint32) (message, error) {
	m, err := readMessage(r, limit)
	if err == nil {
		t.trace(false, m)
	}
	return m, err
}

// send writes one message. It may block as long as the host does not read.
func (t *transport) send(m message) error {
	h := m.header()
	t.wmu.Lock()
	defer t.wmu.Unlock()
	length := int64(len(h) + len(m.data))
	if cut := t.opts.Faults.CutAfter; cut > 0 && t.sent+length > cut {
		left := slices.Concat(h[:], m.data)[:cut-t.sent]
		t.sent = cut
		_, _ = t.conn.Write(left)
		_ = t.conn.Close()
		return errCut
	}
	t.sent += length
	t.trace(true, m)
	parts := net.Buffers{h[:], m.data}
	_, err := parts.WriteTo(t.conn)
	return err
}

func (t *transport) trace(sent bool, m message) {
	if t.opts.Trace == nil {
		return
	}
	e := Event{Sent: sent, Command: name(m.command), Arg0: m.arg0, Arg1: m.arg1, Length: len(m.data)}
	if m.command == cmdOPEN {
		e.Service = serviceName(m.data)
	}
	t.opts.Trace(e)
}

func name(command uint32) string {
	for n, s := range map[uint32]string{
		cmdCNXN: "CNXN", cmdAUTH: "AUTH", cmdOPEN: "OPEN", cmdOKAY: "OKAY", cmdCLSE: "CLSE", cmdWRTE: "WRTE",
	} {
		if n == command {
			return s
		}
	}
	return fmt.Sprintf("%#x", command)
}

// serviceName strips the NUL bytes that stock hosts append.
func serviceName(data []byte) string { return string(bytes.TrimRight(data, "\x00")) }

// dispatch handles one message; it never waits for a service.
func (t *transport) dispatch(ctx context.Context, m message) {
	switch m.command {
	case cmdOPEN:
		if m.arg0 == 0 {
			return
		}
		s := t.newStream(ctx, m.arg0)
		t.running.Add(1)
		go t.run(s, serviceName(m.data))
	case cmdWRTE:
		if s := t.find(m.arg1, m.arg0); s != nil {
			s.deliver(m.data)
		}
	case cmdOKAY:
		if s := t.find(m.arg1, m.arg0); s != nil {
			s.acknowledged()
		}
	case cmdCLSE:
		if s := t.find(m.arg1, m.arg0); s != nil {
			s.hostClosed()
		}
	}
}

// find looks a stream up. A host that gives up before our first OKAY does not
// know our id and sends 0.
func (t *transport) find(local, remote uint32) *stream {
	t.mu.Lock()
	defer t.mu.Unlock()
	if local != 0 {
		if s := t.streams[local]; s != nil && s.remote == remote {
			return s
		}
		return nil
	}
	for _, s := range t.streams {
		if s.remote == remote {
			return s
		}
	}
	return nil
}

func (t *transport) newStream(ctx context.Context, remote uint32) *stream {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.nextID++
	if t.nextID == 0 {
		t.nextID++
	}
	s := &stream{t: t, local: t.nextID, remote: remote}
	s.ctx, s.cancel = context.WithCancelCause(ctx)
	s.in, s.ack = make(chan []byte, 1), make(chan struct{}, 1)
	t.streams[s.local] = s
	return s
}

// run opens a service and serves it to its end.
func (t *transport) run(s *stream, service string) {
	defer t.running.Done()
	defer s.cancel(nil)
	defer func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		delete(t.streams, s.local)
	}()
	serve, err := t.services.Open(service)
	if err != nil {
		_ = t.send(message{command: cmdCLSE, arg1: s.remote})
		return
	}
	if s.ctx.Err() != nil {
		return // the host did not wait for us
	}
	if err := t.send(message{command: cmdOKAY, arg0: s.local, arg1: s.remote}); err != nil {
		return
	}
	// How a service ended is between it and the host, over the stream.
	_ = serve(s.ctx, s)
	s.goodbye()
}
