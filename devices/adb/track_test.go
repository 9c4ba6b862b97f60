package adb

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"
)

// tracked is a fake with a list that a test changes; notify makes the server
// tell, as it should.
func tracked(t *testing.T) (f *fake, set func(string), notify func(string)) {
	f = newFake(t)
	var list atomic.Value
	list.Store("")
	notices := make(chan string, 10)
	f.on("host:devices-l", func(c *call) { says(list.Load().(string))(c) })
	f.on("host:track-devices-l", func(c *call) {
		c.okay()
		c.text(list.Load().(string))
		for {
			select {
			case n := <-notices:
				c.text(n)
			case <-t.Context().Done():
				return
			}
		}
	})
	set = func(s string) { list.Store(s) }
	return f, set, func(s string) { list.Store(s); notices <- s }
}

func polling(d time.Duration) Option {
	l := DefaultLimits()
	l.Poll = d
	return WithLimits(l)
}

func TestTrackFollowsTheServersNotices(t *testing.T) {
	f, _, notify := tracked(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var got []State
	for list, err := range f.server(polling(time.Hour)).Track(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		var s State
		if len(list) > 0 {
			s = list[0].State
		}
		got = append(got, s)
		switch len(got) {
		case 1:
			notify("phone authorizing\n")
		case 2:
			notify("phone device\n")
		}
		if len(got) == 3 {
			break
		}
	}
	if len(got) != 3 || got[0] != "" || got[1] != "authorizing" || got[2] != "device" {
		t.Errorf("got %q", got)
	}
}

// Old servers do not tell that a phone on the network is gone.
func TestTrackPollsBesideListening(t *testing.T) {
	f, set, _ := tracked(t)
	set("phone device\n")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	n := 0
	for list, err := range f.server(polling(5 * time.Millisecond)).Track(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n == 1 {
			set("phone offline\n")
			continue
		}
		if list[0].State != StateOffline {
			t.Errorf("got %v", list)
		}
		break
	}
	if n != 2 {
		t.Errorf("%d lists", n)
	}
}

// A server that goes away is one error, and its return a list.
func TestTrackOutlivesTheServer(t *testing.T) {
	f, set, _ := tracked(t)
	set("phone device\n")
	var down, back atomic.Bool
	var asked atomic.Int32
	f.on("host:devices-l", func(c *call) {
		if down.Load() {
			// Several times, to see that the same error is told once.
			if back.Load() && asked.Add(1) == 5 {
				down.Store(false)
			}
			return // ends the connection
		}
		says("phone device\n")(c)
	})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var seen []error
	for _, err := range f.server(polling(5 * time.Millisecond)).Track(ctx) {
		seen = append(seen, err)
		switch len(seen) {
		case 1:
			down.Store(true)
		case 2:
			back.Store(true)
		}
		if len(seen) == 3 {
			break
		}
	}
	if len(seen) != 3 || seen[0] != nil || !errors.Is(seen[1], ServerDown) || seen[2] != nil {
		t.Errorf("got %v", seen)
	}
}

func TestTrackEndsWithItsContext(t *testing.T) {
	f, _, _ := tracked(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for range f.server().Track(ctx) {
		cancel()
	}
	if ctx.Err() == nil {
		t.Error("the loop ended by itself")
	}
}

func TestTrackWithAServerThatKnowsOnlyTheShortForm(t *testing.T) {
	f, set, _ := tracked(t)
	set("phone device\n")
	asked := make(chan struct{})
	f.on("host:track-devices", func(c *call) {
		if c.request != "host:track-devices" {
			c.fail("unknown host service")
			return
		}
		c.okay()
		close(asked)
		c.gone()
	})
	f.mu.Lock()
	delete(f.answers, "host:track-devices-l")
	f.mu.Unlock()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	go func() { <-asked; cancel() }()
	for range f.server(polling(5 * time.Millisecond)).Track(ctx) {
	}
	within(t, "the short form was asked for", asked)
}
