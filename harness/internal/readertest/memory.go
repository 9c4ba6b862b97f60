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
// any time, facts included. It prints what it measured.
func Memory(t *testing.T, parse Parse, text func(size int) []byte) {
	t.Helper()
	if testing.Short() {
		t.Skip("30 MB are read only without -short")
	}
	// The collector would otherwise let garbage grow to the size of all that is
	// in use, which is not what the reader holds.
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
				peak <- max(most, heap())
				return
			default:
				most = max(most, heap())
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
	t.Logf("text %d MB, in use at most %d MB (%.2f times the text), facts %d MB", len(in)/mb, most/mb, float64(most)/float64(len(in)), kept/mb)
	if most > 2*uint64(len(in)) {
		t.Errorf("%d MB are in use while %d MB are read, more than twice as much", most/mb, len(in)/mb)
	}
}

const objects = "/memory/classes/heap/objects:bytes"

// heap is what all objects take, garbage that was not found yet included.
func heap() uint64 {
	s := []metrics.Sample{{Name: objects}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}

func heapAfterGC() uint64 {
	runtime.GC()
	runtime.GC()
	return heap()
}
