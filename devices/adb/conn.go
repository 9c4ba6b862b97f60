package adb

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"sync/atomic"
	"time"
)

// maxService is the longest service string: four hexadecimal digits frame it.
const maxService = 0xffff

var errTotal = errors.New("total limit passed")

// conn is one socket to the adb server. It belongs to one call: cancelling the
// call's context closes it at once, which makes the server close the stream on
// the phone and the phone end the command.
type conn struct {
	op, serial string
	ctx        context.Context
	cancel     context.CancelFunc
	unwatch    func() bool
	raw        net.Conn
	ack        func()
	closed     atomic.Bool

	// idle bounds each read and each write.
	idle time.Duration
	// lost is what an unexpected end means: the server's until the phone has
	// been reached, the transport's afterwards.
	lost Kind
	// transport is the id under which the server reached the phone, 0 if the
	// server did not tell.
	transport uint64
}

// dial opens a socket to the server for one call.
func (s *Server) dial(ctx context.Context, l Limits, op, serial string) (*conn, error) {
	c := &conn{op: op, serial: serial, idle: l.Answer, lost: ServerDown}
	if l.Total > 0 {
		c.ctx, c.cancel = context.WithTimeoutCause(ctx, l.Total, errTotal)
	} else {
		c.ctx, c.cancel = context.WithCancel(ctx)
	}
	d := net.Dialer{Timeout: l.Dial}
	raw, err := d.DialContext(c.ctx, "tcp", s.addr)
	if err != nil {
		defer c.cancel()
		if c.ctx.Err() != nil {
			return nil, c.fromIO(err)
		}
		return nil, c.fail(ServerDown, "", err)
	}
	c.raw, c.ack = raw, quickAck(raw)
	c.ack()
	c.unwatch = context.AfterFunc(c.ctx, func() { _ = raw.Close() })
	return c, nil
}

// Close closes the socket. Reads and writes in progress end with Canceled.
func (c *conn) Close() error {
	c.closed.Store(true)
	c.unwatch()
	err := c.raw.Close()
	c.cancel()
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// fail builds an error of this call.
func (c *conn) fail(k Kind, msg string, err error) *Error {
	return &Error{Op: c.op, Serial: c.serial, Kind: k, Msg: msg, Err: err}
}

// fromIO explains an error of the socket.
func (c *conn) fromIO(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		if e.Op == "" { // a decoder's, which knows no call
			e = c.fail(e.Kind, e.Msg, e.Err)
		}
		return e
	}
	if !c.closed.Load() {
		if ctxErr := c.ctx.Err(); ctxErr != nil {
			return c.fromContext(ctxErr)
		}
	}
	switch {
	case c.closed.Load():
		return c.fail(Canceled, "closed", net.ErrClosed)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return c.fail(Timeout, fmt.Sprintf("nothing moved for %v", c.idle), err)
	case c.lost == ServerDown:
		return c.fail(ServerDown, "the server ended the connection", err)
	default:
		return c.fail(c.lost, "", err)
	}
}

// fromContext wraps the context's own error, and its cause if there is another.
func (c *conn) fromContext(ctxErr error) *Error {
	kind := Canceled
	if errors.Is(ctxErr, context.DeadlineExceeded) {
		kind = Timeout
	}
	if cause := context.Cause(c.ctx); cause != nil && !errors.Is(ctxErr, cause) {
		ctxErr = fmt.Errorf("%w: %w", ctxErr, cause)
	}
	return c.fail(kind, "", ctxErr)
}

// Read reads like the socket does. The end of the stream is a bare io.EOF: only
// the caller knows whether the stream may end here.
func (c *conn) Read(p []byte) (int, error) {
	if c.idle > 0 {
		_ = c.raw.SetReadDeadline(time.Now().Add(c.idle))
	}
	n, err := c.raw.Read(p)
	if n > 0 {
		c.ack()
	}
	if err != nil && !errors.Is(err, io.EOF) {
		err = c.fromIO(err)
	}
	return n, err
}

// Write writes all of p.
func (c *conn) Write(p []byte) (int, error) {
	if c.idle > 0 {
		_ = c.raw.SetWriteDeadline(time.Now().Add(c.idle))
	}
	n, err := c.raw.Write(p)
	if err != nil {
		err = c.fromIO(err)
	}
	return n, err
}

// setIdle changes the limit for the reads and writes that follow.
func (c *conn) setIdle(d time.Duration) {
	c.idle = d
	if d == 0 {
		_ = c.raw.SetDeadline(time.Time{})
	}
}

// grace is how long the reason of a failed write may still be under way.
func (c *conn) grace() time.Duration {
	if c.idle > 0 {
		return min(c.idle, time.Second)
	}
	return time.Second
}

// full reads exactly len(p) bytes; an end before that is a loss.
func (c *conn) full(p []byte) error {
	if _, err := io.ReadFull(c, p); err != nil {
		return c.fromIO(err)
	}
	return nil
}

// send sends one service string.
func (c *conn) send(service string) error {
	if len(service) > maxService {
		return c.fail(TooLong, fmt.Sprintf("%d bytes of request, the protocol takes %d", len(service), maxService), nil)
	}
	b := make([]byte, 0, 4+len(service))
	b = fmt.Appendf(b, "%04x", len(service))
	b = append(b, service...)
	_, err := c.Write(b)
	return err
}

// status reads OKAY, or FAIL and its message.
func (c *conn) status() error {
	var b [4]byte
	if err := c.full(b[:]); err != nil {
		return err
	}
	switch string(b[:]) {
	case "OKAY":
		return nil
	case "FAIL":
		msg, err := c.text()
		if err != nil {
			return err
		}
		return c.fail(kindOfFail(msg), msg, nil)
	}
	return c.fail(Protocol, fmt.Sprintf("status %q", b[:]), nil)
}

// text reads one string with its length in four hexadecimal digits.
func (c *conn) text() (string, error) {
	var b [4]byte
	if err := c.full(b[:]); err != nil {
		return "", err
	}
	n, err := strconv.ParseUint(string(b[:]), 16, 16)
	if err != nil {
		return "", c.fail(Protocol, fmt.Sprintf("length %q", b[:]), nil)
	}
	p := make([]byte, n)
	if err := c.full(p); err != nil {
		return "", err
	}
	return string(p), nil
}

// request sends a service string and reads the status.
func (c *conn) request(service string) error {
	if err := c.send(service); err != nil {
		return err
	}
	return c.status()
}

// toPhone switches the socket to the phone. `host:tport` also tells the
// transport's id; servers before platform-tools 28 know only `host:transport`.
// The id is not kept for the next call: a restarted server counts from 1 again
// and would lead to another phone.
func (s *Server) toPhone(ctx context.Context, l Limits, op, serial string) (*conn, error) {
	c, err := s.dial(ctx, l, op, serial)
	if err != nil {
		return nil, err
	}
	if err := c.request("host:tport:serial:" + serial); err == nil {
		var id [8]byte
		if err := c.full(id[:]); err != nil {
			_ = c.Close()
			return nil, err
		}
		c.transport = binary.LittleEndian.Uint64(id[:])
		c.lost = TransportLost
		return c, nil
	} else if !errors.Is(err, Refused) {
		_ = c.Close()
		return nil, err
	}
	_ = c.Close()

	if c, err = s.dial(ctx, l, op, serial); err != nil {
		return nil, err
	}
	if err := c.request("host:transport:" + serial); err != nil {
		_ = c.Close()
		return nil, err
	}
	c.lost = TransportLost
	return c, nil
}

// ask sends one host request and reads its one string.
func (s *Server) ask(ctx context.Context, l Limits, op, serial, service string) (string, error) {
	c, err := s.dial(ctx, l, op, serial)
	if err != nil {
		return "", err
	}
	defer c.Close()
	if err := c.request(service); err != nil {
		return "", err
	}
	return c.text()
}
