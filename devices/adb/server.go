package adb

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"time"
)

// DefaultAddr is where `adb start-server` listens.
const DefaultAddr = "127.0.0.1:5037"

// Server is an adb server. The value holds no connection: every call opens its
// own, so a server that is started later or restarted is found again. It is
// safe for concurrent use.
type Server struct {
	addr   string
	limits Limits
	// forwards is held while a local port is allocated: servers mix up
	// answers when ports are bound in parallel.
	forwards sync.Mutex
}

// NewServer names the server at addr, "host:port"; a missing part is that of
// DefaultAddr. It does not connect.
func NewServer(addr string, opts ...Option) *Server {
	s := &Server{addr: withDefaults(addr), limits: DefaultLimits()}
	for _, o := range opts {
		o(s)
	}
	return s
}

func withDefaults(addr string) string {
	defHost, defPort, _ := net.SplitHostPort(DefaultAddr)
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		host, port = strings.Trim(addr, "[]"), ""
	}
	if host == "" {
		host = defHost
	}
	if port == "" {
		port = defPort
	}
	return net.JoinHostPort(host, port)
}

// Addr is the server's address.
func (s *Server) Addr() string { return s.addr }

// Device names the phone with the given serial. It does not ask the server.
func (s *Server) Device(serial string) *Device {
	return &Device{server: s, serial: serial, limits: s.limits, known: &knownFeatures{}}
}

// Devices lists every phone that the server knows, in every state: offline,
// unauthorized and not permitted ones are those that somebody looks for.
func (s *Server) Devices(ctx context.Context) ([]Info, error) {
	text, err := s.ask(ctx, s.limits, "list phones", "", "host:devices-l")
	if err != nil {
		return nil, err
	}
	return parseDevices(text), nil
}

// find returns the row of one phone.
func (s *Server) find(ctx context.Context, op, serial string) (Info, error) {
	text, err := s.ask(ctx, s.limits, op, serial, "host:devices-l")
	if err != nil {
		return Info{}, err
	}
	list := parseDevices(text)
	at := slices.IndexFunc(list, func(i Info) bool { return i.Serial == serial })
	if at < 0 {
		return Info{}, &Error{Op: op, Serial: serial, Kind: NotFound, Msg: fmt.Sprintf("the server lists %d others", len(list))}
	}
	return list[at], nil
}

// Features lists what the server itself can do.
func (s *Server) Features(ctx context.Context) (Features, error) {
	text, err := s.ask(ctx, s.limits, "read the server's features", "", "host:host-features")
	if err != nil {
		return nil, err
	}
	return parseFeatures(text), nil
}

// Features is a set of adb features such as "shell_v2".
type Features []string

// Has reports whether the feature is in the set.
func (f Features) Has(name string) bool { return slices.Contains(f, name) }

func parseFeatures(text string) Features {
	f := Features{}
	for name := range strings.SplitSeq(strings.TrimSpace(text), ",") {
		if name != "" {
			f = append(f, name)
		}
	}
	slices.Sort(f) // the server's order changes from call to call
	return f
}

// connectTries is how often Connect tries, with a growing pause of tenths of
// Limits.Poll in between.
const connectTries = 5

// Connect connects the server to the phone at hostport and checks that it can
// be used. The server's answers alone say little: "already connected" is also
// said of a phone that is gone, for up to a minute, and a retry of the
// server's own may end a connection that was just made. So the list decides; a
// phone that is listed as offline is disconnected and connected again.
func (s *Server) Connect(ctx context.Context, hostport string) (*Device, error) {
	for try := 1; ; try++ {
		d, offline, err := s.connect(ctx, hostport)
		if !offline || try == connectTries {
			return d, err
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(time.Duration(try) * s.limits.Poll / 10):
		}
	}
}

// connect tries once. offline says that the server believes in a connection
// that is not there.
func (s *Server) connect(ctx context.Context, hostport string) (_ *Device, offline bool, _ error) {
	const op = "connect"
	answer, err := s.ask(ctx, s.limits, op, hostport, "host:connect:"+hostport)
	if err != nil {
		return nil, false, err
	}
	already := strings.HasPrefix(answer, "already connected to ")
	if !already && !strings.HasPrefix(answer, "connected to ") {
		return nil, false, &Error{Op: op, Serial: hostport, Kind: kindOfConnect(answer), Msg: answer}
	}
	// The server lists the phone under the address it connected to, which has
	// a port even if hostport has none.
	_, serial, _ := strings.Cut(answer, "connected to ")
	info, err := s.find(ctx, op, serial)
	if err != nil {
		return nil, errors.Is(err, NotFound), err
	}
	kind := info.State.Kind()
	if kind == 0 {
		return s.Device(serial), false, nil
	}
	err = &Error{Op: op, Serial: serial, Kind: kind, Msg: answer + ", but its state is " + string(info.State)}
	if info.State != StateOffline {
		return nil, false, err
	}
	if already {
		// The server may have given the phone up by itself in between.
		if derr := s.Disconnect(ctx, serial); derr != nil && !errors.Is(derr, NotFound) {
			return nil, false, derr
		}
	}
	return nil, true, err
}

// kindOfConnect classifies the answer to host:connect, which is OKAY whatever
// happened.
func kindOfConnect(answer string) Kind {
	switch {
	case strings.HasPrefix(answer, "failed to authenticate"):
		return Unauthorized
	case strings.HasPrefix(answer, "failed to connect"), strings.HasPrefix(answer, "unable to connect"), strings.HasPrefix(answer, "cannot connect"):
		return NotFound
	}
	return Rejected
}

// WaitFor waits until the phone is in the state: "device", "recovery",
// "rescue", "sideload", "bootloader", "any", or "disconnect" for gone. It waits
// as long as ctx lets it.
func (s *Server) WaitFor(ctx context.Context, serial string, state State) error {
	op := "wait for state " + string(state)
	d := s.Device(serial)
	c, err := s.dial(ctx, s.limits, op, serial)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.request(d.hostPrefix() + "wait-for-any-" + string(state)); err != nil {
		return err
	}
	c.setIdle(0)
	return c.status()
}
