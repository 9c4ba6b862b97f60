package text

import (
	"encoding/binary"
	"math/bits"
)

// Append adds a row to a list that may become as long as the text. It makes
// room by what the text so far promises: done of all bytes gave the rows that
// there are. The usual doubling would move a long list many times over.
func Append[T any](rows []T, row T, done, all int) []T {
	if len(rows) == cap(rows) {
		rows = moved(rows, done, all)
	}
	return append(rows, row)
}

// Extend is Append with an empty row, for rows that are too large to be copied.
func Extend[T any](rows []T, done, all int) []T {
	if len(rows) == cap(rows) {
		rows = moved(rows, done, all)
	}
	n := len(rows)
	rows = rows[:n+1]
	clear(rows[n:])
	return rows
}

// Fresh is Extend for a list that gave no row back unemptied: what it has room
// for is empty already.
func Fresh[T any](rows []T, done, all int) []T {
	if len(rows) == cap(rows) {
		rows = moved(rows, done, all)
	}
	return rows[:len(rows)+1]
}

func moved[T any](rows []T, done, all int) []T {
	n := len(rows)
	room := 16*n + 8 // a dense begin promises no more than this
	if n >= 64 && done > 0 && done <= all {
		room = min(room, int(float64(n)*float64(all)/float64(done)*1.02)+8)
	}
	more := make([]T, n, max(room, n+1))
	copy(more, rows)
	return more
}

// Copy gives the words of a text as parts of copies of it, made in blocks as
// one walks over it: for lists that name something new on each line and leave
// little else of the text. A block lives as long as any of its words.
type Copy struct {
	text  []byte
	block string
	from  int // where the block begins in text
}

// CopyOf makes a Copy of a text, which costs nothing before its first word.
func CopyOf(text []byte) Copy { return Copy{text: text} }

// Word is b as a string. b has to be a part of the text.
func (c *Copy) Word(b []byte) string {
	at := cap(c.text) - cap(b) // a part shares the text's end of room
	if i := at - c.from; i >= 0 && i+len(b) <= len(c.block) {
		return c.block[i : i+len(b)]
	}
	const size = 32 << 10
	if at < c.from || at+len(b) > len(c.text) || len(b) > size/4 {
		return string(b)
	}
	c.block, c.from = string(c.text[at:min(len(c.text), at+size)]), at
	return c.block[:len(b)]
}

// Words keeps one copy of the words that a dump repeats, as Interned does, for
// rows by the ten thousand: a word costs a look at one place, the room is
// bounded, and two words of one place only cost a copy more. Make one per reading.
type Words [1 << 10]string

// Word is b as a string.
func (w *Words) Word(b []byte) string {
	n := len(b)
	if n == 0 {
		return ""
	}
	// Packages begin alike, and ids and sentences end alike.
	h := uint64(n)
	if n >= 8 {
		first, middle, last := binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[n/2-4:]), binary.LittleEndian.Uint64(b[n-8:])
		h ^= first*3 ^ bits.RotateLeft64(middle, 23) ^ last
	} else {
		for _, c := range b {
			h = h<<8 | uint64(c)
		}
	}
	at := &w[h*0x9e3779b97f4a7c15>>(64-10)]
	if *at != string(b) {
		const longest = 256
		if n > longest {
			return string(b)
		}
		*at = string(b)
	}
	return *at
}
