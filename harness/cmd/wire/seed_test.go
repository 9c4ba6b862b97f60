package wire

import (
	"strings"
	"testing"

	"github.com/ringproof/ringproof/harness/config"
	"github.com/ringproof/ringproof/reports/record"
	"github.com/ringproof/ringproof/scenarios"
)

// The sample app of an attached phone is seeded through its test door. A virtual
// phone's app has the same door.
func TestDoor(t *testing.T) {
	s := config.Settings{Devices: config.Devices{Virtual: true}, App: config.App{Builtin: "reference"}, Seed: 1}
	bench, err := Open(t.Context(), s, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := bench.Close(); err != nil {
			t.Error(err)
		}
	}()
	attached := s
	attached.Devices = config.Devices{Attached: true}
	attached.Defects = []string{"ignores-call-action"}
	in := bench.Input()
	in.Seed = door(attached)
	for _, sc := range scenarios.All() {
		if sc.ID != "cancelled" {
			continue
		}
		if r := in.Do(t.Context(), sc); r.Verdict != record.Failed || r.Finding.Fact != "telecom.no-call" {
			t.Errorf("seeded: %s: %s", r.Verdict, r.Finding.Sentence)
		}
		// The seed went with the lease.
		in.Seed = nil
		if r := in.Do(t.Context(), sc); r.Verdict != record.Passed {
			t.Errorf("then: %s: %s", r.Verdict, r.Finding.Sentence)
		}
	}
}

func TestSeeds(t *testing.T) {
	reference, guide := config.App{Builtin: "reference"}, config.App{Builtin: "guide"}
	virtual, attached := config.Devices{Virtual: true}, config.Devices{Attached: true}
	for _, c := range []struct {
		s    config.Settings
		says string
	}{
		{config.Settings{Devices: virtual, App: reference, Defects: []string{"no-timeout", "takes-screen"}}, ""},
		{config.Settings{Devices: attached, App: reference, Defects: []string{"no-timeout"}}, ""},
		{config.Settings{Devices: attached, App: reference, Defects: []string{"takes-screen"}}, "has no switch for it"},
		{config.Settings{Devices: virtual, App: guide, Defects: []string{"no-timeout"}}, "only the reference app"},
		{config.Settings{Devices: virtual, App: reference, Defects: []string{"no-such"}}, `no defect "no-such"`},
	} {
		err := seeds(c.s)
		if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%v: %v, want %q", c.s.Defects, err, c.says)
		}
	}
}
