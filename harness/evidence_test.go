package harness

import "testing"

// What runs by itself in a dump is no change; what a call changes is.
func TestSteady(t *testing.T) {
	for _, c := range []struct {
		was, is string
		same    bool
	}{
		{"    09:00:03.064 - CREATED", "    09:01:13.999 - CREATED", true},
		{"  mLastBroadcast=+1h2m3s45ms", "  mLastBroadcast=+46ms", true},
		{"  startTime: 1772442003064", "  startTime: 1772442009999", true},
		{"  NotificationRecord(0x0a1b2c3d: pkg=a)", "  NotificationRecord(0x01234567: pkg=a)", true},
		{"  listener@1a2b3c4", "  listener@5d6e7f8", true},
		{"    [Call id=TC@1, state=RINGING]", "    [Call id=TC@1, state=ACTIVE]", false},
		{"    [Call id=TC@1, state=RINGING]", "    [Call id=TC@2, state=RINGING]", false},
		{"  importance=4", "  importance=2", false},
	} {
		if got := steady([]byte(c.was)) == steady([]byte(c.is)); got != c.same {
			t.Errorf("%q and %q: the same is %v", c.was, c.is, got)
		}
	}
}
