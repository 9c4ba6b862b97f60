package mksh

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	iofs "io/fs"
	"os"
	"sort"
	"strconv"
	"strings"
	"syscall"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/interp"
	"mvdan.cc/sh/v3/syntax"

	"github.com/ringproof/ringproof/devices/virtual/fs"
)

// Shell runs a command text as "sh -c" does; params are $0, $1 and so on.
func (p *Proc) Shell(ctx context.Context, text string, params ...string) int {
	name := "/system/bin/sh"
	if len(params) > 0 {
		name = params[0]
	}
	file, err := p.parse(text)
	if err == nil {
		file.Name = name // $0
	}
	if err != nil {
		fmt.Fprintf(p.Stderr, "%s: %s\n", name, syntaxError(err))
		return 1
	}
	r, err := p.runner(params)
	if err != nil {
		fmt.Fprintf(p.Stderr, "%s: %v\n", name, err)
		return 126
	}
	return exitCode(guard(func() error { return r.Run(ctx, file) }))
}

// guard turns a panic of the interpreter, which has some for texts it does not
// understand, into a failure of this one command.
func guard(run func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = interp.ExitStatus(2)
		}
	}()
	return run()
}

func (p *Proc) parse(text string) (*syntax.File, error) {
	file, err := parser().Parse(strings.NewReader(hideCR(text)), "/system/bin/sh")
	if err != nil {
		return nil, err
	}
	showCR(file)
	if refused := p.s.rewrite(file); refused != "" {
		return nil, fmt.Errorf("syntax error: unexpected %s", refused)
	}
	return file, nil
}

func (s *session) rewrite(node syntax.Node) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, refused := rewrite(node, s.defined, s.names)
	s.names = n
	return refused
}

// runner is an interpreter with all its doors opening on the phone.
func (p *Proc) runner(params []string) (*interp.Runner, error) {
	h := &handlers{p: p}
	var in io.Reader
	switch r := p.Stdin.(type) {
	case *reader:
		in = r.f
	default:
		in = r
	}
	opts := []interp.RunnerOption{
		// The option functions for these two would ask the machine.
		func(r *interp.Runner) error { r.Dir = p.Dir; r.Env = environ{p}; return nil },
		interp.StdIO(in, p.Stdout, p.Stderr),
		interp.CallHandler(h.call),
		interp.ExecHandlers(func(interp.ExecHandlerFunc) interp.ExecHandlerFunc { return h.exec }),
		interp.OpenHandler(h.open),
		interp.ReadDirHandler2(h.readDir),
		interp.StatHandler(h.stat),
		interp.AccessHandler(h.access),
	}
	if len(params) > 1 {
		opts = append(opts, interp.Params(append([]string{"--"}, params[1:]...)...))
	}
	return interp.New(opts...)
}

// environ is a process' environment with the hidden variables of rewrite.go.
type environ struct{ p *Proc }

func (e environ) Get(name string) expand.Variable {
	str := func(s string) expand.Variable {
		return expand.Variable{Set: true, Exported: true, Kind: expand.String, Str: s}
	}
	local := func(s string) expand.Variable { return expand.Variable{Set: true, Kind: expand.String, Str: s} }
	switch name {
	case prefix + "pid":
		return local(strconv.Itoa(e.p.s.pid))
	case prefix + "ppid":
		return local("1")
	case prefix + "random":
		if e.p.s.e.o.Random == nil {
			return local("4")
		}
		return local(strconv.Itoa(e.p.s.e.o.Random()))
	case "UID", "EUID", "GID":
		return local(strconv.Itoa(e.p.UID))
	}
	if user, ok := strings.CutPrefix(name, "HOME "); ok {
		// ~user: a phone has no users with homes, and the machine's are not ours.
		return local("~" + user)
	}
	for i := len(e.p.env) - 1; i >= 0; i-- {
		if v, ok := strings.CutPrefix(e.p.env[i], name+"="); ok {
			return str(v)
		}
	}
	return expand.Variable{}
}

func (e environ) Each(yield func(string, expand.Variable) bool) {
	for _, kv := range e.p.env {
		name, _, _ := strings.Cut(kv, "=")
		if !yield(name, e.Get(name)) {
			return
		}
	}
}

// exported lists a shell's environment for the programs that it starts.
func exported(env expand.Environ) []string {
	var list []string
	at := map[string]int{}
	for name, v := range env.Each {
		if i, ok := at[name]; ok {
			list[i] = ""
		}
		if !v.Exported || !v.IsSet() || v.Kind != expand.String {
			continue
		}
		at[name] = len(list)
		list = append(list, name+"="+v.Str)
	}
	kept := list[:0]
	for _, kv := range list {
		if kv != "" {
			kept = append(kept, kv)
		}
	}
	sort.Strings(kept)
	return kept
}

type handlers struct{ p *Proc }

// proc is the process that a shell at this point would start.
func (h *handlers) proc(ctx context.Context, args []string) (*Proc, interp.HandlerContext) {
	hc := interp.HandlerCtx(ctx)
	p := *h.p
	p.Args, p.Dir, p.env = args, hc.Dir, exported(hc.Env)
	p.Stdin = p.s.readerIn(ctx, hc.Stdin)
	p.Stdout, p.Stderr = p.s.writer(hc.Stdout), p.s.writer(hc.Stderr)
	return &p, hc
}

func (h *handlers) exec(ctx context.Context, args []string) error {
	p, hc := h.proc(ctx, args)
	if name, ok := strings.CutPrefix(args[0], prefix); ok {
		if do := internal(name); do != nil {
			return status(do(ctx, p, hc))
		}
	}
	p.s.tools.Add(1)
	defer p.s.tools.Done()
	ctx, done := p.s.jobContext(ctx, hc)
	defer done()
	code := p.Exec(ctx, args...)
	if err := ctx.Err(); err != nil {
		if p.s.ctx.Err() == nil {
			return errKilled
		}
		return err
	}
	return status(code)
}

func status(code int) error {
	if code == 0 {
		return nil
	}
	return interp.ExitStatus(uint8(code))
}

func (h *handlers) file(ctx context.Context, name string) string {
	if strings.HasPrefix(name, "/") {
		return name
	}
	return interp.HandlerCtx(ctx).Dir + "/" + name
}

func (h *handlers) open(ctx context.Context, name string, flag int, _ os.FileMode) (io.ReadWriteCloser, error) {
	if name == "/dev/tty" || name == "/dev/stdout" || name == "/proc/self/fd/1" {
		return nopCloser{Reader: bytes.NewReader(nil), Writer: interp.HandlerCtx(ctx).Stdout}, nil
	}
	if name == "/dev/stderr" || name == "/proc/self/fd/2" {
		return nopCloser{Reader: bytes.NewReader(nil), Writer: interp.HandlerCtx(ctx).Stderr}, nil
	}
	f, err := h.p.FS.OpenFile(h.file(ctx, name), flag, 0o666)
	if err != nil {
		what := "open"
		if flag&os.O_CREATE != 0 {
			what = "create"
		}
		return nil, &os.PathError{Op: "/system/bin/sh: can't " + what, Path: name, Err: errors.New(Errno(err))}
	}
	if info, err := f.Stat(); err == nil && info.IsDir() {
		f.Close()
		return nil, &os.PathError{Op: "/system/bin/sh: can't open", Path: name, Err: errors.New("Is a directory")}
	}
	return f, nil
}

type nopCloser struct {
	io.Reader
	io.Writer
}

func (nopCloser) Close() error { return nil }

func (h *handlers) readDir(ctx context.Context, name string) ([]iofs.DirEntry, error) {
	list, err := h.p.FS.ReadDir(h.file(ctx, name))
	if errors.Is(err, syscall.EACCES) {
		// The interpreter asks this way too whether a folder on the way to a
		// pattern is there: /data/local, which the shell cannot list.
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	entries := make([]iofs.DirEntry, len(list))
	for i, info := range list {
		entries[i] = iofs.FileInfoToDirEntry(info)
	}
	return entries, nil
}

func (h *handlers) stat(ctx context.Context, name string, follow bool) (iofs.FileInfo, error) {
	look := h.p.FS.Lstat
	if follow {
		look = h.p.FS.Stat
	}
	info, err := look(h.file(ctx, name))
	if err != nil {
		return nil, err
	}
	return owned{Info: info, mine: info.Unix().UID == h.p.UID}, nil
}

// owned is a file as the interpreter's "test -O" wants it, which compares with
// the user of the machine.
type owned struct {
	fs.Info
	mine bool
}

func (o owned) Sys() any {
	st := &syscall.Stat_t{Uid: uint32(os.Getuid()), Gid: uint32(os.Getgid())}
	if !o.mine {
		st.Uid++
		st.Gid++
	}
	return st
}

func (h *handlers) access(ctx context.Context, name string, mode interp.AccessMode) error {
	name = h.file(ctx, name)
	if mode == interp.AccessExec {
		if real, err := h.p.FS.Resolve(name); err == nil && h.p.s.e.o.Tool(real) != nil {
			return nil
		}
	}
	return h.p.FS.Access(name, uint32(mode))
}
