package wire

import (
	"context"
	"fmt"
	"strings"

	"github.com/ringproof/ringproof/devices/adb"
	"github.com/ringproof/ringproof/devices/virtual/android"
	"github.com/ringproof/ringproof/devices/virtual/apps"
	"github.com/ringproof/ringproof/fixtures/defects"
	"github.com/ringproof/ringproof/harness"
	"github.com/ringproof/ringproof/harness/config"
)

// seeds checks that what the settings name can be seeded where they want it:
// the reference app alone has switches.
func seeds(s config.Settings) error {
	carrier := defects.APK
	if s.Devices.Virtual {
		carrier = defects.Model
	}
	for _, name := range s.Defects {
		d, err := defects.Find(name)
		switch {
		case err != nil:
			return err
		case s.App.Builtin != "reference":
			return fmt.Errorf("seed %s: only the reference app has switches for defects, and the app under test is %s%s", name, s.App.Builtin, s.App.File)
		case !d.Carried(carrier):
			return fmt.Errorf("seed %s: %s has no switch for it: `ringproof defects` says what carries it", name, map[defects.Carrier]string{
				defects.APK: "the sample app on attached phones", defects.Model: "the model on virtual phones",
			}[carrier])
		}
	}
	return nil
}

// seeded are the models of virtual phones with the settings' defects, nil for
// what every virtual phone has.
func seeded(s config.Settings) map[string]func() android.App {
	if len(s.Defects) == 0 {
		return nil
	}
	has := make([]apps.Defect, len(s.Defects))
	for i, name := range s.Defects {
		has[i] = apps.Defect(name)
	}
	return apps.Seeded(has...)
}

// door seeds the sample app on an attached phone through its test door, which
// it reads when its process starts; nil if there is nothing to seed. The file
// goes with the lease.
func door(s config.Settings) harness.Step {
	if len(s.Defects) == 0 || s.Devices.Virtual {
		return nil
	}
	const file = "files/ringproof-defects"
	write := "mkdir -p files; printf '%s\\n' " + strings.Join(s.Defects, " ") + " > " + file
	return harness.Steps(
		harness.StepFunc(func(ctx context.Context, a *harness.App) error {
			as := "run-as " + adb.Quote(a.Package())
			return a.Change(ctx, "seed defects", as+" sh -c "+adb.Quote(write), as+" rm -f "+file)
		}),
		harness.KillProcess(),
		harness.Launch(),
	)
}
