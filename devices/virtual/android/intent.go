package android

import (
	"fmt"
	"slices"
	"sort"
	"strings"
)

// Component names a class of a package, as android.content.ComponentName.
type Component struct {
	Package string
	// Class is the full class name, never the short ".Name" form.
	Class string
}

// ParseComponent reads "pkg/.Class" or "pkg/full.Class". ok is false when the
// text has no package or no class.
func ParseComponent(s string) (c Component, ok bool) {
	pkg, cls, found := strings.Cut(s, "/")
	if !found || pkg == "" || cls == "" {
		return Component{}, false
	}
	if strings.HasPrefix(cls, ".") {
		cls = pkg + cls
	}
	return Component{Package: pkg, Class: cls}, true
}

// Comp is ParseComponent for literals; a text it cannot read gives the zero Component.
func Comp(s string) Component {
	c, _ := ParseComponent(s)
	return c
}

// IsZero reports whether c names nothing.
func (c Component) IsZero() bool { return c == Component{} }

// Short is ComponentName.flattenToShortString: "pkg/.Cls" when the class starts
// with the package's name, else the long form.
func (c Component) Short() string {
	if rest, ok := strings.CutPrefix(c.Class, c.Package+"."); ok {
		return c.Package + "/." + rest
	}
	return c.Package + "/" + c.Class
}

// Flat is ComponentName.flattenToString: "pkg/full.Class".
func (c Component) Flat() string { return c.Package + "/" + c.Class }

// String is ComponentName.toString: "ComponentInfo{pkg/full.Class}".
func (c Component) String() string { return "ComponentInfo{" + c.Flat() + "}" }

// Intent flags (android.content.Intent). The same bit means different things for
// activities and for broadcasts.
const (
	FlagExcludeStoppedPackages    uint32 = 0x00000010
	FlagIncludeStoppedPackages    uint32 = 0x00000020
	FlagReceiverForeground        uint32 = 0x10000000
	FlagReceiverIncludeBackground uint32 = 0x01000000
	FlagReceiverFromShell         uint32 = 0x00400000
	FlagActivityNewTask           uint32 = 0x10000000
	FlagActivitySingleTop         uint32 = 0x20000000
	FlagActivityClearTop          uint32 = 0x04000000
	FlagActivityReorderToFront    uint32 = 0x00020000
	FlagActivityExcludeRecents    uint32 = 0x00800000
	FlagActivityNoUserAction      uint32 = 0x00040000
	FlagActivityClearTask         uint32 = 0x00008000
	FlagActivityNoAnimation       uint32 = 0x00010000
	FlagActivityResetTask         uint32 = 0x00200000
	FlagActivityBroughtToFront    uint32 = 0x00400000
)

// Actions and categories that the system itself gives a meaning.
const (
	ActionMain       = "android.intent.action.MAIN"
	CategoryHome     = "android.intent.category.HOME"
	CategoryLauncher = "android.intent.category.LAUNCHER"
	CategoryDefault  = "android.intent.category.DEFAULT"

	ActionMyPackageReplaced = "android.intent.action.MY_PACKAGE_REPLACED"
)

// Intent is an android.content.Intent.
type Intent struct {
	Action     string
	Data       string
	Type       string
	Package    string
	Component  Component
	Categories []string
	Flags      uint32
	Extras     Bundle
}

// Clone copies the intent and its bundle (values are shared).
func (i *Intent) Clone() *Intent {
	if i == nil {
		return &Intent{}
	}
	c := *i
	c.Categories = slices.Clone(i.Categories)
	c.Extras = i.Extras.Clone()
	return &c
}

// FilterEquals is Intent.filterEquals: everything but flags and extras.
func (i *Intent) FilterEquals(o *Intent) bool {
	a, b := slices.Sorted(slices.Values(i.Categories)), slices.Sorted(slices.Values(o.Categories))
	return i.Action == o.Action && i.Data == o.Data && i.Type == o.Type &&
		i.Package == o.Package && i.Component == o.Component && slices.Equal(a, b)
}

// HasCategory reports whether the intent names the category.
func (i *Intent) HasCategory(c string) bool { return slices.Contains(i.Categories, c) }

// String is Intent.toString, as `am` prints it and the log carries it:
// "Intent { act=A cat=[C] dat=D flg=0x.. pkg=P cmp=p/.C (has extras) }".
// Data is shortened to scheme and "..." for other than a few schemes, which the
// system does since Android 6 to keep personal data out of logs.
func (i *Intent) String() string {
	b := []string{"Intent {"}
	if i.Action != "" {
		b = append(b, "act="+i.Action)
	}
	if len(i.Categories) > 0 {
		b = append(b, "cat=["+strings.Join(i.Categories, ",")+"]")
	}
	if i.Data != "" {
		b = append(b, "dat="+safeURI(i.Data))
	}
	if i.Type != "" {
		b = append(b, "typ="+i.Type)
	}
	if i.Flags != 0 {
		b = append(b, fmt.Sprintf("flg=0x%x", i.Flags))
	}
	if i.Package != "" {
		b = append(b, "pkg="+i.Package)
	}
	if !i.Component.IsZero() {
		b = append(b, "cmp="+i.Component.Short())
	}
	if len(i.Extras) > 0 {
		b = append(b, "(has extras)")
	}
	return strings.Join(append(b, "}"), " ")
}

// safeURI is Uri.toSafeString: tel, sip, sms, smsto, mailto and nfc hide every
// letter and digit; http, https, ftp and rtsp keep the host; others only the scheme.
func safeURI(u string) string {
	scheme, rest, ok := strings.Cut(u, ":")
	if !ok {
		return u
	}
	switch strings.ToLower(scheme) {
	case "tel", "sip", "sms", "smsto", "mailto", "nfc":
		return scheme + ":" + strings.Map(func(r rune) rune {
			if r == '-' || r == '@' || r == '.' {
				return r
			}
			return 'x'
		}, rest)
	case "http", "https", "ftp", "rtsp":
		host := strings.TrimPrefix(rest, "//")
		host, _, _ = strings.Cut(host, "/")
		return scheme + "://" + host + "/..."
	default:
		if scheme == "" {
			return u
		}
		return scheme + ":/..."
	}
}

// Bundle is an android.os.Bundle: string, bool, int, int64, float64, []string,
// Bundle, *PendingIntent, *Intent, Parcelable, Parceled or nil under string keys.
type Bundle map[string]any

// Parcelable is a value of an app's own class in a Bundle.
type Parcelable struct {
	// Class is the full class name, which only the app's class loader knows.
	Class  string
	Fields map[string]string
}

// Parceled is a Parcelable that has crossed a process boundary and was not read
// yet. Since Android 13 bundles are lazy: other keys stay readable, this one
// throws unless the reader's class loader knows the class.
type Parceled struct{ Value Parcelable }

// ClassLoader says which loader a bundle is read with.
type ClassLoader int

const (
	// BootClassLoader is what a bundle that came from system_server has until
	// setClassLoader is called. It knows no class of the app.
	BootClassLoader ClassLoader = iota
	// AppClassLoader knows the app's own classes.
	AppClassLoader
)

// Parcelable reads a custom parcelable. A key that is absent or of another type
// gives ok=false. A value that crossed a process boundary and is read with the
// boot loader gives the exception that Android 13 and newer throw.
func (b Bundle) Parcelable(key string, loader ClassLoader) (p Parcelable, ok bool, err error) {
	switch v := b[key].(type) {
	case Parcelable:
		return v, true, nil
	case Parceled:
		if loader == AppClassLoader {
			return v.Value, true, nil
		}
		return Parcelable{}, false, &Exception{
			Class:   "android.os.BadParcelableException",
			Message: "ClassNotFoundException when unmarshalling: " + v.Value.Class,
		}
	}
	return Parcelable{}, false, nil
}

// Text returns the string under key, or "" (Bundle.getString).
func (b Bundle) Text(key string) string {
	s, _ := b[key].(string)
	return s
}

// Bool returns the boolean under key, or false.
func (b Bundle) Bool(key string) bool {
	v, _ := b[key].(bool)
	return v
}

// Bundle returns the nested bundle under key, or nil.
func (b Bundle) Bundle(key string) Bundle {
	v, _ := b[key].(Bundle)
	return v
}

// Clone copies the map; nested bundles are copied too.
func (b Bundle) Clone() Bundle {
	if b == nil {
		return nil
	}
	c := make(Bundle, len(b))
	for k, v := range b {
		if n, ok := v.(Bundle); ok {
			v = n.Clone()
		}
		c[k] = v
	}
	return c
}

// Keys lists the keys, sorted.
func (b Bundle) Keys() []string {
	ks := make([]string, 0, len(b))
	for k := range b {
		ks = append(ks, k)
	}
	sort.Strings(ks)
	return ks
}

// String is Bundle.toString: "Bundle[{k=v, k=v}]", keys sorted so that it is
// reproducible (Android prints them in hash order).
func (b Bundle) String() string {
	parts := make([]string, 0, len(b))
	for _, k := range b.Keys() {
		parts = append(parts, fmt.Sprintf("%s=%v", k, b[k]))
	}
	return "Bundle[{" + strings.Join(parts, ", ") + "}]"
}

// parceled returns the bundle as another process receives it.
func (b Bundle) parceled() Bundle {
	c := b.Clone()
	for k, v := range c {
		switch v := v.(type) {
		case Parcelable:
			c[k] = Parceled{Value: v}
		case Bundle:
			c[k] = v.parceled()
		}
	}
	return c
}
