package adbd

import (
	"errors"
	"io"
	"sync"
	"time"
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

	moving sync.Mutex // held while bytes are on their way from buf to a writer
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

// handover is how long forgetting waits for a reader that is taking bytes. One
// that takes longer is full of them.
const handover = 100 * time.Millisecond

// forget throws away what was typed and not taken. Afterwards nothing of it is
// on its way any more.
func (t *typeahead) forget() {
	t.mu.Lock()
	t.buf = nil
	t.mu.Unlock()
	for end := time.Now().Add(handover); time.Now().Before(end); time.Sleep(time.Millisecond / 10) {
		if t.moving.TryLock() {
			t.moving.Unlock()
			return
		}
	}
}

// WriteTo hands everything over until the end.
func (t *typeahead) WriteTo(w io.Writer) (total int64, err error) {
	for {
		t.mu.Lock()
		for len(t.buf) == 0 && t.err == nil {
			t.cond.Wait()
		}
		if len(t.buf) == 0 {
			err := t.err
			t.mu.Unlock()
			if errors.Is(err, io.EOF) {
				return total, nil
			}
			return total, err
		}
		part := t.buf[:min(len(t.buf), 4096)]
		t.buf = t.buf[len(part):]
		t.moving.Lock()
		t.mu.Unlock()
		n, err := w.Write(part)
		t.moving.Unlock()
		total += int64(n)
		if err != nil {
			return total, err
		}
	}
}

func (t *typeahead) over() { _ = t.CloseWithError(io.ErrClosedPipe) }
