package virtual_test

import (
	"runtime"
	"testing"

	"github.com/ringproof/ringproof/devices/virtual"
)

// idle is what one phone that does nothing may hold, in bytes.
const idle = 4 << 20

// Sixty-four phones in one process are cheap.
func TestManyPhones(t *testing.T) {
	const many = 64
	heap := func() uint64 {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc + m.StackInuse
	}
	before := heap()
	phones := make([]*virtual.Phone, many)
	for i := range phones {
		p, err := virtual.New(virtual.Options{Seed: int64(i), RealTime: true})
		if err != nil {
			t.Fatal(err)
		}
		phones[i] = p
		if _, err := p.Listen(t.Context(), "127.0.0.1:0"); err != nil {
			t.Fatal(err)
		}
	}
	each := (int64(heap()) - int64(before)) / many
	for _, p := range phones {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	}
	t.Logf("%d KiB each", each>>10)
	if each > idle {
		t.Errorf("an idle phone holds %d KiB, more than %d", each>>10, idle>>10)
	}
}
