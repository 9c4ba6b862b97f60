package adb

import (
	"context"
	"errors"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"

	"github.com/ringproof/ringproof/devices"
)

// Device is one phone behind an adb server. Like Server it holds no
// connection and is safe for concurrent use.
type Device struct {
	server *Server
	serial string
	limits Limits
	known  *knownFeatures
}

var _ devices.Phone = (*Device)(nil)

// Serial is the name under which the server lists the phone.
func (d *Device) Serial() string { return d.serial }

// Server is the server that reaches the phone.
func (d *Device) Server() *Server { return d.server }

// Limits are the limits of calls on d.
func (d *Device) Limits() Limits { return d.limits }

// WithLimits is the same phone with other limits.
func (d *Device) WithLimits(l Limits) *Device {
	c := *d
	c.limits = l
	return &c
}

// State is the phone's state as the server lists it. A phone that is not
// listed is a NotFound error.
func (d *Device) State(ctx context.Context) (State, error) {
	i, err := d.Info(ctx)
	return i.State, err
}

// Info is the phone's row in the server's list.
func (d *Device) Info(ctx context.Context) (Info, error) {
	return d.server.find(ctx, "read the state", d.serial)
}

// hostPrefix begins a request to the server about this phone.
func (d *Device) hostPrefix() string { return "host-serial:" + d.serial + ":" }

// oddSerial reports whether the server would cut host-serial:SERIAL: in the
// wrong place: it looks for the end of a serial at the first colon, except for
// host:port.
func (d *Device) oddSerial() bool {
	if !strings.Contains(d.serial, ":") {
		return false
	}
	_, port, err := net.SplitHostPort(d.serial)
	return err != nil || strings.Trim(port, "0123456789") != ""
}

// about begins a request to the server about this phone, by transport id if
// its serial is an odd one.
func (d *Device) about(ctx context.Context, op string) (string, error) {
	if !d.oddSerial() {
		return d.hostPrefix(), nil
	}
	id, err := d.transportID(ctx, op)
	if err != nil {
		return "", err
	}
	if id == "0" {
		return d.hostPrefix(), nil
	}
	return "host-transport-id:" + id + ":", nil
}

// knownFeatures remembers the features of one connection of a phone, because
// every command needs them.
type knownFeatures struct {
	mu        sync.Mutex
	transport uint64
	features  Features
}

func (k *knownFeatures) of(transport uint64) (Features, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.features, k.features != nil && k.transport == transport && transport != 0
}

func (k *knownFeatures) set(transport uint64, f Features) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.transport, k.features = transport, f
}

func (k *knownFeatures) forget() { k.set(0, nil) }

// Features lists what the phone's adbd can do, such as "shell_v2".
func (d *Device) Features(ctx context.Context) (Features, error) {
	return d.askFeatures(ctx, "read features")
}

func (d *Device) askFeatures(ctx context.Context, op string) (Features, error) {
	prefix, err := d.about(ctx, op)
	if err != nil {
		return nil, err
	}
	text, err := d.server.ask(ctx, d.limits, op, d.serial, prefix+"features")
	if err != nil {
		return nil, err
	}
	return parseFeatures(text), nil
}

// connect opens a socket to the phone and says what the phone can do.
func (d *Device) connect(ctx context.Context, op string) (*conn, Features, error) {
	c, err := d.server.toPhone(ctx, d.limits, op, d.serial)
	if err != nil {
		return nil, nil, err
	}
	if f, ok := d.known.of(c.transport); ok {
		return c, f, nil
	}
	f, err := d.askFeatures(ctx, op)
	if err != nil {
		_ = c.Close()
		return nil, nil, err
	}
	d.known.set(c.transport, f)
	return c, f, nil
}

// open opens the service that pick names for the phone's features. A refusal
// may come from features that are no longer true (another phone can take over
// a serial and a transport id with a new server), so they are asked once more.
func (d *Device) open(ctx context.Context, op string, pick func(Features) (string, error)) (*conn, string, error) {
	for again := false; ; again = true {
		c, f, err := d.connect(ctx, op)
		if err != nil {
			return nil, "", err
		}
		service, err := pick(f)
		if err == nil {
			err = c.request(service)
		}
		if err == nil {
			return c, service, nil
		}
		_ = c.Close()
		if !errors.Is(err, Refused) || again {
			return nil, "", err
		}
		d.known.forget()
		fresh, ferr := d.askFeatures(ctx, op)
		if ferr != nil {
			return nil, "", err
		}
		if second, perr := pick(fresh); perr != nil || second == service {
			return nil, "", err
		}
	}
}

// Open opens any service of the phone, such as "localabstract:name" or
// "jdwp:123", as a stream of bytes. Its end is io.EOF, also when the transport
// was lost: the protocol of plain services does not tell. The stream lives
// until Close or until ctx is done.
func (d *Device) Open(ctx context.Context, service string) (io.ReadWriteCloser, error) {
	c, err := d.server.toPhone(ctx, d.limits, "open a service", d.serial)
	if err != nil {
		return nil, err
	}
	if err := c.request(service); err != nil {
		_ = c.Close()
		return nil, err
	}
	c.setIdle(d.limits.Idle)
	return c, nil
}

// transportID is the server's id of the connection to the phone, "0" if the
// server does not tell.
func (d *Device) transportID(ctx context.Context, op string) (string, error) {
	c, err := d.server.toPhone(ctx, d.limits, op, d.serial)
	if err != nil {
		return "", err
	}
	defer c.Close()
	return strconv.FormatUint(c.transport, 10), nil
}
