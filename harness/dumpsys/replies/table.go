package replies

import (
	"bytes"
	"strings"

	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

// sign is how a refusal is recognised. Rows are tried in order.
type sign struct {
	begin bool // the words are the begin of a line, else anywhere in it
	words string
	kind  Kind
	rare  int // a capital or an apostrophe in words, set by newTable
}

// table is a list of signs. Most lines of an answer are none: what a line begins
// with tells that at once.
type table struct {
	signs  []sign
	begins [256]bool // the first characters of those that begin a line
	inside []*sign   // those that may stand anywhere
}

func newTable(signs ...sign) *table {
	t := &table{signs: signs}
	for i := range signs {
		if s := &signs[i]; s.begin {
			t.begins[s.words[0]] = true
		} else {
			t.inside = append(t.inside, s)
			s.rare = max(0, strings.IndexAny(s.words, "ABCDEFGHIJKLMNOPQRSTUVWXYZ'"))
		}
	}
	return t
}

// find looks a line up that is not blank. No table is an empty one.
func (t *table) find(line []byte) (Kind, bool) {
	if t == nil {
		return "", false
	}
	if !t.begins[line[0]] {
		for _, s := range t.inside {
			if s.in(line) {
				return s.kind, true
			}
		}
		return "", false
	}
	for i := range t.signs {
		if s := &t.signs[i]; s.begin {
			if begins(line, s.words) {
				return s.kind, true
			}
		} else if s.in(line) {
			return s.kind, true
		}
	}
	return "", false
}

// in reports whether the words stand in t. They are looked for by the rarest of
// their characters.
func (s *sign) in(t []byte) bool {
	for from := s.rare; from < len(t); from++ {
		i := bytes.IndexByte(t[from:], s.words[s.rare])
		if i < 0 {
			return false
		}
		from += i
		if at := from - s.rare; len(t)-at >= len(s.words) && string(t[at:at+len(s.words)]) == s.words {
			return true
		}
	}
	return false
}

// general are the refusals that any command may answer with.
var general = newTable([]sign{
	{begin: true, words: "cmd: Can't find service: ", kind: NoService},
	{begin: true, words: "Can't find service: ", kind: NoService},
	{begin: true, words: "No shell command implementation.", kind: UnknownCommand},
	{begin: true, words: "Unknown command: ", kind: UnknownCommand},
	{begin: true, words: "Error: Unknown command", kind: UnknownCommand},
	{begin: true, words: "Error: unknown command", kind: UnknownCommand},
	{begin: true, words: "Error: Invalid arguments for command: ", kind: BadArgument},
	{begin: true, words: "Error: Invalid display ID", kind: BadArgument},
	{begin: true, words: "Invalid namespace", kind: BadArgument},
	{begin: true, words: "You cannot keep your settings in the secure settings.", kind: BadArgument},
	{begin: true, words: "Error: Unknown operation string: ", kind: NotFound},
	{begin: true, words: "Error: No UID for ", kind: NotInstalled},
	{begin: true, words: "Error: Unknown package: ", kind: NotInstalled},
	{begin: true, words: "Unknown package: ", kind: NotInstalled},
	{begin: true, words: "Error: unknown dispatch code ", kind: BadArgument},
	{words: ": Failed with status=", kind: Other}, // cmd bluetooth_manager
	{words: "wait-for-state: Invalid state ", kind: BadArgument},
	{begin: true, words: "Operation not allowed: ", kind: Denied},
	{begin: true, words: "Error: ", kind: Other},
	{begin: true, words: "Killed", kind: Died},
}...)

// exceptions are by class, and where that says little by what they tell. The
// stack below an exception is never looked at.
var exceptions = newTable([]sign{
	{words: "DeadObjectException", kind: Died},
	{words: "DeadSystemException", kind: Died},
	{words: "has not requested permission", kind: NotRequested},
	{words: "Unknown permission", kind: NotFound},
	{words: "is not a changeable permission type", kind: BadArgument},
	{words: "Unknown package", kind: NotInstalled},
	{words: "NameNotFoundException", kind: NotInstalled},
	{words: "Unknown keycode", kind: NotFound},
	{words: "admin policies", kind: Policy},
	{words: "SecurityException", kind: Denied},
	{words: "Security exception: ", kind: Denied},
	{words: "IllegalArgumentException", kind: BadArgument},
	{words: "NumberFormatException", kind: BadArgument},
}...)

// starts are the errors of `am start`.
var starts = newTable([]sign{
	{begin: true, words: "Error: Activity not started, unable to resolve ", kind: NotFound},
	{begin: true, words: "Error: Activity not started, you do not have permission", kind: Denied},
	{begin: true, words: "Error: Activity not started, you requested to both forward", kind: BadArgument},
	{begin: true, words: "Error: Activity not started, voice control not allowed", kind: Denied},
	{begin: true, words: "Error: Activity not started", kind: Other},
	{begin: true, words: "Error: Activity class ", kind: NotFound},
}...)

// locks are the refusals of locksettings, which has no prefix of its own.
var locks = newTable([]sign{
	{begin: true, words: "Old password provided but user has no password", kind: BadCredential},
	{words: "didn't match", kind: BadCredential},
	{words: "Credential can't be null or empty", kind: BadCredential},
	{words: "Request throttled", kind: Throttled},
	{begin: true, words: "New credential doesn't satisfy admin policies", kind: Policy},
	{begin: true, words: "The device does not support lock screen", kind: Unsupported},
}...)

// codes are the begins of what PackageManager calls a failure.
var codes = [...]struct {
	begin string
	kind  Kind
}{
	{"INSTALL_FAILED_USER_RESTRICTED", Restricted},
	{"INSTALL_FAILED_ABORTED", Restricted},
	{"INSTALL_FAILED_VERIFICATION_", Restricted},
	{"INSTALL_FAILED_INSUFFICIENT_STORAGE", NoSpace},
	{"INSTALL_FAILED_INVALID_APK", BadPackage},
	{"INSTALL_PARSE_FAILED_", BadPackage},
	{"INSTALL_FAILED_UPDATE_INCOMPATIBLE", Incompatible},
	{"INSTALL_FAILED_VERSION_DOWNGRADE", Incompatible},
	{"INSTALL_FAILED_OLDER_SDK", Incompatible},
	{"INSTALL_FAILED_DEPRECATED_SDK_VERSION", Incompatible},
	{"INSTALL_FAILED_NO_MATCHING_ABIS", Incompatible},
	{"INSTALL_FAILED_CONFLICTING_PROVIDER", Incompatible},
	{"INSTALL_FAILED_TEST_ONLY", Incompatible},
	{"DELETE_FAILED_DEVICE_POLICY_MANAGER", Policy},
	{"DELETE_FAILED_OWNER_BLOCKED", Policy},
	{"DELETE_FAILED_USER_RESTRICTED", Restricted},
}

func codeKind(code string) Kind {
	for _, c := range codes {
		if strings.HasPrefix(code, c.begin) {
			return c.kind
		}
	}
	return Other
}

// find looks a line up in the command's own table, then in the general one. The
// line is not blank.
func find(t []byte, own *table) (Kind, bool) {
	if kind, ok := own.find(t); ok {
		return kind, true
	}
	if isException(t) {
		if kind, ok := exceptions.find(t); ok {
			return kind, true
		}
		return Other, true
	}
	return general.find(t)
}

// isException recognises the line that names one: a class in full, or the words
// of API 26 to 29. `Exception occurred while executing` only announces it.
func isException(t []byte) bool {
	if bytes.HasPrefix(t, []byte("Security exception: ")) {
		return true
	}
	class := bytes.TrimPrefix(t, []byte("Exception in thread \"main\" "))
	for i, c := range class {
		if c == ' ' {
			return false
		}
		if c == ':' {
			class = class[:i]
			break
		}
	}
	return string(class) != "Error" && (bytes.HasSuffix(class, []byte("Exception")) || bytes.HasSuffix(class, []byte("Error")))
}

// refusalOn reads a refusal from one line.
func refusalOn(n int, t []byte, own *table) (Refusal, bool) {
	kind, ok := find(t, own)
	if !ok {
		return Refusal{}, false
	}
	r := Refusal{Kind: kind, Message: text.Clip(t), Line: n}
	for _, mark := range [...]string{"Failed with status=", "unknown error code "} {
		if _, code, ok := bytes.Cut(t, []byte(mark)); ok {
			r.Code = text.Clip(code)
		}
	}
	return r, true
}
