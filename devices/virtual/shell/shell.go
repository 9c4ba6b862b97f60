package shell

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/ringproof/ringproof/devices/virtual/adbd"
	"github.com/ringproof/ringproof/devices/virtual/android"
	"github.com/ringproof/ringproof/devices/virtual/fs"
	"github.com/ringproof/ringproof/devices/virtual/installer"
	"github.com/ringproof/ringproof/devices/virtual/shell/mksh"
	"github.com/ringproof/ringproof/devices/virtual/shell/toybox"
)

// Shell runs the commands of one phone.
type Shell struct {
	sys    *android.System
	tree   *fs.Tree
	tools  map[string]mksh.Tool // by absolute path
	engine *mksh.Engine
	pm     *installer.Installer

	mu   sync.Mutex
	root bool
	// onReboot is what the reboot command asks for; it may be nil.
	onReboot func(mode string)
	pids     int
	random   uint32
}

var _ adbd.Shell = (*Shell)(nil)

// New makes the shell of a phone and puts its programs and its dynamic files
// (/system/bin, /proc) into the tree. pm installs what `pm install` is given.
func New(sys *android.System, tree *fs.Tree, pm *installer.Installer) (*Shell, error) {
	s := &Shell{sys: sys, tree: tree, pm: pm, tools: map[string]mksh.Tool{}, pids: 20100}
	var seed int64
	sys.Do(func(d *android.Device) { seed = int64(len(d.Serial)) })
	s.random = uint32(seed)*2654435761 + 1
	programs := toybox.Tools(box{s})
	for name, cost := range s.commands() {
		programs[name] = cost
	}
	debuggable := false
	sys.Do(func(d *android.Device) { debuggable = d.Props.Get("ro.debuggable") == "1" })
	for name, tool := range programs {
		dir := "/system/bin/"
		if name == "su" {
			if !debuggable {
				continue
			}
			dir = "/system/xbin/"
		}
		s.tools[dir+name] = tool
		if err := program(tree, dir, name); err != nil {
			return nil, fmt.Errorf("put %s into the phone's tree: %w", name, err)
		}
	}
	if err := s.proc(); err != nil {
		return nil, err
	}
	s.engine = mksh.New(mksh.Options{
		Clock: sys, Tree: tree, Groups: groups,
		Tool:   func(file string) mksh.Tool { return s.tools[file] },
		PID:    s.pid,
		Random: s.rand,
		Name:   func() string { return s.prop("ro.product.device") },
	})
	return s, nil
}

// program puts what stands for a program's file into the phone's image.
func program(tree *fs.Tree, dir, name string) error {
	image := tree.Image()
	if err := image.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return image.WriteFile(dir+name, []byte("\x7fELF\x02\x01\x01\x00"), 0o755)
}

// SetRoot makes the daemon's own user root (adb root) or shell again.
func (s *Shell) SetRoot(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.root = on
}

// Run implements adbd.Shell.
func (s *Shell) Run(ctx context.Context, c adbd.Command) int {
	s.mu.Lock()
	uid, name := android.ShellUID, "shell"
	if s.root {
		uid, name = android.RootUID, "root"
	}
	s.mu.Unlock()
	env := []string{
		"PATH=/product/bin:/apex/com.android.runtime/bin:/apex/com.android.art/bin:/system_ext/bin:/system/bin:/system/xbin:/odm/bin:/vendor/bin:/vendor/xbin",
		"HOME=/", "HOSTNAME=" + s.prop("ro.product.device"), "LOGNAME=" + name, "SHELL=/bin/sh", "TMPDIR=/data/local/tmp", "USER=" + name,
		"ANDROID_ROOT=/system", "ANDROID_DATA=/data", "ANDROID_STORAGE=/storage", "EXTERNAL_STORAGE=/sdcard",
	}
	if _, ok := c.Env["TERM"]; !ok {
		env = append(env, "TERM=dumb")
	}
	for k, v := range c.Env {
		env = append(env, k+"="+v)
	}
	argv := c.Argv
	if len(argv) > 0 {
		// abb talks to a service: "package install ..." is "cmd package install ...".
		argv = append([]string{"cmd"}, argv...)
		if len(argv) == 2 && argv[1] == "" {
			argv = argv[:1]
		}
	}
	job := mksh.Job{
		Text: c.Line, Argv: argv, UID: uid, Dir: "/", Env: env,
		Stdin: c.Stdin, Stdout: c.Stdout, Stderr: c.Stderr, Terminal: c.PTY,
	}
	if c.Terminal != nil {
		job.OnInterrupt, job.Size = c.Terminal.OnInterrupt, c.Terminal.Size
	}
	return s.engine.Run(ctx, job)
}

func (s *Shell) pid() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pids++
	return s.pids
}

// rand is a small generator of its own: the device's is for the system.
func (s *Shell) rand() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.random = s.random*1664525 + 1013904223
	return int(s.random >> 17)
}

func (s *Shell) prop(name string) (v string) {
	s.sys.Do(func(d *android.Device) { v = d.Props.Get(name) })
	return v
}

// proc makes the files of /proc that people read.
func (s *Shell) proc() error {
	for path, content := range map[string]func() string{
		"/proc/uptime": func() string { return procUptime(s.uptime()) },
		"/proc/version": func() string {
			return "Linux version " + toybox.Kernel + " (build-user@build-host) (Android clang version 17.0.2) #1 SMP PREEMPT Fri Jan 12 10:18:42 UTC 2024\n"
		},
		"/proc/loadavg": func() string { return "0.42 0.37 0.31 1/1893 20411\n" },
		"/proc/meminfo": func() string {
			return "MemTotal:        7856500 kB\nMemFree:         1761000 kB\nMemAvailable:    4233120 kB\n"
		},
		"/proc/cpuinfo": func() string {
			return strings.Repeat("processor\t: 0\nBogoMIPS\t: 38.40\n\n", 8) + "Hardware\t: Ringproof\n"
		},
		"/proc/stat":                      func() string { return procStat(s.uptime()) },
		"/proc/filesystems":               func() string { return "nodev\tsysfs\nnodev\tproc\n\text4\n\tf2fs\n\terofs\n" },
		"/proc/sys/kernel/random/boot_id": func() string { return "7c1f6d0e-2a5b-4c7e-9d0e-5b1a2c3d4e5f\n" },
		"/system/build.prop": func() string {
			var b strings.Builder
			s.sys.Do(func(d *android.Device) {
				for _, n := range d.Props.Names() {
					if strings.HasPrefix(n, "ro.build.") {
						fmt.Fprintf(&b, "%s=%s\n", n, d.Props.Get(n))
					}
				}
			})
			return b.String()
		},
	} {
		if err := s.tree.Provide(path, func() []byte { return []byte(content()) }); err != nil {
			return fmt.Errorf("put %s into the phone's tree: %w", path, err)
		}
	}
	return nil
}

// procUptime cuts hundredths off and rounds nothing, as the kernel does
// (fs/proc/uptime.c). The second number is the idle time of all cores.
func procUptime(up time.Duration) string {
	idle := up * 36 / 5
	hundredths := func(d time.Duration) (time.Duration, time.Duration) {
		return d / time.Second, d % time.Second / (10 * time.Millisecond)
	}
	s1, h1 := hundredths(up)
	s2, h2 := hundredths(idle)
	return fmt.Sprintf("%d.%02d %d.%02d\n", s1, h1, s2, h2)
}

// procStat is fs/proc/stat.c: ticks of a hundredth of a second that the cores
// spent in user and system code, and idle.
func procStat(up time.Duration) string {
	const cores = 8
	var b strings.Builder
	ticks := int64(up / (10 * time.Millisecond))
	line := func(name string, n int64) {
		user, system := ticks*n/20, ticks*n/25
		fmt.Fprintf(&b, "%s %d 0 %d %d 0 0 0 0 0 0\n", name, user, system, ticks*n-user-system)
	}
	line("cpu ", cores)
	for i := range cores {
		line(fmt.Sprintf("cpu%d", i), 1)
	}
	fmt.Fprintf(&b, "ctxt %d\nbtime %d\nprocesses %d\nprocs_running 1\nprocs_blocked 0\n", ticks*113, 0, ticks/7)
	return b.String()
}

func (s *Shell) uptime() (u time.Duration) {
	s.sys.Do(func(d *android.Device) { u = d.Elapsed() })
	return u
}

// groups are the supplementary groups that adbd gives to its shell, and those
// of an app with network access.
func groups(uid int) []int {
	switch {
	case uid == android.ShellUID:
		return []int{1004, 1007, 1011, 1015, 1028, 1078, 1079, 3001, 3002, 3003, 3006, 3009, 3011, 3012}
	case uid >= android.FirstAppUID:
		return []int{3003, 9997, 20000 + uid%100000, 50000 + uid%100000}
	}
	return nil
}

// box is what package toybox needs of the phone.
type box struct{ s *Shell }

func (b box) Now() (t time.Time) {
	b.s.sys.Do(func(d *android.Device) { t = d.Now() })
	return t
}
func (b box) Uptime() time.Duration                            { return b.s.uptime() }
func (b box) Sleep(ctx context.Context, d time.Duration) error { return b.s.sys.Sleep(ctx, d) }
func (b box) Property(name string) string                      { return b.s.prop(name) }
func (b box) Groups(uid int) []int                             { return groups(uid) }

// native are processes that every phone has beside those of packages.
var native = []toybox.Process{
	{PID: 1, PPID: 0, UID: 0, Name: "init", State: "S", VSZ: 10875300, RSS: 8120},
	{PID: 2, PPID: 0, UID: 0, Name: "[kthreadd]", State: "S"},
	{PID: 401, PPID: 1, UID: 1036, Name: "logd", State: "S", VSZ: 10806000, RSS: 14120},
	{PID: 402, PPID: 1, UID: 1000, Name: "servicemanager", State: "S", VSZ: 10766000, RSS: 5120},
	{PID: 611, PPID: 1, UID: 0, Name: "zygote64", State: "S", VSZ: 14875300, RSS: 170120},
	{PID: 640, PPID: 1, UID: 2000, Name: "adbd", State: "S", VSZ: 11875300, RSS: 9120},
}

func (b box) Processes() []toybox.Process {
	list := append([]toybox.Process(nil), native...)
	b.s.sys.Do(func(d *android.Device) {
		for _, p := range d.Processes.All() {
			list = append(list, toybox.Process{PID: p.PID, PPID: 611, UID: p.UID, Name: p.Name, State: "S", VSZ: 14500000, RSS: 120000})
		}
	})
	for i := 1; i < len(list); i++ {
		for j := i; j > 0 && list[j].PID < list[j-1].PID; j-- {
			list[j], list[j-1] = list[j-1], list[j]
		}
	}
	return list
}

func (b box) Kill(uid, pid, signal int) error {
	var err error
	b.s.sys.Do(func(d *android.Device) {
		p := d.Processes.ByPID(pid)
		switch {
		case p == nil:
			for _, n := range native {
				if n.PID == pid {
					err = syscall.EPERM
					return
				}
			}
			err = syscall.ESRCH
		case uid != android.RootUID && uid != p.UID:
			err = syscall.EPERM
		case signal == 9 || signal == 15 || signal == 6 || signal == 11:
			err = d.Processes.KillPID(android.Caller{UID: uid}, pid)
		}
	})
	return err
}

// names are the users of android_filesystem_config.h that a shell meets.
var names = map[int]string{
	0: "root", 1000: "system", 1001: "radio", 1002: "bluetooth", 1004: "input", 1007: "log", 1011: "adb", 1013: "media",
	1015: "sdcard_rw", 1023: "media_rw", 1027: "nfc", 1028: "sdcard_r", 1036: "logd", 1078: "ext_data_rw", 1079: "ext_obb_rw",
	2000: "shell", 3001: "net_bt_admin", 3002: "net_bt", 3003: "inet", 3006: "net_bw_stats", 3009: "readproc", 3011: "uhid",
	3012: "readtracefs", 9997: "everybody", 9998: "misc", 9999: "nobody",
}

func (b box) UserName(id int) (string, bool) {
	switch user, app := id/100000, id%100000; {
	case app >= 10000 && app < 20000:
		return fmt.Sprintf("u%d_a%d", user, app-10000), true
	case app >= 20000 && app < 30000:
		return fmt.Sprintf("u%d_a%d_cache", user, app-20000), true
	case app >= 50000 && app < 60000:
		return fmt.Sprintf("all_a%d", app-50000), true
	}
	n, ok := names[id]
	return n, ok
}

func (b box) UserID(name string) (int, bool) {
	for id, n := range names {
		if n == name {
			return id, true
		}
	}
	var user, app int
	if n, err := fmt.Sscanf(name, "u%d_a%d", &user, &app); err == nil && n == 2 {
		return user*100000 + 10000 + app, true
	}
	id, err := strconv.Atoi(name)
	return id, err == nil
}
