package expect

import (
	"fmt"

	"github.com/onsi/gomega/types"

	"github.com/ringproof/ringproof/harness/facts"
)

// Meet lets a condition be used with Gomega on a snapshot that is already
// read: Expect(snapshot).To(expect.Meet(expect.Ringing())).
func Meet(c Condition) types.GomegaMatcher { return matcher{c} }

type matcher struct{ c Condition }

func (m matcher) Match(actual any) (bool, error) {
	s, ok := actual.(facts.Snapshot)
	if !ok {
		return false, fmt.Errorf("a condition judges a facts.Snapshot, not a %T", actual)
	}
	r := m.c.Check(s)
	if r.Outcome == Unknown {
		return false, fmt.Errorf("%s: wanted %s, but the phone did not tell: %s", m.c.Fact(), m.c, r.Seen)
	}
	return r.Outcome == Met, nil
}

func (m matcher) FailureMessage(actual any) string {
	s, ok := actual.(facts.Snapshot)
	if !ok {
		return "not a snapshot"
	}
	if f := Fail(m.c, s); f != nil {
		return f.Error()
	}
	return "met after all"
}

func (m matcher) NegatedFailureMessage(any) string {
	return fmt.Sprintf("%s: wanted anything but %s", m.c.Fact(), m.c)
}
