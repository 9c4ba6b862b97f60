package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/ringproof/ringproof/harness/inspect/kinds"
)

// violations checks v against the part of JSON Schema that inspect writes, and
// refuses a schema that uses anything else. It shares nothing with the code
// that writes schemas.
func violations(root, schema map[string]any, v any, at string) []string {
	if ref, ok := schema["$ref"].(string); ok {
		defs, _ := root["$defs"].(map[string]any)
		def, ok := defs[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any)
		if !ok {
			return []string{at + ": no definition " + ref}
		}
		return violations(root, def, v, at)
	}
	var bad []string
	say := func(format string, args ...any) { bad = append(bad, at+": "+fmt.Sprintf(format, args...)) }
	for _, key := range slices.Sorted(maps.Keys(schema)) {
		rule := schema[key]
		switch key {
		case "$schema", "$id", "$defs", "title", "description", "contentEncoding":
		case "const":
			if !reflect.DeepEqual(rule, v) {
				say("%v is not %v", v, rule)
			}
		case "type":
			types, ok := rule.([]any)
			if !ok {
				types = []any{rule}
			}
			if !slices.ContainsFunc(types, func(t any) bool { return isType(t, v) }) {
				say("%v is not of type %v", v, types)
			}
		case "minimum":
			least, _ := rule.(float64)
			if n, ok := v.(float64); ok && n < least {
				say("%v is below %v", n, least)
			}
		case "anyOf":
			choices, _ := rule.([]any)
			if !slices.ContainsFunc(choices, func(c any) bool {
				s, ok := c.(map[string]any)
				return ok && len(violations(root, s, v, at)) == 0
			}) {
				say("%v is none of %v", v, choices)
			}
		case "items":
			items, _ := rule.(map[string]any)
			list, _ := v.([]any)
			for i, e := range list {
				bad = append(bad, violations(root, items, e, fmt.Sprintf("%s[%d]", at, i))...)
			}
		case "required":
			names, _ := rule.([]any)
			if o, ok := v.(map[string]any); ok {
				for _, n := range names {
					if _, there := o[fmt.Sprint(n)]; !there {
						say("%v is missing", n)
					}
				}
			}
		case "properties", "additionalProperties":
			o, _ := v.(map[string]any)
			props, _ := schema["properties"].(map[string]any)
			more, _ := schema["additionalProperties"].(map[string]any)
			for name, value := range o {
				if p, ok := props[name].(map[string]any); ok && key == "properties" {
					bad = append(bad, violations(root, p, value, at+"."+name)...)
				} else if props[name] == nil && key == "additionalProperties" {
					bad = append(bad, violations(root, more, value, at+"."+name)...)
				}
			}
		default:
			say("the schema says %s, which is not understood here", key)
		}
	}
	return bad
}

func isType(t, v any) bool {
	switch x := v.(type) {
	case nil:
		return t == "null"
	case bool:
		return t == "boolean"
	case string:
		return t == "string"
	case float64:
		return t == "number" || t == "integer" && x == math.Trunc(x)
	case []any:
		return t == "array"
	default:
		return t == "object"
	}
}

// schemaOf is what `inspect KIND --schema` prints.
func schemaOf(t *testing.T, kind string) map[string]any {
	t.Helper()
	r := ringproof(t, "", "inspect", kind, "--schema")
	var s map[string]any
	if err := json.Unmarshal([]byte(r.out), &s); err != nil || r.code != 0 {
		t.Fatalf("%s: %v: %+v", kind, err, r)
	}
	return s
}

// valid fails the test if out, a printed answer, breaks the kind's schema.
func valid(t *testing.T, kind, out string) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal([]byte(out), &v); err != nil {
		t.Fatalf("%s: %v: %s", kind, err, out)
	}
	s := schemaOf(t, kind)
	for _, bad := range violations(s, s, v, "") {
		t.Errorf("%s: %s", kind, bad)
	}
	return v
}

// typed are short texts of some kinds, from the format descriptions.
func typed() map[string]string {
	return map[string]string{
		"telecom": `CallsManager: 
  mCalls: 
    [Call id=TC@7, state=RINGING, tpac=ComponentInfo{org.ringproof.sample/org.ringproof.sample.CallConnectionService}, ***, UserHandle{0}, cmgr=null, handle=sip:*****@***, vidst=A, childs(0), has_parent(false), cap=[ hld sup_hld mut], prop=[ self_mng]], voip=true
  mCallAudioManager:
    All calls:
      TC@7
    Ringing calls:
      TC@7
    Foreground call:
    [Call id=TC@7, state=RINGING, tpac=ComponentInfo{org.ringproof.sample/org.ringproof.sample.CallConnectionService}, ***, UserHandle{0}, cmgr=null, handle=sip:*****@***, vidst=A, childs(0), has_parent(false), cap=[ hld sup_hld mut], prop=[ self_mng]], voip=true
  PhoneAccountRegistrar: 
    xmlVersion: 9
    phoneAccounts:
      [[X] PhoneAccount: ComponentInfo{org.ringproof.sample/org.ringproof.sample.CallConnectionService}, ***, UserHandle{0} Capabilities: SelfManaged SuppVideo  Audio Routes: BESW Schemes: sip tel  Extras: null GroupId: ***]
      test emergency PhoneAccount filter: null
  Historical Events:
    SelfMgd CallTC@7 [23/05/2026 16:00:00](MT - incoming)(User=UserHandle{0})
    	>>>Target PhoneAccount: ComponentInfo{org.ringproof.sample/org.ringproof.sample.CallConnectionService}, ***, UserHandle{0} (Ringproof Sample)
      16:00:00.000 - SET_RINGING (successful incoming call)
`,
		"notification": `Current Notification Manager state:
  Notification List:
    NotificationRecord(0x0a1b2c3d: pkg=org.example.call user=UserHandle{0} id=77 tag=null importance=4 key=0|org.example.call|77|null|10234: Notification(channel=incoming_calls shortcut=null contentView=null vibrate=null sound=null defaults=0x0 flags=0xe2 color=0x00000000 category=call actions=2 vis=PUBLIC))
      uid=10234 userId=0
      mImportance=HIGH
  mArchive=Archive (0 notifications)
`,
		"power": `POWER MANAGER (dumpsys power)

Power Manager State:
  mWakefulness=Asleep
  mIsPowered=true
  mStayOn=false

Wake Locks: size=1
  PARTIAL_WAKE_LOCK              'AudioMix' ACQ=-3s120ms (uid=1041 pid=812 ws=WorkSource{10234})
`,
		"uiautomator": `<?xml version='1.0' encoding='UTF-8' standalone='yes' ?><hierarchy rotation="0"><node index="0" text="" resource-id="" class="android.widget.FrameLayout" package="p" content-desc="" checkable="false" checked="false" clickable="true" enabled="true" focusable="false" focused="false" scrollable="false" long-clickable="false" password="false" selected="false" bounds="[0,0][1080,2400]"><node index="0" text="Answer &amp; go" resource-id="p:id/answer" class="android.widget.Button" package="p" content-desc="" checkable="false" checked="false" clickable="true" enabled="true" focusable="true" focused="false" scrollable="false" long-clickable="false" password="false" selected="false" bounds="[10,20][30,40]" /></node></hierarchy>UI hierchary dumped to: /dev/tty
`,
	}
}

// Every kind has a schema, and its answers follow it: for texts that tell
// something and for one that tells nothing.
func TestAnswersFollowTheirSchema(t *testing.T) {
	texts := typed()
	for kind := range kinds.All() {
		s := schemaOf(t, kind)
		if s["$schema"] != "https://json-schema.org/draft/2020-12/schema" {
			t.Errorf("%s: $schema is %v", kind, s["$schema"])
		}
		r := ringproof(t, "Can't find service: x\n", "inspect", kind)
		valid(t, kind, r.out)
		if texts[kind] != "" {
			valid(t, kind, ringproof(t, texts[kind], "inspect", kind).out)
		}
	}
}

// The check itself can fail: an answer that was bent breaks the schema.
func TestTheSchemaBites(t *testing.T) {
	out := ringproof(t, typed()["telecom"], "inspect", "telecom").out
	s := schemaOf(t, "telecom")
	for _, c := range []struct{ from, to, says string }{
		{`"selfManaged": true`, `"selfManaged": "yes"`, ".facts.calls[0].selfManaged: yes is not of type [boolean null]"},
		{`"ringproof.inspect/1"`, `"ringproof.inspect/2"`, ".schema: ringproof.inspect/2 is not ringproof.inspect/1"},
		{`"id": "TC@7"`, `"idd": "TC@7"`, ".facts.calls[0]: id is missing"},
		{`"id": "TC@7"`, `"id": null`, ".facts.calls[0].id: <nil> is not of type [string]"},
		{`"user": 0`, `"user": 0.5`, ".facts.calls[0].account"},
	} {
		bent := strings.Replace(out, c.from, c.to, 1)
		if bent == out {
			t.Fatalf("no %s in %s", c.from, out)
		}
		var v any
		if err := json.Unmarshal([]byte(bent), &v); err != nil {
			t.Fatal(err)
		}
		bad := violations(s, s, v, "")
		if len(bad) == 0 || !strings.HasPrefix(bad[0], c.says) {
			t.Errorf("%s: got %q, want %q", c.to, bad, c.says)
		}
	}
}

// A person sees where each fact came from, and what nobody told.
func TestExplain(t *testing.T) {
	r := ringproof(t, typed()["telecom"], "inspect", "telecom", "--explain")
	if r.code != 0 || r.errout != "" {
		t.Fatalf("%+v", r)
	}
	known, dark, ok := strings.Cut(r.out, "\nunknown:\n")
	if !ok {
		t.Fatalf("no unknown facts at the end:\n%s", r.out)
	}
	rows := map[string][]string{}
	for line := range strings.Lines(known) {
		if f := strings.Fields(line); len(f) > 3 {
			rows[f[0]] = f[1:]
		}
	}
	for path, want := range map[string]string{
		"calls[0].state":            `"RINGING" 3 [Call id=TC@7,`,
		"calls[0].voip":             `true 3 [Call id=TC@7,`,
		"foreground":                `"TC@7" 10 [Call id=TC@7,`,
		"accounts[0].enabled":       `true 14 [[X] PhoneAccount:`,
		"history[0].label":          `"Ringproof Sample"`,
		"history[0].events[0].name": `"SET_RINGING" 19 16:00:00.000 -`,
	} {
		if got := strings.Join(rows[path], " "); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	if !strings.Contains(dark, "  calls[0].manager\n") || !strings.Contains(dark, "  sessions\n") || strings.Contains(dark, "  calls\n") {
		t.Errorf("the unknown facts are\n%s", dark)
	}
}

// What no fact came from is listed for a person, who can see what was missed.
func TestUnread(t *testing.T) {
	r := ringproof(t, typed()["power"], "inspect", "power", "--unread")
	if r.code != 0 || r.errout != "" || !strings.Contains(r.out, "1\tPOWER MANAGER (dumpsys power)\n") ||
		strings.Contains(r.out, "mWakefulness") || !strings.HasSuffix(r.out, " lines\n") {
		t.Errorf("%+v", r)
	}
	if r := ringproof(t, "", "inspect", "power", "--unread", "--explain"); r.code == 0 {
		t.Errorf("two ways to print: %+v", r)
	}
}
