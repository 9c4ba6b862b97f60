package harness

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ringproof/ringproof/harness/push"
)

// Probe is what a phone is and what it permits adb's shell to do. Whatever it
// does not permit skips the scenarios that need it, by name.
type Probe struct {
	API   int
	Maker string
	Model string
	Build string // user, userdebug or eng
	// Release is Android's version as people say it, Fingerprint the exact
	// build.
	Release     string
	Fingerprint string
	// Zone is the phone's offset from UTC now, nil if it did not say.
	Zone     *time.Location
	Root     bool
	Su       push.Su // how the shell becomes root, when Root
	Inject   bool    // input keyevent
	Settings bool    // settings put
	// Keyguard is whether locksettings answers; Credential whether the phone's
	// owner has set one already.
	Keyguard   bool
	Credential bool
	// Features are the phone's, such as "android.hardware.bluetooth". An empty
	// list is a phone that did not tell.
	Features []string
	// MaxUsers is how many users the phone may have, 0 if it did not say.
	MaxUsers int
	// lock is what locksettings said of the lock screen.
	lock string
}

// Has says whether the phone has a feature, of the package manager's list.
func (p Probe) Has(feature string) bool { return slices.Contains(p.Features, feature) }

// probeScript asks everything in one round trip. Key 0 is KEYCODE_UNKNOWN: no
// window does anything with it, but a phone that denies injection says so.
// locksettings: "true" is no lock screen, "false" a swipe lock; an error about
// the old credential is how Android says that one is set.
const probeScript = `
echo "sdk=$(getprop ro.build.version.sdk)"
echo "maker=$(getprop ro.product.manufacturer)"
echo "model=$(getprop ro.product.model)"
echo "build=$(getprop ro.build.type)"
echo "release=$(getprop ro.build.version.release)"
echo "fingerprint=$(getprop ro.build.fingerprint)"
echo "zone=$(date +%z)"
echo "uid=$(id -u)"
echo "su0=$(su 0 id -u 2>/dev/null </dev/null)"
echo "suc=$(su -c 'id -u' 2>/dev/null </dev/null)"
echo "inject=$(input keyevent 0 2>&1 | tr '\n' ' ')"
echo "probe=$(settings get global ringproof_probe 2>/dev/null)"
` + lockScript + `
echo "features=$(pm list features 2>/dev/null | tr '\n' ' ')"
echo "users=$(pm get-max-users 2>/dev/null)"
`

// lockScript is the part of the probe that is asked again at the end.
const lockScript = `echo "lock=$(locksettings get-disabled 2>&1 | tr '\n' ' ')"`

func (p *Phone) ask(ctx context.Context) (Probe, error) {
	// Whether the shell may write settings is only told by writing one. Some
	// makers refuse; that is an answer, so the refusal itself is no failure.
	if err := p.Change(ctx, "probe the settings", "settings put global ringproof_probe 1 >/dev/null 2>&1 || true",
		`[ "$(settings get global ringproof_probe 2>/dev/null)" != 1 ] || settings delete global ringproof_probe`); err != nil {
		return Probe{}, err
	}
	return p.identify(ctx)
}

// identify is what can be asked without changing anything. Whether settings can
// be written is then not known, and told as no.
func (p *Phone) identify(ctx context.Context) (Probe, error) {
	out, err := p.Run(ctx, probeScript)
	if err != nil {
		return Probe{}, &Error{Kind: Infra, Op: "ask what the phone is", Phone: p.Serial(), Err: err}
	}
	said := map[string]string{}
	for line := range strings.Lines(string(out.Stdout)) {
		if k, v, ok := strings.Cut(strings.TrimRight(line, "\r\n"), "="); ok {
			said[k] = v
		}
	}
	pr := Probe{Maker: said["maker"], Model: said["model"], Build: said["build"], Release: said["release"], Fingerprint: said["fingerprint"]}
	if pr.API, err = strconv.Atoi(said["sdk"]); err != nil {
		return Probe{}, &Error{Kind: Infra, Op: "ask what the phone is", Phone: p.Serial(),
			Err:    fmt.Errorf("ro.build.version.sdk is %q", said["sdk"]),
			Advice: "is it an Android phone that has finished booting?"}
	}
	if t, err := time.Parse("-0700", said["zone"]); err == nil {
		pr.Zone = t.Location()
	}
	switch {
	case said["uid"] == "0":
		pr.Root = true
	case said["su0"] == "0":
		pr.Root, pr.Su = true, push.Su{Prefix: []string{"su", "0"}}
	case said["suc"] == "0":
		pr.Root, pr.Su = true, push.Su{Prefix: []string{"su", "-c"}, OneWord: true}
	}
	pr.Inject = complaint(0, said["inject"]) == ""
	pr.Settings = said["probe"] == "1"
	lock := strings.TrimSpace(said["lock"])
	pr.lock = lock
	pr.Keyguard = lock == "true" || lock == "false"
	if strings.Contains(lock, "didn't match") || strings.Contains(lock, "can't be null or empty") {
		pr.Keyguard, pr.Credential = true, true
	}
	for f := range strings.FieldsSeq(said["features"]) {
		// "feature:reqGlEsVersion=0x30002" has a value, others a version.
		name, _, _ := strings.Cut(strings.TrimPrefix(f, "feature:"), "=")
		pr.Features = append(pr.Features, name)
	}
	if n, ok := strings.CutPrefix(said["users"], "Maximum supported users:"); ok {
		pr.MaxUsers, _ = strconv.Atoi(strings.TrimSpace(n)) // 0 is unknown
	}
	return pr, nil
}
