package fs

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"time"
)

// layout is the tree of an Android 14 phone after boot, as far as shells look
// at it: owners and modes from system/core/rootdir/init.rc and
// android_filesystem_config.h of that release.
var layout = []struct {
	path     string
	mode     uint32
	uid, gid int
	link     string // a symbolic link instead of a directory
}{
	{path: "/acct", mode: 0o755},
	{path: "/apex", mode: 0o755},
	{path: "/config", mode: 0o755},
	{path: "/data", mode: 0o771, uid: UIDSystem, gid: UIDSystem},
	{path: "/data/anr", mode: 0o775, uid: UIDSystem, gid: UIDSystem},
	{path: "/data/app", mode: 0o771, uid: UIDSystem, gid: UIDSystem},
	{path: "/data/data", mode: 0o771, uid: UIDSystem, gid: UIDSystem},
	{path: "/data/local", mode: 0o751},
	{path: "/data/local/tmp", mode: 0o771, uid: UIDShell, gid: UIDShell},
	{path: "/data/local/traces", mode: 0o777, uid: UIDShell, gid: UIDShell},
	{path: "/data/media", mode: 0o770, uid: UIDMediaRW, gid: UIDMediaRW},
	{path: "/data/misc", mode: 0o1771, uid: UIDSystem, gid: 9998},
	{path: "/data/property", mode: 0o700},
	{path: "/data/system", mode: 0o775, uid: UIDSystem, gid: UIDSystem},
	{path: "/data/tombstones", mode: 0o771, uid: UIDSystem, gid: UIDSystem},
	{path: "/data/user", mode: 0o711, uid: UIDSystem, gid: UIDSystem},
	{path: "/data/user/0", link: "/data/data"},
	{path: "/dev", mode: 0o755},
	{path: "/dev/fd", link: "/proc/self/fd"},
	{path: "/metadata", mode: 0o755},
	{path: "/mnt", mode: 0o755, uid: UIDRoot, gid: UIDSystem},
	{path: "/mnt/sdcard", link: "/storage/self/primary"},
	{path: "/odm", mode: 0o755},
	{path: "/proc", mode: 0o555},
	{path: "/product", mode: 0o755},
	{path: "/storage", mode: 0o755, uid: UIDRoot, gid: UIDRoot},
	{path: "/storage/emulated", mode: 0o755, uid: UIDRoot, gid: UIDRoot},
	{path: "/storage/emulated/0", mode: 0o2770, uid: UIDMediaRW, gid: UIDMediaRW},
	{path: "/storage/self", mode: 0o755},
	{path: "/storage/self/primary", link: "/storage/emulated/0"},
	{path: "/sys", mode: 0o755},
	{path: "/system", mode: 0o755},
	{path: "/system/app", mode: 0o755},
	{path: "/system/bin", mode: 0o751, gid: UIDShell},
	{path: "/system/etc", mode: 0o755},
	{path: "/system/framework", mode: 0o755},
	{path: "/system/lib64", mode: 0o755},
	{path: "/system/priv-app", mode: 0o755},
	{path: "/system_ext", mode: 0o755},
	{path: "/vendor", mode: 0o755, gid: UIDShell},
	{path: "/bin", link: "/system/bin"},
	{path: "/d", link: "/sys/kernel/debug"},
	{path: "/etc", link: "/system/etc"},
	{path: "/init", link: "/system/bin/init"},
	{path: "/sdcard", link: "/storage/self/primary"},
}

// shared are the folders that MediaProvider makes in a user's storage.
var shared = []string{
	"Alarms", "Android", "Android/data", "Android/media", "Android/obb", "Audiobooks", "DCIM", "Documents",
	"Download", "Movies", "Music", "Notifications", "Pictures", "Podcasts", "Recordings", "Ringtones",
}

// ShellGroups are the supplementary groups of the shell user, which adbd gives
// to itself and to what it starts (drop_privileges of adb's daemon/main.cpp).
func ShellGroups() []int {
	return []int{
		1004, // input
		1007, // log
		1011, // adb
		1015, // sdcard_rw
		1028, // sdcard_r
		1078, // ext_data_rw
		1079, // ext_obb_rw
		3001, // net_bt_admin
		3002, // net_bt
		3003, // inet
		3006, // net_bw_stats
		3009, // readproc
		3011, // uhid
		3012, // readtracefs
	}
}

// NewAndroid makes the tree of an Android 14 phone. now is as for New; the
// tree's folders are as old as now() says.
func NewAndroid(now func() time.Time) *Tree {
	t := New(now)
	for _, e := range layout {
		must(t.place(e.path, e.mode, e.uid, e.gid, e.link))
	}
	must(t.Mount("/data", MountOptions{}))
	must(t.Mount("/dev", MountOptions{}))
	must(t.Mount("/proc", MountOptions{}))
	must(t.Mount("/storage", MountOptions{}))
	must(t.Mount("/storage/emulated/0", MountOptions{Shared: true}))
	for _, dir := range shared {
		must(t.Mkdir("/storage/emulated/0/"+dir, 0o770))
	}
	random := randomDevice{mu: &sync.Mutex{}, gen: rand.NewChaCha8([32]byte{'a', 'n', 'd', 'r', 'o', 'i', 'd'})}
	for name, d := range map[string]device{
		"null": nullDevice{}, "zero": zeroDevice{}, "full": fullDevice{}, "random": random, "urandom": random,
	} {
		must(t.create("mknod", "/dev/"+name, &node{mode: S_IFCHR | 0o666, device: d}))
	}
	for _, dir := range []string{"/", "/system"} {
		must(t.Mount(dir, MountOptions{ReadOnly: true}))
	}
	return t
}

func (t *Tree) place(path string, mode uint32, uid, gid int, link string) error {
	if link != "" {
		return t.Symlink(link, path)
	}
	if err := t.Mkdir(path, mode); err != nil {
		return err
	}
	return t.Chown(path, uid, gid)
}

// must is for the tables of this file: they are right or nothing works.
func must(err error) {
	if err != nil {
		panic(fmt.Sprintf("fs: the Android layout is broken: %v", err))
	}
}
