// Package perfetto writes a record as a trace that Perfetto's viewer opens
// (ui.perfetto.dev, which reads it in the browser): a group of tracks for each
// phone, in it a track for each attempt, in it one for each step of its call,
// as steps of a call overlap.
//
// Times are nanoseconds since each phone's boot; phones are not aligned with
// each other. The form is Perfetto's own, a protobuf (perfetto_trace.proto).
package perfetto

import (
	"fmt"
	"io"
	"time"

	"github.com/ringproof/ringproof/reports/record"
)

// Values of the trace's enums.
const (
	sliceBegin    = 1 // TrackEvent.Type
	sliceEnd      = 2
	instant       = 3
	bootClock     = 6 // BuiltinClock
	chronological = 2 // TrackDescriptor.ChildTracksOrdering
	explicit      = 3
	stateCleared  = 1 // TracePacket.SequenceFlags: the first packet of the sequence
)

// trace writes packets of one sequence.
type trace struct {
	out    message
	tracks uint64
	begun  bool
}

// packet adds a TracePacket; at is nil for those that have no time.
func (t *trace) packet(at *time.Duration, fill func(m *message)) {
	t.out.nest(1, func(p *message) { // Trace.packet
		if at != nil {
			p.number(8, uint64(max(*at, 0))) // timestamp
			p.number(58, bootClock)          // timestamp_clock_id
		}
		p.number(10, 1) // trusted_packet_sequence_id
		if !t.begun {
			p.number(13, stateCleared)
			t.begun = true
		}
		fill(p)
	})
}

// track adds a TrackDescriptor and returns its uuid.
func (t *trace) track(parent uint64, name string, rank, ordering uint64, more func(m *message)) uint64 {
	t.tracks++
	id := t.tracks
	t.packet(nil, func(p *message) {
		p.nest(60, func(d *message) {
			d.number(1, id)
			d.text(2, name)
			if parent != 0 {
				d.number(5, parent)
			}
			if more != nil {
				more(d)
			}
			if ordering != 0 {
				d.number(11, ordering)
			}
			d.number(12, rank) // sibling_order_rank
		})
	})
	return id
}

// event adds a TrackEvent.
func (t *trace) event(at time.Duration, kind, track uint64, e *record.Edge) {
	t.packet(&at, func(p *message) {
		p.nest(11, func(m *message) {
			m.number(9, kind)
			m.number(11, track)
			if e == nil {
				return
			}
			m.text(22, "call")
			m.text(23, string(e.Name))
			for _, a := range [][2]string{
				{"source", e.Source}, {"clock", string(e.Clock)}, {"within", e.Within.String()}, {"from", string(e.From)}, {"more", e.Text},
			} {
				if a[1] != "" {
					annotation(m, a[0], a[1])
				}
			}
			if e.Budget > 0 {
				annotation(m, "budget", e.Budget.String())
			}
		})
	})
}

func annotation(m *message, name, value string) {
	m.nest(4, func(a *message) {
		a.text(10, name)
		a.text(6, value)
	})
}

// Write writes the trace.
func Write(w io.Writer, told record.Told) error {
	var t trace
	phones := map[string]uint64{}
	for i, a := range told.Attempts {
		phone := phones[a.Phone.Serial]
		if phone == 0 {
			name := a.Phone.Serial
			if a.Phone.Model != "" {
				name += " " + a.Phone.Model
			}
			pid := uint64(len(phones) + 1)
			phone = t.track(0, name, pid, chronological, func(d *message) {
				d.nest(3, func(p *message) { // ProcessDescriptor
					p.number(1, pid)
					p.text(6, name)
				})
			})
			phones[a.Phone.Serial] = phone
		}
		t.attempt(phone, uint64(i), a)
	}
	if _, err := w.Write(t.out); err != nil {
		return fmt.Errorf("write the trace: %w", err)
	}
	return nil
}

func (t *trace) attempt(phone, rank uint64, a record.ToldAttempt) {
	track := t.track(phone, a.Scenario.ID+": "+string(a.Verdict), rank, explicit, nil)
	at := map[record.EdgeName]record.Edge{}
	for _, e := range a.Timeline {
		if e.Void == "" {
			at[e.Name] = e
		}
	}
	for i, e := range a.Timeline {
		if e.Void != "" {
			continue
		}
		step := t.track(track, string(e.Name), uint64(i), 0, nil)
		from, ok := at[e.From]
		if !ok {
			t.event(e.At, instant, step, &e)
			continue
		}
		t.event(from.At, sliceBegin, step, &e)
		// An edge that may have come before what it counts from ends there.
		t.event(max(from.At, e.At), sliceEnd, step, nil)
	}
}
