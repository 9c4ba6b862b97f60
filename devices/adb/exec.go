package adb

import (
	"context"
	"errors"
	"io"
)

// errGone is why Exec's stream ended when the connection to the phone did.
var errGone = errors.New("the phone was lost or connected anew")

// Exec runs command without a terminal and without the shell protocol: every
// byte of its output comes as it was written, standard error among it, and
// what is written to the stream is its standard input, which cannot be ended.
// There is no exit status.
//
// The service does not tell an ended command from a lost phone. So at the end
// the server is asked whether the phone is still connected as it was; if not,
// the last Read returns TransportLost instead of io.EOF.
func (d *Device) Exec(ctx context.Context, command string) (io.ReadWriteCloser, error) {
	const op = "exec a command"
	c, err := d.server.toPhone(ctx, d.limits, op, d.serial)
	if err != nil {
		return nil, err
	}
	if err := c.request("exec:" + command); err != nil {
		_ = c.Close()
		return nil, err
	}
	c.setIdle(d.limits.Idle)
	return &execStream{conn: c, d: d}, nil
}

type execStream struct {
	*conn
	d   *Device
	end error
}

func (s *execStream) Read(p []byte) (int, error) {
	if s.end != nil {
		return 0, s.end
	}
	n, err := s.conn.Read(p)
	if errors.Is(err, io.EOF) {
		err = s.ended()
	}
	if err != nil {
		s.end = err
	}
	return n, err
}

func (s *execStream) ended() error {
	c, err := s.d.server.toPhone(s.ctx, s.d.limits, s.op, s.serial)
	if err != nil {
		return s.fail(TransportLost, "", err)
	}
	defer c.Close()
	if c.transport != s.transport {
		return s.fail(TransportLost, "", errGone)
	}
	return io.EOF
}
