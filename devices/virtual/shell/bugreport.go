package shell

import (
	"archive/zip"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/ringproof/ringproof/devices/virtual/android"
	"github.com/ringproof/ringproof/devices/virtual/render"
)

const bugreports = "/data/user_de/0/com.android.shell/files/bugreports"

// bugreportz is frameworks/native/cmds/bugreportz 1.2: it prints OK: and the zip's
// place, or FAIL: and why; with -p the progress before, with -s the zip itself.
func bugreportz(c *call) int {
	progress, stream := false, false
	for {
		o, ok := c.option()
		if !ok {
			break
		}
		switch o {
		case "-v":
			c.errln("1.2")
			return 0
		case "-p":
			progress = true
		case "-s":
			stream = true
		default:
			c.errln("usage: bugreportz [-hpsv]\n  -h: to display this help message\n  -p: display progress\n  -s: stream content to standard output\n  -v: to display the version\n  or no arguments to generate a zipped bugreport")
			return 1
		}
	}
	var name string
	var now time.Time
	c.do(func(d *android.Device) {
		now = d.Now()
		name = fmt.Sprintf("bugreport-%s-%s-%s", d.Props.Get("ro.product.name"), d.Props.Get("ro.build.id"), now.UTC().Format("2006-01-02-15-04-05"))
	})
	if stream {
		if err := c.bugreport(c.Stdout, name, now); err != nil {
			return 1
		}
		return 0
	}
	place := bugreports + "/" + name + ".zip"
	if progress {
		c.Printf("BEGIN:%s\n", place)
	}
	// What takes a phone minutes takes one that is made of text a moment.
	for done := range 4 {
		if c.s.sys.Sleep(c.ctx, 2*time.Second) != nil {
			return 129
		}
		if progress {
			c.Printf("PROGRESS:%d/100\n", 25*(done+1))
		}
	}
	root := c.s.tree.As(android.RootUID)
	err := root.MkdirAll(bugreports, 0o755)
	if err == nil {
		var f io.WriteCloser
		if f, err = root.OpenFile(place, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644); err == nil {
			err = c.bugreport(f, name, now)
			if e := f.Close(); err == nil {
				err = e
			}
		}
	}
	if err != nil {
		c.Printf("FAIL:%v\n", err)
		return 0
	}
	c.Printf("OK:%s\n", place)
	return 0
}

// bugreport writes the zip: the text of dumpstate, and which file it is.
func (c *call) bugreport(w io.Writer, name string, now time.Time) error {
	z := zip.NewWriter(w)
	for _, file := range []struct{ name, text string }{
		{"version.txt", "2.0"},
		{name + ".txt", c.dumpstate(now)},
		{"main_entry.txt", name + ".txt"},
		{"dumpstate_log.txt", ""},
	} {
		f, err := z.CreateHeader(&zip.FileHeader{Name: file.name, Method: zip.Deflate, Modified: now})
		if err != nil {
			return err
		}
		if _, err := io.WriteString(f, file.text); err != nil {
			return err
		}
	}
	return z.Close()
}

// bugreportText is bugreport, which before 7 printed everything; since then it
// only says what to do instead.
func bugreportText(c *call) int {
	c.errln("=============================================================================\n" +
		"WARNING: Flat (text file, non-zipped) bugreports are deprecated.\n" +
		"WARNING: Please generate zipped bugreports instead.\n" +
		"WARNING: On the host use: adb bugreport filename.zip\n" +
		"WARNING: On the device use: bugreportz\n" +
		"WARNING: bugreportz will output the filename to use with adb pull.\n" +
		"=============================================================================\n\n")
	var now time.Time
	c.do(func(d *android.Device) { now = d.Now() })
	if _, err := io.WriteString(c.Stdout, c.dumpstate(now)); err != nil {
		return 1
	}
	return 0
}

// dumpstate is the text of a bug report (dumpstate.cpp): a head, the log, and the
// dump of every service.
func (c *call) dumpstate(now time.Time) string {
	var b strings.Builder
	const rule = "========================================================\n"
	stamp := now.UTC().Format("2006-01-02 15:04:05")
	c.do(func(d *android.Device) {
		fmt.Fprintf(&b, "%s== dumpstate: %s\n%s\nBuild: %s\nBuild fingerprint: '%s'\nBootloader: %s\nKernel: %s\nUptime: up %s\nBugreport format version: 2.0\n\n",
			rule, stamp, rule, d.Props.Get("ro.build.display.id"), d.Props.Get("ro.build.fingerprint"), d.Props.Get("ro.bootloader"), "Linux version", d.Elapsed().Truncate(time.Minute))
		b.WriteString("------ SYSTEM LOG (logcat -v threadtime -v printable -v uid -d *:v) ------\n")
		for _, l := range d.Log.Lines(android.BufferMain, android.BufferSystem, android.BufferCrash) {
			for _, line := range strings.Split(l.Message, "\n") {
				fmt.Fprintf(&b, "%s %5d %5d %5d %c %-8s: %s\n", l.Time.UTC().Format("01-02 15:04:05.000"), l.UID, l.PID, l.TID, l.Priority, l.Tag, line)
			}
		}
		b.WriteString("------ 0.100s was the duration of 'SYSTEM LOG' ------\n\n")
		b.WriteString("------ DROPBOX SYSTEM APP CRASHES ------\n" + render.DropBox(d, "data_app_crash", true))
	})
	b.WriteString("\n" + rule + "== Checkins\n" + rule + "\n" + "------ DUMPSYS (dumpsys) ------\n")
	table := dumps()
	for _, s := range serviceNames() {
		if table[s] == nil {
			continue
		}
		fmt.Fprintf(&b, "-------------------------------------------------------------------------------\nDUMP OF SERVICE %s:\n%s--------- 0.010s was the duration of dumpsys %s, ending at: %s\n", s, table[s](c, nil), s, stamp)
	}
	b.WriteString("\n" + rule + "== dumpstate: done (id 1)\n" + rule)
	return b.String()
}
