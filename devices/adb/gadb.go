package adb

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"

	"github.com/electricbubble/gadb"
)

// gadb v0.1.0 serves the short questions to the server: version, forward list,
// ending forwards, disconnecting. It is not used for phones and their states
// (it hides offline and unauthorized ones), connecting (it believes "already
// connected"), forwards on tcp:0 (it loses the port), shells (they die after
// 60 s without an exit status), push (it truncates) or anything that needs a
// stream; gadb_test.go pins those.
//
// gadb knows no contexts and dials for itself. So it is given a door of its
// own: a loopback listener that lives for one call and leads to the server
// through this package's connections. When ctx is done the door closes, gadb's
// read ends at once, and neither a socket nor a goroutine is left.

// viaGadb makes one call with gadb.
func (s *Server) viaGadb(ctx context.Context, op, serial string, call func(gadb.Client) error) error {
	local := func(err error) error {
		return &Error{Op: op, Serial: serial, Kind: Local, Msg: "open a loopback socket", Err: err}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return local(err)
	}
	addr, ok := l.Addr().(*net.TCPAddr)
	if !ok {
		_ = l.Close()
		return local(fmt.Errorf("listening at %v", l.Addr()))
	}
	ctx, cancel := context.WithCancel(ctx)
	d := &door{op: op, serial: serial, server: s, listener: l}
	d.wg.Go(func() { d.serve(ctx) })
	unwatch := context.AfterFunc(ctx, d.close)
	err = guarded(func() error {
		client, err := gadb.NewClientWith("127.0.0.1", addr.Port)
		if err != nil {
			return err
		}
		return call(client)
	})
	unwatch()
	d.close()
	d.wg.Wait()
	cancel()
	switch {
	case err == nil:
		return nil
	case d.err != nil:
		return d.err
	case ctxDone(ctx, err):
		return (&conn{op: op, serial: serial, ctx: ctx}).fromContext(context.Cause(ctx))
	}
	if msg, ok := strings.CutPrefix(err.Error(), "command failed: "); ok {
		return &Error{Op: op, Serial: serial, Kind: kindOfFail(msg), Msg: msg}
	}
	return &Error{Op: op, Serial: serial, Kind: Protocol, Err: err}
}

// ctxDone: the call ended because its context did.
func ctxDone(ctx context.Context, err error) bool { return err != nil && ctx.Err() != nil }

// guarded keeps a panic of gadb from leaving this package: it indexes rows of
// the forward list without counting their fields.
func guarded(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("malformed answer: %v", p)
		}
	}()
	return f()
}

// door leads gadb's connections to the server.
type door struct {
	op, serial string
	server     *Server
	listener   net.Listener
	wg         sync.WaitGroup

	mu     sync.Mutex
	closed bool
	open   []net.Conn
	err    error // the first failure on the way to the server
}

func (d *door) serve(ctx context.Context) {
	for {
		c, err := d.listener.Accept()
		if err != nil {
			return
		}
		if !d.add(c) {
			return
		}
		d.wg.Go(func() { d.lead(ctx, c) })
	}
}

func (d *door) add(c net.Conn) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		_ = c.Close()
		return false
	}
	d.open = append(d.open, c)
	return true
}

func (d *door) close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closed = true
	_ = d.listener.Close()
	for _, c := range d.open {
		_ = c.Close()
	}
}

func (d *door) note(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.err == nil && !d.closed {
		d.err = err
	}
}

// lead copies one connection. gadb first opens one only to see that it can;
// nothing is dialed for it.
func (d *door) lead(ctx context.Context, down net.Conn) {
	defer down.Close()
	buf := make([]byte, 4096)
	n, err := down.Read(buf)
	if err != nil {
		return
	}
	up, err := d.server.dial(ctx, d.server.limits, d.op, d.serial)
	if err != nil {
		d.note(err)
		return
	}
	defer up.Close()
	d.wg.Go(func() {
		defer up.Close()
		b := make([]byte, 4096)
		for err := error(nil); err == nil; {
			var n int
			if n, err = down.Read(b); n > 0 {
				if _, werr := up.Write(b[:n]); werr != nil {
					return
				}
			}
		}
	})
	if _, err := up.Write(buf[:n]); err != nil {
		d.note(err)
		return
	}
	for {
		n, err := up.Read(buf)
		if n > 0 {
			if _, err := down.Write(buf[:n]); err != nil {
				return
			}
		}
		if err != nil {
			if e := up.fromIO(err); !errors.Is(e, Canceled) || ctx.Err() != nil {
				d.note(e)
			}
			return
		}
	}
}

// Version is the server's protocol version, such as 41. A stock adb program of
// another version kills the server when it meets it.
func (s *Server) Version(ctx context.Context) (int, error) {
	var v int
	err := s.viaGadb(ctx, "read the server's version", "", func(c gadb.Client) (err error) {
		v, err = c.ServerVersion()
		return err
	})
	return v, err
}

// ForwardList lists the forwards of all phones.
func (s *Server) ForwardList(ctx context.Context) ([]Forward, error) {
	var list []Forward
	err := s.viaGadb(ctx, "list forwards", "", func(c gadb.Client) error {
		rows, err := c.ForwardList()
		for _, r := range rows {
			list = append(list, Forward{Serial: r.Serial, Local: r.Local, Remote: r.Remote})
		}
		return err
	})
	return list, err
}

// Disconnect ends the server's connection to the phone at hostport.
func (s *Server) Disconnect(ctx context.Context, hostport string) error {
	const op = "disconnect"
	if hostport == "" {
		// To the server an empty name means all phones, also other people's.
		return &Error{Op: op, Kind: Ambiguous, Msg: "no address given"}
	}
	return s.viaGadb(ctx, op, hostport, func(c gadb.Client) error { return c.Disconnect(hostport) })
}
