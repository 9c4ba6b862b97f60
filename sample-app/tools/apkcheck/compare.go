package main

import (
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
)

// A build is what the source does not say and the APK must.
type build struct {
	resources   map[string]uint32 // "string/app_name" -> id
	versionCode uint32
	versionName string
}

// compare returns what differs between a manifest and its source: element by element in
// their order, attribute by attribute, both ways.
func (b build) compare(source *node, built *element) []string {
	c := comparison{build: b, attributes: attributes(), framework: frameworkResources()}
	added := []attr{
		{ns: androidNS, name: "versionCode", kind: kindDecimal, data: b.versionCode},
		{ns: androidNS, name: "versionName", kind: kindString, text: b.versionName},
		{ns: androidNS, name: "compileSdkVersion", kind: kindDecimal, data: 34},
		{ns: androidNS, name: "compileSdkVersionCodename", kind: kindString, text: "14"},
		{name: "platformBuildVersionCode", kind: kindDecimal, data: 34},
		{name: "platformBuildVersionName", kind: kindDecimal, data: 14},
	}
	for i, a := range added {
		if a.ns != "" {
			added[i].id = c.attributes[a.name].id
		}
	}
	c.element(source, built, source.name, added)
	return c.findings
}

type comparison struct {
	build
	attributes map[string]attribute
	framework  map[string]uint32
	findings   []string
}

func (c *comparison) found(where, format string, args ...any) {
	c.findings = append(c.findings, where+": "+fmt.Sprintf(format, args...))
}

func (c *comparison) element(n *node, e *element, where string, added []attr) {
	if n.name != e.name {
		c.found(where, "the source has <%s>, the APK <%s>", n.name, e.name)
		return
	}
	expected := added
	for _, a := range n.attrs {
		if a.Name.Space == androidNS && n.name == "manifest" && strings.HasPrefix(a.Name.Local, "version") {
			c.found(where, "%s belongs into the file version, not into a manifest", a.Name.Local)
			continue
		}
		x, err := c.expect(a)
		if err != nil {
			c.found(where, "%v", err)
			continue
		}
		expected = append(expected, x)
	}
	known := map[[2]string]bool{}
	for _, x := range expected {
		known[[2]string{x.ns, x.name}] = true
		switch a, ok := e.attr(x.ns, x.name); {
		case !ok:
			c.found(where, "%s is not in the APK", x.name)
		case a.id != x.id:
			c.found(where, "%s has resource id 0x%08x in the APK, want 0x%08x", x.name, a.id, x.id)
		case a.value() != x.value():
			c.found(where, "%s is %s in the APK, want %s", x.name, a.value(), x.value())
		}
	}
	last := uint32(0)
	for _, a := range e.attrs {
		if !known[[2]string{a.ns, a.name}] {
			c.found(where, "%s is %s in the APK and not in the source", a.name, a.value())
		}
		// The framework looks attributes up by a search that takes this order for granted.
		if a.id != 0 && a.id <= last {
			c.found(where, "%s is out of the order of resource ids", a.name)
		}
		last = max(last, a.id)
	}
	if len(n.children) != len(e.children) {
		c.found(where, "%d elements inside in the source, %d in the APK", len(n.children), len(e.children))
		return
	}
	for i, child := range n.children {
		c.element(child, e.children[i], fmt.Sprintf("%s/%d:%s", where, i, label(child)), nil)
	}
}

func label(n *node) string {
	for _, a := range n.attrs {
		if a.Name.Local == "name" {
			return n.name + "[" + a.Value + "]"
		}
	}
	return n.name
}

// value is a typed value as text. aapt2 writes flags in hex and enums in decimal; a phone
// makes no difference, so neither does this.
func (a attr) value() string {
	switch a.kind {
	case kindString:
		return strconv.Quote(a.text)
	case kindBoolean:
		return strconv.FormatBool(a.data != 0)
	case kindReference:
		return fmt.Sprintf("@0x%08x", a.data)
	case kindDecimal, kindHex:
		return fmt.Sprintf("0x%x", a.data)
	}
	return fmt.Sprintf("a value of type 0x%02x", a.kind)
}

// expect is the typed value that an attribute of the source must become.
func (c *comparison) expect(a xml.Attr) (attr, error) {
	x := attr{ns: a.Name.Space, name: a.Name.Local, kind: kindString, text: a.Value}
	if x.ns == "" {
		return x, nil // package, split, ...: text without a resource id
	}
	known, ok := c.attributes[x.name]
	if x.ns != androidNS || !ok {
		return x, fmt.Errorf("%s is an attribute that apkcheck does not know: add it to attributes.go", x.name)
	}
	x.id = known.id
	if strings.HasPrefix(a.Value, "@") {
		ids, name := c.resources, a.Value[1:]
		if own, found := strings.CutPrefix(name, "android:"); found {
			ids, name = c.framework, own
		}
		id, ok := ids[name]
		if !ok { // R.txt, as R.java, has _ for the dots of a style's name
			id, ok = ids[strings.ReplaceAll(name, ".", "_")]
		}
		if !ok {
			return x, fmt.Errorf("%s names %s, which apkcheck does not know", x.name, a.Value)
		}
		x.kind, x.data = kindReference, id
		return x, nil
	}
	switch known.kind {
	case text:
	case boolean:
		on, err := strconv.ParseBool(a.Value)
		if err != nil {
			return x, fmt.Errorf("%s: %w", x.name, err)
		}
		x.kind = kindBoolean
		if on {
			x.data = 1
		}
	case number:
		n, err := strconv.ParseInt(a.Value, 0, 32)
		if err != nil {
			return x, fmt.Errorf("%s: %w", x.name, err)
		}
		x.kind, x.data = kindDecimal, uint32(n)
	case reference:
		return x, fmt.Errorf("%s is %q, which is no reference", x.name, a.Value)
	case symbols:
		x.kind = kindHex
		for word := range strings.SplitSeq(a.Value, "|") {
			n, ok := known.values[word]
			if !ok {
				return x, fmt.Errorf("%s has the value %q, which apkcheck does not know: add it to attributes.go", x.name, word)
			}
			x.data |= n
		}
	}
	return x, nil
}
