package harness

import (
	"context"

	"github.com/ringproof/ringproof/devices/adb"
	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/harness/facts"
)

// LoseAccount takes the app's account away from Telecom, as a restored backup or
// a cleared Telecom does. The app's process lives and knows nothing of it; the
// next one registers the account again, and so the phone is put back.
func LoseAccount() Step {
	return StepFunc(func(ctx context.Context, a *App) error {
		if a.Profile.ConnectionService == "" || a.Profile.AccountID == "" {
			return unsupported("take the app's account away", a.Serial(), "the profile %s does not name it", a.Profile.Name)
		}
		handle := a.Profile.Component(a.Profile.ConnectionService)
		open := "am start -W -n " + a.LaunchComponent()
		err := a.Change(ctx, "take the app's account away",
			"telecom unregister-phone-account "+adb.Quote(handle)+" "+adb.Quote(a.Profile.AccountID)+" 0",
			"am force-stop "+adb.Quote(a.Package())+"; "+open+"; input keyevent 3")
		if err != nil {
			return err
		}
		if err := a.moment(ctx); err != nil {
			return err
		}
		if _, err := a.Await(ctx, noAccount(), a.Budgets.Settle); err != nil {
			return unsupported("take the app's account away", a.Serial(), "this phone keeps it: %v", err)
		}
		return nil
	})
}

// noAccount wants Telecom to know no account of the app.
func noAccount() expect.Condition {
	return expect.Func("telecom.no-account", "no PhoneAccount of the app", func(s facts.Snapshot) expect.Result {
		accounts, ok := s.Telecom.AccountsOf(s.App.Package).Get()
		switch {
		case !ok:
			return expect.Result{Outcome: expect.Unknown, Seen: "a dump that does not tell the accounts"}
		case len(accounts) == 0:
			return expect.Result{Outcome: expect.Met, Seen: "no PhoneAccount of the app"}
		}
		return expect.Result{Outcome: expect.NotYet, Seen: "the app's PhoneAccount"}
	}, facts.Telecom)
}
