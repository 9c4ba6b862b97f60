package harness

import (
	"sync/atomic"
	"time"

	"github.com/ringproof/ringproof/devices"
	"github.com/ringproof/ringproof/reports/record"
)

// meter counts what the harness does to a phone: what it costs to be watched.
type meter struct {
	trips, sent, received, busy atomic.Int64
}

// trip counts one command and what it printed.
func (m *meter) trip(began time.Time, script string, out devices.Output) {
	m.trips.Add(1)
	m.sent.Add(int64(len(script)))
	m.received.Add(int64(len(out.Stdout) + len(out.Stderr)))
	m.busy.Add(int64(time.Since(began)))
}

// meteredProcess counts what a stream brings.
type meteredProcess struct {
	devices.Process
	m *meter
}

func (p meteredProcess) Read(b []byte) (int, error) {
	n, err := p.Process.Read(b)
	p.m.received.Add(int64(n))
	return n, err
}

// Cost is what the harness asked of the phone since it was opened; files that
// were uploaded and putting the phone back are not in it.
func (p *Phone) Cost() record.Cost {
	return record.Cost{
		Trips: int(p.meter.trips.Load()), Sent: p.meter.sent.Load(), Received: p.meter.received.Load(),
		Busy: time.Duration(p.meter.busy.Load()),
	}
}
