package harness

import (
	"errors"
	"io"
	"testing"

	"github.com/ringproof/ringproof/devices"
)

// pipeLog is a log that the test writes.
type pipeLog struct {
	*io.PipeReader
	closed chan struct{}
}

func (p pipeLog) Wait() (devices.Output, error) { return devices.Output{}, nil }
func (p pipeLog) Close() error {
	close(p.closed)
	return p.PipeReader.CloseWithError(io.ErrClosedPipe)
}

func TestLogWakes(t *testing.T) {
	r, w := io.Pipe()
	l := &logWatch{proc: pipeLog{r, make(chan struct{})}, done: make(chan struct{}), waiters: map[int]func(){}}
	go l.follow()
	woken := make(chan string, 10)
	l.onLine(func() { woken <- "first" })
	stop := l.onLine(func() { woken <- "stopped" })
	stop()

	// What our own reading leaves in the log wakes nobody: the next line does.
	for _, line := range []string{
		"1772442001.000  1200  1300 I am      : dumpsys audio\n",
		"1772442001.100  1200  1300 I Telecom : CallsManager: setCallState NEW -> RINGING\n",
	} {
		if _, err := io.WriteString(w, line); err != nil {
			t.Fatal(err)
		}
	}
	if got := <-woken; got != "first" {
		t.Fatalf("woke %s", got)
	}
	// Once only: the second telling line finds nobody.
	if _, err := io.WriteString(w, "x am_proc_died y\n"); err != nil {
		t.Fatal(err)
	}
	l.onLine(func() { woken <- "lost" })
	// A lost log wakes waiters, so that they see at the phone what happened.
	if err := w.CloseWithError(errors.New("transport lost")); err != nil {
		t.Fatal(err)
	}
	if got := <-woken; got != "lost" {
		t.Fatalf("woke %s", got)
	}
	l.close()
	if len(woken) > 0 {
		t.Errorf("woke %s as well", <-woken)
	}
}
