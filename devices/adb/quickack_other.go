//go:build !linux

package adb

import "net"

// quickAck does nothing: only Linux lets a program ask for it.
func quickAck(net.Conn) func() { return func() {} }
