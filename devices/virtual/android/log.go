package android

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"
)

// Log priorities, as logcat prints them.
const (
	Verbose = 'V'
	Debug   = 'D'
	Info    = 'I'
	Warn    = 'W'
	Error   = 'E'
	Fatal   = 'F'
)

// Names of the log buffers.
const (
	BufferMain   = "main"
	BufferSystem = "system"
	BufferCrash  = "crash"
	BufferEvents = "events"
	BufferRadio  = "radio"
)

// LogLine is one line of the log. A multi-line message is one entry; logcat prints
// its header before every line.
type LogLine struct {
	// Seq counts entries over all buffers from 1.
	Seq      uint64
	Time     time.Time
	Elapsed  time.Duration
	UID      int
	PID, TID int
	Buffer   string
	// Priority is one of the letters V D I W E F.
	Priority byte
	Tag      string
	Message  string
}

// logCapacity bounds a buffer in lines, as logd bounds it in bytes.
const logCapacity = 20000

// Logger is logd: a ring of lines with followers.
type Logger struct {
	d     *Device
	muted bool

	mu        sync.Mutex
	lines     []LogLine
	seq       uint64
	followers map[*LogFollower]struct{}
	closed    bool
}

func newLogger(d *Device, muted bool) *Logger {
	return &Logger{d: d, muted: muted, followers: map[*LogFollower]struct{}{}}
}

// Write adds a line now. On a muted phone, lines of apps (uid 10000 and up) and of
// Telecom are dropped.
func (l *Logger) Write(line LogLine) {
	if l.muted && (line.UID%100000 >= FirstAppUID || line.Tag == "Telecom" || line.Tag == "TelecomFramework") {
		return
	}
	if line.Buffer == "" {
		line.Buffer = BufferMain
	}
	if line.Priority == 0 {
		line.Priority = Info
	}
	if line.TID == 0 {
		line.TID = line.PID
	}
	line.Time, line.Elapsed = l.d.Now(), l.d.Elapsed()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seq++
	line.Seq = l.seq
	if len(l.lines) >= logCapacity {
		l.lines = append(l.lines[:0:0], l.lines[logCapacity/4:]...)
	}
	l.lines = append(l.lines, line)
	for f := range l.followers {
		f.offer(line)
	}
}

// System writes a line of system_server to the system buffer.
func (l *Logger) System(prio byte, tag, format string, args ...any) {
	l.Write(LogLine{UID: SystemUID, PID: SystemServerPID, TID: SystemServerPID + 13, Buffer: BufferSystem, Priority: prio, Tag: tag, Message: fmt.Sprintf(format, args...)})
}

// Event writes a line to the events buffer as logcat -b events prints it:
// "[v,v,v]", or the bare value when there is one.
func (l *Logger) Event(tag string, values ...any) {
	parts := make([]string, len(values))
	for i, v := range values {
		parts[i] = fmt.Sprint(v)
	}
	msg := strings.Join(parts, ",")
	if len(values) != 1 {
		msg = "[" + msg + "]"
	}
	l.Write(LogLine{UID: SystemUID, PID: SystemServerPID, TID: SystemServerPID + 21, Buffer: BufferEvents, Tag: tag, Message: msg})
}

// Lines copies the lines of the named buffers, oldest first; none means all.
func (l *Logger) Lines(buffers ...string) []LogLine {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []LogLine
	for _, e := range l.lines {
		if wants(buffers, e.Buffer) {
			out = append(out, e)
		}
	}
	return out
}

// Clear empties the named buffers (logcat -c); none means all.
func (l *Logger) Clear(buffers ...string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	kept := l.lines[:0:0]
	for _, e := range l.lines {
		if !wants(buffers, e.Buffer) {
			kept = append(kept, e)
		}
	}
	l.lines = kept
}

func wants(buffers []string, b string) bool {
	if len(buffers) == 0 {
		return true
	}
	for _, w := range buffers {
		if w == b || w == "all" {
			return true
		}
	}
	return false
}

// Follow starts a follower of the named buffers. Call it inside System.Do, with
// Lines, so that no line is lost or doubled. It must be closed.
func (l *Logger) Follow(buffers ...string) *LogFollower {
	f := &LogFollower{l: l, buffers: buffers, signal: make(chan struct{}, 1), end: make(chan struct{})}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		close(f.end)
		return f
	}
	l.followers[f] = struct{}{}
	return f
}

func (l *Logger) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	for f := range l.followers {
		close(f.end)
	}
	l.followers = nil
}

// LogFollower receives the lines written after Follow. It is used outside the
// system's lock.
type LogFollower struct {
	l       *Logger
	buffers []string
	pending []LogLine
	behind  bool // lines were lost: the follower did not take them
	signal  chan struct{}
	end     chan struct{}
}

// maxBehind is how many lines a follower may leave untaken: some 3 MB.
const maxBehind = 20_000

// ErrBehind is what a follower gets that was too slow: logd hangs up on a reader
// whose lines it has to prune (LogBuffer).
var ErrBehind = errors.New("the reader of the log was too slow")

// offer is called with l.mu held.
func (f *LogFollower) offer(line LogLine) {
	if !wants(f.buffers, line.Buffer) {
		return
	}
	if len(f.pending) >= maxBehind {
		f.behind, f.pending = true, nil
	}
	if !f.behind {
		f.pending = append(f.pending, line)
	}
	select {
	case f.signal <- struct{}{}:
	default:
	}
}

// Take waits for lines and returns them all. It blocks: call it inside
// System.Idle. It returns ErrClosed when the phone was switched off and nothing
// is left, or ctx's error.
func (f *LogFollower) Take(ctx context.Context) ([]LogLine, error) {
	for {
		f.l.mu.Lock()
		lines, behind := f.pending, f.behind
		f.pending = nil
		f.l.mu.Unlock()
		if behind {
			return nil, ErrBehind
		}
		if len(lines) > 0 {
			return lines, nil
		}
		select {
		case <-f.signal:
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-f.end:
			f.l.mu.Lock()
			lines, f.pending = f.pending, nil
			f.l.mu.Unlock()
			if len(lines) > 0 {
				return lines, nil
			}
			return nil, ErrClosed
		}
	}
}

// Close ends the follower.
func (f *LogFollower) Close() {
	f.l.mu.Lock()
	defer f.l.mu.Unlock()
	delete(f.l.followers, f)
}
