package packages

import (
	"fmt"
	"testing"

	"github.com/ringproof/ringproof/harness/internal/readertest"
)

// record is one package as API 34 prints it.
func record(i int) string {
	return fmt.Sprintf(`  Package [org.example.app%[1]d] (74ff918):
    appId=10234
    pkg=Package{b828f71 org.example.app%[1]d}
    codePath=/data/app/~~325smTR9oZ4UGISDj0YEkQ==/org.example.app%[1]d-b9EuZSUHjb7Ri4ctS29gMQ==
    resourcePath=/data/app/~~325smTR9oZ4UGISDj0YEkQ==/org.example.app%[1]d-b9EuZSUHjb7Ri4ctS29gMQ==
    legacyNativeLibraryDir=/data/app/~~325smTR9oZ4UGISDj0YEkQ==/org.example.app%[1]d/lib
    extractNativeLibs=false
    primaryCpuAbi=arm64-v8a
    secondaryCpuAbi=null
    versionCode=%[1]d minSdk=26 targetSdk=35
    minExtensionVersions=[]
    versionName=1.%[1]d
    hiddenApiEnforcementPolicy=2
    usesNonSdkApi=false
    splits=[base]
    apkSigningVersion=2
    flags=[ DEBUGGABLE HAS_CODE ALLOW_CLEAR_USER_DATA TEST_ONLY ALLOW_BACKUP ]
    privateFlags=[ PRIVATE_FLAG_ACTIVITIES_RESIZE_MODE_RESIZEABLE_VIA_SDK_VERSION ALLOW_AUDIO_PLAYBACK_CAPTURE PRIVATE_FLAG_ALLOW_NATIVE_HEAP_POINTER_TAGGING ]
    forceQueryable=false
    queriesIntents=[Intent { act=android.speech.RecognitionService }]
    scannedAsStoppedSystemApp=false
    supportsScreens=[small, medium, large, xlarge, resizeable, anyDensity]
    usesOptionalLibraries:
      android.ext.adservices
    timeStamp=2026-08-04 18:48:32
    lastUpdateTime=2026-08-04 18:48:33
    installerPackageName=com.android.vending
    installerPackageUid=10143
    initiatingPackageName=com.android.vending
    originatingPackageName=null
    packageSource=1
    signatures=PackageSignatures{272a63c version:2, signatures:[293a2c13], past signatures:[]}
    installPermissionsFixed=true
    pkgFlags=[ DEBUGGABLE HAS_CODE ALLOW_CLEAR_USER_DATA TEST_ONLY ALLOW_BACKUP ]
    apexModuleName=null
    declared permissions:
      org.example.app%[1]d.DYNAMIC_RECEIVER_NOT_EXPORTED_PERMISSION: prot=signature
    requested permissions:
      android.permission.INTERNET
      android.permission.RECORD_AUDIO
      android.permission.POST_NOTIFICATIONS
      android.permission.USE_FULL_SCREEN_INTENT
      android.permission.MANAGE_OWN_CALLS
      android.permission.WAKE_LOCK
      org.example.app%[1]d.DYNAMIC_RECEIVER_NOT_EXPORTED_PERMISSION
    install permissions:
      android.permission.INTERNET: granted=true
      android.permission.MANAGE_OWN_CALLS: granted=true
      android.permission.USE_FULL_SCREEN_INTENT: granted=true
      android.permission.WAKE_LOCK: granted=true
    User 0: ceDataInode=491773 deDataInode=410061 installed=true hidden=false suspended=false distractionFlags=0 stopped=false notLaunched=false enabled=0 instant=false virtual=false quarantined=false
      installReason=0
      dataDir=/data/user/0/org.example.app%[1]d
      firstInstallTime=2026-08-04 15:20:20
      uninstallReason=0
      gids=[3003]
      runtime permissions:
        android.permission.POST_NOTIFICATIONS: granted=true, flags=[ USER_SET|USER_SENSITIVE_WHEN_GRANTED|USER_SENSITIVE_WHEN_DENIED]
        android.permission.RECORD_AUDIO: granted=false, flags=[ USER_SENSITIVE_WHEN_GRANTED|USER_SENSITIVE_WHEN_DENIED]
`, i)
}

// component is one entry of the tables that stand before the packages.
func component(i int) string {
	return fmt.Sprintf(`      android.intent.action.EXAMPLE_%[1]d:
        b204cf9 org.example.app%[1]d/.MainActivity filter 5cad43e
          Action: "android.intent.action.MAIN"
          Category: "android.intent.category.LAUNCHER"
`, i)
}

var large = map[string]func(int) []byte{
	"packages": func(size int) []byte { return readertest.Text(size, "Packages:\n", record, "\nQueries:\n") },
	"tables": func(size int) []byte {
		return readertest.Text(size, "Activity Resolver Table:\n  Non-Data Actions:\n", component, "\nPackages:\n"+record(1))
	},
}

func BenchmarkRatio(b *testing.B) {
	for form, text := range large {
		b.Run(form, func(b *testing.B) { readertest.Ratio(b, readertest.Of(Parse), text) })
	}
}

func TestMemory(t *testing.T) {
	for form, text := range large {
		t.Run(form, func(t *testing.T) { readertest.Memory(t, readertest.Of(Parse), text) })
	}
}

func TestLinear(t *testing.T) {
	readertest.Linear(t, readertest.Of(Parse), readertest.Hostile(map[string]string{
		"nothing": "", "packages": "Packages:\n", "package": "Packages:\n  Package [a] (1):\n    ", "requested": "Packages:\n  Package [a] (1):\n    requested permissions:\n      ",
		"runtime": "Packages:\n  Package [a] (1):\n    User 0: x\n      runtime permissions:\n        ",
	}, "  Package [a] (1):\n", "Package [", "User 0: ", "    User 0: installed=true\n", "Unable to find package: a\n", "      a: granted=true, flags=[ A|B]\n", "|", "x:\n", "flags=[ "))
}
