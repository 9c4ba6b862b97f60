// Package cases joins the attempts of one scenario, for the reports whose unit
// is a test case and not an attempt. It knows no form that a record is shown in.
package cases

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ringproof/ringproof/reports/record"
)

// Case is the tries of one scenario, in time order.
type Case []record.ToldAttempt

// Of joins the attempts of a record. A scenario that infra sent to another
// phone stays one case; two shards, or two phones of a matrix, that ran the
// same scenario are two.
func Of(all []record.ToldAttempt) []Case {
	var order []string
	by := map[string]Case{}
	for _, a := range all {
		key := a.Scenario.ID
		if a.Attempt <= 1 {
			key += "\x00" + a.Dir
		} else if i := slices.IndexFunc(order, func(k string) bool { return strings.HasPrefix(k, a.Scenario.ID+"\x00") }); i >= 0 {
			key = order[i]
		}
		if by[key] == nil {
			order = append(order, key)
		}
		by[key] = append(by[key], a)
	}
	cases := make([]Case, len(order))
	for i, k := range order {
		cases[i] = by[k]
	}
	return cases
}

// Last is the last attempt.
func (c Case) Last() record.ToldAttempt { return c[len(c)-1] }

// Judged is the attempt that decides: a product failure is never retried into
// green, so the first failed one does, else the last.
func (c Case) Judged() record.ToldAttempt {
	for _, a := range c {
		if a.Verdict == record.Failed {
			return a
		}
	}
	return c.Last()
}

// Flaky lists the attempts that could not be judged before one that passed.
func (c Case) Flaky() []record.ToldAttempt {
	if c.Judged().Verdict != record.Passed {
		return nil
	}
	var infra []record.ToldAttempt
	for _, a := range c[:len(c)-1] {
		if a.Verdict == record.Infra {
			infra = append(infra, a)
		}
	}
	return infra
}

// Sentence is the finding in one sentence, "" if there is none.
func Sentence(a record.ToldAttempt) string {
	if a.Finding == nil {
		return ""
	}
	return a.Finding.Sentence
}

// Explain is the finding with its likely causes, as plain text.
func Explain(a record.ToldAttempt) string {
	var b strings.Builder
	if f := a.Finding; f != nil {
		fmt.Fprintln(&b, f.Sentence)
		if f.Advice != "" {
			fmt.Fprintln(&b, f.Advice)
		}
	}
	for _, c := range a.Diagnosis {
		fmt.Fprintf(&b, "\nlikely: %s\n", c.Sentence)
		for _, f := range c.Facts {
			fmt.Fprintf(&b, "  because %s\n", f)
		}
		fmt.Fprintf(&b, "  remedy: %s\n", c.Remedy)
	}
	return b.String()
}
