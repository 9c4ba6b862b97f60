package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"
	"github.com/spf13/viper"

	"github.com/ringproof/ringproof/harness/gear"
)

// FileName is the settings file in the module's root. It need not exist.
const FileName = "ringproof.yaml"

// Settings are the settings of one run, checked and with absolute paths.
type Settings struct {
	// Root is the folder of the go.mod at or above the working folder, or the
	// working folder itself if there is none.
	Root string
	// File is the settings file that was read, "" if there was none.
	File string

	Devices Devices
	App     App
	// APK is the file of the app under test, "" for the embedded one of a
	// built-in app, or for whatever is installed.
	APK string
	// MayUninstall allows to remove an installed app that the APK cannot
	// replace.
	MayUninstall bool
	// Delivery is "any", "debug" or "root".
	Delivery string
	// ADB is host:port of the adb server, "" for adb's own default.
	ADB string
	// Scenarios are ids of scenarios; Tags and Filter choose among them, or
	// among all if there are none. See LabelFilter.
	Scenarios []string
	Tags      []string
	Filter    string
	// Python runs headsets that are a program, "" for the one on the path.
	Python string
	// Gear is what stands beside attached phones, by serial: headsets and second
	// lines.
	Gear gear.Set
	// Report, Corpus and State are folders. Corpus and State may be "".
	Report, Corpus, State string
	// Pictures is "phases", "failures" or "never": when the record gets pictures
	// of the screen. Video asks for a film of each failure.
	Pictures string
	Video    bool
	// Phones is how many phones are used side by side; with virtual ones it is
	// how many are made.
	Phones int
	// Defects are the defects that the sample app is seeded with, to see what
	// the scenarios make of it.
	Defects []string
	// Seed, API, Maker, Trusted, MuteLog and RealTime are for virtual phones only. Which
	// levels and makers there are is theirs to say.
	API               int
	Maker             string
	Trusted           bool
	Seed              int64
	MuteLog, RealTime bool
}

// App says where the profile of the app under test is: one of the two is set.
type App struct {
	// Builtin is "reference" or "guide".
	Builtin string
	// File is the path of a profile.
	File string
}

// LabelFilter is the expression that Ginkgo's -label-filter takes: one of the
// tags, and the filter. It is "" when everything runs.
func (s Settings) LabelFilter() string {
	tags := strings.Join(s.Tags, " || ")
	switch {
	case tags == "":
		return s.Filter
	case s.Filter == "":
		return tags
	default:
		return "(" + tags + ") && (" + s.Filter + ")"
	}
}

func (s *Settings) path(p string) string {
	if p == "" || filepath.IsAbs(p) {
		return p
	}
	return filepath.Join(s.Root, p)
}

// Source says where settings come from. The zero Source is the file in the
// module's root and the environment.
type Source struct {
	// Dir is the folder to start from, "" for the working folder.
	Dir string
	// File is read instead of ringproof.yaml and must then exist. A relative
	// one is relative to the module's root.
	File string
	// Flags, if not nil, are flags that AddFlags added, after parsing.
	Flags *pflag.FlagSet
}

// AddFlags adds a flag for every setting.
func AddFlags(flags *pflag.FlagSet) {
	for _, k := range keys() {
		switch {
		case k.list:
			flags.StringSlice(k.name, split(k.def), k.usage)
		case k.boolean:
			flags.Bool(k.name, k.def == "true", k.usage)
		default:
			flags.String(k.name, k.def, k.usage)
		}
	}
	if flags.Lookup("tag") == nil { // --tag smoke reads better than --tags smoke
		normalize := flags.GetNormalizeFunc()
		flags.SetNormalizeFunc(func(f *pflag.FlagSet, name string) pflag.NormalizedName {
			switch name {
			case "tag":
				name = "tags"
			case "device":
				name = "devices"
			}
			return normalize(f, name)
		})
	}
}

// Error says which setting is wrong and where it was given.
type Error struct {
	// Where is the settings file, "the environment" or "the command line".
	Where string
	// Key is the setting as it is called there: a key of the file, a
	// variable or a flag.
	Key string
	Err error
}

func (e *Error) Error() string { return fmt.Sprintf("%s: %s: %v", e.Where, e.Key, e.Err) }

func (e *Error) Unwrap() error { return e.Err }

// Load reads and checks the settings. An error about a setting is an *Error.
func Load(src Source) (Settings, error) {
	var s Settings
	root, err := Root(src.Dir)
	if err != nil {
		return Settings{}, err
	}
	s.Root = root
	v := viper.New()
	v.SetConfigType("yaml")
	v.SetEnvPrefix("RINGPROOF")
	v.SetEnvKeyReplacer(strings.NewReplacer("-", "_"))
	if err := s.read(v, src.File); err != nil {
		return Settings{}, err
	}
	for _, k := range keys() {
		if err := v.BindEnv(k.name); err != nil {
			return Settings{}, fmt.Errorf("bind setting %s to the environment: %w", k.name, err)
		}
		v.SetDefault(k.name, k.def)
		if src.Flags != nil {
			if f := src.Flags.Lookup(k.name); f != nil {
				if err := v.BindPFlag(k.name, f); err != nil {
					return Settings{}, fmt.Errorf("bind setting %s to its flag: %w", k.name, err)
				}
			}
		}
	}
	for _, k := range keys() {
		values, err := texts(v.Get(k.name), k.list)
		if err == nil {
			err = k.set(&s, values)
		}
		if err != nil {
			where, key := s.origin(v, src, k)
			return Settings{}, &Error{Where: where, Key: key, Err: err}
		}
	}
	return s, nil
}

// read reads the settings file, if there is one, and refuses unknown keys.
func (s *Settings) read(v *viper.Viper, file string) error {
	path := s.path(file)
	if file == "" {
		path = filepath.Join(s.Root, FileName)
	}
	if _, err := os.Stat(path); file == "" && errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	v.SetConfigFile(path)
	if err := v.ReadInConfig(); err != nil {
		return fmt.Errorf("read settings %s: %w", path, err)
	}
	s.File = path
	known := map[string]bool{}
	var names []string
	for _, k := range keys() {
		known[k.name] = true
		names = append(names, k.name)
	}
	// AllKeys has the way to every leaf ("devices.serial"); nothing is nested.
	given := v.AllKeys()
	slices.Sort(given)
	for _, g := range given {
		if top, _, nested := strings.Cut(g, "."); nested && known[top] {
			return &Error{Where: path, Key: top, Err: errors.New("wants a value, got a mapping")}
		}
		if !known[g] {
			return &Error{Where: path, Key: g, Err: fmt.Errorf("unknown setting: the known ones are %s", strings.Join(names, ", "))}
		}
	}
	return nil
}

// origin is where the value came from that viper chose.
func (s *Settings) origin(v *viper.Viper, src Source, k key) (where, name string) {
	if src.Flags != nil {
		if f := src.Flags.Lookup(k.name); f != nil && f.Changed {
			return "the command line", "--" + k.name
		}
	}
	if env := "RINGPROOF_" + strings.ToUpper(strings.ReplaceAll(k.name, "-", "_")); os.Getenv(env) != "" {
		return "the environment", env
	}
	if s.File != "" && v.InConfig(k.name) {
		return s.File, k.name
	}
	return "the defaults", k.name
}

// texts brings a value of a file, a variable or a flag into one form.
func texts(value any, list bool) ([]string, error) {
	switch x := value.(type) {
	case nil:
		return nil, nil
	case string:
		if list {
			return split(x), nil
		}
		return []string{x}, nil
	case []string:
		return x, nil
	case []any:
		if !list {
			return nil, fmt.Errorf("wants one value, got a list of %d", len(x))
		}
		out := make([]string, 0, len(x))
		for _, e := range x {
			text, ok := e.(string)
			if !ok { // YAML reads the serial 0177 as the number 127
				return nil, fmt.Errorf("wants texts, got %v: put it in quotes", e)
			}
			out = append(out, text)
		}
		return out, nil
	case map[string]any:
		return nil, errors.New("wants a value, got a mapping")
	default:
		if list {
			return nil, fmt.Errorf("wants texts, got %v: put it in quotes", x)
		}
		return []string{fmt.Sprint(x)}, nil
	}
}

// split cuts a list that is written in one text, as variables hold them.
func split(list string) []string {
	var out []string
	for e := range strings.SplitSeq(list, ",") {
		if e = strings.TrimSpace(e); e != "" {
			out = append(out, e)
		}
	}
	return out
}

// Root is the folder of the go.mod at or above dir ("" for the working
// folder), or dir itself if there is none: a run outside of any module.
func Root(dir string) (string, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("find the module's root: %w", err)
	}
	for at := abs; ; at = filepath.Dir(at) {
		if info, err := os.Stat(filepath.Join(at, "go.mod")); err == nil && info.Mode().IsRegular() {
			return at, nil
		}
		if at == filepath.Dir(at) {
			return abs, nil
		}
	}
}
