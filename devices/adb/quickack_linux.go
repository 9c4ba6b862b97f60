package adb

import (
	"net"
	"syscall"
)

// quickAck returns a function that asks the kernel to acknowledge at once what
// was received. adb's server leaves Nagle's algorithm on for its clients, so an
// answer in several small pieces otherwise waits up to 40 ms for our delayed
// acknowledgement. The kernel forgets the wish, so it is repeated after every
// read; a failure costs only time.
func quickAck(c net.Conn) func() {
	tcp, ok := c.(*net.TCPConn)
	if !ok {
		return func() {}
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return func() {}
	}
	set := func(fd uintptr) {
		_ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_QUICKACK, 1)
	}
	return func() { _ = raw.Control(set) }
}
