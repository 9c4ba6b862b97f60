package shell

import (
	"strings"

	"github.com/ringproof/ringproof/devices/virtual/android"
	"github.com/ringproof/ringproof/devices/virtual/fs"
)

// OnReboot says what `reboot MODE` does; without it the command does nothing.
func (s *Shell) OnReboot(do func(mode string)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.onReboot = do
}

func reboot(c *call) int {
	c.s.mu.Lock()
	do := c.s.onReboot
	c.s.mu.Unlock()
	if do != nil {
		do(strings.Join(c.rest, " "))
	}
	return 0
}

// remount makes the system's images writable, as remount of Android 14 does on
// a phone with an unlocked bootloader (fs_mgr_remount.cpp).
func remount(c *call) int {
	if c.UID != android.RootUID {
		c.errln(`Not running as root. Try "adb root" first.`)
		return 1
	}
	for _, dir := range []string{"/", "/system"} {
		if err := c.s.tree.Mount(dir, fs.MountOptions{}); err != nil {
			c.errln("Failed to remount %s: %v", dir, err)
			return 1
		}
	}
	c.errln("Remount succeeded")
	return 0
}

// verity is disable-verity and enable-verity (set-verity-state.cpp). The
// phone has no verified images, so that nothing changes for root either.
func verity(c *call) int {
	if c.UID != android.RootUID {
		c.errln("Must be running as root (adb root)")
		return 1
	}
	c.errln("Verity is already disabled")
	return 0
}
