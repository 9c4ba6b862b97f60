package adbd

import (
	"errors"
	"time"
)

// What one host can make a phone hold. Real hosts stay far below: each of
// their streams has one message, of at most 1 MiB, on its way.
const (
	// maxStreams is how many streams of one transport may be open.
	maxStreams = 256
	// maxHeld is how many bytes a transport may have received that no service
	// has read yet, and in the names of services that it has open.
	maxHeld = 128 << 20
	// helloLimit is how long a host may take to say CNXN.
	helloLimit = 30 * time.Second
)

var errHeld = errors.New("the host has sent too much that no service reads")

// hold counts bytes that wait for a service.
func (t *transport) hold(bytes int) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.held += bytes
	if t.held > maxHeld {
		return errHeld
	}
	return nil
}

func (t *transport) release(bytes int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.held -= bytes
}
