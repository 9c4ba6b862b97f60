package mksh

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"syscall"

	"github.com/ringproof/ringproof/devices/virtual/fs"
)

// Proc is one running program as it sees itself.
type Proc struct {
	// Args are the program's arguments; Args[0] is its name as it was called.
	Args           []string
	UID            int
	Dir            string
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	// FS is the phone's files with this user's rights. Paths are absolute: see
	// Path.
	FS *fs.View

	env []string
	s   *session
	ctx context.Context // of the program that runs, for Gone
}

// Gone says that the program is to end: its host has gone or it was killed. Loops
// that neither read nor write look at it.
func (p *Proc) Gone() bool { return p.ctx != nil && p.ctx.Err() != nil }

func (p *Proc) view() *fs.View {
	var groups []int
	if p.s.e.o.Groups != nil {
		groups = p.s.e.o.Groups(p.UID)
	}
	return p.s.e.o.Tree.As(p.UID, groups...)
}

// Name is the base name of the program.
func (p *Proc) Name() string { return path.Base(p.Args[0]) }

// Path makes a path absolute.
func (p *Proc) Path(name string) string {
	if !strings.HasPrefix(name, "/") && name != "" {
		return p.Dir + "/" + name
	}
	return name
}

// Env is the environment, KEY=value, in order of appearance.
func (p *Proc) Env() []string { return p.env }

// Getenv is one variable of the environment, or "".
func (p *Proc) Getenv(key string) string {
	for i := len(p.env) - 1; i >= 0; i-- {
		if v, ok := strings.CutPrefix(p.env[i], key+"="); ok {
			return v
		}
	}
	return ""
}

// Printf writes to standard output. A write error is for Err: programs that
// write much must look at it themselves.
func (p *Proc) Printf(format string, args ...any) { fmt.Fprintf(p.Stdout, format, args...) }

// Println writes a line to standard output.
func (p *Proc) Println(args ...any) { fmt.Fprintln(p.Stdout, args...) }

// Complain writes "name: text" to standard error and returns 1.
func (p *Proc) Complain(format string, args ...any) int {
	fmt.Fprintf(p.Stderr, p.Name()+": "+format+"\n", args...)
	return 1
}

// Wait runs fn, which blocks on something outside, as waiting.
func (p *Proc) Wait(fn func()) { p.s.e.o.Clock.Idle(fn) }

// As is the same process with another user, folder and environment additions.
func (p *Proc) As(uid int, dir string, env ...string) *Proc {
	c := *p
	c.UID, c.Dir = uid, dir
	c.env = append(append([]string(nil), p.env...), env...)
	c.FS = c.view()
	return &c
}

// With is the same process with other streams; nil keeps one.
func (p *Proc) With(in io.Reader, out, err io.Writer) *Proc {
	c := *p
	if in != nil {
		c.Stdin = in
	}
	if out != nil {
		c.Stdout = out
	}
	if err != nil {
		c.Stderr = err
	}
	return &c
}

// Exec runs another program with this one's user, folder and streams.
func (p *Proc) Exec(ctx context.Context, args ...string) int {
	c := *p
	c.Args, c.ctx = args, ctx
	tool, file, err := p.find(args[0])
	switch {
	case err != nil:
		fmt.Fprintf(p.Stderr, "/system/bin/sh: %s: %s\n", args[0], err.text)
		return err.status
	case tool != nil:
		return tool(ctx, &c)
	}
	return c.script(ctx, file, args)
}

// Lookup is the absolute path that a command name stands for, or "".
func (p *Proc) Lookup(name string) string {
	_, file, err := p.find(name)
	if err != nil {
		return ""
	}
	return file
}

type notFound struct {
	status int
	text   string
}

// find looks for a program as the shell does, in PATH or at a path.
func (p *Proc) find(name string) (Tool, string, *notFound) {
	if strings.Contains(name, "/") {
		return p.at(p.Path(name))
	}
	search := p.Getenv("PATH")
	if search == "" {
		search = "/system/bin"
	}
	var denied *notFound
	for _, dir := range strings.Split(search, ":") {
		tool, file, err := p.at(path.Join(p.Path(dir), name))
		if err == nil {
			return tool, file, nil
		}
		if err.status == 126 && denied == nil {
			denied = err
		}
	}
	if denied != nil && name != "" {
		return nil, "", denied
	}
	return nil, "", &notFound{127, "inaccessible or not found"}
}

func (p *Proc) at(file string) (Tool, string, *notFound) {
	real, err := p.FS.Resolve(file)
	if err != nil {
		return nil, "", &notFound{127, "inaccessible or not found"}
	}
	if tool := p.s.e.o.Tool(real); tool != nil {
		return tool, file, nil
	}
	info, err := p.FS.Stat(real)
	switch {
	case err != nil:
		return nil, "", &notFound{127, "inaccessible or not found"}
	case info.IsDir():
		return nil, "", &notFound{126, "can't execute: Is a directory"}
	case p.FS.Access(real, fs.MayExecute) != nil:
		return nil, "", &notFound{126, "can't execute: Permission denied"}
	}
	return nil, file, nil
}

func (p *Proc) script(ctx context.Context, file string, args []string) int {
	text, err := p.FS.ReadFile(file)
	if err != nil {
		fmt.Fprintf(p.Stderr, "/system/bin/sh: %s: can't open: %s\n", args[0], Errno(err))
		return 126
	}
	if strings.ContainsRune(string(text[:min(len(text), 80)]), 0) {
		fmt.Fprintf(p.Stderr, "/system/bin/sh: %s: not executable: magic %02x%02x\n", args[0], text[0], text[1])
		return 126
	}
	return p.Shell(ctx, string(text), args...)
}

// Errno is the text of strerror(3) for a file error.
func Errno(err error) string {
	var errno syscall.Errno
	if errors.As(err, &errno) {
		if s, ok := strerror[errno]; ok {
			return s
		}
		return errno.Error()
	}
	return err.Error()
}

var strerror = map[syscall.Errno]string{
	syscall.ENOENT: "No such file or directory", syscall.EACCES: "Permission denied",
	syscall.EPERM: "Operation not permitted", syscall.EEXIST: "File exists",
	syscall.ENOTDIR: "Not a directory", syscall.EISDIR: "Is a directory",
	syscall.ENOTEMPTY: "Directory not empty", syscall.EROFS: "Read-only file system",
	syscall.EXDEV: "Cross-device link", syscall.EINVAL: "Invalid argument",
	syscall.ENOSPC: "No space left on device", syscall.ELOOP: "Too many symbolic links encountered",
	syscall.EBUSY: "Device or resource busy", syscall.ENAMETOOLONG: "File name too long",
	syscall.EPIPE: "Broken pipe", syscall.EIO: "I/O error",
	syscall.ESRCH: "No such process",
}

// Thread runs fn as a part of its own of this process: it may sleep while the
// rest goes on. The process must wait for its end, inside Wait.
func (p *Proc) Thread(fn func()) {
	end := p.s.e.o.Clock.Begin()
	go func() {
		defer end()
		fn()
	}()
}

// Interruptible is the process' standard input, which ends when ctx is done.
func (p *Proc) Interruptible(ctx context.Context) io.Reader {
	if r, ok := p.Stdin.(*reader); ok {
		return &reader{s: r.s, ctx: ctx, f: r.f}
	}
	return p.Stdin
}
