package adb

import (
	"context"
	"errors"
	"fmt"
	"io"
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
// through this package's connection. When ctx is done that closes, gadb's read
// ends at once, and neither a socket nor a goroutine is left.

// viaGadb makes one call with gadb.
func (s *Server) viaGadb(ctx context.Context, op, serial string, call func(gadb.Client) error) error {
	up, err := s.dial(ctx, s.limits, op, serial)
	if err != nil {
		return err
	}
	defer up.Close()
	d, port, err := openDoor(up)
	if err != nil {
		return up.fail(Local, "open a loopback socket", err)
	}
	err = guarded(func() error {
		client, err := gadb.NewClientWith("127.0.0.1", port)
		if err != nil {
			return err
		}
		return call(client)
	})
	d.close()
	d.wg.Wait()
	if err == nil {
		return nil
	}
	if msg, ok := strings.CutPrefix(err.Error(), "command failed: "); ok {
		return up.fail(kindOfFail(msg), msg, nil)
	}
	switch {
	case up.ctx.Err() != nil:
		return up.fromContext(up.ctx.Err())
	case d.err != nil && !errors.Is(d.err, io.EOF):
		return d.err
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return up.fromIO(err)
	}
	return up.fail(Protocol, "", err)
}

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

// door leads gadb's connection to the server.
type door struct {
	listener net.Listener
	up       *conn
	err      error // why reading from the server ended, after wg.Wait
	wg       sync.WaitGroup

	mu     sync.Mutex
	closed bool
	open   []net.Conn
}

func openDoor(up *conn) (*door, int, error) {
	l, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0") // returns at once
	if err != nil {
		return nil, 0, err
	}
	addr, ok := l.Addr().(*net.TCPAddr)
	if !ok {
		_ = l.Close()
		return nil, 0, fmt.Errorf("listening at %v", l.Addr())
	}
	d := &door{listener: l, up: up}
	d.wg.Go(d.serve)
	return d, addr.Port, nil
}

// serve takes connections until the door closes. gadb first opens one only to
// see that it can; the one that sends something is led to the server.
func (d *door) serve() {
	for used := false; ; {
		c, err := d.listener.Accept()
		if err != nil || !d.add(c) {
			return
		}
		first := make([]byte, 4096)
		n, err := c.Read(first)
		if err != nil || used {
			_ = c.Close()
			continue
		}
		used = true
		d.wg.Go(func() { d.lead(c, first[:n]) })
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
	_ = d.up.raw.Close()
}

// lead copies gadb's request, which it writes at once, and then the answer.
func (d *door) lead(down net.Conn, request []byte) {
	defer down.Close()
	d.wg.Go(func() {
		for buf := make([]byte, 4096); ; {
			if _, err := d.up.Write(request); err != nil {
				return
			}
			n, err := down.Read(buf)
			if err != nil {
				return
			}
			request = buf[:n]
		}
	})
	for buf := make([]byte, 4096); ; {
		n, err := d.up.Read(buf)
		if _, werr := down.Write(buf[:n]); werr != nil {
			return
		}
		if err != nil {
			d.err = err
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
