package shell

import (
	"bytes"
	"hash/fnv"
	"image"
	"image/color"
	"image/png"
	"os"
	"time"

	"github.com/ringproof/ringproof/devices/virtual/android"
	"github.com/ringproof/ringproof/devices/virtual/render"
)

// uiautomator is frameworks/base/cmds/uiautomator: only its dump.
func uiautomator(c *call) int {
	if verb := c.arg(); verb != "dump" {
		c.errln("Usage: uiautomator <subcommand> [options]\n\nAvailable subcommands:\n\nhelp: displays help message\n\nruntest: executes UI automation tests\n\ndump: creates an XML dump of current UI hierarchy\n    dump [--verbose][--compressed][file]\n\nevents: prints out accessibility events until terminated")
		return 1
	}
	windows := false
	for {
		o, ok := c.option()
		if !ok {
			break
		}
		// Before 12 it is a word like any other that begins with a dash: ignored.
		windows = windows || o == "--windows" && c.release().AllWindows
	}
	file := c.arg()
	if file == "" {
		file = "/sdcard/window_dump.xml"
	}
	// The tool starts an accessibility connection and waits for a quiet screen.
	var cost time.Duration
	c.do(func(d *android.Device) { cost = d.Between(700*time.Millisecond, 1100*time.Millisecond) })
	if c.s.sys.Sleep(c.ctx, cost) != nil {
		return 129
	}
	var xml string
	ok := false
	c.do(func(d *android.Device) {
		if windows {
			xml, ok = render.HierarchyWindows(d)
		} else {
			xml, ok = render.Hierarchy(d)
		}
	})
	if !ok {
		c.errln("ERROR: null root node returned by UiTestAutomationBridge.")
		return 0
	}
	switch file {
	case "/dev/tty", "/proc/self/fd/1", "/dev/stdout":
		c.Printf("%s", xml)
	default:
		if err := c.FS.WriteFile(c.Path(file), []byte(xml), 0o666); err != nil {
			c.errln("java.io.FileNotFoundException: %s: open failed: %s", file, wrongFile(err))
			return 0
		}
	}
	c.Printf("UI hierchary dumped to: %s\n", file)
	return 0
}

// screencap draws what is on the screen as far as a picture can prove it: the
// uppermost window in a colour of its own, black for a secure one or a dark
// screen.
func screencap(c *call) int {
	raw := true
	for {
		o, ok := c.option()
		if !ok {
			break
		}
		switch o {
		case "-p":
			raw = false
		case "-d":
			c.arg()
		}
	}
	file := c.arg()
	if len(file) > 4 && file[len(file)-4:] == ".png" {
		raw = false
	}
	shade := color.NRGBA{A: 255}
	c.do(func(d *android.Device) {
		if !d.Power.ScreenOn() {
			return
		}
		for _, w := range d.Windows.All() {
			if !w.Visible || w.Bounds.Bottom-w.Bounds.Top < android.DisplayHeight/2 {
				continue
			}
			if w.Activity == nil || !w.Activity.Secure {
				h := fnv.New32a()
				h.Write([]byte(w.Title))
				n := h.Sum32()
				shade = color.NRGBA{byte(n) | 0x20, byte(n>>8) | 0x20, byte(n>>16) | 0x20, 255}
			}
			return
		}
	})
	const w, h = android.DisplayWidth, android.DisplayHeight
	var out bytes.Buffer
	if raw {
		// width, height, PIXEL_FORMAT_RGBA_8888, colour space, pixels
		out.Write([]byte{w & 255, w >> 8, 0, 0, h & 255, h >> 8, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0})
		out.Write(bytes.Repeat([]byte{shade.R, shade.G, shade.B, 255}, w*h))
	} else {
		picture := image.NewPaletted(image.Rect(0, 0, w, h), color.Palette{shade})
		if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&out, picture); err != nil {
			c.errln("Failed to take screenshot. Status: -1")
			return 1
		}
	}
	if file == "" || file == "-" {
		if _, err := c.Stdout.Write(out.Bytes()); err != nil {
			return 1
		}
		return 0
	}
	f, err := c.FS.OpenFile(c.Path(file), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o666)
	if err != nil {
		c.errln("Error opening file: %s (%s)", file, wrongFile(err))
		return 1
	}
	defer f.Close()
	if _, err := f.Write(out.Bytes()); err != nil {
		c.errln("Error writing file: %s (%s)", file, wrongFile(err))
		return 1
	}
	return 0
}
