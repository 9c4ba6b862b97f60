package apk

import "fmt"

// table is a resources.arsc. Nothing is unpacked before it is asked for.
type table struct {
	strings  *pool
	packages []tablePackage
}

type tablePackage struct {
	id    uint32
	types []chunk // ResTable_type: one resource type in one configuration
}

func parseTable(b []byte) (*table, error) {
	doc, _, err := nextChunk(b)
	if err != nil {
		return nil, err
	}
	if doc.kind != chunkTable {
		return nil, fmt.Errorf("a chunk 0x%04x instead of a table", doc.kind)
	}
	t := &table{}
	for rest := doc.body; len(rest) > 0; {
		var c chunk
		if c, rest, err = nextChunk(rest); err != nil {
			return nil, err
		}
		switch {
		case c.kind == chunkStrings && t.strings == nil:
			if t.strings, err = newPool(c); err != nil {
				return nil, err
			}
		case c.kind == chunkPackage:
			if len(c.head) < 12 {
				return nil, errShort
			}
			p := tablePackage{id: u32(c.head[8:])}
			for inner := c.body; len(inner) > 0; {
				var k chunk
				if k, inner, err = nextChunk(inner); err != nil {
					return nil, err
				}
				if k.kind == chunkType && len(k.head) >= 24 {
					p.types = append(p.types, k)
				}
			}
			t.packages = append(t.packages, p)
		}
	}
	return t, nil
}

// maxHops bounds a chain of references.
const maxHops = 20

// resolve follows references to a value. It takes the default configuration,
// as a phone does whose language the app does not have, or else the first one.
func (t *table) resolve(v value) (value, bool) {
	for range maxHops {
		if v.kind != typeReference {
			return v, true
		}
		if t == nil || v.data == 0 {
			return value{}, false
		}
		var ok bool
		if v, ok = t.lookup(v.data); !ok {
			return value{}, false
		}
	}
	return value{}, false
}

func (t *table) lookup(id uint32) (value, bool) {
	var first value
	found := false
	for _, p := range t.packages {
		if p.id != id>>24 {
			continue
		}
		for _, c := range p.types {
			if uint32(c.head[8]) != id>>16&0xff {
				continue
			}
			v, ok := entry(c, id&0xffff)
			if !ok {
				continue
			}
			if isDefault(c.head) {
				return v, true
			}
			if !found {
				first, found = v, true
			}
		}
	}
	return first, found
}

// isDefault reports whether a ResTable_config asks for nothing: all zero after
// its size.
func isDefault(head []byte) bool {
	for _, b := range head[min(len(head), 24):] {
		if b != 0 {
			return false
		}
	}
	return true
}

// Flags of a ResTable_type and of its entries.
const (
	typeSparse   = 0x01
	typeOffset16 = 0x02
	entryComplex = 0x0001
	entryCompact = 0x0008
)

// entry finds the simple value of one entry in one configuration.
func entry(c chunk, index uint32) (value, bool) {
	flags, count, start := c.head[9], u32(c.head[12:]), u32(c.head[16:])
	var off uint32
	switch {
	case flags&typeSparse != 0: // u16 index, u16 offset in units of 4
		for i := uint64(0); ; i++ {
			if i >= uint64(count) || i*4+4 > uint64(len(c.body)) {
				return value{}, false
			}
			if uint32(u16(c.body[i*4:])) == index {
				off = uint32(u16(c.body[i*4+2:])) * 4
				break
			}
		}
	case flags&typeOffset16 != 0:
		if index >= count || uint64(index)*2+2 > uint64(len(c.body)) || u16(c.body[index*2:]) == 0xffff {
			return value{}, false
		}
		off = uint32(u16(c.body[index*2:])) * 4
	default:
		if index >= count || uint64(index)*4+4 > uint64(len(c.body)) || u32(c.body[index*4:]) == 0xffffffff {
			return value{}, false
		}
		off = u32(c.body[index*4:])
	}
	at := int64(start) - int64(len(c.head)) + int64(off)
	if at < 0 || at+8 > int64(len(c.body)) {
		return value{}, false
	}
	b := c.body[at:]
	size, f := u16(b), u16(b[2:])
	switch {
	case f&entryCompact != 0: // the type is in the flags' high byte
		return value{kind: byte(f >> 8), data: u32(b[4:])}, true
	case f&entryComplex != 0 || size < 8 || size+8 > len(b):
		return value{}, false
	}
	return readValue(b[size:]), true
}

// text is the string of a value.
func (t *table) text(v value) (string, bool) {
	if t == nil || v.kind != typeString {
		return "", false
	}
	return t.strings.at(v.data)
}
