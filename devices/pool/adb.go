package pool

import (
	"context"
	"net"

	"github.com/ringproof/ringproof/devices"
	"github.com/ringproof/ringproof/devices/adb"
)

// ADB is the Source of the phones behind an adb server.
type ADB struct {
	Server *adb.Server
	// Owned says that this run made the server and every phone behind it.
	Owned bool
}

var _ Source = ADB{}

// List asks the server. A server that does not answer is an *adb.Error.
func (a ADB) List(ctx context.Context) ([]Candidate, error) {
	infos, err := a.Server.Devices(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Candidate, 0, len(infos))
	for _, i := range infos {
		out = append(out, a.candidate(i))
	}
	return out, nil
}

func (a ADB) candidate(i adb.Info) Candidate {
	c := Candidate{
		Serial: i.Serial, Scope: scope(a.Server.Addr()), Owned: a.Owned,
		Ready: i.State == adb.Ready && i.Serial != "", State: string(i.State),
	}
	switch {
	case c.Ready:
	case i.Serial == "":
		c.Serial, c.Advice = "(no serial number)", "a lease needs a serial: give the phone one, or connect it over the network"
	case i.State.Kind() == 0:
		c.Advice = "reboot the phone into Android"
	default:
		c.Advice = (&adb.Error{Kind: i.State.Kind()}).Advice()
	}
	return c
}

// scope is the host of a server on another machine. Servers on this machine
// see the same phones.
func scope(addr string) string {
	host, _, err := net.SplitHostPort(addr)
	if err != nil || host == "localhost" {
		return ""
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsLoopback() {
		return ""
	}
	return host
}

// Open names the phone; the first command is what connects.
func (a ADB) Open(_ context.Context, c Candidate) (devices.Phone, error) {
	return a.Server.Device(c.Serial), nil
}
