package shell

import (
	"errors"
	"io"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/ringproof/ringproof/devices/apk"
	"github.com/ringproof/ringproof/devices/virtual/android"
	"github.com/ringproof/ringproof/devices/virtual/installer"
)

// installParams reads the options of install and install-create
// (makeInstallParams); size is -1 without -S.
func (c *call) installParams() (p installer.Params, size int64, err error) {
	size = -1
	text := func(missing string) string {
		v, ok := c.next()
		if !ok && err == nil {
			err = android.Throw(android.IllegalArgumentException, "%s", missing)
		}
		return v
	}
	for err == nil {
		o, ok := c.option()
		if !ok {
			break
		}
		switch o {
		case "-r", "-f", "--force-sdk", "--full", "--dont-kill", "--restrict-permissions", "--no-wait", "--skip-verification",
			"--force-queryable", "--no-incremental", "--fastdeploy", "--staged-ready-timeout":
		case "-R":
			p.NoReplace = true
		case "-d":
			p.Downgrade = true
		case "-g":
			p.Grant = true
		case "-t":
			p.Test = true
		case "--bypass-low-target-sdk-block":
			p.LowTarget = true
		case "-i":
			p.Installer = text("Missing installer package")
		case "--pkg":
			p.Package = text("Missing package name")
		case "-S":
			if size, err = strconv.ParseInt(c.arg(), 10, 64); err != nil {
				err = android.Throw("java.lang.NumberFormatException", "%s", strings.TrimPrefix(err.Error(), "strconv."))
			} else if size <= 0 {
				err = android.Throw(android.IllegalArgumentException, "Size must be positive")
			}
		case "--user", "--abi", "--originating-uri", "--referrer", "--install-location", "--install-reason", "--force-uuid", "--package-source":
			text("Argument expected after \"" + o + "\"")
		default:
			err = android.Throw(android.IllegalArgumentException, "Unknown option %s", o)
		}
	}
	return p, size, err
}

// takes is what installing takes on a mid-range phone: copying, parsing,
// verifying and what dex2oat does at least.
func (c *call) takes() error {
	var cost time.Duration
	c.do(func(d *android.Device) { cost = d.Between(400*time.Millisecond, 900*time.Millisecond) })
	return c.s.sys.Sleep(c.ctx, cost)
}

// pmInstall is `pm install` and its parts (PackageManagerShellCommand of 14).
func pmInstall(c *call, verb string) int {
	switch verb {
	case "install-create":
		p, _, err := c.installParams()
		var id int
		if err == nil {
			id, err = c.s.pm.Create(p)
		}
		if err != nil {
			return c.threw(verb, err)
		}
		c.Printf("Success: created install session [%d]\n", id)
		return 0
	case "install-write":
		return c.installWrite(verb)
	case "install-commit":
		return c.sessionVerb(verb, func(id int) int {
			code := c.commit(id)
			if code == 0 {
				c.Println("Success")
			}
			return code
		})
	case "install-abandon":
		return c.sessionVerb(verb, func(id int) int {
			if err := c.s.pm.Abandon(id); err != nil {
				return c.threw(verb, noSession(err, id))
			}
			c.Println("Success")
			return 0
		})
	case "install-existing":
		return c.installExisting()
	case "install-incremental":
		// No incremental file system here: adb then streams.
		return c.threw(verb, android.Throw(android.IllegalArgumentException, "Incremental installation not allowed."))
	}

	p, size, err := c.installParams()
	if err != nil {
		return c.threw(verb, err)
	}
	files := c.rest
	fromInput := len(files) == 0 || files[0] == "-"
	switch {
	case fromInput && size < 0:
		c.Println("Error: must either specify a package size or an APK file")
		return 1
	case fromInput && len(files) > 1:
		c.Println("Error: can't specify SPLIT(s) along with STDIN")
		return 1
	case fromInput:
		files = []string{"-"}
	default:
		// setParamsSize reads the files before there is a session.
		for _, f := range files {
			if err := c.looksLikeAPK(f); err != nil {
				return c.threw(verb, err)
			}
		}
	}
	id, err := c.s.pm.Create(p)
	if err != nil {
		return c.threw(verb, err)
	}
	for _, f := range files {
		name := "base.apk"
		if len(files) > 1 {
			name = path.Base(f)
		}
		if code := c.write(id, verb, name, f, size); code != 0 {
			_ = c.s.pm.Abandon(id)
			return code
		}
	}
	if code := c.commit(id); code != 0 {
		return code
	}
	c.Println("Success")
	return 0
}

func noSession(err error, id int) error {
	if errors.Is(err, installer.ErrNoSession) {
		// PackageInstallerService.openSessionInternal.
		return android.Throw(android.SecurityException, "Caller has no access to session %d", id)
	}
	return err
}

func (c *call) sessionVerb(verb string, do func(id int) int) int {
	for {
		if _, ok := c.option(); !ok {
			break
		}
	}
	arg := c.arg()
	id, err := strconv.Atoi(arg)
	if err != nil {
		return c.threw(verb, android.Throw("java.lang.NumberFormatException", "For input string: %q", arg))
	}
	return do(id)
}

// looksLikeAPK is setParamsSize for one file: whoever gives pm a file that is
// no APK gets an exception, not a Failure.
func (c *call) looksLikeAPK(file string) error {
	f, err := c.FS.Open(c.Path(file))
	if err != nil {
		c.unopened(file)
		c.errln("Error: Can't open file: %s", file)
		return android.Throw(android.IllegalArgumentException, "Error: Can't open file: %s", file)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	var bad *apk.Error
	if _, err := apk.Open(f, info.Size()); errors.As(err, &bad) && bad.Kind == apk.NotAPK {
		return android.Throw(android.IllegalArgumentException, "Error: Failed to parse APK file: %s: Failed to parse %s", file, file)
	}
	return nil
}

// unopened is what ShellCommand.openFileForSystem says.
func (c *call) unopened(file string) {
	c.errln("Error: Unable to open file: %s", file)
	if !strings.HasPrefix(file, "/data/local/tmp/") {
		c.errln("Consider using a file under /data/local/tmp/")
	}
}

// installWrite is install-write [-S SIZE] SESSION NAME [PATH|-].
func (c *call) installWrite(verb string) int {
	size := int64(-1)
	for {
		// "-" alone is no option.
		o, ok := c.option()
		if !ok {
			break
		}
		if o != "-S" {
			return c.threw(verb, android.Throw(android.IllegalArgumentException, "Unknown option: %s", o))
		}
		arg := c.arg()
		n, err := strconv.ParseInt(arg, 10, 64)
		if err != nil {
			return c.threw(verb, android.Throw("java.lang.NumberFormatException", "For input string: %q", arg))
		}
		size = n
	}
	return c.sessionVerb(verb, func(id int) int {
		name := c.arg()
		file, ok := c.next()
		if !ok {
			file = "-"
		}
		return c.write(id, verb, name, file, size)
	})
}

// write is doWriteSplit.
func (c *call) write(id int, verb, name, file string, size int64) int {
	var from io.Reader = c.Stdin
	if file != "-" {
		f, err := c.FS.Open(c.Path(file))
		if err != nil {
			c.unopened(file)
			return 255 // -1
		}
		defer f.Close()
		info, err := f.Stat()
		if err != nil {
			c.errln("Unable to get size of: %s", file)
			return 255
		}
		from, size = f, info.Size()
	}
	if size <= 0 {
		c.errln("Error: must specify a APK size")
		return 1
	}
	if err := c.s.pm.Write(id, name, size, from); err != nil {
		var thrown *android.Exception
		if errors.As(err, &thrown) || errors.Is(err, installer.ErrNoSession) {
			return c.threw(verb, noSession(err, id))
		}
		c.errln("Error: failed to write; %s", err)
		return 1
	}
	if verb == "install-write" {
		c.Printf("Success: streamed %d bytes\n", size)
	}
	return 0
}

// commit is doCommitSession.
func (c *call) commit(id int) int {
	if c.takes() != nil {
		return 129
	}
	err := c.s.pm.Commit(id)
	var refused *installer.Refusal
	switch {
	case err == nil:
		return 0
	case errors.As(err, &refused):
		c.Printf("Failure [%s]\n", refused)
		return 1
	case errors.Is(err, installer.ErrNoSession):
		return c.threw("install-commit", noSession(err, id))
	}
	c.Printf("Failure [INSTALL_FAILED_INTERNAL_ERROR: %s]\n", err)
	return 1
}

func (c *call) installExisting() int {
	c.flags()
	name, ok := c.next()
	if !ok {
		c.Println("Error: package name not specified")
		return 1
	}
	known, user := false, 0
	c.do(func(d *android.Device) {
		known, user = d.Users.Get(d.User()) != nil && d.Packages.InstallExisting(name) != nil, d.User()
	})
	if !known {
		c.Println("android.content.pm.PackageManager$NameNotFoundException: Package " + name + " doesn't exist")
		return 1
	}
	c.Printf("Package %s installed for user: %d\n", name, user)
	return 0
}

// pmUninstall is runUninstall.
func pmUninstall(c *call) int {
	keep, user := false, ""
	for {
		o, ok := c.option()
		if !ok {
			break
		}
		switch o {
		case "-k":
			keep = true
		case "--user":
			user = c.arg()
			c.asUser(user)
		case "--versionCode":
			c.arg()
		default:
			c.Printf("Error: Unknown option: %s\n", o)
			return 1
		}
	}
	name, ok := c.next()
	if !ok {
		c.Println("Error: package name not specified")
		return 1
	}
	known := false
	c.do(func(d *android.Device) { known = d.Packages.Get(name) != nil })
	if !known && user != "" && user != "all" {
		c.Printf("Failure [not installed for %s]\n", strings.Replace(user, "current", "0", 1))
		return 1
	}
	if of, err := strconv.Atoi(user); err == nil && of != 0 {
		done := false
		c.do(func(d *android.Device) { done = d.Packages.Uninstall(name, keep) })
		if !done {
			c.Println("Failure [DELETE_FAILED_INTERNAL_ERROR]")
			return 1
		}
		_ = c.s.tree.Image().RemoveAll("/data/user/" + user + "/" + name) // it may have had none
		c.Println("Success")
		return 0
	}
	if !c.s.pm.Uninstall(name, keep) {
		c.Println("Failure [DELETE_FAILED_INTERNAL_ERROR]")
		return 1
	}
	c.Println("Success")
	return 0
}
