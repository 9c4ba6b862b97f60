package render

import (
	"fmt"
	"sort"
	"strings"
	"time"

	"github.com/ringproof/ringproof/devices/virtual/android"
)

// Package is `dumpsys package PKG` (Settings.dumpPackageLPr). An unknown
// package gives one line.
func Package(d *android.Device, name string) string {
	pk := d.Packages.Get(name)
	for i := 0; pk == nil && i < len(d.Users.List); i++ {
		pk = d.Packages.For(d.Users.List[i].ID, name)
	}
	if pk == nil {
		return "Unable to find package: " + name + "\n"
	}
	p := of(d)
	resolver(p, d, pk, "Activity Resolver Table:", android.KindActivity)
	resolver(p, d, pk, "Receiver Resolver Table:", android.KindReceiver)
	resolver(p, d, pk, "Service Resolver Table:", android.KindService)
	p.ln("Key Set Manager:")
	p.ln("  [%s]", pk.Name)
	p.ln("      Signing KeySets: 12")
	p.ln("")
	p.ln("Packages:")
	p.level = 1
	one(p, d, pk)
	p.level = 0
	p.ln("")
	p.ln("Queries:")
	p.ln("  system apps queryable: false")
	p.ln("  queries via forceQueryable:")
	p.ln("  queries via package name:")
	p.ln("  queries via component:")
	p.ln("  queryable via interaction:")
	p.ln("")
	p.ln("Dexopt state:")
	p.ln("  [%s]", pk.Name)
	p.ln("    path: %s", pk.APK())
	p.ln("      arm64: [status=verify] [reason=install] [primary-abi]")
	return p.String()
}

// Packages is `dumpsys package` or `dumpsys package packages`: all of them.
func Packages(d *android.Device) string {
	p := of(d)
	p.ln("Packages:")
	p.level = 1
	for _, pk := range d.Packages.All() {
		one(p, d, pk)
	}
	return p.String()
}

func resolver(p *page, d *android.Device, pk *android.Package, title string, kind android.ComponentKind) {
	byAction := map[string][]string{}
	for i := range pk.Components {
		c := &pk.Components[i]
		if c.Kind != kind {
			continue
		}
		for n, f := range c.Filters {
			name := pk.ComponentName(c)
			for _, a := range f.Actions {
				text := fmt.Sprintf("        %s %s filter %s\n          Action: %q\n", hash(d, name.Flat()), name.Short(), hash(d, fmt.Sprint(name.Flat(), n)), a)
				for _, cat := range f.Categories {
					text += fmt.Sprintf("          Category: %q\n", cat)
				}
				if c.Permission != "" {
					text = strings.Replace(text, "\n", " permission "+c.Permission+"\n", 1)
				}
				byAction[a] = append(byAction[a], text)
			}
		}
	}
	if len(byAction) == 0 {
		return
	}
	actions := make([]string, 0, len(byAction))
	for a := range byAction {
		actions = append(actions, a)
	}
	sort.Strings(actions)
	p.put(title)
	p.ln("  Non-Data Actions:")
	for _, a := range actions {
		p.ln("      %s:", a)
		for _, t := range byAction[a] {
			p.raw(t)
		}
	}
	p.ln("")
}

const stamp = "2006-01-02 15:04:05"

func one(p *page, d *android.Device, pk *android.Package) {
	time := func(t time.Time) string { return t.UTC().Format(stamp) }
	flags := []string{"HAS_CODE", "ALLOW_CLEAR_USER_DATA", "ALLOW_BACKUP"}
	if pk.TestOnly {
		flags = []string{"HAS_CODE", "ALLOW_CLEAR_USER_DATA", "TEST_ONLY", "ALLOW_BACKUP"}
	}
	scheme := 2
	if pk.Scheme > 0 {
		scheme = pk.Scheme
	}
	if pk.Debuggable {
		flags = append([]string{"DEBUGGABLE"}, flags...)
	}
	if pk.Persistent {
		flags = append([]string{"PERSISTENT"}, flags...)
	}
	if pk.System {
		flags = append([]string{"SYSTEM"}, flags...)
	}
	private := []string{"PRIVATE_FLAG_ACTIVITIES_RESIZE_MODE_RESIZEABLE_VIA_SDK_VERSION", "ALLOW_AUDIO_PLAYBACK_CAPTURE", "PRIVATE_FLAG_ALLOW_NATIVE_HEAP_POINTER_TAGGING"}
	if pk.Privileged {
		private = append(private, "PRIVILEGED")
	}
	p.ln("Package [%s] (%s):", pk.Name, hash(d, "setting "+pk.Name))
	p.in(func() {
		p.upTo(33, "userId=%d", pk.UID%100000)
		p.since(34, "appId=%d", pk.UID%100000)
		p.ln("pkg=Package{%s %s}", hash(d, "pkg "+pk.Name), pk.Name)
		p.ln("codePath=%s", pk.CodePath)
		p.ln("resourcePath=%s", pk.CodePath)
		p.ln("legacyNativeLibraryDir=%s/lib", pk.CodePath)
		p.since(31, "extractNativeLibs=false")
		p.ln("primaryCpuAbi=null")
		p.ln("secondaryCpuAbi=null")
		p.since(31, "cpuAbiOverride=null")
		p.ln("versionCode=%d minSdk=%d targetSdk=%d", pk.VersionCode, pk.MinSDK, pk.TargetSDK)
		p.since(31, "minExtensionVersions=[]")
		p.ln("versionName=%s", pk.VersionName)
		p.since(33, "hiddenApiEnforcementPolicy=2")
		p.since(33, "usesNonSdkApi=false")
		p.ln("splits=[base]")
		p.ln("apkSigningVersion=%d", scheme)
		p.upTo(32, "applicationInfo=ApplicationInfo{%s %s}", hash(d, "appinfo "+pk.Name), pk.Name)
		p.ln("flags=[ %s ]", strings.Join(flags, " "))
		p.ln("privateFlags=[ %s ]", strings.Join(private, " "))
		p.since(30, "forceQueryable=false")
		p.since(35, "scannedAsStoppedSystemApp=false")
		p.upTo(34, "dataDir=/data/user/%d/%s", pk.User, pk.Name)
		p.ln("supportsScreens=[small, medium, large, xlarge, resizeable, anyDensity]")
		p.ln("timeStamp=%s", time(pk.Updated))
		p.upTo(32, "firstInstallTime=%s", time(pk.Installed))
		p.ln("lastUpdateTime=%s", time(pk.Updated))
		if pk.Installer != "" || p.api >= 31 {
			installer := pk.Installer
			if installer == "" {
				installer = "null"
			}
			p.ln("installerPackageName=%s", installer)
		}
		p.since(34, "installerPackageUid=-1")
		p.since(34, "initiatingPackageName=%s", map[bool]string{true: "null", false: "com.android.shell"}[pk.System])
		p.since(34, "originatingPackageName=null")
		p.since(33, "packageSource=0")
		p.since(35, "appMetadataFilePath=null")
		p.since(35, "appMetadataSource=0")
		p.ln("signatures=PackageSignatures{%s version:%d, signatures:[%s], past signatures:[]}", hash(d, "sigs "+pk.Name), scheme, hash(d, "sig "+strings.Join(pk.Certificates, " ")))
		p.ln("installPermissionsFixed=true")
		p.ln("pkgFlags=[ %s ]", strings.Join(flags, " "))
		p.since(35, "privatePkgFlags=[ %s ]", strings.Join(private, " "))
		p.since(35, "apexModuleName=null")
		if len(pk.Permissions) > 0 {
			p.ln("requested permissions:")
			for _, name := range pk.Permissions {
				p.ln("  %s", name)
			}
		}
		if len(pk.Install) > 0 {
			p.ln("install permissions:")
			for _, s := range pk.Install {
				p.ln("  %s: granted=%t", s.Name, s.Granted)
			}
		}
		for _, u := range d.Users.List {
			if of := d.Packages.For(u.ID, pk.Name); of != nil {
				perUser(p, of)
				continue
			}
			p.ln("User %d: ceDataInode=0 installed=false hidden=false suspended=false stopped=true notLaunched=true enabled=0 instant=false virtual=false", u.ID)
		}
	})
}

// perUser are a user's lines of a package.
func perUser(p *page, pk *android.Package) {
	time := func(t time.Time) string { return t.UTC().Format(stamp) }
	inode, distraction, quarantined := fmt.Sprintf("ceDataInode=%d", 40000+pk.UID%1000), "", ""
	if p.api >= 29 {
		distraction = " distractionFlags=0"
	}
	if p.api >= 35 {
		inode += fmt.Sprintf(" deDataInode=%d", 30000+pk.UID%1000)
		quarantined = " quarantined=false"
	}
	p.ln("User %d: %s installed=true hidden=%t suspended=%t%s stopped=%t notLaunched=%t enabled=%d instant=false virtual=false%s",
		pk.User, inode, pk.Hidden, pk.Suspended, distraction, pk.Stopped, pk.NotLaunched, pk.Enabled, quarantined)
	p.in(func() {
		p.since(33, "installReason=0")
		p.since(35, "dataDir=/data/user/%d/%s", pk.User, pk.Name)
		p.since(33, "firstInstallTime=%s", time(pk.Installed))
		p.since(33, "uninstallReason=0")
		if pk.Enabled >= android.Disabled {
			p.ln("lastDisabledCaller: com.android.shell")
		}
		p.ln("gids=[3003]")
		p.ln("runtime permissions:")
		for _, s := range pk.Runtime {
			list := ""
			if len(s.Flags) > 0 {
				list = ", flags=[ " + strings.Join(s.Flags, "|") + "]"
			}
			p.ln("  %s: granted=%t%s", s.Name, s.Granted, list)
		}
	})
}
