package scenarios

import (
	"fmt"

	"github.com/onsi/ginkgo/v2"

	"github.com/ringproof/ringproof/reports/record"
)

// Describe turns scenarios into Ginkgo nodes. It is the only place that does,
// for this package's own suite, for the command and for your own app's tests.
//
// The text of a spec begins with the scenario's id: Ginkgo sorts by text.
//
// input is asked when a scenario runs, so that a suite may make its pool in
// BeforeSuite. Each scenario leases what it needs: specs may run in parallel.
func Describe(input func() Input, chosen ...Scenario) bool {
	return ginkgo.Describe("an incoming call", func() {
		for _, sc := range chosen {
			ginkgo.It(sc.ID+": "+sc.Title, ginkgo.Label(sc.Labels...), func(ctx ginkgo.SpecContext) {
				r := input().Do(ctx, sc)
				switch r.Verdict {
				case record.Passed:
				case record.Skipped:
					ginkgo.Skip(r.Finding.Sentence)
				default:
					ginkgo.Fail(fmt.Sprintf("%s: %s", r.Verdict, r.Finding.Sentence))
				}
			})
		}
	})
}
