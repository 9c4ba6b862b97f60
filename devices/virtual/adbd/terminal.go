package adbd

import (
	"bytes"
	"fmt"
	"io"
	"sync"
)

// Terminal is what a command can ask its terminal.
type Terminal interface {
	// OnInterrupt calls do at each Ctrl-C, before anything that is typed later
	// can be read.
	OnInterrupt(do func())
	// Size is the window's, as the host said it; zero if it did not.
	Size() (rows, cols int)
}

// terminal is the line discipline of a pseudo terminal as a phone sets it up:
// input is echoed, edited and handed over by line, output gets "\r\n".
type terminal struct {
	out io.Writer
	in  *typeahead

	mu         sync.Mutex // of typing
	line       []byte
	state      sync.Mutex // of what follows
	interrupt  func()
	rows, cols int
}

func newTerminal(out io.Writer, in *typeahead) *terminal {
	return &terminal{out: out, in: in, interrupt: func() {}}
}

// Write is output of the command.
func (t *terminal) Write(p []byte) (int, error) {
	if _, err := t.out.Write(bytes.ReplaceAll(p, []byte("\n"), []byte("\r\n"))); err != nil {
		return 0, err
	}
	return len(p), nil
}

// OnInterrupt implements Terminal.
func (t *terminal) OnInterrupt(do func()) {
	t.state.Lock()
	defer t.state.Unlock()
	t.interrupt = do
}

// Size implements Terminal.
func (t *terminal) Size() (rows, cols int) {
	t.state.Lock()
	defer t.state.Unlock()
	return t.rows, t.cols
}

// resize takes a window size as hosts send it: "ROWSxCOLS,XPIXxYPIX".
func (t *terminal) resize(text []byte) {
	var rows, cols, x, y int
	if n, err := fmt.Sscanf(string(text), "%dx%d,%dx%d", &rows, &cols, &x, &y); n != 4 || err != nil {
		return
	}
	t.state.Lock()
	defer t.state.Unlock()
	t.rows, t.cols = rows&0xffff, cols&0xffff // struct winsize has shorts
}

func (t *terminal) input() io.WriteCloser { return keyboard{t} }

// keyboard is the host's side of a terminal's input.
type keyboard struct{ t *terminal }

// Control characters of a terminal in its default setting.
const (
	ctrlC     = 0x03
	ctrlD     = 0x04
	ctrlU     = 0x15
	backspace = 0x08
	del       = 0x7f
)

// Write takes what was typed. A line goes to the command when it is finished;
// an error of the command's side is not one of typing.
func (k keyboard) Write(p []byte) (int, error) {
	t := k.t
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, c := range p {
		switch c {
		case '\r', '\n':
			_, _ = t.out.Write([]byte("\r\n"))
			t.hand('\n')
		case ctrlD:
			if len(t.line) == 0 {
				_ = t.in.Close()
			}
			t.hand()
		case ctrlC:
			t.line = nil
			t.in.forget()
			_, _ = t.out.Write([]byte("^C"))
			t.state.Lock()
			interrupt := t.interrupt
			t.state.Unlock()
			interrupt()
		case ctrlU:
			for range t.line {
				_, _ = t.out.Write([]byte("\b \b"))
			}
			t.line = nil
		case backspace, del:
			if len(t.line) > 0 {
				t.line = t.line[:len(t.line)-1]
				_, _ = t.out.Write([]byte("\b \b"))
			}
		default:
			t.line = append(t.line, c)
			_, _ = t.out.Write([]byte{c})
		}
	}
	return len(p), nil
}

func (t *terminal) hand(end ...byte) {
	line := append(t.line, end...)
	t.line = nil
	if len(line) > 0 {
		_, _ = t.in.Write(line)
	}
}

// Close is the host's end of input, which for a terminal is Ctrl-D.
func (k keyboard) Close() error {
	_, err := k.Write([]byte{ctrlD})
	return err
}
