package harness

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/ringproof/ringproof/devices/adb"
	"github.com/ringproof/ringproof/devices/apk"
	"github.com/ringproof/ringproof/harness/dumpsys/packages"
	"github.com/ringproof/ringproof/reports/record"
)

// APK is the app under test as a file, and what decides whether a phone needs
// it.
type APK struct {
	Package     string
	VersionCode int64
	// SHA256 is of the file, in hex. A phone's base.apk has the same as long as
	// it is this very build.
	SHA256 string

	content io.ReaderAt
	size    int64
}

// ReadAPK reads the facts of an APK. The content is read again when a phone
// gets it.
func ReadAPK(content io.ReaderAt, size int64) (*APK, error) {
	p, err := apk.Open(content, size)
	if err != nil {
		return nil, err
	}
	if p.Split != "" {
		return nil, fmt.Errorf("read package: it is the split %q of %s, which cannot be installed alone", p.Split, p.Name)
	}
	h := sha256.New()
	if _, err := io.Copy(h, io.NewSectionReader(content, 0, size)); err != nil {
		return nil, fmt.Errorf("read package: %w", err)
	}
	return &APK{
		Package: p.Name, VersionCode: p.VersionCode, SHA256: hex.EncodeToString(h.Sum(nil)), content: content, size: size,
	}, nil
}

// Installation says which build of the app is to be on the phone. The zero
// value is the one that is there.
type Installation struct {
	// APK is the build; nil for whatever is installed.
	APK *APK
	// Allowed says that the phone's owner agreed to changes that no journal can
	// take back: the phone was named, or was made for the run.
	Allowed bool
	// MayUninstall says that an installed app may be removed, with its data,
	// when the APK cannot be installed over it.
	MayUninstall bool
}

// FlagMayUninstall is the setting that a person consents with.
const FlagMayUninstall = "--may-uninstall"

// builds is what lookScript told.
type builds struct {
	path, sum string
	version   int64
	versioned bool // the phone told the version
}

// look asks in one round trip which build is installed. A phone whose shell
// has no sha256sum, or may not read the file, tells no sum.
func (a *App) look(ctx context.Context) (builds, error) {
	pkg := adb.Quote(a.Package())
	script := "p=$(pm path " + pkg + " | head -n 1); p=${p#package:}\n" +
		`echo "path=$p"; [ -z "$p" ] || echo "sum=$(sha256sum "$p" 2>/dev/null)"` + "\n" +
		`[ -z "$p" ] || dumpsys package ` + pkg
	out, err := a.Run(ctx, script)
	if err != nil {
		return builds{}, &Error{Kind: Infra, Op: "look for the app", Phone: a.Serial(), Err: err}
	}
	var b builds
	text := string(out.Stdout)
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if v, ok := strings.CutPrefix(line, "path="); ok && b.path == "" {
			b.path = v
		} else if v, ok := strings.CutPrefix(line, "sum="); ok && b.sum == "" {
			b.sum, _, _ = strings.Cut(v, " ")
		}
	}
	if f, err := packages.Parse(out.Stdout); err == nil {
		p, _ := f.Find(a.Package()).Get()
		b.version, b.versioned = p.VersionCode.Get()
	}
	return b, nil
}

// step is what is to be done to a phone.
type installStep int

const (
	keep      installStep = iota // nothing
	fresh                        // install what is not there
	upgrade                      // install over what is there
	downgrade                    // only after it was removed
	absent                       // nothing to install, and nothing there
)

// decide compares what is installed with what is wanted.
func decide(have builds, want *APK) installStep {
	switch {
	case have.path == "" && want == nil:
		return absent
	case have.path == "":
		return fresh
	case want == nil || have.sum == want.SHA256:
		return keep
	case have.versioned && have.version > want.VersionCode:
		return downgrade
	}
	return upgrade
}

// Ready tells whether Install would succeed, as far as one cheap question that
// changes nothing can tell.
func (a *App) Ready(ctx context.Context) error {
	have, err := a.look(ctx)
	if err != nil {
		return err
	}
	return a.refuse(have, decide(have, a.Install.APK))
}

// refuse is why a step may not be taken, nil if it may.
func (a *App) refuse(have builds, step installStep) error {
	config := func(advice, format string, args ...any) error {
		return &Error{Kind: Config, Op: "install the app", Phone: a.Serial(), Err: fmt.Errorf(format, args...), Advice: advice}
	}
	byHand := "install it with `adb -s " + a.Serial() + " install APK`"
	switch {
	case step == absent:
		return &Error{Kind: Config, Op: "look for the app", Phone: a.Serial(), Err: fmt.Errorf("app not installed: %s", a.Package()),
			Advice: byHand + ", name its file with --apk, or choose another app with --app"}
	case step == fresh && !a.Install.Allowed:
		return config("name the phone with --device "+a.Serial()+" to have it installed, or "+byHand, "app not installed: %s", a.Package())
	case step == downgrade && a.Install.Allowed && !a.Install.MayUninstall:
		return config("give "+FlagMayUninstall+" to have the app removed first, with its data",
			"%s has versionCode %d there and %d in the APK", a.Package(), have.version, a.Install.APK.VersionCode)
	}
	return nil
}

// install brings the wanted build onto the phone. It stays there after the
// lease: the next scenario and the next run need it again, whoever named the
// phone and the APK wants them together, and an app that was there before
// cannot be brought back, so there is no undo to write into the journal. Events
// tell of it instead.
func (a *App) install(ctx context.Context) error {
	have, err := a.look(ctx)
	if err != nil {
		return err
	}
	want := a.Install.APK
	step := decide(have, want)
	if err := a.refuse(have, step); err != nil || step == keep {
		return err
	}
	if !a.Install.Allowed {
		a.note(record.Noted, "another build of %s is installed than the APK's, and stays: the phone was not named", a.Package())
		return nil
	}
	if step == downgrade {
		if err := a.uninstall(ctx, fmt.Sprintf("versionCode %d is there", have.version)); err != nil {
			return err
		}
		step = fresh
	}
	r, err := a.put(ctx, step)
	if err != nil {
		return err
	}
	switch {
	case r.Success:
		return nil
	case !incompatible(r.Code) || step == fresh:
		return a.rejected(r)
	case !a.Install.MayUninstall:
		e := a.rejected(r)
		e.Kind = Config
		e.Advice = "give " + FlagMayUninstall + " to have the installed app removed first, with its data"
		return e
	}
	if err := a.uninstall(ctx, r.Code); err != nil {
		return err
	}
	if r, err = a.put(ctx, fresh); err == nil && !r.Success {
		return a.rejected(r)
	}
	return err
}

// incompatible says that only removing what is installed helps.
func incompatible(code string) bool {
	switch code {
	case "INSTALL_FAILED_UPDATE_INCOMPATIBLE", "INSTALL_FAILED_VERSION_DOWNGRADE", "INSTALL_FAILED_PERMISSION_MODEL_DOWNGRADE",
		"INSTALL_FAILED_SHARED_USER_INCOMPATIBLE":
		return true
	}
	return false
}

func (a *App) rejected(r adb.InstallResult) *Error {
	e := &Error{Kind: Infra, Op: "install the app", Phone: a.Serial(), Err: r.Err()}
	if r.Code == "INSTALL_FAILED_USER_RESTRICTED" {
		e.Advice = "allow it on the phone: some makers have a switch for installing over USB in the developer options"
	}
	return e
}

// packageInstaller is a phone that takes APKs.
type packageInstaller interface {
	Install(ctx context.Context, apk io.Reader, size int64, o adb.InstallOptions) (adb.InstallResult, error)
}

// put sends the APK. A fresh app gets all permissions, as nobody is there to
// be asked; one that is installed keeps the grants that it has.
func (a *App) put(ctx context.Context, step installStep) (adb.InstallResult, error) {
	dev, ok := a.dev.(packageInstaller)
	if !ok {
		return adb.InstallResult{}, &Error{Kind: Config, Op: "install the app", Phone: a.Serial(), Err: errors.New("this source of phones takes no APKs"),
			Advice: "install the app before the run"}
	}
	apk := a.Install.APK
	r, err := dev.Install(ctx, io.NewSectionReader(apk.content, 0, apk.size), apk.size,
		adb.InstallOptions{Replace: true, Grant: step == fresh, Test: true})
	if err != nil {
		return r, &Error{Kind: Infra, Op: "install the app", Phone: a.Serial(), Err: err}
	}
	if r.Success {
		a.note(record.Noted, "installed %s, versionCode %d, sha256 %.12s; it stays installed", apk.Package, apk.VersionCode, apk.SHA256)
	}
	return r, nil
}

func (a *App) uninstall(ctx context.Context, why string) error {
	out, err := a.Do(ctx, "remove the installed app", "pm uninstall "+adb.Quote(a.Package()))
	if err == nil && !strings.Contains(out, "Success") {
		err = &Error{Kind: Infra, Op: "remove the installed app", Phone: a.Serial(), Err: errors.New(strings.TrimSpace(out))}
	}
	if err == nil {
		a.note(record.Noted, "removed the installed %s with its data, as %s allows: %s", a.Package(), FlagMayUninstall, why)
	}
	return err
}
