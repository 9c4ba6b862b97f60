// Package expect says what must be true of a phone, as values that explain
// themselves: what fact they judge, what they want, and what was seen instead.
//
// A Condition judges one snapshot and never reads a phone. It answers Unknown,
// not "no", when the phone did not tell.
package expect

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ringproof/ringproof/harness/facts"
)

// Outcome is what a condition finds in one snapshot.
type Outcome int

// The outcomes. NotYet may become Met; Never cannot any more, whatever time
// passes; Unknown says that the phone did not tell.
const (
	NotYet Outcome = iota
	Met
	Never
	Unknown
)

// Result is an outcome with what was seen, in words.
type Result struct {
	Outcome Outcome
	Seen    string
}

// Condition is something that must be true.
type Condition interface {
	// Fact is the short name of what is judged, such as "telecom.call". Two
	// failures of one fact are the same wrong thing.
	Fact() string
	// String is what is wanted, in words.
	String() string
	// Kinds are what must be read to judge it.
	Kinds() []facts.Kind
	// Check judges one snapshot.
	Check(facts.Snapshot) Result
}

// Failure is a condition that was not met in time.
type Failure struct {
	Fact   string
	Wanted string
	Seen   string
	// Unknown says that the phone did not tell: nobody can be blamed.
	Unknown bool
	// Elapsed is the phone's time from the start of waiting to the last look;
	// Budget is what was allowed. Both are 0 for a single look.
	Elapsed, Budget time.Duration
	// Why is what else the phone said that may explain it.
	Why string
}

// Error is one sentence: the fact, what was wanted, what was seen.
func (f *Failure) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: wanted %s, saw %s", f.Fact, f.Wanted, f.Seen)
	if f.Budget > 0 {
		fmt.Fprintf(&b, ", %s after the start (budget %s)", f.Elapsed.Round(10*time.Millisecond), f.Budget)
	}
	if f.Why != "" {
		b.WriteString("; " + f.Why)
	}
	return b.String()
}

// condition is the one implementation: data and a function.
type condition struct {
	fact   string
	wanted string
	kinds  []facts.Kind
	check  func(facts.Snapshot) Result
}

func (c condition) Fact() string                  { return c.fact }
func (c condition) String() string                { return c.wanted }
func (c condition) Kinds() []facts.Kind           { return c.kinds }
func (c condition) Check(s facts.Snapshot) Result { return c.check(s) }

// Func makes a condition of a function, for what an app's own tests want.
func Func(fact, wanted string, check func(facts.Snapshot) Result, kinds ...facts.Kind) Condition {
	return condition{fact: fact, wanted: wanted, kinds: kinds, check: check}
}

// Conjunction is a condition made of several. First returns the part that
// decides how the whole is judged in a snapshot.
type Conjunction interface {
	Condition
	First(facts.Snapshot) Condition
}

type all []Condition

// All wants every condition at one moment. It is as bad as the worst: Never
// before NotYet before Unknown; among equals the first speaks.
func All(conditions ...Condition) Condition {
	var flat all
	for _, c := range conditions {
		if inner, ok := c.(all); ok {
			flat = append(flat, inner...)
		} else {
			flat = append(flat, c)
		}
	}
	return flat
}

func (a all) First(s facts.Snapshot) Condition {
	c, _ := a.worst(s)
	return c
}

func (a all) worst(s facts.Snapshot) (Condition, Result) {
	rank := map[Outcome]int{Met: 0, Unknown: 1, NotYet: 2, Never: 3}
	var worst Condition
	worstResult := Result{Outcome: Met, Seen: "all of it"}
	for _, c := range a {
		if r := c.Check(s); rank[r.Outcome] > rank[worstResult.Outcome] {
			worst, worstResult = c, r
		}
	}
	return worst, worstResult
}

func (a all) Fact() string {
	names := make([]string, len(a))
	for i, c := range a {
		names[i] = c.Fact()
	}
	return strings.Join(slices.Compact(names), "+")
}

func (a all) String() string {
	parts := make([]string, len(a))
	for i, c := range a {
		parts[i] = c.String()
	}
	return strings.Join(parts, ", ")
}

func (a all) Kinds() []facts.Kind {
	var kinds []facts.Kind
	for _, c := range a {
		kinds = append(kinds, c.Kinds()...)
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}

func (a all) Check(s facts.Snapshot) Result {
	_, r := a.worst(s)
	return r
}

// Fail puts a condition that was not met in s into a Failure, blaming the part
// of a conjunction that decided. It is nil if c is met.
func Fail(c Condition, s facts.Snapshot) *Failure {
	if j, ok := c.(Conjunction); ok {
		if first := j.First(s); first != nil {
			c = first
		}
	}
	r := c.Check(s)
	if r.Outcome == Met {
		return nil
	}
	f := &Failure{Fact: c.Fact(), Wanted: c.String(), Seen: r.Seen, Unknown: r.Outcome == Unknown}
	if f.Unknown {
		for _, k := range c.Kinds() {
			if p := s.Problems[k]; p != nil {
				f.Why = p.Error()
				break
			}
		}
	}
	return f
}
