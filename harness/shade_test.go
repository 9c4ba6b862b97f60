package harness

import (
	"strings"
	"testing"

	"github.com/ringproof/ringproof/devices/adb"
	"github.com/ringproof/ringproof/devices/pool"
	"github.com/ringproof/ringproof/devices/virtual"
	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/harness/profile"
	"github.com/ringproof/ringproof/reports/record"
	sampleapp "github.com/ringproof/ringproof/sample-app"
)

// Before API 31 no window tree shows a heads-up: the button is found in the
// shade, and the record says so. The phone here is newer; the harness is told
// otherwise.
func TestButtonInTheShade(t *testing.T) {
	fleet, err := virtual.NewFleet(t.Context(), virtual.Options{Serial: "virtual-1", Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := fleet.Close(); err != nil {
			t.Error(err)
		}
	}()
	phones, err := pool.New(pool.Options{
		Sources: []pool.Source{pool.ADB{Server: adb.NewServer(fleet.Addr()), Owned: true}}, StateDir: t.TempDir(),
	})
	if err != nil {
		t.Fatal(err)
	}
	lease, err := phones.Lease(t.Context(), pool.Needs{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := lease.Release(t.Context()); err != nil {
			t.Error(err)
		}
	}()
	var acts []string
	sink := record.SinkFunc(func(e record.Event) {
		if e.Kind == record.Acted {
			acts = append(acts, e.Text)
		}
	})
	phone, err := Open(t.Context(), lease.Phone(), lease.Journal(), sink, "shade")
	if err != nil {
		t.Fatal(err)
	}
	prof, err := profile.Builtin("reference")
	if err != nil {
		t.Fatal(err)
	}
	a, err := NewApp(phone, *prof, AnyDoor)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	app := sampleapp.Reference()
	build, err := ReadAPK(app.Open(), app.Size)
	if err != nil {
		t.Fatal(err)
	}
	a.Install = Installation{APK: build, Allowed: true}
	if err := a.Prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := Steps(Push(Initiated), Await(expect.All(expect.Ringing(), expect.CallNotification()), ByRing)).Do(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	a.probe.API = 30
	if err := Steps(PressAnswer(), Await(expect.All(expect.Active(), expect.CallScreen()), ByAnswer)).Do(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	if len(acts) != 1 || !strings.Contains(acts[0], `"Answer" of the notification in the shade`) {
		t.Errorf("acts %q", acts)
	}
	if err := Steps(TapEnd(), Await(expect.Silent(), ByEnd)).Do(t.Context(), a); err != nil {
		t.Fatal(err)
	}
}
