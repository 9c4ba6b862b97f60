package peers

import (
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/ringproof/ringproof/harness/dumpsys/activity"
	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/packagelist"
	"github.com/ringproof/ringproof/harness/dumpsys/packages"
	"github.com/ringproof/ringproof/harness/dumpsys/power"
	"github.com/ringproof/ringproof/harness/dumpsys/ps"
	"github.com/ringproof/ringproof/harness/dumpsys/replies"
	"github.com/ringproof/ringproof/harness/dumpsys/window"
	"github.com/ringproof/ringproof/harness/internal/captures"
)

// files are the texts of a folder.
func files(t *testing.T, folder string) []string {
	t.Helper()
	dir := captures.Dir(t)
	found, err := filepath.Glob(filepath.Join(dir, folder, "*"))
	if err != nil || len(found) == 0 {
		t.Fatalf("%s: %v", folder, err)
	}
	for i, f := range found {
		found[i] = folder + "/" + filepath.Base(f)
	}
	return found
}

// words prints a JSON value: lists are sorted and joined.
func words(v json.RawMessage) string {
	var list []any
	if json.Unmarshal(v, &list) == nil {
		out := make([]string, len(list))
		for i, e := range list {
			out[i] = fmt.Sprint(e)
		}
		return joined(out)
	}
	return strings.Trim(string(v), `"`)
}

func joined(list []string) string {
	slices.Sort(list)
	return strings.Join(slices.Compact(list), " ")
}

func told[T any](v fact.Value[T]) string { return v.String() }

// focusQuestions: which activity is in front.
func focusQuestions(t *testing.T) []question {
	var out []question
	texts := files(t, "window")
	for _, name := range files(t, "activity") {
		if strings.Contains(name, "activities") {
			texts = append(texts, name)
		}
	}
	for _, name := range texts {
		f, _ := window.Parse(captures.File(t, name))
		ours := "unknown"
		for _, focus := range []fact.Value[window.Focus]{f.Focus, f.FocusedApp} { // the app's, if there is one
			if v, ok := focus.Get(); ok {
				ours = v.Package + "/" + v.Activity
			}
		}
		out = append(out, question{"focused activity", name, call{
			"getFocusedPackageAndActivity", []any{}, 34, map[string]string{"dumpsys window": read(t, name)},
		}, func(v json.RawMessage) string {
			var a struct{ AppPackage, AppActivity string }
			if err := json.Unmarshal(v, &a); err != nil {
				return err.Error()
			}
			if strings.HasPrefix(a.AppActivity, ".") {
				a.AppActivity = a.AppPackage + a.AppActivity
			}
			return a.AppPackage + "/" + a.AppActivity
		}, ours})
	}
	return out
}

// lockQuestions: whether the lock screen is up or the screen off, which the
// peer answers in one, and whether the phone dozes.
func lockQuestions(t *testing.T) []question {
	var out []question
	for _, name := range slices.Concat(files(t, "window"), []string{"activity/001-a13-mtk-tablet-locked-asleep-activities.txt", "activity/005-a14-hyperos-pad6-activities.txt"}) {
		f, _ := window.Parse(captures.File(t, name))
		ours := told(f.Keyguard.Showing)
		if fact.Is(f.Screen, "OFF") {
			ours = "true"
		}
		out = append(out, question{"locked or off", name, call{
			"isScreenLocked", []any{}, 34, map[string]string{"dumpsys window": read(t, name), "dumpsys power": ""},
		}, words, ours})
	}
	for _, name := range []string{"power/001-a13-mtk-tablet-asleep-power.txt", "power/003-a14-hyperos-pad6-power.txt"} {
		f, _ := power.Parse(captures.File(t, name))
		out = append(out, question{"dozing", name, call{
			"isScreenLocked", []any{}, 34, map[string]string{"dumpsys window": "", "dumpsys power": read(t, name)},
		}, words, strconv.FormatBool(string(f.Wakefulness.Or("")) == "Dozing")})
	}
	return out
}

// packageQuestions: what is installed, in which version and with which
// permissions.
func packageQuestions(t *testing.T) []question {
	var out []question
	field := func(name string) func(json.RawMessage) string {
		return func(v json.RawMessage) string {
			var all map[string]json.RawMessage
			if err := json.Unmarshal(v, &all); err != nil {
				return err.Error()
			}
			return words(all[name])
		}
	}
	for _, name := range []string{
		"package/001-a11-lineage18-package-with-dpc.txt", "package/002-a11-oppo-package-runtime-perms.txt",
		"package/004-a14-automotive-multiuser-package.txt", "package/008-mvt-fixture-dumpsys-packages.txt",
	} {
		f, _ := packages.Parse(captures.File(t, name))
		for _, p := range f.Packages.Or(nil) {
			ask := func(about, method string, args []any, theirs func(json.RawMessage) string, ours string) {
				out = append(out, question{about, name + " " + p.Name, call{method, args, 34, map[string]string{"dumpsys package": read(t, name)}}, theirs, ours})
			}
			pkg := []any{p.Name}
			ask("installed for user 0", "getPackageInfo", pkg, field("isInstalled"), told(f.Installed(p.Name, 0)))
			ask("version name", "getPackageInfo", pkg, field("versionName"), told(p.VersionName))
			ask("version code", "getPackageInfo", pkg, field("versionCode"), told(p.VersionCode))
			ask("target SDK", "targetSdkVersionUsingPKG", pkg, words, told(p.TargetSDK))
			granted, denied := permissions(p)
			ask("requested permissions", "getReqPermissions", pkg, words, joined(slices.Clone(p.Requested.Or(nil))))
			ask("granted permissions", "getGrantedPermissions", pkg, words, granted)
			ask("denied permissions", "getDeniedPermissions", pkg, words, denied)
		}
	}
	const unknown = "misc/014-negative-dumpsys-package-unknown.txt"
	f, _ := packages.Parse(captures.File(t, unknown))
	out = append(out, question{"installed for user 0", unknown, call{
		"getPackageInfo", []any{"com.funnyenglish.app"}, 34, map[string]string{"dumpsys package": read(t, unknown)},
	}, field("isInstalled"), told(f.Installed("com.funnyenglish.app", 0))})

	const list = "misc/009-a14-hyperos-pm-list-packages.txt"
	l, _ := packagelist.Parse(captures.File(t, list))
	var names []string
	for _, p := range l.Packages.Or(nil) {
		names = append(names, p.Name)
	}
	out = append(out, question{"installed packages", list, call{
		"listInstalledPackages", []any{}, 34, map[string]string{"cmd package list packages": read(t, list)},
	}, func(v json.RawMessage) string {
		var all []struct{ AppPackage string }
		if err := json.Unmarshal(v, &all); err != nil {
			return err.Error()
		}
		var got []string
		for _, p := range all {
			got = append(got, p.AppPackage)
		}
		return joined(got)
	}, joined(names)})
	return out
}

// permissions are a package's for user 0, at installation and at run time.
func permissions(p packages.Package) (granted, denied string) {
	var yes, no []string
	u, _ := p.User(0).Get()
	for _, q := range slices.Concat(p.Install.Or(nil), u.Runtime.Or(nil)) {
		if q.Granted {
			yes = append(yes, q.Name)
		} else {
			no = append(no, q.Name)
		}
	}
	return joined(yes), joined(no)
}

// processQuestions: which processes run.
func processQuestions(t *testing.T) []question {
	var out []question
	for _, name := range []string{"activity/006-a14-hyperos-pad6-processes.txt", "activity/009-a9-automotive-processes.txt"} {
		f, _ := activity.ParseProcesses(captures.File(t, name))
		pids := map[string][]string{}
		for _, p := range f.Processes.Or(nil) {
			pids[p.Name] = append(pids[p.Name], strconv.Itoa(p.PID))
		}
		for _, process := range slices.Sorted(maps.Keys(pids)) {
			out = append(out, question{"pids by dumpsys", name + " " + process, call{
				"listAppProcessIds", []any{process}, 34, map[string]string{"dumpsys activity processes": read(t, name)},
			}, words, joined(pids[process])})
		}
	}
	const table = "misc/010-mvt-fixture-ps.txt"
	f, _ := ps.Parse(captures.File(t, table))
	answers := map[string]string{"ps --help": "-A\tAll processes", "ps -A": read(t, table)}
	for _, p := range f.Processes.Or(nil) {
		out = append(out,
			question{"pids by ps", table + " " + p.Name, call{"getProcessIdsByName", []any{p.Name}, 34, answers}, words, strconv.Itoa(p.PID)},
			question{"name by ps", table + " " + p.Name, call{"getProcessNameById", []any{p.PID}, 34, answers}, words, p.Name})
	}
	return out
}

// settingQuestions: what locksettings answers. The corpus has none of its
// texts; these are typed from LockSettingsShellCommand.
func settingQuestions() []question {
	var out []question
	for _, answer := range []string{
		"true", "false", "Old password '1234' didn't match", "Credential can't be null or empty",
	} {
		l, _ := replies.ParseLock([]byte(answer))
		ours := "unknown"
		if off, ok := l.Disabled.Get(); ok {
			ours = strconv.FormatBool(!off)
		} else if r, ok := l.Refusal.Get(); ok {
			ours = strconv.FormatBool(r.Kind == replies.BadCredential)
		}
		out = append(out, question{"lock is enabled", answer, call{"isLockEnabled", []any{}, 34, map[string]string{"locksettings get-disabled": answer}}, words, ours})
	}
	for _, answer := range []string{"Lock credential verified successfully", "Old password '1234' didn't match"} {
		l, _ := replies.ParseLock([]byte(answer))
		out = append(out, question{"credential is right", answer, call{"verifyLockCredential", []any{"1234"}, 34, map[string]string{"locksettings verify": answer}}, words, told(l.Accepted)})
	}
	return out
}
