package telecom

import (
	"bytes"
	"strings"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

// rowReader reads the rows of calls. Calls share owners, capabilities and
// properties: what was read once is known by its text from then on.
type rowReader struct {
	words   text.Interned
	tails   map[string]*Call // all that stands behind the handle
	parties map[string]*Call // the accounts before it
}

func newRows() *rowReader {
	return &rowReader{words: text.Interned{}, tails: map[string]*Call{}, parties: map[string]*Call{}}
}

// maxKnown bounds what is remembered of a text.
const maxKnown = 1024

// row reads a row of either grammar, chosen by its begin and never by the
// release. A row that fits neither is kept raw; ok is false then.
func (r *rowReader) row(c *Call, row []byte, line int) (ok bool) {
	c.Line = line
	if rest, kv := bytes.CutPrefix(row, []byte("[Call id=")); kv {
		ok = r.keyed(c, rest)
	} else {
		ok = r.positional(c, bytes.TrimPrefix(row, []byte{'['}))
	}
	if self, known := c.SelfManaged.Get(); known {
		switch {
		case !isTelecomID(c.ID):
			c.Kind = fact.Of(Transactional, line)
		case self:
			c.Kind = fact.Of(SelfManaged, line)
		default:
			c.Kind = fact.Of(Managed, line)
		}
	}
	if !ok {
		const limit = 300
		*c = Call{Line: line, Raw: strings.ToValidUTF8(string(row[:min(len(row), limit)]), "")}
	}
	return ok
}

// keyed reads the row of API 30 and newer (Call.toString):
//
//	[Call id=<id>, state=<STATE>, tpac=<account>, cmgr=<account>, handle=<handle>,
//	vidst=<video>, childs(<n>), has_parent(<bool>), cap=[<words>], prop=[<words>]], voip=<bool>
//
// The handle is the other side's text: what stands before it is found from the
// left, what follows from the right.
func (r *rowReader) keyed(c *Call, s []byte) bool {
	id, s, ok := bytes.Cut(s, []byte{','})
	if !ok || len(id) == 0 || bytes.IndexByte(id, ']') >= 0 {
		return false
	}
	if s, ok = bytes.CutPrefix(s, []byte(" state=")); !ok {
		return false
	}
	i := bytes.IndexAny(s, ",]")
	if i <= 0 || !isStateWord(s[:i]) {
		return false
	}
	c.ID = callID(string(id))
	c.State, s = State(r.words.Word(s[:i])), s[i:]

	end := lastIndex(s, "vidst=") - len(", ") // a rare letter is found faster
	tail, known := r.tails[string(s[max(end, 0):])]
	if end < 0 || !known {
		end = beforeVideo(s)
		tail = keyedTail(s[end:])
		if len(r.tails) < maxKnown {
			r.tails[string(s[end:])] = tail
		}
	}
	c.takeTail(tail)
	s = s[:end]
	if h := keyIndex(s, "handle="); h >= 0 {
		c.Handle, s = notNull(r.words.Word(s[h+len(", handle="):])), s[:h]
	}
	party, known := r.parties[string(s)]
	if !known {
		party = parties(string(s))
		if len(r.parties) < maxKnown {
			r.parties[string(s)] = party
		}
	}
	if a, ok := party.Account.Get(); ok {
		c.Account, c.Package = fact.Of(a, c.Line), fact.Of(a.Package, c.Line)
	}
	if a, ok := party.Manager.Get(); ok {
		c.Manager = fact.Of(a, c.Line)
	}
	return true
}

// keyIndex finds the first `, key`.
func keyIndex(s []byte, key string) int {
	for from := 0; ; {
		i := bytes.Index(s[from:], []byte(key))
		if i < 0 {
			return -1
		}
		if i += from; i >= 2 && s[i-2] == ',' && s[i-1] == ' ' {
			return i - 2
		}
		from = i + 1
	}
}

// beforeVideo finds the end of the handle from the right.
func beforeVideo(s []byte) int {
	for _, key := range [...]string{", prop=[", ", cap=[", ", childs(", ", vidst="} {
		if i := lastIndex(s, key); i >= 0 {
			s = s[:i]
		}
	}
	return len(s)
}

// keyedTail reads `, vidst=A, childs(0), ...` to the end of the row.
func keyedTail(b []byte) *Call {
	c := &Call{}
	s := string(b)
	if props := strings.LastIndex(s, ", prop=["); props >= 0 {
		v := s[props+len(", prop=["):]
		if end := strings.IndexByte(v, ']'); end >= 0 {
			c.Properties = fact.Of(words(v[:end], propertyWords[:]), 0)
			c.SelfManaged = fact.Of(hasWord(c.Properties, "self_mng"), 0)
			c.VoIP = voip(v[end:])
		}
		s = s[:props]
	}
	if caps := strings.LastIndex(s, ", cap=["); caps >= 0 {
		v := s[caps+len(", cap=["):]
		if end := strings.IndexByte(v, ']'); end >= 0 {
			c.Capabilities = fact.Of(words(v[:end], capabilityWords[:]), 0)
		}
		s = s[:caps]
	}
	if kids := strings.LastIndex(s, ", childs("); kids >= 0 {
		c.family(s[kids:])
		s = s[:kids]
	}
	c.Video, _ = strings.CutPrefix(s, ", vidst=")
	return c
}

// takeTail copies what a tail says into a row, as read from the row's line.
func (c *Call) takeTail(t *Call) {
	c.Video = t.Video
	c.Properties, c.Capabilities = at(t.Properties, c.Line), at(t.Capabilities, c.Line)
	c.SelfManaged, c.VoIP = at(t.SelfManaged, c.Line), at(t.VoIP, c.Line)
	c.Children, c.HasParent = at(t.Children, c.Line), at(t.HasParent, c.Line)
}

// at is the same value read from another line.
func at[T any](v fact.Value[T], line int) fact.Value[T] {
	if x, ok := v.Get(); ok {
		return fact.Of(x, line)
	}
	return v
}

// parties reads `, tpac=<account>, cmgr=<account>`.
func parties(s string) *Call {
	c := &Call{}
	if m := strings.Index(s, ", cmgr="); m >= 0 {
		if a, _, ok := parseHandle(s[m+len(", cmgr="):]); ok {
			c.Manager = fact.Of(a, 0)
		}
		s = s[:m]
	}
	if t := strings.Index(s, ", tpac="); t >= 0 {
		if a, _, ok := parseHandle(s[t+len(", tpac="):]); ok {
			c.Account = fact.Of(a, 0)
		}
	}
	return c
}

// voip reads the value behind the closing bracket (API 33). Samsung glues it to
// the bracket and the next word to it: `]]voip=truecaps=[`.
func voip(s string) fact.Value[bool] {
	_, v, ok := strings.Cut(s, "voip=")
	switch {
	case ok && strings.HasPrefix(v, "true"):
		return fact.Of(true, 0)
	case ok && strings.HasPrefix(v, "false"):
		return fact.Of(false, 0)
	}
	return fact.Unknown[bool]()
}

// positional reads the row of API 26 to 29 and makers' forms of it:
//
//	<id>, <STATE>, <component>, <handle>, <video>, childs(<n>), has_parent(<bool>),
//	[Capabilities:<words>], [Properties:<words>]]
//
// Samsung adds conf(..), had_child(..); LG leaves out the component and puts
// it last, with EMC(..) and subId(..) between; QTI has no comma before the lists.
func (r *rowReader) positional(c *Call, s []byte) bool {
	kids := bytes.Index(s, []byte(", childs("))
	if kids < 0 {
		return false
	}
	head, end := s[:kids], s[kids:]
	id, head, ok := bytes.Cut(head, []byte(", "))
	state, head, more := bytes.Cut(head, []byte(", "))
	if !ok || !more || len(id) == 0 || !isStateWord(state) {
		return false
	}
	c.ID, c.State = callID(string(id)), State(r.words.Word(state))
	tail, known := r.tails[string(end)]
	if !known {
		tail = positionalTail(string(end))
		if len(r.tails) < maxKnown {
			r.tails[string(end)] = tail
		}
	}
	c.takeTail(tail)
	component := r.oldHead(c, head)
	if component == "" {
		component = tail.Handle
	}
	if a, ok := r.component(component).Account.Get(); ok {
		c.Account, c.Package = fact.Of(a, c.Line), fact.Of(a.Package, c.Line)
	}
	return true
}

// component reads `<pkg>/<class>`; the account is unknown if it is none.
func (r *rowReader) component(s string) *Call {
	party, known := r.parties[s]
	if !known {
		party = &Call{}
		if pkg, class, ok := strings.Cut(s, "/"); ok && isComponent(s) {
			party.Account = fact.Of(AccountHandle{Package: pkg, Class: fullClass(pkg, class), User: -1}, 0)
		}
		if len(r.parties) < maxKnown {
			r.parties[s] = party
		}
	}
	return party
}

// oldHead reads `<component>, <handle>, <video>`, of which makers leave out the
// first and append to the last, and returns the component.
func (r *rowReader) oldHead(c *Call, s []byte) (component string) {
	last := func() []byte {
		if i := bytes.LastIndex(s, []byte(", ")); i >= 0 {
			return s[i+2:]
		}
		return s
	}
	cut := func(part []byte) { s = s[:max(0, len(s)-len(part)-len(", "))] }
	for {
		p := last()
		if len(p) == 0 || p[len(p)-1] != ')' || bytes.IndexByte(p, '(') < 0 {
			break
		}
		cut(p) // conf(false), EMC(true)
	}
	if p := last(); len(bytes.Trim(p, "ATRP")) == 0 {
		c.Video = r.words.Word(p)
		cut(p)
	}
	first, rest, more := bytes.Cut(s, []byte(", "))
	if w := r.words.Word(first); r.component(w).Account.Known() || more && w == "null" {
		component, s = w, rest
	}
	c.Handle = notNull(r.words.Word(s))
	return component
}

// positionalTail reads `, childs(0), ...` to the end of the row. LG's component
// is returned in Handle.
func positionalTail(s string) *Call {
	c := &Call{}
	c.family(s)
	if v, rest, ok := list(s, "[Capabilities:"); ok {
		c.Capabilities = fact.Of(strings.Fields(v), 0)
		s = rest
	}
	if v, rest, ok := list(s, "[Properties:"); ok {
		c.Properties = fact.Of(strings.Fields(v), 0)
		c.SelfManaged = fact.Of(hasWord(c.Properties, "PROPERTY_SELF_MANAGED"), 0)
		c.Handle = lastComponent(rest)
	}
	return c
}

// family reads childs(<n>) and has_parent(<bool>).
func (c *Call) family(s string) {
	if v, ok := inParens(s, "childs("); ok {
		if n, ok := text.Int([]byte(v)); ok {
			c.Children = fact.Of(int(n), 0)
		}
	}
	if v, ok := inParens(s, "has_parent("); ok && (v == "true" || v == "false") {
		c.HasParent = fact.Of(v == "true", 0)
	}
}
