package telecom

import (
	"bufio"
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"
)

// generated is a dump with n history records of 20 events each, as a phone
// with many calls would print them.
func generated(n int) []byte {
	head := dump34[:strings.LastIndex(dump34, "  Historical Events:\n")]
	var b bytes.Buffer
	b.WriteString(head)
	b.WriteString("  Historical Events:\n")
	for i := range n {
		fmt.Fprintf(&b, "    SelfMgd CallTC@%d [23/05/2026 15:50:00](MT - incoming)(User=UserHandle{0})\n", i+100)
		b.WriteString("    \t>>>Target PhoneAccount: ComponentInfo{org.ringproof.sample/org.ringproof.sample.CallConnectionService}, ***, UserHandle{0} (Ringproof Sample)\n")
		b.WriteString("    \tTo address: sip:*****@*** Presentation: Allowed\n")
		for j := range 20 {
			fmt.Fprintf(&b, "      15:50:%02d.%03d - AUDIO_ROUTE (Entering state ActiveSpeakerRoute):CARSM.pM_SWITCH_SPEAKER(cap)@A%02d\n", j, i%1000, j)
		}
		b.WriteString("      Timings (average for this call, milliseconds):\n        incoming_call: 1163,00\n")
	}
	return b.Bytes()
}

const (
	small = 40  // records: about 100 kB
	large = 400 // ten times as much
)

func scan(b []byte) int {
	n := 0
	for s := bufio.NewScanner(bytes.NewReader(b)); s.Scan(); {
		n += len(s.Bytes())
	}
	return n
}

func BenchmarkTelecom(b *testing.B) {
	for _, size := range []int{small, large} {
		in := generated(size)
		b.Run(fmt.Sprintf("scanner/records=%d", size), func(b *testing.B) {
			b.SetBytes(int64(len(in)))
			for b.Loop() {
				scan(in)
			}
		})
		b.Run(fmt.Sprintf("parse/records=%d", size), func(b *testing.B) {
			b.SetBytes(int64(len(in)))
			for b.Loop() {
				if _, err := Parse(in); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkRatio prints both goals at once, measured in turns over the same
// bytes in the same run: the reader against a bare line scanner (goal: 8), and
// ten times the input against the input (goal: 12 times the time). The best
// turn of each counts: the rest is other work on the machine.
func BenchmarkRatio(b *testing.B) {
	in, in10 := generated(small), generated(large)
	const never = time.Duration(1<<63 - 1)
	scanned, parsed, parsed10 := never, never, never
	clock := func(best *time.Duration, f func()) {
		start := time.Now()
		f()
		*best = min(*best, time.Since(start))
	}
	for b.Loop() {
		clock(&scanned, func() { scan(in) })
		clock(&parsed, func() { _, _ = Parse(in) })
		clock(&parsed10, func() { _, _ = Parse(in10) })
	}
	b.ReportMetric(float64(parsed)/float64(scanned), "x-scanner")
	b.ReportMetric(float64(parsed10)/float64(parsed), "x-for-10x-input")
}

func TestGenerated(t *testing.T) {
	f, err := Parse(generated(small))
	if err != nil {
		t.Fatal(err)
	}
	h := f.History.Or(nil)
	if len(h) != small || len(h[small-1].Events) != 20 || h[small-1].ID != "TC@139" {
		t.Errorf("%d records", len(h))
	}
}
