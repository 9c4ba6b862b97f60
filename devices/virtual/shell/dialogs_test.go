package shell

import (
	"archive/zip"
	"bytes"
	"image"
	"image/png"
	"strings"
	"testing"
	"time"

	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"

	"github.com/ringproof/ringproof/devices/virtual/android"
)

// asking is an app whose main screen has two buttons: one asks for a permission,
// the other one blocks the main thread.
type asking struct{ model }

func (asking) OnActivity(c *android.Context, a *android.ActivityRecord, e android.ActivityEvent) error {
	if e == android.ActivityCreate {
		a.SetContent(&android.View{Class: "android.widget.FrameLayout", Children: []*android.View{
			{Class: "android.widget.Button", Text: "Ask", Clickable: true, Bounds: android.Rect{Left: 100, Top: 300, Right: 500, Bottom: 400}, OnClick: func(c *android.Context) error {
				c.RequestPermissions(a, []string{"android.permission.POST_NOTIFICATIONS", "android.permission.INTERNET"}, func(g map[string]bool) error {
					c.Log(android.Info, "Example", map[bool]string{true: "yes", false: "no"}[g["android.permission.POST_NOTIFICATIONS"]])
					return nil
				})
				return nil
			}},
			{Class: "android.widget.Button", Text: "Hang", Clickable: true, Bounds: android.Rect{Left: 100, Top: 500, Right: 500, Bottom: 600}, OnClick: func(c *android.Context) error {
				c.Block(time.Minute)
				return nil
			}},
		}})
	}
	return nil
}

func newAsking(t *testing.T) *phone {
	return newPhone(t, func(o *android.Options) { o.Packages[0].NewApp = func() android.App { return asking{} } })
}

// The permission controller asks over the app; BACK decides nothing, a second
// refusal is for good.
func TestPermissionDialog(t *testing.T) {
	p := newAsking(t)
	const ask = "input tap 200 350; sleep 2; "
	// Two buttons: "Allow" and "Don't allow", each with its place in the tree.
	p.walk(t, []step{
		{"am start -W -n " + app + "/.MainActivity", "Status: ok"},
		{ask + "dumpsys window displays", "com.android.permissioncontroller/com.android.permissioncontroller.permission.ui.GrantPermissionsActivity}"},
		{"dumpsys activity activities", "com.android.permissioncontroller/.permission.ui.GrantPermissionsActivity"},
		{"uiautomator dump /dev/tty", "Allow Example to send you notifications?"},
		{"uiautomator dump /dev/tty", "com.android.permissioncontroller:id/permission_allow_button"},
		{"input keyevent 4; sleep 2; dumpsys window displays", app + "/" + app + ".MainActivity}"},
		{"logcat -d -s Example", "no"},
		{"dumpsys package " + app, "POST_NOTIFICATIONS: granted=false, flags=[ USER_SENSITIVE_WHEN_GRANTED|USER_SENSITIVE_WHEN_DENIED]"},
		{ask + "input tap 540 2120; sleep 2; dumpsys package " + app, "granted=false, flags=[ USER_SENSITIVE_WHEN_GRANTED|USER_SENSITIVE_WHEN_DENIED|USER_SET]"},
		{ask + "input tap 540 2120; sleep 2; dumpsys package " + app, "USER_FIXED"},
		{ask + "dumpsys window displays", "!permissioncontroller"},
		{"pm grant " + app + " android.permission.POST_NOTIFICATIONS; " + ask + "logcat -d -s Example", "yes"},
	})
}

// A main thread that stands still while the user touches the app: a dialog that
// BACK does not close, an entry in the drop box, and the exit when it is closed.
func TestANR(t *testing.T) {
	p := newAsking(t)
	p.walk(t, []step{
		{"am start -W -n " + app + "/.MainActivity", "Status: ok"},
		{"dumpsys activity lastanr", "<no ANR has occurred since boot>"},
		{"input tap 200 550; sleep 1; input tap 200 550; sleep 6; dumpsys window displays", "mCurrentFocus=Window{"},
		{"dumpsys window displays", " u0 Application Not Responding: " + app + "}"},
		{"uiautomator dump /dev/tty", "Example isn't responding"},
		{"input keyevent 4; dumpsys window displays", " u0 Application Not Responding: " + app + "}"},
		{"logcat -d -b all", "ANR in " + app + " (" + app + "/.MainActivity)"},
		{"logcat -d -b events", "am_anr"},
		{"dumpsys activity lastanr", "Reason: Input dispatching timed out"},
		{"dumpsys dropbox --print data_app_anr", "Process: " + app + "\n"},
		{"dumpsys dropbox --print data_app_anr", "Foreground: Yes\nSubject: Input dispatching timed out"},
		{"pidof " + app, "\n"},
		{"input tap 540 1120; sleep 1; pidof " + app + " || echo gone", "gone"}, // the upper button: Close app
		{"dumpsys window displays", "!Not Responding"},
		{"dumpsys activity exit-info " + app, "reason=6 (ANR)"},
	})
}

// Crashes are kept in the drop box; the dialog of a second one goes with BACK.
func TestCrashDialog(t *testing.T) {
	p := newAsking(t)
	p.walk(t, []step{
		{"am start -W -n " + app + "/.MainActivity; am crash " + app + "; sleep 1; am start -W -n " + app + "/.MainActivity; am crash " + app + "; sleep 1; dumpsys window displays", "Application Error: " + app + "}"},
		{"dumpsys dropbox", "Drop box contents: 2 entries"},
		{"dumpsys dropbox --print data_app_crash", "CrashedByAdbException: shell-induced crash"},
		{"input keyevent 4; dumpsys window displays", "!Application Error"},
	})
}

// Pictures tell the screens of a phone apart, and their texts can be read again.
func TestPictures(t *testing.T) {
	p := newAsking(t)
	seen := map[string]string{}
	for _, s := range []struct{ name, line, text string }{
		{"launcher", "input keyevent 3", "Messages"},
		{"app", "am start -W -n " + app + "/.MainActivity", "Hang"},
		{"permission dialog", "input tap 200 350; sleep 2", "Allow Example"},
		{"shade", "input keyevent 4; sleep 2; cmd statusbar expand-notifications", ""},
		{"anr", "cmd statusbar collapse; input tap 200 550; sleep 1; input tap 200 550; sleep 6", "Example isn't responding"},
		{"lock screen", "input tap 540 1120; sleep 1; locksettings set-pin 1234; input keyevent 26; sleep 1; input keyevent 224", "Locked"},
		{"bouncer", "wm dismiss-keyguard", ""},
		{"dark", "input keyevent 223", ""},
	} {
		p.run(t, s.line)
		shot := p.run(t, "screencap -p")
		img, err := png.Decode(strings.NewReader(shot.out))
		if err != nil || img.Bounds() != image.Rect(0, 0, 1080, 2400) {
			t.Fatalf("%s: %v, %v", s.name, img, err)
		}
		if other, twice := seen[shot.out]; twice {
			t.Errorf("%s looks like %s", s.name, other)
		}
		seen[shot.out] = s.name
		if s.text != "" && !reads(img, s.text) {
			t.Errorf("%s: %q cannot be read in it", s.name, s.text)
		}
		if s.name == "dark" {
			for y := range 2400 {
				if r, g, b, _ := img.At(540, y).RGBA(); r+g+b != 0 {
					t.Fatal("a dark screen is not black")
				}
			}
		}
	}
}

// A bug report is a zip that names its text.
func TestBugreport(t *testing.T) {
	p := newPhone(t)
	p.walk(t, []step{{"bugreportz -v", "1.2"}, {"bugreportz -x", "usage: bugreportz"}, {"bugreportz -p", "PROGRESS:100/100\nOK:/data/user_de/0/com.android.shell/files/bugreports/bugreport-ringproof_virtual-"}})
	out := p.run(t, "bugreportz").out
	place, ok := strings.CutPrefix(strings.TrimSpace(out), "OK:")
	if !ok {
		t.Fatalf("bugreportz said %q", out)
	}
	raw := p.run(t, "su 0 cat "+place).out
	z, err := zip.NewReader(bytes.NewReader([]byte(raw)), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if _, err := b.ReadFrom(r); err != nil {
			t.Fatal(err)
		}
		texts[f.Name] = b.String()
	}
	report := texts[texts["main_entry.txt"]]
	for _, part := range []string{"== dumpstate: 2026-03-02 09:", "DUMP OF SERVICE telecom:\nCallsManager:", "DUMP OF SERVICE notification:\n", "------ SYSTEM LOG (logcat"} {
		if !strings.Contains(report, part) {
			t.Errorf("the report lacks %q", part)
		}
	}
	if got := p.run(t, "bugreport"); !strings.Contains(got.out, "DUMP OF SERVICE telecom") || !strings.Contains(got.err, "deprecated") {
		t.Error("the flat report")
	}
}

// Each log buffer can be read, cleared and measured by itself.
func TestLogBuffers(t *testing.T) {
	p := newPhone(t)
	p.walk(t, []step{
		{"log -t Mine hello; am start -W -n " + app + "/.MainActivity; am crash " + app, ""},
		{"logcat -d -b main", "hello"}, {"logcat -d -b system", "!hello"}, {"logcat -d -b system", "ActivityTaskManager"},
		{"logcat -d -b events", "am_proc_start"}, {"logcat -d -b crash", "FATAL EXCEPTION"},
		{"logcat -b events -c; logcat -d -b events", "!am_proc_start"}, {"logcat -d -b crash,main", "hello"},
		{"logcat -b main -c; logcat -d -b main", "!hello"}, {"logcat -d -b crash", "FATAL EXCEPTION"},
		{"logcat -g -b main,radio", "main: ring buffer is"}, {"logcat -g -b main,radio", "radio: ring buffer is"},
		{"logcat -d -b nonsense 2>&1", "nonsense"},
	})
}

// reads reports whether a line of text stands in a picture, each pixel of the font
// three wide and high: what was drawn can be read again by whoever knows the font.
func reads(p image.Image, text string) bool {
	face := basicfont.Face7x13
	mask := image.NewAlpha(image.Rect(0, 0, face.Advance*len([]rune(text)), face.Height))
	(&font.Drawer{Dst: mask, Src: image.Opaque, Face: face, Dot: fixed.P(0, face.Ascent)}).DrawString(text)
	var first image.Point
	for i, a := range mask.Pix {
		if a >= 128 {
			first = image.Pt(i%mask.Stride, i/mask.Stride)
			break
		}
	}
	at := func(x, y int) int {
		r, g, b, _ := p.At(x, y).RGBA()
		return int(r>>8)<<16 | int(g>>8)<<8 | int(b>>8)
	}
	for y := range p.Bounds().Dy() {
		for x := range p.Bounds().Dx() {
			pen := at(x+first.X*3, y+first.Y*3)
			same := pen == 0x202124 || pen == 0xffffff // dark on light, light on dark
			for my := 0; my < mask.Rect.Dy() && same; my++ {
				for mx := 0; mx < mask.Rect.Dx() && same; mx++ {
					same = (mask.AlphaAt(mx, my).A >= 128) == (at(x+mx*3, y+my*3) == pen)
				}
			}
			if same {
				return true
			}
		}
	}
	return false
}
