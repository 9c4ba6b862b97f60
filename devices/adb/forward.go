package adb

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// Forward is one forwarded socket.
type Forward struct {
	Serial string
	// Local is the server's side, such as "tcp:40001", Remote the phone's.
	Local, Remote string
}

// Forward lets the adb server listen at local, such as "tcp:0" or "tcp:40001",
// and lead every connection to remote on the phone, such as "tcp:8080" or
// "localabstract:name". It returns the forward with the port that the server
// chose for tcp:0. A local side that is in use is an error: adb's own default
// would take it away from its owner.
func (d *Device) Forward(ctx context.Context, local, remote string) (Forward, error) {
	const op = "forward"
	prefix, err := d.about(ctx, op)
	if err != nil {
		return Forward{}, err
	}
	d.server.forwards.Lock()
	defer d.server.forwards.Unlock()
	c, err := d.server.dial(ctx, d.limits, op, d.serial)
	if err != nil {
		return Forward{}, err
	}
	defer c.Close()
	// Two statuses: the request was understood, the socket listens.
	if err := c.request(prefix + "forward:norebind:" + local + ";" + remote); err != nil {
		return Forward{}, err
	}
	if err := c.status(); err != nil {
		return Forward{}, err
	}
	if local == "tcp:0" {
		port, err := c.text()
		if err != nil {
			return Forward{}, err
		}
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			return Forward{}, c.fail(Protocol, fmt.Sprintf("allocated port %q", port), nil)
		}
		local = "tcp:" + port
	}
	return Forward{Serial: d.serial, Local: local, Remote: remote}, nil
}

// KillForward ends the forward that listens at local.
func (d *Device) KillForward(ctx context.Context, local string) error {
	const op = "end a forward"
	prefix, err := d.about(ctx, op)
	if err != nil {
		return err
	}
	c, err := d.server.dial(ctx, d.limits, op, d.serial)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.request(prefix + "killforward:" + local); err != nil {
		return err
	}
	return c.status()
}

// Reverse lets the phone listen at remote and leads every connection to local
// on the adb server's machine. It returns the phone's side, with the port that
// the phone chose for "tcp:0".
func (d *Device) Reverse(ctx context.Context, remote, local string) (string, error) {
	c, err := d.reverse(ctx, "reverse", "forward:norebind:"+remote+";"+local)
	if err != nil {
		return "", err
	}
	defer c.Close()
	if remote != "tcp:0" {
		return remote, nil
	}
	port, err := c.text()
	if err != nil {
		return "", err
	}
	return "tcp:" + port, nil
}

// KillReverse ends the reverse forward that listens at remote on the phone.
func (d *Device) KillReverse(ctx context.Context, remote string) error {
	c, err := d.reverse(ctx, "end a reverse forward", "killforward:"+remote)
	if err != nil {
		return err
	}
	return c.Close()
}

// ReverseList lists the phone's reverse forwards: Local is the phone's side.
func (d *Device) ReverseList(ctx context.Context) ([]Forward, error) {
	c, err := d.reverse(ctx, "list reverse forwards", "list-forward")
	if err != nil {
		return nil, err
	}
	defer c.Close()
	text, err := c.text()
	if err != nil {
		return nil, err
	}
	var list []Forward
	for line := range strings.Lines(text) {
		// "(reverse) LOCAL REMOTE", or "host-N ..." from newer phones.
		if w := strings.Fields(line); len(w) == 3 {
			list = append(list, Forward{Serial: d.serial, Local: w[1], Remote: w[2]})
		}
	}
	return list, nil
}

// reverse sends a request to the phone's own listeners. The first status is
// the stream's, the second the phone's.
func (d *Device) reverse(ctx context.Context, op, request string) (*conn, error) {
	c, err := d.server.toPhone(ctx, d.limits, op, d.serial)
	if err != nil {
		return nil, err
	}
	if err = c.request("reverse:" + request); err == nil {
		if err = c.status(); err == nil {
			return c, nil
		}
	}
	_ = c.Close()
	return nil, err
}
