package pool

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/ringproof/ringproof/devices"
)

// Consent is what a phone's owner agreed to.
type Consent int

const (
	// MayNotUse: the phone is somebody's and was not opted in. It is not leased.
	MayNotUse Consent = iota
	// MayUse: the phone may be used and changed in what a journal can put back.
	MayUse
	// MayChange: the phone was named by its serial, or was made for this run.
	// Credential, radio and users may be changed, and it may be rebooted.
	MayChange
)

func (c Consent) String() string {
	switch c {
	case MayUse:
		return "may be used"
	case MayChange:
		return "may be changed"
	default:
		return "may not be used"
	}
}

// Facts are what needs are compared with.
type Facts struct {
	Serial  string
	Consent Consent
	// API is the release's API level; 0 if the phone did not tell.
	API int
	// Model, Maker and BuildType are ro.product.model, ro.product.manufacturer
	// and ro.build.type ("user", "userdebug", "eng").
	Model, Maker, BuildType string
	// Root says that a command can be run as uid 0. It is asked only for
	// needs that have Root or Also.
	Root bool
}

// Needs is what a phone must be. The zero Needs is met by every phone.
type Needs struct {
	// MinAPI and MaxAPI are API levels, both included; 0 is no bound.
	MinAPI, MaxAPI int
	// Root asks for a phone on which "su 0" works or whose adbd is root.
	Root bool
	// Maker is the maker that it must be of (ro.product.manufacturer, in any
	// case), "" for all.
	Maker string
	// Consent is the least that the owner must have agreed to.
	Consent Consent
	// Also is for anything else. It returns why the phone does not do, "" if
	// it does.
	Also func(Facts) string
	// Waiting, if set, is told while a lease has to wait who holds the phones
	// that it could have, one line a phone: at first, and when that changes.
	Waiting func(holders []string)
}

// Missing lists why a phone with the given facts does not do.
func (n Needs) Missing(f Facts) []string {
	var out []string
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	switch {
	case f.API == 0 && (n.MinAPI > 0 || n.MaxAPI > 0):
		add("its API level is unknown")
	case n.MinAPI > 0 && f.API < n.MinAPI:
		add("API %d is below %d", f.API, n.MinAPI)
	case n.MaxAPI > 0 && f.API > n.MaxAPI:
		add("API %d is above %d", f.API, n.MaxAPI)
	}
	if n.Maker != "" && !strings.EqualFold(n.Maker, f.Maker) {
		add("it is made by %s, not by %s", f.Maker, n.Maker)
	}
	if n.Consent > f.Consent {
		add("it was not named: name its serial to allow changes of credential, radio and users, and reboots")
	}
	if n.Root && !f.Root {
		add("no root shell")
	}
	if n.Also != nil {
		if why := n.Also(f); why != "" {
			out = append(out, why)
		}
	}
	return out
}

const factsScript = "getprop ro.build.version.sdk; getprop ro.product.model; getprop ro.product.manufacturer; getprop ro.build.type; getprop sys.boot_completed"

// readFacts asks the phone. The second result says why it cannot be used yet.
func readFacts(ctx context.Context, p devices.Phone) (f Facts, unusable string, err error) {
	out, err := p.Run(ctx, factsScript)
	if err != nil {
		return Facts{}, "", fmt.Errorf("read the properties of %s: %w", p.Serial(), err)
	}
	lines := strings.Split(strings.ReplaceAll(string(out.Stdout), "\r\n", "\n"), "\n")
	if len(lines) < 5 {
		return Facts{}, "", fmt.Errorf("read the properties of %s: getprop printed %q", p.Serial(), out.Stdout)
	}
	f = Facts{Serial: p.Serial(), Model: lines[1], Maker: lines[2], BuildType: lines[3]}
	f.API, _ = strconv.Atoi(lines[0])
	if lines[4] != "1" {
		return f, "it has not finished booting: wait until it has", nil
	}
	return f, "", nil
}

// rootLimit ends a root question that waits for a finger on the phone: the su
// of rooted phones asks its owner.
const rootLimit = 10 * time.Second

func readRoot(ctx context.Context, p devices.Phone) (bool, error) {
	short, cancel := context.WithTimeout(ctx, rootLimit)
	defer cancel()
	out, err := p.Run(short, "id -u; su 0 id -u")
	if err != nil {
		if ctx.Err() == nil && short.Err() != nil {
			return false, nil
		}
		return false, fmt.Errorf("ask %s for root: %w", p.Serial(), err)
	}
	for uid := range strings.FieldsSeq(string(out.Stdout)) {
		if uid == "0" {
			return true, nil
		}
	}
	return false, nil
}
