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

// Needs is what a scenario asks of its phone, or of each of its phones.
type Needs struct {
	// MinAPI and MaxAPI are API levels, both included; 0 is no bound.
	MinAPI, MaxAPI int
	// Maker is the maker whose phones alone have what the scenario is about
	// (ro.product.manufacturer), "" for all.
	Maker string
	// Inject: adb's shell may press keys and tap (some makers switch it off).
	Inject bool
	// Credential: the phone has no PIN of its own, and the harness may set its
	// public test PIN for the length of the scenario.
	Credential bool
	// Root: a command can be run as uid 0.
	Root bool
	// Bluetooth: the phone has an adapter, and it may be switched off and on.
	Bluetooth bool
	// Line: the phone has a second line on which a cellular call can come in.
	Line bool
	// Console: that line is an emulator's console, so no call leaves the desk.
	Console bool
	// Headset is what the headset beside the phone must be.
	Headset Headset
	// CallControl: the app under test makes transactional calls.
	CallControl bool
	// Outgoing: a test can have the app under test call somebody.
	Outgoing bool
	// Signalling: the app under test has a test door to its own connection.
	Signalling bool
	// SecondUser: another user or profile can be made on the phone.
	SecondUser bool
	// Phones is how many phones the scenario takes at once, 1 if 0. The first
	// is the one that rings.
	Phones int
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
		"ui":           "what the call's screen is for its user's eyes, ears and fingers",
		MatrixTag:      "a cell of the matrix; not part of a run that does not ask for it",
	}
}

// All lists the catalogue in its order.
func All() []Scenario {
	return slices.Concat(
		answering(), lockScreen(), ending(), pushes(), missing(), second(), signalling(), use(), permission(), power(), inCall(),
		visible(), makers(), sound(), users(),
		several(), outgoing(),
		ui(),
		bluetooth(),
		cellular(),
		callControl(),
		fallback(),
	)
}

// Phones is how many phones the scenarios take at most at one time.
func Phones(chosen []Scenario) int {
	n := 1
	for _, s := range chosen {
		n = max(n, s.Needs.Phones)
	}
	return n
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
// is an error: a suite that runs nothing must not look green. So is a tag that
// nobody knows, in the filter too: a misspelt one beside a right one would
// silently run less than was asked for.
func Select(all []Scenario, tags []string, filter string) ([]Scenario, error) {
	known := slices.Sorted(maps.Keys(Tags()))
	for _, t := range tags {
		if !slices.Contains(known, t) {
			return nil, &UnknownTagError{Tag: t, Known: known}
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
	for _, word := range filterWords(filter) {
		if !slices.Contains(known, word) && !carried(all, word) && !carried(Matrix(), word) {
			return nil, fmt.Errorf("label filter %q: %w", filter, &UnknownTagError{Tag: word, Known: known})
		}
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

// carried says whether one of the scenarios has the label.
func carried(all []Scenario, label string) bool {
	return slices.ContainsFunc(all, func(s Scenario) bool { return slices.Contains(s.Labels, label) })
}

// filterWords are the labels that a filter names in full, lower case as Ginkgo
// compares them. Of its regular expressions (/.../) and sets (key: operation),
// nobody can say what was meant.
func filterWords(filter string) []string {
	if strings.ContainsAny(filter, "/:") {
		return nil
	}
	words := strings.FieldsFunc(strings.ToLower(filter), func(r rune) bool { return strings.ContainsRune("&|!,()", r) })
	for i := range words {
		words[i] = strings.TrimSpace(words[i])
	}
	return slices.DeleteFunc(words, func(w string) bool { return w == "" })
}

// UnknownScenarioError names an id that no scenario has.
type UnknownScenarioError struct {
	ID    string
	Known []string
}

// Error lists the ids that come near, or tells where all of them are.
func (e *UnknownScenarioError) Error() string {
	var near []string
	for _, id := range e.Known {
		if strings.Contains(id, e.ID) || strings.Contains(e.ID, id) || len(e.ID) > 3 && strings.HasPrefix(id, e.ID[:4]) {
			near = append(near, id)
		}
	}
	if len(near) == 0 {
		return fmt.Sprintf("unknown scenario %q: `ringproof scenarios` lists them", e.ID)
	}
	return fmt.Sprintf("unknown scenario %q: did you mean %s?", e.ID, strings.Join(near, " or "))
}

// Choose picks from the catalogue by id, tag and filter. The matrix is part of
// it when a tag, a filter or an id asks for it.
func Choose(ids, tags []string, filter string) ([]Scenario, error) {
	all := All()
	if slices.Contains(tags, MatrixTag) || strings.Contains(filter, MatrixTag) ||
		slices.ContainsFunc(ids, func(id string) bool { return strings.HasPrefix(id, MatrixTag+"/") }) {
		all = append(all, Matrix()...)
	}
	chosen, err := ByID(all, ids)
	if err != nil {
		return nil, err
	}
	return Select(chosen, tags, filter)
}

// ByID keeps the scenarios with one of the ids, in the catalogue's order. No
// ids keep all.
func ByID(all []Scenario, ids []string) ([]Scenario, error) {
	if len(ids) == 0 {
		return all, nil
	}
	var known []string
	for _, s := range all {
		known = append(known, s.ID)
	}
	for _, id := range ids {
		if !slices.Contains(known, id) {
			return nil, &UnknownScenarioError{ID: id, Known: known}
		}
	}
	return slices.DeleteFunc(slices.Clone(all), func(s Scenario) bool { return !slices.Contains(ids, s.ID) }), nil
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}

// String lists the needs in words.
func (n Needs) String() string {
	var parts []string
	switch {
	case n.MinAPI > 0 && n.MaxAPI > 0:
		parts = append(parts, fmt.Sprintf("API %d to %d", n.MinAPI, n.MaxAPI))
	case n.MinAPI > 0:
		parts = append(parts, fmt.Sprintf("API %d+", n.MinAPI))
	case n.MaxAPI > 0:
		parts = append(parts, fmt.Sprintf("API up to %d", n.MaxAPI))
	}
	for _, need := range []struct {
		is    bool
		words string
	}{
		{n.Phones > 1, fmt.Sprintf("%d phones", n.Phones)},
		{n.Maker != "", "a phone of " + n.Maker},
		{n.Inject, "key events"},
		{n.Credential, "no credential of its own, named by serial"},
		{n.Root, "root"},
		{n.Bluetooth, "Bluetooth"},
		{n.Headset == Bonded, "a bonded headset"},
		{n.Headset == Controlled, "a headset under control"},
		{n.Line && !n.Console, "a second line"},
		{n.Console, "an emulator's console"},
		{n.CallControl, "an app with transactional calls"},
		{n.Outgoing, "an app with a door for calls"},
		{n.Signalling, "a door to the app's own connection"},
		{n.SecondUser, "room for a second user"},
	} {
		if need.is {
			parts = append(parts, need.words)
		}
	}
	if len(parts) == 0 {
		return "nothing"
	}
	return strings.Join(parts, "; ")
}
