package apk_test

import (
	"testing"

	sampleapp "github.com/ringproof/ringproof/sample-app"
)

// What it costs to look at the reference app: once a run, and once an
// installation on a virtual phone.
func BenchmarkOpen(b *testing.B) {
	file := sampleapp.Reference().Bytes()
	b.ReportAllocs()
	for b.Loop() {
		p, err := open(file)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := p.Verify(34); err != nil {
			b.Fatal(err)
		}
	}
}
