package apktest

import (
	"cmp"
	"encoding/binary"
	"slices"
	"unicode/utf16"
)

// node is an element.
type node struct {
	name string
	line uint32
	attr []attr
	kids []node
}

// attr is an attribute; value is a string, an int, a bool or a uint32 (hex).
type attr struct {
	id    uint32 // 0 for attributes that are not of Android's namespace
	name  string
	value any
}

func (m Manifest) tree() node {
	line := uint32(1)
	next := func(name string, attr ...attr) node {
		line++
		return node{name: name, line: line, attr: attr}
	}
	name := func(s string) attr { return attr{0x01010003, "name", s} }
	root := node{name: "manifest", line: 1, attr: []attr{{0x0101021b, "versionCode", m.VersionCode}, {0, "package", m.Package}}}
	if m.VersionName != "" {
		root.attr = append(root.attr, attr{0x0101021c, "versionName", m.VersionName})
	}
	if m.Split != "" {
		root.attr = append(root.attr, attr{0, "split", m.Split})
	}
	sdk := next("uses-sdk")
	switch {
	case m.MinCodename != "":
		sdk.attr = append(sdk.attr, attr{0x0101020c, "minSdkVersion", m.MinCodename})
	case m.MinSDK > 0:
		sdk.attr = append(sdk.attr, attr{0x0101020c, "minSdkVersion", m.MinSDK})
	}
	if m.TargetSDK > 0 {
		sdk.attr = append(sdk.attr, attr{0x01010270, "targetSdkVersion", m.TargetSDK})
	}
	root.kids = append(root.kids, sdk)
	for _, p := range m.Permissions {
		e := next("uses-permission", name(p))
		if n := m.MaxSDK[p]; n > 0 {
			e.attr = append(e.attr, attr{0x01010271, "maxSdkVersion", n})
		}
		root.kids = append(root.kids, e)
	}
	if m.ElementBesideApp != "" {
		root.kids = append(root.kids, next(m.ElementBesideApp))
	}
	if m.NoApplication {
		return root
	}
	app := next("application", attr{0x0101000f, "debuggable", m.Debuggable}, attr{0x01010272, "testOnly", m.TestOnly})
	if m.Label != "" {
		app.attr = append(app.attr, attr{0x01010001, "label", m.Label})
	}
	if m.Application != "" {
		app.attr = append(app.attr, name(m.Application))
	}
	if m.AppPermission != "" {
		app.attr = append(app.attr, attr{0x01010006, "permission", m.AppPermission})
	}
	for _, c := range m.Components {
		e := next(c.Kind)
		if c.Name != "" {
			e.attr = append(e.attr, name(c.Name))
		}
		if c.Exported != nil {
			e.attr = append(e.attr, attr{0x01010010, "exported", *c.Exported})
		}
		if c.Permission != "" {
			e.attr = append(e.attr, attr{0x01010006, "permission", c.Permission})
		}
		if c.FGSType > 0 {
			e.attr = append(e.attr, attr{0x01010599, "foregroundServiceType", c.FGSType})
		}
		if c.ShowLocked {
			e.attr = append(e.attr, attr{0x01010569, "showWhenLocked", true})
		}
		if len(c.Actions) > 0 {
			f := next("intent-filter")
			for _, a := range c.Actions {
				f.kids = append(f.kids, next("action", name(a)))
			}
			for _, a := range c.Categories {
				f.kids = append(f.kids, next("category", name(a)))
			}
			for _, a := range c.Schemes {
				f.kids = append(f.kids, next("data", attr{0x01010027, "scheme", a}))
			}
			e.kids = append(e.kids, f)
		}
		app.kids = append(app.kids, e)
	}
	root.kids = append(root.kids, app)
	return root
}

// writer collects the strings of a document. Names of attributes with an id
// come first, in the order of the resource map.
type writer struct {
	ids     []uint32
	strings []string
	index   map[string]uint32
	byID    map[uint32]uint32
}

func document(root node) []byte {
	w := &writer{index: map[string]uint32{}, byID: map[uint32]uint32{}}
	w.names(root)
	const namespace = "http://schemas.android.com/apk/res/android"
	space := w.text(namespace)
	prefix := w.text("android")
	body := w.element(root, space)
	edge := func(kind int) []byte {
		return chunk(kind, join(le32(1), le32(none)), join(le32(prefix), le32(space)))
	}
	ids := []byte{}
	for _, id := range w.ids {
		ids = binary.LittleEndian.AppendUint32(ids, id)
	}
	return chunk(0x0003, nil, join(pool(w.strings), chunk(0x0180, nil, ids), edge(0x0100), body, edge(0x0101)))
}

const none = 0xffffffff

func (w *writer) names(n node) {
	for _, a := range n.attr {
		if _, known := w.byID[a.id]; a.id != 0 && !known {
			w.byID[a.id] = uint32(len(w.strings))
			w.ids = append(w.ids, a.id)
			w.strings = append(w.strings, a.name)
		}
	}
	for _, k := range n.kids {
		w.names(k)
	}
}

func (w *writer) text(s string) uint32 {
	i, known := w.index[s]
	if !known {
		i = uint32(len(w.strings))
		w.index[s] = i
		w.strings = append(w.strings, s)
	}
	return i
}

func (w *writer) element(n node, space uint32) []byte {
	name := w.text(n.name)
	var attrs []byte
	// Android looks attributes up in the order of their ids; those without come last.
	slices.SortStableFunc(n.attr, func(a, b attr) int { return cmp.Compare(a.id-1, b.id-1) })
	for _, a := range n.attr {
		ns, key := uint32(none), uint32(0)
		if a.id != 0 {
			ns, key = space, w.byID[a.id]
		} else {
			key = w.text(a.name)
		}
		raw, kind, data := uint32(none), byte(0), uint32(0)
		switch v := a.value.(type) {
		case string:
			raw, kind, data = w.text(v), 0x03, w.text(v)
		case int:
			kind, data = 0x10, uint32(v)
		case uint32:
			kind, data = 0x11, v
		case bool:
			kind = 0x12
			if v {
				data = none
			}
		}
		attrs = append(attrs, join(le32(ns), le32(key), le32(raw), []byte{8, 0, 0, kind}, le32(data))...)
	}
	head := join(le32(n.line), le32(none))
	start := chunk(0x0102, head, join(le32(none), le32(name), le16(20), le16(20), le16(len(n.attr)), le16(0), le16(0), le16(0), attrs))
	for _, k := range n.kids {
		start = append(start, w.element(k, space)...)
	}
	return append(start, chunk(0x0103, head, join(le32(none), le32(name)))...)
}

// pool is a ResStringPool of UTF-16.
func pool(list []string) []byte {
	var index, data []byte
	for _, s := range list {
		index = append(index, le32(uint32(len(data)))...)
		units := utf16.Encode([]rune(s))
		data = append(data, le16(len(units))...)
		for _, u := range units {
			data = append(data, le16(int(u))...)
		}
		data = append(data, 0, 0)
	}
	for len(data)%4 != 0 {
		data = append(data, 0)
	}
	start := uint32(28 + len(index))
	return chunk(0x0001, join(le32(uint32(len(list))), le32(0), le32(0), le32(start), le32(0)), join(index, data))
}

// chunk is a ResChunk_header with the rest of its header and its body.
func chunk(kind int, head, body []byte) []byte {
	return join(le16(kind), le16(8+len(head)), le32(uint32(8+len(head)+len(body))), head, body)
}

func le16(n int) []byte    { return []byte{byte(n), byte(n >> 8)} }
func le32(n uint32) []byte { return binary.LittleEndian.AppendUint32(nil, n) }

func join(parts ...[]byte) []byte {
	var out []byte
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}
