// Package installer is PackageInstaller of Android 14 on a virtual phone: it
// takes APKs in sessions, refuses what a phone refuses and in its words, and
// installs the rest under /data/app. What an installed package does is a model,
// looked up by its name; a package without one is inert.
//
// It knows no command line and no adb: those are of the shell. Texts of
// refusals are those of InstallPackageHelper, PackageInstallerSession and
// ApkSignatureVerifier of Android 14, or of reports of people who met them;
// texts that nobody has shown us are marked "unverified".
package installer

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"strings"
	"sync"

	"github.com/ringproof/ringproof/devices/apk"
	"github.com/ringproof/ringproof/devices/virtual/android"
	"github.com/ringproof/ringproof/devices/virtual/fs"
)

// Models finds the behaviour of a package; nil when nobody models it.
type Models func(pkg string) func() android.App

// Installer takes APKs for one phone. It is safe for concurrent use.
type Installer struct {
	sys    *android.System
	tree   *fs.Tree
	models Models

	mu       sync.Mutex
	next     int
	sessions map[int]*session
}

// session is what was written for one installation.
type session struct {
	params Params
	dir    string
	files  []string
}

// Params are what the shell's install command can say (makeInstallParams).
type Params struct {
	// NoReplace refuses a package that is installed (-R). Since Android 9 the
	// default is to replace, with or without -r.
	NoReplace bool
	// Downgrade asks for an older version than the installed one (-d).
	Downgrade bool
	// Grant gives all runtime permissions (-g).
	Grant bool
	// Test allows packages that are marked testOnly (-t).
	Test bool
	// LowTarget allows apps for releases before 6.0.
	LowTarget bool
	// Installer is who is said to install (-i), Package which package it must
	// be (--pkg).
	Installer, Package string
}

// Refusal is why a package is not installed: "Failure [CODE: message]".
type Refusal struct {
	Code, Message string
}

func (r *Refusal) Error() string {
	if r.Message == "" {
		return r.Code
	}
	return r.Code + ": " + r.Message
}

func refuse(code, format string, args ...any) *Refusal {
	return &Refusal{Code: code, Message: fmt.Sprintf(format, args...)}
}

// firstSession is where the numbers of sessions begin; a phone draws them, but
// equal runs are to be equal.
const firstSession = 1_482_730_215

// New makes the installer of a phone.
func New(sys *android.System, tree *fs.Tree, models Models) *Installer {
	if models == nil {
		models = func(string) func() android.App { return nil }
	}
	return &Installer{sys: sys, tree: tree, models: models, next: firstSession, sessions: map[int]*session{}}
}

// Create begins a session.
func (i *Installer) Create(p Params) (id int, err error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.next += 7919
	s := &session{params: p, dir: fmt.Sprintf("/data/app/vmdl%d.tmp", i.next)}
	if err := i.folder(s.dir, 0o775); err != nil {
		return 0, fmt.Errorf("create a session: %w", err)
	}
	i.sessions[i.next] = s
	return i.next, nil
}

// folder makes a folder of the package manager.
func (i *Installer) folder(dir string, mode uint32) error {
	if err := i.tree.Mkdir(dir, mode); err != nil {
		return err
	}
	return i.tree.Chown(dir, fs.UIDSystem, fs.UIDSystem)
}

// ErrNoSession is what openSession throws for a number that is none.
var ErrNoSession = errors.New("no such session")

func (i *Installer) session(id int) (*session, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if s := i.sessions[id]; s != nil {
		return s, nil
	}
	return nil, fmt.Errorf("session %d: %w", id, ErrNoSession)
}

// Write adds a file of at most size bytes to a session. Less is not an error
// here: what is missing is missed when the package is read.
func (i *Installer) Write(id int, name string, size int64, r io.Reader) error {
	s, err := i.session(id)
	if err != nil {
		return err
	}
	// PackageInstallerSession.doWriteInternal: FileUtils.isValidExtFilename.
	if name == "" || name == "." || name == ".." || path.Base(name) != name {
		return android.Throw(android.IllegalArgumentException, "Invalid name: %s", name)
	}
	if used, limit := i.tree.Usage(); size > limit-used {
		return fmt.Errorf("Failed to allocate %d because only %d allocatable", size, limit-used) // unverified
	}
	at := path.Join(s.dir, name)
	f, err := i.tree.OpenFile(at, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	_, err = io.CopyN(f, r, size)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err := i.tree.Chown(at, fs.UIDSystem, fs.UIDSystem); err != nil {
		return err
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, have := range s.files {
		if have == name {
			return nil
		}
	}
	s.files = append(s.files, name)
	return nil
}

// Abandon ends a session without installing.
func (i *Installer) Abandon(id int) error {
	s, err := i.session(id)
	if err != nil {
		return err
	}
	i.mu.Lock()
	delete(i.sessions, id)
	i.mu.Unlock()
	return i.tree.RemoveAll(s.dir)
}

// Commit installs what was written. What a phone refuses is a *Refusal.
func (i *Installer) Commit(id int) error {
	s, err := i.session(id)
	if err != nil {
		return err
	}
	i.mu.Lock()
	defer i.mu.Unlock() // one installation at a time
	defer func() {
		delete(i.sessions, id)
		_ = i.tree.RemoveAll(s.dir) // gone if it was installed
	}()
	base, sig, at, err := i.base(id, s)
	if err != nil {
		return err
	}
	spec := specOf(base, sig)
	spec.NewApp = i.models(base.Name)
	var previous string
	i.sys.Do(func(d *android.Device) {
		if err = against(d, spec, s.params); err != nil {
			return
		}
		if old := d.Packages.Get(spec.Name); old != nil {
			previous = old.CodePath
		}
		spec.CodePath = d.Packages.NewCodePath(spec.Name)
	})
	if err != nil {
		return err
	}
	if err := i.place(at, spec.CodePath); err != nil {
		return fmt.Errorf("install %s: %w", spec.Name, err)
	}
	i.sys.Do(func(d *android.Device) {
		if s.params.Grant {
			spec.Granted = spec.Permissions
		}
		pk := d.Packages.Install(spec)
		pk.Installer = s.params.Installer
		d.Files(spec.Name) // its folder
	})
	i.removeCode(previous)
	return nil
}

// removeCode removes the folder that an APK was placed in.
func (i *Installer) removeCode(code string) {
	if dir := path.Dir(code); strings.HasPrefix(dir, "/data/app/~~") {
		_ = i.tree.RemoveAll(dir)
	}
}

// base reads the session's packages and verifies the base.
func (i *Installer) base(id int, s *session) (base *apk.Package, sig apk.Signature, at string, err error) {
	if len(s.files) == 0 {
		return nil, sig, "", refuse("INSTALL_FAILED_INVALID_APK", "Session: %d. No packages staged in %s", id, s.dir)
	}
	for _, name := range s.files {
		file := path.Join(s.dir, name)
		p, psig, err := i.read(file)
		switch {
		case err != nil:
			return nil, sig, "", err
		case s.params.Package != "" && p.Name != s.params.Package:
			// assertApkConsistentLocked, with mPackageName from --pkg.
			return nil, sig, "", refuse("INSTALL_FAILED_INVALID_APK", "%s specified package %s inconsistent with %s", file, s.params.Package, p.Name)
		case p.Split != "":
		case base != nil:
			return nil, sig, "", refuse("INSTALL_FAILED_INVALID_APK", "Split null was defined multiple times")
		default:
			base, sig, at = p, psig, file
		}
	}
	switch {
	case base == nil:
		return nil, sig, "", refuse("INSTALL_FAILED_INVALID_APK", "Full install must include a base package")
	case len(s.files) > 1:
		// This phone runs models: nobody would use a split.
		return nil, sig, "", refuse("INSTALL_FAILED_INVALID_APK", "a virtual phone takes no splits")
	}
	return base, sig, at, nil
}

// read reads one package and verifies it.
func (i *Installer) read(file string) (*apk.Package, apk.Signature, error) {
	f, err := i.tree.Open(file)
	if err != nil {
		return nil, apk.Signature{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, apk.Signature{}, err
	}
	p, err := apk.Open(f, info.Size())
	if err != nil {
		return nil, apk.Signature{}, unreadable(file, err)
	}
	sig, err := check(p, file, android14)
	return p, sig, err
}

// place moves the package to where it stays: the name of its folder is drawn.
func (i *Installer) place(at, code string) error {
	for _, dir := range []string{path.Dir(code), code} {
		if err := i.folder(dir, 0o755); err != nil {
			return err
		}
	}
	return i.tree.Rename(at, code+"/base.apk")
}

// Uninstall removes a package, its code and, unless keepData, its data. False
// when there is none that can go.
func (i *Installer) Uninstall(name string, keepData bool) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	var code string
	done := false
	i.sys.Do(func(d *android.Device) {
		if pk := d.Packages.Get(name); pk != nil {
			code = pk.CodePath
		}
		done = d.Packages.Uninstall(name, keepData)
	})
	if !done {
		return false
	}
	i.removeCode(code)
	if !keepData {
		_ = i.tree.RemoveAll("/data/data/" + name)
	}
	return true
}

// Clear is pm clear: the data goes, the package stays. False without one.
func (i *Installer) Clear(name string) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	done := false
	i.sys.Do(func(d *android.Device) { done = d.Packages.Clear(name) })
	if done {
		if entries, err := i.tree.ReadDir("/data/data/" + name); err == nil {
			for _, e := range entries {
				_ = i.tree.RemoveAll("/data/data/" + name + "/" + e.Name())
			}
		}
	}
	return done
}
