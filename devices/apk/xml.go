package apk

import (
	"errors"
	"fmt"
)

// element is one element of a binary XML document. Texts between elements are
// not kept: manifests have none that mean anything.
type element struct {
	name string
	line int
	attr []attribute
	kids []*element
}

// attribute of an element. Android finds its own attributes by resource id and
// never by name; id is 0 for those without one ("package").
type attribute struct {
	id   uint32
	name string
	raw  string // the source's text, if it was kept
	val  value
	text string // of a string value
}

// maxDepth and maxElements bound a document; a manifest is four deep.
const (
	maxDepth    = 64
	maxElements = 100_000
)

// parseXML reads a binary XML document and returns its root element.
func parseXML(b []byte) (*element, error) {
	doc, _, err := nextChunk(b)
	if err != nil {
		return nil, err
	}
	if doc.kind != chunkXML {
		return nil, fmt.Errorf("a chunk 0x%04x instead of a document", doc.kind)
	}
	var strings *pool
	var ids []byte
	var root *element
	var open []*element
	count := 0
	for rest := doc.body; len(rest) > 0; {
		var c chunk
		if c, rest, err = nextChunk(rest); err != nil {
			return nil, err
		}
		switch c.kind {
		case chunkStrings:
			if strings == nil { // the first one counts
				if strings, err = newPool(c); err != nil {
					return nil, err
				}
			}
		case chunkXMLMap:
			ids = c.body
		case chunkXMLStart:
			e, err := startElement(c, strings, ids)
			if err != nil {
				return nil, err
			}
			if count++; count > maxElements || len(open) >= maxDepth {
				return nil, errors.New("too many elements")
			}
			switch {
			case len(open) > 0:
				parent := open[len(open)-1]
				parent.kids = append(parent.kids, e)
			case root != nil:
				return nil, errors.New("two root elements")
			default:
				root = e
			}
			open = append(open, e)
		case chunkXMLEnd:
			if len(open) == 0 {
				return nil, errors.New("the end of an element that did not begin")
			}
			open = open[:len(open)-1]
		}
	}
	if root == nil || len(open) > 0 {
		return nil, errShort
	}
	return root, nil
}

const attributeSize = 20

func startElement(c chunk, strings *pool, ids []byte) (*element, error) {
	if len(c.head) < 16 || len(c.body) < 20 {
		return nil, errShort
	}
	name, ok := strings.at(u32(c.body[4:]))
	if !ok {
		return nil, errors.New("an element without a name")
	}
	e := &element{name: name, line: int(int32(u32(c.head[8:])))}
	start, size, n := u16(c.body[8:]), u16(c.body[10:]), u16(c.body[12:])
	if size < attributeSize && n > 0 {
		return nil, fmt.Errorf("attributes of %d bytes", size)
	}
	for i := range n {
		at := start + i*size
		if at+attributeSize > len(c.body) {
			return nil, errShort
		}
		b := c.body[at:]
		a := attribute{val: readValue(b[12:])}
		index := u32(b[4:])
		if uint64(index)*4+4 <= uint64(len(ids)) {
			a.id = u32(ids[index*4:])
		}
		a.name, _ = strings.at(index)
		a.raw, _ = strings.at(u32(b[8:]))
		if a.val.kind == typeString {
			a.text, _ = strings.at(a.val.data)
		}
		e.attr = append(e.attr, a)
	}
	return e, nil
}

// plain finds an attribute without a namespace's id by its name.
func (e *element) plain(name string) (string, bool) {
	for _, a := range e.attr {
		if a.id == 0 && a.name == name {
			if a.val.kind == typeString {
				return a.text, true
			}
			return a.raw, true
		}
	}
	return "", false
}

// find finds one of Android's attributes.
func (e *element) find(id uint32) (attribute, bool) {
	for _, a := range e.attr {
		if a.id == id {
			return a, true
		}
	}
	return attribute{}, false
}
