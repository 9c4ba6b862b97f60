package harness_test

import (
	"bytes"
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/ringproof/ringproof/devices/adb"
	"github.com/ringproof/ringproof/devices/adb/adbtest"
	"github.com/ringproof/ringproof/devices/pool"
	"github.com/ringproof/ringproof/devices/virtual"
	"github.com/ringproof/ringproof/harness"
	"github.com/ringproof/ringproof/harness/cmd/wire"
	"github.com/ringproof/ringproof/harness/config"
	"github.com/ringproof/ringproof/harness/expect"
)

// BenchmarkNotice measures side by side how long after a state change three
// watchers of one phone know of it: whoever reads the raw line in the log, our
// Await, which is woken by the log and then asks the service, and a poller that
// asks every 500 ms, as UI frameworks do. The change is a ringing call that
// becomes active. The phone runs at the speed of the clock on the wall.
//
// Await may come one round trip after the raw line: the question that decides.
func BenchmarkNotice(b *testing.B) {
	b.Run("adbhost", func(b *testing.B) {
		notice(b, config.Settings{Devices: config.Devices{Virtual: true}, RealTime: true, Seed: 1})
	})
	b.Run("adb", func(b *testing.B) {
		private := adbtest.Start(b)
		phone, err := virtual.New(virtual.Options{Seed: 1, RealTime: true})
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = phone.Close() })
		addr, err := phone.Listen(b.Context(), "127.0.0.1:0")
		if err != nil {
			b.Fatal(err)
		}
		if _, err := adb.NewServer(private.Addr).Connect(b.Context(), addr); err != nil {
			b.Fatal(err)
		}
		notice(b, config.Settings{Devices: config.Devices{Attached: true, Serials: []string{addr}}, ADB: private.Addr, State: b.TempDir()})
	})
}

func notice(b *testing.B, s config.Settings) {
	ctx := b.Context()
	s.App = config.App{Builtin: "reference"}
	bench, err := wire.Open(ctx, s, wire.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer func() {
		if err := bench.Close(); err != nil {
			b.Error(err)
		}
	}()
	lease, err := bench.Pool.Lease(ctx, pool.Needs{})
	if err != nil {
		b.Fatal(err)
	}
	defer func() {
		if err := lease.Release(context.WithoutCancel(ctx)); err != nil {
			b.Error(err)
		}
	}()
	phone, err := harness.Open(ctx, lease.Phone(), lease.Journal(), nil, "notice")
	if err != nil {
		b.Fatal(err)
	}
	app, err := harness.NewApp(phone, bench.Profile, harness.AnyDoor)
	if err != nil {
		b.Fatal(err)
	}
	defer app.Close()
	app.Install, app.Install.Allowed = bench.Install, true
	if err := app.Prepare(ctx); err != nil {
		b.Fatal(err)
	}
	do := func(steps ...harness.Step) {
		b.Helper()
		if err := harness.Steps(steps...).Do(ctx, app); err != nil {
			b.Fatal(err)
		}
	}
	press := "input keyevent 79"
	var raws, awaits, polls, trips, asks []time.Duration
	for b.Loop() {
		do(harness.Push(harness.Initiated), harness.Await(expect.Ringing(), harness.ByRing))
		began := time.Now()
		if _, err := phone.Run(ctx, "true"); err != nil {
			b.Fatal(err)
		}
		trips = append(trips, time.Since(began))

		watch, stop := context.WithCancel(ctx)
		raw, poll := make(chan time.Time, 1), make(chan time.Time, 1)
		ready := make(chan struct{})
		go func() { raw <- rawLine(watch, bench, phone.Serial(), ready) }()
		go func() { poll <- poller(watch, bench, phone.Serial()) }()
		<-ready
		change := time.NewTimer(rand.N(500 * time.Millisecond)) // anywhere between two polls
		done := make(chan error, 1)
		var changed time.Time
		go func() {
			<-change.C
			changed = time.Now()
			_, err := bench.Server.Device(phone.Serial()).Run(watch, press)
			done <- err
		}()
		if _, err := app.Await(ctx, expect.Active(), 20*time.Second); err != nil {
			b.Fatal(err)
		}
		noticed := time.Now()
		// What one question costs while the others are at it, too.
		if _, err := app.Hold(ctx, expect.Active()); err != nil {
			b.Fatal(err)
		}
		asks = append(asks, time.Since(noticed))
		atRaw, atPoll := <-raw, <-poll
		if err := <-done; err != nil || atRaw.IsZero() || atPoll.IsZero() {
			b.Fatal(err, atRaw, atPoll)
		}
		stop()
		raws, awaits, polls = append(raws, atRaw.Sub(changed)), append(awaits, noticed.Sub(atRaw)), append(polls, atPoll.Sub(atRaw))
		do(harness.PressHook(), harness.Await(expect.Silent(), harness.ByEnd))
	}
	b.ReportMetric(0, "ns/op") // says nothing: it is mostly the call itself
	ms := func(d []time.Duration) float64 { return float64(median(d)) / float64(time.Millisecond) }
	b.ReportMetric(ms(raws), "ms-key-to-line")
	b.ReportMetric(ms(awaits), "ms-await-after-line")
	b.ReportMetric(ms(polls), "ms-poll500-after-line")
	b.ReportMetric(ms(trips), "ms-round-trip")
	b.ReportMetric(ms(asks), "ms-round-trip-with-answer")
	if b.N > 5 && median(awaits) > median(asks) {
		b.Errorf("Await notices %s after the raw line, more than one round trip of %s", median(awaits), median(asks))
	}
}

// rawLine is when a reader of the bare log has the line about the change.
func rawLine(ctx context.Context, bench *wire.Bench, serial string, ready chan<- struct{}) time.Time {
	p, err := bench.Server.Device(serial).Start(ctx, "exec logcat -b main,system,events -v epoch -T 1")
	if err != nil {
		close(ready)
		return time.Time{}
	}
	defer p.Close()
	var seen []byte
	buf := make([]byte, 64<<10)
	for first := true; ; first = false {
		n, err := p.Read(buf)
		if first {
			close(ready)
		}
		seen = append(seen, buf[:n]...)
		if i := bytes.LastIndex(seen, []byte(": SET_ACTIVE")); i >= 0 && !first {
			return time.Now()
		}
		if err != nil {
			return time.Time{}
		}
	}
}

// poller is when one who asks every 500 ms knows of it.
func poller(ctx context.Context, bench *wire.Bench, serial string) time.Time {
	again := time.NewTicker(500 * time.Millisecond)
	defer again.Stop()
	for {
		out, err := bench.Server.Device(serial).Run(ctx, "dumpsys telecom")
		if err != nil {
			return time.Time{}
		}
		live, _, _ := bytes.Cut(out.Stdout, []byte("mCallAudioManager:"))
		if bytes.Contains(live, []byte("state=ACTIVE")) {
			return time.Now()
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return time.Time{}
		}
	}
}

func median(d []time.Duration) time.Duration {
	if len(d) == 0 {
		return 0
	}
	s := slices.Clone(d)
	slices.Sort(s)
	return s[len(s)/2]
}
