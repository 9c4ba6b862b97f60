package android

import (
	"maps"
	"sort"
	"strconv"
)

// Props is the table of system properties.
type Props struct{ values map[string]string }

func newProps(o Options, r Release, m Maker) *Props {
	build := "userdebug"
	debuggable, secure := "1", "1"
	keys := "test-keys"
	if o.UserBuild {
		build, debuggable, keys = "user", "0", "release-keys"
	}
	const incremental = "11269751"
	id, api := r.BuildID, strconv.Itoa(r.API)
	fp := m.Brand + "/ringproof_virtual/virtual:" + r.Version + "/" + id + "/" + incremental + ":" + build + "/" + keys
	v := map[string]string{
		"ro.build.version.sdk": api, "ro.build.version.release": r.Version,
		"ro.build.version.codename": "REL", "ro.build.version.incremental": incremental,
		"ro.build.version.security_patch": r.SecurityPatch, "ro.build.id": id, "ro.build.display.id": id,
		"ro.build.type": build, "ro.build.tags": keys, "ro.build.fingerprint": fp, "ro.bootimage.build.fingerprint": fp,
		"ro.build.characteristics": "nosdcard", "ro.build.product": "virtual", "ro.build.flavor": "ringproof_virtual-" + build,
		"ro.debuggable": debuggable, "ro.secure": secure, "ro.adb.secure": "0",
		"ro.product.manufacturer": m.Manufacturer, "ro.product.brand": m.Brand, "ro.product.model": "Ringproof Virtual",
		"ro.product.name": "ringproof_virtual", "ro.product.device": "virtual", "ro.product.board": "virtual",
		"ro.product.locale": "en-US", "ro.product.first_api_level": api,
		"ro.product.cpu.abi": "arm64-v8a", "ro.product.cpu.abilist": "arm64-v8a,armeabi-v7a,armeabi",
		"ro.product.cpu.abilist64": "arm64-v8a", "ro.product.cpu.abilist32": "armeabi-v7a,armeabi",
		"ro.hardware": "ringproof", "ro.boot.hardware": "ringproof", "ro.bootloader": "unknown",
		"ro.serialno": o.Serial, "ro.boot.serialno": o.Serial, "ro.crypto.state": "encrypted", "ro.crypto.type": "file",
		"ro.sf.lcd_density": "420", "ro.zygote": "zygote64_32", "ro.boot.verifiedbootstate": "orange",
		"sys.boot_completed": "1", "dev.bootcomplete": "1", "init.svc.bootanim": "stopped", "init.svc.adbd": "running",
		"persist.sys.timezone": "UTC", "persist.sys.usb.config": "adb", "sys.usb.state": "adb",
		"service.adb.root": "0", "gsm.sim.state": "ABSENT", "gsm.operator.alpha": "", "ro.telephony.default_network": "33",
		"log.tag": "", "ro.setupwizard.mode": "DISABLED", "sys.oem_unlock_allowed": "0",
	}
	delete(v, "log.tag")
	if r.API >= 30 {
		v["ro.build.version.release_or_codename"] = r.Version
	}
	if r.API == 34 {
		maps.Copy(v, m.Props)
	}
	if m.TrustProp != "" {
		v[m.TrustProp] = map[bool]string{true: "1", false: "0"}[o.Trusted]
	}
	for k, val := range o.Props {
		v[k] = val
	}
	return &Props{values: v}
}

// Get returns a property, "" when unset.
func (p *Props) Get(name string) string { return p.values[name] }

// Set sets a property and reports whether it may be set: "ro." properties only once.
func (p *Props) Set(name, value string) bool {
	if _, ok := p.values[name]; ok && len(name) > 3 && name[:3] == "ro." {
		return false
	}
	p.values[name] = value
	return true
}

// Names lists the properties that are set, sorted.
func (p *Props) Names() []string {
	ks := make([]string, 0, len(p.values))
	for k := range p.values {
		ks = append(ks, k)
	}
	sort.Strings(ks)
	return ks
}
