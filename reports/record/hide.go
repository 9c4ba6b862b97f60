package record

import (
	"bytes"
	"io"
	"regexp"
	"slices"
	"strings"
)

// A record is shown to many: what opens something to whoever reads it is never
// written. Phones print such things, as apps log their tokens and their pushes.
// Personal data stays, as far as phones print it: it may be what was judged.

// hidden stands for what was left out.
const hidden = "[hidden]"

// secret is one kind of thing that is hidden.
type secret struct {
	// One of has is in every line where the form begins: most texts have none,
	// and looking is much quicker than matching.
	has  []string
	form *regexp.Regexp
	// across says that the form goes beyond its line.
	across bool
	// After, if not nil, is what stands in the line before the form.
	after *regexp.Regexp
	// Is the group of the form that is hidden; is decides about it, nil for yes.
	group int
	is    func(value []byte) bool
}

// called are parts of the names of secrets, in small letters and in large ones.
var called = []string{"oken", "OKEN", "ecret", "ECRET", "assw", "ASSW", "asskey", "assphr", "ASSPHR", "key", "Key", "KEY", "uthorization", "UTHORIZATION", "ookie", "OOKIE"}

// Values stand in plain texts and within JSON strings: a quote may have a
// backslash before it, and no form goes beyond a quote.
var secrets = []secret{
	// A private key in PEM form, as in a service account's file.
	{has: []string{"PRIVATE KEY"}, across: true, form: regexp.MustCompile(`-----BEGIN [A-Z ]*PRIVATE KEY-----[A-Za-z0-9+/=\\\s]*(?:-----END [A-Z ]*PRIVATE KEY-----)?`)},
	// The registration token of an app with FCM.
	{has: []string{":APA91"}, form: regexp.MustCompile(`[A-Za-z0-9_-]{8,}:APA91[A-Za-z0-9_-]{20,}`)},
	// A JSON Web Token, and any other JSON object in base64, such as a push.
	{has: []string{"eyJ"}, form: regexp.MustCompile(`eyJ(?:[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]*)*|[A-Za-z0-9+/_=-]{20,})`)},
	// Google's access tokens and API keys, GitHub's tokens.
	{has: []string{"ya29."}, form: regexp.MustCompile(`ya29\.[A-Za-z0-9._-]{10,}`)},
	{has: []string{"AIza"}, form: regexp.MustCompile(`AIza[A-Za-z0-9_-]{30,}`)},
	{has: []string{"gh"}, form: regexp.MustCompile(`\bgh[pousr]_[A-Za-z0-9]{20,}`)},
	// What is called a secret. Android has many tokens that open nothing:
	// classes, identities of objects.
	{has: called, form: regexp.MustCompile(`(?i)(?:token|secret|password|passwd|passphrase|api_?key|private_?key(?:_?id)?|authorization|cookie)(?:\\?["'])?\s*[:=]\s*(?:\\?["'])?(?:bearer\s+|basic\s+)?([A-Za-z0-9._~+/=-]{6,})`), group: 1, is: opens},
	{has: []string{"earer ", "EARER ", "asic ", "ASIC "}, form: regexp.MustCompile(`(?i)\b(?:bearer|basic)\s+([A-Za-z0-9._~+/=-]{16,})`), group: 1, is: opens},
	// Credentials of a lock screen, in commands and in what they answer.
	{has: []string{"set-"}, form: regexp.MustCompile(`locksettings\s+set-(?:pin|password|pattern)\s+(?:--user\s+\d+\s+)?(?:--old\s+\S+\s+)?([^\s"'\\-][^\s"'\\]*)`), group: 1},
	{has: []string{"--old"}, form: regexp.MustCompile(`--old\s+([^\s"'\\]+)`), group: 1},
	{has: []string{"text "}, form: regexp.MustCompile(`\binput\s+(?:keyboard\s+)?text\s+([^\s"'\\]+)`), group: 1},
	{has: []string{" set to '"}, form: regexp.MustCompile(`(?:Pin|Password|Pattern) set to '([^'"\\]*)`), group: 1},
	{has: []string{"Old password '"}, form: regexp.MustCompile(`Old password '([^"\\]*)' didn't match`), group: 1},
	// A bare number is a PIN only where the line speaks of the lock's settings
	// before it. Elsewhere it may be a process, a time or a session, and only a
	// PIN that the environment names is known: it is hidden in every line.
	{has: []string{"locksettings", "lock_settings", "LockSettings"}, after: regexp.MustCompile(`(?i)lock_?settings`), form: regexp.MustCompile(`[^\s'"\\=()]+`), is: bareNumber},
}

// opens says whether what is called a secret may be one: long enough, letters
// and digits, no name of a class, no file.
func opens(value []byte) bool {
	letter := bytes.ContainsFunc(value, func(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' })
	digit := bytes.ContainsFunc(value, func(r rune) bool { return r >= '0' && r <= '9' })
	return letter && digit && !bytes.HasPrefix(value, []byte("android.")) && !bytes.HasPrefix(value, []byte("com.")) &&
		!bytes.HasPrefix(value, []byte("0x")) && !bytes.HasPrefix(value, []byte("/"))
}

// bareNumber says whether a word may be a PIN, which has 4 to 16 digits. Times,
// dates, versions and numbers of JSON have other characters beside theirs.
func bareNumber(word []byte) bool {
	word = bytes.TrimRight(word, ".,:;!")
	return len(word) >= 4 && len(word) <= 16 && !bytes.ContainsFunc(word, func(r rune) bool { return r < '0' || r > '9' })
}

// mask hides secrets of a known form, and those that the environment names.
type mask struct{ values [][]byte }

// maskOf learns from an environment: values of variables that say of
// themselves that they are secret.
func maskOf(environ []string) mask {
	var m mask
	for _, v := range environ {
		name, value, _ := strings.Cut(v, "=")
		least := 8
		if strings.HasPrefix(name, "RINGPROOF_") {
			least = 4 // a PIN of ours
		}
		named := slices.ContainsFunc([]string{"TOKEN", "SECRET", "PASSWORD", "PASSWD", "CREDENTIAL", "_PIN", "_KEY"}, func(s string) bool {
			return strings.Contains(strings.ToUpper(name), s)
		})
		if named && len(value) >= least {
			m.values = append(m.values, []byte(value))
		}
	}
	return m
}

// hide returns text without secrets. It may be text itself.
func (m mask) hide(text []byte) []byte {
	for _, s := range secrets {
		text = s.hide(text)
	}
	for _, v := range m.values {
		text = word(text, v)
	}
	return text
}

// begins says whether the form may begin in a text.
func (s secret) begins(text []byte) bool {
	return slices.ContainsFunc(s.has, func(h string) bool { return bytes.Contains(text, []byte(h)) })
}

func (s secret) hide(text []byte) []byte {
	switch {
	case !s.begins(text):
		return text
	case s.across:
		return s.replace(text)
	}
	var out []byte
	changed := false
	for line := range bytes.Lines(text) {
		if s.begins(line) {
			less := s.replace(line)
			changed = changed || !bytes.Equal(less, line)
			line = less
		}
		out = append(out, line...)
	}
	if !changed {
		return text
	}
	return out
}

func (s secret) replace(text []byte) []byte {
	from := 0
	if s.after != nil {
		at := s.after.FindIndex(text)
		if at == nil {
			return text
		}
		from = at[1]
	}
	var found []place
	for _, at := range s.form.FindAllSubmatchIndex(text[from:], -1) {
		a, b := from+at[2*s.group], from+at[2*s.group+1]
		if s.is == nil || s.is(text[a:b]) {
			found = append(found, place{a, b})
		}
	}
	return without(text, found)
}

// word hides a value where it is not a part of a longer word: a short PIN is in
// many numbers.
func word(text, value []byte) []byte {
	part := func(b byte) bool {
		return b == '_' || b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
	}
	var found []place
	for at := 0; ; {
		i := bytes.Index(text[at:], value)
		if i < 0 {
			return without(text, found)
		}
		a, b := at+i, at+i+len(value)
		at = b
		if a > 0 && part(text[a-1]) && part(value[0]) || b < len(text) && part(text[b]) && part(value[len(value)-1]) {
			at = a + 1
			continue
		}
		found = append(found, place{a, b})
	}
}

// place is where a secret stands in a text.
type place struct{ from, to int }

// without hides what stands at the places, which are in their order. It may
// return text itself.
func without(text []byte, places []place) []byte {
	if len(places) == 0 {
		return text
	}
	var out []byte
	from := 0
	for _, p := range places {
		out = append(append(out, text[from:p.from]...), hidden...)
		from = p.to
	}
	return append(out, text[from:]...)
}

// masked writes what is left without secrets. Whoever writes to it writes a
// line at a time.
type masked struct {
	w io.Writer
	mask
}

func (m masked) Write(p []byte) (int, error) {
	if _, err := m.w.Write(m.hide(p)); err != nil {
		return 0, err
	}
	return len(p), nil
}
