package capture

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"time"
)

func fixed() *Masker { return newMasker([]byte("a key for tests")) }

// What is personal is gone, and what is beside it stands as it stood. want is
// a pattern: the drawn part of a mask is any digits or letters.
func TestMask(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"a call's number", `handle=tel:+4791234567, vidst=A`, `handle=tel:\+000\d{7}, vidst=A`},
		{"an encoded number", `tel:%2B4791234567)`, `tel:%2B000\d{7}\)`},
		{"a number before a time", `dial tel:5551234 12:30:00`, `dial tel:000\d{4} 12:30:00`},
		{"an emergency call", `handle=tel:112, state`, `handle=tel:112, state`},
		{"a hidden number", `handle=tel:*** sip:*****@***`, `handle=tel:\*\*\* sip:\*{5}@\*{3}`},
		{"an international number", `call +47 912 34 567 from (555) 123-4567.`, `call \+00 0\d\d \d\d \d{3} from \(000\) \d{3}-\d{4}\.`},
		{"durations and zones", `ACQ=-3s +1d4fa34:+30s0ms +1000000000ms 18:03:06+0100`, `ACQ=-3s \+1d4fa34:\+30s0ms \+1000000000ms 18:03:06\+0100`},
		{"a keyed number", `mLine1Number=91234567 mPhoneNumber: 91234567`, `mLine1Number=000\d{5} mPhoneNumber: 000\d{5}`},
		{"a mail address", `to alice.b@example.org, x`, `to [a-z]{7}@xxx\.invalid, x`},
		{"a messenger's name for a chat", `tag=4791234567@s.whatsapp.net importance=4`, `tag=[a-z]{10}@x{6}\.invalid importance=4`},
		{"an object", `android.media.AudioManager@d4e5fcom.google.android.apps.tachyon -- gain`, `android\.media\.AudioManager@d4e5fcom\.google\.android\.apps\.tachyon -- gain`},
		{"a library", `android.hardware.audio@6.0-impl.so TC@7_1`, `android\.hardware\.audio@6\.0-impl\.so TC@7_1`},
		{"a sip address", `sip:alice@10.1.2.3;x=1`, `sip:xxxxx@0\.\d+\.\d+\.\d+;x=1`},
		{"a Bluetooth address", `mActiveDevice: F4:B6:2D:12:AB:cd`, `mActiveDevice: XX:XX:XX:XX:AB:cd`},
		{"as Android hides it", `mActiveDevice: XX:XX:XX:XX:AB:CD`, `mActiveDevice: XX:XX:XX:XX:AB:CD`},
		{"nobody's address", `address: 02:00:00:00:00:00`, `address: 02:00:00:00:00:00`},
		{"a time is no address", `at 12:34:56:78:90 00:11:22:33:44:55:66`, `at 12:34:56:78:90 00:11:22:33:44:55:66`},
		{"a headset", `    F4:B6:2D:12:AB:CD [BR/EDR] Alice's buds`, `    XX:XX:XX:XX:AB:CD \[BR/EDR\] xxxxx'x xxxx`},
		{"a headset of Android 15", `    XX:XX:XX:XX:F5:5E [ DUAL ][ 0x240404 ] Ålice`, `    XX:XX:XX:XX:F5:5E \[ DUAL \]\[ 0x240404 \] xxxxx`},
		{"an audio device", `type:bt_sco_hs addr:F4:B6:2D:12:AB:CD name:Alice's buds profiles:[]`, `type:bt_sco_hs addr:XX:XX:XX:XX:AB:CD name:xxxxx'x xxxx profiles:\[\]`},
		{"an IMEI", `mImei=490154203237518 and 490154203237518`, `mImei=000\d{12} and 000\d{12}`},
		{"a time in nanoseconds", `t=123456789012345 n=1700000000000000000`, `t=123456789012345 n=1700000000000000000`},
		{"a SIM card", `card 8944501234567890124 in`, `card 000\d{16} in`},
		{"a serial", `ro.serialno=R58M12ABCDE; serialNo=0`, `ro\.serialno=xxxxxxxxxxx; serialNo=0`},
		{"the Android id", `android_id: 0123456789abcdef`, `android_id: xxxxxxxxxxxxxxxx`},
		{"an account", `Account {name=Alice B, type=com.example}`, `Account \{name=xxxxx x, type=com\.example\}`},
		{"an account with mail", `Account {name=alice@example.org, type=com.google}`, `Account \{name=[a-z]{5}@xxx\.invalid, type=com\.google\}`},
		{"a user", `  UserInfo{0:Ålice "A" Owner:c13} serialNo=0 isPrimary=true`, `  UserInfo\{0:xxxxx "x" xxxxx:c13\} serialNo=0 isPrimary=true`},
		{"a user with a trap", ` User "Work (id=7) (current): deviceLocked=1" (id=10, flags=0x1030): trusted=0`, ` User "xxxx \(xx=x\) \(xxxxxxx\): xxxxxxxxxxxx=x" \(id=10, flags=0x1030\): trusted=0`},
		{"a user with a worse one", ` User "A" (id=7" (id=10, flags=0x0)`, ` User "x" \(xx=x" \(id=10, flags=0x0\)`},
		{"a network", `mWifiInfo SSID: "Home, sweet", BSSID: F4:B6:2D:12:AB:CD, RSSI: -50`, `mWifiInfo SSID: "xxxx, xxxxx", BSSID: XX:XX:XX:XX:AB:CD, RSSI: -50`},
		{"an unquoted network", `ssid=Home net, x=1 SSID: <unknown ssid>`, `ssid=xxxx xxx, x=1 SSID: <unknown ssid>`},
		{"an IPv4 address", `addr 192.168.1.23/24 from 127.0.0.1`, `addr 0\.\d+\.\d+\.\d+/24 from 127\.0\.0\.1`},
		{"a version", `versionName=24.13.18.1 build 1.2.3.4 lib-1.2.3.4`, `versionName=24\.13\.18\.1 build 1\.2\.3\.4 lib-1\.2\.3\.4`},
		{"an IPv6 address", `addr fe80::1c2b:3d4e, 2a01:4f8:1:2:3:4:5:6 ::1`, `addr 2001:db8::[0-9a-f]{4}:[0-9a-f]{4}, 2001:db8::[0-9a-f]{4}:[0-9a-f]{4} ::1`},
		{"a place", `last Location[gps 59.912345,-10.752345 hAcc=5.0] lat=59.91`, `last Location\[gps 00\.000000,-00\.000000 hAcc=5\.0\] lat=00\.00`},
		{"a title", "  android.title=String (Alice (home))\n  android.showWhen=Boolean (true)", "  android\\.title=String \\(xxxxx \\(xxxx\\)\\)\n  android\\.showWhen=Boolean \\(true\\)"},
		{"a text of some lines", "  android.text=SpannableString (Hi 😀,\nyour code: 123)\n see you\n  android.subText=null\n  level 3", "  android\\.text=SpannableString \\(xx xx,\nxxxx xxxx: xxx\\)\n xxx xxx\n  android\\.subText=null\n  level 3"},
		{"the last text", "  android.text=String (a\nb)\n }\nuid=3", "  android\\.text=String \\(x\nx\\)\n }\nuid=3"},
		{"a style is no text", `  android.template=String (android.app.Notification$CallStyle)`, `  android\.template=String \(android\.app\.Notification\$CallStyle\)`},
		{"a redacted text", "  android.title=String [length=5]\nnext one", "  android\\.title=String \\[length=5\\]\nnext one"},
		{"a ticker", `      tickerText=Alice: hi`, `      tickerText=xxxxx: xx`},
		{"a chat's channel", `NotificationChannel{mId='c1', mName=Alice, B, mDescription=chat, mImportance=4, mConversationId='abc'}`, `NotificationChannel\{mId='c1', mName=xxxxx, x, mDescription=xxxx, mImportance=4, mConversationId='xxx'\}`},
		{"a button", `      [0] "Answer" -> PendingIntent{abc}`, `      \[0\] "Answer" -> PendingIntent\{abc\}`},
		{"the screen", `<node index="0" text="Tom &amp; Jerry &#128512;!" resource-id="p:id/x" content-desc="Call Tom" bounds="[0,0][1,1]" hint="Name">`, `<node index="0" text="xxx &amp; xxxxx x!" resource-id="p:id/x" content-desc="xxxx xxx" bounds="\[0,0\]\[1,1\]" hint="xxxx">`},
		{"an address with a query", `dat=https://example.org/join?token=abc&to=bob flg=0x1`, `dat=https://example\.org/join\?xxxxx=xxx&xx=xxx flg=0x1`},
		{"a contact", `content://com.android.contacts/contacts/lookup/0r1-2A/1 x`, `content://com\.android\.contacts/xxxxxxxx/xxxxxx/xxx-xx/x x`},
		{"plain words", "CallsManager: \r\n  mCalls: \r\n", "CallsManager: \r\n  mCalls: \r\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := fixed()
			got := m.Mask([]byte(c.in))
			if !regexp.MustCompile(`(?s)^` + c.want + `$`).Match(got) {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			if again := m.Mask(got); !bytes.Equal(again, got) {
				t.Errorf("a second time it is\n%s\nafter\n%s", again, got)
			}
		})
	}
}

// Equal values stay equal and others differ, over all texts of one Masker; two
// Maskers have nothing in common.
func TestMasksAreConsistent(t *testing.T) {
	m := fixed()
	number := func(m *Masker, s string) string {
		return strings.TrimPrefix(string(m.Mask([]byte("tel:"+s))), "tel:")
	}
	a, b := number(m, "+4791234567"), number(m, "+4791234568")
	if a == b || a != number(m, "+4791234567") {
		t.Errorf("two numbers are %s and %s", a, b)
	}
	if got := string(m.Mask([]byte("call +47 912 34 567"))); strings.ReplaceAll(strings.TrimPrefix(got, "call "), " ", "") != a {
		t.Errorf("the same number in another form is %s, not %s", got, a)
	}
	if number(newMasker([]byte("another key")), "+4791234567") == a {
		t.Error("the mask does not depend on the key")
	}
	mail := func(s string) string { return string(m.Mask([]byte(s))) }
	if mail("alice@example.org") == mail("alina@example.org") || mail("alice@example.org") != mail("Alice@example.org") {
		t.Error("mail addresses are mixed up")
	}
	if x, y := NewMasker(), NewMasker(); bytes.Equal(x.key, y.key) {
		t.Error("two captures share a key")
	}
}

// What was learned is hidden wherever it stands alone, and nowhere else.
func TestLearn(t *testing.T) {
	m := fixed()
	m.Learn("Alice's phone", "R58M12ABCDE", "audio", "Buds", "abc", "null", "Mi 9", "")
	for in, want := range map[string]string{
		"name: Alice's phone (R58M12ABCDE)":    "name: xxxxx'x xxxxx (xxxxxxxxxxx)",
		"xR58M12ABCDE R58M12ABCDE.apk":         "xR58M12ABCDE R58M12ABCDE.apk",
		"android.media.audio: audio Buds Mi 9": "android.media.audio: audio Buds xx x",
	} {
		if got := string(m.Mask([]byte(in))); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

// A line built so that each mask uncovers another value is hidden whole.
func TestMaskIsIdempotentOnTraps(t *testing.T) {
	for _, s := range traps() {
		m := fixed()
		m.Learn("é@é.com", "String (")
		once := m.Mask([]byte(s))
		if twice := m.Mask(once); !bytes.Equal(once, twice) {
			t.Errorf("%q\nonce  %q\ntwice %q", s, once, twice)
		}
	}
}

// Names can be such that each mask makes the next one: the line that goes on
// and on says nothing in the end.
func TestMaskComesToAnEnd(t *testing.T) {
	m := fixed()
	m.Learn("ab 1", "xx x 2", "xx x x 3", "xx x x x 4", "xx x x x x 5", "xx x x x x x 6", "xx x x x x x x 7", "xx x x x x x x x 8")
	if got, want := string(m.Mask([]byte("of ab 1 2 3 4 5 6 7 8 9"))), "xx xx x x x x x x x x x"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func traps() []string {
	return []string{
		"",
		"Account {name=é@é.com, type=x}",
		"UserInfo{0:a:b:c13} UserInfo{1:x@y.zz:1}",
		`text="<node text="a@b.cc" title="+4712345678"`,
		"android.text=String (a\nb=c\n}x=String (\n\n1@2.ab\x00\xff\xfe",
		"tel:+1234567tel:1234567+1234567-1234567@a.bc",
		"1.2.3.4.5.6.7.8::1:2:3:4:5:6:7:8:aa:bb:cc:dd:ee:ff-00-11",
		"SSID=ssid=\"ssid: a\" BSSID:aa:bb:cc:dd:ee:ff [x] SSID: y",
		"sip:mailto:a@b@c.de@xx.invalid:sip:@xx.invalid",
		"imei:imei=imei=490154203237518490154203237518",
		"User \"User \"User \"\" (id= (id=\" (id=",
		"Location[Location[1 2.3 lat=lon=1.5",
		"\u2028mName=NotificationChannel, mName=, mName=x, m",
	}
}

// The time is linear: ten times as much takes about ten times as long. A
// quadratic masker takes a hundred times as long.
func TestMaskIsLinear(t *testing.T) {
	for _, s := range append(traps(), `User "`, "mName=", "aa:bb:", "a@", "1.", "+1 ", "text=\"", "SSID=", "sip:", "9", "://?") {
		if s == "" {
			continue
		}
		unit := func(n int) time.Duration {
			text := []byte("NotificationChannel <node " + strings.Repeat(s, n/len(s)+1))
			m, best := fixed(), time.Hour
			for range 3 {
				began := time.Now()
				m.Mask(text)
				best = min(best, time.Since(began))
			}
			return best
		}
		if small, large := unit(8<<10), unit(80<<10); large > 40*small+100*time.Millisecond {
			t.Errorf("%q: %s for 8 KiB, %s for 80 KiB", s, small, large)
		}
	}
}

func FuzzMask(f *testing.F) {
	for _, s := range traps() {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		m := fixed()
		m.Learn("Alice's phone", "a.b@c")
		once := m.Mask(text)
		if twice := m.Mask(once); !bytes.Equal(once, twice) {
			t.Errorf("%q\nonce  %q\ntwice %q", text, once, twice)
		}
		if bytes.Count(once, []byte("\n")) != bytes.Count(text, []byte("\n")) {
			t.Errorf("%q has other lines than %q", once, text)
		}
	})
}
