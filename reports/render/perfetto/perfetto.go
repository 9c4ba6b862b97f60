// Package perfetto writes a record as a trace in Chrome's JSON form, which
// Perfetto's and Chrome's viewers open: a process for each phone, a track for
// each attempt, a slice for each step of its call.
//
// Slices are asynchronous pairs (b, e): steps of one call may overlap, which
// the nested form does not allow. Times are microseconds since each phone's
// boot; phones are not aligned with each other.
package perfetto

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/ringproof/ringproof/reports/record"
)

// event is one entry of traceEvents ("Trace Event Format").
type event struct {
	Name  string         `json:"name"`
	Cat   string         `json:"cat,omitempty"`
	Phase string         `json:"ph"`
	TS    float64        `json:"ts"`
	PID   int            `json:"pid"`
	TID   int            `json:"tid"`
	ID    string         `json:"id,omitempty"`
	Args  map[string]any `json:"args,omitempty"`
}

// Write writes the trace.
func Write(w io.Writer, t record.Told) error {
	doc := struct {
		Events []event           `json:"traceEvents"`
		Unit   string            `json:"displayTimeUnit"`
		Other  map[string]string `json:"otherData"`
	}{Events: []event{}, Unit: "ms", Other: map[string]string{"app": t.Run.App.Package}}
	phones := map[string]int{}
	for i, a := range t.Attempts {
		pid := phones[a.Phone.Serial]
		if pid == 0 {
			pid = len(phones) + 1
			phones[a.Phone.Serial] = pid
			doc.Events = append(doc.Events, event{Name: "process_name", Phase: "M", PID: pid, Args: map[string]any{"name": a.Phone.Serial + " " + a.Phone.Model}})
		}
		tid := i + 1
		doc.Events = append(doc.Events, event{Name: "thread_name", Phase: "M", PID: pid, TID: tid, Args: map[string]any{"name": a.Scenario.ID + ": " + string(a.Verdict)}})
		at := map[record.EdgeName]record.Edge{}
		for _, e := range a.Timeline {
			if e.Void == "" {
				at[e.Name] = e
			}
		}
		for j, e := range a.Timeline {
			if e.Void != "" {
				continue
			}
			args := map[string]any{"source": e.Source, "clock": e.Clock, "within_us": micros(int64(e.Within))}
			if e.Text != "" {
				args["text"] = e.Text
			}
			from, ok := at[e.From]
			if !ok {
				doc.Events = append(doc.Events, event{Name: string(e.Name), Phase: "i", TS: micros(int64(e.At)), PID: pid, TID: tid, Args: args})
				continue
			}
			id := fmt.Sprintf("%d.%d", i, j)
			begin := event{Name: string(e.Name), Cat: "call", Phase: "b", TS: micros(int64(from.At)), PID: pid, TID: tid, ID: id, Args: args}
			end := begin
			// An edge that may have come before what it counts from ends there.
			end.Phase, end.TS, end.Args = "e", max(begin.TS, micros(int64(e.At))), nil
			doc.Events = append(doc.Events, begin, end)
		}
	}
	if err := json.NewEncoder(w).Encode(doc); err != nil {
		return fmt.Errorf("write the trace: %w", err)
	}
	return nil
}

func micros(ns int64) float64 { return float64(ns) / 1000 }
