package telecom

import (
	"strconv"
	"strings"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
)

// parseRow reads a row of either grammar, chosen by its begin and never by the
// release. A row that fits neither is kept raw; ok is false then.
func parseRow(row string, line int) (c Call, ok bool) {
	c.Line = line
	if rest, kv := strings.CutPrefix(row, "[Call id="); kv {
		ok = c.keyed(rest)
	} else {
		ok = c.positional(strings.TrimPrefix(row, "["))
	}
	if !ok {
		const limit = 300
		c = Call{Line: line, Raw: strings.ToValidUTF8(row[:min(len(row), limit)], "")}
	}
	return c, ok
}

// keyed reads the row of API 30 and newer (Call.toString):
//
//	[Call id=<id>, state=<STATE>, tpac=<account>, cmgr=<account>, handle=<handle>,
//	vidst=<video>, childs(<n>), has_parent(<bool>), cap=[<words>], prop=[<words>]], voip=<bool>
//
// The handle is the other side's text: what stands before it is found from the
// left, what follows from the right.
func (c *Call) keyed(s string) bool {
	id, s, ok := strings.Cut(s, ", state=")
	if !ok || id == "" || strings.ContainsAny(id, "]") {
		return false
	}
	c.ID = callID(id)
	i := strings.IndexAny(s, ",]")
	if i <= 0 {
		return false
	}
	c.State, s = State(s[:i]), s[i:]
	if !stateWord(c.State) {
		return false
	}

	if props := strings.LastIndex(s, ", prop=["); props >= 0 {
		v := s[props+len(", prop=["):]
		if end := strings.IndexByte(v, ']'); end >= 0 {
			c.Properties = fact.Of(words(v[:end], propertyWords[:]), c.Line)
			c.SelfManaged = fact.Of(hasWord(c.Properties, "self_mng"), c.Line)
			c.voip(v[end:])
		}
		s = s[:props]
	}
	if caps := strings.LastIndex(s, ", cap=["); caps >= 0 {
		v := s[caps+len(", cap=["):]
		if end := strings.IndexByte(v, ']'); end >= 0 {
			c.Capabilities = fact.Of(words(v[:end], capabilityWords[:]), c.Line)
		}
		s = s[:caps]
	}
	if kids := strings.LastIndex(s, ", childs("); kids >= 0 {
		c.family(s[kids:])
		s = s[:kids]
	}
	if video := strings.LastIndex(s, ", vidst="); video >= 0 {
		c.Video, s = s[video+len(", vidst="):], s[:video]
	}
	if h := strings.Index(s, ", handle="); h >= 0 {
		c.Handle, s = notNull(s[h+len(", handle="):]), s[:h]
	}
	if m := strings.Index(s, ", cmgr="); m >= 0 {
		if a, _, ok := parseHandle(s[m+len(", cmgr="):]); ok {
			c.Manager = fact.Of(a, c.Line)
		}
		s = s[:m]
	}
	if t := strings.Index(s, ", tpac="); t >= 0 {
		if a, _, ok := parseHandle(s[t+len(", tpac="):]); ok {
			c.Account = fact.Of(a, c.Line)
			c.Package = fact.Of(a.Package, c.Line)
		}
	}
	return true
}

// voip reads the value behind the closing bracket (API 33). Samsung glues it to
// the bracket and the next word to it: `]]voip=truecaps=[`.
func (c *Call) voip(s string) {
	_, v, ok := strings.Cut(s, "voip=")
	switch {
	case !ok:
	case strings.HasPrefix(v, "true"):
		c.VoIP = fact.Of(true, c.Line)
	case strings.HasPrefix(v, "false"):
		c.VoIP = fact.Of(false, c.Line)
	}
}

// positional reads the row of API 26 to 29 and makers' forms of it:
//
//	<id>, <STATE>, <component>, <handle>, <video>, childs(<n>), has_parent(<bool>),
//	[Capabilities:<words>], [Properties:<words>]]
//
// Samsung adds conf(..), had_child(..); LG leaves out the component and puts
// it last, with EMC(..) and subId(..) between; QTI has no comma before the lists.
func (c *Call) positional(s string) bool {
	kids := strings.Index(s, ", childs(")
	if kids < 0 {
		return false
	}
	head, tail := s[:kids], s[kids:]
	parts := strings.Split(head, ", ")
	if len(parts) < 3 || parts[0] == "" || !stateWord(State(parts[1])) {
		return false
	}
	c.ID, c.State = callID(parts[0]), State(parts[1])
	parts = parts[2:]
	for len(parts) > 0 && strings.HasSuffix(parts[len(parts)-1], ")") && strings.Contains(parts[len(parts)-1], "(") {
		parts = parts[:len(parts)-1]
	}
	if n := len(parts); n > 0 && strings.Trim(parts[n-1], "ATRP") == "" {
		c.Video, parts = parts[n-1], parts[:n-1]
	}
	component := ""
	if len(parts) > 0 && (isComponent(parts[0]) || len(parts) > 1 && parts[0] == "null") {
		component, parts = parts[0], parts[1:]
	}
	c.Handle = notNull(strings.Join(parts, ", "))
	c.family(tail)
	if v, rest, ok := list(tail, "[Capabilities:"); ok {
		c.Capabilities = fact.Of(strings.Fields(v), c.Line)
		tail = rest
	}
	if v, rest, ok := list(tail, "[Properties:"); ok {
		c.Properties = fact.Of(strings.Fields(v), c.Line)
		c.SelfManaged = fact.Of(hasWord(c.Properties, "PROPERTY_SELF_MANAGED"), c.Line)
		if component == "" {
			component = lastComponent(rest)
		}
	}
	if pkg, class, ok := strings.Cut(component, "/"); ok && isComponent(component) {
		c.Account = fact.Of(AccountHandle{Package: pkg, Class: fullClass(pkg, class), User: -1}, c.Line)
		c.Package = fact.Of(pkg, c.Line)
	}
	return true
}

// family reads childs(<n>) and has_parent(<bool>).
func (c *Call) family(s string) {
	if v, ok := inParens(s, "childs("); ok {
		if n, err := strconv.Atoi(v); err == nil {
			c.Children = fact.Of(n, c.Line)
		}
	}
	if v, ok := inParens(s, "has_parent("); ok && (v == "true" || v == "false") {
		c.HasParent = fact.Of(v == "true", c.Line)
	}
}

// parseHandle reads a PhoneAccountHandle at the begin of s:
// ComponentInfo{<pkg>/<class>}, <id>, UserHandle{<n>}. rest is what follows.
func parseHandle(s string) (h AccountHandle, rest string, ok bool) {
	s, ok = strings.CutPrefix(s, "ComponentInfo{")
	if !ok {
		return h, "", false
	}
	name, s, ok := strings.Cut(s, "}")
	if !ok {
		return h, "", false
	}
	pkg, class, ok := strings.Cut(name, "/")
	if !ok || pkg == "" {
		return h, "", false
	}
	h = AccountHandle{Package: pkg, Class: fullClass(pkg, class), User: -1}
	s = strings.TrimPrefix(s, ", ")
	id, s, ok := strings.Cut(s, ", UserHandle{")
	if !ok {
		h.ID = id
		return h, "", true
	}
	h.ID = id
	num, s, ok := strings.Cut(s, "}")
	if n, err := strconv.Atoi(num); ok && err == nil {
		h.User = n
	}
	return h, s, true
}

// callID is an id without the second number that API 37 prints in places
// (TC@1/1112); ids of transactional calls are left as they are.
func callID(s string) string {
	if isTelecomID(s) {
		id, _, _ := strings.Cut(s, "/")
		return id
	}
	return s
}

func isTelecomID(s string) bool { return strings.HasPrefix(s, "TC@") }

// stateWord reports whether s can be a state: makers have their own.
func stateWord(s State) bool {
	return s != "" && strings.Trim(string(s), "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") == ""
}

func isComponent(s string) bool {
	pkg, class, ok := strings.Cut(s, "/")
	return ok && class != "" && strings.Contains(pkg, ".") && !strings.ContainsAny(s, " :[]{}()")
}

// lastComponent finds LG's component at the end of the row.
func lastComponent(s string) string {
	s = strings.TrimRight(s, "]")
	if i := strings.LastIndex(s, ", "); i >= 0 && isComponent(s[i+2:]) {
		return s[i+2:]
	}
	return ""
}

func fullClass(pkg, class string) string {
	if strings.HasPrefix(class, ".") {
		return pkg + class
	}
	return class
}

func notNull(s string) string {
	if s == "null" {
		return ""
	}
	return s
}

// list returns what stands between title and the next bracket.
func list(s, title string) (in, rest string, ok bool) {
	_, s, ok = strings.Cut(s, title)
	if !ok {
		return "", "", false
	}
	return strings.Cut(s, "]")
}

func inParens(s, title string) (string, bool) {
	_, v, ok := strings.Cut(s, title)
	if !ok {
		return "", false
	}
	v, _, ok = strings.Cut(v, ")")
	return v, ok
}

// The short words of android.telecom.Connection (API 30 and newer).
var (
	capabilityWords = [...]string{
		"hld", "sup_hld", "mrg_cnf", "swp_cnf", "txt", "mut", "mng_cnf", "VTlrx", "VTltx", "VTlbi",
		"VTrrx", "VTrtx", "VTrbi", "!v2a", "spd_aud", "a2v", "paus_VT", "1p_cnf", "rsp_by_con", "pull",
		"sup_def", "add_participant", "sup_trans", "sup_cTrans", "sup_rtt", "sep_cnf", "dis_cnf",
	}
	propertyWords = [...]string{
		"self_mng", "ecbm", "HD", "wifi", "gen_conf", "xtrnl", "priv", "rtt", "ecall", "remote_hst",
		"adhoc_conf", "dngrd_conf",
	}
)

// words splits a list of short words. API 37 glues some to the word before
// ("mutsep_cnfdis_cnf"): a word that is nothing but known words is taken apart,
// any other stays as it is.
func words(s string, known []string) []string {
	out := []string{}
	for _, w := range strings.Fields(s) {
		out = append(out, unglue(w, known)...)
	}
	return out
}

func unglue(w string, known []string) []string {
	if len(w) > 200 {
		return []string{w}
	}
	var parts []string
	for rest := w; rest != ""; {
		best := ""
		for _, k := range known {
			if len(k) > len(best) && strings.HasPrefix(rest, k) {
				best = k
			}
		}
		if best == "" {
			return []string{w}
		}
		parts = append(parts, best)
		rest = rest[len(best):]
	}
	return parts
}

func hasWord(v fact.Value[[]string], w string) bool {
	for _, have := range v.Or(nil) {
		if have == w {
			return true
		}
	}
	return false
}
