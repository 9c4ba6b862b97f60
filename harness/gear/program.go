package gear

import (
	"context"
	_ "embed" // the program
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// script is the headset of software: Bumble's hands-free, which speaks the protocol of
// Headset on its standard input and output. Its packages are in bumble/requirements.txt.
//
//go:embed bumble/headset.py
var script []byte

// How long the program may take to find its radio, and to switch it off when it is told
// to end. A dongle may want its firmware first.
const (
	readyTime = 30 * time.Second
	endTime   = 8 * time.Second
)

// MissingError is a headset of software that this machine lacks something for.
type MissingError struct {
	// What is "Python", "bumble" or "radio".
	What   string
	Reason string
	// Advice is what the user can do.
	Advice string
}

func (e *MissingError) Error() string {
	return fmt.Sprintf("the headset of software has no %s: %s (%s)", e.What, e.Reason, e.Advice)
}

// startHeadset runs the program until the headset is closed.
func startHeadset(ctx context.Context, serial string, spec HeadsetSpec) (*Headset, error) {
	python := spec.Python
	if python == "" {
		python = "python3"
	}
	keys, err := keyFile(serial)
	if err != nil {
		return nil, fmt.Errorf("keep what the headset of %s is bonded with: %w", serial, err)
	}
	folder, err := os.MkdirTemp("", "ringproof-headset-")
	if err != nil {
		return nil, fmt.Errorf("start the headset of %s: %w", serial, err)
	}
	// Once it has answered, Python has read it.
	defer func() { _ = os.RemoveAll(folder) }()
	file := filepath.Join(folder, "headset.py")
	if err := os.WriteFile(file, script, 0o600); err != nil {
		return nil, fmt.Errorf("start the headset of %s: %w", serial, err)
	}
	p, err := run(ctx, python, file, spec.Radio, "--keys", keys)
	if errors.Is(err, exec.ErrNotFound) || errors.Is(err, os.ErrNotExist) {
		return nil, &MissingError{"Python", err.Error(), "install Python 3.11 or newer, or name it in the setting python"}
	}
	if err != nil {
		return nil, fmt.Errorf("start the headset of %s: %w", serial, err)
	}
	h, a, err := greet(ctx, p, readyTime)
	switch {
	case a.Missing == "bumble":
		return nil, &MissingError{"bumble", a.Error, "make headset installs it for the setting python; " + python + " was asked"}
	case a.Missing == "radio":
		return nil, &MissingError{"radio", spec.Radio + ": " + a.Error, "a dongle must be plugged in, open to this user and used by no other program; an emulator must be running"}
	case err != nil:
		return nil, fmt.Errorf("start the headset of %s: %w", serial, err)
	}
	return h, nil
}

// keyFile is where the headset of a phone remembers its bond. It is no cache: who loses
// it pairs again.
func keyFile(serial string) (string, error) {
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", err
	}
	dir = filepath.Join(dir, "ringproof", "headsets")
	return filepath.Join(dir, url.QueryEscape(serial)+".json"), os.MkdirAll(dir, 0o700)
}

// program is a running script: what is written goes to its input, what is read is its
// output. Its life ends with its input, so that it never outlives this process.
type program struct {
	in    io.WriteCloser
	out   *os.File
	errs  tail
	end   context.CancelFunc
	ended chan struct{} // closed when it is gone; err then says how
	err   error
}

func run(ctx context.Context, name string, args ...string) (*program, error) {
	// Who opened it closes it: the step that did may be long over.
	ctx, end := context.WithCancel(context.WithoutCancel(ctx))
	p := &program{end: end, ended: make(chan struct{})}
	cmd := exec.CommandContext(ctx, name, args...) // #nosec G204 -- the user's own Python
	cmd.Stderr = &p.errs
	in, err := cmd.StdinPipe()
	if err != nil {
		end()
		return nil, err
	}
	// Not StdoutPipe: Wait would close it under the one who reads.
	out, theirs, err := os.Pipe()
	if err != nil {
		end()
		return nil, err
	}
	p.in, p.out, cmd.Stdout = in, out, theirs
	cmd.Cancel, cmd.WaitDelay = in.Close, endTime
	err = cmd.Start()
	_ = theirs.Close()
	if err != nil {
		end()
		return nil, errors.Join(err, out.Close())
	}
	go func() {
		defer close(p.ended)
		if err := cmd.Wait(); err != nil && !errors.Is(err, context.Canceled) {
			p.err = err
		}
	}()
	return p, nil
}

func (p *program) Write(b []byte) (int, error) { return p.in.Write(b) }

// Read tells, at the end, how the program ended and the last that it said.
func (p *program) Read(b []byte) (int, error) {
	n, err := p.out.Read(b)
	if err == nil {
		return n, nil
	}
	<-p.ended
	if p.err != nil {
		return n, fmt.Errorf("its program ended (%w): %s", p.err, p.errs.String())
	}
	return n, errors.New("its program ended")
}

// Close ends the program, and waits until it is gone.
func (p *program) Close() error {
	p.end()
	<-p.ended
	if err := p.out.Close(); err != nil {
		return err
	}
	if p.err != nil {
		return fmt.Errorf("end the headset's program: %w: %s", p.err, p.errs.String())
	}
	return nil
}

// tail keeps the end of what is written to it.
type tail struct {
	mu   sync.Mutex
	last []byte
}

const tailBytes = 2 << 10

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last = append(t.last, b...)
	if n := len(t.last); n > tailBytes {
		t.last = append([]byte(nil), t.last[n-tailBytes:]...)
	}
	return len(b), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.TrimSpace(string(t.last))
}
