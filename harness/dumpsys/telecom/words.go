package telecom

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
)

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
func stateWord(s State) bool { return isStateWord(s) }

func isStateWord[T ~string | ~[]byte](s T) bool {
	for i := range len(s) {
		if c := s[i]; (c < 'A' || c > 'Z') && c != '_' && !digit(c) {
			return false
		}
	}
	return len(s) > 0
}

// lastIndex is bytes.LastIndex, by way of the much faster bytes.Index: what is
// looked for is there once, mostly.
func lastIndex(s []byte, sep string) int {
	at, from := -1, 0
	for {
		i := bytes.Index(s[from:], []byte(sep))
		if i < 0 {
			return at
		}
		at = from + i
		from = at + 1
	}
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
