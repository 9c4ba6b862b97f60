package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"

	"github.com/ringproof/ringproof/harness/config"
)

// module is a module with a settings file; it returns its root and a package's
// folder in it. The environment of whoever runs the tests is kept out.
func module(t *testing.T, settings string) (root, pkg string) {
	t.Helper()
	for _, e := range os.Environ() {
		if name, _, _ := strings.Cut(e, "="); strings.HasPrefix(name, "RINGPROOF_") {
			t.Setenv(name, "")
		}
	}
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	pkg = filepath.Join(root, "a", "b")
	if err := os.MkdirAll(pkg, 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(root, "go.mod"), "module example.org/shop\n")
	if settings != "" {
		write(t, filepath.Join(root, config.FileName), settings)
	}
	return root, pkg
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func flags(t *testing.T, args ...string) *pflag.FlagSet {
	t.Helper()
	f := pflag.NewFlagSet("run", pflag.ContinueOnError)
	config.AddFlags(f)
	if err := f.Parse(args); err != nil {
		t.Fatal(err)
	}
	return f
}

func TestDefaults(t *testing.T) {
	root, pkg := module(t, "")
	for name, f := range map[string]*pflag.FlagSet{"no flags": nil, "flags not given": flags(t)} {
		got, err := config.Load(config.Source{Dir: pkg, Flags: f})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		want := config.Settings{
			Root: root, Devices: config.Devices{Virtual: true}, App: config.App{Builtin: "reference"}, Delivery: "any",
			Report: filepath.Join(root, "reports", "out"), Pictures: "phases", Phones: 1, Seed: 1,
		}
		if d := cmp.Diff(want, got, equateEmpty); d != "" {
			t.Errorf("%s: settings (-want +got):\n%s", name, d)
		}
	}
}

var equateEmpty = cmp.FilterValues(func(a, b []string) bool { return len(a) == 0 && len(b) == 0 }, cmp.Ignore())

func TestFile(t *testing.T) {
	root, pkg := module(t, `
devices: [R58M123, 10.0.0.5:5555, "0123456789"]
app: profiles/shop.yaml
adb: 10.0.0.9:5038
delivery: root
tags: [smoke, lockscreen]
filter: "!bluetooth"
report: /var/tmp/out
pictures: failures
video: true
phones: 3
corpus: texts
state: .state
seed: -7
mute-log: true
real-time: true
`)
	got, err := config.Load(config.Source{Dir: pkg})
	if err != nil {
		t.Fatal(err)
	}
	want := config.Settings{
		Root: root, File: filepath.Join(root, "ringproof.yaml"),
		Devices: config.Devices{Attached: true, Serials: []string{"R58M123", "10.0.0.5:5555", "0123456789"}},
		App:     config.App{File: filepath.Join(root, "profiles", "shop.yaml")}, Delivery: "root",
		ADB: "10.0.0.9:5038", Tags: []string{"smoke", "lockscreen"}, Filter: "!bluetooth",
		Report: "/var/tmp/out", Corpus: filepath.Join(root, "texts"), State: filepath.Join(root, ".state"),
		Pictures: "failures", Video: true, Phones: 3, Seed: -7, MuteLog: true, RealTime: true,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("settings (-want +got):\n%s", d)
	}
	if f := got.LabelFilter(); f != "(smoke || lockscreen) && (!bluetooth)" {
		t.Errorf("label filter %q", f)
	}
}

func TestPrecedence(t *testing.T) {
	_, pkg := module(t, "devices: FROMFILE\nseed: 2\napp: guide\nmute-log: true\n")
	t.Setenv("RINGPROOF_DEVICES", "ONE, TWO")
	t.Setenv("RINGPROOF_SEED", "3")
	t.Setenv("RINGPROOF_REAL_TIME", "true")
	got, err := config.Load(config.Source{Dir: pkg, Flags: flags(t, "--seed", "4", "--tag", "smoke", "--tag", "doze,dnd", "--mute-log=false")})
	if err != nil {
		t.Fatal(err)
	}
	if got.Seed != 4 {
		t.Errorf("seed %d, want the flag's 4", got.Seed)
	}
	if d := cmp.Diff([]string{"ONE", "TWO"}, got.Devices.Serials); d != "" {
		t.Errorf("serials, want the variable's (-want +got):\n%s", d)
	}
	if got.App.Builtin != "guide" {
		t.Errorf("app %+v, want the file's: a flag that was not given must not win with its default", got.App)
	}
	if got.MuteLog || !got.RealTime {
		t.Errorf("mute-log %v, real-time %v, want the flag's false and the variable's true", got.MuteLog, got.RealTime)
	}
	if d := cmp.Diff([]string{"smoke", "doze", "dnd"}, got.Tags); d != "" {
		t.Errorf("tags (-want +got):\n%s", d)
	}
	if f := got.LabelFilter(); f != "smoke || doze || dnd" {
		t.Errorf("label filter %q", f)
	}
}

func TestErrors(t *testing.T) {
	for _, c := range []struct{ name, file, env, value, flag, want string }{
		{name: "unknown key", file: "device: virtual\n",
			want: "ROOT/ringproof.yaml: device: unknown setting: the known ones are devices, app, apk, may-uninstall, delivery, adb, tags, scenario, filter, python, headsets, lines, defect, report, pictures, video, phones, corpus, state, seed, api, maker, trusted, mute-log, real-time"},
		{name: "nested key", file: "devices:\n  serial: X\n", want: "ROOT/ringproof.yaml: devices: wants a value, got a mapping"},
		{name: "unknown nested key", file: "phone:\n  serial: X\n",
			want: "ROOT/ringproof.yaml: phone.serial: unknown setting: the known ones are devices, app, apk, may-uninstall, delivery, adb, tags, scenario, filter, python, headsets, lines, defect, report, pictures, video, phones, corpus, state, seed, api, maker, trusted, mute-log, real-time"},
		{name: "no number", file: "seed: soon\n", want: `ROOT/ringproof.yaml: seed: wants a whole number, got "soon"`},
		{name: "no truth value", file: "mute-log: maybe\n", want: `ROOT/ringproof.yaml: mute-log: wants true or false, got "maybe"`},
		{name: "a list", file: "app: [reference, guide]\n", want: "ROOT/ringproof.yaml: app: wants one value, got a list of 2"},
		{name: "no delivery", file: "delivery: pigeon\n", want: `ROOT/ringproof.yaml: delivery: wants any, debug or root, got "pigeon"`},
		{name: "no app", file: "app: referense\n", want: `ROOT/ringproof.yaml: app: wants reference, guide or the file of a profile (.yaml), got "referense"`},
		{name: "mixed devices", file: "devices: [virtual, X]\n",
			want: `ROOT/ringproof.yaml: devices: "virtual" stands alone: it cannot be mixed with serials or with another word`},
		{name: "no devices", file: "devices: []\n", want: "ROOT/ringproof.yaml: devices: wants virtual, attached or serials, got nothing"},
		{name: "serial read as an octal number", file: "devices: [X, 0177]\n", want: "ROOT/ringproof.yaml: devices: wants texts, got 127: put it in quotes"},
		{name: "serial read as a number", file: "devices: 123456\n", want: "ROOT/ringproof.yaml: devices: wants texts, got 123456: put it in quotes"},
		{name: "serial twice", file: "devices: X,X\n", want: `ROOT/ringproof.yaml: devices: the serial "X" is given twice`},
		{name: "no tag", file: "tags: smoke && doze\n", want: `ROOT/ringproof.yaml: tags: "smoke && doze" is no tag: one word such as smoke; use filter for expressions`},
		{name: "variable", env: "RINGPROOF_ADB", value: "5037", want: `the environment: RINGPROOF_ADB: wants host:port such as 127.0.0.1:5037, got "5037"`},
		{name: "variable with a dash", env: "RINGPROOF_REAL_TIME", value: "now", want: `the environment: RINGPROOF_REAL_TIME: wants true or false, got "now"`},
		{name: "flag", file: "seed: 1\n", flag: "--seed=x", want: `the command line: --seed: wants a whole number, got "x"`},
		{name: "port", flag: "--adb=host:99999", want: `the command line: --adb: wants host:port such as 127.0.0.1:5037, got "host:99999"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			root, pkg := module(t, c.file)
			if c.env != "" {
				t.Setenv(c.env, c.value)
			}
			src := config.Source{Dir: pkg}
			if c.flag != "" {
				src.Flags = flags(t, c.flag)
			}
			_, err := config.Load(src)
			if err == nil {
				t.Fatal("no error")
			}
			if d := cmp.Diff(strings.ReplaceAll(c.want, "ROOT", root), err.Error()); d != "" {
				t.Errorf("message (-want +got):\n%s", d)
			}
			var e *config.Error
			if !errors.As(err, &e) {
				t.Errorf("not a *config.Error: %#v", err)
			}
		})
	}
}

func TestOwnFile(t *testing.T) {
	root, pkg := module(t, "seed: 2\n")
	write(t, filepath.Join(root, "ci.yaml"), "seed: 5\n")
	got, err := config.Load(config.Source{Dir: pkg, File: "ci.yaml"})
	if err != nil || got.Seed != 5 || got.File != filepath.Join(root, "ci.yaml") {
		t.Errorf("seed %d from %q, %v: want ci.yaml's 5", got.Seed, got.File, err)
	}
	if _, err := config.Load(config.Source{Dir: pkg, File: "no.yaml"}); !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), "no.yaml") {
		t.Errorf("a named file that is not there gives %v", err)
	}
	write(t, filepath.Join(root, "bad.yaml"), "seed: [\n")
	if _, err := config.Load(config.Source{Dir: pkg, File: "bad.yaml"}); err == nil || !strings.Contains(err.Error(), "bad.yaml") {
		t.Errorf("a file that is no YAML gives %v", err)
	}
}

func TestRootWithoutModule(t *testing.T) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if got, err := config.Root(dir); err != nil || got != dir {
		t.Errorf("root of a folder outside of modules: %q, %v", got, err)
	}
	// A folder that happens to be called go.mod makes no module.
	if err := os.MkdirAll(filepath.Join(dir, "x", "go.mod"), 0o755); err != nil {
		t.Fatal(err)
	}
	if got, err := config.Root(filepath.Join(dir, "x")); err != nil || got != filepath.Join(dir, "x") {
		t.Errorf("got %q, %v", got, err)
	}
}
