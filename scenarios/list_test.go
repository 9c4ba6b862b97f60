package scenarios_test

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/scenarios"
)

// The documentation's page is what the catalogue is.
func TestDocumentation(t *testing.T) {
	page, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(page), scenarios.Markdown(scenarios.All())); diff != "" {
		t.Errorf("make it anew: `go run ./harness/cmd/ringproof scenarios --markdown > scenarios/README.md` (-page +catalogue):\n%s", diff)
	}
}
