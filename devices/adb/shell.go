package adb

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"

	"github.com/ringproof/ringproof/devices"
)

// stream is where a piece of a shell's output belongs to.
type stream byte

const (
	stdout stream = 1
	stderr stream = 2
)

// decoder takes a shell's answer apart.
type decoder interface {
	// piece goes to the next bytes of output and says whose they are. It
	// returns io.EOF when the command has ended and told its exit status.
	piece() (stream, error)
	// Read reads from the current piece, 0 bytes at its end.
	io.Reader
	// exit is the status, after piece has returned io.EOF.
	exit() int
}

// legacyCommand is how long a service may be for a phone without shell v2:
// such a phone may take packets of 4096 bytes only, one of them is a NUL, and a
// longer one makes the adb server abort, for all phones and everybody.
const legacyCommand = 4095

// openShell starts script in the phone's shell.
func (d *Device) openShell(ctx context.Context, op, script string) (*conn, decoder, error) {
	const v2 = "shell,v2,raw:"
	if n := len(v2) + len(script); n > maxService {
		return nil, nil, &Error{Op: op, Serial: d.serial, Kind: TooLong, Msg: fmt.Sprintf("%d bytes of command, the protocol takes %d", n, maxService)}
	}
	var mark *marker
	c, _, err := d.open(ctx, op, func(f Features) (string, error) {
		if f.Has("shell_v2") {
			mark = nil
			return v2 + script, nil
		}
		mark = newMarker()
		service := "shell:" + mark.wrap(script)
		if len(service) > legacyCommand {
			return "", &Error{Op: op, Serial: d.serial, Kind: TooLong, Msg: fmt.Sprintf("%d bytes of command, a phone without shell_v2 takes %d", len(service), legacyCommand)}
		}
		return service, nil
	})
	if err != nil {
		return nil, nil, err
	}
	c.setIdle(d.limits.Idle)
	if mark != nil {
		return c, mark.decoder(c), nil
	}
	return c, newV2Decoder(c), nil
}

// Run hands script to the phone's shell, with nothing to read on standard
// input, and waits for its end.
//
// A phone without the feature shell_v2 (Android 6 and older) has one output
// for both streams: there Output.Stderr is empty and its text is in Stdout.
func (d *Device) Run(ctx context.Context, script string) (devices.Output, error) {
	return d.RunInput(ctx, script, nil)
}

// RunInput is Run with input as the script's standard input. It needs a phone
// with the feature shell_v2, unless input is empty.
func (d *Device) RunInput(ctx context.Context, script string, input []byte) (devices.Output, error) {
	const op = "run a command"
	c, dec, err := d.openShell(ctx, op, script)
	if err != nil {
		return devices.Output{}, err
	}
	if dec, ok := dec.(*v2Decoder); ok {
		written := make(chan struct{})
		defer func() { <-written }()
		feed := func() {
			defer close(written)
			// The command may end without reading; what it left behind is
			// told by its output, or by the reader's error.
			_ = dec.feed(c, input)
		}
		if len(input) > 0 {
			go feed() // the command may print before it has read everything
		} else {
			feed()
		}
	} else if len(input) > 0 {
		_ = c.Close()
		return devices.Output{}, c.fail(Refused, "standard input needs the feature shell_v2", nil)
	}
	defer c.Close()

	var out devices.Output
	for {
		from, err := dec.piece()
		if errors.Is(err, io.EOF) {
			out.Exit = dec.exit()
			return out, nil
		}
		if err != nil {
			return out, c.fromIO(err)
		}
		to := &out.Stdout
		if from == stderr {
			to = &out.Stderr
		}
		if err := readPiece(c, dec, to, d.limits.Output); err != nil {
			return out, err
		}
	}
}

// readPiece appends the current piece to *to.
func readPiece(c *conn, dec decoder, to *[]byte, limit int) error {
	for {
		if cap(*to)-len(*to) < 512 {
			*to = slices.Grow(*to, max(512, min(len(*to), 1<<20)))
		}
		n, err := dec.Read((*to)[len(*to):cap(*to)])
		*to = (*to)[:len(*to)+n]
		if limit > 0 && len(*to) > limit {
			return c.fail(TooLong, fmt.Sprintf("more than %d bytes of output", limit), nil)
		}
		if err != nil {
			return c.fromIO(err)
		}
		if n == 0 {
			return nil
		}
	}
}

// keptStderr is how much of a process's standard error is kept.
const keptStderr = 1 << 20

// process is a shell that is still running. Whoever calls Read or Wait pumps
// the socket; there is no goroutine, so an unread phone waits.
type process struct {
	c     *conn
	dec   decoder
	limit int // of pending

	mu      sync.Mutex // held while pumping
	inPiece bool       // dec is inside a piece of standard output
	pending []byte     // standard output that Wait met and nobody has read yet
	stderr  []byte
	end     error // why no more can be read; io.EOF after the exit status
}

// Start runs script and returns while it runs, with nothing to read on standard
// input. The command ends when ctx is done or the process is closed; the
// phone then hangs up on it.
//
// Wait keeps the output that it meets for Read, up to Limits.Output, so it may
// be called before, after or while somebody reads.
func (d *Device) Start(ctx context.Context, script string) (devices.Process, error) {
	p, err := d.start(ctx, script)
	if err != nil {
		return nil, err
	}
	if dec, ok := p.dec.(*v2Decoder); ok {
		if err := dec.feed(p.c, nil); err != nil {
			_ = p.c.Close()
			return nil, err
		}
	}
	return p, nil
}

// StartInput is Start with the script's standard input left open for Write. A
// phone without the feature shell_v2 starts the script and refuses to Write.
func (d *Device) StartInput(ctx context.Context, script string) (devices.InputProcess, error) {
	p, err := d.start(ctx, script)
	if err != nil {
		return nil, err
	}
	return p, nil
}

func (d *Device) start(ctx context.Context, script string) (*process, error) {
	c, dec, err := d.openShell(ctx, "run a command", script)
	if err != nil {
		return nil, err
	}
	return &process{c: c, dec: dec, limit: d.limits.Output}, nil
}

// Write writes to the command's standard input, if StartInput left it open.
func (p *process) Write(b []byte) (int, error) {
	if _, ok := p.dec.(*v2Decoder); !ok {
		return 0, p.c.fail(Refused, "standard input needs the feature shell_v2", nil)
	}
	done := 0
	for done < len(b) {
		n := min(len(b)-done, inputChunk)
		if _, err := p.c.Write(appendPacket(nil, v2Stdin, b[done:done+n])); err != nil {
			return done, p.c.fromIO(err)
		}
		done += n
	}
	return done, nil
}

// Read reads the command's standard output. Its io.EOF means that the command
// has ended and told its exit status.
func (p *process) Read(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(b) == 0 {
		return 0, nil
	}
	if len(p.pending) > 0 {
		n := copy(b, p.pending)
		p.pending = p.pending[n:]
		return n, nil
	}
	return p.pump(b)
}

// pump reads up to len(b) bytes of standard output and keeps standard error on
// the way.
func (p *process) pump(b []byte) (int, error) {
	for p.end == nil {
		if p.inPiece {
			n, err := p.dec.Read(b)
			if err != nil {
				p.finish(err)
			}
			if n > 0 {
				return n, nil
			}
			p.inPiece = false
			continue
		}
		from, err := p.dec.piece()
		switch {
		case err != nil:
			p.finish(err)
		case from == stdout:
			p.inPiece = true
		default:
			if err := p.keep(); err != nil {
				p.finish(err)
			}
		}
	}
	return 0, p.end
}

// keep takes one piece of standard error.
func (p *process) keep() error {
	var b [1024]byte
	for {
		n, err := p.dec.Read(b[:])
		if room := keptStderr - len(p.stderr); room > 0 {
			p.stderr = append(p.stderr, b[:min(n, room)]...)
		}
		if err != nil || n == 0 {
			return err
		}
	}
}

func (p *process) finish(err error) {
	if p.end != nil {
		return
	}
	if !errors.Is(err, io.EOF) {
		err = p.c.fromIO(err)
	}
	p.end = err
}

// Wait waits for the end and returns the exit status and the first MiB of
// standard error.
func (p *process) Wait() (devices.Output, error) {
	b := make([]byte, 4096)
	for p.wait(b) {
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	out := devices.Output{Stderr: p.stderr}
	if !errors.Is(p.end, io.EOF) {
		return out, p.end
	}
	out.Exit = p.dec.exit()
	return out, nil
}

// wait keeps the next output and lets readers in between.
func (p *process) wait(b []byte) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	n, err := p.pump(b)
	p.pending = append(p.pending, b[:n]...)
	if p.limit > 0 && len(p.pending) > p.limit {
		p.finish(p.c.fail(TooLong, fmt.Sprintf("more than %d bytes of output that nobody reads", p.limit), nil))
		return false
	}
	return err == nil
}

// Close ends the command, if it still runs, and frees its connection.
func (p *process) Close() error { return p.c.Close() }
