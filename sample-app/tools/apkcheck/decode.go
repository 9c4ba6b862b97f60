package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"unicode/utf16"
)

// androidNS is the namespace of attributes that have a resource id.
const androidNS = "http://schemas.android.com/apk/res/android"

// An element of a binary manifest.
type element struct {
	name     string
	attrs    []attr
	children []*element
}

// An attr of a binary manifest: its typed value, which is what a phone reads.
type attr struct {
	ns, name string
	id       uint32 // its resource id; 0 when it has none
	kind     uint8  // Res_value.dataType
	data     uint32
	text     string // of a kindString
}

func (e *element) attr(ns, name string) (attr, bool) {
	for _, a := range e.attrs {
		if a.ns == ns && a.name == name {
			return a, true
		}
	}
	return attr{}, false
}

// Res_value.dataType, frameworks/base/libs/androidfw/include/androidfw/ResourceTypes.h.
const (
	kindReference = 0x01
	kindString    = 0x03
	kindDecimal   = 0x10
	kindHex       = 0x11
	kindBoolean   = 0x12
)

// Chunk types, the same file.
const (
	chunkStrings      = 0x0001
	chunkXML          = 0x0003
	chunkStartElement = 0x0102
	chunkEndElement   = 0x0103
	chunkResourceMap  = 0x0180
)

const noString = 0xffffffff

var errShort = errors.New("the data ends too early")

// bytes reads little-endian numbers; what lies outside is 0 and is told by short.
type bytes struct {
	b     []byte
	short bool
}

func (r *bytes) u16(at int) int {
	if at < 0 || at+2 > len(r.b) {
		r.short = true
		return 0
	}
	return int(binary.LittleEndian.Uint16(r.b[at:]))
}

func (r *bytes) u32(at int) uint32 {
	if at < 0 || at+4 > len(r.b) {
		r.short = true
		return 0
	}
	return binary.LittleEndian.Uint32(r.b[at:])
}

func (r *bytes) u8(at int) uint8 {
	if at < 0 || at >= len(r.b) {
		r.short = true
		return 0
	}
	return r.b[at]
}

// decode reads a compiled manifest (ResourceTypes.h, ResXMLTree) and returns its root.
func decode(b []byte) (*element, error) {
	doc := bytes{b: b}
	if doc.u16(0) != chunkXML || int(doc.u32(4)) != len(b) {
		return nil, errors.New("no compiled XML, or not all of it")
	}
	var (
		strings []string
		ids     []uint32
		open    []*element
		root    *element
		err     error
	)
	for at := doc.u16(2); at < len(b); {
		size := int(doc.u32(at + 4))
		if size < 8 || size > len(b)-at {
			return nil, fmt.Errorf("chunk at %d has size %d: %w", at, size, errShort)
		}
		chunk := bytes{b: b[at : at+size]}
		switch chunk.u16(0) {
		case chunkStrings:
			if strings, err = stringPool(chunk); err != nil {
				return nil, err
			}
		case chunkResourceMap:
			for i := chunk.u16(2); i < size; i += 4 {
				ids = append(ids, chunk.u32(i))
			}
		case chunkStartElement:
			e, err := startElement(chunk, strings, ids)
			if err != nil {
				return nil, err
			}
			switch {
			case len(open) > 0:
				parent := open[len(open)-1]
				parent.children = append(parent.children, e)
			case root != nil:
				return nil, errors.New("two roots")
			default:
				root = e
			}
			open = append(open, e)
		case chunkEndElement:
			if len(open) == 0 {
				return nil, errors.New("an element ends that did not start")
			}
			open = open[:len(open)-1]
		}
		if chunk.short {
			return nil, fmt.Errorf("chunk at %d: %w", at, errShort)
		}
		at += size
	}
	if root == nil || len(open) > 0 {
		return nil, fmt.Errorf("no root, or it does not end: %w", errShort)
	}
	return root, nil
}

func startElement(c bytes, strings []string, ids []uint32) (*element, error) {
	text := func(i uint32) (string, error) {
		if i == noString {
			return "", nil
		}
		if i >= uint32(len(strings)) {
			return "", fmt.Errorf("string %d of %d", i, len(strings))
		}
		return strings[i], nil
	}
	ext := c.u16(2)
	name, err := text(c.u32(ext + 4))
	if err != nil {
		return nil, err
	}
	e := &element{name: name}
	at, size := ext+c.u16(ext+8), c.u16(ext+10)
	for range c.u16(ext + 12) {
		a := attr{kind: c.u8(at + 15), data: c.u32(at + 16)}
		if a.ns, err = text(c.u32(at)); err != nil {
			return nil, err
		}
		i := c.u32(at + 4)
		if a.name, err = text(i); err != nil {
			return nil, err
		}
		if i < uint32(len(ids)) {
			a.id = ids[i]
		}
		if a.kind == kindString {
			if a.text, err = text(a.data); err != nil {
				return nil, err
			}
		}
		e.attrs = append(e.attrs, a)
		at += size
	}
	if c.short {
		return nil, fmt.Errorf("element %s: %w", name, errShort)
	}
	return e, nil
}

func stringPool(c bytes) ([]string, error) {
	const utf8 = 1 << 8
	count, flags, start := int(c.u32(8)), c.u32(16), int(c.u32(20))
	if count < 0 || count > len(c.b)/4 {
		return nil, fmt.Errorf("%d strings: %w", count, errShort)
	}
	var all []string
	for i := range count {
		at := start + int(c.u32(c.u16(2)+4*i))
		var s string
		if flags&utf8 != 0 {
			length := func() int {
				n := int(c.u8(at))
				if at++; n&0x80 != 0 {
					n = n&0x7f<<8 | int(c.u8(at))
					at++
				}
				return n
			}
			length() // in UTF-16; the one in bytes follows
			n := length()
			if c.short || at+n > len(c.b) {
				return nil, fmt.Errorf("string %d: %w", i, errShort)
			}
			s = string(c.b[at : at+n])
		} else {
			n := c.u16(at)
			if at += 2; n&0x8000 != 0 {
				n = n&0x7fff<<16 | c.u16(at)
				at += 2
			}
			if c.short || n > (len(c.b)-at)/2 {
				return nil, fmt.Errorf("string %d: %w", i, errShort)
			}
			units := make([]uint16, n)
			for j := range units {
				units[j] = uint16(c.u16(at + 2*j))
			}
			s = string(utf16.Decode(units))
		}
		all = append(all, s)
	}
	if c.short {
		return nil, fmt.Errorf("string pool: %w", errShort)
	}
	return all, nil
}
