package props

import (
	"errors"
	"testing"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
	"github.com/ringproof/ringproof/harness/internal/grammar"
)

// The form is that of toybox's getprop since API 23. Values may hold line feeds
// and brackets.
const getprop26 = `[dalvik.vm.heapsize]: [512m]
[persist.sys.boot.reason.history]: [reboot,userrequested,1777928252
shutdown,1777920673]
[ro.build.version.sdk]: [26]
[ro.empty]: []
[ro.odd]: [a]: [b]]
]vendor.cr]: [E0480037
[sys.boot_completed]: [1]
`

// SettingsService.MyShellCommand lists name=value, sorted by nothing.
const settings26 = `adb_enabled=1
allowed_geolocation_origins=http://a.example http://b.example
data={"level":[1,2]}
encoded=YQ==
lock_screen_note=first
second line
none=null
empty=
`

const denied = `
Exception occurred while executing 'list':
java.lang.SecurityException: Permission Denial: getCurrentUser() from pid=1, uid=2000 requires android.permission.INTERACT_ACROSS_USERS
	at com.android.server.am.ActivityManagerService.getCurrentUser(ActivityManagerService.java:1)
`

type want struct {
	name, value string
	line        int
}

func has(parse func([]byte) (Facts, error), count int, all ...want) func(testing.TB, []byte) {
	return func(t testing.TB, b []byte) {
		f, err := parse(b)
		if err != nil {
			t.Error(err)
		}
		if n := len(f.Values.Or(nil)); n != count {
			t.Errorf("%d values", n)
		}
		for _, w := range all {
			if v := f.Get(w.name); !fact.Is(v, w.value) || v.Line() != w.line {
				t.Errorf("%s is %q at line %d", w.name, v, v.Line())
			}
		}
		if v := f.Get("no.such.name"); v.Known() {
			t.Errorf("no.such.name is %q", v)
		}
	}
}

func TestGrammars(t *testing.T) {
	grammar.Check(t, []grammar.Row{
		{From: 26, To: 36, Mark: grammar.Composed, Text: getprop26, Check: has(Parse, 7,
			want{"dalvik.vm.heapsize", "512m", 1},
			want{"persist.sys.boot.reason.history", "reboot,userrequested,1777928252\nshutdown,1777920673", 2},
			want{"ro.build.version.sdk", "26", 4}, want{"ro.empty", "", 5}, want{"ro.odd", "a]: [b]", 6},
			want{"sys.boot_completed", "1", 8})},
		{From: 26, To: 36, Mark: grammar.Composed, Text: settings26, Check: has(ParseSettings, 7,
			want{"adb_enabled", "1", 1}, want{"allowed_geolocation_origins", "http://a.example http://b.example", 2},
			want{"data", `{"level":[1,2]}`, 3}, want{"encoded", "YQ==", 4},
			want{"lock_screen_note", "first\nsecond line", 5}, want{"none", "null", 7}, want{"empty", "", 8})},
		{From: 28, To: 28, Maker: "GWM", Mark: grammar.Captured, File: "misc/004-a9-automotive-getprop.txt", Check: has(Parse, 989,
			want{"ro.build.version.sdk", "28", 785}, want{"ro.product.manufacturer", "QUALCOMM", 840},
			want{"persist.vendor.gwm.cfg.bean_file_version", "cfgVersion:E0480037", 169})},
		{From: 34, To: 34, Maker: "Xiaomi", Mark: grammar.Captured, File: "misc/002-a14-hyperos-getprop.txt", Check: has(Parse, 1178,
			want{"ro.build.version.sdk", "34", 830}, want{"ro.mi.os.version.incremental", "OS2.0.12.0.UMZEUXM", 902})},
		{From: 34, To: 34, Maker: "Xiaomi", Mark: grammar.Captured, File: "misc/019-a14-hyperos-settings-list-secure.txt", Check: has(ParseSettings, 120,
			want{"accessibility_enabled", "1", 10}, want{"FBO_RULES", "", 1}, want{"active_unlock_target", "null", 16}, want{"dropbox:data_app_anr", "disabled", 82})},
	})
}

func TestProblems(t *testing.T) {
	for name, c := range map[string]struct {
		parse func([]byte) (Facts, error)
		text  string
		want  text.Kind
		count int
	}{
		"nothing":          {Parse, "\n", text.Empty, 0},
		"something else":   {Parse, "Current Battery Service state:\n", text.NotADump, 0},
		"cut":              {Parse, "[a]: [1]\n[b]: [2", text.Truncated, 2},
		"settings as prop": {Parse, settings26, text.NotADump, 0},
		"prop as settings": {ParseSettings, "[a]: [1=2]\n", text.NotADump, 0},
		"denied":           {ParseSettings, denied, text.Denied, 0},
		"no namespace":     {ParseSettings, "Invalid namespace 'x'\n", text.NotADump, 0},
	} {
		f, err := c.parse([]byte(c.text))
		if !errors.Is(err, &text.Problem{Kind: c.want}) {
			if p, ok := text.AsProblem(err); !ok || p.Kind != c.want {
				t.Errorf("%s: %v", name, err)
			}
		}
		if n := len(f.Values.Or(nil)); n != c.count {
			t.Errorf("%s: %d values", name, n)
		}
	}
}
