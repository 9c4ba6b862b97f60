package pool

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/devices/adb"
)

// Every state that a server lists has a way on.
func TestCandidate(t *testing.T) {
	src := ADB{Server: adb.NewServer("127.0.0.1:5037")}
	got := src.candidate(adb.Info{Serial: "R58M", State: adb.Ready})
	if d := cmp.Diff(Candidate{Serial: "R58M", Ready: true, State: "device"}, got); d != "" {
		t.Errorf("a ready phone (-want +got):\n%s", d)
	}
	for _, s := range []adb.State{adb.StateOffline, adb.StateUnauthorized, adb.StateAuthorizing, adb.StateConnecting, adb.StateRecovery,
		adb.StateSideload, adb.StateRescue, adb.StateBootloader, adb.StateNoPermissions, adb.StateDetached, "brand-new"} {
		c := src.candidate(adb.Info{Serial: "R58M", State: s})
		if c.Ready || c.State != string(s) || c.Advice == "" {
			t.Errorf("%s: %+v", s, c)
		}
	}
	if c := src.candidate(adb.Info{State: adb.Ready}); c.Ready || c.Serial == "" || c.Advice == "" {
		t.Errorf("a phone without a serial: %+v", c)
	}
	if c := (ADB{Server: src.Server, Owned: true}).candidate(adb.Info{Serial: "V", State: adb.Ready}); !c.Owned {
		t.Errorf("a phone of the run's own server: %+v", c)
	}
}

// The same serial is the same phone behind all servers of this machine only.
func TestScope(t *testing.T) {
	for addr, want := range map[string]string{
		"127.0.0.1:5037": "", "localhost:5038": "", "[::1]:5037": "", "127.0.0.9:1": "",
		"10.0.0.9:5037": "10.0.0.9", "farm.test:5037": "farm.test", "[fe80::1]:5037": "fe80::1",
	} {
		if got := scope(addr); got != want {
			t.Errorf("%s: scope %q, want %q", addr, got, want)
		}
	}
}
