package packages

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ringproof/ringproof/harness/dumpsys/text"
	"github.com/ringproof/ringproof/harness/internal/captures"
)

const dump34 = `Activity Resolver Table:
  Non-Data Actions:
      android.intent.action.MAIN:
        b204cf9 org.ringproof.sample/.MainActivity filter 5cad43e

Packages:
  Package [org.ringproof.sample] (74ff918):
    appId=10234
    pkg=Package{b828f71 org.ringproof.sample}
    versionCode=17 minSdk=26 targetSdk=34
    versionName=1.7 beta
    flags=[ DEBUGGABLE HAS_CODE ALLOW_CLEAR_USER_DATA ]
    usesOptionalLibraries:
      android.car
    declared permissions:
      org.ringproof.sample.X: prot=signature
    requested permissions:
      android.permission.POST_NOTIFICATIONS
      android.permission.USE_FULL_SCREEN_INTENT
      android.permission.ACCESS_BACKGROUND_LOCATION: restricted=true
    install permissions:
      android.permission.USE_FULL_SCREEN_INTENT: granted=true
    User 0: ceDataInode=0 installed=true hidden=false suspended=false distractionFlags=0 stopped=true notLaunched=false enabled=3 instant=false virtual=false
      installReason=0
      overlay paths:
        /x/y.apk
      gids=[3003]
      runtime permissions:
        android.permission.POST_NOTIFICATIONS: granted=false, flags=[ USER_SET|USER_SENSITIVE_WHEN_GRANTED|524288]
    User 10: ceDataInode=0 installed=false hidden=true suspended=true stopped=false notLaunched=true enabled=0
      runtime permissions:
        android.permission.POST_NOTIFICATIONS: granted=true

Hidden system packages:
  Package [org.ringproof.sample] (e691a5):
    userId=10999
    versionCode=1 minSdk=26 targetSdk=26
    User 0: installed=false

Queries:
`

func TestParse(t *testing.T) {
	f, err := Parse([]byte(dump34))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(f.Packages.Or(nil)); n != 1 {
		t.Fatalf("%d packages, want 1", n)
	}
	p, _ := f.Find("org.ringproof.sample").Get()
	u0, u10 := p.User(0).Or(User{}), p.User(10).Or(User{})
	for _, c := range []struct{ what, got, want string }{
		{"uid", p.UID.String(), "10234"},
		{"version code", p.VersionCode.String(), "17"},
		{"version name", p.VersionName.String(), "1.7 beta"},
		{"min sdk", p.MinSDK.String(), "26"},
		{"target sdk", p.TargetSDK.String(), "34"},
		{"flags", p.Flags.String(), "[DEBUGGABLE HAS_CODE ALLOW_CLEAR_USER_DATA]"},
		{"requested", p.Requested.String(), "[android.permission.POST_NOTIFICATIONS android.permission.USE_FULL_SCREEN_INTENT android.permission.ACCESS_BACKGROUND_LOCATION]"},
		{"installed 0", f.Installed("org.ringproof.sample", 0).String(), "true"},
		{"installed 10", f.Installed("org.ringproof.sample", 10).String(), "false"},
		{"installed 11", f.Installed("org.ringproof.sample", 11).String(), "unknown"},
		{"installed other", f.Installed("org.other", 0).String(), "unknown"},
		{"stopped 0", u0.Stopped.String(), "true"},
		{"stopped 10", u10.Stopped.String(), "false"},
		{"not launched 0", u0.NotLaunched.String(), "false"},
		{"not launched 10", u10.NotLaunched.String(), "true"},
		{"hidden 10", u10.Hidden.String(), "true"},
		{"suspended 10", u10.Suspended.String(), "true"},
		{"enabled 0", u0.Enabled.String(), "3"},
		{"post 0", p.Granted("android.permission.POST_NOTIFICATIONS", 0).String(), "false"},
		{"post 10", p.Granted("android.permission.POST_NOTIFICATIONS", 10).String(), "true"},
		{"fsi", p.Granted("android.permission.USE_FULL_SCREEN_INTENT", 0).String(), "true"},
		{"requested, not listed", p.Granted("android.permission.ACCESS_BACKGROUND_LOCATION", 0).String(), "unknown"},
		{"not requested", p.Granted("android.permission.CAMERA", 0).String(), "false"},
	} {
		if c.got != c.want {
			t.Errorf("%s = %s, want %s", c.what, c.got, c.want)
		}
	}
	if g := u0.Runtime.Or([]Permission{{}})[0]; !slices.Equal(g.Flags, []string{"USER_SET", "USER_SENSITIVE_WHEN_GRANTED", "524288"}) || g.Line != 29 {
		t.Errorf("grant = %+v", g)
	}
}

func TestProblems(t *testing.T) {
	for in, kind := range map[string]text.Kind{
		"": text.Empty, "hello": text.NotADump, "Can't find service: package\n": text.NoService,
		strings.Split(dump34, "    User 0")[0]: text.Truncated,
	} {
		f, err := Parse([]byte(in))
		if !errors.Is(err, &text.Problem{Kind: kind}) || f.Installed("org.ringproof.sample", 0).Known() {
			t.Errorf("%.20q: %v", in, err)
		}
	}
	f, err := Parse([]byte("Unable to find package: org.ringproof.sample\n"))
	if err != nil || f.Installed("org.ringproof.sample", 0).String() != "false" || f.Installed("org.other", 0).Known() {
		t.Errorf("%+v, %v", f, err)
	}
	if f, err := Parse([]byte("Packages:\n")); err != nil || f.Packages.String() != "[]" {
		t.Errorf("%+v, %v", f, err)
	}
}

// What a person sees in the real dumps.
func TestCorpus(t *testing.T) {
	dir := captures.Dir(t)
	for _, c := range []struct {
		name, pkg                                string
		packages                                 int
		uid, version, versionName, target        string
		user                                     int
		users                                    int
		installed, stopped, notLaunched, enabled string
		requested, granted                       int
		permission, has                          string
	}{
		{"001-a11-lineage18-package-with-dpc.txt", "com.tabletcontrol.companion", 1, "10177", "3", "3.0", "34", 0, 1, "true", "false", "false", "0", 19, 5, "android.permission.CAMERA", "true"},
		{"002-a11-oppo-package-runtime-perms.txt", "com.example.pkmproject", 1, "10441", "1", "1.0.0", "36", 0, 2, "true", "false", "false", "0", 18, 2, "android.permission.POST_NOTIFICATIONS", "unknown"},
		{"002-a11-oppo-package-runtime-perms.txt", "com.example.pkmproject", 1, "10441", "1", "1.0.0", "36", 999, 2, "false", "true", "true", "0", 18, 0, "android.permission.WAKE_LOCK", "true"},
		{"004-a14-automotive-multiuser-package.txt", "com.wheelchair.cockpit", 1, "10248", "1", "1.0", "35", 0, 2, "false", "true", "true", "0", 9, 0, "android.permission.RECORD_AUDIO", "unknown"},
		{"004-a14-automotive-multiuser-package.txt", "com.wheelchair.cockpit", 1, "10248", "1", "1.0", "35", 10, 2, "true", "false", "false", "0", 9, 2, "android.permission.RECORD_AUDIO", "true"},
		{"008-mvt-fixture-dumpsys-packages.txt", "com.sec.android.app.DataCreate", 2, "10143", "1", "1.0", "29", 0, 1, "true", "false", "false", "0", 11, 13, "android.permission.CAMERA", "false"},
	} {
		b, err := os.ReadFile(filepath.Join(dir, "package", c.name))
		if err != nil {
			t.Fatal(err)
		}
		f, err := Parse(b)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		p, ok := f.Find(c.pkg).Get()
		u := p.User(c.user).Or(User{})
		if !ok || len(f.Packages.Or(nil)) != c.packages || p.UID.String() != c.uid || p.VersionCode.String() != c.version || p.VersionName.String() != c.versionName ||
			p.TargetSDK.String() != c.target || len(p.Users.Or(nil)) != c.users || u.Installed.String() != c.installed || u.Stopped.String() != c.stopped ||
			u.NotLaunched.String() != c.notLaunched || u.Enabled.String() != c.enabled || len(p.Requested.Or(nil)) != c.requested ||
			len(u.Runtime.Or(nil)) != c.granted || p.Granted(c.permission, c.user).String() != c.has {
			t.Errorf("%s, user %d: %d packages, %+v\nuser %+v", c.name, c.user, len(f.Packages.Or(nil)), p, u)
		}
	}
	b, err := os.ReadFile(filepath.Join(dir, "misc", "014-negative-dumpsys-package-unknown.txt"))
	if err != nil {
		t.Fatal(err)
	}
	if f, err := Parse(b); err != nil || f.Installed("com.funnyenglish.app", 0).String() != "false" {
		t.Errorf("unknown package: %+v, %v", f, err)
	}
}
