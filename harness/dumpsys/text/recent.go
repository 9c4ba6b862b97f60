package text

import "strings"

// Recent keeps one copy of each of the texts that were read lately: what a dump
// repeats it mostly repeats soon. It takes the same memory whatever it reads,
// where Interned is for words that come again at any distance. The zero Recent
// is ready.
type Recent struct {
	slots [256]string
	block *strings.Builder // new texts are parts of it: one allocation for many
}

// Word is b as a string, shared with an equal text if that was there lately.
func (r *Recent) Word(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	s := r.slot(b[0], b[len(b)/2], b[len(b)-1], b[len(b)*3/4], len(b))
	if *s != string(b) {
		if len(b) > largest {
			*s = string(b)
			return *s
		}
		n := r.room(len(b))
		r.block.Write(b)
		*s = r.block.String()[n:]
	}
	return *s
}

// Own is s as a string of its own, which keeps no longer text alive that s is a
// part of.
func (r *Recent) Own(b string) string {
	if len(b) == 0 {
		return ""
	}
	s := r.slot(b[0], b[len(b)/2], b[len(b)-1], b[len(b)*3/4], len(b))
	if *s != b {
		if len(b) > largest {
			*s = strings.Clone(b)
			return *s
		}
		n := r.room(len(b))
		r.block.WriteString(b)
		*s = r.block.String()[n:]
	}
	return *s
}

const (
	blockSize = 8 << 10
	largest   = blockSize / 8 // of the texts that stand in a block
)

// room makes sure that n bytes fit into the block, and returns where they will
// begin. A block never grows: the strings that were taken from it stay as they
// are.
func (r *Recent) room(n int) int {
	if r.block == nil || r.block.Cap()-r.block.Len() < n {
		r.block = &strings.Builder{}
		r.block.Grow(blockSize)
	}
	return r.block.Len()
}

// slot is where a text of these characters and this length is remembered.
func (r *Recent) slot(first, middle, last, late byte, n int) *string {
	h := uint32(first) | uint32(middle)<<8 | uint32(last)<<16 | uint32(late)<<24
	h = (h ^ uint32(n)*0x85ebca6b) * 0x9e3779b1
	return &r.slots[h>>24]
}
