package virtual

import (
	"errors"
	"fmt"
	iofs "io/fs"
	"os"
	"path"
	"sync/atomic"
	"time"

	"github.com/ringproof/ringproof/devices/virtual/android"
	"github.com/ringproof/ringproof/devices/virtual/fs"
)

// clock is the wall clock of the file tree. Commands read it from the system.
// Apps write their files while the system is locked: for that long the clock
// shows the moment that they write at, and the system is not asked.
type clock struct {
	sys    *android.System
	dev    *android.Device // only for whoever holds the system's lock
	inside atomic.Int32
	moment atomic.Int64 // nanoseconds since 1970, valid while inside > 0
}

func (c *clock) start(sys *android.System) {
	c.sys = sys
	sys.Do(func(d *android.Device) { c.dev = d })
}

func (c *clock) now() time.Time {
	if c.inside.Load() > 0 {
		return time.Unix(0, c.moment.Load()).UTC()
	}
	if c.sys == nil { // the phone is being made
		return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	var t time.Time
	c.sys.Do(func(d *android.Device) { t = d.Now() })
	return t
}

// at lets an app work on its files. The system's lock is held.
func (c *clock) at(do func() error) error {
	if c.dev != nil {
		c.moment.Store(c.dev.Now().UnixNano())
		c.inside.Add(1)
		defer c.inside.Add(-1)
	}
	return do()
}

// homes makes the private folder of every app.
func homes(sys *android.System, tree *fs.Tree) error {
	type home struct {
		pkg string
		uid int
	}
	var all []home
	sys.Do(func(d *android.Device) {
		for _, p := range d.Packages.All() {
			all = append(all, home{p.Name, p.UID})
		}
	})
	root := tree.As(fs.UIDRoot)
	for _, h := range all {
		if err := makeHome(root, h.pkg, h.uid); err != nil {
			return err
		}
	}
	return nil
}

// homeOf is the private folder of an app: of the owner's, and of another user's.
func homeOf(pkg string, uid int) string {
	if user := android.UserOf(uid); user > 0 {
		return fmt.Sprintf("/data/user/%d/%s", user, pkg)
	}
	return "/data/data/" + pkg
}

// makeHome makes /data/data/PKG as installd does: mode 0700, owned by the app.
func makeHome(root *fs.View, pkg string, uid int) error {
	dir := homeOf(pkg, uid)
	if err := root.MkdirAll(path.Dir(dir), 0o711); err != nil {
		return fmt.Errorf("make the folder of %s: %w", pkg, err)
	}
	if _, err := root.Stat(dir); err == nil {
		return nil
	}
	if err := root.Mkdir(dir, 0o700); err != nil {
		return fmt.Errorf("make the folder of %s: %w", pkg, err)
	}
	if err := root.Chown(dir, uid, uid); err != nil {
		return fmt.Errorf("give %s its folder: %w", pkg, err)
	}
	return nil
}

// appFiles is an app's private folder in the phone's one file tree.
type appFiles struct {
	clock *clock
	view  *fs.View
	home  string
}

func newAppFiles(c *clock, tree *fs.Tree, pkg string, uid int) android.AppFiles {
	f := appFiles{clock: c, view: tree.As(uid), home: homeOf(pkg, uid)}
	// An app that is installed later gets its folder when it first asks.
	_ = c.at(func() error { return makeHome(tree.As(fs.UIDRoot), pkg, uid) })
	return f
}

func (f appFiles) path(name string) string { return path.Join(f.home, path.Clean("/"+name)) }

func (f appFiles) ReadFile(name string) (b []byte, err error) {
	err = f.clock.at(func() error {
		b, err = f.view.ReadFile(f.path(name))
		return err
	})
	return b, err
}

func (f appFiles) WriteFile(name string, data []byte) error {
	return f.write(name, data, os.O_WRONLY|os.O_CREATE|os.O_TRUNC)
}

func (f appFiles) AppendFile(name string, data []byte) error {
	return f.write(name, data, os.O_WRONLY|os.O_CREATE|os.O_APPEND)
}

func (f appFiles) write(name string, data []byte, flag int) error {
	return f.clock.at(func() error {
		p := f.path(name)
		if err := f.view.MkdirAll(path.Dir(p), 0o700); err != nil {
			return err
		}
		file, err := f.view.OpenFile(p, flag, 0o600)
		if err != nil {
			return err
		}
		_, err = file.Write(data)
		return errors.Join(err, file.Close())
	})
}

func (f appFiles) Remove(name string) error {
	return f.clock.at(func() error {
		if err := f.view.Remove(f.path(name)); err != nil && !errors.Is(err, iofs.ErrNotExist) {
			return err
		}
		return nil
	})
}
