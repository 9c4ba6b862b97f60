package scenarios_test

import (
	"context"
	"strings"
	"testing"

	"github.com/ringproof/ringproof/devices/virtual"
	"github.com/ringproof/ringproof/devices/virtual/android"
	"github.com/ringproof/ringproof/devices/virtual/apps"
	"github.com/ringproof/ringproof/harness"
	"github.com/ringproof/ringproof/harness/cmd/wire"
	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/harness/state"
	"github.com/ringproof/ringproof/reports/record"
	"github.com/ringproof/ringproof/scenarios"
)

// What every scenario must leave alone and behind is looked at around it, and
// each of these is seen when it is broken by a scenario that finds nothing
// wrong itself. What the app did is the app's failure, what was done to the
// phone is nobody's.
func TestAroundEveryScenario(t *testing.T) {
	ring := harness.Steps(
		harness.Push(harness.Initiated),
		harness.Await(expect.All(expect.Ringing(), expect.CallNotification()), harness.ByRing),
	)
	decline := harness.Steps(harness.PressDecline(), harness.Await(expect.NoCall(), harness.ByEnd))
	sh := func(line string) harness.Step {
		return harness.StepFunc(func(ctx context.Context, a *harness.App) error {
			_, err := a.Do(ctx, "do what must not be done", line)
			return err
		})
	}
	keeps := func() state.State {
		return state.State{
			Name: "kept", Order: 50,
			Enter: func(ctx context.Context, x state.Target) error {
				return x.Change(ctx, "keep it", "cmd appops set "+x.Package()+" RUN_ANY_IN_BACKGROUND ignore", "true")
			},
			Verify: expect.Op("RUN_ANY_IN_BACKGROUND", "ignore"),
		}
	}
	for _, c := range []struct {
		name    string
		defects []apps.Defect
		run     func(d *virtual.Phone) harness.Step
		verdict record.Verdict
		says    string
	}{
		{
			name: "nothing is broken",
			run: func(*virtual.Phone) harness.Step {
				return harness.Steps(harness.Enter(state.Background, state.BackgroundRestricted, state.LockedSecure), ring, decline)
			},
			verdict: record.Passed,
		},
		{
			name: "a call is left", run: func(*virtual.Phone) harness.Step { return ring },
			verdict: record.Failed, says: "after the scenario: telecom.no-call",
		},
		{
			name: "a notification is left", defects: []apps.Defect{apps.KeepsZombie},
			run: func(*virtual.Phone) harness.Step {
				return harness.Steps(ring, harness.KillProcess(), harness.Await(expect.NoCall(), harness.ByEnd))
			},
			verdict: record.Failed, says: "after the scenario: notification.none",
		},
		{
			name: "a screen is left", defects: []apps.Defect{apps.KeepsScreen},
			run: func(*virtual.Phone) harness.Step {
				return harness.Steps(harness.Enter(state.Background, state.LockedSecure), harness.Push(harness.Initiated),
					harness.Await(expect.OverKeyguard(), harness.ByRing), harness.Push(harness.Cancelled))
			},
			verdict: record.Failed, says: "after the scenario: activity.no-call-screen",
		},
		{
			name: "the audio mode is left",
			run: func(p *virtual.Phone) harness.Step {
				return harness.StepFunc(func(context.Context, *harness.App) error {
					p.System().Do(func(d *android.Device) { d.Audio.Mode = android.ModeInCommunication })
					return nil
				})
			},
			verdict: record.Failed, says: "after the scenario: audio.mode",
		},
		{
			name: "the app crashed on the way",
			run: func(*virtual.Phone) harness.Step {
				return harness.Steps(ring, decline, sh("am crash "+apps.ReferencePackage), harness.Await(expect.NoProcess(), harness.ByEnd))
			},
			verdict: record.Failed, says: "after the scenario: process.exits: wanted no crash and no ANR of the app, saw the app crashed at",
		},
		{
			name: "a credential comes during the call",
			run: func(*virtual.Phone) harness.Step {
				set := harness.StepFunc(func(ctx context.Context, a *harness.App) error {
					return a.Change(ctx, "set a PIN", "locksettings set-pin 1234", "locksettings clear --old 1234 >/dev/null 2>&1; true")
				})
				return harness.Steps(ring, harness.Holds(expect.ScreenOn()), set, decline)
			},
			verdict: record.Infra, says: "the phone's credential changed during the call",
		},
		{
			name: "a credential is left",
			run: func(*virtual.Phone) harness.Step {
				return harness.Steps(sh("locksettings set-pin 1234"), ring, decline)
			},
			verdict: record.Infra, says: `its lock screen was "false" and is`,
		},
		{
			name:    "a state is left",
			run:     func(*virtual.Phone) harness.Step { return harness.Steps(harness.Enter(keeps), ring, decline) },
			verdict: record.Infra, says: "it was undone, and still holds: kept",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			bench, done := open(t, reference(), wire.Options{Virtual: func(o *virtual.Options) {
				o.Models = map[string]func() android.App{apps.ReferencePackage: apps.NewDefective(c.defects...)}
			}})
			defer done()
			in := bench.Input()
			r := in.Do(t.Context(), scenarios.Scenario{ID: "x", Title: "x", Run: c.run(bench.Fleet.Phones()[0])})
			if r.Verdict != c.verdict || !strings.Contains(r.Finding.Sentence, c.says) {
				t.Errorf("%s: %s; want %s: %s", r.Verdict, r.Finding.Sentence, c.verdict, c.says)
			}
		})
	}
}
