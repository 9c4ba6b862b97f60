package main

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/ringproof/ringproof/devices/virtual"
	"github.com/ringproof/ringproof/harness/cmd/assume"
)

// What is assumed of phones is tried on a phone that was named, and written
// down; the phone is as it was found.
func TestDoctorAssumptions(t *testing.T) {
	alone(t)
	f := fleet(t, virtual.Options{Serial: "virtual-1", Seed: 1})
	args := func(more ...string) []string {
		return append([]string{"doctor", "--adb", f.Addr(), "--state", "state", "--assumptions", "phone.json"}, more...)
	}
	if r := ringproof(t, "", args("--device", "attached")...); r.code != exitWrong || !strings.Contains(r.errout, "wants --device with its serial") {
		t.Errorf("a phone that nobody named: exit code %d: %s", r.code, r.errout)
	}
	r := ringproof(t, "", args("--device", "virtual-1")...)
	if r.code != 0 || !strings.Contains(r.out, "as expected state/locked-secure: holds") || !strings.Contains(r.out, " 0 differ; written to phone.json") {
		t.Errorf("exit code %d:\n%s%s", r.code, r.out, r.errout)
	}
	text, err := os.ReadFile("phone.json")
	if err != nil {
		t.Fatal(err)
	}
	var report assume.Report
	if err := json.Unmarshal(text, &report); err != nil || report.Schema != assume.SchemaID || report.Phone.API != 34 || report.Interrupted {
		t.Errorf("%+v, %v", report.Phone, err)
	}
	if !strings.Contains(f.Phones()[0].Fingerprint(), "credential NONE") {
		t.Error(f.Phones()[0].Fingerprint())
	}
}
