package main

import (
	stdbytes "bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func testBuild() build {
	return build{resources: map[string]uint32{"string/app_name": 0x7f030000}, versionCode: 7, versionName: "2.1"}
}

func readFile(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func mustDecode(t *testing.T, b []byte) *element {
	t.Helper()
	e, err := decode(b)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestASourceAndItsManifestAreEqual(t *testing.T) {
	source, err := parse(readFile(t, "AndroidManifest.xml"))
	if err != nil {
		t.Fatal(err)
	}
	built := mustDecode(t, readFile(t, "manifest.bin"))
	if findings := append(testBuild().compare(source, built), rules(built)...); len(findings) > 0 {
		t.Errorf("findings: %s", strings.Join(findings, "\n"))
	}
}

// Each row changes one thing in the source and wants the findings that it leads to.
func TestADifferenceIsFound(t *testing.T) {
	const (
		app     = "manifest/8:application"
		service = app + "/1:service[.CallService]"
		main    = app + "/0:activity[.MainActivity]"
	)
	for _, tt := range []struct {
		name, old, new string
		want           []string
	}{
		{"package", "org.example.test", "org.example.best",
			[]string{`manifest: package is "org.example.test" in the APK, want "org.example.best"`}},
		{"a permission's name", "android.permission.RECORD_AUDIO", "android.permission.RECORD_VIDEO",
			[]string{`manifest/5:uses-permission[android.permission.RECORD_VIDEO]: name is "android.permission.RECORD_AUDIO" in the APK, want "android.permission.RECORD_VIDEO"`}},
		{"a boolean", `exported="false"`, `exported="true"`,
			[]string{service + ": exported is false in the APK, want true"}},
		{"a flag newer than API 29 is gone", "phoneCall|microphone", "phoneCall",
			[]string{service + ": foregroundServiceType is 0x84 in the APK, want 0x4"}},
		{"another flag", "phoneCall|microphone", "phoneCall|camera",
			[]string{service + ": foregroundServiceType is 0x84 in the APK, want 0x44"}},
		{"an enum", "singleTask", "singleTop",
			[]string{main + ": launchMode is 0x2 in the APK, want 0x1"}},
		{"a negative number", `"-5"`, `"5"`,
			[]string{main + "/0:intent-filter: priority is 0xfffffffb in the APK, want 0x5"}},
		{"a resource", "@string/app_name", "@string/other",
			[]string{app + ": label names @string/other, which apkcheck does not know",
				app + ": label is @0x7f030000 in the APK and not in the source"}},
		{"a framework resource", "Theme.Material.Light", "Theme.Material",
			[]string{app + ": theme is @0x01030237 in the APK, want @0x01030224"}},
		{"text where the APK has a reference", "@string/app_name", "Example",
			[]string{app + `: label is @0x7f030000 in the APK, want "Example"`}},
		{"an attribute more", `android:debuggable="true"`, `android:debuggable="true" android:allowBackup="false"`,
			[]string{app + ": allowBackup is not in the APK"}},
		{"an attribute less", `android:debuggable="true"`, "",
			[]string{app + ": debuggable is true in the APK and not in the source"}},
		{"an unknown attribute", `android:debuggable="true"`, `android:debuggable="true" android:debugable="true"`,
			[]string{app + ": debugable is an attribute that apkcheck does not know: add it to attributes.go"}},
		{"an unknown flag", "neverForLocation", "everForLocation",
			[]string{`manifest/6:uses-permission[android.permission.BLUETOOTH_SCAN]: usesPermissionFlags has the value "everForLocation", which apkcheck does not know: add it to attributes.go`,
				`manifest/6:uses-permission[android.permission.BLUETOOTH_SCAN]: usesPermissionFlags is 0x10000 in the APK and not in the source`}},
		{"another element", "<queries>\n        <package android:name=\"org.example.other\" />\n    </queries>", "<property/>",
			[]string{"manifest/7:property: the source has <property>, the APK <queries>"}},
		{"an element less", `<action android:name="android.intent.action.MAIN" />`, "",
			[]string{main + "/0:intent-filter: 0 elements inside in the source, 1 in the APK"}},
		{"a version in the manifest", `package="org.example.test"`, `package="org.example.test" android:versionCode="7"`,
			[]string{"manifest: versionCode belongs into the file version, not into a manifest"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			text := string(readFile(t, "AndroidManifest.xml"))
			if strings.Count(text, tt.old) != 1 {
				t.Fatalf("%q is %d times in the source, want once", tt.old, strings.Count(text, tt.old))
			}
			source, err := parse([]byte(strings.Replace(text, tt.old, tt.new, 1)))
			if err != nil {
				t.Fatal(err)
			}
			got := testBuild().compare(source, mustDecode(t, readFile(t, "manifest.bin")))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWhatTheBuildAddsIsChecked(t *testing.T) {
	source, err := parse(readFile(t, "AndroidManifest.xml"))
	if err != nil {
		t.Fatal(err)
	}
	b := testBuild()
	b.versionCode, b.versionName = 8, "2.2"
	want := []string{
		"manifest: versionCode is 0x7 in the APK, want 0x8",
		`manifest: versionName is "2.1" in the APK, want "2.2"`,
	}
	if diff := cmp.Diff(want, b.compare(source, mustDecode(t, readFile(t, "manifest.bin")))); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// A tool that knows an attribute's name and not its id writes one that no phone finds.
func TestAWrongResourceIDIsFound(t *testing.T) {
	source, err := parse(readFile(t, "AndroidManifest.xml"))
	if err != nil {
		t.Fatal(err)
	}
	b := readFile(t, "manifest.bin")
	id := binary.LittleEndian.AppendUint32(nil, 0x01010599) // foregroundServiceType
	if stdbytes.Count(b, id) != 1 {
		t.Fatalf("the id is %d times in the manifest, want once", stdbytes.Count(b, id))
	}
	binary.LittleEndian.PutUint32(b[stdbytes.Index(b, id):], 0x01010001)
	const service = "manifest/8:application/1:service[.CallService]: foregroundServiceType"
	want := []string{
		service + " has resource id 0x01010001 in the APK, want 0x01010599",
		service + " is out of the order of resource ids",
	}
	if diff := cmp.Diff(want, testBuild().compare(source, mustDecode(t, b))); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

func TestRules(t *testing.T) {
	const permission = "android.permission."
	for _, tt := range []struct {
		name    string
		breakIt func(manifest *element)
		want    []string
	}{
		{"no permission for foreground services", without(permission + "FOREGROUND_SERVICE"),
			[]string{"rule: service .CallService needs android.permission.FOREGROUND_SERVICE"}},
		{"none for the type phoneCall", without(permission + "FOREGROUND_SERVICE_PHONE_CALL"),
			[]string{"rule: service .CallService, type 0x4, needs android.permission.FOREGROUND_SERVICE_PHONE_CALL"}},
		{"no self-managed calls", without(permission + "MANAGE_OWN_CALLS"),
			[]string{"rule: service .CallService, type 0x4, needs one of [android.permission.MANAGE_OWN_CALLS]"}},
		{"none for the type microphone", without(permission + "FOREGROUND_SERVICE_MICROPHONE"),
			[]string{"rule: service .CallService, type 0x80, needs android.permission.FOREGROUND_SERVICE_MICROPHONE"}},
		{"a type without an entry", func(m *element) { set(m, "foregroundServiceType", 0x4|0x100) },
			[]string{"rule: service .CallService has types 0x100, whose permissions apkcheck does not know"}},
		{"an older target", func(m *element) { set(m, "targetSdkVersion", 33) },
			[]string{"rule: targetSdkVersion is 33, want 34: the rules here are that level's"}},
		{"a filter and no word on exported", func(m *element) { set(m, "exported", gone) },
			[]string{"rule: activity .MainActivity has an intent filter and does not say android:exported"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			manifest := mustDecode(t, readFile(t, "manifest.bin"))
			tt.breakIt(manifest)
			if diff := cmp.Diff(tt.want, rules(manifest)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

func without(permission string) func(*element) {
	return func(m *element) {
		for i, e := range m.children {
			if e.name == "uses-permission" && e.text("name") == permission {
				m.children = append(m.children[:i:i], m.children[i+1:]...)
				return
			}
		}
	}
}

const gone = 0xffffffff

// set gives each attribute of the name another value, or takes it away.
func set(e *element, name string, value uint32) {
	for i, a := range e.attrs {
		if a.name != name {
			continue
		}
		if value == gone {
			e.attrs = append(e.attrs[:i:i], e.attrs[i+1:]...)
			break
		}
		e.attrs[i].data = value
	}
	for _, child := range e.children {
		set(child, name, value)
	}
}

// aapt2 writes manifests in UTF-16 and layouts in UTF-8.
func TestDecodeReadsBothKindsOfText(t *testing.T) {
	layout := mustDecode(t, readFile(t, "layout.bin"))
	if layout.name != "LinearLayout" || len(layout.children) != 2 {
		t.Fatalf("got <%s> with %d children", layout.name, len(layout.children))
	}
	// A length above 127 takes two bytes.
	for i, want := range []string{"größer", strings.Repeat("ü", 150)} {
		if got := layout.children[i].text("text"); got != want {
			t.Errorf("android:text of child %d is %q, want %q", i, got, want)
		}
	}
	if got := mustDecode(t, readFile(t, "manifest.bin")).name; got != "manifest" {
		t.Errorf("the root is %q", got)
	}
}

func TestParseVersion(t *testing.T) {
	code, name, err := parseVersion("# code=3 in a comment\ncode=12\nname=1.2\n")
	if code != 12 || name != "1.2" || err != nil {
		t.Errorf("got %d, %q, %v", code, name, err)
	}
	for _, text := range []string{"", "code=1", "name=x", "code=x\nname=y", "code=-1\nname=y", "code=99999999999\nname=y"} {
		if _, _, err := parseVersion(text); err == nil {
			t.Errorf("%q: no error", text)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, name := range []string{"manifest.bin", "layout.bin"} {
		f.Add(readFile(f, name))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		e, err := decode(b)
		if (e == nil) == (err == nil) {
			t.Errorf("element %v and error %v", e, err)
		}
	})
}
