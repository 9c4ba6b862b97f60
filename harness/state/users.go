package state

import (
	"context"

	"github.com/ringproof/ringproof/devices/adb"
	"github.com/ringproof/ringproof/harness/expect"
)

// profileName is the name by which the way back finds the work profile.
const profileName = "Ringproof"

// otherName is that of another user.
const otherName = "Ringproof guest"

// PIN: the phone has the harness's test PIN, and nothing else is changed. What
// comes of it shows when the phone locks or restarts. The phone must have no
// credential of its own.
func PIN() State {
	return State{
		Name: "pin", Order: 88,
		Enter: func(ctx context.Context, t Target) error {
			return t.Change(ctx, "set the test PIN", "locksettings set-pin "+TestPIN, clearPIN)
		},
		Verify: expect.Secure(),
	}
}

// WorkProfile: the owner has a work profile that runs, with a copy of the app of
// its own in it.
func WorkProfile() State {
	return State{
		Name: "work-profile", Order: 8,
		Enter: func(ctx context.Context, t Target) error {
			return t.Change(ctx, "make a work profile", `said=$(pm create-user --profileOf 0 --managed `+profileName+` 2>&1)
case "$said" in
*"created user id "*) id=${said##* };;
*) echo "Error: $said"; exit 1;;
esac
am start-user "$id" && pm install-existing --user "$id" `+adb.Quote(t.Package()),
				`for id in $(pm list users | sed -n 's/.*UserInfo{\([0-9]*\):`+profileName+`:.*/\1/p'); do pm remove-user "$id"; done`)
		},
		Verify: expect.WorkProfile(),
	}
}

// OtherUser: another full user has the phone. What the owner had in front is
// behind it, and what belongs to the owner goes on.
func OtherUser() State {
	return State{
		Name: "other-user", Order: 84,
		Enter: func(ctx context.Context, t Target) error {
			return t.Change(ctx, "switch to another user", `said=$(pm create-user '`+otherName+`' 2>&1)
case "$said" in
*"created user id "*) id=${said##* };;
*) echo "Error: $said"; exit 1;;
esac
am switch-user "$id"`,
				`am switch-user 0
for id in $(pm list users | sed -n 's/.*UserInfo{\([0-9]*\):`+otherName+`:.*/\1/p'); do pm remove-user "$id"; done`)
		},
		Verify: expect.OtherUserInFront(),
	}
}
