// Package readertest has the checks that every reader of a phone's text goes
// through in its own tests: how fast it is beside a bare line scanner, how its
// work grows with the text, how much it holds of a large one, and that damaged
// texts give facts that point into the text.
//
// It knows readers by their Parse function only: no service, no key and no
// format may be named here.
package readertest

import (
	"bufio"
	"bytes"
	"runtime"
	"runtime/debug"
	"testing"
	"time"

	"github.com/ringproof/ringproof/harness/internal/grammar"
)

// Parse is a reader without its own type of facts.
type Parse func([]byte) (any, error)

// Of makes a Parse of a reader.
func Of[F any](parse func([]byte) (F, error)) Parse {
	return func(b []byte) (any, error) {
		f, err := parse(b)
		return f, err
	}
}

// Asked makes a Parse of a reader whose facts answer questions, too: ask puts
// them, and no text may make it panic.
func Asked[F any](parse func([]byte) (F, error), ask func(F)) Parse {
	return func(b []byte) (any, error) {
		f, err := parse(b)
		ask(f)
		return f, err
	}
}

// Texts are the composed texts of a table of grammars, as seeds for Fuzz.
func Texts(rows []grammar.Row, more ...string) []string {
	for _, r := range rows {
		if r.Text != "" {
			more = append(more, r.Text)
		}
	}
	return more
}

// Text makes a dump of about the given size: head, as many whole records as
// needed, tail.
func Text(size int, head string, record func(i int) string, tail string) []byte {
	b := make([]byte, 0, max(size, len(head)+len(tail))+4096)
	b = append(b, head...)
	for i := 0; len(b)+len(tail) < size; i++ {
		b = append(b, record(i)...)
	}
	if b = append(b, tail...); cap(b) > len(b)+len(b)/16 {
		return bytes.Clone(b)
	}
	return b
}

// The sizes that a reader's time is measured at.
const (
	Small = 100 << 10
	Large = 10 * Small
)

// Ratio reports three figures, measured in turns over the same bytes in the
// same run: the reader against a bare line scanner at 100 kB (goal: 8) and at
// 1 MB, and the larger text against the smaller (goal: 12). The best turn of
// each counts: the rest is other work on the machine.
func Ratio(b *testing.B, parse Parse, text func(size int) []byte) {
	small, large := text(Small), text(Large)
	best := [4]time.Duration{}
	clock := func(i int, f func()) {
		start := time.Now()
		f()
		if d := time.Since(start); best[i] == 0 || d < best[i] {
			best[i] = d
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		clock(0, func() { scan(small) })
		clock(1, func() { _, _ = parse(small) })
		clock(2, func() { scan(large) })
		clock(3, func() { _, _ = parse(large) })
	}
	b.ReportMetric(float64(best[1])/float64(best[0]), "x-scanner")
	b.ReportMetric(float64(best[3])/float64(best[2]), "x-scanner-10x")
	b.ReportMetric(float64(best[3])/float64(best[1]), "x-for-10x-input")
}

// scan is the floor: the lines, and nothing done with them.
func scan(b []byte) int {
	n := 0
	s := bufio.NewScanner(bytes.NewReader(b))
	s.Buffer(nil, len(b)+1)
	for s.Scan() {
		n += len(s.Bytes())
	}
	return n
}

// Linear fails if a reader's work grows faster than the text. It counts
// processor time, which other work on the machine stretches less than the
// clock's. Facts that leave the processor's cache and wake the garbage
// collector cost more apiece: the limit is five times the ideal, and what is
// quadratic is at three times that limit.
func Linear(t *testing.T, parse Parse, texts map[string]func(size int) []byte) {
	t.Helper()
	const size, factor, limit = 32 << 10, 16, 5 * 16
	// The collector works beside, on every core that is idle, and more often
	// for the longer text: its time is not the reader's.
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	for name, text := range texts {
		t.Run(name, func(t *testing.T) {
			small, large := text(size), text(size*factor)
			var ratio float64
			var s, l time.Duration
			for range 12 { // a disturbed measurement is repeated, a quadratic reader stays one
				s, l = fastest(s, parse, small), fastest(l, parse, large)
				ratio = float64(l) / float64(max(s, 20*time.Microsecond))
				if ratio <= limit {
					return
				}
			}
			t.Errorf("%d times the text takes %.0f times as long (%s, %s), more than %d", factor, ratio, s, l, limit)
		})
	}
}

// fastest is the best of some turns and of those before, 0 for none.
func fastest(best time.Duration, parse Parse, b []byte) time.Duration {
	for range 3 {
		runtime.GC()
		start := spent()
		_, _ = parse(b)
		if d := spent() - start; best == 0 || d < best {
			best = d
		}
	}
	return best
}

// Hostile are texts that no phone prints and that a reader must survive in
// linear time: very long lines, deep nesting, brackets that never close.
// Each of the given heads is put before, so that the reader is within the
// part where it would look at them.
func Hostile(heads map[string]string, units ...string) map[string]func(size int) []byte {
	all := map[string]func(size int) []byte{}
	units = append(units, "(", "[", "{", "\"", "=", " ", "\n", "a=b ", "(\n", "key=(\n", "PendingIntent{", "\t")
	for name, head := range heads {
		for _, u := range units {
			shown := u
			if len(shown) > 24 {
				shown = shown[:24]
			}
			all[name+"/"+shown] = func(size int) []byte {
				return Text(size, head, func(int) string { return u }, "\n")
			}
		}
	}
	return all
}
