package readertest

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"testing"
)

// Big is the size of the texts that Memory is meant for.
const Big = 30 << 20

// Memory fails if text and reader together hold more than twice the text at
// any time, facts included. It prints what it measured. What counts is what each
// turn of the collector leaves: how much garbage waits for its turn says how
// busy the machine is.
func Memory(t *testing.T, parse Parse, text func(size int) []byte) {
	t.Helper()
	if testing.Short() {
		t.Skip("30 MB are read only without -short")
	}
	// A turn whenever a twentieth is new, so that no peak passes between two.
	defer debug.SetGCPercent(debug.SetGCPercent(5))
	before := heapAfterGC()
	in := text(Big)
	with := heapAfterGC() - before // the text, and what its generator keeps

	stop, peak := make(chan struct{}), make(chan uint64)
	go func() {
		var most uint64
		for {
			select {
			case <-stop:
				peak <- max(most, live())
				return
			default:
				most = max(most, live())
				runtime.Gosched()
			}
		}
	}()
	facts, err := parse(in)
	close(stop)
	most := <-peak - before
	kept := heapAfterGC() - before - with
	runtime.KeepAlive(in)
	runtime.KeepAlive(facts)
	if err != nil {
		t.Errorf("the text is whole, and yet: %v", err)
	}
	const mb = 1 << 20
	t.Logf("text %d MB, held at most %d MB (%.2f times the text), facts %d MB", len(in)/mb, most/mb, float64(most)/float64(len(in)), kept/mb)
	if most > 2*uint64(len(in)) {
		t.Errorf("%d MB are held while %d MB are read, more than twice as much", most/mb, len(in)/mb)
	}
}

// live is what the last turn of the collector left, and what was allocated
// during it.
func live() uint64 {
	s := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}

func heapAfterGC() uint64 {
	runtime.GC()
	runtime.GC()
	return live()
}
