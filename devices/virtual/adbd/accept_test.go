package adbd

import (
	"errors"
	"net"
	"sync/atomic"
	"syscall"
	"testing"
)

// scarce is a listener of a process that has run out of files for a while.
type scarce struct {
	net.Listener
	refusals atomic.Int32
}

func (s *scarce) Accept() (net.Conn, error) {
	if s.refusals.Add(-1) >= 0 {
		return nil, &net.OpError{Op: "accept", Err: syscall.EMFILE}
	}
	return s.Listener.Accept()
}

// Somebody who opens so many connections that none can be accepted for a while
// does not close the phone's port for good.
func TestAcceptSurvivesWantOfFiles(t *testing.T) {
	d, _, _ := tinyPhone()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	few := &scarce{Listener: l}
	few.refusals.Store(3)
	srv := serve(t.Context(), few, d, Options{})
	conn, err := net.Dial("tcp", srv.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	p := &peer{t: t, conn: conn}
	p.hello()
	_ = conn.Close()
	if err := srv.Close(); err != nil {
		t.Error(err)
	}
	if Again(t.Context(), errors.Join(net.ErrClosed)) {
		t.Error("a closed listener is tried again")
	}
}
