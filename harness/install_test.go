package harness

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/ringproof/ringproof/devices/adb"
	"github.com/ringproof/ringproof/devices/apk/apktest"
	"github.com/ringproof/ringproof/devices/pool"
	"github.com/ringproof/ringproof/devices/virtual"
	"github.com/ringproof/ringproof/harness/profile"
	"github.com/ringproof/ringproof/reports/record"
)

func TestDecide(t *testing.T) {
	want := &APK{VersionCode: 5, SHA256: "abc"}
	for _, c := range []struct {
		name string
		have builds
		want *APK
		step installStep
	}{
		{"nothing there, nothing given", builds{}, nil, absent},
		{"nothing there", builds{}, want, fresh},
		{"nothing given", builds{path: "/x", sum: "def", version: 5, versioned: true}, nil, keep},
		{"the same", builds{path: "/x", sum: "abc", version: 5, versioned: true}, want, keep},
		{"another build of it", builds{path: "/x", sum: "def", version: 5, versioned: true}, want, upgrade},
		{"older", builds{path: "/x", sum: "def", version: 4, versioned: true}, want, upgrade},
		{"newer", builds{path: "/x", sum: "def", version: 6, versioned: true}, want, downgrade},
		{"no sum to be had", builds{path: "/x", version: 5, versioned: true}, want, upgrade},
		{"no version to be had", builds{path: "/x", sum: "def"}, want, upgrade},
	} {
		if got := decide(c.have, c.want); got != c.step {
			t.Errorf("%s: step %d, want %d", c.name, got, c.step)
		}
	}
}

// The app's build comes onto the phone when its owner agreed, and an installed
// one goes only with a consent of its own.
func TestInstall(t *testing.T) {
	const pkg = "org.example.app"
	key, other := apktest.NewKey(t), apktest.NewKey(t)
	build := func(code int, k *apktest.Key, label string) []byte {
		m := apktest.App(pkg)
		m.VersionCode, m.Label, m.TestOnly = code, label, true
		return m.APK(t, k)
	}
	one, two, twoAgain, foreign := build(1, key, ""), build(2, key, ""), build(2, key, "Another Build"), build(2, other, "")
	for _, c := range []struct {
		name      string
		there     []byte
		want      []byte
		allowed   bool
		consent   bool
		kind      Kind     // of the error, 0 for none
		says      string   // of the error
		notes     []string // told, in order
		is        []byte   // on the phone afterwards
		granted   bool     // RECORD_AUDIO
		data      bool     // the data is still there
		preflight bool     // one cheap question tells the error
	}{
		{name: "absent", want: two, allowed: true, is: two, granted: true, notes: []string{"installed org.example.app, versionCode 2"}},
		{name: "absent, not named", want: two, kind: Config, says: "--device virtual-1", preflight: true},
		{name: "absent, none given", allowed: true, kind: Config, says: "app not installed: org.example.app", preflight: true},
		{name: "none given", there: one, allowed: true, is: one, data: true},
		{name: "the same", there: two, want: two, allowed: true, is: two, data: true},
		{name: "older", there: one, want: two, allowed: true, is: two, data: true, notes: []string{"installed org.example.app, versionCode 2"}},
		{name: "older, not named", there: one, want: two, is: one, data: true, notes: []string{"another build"}},
		{name: "another build", there: twoAgain, want: two, allowed: true, is: two, data: true, notes: []string{"installed"}},
		{name: "newer", there: two, want: one, allowed: true, kind: Config, says: "--may-uninstall", is: two, data: true, preflight: true},
		{name: "newer, may go", there: two, want: one, allowed: true, consent: true, is: one, granted: true, notes: []string{"removed", "installed"}},
		{name: "newer, not named", there: two, want: one, consent: true, is: two, data: true, notes: []string{"another build"}},
		{name: "another key", there: foreign, want: two, allowed: true, kind: Config, says: "--may-uninstall", is: foreign, data: true},
		{name: "another key, may go", there: foreign, want: two, allowed: true, consent: true, is: two, granted: true, notes: []string{"removed", "installed"}},
		{name: "refused", want: apktest.Sign(t, apktest.App(pkg).Zip(t), apktest.Signing{Key: key, V2: true, Break: apktest.Sum}), allowed: true,
			kind: Infra, says: "INSTALL_PARSE_FAILED_NO_CERTIFICATES"},
	} {
		t.Run(c.name, func(t *testing.T) {
			fleet, err := virtual.NewFleet(t.Context(), virtual.Options{Serial: "virtual-1", Seed: 1})
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := fleet.Close(); err != nil {
					t.Error(err)
				}
			}()
			dev := adb.NewServer(fleet.Addr()).Device("virtual-1")
			if c.there != nil {
				r, err := dev.Install(t.Context(), bytes.NewReader(c.there), int64(len(c.there)), adb.InstallOptions{Test: true})
				if err != nil || !r.Success {
					t.Fatalf("%+v, %v", r, err)
				}
				if _, err := dev.Run(t.Context(), "run-as "+pkg+" mkdir files"); err != nil {
					t.Fatal(err)
				}
			}
			phones, err := pool.New(pool.Options{Sources: []pool.Source{pool.ADB{Server: adb.NewServer(fleet.Addr()), Owned: true}}, StateDir: t.TempDir()})
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
			var notes []string
			sink := record.SinkFunc(func(e record.Event) {
				if e.Kind == record.Noted {
					notes = append(notes, e.Text)
				}
			})
			phone, err := Open(t.Context(), lease.Phone(), lease.Journal(), sink, "x")
			if err != nil {
				t.Fatal(err)
			}
			a := &App{Phone: phone, Profile: profile.Profile{Package: pkg}, Install: Installation{Allowed: c.allowed, MayUninstall: c.consent}}
			if c.want != nil {
				if a.Install.APK, err = ReadAPK(bytes.NewReader(c.want), int64(len(c.want))); err != nil {
					t.Fatal(err)
				}
			}

			before := fleet.Phones()[0].Fingerprint()
			if err := a.Ready(t.Context()); (err != nil) != c.preflight || err != nil && !strings.Contains(err.Error(), c.says) {
				t.Errorf("ready: %v", err)
			}
			if after := fleet.Phones()[0].Fingerprint(); after != before {
				t.Error("a question changed the phone")
			}
			err = a.install(t.Context())
			if KindOf(err) != c.kind || err != nil && !strings.Contains(err.Error(), c.says) {
				t.Errorf("install: %v", err)
			}
			var e *Error
			if c.kind != 0 && (!errors.As(err, &e) || e.Phone != "virtual-1") {
				t.Errorf("the error names no phone: %v", err)
			}
			if len(notes) != len(c.notes) {
				t.Errorf("notes %q", notes)
			}
			for i, n := range notes {
				if i < len(c.notes) && !strings.HasPrefix(n, c.notes[i]) {
					t.Errorf("note %q", n)
				}
			}
			have, err := a.look(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if c.is == nil {
				if have.path != "" {
					t.Errorf("installed: %+v", have)
				}
				return
			}
			is, err := ReadAPK(bytes.NewReader(c.is), int64(len(c.is)))
			if err != nil {
				t.Fatal(err)
			}
			if have.sum != is.SHA256 || have.version != is.VersionCode {
				t.Errorf("there is %+v, want version %d with %s", have, is.VersionCode, is.SHA256)
			}
			out, err := phone.Run(t.Context(), "dumpsys package "+pkg+" | grep RECORD_AUDIO:; run-as "+pkg+" ls -d files")
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Contains(string(out.Stdout), "RECORD_AUDIO: granted=true"); got != c.granted {
				t.Errorf("granted: %s", out.Stdout)
			}
			if got := strings.HasSuffix(string(out.Stdout), "files\n"); got != c.data {
				t.Errorf("data: %s %s", out.Stdout, out.Stderr)
			}
		})
	}
}

func TestReadAPK(t *testing.T) {
	m := apktest.App("a.b")
	m.Split = "config.de"
	for name, b := range map[string][]byte{"no APK": []byte("no package"), "split": m.Zip(t)} {
		if p, err := ReadAPK(bytes.NewReader(b), int64(len(b))); err == nil {
			t.Errorf("%s: %+v", name, p)
		}
	}
}
