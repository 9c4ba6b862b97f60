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

// radioBites are what each of them must catch, as the bites are.
var radioBites = []bite{
	{"headset-answers", "ignores headset", apps.NewDefective(apps.IgnoresHeadset), "telecom.call", "app.not-answered"},
	{"headset-answers", "ignores headset hang up", apps.NewDefective(apps.IgnoresHeadsetHangUp), "telecom.no-call", ""},
	{"headset-rejects", "ignores headset reject", apps.NewDefective(apps.IgnoresHeadsetReject), "telecom.no-call", ""},
	{"headset-answers-locked", "needs unlock", apps.NewDefective(apps.NeedsUnlock), "telecom.call", "app.not-answered"},
	{"headset-answers-locked", "not-logged-in", only(apps.NotLoggedIn), "telecom.call", "telecom.dropped"},
	{"headset-route", "forces earpiece", apps.NewDefective(apps.ForcesEarpiece), "audio.route", ""},
	{"bluetooth-off-in-call", "ends with headset", apps.NewDefective(apps.EndsWithHeadset), "telecom.call", ""},
	{"headset-vanishes", "never returns", apps.NewDefective(apps.NeverReturns), "audio.route", ""},
	{"headset-vanishes", "ends with headset", apps.NewDefective(apps.EndsWithHeadset), "telecom.call", ""},
	{"media-back", "keeps focus", apps.NewDefective(apps.KeepsFocus), "media.playing", ""},
	{"headset-denied", "reads headset name", apps.NewDefective(apps.ReadsHeadsetName), "telecom.call", "crash.permission"},
	{"wired-in-call", "forces speaker", apps.NewDefective(apps.ForcesSpeaker), "audio.route", ""},
}

// Each of them catches what it is for.
func TestRadioBites(t *testing.T) { bitesIn(t, radioBites) }
