// Package scenarios is the catalogue: every way in which a call can fail to
// ring that Ringproof knows to look for, as values, one file a theme.
//
// All lists them, Select chooses, Describe turns them into Ginkgo nodes; it is
// the only place that does. Import the package in your own app's tests, give
// it a profile, and run. It knows no defect's name and no kind of phone.
package scenarios

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/onsi/ginkgo/v2/types"

	"github.com/ringproof/ringproof/harness"
)

// Scenario is one thing that must be true of an incoming call.
type Scenario struct {
	// ID is short, stable and unique: reports and command lines use it.
	ID string
	// Title says what must be true.
	Title string
	// Labels are its tags, from Tags.
	Labels []string
	// Needs is what a phone must have; one that lacks it skips with the reason.
	Needs Needs
	// Budget bounds the whole scenario on the host, waiting for a phone apart.
	Budget time.Duration
	// Origin is where people reported what the scenario catches.
	Origin string
	// Run is what is done and what must then be true.
	Run harness.Step
}

// Needs is what a scenario asks of a phone.
type Needs struct {
	MinAPI int
	// Inject: adb's shell may press keys and tap (some makers switch it off).
	Inject bool
	// Credential: the phone has no PIN of its own, and the harness may set its
	// public test PIN for the length of the scenario.
	Credential bool
}

// Tags lists every tag that a scenario may carry, with what it means.
func Tags() map[string]string {
	return map[string]string{
		"smoke":        "the eight that come first",
		"foreground":   "the app is in front",
		"background":   "the app's process lives behind another app",
		"killed":       "the app's process is gone",
		"stopped":      "the app was force-stopped",
		"lockscreen":   "the keyguard is up",
		"bluetooth":    "a headset",
		"audio":        "audio mode, route and focus",
		"notification": "the call's notification and its buttons",
		"push":         "what the app makes of a push",
		"cancel":       "the caller gives up, or the call is answered elsewhere",
		"incall":       "answering, holding, ending",
		"callcontrol":  "Android's transactional call API",
		"outgoing":     "outgoing calls",
		"cellular":     "a second line",
		"doze":         "the phone sleeps deeply",
		"dnd":          "do not disturb",
		"permission":   "a permission is missing",
		"users":        "more than one user",
		"stress":       "many calls",
	}
}

// All lists the catalogue in its order.
func All() []Scenario {
	return slices.Concat(answering(), lockScreen(), ending(), pushes(), missing(), second(), use(), permission(), power(), inCall())
}

// UnknownTagError names a tag that no scenario carries.
type UnknownTagError struct {
	Tag   string
	Known []string
}

// Error lists the known tags.
func (e *UnknownTagError) Error() string {
	return fmt.Sprintf("unknown tag %q: the tags are %s", e.Tag, strings.Join(e.Known, ", "))
}

// Select chooses the scenarios that carry one of the tags and meet Ginkgo's label
// filter, such as "lockscreen && !bluetooth"; both may be empty. Choosing none
// is an error: a suite that runs nothing must not look green.
func Select(all []Scenario, tags []string, filter string) ([]Scenario, error) {
	known := Tags()
	for _, t := range tags {
		if _, ok := known[t]; !ok {
			return nil, &UnknownTagError{Tag: t, Known: slices.Sorted(maps.Keys(known))}
		}
	}
	match, err := types.ParseLabelFilter(filter)
	var said types.GinkgoError
	if errors.As(err, &said) {
		// Ginkgo explains over several coloured lines, the reason last.
		return nil, fmt.Errorf("label filter %q: %s", filter, lastLine(said.Message))
	} else if err != nil {
		return nil, fmt.Errorf("label filter %q: %w", filter, err)
	}
	var chosen []Scenario
	for _, s := range all {
		tagged := len(tags) == 0 || slices.ContainsFunc(tags, func(t string) bool { return slices.Contains(s.Labels, t) })
		if tagged && (filter == "" || match(s.Labels)) {
			chosen = append(chosen, s)
		}
	}
	if len(chosen) == 0 {
		return nil, fmt.Errorf("no scenario is chosen by the tags %q and the filter %q: `ringproof scenarios` lists them", strings.Join(tags, ", "), filter)
	}
	return chosen, nil
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}

// String lists the needs in words.
func (n Needs) String() string {
	var parts []string
	if n.MinAPI > 0 {
		parts = append(parts, fmt.Sprintf("API %d+", n.MinAPI))
	}
	if n.Inject {
		parts = append(parts, "key events")
	}
	if n.Credential {
		parts = append(parts, "no credential of its own, named by serial")
	}
	if len(parts) == 0 {
		return "nothing"
	}
	return strings.Join(parts, "; ")
}
