package notification

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

// block collects one record from its lines.
type block struct {
	rec    Record
	head   header
	indent int // of the record's title

	part    part
	partIn  int    // indent of the line that opened the part
	extraIn int    // indent of the first extra
	extra   string // the extra of ours that is open, with the lines that follow it
	extraAt int

	inPublic       bool // below publicNotification=
	noFSI          bool // fullscreenIntent=null was read
	fsiAt          int
	actions        bool // the array of actions was closed
	list           []Action
	listAt         int
	extras         bool // the extras were closed
	extrasAt       int
	badAction      bool // an action had an unknown form
	hiddenTemplate bool // a template is there and redacted
}

// part is what the lines of a block belong to.
type part int

const (
	keys part = iota
	inActions
	inExtras
)

func (b *block) header(s string) {
	b.head = parseHeader(s, recordTitle)
	h, r := &b.head, &b.rec
	r.Package, r.UserID, r.Key = h.pkg, h.user, h.key
	if h.hasID {
		r.ID = fact.Of(h.id, r.Line)
	}
	if h.key != "" {
		tag := h.tag
		if tag == "null" {
			tag = ""
		}
		r.Tag = fact.Of(tag, r.Line)
	}
	if h.hasImportance {
		r.Importance = fact.Of(Importance(h.importance), r.Line)
	}
	if v, ok := h.channel(); ok {
		r.Channel = fact.Of(v, r.Line)
	}
	if v, ok := h.inner("flags="); ok {
		b.flags(v, r.Line)
	}
	if v, ok := h.inner("vis="); ok {
		r.Visibility = fact.Of(v, r.Line)
	}
	if v, ok := h.inner("category="); ok {
		r.Category = fact.Of(v, r.Line)
	} else if h.whole {
		r.Category = fact.Of("", r.Line)
	}
}

func (b *block) flags(v string, line int) {
	if f, other, ok := parseFlags(v); ok {
		b.rec.Flags, b.rec.OtherFlags = fact.Of(f, line), other
	}
}

// ends reports whether a line that is not indented deeper than the record's
// title is the next title or section. Other such lines are the rest of an app's
// text with line breaks.
func (b *block) ends(t []byte) bool {
	return bytes.HasPrefix(t, []byte(recordTitle)) || laterKey(t)
}

// closed reports whether no array or extra is open, so that a title may follow.
func (b *block) closed() bool { return b.part == keys }

func (b *block) line(l *text.Lines, t []byte) {
	switch b.part {
	case inActions:
		if string(t) == "}" {
			b.part, b.actions = keys, b.actions || !b.inPublic
			return
		}
		b.action(t, l.N())
	case inExtras:
		if string(t) == "}" && l.Indent() <= b.partIn {
			b.endExtra()
			b.part, b.extras = keys, b.extras || !b.inPublic
			return
		}
		b.extraLine(l, t)
	default:
		b.key(l, t)
	}
}

// key reads a line of the block outside of arrays. Half of a dump's lines come
// through here and few are read, so the first byte decides.
func (b *block) key(l *text.Lines, t []byte) {
	if len(t) == 0 {
		return
	}
	switch t[0] {
	case 'a', 'e':
		if !b.inPublic && text.Has(t, effectiveKey) {
			b.channel(t[len(effectiveKey):], l.N())
		}
		b.opens(l, t)
		return
	case 'p':
		b.inPublic = b.inPublic || text.Has(t, "publicNotification=")
		return
	case 's':
		b.inPublic = b.inPublic && !text.Has(t, "stats=")
		return
	case 'm':
		b.inPublic = b.inPublic && !text.Has(t, "mImportance=")
	}
	if b.inPublic {
		return
	}
	r := &b.rec
	switch t[0] {
	case 'u':
		if v, ok := text.After(t, "uid="); ok {
			if n, ok := text.Int(v); ok {
				text.Set(&r.UID, fact.Of(int(n), l.N()))
			}
		}
	case 'f':
		if v, ok := text.After(t, "flags="); ok {
			b.flags(string(v), l.N())
		} else if v, ok := text.After(t, "fullscreenIntent="); ok {
			b.fsiAt = l.N()
			b.noFSI = string(v) == "null"
		}
	case 'm':
		if v, ok := text.After(t, "mImportance="); ok {
			b.importance(v, l.N())
		} else if v, ok := text.After(t, "mIntercept="); ok {
			b.truth(&r.Intercepted, v, l.N())
		} else if v, ok := text.After(t, "mHidden="); ok {
			b.truth(&r.Hidden, v, l.N())
		} else if v, ok := text.After(t, "mCreationTimeMs="); ok {
			b.time(&r.Created, v, l.N())
		} else if v, ok := text.After(t, "mUpdateTimeMs="); ok {
			b.time(&r.Updated, v, l.N())
		}
	}
}

const effectiveKey = "effectiveNotificationChannel=NotificationChannel{"

// channel reads NotificationChannel.toString. The name and the description are
// an app's texts, may hold anything and stand before the other fields: those are
// searched from the last of their names on.
func (b *block) channel(t []byte, line int) {
	v, ok := text.After(t, "mId='")
	if !ok {
		return
	}
	id, rest, ok := bytes.Cut(v, []byte("', mName="))
	if !ok {
		return
	}
	c := Channel{ID: string(id)}
	if i := lastImportance(rest); i >= 0 {
		rest = rest[i:]
		for more := true; more; {
			var pair []byte
			pair, rest, more = bytes.Cut(rest, []byte(", "))
			c.field(pair, line)
		}
	}
	text.Set(&b.rec.Effective, fact.Of(c, line))
}

// lastImportance is where the field mImportance= begins, -1 if nowhere.
func lastImportance(t []byte) int {
	const key = ", mImportance"
	for {
		i := bytes.LastIndexByte(t, '=')
		if i < 0 {
			return -1
		}
		if t = t[:i]; bytes.HasSuffix(t, []byte(key)) {
			return i - len(key) + len(", ")
		}
	}
}

// field reads one of the channel's fields.
func (c *Channel) field(t []byte, line int) {
	key, v, ok := bytes.Cut(bytes.TrimSuffix(t, []byte("}")), []byte("="))
	if !ok {
		return
	}
	switch string(key) {
	case "mImportance":
		if n, ok := text.Int(v); ok {
			text.Set(&c.Importance, fact.Of(Importance(n), line))
		}
	case "mBypassDnd":
		if yes, ok := text.Bool(v); ok {
			text.Set(&c.BypassDND, fact.Of(yes, line))
		}
	case "mLockscreenVisibility":
		if n, ok := text.Int(v); ok {
			text.Set(&c.Lockscreen, fact.Of(int(n), line))
		}
	case "mDeleted":
		if yes, ok := text.Bool(v); ok {
			text.Set(&c.Deleted, fact.Of(yes, line))
		}
	case "mSound":
		if string(v) == "null" {
			v = nil
		}
		text.Set(&c.Sound, fact.Of(string(v), line))
	}
}

// opens looks for the begin of an array.
func (b *block) opens(l *text.Lines, t []byte) {
	switch string(t) {
	case "actions={":
		b.part, b.partIn = inActions, l.Indent()
		if !b.inPublic {
			b.list, b.listAt = []Action{}, l.N()
		}
	case "extras={":
		b.part, b.partIn, b.extraIn = inExtras, l.Indent(), -1
		if !b.inPublic {
			b.extrasAt = l.N()
		}
	}
}

func (b *block) truth(to *fact.Value[bool], v []byte, line int) {
	if yes, ok := text.Bool(v); ok {
		text.Set(to, fact.Of(yes, line))
	}
}

func (b *block) time(to *fact.Value[int64], v []byte, line int) {
	if n, ok := text.Int(v); ok {
		text.Set(to, fact.Of(n, line))
	}
}

// importance reads the word: it is what the system ranks by, the number in the
// header is the same unless the ranker adjusted it.
func (b *block) importance(v []byte, line int) {
	for _, w := range [...]struct {
		word string
		n    Importance
	}{
		{"UNSPECIFIED", ImportanceUnspecified}, {"NONE", ImportanceNone}, {"MIN", ImportanceMin},
		{"LOW", ImportanceLow}, {"DEFAULT", ImportanceDefault}, {"HIGH", ImportanceHigh}, {"MAX", ImportanceMax},
	} {
		if string(v) == w.word {
			b.rec.Importance = fact.Of(w.n, line)
		}
	}
}

// action reads `[0] "Answer" -> PendingIntent{h: PendingIntentRecord{h pkg startActivity ...}}`.
// The title may hold anything; a console may have eaten its closing quote.
func (b *block) action(t []byte, line int) {
	s := string(t)
	if b.inPublic || !strings.HasPrefix(s, "[") {
		return
	}
	num, s, ok := strings.Cut(s[1:], "] \"")
	n, err := strconv.Atoi(num)
	if !ok || err != nil {
		b.badAction = true
		return
	}
	a := Action{Index: n, Line: line}
	title, intent := s, ""
	if i := strings.LastIndex(s, " -> "); i >= 0 {
		title, intent = s[:i], s[i+len(" -> "):]
	}
	a.Title = strings.TrimSuffix(title, "\"")
	if _, v, ok := strings.Cut(intent, "PendingIntentRecord{"); ok {
		if words := strings.Fields(v); len(words) > 2 {
			if w := strings.TrimRight(words[2], "}"); strings.HasPrefix(w, "start") || strings.HasPrefix(w, "broadcast") || strings.HasPrefix(w, "activityResult") {
				a.Starts = w
			}
		}
	}
	b.list = append(b.list, a)
}

// extraLine opens the next extra or continues the one that is open: values may
// hold line breaks, and arrays print their elements with a smaller indent.
func (b *block) extraLine(l *text.Lines, t []byte) {
	if b.extraIn < 0 {
		b.extraIn = l.Indent()
	}
	if l.Indent() == b.extraIn {
		if i := bytes.IndexByte(t, '='); i > 0 {
			b.endExtra()
			if ours(t[:i]) {
				b.extra, b.extraAt = string(t), l.N()
			}
			return
		}
	}
	const limit = 4096
	if b.extra != "" && len(b.extra) < limit {
		b.extra += "\n" + string(l.Line().Raw)
	}
}

// ours reports whether endExtra reads an extra.
func ours(key []byte) bool {
	switch string(key) {
	case "android.title", "android.text", "android.template", "androidx.core.app.extra.COMPAT_TEMPLATE", "android.callType":
		return true
	}
	return false
}

// endExtra stores the extra that was open, if it is one of ours.
func (b *block) endExtra() {
	if b.extra == "" || b.inPublic {
		b.extra = ""
		return
	}
	key, v, _ := strings.Cut(b.extra, "=")
	b.extra = ""
	switch key {
	case "android.title":
		b.words(&b.rec.Title, v)
	case "android.text":
		b.words(&b.rec.Text, v)
	case "android.template":
		// Kept in clear from API 33 even when redacted.
		if s, ok := inParens(v, "String ("); ok {
			b.rec.Template = fact.Of(s, b.extraAt)
		} else if v != "null" {
			b.hiddenTemplate = true
		}
	case "androidx.core.app.extra.COMPAT_TEMPLATE":
		// What androidx uses below API 31, where the platform has no call style.
		if s, ok := inParens(v, "String ("); ok && !b.rec.Template.Known() {
			b.rec.Template = fact.Of(s, b.extraAt)
		} else if !ok && v != "null" {
			b.hiddenTemplate = true
		}
	case "android.callType":
		if s, ok := inParens(v, "Integer ("); ok {
			if n, err := strconv.Atoi(s); err == nil {
				b.rec.CallType = fact.Of(CallType(n), b.extraAt)
			}
		}
	}
}

// words reads a text in clear or redacted: `String (Alice)`,
// `String [length=5]` (API 33), `String` (API 32 and older), `null`.
func (b *block) words(to *fact.Value[Words], v string) {
	_, kind, _ := strings.Cut(v, "String") // String, SpannableString
	switch {
	case v == "null":
		*to = fact.Of(Words{}, b.extraAt)
	case !strings.Contains(v, "String"):
	case strings.HasPrefix(kind, " (") && strings.HasSuffix(kind, ")"):
		s := kind[2 : len(kind)-1]
		*to = fact.Of(Words{Value: s, Length: utf16Len(s)}, b.extraAt)
	case strings.HasPrefix(kind, " [length="):
		if n, err := strconv.Atoi(strings.TrimSuffix(kind[len(" [length="):], "]")); err == nil {
			*to = fact.Of(Words{Length: n, Redacted: true}, b.extraAt)
		}
	case kind == "":
		*to = fact.Of(Words{Length: -1, Redacted: true}, b.extraAt)
	}
}

// finish draws the conclusions that need the whole block.
func (b *block) finish() {
	r := &b.rec
	if b.fsiAt != 0 {
		flags, known := r.Flags.Get()
		switch {
		case !b.noFSI:
			r.FullScreen = fact.Of(FullScreenPresent, b.fsiAt)
		case !known:
		case flags.Has(FullScreenRequestedButDenied):
			r.FullScreen = fact.Of(FullScreenDenied, b.fsiAt)
		default:
			r.FullScreen = fact.Of(FullScreenAbsent, b.fsiAt)
		}
	}
	if b.extras && !b.hiddenTemplate && !r.Template.Known() {
		r.Template = fact.Of("", b.extrasAt)
	}
	count, counted := atoi(b.head.inner("actions="))
	switch {
	case b.actions && !b.badAction && (!counted || count == len(b.list)):
		r.Actions = fact.Of(b.list, b.listAt)
	case b.head.whole && !counted && b.listAt == 0:
		r.Actions = fact.Of([]Action{}, r.Line)
	}
}

func inParens(v, title string) (string, bool) {
	s, ok := strings.CutPrefix(v, title)
	return strings.TrimSuffix(s, ")"), ok && strings.HasSuffix(s, ")")
}

func utf16Len(s string) int {
	n := 0
	for _, r := range s {
		if n++; r > 0xffff {
			n++
		}
	}
	return n
}
