package scenarios_test

import (
	"testing"

	"github.com/ringproof/ringproof/devices/virtual/apps"
	"github.com/ringproof/ringproof/reports/record"
)

// Whose phone it is, and how loud: the reference app passes, and each defect is
// caught where the table says.
func TestUsersAndSound(t *testing.T) {
	for _, id := range []string{"direct-boot", "work-profile", "dnd-priority", "ringer-vibrates"} {
		if r := one(t, id, apps.NewReference); r.Verdict != record.Passed {
			t.Errorf("%s: %s: %+v", id, r.Verdict, r.Finding)
		}
	}
	for d, id := range map[apps.Defect]string{apps.DirectBootUnaware: "direct-boot", apps.LeavesToCopy: "work-profile", apps.TakesScreen: "dnd-priority", apps.RingsItself: "ringer-vibrates"} {
		r := one(t, id, apps.NewDefective(d))
		if r.Verdict != record.Failed {
			t.Errorf("%s with %s: %s", id, d, r.Verdict)
		}
		t.Logf("%s: %s: %+v", d, r.Verdict, r.Finding)
	}
}
