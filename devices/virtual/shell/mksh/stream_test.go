package mksh

import (
	"io"
	"testing"
	"time"
)

// Ctrl-C while the shell takes what was typed: both go for the same bytes, and
// neither may wait for what the other one took.
func TestDrainBesideAReader(t *testing.T) {
	in, err := newInput(nil)
	if err != nil {
		t.Fatal(err)
	}
	read := make(chan struct{})
	go func() {
		defer close(read)
		_, _ = io.Copy(io.Discard, struct{ io.Reader }{in.r})
	}()
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		for range 20_000 {
			_, _ = in.w.Write([]byte("x"))
			in.drain()
		}
	}()
	select {
	case <-drained:
	case <-time.After(2 * time.Minute):
		t.Error("waits for bytes that somebody else has read")
	}
	in.close()
	<-read
	<-drained
}
