package harness

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/ringproof/ringproof/devices"
	"github.com/ringproof/ringproof/devices/adb"
	"github.com/ringproof/ringproof/devices/pool"
	"github.com/ringproof/ringproof/reports/record"
)

// Journal is where a change of the phone is written down before it is made, so
// that whoever releases the phone, or holds it next, can undo it.
type Journal interface {
	Change(ctx context.Context, c pool.Change) (devices.Output, error)
}

// Phone is one leased phone. Its verbs live in small types by service: Keys,
// Screen, Shade.
type Phone struct {
	dev      devices.Phone
	journal  Journal
	sink     record.Sink
	scenario string
	mark     string
	probe    Probe
	meter    meter

	mu         sync.Mutex
	firstFault error       // the first error of the transport, not of the app
	evidence   record.Cost // part of the meter's
}

// Open takes a leased phone into use and asks it what it is.
func Open(ctx context.Context, dev devices.Phone, journal Journal, sink record.Sink, scenario string) (*Phone, error) {
	if sink == nil {
		sink = record.SinkFunc(func(record.Event) {})
	}
	p := &Phone{dev: dev, journal: journal, sink: sink, scenario: scenario, mark: newMark()}
	probe, err := p.ask(ctx)
	if err != nil {
		return nil, err
	}
	p.probe = probe
	return p, nil
}

// Serial is the phone's name.
func (p *Phone) Serial() string { return p.dev.Serial() }

// Probe is what was found out when the phone was opened.
func (p *Phone) Probe() Probe { return p.probe }

// Fault is the first error of the transport that this phone met, if any. An
// assertion that failed after it says nothing of the app.
func (p *Phone) Fault() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.firstFault
}

// Run runs a shell script; see devices.Phone.
func (p *Phone) Run(ctx context.Context, script string) (devices.Output, error) {
	began := time.Now()
	out, err := p.dev.Run(ctx, script)
	p.meter.trip(began, script, out)
	p.remember(err)
	return out, err
}

// runInput is Run with the script's standard input open while it runs: writer
// begins to use it, and stop ends that.
func (p *Phone) runInput(ctx context.Context, script string, writer func(input io.Writer) (stop func())) (out devices.Output, err error) {
	began := time.Now()
	defer func() {
		p.meter.trip(began, script, out)
		p.remember(err)
	}()
	proc, err := p.dev.StartInput(ctx, script)
	if err != nil {
		return out, err
	}
	defer proc.Close()
	stop := writer(proc)
	out, err = proc.Wait()
	stop()
	if err == nil {
		out.Stdout, err = io.ReadAll(proc)
	}
	return out, err
}

// remember keeps the first fault of the transport.
func (p *Phone) remember(err error) {
	// A wait that its owner ended is no fault of the phone.
	if err == nil || errors.Is(err, context.Canceled) {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.firstFault == nil {
		p.firstFault = err
	}
}

// Wall is the phone's own wall clock.
func (p *Phone) Wall(ctx context.Context) (time.Time, error) {
	out, err := p.Do(ctx, "read the clock", "date +%s.%N")
	if err != nil {
		return time.Time{}, err
	}
	t := wallTime(strings.TrimSpace(out))
	if t.IsZero() {
		return t, &Error{Kind: Infra, Op: "read the clock", Phone: p.Serial(), Err: fmt.Errorf("date printed %q", shorten(out, 80))}
	}
	return t, nil
}

// Do runs a script whose failure is the phone's, such as a key press, and
// returns what it printed.
func (p *Phone) Do(ctx context.Context, op, script string) (string, error) {
	out, err := p.Run(ctx, script)
	if err != nil {
		return "", &Error{Kind: Infra, Op: op, Phone: p.Serial(), Err: err}
	}
	said := strings.TrimSpace(string(out.Stdout) + string(out.Stderr))
	if e := complaint(out.Exit, said); e != "" {
		return "", &Error{Kind: Infra, Op: op, Phone: p.Serial(), Err: errors.New(e)}
	}
	return string(out.Stdout), nil
}

// complaint finds the refusal in what an Android command printed. Several
// commands refuse with exit status 0, so the text counts as much as the status.
func complaint(exit int, said string) string {
	first := said
	for line := range strings.Lines(said) {
		line = strings.TrimSpace(line)
		if strings.Contains(line, "SecurityException") || strings.Contains(line, "Security exception:") ||
			strings.HasPrefix(line, "Error:") || strings.HasPrefix(line, "Exception occurred") {
			return shorten(line, 300)
		}
	}
	if exit != 0 {
		return fmt.Sprintf("exit %d: %s", exit, shorten(first, 300))
	}
	return ""
}

func shorten(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return s[:n] + "..."
}

// Change makes a change that is journaled first and undone when the lease ends.
func (p *Phone) Change(ctx context.Context, what, do, undo string) error {
	began := time.Now()
	out, err := p.journal.Change(ctx, pool.Change{What: what, Do: do, Undo: undo})
	p.meter.trip(began, do, out)
	if err != nil {
		return &Error{Kind: Infra, Op: what, Phone: p.Serial(), Err: err}
	}
	if e := complaint(out.Exit, strings.TrimSpace(string(out.Stdout)+string(out.Stderr))); e != "" {
		return &Error{Kind: Infra, Op: what, Phone: p.Serial(), Err: errors.New(e)}
	}
	return nil
}

// Elapsed is the phone's time since boot.
func (p *Phone) Elapsed(ctx context.Context) (time.Duration, error) {
	out, err := p.Do(ctx, "read the clock", "cat /proc/uptime")
	if err != nil {
		return 0, err
	}
	return uptime(out)
}

// uptime reads /proc/uptime: seconds since boot with two decimals, then the
// idle time of all cores.
func uptime(text string) (time.Duration, error) {
	first, _, _ := strings.Cut(strings.TrimSpace(text), " ")
	f, err := strconv.ParseFloat(first, 64)
	if err != nil {
		return 0, fmt.Errorf("read /proc/uptime: %w", err)
	}
	return time.Duration(f * float64(time.Second)), nil
}

// Sleep lets the phone's own clock advance: hardware sleeps, and whoever waits
// for a condition may cut it short by ending ctx.
func (p *Phone) Sleep(ctx context.Context, d time.Duration) error {
	_, err := p.Do(ctx, "wait", "sleep "+strconv.FormatFloat(d.Seconds(), 'f', -1, 64))
	return err
}

func (p *Phone) note(kind record.EventKind, format string, args ...any) {
	p.sink.Record(record.Event{
		Kind: kind, Scenario: p.scenario, Phone: p.Serial(), Host: time.Now(), Text: fmt.Sprintf(format, args...),
	})
}

// Key is an Android key code (android.view.KeyEvent).
type Key int

// The keys that scenarios press.
const (
	KeyHome        Key = 3
	KeyBack        Key = 4
	KeyVolumeDown  Key = 25
	KeyEnter       Key = 66
	KeyHeadsetHook Key = 79
	KeySleep       Key = 223
	KeyWakeup      Key = 224
)

// Keys presses keys.
type Keys struct{ p *Phone }

// Keys are the phone's keys.
func (p *Phone) Keys() Keys { return Keys{p} }

// Press presses one key.
func (k Keys) Press(ctx context.Context, key Key) error {
	_, err := k.p.Do(ctx, fmt.Sprintf("press key %d", key), fmt.Sprintf("input keyevent %d", key))
	return err
}

// Type types text into whatever has the focus.
func (k Keys) Type(ctx context.Context, text string) error {
	_, err := k.p.Do(ctx, "type text", "input text "+adb.Quote(text))
	return err
}
