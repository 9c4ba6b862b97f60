package scenarios_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/ringproof/ringproof/devices/virtual"
	"github.com/ringproof/ringproof/devices/virtual/android"
	"github.com/ringproof/ringproof/devices/virtual/apps"
	"github.com/ringproof/ringproof/harness/cmd/wire"
	"github.com/ringproof/ringproof/harness/gear"
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

// A second phone with a SIM calls the first one's number; without one the scenario
// is skipped, and so is what takes an emulator's console.
func TestSecondPhoneCalls(t *testing.T) {
	bench, done := open(t, reference(), wire.Options{Phones: 2})
	var network sync.WaitGroup
	defer network.Wait()
	defer done()
	phones := bench.Fleet.Phones()
	// The network between the two: what the second one dials rings at the first.
	dialed := make(chan string, 1)
	phones[1].System().Do(func(d *android.Device) {
		d.Modem.OnDial = func(number string) {
			dialed <- number
			network.Go(func() { modem(phones[0], func(m *android.Modem) { m.Ring("5550101") }) })
		}
		d.Modem.OnEnd = func(string) {
			network.Go(func() {
				modem(phones[0], func(m *android.Modem) {
					if c := m.Find("5550101"); c != nil {
						m.HungUp(c, false)
					}
				})
			})
		}
	})
	in := bench.Input()
	in.Gear = gear.Set{phones[0].Serial(): {Line: gear.LineSpec{Number: "5550100", Caller: phones[1].Serial()}}}
	run := func(id string) scenarios.Result {
		chosen, err := scenarios.ByID(scenarios.All(), []string{id})
		if err != nil {
			t.Fatal(err)
		}
		return in.Do(t.Context(), chosen[0])
	}
	if r := run("cellular-active-cancelled"); r.Verdict != record.Passed {
		t.Errorf("%s: %s", r.Verdict, r.Finding.Sentence)
	}
	select {
	case number := <-dialed:
		if number != "5550100" {
			t.Errorf("dialed %s", number)
		}
	default:
		t.Error("the second phone dialed nothing")
	}
	if r := run("emergency-refuses"); r.Verdict != record.Skipped || !strings.Contains(r.Finding.Sentence, "this takes an emulator's console") {
		t.Errorf("an emergency call on a real line: %s: %s", r.Verdict, r.Finding.Sentence)
	}
	in.Gear = gear.Set{phones[0].Serial(): {Headset: gear.HeadsetSpec{Radio: "usb:0", Python: "no-such-python"}}}
	if r := run("headset-answers"); r.Verdict != record.Skipped || !strings.Contains(r.Finding.Sentence, "has no Python") {
		t.Errorf("a headset that is a program, without Python: %s: %s", r.Verdict, r.Finding.Sentence)
	}
	in.Gear = nil
	for id, why := range map[string]string{
		"cellular-active": "no second line", "headset-route": "no headset stands beside it", "headset-answers": "no headset stands beside it",
	} {
		if r := run(id); r.Verdict != record.Skipped || !strings.Contains(r.Finding.Sentence, why) {
			t.Errorf("%s without gear: %s: %s", id, r.Verdict, r.Finding.Sentence)
		}
	}
}

func modem(p *virtual.Phone, do func(m *android.Modem)) {
	p.System().Do(func(d *android.Device) { do(d.Modem) })
}
