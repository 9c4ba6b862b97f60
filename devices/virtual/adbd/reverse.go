package adbd

import (
	"context"
	"fmt"
	"io"
	"strings"
)

// reverse answers "reverse:...": adbd's handle_forward_request, with the
// phone's sockets as the listening side. Unlike an adb server, which
// acknowledges the request and its outcome, it writes only the outcome.
func (d *Daemon) reverse(command string) (Service, error) {
	return func(ctx context.Context, stream io.ReadWriter) error {
		host := HostOf(ctx)
		answer := fail("this transport has no way back")
		if host != nil {
			answer = d.reversed(host, command)
		}
		_, err := io.WriteString(stream, answer)
		return err
	}, nil
}

func counted(text string) string { return fmt.Sprintf("%04x%s", len(text), text) }

func fail(text string) string { return "FAIL" + counted(text) }

func (d *Daemon) reversed(host Host, command string) string {
	name, arg, _ := strings.Cut(command, ":")
	ours := func(l *listener) bool { return l.host != nil }
	switch name {
	case "list-forward":
		return counted(d.sockets.list())
	case "killforward-all":
		d.sockets.remove(ours)
		return "OKAY"
	case "killforward":
		if d.sockets.remove(func(l *listener) bool { return ours(l) && l.local == arg }) == 0 {
			return fail(fmt.Sprintf("listener '%s' not found", arg))
		}
		return "OKAY"
	case "forward":
		return d.reverseTo(host, arg)
	}
	return fail("not a reverse forwarding command")
}

// reverseTo answers "reverse:forward:[norebind:]LOCAL;REMOTE".
func (d *Daemon) reverseTo(host Host, arg string) string {
	spec, keep := strings.CutPrefix(arg, "norebind:")
	local, remote, ok := strings.Cut(spec, ";")
	if !ok || local == "" || remote == "" || strings.Contains(remote, ";") || remote[0] == '*' {
		return fail("bad forward: " + spec)
	}
	l := &listener{local: local, remote: remote, host: host}
	if rebound, err := d.sockets.rebind(l, keep); err != nil {
		return fail(err.Error())
	} else if !rebound {
		if err := d.sockets.add(l); err != nil {
			return fail("cannot bind listener: " + err.Error())
		}
	}
	d.watch(host)
	if local == "tcp:0" {
		port, _ := strings.CutPrefix(l.local, "tcp:")
		return "OKAY" + counted(port)
	}
	return "OKAY"
}

// rebind changes where an existing reverse connection leads.
func (s *sockets) rebind(to *listener, keep bool) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range s.listeners {
		if l.local != to.local || l.host == nil {
			continue
		}
		if keep {
			return false, fmt.Errorf("cannot rebind existing socket")
		}
		l.remote, l.host = to.remote, to.host
		return true, nil
	}
	return false, nil
}

func (s *sockets) list() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var b strings.Builder
	for _, l := range s.listeners {
		if l.host != nil {
			fmt.Fprintf(&b, "%s %s %s\n", l.host.Name(), l.local, l.remote)
		}
	}
	return b.String()
}

// watch takes a host's reverse connections away when it has gone.
func (d *Daemon) watch(host Host) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.watched[host] {
		return
	}
	d.watched[host] = true
	go func() {
		<-host.Gone()
		d.sockets.remove(func(l *listener) bool { return l.host == host })
		d.mu.Lock()
		defer d.mu.Unlock()
		delete(d.watched, host)
	}()
}
