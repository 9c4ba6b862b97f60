package notification

import (
	"strconv"
	"strings"
)

// header is the first line of a record or the archive's line:
//
//	NotificationRecord(0xH: pkg=P user=UserHandle{U} id=N tag=T importance=I key=K <maker's words>: Notification(...))
//	StatusBarNotification(pkg=P user=UserHandle{U} id=N tag=T key=K: Notification(...))
//
// The tag is an app's text: it may hold blanks, "|", ":" and line breaks.
type header struct {
	pkg, tag, key string
	user, id      int
	hasID         bool
	importance    int
	hasImportance bool
	// inside is the text of Notification(...), whole says that it is closed.
	inside string
	whole  bool
	own    string // inside without a public version in it
}

func parseHeader(s, title string) (h header) {
	s = strings.TrimPrefix(s, title)
	s, in, ok := strings.Cut(s, ": Notification(")
	if ok {
		h.inside, h.whole = balanced(in)
		h.own = withoutPublic(h.inside)
	}
	_, s, ok = strings.Cut(s, "pkg=")
	if !ok {
		return h
	}
	h.pkg, s, _ = strings.Cut(s, " user=UserHandle{")
	num, s, ok := strings.Cut(s, "}")
	if h.user, ok = atoi(num, ok); !ok {
		h.pkg = ""
		return h
	}
	s = strings.TrimPrefix(s, " id=")
	num, s, ok = strings.Cut(s, " tag=")
	h.id, h.hasID = atoi(num, ok)

	// From here the tag is in the way: the key follows it and repeats it.
	key := strings.Index(s, " key="+strconv.Itoa(h.user)+"|"+h.pkg+"|")
	if key < 0 {
		return h
	}
	h.key = s[key+len(" key="):]
	s = s[:key]
	if i := strings.LastIndex(s, " importance="); i >= 0 {
		h.importance, h.hasImportance = atoi(s[i+len(" importance="):], true)
		s = s[:i]
	}
	h.tag = s
	// Makers and some releases add words behind the key: bbbc=0,
	// appImportanceLocked=false.
	for {
		i := strings.LastIndexByte(h.key, ' ')
		if i < 0 || !strings.Contains(h.key[i:], "=") || strings.ContainsAny(h.key[i:], "|\n") {
			break
		}
		h.key = h.key[:i]
	}
	return h
}

// balanced returns s up to the parenthesis that closes the one before s.
func balanced(s string) (string, bool) {
	depth := 1
	for from := 0; ; {
		i := strings.IndexByte(s[from:], ')')
		if i < 0 {
			return s, false
		}
		depth += strings.Count(s[from:from+i], "(") - 1
		if from += i; depth == 0 {
			return s[:from], true
		}
		from++
	}
}

// channel returns the channel's id, which may hold blanks: it ends before the
// next field, which is another one in each range of releases.
func (h *header) channel() (string, bool) {
	v, ok := strings.CutPrefix(h.inside, "channel=")
	if !ok {
		return "", false
	}
	for _, next := range []string{" shortcut=", " pri=", " contentView="} {
		if id, _, ok := strings.Cut(v, next); ok {
			return id, true
		}
	}
	return "", false
}

// withoutPublic cuts the public version out of Notification(...).
func withoutPublic(s string) string {
	const title = " publicVersion=Notification("
	before, public, ok := strings.Cut(s, title)
	if !ok {
		return s
	}
	public, _ = balanced(public)
	if rest := s[len(before)+len(title)+len(public):]; rest != ")" {
		return before + rest
	}
	return s[:len(before)] // the last one
}

// inner returns the word of a key inside Notification(...), outside of a
// public version in it.
func (h *header) inner(key string) (string, bool) {
	s := h.own
	for from := 0; ; {
		i := strings.Index(s[from:], key)
		if i < 0 {
			return "", false
		}
		i += from
		if i == 0 || s[i-1] == ' ' || s[i-1] == ')' {
			v := s[i+len(key):]
			for end := range len(v) {
				if v[end] == ' ' || v[end] == ')' {
					return v[:end], true
				}
			}
			return v, true
		}
		from = i + 1
	}
}

func atoi(s string, ok bool) (int, bool) {
	n, err := strconv.Atoi(s)
	return n, ok && err == nil
}
