package main

import "fmt"

// rules returns where a manifest breaks what a phone of the target level asks for. No
// build tool knows these: without them the APK is refused, or the app crashes, there.
func rules(manifest *element) []string {
	r := ruling{held: map[string]bool{}}
	var application *element
	for _, e := range manifest.children {
		switch e.name {
		case "uses-sdk":
			r.target = e.number("targetSdkVersion")
		case "uses-permission":
			r.held[e.text("name")] = true
		case "application":
			application = e
		}
	}
	if application == nil {
		return []string{"rule: no <application>"}
	}
	if r.target < 34 {
		r.broken("targetSdkVersion is %d, want 34: the rules here are that level's", r.target)
	}
	for _, e := range application.children {
		r.exported(e)
		if e.name == "service" {
			r.foreground(e)
		}
	}
	return r.findings
}

type ruling struct {
	target   uint32
	held     map[string]bool
	findings []string
}

func (r *ruling) broken(format string, args ...any) {
	r.findings = append(r.findings, "rule: "+fmt.Sprintf(format, args...))
}

// exported: from target 31 on a component with a filter must say whether it is exported;
// the package manager refuses the APK otherwise (INSTALL_PARSE_FAILED_MANIFEST_MALFORMED).
func (r *ruling) exported(e *element) {
	if _, said := e.attr(androidNS, "exported"); said {
		return
	}
	for _, c := range e.children {
		if c.name == "intent-filter" {
			r.broken("%s %s has an intent filter and does not say android:exported", e.name, e.text("name"))
			return
		}
	}
}

// foreground: from target 34 on Service.startForeground throws a SecurityException unless
// the permissions of each of the service's types are held. The tables are those of
// android.app.ForegroundServiceTypePolicy (all of, then one of); a type that is missing
// here is a finding.
func (r *ruling) foreground(e *element) {
	type needs struct {
		kind  uint32
		all   []string
		oneOf []string
	}
	const p = "android.permission."
	known := []needs{
		{0x4, []string{p + "FOREGROUND_SERVICE_PHONE_CALL"}, []string{p + "MANAGE_OWN_CALLS"}},
		{0x40, []string{p + "FOREGROUND_SERVICE_CAMERA"}, []string{p + "CAMERA"}},
		{0x80, []string{p + "FOREGROUND_SERVICE_MICROPHONE"}, []string{p + "RECORD_AUDIO"}},
	}
	kinds, name := e.number("foregroundServiceType"), e.text("name")
	if kinds != 0 && !r.held[p+"FOREGROUND_SERVICE"] {
		r.broken("service %s needs %sFOREGROUND_SERVICE", name, p)
	}
	for _, k := range known {
		if kinds&k.kind == 0 {
			continue
		}
		kinds &^= k.kind
		for _, permission := range k.all {
			if !r.held[permission] {
				r.broken("service %s, type 0x%x, needs %s", name, k.kind, permission)
			}
		}
		any := len(k.oneOf) == 0
		for _, permission := range k.oneOf {
			any = any || r.held[permission]
		}
		if !any {
			r.broken("service %s, type 0x%x, needs one of %v", name, k.kind, k.oneOf)
		}
	}
	if kinds != 0 {
		r.broken("service %s has types 0x%x, whose permissions apkcheck does not know", name, kinds)
	}
}

func (e *element) number(name string) uint32 {
	a, _ := e.attr(androidNS, name)
	return a.data
}

func (e *element) text(name string) string {
	a, _ := e.attr(androidNS, name)
	return a.text
}
