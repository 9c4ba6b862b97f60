package scenarios_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ringproof/ringproof/devices/virtual"
	"github.com/ringproof/ringproof/devices/virtual/android"
	"github.com/ringproof/ringproof/devices/virtual/apps"
	"github.com/ringproof/ringproof/harness/cmd/wire"
	"github.com/ringproof/ringproof/harness/config"
	"github.com/ringproof/ringproof/reports/record"
	"github.com/ringproof/ringproof/scenarios"
)

// What each cell must show, once more by hand: a row per rule of the platform,
// with the release before and after it.
func TestExpectedCells(t *testing.T) {
	for _, c := range []struct {
		kill    scenarios.Kill
		lock    scenarios.Lock
		allowed bool
		api     int
		want    scenarios.Shown
	}{
		{scenarios.Stopped, scenarios.InUse, true, 26, scenarios.Silent},
		{scenarios.Stopped, scenarios.PIN, false, 36, scenarios.Silent},
		{scenarios.Alive, scenarios.InUse, true, 26, scenarios.HeadsUp},
		{scenarios.Killed, scenarios.InUse, true, 34, scenarios.HeadsUp},
		{scenarios.Killed, scenarios.InUse, false, 34, scenarios.HeadsUp},
		{scenarios.Killed, scenarios.PIN, true, 26, scenarios.Announced},
		{scenarios.Killed, scenarios.PIN, true, 27, scenarios.FullScreen},
		{scenarios.Killed, scenarios.PIN, true, 33, scenarios.FullScreen},
		{scenarios.Killed, scenarios.PIN, true, 36, scenarios.FullScreen},
		{scenarios.Killed, scenarios.PIN, false, 34, scenarios.Listed},
		{scenarios.Alive, scenarios.Swipe, false, 36, scenarios.Listed},
		{scenarios.Swiped, scenarios.Swipe, true, 31, scenarios.FullScreen},
	} {
		if got := scenarios.Expected(c.kill, c.lock, c.allowed, c.api); got != c.want {
			t.Errorf("%s, %s, allowed %t, API %d: %s, want %s", c.kill, c.lock, c.allowed, c.api, got, c.want)
		}
	}
	cells := map[string]bool{}
	for _, s := range scenarios.Matrix() {
		if cells[s.ID] {
			t.Errorf("%s is there twice", s.ID)
		}
		cells[s.ID] = true
	}
	// 4 kinds of kill, 3 of lock, 11 releases, of which 3 have the permission.
	if want := 4 * 3 * (11 + 3); len(cells) != want {
		t.Errorf("%d cells, want %d", len(cells), want)
	}
}

// cellsOf runs the cells of a release that match on a phone of it.
func cellsOf(t *testing.T, api int, match string, model func() android.App) map[string]scenarios.Result {
	t.Helper()
	bench, done := open(t, config.Settings{
		Devices: config.Devices{Virtual: true}, App: config.App{Builtin: "reference"}, Seed: int64(api), API: api,
	}, wire.Options{Virtual: func(o *virtual.Options) {
		o.Models = map[string]func() android.App{apps.ReferencePackage: model}
	}})
	defer done()
	in := bench.Input()
	out := map[string]scenarios.Result{}
	for _, s := range scenarios.Matrix() {
		if strings.HasPrefix(s.ID, fmt.Sprintf("matrix/%d/", api)) && strings.Contains(s.ID, match) {
			out[s.ID] = in.Do(t.Context(), s)
		}
	}
	return out
}

// The reference app shows its calls in every cell as Android documents it, on
// every release.
func TestMatrix(t *testing.T) {
	for api := scenarios.FirstRelease; api <= scenarios.LastRelease; api++ {
		t.Run(fmt.Sprint(api), func(t *testing.T) {
			cells := cellsOf(t, api, "", apps.NewReference)
			if len(cells) < 12 {
				t.Errorf("%d cells", len(cells))
			}
			for id, r := range cells {
				if r.Verdict != record.Passed {
					t.Errorf("%s: %s: %s", id, r.Verdict, r.Finding.Sentence)
				}
			}
		})
	}
}

// Cells fail for apps that show their calls otherwise, and none passes for a
// dead app.
func TestMatrixBites(t *testing.T) {
	for _, c := range []struct {
		name, match string
		api         int
		model       func() android.App
		fact        string
	}{
		{"no full-screen intent", "/pin/allowed", 34, apps.NewDefective(apps.NoFullScreenIntent), "window.over-keyguard"},
		{"no full-screen intent, swipe", "/swipe/allowed", 29, apps.NewDefective(apps.NoFullScreenIntent), "screen.call"},
		{"takes the screen", "/in-use/allowed", 33, apps.NewDefective(apps.TakesScreen), "app.background"},
		{"no buttons", "/in-use/denied", 35, apps.NewDefective(apps.NoButtons), "notification.buttons"},
		{"dead", "", 31, apps.NewDead, "push.receipt"},
	} {
		t.Run(c.name, func(t *testing.T) {
			seen := 0
			for id, r := range cellsOf(t, c.api, c.match, c.model) {
				if strings.Contains(id, "/stopped/") && c.name != "dead" {
					continue // nothing is shown there, and so nothing wrongly
				}
				seen++
				if r.Verdict != record.Failed || r.Finding.Fact != c.fact {
					t.Errorf("%s: %s by %s: %s; want %s", id, r.Verdict, r.Finding.Fact, r.Finding.Sentence, c.fact)
				}
			}
			if seen < 3 {
				t.Errorf("%d cells", seen)
			}
		})
	}
}
