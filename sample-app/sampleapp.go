// Package sampleapp carries the two sample apps as signed APKs, so that a harness or a
// virtual phone can install them without a build: the reference app, which behaves as
// incoming-call apps should, and the guide's app, which has the flaws of the published
// guide on purpose. Both are debug builds for API 26 and up, signed with a key that is
// public on purpose (key/README.md).
//
// The APKs are built by build.sh, byte for byte the same everywhere; the folder's
// README.md tells of it. The package knows nothing of ADB or of phones and imports
// nothing of this module.
package sampleapp

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"strconv"
	"strings"
)

var (
	//go:embed reference.apk
	reference string
	//go:embed guide.apk
	guide string
	// version is the file that the build takes the versions from.
	//go:embed version
	version string
)

// SignerSHA256 is the SHA-256 digest, in hex, of the certificate that both APKs are
// signed with. A phone that has the package with another one refuses an upgrade.
const SignerSHA256 = "0777bfd0591439d522b1ec48d5471884473e988cb73546a19a8346c7b3ae5958"

// An APK is an installable file and the facts that decide whether it is to be installed.
type APK struct {
	Package     string // the application id
	VersionCode int64  // a phone refuses a lower one than it has
	VersionName string
	SHA256      string // of the file, in hex; a phone's copy has the same as long as it is this very build
	Size        int64  // in bytes

	content string
}

// Reference is the app that behaves as it should, org.ringproof.sample.
func Reference() APK { return apk("org.ringproof.sample", reference) }

// Guide is the guide's app with its flaws, org.ringproof.sample.guide.
func Guide() APK { return apk("org.ringproof.sample.guide", guide) }

// Bytes is the file's content; the caller may change it.
func (a APK) Bytes() []byte { return []byte(a.content) }

// Open is the file's content to read, seek and read at, as package archive/zip wants it.
func (a APK) Open() *strings.Reader { return strings.NewReader(a.content) }

func apk(name, content string) APK {
	sum := sha256.Sum256([]byte(content))
	// A version that is no number becomes 0, which a test sees.
	code, _ := strconv.ParseInt(versionLine("code"), 10, 64)
	return APK{
		Package: name, VersionCode: code, VersionName: versionLine("name"),
		SHA256: hex.EncodeToString(sum[:]), Size: int64(len(content)), content: content,
	}
}

func versionLine(key string) string {
	for line := range strings.Lines(version) {
		if value, ok := strings.CutPrefix(line, key+"="); ok {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
