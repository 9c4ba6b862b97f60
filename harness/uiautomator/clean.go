package uiautomator

import (
	"bytes"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// clean makes a dump well-formed where Android does not: characters and
// character references outside XML 1.0, and surrogate pairs written as two
// references. It returns b itself when there is nothing to do.
func clean(b []byte) []byte {
	dirty := false
	for i := 0; i < len(b) && !dirty; {
		if b[i] == '&' {
			dirty = i+1 < len(b) && b[i+1] == '#'
		}
		r, n := utf8.DecodeRune(b[i:])
		dirty = dirty || !legal(r)
		i += n
	}
	if !dirty {
		return b
	}
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); {
		if b[i] == '&' {
			if r, n := reference(b[i:]); n > 0 {
				if utf16.IsSurrogate(r) {
					low, m := reference(b[i+n:])
					if both := utf16.DecodeRune(r, low); m > 0 && both != utf8.RuneError {
						r, n = both, n+m
					}
				}
				out = appendReference(out, r)
				i += n
				continue
			}
		}
		r, n := utf8.DecodeRune(b[i:])
		if !legal(r) {
			r = utf8.RuneError
		}
		out = utf8.AppendRune(out, r)
		i += n
	}
	return out
}

// reference reads a numeric character reference at the begin of b.
func reference(b []byte) (r rune, n int) {
	if len(b) < 4 || b[0] != '&' || b[1] != '#' {
		return 0, 0
	}
	end := bytes.IndexByte(b[:min(len(b), 12)], ';')
	if end < 0 {
		return 0, 0
	}
	digits, base := string(b[2:end]), 10
	if digits != "" && (digits[0] == 'x' || digits[0] == 'X') {
		digits, base = digits[1:], 16
	}
	v, err := strconv.ParseUint(digits, base, 32)
	if err != nil || v > utf8.MaxRune {
		return 0, 0
	}
	return rune(v), end + 1
}

// appendReference writes a character so that it cannot be taken for markup.
func appendReference(out []byte, r rune) []byte {
	if !legal(r) {
		r = utf8.RuneError
	}
	switch r {
	case '<', '>', '&', '"', '\'', '\n', '\t', '\r':
		return append(strconv.AppendInt(append(out, "&#"...), int64(r), 10), ';')
	}
	return utf8.AppendRune(out, r)
}

// legal is the character range of XML 1.0.
func legal(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0xd7ff || r >= 0xe000 && r <= 0xfffd || r >= 0x10000 && r <= 0x10ffff
}
