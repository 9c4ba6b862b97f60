package scenarios_test

import (
	"testing"

	"go.uber.org/goleak"

	"github.com/ringproof/ringproof/harness/cmd/wire"
	"github.com/ringproof/ringproof/harness/config"
)

// Whatever a test starts must end with it.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m,
		// Ginkgo's own, for the length of the process.
		goleak.IgnoreTopFunction("github.com/onsi/ginkgo/v2/internal/interrupt_handler.(*InterruptHandler).registerForInterrupts.func2"),
	)
}

// reference are the settings of a virtual phone and the reference app.
func reference() config.Settings {
	return config.Settings{Devices: config.Devices{Virtual: true}, App: config.App{Builtin: "reference"}, Seed: 1}
}

// open makes phones as the command does. done gives them back.
func open(t *testing.T, s config.Settings, o wire.Options) (bench *wire.Bench, done func()) {
	t.Helper()
	bench, err := wire.Open(t.Context(), s, o)
	if err != nil {
		t.Fatal(err)
	}
	return bench, func() {
		t.Helper()
		if err := bench.Close(); err != nil {
			t.Error(err)
		}
	}
}
