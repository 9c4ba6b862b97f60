package adbd

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
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
	ctx      context.Context
	name     string
	gone     chan struct{}
	limit    uint32 // payload that the other side takes
	delayed  bool   // both sides know delayed acknowledgements
	sums     bool   // both sides want checksums looked at
	version  uint32
	welcomed atomic.Bool // CNXN was sent

	wmu      sync.Mutex
	sent     int64
	messages int

	mu      sync.Mutex
	streams map[uint32]*stream
	nextID  uint32
	held    int // bytes received that no service has read
	running sync.WaitGroup
}

// Serve speaks the ADB transport protocol (the side of the phone) on conn until
// the host goes away or ctx is done. It closes conn, ends all services and
// returns when the last one has ended. Serving several connections with one
// Services at the same time is fine. It opens streams to the host only where a
// service dials what the host has offered (HostOf).
func Serve(ctx context.Context, conn net.Conn, s Services, o Options) error {
	ctx, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	t := &transport{conn: conn, services: s, opts: o, name: o.name, gone: make(chan struct{}), streams: map[uint32]*stream{}}
	if t.name == "" {
		t.name = "host"
	}
	t.ctx = WithHost(ctx, t)
	err := t.serve()
	close(t.gone)
	cancel(err)
	stop()
	_ = conn.Close()
	t.running.Wait()
	if errors.Is(err, io.EOF) || errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

func (t *transport) serve() error {
	r := bufio.NewReaderSize(t.conn, 64<<10)
	if t.opts.Faults.Down {
		return io.EOF
	}
	if t.opts.Faults.Mute {
		_, err := io.Copy(io.Discard, r)
		return err
	}
	_ = t.conn.SetReadDeadline(time.Now().Add(helloLimit))
	first, err := t.hello(r)
	if err != nil {
		return err
	}
	if first != nil {
		if err := t.dispatch(*first); err != nil {
			return err
		}
	}
	for {
		m, err := t.read(r, t.offer())
		if err != nil {
			return err
		}
		if err := t.dispatch(m); err != nil {
			return err
		}
	}
}

// offer is the payload that the phone takes.
func (t *transport) offer() uint32 {
	switch {
	case t.opts.Faults.Legacy:
		return maxHello
	case t.opts.MaxPayload != 0:
		return t.opts.MaxPayload
	}
	return MaxPayload
}

// hello answers CNXN, after as much AUTH as the faults want. first is a message
// that came in already, if any.
func (t *transport) hello(r io.Reader) (first *message, err error) {
	m, err := t.read(r, maxHello)
	if err != nil {
		return nil, err
	}
	_ = t.conn.SetReadDeadline(time.Time{})
	if m.command != cmdCNXN {
		return nil, fmt.Errorf("serve a transport: the host began with %s, not with CNXN", name(m.command))
	}
	t.limit = min(m.arg1, t.offer())
	if t.limit == 0 {
		return nil, errors.New("serve a transport: the host takes no payload")
	}
	features := t.services.Banner().Features
	t.version = protocolVersion
	if t.opts.Faults.Legacy {
		t.version, features = legacyVersion, nil
	}
	t.sums = min(t.version, m.arg0) < protocolVersion
	t.delayed = slices.Contains(features, delayedAck) && slices.Contains(hostFeatures(m.data), delayedAck)
	if t.opts.Faults.Auth != AuthNone {
		return t.authorize(r)
	}
	return nil, t.welcome()
}

// welcome lets the host in.
func (t *transport) welcome() error {
	b := t.services.Banner()
	if t.opts.Faults.State != "" {
		b.State = t.opts.Faults.State
	}
	if t.opts.Faults.Legacy {
		b.Features = nil
	}
	t.welcomed.Store(true)
	return t.send(message{command: cmdCNXN, arg0: t.version, arg1: t.offer(), data: []byte(b.String())})
}

// delayedAck is the feature by which both sides count bytes instead of
// messages (docs/dev/delayed_ack.md of packages/modules/adb).
const delayedAck = "delayed_ack"

// hostFeatures reads the banner of a host, "host::features=a,b,c".
func hostFeatures(banner []byte) []string {
	for part := range strings.SplitSeq(strings.TrimRight(string(banner), "\x00"), ";") {
		if list, ok := strings.CutPrefix(strings.TrimPrefix(part, "host::"), "features="); ok {
			return strings.Split(list, ",")
		}
	}
	return nil
}

// String is the form of a banner in CNXN.
func (b Banner) String() string {
	state := b.State
	if state == "" {
		state = "device"
	}
	props := fmt.Sprintf("%s::ro.product.name=%s;ro.product.model=%s;ro.product.device=%s;", state, b.Product, b.Model, b.Device)
	if len(b.Features) == 0 {
		return props
	}
	return props + "features=" + strings.Join(b.Features, ",")
}

func (t *transport) read(r io.Reader, limit uint32) (message, error) {
	m, sum, err := readMessage(r, limit)
	if err != nil {
		return m, err
	}
	t.trace(false, m)
	if t.sums && m.command != cmdCNXN && sum != checksum(m.data) {
		return m, fmt.Errorf("read message %s: checksum %d, want %d", name(m.command), sum, checksum(m.data))
	}
	t.pace(headerLen + len(m.data))
	return m, nil
}

// pace is how long bytes take on a slow link.
func (t *transport) pace(bytes int) {
	rate := t.opts.Faults.Slow
	if rate <= 0 {
		return
	}
	timer := time.NewTimer(time.Duration(float64(bytes) / float64(rate) * float64(time.Second)))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-t.ctx.Done():
	}
}

// send writes one message. It may block as long as the host does not read.
func (t *transport) send(m message) error {
	h := m.header()
	t.wmu.Lock()
	defer t.wmu.Unlock()
	t.messages++
	if bad := t.opts.Faults.WrongMagic; bad > 0 && t.messages >= bad {
		h[20] ^= 0xff
	}
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
	t.pace(int(length))
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

// dispatch handles one message; it never waits for a service. An error ends
// the transport.
func (t *transport) dispatch(m message) error {
	switch m.command {
	case cmdOPEN:
		return t.open(m)
	case cmdWRTE:
		if s := t.find(m.arg1, m.arg0); s != nil {
			return s.deliver(m.data)
		}
	case cmdOKAY:
		bytes := int32(0)
		if t.delayed {
			if len(m.data) != 4 {
				return nil // AOSP drops it too
			}
			bytes = int32(binary.LittleEndian.Uint32(m.data))
		}
		if s := t.find(m.arg1, m.arg0); s != nil && m.arg0 != 0 {
			s.acknowledged(m.arg0, bytes)
		}
	case cmdCLSE:
		if s := t.find(m.arg1, m.arg0); s != nil {
			s.hostClosed()
		}
	}
	return nil
}

// open starts what an OPEN asks for. Its second argument is the window that the
// host grants, and must be there if and only if acknowledgements are delayed.
func (t *transport) open(m message) error {
	if m.arg0 == 0 {
		return nil
	}
	if t.delayed != (m.arg1 != 0) {
		_ = t.send(message{command: cmdCLSE, arg1: m.arg0})
		return nil
	}
	credit := int64(1)
	if t.delayed {
		credit = int64(m.arg1)
	}
	s, ok := t.newStream(t.ctx, m.arg0, credit)
	if !ok {
		_ = t.send(message{command: cmdCLSE, arg1: m.arg0})
		return nil
	}
	err := t.hold(len(m.data))
	t.running.Go(func() {
		defer t.release(len(m.data))
		t.run(s, serviceName(m.data))
	})
	return err
}

// find looks a stream up. A host that gives up before our first OKAY does not
// know our id and sends 0; what the phone has opened has no remote id before
// the host's answer.
func (t *transport) find(local, remote uint32) *stream {
	t.mu.Lock()
	defer t.mu.Unlock()
	if local != 0 {
		if s := t.streams[local]; s != nil {
			if peer := s.peer(); peer == remote || peer == 0 {
				return s
			}
		}
		return nil
	}
	for _, s := range t.streams {
		if remote != 0 && s.peer() == remote {
			return s
		}
	}
	return nil
}

// run opens a service and serves it to its end.
func (t *transport) run(s *stream, service string) {
	defer s.forget()
	serve, err := t.services.Open(service)
	if err != nil {
		_ = t.send(message{command: cmdCLSE, arg1: s.peer()})
		return
	}
	if s.ctx.Err() != nil {
		return // the host did not wait for us
	}
	if err := t.okay(s, window); err != nil {
		return
	}
	// How a service ended is between it and the host, over the stream.
	_ = serve(s.ctx, s)
	s.goodbye()
}
