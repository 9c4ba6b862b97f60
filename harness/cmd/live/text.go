package live

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clean makes a text safe to show in one line of a terminal or of a CI log:
// controls, invalid bytes and marks that turn the direction of writing are
// shown as escapes, and what a CI system would take for a command of its own
// is broken.
func Clean(s string) string {
	dirty := false
	for i, r := range s {
		if r == utf8.RuneError || !safe(r) || r == ':' && i == 0 || r == '#' {
			dirty = true
			break
		}
	}
	if !dirty {
		return s
	}
	var b strings.Builder
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		switch {
		case r == utf8.RuneError && n <= 1:
			fmt.Fprintf(&b, `\x%02x`, s[0])
		case r == '\n' || r == '\t':
			b.WriteByte(' ')
		case !safe(r) && r < 0x100:
			fmt.Fprintf(&b, `\x%02x`, r)
		case !safe(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
		s = s[n:]
	}
	// GitHub's runner obeys "::command::" at the begin of a line and
	// "##[command]" anywhere; Azure's "##vso[".
	out := b.String()
	if strings.HasPrefix(strings.TrimLeft(out, " "), "::") {
		out = strings.Replace(out, "::", ": :", 1)
	}
	out = strings.ReplaceAll(out, "##[", "# #[")
	return strings.ReplaceAll(out, "##vso", "# #vso")
}

// safe reports whether a rune only shows itself.
func safe(r rune) bool {
	switch {
	case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == '\u2028', r == '\u2029', r == '\ufeff':
		return false
	case unicode.Is(unicode.Cf, r):
		return r == '\u200d' // joins emoji
	}
	return true
}

// cells is how many columns a clean text takes.
func cells(s string) int {
	n := 0
	for _, r := range s {
		n += width(r)
	}
	return n
}

// width is the columns of one rune, as terminals count them (East Asian Width
// W and F are two, marks none).
func width(r rune) int {
	switch {
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case r >= 0x1100 && r <= 0x115f, r >= 0x2e80 && r <= 0x303e, r >= 0x3041 && r <= 0x33ff, r >= 0x3400 && r <= 0x4dbf,
		r >= 0x4e00 && r <= 0x9fff, r >= 0xa000 && r <= 0xa4cf, r >= 0xac00 && r <= 0xd7a3, r >= 0xf900 && r <= 0xfaff,
		r >= 0xfe30 && r <= 0xfe6f, r >= 0xff00 && r <= 0xff60, r >= 0xffe0 && r <= 0xffe6,
		r >= 0x1f300 && r <= 0x1faff, r >= 0x20000 && r <= 0x3fffd:
		return 2
	}
	return 1
}

// fit cuts a clean text to so many columns.
func fit(s string, columns int) string {
	if columns <= 0 {
		return ""
	}
	if cells(s) <= columns {
		return s
	}
	n := 0
	for i, r := range s {
		if n += width(r); n > columns-1 {
			return s[:i] + "…"
		}
	}
	return s
}

// pad fills a clean text up with blanks, or cuts it, to exactly so many columns.
func pad(s string, columns int) string {
	s = fit(s, columns)
	return s + strings.Repeat(" ", max(columns-cells(s), 0))
}
