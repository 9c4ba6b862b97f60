package activity

import (
	"bytes"

	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

// cut parts t at the first c, without c; the second part is nil without one.
func cut(t []byte, c byte) (before, after []byte) {
	if i := bytes.IndexByte(t, c); i >= 0 {
		return t[:i], t[i+1:]
	}
	return t, nil
}

// unblank drops the blanks that t begins with.
func unblank(t []byte) []byte {
	for len(t) > 0 && t[0] == ' ' {
		t = t[1:]
	}
	return t
}

// lastIndex is bytes.LastIndex for keys that are rare, several times as fast.
func lastIndex(t []byte, key string) int {
	last := -1
	for from := 0; ; from = last + 1 {
		i := bytes.Index(t[from:], []byte(key))
		if i < 0 {
			return last
		}
		last = from + i
	}
}

// component reads `pkg/.Class` up to a blank or a bracket. The class is in full.
func component(t []byte, words *text.Words) (pkg, class string, rest []byte, ok bool) {
	end := 0
	for end < len(t) && t[end] != ' ' && t[end] != '}' {
		end++
	}
	p, c := cut(t[:end], '/')
	if len(p) == 0 || len(c) == 0 {
		return "", "", nil, false
	}
	pkg = words.Word(p)
	if c[0] != '.' {
		return pkg, words.Word(c), t[end:], true
	}
	full := make([]byte, 0, 128)
	return pkg, words.Word(append(append(full, p...), c...)), t[end:], true
}

// user reads `u10 ` and returns what stands behind it.
func user(t []byte) (id int, rest []byte, ok bool) {
	word, rest := cut(t, ' ')
	if len(word) < 2 || word[0] != 'u' || rest == nil {
		return 0, nil, false
	}
	id, ok = decimal(word[1:])
	return id, rest, ok
}

// decimal reads a number that is a whole text, without a sign.
func decimal(t []byte) (int, bool) {
	n := 0
	for _, c := range t {
		if c < '0' || c > '9' || n > 1<<31 {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, len(t) > 0
}

// appUID reads Android's short form of a uid, most often `u0a322`.
func appUID(t []byte) (uid, user int, ok bool) {
	if len(t) > 3 && t[0] == 'u' {
		if i := bytes.IndexByte(t, 'a'); i > 0 {
			u, ok1 := decimal(t[1:i])
			n, ok2 := decimal(t[i+1:])
			if ok1 && ok2 && u <= 1000 && n < 90000 {
				const perUser, firstApp = 100000, 10000
				return u*perUser + firstApp + n, u, true
			}
		}
	}
	return text.UID(string(t))
}

// identity reads <pid>:<process>/<uid>. Isolated processes of a zygote have
// names with ":"; "/" may not be in a name.
func identity(t []byte, line int, words *text.Words) (Process, bool) {
	num, rest := cut(t, ':')
	slash := bytes.LastIndexByte(rest, '/')
	pid, ok := decimal(num)
	if !ok || slash <= 0 {
		return Process{}, false
	}
	uid, user, ok := appUID(rest[slash+1:])
	return Process{PID: pid, Name: words.Word(rest[:slash]), UID: uid, User: user, Line: line}, ok
}
