package apk

import (
	"encoding/binary"
	"testing"
)

// types of a ResTable_type by hand, as ResourceTypes.h lays them out: a header
// of 20 + a configuration of 4 bytes size and 4 of content.
func tableChunk(flags byte, config uint32, count int, index, entries []byte) chunk {
	head := make([]byte, 28)
	head[8], head[9] = 1, flags
	binary.LittleEndian.PutUint32(head[12:], uint32(count))
	binary.LittleEndian.PutUint32(head[16:], uint32(len(head)+len(index)))
	binary.LittleEndian.PutUint32(head[20:], 8)
	binary.LittleEndian.PutUint32(head[24:], config)
	return chunk{kind: chunkType, head: head, body: append(index, entries...)}
}

func TestEntries(t *testing.T) {
	plain := []byte{8, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, typeDec, 42, 0, 0, 0}
	compact := []byte{0, 0, byte(entryCompact), typeBool, 1, 0, 0, 0}
	complex := []byte{16, 0, entryComplex, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}
	for name, c := range map[string]struct {
		c     chunk
		index uint32
		want  value
		ok    bool
	}{
		"plain":            {tableChunk(0, 0, 2, []byte{255, 255, 255, 255, 0, 0, 0, 0}, plain), 1, value{typeDec, 42}, true},
		"plain, not there": {tableChunk(0, 0, 2, []byte{255, 255, 255, 255, 0, 0, 0, 0}, plain), 0, value{}, false},
		"plain, beyond":    {tableChunk(0, 0, 2, []byte{255, 255, 255, 255, 0, 0, 0, 0}, plain), 2, value{}, false},
		"count lies":       {tableChunk(0, 0, 9, nil, nil), 5, value{}, false},
		"offset lies":      {tableChunk(0, 0, 1, []byte{0, 1, 0, 0}, plain), 0, value{}, false},
		"sparse":           {tableChunk(typeSparse, 0, 2, []byte{3, 0, 0, 0, 7, 0, 0, 0}, plain), 7, value{typeDec, 42}, true},
		"sparse, not":      {tableChunk(typeSparse, 0, 2, []byte{3, 0, 0, 0, 7, 0, 0, 0}, plain), 4, value{}, false},
		"16 bits":          {tableChunk(typeOffset16, 0, 2, []byte{255, 255, 0, 0}, plain), 1, value{typeDec, 42}, true},
		"16 bits, not":     {tableChunk(typeOffset16, 0, 2, []byte{255, 255, 0, 0}, plain), 0, value{}, false},
		"compact":          {tableChunk(0, 0, 1, []byte{0, 0, 0, 0}, compact), 0, value{typeBool, 1}, true},
		"complex":          {tableChunk(0, 0, 1, []byte{0, 0, 0, 0}, complex), 0, value{}, false},
	} {
		if got, ok := entry(c.c, c.index); got != c.want || ok != c.ok {
			t.Errorf("%s: %+v %t", name, got, ok)
		}
	}
}

// The default configuration counts, whichever comes first, and a chain of
// references ends.
func TestResolve(t *testing.T) {
	e := func(kind byte, data uint32) []byte {
		return binary.LittleEndian.AppendUint32([]byte{8, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, kind}, data)
	}
	index := []byte{0, 0, 0, 0, 16, 0, 0, 0}
	german, plain := uint32('d')<<16|uint32('e')<<24, uint32(0)
	tab := &table{packages: []tablePackage{{id: 0x7f, types: []chunk{
		tableChunk(0, german, 2, append([]byte{}, index...), append(e(typeDec, 1), e(typeReference, 0x7f010001)...)),
		tableChunk(0, plain, 1, []byte{0, 0, 0, 0}, e(typeDec, 2)),
	}}}}
	if v, ok := tab.resolve(value{typeReference, 0x7f010000}); !ok || v.data != 2 {
		t.Errorf("entry 0 is %+v %t", v, ok)
	}
	if v, ok := tab.resolve(value{typeReference, 0x7f010001}); ok {
		t.Errorf("a reference to itself is %+v", v)
	}
	if v, ok := tab.resolve(value{typeReference, 0x01080093}); ok {
		t.Errorf("Android's own resource is %+v", v)
	}
}

// Strings of both kinds of pools.
func TestStrings(t *testing.T) {
	for _, c := range []struct {
		p    pool
		want string
		ok   bool
	}{
		{pool{utf8: true, index: make([]byte, 4), data: []byte("\x02\x03h\xc3\xa9\x00")}, "hé", true},
		{pool{utf8: true, index: make([]byte, 4), data: []byte("\x02\x06\xed\xa0\xbd\xed\xb8\x80\x00")}, "😀", true}, // as two surrogates
		{pool{utf8: true, index: make([]byte, 4), data: []byte("\x02\x09h")}, "", false},
		{pool{utf8: true, index: make([]byte, 4), data: []byte("\x02\x02\xff\xff")}, "", false},
		{pool{index: make([]byte, 4), data: []byte("\x02\x00h\x00\xe9\x00")}, "hé", true},
		{pool{index: make([]byte, 4), data: []byte("\x09\x00h\x00")}, "", false},
		{pool{index: []byte{9, 0, 0, 0}, data: []byte("\x01\x00h\x00")}, "", false},
		{pool{}, "", false},
	} {
		if got, ok := c.p.at(0); got != c.want || ok != c.ok {
			t.Errorf("%q: %q %t", c.p.data, got, ok)
		}
	}
}
