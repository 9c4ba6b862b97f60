package android

import (
	"fmt"
	"slices"
	"strings"
)

// Maker is a maker of phones as a row of data: where its phones differ from
// Android as Google releases it, as far as that was seen or reported. A
// difference that nobody reported is not here: the phone then does what AOSP does.
type Maker struct {
	// Name is what Options say: pixel, samsung, xiaomi, oneplus, motorola.
	Name string
	// Manufacturer and Brand are ro.product.manufacturer and ro.product.brand.
	Manufacturer, Brand string
	// Props are properties by which tools tell the maker's system, of 14: those of
	// other releases were not seen. TrustProp is the switch behind Guards, "" where
	// it is not known.
	Props     map[string]string
	TrustProp string

	// Guards are what adb's shell may not do until the owner has switched it on
	// in the developer options ("USB debugging (Security settings)", "Disable
	// permission monitoring"; Options.Trusted).
	Guards Guards
	// StopsOnSwipe: an app swiped out of recents is force-stopped. AOSP, Pixels
	// and Samsung's phones do not; whose do was not told, beyond that they are
	// those with a switch for autostart.
	StopsOnSwipe bool
	// Ops are app-ops of the maker's own, by number, with their default for apps
	// of the user. LockScreenOp is the one that activities need to show over the
	// lock screen, PopUpOp the one that apps need to open activities from the
	// background, whatever Android lets them; 0 without one.
	Ops                   map[int]OpMode
	LockScreenOp, PopUpOp int
	// LogClasses are names of Telecom's classes in the log that the maker changed.
	LogClasses map[string]string
}

// Guards are what a maker keeps from adb's shell.
type Guards struct {
	// Inject is input, Grant pm grant and revoke, Settings settings put.
	Inject, Grant, Settings bool
}

// makers in the order of their names in texts. That a maker's phones keep the log
// to themselves is reported of several, with no name: Options.MuteLog.
var makers = []Maker{ // read-only table
	{Name: "pixel", Manufacturer: "Google", Brand: "google"},
	{Name: "samsung", Manufacturer: "samsung", Brand: "samsung",
		Props:      map[string]string{"ro.build.version.oneui": "60101"}, // 6.1.1
		LogClasses: map[string]string{"CallAudioRouteController": "SamsungCallAudioRouteController"}},
	{
		Name: "xiaomi", Manufacturer: "Xiaomi", Brand: "Xiaomi",
		Props:     map[string]string{"ro.miui.ui.version.name": "V816", "ro.mi.os.version.name": "OS2.0"},
		TrustProp: "persist.security.adbinput",
		Guards:    Guards{Inject: true, Grant: true, Settings: true}, StopsOnSwipe: true,
		// 10008 autostart, 10020 show on the lock screen, 10021 pop up from the
		// background: unofficial numbers; the defaults are as people find them.
		Ops: map[int]OpMode{10008: OpIgnore, 10020: OpIgnore, 10021: OpIgnore}, LockScreenOp: 10020, PopUpOp: 10021,
	},
	{
		Name: "oneplus", Manufacturer: "OnePlus", Brand: "OnePlus",
		Guards: Guards{Grant: true, Settings: true}, StopsOnSwipe: true,
	},
	{Name: "motorola", Manufacturer: "motorola", Brand: "motorola",
		LogClasses: map[string]string{"CallsManager": "MotoCallsManager", "CallAudioRouteStateMachine": "MotoCallAudioRouteStateMachine"}},
}

// Guarded is what the maker keeps from a caller now.
func (d *Device) Guarded(by Caller) Guards {
	if by.UID != ShellUID || d.sys.opts.Trusted {
		return Guards{}
	}
	return d.Maker.Guards
}

// showsWhenLocked: the activity asks for it, and the maker lets it.
func (r *ActivityRecord) showsWhenLocked() bool {
	return r.ShowWhenLocked && r.d.mayShowLocked(r.Package)
}

func (d *Device) mayShowLocked(pkg string) bool { return d.makerLets(d.Maker.LockScreenOp, pkg) }

// makerLets: an app of the user does what an op of the maker's own is about.
func (d *Device) makerLets(op int, pkg string) bool {
	if op == 0 {
		return true
	}
	pk := d.Packages.Get(pkg)
	return pk == nil || pk.System || d.AppOps.Effective(pk, MakerOp(op)) == OpAllow
}

// MakerOp is how an app-op of the maker's own is printed; it is set by its number.
func MakerOp(number int) string { return "MIUIOP(" + itoa(number) + ")" }

// MakerOf is a maker's row; "" stands for pixel.
func MakerOf(name string) (Maker, error) {
	if name == "" {
		name = makers[0].Name
	}
	at := slices.IndexFunc(makers, func(m Maker) bool { return m.Name == name })
	if at < 0 {
		return Maker{}, fmt.Errorf("no phone of the maker %q is simulated: %s are", name, strings.Join(Makers(), ", "))
	}
	return makers[at], nil
}

// Makers are the names that MakerOf knows.
func Makers() []string {
	var out []string
	for _, m := range makers {
		out = append(out, m.Name)
	}
	return out
}
