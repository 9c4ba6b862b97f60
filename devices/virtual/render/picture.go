package render

import (
	"image"
	"image/color"
	"image/draw"

	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"

	"github.com/ringproof/ringproof/devices/virtual/android"
)

// glyph is how many pixels of the display one of the font is wide and high: the
// font is a small one, and people look at phones scaled down.
const glyph = 3

// Indexes of the palette.
const (
	black uint8 = iota
	wallpaper
	paper
	ink
	bar
	button
	buttonText
	shade
	scrim
	card
)

// colours of a picture: few, so that it is small and quick to write.
var colours = color.Palette{ // read-only table
	black:     color.NRGBA{0, 0, 0, 255},
	wallpaper: color.NRGBA{38, 70, 83, 255}, paper: color.NRGBA{250, 250, 250, 255}, ink: color.NRGBA{32, 33, 36, 255},
	bar: color.NRGBA{16, 32, 40, 255}, button: color.NRGBA{26, 115, 232, 255}, buttonText: color.NRGBA{255, 255, 255, 255},
	shade: color.NRGBA{30, 30, 34, 255}, scrim: color.NRGBA{90, 95, 100, 255}, card: color.NRGBA{232, 234, 237, 255},
}

// Picture is what screencap takes: the windows that show, lowest first, as their
// accessibility trees tell what is in them. It is black with the screen off, and
// where a window is secure.
func Picture(d *android.Device) *image.Paletted {
	p := image.NewPaletted(image.Rect(0, 0, android.DisplayWidth, android.DisplayHeight), colours)
	if !d.Power.ScreenOn() {
		return p
	}
	all := d.Windows.All()
	for i := len(all) - 1; i >= 0; i-- {
		if w := all[i]; w.Visible {
			drawWindow(p, d, w)
		}
	}
	clock := d.Now().UTC().Format("15:04")
	fill(p, android.Rect{Right: android.DisplayWidth, Bottom: 72}, bar)
	label(p, clock, 40, 16, buttonText, android.DisplayWidth)
	return p
}

func drawWindow(p *image.Paletted, d *android.Device, w *android.Window) {
	back, text := paper, ink
	switch {
	case w.Type == android.WindowWallpaper:
		fill(p, w.Bounds, wallpaper)
		return
	case w.Type == android.WindowNavigationBar:
		fill(p, android.Rect{Left: 420, Top: w.Bounds.Top + 28, Right: 660, Bottom: w.Bounds.Top + 36}, scrim)
		return
	case w.Type == android.WindowStatusBar:
		return
	case w.Type == android.WindowNotificationShade && !w.Focusable: // only heads-ups
		drawViews(p, w.Root, card, ink)
		return
	case w.Type == android.WindowNotificationShade && d.Keyguard.Showing && !d.StatusBar.Expanded:
		back, text = wallpaper, buttonText
		fill(p, w.Bounds, back)
		big(p, d.Now().UTC().Format("15:04"), 300, 420, 9)
		name := "Swipe up to open"
		if d.Keyguard.Secure() {
			name = "Locked"
		}
		label(p, name, 330, 2240, buttonText, 750)
	case w.Type == android.WindowNotificationShade:
		back, text = shade, buttonText
		fill(p, w.Bounds, back)
	case w.Activity != nil && w.Activity.Secure:
		fill(p, w.Bounds, black)
		return
	case w.Activity != nil && w.Activity.Task.Home:
		label(p, "Home", 480, 1960, buttonText, 600)
		for i, name := range []string{"Phone", "Messages", "Browser", "Camera"} {
			at := android.Rect{Left: 60 + i*250, Top: 2080, Right: 270 + i*250, Bottom: 2290}
			fill(p, at, card)
			label(p, name, at.Left+12, at.Top+90, ink, 190)
		}
		return
	default:
		fill(p, w.Bounds, back)
	}
	drawViews(p, w.Root, back, text)
}

// views draws what a tree says: buttons as such, texts as they stand.
func drawViews(p *image.Paletted, root *android.View, back, text uint8) {
	if back == card && root != nil { // the row of a heads-up
		for _, c := range root.Children {
			fill(p, c.Bounds, card)
		}
	}
	root.Walk(func(v *android.View) bool {
		said := v.Text
		if said == "" {
			said = v.ContentDesc
		}
		pen := text
		if v.Clickable && said != "" {
			fill(p, v.Bounds, button)
			pen = buttonText
		}
		if said != "" && !v.Password {
			label(p, said, v.Bounds.Left+12, v.Bounds.Top+12, pen, v.Bounds.Right-v.Bounds.Left-24)
		}
		return true
	})
}

func fill(p *image.Paletted, r android.Rect, c uint8) {
	draw.Draw(p, image.Rect(r.Left, r.Top, r.Right, r.Bottom), image.NewUniform(colours[c]), image.Point{}, draw.Src)
}

// label writes a text from its upper left corner, in as many lines as the width
// takes.
func label(p *image.Paletted, text string, x, y int, c uint8, width int) {
	per := max(1, width/(basicfont.Face7x13.Advance*glyph))
	r := []rune(text)
	for line := 0; len(r) > 0 && line < 4; line++ {
		n := min(per, len(r))
		scaled(p, string(r[:n]), x, y+line*15*glyph, glyph, c)
		r = r[n:]
	}
}

func big(p *image.Paletted, text string, x, y, scale int) { scaled(p, text, x, y, scale, buttonText) }

// scaled draws a line of the font with every pixel of it scale wide and high.
// What the font does not have is drawn as its box.
func scaled(p *image.Paletted, text string, x, y, scale int, c uint8) {
	face := basicfont.Face7x13
	mask := image.NewAlpha(image.Rect(0, 0, face.Advance*len([]rune(text)), face.Height))
	(&font.Drawer{Dst: mask, Src: image.Opaque, Face: face, Dot: fixed.P(0, face.Ascent)}).DrawString(text)
	for my := range mask.Rect.Dy() {
		for mx := range mask.Rect.Dx() {
			if mask.AlphaAt(mx, my).A < 128 {
				continue
			}
			for dy := range scale {
				for dx := range scale {
					if at := (image.Point{X: x + mx*scale + dx, Y: y + my*scale + dy}); at.In(p.Rect) {
						p.Pix[p.PixOffset(at.X, at.Y)] = c
					}
				}
			}
		}
	}
}
