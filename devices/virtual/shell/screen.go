package shell

import (
	"bytes"
	"image"
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

// screencap takes what render.Picture draws, as PNG or raw pixels.
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
	var picture *image.Paletted
	c.do(func(d *android.Device) { picture = render.Picture(d) })
	const w, h = android.DisplayWidth, android.DisplayHeight
	var out bytes.Buffer
	if raw {
		// width, height, PIXEL_FORMAT_RGBA_8888, colour space, pixels
		out.Write([]byte{w & 255, w >> 8, 0, 0, h & 255, h >> 8, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0})
		for _, at := range picture.Pix {
			r, g, b, _ := picture.Palette[at].RGBA()
			out.Write([]byte{byte(r >> 8), byte(g >> 8), byte(b >> 8), 255})
		}
	} else if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&out, picture); err != nil {
		c.errln("Failed to take screenshot. Status: -1")
		return 1
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
