package assume

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.uber.org/goleak"

	"github.com/ringproof/ringproof/devices/virtual"
	"github.com/ringproof/ringproof/harness"
	"github.com/ringproof/ringproof/harness/cmd/wire"
	"github.com/ringproof/ringproof/harness/config"
	"github.com/ringproof/ringproof/harness/state"
	"github.com/ringproof/ringproof/reports/record"
	"github.com/ringproof/ringproof/scenarios"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// bench is a virtual phone on which the app is installed.
func bench(t *testing.T, s config.Settings) (scenarios.Input, *virtual.Phone) {
	t.Helper()
	s.Devices, s.App, s.Seed = config.Devices{Virtual: true}, config.App{Builtin: "reference"}, 1
	b, err := wire.Open(t.Context(), s, wire.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	in := b.Input()
	in.Do(t.Context(), scenarios.Scenario{ID: "first", Title: "first", Run: harness.Steps()})
	return in, b.Fleet.Phones()[0]
}

func found(p *virtual.Phone) []string {
	p.System().Step(time.Second)
	return strings.Split(strings.ReplaceAll(p.Fingerprint(), "stopped=true", "stopped=false"), "\n")
}

func validate(t *testing.T, r Report) {
	t.Helper()
	text, err := r.JSON()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("assumptions", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("assumptions")
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Validate(v); err != nil {
		t.Error(err)
	}
	if bytes.Contains(text, []byte("virtual-1")) {
		t.Error("the serial is in the report")
	}
}

// Virtual phones are what the table expects of real ones, on every release that
// changes something, and are put back after it.
func TestVirtualPhonesAgree(t *testing.T) {
	for _, api := range []int{26, 28, 30, 31, 33, 34, 36} {
		t.Run(fmt.Sprint(api), func(t *testing.T) {
			t.Parallel()
			in, phone := bench(t, config.Settings{API: api})
			before := found(phone)
			r, err := Try(t.Context(), in, "test", nil)
			if err != nil {
				t.Fatal(err)
			}
			validate(t, r)
			if want := len(state.All()) + 7; len(r.Rows) != want || r.Interrupted || r.Phone.API != api {
				t.Errorf("%d rows of %d, %+v", len(r.Rows), want, r.Phone)
			}
			for _, row := range r.Rows {
				if !row.Agrees {
					t.Errorf("%s: expected %q, saw %q: %s", row.ID, row.Expected, row.Seen, row.Detail)
				}
			}
			if d := cmp.Diff(before, found(phone)); d != "" {
				t.Errorf("the phone was not put back (-before +after):\n%s", d)
			}
		})
	}
}

// A phone that is not as expected is told by the row, and by nothing else: this
// one keeps its log to itself.
func TestDifference(t *testing.T) {
	in, _ := bench(t, config.Settings{MuteLog: true})
	r, err := Try(t.Context(), in, "test", nil)
	if err != nil {
		t.Fatal(err)
	}
	validate(t, r)
	var differs []string
	for _, row := range r.Rows {
		if !row.Agrees {
			differs = append(differs, fmt.Sprintf("%s: %s", row.ID, row.Seen))
		}
	}
	if d := cmp.Diff([]string{"log/telecom: absent"}, differs); d != "" || r.Differs() != 1 {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// Interrupted in the middle of a row, the phone is put back and the rest is
// told as not tried.
func TestInterrupted(t *testing.T) {
	in, phone := bench(t, config.Settings{})
	before := found(phone)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	changed := false
	in.Sink = record.SinkFunc(func(e record.Event) {
		if e.Kind == record.PhaseStarted && e.Text == "enter locked-secure" {
			stop() // just before a PIN is set that nobody knows of
		}
	})
	r, err := Try(ctx, in, "test", func(row Row) { changed = changed || row.Seen == Holds })
	if err != nil {
		t.Fatal(err)
	}
	validate(t, r)
	tried := 0
	for _, row := range r.Rows {
		if row.Seen != NotTried {
			tried++
		}
	}
	if !r.Interrupted || !changed || tried == 0 || tried > len(r.Rows)-5 || r.Differs() != 0 {
		t.Errorf("%d of %d rows were tried, %d differ", tried, len(r.Rows), r.Differs())
	}
	if d := cmp.Diff(before, found(phone)); d != "" {
		t.Errorf("the phone was not put back (-before +after):\n%s", d)
	}
}

// Every name in the tables is a state's: one that was renamed would be expected
// to work everywhere.
func TestTableNamesStates(t *testing.T) {
	known := map[string]bool{}
	for _, s := range state.All() {
		known[s.Name] = true
	}
	for name := range since {
		if !known[name] {
			t.Errorf("no state is called %q", name)
		}
	}
	for name := range screened {
		if !known[name] {
			t.Errorf("no state is called %q", name)
		}
	}
}
