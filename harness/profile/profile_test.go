package profile_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/harness/profile"
)

const whole = `name: shop
package: com.example.shop
launchActivity: .MainActivity
connectionService: .telecom.CallService
account: voip
permissions:
  - {name: android.permission.POST_NOTIFICATIONS, minAPI: 33}
  - {name: android.permission.RECORD_AUDIO}
fullScreenIntent: true
deliveries:
  debug:
    action: com.example.shop.devicetest.PUSH
    extra: payload_b64
  root:
    action: com.google.android.c2dm.intent.RECEIVE
payload: {vendor: cometchat}
notification:
  channel: incoming_calls
  missedChannel: missed_calls
  ongoingChannel: ongoing_calls
  answerTitles: [Answer, Annehmen]
  declineTitles: [Decline, Ablehnen]
screens:
  incoming: .IncomingCallActivity
  call: .CallActivity
  answer: {id: answer}
  decline: {desc: Decline the call}
  end: {text: Hang up}
budgets: {ring: 10s}
outgoing:
  action: com.example.shop.devicetest.CALL
  callee: callee
  session: session
trace:
  tag: ShopTrace
  delivered: onPush
  file: files/trace.jsonl
  declined: rejectSent
  ended: endSent
signalling: {action: com.example.shop.devicetest.SIGNAL, extra: message_b64}
`

func TestParseWhole(t *testing.T) {
	got, err := profile.Parse("app.yaml", []byte(whole))
	if err != nil {
		t.Fatal(err)
	}
	want := &profile.Profile{
		Name: "shop", Package: "com.example.shop", LaunchActivity: ".MainActivity",
		ConnectionService: ".telecom.CallService", AccountID: "voip",
		Permissions: []profile.Permission{
			{Name: "android.permission.POST_NOTIFICATIONS", MinAPI: 33}, {Name: "android.permission.RECORD_AUDIO"}},
		FullScreenIntent: true,
		Outgoing:         profile.Outgoing{Action: "com.example.shop.devicetest.CALL", Callee: "callee", Session: "session"},
		Trace:            profile.Trace{Tag: "ShopTrace", Delivered: "onPush", File: "files/trace.jsonl", Declined: "rejectSent", Ended: "endSent"},
		Deliveries: profile.Deliveries{
			Debug: &profile.DebugDelivery{Action: "com.example.shop.devicetest.PUSH", Extra: "payload_b64"},
			Root:  &profile.RootDelivery{Action: "com.google.android.c2dm.intent.RECEIVE"}},
		Signalling: &profile.Signalling{Action: "com.example.shop.devicetest.SIGNAL", Extra: "message_b64"},
		Payload:    profile.Payload{Vendor: "cometchat"},
		Notification: profile.Notification{Channel: "incoming_calls", MissedChannel: "missed_calls", OngoingChannel: "ongoing_calls",
			AnswerTitles: []string{"Answer", "Annehmen"}, DeclineTitles: []string{"Decline", "Ablehnen"}},
		Screens: profile.Screens{Incoming: ".IncomingCallActivity", Call: ".CallActivity",
			Answer:  profile.Selector{ResourceID: "answer"},
			Decline: profile.Selector{ContentDesc: "Decline the call"}, End: profile.Selector{Text: "Hang up"}},
		Budgets: profile.Budgets{Ring: 10 * time.Second},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("profile (-want +got):\n%s", d)
	}
}

// The package comment shows a whole profile: it must be one.
func TestDocumentedExample(t *testing.T) {
	src, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for line := range strings.Lines(string(src)) {
		if rest, ok := strings.CutPrefix(line, "//\t"); ok {
			text.WriteString(rest)
		}
	}
	got, err := profile.Parse("doc.go", []byte(text.String()))
	if err != nil {
		t.Fatal(err)
	}
	want, err := profile.Parse("app.yaml", []byte(whole))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("the documented profile is not the one that the tests know (-want +got):\n%s", d)
	}
}

func TestBuiltin(t *testing.T) {
	for name, pkg := range map[string]string{"reference": "org.ringproof.sample", "guide": "org.ringproof.sample.guide"} {
		p, err := profile.Builtin(name)
		if err != nil {
			t.Fatal(err)
		}
		if p.Name != name || p.Package != pkg || p.AccountID != "ringproof" || p.Notification.Channel != "incoming_calls" {
			t.Errorf("built-in %s: name %q, package %q, account %q, channel %q", name, p.Name, p.Package, p.AccountID, p.Notification.Channel)
		}
		if p.Payload.Vendor != "cometchat" {
			t.Errorf("built-in %s gets %s payloads: both must get what the vendor really sends", name, p.Payload.Vendor)
		}
	}
	if _, err := profile.Builtin("nobody"); err == nil {
		t.Error("there is a built-in profile nobody")
	}
}

func TestNames(t *testing.T) {
	p, err := profile.Parse("app.yaml", []byte(whole))
	if err != nil {
		t.Fatal(err)
	}
	for got, want := range map[string]string{
		p.Component(p.LaunchActivity):                                    "com.example.shop/.MainActivity",
		p.Class(p.LaunchActivity):                                        "com.example.shop.MainActivity",
		p.Class("org.other.Activity"):                                    "org.other.Activity",
		p.ResourceID(p.Screens.Answer):                                   "com.example.shop:id/answer",
		p.ResourceID(profile.Selector{ResourceID: "android:id/button1"}): "android:id/button1",
		p.ResourceID(p.Screens.End):                                      "",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if d := cmp.Diff([]string{"android.permission.RECORD_AUDIO"}, p.PermissionsFor(32)); d != "" {
		t.Errorf("permissions at API 32 (-want +got):\n%s", d)
	}
	if n := len(p.PermissionsFor(33)); n != 2 {
		t.Errorf("%d permissions at API 33, want 2", n)
	}
}

// Each row changes one line of a whole profile; the message is typed by hand.
func TestErrors(t *testing.T) {
	for _, c := range []struct{ name, old, new, want string }{
		{"unknown key", "account: voip", "acount: voip",
			`app.yaml:5: acount: unknown key "acount": the keys here are name, package, launchActivity, connectionService, account, permissions, fullScreenIntent, deliveries, signalling, payload, notification, screens, budgets, trace, callControl, outgoing`},
		{"unknown nested key", "  channel: incoming_calls", "  chanel: incoming_calls",
			`app.yaml:18: notification.chanel: unknown key "chanel": the keys here are channel, missedChannel, ongoingChannel, answerTitles, declineTitles, endTitles`},
		{"unknown key in a flow mapping", "  answer: {id: answer}", "  answer: {id: answer, xpath: x}",
			`app.yaml:26: screens.answer.xpath: unknown key "xpath": the keys here are id, desc, text`},
		{"key twice", "account: voip", "name: voip", `app.yaml:5: name: the key is given twice, first in line 1`},
		{"wrong type", "fullScreenIntent: true", "fullScreenIntent: maybe",
			`app.yaml:9: fullScreenIntent: wants true or false, got the text "maybe"`},
		{"no duration", "budgets: {ring: 10s}", "budgets: {ring: soon}",
			`app.yaml:29: budgets: wants a duration such as "10s" or "500ms", got the text "soon"`},
		{"a list for a text", "account: voip", "account: [voip]", `app.yaml:5: account: wants a text, got a list`},
		{"a text for a mapping", "payload: {vendor: cometchat}", "payload: cometchat",
			`app.yaml:16: payload: wants a mapping with vendor, got the text "cometchat"`},
		{"a text for a list", "  answerTitles: [Answer, Annehmen]", "  answerTitles: Answer",
			`app.yaml:21: notification.answerTitles: wants a list, got the text "Answer"`},
		{"bad package", "package: com.example.shop", "package: shop",
			`app.yaml:2: package: "shop" is not a package name such as "com.example.app"`},
		{"shell in the package", "package: com.example.shop", "package: com.example.$(reboot)",
			`app.yaml:2: package: "com.example.$(reboot)" is not a package name such as "com.example.app"`},
		{"newline after the package", "package: com.example.shop", `package: "com.example.shop\n"`,
			`app.yaml:2: package: "com.example.shop\n" is not a package name such as "com.example.app"`},
		{"missing package", "package: com.example.shop", "package:",
			`app.yaml:2: package: is missing: give a package name such as "com.example.app"`},
		{"missing account", "account: voip\n", "", `app.yaml: account: is missing`},
		{"bad action", "    action: com.example.shop.devicetest.PUSH", "    action: PUSH it",
			`app.yaml:12: deliveries.debug.action: "PUSH it" is not an action such as "com.example.app.devicetest.PUSH"`},
		{"missing extra", "    extra: payload_b64\n", "",
			`app.yaml:11: deliveries.debug.extra: is missing: give the name of an extra such as "payload_b64"`},
		{"bad call door", "  action: com.example.shop.devicetest.CALL", "  action: call them",
			`app.yaml:31: outgoing.action: "call them" is not an action such as "com.example.app.devicetest.CALL"`},
		{"call door without a session", "  session: session\n", "", `app.yaml:30: outgoing.session: is missing`},
		{"half of what a server is told", "  declined: rejectSent\n", "",
			`app.yaml:34: trace: declined and ended belong together: what the app tells its server is judged by both`},
		{"bad vendor", "payload: {vendor: cometchat}", "payload: {vendor: carrier-pigeon}",
			`app.yaml:16: payload.vendor: "carrier-pigeon" is no known vendor: cometchat, cometchat-guide, malformed`},
		{"bad class", "  call: .CallActivity", "  call: CallActivity",
			`app.yaml:25: screens.call: "CallActivity" is not a class such as ".MainActivity" or "com.example.app.MainActivity"`},
		{"empty selector", "  answer: {id: answer}", "  answer: {}", `app.yaml:26: screens.answer: is missing: give id, desc or text`},
		{"bad selector", "  answer: {id: answer}", "  answer: {id: com.example/answer}",
			`app.yaml:26: screens.answer.id: "com.example/answer" is not a resource id such as "answer" or "com.example.app:id/answer"`},
		{"bad permission", "  - {name: android.permission.RECORD_AUDIO}", "  - {name: RECORD_AUDIO}",
			`app.yaml:8: permissions[1].name: "RECORD_AUDIO" is not a permission such as "android.permission.RECORD_AUDIO"`},
		{"empty title", "  answerTitles: [Answer, Annehmen]", `  answerTitles: [Answer, ""]`,
			`app.yaml:21: notification.answerTitles[1]: is missing`},
		{"negative budget", "budgets: {ring: 10s}", "budgets: {ring: -1s}", `app.yaml:29: budgets.ring: -1s is not between 0s and 10m`},
		{"second document", "budgets: {ring: 10s}", "---\nname: other",
			`app.yaml: there is a second document after ---: a profile file has one`},
		{"alias", "account: voip", "account: &a voip", `app.yaml:5: account: anchors and aliases are not used in profiles: write the value out`},
		{"no YAML", "account: voip", "account: [voip", `app.yaml:5: this is no YAML: did not find expected ',' or ']'`},
		{"no YAML for the scanner", "account: voip", "account: voip: id", `app.yaml:5: this is no YAML: mapping values are not allowed in this context`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if !strings.Contains(whole, c.old) {
				t.Fatalf("the whole profile has no %q", c.old)
			}
			_, err := profile.Parse("app.yaml", []byte(strings.Replace(whole, c.old, c.new, 1)))
			if err == nil {
				t.Fatal("no error")
			}
			if d := cmp.Diff(c.want, err.Error()); d != "" {
				t.Errorf("message (-want +got):\n%s", d)
			}
		})
	}
}

func TestNotAProfile(t *testing.T) {
	for text, want := range map[string]string{
		"":               "app.yaml: the file is empty: a profile starts with name and package",
		"# only words\n": "app.yaml: the file is empty: a profile starts with name and package",
		"- a\n- b\n":     "app.yaml:1: a profile is a mapping of keys to values",
		"just words":     "app.yaml:1: a profile is a mapping of keys to values",
	} {
		_, err := profile.Parse("app.yaml", []byte(text))
		if err == nil || err.Error() != want {
			t.Errorf("%q gives %v, want %s", text, err, want)
		}
	}
}

func TestNoDelivery(t *testing.T) {
	p, err := profile.Parse("app.yaml", []byte(whole))
	if err != nil {
		t.Fatal(err)
	}
	p.Deliveries = profile.Deliveries{}
	var v *profile.ValueError
	if err := p.Validate(); !errors.As(err, &v) || v.Key != "deliveries" {
		t.Errorf("a profile without a delivery gives %v", err)
	}
}

func TestLoad(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shop.yaml")
	if _, err := profile.Load(path); !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), path) {
		t.Errorf("a missing file gives %v", err)
	}
	if err := os.WriteFile(path, []byte(whole+"more: 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := profile.Load(path)
	var e *profile.Error
	if !errors.As(err, &e) || e.File != path || e.Line != strings.Count(whole, "\n")+1 || e.Key != "more" {
		t.Errorf("an unknown key gives %#v", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(whole))
	for _, s := range []string{"", "a: *b", "&a [*a]", "? {}: 1", "name: !!binary x", "<<: {name: x}", "permissions: [[[[", "\x00", "---\n---\n", "budgets: {ring: 1e9}", "deliveries: {debug: }"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := profile.Parse("f.yaml", text)
		if err == nil {
			if err := p.Validate(); err != nil {
				t.Errorf("Parse passed what Validate refuses: %v", err)
			}
			return
		}
		var e *profile.Error
		if !errors.As(err, &e) || e.Problem == "" {
			t.Errorf("the error does not say what is wrong: %#v", err)
		}
		if p != nil {
			t.Error("an error came with a profile")
		}
	})
}
