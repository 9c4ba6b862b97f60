package packages

import (
	"fmt"
	"testing"

	"github.com/ringproof/ringproof/harness/internal/grammar"
	"github.com/ringproof/ringproof/harness/internal/readertest"
)

const sample = "org.ringproof.sample"

// Composed rows follow section 4.4 of the reference and Settings.dumpPackageLPr.
var grammars = []grammar.Row{
	{From: 26, To: 28, Mark: grammar.Composed, Text: `Activity Resolver Table:
  Non-Data Actions:
      android.intent.action.MAIN:
        b204cf9 org.ringproof.sample/.MainActivity filter 5cad43e

Key Set Manager:
  [org.ringproof.sample]
      Signing KeySets: 8

Packages:
  Package [org.ringproof.sample] (414502e):
    userId=10089
    pkg=Package{cd0fb17 org.ringproof.sample}
    codePath=/data/app/org.ringproof.sample-1
    versionCode=17 minSdk=26 targetSdk=27
    versionName=1.7 beta
    splits=[base]
    apkSigningVersion=2
    flags=[ DEBUGGABLE HAS_CODE ALLOW_CLEAR_USER_DATA ALLOW_BACKUP ]
    dataDir=/data/user/0/org.ringproof.sample
    supportsScreens=[small, medium, large, xlarge, resizeable, anyDensity]
    timeStamp=2018-08-04 18:48:32
    firstInstallTime=2018-08-04 18:48:33
    lastUpdateTime=2018-08-05 18:48:34
    signatures=PackageSignatures{5b6e06b [9b1a2ba]}
    installPermissionsFixed=true installStatus=1
    pkgFlags=[ DEBUGGABLE HAS_CODE ALLOW_CLEAR_USER_DATA ALLOW_BACKUP ]
    requested permissions:
      android.permission.INTERNET
      android.permission.RECORD_AUDIO
      android.permission.MANAGE_OWN_CALLS
    install permissions:
      android.permission.INTERNET: granted=true
      android.permission.MANAGE_OWN_CALLS: granted=true
    User 0: ceDataInode=1310761 installed=true hidden=false suspended=false stopped=false notLaunched=false enabled=0 instant=false
      gids=[3003]
      runtime permissions:
        android.permission.RECORD_AUDIO: granted=true

Package Changes:
  Sequence number=3
  User 0:
    seq=2, package=org.ringproof.sample

Dexopt state:
  [org.ringproof.sample]
    path: /data/app/org.ringproof.sample-1/base.apk
`, Check: sees(0, "10089 v17 1.7 beta sdk 26-27 updated 2018-08-05 18:48:34 by unknown flags [DEBUGGABLE HAS_CODE ALLOW_CLEAR_USER_DATA ALLOW_BACKUP] users 1: installed true stopped false notLaunched false hidden false suspended false enabled 0; RECORD_AUDIO true [] MANAGE_OWN_CALLS true POST_NOTIFICATIONS false")},
	{From: 29, To: 32, Mark: grammar.Composed, Text: `Packages:
  Package [org.ringproof.sample] (414502e):
    userId=10234
    versionCode=18 minSdk=26 targetSdk=31
    versionName=null
    flags=[ HAS_CODE ]
    timeStamp=2021-08-04 18:48:32
    firstInstallTime=2021-08-04 18:48:33
    lastUpdateTime=2021-08-05 18:48:34
    installerPackageName=com.android.vending
    declared permissions:
      org.ringproof.sample.X: prot=signature, INSTALLED
    requested permissions:
      android.permission.ACCESS_BACKGROUND_LOCATION: restricted=true
      android.permission.RECORD_AUDIO
      android.permission.MANAGE_OWN_CALLS
    install permissions:
      android.permission.MANAGE_OWN_CALLS: granted=true
    User 0: ceDataInode=1310761 installed=true hidden=false suspended=false distractionFlags=0 stopped=true notLaunched=true enabled=0 instant=false virtual=false
      gids=[3003]
      runtime permissions:
        android.permission.RECORD_AUDIO: granted=false, flags=[ USER_SET|USER_SENSITIVE_WHEN_GRANTED|USER_SENSITIVE_WHEN_DENIED]
        android.permission.ACCESS_BACKGROUND_LOCATION: granted=false, flags=[ REVOKED_COMPAT|RESTRICTION_SYSTEM_EXEMPT ]

Hidden system packages:
  Package [org.ringproof.sample] (e691a5):
    userId=10234
    versionCode=1 minSdk=26 targetSdk=26
    User 0: ceDataInode=0 installed=false hidden=false suspended=false stopped=false notLaunched=false enabled=2
`, Check: sees(0, "10234 v18 unknown sdk 26-31 updated 2021-08-05 18:48:34 by com.android.vending flags [HAS_CODE] users 1: installed true stopped true notLaunched true hidden false suspended false enabled 0; RECORD_AUDIO false [USER_SET USER_SENSITIVE_WHEN_GRANTED USER_SENSITIVE_WHEN_DENIED] MANAGE_OWN_CALLS true POST_NOTIFICATIONS false")},
	{From: 33, To: 33, Mark: grammar.Composed, Text: `Packages:
  Package [org.ringproof.sample] (414502e):
    userId=10234
    versionCode=19 minSdk=26 targetSdk=33
    versionName=1.9
    flags=[ HAS_CODE TEST_ONLY ]
    timeStamp=2022-08-04 18:48:32
    lastUpdateTime=2022-08-05 18:48:34
    installerPackageName=null
    requested permissions:
      android.permission.POST_NOTIFICATIONS
      android.permission.RECORD_AUDIO
    install permissions:
      android.permission.MANAGE_OWN_CALLS: granted=true
    User 0: ceDataInode=1310761 installed=true hidden=false suspended=true distractionFlags=0 stopped=false notLaunched=false enabled=3 instant=false virtual=false
      installReason=0
      firstInstallTime=2022-08-04 18:48:33
      uninstallReason=0
      gids=[3003]
      runtime permissions:
        android.permission.POST_NOTIFICATIONS: granted=true, flags=[ USER_SET]
      disabledComponents:
        org.ringproof.sample.Off
`, Check: sees(0, "10234 v19 1.9 sdk 26-33 updated 2022-08-05 18:48:34 by unknown flags [HAS_CODE TEST_ONLY] users 1: installed true stopped false notLaunched false hidden false suspended true enabled 3; RECORD_AUDIO unknown [] MANAGE_OWN_CALLS true POST_NOTIFICATIONS true")},
	{From: 34, To: 34, Mark: grammar.Composed, Text: dump34,
		Check: sees(10, "10234 v17 1.7 beta sdk 26-34 updated unknown by unknown flags [DEBUGGABLE HAS_CODE ALLOW_CLEAR_USER_DATA] users 2: installed false stopped false notLaunched true hidden true suspended true enabled 0; RECORD_AUDIO false [] MANAGE_OWN_CALLS false POST_NOTIFICATIONS true")},
	{From: 35, To: 36, Mark: grammar.Composed, Unsure: "what API 36 adds to the block of a user was not seen", Text: `Packages:
  Package [org.ringproof.sample] (414502e):
    appId=10234
    pkg=Package{b828f71 org.ringproof.sample}
    versionCode=4294967297 minSdk=26 targetSdk=36
    versionName=2.1
    flags=[ HAS_CODE ]
    privateFlags=[ HAS_DOMAIN_URLS ]
    usesLibraryFiles:
      /system/framework/x.jar
    lastUpdateTime=2025-08-05 18:48:34
    installerPackageName=com.android.vending
    installerPackageUid=10143
    initiatingPackageName=com.android.vending
    requested permissions:
      android.permission.RECORD_AUDIO
      android.permission.USE_FULL_SCREEN_INTENT
    install permissions:
      android.permission.USE_FULL_SCREEN_INTENT: granted=true
    User 0: ceDataInode=491773 deDataInode=410061 installed=true hidden=false suspended=false distractionFlags=0 stopped=false notLaunched=false enabled=1 instant=false virtual=false quarantined=true
      installReason=4
      dataDir=/data/user/0/org.ringproof.sample
      firstInstallTime=2025-08-04 15:20:20
      uninstallReason=0
      gids=[3003]
      runtime permissions:
        android.permission.RECORD_AUDIO: granted=true, flags=[ USER_SET|ONE_TIME]

Queries:
  system apps queryable: false
`, Check: sees(0, "10234 v4294967297 2.1 sdk 26-36 updated 2025-08-05 18:48:34 by com.android.vending flags [HAS_CODE] users 1: installed true stopped false notLaunched false hidden false suspended false enabled 1; RECORD_AUDIO true [USER_SET ONE_TIME] MANAGE_OWN_CALLS false POST_NOTIFICATIONS false")},
	{From: 26, To: 36, Mark: grammar.Composed, Text: "Unable to find package: org.ringproof.sample\n", Check: func(t testing.TB, b []byte) {
		f, err := Parse(b)
		if err != nil || f.Installed(sample, 0).String() != "false" || f.Packages.Known() {
			t.Errorf("%+v, %v", f, err)
		}
	}},
	{From: 30, To: 30, Maker: "Lineage", Mark: grammar.Captured, File: "package/001-a11-lineage18-package-with-dpc.txt", Check: captured("com.tabletcontrol.companion", 0, "10177 v3 updated 2026-07-29 23:04:55 by unknown, 19 requested, 1 users, installed true")},
	{From: 30, To: 30, Maker: "OPPO", Mark: grammar.Captured, File: "package/002-a11-oppo-package-runtime-perms.txt", Check: captured("com.example.pkmproject", 999, "10441 v1 updated 2026-01-06 19:50:14 by com.whatsapp, 18 requested, 2 users, installed false")},
	{From: 34, To: 35, Maker: "automotive", Mark: grammar.Captured, File: "package/004-a14-automotive-multiuser-package.txt", Check: captured("com.wheelchair.cockpit", 10, "10248 v1 updated 2026-08-04 18:48:33 by unknown, 9 requested, 2 users, installed true")},
	{From: 29, To: 29, Maker: "Samsung", Mark: grammar.Captured, File: "package/008-mvt-fixture-dumpsys-packages.txt", Check: captured("com.sec.android.app.DataCreate", 0, "10143 v1 updated 2008-12-31 16:00:00 by unknown, 11 requested, 1 users, installed true")},
}

func sees(user int, want string) func(testing.TB, []byte) {
	return func(t testing.TB, b []byte) {
		t.Helper()
		f, err := Parse(b)
		p, _ := f.Find(sample).Get()
		u, _ := p.User(user).Get()
		got := fmt.Sprintf("%v v%v %v sdk %v-%v updated %v by %v flags %v users %d: installed %v stopped %v notLaunched %v hidden %v suspended %v enabled %v; RECORD_AUDIO %v %v MANAGE_OWN_CALLS %v POST_NOTIFICATIONS %v",
			p.UID, p.VersionCode, p.VersionName, p.MinSDK, p.TargetSDK, p.Updated, p.Installer, p.Flags, len(p.Users.Or(nil)), u.Installed, u.Stopped, u.NotLaunched, u.Hidden, u.Suspended, u.Enabled,
			p.Granted("android.permission.RECORD_AUDIO", user), flags(u, "android.permission.RECORD_AUDIO"), p.Granted("android.permission.MANAGE_OWN_CALLS", user), p.Granted("android.permission.POST_NOTIFICATIONS", user))
		if err != nil || len(f.Packages.Or(nil)) != 1 || got != want {
			t.Errorf("%d packages, %v\n%s\nwant %s", len(f.Packages.Or(nil)), err, got, want)
		}
	}
}

func flags(u User, permission string) []string {
	for _, p := range u.Runtime.Or(nil) {
		if p.Name == permission {
			return p.Flags
		}
	}
	return nil
}

func captured(pkg string, user int, want string) func(testing.TB, []byte) {
	return func(t testing.TB, b []byte) {
		t.Helper()
		f, err := Parse(b)
		p, _ := f.Find(pkg).Get()
		got := fmt.Sprintf("%v v%v updated %v by %v, %d requested, %d users, installed %v", p.UID, p.VersionCode, p.Updated, p.Installer, len(p.Requested.Or(nil)), len(p.Users.Or(nil)), f.Installed(pkg, user))
		if err != nil || got != want {
			t.Errorf("%s, %v\nwant %s", got, err, want)
		}
	}
}

func TestGrammars(t *testing.T) { grammar.Check(t, grammars) }

func FuzzParse(f *testing.F) {
	texts := []string{dump34, "Packages:\n Package [\n Package []\n  User 0: \n  runtime permissions:\n   : granted=\n  :\nHidden\n"}
	for _, r := range grammars {
		if r.Text != "" {
			texts = append(texts, r.Text)
		}
	}
	readertest.Fuzz(f, readertest.Of(Parse), texts...)
}
