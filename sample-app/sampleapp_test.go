package sampleapp_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/pem"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	sampleapp "github.com/ringproof/ringproof/sample-app"
)

func TestAPKs(t *testing.T) {
	for _, tt := range []struct {
		apk  sampleapp.APK
		file string
		name string
	}{
		{sampleapp.Reference(), "reference.apk", "org.ringproof.sample"},
		{sampleapp.Guide(), "guide.apk", "org.ringproof.sample.guide"},
	} {
		t.Run(tt.file, func(t *testing.T) {
			if tt.apk.Package != tt.name || tt.apk.VersionCode != 1 || tt.apk.VersionName != "1.0" {
				t.Errorf("got %s, version %d %q, want %s, version 1 %q",
					tt.apk.Package, tt.apk.VersionCode, tt.apk.VersionName, tt.name, "1.0")
			}
			onDisk, err := os.ReadFile(tt.file)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(tt.apk.Bytes(), onDisk) {
				t.Errorf("Bytes() is not the content of %s", tt.file)
			}
			sum := sha256.Sum256(onDisk)
			if want := hex.EncodeToString(sum[:]); tt.apk.SHA256 != want {
				t.Errorf("SHA256 is %s, want %s", tt.apk.SHA256, want)
			}
			z, err := zip.NewReader(tt.apk.Open(), tt.apk.Size)
			if err != nil {
				t.Fatalf("Open() and Size: %v", err)
			}
			var names []string
			for _, f := range z.File {
				names = append(names, f.Name)
				if strings.HasPrefix(f.Name, "META-INF/") {
					t.Errorf("%s has %s, which only a v1 signature needs", tt.file, f.Name)
				}
			}
			for _, want := range []string{"AndroidManifest.xml", "classes.dex", "resources.arsc"} {
				if !slices.Contains(names, want) {
					t.Errorf("no %s in %s", want, tt.file)
				}
			}
		})
	}
}

func TestBytesAreTheCallersOwn(t *testing.T) {
	sampleapp.Reference().Bytes()[0] = 'x'
	if got := sampleapp.Reference().Bytes()[0]; got != 'P' {
		t.Errorf("the APK starts with %q after a caller wrote into its copy, want %q", got, 'P')
	}
}

// The facts are those that the APK says of itself, read by Android's own tool.
func TestFactsAreTheBadging(t *testing.T) {
	aapt, err := exec.LookPath("aapt")
	if err != nil {
		if slices.Contains(strings.Split(os.Getenv("RINGPROOF_REQUIRE"), ","), "apk") {
			t.Fatal("RINGPROOF_REQUIRE names apk, and aapt is not on PATH: apt-get install aapt")
		}
		t.Skip("needs aapt: apt-get install aapt")
	}
	badging := regexp.MustCompile(`(?m)^package: name='([^']*)' versionCode='([^']*)' versionName='([^']*)'`)
	for file, apk := range map[string]sampleapp.APK{"reference.apk": sampleapp.Reference(), "guide.apk": sampleapp.Guide()} {
		said, err := exec.Command(aapt, "dump", "badging", file).Output()
		if err != nil {
			t.Fatalf("aapt dump badging %s: %v", file, err)
		}
		got := badging.FindStringSubmatch(string(said))
		if got == nil {
			t.Fatalf("aapt says no package of %s: %s", file, said)
		}
		if want := []string{apk.Package, "1", apk.VersionName}; !slices.Equal(got[1:], want) {
			t.Errorf("%s says %q of itself, the facts are %q", file, got[1:], want)
		}
	}
}

func TestSignerIsTheKeyInTheFolder(t *testing.T) {
	text, err := os.ReadFile("key/public-test-key.x509.pem")
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(text)
	if block == nil {
		t.Fatal("the certificate is no PEM")
	}
	sum := sha256.Sum256(block.Bytes)
	if got := hex.EncodeToString(sum[:]); got != sampleapp.SignerSHA256 {
		t.Errorf("the certificate's digest is %s, SignerSHA256 is %s", got, sampleapp.SignerSHA256)
	}
	for file, apk := range map[string]sampleapp.APK{"reference.apk": sampleapp.Reference(), "guide.apk": sampleapp.Guide()} {
		if !bytes.Contains(apk.Bytes(), block.Bytes) {
			t.Errorf("%s does not carry the certificate of key/", file)
		}
	}
}
