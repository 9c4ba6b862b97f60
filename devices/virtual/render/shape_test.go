package render_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ringproof/ringproof/devices/virtual/android"
	"github.com/ringproof/ringproof/devices/virtual/render"
)

// The shape of a text is what stays when the phone changes: for each line its
// indentation and its keys. Two phones of the same release print the same shape,
// as far as they are in the same state. This file compares what is rendered with
// what real phones of the release printed; it knows nothing of the readers.

// shape is one line's indentation and keys.
type shape string

var (
	nested  = regexp.MustCompile(`\{[^{}]*\}|\[[^\[\]]*\]|\([^()]*\)`)
	keys    = regexp.MustCompile(`(?:^|[ ,:])([A-Za-z_][\w.]*)=+`)
	numbers = regexp.MustCompile(`\d+`)
)

// shapeOf reads a line. A line with key=value pairs is its keys in order, any
// other the text up to its first colon, or all of it, with numbers taken out.
func shapeOf(line string) shape {
	line = strings.TrimRight(line, " \r\n")
	trimmed := strings.TrimLeft(line, " ")
	indent := len(line) - len(trimmed)
	for was := ""; was != trimmed; {
		was, trimmed = trimmed, nested.ReplaceAllString(trimmed, "~")
	}
	var words []string
	for _, m := range keys.FindAllStringSubmatch(trimmed, -1) {
		words = append(words, m[1])
	}
	if len(words) == 0 {
		head, _, _ := strings.Cut(trimmed, ":")
		words = []string{numbers.ReplaceAllString(strings.TrimSpace(head), "#")}
	}
	return shape(fmt.Sprintf("%d|%s", indent, strings.Join(words, " ")))
}

// block is the lines of text from the first that matches from (itself included if
// whole) to before the first after it that matches to.
func block(text, from, to string) []string {
	start, end := regexp.MustCompile(from), regexp.MustCompile(to)
	var out []string
	in := false
	for _, line := range strings.Split(text, "\n") {
		switch {
		case !in && start.MatchString(line):
			in = true
		case in && to != "" && end.MatchString(line):
			return out
		case in && strings.TrimSpace(line) != "":
			out = append(out, line)
		}
	}
	return out
}

// row is one comparison.
type row struct {
	api     int
	maker   string
	file    string // in the corpus
	idle    bool   // nothing rings
	render  func(d *android.Device) string
	from    string // the block in the capture
	to      string
	ourFrom string // in the rendered text, as the capture's if ""
	ourTo   string // likewise
	// absent are shapes of the capture that are not rendered: parts of the phone
	// that are not simulated, or another state. A * at the end stands for anything.
	absent []string
	// whole asks that every other shape of the capture is rendered.
	whole bool
	// other are shapes that are rendered and not in the capture: another state.
	other []string
}

func notification(d *android.Device) string { return render.Notification(d, false, "") }

func rows() []row {
	const (
		appWindow = `Window #\d+ Window\{\S+ u0 com.android.settings/`
		ourWindow = `Window #\d+ Window\{\S+ u0 com.android.launcher3/`
		nextOne   = `^  Window #\d+|^  mGlobalConfiguration|^$`
	)
	var out []row
	for file, api := range map[string]int{
		"002-a8.0-emulator-api26": 26, "003-a8.1-emulator-api27": 27, "004-a9-emulator-api28": 28, "005-a10-emulator-api29": 29, "006-a11-emulator-api30": 30,
		"007-a12-emulator-api31": 31, "009-a13-emulator-api33": 33, "010-a14-emulator-api34": 34, "012-a16-emulator-api36": 36,
	} {
		file = "window/" + file + "-windows-settings.txt"
		out = append(out,
			row{api: api, file: file, render: render.Windows, from: appWindow, to: nextOne, ourFrom: ourWindow, whole: true,
				// What an app asks for by its theme; what only freezing leaves.
				absent: []string{"*|pfl", "*|vsysui", "*|apr", "*|fitSides", "*|mLastFreezeDuration", "*|mAttrs*", "*|mRequestedInsetsState*", "*|mSources"},
				other:  []string{"*|mAttrs*", "*|pfl"}},
			row{api: api, file: file, render: render.Windows, from: `^  mHasPermanentDpad`, to: `^----`, whole: true,
				absent: []string{"*|mInputMethodWindow", "*|Entry taskId*", "*|taskId", "*|topApp", "*|snapshot*", "*|displays", "*|UserSavedFile userId", "*|userId", "*|UserSavedFile*",
					"*|mNextAppTransition", "*|mAppTransitionState", "*|mLastUsedAppTransition", "*|mLastOpeningApp", "*|mLastClosingApp", "*|name pid user", "*|mInTouchMode mLayoutSeq"},
				other: []string{"*|mInTouchMode", "*|name", "*|mTopFocusedDisplayId"}})
	}
	const record, nextRecord = `NotificationRecord\(0x`, `NotificationRecord\(0x|^  \S|^  $|^$`
	someNotification := []string{"16|*", "*|actions", "*|extras", "*|publicNotification", "12|}", "14|}", "12|None", "12|*", "*|mRecentlyIntrusive", "*|mGlobalSortKey*"}
	ours := []string{"16|*", "12|actions", "14|}", "12|}", "*|mGlobalSortKey*"} // with a sort key or without
	out = append(out,
		row{api: 33, maker: "samsung", file: "notification/007-a13-samsung-redacted-system-tasker-play.txt", render: notification, from: record, to: nextRecord, whole: true, absent: someNotification, other: ours},
		row{api: 34, maker: "xiaomi", file: "notification/011-a14-hyperos2-pad6-redacted.txt", render: notification, from: record, to: nextRecord, whole: true, absent: someNotification, other: ours},
		row{api: 35, maker: "xiaomi", file: "notification/010-a15-hyperos-redacted-mojibake.txt", render: notification, from: record, to: nextRecord, whole: true, absent: someNotification, other: ours},
		row{api: 36, file: "notification/005-a16-pixel-noredact-voicemail-to-archive.txt", render: notification, from: record, to: nextRecord, whole: true, absent: someNotification, other: ours},
		row{api: 36, file: "notification/005-a16-pixel-noredact-voicemail-to-archive.txt", render: notification, from: `^      effectiveNotificationChannel`, to: `^  Snoozed`,
			absent: []string{"*|StatusBarNotification*", "*|..."}, whole: true, other: []string{"*|StatusBarNotification*"}},
		// What follows the diagnostic logger is indented otherwise: it threw.
		row{api: 36, file: "audio/007-a16-telecom-idle.txt", render: render.Telecom, from: `^CallsManager:`, to: `mEmergencyCallDiagnosticLogger`, whole: true, idle: true,
			absent: []string{"*|State", "*|PriorityQueue Messages", "*|AsyncPriorityQueue Messages", "*|~", "*|#-#*", "*|Exception was thrown*"},
			other:  []string{"*|END OF*", "*|#-#*"}},
		row{api: 33, file: "activity/001-a13-mtk-tablet-locked-asleep-activities.txt", render: render.Activities, from: `^  KeyguardController:`, to: `^  TaskOrganizerController`, whole: true, other: []string{"*|VisibleActivityProcess", "*|u#"}},
		row{api: 36, file: "activity/002-a14-emulator-nexuslauncher-activities.txt", render: render.Activities, from: `^  KeyguardController:`, to: `^  TaskOrganizerController`, whole: true, other: []string{"*|VisibleActivityProcess"}},
		row{api: 33, file: "activity/001-a13-mtk-tablet-locked-asleep-activities.txt", render: render.Activities, from: `^Display #0`, to: `^  KeyguardController`, other: []string{"*|topResumedActivity", "*|mShowWhenLocked*"}},
		row{api: 36, file: "activity/002-a14-emulator-nexuslauncher-activities.txt", render: render.Activities, from: `^Display #0`, to: `^  KeyguardController`, other: []string{"*|topResumedActivity", "*|mShowWhenLocked*", "*|compat*"}},
		row{api: 28, file: "activity/008-a9-automotive-activities.txt", render: render.Activities, from: `^Display #0`, to: `^Display #1`,
			other: []string{"2|*", "4|m*", "4|mHomeStack", "6|u#"}},
		row{api: 28, file: "activity/008-a9-automotive-activities.txt", render: render.Activities, from: `^  isHomeRecentsComponent`, to: `^----`, whole: true},
		row{api: 30, file: "package/002-a11-oppo-package-runtime-perms.txt", render: aPackage, from: `^Packages:`, to: `^    User 0:`,
			other: []string{"*|Package", "*|android.permission.*"}},
		row{api: 35, file: "package/004-a14-automotive-multiuser-package.txt", render: aPackage, from: `^Packages:`, to: `^Queries`,
			other: []string{"*|Package", "*|android.permission.*"}},
		row{api: 33, file: "power/001-a13-mtk-tablet-asleep-power.txt", render: render.Power, from: `^Power Manager State`, to: `^Wireless Charger|^Battery Saver`, other: []string{"*|UID*", "*|PARTIAL*", "*|SCREEN*"}},
		row{api: 34, maker: "xiaomi", file: "power/003-a14-hyperos-pad6-power.txt", render: render.Power, from: `^Power Manager State`, to: `^Wireless Charger|^Battery Saver`, other: []string{"*|UID*", "*|PARTIAL*", "*|SCREEN*"}},
		row{api: 29, file: "audio/004-a10-full.txt", render: render.Audio, from: `^MediaFocusControl`, to: `^Audio event log: wired`, other: []string{"*|source*", "*|Devices*", "*|~com.android.server.audio.Playback*"}}, // a phone has many listeners in one line, ours one
		row{api: 34, maker: "motorola", file: "audio/002-a14-moto-edge30pro-mode-and-broker.txt", render: render.Audio, from: `^Audio mode:`, to: `^AudioDeviceBroker:`, ourTo: `^Audio policies:`, other: []string{"*|- Mode*", "*|- *", "*|Requester*", "*|mMicMuteFromApi"}},
		row{api: 34, maker: "motorola", file: "audio/002-a14-moto-edge30pro-mode-and-broker.txt", render: render.Audio, from: `^AudioDeviceBroker:`, to: `^Events log: wired`},
		row{api: 34, maker: "motorola", file: "audio/005-a14-moto-edge30pro-media-session.txt", render: render.MediaSessions, from: `^MEDIA SESSION`, to: "", other: []string{"*|Media button session*"}},
		row{api: 34, maker: "xiaomi", file: "power/004-a14-hyperos-pad6-display.txt", render: render.Display, from: `^DISPLAY MANAGER`, to: `^  mPowerRequest`},
		row{api: 28, file: "activity/009-a9-automotive-processes.txt", render: processes, from: `^ACTIVITY MANAGER RUNNING`, to: `Process LRU list`},
		row{api: 28, file: "activity/011-a9-automotive-services-fg.txt", render: services, from: `ServiceRecord\{`, to: ""},
		row{api: 34, maker: "xiaomi", file: "misc/001-a14-hyperos-pad6-battery.txt", render: render.Battery, from: `^Current Battery`, to: ""},
	)
	return out
}

func processes(d *android.Device) string { return render.Processes(d, "") }

func services(d *android.Device) string { return render.Services(d, "") }

func aPackage(d *android.Device) string { return render.Package(d, app) }

// matches reports whether one of the patterns is the shape; a * matches anything.
func matches(patterns []string, s shape) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		return regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(p), `\*`, ".*") + "$").MatchString(string(s))
	})
}

func shapes(lines []string, without []string) []shape {
	var out []shape
	for _, l := range lines {
		if s := shapeOf(l); !matches(without, s) {
			out = append(out, s)
		}
	}
	return out
}

// after reports whether both shapes follow each other so somewhere in the lines.
func after(lines []shape, a, b shape) bool {
	first := slices.Index(lines, a)
	if first < 0 {
		return false
	}
	for i := len(lines) - 1; i > first; i-- {
		if lines[i] == b {
			return true
		}
	}
	return a == b
}

// What is rendered has the lines of captures of the same release, in their order;
// where a row says whole, all of them.
func TestShapeOfCaptures(t *testing.T) {
	corpus := os.Getenv("RINGPROOF_CORPUS")
	if corpus == "" {
		t.Skip("RINGPROOF_CORPUS names no folder with texts of real phones")
	}
	for _, r := range rows() {
		t.Run(fmt.Sprintf("%d%s-%s-%s", r.api, r.maker, filepath.Base(filepath.Dir(r.file)), strings.Trim(r.from, "^ :")), func(t *testing.T) {
			raw, err := os.ReadFile(filepath.Join(corpus, filepath.FromSlash(r.file)))
			if err != nil {
				t.Fatal(err)
			}
			sys := bootAs(t, r.api, r.maker)
			if !r.idle {
				ring(t, sys)
			}
			from := r.ourFrom
			if from == "" {
				from = r.from
			}
			to := r.ourTo
			if to == "" {
				to = r.to
			}
			capture := shapes(block(string(raw), r.from, r.to), nil)
			rendered := shapes(block(text(sys, r.render), from, to), r.other)
			if len(capture) < 3 || len(rendered) < 3 {
				t.Fatalf("%d lines of the capture and %d rendered", len(capture), len(rendered))
			}
			before := shape("")
			for _, s := range rendered {
				switch {
				case !slices.Contains(capture, s):
					t.Errorf("rendered, and not in the capture: %s", s)
					continue
				case before != "" && !after(capture, before, s):
					t.Errorf("rendered in another order: %s after %s", s, before)
				}
				before = s
			}
			for _, s := range slices.Compact(slices.Sorted(slices.Values(capture))) {
				if r.whole && !matches(r.absent, s) && !slices.Contains(rendered, s) && !matches(r.other, s) {
					t.Errorf("in the capture, and not rendered: %s", s)
				}
			}
		})
	}
}
