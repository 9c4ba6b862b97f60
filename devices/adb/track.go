package adb

import (
	"context"
	"errors"
	"iter"
	"slices"
	"sync"
	"time"
)

// Track yields the list of phones, first at once and then whenever it has
// changed, until ctx is done or the loop is left. When the server cannot be
// asked it yields the error, once for each kind, and goes on trying: phones
// come back with a restarted server.
//
// The server's own notice (track-devices) only wakes the loop. Servers before
// platform-tools 31 send none when a phone on the network is lost, so the
// list is also asked for every Limits.Poll, and it alone is believed.
func (s *Server) Track(ctx context.Context) iter.Seq2[[]Info, error] {
	return func(yield func([]Info, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		var wg sync.WaitGroup
		defer wg.Wait()
		defer cancel()

		poll := s.limits.Poll
		if poll <= 0 {
			poll = DefaultLimits().Poll
		}
		wake := make(chan struct{}, 1)
		wg.Go(func() { s.listen(ctx, poll, wake) })
		tick := time.NewTicker(poll)
		defer tick.Stop()

		var last []Info
		var failed Kind
		for first := true; ; first = false {
			list, err := s.Devices(ctx)
			switch {
			case ctx.Err() != nil:
				return
			case err != nil:
				if k := KindOf(err); k != failed {
					failed = k
					if !yield(nil, err) {
						return
					}
				}
			case first || failed != 0 || !slices.Equal(list, last):
				failed, last = 0, list
				if !yield(slices.Clone(list), nil) {
					return
				}
			}
			select {
			case <-ctx.Done():
				return
			case <-wake:
			case <-tick.C:
			}
		}
	}
}

// listen wakes the tracker at each notice of the server.
func (s *Server) listen(ctx context.Context, pause time.Duration, wake chan<- struct{}) {
	service := "host:track-devices-l"
	for ctx.Err() == nil {
		err := s.notices(ctx, service, wake)
		if errors.Is(err, Refused) {
			service = "host:track-devices" // servers that know no long form
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

func (s *Server) notices(ctx context.Context, service string, wake chan<- struct{}) error {
	l := s.limits
	l.Total = 0 // a stream without an end
	c, err := s.dial(ctx, l, "watch phones", "")
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.request(service); err != nil {
		return err
	}
	c.setIdle(0)
	for {
		if _, err := c.text(); err != nil {
			return err
		}
		select {
		case wake <- struct{}{}:
		default:
		}
	}
}
