package mksh

import (
	"sync"
	"time"
)

// settle is the real time for which a thread that ended still counts as
// running: whoever waited for it (a reader at the other end of a pipe, wait)
// gets going before the phone's clock may jump.
const settle = time.Millisecond

// threads counts the running threads of one job for the clock. They are all
// alike: what matters is how many there are.
type threads struct {
	clock Clock

	mu     sync.Mutex
	ends   []func()
	timers map[*time.Timer]struct{}
	over   bool
}

// fork adds a running thread.
func (t *threads) fork() {
	end := t.clock.Begin()
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.over {
		end()
		return
	}
	t.ends = append(t.ends, end)
}

// join takes a thread away that has just ended.
func (t *threads) join() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.over {
		return
	}
	if t.timers == nil {
		t.timers = map[*time.Timer]struct{}{}
	}
	var timer *time.Timer
	timer = time.AfterFunc(settle, func() {
		t.mu.Lock()
		delete(t.timers, timer)
		t.mu.Unlock()
		t.drop()
	})
	t.timers[timer] = struct{}{}
}

func (t *threads) drop() {
	t.mu.Lock()
	var end func()
	if n := len(t.ends); n > 0 && !t.over {
		end, t.ends = t.ends[n-1], t.ends[:n-1]
	}
	t.mu.Unlock()
	if end != nil {
		end()
	}
}

// end takes all threads away.
func (t *threads) end() {
	t.mu.Lock()
	ends := t.ends
	t.ends, t.over = nil, true
	for timer := range t.timers {
		timer.Stop()
	}
	t.mu.Unlock()
	for _, end := range ends {
		end()
	}
}
