package adbd

import (
	"context"
	"io"
)

// Host is the other end of a transport, as far as a phone may use it: sockets
// of the host's that "adb reverse" has offered to the phone.
type Host interface {
	// Name is how the phone's list of reverse connections calls the transport.
	Name() string
	// Dial opens a stream to a socket of the host ("tcp:6655"). An adb server
	// aborts, with all its phones, if it is asked for a socket that no
	// reverse:forward has named.
	Dial(ctx context.Context, socket string) (io.ReadWriteCloser, error)
	// Gone is closed when the transport has ended.
	Gone() <-chan struct{}
}

type hostKey struct{}

// WithHost is the context in which a front runs the services of one transport.
func WithHost(ctx context.Context, h Host) context.Context {
	return context.WithValue(ctx, hostKey{}, h)
}

// HostOf is the other end of the transport that a service runs on; nil on a
// front that offers none.
func HostOf(ctx context.Context) Host {
	h, _ := ctx.Value(hostKey{}).(Host)
	return h
}

// flusher is a stream that knows when the host has taken what was written.
type flusher interface {
	Flush(ctx context.Context) error
}

// flush waits until the host has taken all of stream's output, if stream can
// say, or ctx is done.
func flush(ctx context.Context, stream io.Writer) {
	if f, ok := stream.(flusher); ok {
		_ = f.Flush(ctx) // a host that has gone takes nothing: no reason to wait
	}
}
