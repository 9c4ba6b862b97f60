package installer

import (
	"errors"
	"slices"

	"github.com/ringproof/ringproof/devices/apk"
	"github.com/ringproof/ringproof/devices/virtual/android"
)

const android14 = 34

// minTarget is MIN_INSTALLABLE_TARGET_SDK of Android 14.
const minTarget = 23

// schemeSince is the target from which an app must be signed by v2 or newer.
const schemeSince = 30

// unreadable turns an error of package apk into what Android says of the file
// at a path.
func unreadable(at string, err error) error {
	var e *apk.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Kind {
	case apk.NotAPK:
		// ApkLiteParseUtils.parseApkLite, and what libandroidfw adds.
		return refuse("INSTALL_PARSE_FAILED_NOT_APK", "Failed to parse %s: Failed to load asset path %s", at, at)
	case apk.BadManifest:
		// unverified: the message is libandroidfw's or XmlPullParser's.
		return refuse("INSTALL_PARSE_FAILED_UNEXPECTED_EXCEPTION", "Failed to parse %s: %s", at, e.Msg)
	case apk.BadPackageName:
		return refuse("INSTALL_PARSE_FAILED_BAD_PACKAGE_NAME", "Invalid manifest package: %s", e.Msg)
	case apk.Malformed:
		return refuse("INSTALL_PARSE_FAILED_MANIFEST_MALFORMED", "Failed parse during installPackageLI: %s (at Binary XML file line #%d): %s", at, e.Line, e.Msg)
	case apk.BadResources:
		if e.Err != nil {
			return refuse("INSTALL_PARSE_FAILED_NOT_APK", "Failed to parse %s: Failed to load asset path %s", at, at)
		}
		// INSTALL_PARSE_FAILED_RESOURCES_ARSC_COMPRESSED has no name in
		// installStatusToString: Android prints its number.
		return refuse("-124", "Failed parse during installPackageLI: %s", e.Msg)
	case apk.NoCertificates:
		if e.Scheme < 2 {
			// No v2, no v3, and no certificate in a JAR signature, either.
			return refuse("INSTALL_PARSE_FAILED_NO_CERTIFICATES", "Failed to collect certificates from %s: Attempt to get length of null array", at)
		}
		return refuse("INSTALL_PARSE_FAILED_NO_CERTIFICATES", "Failed to collect certificates from %s using APK Signature Scheme v%d: %s", at, e.Scheme, e.Msg)
	}
	return err
}

// check looks at the package alone: signature, releases.
func check(p *apk.Package, at string, api int) (apk.Signature, error) {
	sig, err := p.Verify(api)
	if err != nil {
		var e *apk.Error
		if errors.As(err, &e) && e.Scheme == 1 && p.TargetSDK >= schemeSince {
			// ScanPackageUtils.assertMinSignatureSchemeIsValid.
			return sig, refuse("INSTALL_PARSE_FAILED_NO_CERTIFICATES", "Scanning Failed.: No signature found in package of version 2 or newer for package %s", p.Name)
		}
		if errors.As(err, &e) && e.Scheme == 1 {
			// A phone verifies it and takes it; this one does not.
			return sig, refuse("INSTALL_PARSE_FAILED_NO_CERTIFICATES", "a virtual phone does not verify APK Signature Scheme v1: sign %s with v2", p.Name)
		}
		return sig, unreadable(at, err)
	}
	switch {
	case p.Codename != "":
		// FrameworkParsingPackageUtils.computeMinSdkVersion.
		return sig, refuse("INSTALL_FAILED_OLDER_SDK", "Failed parse during installPackageLI: %s (at Binary XML file line #%d): Requires development platform %s but this is a release platform.", at, p.MinLine, p.Codename)
	case p.MinSDK > api:
		return sig, refuse("INSTALL_FAILED_OLDER_SDK", "Failed parse during installPackageLI: %s (at Binary XML file line #%d): Requires newer sdk version #%d (current version is #%d)", at, p.MinLine, p.MinSDK, api)
	}
	return sig, nil
}

// against compares the package with what is installed (verifyReplacingVersionCode,
// then preparePackageLI, in their order).
func against(d *android.Device, spec android.PackageSpec, p Params) error {
	old, kept := d.Packages.Get(spec.Name), d.Packages.Kept(spec.Name)
	if before := old; before != nil || kept != nil {
		where := "Downgrade detected: "
		if before == nil {
			before, where = kept, "Downgrade detected on app uninstalled with DELETE_KEEP_DATA: "
		}
		// isDowngradePermitted: asked for, on a debuggable build or of a
		// debuggable app.
		permitted := p.Downgrade && (before.Debuggable || d.Props.Get("ro.debuggable") == "1")
		if spec.VersionCode < before.VersionCode && !permitted {
			return refuse("INSTALL_FAILED_VERSION_DOWNGRADE", "%sUpdate version code %d is older than current %d", where, spec.VersionCode, before.VersionCode)
		}
	}
	switch {
	case spec.TargetSDK < minTarget && !p.LowTarget && !spec.TestOnly:
		return refuse("INSTALL_FAILED_DEPRECATED_SDK_VERSION", "App package must target at least SDK version %d, but found %d", minTarget, spec.TargetSDK)
	case spec.TestOnly && !p.Test:
		return refuse("INSTALL_FAILED_TEST_ONLY", "Failed to install test-only apk. Did you forget to add -t?")
	}
	before := old
	if before == nil {
		before = kept
	}
	switch {
	case before != nil && !slices.Equal(before.Certificates, spec.Certificates):
		// PackageManagerServiceUtils.verifySignatures; older releases said
		// "Package X signatures do not match previously installed version".
		return refuse("INSTALL_FAILED_UPDATE_INCOMPATIBLE", "Existing package %s signatures do not match newer version; ignoring!", spec.Name)
	case old != nil && p.NoReplace:
		return refuse("INSTALL_FAILED_ALREADY_EXISTS", "Attempt to re-install %s without first uninstalling.", spec.Name)
	}
	return nil
}
