package android

// newDevice is a phone that was booted, unlocked once, and lies with the launcher
// in front, the screen on and a swipe lock.
func newDevice(s *System) *Device {
	d := &Device{sys: s, Serial: s.opts.Serial, files: map[string]AppFiles{}}
	var err error
	if d.Release, err = ReleaseOf(s.opts.API); err != nil {
		d.Release, _ = ReleaseOf(DefaultAPI)
	}
	if d.Maker, err = MakerOf(s.opts.Maker); err != nil {
		d.Maker, _ = MakerOf("")
	}
	d.API = d.Release.API
	d.Log = newLogger(d, s.opts.MuteLog)
	d.Props = newProps(s.opts, d.Release, d.Maker)
	d.Settings = newSettings()
	d.Users = newUsers(d)
	d.Packages = &Packages{d: d, kept: map[string]*Package{}, nextUID: 10100}
	d.AppOps = &AppOps{d: d, pkgs: map[string]map[string]OpMode{}, uids: map[int]map[string]OpMode{}}
	d.DropBox = &DropBox{d: d}
	d.volatile()
	d.Keyguard = &Keyguard{d: d, Credential: CredentialNone}
	d.Modem = &Modem{d: d}
	d.Bluetooth = &Bluetooth{d: d, State: BluetoothOn}
	d.boot(s.opts.Packages)
	return d
}

// fixed adds a process of the system image that has no code here.
func (p *Processes) fixed(name, process string, pid, uid int) *Process {
	pr := &Process{PID: pid, UID: uid, Name: process, Package: name, Persistent: true, Bound: true,
		State: ProcPersistent, Adj: -800, AdjType: "fixed", lastFG: -1, lastAct: -1, HostingType: "added application"}
	pr.ctx = &Context{d: p.d, Proc: pr, PID: pid, UID: uid, PackageName: name}
	p.list = append(p.list, pr)
	return pr
}

// systemPackages are the ones of the system image that commands meet.
func systemPackages() []PackageSpec {
	app := "/system/app/"
	priv := "/system/priv-app/"
	return []PackageSpec{
		{Name: "android", UID: SystemUID, Label: "Android System", System: true, Privileged: true, Persistent: true, CodePath: "/system/framework"},
		{Name: "com.android.systemui", UID: 10061, Label: "System UI", System: true, Privileged: true, Persistent: true, CodePath: "/system_ext/priv-app/SystemUI",
			Permissions: []string{"android.permission.START_ACTIVITIES_FROM_BACKGROUND", "android.permission.STATUS_BAR"}},
		{Name: "com.android.launcher3", UID: 10062, Label: "Launcher3", System: true, Privileged: true, CodePath: "/system_ext/priv-app/Launcher3QuickStep",
			Permissions: []string{"android.permission.START_ACTIVITIES_FROM_BACKGROUND"},
			Components: []ComponentSpec{{Kind: KindActivity, Class: "com.android.launcher3.uioverrides.QuickstepLauncher", Exported: true, LaunchMode: LaunchSingleTask,
				Filters: []Filter{{Actions: []string{ActionMain}, Categories: []string{CategoryHome, CategoryDefault}}}}}},
		{Name: telephonyPackage, UID: RadioUID, Label: "Phone Services", System: true, Privileged: true, Persistent: true, CodePath: priv + "TeleService",
			Components: []ComponentSpec{{Kind: KindService, Class: telephonyClass, Exported: true, Permission: "android.permission.BIND_TELECOM_CONNECTION_SERVICE"}}},
		{Name: "com.android.bluetooth", UID: BluetoothUID, Label: "Bluetooth", System: true, Privileged: true, Persistent: true, CodePath: "/apex/com.android.btservices/app/Bluetooth"},
		{Name: playerPackage, UID: 10067, Label: "Music", System: true, CodePath: "/product/app/Music"},
		{Name: "com.android.server.telecom", UID: SystemUID, Label: "Phone", System: true, Privileged: true, CodePath: priv + "Telecom"},
		{Name: "com.android.dialer", UID: 10063, Label: "Phone", System: true, Privileged: true, CodePath: "/product/priv-app/Dialer"},
		{Name: "com.android.settings", UID: SystemUID, Label: "Settings", System: true, Privileged: true, CodePath: "/system_ext/priv-app/Settings",
			Components: []ComponentSpec{{Kind: KindActivity, Class: ".Settings", Exported: true,
				Filters: []Filter{{Actions: []string{ActionMain}, Categories: []string{CategoryLauncher, CategoryDefault}},
					{Actions: []string{"android.settings.SETTINGS"}, Categories: []string{CategoryDefault}}}}}},
		{Name: "com.android.providers.settings", UID: SystemUID, Label: "Settings Storage", System: true, Privileged: true, CodePath: priv + "SettingsProvider"},
		{Name: "com.android.inputmethod.latin", UID: 10064, Label: "Android Keyboard (AOSP)", System: true, CodePath: "/product/app/LatinIME"},
		{Name: "com.android.permissioncontroller", UID: 10065, Label: "Permission controller", System: true, Privileged: true, CodePath: "/apex/com.android.permission/priv-app/PermissionController",
			Components: []ComponentSpec{{Kind: KindActivity, Class: grantScreen.Class, Exported: true, ExcludeFromRecents: true}}},
		{Name: "com.android.packageinstaller", UID: 10066, Label: "Package installer", System: true, Privileged: true, CodePath: app + "PackageInstaller"},
		{Name: "com.android.shell", UID: ShellUID, Label: "Shell", System: true, Privileged: true, CodePath: priv + "Shell",
			Permissions: []string{
				"android.permission.DUMP", "android.permission.DEVICE_POWER", permManageOwnCalls, permCallPhone, "android.permission.FORCE_STOP_PACKAGES",
				"android.permission.GRANT_RUNTIME_PERMISSIONS", "android.permission.REVOKE_RUNTIME_PERMISSIONS", "android.permission.INJECT_EVENTS",
				"android.permission.WRITE_SECURE_SETTINGS", "android.permission.BLUETOOTH_PRIVILEGED", "android.permission.READ_LOGS",
				"android.permission.CHANGE_DEVICE_IDLE_TEMP_WHITELIST", "android.permission.MANAGE_APP_OPS_MODES",
				"android.permission.START_ACTIVITIES_FROM_BACKGROUND", "android.permission.STATUS_BAR", "android.permission.PACKAGE_USAGE_STATS",
			}},
	}
}

// boot installs the packages, starts what always runs and brings the launcher to
// the front, without letting time pass.
func (d *Device) boot(extra []PackageSpec) {
	for _, spec := range systemPackages() {
		d.Packages.Install(spec)
	}
	for _, spec := range extra {
		d.Packages.Install(spec)
	}
	d.systemProcesses()
	home := d.Processes.fixed("com.android.launcher3", "com.android.launcher3", 1893, 10062)
	home.Persistent = false
	d.Activities.addHome(home)
	d.Processes.updateStates()
	d.Power.UserActivity()
}

func launcherView() *View {
	return &View{Class: "android.widget.FrameLayout", ID: "com.android.launcher3:id/launcher", Package: "com.android.launcher3", Bounds: fullBounds,
		Children: []*View{
			{Class: "android.view.ViewGroup", ID: "com.android.launcher3:id/workspace", Package: "com.android.launcher3", Bounds: Rect{0, 80, 1080, 2000}, Scroll: true},
			{Class: "android.view.ViewGroup", ID: "com.android.launcher3:id/hotseat", Package: "com.android.launcher3", Bounds: Rect{0, 2000, 1080, 2337}},
		}}
}
