package telecom

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
	"github.com/ringproof/ringproof/harness/internal/captures"
)

// corpus is the folder of texts that real phones printed. They are not part of
// the project.
func corpus(t testing.TB, sub string) string {
	t.Helper()
	dir := captures.Dir(t)
	return filepath.Join(dir, sub)
}

// What a person sees in each file of the folder telecom.
var seen = map[string]struct {
	calls    string // "unknown" or the number of rows
	problem  text.Kind
	focus    string
	accounts string
	history  string
	fg       string
	sessions string
	// fragments are the rows that a person sees in a text that is no dump.
	fragments string
}{
	"001-dumpsys-api37-emulator-idle-full.txt":                  {"0", "", "UNFOCUSED", "1", "0", "", "0", "unknown"},
	"002-dumpsys-api37.2-emulator-idle-authorcut.txt":           {"0", "", "unknown", "unknown", "0", "", "unknown", "unknown"},
	"004-dumpsys-emulator-gsm-ringing-suspect.txt":              {"unknown", text.NotADump, "unknown", "unknown", "unknown", "unknown", "unknown", "TC@4 RINGING com.android.phone"},
	"005-dumpsys-emulator-gsm-active-row.txt":                   {"unknown", text.NotADump, "unknown", "unknown", "unknown", "unknown", "unknown", "TC@4 ACTIVE com.android.phone"},
	"006-dumpsys-emulator-gsm-nocalls-suspect.txt":              {"unknown", text.NotADump, "unknown", "unknown", "unknown", "unknown", "unknown", "unknown"},
	"008-dumpsys-samsung-s23-a16-filter-events.txt":             {"unknown", text.NotADump, "unknown", "unknown", "unknown", "unknown", "unknown", "unknown"},
	"010-dumpsys-coretelecom-phoneaccount-aura-condensed.txt":   {"unknown", text.NotADump, "unknown", "unknown", "unknown", "unknown", "unknown", "unknown"},
	"011-dumpsys-jetpack-cs-phoneaccount-domonap-condensed.txt": {"unknown", text.NotADump, "unknown", "unknown", "unknown", "unknown", "unknown", "unknown"},
	"012-dumpsys-oneplus12-a16-commsess-condensed.txt":          {"unknown", text.NotADump, "unknown", "unknown", "unknown", "unknown", "unknown", "unknown"},
	"../audio/007-a16-telecom-idle.txt":                         {"0", text.Truncated, "UNFOCUSED", "4", "unknown", "", "0", "unknown"},
}

func TestCorpus(t *testing.T) {
	dir := corpus(t, "telecom")
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files in %s: %v", dir, err)
	}
	for _, f := range files {
		if _, ok := seen[filepath.Base(f)]; !ok {
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
			if (err != nil) != (want.problem != "") {
				t.Errorf("error = %v, want %q", err, want.problem)
			}
			if p, ok := text.AsProblem(err); ok && p.Kind != want.problem {
				t.Errorf("problem = %v, want %s", p, want.problem)
			}
			for _, c := range []struct{ what, got, want string }{
				{"calls", count(f.Calls), want.calls},
				{"audio focus", f.AudioFocus.String(), want.focus},
				{"accounts", count(f.Accounts), want.accounts},
				{"history", count(f.History), want.history},
				{"foreground", f.Foreground.String(), want.fg},
				{"sessions", count(f.Sessions), want.sessions},
				{"route", f.Route.String(), "unknown"},
				{"muted", f.Muted.String(), "unknown"},
				{"fragments", rows(f.Fragments), want.fragments},
			} {
				if c.got != c.want {
					t.Errorf("%s = %s, want %s", c.what, c.got, c.want)
				}
			}
		})
	}
}

// rows is what a person sees of calls at a glance.
func rows(v fact.Value[[]Call]) string {
	calls, ok := v.Get()
	if !ok {
		return "unknown"
	}
	var out []string
	for _, c := range calls {
		out = append(out, fmt.Sprintf("%s %s %s", c.ID, c.State, c.Package))
	}
	return strings.Join(out, ", ")
}

// The accounts of a real Android 16 phone, and the lines they stand on.
func TestCorpusAccounts(t *testing.T) {
	b, err := os.ReadFile(filepath.Join(corpus(t, "audio"), "007-a16-telecom-idle.txt"))
	if err != nil {
		t.Fatal(err)
	}
	f, _ := Parse(b)
	a := f.Accounts.Or(nil)
	if len(a) != 4 {
		t.Fatalf("%d accounts, want 4", len(a))
	}
	for i, w := range []struct {
		pkg, class, id    string
		self, coreTelecom bool
		line              int
	}{
		{"com.android.phone", "com.android.services.telephony.TelephonyConnectionService", "6", false, false, 96},
		{"com.google.android.gm", "com.google.android.gm", "***", true, true, 97},
		{"com.google.android.apps.tachyon", "com.google.android.apps.tachyon.telecom.TachyonTelecomConnectionService", "***", true, false, 98},
		{"com.google.android.apps.tachyon", "com.google.android.apps.tachyon", "***", true, true, 99},
	} {
		if g := a[i]; g.Package != w.pkg || g.Class != w.class || g.ID != w.id || g.SelfManaged() != w.self ||
			g.CoreTelecom != w.coreTelecom || g.Line != w.line || !g.Enabled || g.Routes != "BESW" || g.User != 0 {
			t.Errorf("account %d = %+v", i, g)
		}
	}
	if n := len(f.AccountsOf("com.google.android.apps.tachyon").Or(nil)); n != 2 {
		t.Errorf("%d accounts of tachyon, want 2", n)
	}
}

// The one real row of the folder, alone in its file.
func TestCorpusRow(t *testing.T) {
	b, err := os.ReadFile(filepath.Join(corpus(t, "telecom"), "005-dumpsys-emulator-gsm-active-row.txt"))
	if err != nil {
		t.Fatal(err)
	}
	body, _ := text.Open(b, service)
	s := body.Lines()
	s.Next()
	line := s.Line()
	c, ok := parseRow(string(line.Text()), 1)
	if !ok || c.ID != "TC@4" || c.State != Active || c.Package.String() != "com.android.phone" ||
		c.Account.Or(AccountHandle{}).ID != "1" || !c.Manager.Known() || c.Handle != "tel:*********67" ||
		c.SelfManaged.String() != "false" || c.VoIP.String() != "false" || len(c.Capabilities.Or(nil)) != 5 {
		t.Errorf("row = %+v, %v", c, ok)
	}
}

func count[T any](v fact.Value[[]T]) string {
	s, ok := v.Get()
	if !ok {
		return "unknown"
	}
	return string(rune('0' + len(s)))
}
