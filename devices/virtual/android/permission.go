package android

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// protection is how a permission may be had (android:protectionLevel of
// frameworks/base/core/res/AndroidManifest.xml).
type protection int

const (
	protNormal      protection = iota // granted at install
	protDangerous                     // runtime: the user grants it
	protSignature                     // platform-signed packages only
	protDevelopment                   // signature, and pm grant may give it
)

// protectionOf looks a permission of a calling app's world up. An app-defined or
// unknown name is in nobody's hands, and so is one that a later release brought.
func (r Release) protectionOf(name string) (protection, bool) {
	p, ok := protections[name]
	return p, ok && r.API >= permissionSince[name]
}

// permissionSince are the releases that brought a permission, after FirstAPI.
var permissionSince = map[string]int{ // read-only table
	"android.permission.FOREGROUND_SERVICE":                28,
	"android.permission.USE_FULL_SCREEN_INTENT":            29,
	"android.permission.START_ACTIVITIES_FROM_BACKGROUND":  29,
	"android.permission.BLUETOOTH_CONNECT":                 31,
	"android.permission.POST_NOTIFICATIONS":                33,
	"android.permission.TURN_SCREEN_ON":                    33,
	"android.permission.FOREGROUND_SERVICE_PHONE_CALL":     34,
	"android.permission.FOREGROUND_SERVICE_MICROPHONE":     34,
	"android.permission.FOREGROUND_SERVICE_CAMERA":         34,
	"android.permission.FOREGROUND_SERVICE_DATA_SYNC":      34,
	"android.permission.FOREGROUND_SERVICE_MEDIA_PLAYBACK": 34,
}

var protections = map[string]protection{ // read-only table
	"android.permission.INTERNET":                             protNormal,
	"android.permission.ACCESS_NETWORK_STATE":                 protNormal,
	"android.permission.WAKE_LOCK":                            protNormal,
	"android.permission.VIBRATE":                              protNormal,
	"android.permission.FOREGROUND_SERVICE":                   protNormal,
	"android.permission.FOREGROUND_SERVICE_PHONE_CALL":        protNormal,
	"android.permission.FOREGROUND_SERVICE_MICROPHONE":        protNormal,
	"android.permission.FOREGROUND_SERVICE_CAMERA":            protNormal,
	"android.permission.FOREGROUND_SERVICE_DATA_SYNC":         protNormal,
	"android.permission.FOREGROUND_SERVICE_MEDIA_PLAYBACK":    protNormal,
	"android.permission.MANAGE_OWN_CALLS":                     protNormal,
	"android.permission.USE_FULL_SCREEN_INTENT":               protNormal,
	"android.permission.MODIFY_AUDIO_SETTINGS":                protNormal,
	"android.permission.RECEIVE_BOOT_COMPLETED":               protNormal,
	"android.permission.DISABLE_KEYGUARD":                     protNormal,
	"android.permission.BLUETOOTH":                            protNormal,
	"android.permission.REQUEST_IGNORE_BATTERY_OPTIMIZATIONS": protNormal,
	"android.permission.POST_NOTIFICATIONS":                   protDangerous,
	"android.permission.RECORD_AUDIO":                         protDangerous,
	"android.permission.CAMERA":                               protDangerous,
	"android.permission.BLUETOOTH_CONNECT":                    protDangerous,
	"android.permission.READ_PHONE_STATE":                     protDangerous,
	"android.permission.READ_PHONE_NUMBERS":                   protDangerous,
	"android.permission.CALL_PHONE":                           protDangerous,
	"android.permission.CALL_PRIVILEGED":                      protSignature,
	"android.permission.ANSWER_PHONE_CALLS":                   protDangerous,
	"android.permission.READ_CONTACTS":                        protDangerous,
	"android.permission.READ_CALL_LOG":                        protDangerous,
	"android.permission.ACCESS_FINE_LOCATION":                 protDangerous,
	"android.permission.SYSTEM_ALERT_WINDOW":                  protSignature, // appop decides
	"android.permission.DUMP":                                 protDevelopment,
	"android.permission.WRITE_SECURE_SETTINGS":                protDevelopment,
	"android.permission.READ_LOGS":                            protDevelopment,
	"android.permission.PACKAGE_USAGE_STATS":                  protDevelopment,
	"android.permission.BIND_TELECOM_CONNECTION_SERVICE":      protSignature,
	"android.permission.MODIFY_PHONE_STATE":                   protSignature,
	"android.permission.STATUS_BAR":                           protSignature,
	"android.permission.GRANT_RUNTIME_PERMISSIONS":            protSignature,
	"android.permission.REVOKE_RUNTIME_PERMISSIONS":           protSignature,
	"android.permission.FORCE_STOP_PACKAGES":                  protSignature,
	"android.permission.INJECT_EVENTS":                        protSignature,
	"android.permission.DEVICE_POWER":                         protSignature,
	"android.permission.START_ACTIVITIES_FROM_BACKGROUND":     protSignature,
	"android.permission.CHANGE_DEVICE_IDLE_TEMP_WHITELIST":    protSignature,
	"android.permission.TURN_SCREEN_ON":                       protSignature,
	"android.permission.BLUETOOTH_PRIVILEGED":                 protSignature,
	"android.permission.MANAGE_APP_OPS_MODES":                 protSignature,
}

// CheckPermission is ActivityManager.checkComponentPermission: root and the system
// hold everything, others what a package of their uid was granted.
func (p *Packages) CheckPermission(c Caller, permission string) bool {
	if c.UID == RootUID || c.UID == SystemUID {
		return true
	}
	for _, pk := range p.list {
		if pk.UID == c.UID && pk.Holds(permission) {
			return true
		}
	}
	return false
}

// enforce is Context.enforceCallingOrSelfPermission: "prefix: Neither user U nor
// current process has P."
func (p *Packages) enforce(c Caller, permission, prefix string) error {
	if p.CheckPermission(c, permission) {
		return nil
	}
	if prefix != "" {
		prefix += ": "
	}
	return Throw(SecurityException, "%sNeither user %d nor current process has %s.", prefix, c.UID, permission)
}

// Grant is pm grant: it gives a runtime or development permission that the
// package requests. The errors are Android's (PermissionManagerServiceImpl 14).
func (p *Packages) Grant(by Caller, pkg, permission string) error {
	if p.d.Guarded(by).Grant {
		return refusedGrant("grantRuntimePermission", by, "GRANT_RUNTIME_PERMISSIONS")
	}
	if err := p.enforce(by, "android.permission.GRANT_RUNTIME_PERMISSIONS", "grantRuntimePermission"); err != nil {
		return err
	}
	s, _, err := p.changeable(pkg, permission)
	if err != nil {
		return err
	}
	s.Granted = true
	p.d.AppOps.followPermission(p.Get(pkg), s)
	return nil
}

// Revoke is pm revoke. Taking away a granted runtime permission kills the
// package's processes ("permissions revoked").
func (p *Packages) Revoke(by Caller, pkg, permission string) error {
	if p.d.Guarded(by).Grant {
		return refusedGrant("revokeRuntimePermission", by, "REVOKE_RUNTIME_PERMISSIONS")
	}
	if err := p.enforce(by, "android.permission.REVOKE_RUNTIME_PERMISSIONS", "revokeRuntimePermission"); err != nil {
		return err
	}
	s, prot, err := p.changeable(pkg, permission)
	if err != nil {
		return err
	}
	if !s.Granted {
		return nil
	}
	s.Granted = false
	pk := p.Get(pkg)
	p.d.AppOps.followPermission(pk, s)
	if prot == protDangerous {
		p.d.Processes.killUID(pk.UID, ReasonPermissionChange, SubReasonUnknown, "permissions revoked")
	}
	return nil
}

// refusedGrant is how makers that guard permissions take the shell's right away.
func refusedGrant(method string, by Caller, permission string) error {
	return Throw(SecurityException, "%s: Neither user %d nor current process has android.permission.%s.", method, by.UID, permission)
}

func (p *Packages) changeable(pkg, permission string) (*PermissionState, protection, error) {
	pk := p.Get(pkg)
	if pk == nil {
		return nil, 0, Throw(IllegalArgumentException, "Unknown package: %s", pkg)
	}
	prot, ok := p.d.Release.protectionOf(permission)
	if !ok {
		return nil, 0, Throw(IllegalArgumentException, "Unknown permission: %s", permission)
	}
	if !pk.Requests(permission) {
		return nil, 0, Throw(SecurityException, "Package %s has not requested permission %s", pkg, permission)
	}
	if prot != protDangerous && prot != protDevelopment {
		return nil, 0, Throw(SecurityException, "Permission %s requested by %s is not a changeable permission type", permission, pkg)
	}
	return pk.Permission(permission), prot, nil
}

// ---- app-ops

// OpMode is a mode of an app-op.
type OpMode string

// Modes.
const (
	OpAllow      OpMode = "allow"
	OpIgnore     OpMode = "ignore"
	OpDeny       OpMode = "deny"
	OpDefault    OpMode = "default"
	OpForeground OpMode = "foreground"
)

// opInfo is what AppOpsManager's table says of one op.
type opInfo struct {
	// since is the release that brought the op, 0 for FirstAPI.
	since  int
	number int
	def    OpMode
	// permission is the runtime permission whose grant is the op's uid mode.
	permission string
}

var opTable = map[string]opInfo{ // read-only table
	"VIBRATE":                {0, 3, OpAllow, ""},
	"POST_NOTIFICATION":      {0, 11, OpAllow, "android.permission.POST_NOTIFICATIONS"},
	"SYSTEM_ALERT_WINDOW":    {0, 24, OpDefault, ""},
	"CAMERA":                 {0, 26, OpAllow, "android.permission.CAMERA"},
	"RECORD_AUDIO":           {0, 27, OpAllow, "android.permission.RECORD_AUDIO"},
	"WAKE_LOCK":              {0, 40, OpAllow, ""},
	"TURN_SCREEN_ON":         {0, 61, OpDefault, ""},
	"RUN_IN_BACKGROUND":      {0, 63, OpAllow, ""},
	"RUN_ANY_IN_BACKGROUND":  {28, 70, OpAllow, ""},
	"START_FOREGROUND":       {28, 76, OpAllow, ""},
	"MANAGE_ONGOING_CALLS":   {31, 98, OpDefault, ""},
	"SCHEDULE_EXACT_ALARM":   {31, 107, OpDefault, ""},
	"BLUETOOTH_CONNECT":      {31, 111, OpAllow, "android.permission.BLUETOOTH_CONNECT"},
	"USE_FULL_SCREEN_INTENT": {34, 133, OpDefault, ""},
}

// OpEntry is one operation that was set or noted.
type OpEntry struct {
	Op   string
	Mode OpMode
	// LastAccess and LastReject are since boot, negative = never.
	LastAccess, LastReject int64
}

// AppOps is the app-ops service.
type AppOps struct {
	d    *Device
	pkgs map[string]map[string]OpMode
	uids map[int]map[string]OpMode
}

// Known reports whether the op exists on this release.
func (a *AppOps) Known(op string) bool {
	if _, ok := a.makerOp(op); ok {
		return true
	}
	info, ok := opTable[op]
	return ok && a.d.API >= info.since
}

// DefaultMode is the op's mode when unset.
func (a *AppOps) DefaultMode(op string) OpMode {
	if mode, ok := a.makerOp(op); ok {
		return mode
	}
	return opTable[op].def
}

// makerOp finds one of the maker's own ops by the name that it is printed with.
func (a *AppOps) makerOp(op string) (def OpMode, ok bool) {
	for n, mode := range a.d.Maker.Ops {
		if MakerOp(n) == op {
			return mode, true
		}
	}
	return "", false
}

// Name is an op's name as the service knows it: ops may be given by their number.
func (a *AppOps) Name(op string) string {
	n, err := strconv.Atoi(op)
	if err != nil {
		return strings.TrimPrefix(op, "android:")
	}
	for name, info := range opTable {
		if info.number == n {
			return name
		}
	}
	return MakerOp(n)
}

// Get returns the package's mode and whether it was set. It is not yet the mode
// in effect: see Effective.
func (a *AppOps) Get(pkg, op string) (mode OpMode, set bool) {
	if m, ok := a.pkgs[a.d.scoped(pkg)][op]; ok {
		return m, true
	}
	return a.DefaultMode(op), false
}

// UIDMode is the uid-wide mode, which beats the package's.
func (a *AppOps) UIDMode(uid int, op string) (mode OpMode, set bool) {
	m, ok := a.uids[uid][op]
	return m, ok
}

// Effective is the mode that checks see: the uid's, else the package's, else the
// default.
func (a *AppOps) Effective(pk *Package, op string) OpMode {
	if m, ok := a.UIDMode(pk.UID, op); ok {
		return m
	}
	m, _ := a.Get(pk.Name, op)
	return m
}

// Entries lists the modes that were set of a package, by op number.
func (a *AppOps) Entries(pkg string) []OpEntry { return entries(a.pkgs[a.d.scoped(pkg)]) }

// UIDEntries lists uid-wide modes, by op number.
func (a *AppOps) UIDEntries(uid int) []OpEntry { return entries(a.uids[uid]) }

func entries(m map[string]OpMode) []OpEntry {
	var out []OpEntry
	for op, mode := range m {
		out = append(out, OpEntry{Op: op, Mode: mode, LastAccess: -1, LastReject: -1})
	}
	slices.SortFunc(out, func(x, y OpEntry) int { return cmp.Compare(opTable[x.Op].number, opTable[y.Op].number) })
	return out
}

// Set is `cmd appops set PKG OP MODE`. A mode equal to the default removes the entry.
func (a *AppOps) Set(pkg, op string, mode OpMode) error {
	if a.d.Packages.Get(pkg) == nil {
		return Throw(IllegalArgumentException, "No UID for %s in user 0", pkg)
	}
	if !a.Known(op) {
		return Throw(IllegalArgumentException, "Unknown operation string: %s", op)
	}
	key := a.d.scoped(pkg)
	if a.pkgs[key] == nil {
		a.pkgs[key] = map[string]OpMode{}
	}
	// Only of Android's own is it known that a default is forgotten.
	if _, own := a.makerOp(op); mode == a.DefaultMode(op) && !own || mode == OpDefault && own {
		delete(a.pkgs[key], op)
		return nil
	}
	a.pkgs[key][op] = mode
	return nil
}

// SetUID is `cmd appops set --uid PKG OP MODE`.
func (a *AppOps) SetUID(uid int, op string, mode OpMode) error {
	if !a.Known(op) {
		return Throw(IllegalArgumentException, "Unknown operation string: %s", op)
	}
	if a.uids[uid] == nil {
		a.uids[uid] = map[string]OpMode{}
	}
	if mode == a.DefaultMode(op) {
		delete(a.uids[uid], op)
		return nil
	}
	a.uids[uid][op] = mode
	return nil
}

// Reset is `cmd appops reset PKG`: the package's own modes go.
func (a *AppOps) Reset(pkg string) { delete(a.pkgs, a.d.scoped(pkg)) }

// followPermission keeps the uid mode of an op that stands behind a runtime
// permission in step with its grant.
func (a *AppOps) followPermission(pk *Package, s *PermissionState) {
	for op, info := range opTable {
		if info.permission != s.Name || !a.Known(op) || op == "POST_NOTIFICATION" && !a.d.Release.NotificationPermission {
			continue
		}
		if a.uids[pk.UID] == nil {
			a.uids[pk.UID] = map[string]OpMode{}
		}
		a.uids[pk.UID][op] = OpIgnore
		if s.Granted {
			a.uids[pk.UID][op] = OpAllow
		}
	}
}

// fsiAllowed is whether the package may use full-screen intents
// (NotificationManager.canUseFullScreenIntent, and the check before 14): the
// permission since 29, and since 14 an app-op whose default falls back to it. An
// app that targets less than 29 needs neither.
func (a *AppOps) fsiAllowed(pk *Package) bool {
	if !a.d.Release.FullScreenPermission || pk.TargetSDK < 29 {
		return true
	}
	if !pk.Holds("android.permission.USE_FULL_SCREEN_INTENT") {
		return false
	}
	if !a.d.Release.FullScreenAccess {
		return true
	}
	m := a.Effective(pk, "USE_FULL_SCREEN_INTENT")
	return m == OpAllow || m == OpDefault
}
