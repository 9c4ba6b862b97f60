package scenarios_test

import (
	"context"
	"strings"
	"testing"

	"github.com/ringproof/ringproof/harness"
	"github.com/ringproof/ringproof/harness/cmd/wire"
	"github.com/ringproof/ringproof/reports/record"
	"github.com/ringproof/ringproof/scenarios"
)

// A phone that lacks what a scenario needs skips it, tells the reason, and is
// asked nothing of the scenario.
func TestLackingPhoneSkips(t *testing.T) {
	for _, c := range []struct {
		name  string
		needs scenarios.Needs
		says  string // "" when the phone does
	}{
		{"nothing", scenarios.Needs{}, ""},
		{"newer", scenarios.Needs{MinAPI: 99}, "is below 99"},
		{"older", scenarios.Needs{MaxAPI: 25}, "is above 25"},
		{"range", scenarios.Needs{MinAPI: 26, MaxAPI: 99}, ""},
		{"another maker", scenarios.Needs{Maker: "Xiaomi"}, "it is made by Google, not by Xiaomi"},
		{"its maker", scenarios.Needs{Maker: "google"}, ""},
		{"root", scenarios.Needs{Root: true}, ""},
		{"Bluetooth", scenarios.Needs{Bluetooth: true}, ""},
		{"second user", scenarios.Needs{SecondUser: true}, ""},
		{"phones", scenarios.Needs{Phones: 3}, "it takes 3 phones at once, and there are only 2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			bench, done := open(t, reference(), wire.Options{Phones: 2})
			defer done()
			ran := false
			run := harness.StepFunc(func(context.Context, *harness.App) error { ran = true; return nil })
			in := bench.Input()
			r := in.Do(t.Context(), scenarios.Scenario{ID: "x", Title: "x", Needs: c.needs, Run: run})
			want := record.Passed
			if c.says != "" {
				want = record.Skipped
			}
			if r.Verdict != want || !strings.Contains(r.Finding.Sentence, c.says) || ran != (c.says == "") {
				t.Errorf("%s, ran %t: %s; want %s", r.Verdict, ran, r.Finding.Sentence, c.says)
			}
		})
	}
}
