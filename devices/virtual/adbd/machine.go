package adbd

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/ringproof/ringproof/devices/virtual/fs"
)

// Machine is the phone around its adb daemon: what adbd has init, the kernel
// and the runtime do.
type Machine interface {
	// Debuggable says whether adbd may run as root (ro.debuggable).
	Debuggable() bool
	// Restart ends adbd and starts it again, as root or as the shell user: all
	// its connections are lost. It does not wait for what runs on them.
	Restart(root bool)
	// Reboot restarts the phone, into mode ("", "recovery", ...). It does not
	// wait for what runs on it.
	Reboot(mode string)
	// Debuggees are the processes that a debugger may attach to, in ascending
	// order.
	Debuggees() []int
}

// WithMachine gives the daemon the phone around it. Without one it refuses
// root:, reboot:, jdwp and what else needs one.
func WithMachine(m Machine) Option { return func(d *Daemon) { d.machine = m } }

// parting is how long adbd waits for a host to take its last words before it
// drops the connection.
const parting = time.Second

// say is a service that says something and does something.
func say(text string, then func()) Service {
	return func(ctx context.Context, stream io.ReadWriter) error {
		_, err := io.WriteString(stream, text)
		if then == nil || err != nil {
			return err
		}
		wait, cancel := context.WithTimeout(ctx, parting)
		defer cancel()
		flush(wait, stream)
		then()
		return nil
	}
}

// restarts answers the services of restart_service.cpp and daemon/services.cpp
// (Android 14) that concern the phone as a whole; false if service is none.
func (d *Daemon) restarts(service string) (serve Service, err error, ok bool) {
	if d.machine == nil {
		return nil, nil, false
	}
	name, arg, _ := strings.Cut(service, ":")
	root := d.view().UID() == fs.UIDRoot
	switch name {
	case "root":
		switch {
		case root:
			return say("adbd is already running as root\n", nil), nil, true
		case !d.machine.Debuggable():
			return say("adbd cannot run as root in production builds\n", nil), nil, true
		}
		return say("restarting adbd as root\n", func() { d.machine.Restart(true) }), nil, true
	case "unroot":
		if !root {
			return say("adbd not running as root\n", nil), nil, true
		}
		return say("restarting adbd as non root\n", func() { d.machine.Restart(false) }), nil, true
	case "tcpip":
		var port int
		if _, err := fmt.Sscanf(arg, "%d", &port); err != nil {
			return nil, fmt.Errorf("open %q: no port", service), true
		}
		if port <= 0 {
			return say(fmt.Sprintf("invalid port %d\n", port), nil), nil, true
		}
		// The phone stays where it is: it is reached over TCP already.
		return say(fmt.Sprintf("restarting in TCP mode port: %d\n", port), func() { d.machine.Restart(root) }), nil, true
	case "usb":
		return say("restarting in USB mode\n", func() { d.machine.Restart(root) }), nil, true
	case "reboot":
		return say("", func() { d.machine.Reboot(arg) }), nil, true
	case "remount":
		return d.raw(Command{Line: strings.TrimSpace("remount " + arg)}), nil, true
	case "disable-verity", "enable-verity":
		return d.raw(Command{Line: name}), nil, true
	case "jdwp":
		if arg != "" {
			return nil, fmt.Errorf("open %q: no debugger can attach", service), true
		}
		return say(pids(d.machine.Debuggees()), nil), nil, true
	case "track-jdwp":
		return d.trackJDWP, nil, true
	}
	return nil, nil, false
}

func pids(list []int) string {
	var b strings.Builder
	for _, pid := range list {
		fmt.Fprintln(&b, pid)
	}
	return b.String()
}

// tracking is how often the list of processes is looked at, in the host's time.
const tracking = 200 * time.Millisecond

// trackJDWP sends the list of debuggable processes now and after each change,
// each behind its length in four hexadecimal digits.
func (d *Daemon) trackJDWP(ctx context.Context, stream io.ReadWriter) error {
	tick := time.NewTicker(tracking)
	defer tick.Stop()
	var last []int
	for first := true; ; first = false {
		now := d.machine.Debuggees()
		if first || !slices.Equal(now, last) {
			if _, err := io.WriteString(stream, counted(pids(now))); err != nil {
				return err
			}
			last = now
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
	}
}
