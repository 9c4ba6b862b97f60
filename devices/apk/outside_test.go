package apk_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ringproof/ringproof/devices/apk"
	"github.com/ringproof/ringproof/devices/apk/apktest"
)

// tool finds one of Android's tools as Debian packs them. Without it the test
// is skipped, or fails if RINGPROOF_REQUIRE names apk.
func tool(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		list := strings.FieldsFunc(os.Getenv("RINGPROOF_REQUIRE"), func(r rune) bool { return r == ',' || r == ' ' })
		if slices.Contains(list, "apk") {
			t.Fatalf("RINGPROOF_REQUIRE asks for apk: %v", err)
		}
		t.Skipf("needs %s: %v", name, err)
	}
	return path
}

// Android's own verifier agrees on who signed, and on what is not signed.
func TestAgainstApksigner(t *testing.T) {
	apksigner := tool(t, "apksigner")
	ec, rsa := apktest.NewKey(t), apktest.NewRSA(t, false) // PSS is not in a plain Java
	zip := apktest.App("a.b").Zip(t, apktest.File{Name: "classes.dex", Data: make([]byte, 3<<20)})
	sign := func(s apktest.Signing) []byte { return apktest.Sign(t, zip, s) }
	for name, file := range map[string][]byte{
		"example": example(t),
		"ec":      sign(apktest.Signing{Key: ec, V2: true, V3: true}),
		"rsa 512": sign(apktest.Signing{Key: rsa, V2: true, V3: true, Bits: 512}),
		"digest":  sign(apktest.Signing{Key: ec, V2: true, V3: true, Break: apktest.Sum}),
		"bits":    sign(apktest.Signing{Key: ec, V2: true, V3: true, Break: apktest.Bits}),
		"no v3":   sign(apktest.Signing{Key: ec, V2: true, Break: apktest.Stripped}),
		"none":    zip,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // a Java machine each
			path := filepath.Join(t.TempDir(), "x.apk")
			if err := os.WriteFile(path, file, 0o600); err != nil {
				t.Fatal(err)
			}
			out, theirs := exec.CommandContext(t.Context(), apksigner, "verify", "--print-certs", "--min-sdk-version", "28", path).CombinedOutput()
			ours, err := mustOpen(t, file).Verify(34)
			if (theirs == nil) != (err == nil) {
				t.Fatalf("apksigner says %v, we say %v\n%s", theirs, err, out)
			}
			if err != nil {
				return
			}
			m := regexp.MustCompile(`certificate SHA-256 digest: ([0-9a-f]{64})`).FindSubmatch(out)
			if m == nil || len(ours.Certificates) != 1 || string(m[1]) != ours.Certificates[0] {
				t.Errorf("apksigner: %s\nours: %v", out, ours.Certificates)
			}
		})
	}
}

// Android's own reader agrees on what the manifest says.
func TestAgainstAapt(t *testing.T) {
	aapt := tool(t, "aapt")
	ours := apktest.App("org.example.ours")
	ours.Label = "" // aapt finds labels in resources only
	for name, file := range map[string][]byte{
		"example": example(t),
		"ours":    ours.Zip(t),
	} {
		path := filepath.Join(t.TempDir(), "x.apk")
		if err := os.WriteFile(path, file, 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.CommandContext(t.Context(), aapt, "dump", "badging", path).Output()
		if err != nil {
			t.Fatalf("%s: aapt: %v\n%s", name, err, out)
		}
		p := mustOpen(t, file)
		want := []string{
			fmt.Sprintf("package: name='%s' versionCode='%d' versionName='%s'", p.Name, p.VersionCode, p.VersionName),
			fmt.Sprintf("sdkVersion:'%d'", p.MinSDK), fmt.Sprintf("targetSdkVersion:'%d'", p.TargetSDK),
			fmt.Sprintf("application: label='%s'", p.Label), "application-debuggable",
		}
		for _, perm := range p.Permissions {
			want = append(want, fmt.Sprintf("uses-permission: name='%s'", perm.Name))
		}
		for _, c := range p.Components {
			if c.Kind == apk.Activity {
				want = append(want, fmt.Sprintf("launchable-activity: name='%s'", c.Class))
			}
		}
		for _, w := range want {
			if !strings.Contains(string(out), w) {
				t.Errorf("%s: aapt does not say %q:\n%s", name, w, out)
			}
		}
		if n := strings.Count(string(out), "uses-permission: name="); n != len(p.Permissions) {
			t.Errorf("%s: aapt lists %d permissions, we %d", name, n, len(p.Permissions))
		}
	}
}
