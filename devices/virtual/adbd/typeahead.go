package adbd

import (
	"io"
	"sync"
)

// ahead is how much may be typed that nobody has read yet. A terminal loses the
// rest (N_TTY_BUF_SIZE has 4 KiB, of which hosts know nothing; streams of tests
// that feed whole scripts are kinder treated).
const ahead = 1 << 20

// typeahead is the input queue of a terminal: whoever types does not wait for
// the command, so that Ctrl-C is heard.
type typeahead struct {
	mu   sync.Mutex
	cond *sync.Cond
	buf  []byte
	err  error // after buf
}

func newTypeahead() *typeahead {
	t := &typeahead{}
	t.cond = sync.NewCond(&t.mu)
	return t
}

func (t *typeahead) Read(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for len(t.buf) == 0 && t.err == nil {
		t.cond.Wait()
	}
	if len(t.buf) == 0 {
		return 0, t.err
	}
	n := copy(p, t.buf)
	t.buf = t.buf[n:]
	return n, nil
}

func (t *typeahead) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.err != nil {
		return 0, t.err
	}
	t.buf = append(t.buf, p[:min(len(p), ahead-len(t.buf))]...)
	t.cond.Broadcast()
	return len(p), nil
}

// Close ends the input.
func (t *typeahead) Close() error { return t.CloseWithError(io.EOF) }

// CloseWithError makes err, or io.EOF, the end of the input.
func (t *typeahead) CloseWithError(err error) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err == nil {
		err = io.EOF
	}
	if t.err == nil {
		t.err = err
	}
	t.cond.Broadcast()
	return nil
}

// forget throws away what was typed and not read.
func (t *typeahead) forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf = nil
}

func (t *typeahead) over() { _ = t.CloseWithError(io.ErrClosedPipe) }
