package adbd

import (
	"context"
	"fmt"
	"io"
)

// Name implements Host: "host-" and a number, as adbd calls what comes in over
// TCP (transport_local.cpp).
func (t *transport) Name() string { return t.name }

// Gone implements Host.
func (t *transport) Gone() <-chan struct{} { return t.gone }

// Dial implements Host: the phone opens a stream.
func (t *transport) Dial(ctx context.Context, socket string) (io.ReadWriteCloser, error) {
	s, ok := t.newStream(t.ctx, 0, 0)
	if !ok {
		return nil, fmt.Errorf("open %s at the host: the connection has %d streams, no more are allowed", socket, maxStreams)
	}
	open := message{command: cmdOPEN, arg0: s.local, data: append([]byte(socket), 0)}
	if t.delayed {
		open.arg1 = window
	}
	err := t.send(open)
	for err == nil && s.peer() == 0 {
		select {
		case <-s.granted:
		case <-s.ctx.Done():
			err = context.Cause(s.ctx)
		case <-ctx.Done():
			err = ctx.Err()
		}
	}
	if err != nil {
		s.forget()
		return nil, fmt.Errorf("open %s at the host: %w", socket, err)
	}
	poke(s.granted) // the credit that came with the answer
	return dialed{s}, nil
}

// dialed is a stream that the phone has opened and closes itself.
type dialed struct{ *stream }

// Close ends the stream for both sides.
func (d dialed) Close() error {
	d.goodbye()
	d.forget()
	return nil
}
