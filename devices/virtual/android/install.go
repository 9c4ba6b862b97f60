package android

import (
	"fmt"
	"slices"
	"strings"
)

// Install installs a package, or updates it when it is installed: its processes
// end, granted permissions and app-ops stay. A fresh package of a user is stopped
// and was never launched.
func (p *Packages) Install(spec PackageSpec) *Package {
	if spec.MinSDK == 0 {
		spec.MinSDK = 26
	}
	if spec.TargetSDK == 0 {
		spec.TargetSDK = p.d.API
	}
	if spec.VersionCode == 0 {
		spec.VersionCode = 1
	}
	if spec.VersionName == "" {
		spec.VersionName = "1.0"
	}
	if spec.Label == "" {
		spec.Label = spec.Name
	}
	old := p.Get(spec.Name)
	if kept := p.kept[spec.Name]; kept != nil {
		spec.UID = kept.UID
		delete(p.kept, spec.Name)
	}
	if old != nil {
		spec.UID = old.UID
		// ActivityManagerService.killApplication: its screens go, too.
		p.d.Activities.finishPackage(spec.Name)
		p.d.Processes.killUID(old.UID, ReasonPackageUpdated, SubReasonUnknown, "installPackageLI")
	}
	if spec.UID == 0 {
		spec.UID = p.nextUID
		p.nextUID++
	}
	p.nextUID = max(p.nextUID, spec.UID%usersRange+1)
	if spec.CodePath == "" {
		spec.CodePath = p.NewCodePath(spec.Name)
	}
	pk := &Package{PackageSpec: spec, User: p.d.user, Installed: p.d.Now(), Updated: p.d.Now()}
	if old != nil {
		pk.Installed, pk.Stopped, pk.NotLaunched, pk.Enabled = old.Installed, old.Stopped, old.NotLaunched, old.Enabled
	} else if !spec.System {
		pk.Stopped, pk.NotLaunched = true, true
	}
	for _, name := range spec.Permissions {
		s := &PermissionState{Name: name}
		prot, known := p.d.Release.protectionOf(name)
		switch {
		case known && prot == protDangerous:
			s.Granted = spec.System || slices.Contains(spec.Granted, name)
			if !spec.System {
				s.Flags = []string{"USER_SENSITIVE_WHEN_GRANTED", "USER_SENSITIVE_WHEN_DENIED"}
			}
			pk.Runtime = append(pk.Runtime, s)
		case known && prot == protNormal:
			s.Granted = true
			pk.Install = append(pk.Install, s)
		default:
			s.Granted = spec.System || (known && prot == protDevelopment && slices.Contains(spec.Granted, name))
			pk.Install = append(pk.Install, s)
		}
		if old != nil && old.Holds(name) {
			s.Granted = true
		}
	}
	if old != nil {
		p.list[slices.Index(p.list, old)] = pk
	} else {
		p.list = append(p.list, pk)
	}
	if !spec.System {
		for _, s := range pk.Runtime {
			p.d.AppOps.followPermission(pk, s)
		}
	}
	if old != nil {
		p.replaced(pk)
	}
	return pk
}

// NewCodePath draws the folder of a package that is about to be installed.
func (p *Packages) NewCodePath(name string) string {
	return "/data/app/~~" + p.d.hash() + "==/" + name + "-" + p.d.hash() + "=="
}

// replaced tells the package that it is a new one, if it has asked for that. As
// any broadcast it does not reach a stopped one.
func (p *Packages) replaced(pk *Package) {
	i := &Intent{Action: ActionMyPackageReplaced, Package: pk.Name}
	if len(p.QueryReceivers(i)) > 0 {
		_, _ = p.d.Broadcasts.Send(SystemCaller(), i, BroadcastOptions{})
	}
}

// Uninstall removes a package with its processes, notifications, accounts and
// tasks; false when it is not installed. keepData is pm uninstall -k.
func (p *Packages) Uninstall(name string, keepData bool) bool {
	pk := p.Get(name)
	if pk == nil || pk.System {
		return false
	}
	p.stop(pk, ReasonUserRequested, SubReasonUnknown, "deletePackageX")
	p.forget(pk, keepData)
	p.list = slices.DeleteFunc(p.list, func(o *Package) bool { return o == pk })
	if keepData {
		p.kept[name] = pk
	}
	return true
}

// forget drops what the system has of a package of the calling user.
func (p *Packages) forget(pk *Package, keepData bool) {
	p.d.Notifications.forget(pk.Name)
	p.d.Telecom.forget(pk.Name)
	delete(p.d.AppOps.pkgs, p.d.scoped(pk.Name))
	delete(p.d.AppOps.uids, pk.UID)
	if !keepData {
		delete(p.d.files, p.d.scoped(pk.Name))
	}
}

// Clear is pm clear: the data goes, the package is stopped, runtime permissions
// go back to how they were installed, notifications and accounts go. False when
// it is not installed.
func (p *Packages) Clear(name string) bool {
	pk := p.Get(name)
	if pk == nil {
		return false
	}
	p.stop(pk, ReasonUserRequested, SubReasonUnknown, "clear data")
	p.d.Notifications.forget(name)
	p.d.Telecom.forget(name)
	for _, s := range pk.Runtime {
		s.Granted = pk.System || slices.Contains(pk.Granted, s.Name)
		p.d.AppOps.followPermission(pk, s)
	}
	pk.Stopped = true
	return true
}

// SetEnabled is pm enable and pm disable-user; disabling kills.
func (p *Packages) SetEnabled(pkg string, state EnabledState) error {
	pk := p.Get(pkg)
	if pk == nil {
		return Throw(IllegalArgumentException, "Unknown package: %s", pkg)
	}
	pk.Enabled = state
	if !pk.isEnabled() {
		p.stop(pk, ReasonPackageStateChange, SubReasonUnknown, "disabled")
	}
	return nil
}

func (pk *Package) isEnabled() bool { return pk.Enabled == EnabledDefault || pk.Enabled == Enabled }

// stop ends everything of a package that runs.
func (p *Packages) stop(pk *Package, r ExitReason, sub ExitSubReason, desc string) {
	// Finishing before the kill: else the one in front is made anew, as after
	// any other death, in a process of its own.
	p.d.Activities.finishPackage(pk.Name)
	p.d.Processes.killUID(pk.UID, r, sub, desc)
	p.d.Activities.removePackage(pk.Name)
	p.d.Notifications.cancelAll(pk.Name)
}

// started is what the first start of a component does: the package is no longer
// stopped.
func (p *Packages) started(pk *Package) {
	pk.Stopped, pk.NotLaunched = false, false
}

// QueryReceivers resolves the manifest receivers of an intent: the named
// component, or those whose filters match, by priority and then by package order.
func (p *Packages) QueryReceivers(i *Intent) []Component {
	return p.query(i, KindReceiver)
}

// resolveActivity finds the activity of an intent.
func (p *Packages) resolveActivity(i *Intent) (Component, bool) {
	if !i.Component.IsZero() {
		pk := p.Get(i.Component.Package)
		if pk == nil || !pk.isEnabled() {
			return Component{}, false
		}
		s := pk.Component(i.Component)
		return i.Component, s != nil && s.Kind == KindActivity && !s.Disabled && p.available(pk, s)
	}
	for _, c := range p.query(i, KindActivity) {
		return c, true
	}
	return Component{}, false
}

func (p *Packages) query(i *Intent, kind ComponentKind) []Component {
	if !i.Component.IsZero() {
		pk := p.Get(i.Component.Package)
		if pk == nil || !pk.isEnabled() {
			return nil
		}
		if s := pk.Component(i.Component); s != nil && s.Kind == kind && !s.Disabled && p.available(pk, s) {
			return []Component{i.Component}
		}
		return nil
	}
	type match struct {
		c    Component
		prio int
	}
	var found []match
	for _, pk := range p.list {
		if pk.User != p.d.user || !pk.isEnabled() || (i.Package != "" && i.Package != pk.Name) {
			continue
		}
		for n := range pk.Components {
			s := &pk.Components[n]
			if s.Kind != kind || s.Disabled || !p.available(pk, s) {
				continue
			}
			for _, f := range s.Filters {
				if f.matches(i) {
					found = append(found, match{pk.ComponentName(s), f.Priority})
					break
				}
			}
		}
	}
	slices.SortStableFunc(found, func(a, b match) int { return b.prio - a.prio })
	out := make([]Component, len(found))
	for n, m := range found {
		out[n] = m.c
	}
	return out
}

// matches is IntentFilter.match for action, categories and scheme.
func (f Filter) matches(i *Intent) bool {
	if !slices.Contains(f.Actions, i.Action) {
		return false
	}
	for _, c := range i.Categories {
		if !slices.Contains(f.Categories, c) {
			return false
		}
	}
	scheme, _, hasData := strings.Cut(i.Data, ":")
	if hasData {
		return slices.Contains(f.Schemes, scheme)
	}
	return len(f.Schemes) == 0
}

// APK is the path that pm path prints.
func (pk *Package) APK() string { return pk.CodePath + "/base.apk" }

// Caller is the identity of the package's code in one of its processes.
func (pk *Package) caller(pid int) Caller { return Caller{UID: pk.UID, PID: pid, Package: pk.Name} }

// userName is the Linux user name of an app's uid: u0_a123.
func userName(uid int) string {
	if uid >= FirstAppUID {
		return fmt.Sprintf("u%da%d", uid/usersRange, uid%usersRange-FirstAppUID)
	}
	return itoa(uid)
}
