package adbd

import (
	"context"
	"io"
)

// Services is what stands behind a transport: one phone's adb services. Both
// fronts, the transport protocol of this package and the smart sockets of
// package adbhost, serve the same value.
type Services interface {
	// Banner says what the phone tells of itself when a host connects.
	Banner() Banner

	// Open answers a service string such as "shell,v2,raw:id" or "sync:". An
	// error refuses it before anything was sent. The returned Service is run
	// once; its stream is closed when it returns, and ctx is done when the
	// host has closed the stream.
	Open(service string) (Service, error)
}

// Service serves one stream until it returns.
type Service func(ctx context.Context, stream io.ReadWriter) error

// Banner is the content of a CNXN answer.
type Banner struct {
	// State is "device", "recovery", "sideload", "rescue" or "bootloader".
	State string
	// Product, Model and Device are ro.product.name, .model and .device.
	Product, Model, Device string
	// Features is what the phone can do, in its own order.
	Features []string
}
