package virtual

import (
	"context"
	"net"
	"strconv"
	"sync"

	"github.com/ringproof/ringproof/devices/virtual/adbd"
)

// maxLine bounds what a client may send as one line.
const maxLine = 4096

// loopback is a port of the phone's on the loopback interface, beside adb.
type loopback struct {
	listener net.Listener
	running  sync.WaitGroup

	mu    sync.Mutex
	conns map[net.Conn]bool
	ended bool
}

// listenLoopback takes a port, 0 for a free one. Clients wait until accept runs.
func listenLoopback(ctx context.Context, port int) (*loopback, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:"+strconv.Itoa(port))
	if err != nil {
		return nil, err
	}
	return &loopback{listener: l, conns: map[net.Conn]bool{}}, nil
}

func (l *loopback) addr() string { return l.listener.Addr().String() }

// accept serves each client in a goroutine of its own, until close.
func (l *loopback) accept(serve func(net.Conn)) {
	l.running.Go(func() {
		for {
			conn, err := l.listener.Accept()
			if err != nil {
				if adbd.Again(context.Background(), err) {
					continue
				}
				return
			}
			l.mu.Lock()
			ended := l.ended
			if !ended {
				l.conns[conn] = true
				l.running.Go(func() {
					defer l.drop(conn)
					serve(conn)
				})
			}
			l.mu.Unlock()
			if ended {
				_ = conn.Close()
			}
		}
	})
}

func (l *loopback) drop(conn net.Conn) {
	_ = conn.Close()
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.conns, conn)
}

// set implements front: the port is there whatever adbd does.
func (l *loopback) set(adbd.Faults) {}

func (l *loopback) close() error {
	err := l.listener.Close()
	l.mu.Lock()
	l.ended = true
	for conn := range l.conns {
		_ = conn.Close()
	}
	l.mu.Unlock()
	l.running.Wait()
	return err
}
