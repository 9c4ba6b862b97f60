// Package adbd is the adb daemon of a virtual phone: the transport protocol
// that a real adb server speaks to a phone (Serve, Listen), and the services
// behind it (Daemon), built on a shell and a file tree.
//
// It knows messages, streams, shell packets and sync requests, as
// packages/modules/adb of Android 14 has them. It knows no command and no
// Android service: what a line does is the Shell's business. It never dials
// anybody, opens streams to a host only where "adb reverse" has offered one,
// and listens on loopback only.
package adbd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ringproof/ringproof/devices/virtual/fs"
)

// Daemon is the adb daemon of one phone: Services over a shell and a file tree.
type Daemon struct {
	banner  Banner
	shell   Shell
	tree    *fs.Tree
	hooks   []hook
	machine Machine
	sockets sockets

	mu      sync.Mutex
	user    *fs.View
	faults  Faults
	watched map[Host]bool // whose end is waited for
}

type hook struct {
	prefix string
	open   func(arg string) (Service, error)
}

// Option changes what a Daemon does.
type Option func(*Daemon)

// WithService answers service strings that begin with prefix ("root:",
// "reboot:", "reverse:") by open, which gets the rest of the string. Hooks go
// before the built-in services, in the order of the options.
func WithService(prefix string, open func(arg string) (Service, error)) Option {
	return func(d *Daemon) { d.hooks = append(d.hooks, hook{prefix, open}) }
}

// WithoutExitPacket makes shell v2 streams end without their exit status, as
// they do when a phone is lost.
func WithoutExitPacket() Option {
	return func(d *Daemon) { d.faults.DropExit = true }
}

// SetFaults changes what is wrong with services opened from now on. What
// concerns the connection, and not services, is in Options.
func (d *Daemon) SetFaults(f Faults) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.faults = f
}

func (d *Daemon) wrong() Faults {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.faults
}

// DefaultFeatures is what a phone of Android 14 says it can do.
func DefaultFeatures() []string {
	return []string{
		"shell_v2", "cmd", "stat_v2", "ls_v2", "fixed_push_mkdir", "apex", "abb",
		"fixed_push_symlink_timestamp", "abb_exec", "remount_shell", "sendrecv_v2", "sendrecv_v2_brotli", "sendrecv_v2_lz4", "sendrecv_v2_zstd",
		"sendrecv_v2_dry_run_send", "delayed_ack",
	}
}

// NewDaemon makes the daemon of one phone. The sync service has the rights of
// the shell user (2000) on tree until SetUser. A banner without features gets
// DefaultFeatures.
func NewDaemon(banner Banner, sh Shell, tree *fs.Tree, opts ...Option) *Daemon {
	if banner.Features == nil {
		banner.Features = DefaultFeatures()
	}
	d := &Daemon{banner: banner, shell: sh, tree: tree, watched: map[Host]bool{}}
	d.SetUser(fs.UIDShell, fs.ShellGroups()...)
	for _, o := range opts {
		o(d)
	}
	return d
}

// SetUser changes whose rights the sync service has from now on: uid 0 is what
// "adb root" does.
func (d *Daemon) SetUser(uid int, groups ...int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.user = d.tree.As(uid, groups...)
}

func (d *Daemon) view() *fs.View {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.user
}

// Banner implements Services.
func (d *Daemon) Banner() Banner {
	b := d.banner
	if d.wrong().Legacy {
		b.Features = nil
	}
	return b
}

// has says whether the phone can do what a feature stands for.
func (d *Daemon) has(feature string) bool {
	return slices.Contains(d.Banner().Features, feature)
}

// Open implements Services. Service strings are those of adb's SERVICES.TXT;
// sockets that nobody listens on, dev:, services of features
// that the banner does not list, and all that no hook answers are refused.
func (d *Daemon) Open(service string) (Service, error) {
	if refuse := d.wrong().Refuse; refuse != "" && strings.HasPrefix(service, refuse) {
		return nil, fmt.Errorf("open %.100q: refused on demand", service)
	}
	for _, h := range d.hooks {
		if arg, ok := strings.CutPrefix(service, h.prefix); ok {
			return h.open(arg)
		}
	}
	if serve, err, ok := d.restarts(service); ok {
		return serve, err
	}
	if command, ok := strings.CutPrefix(service, "reverse:"); ok {
		return d.reverse(command)
	}
	switch {
	case isSocket(service):
		return d.connect(service)
	case service == "framebuffer:":
		return d.framebuffer, nil
	case service == "sync:":
		return func(_ context.Context, stream io.ReadWriter) error { return serveSync(stream, d.view(), d.has) }, nil
	case strings.HasPrefix(service, "shell:"):
		// Without the shell protocol there is always a terminal; a command's is raw.
		c := Command{Line: strings.TrimPrefix(service, "shell:"), PTY: true, Env: map[string]string{"TERM": "dumb"}}
		if c.Line == "" {
			return d.cooked(c), nil
		}
		return d.raw(c), nil
	case strings.HasPrefix(service, "shell,") && d.has("shell_v2"):
		return d.openShell(strings.TrimPrefix(service, "shell,"))
	case strings.HasPrefix(service, "exec:"):
		line := strings.TrimPrefix(service, "exec:")
		return d.stalling(strings.HasPrefix(line, "cmd package install"), d.raw(Command{Line: line})), nil
	case strings.HasPrefix(service, "abb_exec:") && d.has("abb_exec"):
		args := argv(service)
		install := len(args) > 1 && args[0] == "package" && strings.HasPrefix(args[1], "install")
		return d.stalling(install, d.raw(Command{Argv: args})), nil
	case strings.HasPrefix(service, "abb:") && d.has("abb"):
		return d.packeted(Command{Argv: argv(service)}), nil
	}
	return nil, fmt.Errorf("open %.100q: this phone has no such service", service)
}

// argv splits what abb takes: arguments with a NUL between them.
func argv(service string) []string {
	_, args, _ := strings.Cut(service, ":")
	return strings.Split(args, "\x00")
}

// stalling lets a streamed install stop where Faults.StallInstall says.
func (d *Daemon) stalling(install bool, serve Service) Service {
	limit := d.wrong().StallInstall
	if !install || limit <= 0 {
		return serve
	}
	return func(ctx context.Context, stream io.ReadWriter) error {
		return serve(ctx, &stalled{ReadWriter: stream, ctx: ctx, left: limit})
	}
}

// stalled is a stream whose input stands still for good after some bytes.
type stalled struct {
	io.ReadWriter
	ctx  context.Context
	left int64
}

func (s *stalled) Read(p []byte) (int, error) {
	if s.left <= 0 {
		<-s.ctx.Done()
		return 0, io.ErrUnexpectedEOF
	}
	n, err := s.ReadWriter.Read(p[:min(int64(len(p)), s.left)])
	s.left -= int64(n)
	return n, err
}

// openShell reads "v2,TERM=xterm,raw:COMMAND" as adbd's ShellService does: the
// arguments end at the first colon; words that it does not know are ignored.
func (d *Daemon) openShell(rest string) (Service, error) {
	args, line, ok := strings.Cut(rest, ":")
	if !ok {
		return nil, fmt.Errorf("open shell: no colon in %.100q", rest)
	}
	c := Command{Line: line, PTY: line == "", Env: map[string]string{"TERM": "dumb"}}
	v2 := false
	for arg := range strings.SplitSeq(args, ",") {
		switch term, isTerm := strings.CutPrefix(arg, "TERM="); {
		case isTerm:
			c.Env["TERM"] = term
		case arg == "raw":
			c.PTY = false
		case arg == "pty":
			c.PTY = true
		case arg == "v2":
			v2 = true
		}
	}
	if !v2 {
		c.PTY = true
		return d.raw(c), nil
	}
	return d.packeted(c), nil
}

// orphaned is how long a command without terminal may live on after its host
// has closed the stream: "exec-in" sends its last bytes and goes, and on a
// phone nobody tells the command.
const orphaned = 2 * time.Second

// raw runs a command whose input and outputs are the stream itself.
func (d *Daemon) raw(c Command) Service {
	return func(ctx context.Context, stream io.ReadWriter) error {
		if !c.PTY {
			var stop func()
			ctx, stop = outlive(ctx)
			defer stop()
		}
		out := newOutput(stream)
		c.Stdin, c.Stdout, c.Stderr = stream, out, out
		d.shell.Run(ctx, c)
		return out.Close()
	}
}

// outlive gives a context that is done later than ctx if the host alone is
// gone, and at the same time if the transport is.
func outlive(ctx context.Context) (context.Context, func()) {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var mu sync.Mutex
	var timer *time.Timer
	stop := context.AfterFunc(ctx, func() {
		if !errors.Is(context.Cause(ctx), ErrHostClosed) {
			cancel()
			return
		}
		mu.Lock()
		defer mu.Unlock()
		timer = time.AfterFunc(orphaned, cancel)
	})
	return longer, func() {
		stop()
		cancel()
		mu.Lock()
		defer mu.Unlock()
		if timer != nil {
			timer.Stop()
		}
	}
}

// packeted runs a command behind the shell protocol.
func (d *Daemon) packeted(c Command) Service {
	return func(ctx context.Context, stream io.ReadWriter) error {
		out := newOutput(stream)
		in := newPipe()
		c.Stdout, c.Stderr = packets{out, packetStdout}, packets{out, packetStderr}
		input, resize := io.WriteCloser(in), func([]byte) {}
		if c.PTY {
			typed := newTypeahead()
			t := newTerminal(c.Stdout, typed)
			c.Stdout, c.Stderr, c.Terminal = t, t, t
			in, input, resize = typed, t.input(), t.resize
		}
		c.Stdin = in
		stop := context.AfterFunc(ctx, func() { _ = in.CloseWithError(io.ErrUnexpectedEOF) })
		defer stop()
		go func() {
			err := readPackets(stream, func(id byte, data []byte) error {
				switch id {
				case packetStdin:
					// A command that does not read its input is no reason to
					// stop listening to the host.
					_, _ = input.Write(data)
				case packetCloseStdin:
					_ = input.Close()
				case packetWindowSize:
					resize(data)
				}
				return nil
			})
			_ = in.CloseWithError(err)
		}()
		status := d.shell.Run(ctx, c)
		in.over()
		if !d.wrong().DropExit {
			_ = out.add(func(b []byte) []byte { return appendPacket(b, packetExit, []byte{byte(status)}) })
		}
		return out.Close()
	}
}

// pipe is a command's standard input, on its way from the host.
type pipe interface {
	io.ReadWriteCloser
	CloseWithError(err error) error
	over() // the command has ended
}

type plainPipe struct {
	*io.PipeReader
	*io.PipeWriter
}

func newPipe() pipe {
	r, w := io.Pipe()
	return plainPipe{r, w}
}

func (p plainPipe) Close() error                   { return p.PipeWriter.Close() }
func (p plainPipe) CloseWithError(err error) error { return p.PipeWriter.CloseWithError(err) }
func (p plainPipe) over()                          { _ = p.PipeReader.Close() }

// cooked runs an interactive shell on a terminal whose stream is the bare
// terminal, as hosts that know no shell protocol want it.
func (d *Daemon) cooked(c Command) Service {
	return func(ctx context.Context, stream io.ReadWriter) error {
		out, typed := newOutput(stream), newTypeahead()
		t := newTerminal(out, typed)
		c.PTY, c.Terminal = true, t
		c.Stdin, c.Stdout, c.Stderr = typed, t, t
		stop := context.AfterFunc(ctx, func() { _ = typed.CloseWithError(io.ErrUnexpectedEOF) })
		defer stop()
		go func() {
			_, err := io.Copy(t.input(), stream)
			_ = typed.CloseWithError(err)
		}()
		d.shell.Run(ctx, c)
		typed.over()
		return out.Close()
	}
}
