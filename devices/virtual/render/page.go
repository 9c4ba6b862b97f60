package render

import (
	"fmt"
	"hash/fnv"
	"strings"
	"time"

	"github.com/ringproof/ringproof/devices/virtual/android"
)

// page is Android's IndentingPrintWriter: two blanks a level. It knows which
// release prints, since that is what lines depend on.
type page struct {
	strings.Builder
	level int
	api   int
	maker string
}

// of is an empty page of a phone.
func of(d *android.Device) *page { return &page{api: d.API, maker: d.Maker.Name} }

// by reports whether a maker's phone prints.
func (p *page) by(maker string) bool { return p.maker == maker }

// since writes a line that came with a release.
func (p *page) since(api int, format string, args ...any) {
	if p.api >= api {
		p.ln(format, args...)
	}
}

// upTo writes a line that a release was the last to print.
func (p *page) upTo(api int, format string, args ...any) {
	if p.api <= api {
		p.ln(format, args...)
	}
}

// ln writes one line at the present level. An empty line has no indentation.
func (p *page) ln(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if text != "" {
		p.WriteString(strings.Repeat("  ", p.level))
	}
	p.WriteString(text)
	p.WriteByte('\n')
}

// put writes one line that is no format.
func (p *page) put(text string) { p.ln("%s", text) }

// in runs body one level deeper.
func (p *page) in(body func()) {
	p.level++
	body()
	p.level--
}

// raw writes lines as they stand.
func (p *page) raw(text string) { p.WriteString(text) }

// hash is an identity hash for an object that the model does not have: the same
// for the same name on the same phone.
func hash(d *android.Device, name string) string {
	h := fnv.New32a()
	fmt.Fprint(h, d.Serial, "/", name)
	return fmt.Sprintf("%x", h.Sum32()&0x0fffffff|0x1000000)
}

// millis is a wall time in milliseconds since 1970.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// ago is TimeUtils.formatDuration of Android: +1h2m3s4ms or -20s747ms.
func ago(d time.Duration) string {
	if d == 0 {
		return "0"
	}
	sign := "+"
	if d < 0 {
		sign, d = "-", -d
	}
	ms := d.Milliseconds()
	var b strings.Builder
	b.WriteString(sign)
	started := false
	for _, u := range []struct {
		ms   int64
		name string
	}{{86400000, "d"}, {3600000, "h"}, {60000, "m"}, {1000, "s"}} {
		if n := ms / u.ms; n > 0 || started {
			fmt.Fprintf(&b, "%d%s", n, u.name)
			started = true
			ms %= u.ms
		}
	}
	fmt.Fprintf(&b, "%dms", ms)
	return b.String()
}

// user is the short name of a uid: u0a123, 1000.
func user(uid int) string {
	if uid%100000 >= android.FirstAppUID {
		return fmt.Sprintf("u%da%d", uid/100000, uid%100000-android.FirstAppUID)
	}
	return fmt.Sprint(uid)
}

func yes(b bool) string {
	if b {
		return "1"
	}
	return "0"
}

func bounds(r android.Rect) string {
	return fmt.Sprintf("[%d,%d][%d,%d]", r.Left, r.Top, r.Right, r.Bottom)
}
