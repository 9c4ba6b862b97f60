package android

import (
	"slices"
	"time"
)

// Well-known uids (android.os.Process).
const (
	RootUID   = 0
	SystemUID = 1000
	RadioUID  = 1001
	// BluetoothUID is AID_BLUETOOTH.
	BluetoothUID = 1002
	ShellUID     = 2000
	FirstAppUID  = 10000
)

// ComponentKind tells the four kinds of manifest components apart.
type ComponentKind int

// Kinds of components.
const (
	KindActivity ComponentKind = iota
	KindService
	KindReceiver
	KindProvider
)

// LaunchMode is an activity's android:launchMode.
type LaunchMode int

// Launch modes.
const (
	LaunchStandard LaunchMode = iota
	LaunchSingleTop
	LaunchSingleTask
	LaunchSingleInstance
)

// Filter is an <intent-filter>.
type Filter struct {
	Actions    []string
	Categories []string
	Schemes    []string
	Priority   int
}

// ComponentSpec is one component of a manifest.
type ComponentSpec struct {
	Kind ComponentKind
	// Class is ".Name" or the full class name.
	Class    string
	Exported bool
	// Disabled components do not resolve.
	Disabled bool
	// Permission that a caller must hold; "" = none.
	Permission string
	Filters    []Filter

	// Of activities.
	LaunchMode         LaunchMode
	ShowWhenLocked     bool
	TurnScreenOn       bool
	ExcludeFromRecents bool
	NoHistory          bool
	TaskAffinity       string // default: the package name
	Label              string

	// DirectBootAware components run before the user has unlocked.
	DirectBootAware bool

	// Of services: android:foregroundServiceType as bits (see FGS constants).
	ForegroundServiceType uint32
}

// PackageSpec is what is installed: the manifest, and the code behind it.
type PackageSpec struct {
	Name string
	// UID is the app's uid; 0 takes the next free one from 10100 on.
	UID         int
	VersionCode int
	VersionName string
	Label       string
	// MinSDK and TargetSDK default to 26 and the system's API level.
	MinSDK, TargetSDK int
	// System packages are on the system image and never stopped at first.
	System     bool
	Privileged bool
	Persistent bool
	Debuggable bool
	TestOnly   bool
	// Certificates are the SHA-256 digests of the signers' certificates, in
	// hex; none for packages of the system image. Scheme is the APK Signature
	// Scheme that vouches for them.
	Certificates []string
	Scheme       int
	// Permissions are the requested ones.
	Permissions []string
	// Granted are runtime permissions granted at install (pm install -g, or by
	// an earlier user's choice).
	Granted    []string
	Components []ComponentSpec
	// Application is the Application class's name, for crash texts.
	Application string
	// NewApp makes the code of a new process; nil = a package without behaviour.
	NewApp func() App
	// CodePath defaults to /data/app/~~HASH==/NAME-HASH==/base.apk's folder.
	CodePath string
}

// PermissionState is one permission of one package.
type PermissionState struct {
	Name    string
	Granted bool
	// Flags are names as dumpsys package prints them, such as USER_SET.
	Flags []string
}

// EnabledState is a package's enabled setting.
type EnabledState int

// Enabled settings as dumpsys package prints them.
const (
	EnabledDefault EnabledState = iota
	Enabled
	Disabled
	DisabledUser
	DisabledUntilUsed
)

// Package is a package as it is installed for one user.
type Package struct {
	PackageSpec
	// User has it. Its uid is the user's, except for the system's own uids.
	User int
	// Stopped packages get no broadcast that matched by filter: set by
	// force-stop and at install, cleared by the first start of a component
	// that the user or another app asked for by name.
	Stopped bool
	// NotLaunched is true from install until the first start.
	NotLaunched bool
	Enabled     EnabledState
	Suspended   bool
	Hidden      bool
	// Bucket is the standby bucket that was set, 0 without one.
	Bucket int
	// Installed, Updated are wall times.
	Installed, Updated time.Time
	Installer          string
	// Install and Runtime are the requested permissions by kind, in manifest order.
	Install, Runtime []*PermissionState
}

// Packages is the package manager.
type Packages struct {
	d       *Device
	list    []*Package // by install order
	kept    map[string]*Package
	nextUID int
}

// Kept is a package that was uninstalled while its data stayed (pm uninstall
// -k), nil without one. Its uid and its signature still count.
func (p *Packages) Kept(name string) *Package { return p.kept[name] }

// Get returns an installed package of the calling user, or nil.
func (p *Packages) Get(name string) *Package {
	return p.For(p.d.user, name)
}

// ByUID lists the packages that share a uid.
func (p *Packages) ByUID(uid int) []*Package {
	var out []*Package
	for _, pk := range p.list {
		if pk.UID == uid {
			out = append(out, pk)
		}
	}
	return out
}

// All lists the calling user's packages in install order, the system's first.
func (p *Packages) All() []*Package {
	var out []*Package
	for _, pk := range p.list {
		if pk.User == p.d.user {
			out = append(out, pk)
		}
	}
	return out
}

// Component finds a component of the package by its class; nil when there is none.
func (pk *Package) Component(c Component) *ComponentSpec {
	for i := range pk.Components {
		s := &pk.Components[i]
		if pk.ComponentName(s) == c {
			return s
		}
	}
	return nil
}

// ComponentName is the full name of one of the package's components.
func (pk *Package) ComponentName(s *ComponentSpec) Component {
	cls := s.Class
	if len(cls) > 0 && cls[0] == '.' {
		cls = pk.Name + cls
	}
	return Component{Package: pk.Name, Class: cls}
}

// Requests reports whether the manifest requests the permission.
func (pk *Package) Requests(permission string) bool {
	return slices.Contains(pk.Permissions, permission)
}

// Permission finds the state of a requested permission; nil when it is not requested.
func (pk *Package) Permission(name string) *PermissionState {
	for _, l := range [][]*PermissionState{pk.Install, pk.Runtime} {
		for _, s := range l {
			if s.Name == name {
				return s
			}
		}
	}
	return nil
}

// Holds reports whether the package holds the permission.
func (pk *Package) Holds(name string) bool {
	s := pk.Permission(name)
	return s != nil && s.Granted
}
