package packagelist

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
	"github.com/ringproof/ringproof/harness/internal/grammar"
)

// PackageManagerShellCommand.runListPackages; the order of the columns is that
// of the code, not that of the options.
const (
	plain = "package:com.android.phone\npackage:org.ringproof.sample\n"
	full  = "package:/data/app/~~nX_x9Q==/org.ringproof.sample-_3a==/base.apk=org.ringproof.sample versionCode:7  installer=com.android.vending uid:10234,1010234\n" +
		"package:/system/app/Old/Old.apk=com.example.old versionCode:1  installer=null uid:1000\n"
	denied = "\nException occurred while executing 'list':\njava.lang.SecurityException: Shell does not have permission to access user 150\n"
)

func TestGrammars(t *testing.T) {
	names := func(t testing.TB, b []byte) []string {
		f, err := Parse(b)
		if err != nil {
			t.Error(err)
		}
		var out []string
		for _, p := range f.Packages.Or(nil) {
			out = append(out, p.Name)
		}
		return out
	}
	grammar.Check(t, []grammar.Row{
		{From: 26, To: 36, Mark: grammar.Composed, Text: plain, Check: func(t testing.TB, b []byte) {
			if d := cmp.Diff([]string{"com.android.phone", "org.ringproof.sample"}, names(t, b)); d != "" {
				t.Error(d)
			}
			f, _ := Parse(b)
			if yes := f.Has("org.ringproof.sample"); !fact.Is(yes, true) || yes.Line() != 2 || !fact.Is(f.Has("org.ringproof"), false) {
				t.Error("a package that is listed is not found, or one is that is not")
			}
		}},
		// --show-versioncode is of API 28
		{From: 28, To: 36, Mark: grammar.Composed, Text: full, Check: func(t testing.TB, b []byte) {
			names(t, b)
			f, _ := Parse(b)
			all := f.Packages.Or(nil)
			if len(all) != 2 {
				t.Fatal(all)
			}
			a, z := all[0], all[1]
			if a.Name != "org.ringproof.sample" || !fact.Is(a.Path, "/data/app/~~nX_x9Q==/org.ringproof.sample-_3a==/base.apk") ||
				!fact.Is(a.Version, 7) || !fact.Is(a.Installer, "com.android.vending") || cmp.Diff([]string{"10234", "1010234"}, a.UIDs.Or(nil)) != "" {
				t.Errorf("%+v", a)
			}
			if z.Name != "com.example.old" || !fact.Is(z.Installer, "null") || z.Line != 2 {
				t.Errorf("%+v", z)
			}
		}},
		{From: 34, To: 34, Maker: "Xiaomi", Mark: grammar.Captured, File: "misc/009-a14-hyperos-pm-list-packages.txt", Check: func(t testing.TB, b []byte) {
			all := names(t, b)
			if len(all) != 55 || all[0] != "com.junkfood.seal" || all[25] != "com.whatsapp" || all[54] != "com.instagram.android" {
				t.Errorf("%d: %q", len(all), all)
			}
		}},
	})
}

func TestProblems(t *testing.T) {
	for in, want := range map[string]text.Kind{
		"":                        text.Empty,
		"Success\n":               text.NotADump,
		denied:                    text.Denied,
		"Error: unknown user 7\n": text.NotADump,
	} {
		f, err := Parse([]byte(in))
		if p, ok := text.AsProblem(err); !ok || p.Kind != want || f.Packages.Known() || f.Has("x").Known() {
			t.Errorf("%q: %v, %v", in, err, f)
		}
	}
}
