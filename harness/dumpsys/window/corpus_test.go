package window

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/ringproof/ringproof/harness/internal/captures"
)

// What a person sees: focus title, its line, keyguard showing, occluded,
// secure, interactive, and the number of windows listed.
var seen = map[string]struct {
	focus                                  string
	line                                   int
	showing, occluded, secure, interactive string
	windows                                int
}{
	"window/001-a7.1-emulator-api25-windows-settings.txt": {"unknown", 0, "unknown", "unknown", "unknown", "unknown", 4},
	"window/002-a8.0-emulator-api26-windows-settings.txt": {"com.android.settings/com.android.settings.Settings", 223, "unknown", "unknown", "unknown", "unknown", 8},
	"window/003-a8.1-emulator-api27-windows-settings.txt": {"com.android.settings/com.android.settings.Settings", 239, "unknown", "unknown", "unknown", "unknown", 8},
	"window/004-a9-emulator-api28-windows-settings.txt":   {"com.android.settings/com.android.settings.Settings", 412, "unknown", "unknown", "unknown", "unknown", 13},
	"window/005-a10-emulator-api29-windows-settings.txt":  {"unknown", 0, "unknown", "unknown", "unknown", "unknown", 8},
	"window/006-a11-emulator-api30-windows-settings.txt":  {"unknown", 0, "unknown", "unknown", "unknown", "unknown", 10},
	"window/007-a12-emulator-api31-windows-settings.txt":  {"unknown", 0, "unknown", "unknown", "unknown", "unknown", 10},
	"window/009-a13-emulator-api33-windows-settings.txt":  {"unknown", 0, "unknown", "unknown", "unknown", "unknown", 13},
	"window/010-a14-emulator-api34-windows-settings.txt":  {"unknown", 0, "unknown", "unknown", "unknown", "unknown", 13},
	"window/012-a16-emulator-api36-windows-settings.txt":  {"unknown", 0, "unknown", "unknown", "unknown", "unknown", 11},
	"window/013-emulator-windows-with-popup.txt":          {"unknown", 0, "unknown", "unknown", "unknown", "unknown", 15},
	"window/015-fixture-window-anr-focus.txt":             {"Application Not Responding: com.example.app", 2, "unknown", "unknown", "unknown", "unknown", 0},
	"window/016-fixture-window-crash-focus.txt":           {"Application Error: com.example.app", 2, "unknown", "unknown", "unknown", "unknown", 0},
	"window/017-fixture-window-normal-focus.txt":          {"com.example.app/com.example.app.MainActivity", 2, "unknown", "unknown", "unknown", "unknown", 0},
	"window/021-fixture-a11plus-delegate-screen-off.txt":  {"unknown", 0, "false", "false", "false", "false", 0},

	"activity/001-a13-mtk-tablet-locked-asleep-activities.txt": {"NotificationShade", 322, "true", "false", "unknown", "unknown", 0},
	"activity/002-a14-emulator-nexuslauncher-activities.txt":   {"com.google.android.apps.nexuslauncher/com.google.android.apps.nexuslauncher.NexusLauncherActivity", 170, "false", "false", "unknown", "unknown", 0},
	"activity/004-samsung-launcher-whatsapp-activities.txt":    {"com.sec.android.app.launcher/com.sec.android.app.launcher.activities.LauncherActivity", 155, "false", "unknown", "unknown", "unknown", 0},
	"activity/005-a14-hyperos-pad6-activities.txt":             {"com.termux/com.termux.app.TermuxActivity", 74, "false", "false", "unknown", "unknown", 0},
	"activity/008-a9-automotive-activities.txt":                {"unknown", 0, "false", "false", "unknown", "unknown", 0},
}

func TestCorpus(t *testing.T) {
	dir := captures.Dir(t)
	files, _ := filepath.Glob(filepath.Join(dir, "window", "*"))
	for _, f := range files {
		if _, ok := seen["window/"+filepath.Base(f)]; !ok {
			t.Errorf("%s: nobody wrote down what is in it", filepath.Base(f))
		}
	}
	for name, want := range seen {
		t.Run(filepath.Base(name), func(t *testing.T) {
			b, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			f, err := Parse(b)
			if err != nil {
				t.Fatal(err)
			}
			focus := "unknown"
			if v, ok := f.Focus.Get(); ok {
				focus = v.Title
			}
			k := f.Keyguard
			if focus != want.focus || f.Focus.Line() != want.line || k.Showing.String() != want.showing || k.Occluded.String() != want.occluded ||
				k.Secure.String() != want.secure || f.Interactive.String() != want.interactive || len(f.Windows.Or(nil)) != want.windows {
				t.Errorf("focus %s (line %d), showing %v, occluded %v, secure %v, interactive %v, %d windows\nwant %+v",
					focus, f.Focus.Line(), k.Showing, k.Occluded, k.Secure, f.Interactive, len(f.Windows.Or(nil)), want)
			}
		})
	}
}
