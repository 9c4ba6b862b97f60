package text

import "strings"

// Recent keeps one copy of each of the texts that were read lately: what a dump
// repeats it mostly repeats soon. It takes the same memory whatever it reads,
// where Interned is for words that come again at any distance. The zero Recent
// is ready.
type Recent struct {
	slots [256]string
	block Block
}

// Word is b as a string, shared with an equal text if that was there lately.
func (r *Recent) Word(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	s := r.slot(b[0], b[len(b)/2], b[len(b)-1], b[len(b)*3/4], len(b))
	if *s != string(b) {
		*s = r.block.String(b)
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
		*s = r.block.Own(b)
	}
	return *s
}

// slot is where a text of these characters and this length is remembered.
func (r *Recent) slot(first, middle, last, late byte, n int) *string {
	h := uint32(first) | uint32(middle)<<8 | uint32(last)<<16 | uint32(late)<<24
	h = (h ^ uint32(n)*0x85ebca6b) * 0x9e3779b1
	return &r.slots[h>>24]
}

// Block makes strings that nobody else has, many to an allocation. The memory
// lives as long as any of them. The zero Block is ready.
type Block struct{ b *strings.Builder }

const (
	blockSize = 8 << 10
	largest   = blockSize / 8 // of the texts that stand in a block
)

// String is b as a string.
func (k *Block) String(b []byte) string {
	if len(b) > largest {
		return string(b)
	}
	n := k.room(len(b))
	k.b.Write(b)
	return k.b.String()[n:]
}

// Own is a copy of s.
func (k *Block) Own(s string) string {
	if len(s) > largest {
		return strings.Clone(s)
	}
	n := k.room(len(s))
	k.b.WriteString(s)
	return k.b.String()[n:]
}

// room makes sure that n bytes fit, and returns where they will begin. A
// builder never grows: the strings that were taken from it stay as they are.
func (k *Block) room(n int) int {
	if k.b == nil || k.b.Cap()-k.b.Len() < n {
		k.b = &strings.Builder{}
		k.b.Grow(blockSize)
	}
	return k.b.Len()
}
