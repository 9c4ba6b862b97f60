package scenarios_test

import (
	"testing"

	"go.uber.org/goleak"
)

// Whatever a test starts must end with it.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m,
		// Ginkgo's own, for the length of the process.
		goleak.IgnoreTopFunction("github.com/onsi/ginkgo/v2/internal/interrupt_handler.(*InterruptHandler).registerForInterrupts.func2"),
	)
}
