package apk_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/ringproof/ringproof/devices/apk"
	"github.com/ringproof/ringproof/devices/apk/apktest"
)

// What testdata/AndroidManifest.xml says, typed from it, with the defaults of
// Android where it says nothing.
func TestManifestOfAndroidsTools(t *testing.T) {
	p := mustOpen(t, example(t))
	want := &apk.Package{
		Name: "org.example.app", VersionCode: 100, VersionName: "0.1.0", MinSDK: 26, TargetSDK: 30,
		Label: "Example & Söhne", Application: "org.example.app.App", Debuggable: true,
		Permissions: []apk.Permission{
			{Name: "android.permission.MANAGE_OWN_CALLS"}, {Name: "android.permission.RECORD_AUDIO"},
			{Name: "android.permission.BLUETOOTH", MaxSDK: 30},
		},
		Components: []apk.Component{
			{Kind: apk.Activity, Class: "org.example.app.Main", Label: "Main screen", Exported: true, Enabled: true,
				LaunchMode: 2, TaskAffinity: "org.example.x", ShowWhenLocked: true, TurnScreenOn: true, ExcludeFromRecents: true,
				Filters: []apk.Filter{{Actions: []string{"android.intent.action.MAIN"}, Categories: []string{"android.intent.category.LAUNCHER"}}}, Line: 7},
			{Kind: apk.Service, Class: "org.example.other.Svc", Exported: true, Enabled: true,
				Permission: "android.permission.BIND_TELECOM_CONNECTION_SERVICE", TaskAffinity: "org.example.app", ForegroundServiceType: 4, // phoneCall
				Filters: []apk.Filter{{Actions: []string{"android.telecom.ConnectionService"}, Priority: 5}}, Line: 10},
			{Kind: apk.Receiver, Class: "org.example.app.R", TaskAffinity: "org.example.app", DirectBootAware: true, Line: 11},
			{Kind: apk.Receiver, Class: "org.example.app.R2", Exported: true, Enabled: true, TaskAffinity: "org.example.app",
				Filters: []apk.Filter{{Actions: []string{"x.Y"}, Schemes: []string{"sip"}}}, Line: 12},
			{Kind: apk.Provider, Class: "org.example.app.P", Enabled: true, TaskAffinity: "org.example.app", Authorities: "org.example.app.p", Line: 13},
			{Kind: apk.Alias, Class: "org.example.app.Alias", Exported: true, Enabled: true, TaskAffinity: "org.example.app",
				Target: "org.example.app.Main", Line: 14},
		},
	}
	if diff := cmp.Diff(want, p, cmpopts.IgnoreUnexported(apk.Package{})); diff != "" {
		t.Errorf("(-typed +read):\n%s", diff)
	}
	s, err := p.Verify(34)
	// As `apksigner verify --print-certs` printed it.
	if want := (apk.Signature{Scheme: 3, Certificates: []string{"d1261491fce211cad4787c118f8a6298c30c8715be991edf136c4d76d03ae8b9"}}); err != nil || !cmp.Equal(s, want) {
		t.Errorf("signature %+v, %v", s, err)
	}
	if s, err := p.Verify(30); err != nil || s.Scheme != 3 {
		t.Errorf("on API 30: %+v, %v", s, err)
	}
	// API 27 knows no v3, nor what v2 says of it.
	if s, err := p.Verify(27); err != nil || s.Scheme != 2 {
		t.Errorf("on API 27: %+v, %v", s, err)
	}
}

// The defaults of Android for what a manifest does not say.
func TestDefaults(t *testing.T) {
	filter := []string{"a.b.C"}
	m := apktest.Manifest{
		Package: "a.b", VersionCode: 7, TargetSDK: 30, AppPermission: "a.b.P",
		Components: []apktest.Component{
			{Kind: "receiver", Name: "Bare", Actions: filter},
			{Kind: "receiver", Name: ".Dot"},
			{Kind: "service", Name: "x.Full", Permission: "a.b.Own"},
			{Kind: "provider", Name: ".P", Actions: filter},
			{Kind: "meta-data", Name: "nothing"},
		},
	}
	p := mustOpen(t, m.Zip(t))
	if p.MinSDK != 1 || p.Label != "" || p.Debuggable || p.TestOnly {
		t.Errorf("defaults of the package: %+v", p)
	}
	type row struct {
		Class, Permission string
		Exported          bool
	}
	var got []row
	for _, c := range p.Components {
		got = append(got, row{c.Class, c.Permission, c.Exported})
	}
	want := []row{{"a.b.Bare", "a.b.P", true}, {"a.b.Dot", "a.b.P", false}, {"x.Full", "a.b.Own", false}, {"a.b.P", "a.b.P", false}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	m.TargetSDK = 0
	m.MinSDK = 21
	if p := mustOpen(t, m.Zip(t)); p.TargetSDK != 21 {
		t.Errorf("the target is %d without one, with 21 as the lowest", p.TargetSDK)
	}
	m.MinSDK, m.MinCodename = 0, "Baklava"
	if p := mustOpen(t, m.Zip(t)); p.Codename != "Baklava" {
		t.Errorf("codename %q", p.Codename)
	}
}

// What Android refuses to read.
func TestRefusals(t *testing.T) {
	good := apktest.App("a.b")
	with := func(change func(*apktest.Manifest)) []byte {
		m := good
		change(&m)
		return m.Zip(t)
	}
	zip := func(files ...apktest.File) []byte { return apktest.Zip(t, files...) }
	whole := good.Zip(t)
	twice := zip(apktest.File{Name: "AndroidManifest.xml", Data: good.XML()}, apktest.File{Name: "x"}, apktest.File{Name: "x"})
	table := apktest.File{Name: "resources.arsc", Data: []byte{2, 0, 12, 0, 12, 0, 0, 0, 0, 0, 0, 0}, Packed: true}
	for _, c := range []struct {
		name string
		file []byte
		kind apk.Kind
		says string
	}{
		{"empty", nil, apk.NotAPK, "0 bytes"},
		{"no zip", []byte(strings.Repeat("no zip file ", 100)), apk.NotAPK, "no zip directory"},
		{"cut short", whole[:len(whole)-1], apk.NotAPK, ""},
		{"something behind it", append(whole[:len(whole):len(whole)], 0), apk.NotAPK, ""},
		{"something before it", append([]byte("x"), whole...), apk.NotAPK, ""},
		{"no manifest", zip(apktest.File{Name: "x"}), apk.NotAPK, "no AndroidManifest.xml"},
		{"a name twice", twice, apk.NotAPK, "twice"},
		{"text manifest", zip(apktest.File{Name: "AndroidManifest.xml", Data: []byte("<manifest package='a.b'/>")}), apk.BadManifest, "binary"},
		{"huge manifest", zip(apktest.File{Name: "AndroidManifest.xml", Data: make([]byte, 5<<20), Packed: true}), apk.NotAPK, "more than"},
		{"name of one part", with(func(m *apktest.Manifest) { m.Package = "app" }), apk.BadPackageName, "must have at least one '.' separator"},
		{"name that climbs", with(func(m *apktest.Manifest) { m.Package = "a.b/../../x" }), apk.BadPackageName, "bad character '/'"},
		{"name that ends", with(func(m *apktest.Manifest) { m.Package = "a." }), apk.BadPackageName, ""},
		{"name of dots", with(func(m *apktest.Manifest) { m.Package = ".." }), apk.BadPackageName, "bad character '.'"},
		{"no application", with(func(m *apktest.Manifest) { m.NoApplication = true }), apk.Malformed, "does not contain an <application>"},
		{"filters and nothing said of exported", with(func(m *apktest.Manifest) {
			m.Components = []apktest.Component{{Kind: "receiver", Name: ".R", Actions: []string{"x"}}}
		}), apk.Malformed, "a.b.R: Targeting S+ (version 31 and above) requires that an explicit value for android:exported be defined when intent filters are present"},
		{"packed table", good.Zip(t, table), apk.BadResources, "Targeting R+ (version 30 and above) requires the resources.arsc"},
		{"no table", good.Zip(t, apktest.File{Name: "resources.arsc", Data: []byte("no table")}), apk.BadResources, ""},
	} {
		p, err := open(c.file)
		if kindOf(err) != c.kind || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, %v", c.name, p, err)
		}
	}
}

// The table of an app that targets 11 is stored, on a boundary of four bytes.
func TestTableIsMapped(t *testing.T) {
	table := []byte{2, 0, 12, 0, 12, 0, 0, 0, 0, 0, 0, 0}
	taken := map[bool]int{}
	for pad := range 4 {
		for _, packed := range []bool{false, true} {
			b := apktest.App("a.b").Zip(t, apktest.File{Name: strings.Repeat("x", 1+pad)}, apktest.File{Name: "resources.arsc", Data: table, Packed: packed})
			if _, err := open(b); err == nil {
				taken[packed]++
			} else if kindOf(err) != apk.BadResources {
				t.Errorf("pad %d, packed %t: %v", pad, packed, err)
			}
		}
	}
	if taken[false] != 1 || taken[true] != 0 {
		t.Errorf("of four places %d are taken when stored and %d when packed", taken[false], taken[true])
	}
	m := apktest.App("a.b")
	m.TargetSDK = 29
	if _, err := open(m.Zip(t, apktest.File{Name: "resources.arsc", Data: table, Packed: true})); err != nil {
		t.Errorf("an app that targets 10: %v", err)
	}
}
