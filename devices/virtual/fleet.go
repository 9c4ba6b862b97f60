package virtual

import (
	"context"
	"errors"
	"fmt"

	"github.com/ringproof/ringproof/devices/virtual/adbd"
	"github.com/ringproof/ringproof/devices/virtual/adbhost"
)

// Fleet is some virtual phones behind a small adb server of their own, so that
// nothing but Go is needed to reach them.
type Fleet struct {
	host   *adbhost.Host
	phones []*Phone
	stop   func() bool
}

// NewFleet makes a phone for each of the options and serves them on a free
// loopback port until Close, or until ctx is done. Serials must differ.
func NewFleet(ctx context.Context, options ...Options) (*Fleet, error) {
	f := &Fleet{host: adbhost.New(), stop: func() bool { return true }}
	for i, o := range options {
		p, err := New(o)
		if err == nil {
			f.phones = append(f.phones, p)
			err = f.add(p)
		}
		if err != nil {
			return nil, errors.Join(fmt.Errorf("make virtual phone %d: %w", i+1, err), f.Close())
		}
	}
	if err := f.host.Listen("127.0.0.1:0"); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	f.stop = context.AfterFunc(ctx, func() { _ = f.host.Close() })
	return f, nil
}

// add puts a phone behind the server.
func (f *Fleet) add(p *Phone) error {
	if err := f.host.Add(p.Serial(), p); err != nil {
		return err
	}
	return p.adb.add(func(faults adbd.Faults, _ *adbd.Keys) (front, error) {
		in := hostFront{f.host, p.Serial()}
		if faults != (adbd.Faults{}) {
			in.set(faults)
		}
		return in, nil
	})
}

// hostFront is a phone's place in the list of an adb server in process. There
// is no transport that could be slow, cut or refuse a key: what a host would
// list is all that such faults come to.
type hostFront struct {
	host   *adbhost.Host
	serial string
}

func (h hostFront) set(f adbd.Faults) {
	state := "device"
	switch {
	case f.Down || f.Mute:
		state = "offline"
	case f.Auth == adbd.AuthRefuse || f.Auth == adbd.AuthAsk:
		state = "unauthorized"
	case f.State != "":
		state = f.State
	}
	_ = h.host.SetState(h.serial, state) // a phone that was removed has no state
}

func (hostFront) close() error { return nil }

// Addr is host:port of the adb server.
func (f *Fleet) Addr() string { return f.host.Addr().String() }

// Host is the adb server, for tests that change how it lists its phones.
func (f *Fleet) Host() *adbhost.Host { return f.host }

// Phones are the phones, in the order of the options.
func (f *Fleet) Phones() []*Phone { return f.phones }

// Close ends the server and switches the phones off.
func (f *Fleet) Close() error {
	f.stop()
	errs := []error{f.host.Close()}
	for _, p := range f.phones {
		errs = append(errs, p.Close())
	}
	return errors.Join(errs...)
}
