package virtual_test

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/ringproof/ringproof/devices/adb"
	"github.com/ringproof/ringproof/devices/virtual"
)

// BenchmarkPhones is how many commands a second sixty-four phones of one process
// answer, beside one phone in the same run. A perfect phone would answer as
// often as one does on each core: x-of-cores is 1 then, and 0.5 the goal.
func BenchmarkPhones(b *testing.B) {
	const many, turns = 64, 8
	options := make([]virtual.Options, many)
	for i := range options {
		options[i] = virtual.Options{Seed: int64(i), Serial: fmt.Sprintf("virtual-%d", i)}
	}
	fleet, err := virtual.NewFleet(b.Context(), options...)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := fleet.Close(); err != nil {
			b.Error(err)
		}
	})
	server := adb.NewServer(fleet.Addr())
	ask := func(ctx context.Context, phone, times int) {
		p := server.Device(options[phone].Serial)
		for range times {
			if out, err := p.Run(ctx, "getprop ro.serialno"); err != nil || string(out.Stdout) != options[phone].Serial+"\n" {
				b.Errorf("%s said %q, %v", options[phone].Serial, out.Stdout, err)
				return
			}
		}
	}
	var alone, together time.Duration
	for b.Loop() {
		began := time.Now()
		ask(b.Context(), 0, many*turns)
		alone += time.Since(began)
		began = time.Now()
		var all sync.WaitGroup
		for i := range many {
			all.Go(func() { ask(b.Context(), i, turns) })
		}
		all.Wait()
		together += time.Since(began)
	}
	commands := float64(b.N * many * turns)
	b.ReportMetric(commands/alone.Seconds(), "one/s")
	b.ReportMetric(commands/together.Seconds(), "many/s")
	b.ReportMetric(alone.Seconds()/together.Seconds()/float64(runtime.GOMAXPROCS(0)), "x-of-cores")
}
