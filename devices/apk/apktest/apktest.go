// Package apktest makes small signed Android packages for tests: any manifest,
// any key, broken in any way. It is for tests only; what phones install is made
// by Android's own tools.
//
// It shares nothing with the reader in package apk. That both agree with
// Android is shown there, by packages of Android's tools and by Android's tools
// on packages of this one.
package apktest

import (
	"archive/zip"
	"bytes"
	"testing"
)

// Manifest is what to put into a package. The zero value of a field leaves it
// out.
type Manifest struct {
	Package          string
	Split            string
	VersionCode      int
	VersionName      string
	MinSDK           int
	TargetSDK        int
	MinCodename      string // instead of MinSDK
	Label            string
	Application      string
	Debuggable       bool
	TestOnly         bool
	Permissions      []string
	MaxSDK           map[string]int // of permissions
	Components       []Component
	NoApplication    bool
	AppPermission    string
	ElementBesideApp string // the name of one more element under <manifest>
}

// Component is a component of a manifest.
type Component struct {
	Kind       string // "activity", "service", "receiver", "provider"
	Name       string
	Exported   *bool
	Permission string
	Actions    []string
	Categories []string
	Schemes    []string
	FGSType    uint32
	ShowLocked bool
}

// Is gives the address of a value, for Exported.
func Is(b bool) *bool { return &b }

// App is an app that takes calls, as far as a manifest says: version 1, for
// API 26 to 34, debuggable.
func App(name string) Manifest {
	return Manifest{
		Package: name, VersionCode: 1, VersionName: "1.0", MinSDK: 26, TargetSDK: 34, Label: "Test App", Debuggable: true,
		Permissions: []string{"android.permission.INTERNET", "android.permission.RECORD_AUDIO"},
		Components: []Component{
			{Kind: "activity", Name: ".MainActivity", Exported: Is(true), Actions: []string{"android.intent.action.MAIN"}, Categories: []string{"android.intent.category.LAUNCHER"}},
			{Kind: "receiver", Name: ".Open", Exported: Is(true), Actions: []string{name + ".OPEN"}},
			{Kind: "receiver", Name: ".Guarded", Exported: Is(true), Permission: "android.permission.BIND_TELECOM_CONNECTION_SERVICE", Actions: []string{name + ".GUARDED"}},
			{Kind: "receiver", Name: ".Inside", Exported: Is(false), Actions: []string{name + ".INSIDE"}},
		},
	}
}

// XML is the binary form of the manifest.
func (m Manifest) XML() []byte { return document(m.tree()) }

// Zip is a package without a signature, of the manifest and of other files.
// Nothing is compressed, as phones want it of resources.arsc.
func (m Manifest) Zip(t testing.TB, files ...File) []byte {
	t.Helper()
	return Zip(t, append([]File{{Name: "AndroidManifest.xml", Data: m.XML()}}, files...)...)
}

// File is one more file of a package.
type File struct {
	Name   string
	Data   []byte
	Packed bool
}

// Zip is a zip file.
func Zip(t testing.TB, files ...File) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range files {
		h := &zip.FileHeader{Name: f.Name, Method: zip.Store}
		if f.Packed {
			h.Method = zip.Deflate
		}
		e, err := w.CreateHeader(h)
		if err == nil {
			_, err = e.Write(f.Data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// APK is a package signed by a key with schemes 2 and 3.
func (m Manifest) APK(t testing.TB, k *Key) []byte {
	t.Helper()
	return Sign(t, m.Zip(t), Signing{Key: k, V2: true, V3: true})
}
