package apk

import (
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Package is what an APK says of itself.
type Package struct {
	Name string
	// Split is the name of the split that this APK is; "" is a base.
	Split       string
	VersionCode int64
	VersionName string
	// MinSDK and TargetSDK are API levels; Codename is set instead of them for
	// an app of a release in development.
	MinSDK, TargetSDK int
	Codename          string
	// MinLine is the line of the <uses-sdk> that asks for MinSDK.
	MinLine int

	// Label is the application's, in the default language.
	Label string
	// Application is the class of the Application, "" for Android's own.
	Application string
	Debuggable  bool
	TestOnly    bool
	// Permissions are the requested ones, in the manifest's order.
	Permissions []Permission
	// Components are in the manifest's order.
	Components []Component

	file *container
}

// Permission is one <uses-permission>.
type Permission struct {
	Name string
	// MaxSDK is the last API level on which it is requested, 0 for all.
	MaxSDK int
}

// ComponentKind is what a component is.
type ComponentKind string

// Kinds of components, by their element. An alias is an activity.
const (
	Activity ComponentKind = "activity"
	Alias    ComponentKind = "activity-alias"
	Service  ComponentKind = "service"
	Receiver ComponentKind = "receiver"
	Provider ComponentKind = "provider"
)

// Component is one component with the defaults of Android filled in.
type Component struct {
	Kind ComponentKind
	// Class is the full class name.
	Class string
	// Label is the component's own, "" for the application's.
	Label string
	// Exported says whether other apps reach it. Without the attribute that is
	// so if there are intent filters (providers: never).
	Exported bool
	Enabled  bool
	// Permission is what a caller must hold, the application's if the component
	// names none.
	Permission      string
	Process         string
	DirectBootAware bool
	Filters         []Filter

	// Of activities. LaunchMode is 0 standard, 1 singleTop, 2 singleTask,
	// 3 singleInstance, 4 singleInstancePerTask; TaskAffinity is the package's
	// name unless given, Target the activity behind an alias.
	LaunchMode         int
	TaskAffinity       string
	ShowWhenLocked     bool
	TurnScreenOn       bool
	ExcludeFromRecents bool
	NoHistory          bool
	Target             string

	// ForegroundServiceType has the bits of ServiceInfo.FOREGROUND_SERVICE_TYPE_*.
	ForegroundServiceType uint32
	// Authorities are a provider's, with ; between them.
	Authorities string
	// Line is where its element begins in the manifest's source.
	Line int
}

// Filter is an <intent-filter>.
type Filter struct {
	Actions, Categories, Schemes, MIMETypes, Hosts []string
	Priority                                       int
}

// Resource ids of Android's attributes (frameworks/base/core/res, public.xml).
const (
	attrLabel                 = 0x01010001
	attrName                  = 0x01010003
	attrPermission            = 0x01010006
	attrEnabled               = 0x0101000e
	attrDebuggable            = 0x0101000f
	attrExported              = 0x01010010
	attrProcess               = 0x01010011
	attrTaskAffinity          = 0x01010012
	attrExcludeFromRecents    = 0x01010017
	attrAuthorities           = 0x01010018
	attrPriority              = 0x0101001c
	attrLaunchMode            = 0x0101001d
	attrMimeType              = 0x01010026
	attrScheme                = 0x01010027
	attrHost                  = 0x01010028
	attrTargetActivity        = 0x01010202
	attrMinSdkVersion         = 0x0101020c
	attrVersionCode           = 0x0101021b
	attrVersionName           = 0x0101021c
	attrNoHistory             = 0x0101022d
	attrTargetSdkVersion      = 0x01010270
	attrMaxSdkVersion         = 0x01010271
	attrTestOnly              = 0x01010272
	attrDirectBootAware       = 0x01010505
	attrShowWhenLocked        = 0x01010569
	attrTurnScreenOn          = 0x0101056a
	attrVersionCodeMajor      = 0x01010576
	attrForegroundServiceType = 0x01010599
)

// API levels at which an app's target changes what its manifest means.
const (
	apiR = 30 // resources.arsc stored and aligned
	apiS = 31 // android:exported said where there are filters
)

// Open reads a package. r is kept for Verify. The error is an *Error.
func Open(r io.ReaderAt, size int64) (*Package, error) {
	c, err := openContainer(r, size)
	if err != nil {
		return nil, err
	}
	text, err := c.unpack(manifestName, maxManifest)
	if err != nil {
		return nil, notAPK(err, "")
	}
	if text == nil {
		return nil, notAPK(nil, "no %s in it", manifestName)
	}
	root, err := parseXML(text)
	if err != nil {
		return nil, &Error{Kind: BadManifest, Msg: "not binary XML", Err: err}
	}
	var t *table
	packed, err := c.unpack(tableName, maxTable)
	if err != nil {
		return nil, &Error{Kind: BadResources, Err: err}
	}
	if packed != nil {
		if t, err = parseTable(packed); err != nil {
			return nil, &Error{Kind: BadResources, Msg: tableName, Err: err}
		}
	}
	p, err := (&reader{t: t}).manifest(root)
	if err != nil {
		return nil, err
	}
	p.file = c
	return p, p.checkTable()
}

// checkTable is what Android demands of the table of apps that target 11: it
// is mapped into memory as it is.
func (p *Package) checkTable() error {
	f := p.file.find(tableName)
	if f == nil || p.TargetSDK < apiR {
		return nil
	}
	off, err := f.DataOffset()
	if err == nil && (f.Method != 0 || off%4 != 0) {
		err = &Error{Kind: BadResources, Msg: "Targeting R+ (version 30 and above) requires the resources.arsc of installed APKs " +
			"to be stored uncompressed and aligned on a 4-byte boundary"}
	}
	return err
}

// reader turns elements into a Package.
type reader struct {
	t *table
	p *Package
}

func (r *reader) manifest(root *element) (*Package, error) {
	if root.name != "manifest" {
		return nil, &Error{Kind: BadManifest, Line: root.line, Msg: fmt.Sprintf("<%.40s> instead of <manifest>", root.name)}
	}
	p := &Package{MinSDK: 1}
	r.p = p
	p.Name, _ = root.plain("package")
	p.Split, _ = root.plain("split")
	if why := badName(p.Name); why != "" {
		return nil, &Error{Kind: BadPackageName, Line: root.line, Msg: why}
	}
	p.VersionCode = int64(r.number(root, attrVersionCodeMajor, 0))<<32 | int64(uint32(r.number(root, attrVersionCode, 0)))
	p.VersionName = r.text(root, attrVersionName)
	var app *element
	for _, e := range root.kids {
		switch e.name {
		case "uses-sdk":
			if err := r.sdk(e); err != nil {
				return nil, err
			}
		case "uses-permission", "uses-permission-sdk-23":
			if name := r.text(e, attrName); name != "" {
				p.Permissions = append(p.Permissions, Permission{Name: name, MaxSDK: r.number(e, attrMaxSdkVersion, 0)})
			}
		case "application":
			if app != nil {
				return nil, r.malformed(e, "two <application> elements")
			}
			app = e
		}
	}
	if p.TargetSDK == 0 {
		p.TargetSDK = p.MinSDK
	}
	if app == nil {
		if p.Split != "" {
			return p, nil
		}
		// ParsingPackageUtils.parseBaseApkTags.
		return nil, &Error{Kind: Malformed, Msg: "<manifest> does not contain an <application> or <instrumentation>"}
	}
	return p, r.application(app)
}

func (r *reader) malformed(e *element, format string, args ...any) error {
	return &Error{Kind: Malformed, Line: e.line, Msg: fmt.Sprintf(format, args...)}
}

// sdk reads API levels; a codename is a text that is no number.
func (r *reader) sdk(e *element) error {
	level := func(id uint32) (int, error) {
		a, ok := e.find(id)
		if !ok {
			return 0, nil
		}
		v, ok := r.t.resolve(a.val)
		if ok && v.kind == typeString {
			text := a.text
			if a.val.kind == typeReference {
				text, _ = r.t.text(v)
			}
			n, err := strconv.Atoi(text)
			if err != nil {
				r.p.Codename = text
			}
			return n, nil
		}
		n := int(int32(v.data))
		if !ok || n < 0 {
			return 0, r.malformed(e, "an API level that is none")
		}
		return n, nil
	}
	lowest, err := level(attrMinSdkVersion)
	if err != nil {
		return err
	}
	if lowest > 0 {
		r.p.MinSDK, r.p.MinLine = lowest, e.line
	}
	r.p.TargetSDK, err = level(attrTargetSdkVersion)
	return err
}

func (r *reader) application(app *element) error {
	p := r.p
	p.Label = r.text(app, attrLabel)
	p.Application = r.class(r.text(app, attrName))
	p.Debuggable = r.flag(app, attrDebuggable, false)
	p.TestOnly = r.flag(app, attrTestOnly, false)
	affinity := r.text(app, attrTaskAffinity)
	if affinity == "" {
		affinity = p.Name
	}
	for _, e := range app.kids {
		kind := ComponentKind(e.name)
		switch kind {
		case Activity, Alias, Service, Receiver, Provider:
		default:
			continue
		}
		c := Component{
			Kind: kind, Class: r.class(r.text(e, attrName)), Label: r.text(e, attrLabel), Line: e.line,
			Enabled: r.flag(app, attrEnabled, true) && r.flag(e, attrEnabled, true), DirectBootAware: r.flag(e, attrDirectBootAware, false),
			Permission: r.text(app, attrPermission), Process: r.text(e, attrProcess),
			TaskAffinity: affinity, LaunchMode: r.number(e, attrLaunchMode, 0),
			ShowWhenLocked: r.flag(e, attrShowWhenLocked, false), TurnScreenOn: r.flag(e, attrTurnScreenOn, false),
			ExcludeFromRecents: r.flag(e, attrExcludeFromRecents, false), NoHistory: r.flag(e, attrNoHistory, false),
			Target: r.class(r.text(e, attrTargetActivity)), ForegroundServiceType: uint32(r.number(e, attrForegroundServiceType, 0)),
			Authorities: r.text(e, attrAuthorities),
		}
		if c.Class == "" {
			return r.malformed(e, "<%s> does not specify android:name", e.name)
		}
		if own, said := e.find(attrPermission); said {
			c.Permission = r.string(own)
		}
		if own, said := e.find(attrTaskAffinity); said {
			c.TaskAffinity = r.string(own)
		}
		for _, f := range e.kids {
			if f.name == "intent-filter" {
				c.Filters = append(c.Filters, r.filter(f))
			}
		}
		// A provider has no filters to go by: since API 17 it is not exported.
		c.Exported = len(c.Filters) > 0 && kind != Provider
		if _, said := e.find(attrExported); said {
			c.Exported = r.flag(e, attrExported, false)
		} else if c.Exported && p.TargetSDK >= apiS {
			return r.malformed(e, "%s: Targeting S+ (version 31 and above) requires that an explicit value for android:exported "+
				"be defined when intent filters are present", c.Class)
		}
		p.Components = append(p.Components, c)
	}
	return nil
}

func (r *reader) filter(e *element) Filter {
	f := Filter{Priority: r.number(e, attrPriority, 0)}
	add := func(list *[]string, e *element, id uint32) {
		if s := r.text(e, id); s != "" {
			*list = append(*list, s)
		}
	}
	for _, k := range e.kids {
		switch k.name {
		case "action":
			add(&f.Actions, k, attrName)
		case "category":
			add(&f.Categories, k, attrName)
		case "data":
			add(&f.Schemes, k, attrScheme)
			add(&f.MIMETypes, k, attrMimeType)
			add(&f.Hosts, k, attrHost)
		}
	}
	return f
}

// text is an attribute's text, "" without one. References to what is not in
// the package (Android's own resources) are without one, too.
func (r *reader) text(e *element, id uint32) string {
	a, ok := e.find(id)
	if !ok {
		return ""
	}
	return r.string(a)
}

func (r *reader) string(a attribute) string {
	switch a.val.kind {
	case typeString:
		return a.text
	case typeReference:
		v, _ := r.t.resolve(a.val)
		s, _ := r.t.text(v)
		return s
	}
	return a.raw
}

func (r *reader) number(e *element, id uint32, def int) int {
	if n, ok := r.integer(e, id); ok {
		return int(n)
	}
	return def
}

func (r *reader) flag(e *element, id uint32, def bool) bool {
	if n, ok := r.integer(e, id); ok {
		return n != 0
	}
	return def
}

// integer is an attribute of a type that is stored as a number.
func (r *reader) integer(e *element, id uint32) (int32, bool) {
	a, ok := e.find(id)
	if !ok {
		return 0, false
	}
	v, ok := r.t.resolve(a.val)
	if !ok || v.kind < typeDec || v.kind > typeBool {
		return 0, false
	}
	return int32(v.data), true
}

// class completes a class name as Android does: ".Name" and a bare "Name" are
// in the package.
func (r *reader) class(name string) string {
	switch {
	case name == "":
		return ""
	case name[0] == '.':
		return r.p.Name + name
	case !strings.Contains(name, "."):
		return r.p.Name + "." + name
	}
	return name
}

// maxName is how long a package's name may be (MAX_PACKAGE_NAME_LENGTH).
const maxName = 223

// badName is FrameworkParsingPackageUtils.validateName, "" for a good name:
// letters, digits and _ with at least one dot between them, each part beginning
// with a letter. The name becomes a folder: nothing else may be in it.
func badName(name string) string {
	if len(name) > maxName {
		return "the length of the name is greater than 223" // unverified
	}
	front, separated := true, false
	for _, c := range []byte(name) {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z':
			front = false
		case !front && (c >= '0' && c <= '9' || c == '_'):
		case !front && c == '.':
			front, separated = true, true
		default:
			return fmt.Sprintf("bad character '%c'", c)
		}
	}
	if !separated || front {
		return "must have at least one '.' separator"
	}
	return ""
}
