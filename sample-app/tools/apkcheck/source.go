package main

import (
	stdbytes "bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// A node is an element of the source XML.
type node struct {
	name     string
	attrs    []xml.Attr
	children []*node
}

// parse reads a manifest's source. Attributes of the tools: namespace are for editors
// and are left out.
func parse(text []byte) (*node, error) {
	d := xml.NewDecoder(stdbytes.NewReader(text))
	var (
		open []*node
		root *node
	)
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			n := &node{name: t.Name.Local}
			for _, a := range t.Attr {
				if a.Name.Space == "xmlns" || a.Name.Space == "http://schemas.android.com/tools" {
					continue
				}
				n.attrs = append(n.attrs, a)
			}
			if len(open) > 0 {
				parent := open[len(open)-1]
				parent.children = append(parent.children, n)
			} else {
				root = n
			}
			open = append(open, n)
		case xml.EndElement:
			open = open[:len(open)-1]
		}
	}
	if root == nil {
		return nil, errors.New("no element")
	}
	return root, nil
}

// parseSymbols reads the R.txt of a build ("int string app_name 0x7f020000") into
// "string/app_name" -> id.
func parseSymbols(text string) (map[string]uint32, error) {
	ids := map[string]uint32{}
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if len(words) != 4 || words[0] != "int" {
			continue // styleable arrays
		}
		id, err := strconv.ParseUint(words[3], 0, 32)
		if err != nil {
			return nil, fmt.Errorf("line %q: %w", strings.TrimSpace(line), err)
		}
		ids[words[1]+"/"+words[2]] = uint32(id)
	}
	return ids, nil
}

// parseVersion reads the lines code=N and name=TEXT; the rest is comment.
func parseVersion(text string) (code uint32, name string, err error) {
	for line := range strings.Lines(text) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		switch key {
		case "code":
			n, err := strconv.ParseUint(value, 10, 31)
			if err != nil {
				return 0, "", err
			}
			code = uint32(n)
		case "name":
			name = value
		}
	}
	if code == 0 || name == "" {
		return 0, "", errors.New("lines code=N and name=TEXT are wanted")
	}
	return code, name, nil
}
