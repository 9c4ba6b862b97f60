package state

import (
	"context"

	"github.com/ringproof/ringproof/devices/adb"
	"github.com/ringproof/ringproof/harness/dumpsys/appops"
	"github.com/ringproof/ringproof/harness/expect"
)

// Xiaomi is ro.product.manufacturer of the phones with MIUI or HyperOS; Redmi and
// POCO are brands of it.
const Xiaomi = "Xiaomi"

// MakerOp is an app op of a maker's own, as adb's shell knows it.
type MakerOp struct {
	// Number is what it is set by, Name what it is printed as.
	Number, Name string
}

// The two switches of Xiaomi's "other permissions" without which an app with
// every permission of Android's still is not seen. Nobody published the numbers:
// they are as people found them, and no phone was at hand to look. That is why a
// state made of one counts only when the phone prints it back.
var ( // read-only
	// XiaomiLockScreen is "show on lock screen".
	XiaomiLockScreen = MakerOp{Number: "10020", Name: "MIUIOP(10020)"}
	// XiaomiPopUp is "display pop-up windows while running in the background".
	XiaomiPopUp = MakerOp{Number: "10021", Name: "MIUIOP(10021)"}
)

// XiaomiLockScreenDenied: nothing of the app shows over the lock screen.
func XiaomiLockScreenDenied() State {
	return makerOp("xiaomi-lock-screen-denied", Xiaomi, XiaomiLockScreen)
}

// XiaomiPopUpDenied: the app opens no screen unless it has one open.
func XiaomiPopUpDenied() State { return makerOp("xiaomi-pop-up-denied", Xiaomi, XiaomiPopUp) }

// makerOp is a state in which the user did not allow an op of the maker's own.
// An op that the phone takes and does not print leaves the state unverified,
// which is the phone's affair and not the app's.
func makerOp(name, maker string, op MakerOp) State {
	return State{
		Name: name, Order: 6, Maker: maker, Stays: true,
		Enter: func(ctx context.Context, t Target) error {
			pkg := adb.Quote(t.Package())
			out, err := t.Do(ctx, "read an app op of the maker's", "cmd appops get "+pkg+" "+op.Number)
			if err != nil {
				return err
			}
			was := appops.Ignore // what such an op is that nobody touched
			if said, err := appops.Parse([]byte(out)); err == nil {
				was = said.Mode(op.Name).Or(was)
			}
			set := "cmd appops set " + pkg + " " + op.Number + " "
			return t.Change(ctx, "deny the app op "+op.Name, set+string(appops.Ignore), IfInstalled(t.Package(), set+string(was)))
		},
		Verify: expect.Op(op.Name, appops.Ignore),
	}
}
