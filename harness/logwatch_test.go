package harness

import (
	"errors"
	"fmt"
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
	l := &logWatch{proc: pipeLog{r, make(chan struct{})}, done: make(chan struct{}), waiters: map[int]func(int){}}
	go l.follow()
	woken := make(chan string, 10)
	l.onLine(0, func(int) { woken <- "first" })
	stop := l.onLine(0, func(int) { woken <- "stopped" })
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
	// Once only: the second telling line finds nobody of these.
	two := make(chan int, 1)
	l.onLine(1, func(told int) { two <- told })
	if _, err := io.WriteString(w, "x am_proc_died y\n"); err != nil {
		t.Fatal(err)
	}
	if got := <-two; got != 2 {
		t.Errorf("told %d times, want 2", got)
	}
	// Whoever knows less than was told is woken at once, in the same call.
	l.onLine(1, func(told int) { woken <- fmt.Sprint("behind ", told) })
	select {
	case got := <-woken:
		if got != "behind 2" {
			t.Fatalf("woke %s", got)
		}
	default:
		t.Fatal("what was told before is waited for")
	}
	l.onLine(2, func(int) { woken <- "lost" })
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
