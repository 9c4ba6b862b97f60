package text

import (
	"bytes"
	"strconv"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
)

// Has reports whether t begins with prefix.
func Has(t []byte, prefix string) bool {
	return len(t) >= len(prefix) && string(t[:len(prefix)]) == prefix
}

// After returns what follows prefix.
func After(t []byte, prefix string) ([]byte, bool) {
	if !Has(t, prefix) {
		return nil, false
	}
	return t[len(prefix):], true
}

// Value returns the text after the first key that stands at a word's begin,
// with everything behind it. key includes its "=" or ": ".
func Value(t []byte, key string) ([]byte, bool) {
	for from := 0; ; {
		i := bytes.Index(t[from:], []byte(key))
		if i < 0 {
			return nil, false
		}
		i += from
		if i == 0 || !wordByte(t[i-1]) {
			return t[i+len(key):], true
		}
		from = i + 1
	}
}

// Word returns the value of key up to the next blank, comma or bracket.
func Word(t []byte, key string) (string, bool) {
	v, ok := Value(t, key)
	if !ok {
		return "", false
	}
	if i := bytes.IndexAny(v, " \t,)]}"); i >= 0 {
		v = v[:i]
	}
	return string(v), true
}

// Bool reads a truth value by its begin, because keys get glued to values
// ("mA=truemB=false"). Forms seen: true, false, 1, 0, =true ("mHidden==true").
func Bool(v []byte) (value, ok bool) {
	v = bytes.TrimLeft(v, "= ")
	switch {
	case bytes.HasPrefix(v, []byte("true")):
		return true, true
	case bytes.HasPrefix(v, []byte("false")):
		return false, true
	case len(v) > 0 && (v[0] == '1' || v[0] == '0') && (len(v) == 1 || !wordByte(v[1])):
		return v[0] == '1', true
	}
	return false, false
}

// BoolFact is the truth value of key on a line, unknown without it.
func BoolFact(l Line, key string) fact.Value[bool] {
	if v, ok := Value(l.Text(), key); ok {
		if b, ok := Bool(v); ok {
			return fact.Of(b, l.N)
		}
	}
	return fact.Unknown[bool]()
}

// Int reads the leading decimal number of v and ignores what follows: makers
// append words to numbers ("123(2026-03-25 18:03:06)").
func Int(v []byte) (int64, bool) {
	n, _, ok := Leading(v)
	return n, ok
}

// Leading is Int with what stands behind the number.
func Leading(v []byte) (n int64, rest []byte, ok bool) {
	i := 0
	if i < len(v) && v[i] == '-' {
		i++
	}
	start := i
	for i < len(v) && v[i] >= '0' && v[i] <= '9' {
		i++
	}
	switch {
	case i == start:
		return 0, v, false
	case i-start > 18: // may be too large
		n, err := strconv.ParseInt(string(v[:i]), 10, 64)
		return n, v[i:], err == nil
	}
	for _, c := range v[start:i] {
		n = n*10 + int64(c-'0')
	}
	if start > 0 {
		n = -n
	}
	return n, v[i:], true
}

// IntFact is the number of key on a line, unknown without it.
func IntFact(l Line, key string) fact.Value[int] {
	if v, ok := Value(l.Text(), key); ok {
		if n, ok := Int(v); ok {
			return fact.Of(int(n), l.N)
		}
	}
	return fact.Unknown[int]()
}

// WordFact is the word of key on a line, unknown without it.
func WordFact(l Line, key string) fact.Value[string] {
	if v, ok := Word(l.Text(), key); ok {
		return fact.Of(v, l.N)
	}
	return fact.Unknown[string]()
}

// Set fills *to unless it is known already: the first statement of a dump wins
// because later sections repeat keys for other displays, users and times.
func Set[T any](to *fact.Value[T], v fact.Value[T]) {
	if !to.Known() {
		*to = v
	}
}

// UID reads Android's short form of a uid (UserHandle.formatUid): "1000",
// "u0a322", "u10i45", "u0a306i1".
func UID(s string) (uid, user int, ok bool) {
	const perUser, firstApp, firstIsolated = 100000, 10000, 99000
	if s == "" {
		return 0, 0, false
	}
	if s[0] != 'u' {
		n, err := strconv.Atoi(s)
		return n, n / perUser, err == nil && n >= 0
	}
	u, rest := leadingInt(s[1:])
	if u < 0 || rest == "" {
		return 0, 0, false
	}
	base, kind := 0, rest[0]
	switch kind {
	case 'a':
		base = firstApp
	case 'i':
		base = firstIsolated
	case 's':
	default:
		return 0, 0, false
	}
	n, rest := leadingInt(rest[1:])
	if n < 0 || n >= perUser || u > 1000 {
		return 0, 0, false
	}
	if kind == 'a' && len(rest) > 1 && rest[0] == 'i' {
		if n, rest = leadingInt(rest[1:]); n < 0 || rest != "" {
			return 0, 0, false
		}
		base = firstIsolated
	}
	if rest != "" {
		return 0, 0, false
	}
	return u*perUser + base + n, u, true
}

func leadingInt(s string) (int, string) {
	i := 0
	for i < len(s) && i < 9 && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	n, err := strconv.Atoi(s[:i])
	if err != nil {
		return -1, s
	}
	return n, s[i:]
}

func wordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
