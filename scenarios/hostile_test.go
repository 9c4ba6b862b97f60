package scenarios_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/devices/adb"
	"github.com/ringproof/ringproof/devices/pool"
	"github.com/ringproof/ringproof/fixtures"
	"github.com/ringproof/ringproof/harness"
	"github.com/ringproof/ringproof/harness/cmd/wire"
	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/harness/push"
)

// Whatever text a payload holds, in a value or in a key, it reaches the app
// byte for byte and executes nothing, through both deliveries. What arrived is
// read from the app's own trace, as on any phone.
func TestHostileTextReachesTheApp(t *testing.T) {
	bench, done := open(t, reference(), wire.Options{})
	defer done()
	lease, err := bench.Pool.Lease(t.Context(), pool.Needs{})
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
	for _, door := range []harness.Door{harness.DebugDoor, harness.RootDoor} {
		t.Run(string(door), func(t *testing.T) {
			app, err := harness.NewApp(phone, bench.Profile, door)
			if err != nil {
				t.Fatal(err)
			}
			defer app.Close()
			app.Install = bench.Install
			app.Install.Allowed = true
			if err := app.Prepare(t.Context()); err != nil {
				t.Fatal(err)
			}
			for _, x := range texts {
				t.Run(x.Name, func(t *testing.T) {
					for i, fields := range together(t, x.Text) {
						session := fmt.Sprintf("%s/%s/%d ", door, x.Name, i) + x.Text
						want, err := fixtures.Payload("cometchat/initiated").With(session, time.UnixMilli(0))
						if err != nil {
							t.Fatal(err)
						}
						for _, field := range fields {
							want[field] = x.Text
						}
						want["x"+x.Text], want["sessionId"], want["type"] = "a key", session, "chat"+want["type"]
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
					}
					ringsAs(t, app, x.Text)
				})
			}
		})
	}
	out, err := phone.Run(t.Context(), "ls /data/local/tmp")
	if err != nil || bytes.Contains(out.Stdout, []byte("canary")) {
		t.Errorf("a payload ran a command: %s, %v", out.Stdout, err)
	}
}

// together says which fields of the payload carry the text in one push: all at
// once, or, for a text of which all would be more than a command line holds, one
// after the other.
func together(t *testing.T, text string) [][]string {
	t.Helper()
	all := fixtures.Payload("cometchat/initiated").Keys()
	if len(all) < 10 {
		t.Fatalf("the payload has the fields %q", all)
	}
	if len(text) < 1024 {
		return [][]string{all}
	}
	var each [][]string
	for _, field := range all {
		each = append(each, []string{field})
	}
	return each
}

// A caller may have any name: the call rings, is shown and can be declined, and
// nothing that reads the phone is led astray by it.
func ringsAs(t *testing.T, app *harness.App, name string) {
	t.Helper()
	now, err := app.Wall(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	data, err := fixtures.Payload("cometchat/initiated").With("hostile "+now.String(), now)
	if err != nil {
		t.Fatal(err)
	}
	data["senderName"] = name
	if r, err := app.Push(t.Context(), "a call", push.Message{Data: data}); err != nil || !r.Accepted {
		t.Fatalf("%v, %v", r, err)
	}
	if err := harness.Steps(
		harness.Await(expect.All(expect.Ringing(), expect.CallNotification()), harness.ByRing),
		harness.PressDecline(),
		harness.Await(expect.Silent(), harness.ByEnd),
	).Do(t.Context(), app); err != nil {
		t.Error(err)
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
