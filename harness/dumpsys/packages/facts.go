// Package packages reads `dumpsys package [PKG]` of API 26 and newer
// (com.android.server.pm.Settings.dumpPackagesLPr).
//
// Only the blocks under `Packages:` count; copies under
// `Hidden system packages:` are older. The package knows no app.
package packages

import (
	"slices"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
)

// Facts is what one dump says.
type Facts struct {
	Packages fact.Value[[]Package] `json:"packages"`
	// Missing are names that the phone said it cannot find.
	Missing []string `json:"missing,omitempty"`
}

// Package is one installed package.
type Package struct {
	Name string `json:"name"`
	// UID is the app's uid in user 0, which is its app id.
	UID         fact.Value[int]    `json:"uid"`
	VersionCode fact.Value[int64]  `json:"versionCode"`
	VersionName fact.Value[string] `json:"versionName"`
	MinSDK      fact.Value[int]    `json:"minSdk"`
	TargetSDK   fact.Value[int]    `json:"targetSdk"`
	// Flags are ApplicationInfo flags: DEBUGGABLE, TEST_ONLY, SYSTEM, ...
	Flags fact.Value[[]string] `json:"flags"`
	// Updated is when it was last installed, local time as printed. Installer is
	// the package that did it, unknown for one that adb installed.
	Updated   fact.Value[string] `json:"updated"`
	Installer fact.Value[string] `json:"installer"`
	// Requested are the permissions of the manifest.
	Requested fact.Value[[]string] `json:"requested"`
	// Install are permissions granted at installation, the same for all users
	// unless a user's block repeats them.
	Install fact.Value[[]Permission] `json:"install"`
	Users   fact.Value[[]User]       `json:"users"`
	Line    int                      `json:"line"`
}

// User is a package's state for one user.
type User struct {
	ID        int              `json:"id"`
	Installed fact.Value[bool] `json:"installed"`
	// Stopped: force-stopped or never started; gets no broadcasts, FCM included.
	Stopped     fact.Value[bool] `json:"stopped"`
	NotLaunched fact.Value[bool] `json:"notLaunched"`
	Hidden      fact.Value[bool] `json:"hidden"`
	Suspended   fact.Value[bool] `json:"suspended"`
	// Enabled is PackageManager.COMPONENT_ENABLED_STATE_*: 0 default, 1 enabled,
	// 2 disabled, 3 disabled by the user, 4 disabled until used.
	Enabled fact.Value[int]          `json:"enabled"`
	Runtime fact.Value[[]Permission] `json:"runtime"`
	Line    int                      `json:"line"`
}

// Permission is one grant.
type Permission struct {
	Name    string   `json:"name"`
	Granted bool     `json:"granted"`
	Flags   []string `json:"flags,omitempty"`
	Line    int      `json:"line"`
}

// Find returns the package of that name.
func (f Facts) Find(name string) fact.Value[Package] {
	for _, p := range f.Packages.Or(nil) {
		if p.Name == name {
			return fact.Of(p, p.Line)
		}
	}
	return fact.Unknown[Package]()
}

// Installed reports whether the package is installed for a user. It is unknown
// unless the phone named the package, or said that it cannot find it.
func (f Facts) Installed(name string, user int) fact.Value[bool] {
	if slices.Contains(f.Missing, name) {
		return fact.Of(false, 1)
	}
	p, ok := f.Find(name).Get()
	if !ok {
		return fact.Unknown[bool]()
	}
	users, ok := p.Users.Get()
	if !ok {
		return fact.Unknown[bool]()
	}
	for _, u := range users {
		if u.ID == user {
			return u.Installed
		}
	}
	return fact.Unknown[bool]()
}

// User returns the package's block of one user.
func (p Package) User(id int) fact.Value[User] {
	for _, u := range p.Users.Or(nil) {
		if u.ID == id {
			return fact.Of(u, u.Line)
		}
	}
	return fact.Unknown[User]()
}

// Granted reports whether the package holds a permission for a user. It is
// known to be false only if the phone lists it as not granted, or if the
// package does not request it at all.
func (p Package) Granted(permission string, user int) fact.Value[bool] {
	if u, ok := p.User(user).Get(); ok {
		for _, g := range u.Runtime.Or(nil) {
			if g.Name == permission {
				return fact.Of(g.Granted, g.Line)
			}
		}
	}
	for _, g := range p.Install.Or(nil) {
		if g.Name == permission {
			return fact.Of(g.Granted, g.Line)
		}
	}
	if req, ok := p.Requested.Get(); ok && !slices.Contains(req, permission) {
		return fact.Of(false, p.Requested.Line())
	}
	return fact.Unknown[bool]()
}
