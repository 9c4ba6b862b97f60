package render

import (
	"fmt"
	"sort"
	"strings"
	"time"

	"github.com/ringproof/ringproof/devices/virtual/android"
)

// Package is `dumpsys package PKG` (Settings.dumpPackageLPr of 14). An unknown
// package gives one line.
func Package(d *android.Device, name string) string {
	pk := d.Packages.Get(name)
	if pk == nil {
		return "Unable to find package: " + name + "\n"
	}
	p := &page{}
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
	p := &page{}
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
		p.ln("appId=%d", pk.UID%100000)
		p.ln("pkg=Package{%s %s}", hash(d, "pkg "+pk.Name), pk.Name)
		p.ln("codePath=%s", pk.CodePath)
		p.ln("resourcePath=%s", pk.CodePath)
		p.ln("legacyNativeLibraryDir=%s/lib", pk.CodePath)
		p.ln("extractNativeLibs=false")
		p.ln("primaryCpuAbi=null")
		p.ln("secondaryCpuAbi=null")
		p.ln("cpuAbiOverride=null")
		p.ln("versionCode=%d minSdk=%d targetSdk=%d", pk.VersionCode, pk.MinSDK, pk.TargetSDK)
		p.ln("minExtensionVersions=[]")
		p.ln("versionName=%s", pk.VersionName)
		p.ln("hiddenApiEnforcementPolicy=2")
		p.ln("usesNonSdkApi=false")
		p.ln("splits=[base]")
		p.ln("apkSigningVersion=%d", scheme)
		p.ln("flags=[ %s ]", strings.Join(flags, " "))
		p.ln("privateFlags=[ %s ]", strings.Join(private, " "))
		p.ln("forceQueryable=false")
		p.ln("dataDir=/data/user/0/%s", pk.Name)
		p.ln("supportsScreens=[small, medium, large, xlarge, resizeable, anyDensity]")
		p.ln("timeStamp=%s", time(pk.Updated))
		p.ln("lastUpdateTime=%s", time(pk.Updated))
		installer := pk.Installer
		if installer == "" {
			installer = "null"
		}
		p.ln("installerPackageName=%s", installer)
		p.ln("installerPackageUid=-1")
		p.ln("initiatingPackageName=%s", map[bool]string{true: "null", false: "com.android.shell"}[pk.System])
		p.ln("originatingPackageName=null")
		p.ln("packageSource=0")
		p.ln("signatures=PackageSignatures{%s version:%d, signatures:[%s], past signatures:[]}", hash(d, "sigs "+pk.Name), scheme, hash(d, "sig "+strings.Join(pk.Certificates, " ")))
		p.ln("installPermissionsFixed=true")
		p.ln("pkgFlags=[ %s ]", strings.Join(flags, " "))
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
		p.ln("User 0: ceDataInode=%d installed=true hidden=%t suspended=%t distractionFlags=0 stopped=%t notLaunched=%t enabled=%d instant=false virtual=false",
			40000+pk.UID%1000, pk.Hidden, pk.Suspended, pk.Stopped, pk.NotLaunched, pk.Enabled)
		p.in(func() {
			p.ln("installReason=0")
			p.ln("firstInstallTime=%s", time(pk.Installed))
			p.ln("uninstallReason=0")
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
	})
}
