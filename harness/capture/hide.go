package capture

import (
	"net/netip"
	"regexp"
	"strconv"
	"strings"
)

// The masks of the rules. Each leaves alone what it has masked already.

func hideWords(_ *Masker, line string, at []int) string { return words(last(line, at)) }

func hideNumber(m *Masker, line string, at []int) string { return m.number(last(line, at)) }

// hideMarkup is words for a value in XML, where an entity is one character.
func hideMarkup(_ *Masker, line string, at []int) string {
	s := last(line, at)
	if !strings.Contains(s, "&") {
		return words(s)
	}
	var b strings.Builder
	for s != "" {
		i := strings.IndexByte(s, '&')
		if i < 0 {
			i = len(s)
		}
		b.WriteString(words(s[:i]))
		s = s[i:]
		end := strings.IndexByte(s[:min(len(s), 12)], ';')
		switch {
		case s == "":
		case end < 0:
			b.WriteByte('&')
			s = s[1:]
		default:
			switch s[:end+1] {
			case "&amp;", "&lt;", "&gt;", "&quot;", "&apos;":
				b.WriteString(s[:end+1])
			default:
				b.WriteByte('x') // a number that stands for a character
			}
			s = s[end+1:]
		}
	}
	return b.String()
}

// entry is a line of a notification's extras: key=Type, with the value in
// brackets, its length, or nothing.
var entry = regexp.MustCompile(`^\s*[\w.$:-]+=(?:null|[\w.$\[\]]+)(?: ?[\[(].*)?$`)

// beginsEntry reports whether a line is no continuation of the text before it.
func beginsEntry[T string | []byte](line T) bool {
	s := strings.TrimRight(string(line), "\r")
	return strings.HasPrefix(strings.TrimSpace(s), "}") || entry.MatchString(s)
}

var wordsEntry = regexp.MustCompile(`^\s*([\w.$:-]+)=(?:String|Spannable\w*|CharSequence) \(`)

// goesOn reports whether the line after this one may belong to its text.
func goesOn(line string, inside bool) bool {
	if at := wordsEntry.FindStringSubmatch(line); at != nil {
		return !isTemplate(at[1])
	}
	return inside && !beginsEntry(line)
}

// isTemplate: the value is the class of a style, which Android itself prints
// in the clear.
func isTemplate(key string) bool { return strings.HasSuffix(strings.ToLower(key), "template") }

func hideExtra(_ *Masker, line string, at []int) string {
	if isTemplate(line[at[2]:at[3]]) {
		return last(line, at)
	}
	return words(last(line, at))
}

// madeUp is a top-level domain that nobody can have (RFC 2606).
const madeUp = ".invalid"

// objectName is a Java object in the form of Object.toString, with a package's
// name behind it: android.media.AudioManager@1a2b3corg.example.Player.
var objectName = regexp.MustCompile(`^(?:android|androidx|com|org|net|io|java|javax|kotlin)\.(?:[a-z0-9_]+\.)*[A-Z]\w*$`)

// version is that of a library: android.hardware.audio@6.0-impl.so.
var version = regexp.MustCompile(`^[0-9]+\.[0-9]`)

func hideMail(m *Masker, line string, at []int) string {
	s := last(line, at)
	i := strings.IndexByte(s, '@')
	local, domain := s[:i], s[i+1:]
	if strings.HasSuffix(domain, madeUp) || objectName.MatchString(local) || version.MatchString(domain) {
		return s
	}
	out := []byte(strings.Repeat("x", len(local)))
	drawn := m.draw("mail", strings.ToLower(s), min(len(out), 8))
	for i, d := range drawn {
		out[len(out)-len(drawn)+i] = 'a' + d%26
	}
	return string(out) + "@" + strings.Repeat("x", max(1, len(domain)-len(madeUp))) + madeUp
}

func hideAccount(_ *Masker, line string, at []int) string {
	if s := last(line, at); strings.HasSuffix(s, madeUp) {
		return s
	}
	return words(last(line, at))
}

// hideAddress hides the user of an address, unless hideMail did.
func hideAddress(_ *Masker, line string, at []int) string {
	if host, ok := strings.CutPrefix(line[at[1]:], "@"); ok && strings.HasPrefix(strings.TrimLeft(host, "x"), madeUp) {
		return last(line, at)
	}
	return words(last(line, at))
}

// hideInternational hides +47 12 34 56 78, not +1000000ms and not the zone of
// a time.
func hideInternational(m *Masker, line string, at []int) string {
	lo, hi := at[0], at[1]
	if lo > 0 && (isAlnum(line[lo-1]) || line[lo-1] == ')') || hi < len(line) && (isAlnum(line[hi]) || line[hi] == '_') {
		return last(line, at)
	}
	return m.number(last(line, at))
}

// hideAlone hides a number that is no part of a longer word or number.
func hideAlone(m *Masker, line string, at []int) string {
	lo, hi := at[0], at[1]
	odd := func(c byte) bool { return isAlnum(c) || strings.IndexByte("_-:/", c) >= 0 }
	if lo > 0 && odd(line[lo-1]) || hi < len(line) && odd(line[hi]) || joined(line, lo, hi) {
		return last(line, at)
	}
	return m.number(last(line, at))
}

func hideID(m *Masker, line string, at []int) string {
	s := last(line, at)
	switch strings.ToLower(s) {
	case "unknown", "default", "invalid", "virtual":
		return s
	}
	if strings.Trim(s, "0123456789") == "" {
		return m.number(s)
	}
	return words(s)
}

// hideMAC hides the first four octets as Android itself does since release 14
// (BluetoothDevice.toString): equal addresses stay equal, and equal to those
// that the phone has hidden.
func hideMAC(_ *Masker, line string, at []int) string {
	s := last(line, at)
	lo, hi := at[0], at[1]
	if lo > 0 && (isAlnum(line[lo-1]) || line[lo-1] == s[2] && endsOctet(line[:lo-1])) ||
		hi < len(line) && (isAlnum(line[hi]) || line[hi] == s[2] && hi+1 < len(line) && isAlnum(line[hi+1])) {
		return s
	}
	switch strings.ToUpper(strings.ReplaceAll(s, s[2:3], ":")) {
	case "00:00:00:00:00:00", "02:00:00:00:00:00", "FF:FF:FF:FF:FF:FF":
		return s // nobody's: unset, hidden, all
	}
	sep := s[2:3]
	return strings.Repeat("XX"+sep, 4) + s[12:]
}

// endsOctet reports whether s ends with two hexadecimal digits that stand
// alone: what follows is the rest of a longer address. "addr:" is a key.
func endsOctet(s string) bool {
	hex := func(c byte) bool { return isDigit(c) || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F' }
	n := len(s)
	return n >= 2 && hex(s[n-1]) && hex(s[n-2]) && (n == 2 || !isAlnum(s[n-3]))
}

// hideIPv4 draws an address of the net 0.0.0.0/8, in which no host is.
func hideIPv4(m *Masker, line string, at []int) string {
	s, lo, hi := last(line, at), at[0], at[1]
	addr, err := netip.ParseAddr(s)
	if err != nil || addr.IsLoopback() || addr.As4()[0] == 0 || addr.As4()[0] == 255 {
		return s
	}
	if lo > 0 && (isAlnum(line[lo-1]) || strings.IndexByte("._-", line[lo-1]) >= 0) ||
		hi < len(line) && (isAlnum(line[hi]) || line[hi] == '_' || line[hi] == '-' || line[hi] == '.' && hi+1 < len(line) && isAlnum(line[hi+1])) {
		return s
	}
	before := strings.ToLower(line[max(0, lo-24):lo])
	if strings.Contains(before, "version") || strings.Contains(before, "build") {
		return s // an app's version, which is a fact
	}
	d := m.draw("ip", s, 3)
	return "0." + strconv.Itoa(int(d[0])) + "." + strconv.Itoa(int(d[1])) + "." + strconv.Itoa(int(d[2]))
}

// documentation is a net that is kept for examples (RFC 3849).
const documentation = "2001:db8:"

func hideIPv6(m *Masker, line string, at []int) string {
	s, lo, hi := last(line, at), at[0], at[1]
	addr, err := netip.ParseAddr(s)
	if err != nil || addr.IsLoopback() || addr.IsUnspecified() || strings.HasPrefix(strings.ToLower(s), documentation) {
		return s
	}
	odd := func(c byte) bool { return isAlnum(c) || strings.IndexByte("_:@", c) >= 0 }
	if lo > 0 && odd(line[lo-1]) || hi < len(line) && odd(line[hi]) {
		return s
	}
	d := m.draw("ip", addr.String(), 4)
	const hex = "0123456789abcdef"
	out := []byte(documentation + ":")
	for i, b := range d {
		if i == 2 {
			out = append(out, ':')
		}
		out = append(out, hex[b>>4], hex[b&15])
	}
	return string(out)
}

// hidePlace moves a place to the equator's zero.
func hidePlace(_ *Masker, line string, at []int) string {
	return strings.Map(func(r rune) rune {
		if r > '0' && r <= '9' {
			return '0'
		}
		return r
	}, last(line, at))
}

// maskNumbers hides the numbers of the phone (IMEI, 15 digits) and of its
// cards (ICCID, 19 or 20 digits that begin with 89) wherever they stand alone.
// Their check digit tells them from times and counters.
func maskNumbers(m *Masker, line string) string {
	var b strings.Builder
	from := 0
	for i := 0; i < len(line); i++ {
		if !isDigit(line[i]) {
			continue
		}
		end := i
		for end < len(line) && isDigit(line[end]) {
			end++
		}
		if s := line[i:end]; isDeviceNumber(s) && !joined(line, i, end) {
			b.WriteString(line[from:i])
			b.WriteString(m.number(s))
			from = end
		}
		i = end
	}
	if from == 0 {
		return line
	}
	b.WriteString(line[from:])
	return b.String()
}

func isDeviceNumber(s string) bool {
	if len(s) != 15 && !(strings.HasPrefix(s, "89") && (len(s) == 19 || len(s) == 20)) {
		return false
	}
	sum := 0
	for i := range len(s) { // the Luhn sum
		d := int(s[len(s)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}
