package harness

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync"

	"github.com/ringproof/ringproof/devices"
)

// logWatch follows the phone's log and tells waiters that something happened.
// It decides nothing: a snapshot does. A muted log only makes waits slower.
type logWatch struct {
	proc devices.Process
	done chan struct{}

	mu      sync.Mutex
	waiters map[int]func(told int)
	next    int
	told    int // how often it woke, or would have woken, somebody
}

// watchLog follows the buffers in which calls leave traces, from now on.
func (p *Phone) watchLog(ctx context.Context) (*logWatch, error) {
	// -T 1 begins with the last line: an empty follow may block a shell that
	// waits for the first output.
	proc, err := p.dev.Start(ctx, "exec logcat -b main,system,events -v epoch -T 1")
	if err != nil {
		return nil, &Error{Kind: Infra, Op: "follow the log", Phone: p.Serial(), Err: err}
	}
	p.meter.trips.Add(1)
	w := &logWatch{proc: meteredProcess{Process: proc, m: &p.meter}, done: make(chan struct{}), waiters: map[int]func(told int){}}
	go w.follow()
	return w, nil
}

func (w *logWatch) follow() {
	defer close(w.done)
	buf := make([]byte, 64<<10)
	for {
		n, err := w.proc.Read(buf)
		if n > 0 && telling(string(buf[:n])) {
			w.wake()
		}
		if err != nil {
			if !errors.Is(err, io.EOF) {
				w.wake() // let waiters look once more; the phone's fault shows there
			}
			return
		}
	}
}

// telling leaves out our own reading: every dump and key press is logged by
// some phones, and waking for it would turn the slow poll into a fast one.
func telling(text string) bool {
	for _, word := range []string{"Telecom", "notification_", "am_proc", "am_crash", "wm_on_resume", "wm_resume", "CallsManager"} {
		if strings.Contains(text, word) {
			return true
		}
	}
	return false
}

// onLine calls f, once, as soon as more was told than heard, unless stop comes
// first. f gets what was told until then; it must not wait for anything.
func (w *logWatch) onLine(heard int, f func(told int)) (stop func()) {
	if w == nil {
		return func() {}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.told != heard {
		f(w.told)
		return func() {}
	}
	id := w.next
	w.next++
	w.waiters[id] = f
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.waiters, id)
	}
}

// heard is how much was told so far.
func (w *logWatch) heard() int {
	if w == nil {
		return 0
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.told
}

func (w *logWatch) wake() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.told++
	for id, f := range w.waiters {
		f(w.told)
		delete(w.waiters, id)
	}
}

func (w *logWatch) close() {
	// The log's own end is of no interest any more.
	_ = w.proc.Close()
	<-w.done
}
