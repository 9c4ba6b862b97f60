package android

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"
)

// Mode says what moves the system's clock.
type Mode int

const (
	// Stepped moves the clock only in Step, and in Sleep and Await when every
	// command that began is sleeping, waiting or idle.
	Stepped Mode = iota
	// RealTime moves the clock with the host's monotonic clock.
	RealTime
)

// ErrClosed is returned to whoever sleeps on a system that was closed.
var ErrClosed = errors.New("the virtual phone was switched off")

// ErrTimeout is returned by Await when its condition did not come true in time.
var ErrTimeout = errors.New("the virtual phone did not reach the awaited state in time")

// Options say which phone to simulate. The zero value of a field means its default.
type Options struct {
	// Seed feeds every jitter. Same seed, same phone.
	Seed  int64
	Clock Mode
	// Serial is ro.serialno. Default "RINGPROOF0001".
	Serial string
	// API is the API level, FirstAPI to LastAPI. Default DefaultAPI.
	API int
	// Maker is one of Makers. Default pixel.
	Maker string
	// Start is the wall time at which the system is switched on for its users.
	// Default 2026-03-02 09:00:00 UTC.
	Start time.Time
	// Uptime is how long the phone has been up at Start. Default 12m34s.
	Uptime time.Duration
	// MuteLog models makers that silence logcat: nothing from apps and from
	// Telecom reaches the log.
	MuteLog bool
	// Trusted: the owner has switched on what a maker keeps from adb's shell
	// (Maker.Guards).
	Trusted bool
	// Packages are installed beside the system's own.
	Packages []PackageSpec
	// Props override or add system properties.
	Props map[string]string
	// Files gives each package its private files dir. Default: in memory.
	Files func(pkg string, uid int) AppFiles
	// UserBuild models ro.build.type=user: no root shell. Default is userdebug.
	UserBuild bool
}

// AppFiles is one package's private directory (Context.getDataDir). Names are
// relative, such as "files/trace.jsonl". Missing parents are created.
type AppFiles interface {
	ReadFile(name string) ([]byte, error)
	WriteFile(name string, data []byte) error
	AppendFile(name string, data []byte) error
	Remove(name string) error
}

// System is one simulated phone. Its methods are safe for concurrent use.
type System struct {
	mu     sync.Mutex
	opts   Options
	dev    *Device
	queue  eventQueue
	now    time.Duration // since the first boot
	bootAt time.Duration // now at the last boot
	origin time.Time     // host time at which now was opts.Uptime, RealTime only
	rng    *rand.Rand

	running   int // commands that began and neither sleep, wait nor idle
	advancing bool
	waiters   []*waiter
	nextEvent uint64

	closed bool
	done   chan struct{} // closed by Close
	kick   chan struct{} // RealTime: the queue or the waiters changed
	loop   sync.WaitGroup
}

// Check tells which option names a phone that is not simulated.
func (o Options) Check() error {
	_, errAPI := ReleaseOf(o.API)
	_, errMaker := MakerOf(o.Maker)
	return errors.Join(errAPI, errMaker)
}

// New switches a phone on. It runs until Close. Options that Check refuses make
// the default phone.
func New(o Options) *System {
	if o.Serial == "" {
		o.Serial = "RINGPROOF0001"
	}
	if o.Start.IsZero() {
		o.Start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	}
	if o.Uptime == 0 {
		o.Uptime = 12*time.Minute + 34*time.Second
	}
	s := &System{
		opts:   o,
		now:    o.Uptime,
		origin: time.Now(),
		rng:    rand.New(rand.NewPCG(uint64(o.Seed), 0x72696e6770726f6f)), // second word only separates streams
		done:   make(chan struct{}),
		kick:   make(chan struct{}, 1),
	}
	s.dev = newDevice(s)
	if o.Clock == RealTime {
		s.loop.Add(1)
		go s.realTimeLoop()
	}
	return s
}

// Do runs fn on the locked device. fn must not block and must not call methods
// of the System. On a closed system fn still sees the last state.
func (s *System) Do(fn func(d *Device)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refresh()
	fn(s.dev)
	s.dev.Processes.updateStates()
	s.changed()
}

// Begin says that a shell command is running and may still act: until the
// returned end is called, the stepped clock stands still except while that
// command is in Sleep, Await or Idle. One Begin per goroutine that acts on its
// own; end may be called more than once.
func (s *System) Begin() (end func()) {
	s.mu.Lock()
	s.running++
	s.mu.Unlock()
	var once sync.Once
	return func() {
		once.Do(func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.running--
			s.changed()
		})
	}
}

// Sleep lets d of phone time pass for a command that began. It returns ErrClosed
// when the phone was switched off and ctx's error when ctx is done first.
func (s *System) Sleep(ctx context.Context, d time.Duration) error {
	err := s.wait(ctx, d, nil, true)
	if errors.Is(err, ErrTimeout) {
		return nil
	}
	return err
}

// Await is Sleep that ends as soon as cond holds: it is checked at once and after
// every event. It returns ErrTimeout when limit of phone time passed first.
func (s *System) Await(ctx context.Context, limit time.Duration, cond func(d *Device) bool) error {
	return s.wait(ctx, limit, cond, true)
}

// Idle runs fn, which blocks on something outside (standard input, a follower of
// the log), and does not count its command as running meanwhile.
func (s *System) Idle(fn func()) {
	s.mu.Lock()
	s.running--
	s.changed()
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		s.running++
		s.mu.Unlock()
	}()
	fn()
}

// Step lets d of phone time pass for a caller that did not Begin (a test).
func (s *System) Step(d time.Duration) {
	_ = s.wait(context.Background(), d, nil, false)
}

// StepUntil lets phone time pass until cond holds, at most limit, and reports
// whether it held. For callers that did not Begin.
func (s *System) StepUntil(limit time.Duration, cond func(d *Device) bool) bool {
	return s.wait(context.Background(), limit, cond, false) == nil
}

// Close switches the phone off: sleepers get ErrClosed, followers of the log end,
// no event fires any more. It may be called more than once.
func (s *System) Close() {
	s.mu.Lock()
	if !s.closed {
		s.closed = true
		close(s.done)
		s.dev.Log.close()
		for _, w := range s.waiters {
			w.finish(ErrClosed)
		}
		s.waiters = nil
		s.queue = nil
	}
	s.mu.Unlock()
	s.loop.Wait()
}
