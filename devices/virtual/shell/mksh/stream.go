package mksh

import (
	"bytes"
	"context"
	"io"
	"os"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

const (
	// full is how much a host may leave unread before a command has to wait for it.
	full = 256 << 10
	// gulp is how much of a large write is taken at a time, so that full is not
	// overdrawn by much.
	gulp = 64 << 10
)

// pump carries a command's output to the host beside the command: a host that
// does not read must not stop the phone's clock.
type pump struct {
	ctx   context.Context
	clock Clock
	w     io.Writer
	done  chan struct{}

	mu     sync.Mutex
	wake   *sync.Cond
	buf    []byte
	err    error
	closed bool
}

func newPump(ctx context.Context, clock Clock, w io.Writer) *pump {
	p := &pump{ctx: ctx, clock: clock, w: w, done: make(chan struct{})}
	p.wake = sync.NewCond(&p.mu)
	go p.run()
	return p
}

func (p *pump) run() {
	defer close(p.done)
	stop := context.AfterFunc(p.ctx, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.err == nil {
			p.err = p.ctx.Err()
		}
		p.wake.Broadcast()
	})
	defer stop()
	var spare []byte
	for {
		p.mu.Lock()
		for len(p.buf) == 0 && !p.closed && p.err == nil {
			p.wake.Wait()
		}
		buf := p.buf
		p.buf, spare = spare[:0], buf
		if len(buf) == 0 || p.err != nil {
			p.mu.Unlock()
			return
		}
		p.wake.Broadcast()
		p.mu.Unlock()
		if _, err := p.w.Write(buf); err != nil {
			p.mu.Lock()
			p.err = err
			p.wake.Broadcast()
			p.mu.Unlock()
			return
		}
	}
}

// Write takes b at once, unless the host is far behind.
func (p *pump) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for done := 0; ; {
		for len(p.buf) > full && p.err == nil {
			p.mu.Unlock()
			p.clock.Idle(func() {
				p.mu.Lock()
				defer p.mu.Unlock()
				for len(p.buf) > full && p.err == nil {
					p.wake.Wait()
				}
			})
			p.mu.Lock()
		}
		if p.err != nil {
			return done, syscall.EPIPE
		}
		part := b[done:min(len(b), done+gulp)]
		p.buf = append(p.buf, part...)
		p.wake.Broadcast()
		if done += len(part); done == len(b) {
			return done, nil
		}
	}
}

// close waits until all is written or the host has gone.
func (p *pump) close() {
	p.mu.Lock()
	p.closed = true
	p.wake.Broadcast()
	p.mu.Unlock()
	select {
	case <-p.done:
	case <-p.ctx.Done():
	}
}

// input is the job's standard input. The interpreter wants a file, so it is a
// pipe; it is filled from the host only once somebody reads, so that most jobs
// need no thread for it.
type input struct {
	r, w *os.File
	from io.Reader
	once sync.Once
}

func newInput(from io.Reader) (*input, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	return &input{r: r, w: w, from: from}, nil
}

func (in *input) start() {
	in.once.Do(func() {
		go func() {
			defer in.w.Close()
			if in.from != nil {
				_, _ = io.Copy(struct{ io.Writer }{in.w}, in.from)
			}
		}()
	})
}

// drain throws away what came from the host and was not read: a terminal does
// it at Ctrl-C. Somebody may be reading at the same time, so it never waits.
func (in *input) drain() {
	raw, err := in.r.SyscallConn()
	if err != nil {
		return
	}
	b := make([]byte, 4096)
	// The error says that the file is closed; then there is nothing to drain.
	_ = raw.Control(func(fd uintptr) {
		for n := 1; n > 0; {
			n, _ = unix.Read(int(fd), b) // -1 with EAGAIN once it is empty
		}
	})
}

func (in *input) close() {
	in.once.Do(func() { in.w.Close() })
	in.r.Close()
}

// reader is a tool's standard input: waiting for data is waiting, not running.
type reader struct {
	s   *session
	ctx context.Context
	f   *os.File
}

// reader wraps what the interpreter hands out as standard input.
func (s *session) reader(in io.Reader) io.Reader { return s.readerIn(s.ctx, in) }

func (s *session) readerIn(ctx context.Context, in io.Reader) io.Reader {
	f, ok := in.(*os.File)
	if !ok || f == nil {
		return bytes.NewReader(nil)
	}
	return &reader{s: s, ctx: ctx, f: f}
}

// Read implements io.Reader.
func (r *reader) Read(b []byte) (int, error) {
	if err := r.wait(); err != nil {
		return 0, err
	}
	if r.ctx.Err() != nil { // what is there now is for somebody else
		return 0, io.EOF
	}
	return r.f.Read(b)
}

// within is wait for at most a time of the phone's; false when it is over.
func (r *reader) within(limit time.Duration) bool {
	ctx, cancel := context.WithCancel(r.ctx)
	began, back, over := make(chan struct{}), make(chan struct{}), make(chan bool)
	go func() {
		defer r.s.e.o.Clock.Begin()() // counted until the waiting thread counts again
		close(began)
		late := r.s.e.o.Clock.Sleep(ctx, limit) == nil
		cancel()
		<-back
		over <- late
	}()
	<-began
	_ = (&reader{s: r.s, ctx: ctx, f: r.f}).wait()
	cancel()
	close(back)
	return !<-over || ready(r.f, unix.POLLIN, 0)
}

// wait returns when a Read would not block.
func (r *reader) wait() error {
	if r.f == r.s.in.r {
		r.s.in.start()
	}
	if ready(r.f, unix.POLLIN, 2*time.Millisecond) {
		return nil
	}
	var err error
	cut := make(chan struct{})
	stop := context.AfterFunc(r.ctx, func() { defer close(cut); _ = r.f.SetReadDeadline(time.Unix(1, 0)) })
	defer func() {
		if !stop() { // others may read this file after an interrupted command
			<-cut
			_ = r.f.SetReadDeadline(time.Time{})
		}
	}()
	r.s.e.o.Clock.Idle(func() {
		var raw syscall.RawConn
		if raw, err = r.f.SyscallConn(); err == nil {
			err = raw.Read(func(fd uintptr) bool { return poll(fd, unix.POLLIN, 0) })
		}
	})
	if r.ctx.Err() != nil {
		return io.EOF
	}
	return err
}

// writer is a tool's end of a pipe.
type writer struct {
	s   *session
	ctx context.Context
	f   *os.File
}

func (s *session) writer(out io.Writer) io.Writer {
	f, ok := out.(*os.File)
	if !ok {
		if out == nil {
			out = io.Discard
		}
		return mortal{s.ctx, out}
	}
	return &writer{s: s, ctx: s.ctx, f: f}
}

// mortal is an output that never blocks, such as a file: it breaks when the job
// is over, so that endless programs end.
type mortal struct {
	ctx context.Context
	w   io.Writer
}

// Write implements io.Writer.
func (m mortal) Write(b []byte) (int, error) {
	if m.ctx.Err() != nil {
		return 0, syscall.EPIPE
	}
	return m.w.Write(b)
}

// Write implements io.Writer. A pipe takes PIPE_BUF bytes when it says ready.
func (w *writer) Write(b []byte) (int, error) {
	done := 0
	for done < len(b) {
		if !ready(w.f, unix.POLLOUT, 2*time.Millisecond) {
			stop := context.AfterFunc(w.ctx, func() { _ = w.f.SetWriteDeadline(time.Unix(1, 0)) })
			w.s.e.o.Clock.Idle(func() {
				if raw, err := w.f.SyscallConn(); err == nil {
					_ = raw.Write(func(fd uintptr) bool { return poll(fd, unix.POLLOUT, 0) })
				}
			})
			stop()
		}
		n, err := w.f.Write(b[done:min(done+4096, len(b))])
		done += n
		if err != nil {
			return done, syscall.EPIPE
		}
	}
	return done, nil
}

func ready(f *os.File, events int16, wait time.Duration) bool {
	raw, err := f.SyscallConn()
	if err != nil {
		return true
	}
	got := true
	if raw.Control(func(fd uintptr) { got = poll(fd, events, int(wait.Milliseconds())) }) != nil {
		return true
	}
	return got
}

func poll(fd uintptr, events int16, millis int) bool {
	fds := []unix.PollFd{{Fd: int32(fd), Events: events}}
	n, err := unix.Poll(fds, millis)
	return n > 0 || err != nil && err != unix.EINTR
}
