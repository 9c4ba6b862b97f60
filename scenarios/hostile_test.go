package scenarios_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/devices/adb"
	"github.com/ringproof/ringproof/devices/pool"
	"github.com/ringproof/ringproof/devices/virtual"
	"github.com/ringproof/ringproof/fixtures"
	"github.com/ringproof/ringproof/harness"
	"github.com/ringproof/ringproof/harness/profile"
	"github.com/ringproof/ringproof/harness/push"
)

// Whatever text a payload holds, in a value or in a key, it reaches the app
// byte for byte and executes nothing, through both deliveries. What arrived is
// read from the app's own trace, as on any phone.
func TestHostileTextReachesTheApp(t *testing.T) {
	fleet, err := virtual.NewFleet(t.Context(), virtual.Options{Serial: "virtual-1", Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := fleet.Close(); err != nil {
			t.Error(err)
		}
	}()
	phones, err := pool.New(pool.Options{
		Sources: []pool.Source{pool.ADB{Server: adb.NewServer(fleet.Addr()), Owned: true}}, StateDir: t.TempDir(),
	})
	if err != nil {
		t.Fatal(err)
	}
	lease, err := phones.Lease(t.Context(), pool.Needs{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := lease.Release(t.Context()); err != nil {
			t.Error(err)
		}
	}()
	phone, err := harness.Open(t.Context(), lease.Phone(), lease.Journal(), nil, "hostile")
	if err != nil {
		t.Fatal(err)
	}
	prof, err := profile.Builtin("reference")
	if err != nil {
		t.Fatal(err)
	}
	texts, err := fixtures.HostileTexts()
	if err != nil {
		t.Fatal(err)
	}
	// A canary that a shell would run: it must not exist afterwards.
	texts = append(texts,
		fixtures.Text{Name: "command substitution", Text: "$(touch /data/local/tmp/canary)`touch /data/local/tmp/canary`"},
		fixtures.Text{Name: "end of quote", Text: `'; touch /data/local/tmp/canary; '"; touch /data/local/tmp/canary; "`},
		fixtures.Text{Name: "a line of its own", Text: "\ntouch /data/local/tmp/canary\n"},
		fixtures.Text{Name: "a background job", Text: "& touch /data/local/tmp/canary | touch /data/local/tmp/canary"},
	)
	for _, d := range []push.Delivery{
		push.Debug{Action: prof.Deliveries.Debug.Action, Extra: prof.Deliveries.Debug.Extra},
		push.Root{Action: prof.Deliveries.Root.Action, Su: phone.Probe().Su},
	} {
		t.Run(d.Name(), func(t *testing.T) {
			app, err := harness.NewApp(phone, *prof, d)
			if err != nil {
				t.Fatal(err)
			}
			defer app.Close()
			if err := app.Prepare(t.Context()); err != nil {
				t.Fatal(err)
			}
			for _, x := range texts {
				t.Run(x.Name, func(t *testing.T) {
					session := d.Name() + "/" + x.Name
					want := map[string]string{"type": "chat", "sessionId": session, "senderName": x.Text, "x" + x.Text: "a key"}
					r, err := app.Push(t.Context(), x.Name, push.Message{Data: want})
					if err != nil {
						t.Fatal(err)
					}
					if !r.Accepted {
						t.Fatal(r)
					}
					if diff := cmp.Diff(want, received(t, app, session)); diff != "" {
						t.Errorf("what the app got (-sent +got):\n%s", diff)
					}
				})
			}
		})
	}
	out, err := phone.Run(t.Context(), "ls /data/local/tmp")
	if err != nil || bytes.Contains(out.Stdout, []byte("canary")) {
		t.Errorf("a payload ran a command: %s, %v", out.Stdout, err)
	}
}

// received waits until the app has traced the message of a session. The receipt
// comes from the receiver; the message goes on to the app's service from there.
func received(t *testing.T, app *harness.App, session string) map[string]string {
	t.Helper()
	for range 100 {
		out, err := app.Run(t.Context(), "run-as "+adb.Quote(app.Package())+" cat files/ringproof-trace.jsonl")
		if err != nil || out.Exit != 0 {
			t.Fatalf("read the trace: %v, exit %d: %s", err, out.Exit, out.Stderr)
		}
		lines := bufio.NewScanner(bytes.NewReader(out.Stdout))
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			var e struct {
				Event string            `json:"event"`
				Data  map[string]string `json:"data"`
			}
			if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
				t.Fatalf("trace line %q: %v", lines.Text(), err)
			}
			if e.Event == "onMessageReceived" && e.Data["sessionId"] == session {
				return e.Data
			}
		}
		if err := lines.Err(); err != nil {
			t.Fatal(err)
		}
		if err := app.Sleep(t.Context(), 50*time.Millisecond); err != nil {
			t.Fatal(err)
		}
	}
	t.Fatal("the message was accepted and never reached the app")
	return nil
}
