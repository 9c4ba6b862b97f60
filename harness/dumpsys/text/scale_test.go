package text

import (
	"bufio"
	"bytes"
	"testing"
	"time"
)

func lines(size int) []byte {
	return bytes.Repeat([]byte("    mWakefulness=Awake and some more words of a dump's line: x=1 y=2\n"), size/68)
}

// BenchmarkOpen compares what is done to a text before any reader looks at it
// with a bare pass over its lines. (The readers' own benchmarks contain it.)
func BenchmarkOpen(b *testing.B) {
	plain := lines(1 << 20)
	wide := make([]byte, 2, 2+2*len(plain))
	wide[0], wide[1] = 0xff, 0xfe
	for _, c := range plain {
		wide = append(wide, c, 0)
	}
	for name, in := range map[string][]byte{"plain": plain, "CRLF": bytes.ReplaceAll(plain, []byte("\n"), []byte("\r\n")), "UTF-16": wide} {
		b.Run(name, func(b *testing.B) {
			best := [2]time.Duration{1 << 62, 1 << 62}
			for b.Loop() {
				start := time.Now()
				for s := bufio.NewScanner(bytes.NewReader(in)); s.Scan(); {
				}
				best[0] = min(best[0], time.Since(start))
				start = time.Now()
				Open(in, "power")
				best[1] = min(best[1], time.Since(start))
			}
			b.ReportMetric(float64(best[1])/float64(best[0]), "x-scanner")
		})
	}
}
