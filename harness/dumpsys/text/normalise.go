package text

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
	"unicode/utf8"
)

// Normalise returns b as UTF-8 without byte order mark and with "\n" line
// ends. Half of all saved dumps went through a PowerShell redirect (UTF-16 and
// CRLF) or a console that broke characters; old adb daemons print "\r\r\n".
// Invalid bytes become U+FFFD, and the marks that a search put before lines go.
// b itself is returned when nothing has to be done, and is never changed.
func Normalise(b []byte) []byte {
	if u, order := utf16Order(b); order != nil {
		b = fromUTF16(u, order)
	} else {
		b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	}
	if bytes.IndexByte(b, '\r') >= 0 {
		b = dropCR(b)
	}
	if !utf8.Valid(b) {
		b = bytes.ToValidUTF8(b, []byte("\uFFFD"))
	}
	return unmark(b)
}

// unmark takes back what PowerShell's Select-String -Context puts before each
// line: "> " before what was searched for, two blanks before what stands around
// it. A record whose first line was found would look like no record at all.
func unmark(b []byte) []byte {
	begin := bytes.TrimLeft(b, "\n")
	switch {
	case bytes.HasPrefix(begin, []byte("> ")):
	case !bytes.HasPrefix(begin, []byte("  ")), !bytes.Contains(b, []byte("\n> ")):
		return b
	}
	for rest := b; len(rest) > 0; {
		var line []byte
		line, rest, _ = bytes.Cut(rest, []byte{'\n'})
		if len(line) > 0 && string(line) != ">" && !bytes.HasPrefix(line, []byte("> ")) && !bytes.HasPrefix(line, []byte("  ")) {
			return b // somebody's own words
		}
	}
	out := make([]byte, 0, len(b))
	for len(b) > 0 {
		line, rest, more := bytes.Cut(b, []byte{'\n'})
		out = append(out, line[min(2, len(line)):]...)
		if more {
			out = append(out, '\n')
		}
		b = rest
	}
	return out
}

// utf16Order recognises UTF-16 by its mark or, without one, by the zero bytes
// that ASCII leaves in it.
func utf16Order(b []byte) ([]byte, binary.ByteOrder) {
	if len(b) < 4 {
		return b, nil
	}
	switch {
	case b[0] == 0xff && b[1] == 0xfe:
		return b[2:], binary.LittleEndian
	case b[0] == 0xfe && b[1] == 0xff:
		return b[2:], binary.BigEndian
	}
	head := b[:min(len(b), 64)&^1]
	var even, odd int
	for i, c := range head {
		if c != 0 {
			continue
		}
		if i%2 == 0 {
			even++
		} else {
			odd++
		}
	}
	switch {
	case odd*4 > len(head) && even == 0:
		return b, binary.LittleEndian
	case even*4 > len(head) && odd == 0:
		return b, binary.BigEndian
	}
	return b, nil
}

func fromUTF16(b []byte, order binary.ByteOrder) []byte {
	out := make([]byte, 0, len(b)/2)
	high := 0 // where a unit's high byte is
	if order == binary.LittleEndian {
		high = 1
	}
	const ascii = 0xff80ff80ff80ff80 // of four units, the bits that ASCII leaves empty
	for i := 0; i+1 < len(b); i += 2 {
		for i+8 <= len(b) && order.Uint64(b[i:])&ascii == 0 {
			out = append(out, b[i+1-high], b[i+3-high], b[i+5-high], b[i+7-high])
			i += 8
		}
		if i+1 >= len(b) {
			break
		}
		if b[i+high] == 0 && b[i+1-high] < utf8.RuneSelf {
			out = append(out, b[i+1-high])
			continue
		}
		r := rune(order.Uint16(b[i:]))
		if utf16.IsSurrogate(r) {
			low := rune(0)
			if i+3 < len(b) {
				low = rune(order.Uint16(b[i+2:]))
			}
			if r = utf16.DecodeRune(r, low); r != utf8.RuneError {
				i += 2
			}
		}
		out = utf8.AppendRune(out, r)
	}
	return bytes.TrimPrefix(out, []byte("\uFEFF"))
}

// dropCR removes the carriage returns before a line feed or the end of text.
func dropCR(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for len(b) > 0 {
		line := b
		i := bytes.IndexByte(b, '\n')
		if i >= 0 {
			line, b = b[:i], b[i+1:]
		} else {
			b = nil
		}
		for len(line) > 0 && line[len(line)-1] == '\r' {
			line = line[:len(line)-1]
		}
		out = append(out, line...)
		if i >= 0 {
			out = append(out, '\n')
		}
	}
	return out
}
