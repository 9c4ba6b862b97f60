package fs_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	iofs "io/fs"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/devices/virtual/fs"
)

// clock is a wall clock that moves by one second per look.
func clock() func() time.Time {
	var mu sync.Mutex
	now := time.Unix(1_700_000_000, 0)
	return func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		now = now.Add(time.Second)
		return now
	}
}

func android(t *testing.T) *fs.Tree {
	t.Helper()
	return fs.NewAndroid(clock())
}

func do(t *testing.T, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestLayout(t *testing.T) {
	tree := android(t)
	// Modes and owners: init.rc of Android 14 and what "ls -ld" of a phone of
	// that release prints.
	for _, c := range []struct {
		path     string
		mode     uint32
		uid, gid int
	}{
		{"/", 0o040755, 0, 0},
		{"/data", 0o040771, 1000, 1000},
		{"/data/data", 0o040771, 1000, 1000},
		{"/data/local", 0o040751, 0, 0},
		{"/data/local/tmp", 0o040771, 2000, 2000},
		{"/system/bin", 0o040751, 0, 2000},
		{"/proc", 0o040555, 0, 0},
		{"/sdcard", 0o120777, 0, 0},
		{"/storage/emulated/0", 0o042770, 1023, 1023},
		{"/dev/null", 0o020666, 0, 0},
	} {
		info, err := tree.Lstat(c.path)
		if err != nil {
			t.Errorf("lstat: %v", err)
			continue
		}
		st := info.Unix()
		if st.Mode != c.mode || st.UID != c.uid || st.GID != c.gid {
			t.Errorf("%s is %o %d:%d, want %o %d:%d", c.path, st.Mode, st.UID, st.GID, c.mode, c.uid, c.gid)
		}
	}
	for path, want := range map[string]string{
		"/sdcard/Download":        "/storage/emulated/0/Download",
		"/etc/../bin":             "/system/bin", // ".." of /system/etc is /system
		"/data/user/0":            "/data/data",
		"/mnt/sdcard/new":         "/storage/emulated/0/new",
		"/data/local/tmp/../tmp/": "/data/local/tmp",
	} {
		if got, err := tree.Resolve(path); err != nil || got != want {
			t.Errorf("resolve %s = %q, %v; want %q", path, got, err, want)
		}
	}
}

// A user does one thing; want is the errno, 0 for success.
func TestErrors(t *testing.T) {
	type view = *fs.View
	for _, c := range []struct {
		name string
		uid  int
		do   func(v view) error
		want syscall.Errno
	}{
		{"empty path", 0, func(v view) error { _, err := v.Stat(""); return err }, syscall.ENOENT},
		{"missing", 2000, func(v view) error { _, err := v.Open("/data/local/tmp/no"); return err }, syscall.ENOENT},
		{"missing folder", 2000, func(v view) error { return v.Mkdir("/data/local/tmp/a/b", 0o755) }, syscall.ENOENT},
		{"through a file", 2000, func(v view) error { _, err := v.Stat("/data/local/tmp/file/x"); return err }, syscall.ENOTDIR},
		{"file with a slash", 2000, func(v view) error { _, err := v.Stat("/data/local/tmp/file/"); return err }, syscall.ENOTDIR},
		{"long name", 2000, func(v view) error { _, err := v.Stat("/" + strings.Repeat("a", 256)); return err }, syscall.ENAMETOOLONG},
		{"longest name", 2000, func(v view) error { _, err := v.Stat("/" + strings.Repeat("a", 255)); return err }, syscall.ENOENT},
		{"long path", 2000, func(v view) error { _, err := v.Stat(strings.Repeat("/a", 2048)); return err }, syscall.ENAMETOOLONG},
		{"link loop", 2000, func(v view) error { _, err := v.Stat("/data/local/tmp/loop"); return err }, syscall.ELOOP},
		{"lstat of a loop", 2000, func(v view) error { _, err := v.Lstat("/data/local/tmp/loop"); return err }, 0},
		{"dangling link", 2000, func(v view) error { _, err := v.Stat("/data/local/tmp/dangling"); return err }, syscall.ENOENT},
		{"create through a dangling link", 2000, func(v view) error {
			return errors.Join(v.WriteFile("/data/local/tmp/dangling", nil, 0o600), v.Access("/data/local/tmp/nowhere", fs.MayRead))
		}, 0},
		{"exclusive on a link", 2000, func(v view) error {
			_, err := v.OpenFile("/data/local/tmp/dangling", os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
			return err
		}, syscall.EEXIST},
		{"shell into app data", 2000, func(v view) error { _, err := v.Stat("/data/data/org.app/files/x"); return err }, syscall.EACCES},
		{"shell lists app data", 2000, func(v view) error { _, err := v.ReadDir("/data/data"); return err }, syscall.EACCES},
		{"app into its data", 10123, func(v view) error { _, err := v.ReadFile("/data/data/org.app/files/x"); return err }, 0},
		{"other app", 10124, func(v view) error { _, err := v.Stat("/data/data/org.app/files/x"); return err }, syscall.EACCES},
		{"root into app data", 0, func(v view) error { _, err := v.ReadFile("/data/user/0/org.app/files/x"); return err }, 0},
		{"app without storage", 10123, func(v view) error { _, err := v.ReadDir("/sdcard/"); return err }, syscall.EACCES},
		{"shell on storage", 2000, func(v view) error { return v.WriteFile("/sdcard/x", []byte("1"), 0o600) }, 0},
		{"shell into /system", 2000, func(v view) error { return v.WriteFile("/system/x", nil, 0o644) }, syscall.EROFS},
		{"root into /system", 0, func(v view) error { return v.WriteFile("/system/bin/x", nil, 0o644) }, syscall.EROFS},
		{"root into /", 0, func(v view) error { return v.Mkdir("/x", 0o755) }, syscall.EROFS},
		{"root removes the image", 0, func(v view) error { return v.Remove("/system/etc") }, syscall.EROFS},
		{"mount point", 0, func(v view) error { return v.RemoveAll("/data") }, syscall.EBUSY},
		{"the root", 0, func(v view) error { return v.Remove("/") }, syscall.EBUSY},
		{"dot", 2000, func(v view) error { return v.Remove("/data/local/tmp/.") }, syscall.EINVAL},
		{"full folder", 2000, func(v view) error { return v.Remove("/data/local/tmp/dir") }, syscall.ENOTEMPTY},
		{"shell in /data", 2000, func(v view) error { return v.Mkdir("/data/x", 0o755) }, syscall.EACCES},
		{"shell removes a root file", 2000, func(v view) error { return v.Remove("/data/local/tmp/roots") }, 0},
		{"shell reads a root file", 2000, func(v view) error { _, err := v.ReadFile("/data/local/tmp/roots"); return err }, syscall.EACCES},
		{"shell changes a root file", 2000, func(v view) error { return v.Chmod("/data/local/tmp/roots", 0o777) }, syscall.EPERM},
		{"shell gives away", 2000, func(v view) error { return v.Chown("/data/local/tmp/file", 0, -1) }, syscall.EPERM},
		{"sticky", 2000, func(v view) error { return v.Remove("/data/local/tmp/sticky/roots") }, syscall.EPERM},
		{"read a folder", 2000, func(v view) error { _, err := v.ReadFile("/data/local/tmp/dir"); return err }, syscall.EISDIR},
		{"write a folder", 2000, func(v view) error { return v.WriteFile("/data/local/tmp/dir", nil, 0o644) }, syscall.EISDIR},
		{"mkdir on a file", 2000, func(v view) error { return v.Mkdir("/data/local/tmp/file", 0o755) }, syscall.EEXIST},
		{"mkdir -p on a file", 2000, func(v view) error { return v.MkdirAll("/data/local/tmp/file/x", 0o755) }, syscall.ENOTDIR},
		{"readlink of a file", 2000, func(v view) error { _, err := v.Readlink("/data/local/tmp/file"); return err }, syscall.EINVAL},
		{"rename across file systems", 0, func(v view) error { return v.Rename("/data/local/tmp/file", "/sdcard/file") }, syscall.EXDEV},
		{"rename into itself", 2000, func(v view) error { return v.Rename("/data/local/tmp/dir", "/data/local/tmp/dir/sub/x") }, syscall.EINVAL},
		{"rename file on folder", 2000, func(v view) error { return v.Rename("/data/local/tmp/file", "/data/local/tmp/dir") }, syscall.EISDIR},
		{"rename folder on file", 2000, func(v view) error { return v.Rename("/data/local/tmp/dir", "/data/local/tmp/file") }, syscall.ENOTDIR},
		{"rename on a full folder", 2000, func(v view) error { return v.Rename("/data/local/tmp/sticky", "/data/local/tmp/dir") }, syscall.ENOTEMPTY},
		{"link across file systems", 0, func(v view) error { return v.Link("/data/local/tmp/file", "/sdcard/file") }, syscall.EXDEV},
		{"link a folder", 2000, func(v view) error { return v.Link("/data/local/tmp/dir", "/data/local/tmp/l") }, syscall.EPERM},
		{"write dynamic", 0, func(v view) error { return v.WriteFile("/proc/uptime", nil, 0) }, syscall.EACCES},
		{"full device", 2000, func(v view) error { return v.WriteFile("/dev/full", []byte("x"), 0) }, syscall.ENOSPC},
		{"null device", 2000, func(v view) error { return v.WriteFile("/dev/null", []byte("x"), 0) }, 0},
		{"execute without x as root", 0, func(v view) error { return v.Access("/data/local/tmp/file", fs.MayExecute) }, syscall.EACCES},
	} {
		t.Run(c.name, func(t *testing.T) {
			tree := android(t)
			shell, tmp := tree.As(fs.UIDShell), "/data/local/tmp/"
			do(t,
				shell.WriteFile(tmp+"file", []byte("abc"), 0o666),
				shell.MkdirAll(tmp+"dir/sub", 0o755),
				shell.Symlink("loop", tmp+"loop"), shell.Symlink("nowhere", tmp+"dangling"),
				tree.WriteFile(tmp+"roots", nil, 0o600),
				tree.Mkdir(tmp+"sticky", 0), tree.Chmod(tmp+"sticky", 0o1777), tree.WriteFile(tmp+"sticky/roots", nil, 0o666),
				tree.MkdirAll("/data/data/org.app/files", 0o700), tree.WriteFile("/data/data/org.app/files/x", nil, 0o600),
				tree.Chown("/data/data/org.app", 10123, 10123), tree.Chown("/data/data/org.app/files", 10123, 10123),
				tree.Chown("/data/data/org.app/files/x", 10123, 10123),
				tree.Provide("/proc/uptime", func() []byte { return []byte("1.00 1.00\n") }),
			)
			err := c.do(tree.As(c.uid))
			if c.want == 0 && err != nil {
				t.Fatalf("got %v, want success", err)
			}
			if c.want == 0 {
				return
			}
			if !errors.Is(err, c.want) {
				t.Fatalf("got %v, want %v", err, c.want)
			}
			var one *iofs.PathError
			var two *os.LinkError
			if !errors.As(err, &one) && !errors.As(err, &two) {
				t.Errorf("error is a %T, want a PathError or LinkError", err)
			}
		})
	}
}

func TestFiles(t *testing.T) {
	tree := android(t)
	v := tree.As(fs.UIDShell)
	const path = "/data/local/tmp/f"
	open := func(flag int) *fs.File {
		t.Helper()
		f, err := v.OpenFile(path, flag, 0o640)
		do(t, err)
		return f
	}
	content := func(want string) {
		t.Helper()
		got, err := v.ReadFile(path)
		do(t, err)
		if string(got) != want {
			t.Fatalf("content %q, want %q", got, want)
		}
	}
	f := open(os.O_RDWR | os.O_CREATE)
	_, err := f.Write([]byte("hello world"))
	do(t, err)
	_, err = f.Seek(-5, io.SeekEnd)
	do(t, err)
	rest, err := io.ReadAll(f)
	do(t, err)
	if string(rest) != "world" {
		t.Fatalf("after seeking 5 back: %q", rest)
	}
	a := open(os.O_WRONLY | os.O_APPEND)
	_, err = f.Seek(0, io.SeekStart)
	do(t, err)
	_, err = a.Write([]byte("!"))
	do(t, err)
	_, err = f.Write([]byte("J"))
	do(t, err)
	content("Jello world!")
	_, err = f.Seek(14, io.SeekStart)
	do(t, err)
	_, err = f.Write([]byte("x"))
	do(t, err)
	content("Jello world!\x00\x00x")
	do(t, f.Truncate(3), f.Truncate(5))
	content("Jel\x00\x00")
	open(os.O_WRONLY | os.O_TRUNC).Close()
	content("")
	if _, err := a.Read(make([]byte, 1)); !errors.Is(err, syscall.EBADF) {
		t.Errorf("reading a file open for writing: %v", err)
	}
	do(t, f.Close())
	for _, err := range []error{f.Close(), func() error { _, err := f.Write(nil); return err }()} {
		if !errors.Is(err, syscall.EBADF) {
			t.Errorf("using a closed file: %v, want EBADF", err)
		}
	}
	// A removed file lives on behind its handle.
	_, err = a.Write([]byte("st"))
	do(t, err, v.Remove(path))
	_, err = a.Write([]byte("ill"))
	do(t, err)
	info, err := a.Stat()
	do(t, err)
	if info.Size() != 5 || info.Unix().Nlink != 0 || info.Name() != "f" {
		t.Errorf("removed file: size %d nlink %d name %s, want 5, 0, f", info.Size(), info.Unix().Nlink, info.Name())
	}
	if used, _ := tree.Usage(); used != 5 {
		t.Errorf("%d bytes in use, want 5", used)
	}
	do(t, a.Close())
	if used, _ := tree.Usage(); used != 0 {
		t.Errorf("%d bytes in use after the last close, want 0", used)
	}
}

func TestAttributes(t *testing.T) {
	tree := android(t)
	v := tree.As(fs.UIDShell)
	const dir = "/data/local/tmp/"
	do(t, v.WriteFile(dir+"a", []byte("1"), 0o640), v.Link(dir+"a", dir+"b"), v.Chmod(dir+"b", 0o4755))
	a, err := v.Stat(dir + "a")
	do(t, err)
	b, err := v.Stat(dir + "b")
	do(t, err)
	if diff := cmp.Diff(a.Unix(), b.Unix()); diff != "" {
		t.Errorf("two names of one file differ:\n%s", diff)
	}
	if a.Unix().Nlink != 2 || a.Unix().Mode != 0o104755 || a.Mode() != 0o755|iofs.ModeSetuid {
		t.Errorf("nlink %d, mode %o, Go's %v", a.Unix().Nlink, a.Unix().Mode, a.Mode())
	}
	at := time.Unix(1234, 0)
	do(t, v.Chtimes(dir+"a", at, at.Add(time.Second)))
	a, err = v.Stat(dir + "a")
	do(t, err)
	if st := a.Unix(); !st.Atime.Equal(at) || !st.Mtime.Equal(at.Add(time.Second)) || !st.Ctime.After(st.Mtime) {
		t.Errorf("times %v", st)
	}
	// A folder: "." and ".." of its folders count.
	do(t, v.MkdirAll(dir+"d/e", 0o700), v.Mkdir(dir+"d/f", 0o700), v.Rename(dir+"d/f", dir+"g"))
	d, err := v.Stat(dir + "d")
	do(t, err)
	if d.Unix().Nlink != 3 {
		t.Errorf("nlink of a folder with one folder is %d, want 3", d.Unix().Nlink)
	}
	var names []string
	list, err := v.ReadDir(dir)
	do(t, err)
	for _, i := range list {
		names = append(names, fmt.Sprintf("%s %o", i.Name(), i.Unix().Mode))
	}
	want := []string{"a 104755", "b 104755", "d 40700", "g 40700"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("list (-want +got):\n%s", diff)
	}
	// Emulated storage has its own mind.
	do(t, v.WriteFile("/sdcard/x", nil, 0o777), v.Chmod("/sdcard/x", 0o777), v.Chown("/sdcard/x", 0, 0))
	x, err := v.Stat("/sdcard/x")
	do(t, err)
	if st := x.Unix(); st.Mode != 0o100660 || st.UID != 1023 || st.GID != 1023 {
		t.Errorf("a file of emulated storage: %o %d:%d", st.Mode, st.UID, st.GID)
	}
}

func TestDynamicFilesAndDevices(t *testing.T) {
	tree := android(t)
	n := 0
	do(t, tree.Provide("/proc/1/uptime", func() []byte { n++; return fmt.Appendf(nil, "%d.00\n", n) }))
	v := tree.As(fs.UIDShell)
	f, err := v.Open("/proc/1/uptime")
	do(t, err)
	defer f.Close()
	for _, want := range []string{"2.00\n", "3.00\n"} {
		got, err := v.ReadFile("/proc/1/uptime")
		do(t, err)
		if string(got) != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if got, _ := io.ReadAll(f); string(got) != "1.00\n" {
		t.Errorf("an open file is %q, want what it was when opened", got)
	}
	zero, err := v.Open("/dev/zero")
	do(t, err)
	defer zero.Close()
	p := []byte{1, 2, 3}
	if n, err := zero.Read(p); n != 3 || err != nil || !bytes.Equal(p, []byte{0, 0, 0}) {
		t.Errorf("zero: %d %v %v", n, err, p)
	}
	if got, err := v.ReadFile("/dev/null"); err != nil || len(got) != 0 {
		t.Errorf("null: %q %v", got, err)
	}
	random := func() string {
		f, err := fs.NewAndroid(clock()).Open("/dev/urandom")
		do(t, err)
		defer f.Close()
		p := make([]byte, 8)
		_, err = io.ReadFull(f, p)
		do(t, err)
		return string(p)
	}
	if a, b := random(), random(); a != b || a == strings.Repeat("\x00", 8) {
		t.Errorf("two phones' first random bytes: %x and %x, want the same", a, b)
	}
}

func TestLimit(t *testing.T) {
	tree := android(t)
	tree.SetLimit(10)
	const path = "/data/local/tmp/x"
	do(t, tree.WriteFile(path, make([]byte, 10), 0o600))
	if err := tree.WriteFile(path+"2", []byte("1"), 0o600); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("one byte too much: %v", err)
	}
	f, err := tree.OpenFile(path, os.O_RDWR, 0)
	do(t, err)
	if _, err := f.WriteAt([]byte("x"), 1<<62); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("writing far out: %v", err)
	}
	do(t, f.Close(), tree.WriteFile(path, make([]byte, 4), 0o600), tree.WriteFile(path+"2", make([]byte, 6), 0o600))
	if used, limit := tree.Usage(); used != 10 || limit != 10 {
		t.Errorf("usage %d of %d", used, limit)
	}
	do(t, tree.RemoveAll(path), tree.RemoveAll("/data/local/none"))
	if used, _ := tree.Usage(); used != 6 {
		t.Errorf("usage %d after removing one of two files, want 6", used)
	}
	do(t, tree.RemoveAll("/data/local/tmp"))
	if used, _ := tree.Usage(); used != 0 {
		t.Errorf("usage %d after removing the folder, want 0", used)
	}
}

func TestImage(t *testing.T) {
	tree := android(t)
	do(t, tree.Image().WriteFile("/system/bin/sh", []byte("#"), 0o755))
	if err := tree.As(fs.UIDShell).Access("/system/bin/sh", fs.MayRead|fs.MayExecute); err != nil {
		t.Error(err)
	}
	do(t, tree.Provide("/sys/class/power_supply/battery/capacity", func() []byte { return []byte("85\n") }))
	if err := tree.Remove("/system/bin/sh"); !errors.Is(err, syscall.EROFS) {
		t.Errorf("root removes from the image: %v", err)
	}
}

// Phones tell errors by Linux' numbers and bionic's words.
func TestErrno(t *testing.T) {
	for errno, want := range map[error]string{
		syscall.ENOENT: "2 No such file or directory", syscall.EACCES: "13 Permission denied",
		syscall.EROFS: "30 Read-only file system", syscall.ELOOP: "40 Too many symbolic links encountered",
		syscall.ENOTEMPTY: "39 Directory not empty", io.EOF: "5 I/O error",
	} {
		number, text := fs.Errno(&iofs.PathError{Op: "x", Path: "y", Err: errno})
		if got := fmt.Sprint(number, " ", text); got != want {
			t.Errorf("%v is %q, want %q", errno, got, want)
		}
	}
}

func TestConcurrentUse(t *testing.T) {
	tree := android(t)
	v := tree.As(fs.UIDShell)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for j := range 50 {
				dir := fmt.Sprintf("/data/local/tmp/%d", j%5)
				_ = v.MkdirAll(dir, 0o755)
				f, err := v.OpenFile(dir+"/log", os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o666)
				if err == nil {
					_, _ = fmt.Fprintf(f, "%d\n", i)
					_ = f.Close()
				}
				_, _ = v.ReadDir(dir)
				_ = v.Rename(dir, dir+"x")
				_ = v.RemoveAll(dir + "x")
			}
		})
	}
	wg.Wait()
	do(t, v.RemoveAll("/data/local/tmp/0"), v.RemoveAll("/data/local/tmp/1"), v.RemoveAll("/data/local/tmp/2"),
		v.RemoveAll("/data/local/tmp/3"), v.RemoveAll("/data/local/tmp/4"))
	if used, _ := tree.Usage(); used != 0 {
		t.Errorf("%d bytes are in use of an empty tree", used)
	}
}

// Whatever the path: no panic, no endless walk, and Resolve and Stat agree.
func FuzzPath(f *testing.F) {
	for _, seed := range []string{"/", "", "//data/../..", "/sdcard/x/", "/data/user/0/.", "/loop/x", "/etc/hosts\x00"} {
		f.Add(seed)
	}
	tree := fs.NewAndroid(clock())
	if err := tree.Image().Symlink("loop", "/loop"); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, path string) {
		info, err := tree.Stat(path)
		if err != nil {
			return
		}
		real, err := tree.Resolve(path)
		if err != nil {
			t.Fatalf("%q exists but does not resolve: %v", path, err)
		}
		again, err := tree.Lstat(real)
		if err != nil || again.Unix().Ino != info.Unix().Ino {
			t.Fatalf("%q is %q, which is another file (%v)", path, real, err)
		}
	})
}
