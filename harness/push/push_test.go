package push_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/devices"
	"github.com/ringproof/ringproof/fixtures"
	"github.com/ringproof/ringproof/harness/push"
)

// phone answers one script with a fixed text and remembers the script.
type phone struct {
	out    devices.Output
	err    error
	script string
}

func (p *phone) Serial() string { return "P1" }
func (p *phone) Run(_ context.Context, script string) (devices.Output, error) {
	p.script = script
	return p.out, p.err
}

// The last lines of am broadcast as ActivityManagerShellCommand prints them.
const (
	taken   = "754.20 2900.11\nBroadcasting: Intent { act=a.PUSH flg=0x10400000 pkg=app (has extras) }\nBroadcast completed: result=-1, data=\"{\"pid\":4711}\"\n"
	nobody  = "754.20 2900.11\nBroadcasting: Intent { act=a.PUSH flg=0x10400000 pkg=app (has extras) }\nBroadcast completed: result=0\n"
	refused = "754.20 2900.11\nBroadcasting: Intent { act=a.PUSH flg=0x10400000 pkg=app (has extras) }\nBroadcast completed: result=403, extras: Bundle[{a=b}]\n"
)

// words gives a script to a real shell in which am and su only print their
// words: an outside shell judges our quoting, and whatever it would run besides
// shows as missing words.
func words(t *testing.T, script string) []string {
	t.Helper()
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no POSIX shell on this machine to judge the quoting")
	}
	cmd := exec.CommandContext(t.Context(), sh, "-c", `am() { printf '%s\000' am "$@"; }
su() { printf '%s\000' su "$@"; }
cmd() { :; }
cat() { :; }
`+script)
	cmd.Env = []string{"PATH=/nonexistent"}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("sh: %v: %s\n%s", err, out, script)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
}

func extras(words []string) map[string]string {
	e := map[string]string{}
	for i := 0; i+2 < len(words); i++ {
		if words[i] == "--es" {
			e[words[i+1]] = words[i+2]
			i += 2
		}
	}
	return e
}

func TestDebugReceiver(t *testing.T) {
	p := &phone{out: devices.Output{Stdout: []byte(taken)}}
	m := push.Message{
		Data: map[string]string{"type": "call", "sessionId": "s1"}, ID: "0:1%x",
		SentAt: time.UnixMilli(1741847453000), TTL: 30 * time.Second,
	}
	door := push.Debug{Action: "a.PUSH", Extra: "payload_b64"}
	r, err := door.Deliver(t.Context(), p, "app", m)
	if err != nil {
		t.Fatal(err)
	}
	want := push.Receipt{Accepted: true, Code: -1, Data: `{"pid":4711}`, Sent: 754200 * time.Millisecond, Delivery: "debug receiver"}
	if d := cmp.Diff(want, r); d != "" {
		t.Errorf("receipt (-want +got):\n%s", d)
	}
	w := words(t, p.script)
	head := []string{"am", "broadcast", "--user", "0", "--receiver-foreground", "-a", "a.PUSH", "-p", "app"}
	if d := cmp.Diff(head, w[:len(head)]); d != "" {
		t.Errorf("broadcast (-want +got):\n%s", d)
	}
	b, err := base64.StdEncoding.DecodeString(extras(w)["payload_b64"])
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	// The SDK's own keys as RemoteMessage reads them.
	if d := cmp.Diff(map[string]string{
		"type": "call", "sessionId": "s1", "google.message_id": "0:1%x", "from": "100000000000",
		"google.sent_time": "1741847453000", "google.ttl": "30",
		"google.delivered_priority": "high", "google.original_priority": "high",
	}, got); d != "" {
		t.Errorf("extras (-want +got):\n%s", d)
	}
	if !strings.Contains(p.script, "cmd deviceidle tempwhitelist -u 0 -d 10000 ") {
		t.Errorf("a high-priority push without the allowlist: %s", p.script)
	}
	m.User = 10
	if _, err := door.Deliver(t.Context(), p, "app", m); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(p.script, "tempwhitelist -u 10 ") || !strings.Contains(p.script, "'--user' '10'") {
		t.Errorf("a push for user 10 goes to somebody else: %s", p.script)
	}
	for _, bad := range []string{"-n", "--include-stopped-packages", "-f"} {
		if strings.Contains(" "+strings.Join(w, " ")+" ", " "+bad+" ") {
			t.Errorf("%s would wake a stopped app: %s", bad, p.script)
		}
	}
}

// A signal is no push: the app is exempt from nothing, and gets none of the
// transport's keys.
func TestSignal(t *testing.T) {
	p := &phone{out: devices.Output{Stdout: []byte(taken)}}
	r, err := push.Signal{Action: "a.SIGNAL", Extra: "message_b64"}.Deliver(t.Context(), p, "app", push.Message{
		Data: map[string]string{"type": "call", "sessionId": "s1"}, ID: "0:1%x",
		SentAt: time.UnixMilli(1741847453000), TTL: 30 * time.Second,
	})
	if err != nil {
		t.Fatal(err)
	}
	if !r.Accepted || r.Delivery != "app's own connection" {
		t.Errorf("receipt %+v", r)
	}
	w := words(t, p.script)
	// {"sessionId":"s1","type":"call"}
	want := []string{"am", "broadcast", "--user", "0", "-a", "a.SIGNAL", "-p", "app", "--es", "message_b64", "eyJzZXNzaW9uSWQiOiJzMSIsInR5cGUiOiJjYWxsIn0="}
	if d := cmp.Diff(want, w); d != "" {
		t.Errorf("broadcast (-want +got):\n%s", d)
	}
	if strings.Contains(p.script, "tempwhitelist") {
		t.Errorf("a signal with the allowlist: %s", p.script)
	}
}

func TestNormalPriority(t *testing.T) {
	p := &phone{out: devices.Output{Stdout: []byte(taken)}}
	if _, err := (push.Debug{Action: "a", Extra: "e"}).Deliver(t.Context(), p, "app", push.Message{Priority: push.Normal}); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(p.script, "tempwhitelist") || strings.Contains(p.script, "--receiver-foreground") {
		t.Errorf("a normal push must have neither allowlist nor foreground flag: %s", p.script)
	}
}

func TestRootBroadcast(t *testing.T) {
	for _, c := range []struct {
		name string
		su   push.Su
		head []string
	}{
		{"adbd is root", push.Su{}, []string{"am", "broadcast"}},
		{"su of AOSP", push.Su{Prefix: []string{"su", "0"}}, []string{"su", "0", "am", "broadcast"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := &phone{out: devices.Output{Stdout: []byte(taken)}}
			d := push.Root{Action: "com.google.android.c2dm.intent.RECEIVE", Su: c.su}
			if _, err := d.Deliver(t.Context(), p, "app", push.Message{Data: map[string]string{"k": "it's $(id)"}}); err != nil {
				t.Fatal(err)
			}
			w := words(t, p.script)
			if d := cmp.Diff(c.head, w[:len(c.head)]); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
			if got := extras(w)["k"]; got != "it's $(id)" {
				t.Errorf("k arrives as %q", got)
			}
		})
	}
	t.Run("su that takes one word", func(t *testing.T) {
		p := &phone{out: devices.Output{Stdout: []byte(taken)}}
		d := push.Root{Action: "A", Su: push.Su{Prefix: []string{"su", "-c"}, OneWord: true}}
		if _, err := d.Deliver(t.Context(), p, "app", push.Message{Data: map[string]string{"k": "it's $(id)"}}); err != nil {
			t.Fatal(err)
		}
		outer := words(t, p.script)
		if len(outer) != 3 || outer[0] != "su" || outer[1] != "-c" {
			t.Fatalf("words %q", outer)
		}
		if got := extras(words(t, outer[2]))["k"]; got != "it's $(id)" {
			t.Errorf("k arrives as %q", got)
		}
	})
}

// Whatever the text, the phone's shell must hand it over and run nothing.
func TestHostileTexts(t *testing.T) {
	texts, err := fixtures.HostileTexts()
	if err != nil {
		t.Fatal(err)
	}
	if len(texts) < 10 {
		t.Fatalf("only %d hostile texts", len(texts))
	}
	for _, x := range texts {
		t.Run(x.Name, func(t *testing.T) {
			m := push.Message{Data: map[string]string{"senderName": x.Text, "k" + x.Name: "v"}}
			p := &phone{out: devices.Output{Stdout: []byte(taken)}}
			if _, err := (push.Root{Action: "A", Su: push.Su{Prefix: []string{"su", "0"}}}).Deliver(t.Context(), p, "app", m); err != nil {
				t.Fatal(err)
			}
			if got := extras(words(t, p.script))["senderName"]; got != x.Text {
				t.Errorf("arrives as %q, want %q", got, x.Text)
			}
		})
	}
}

func TestReceipts(t *testing.T) {
	for _, c := range []struct {
		name, out string
		accepted  bool
		code      int
	}{
		{"taken", taken, true, -1},
		{"nobody", nobody, false, 0},
		{"refused by the SDK, with extras", refused, false, 403},
		{"CR LF", strings.ReplaceAll(nobody, "\n", "\r\n"), false, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := &phone{out: devices.Output{Stdout: []byte(c.out)}}
			r, err := push.Debug{Action: "a", Extra: "e"}.Deliver(t.Context(), p, "app", push.Message{})
			if err != nil {
				t.Fatal(err)
			}
			if r.Accepted != c.accepted || r.Code != c.code {
				t.Errorf("got %+v", r)
			}
		})
	}
}

// Without a receipt nothing is known: that must not look like "nobody took it".
func TestNoReceipt(t *testing.T) {
	for _, c := range []struct{ name, out, stderr string }{
		{"denied", "1.00 1.00\n", "Exception occurred while executing 'broadcast':\njava.lang.SecurityException: Permission Denial: not allowed to send broadcast"},
		{"nothing", "", ""},
		{"cut", "1.00 1.00\nBroadcasting: Intent { act=a }\nBroadcast comp", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := &phone{out: devices.Output{Stdout: []byte(c.out), Stderr: []byte(c.stderr), Exit: 255}}
			if r, err := (push.Debug{Action: "a", Extra: "e"}).Deliver(t.Context(), p, "app", push.Message{}); err == nil {
				t.Errorf("got the receipt %+v", r)
			} else if !strings.Contains(err.Error(), "P1") {
				t.Errorf("the error does not name the phone: %v", err)
			}
		})
	}
}

// The other end may say anything: a receipt is read or refused, never guessed.
func FuzzReceipt(f *testing.F) {
	for _, s := range []string{taken, nobody, refused, "", "x", "1 1\nBroadcast completed: result=999999999999999999999"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, out string) {
		p := &phone{out: devices.Output{Stdout: []byte(out)}}
		r, err := push.Debug{Action: "a", Extra: "e"}.Deliver(t.Context(), p, "app", push.Message{})
		if err == nil && r.Accepted != (r.Code == -1) {
			t.Errorf("%+v", r)
		}
	})
}

func TestBadPayloads(t *testing.T) {
	for _, c := range []struct {
		name string
		m    push.Message
		says string
	}{
		{"reserved key", push.Message{Data: map[string]string{"from": "x"}}, `"from" is reserved`},
		{"reserved prefix", push.Message{Data: map[string]string{"google.x": "x"}}, `"google.x" is reserved`},
		{"empty key", push.Message{Data: map[string]string{"": "x"}}, "a key is empty"},
		{"NUL", push.Message{Data: map[string]string{"k": "a\x00b"}}, `field "k" holds a NUL`},
		{"broken UTF-8", push.Message{Data: map[string]string{"k": "\xff"}}, `field "k" is not valid UTF-8`},
		{"priority", push.Message{Priority: "urgent"}, `priority "urgent"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, d := range []push.Delivery{push.Debug{Action: "a", Extra: "e"}, push.Root{Action: "a"}} {
				p := &phone{}
				_, err := d.Deliver(t.Context(), p, "app", c.m)
				if !errors.Is(err, push.ErrPayload) || !strings.Contains(err.Error(), c.says) {
					t.Errorf("%s: %v", d.Name(), err)
				}
				if p.script != "" {
					t.Errorf("%s asked the phone all the same: %s", d.Name(), p.script)
				}
			}
		})
	}
}
