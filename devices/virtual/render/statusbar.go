package render

import (
	"fmt"
	"strings"

	"github.com/ringproof/ringproof/devices/virtual/android"
)

// StatusBar is the beginning of `dumpsys statusbar`
// (StatusBarManagerService.dump, 12 and newer): what is disabled.
func StatusBar(d *android.Device) string {
	var b strings.Builder
	fmt.Fprintf(&b, "  displayId=0\n    mDisabled1=0x%x\n    mDisabled2=0x0\n", d.StatusBar.Disabled)
	if d.StatusBar.Disabled == 0 {
		b.WriteString("  mDisableRecords.size=0\n")
	} else {
		fmt.Fprintf(&b, "  mDisableRecords.size=1\n    [0] userId=0 what1=0x%08X what2=0x00000000 pkg=android token=android.os.Binder@%s\n",
			d.StatusBar.Disabled, hash(d, "StatusBarShellCommand"))
	}
	b.WriteString("  mCurrentUserId=0\n  mIcons=\n")
	return b.String()
}
