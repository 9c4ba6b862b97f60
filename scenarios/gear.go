package scenarios

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/ringproof/ringproof/devices/pool"
	"github.com/ringproof/ringproof/harness"
	"github.com/ringproof/ringproof/harness/gear"
	"github.com/ringproof/ringproof/reports/record"
)

// Headset is what a scenario asks of the headset beside its phone.
type Headset int

const (
	// NoHeadset: it does without.
	NoHeadset Headset = iota
	// Bonded: one that is bonded, switched on and connected.
	Bonded
	// Controlled: one that does what it is told.
	Controlled
)

// missing tells what of the needs a phone's gear lacks, "" if nothing.
func (n Needs) missing(g gear.Gear) string {
	switch {
	case n.Headset > NoHeadset && !g.Headset.Known():
		return "no headset stands beside it: name one in the setting headsets"
	case n.Headset == Controlled && !g.Headset.Controlled():
		return "nobody can tell its headset what to do: the setting headsets names no control or program for it"
	case n.Line && !g.Line.Known():
		return "it has no second line: name one in the setting lines"
	case n.Console && g.Line.Console == "":
		return "its second line is a real one: this takes an emulator's console"
	}
	return ""
}

// caller leases the phone that calls the second line, if the line is a SIM. It is
// free again after the call was hung up.
func (t *try) caller(ctx, undo context.Context) (phone *harness.Phone, free func(), err error) {
	free = func() {}
	serial := t.in.Gear[t.serial].Line.Caller
	if !t.sc.Needs.Line || serial == "" {
		return nil, free, nil
	}
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(t.in.LeaseTimeout, 10*time.Minute))
	defer cancel()
	lease, err := t.in.Phones.Lease(ctx, pool.Needs{Consent: pool.MayChange, Also: func(f pool.Facts) string {
		if f.Serial != serial {
			return "it is not " + serial + ", which calls the second line"
		}
		return ""
	}})
	if err != nil {
		return nil, free, &harness.Error{Kind: harness.Unsupported, Op: "lease the phone that calls the second line", Phone: serial, Err: err}
	}
	free = func() {
		ctx, cancel := context.WithTimeout(undo, undoTimeout)
		defer cancel()
		if err := lease.Release(ctx); err != nil {
			t.sink.Record(record.Event{Kind: record.Noted, Scenario: t.sc.ID, Phone: serial, Host: time.Now(),
				Text: fmt.Sprintf("the phone that called was not put back: %v", err)})
		}
	}
	phone, err = harness.Open(ctx, lease.Phone(), lease.Journal(), t.sink, t.sc.ID)
	if err != nil {
		free()
		return nil, func() {}, err
	}
	return phone, free, nil
}
