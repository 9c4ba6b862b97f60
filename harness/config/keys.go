package config

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/ringproof/ringproof/harness/gear"
)

// key is one setting: its name in the file (and, with -- before it, as a
// flag), what it means and how its value gets into the Settings. Every value
// arrives as text or as a list of texts.
type key struct {
	name  string
	usage string
	def   string
	// list says that the file may hold a list and a flag may be repeated.
	list bool
	// boolean says that the flag needs no value.
	boolean bool
	set     func(s *Settings, values []string) error
}

func keys() []key {
	return []key{
		{name: "devices", def: "virtual", list: true, set: (*Settings).setDevices,
			usage: "virtual, attached (the phones of the adb server), or serials of attached phones"},
		{name: "app", def: "reference", set: (*Settings).setApp,
			usage: "the app under test: reference, guide, or the file of a profile"},
		{name: "apk", set: func(s *Settings, v []string) error { s.APK = s.path(one(v)); return nil },
			usage: "the app's APK, to be installed or updated on phones that were named (default: a built-in app's own)"},
		{name: "may-uninstall", def: "false", boolean: true, set: boolean(func(s *Settings, b bool) { s.MayUninstall = b }),
			usage: "an installed app that the APK cannot replace may be removed, with its data"},
		{name: "delivery", def: "any", set: (*Settings).setDelivery,
			usage: "how pushes travel: debug (the app's test receiver), root (Firebase's own, needs root), or any"},
		{name: "adb", set: (*Settings).setADB,
			usage: "host:port of the adb server (default: what adb itself would use)"},
		{name: "tags", list: true, set: (*Settings).setTags,
			usage: "run only scenarios with one of these tags"},
		{name: "scenario", list: true, set: func(s *Settings, v []string) error { s.Scenarios = v; return nil },
			usage: "run only the scenarios with these ids"},
		{name: "filter", set: func(s *Settings, v []string) error { s.Filter = one(v); return nil },
			usage: `a label filter such as "lockscreen && !bluetooth"`},
		{name: "python", set: (*Settings).setPython,
			usage: "the Python with bumble, for headsets that are a program (default: what make headset made, else python3)"},
		{name: "headsets", list: true, set: (*Settings).setHeadsets,
			usage: "headsets of phones: SERIAL=ADDRESS for one that is bonded and switched on, SERIAL=ADDRESS@HOST:PORT for one that does what it is told there, SERIAL=bumble:usb:0 for a program with a USB dongle, SERIAL=bumble:android-netsim for one beside an emulator"},
		{name: "lines", list: true, set: (*Settings).setLines,
			usage: "second lines of phones: SERIAL=console for an emulator, SERIAL=NUMBER@SERIAL for a SIM that the second phone calls"},
		{name: "defect", list: true, set: func(s *Settings, v []string) error { s.Defects = v; return nil },
			usage: "seed the sample app with the defect of this name (ringproof defects lists them), to see it caught"},
		{name: "report", def: "reports/out", set: func(s *Settings, v []string) error { s.Report = s.path(one(v)); return nil },
			usage: "the folder that gets records and reports"},
		{name: "pictures", def: "phases", set: (*Settings).setPictures,
			usage: "when the record gets pictures of the screen: at the end of phases (and of failures), of failures only, or never"},
		{name: "video", def: "false", boolean: true, set: boolean(func(s *Settings, b bool) { s.Video = b }),
			usage: "the record gets a film of each failure, from phones that make one"},
		{name: "phones", def: "1", set: (*Settings).setPhones,
			usage: "how many phones run scenarios side by side"},
		{name: "corpus", set: func(s *Settings, v []string) error { s.Corpus = s.path(one(v)); return nil },
			usage: "a folder with texts that real phones printed"},
		{name: "state", set: func(s *Settings, v []string) error { s.State = s.path(one(v)); return nil },
			usage: "the folder of leases and restore journals (default: in the user's cache folder)"},
		{name: "seed", def: "1", set: (*Settings).setSeed,
			usage: "what virtual phones draw their jitter from"},
		{name: "api", def: "0", set: (*Settings).setAPI,
			usage: "the API level of virtual phones (0: the default one)"},
		{name: "maker", set: func(s *Settings, v []string) error { s.Maker = one(v); return nil },
			usage: "whose phones virtual phones behave like, such as pixel or samsung"},
		{name: "trusted", def: "false", boolean: true, set: boolean(func(s *Settings, b bool) { s.Trusted = b }),
			usage: "the owner of virtual phones has switched on what their maker keeps from adb"},
		{name: "mute-log", def: "false", boolean: true, set: boolean(func(s *Settings, b bool) { s.MuteLog = b }),
			usage: "virtual phones keep their log to themselves, as some makers' phones do"},
		{name: "real-time", def: "false", boolean: true, set: boolean(func(s *Settings, b bool) { s.RealTime = b }),
			usage: "virtual phones run at the speed of the clock on the wall"},
	}
}

// Devices says which phones a run may use.
type Devices struct {
	// Virtual: phones that the run makes itself. It excludes the other two.
	Virtual bool
	// Attached: every phone of the adb server, or, if Serials are given,
	// those.
	Attached bool
	Serials  []string
}

func one(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

func (s *Settings) setDevices(values []string) error {
	switch {
	case slices.Equal(values, []string{"virtual"}):
		s.Devices = Devices{Virtual: true}
		return nil
	case slices.Equal(values, []string{"attached"}):
		s.Devices = Devices{Attached: true}
		return nil
	case len(values) == 0:
		return errors.New("wants virtual, attached or serials, got nothing")
	}
	seen := map[string]bool{}
	for _, v := range values {
		if v == "virtual" || v == "attached" {
			return fmt.Errorf("%q stands alone: it cannot be mixed with serials or with another word", v)
		}
		if strings.ContainsFunc(v, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
			return fmt.Errorf("%q is no serial: \"adb devices\" prints serials", v)
		}
		if seen[v] {
			return fmt.Errorf("the serial %q is given twice", v)
		}
		seen[v] = true
	}
	s.Devices = Devices{Attached: true, Serials: values}
	return nil
}

func (s *Settings) setApp(values []string) error {
	v := one(values)
	switch {
	case v == "reference" || v == "guide":
		s.App = App{Builtin: v}
	case filepath.Ext(v) == ".yaml" || filepath.Ext(v) == ".yml":
		s.App = App{File: s.path(v)}
	default:
		return fmt.Errorf("wants reference, guide or the file of a profile (.yaml), got %q", v)
	}
	return nil
}

func (s *Settings) setDelivery(values []string) error {
	switch v := one(values); v {
	case "any", "debug", "root":
		s.Delivery = v
		return nil
	default:
		return fmt.Errorf("wants any, debug or root, got %q", v)
	}
}

func (s *Settings) setAPI(values []string) error {
	n, err := strconv.Atoi(one(values))
	if err != nil || n < 0 {
		return fmt.Errorf("wants an API level such as 34, got %q", one(values))
	}
	s.API = n
	return nil
}

func (s *Settings) setPictures(values []string) error {
	switch v := one(values); v {
	case "phases", "failures", "never":
		s.Pictures = v
		return nil
	default:
		return fmt.Errorf("wants phases, failures or never, got %q", v)
	}
}

// maxPhones bounds --phones: more than a machine can drive is a mistake.
const maxPhones = 64

func (s *Settings) setPhones(values []string) error {
	n, err := strconv.Atoi(one(values))
	if err != nil || n < 1 || n > maxPhones {
		return fmt.Errorf("wants 1 to %d, got %q", maxPhones, one(values))
	}
	s.Phones = n
	return nil
}

func (s *Settings) setADB(values []string) error {
	v := one(values)
	if v == "" {
		return nil
	}
	host, port, err := net.SplitHostPort(v)
	if n, portErr := strconv.Atoi(port); err != nil || host == "" || portErr != nil || n < 1 || n > 65535 {
		return fmt.Errorf("wants host:port such as 127.0.0.1:5037, got %q", v)
	}
	s.ADB = v
	return nil
}

// madePython is what make headset makes, in this module.
const madePython = "harness/gear/bumble/.venv/bin/python"

// setPython takes a path or a name that is looked for on the path.
func (s *Settings) setPython(values []string) error {
	switch v := one(values); {
	case strings.ContainsAny(v, `/\`):
		s.Python = s.path(v)
	case v != "":
		s.Python = v
	default:
		if made := s.path(madePython); exists(made) {
			s.Python = made
		}
	}
	return nil
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}

func (s *Settings) setHeadsets(values []string) error { return s.setGear(values, nil) }

func (s *Settings) setLines(values []string) error { return s.setGear(nil, values) }

// setGear adds what stands beside phones; headsets and lines come one after the
// other.
func (s *Settings) setGear(headsets, lines []string) error {
	set, err := gear.Parse(headsets, lines)
	if err != nil {
		return err
	}
	for serial, g := range set {
		if s.Gear == nil {
			s.Gear = gear.Set{}
		}
		have := s.Gear[serial]
		if g.Headset.Known() {
			have.Headset = g.Headset
			if g.Headset.Radio != "" {
				have.Headset.Python = s.Python
			}
		}
		if g.Line.Known() {
			have.Line = g.Line
		}
		s.Gear[serial] = have
	}
	return nil
}

var tag = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]*$`)

func (s *Settings) setTags(values []string) error {
	for _, v := range values {
		if !tag.MatchString(v) {
			return fmt.Errorf("%q is no tag: one word such as smoke; use filter for expressions", v)
		}
	}
	s.Tags = values
	return nil
}

func (s *Settings) setSeed(values []string) error {
	n, err := strconv.ParseInt(one(values), 10, 64)
	if err != nil {
		return fmt.Errorf("wants a whole number, got %q", one(values))
	}
	s.Seed = n
	return nil
}

func boolean(set func(*Settings, bool)) func(*Settings, []string) error {
	return func(s *Settings, values []string) error {
		b, err := strconv.ParseBool(one(values))
		if err != nil {
			return fmt.Errorf("wants true or false, got %q", one(values))
		}
		set(s, b)
		return nil
	}
}
