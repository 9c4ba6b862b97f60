package scenarios_test

import (
	"testing"

	"github.com/ringproof/ringproof/devices/virtual/apps"
	"github.com/ringproof/ringproof/reports/record"
	"github.com/ringproof/ringproof/scenarios"
)

// The reference app passes all that has a headset or a second line, and a dead app
// none of it.
func TestRadio(t *testing.T) {
	chosen, err := scenarios.Select(scenarios.All(), []string{"bluetooth", "cellular", "callcontrol", "outgoing"}, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, sc := range chosen {
		t.Run(sc.ID, func(t *testing.T) {
			if r := one(t, sc.ID, apps.NewReference); r.Verdict != record.Passed {
				t.Errorf("the reference app: %s: %s", r.Verdict, r.Finding.Sentence)
			}
			if r := one(t, sc.ID, apps.NewDead); r.Verdict != record.Failed {
				t.Errorf("a dead app: %s: %s", r.Verdict, r.Finding.Sentence)
			}
		})
	}
}
