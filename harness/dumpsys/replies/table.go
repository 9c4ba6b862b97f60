package replies

import (
	"strings"

	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

// sign is how a refusal is recognised. Rows are tried in order.
type sign struct {
	begin bool // the words are the begin of a line, else anywhere in it
	words string
	kind  Kind
}

// general are the refusals that any command may answer with.
var general = [...]sign{
	{true, "cmd: Can't find service: ", NoService},
	{true, "Can't find service: ", NoService},
	{true, "No shell command implementation.", UnknownCommand},
	{true, "Unknown command: ", UnknownCommand},
	{true, "Error: Unknown command", UnknownCommand},
	{true, "Error: unknown command", UnknownCommand},
	{true, "Error: Invalid arguments for command: ", BadArgument},
	{true, "Error: Invalid display ID", BadArgument},
	{true, "Invalid namespace", BadArgument},
	{true, "You cannot keep your settings in the secure settings.", BadArgument},
	{true, "Error: Unknown operation string: ", NotFound},
	{true, "Error: No UID for ", NotInstalled},
	{true, "Error: Unknown package: ", NotInstalled},
	{true, "Unknown package: ", NotInstalled},
	{true, "Error: unknown dispatch code ", BadArgument},
	{false, ": Failed with status=", Other}, // cmd bluetooth_manager
	{false, "wait-for-state: Invalid state ", BadArgument},
	{true, "Operation not allowed: ", Denied},
	{true, "Error: ", Other},
	{true, "Killed", Died},
}

// exceptions are by class, and where that says little by what they tell. The
// stack below an exception is never looked at.
var exceptions = [...]sign{
	{false, "DeadObjectException", Died},
	{false, "DeadSystemException", Died},
	{false, "has not requested permission", NotRequested},
	{false, "Unknown permission", NotFound},
	{false, "is not a changeable permission type", BadArgument},
	{false, "Unknown package", NotInstalled},
	{false, "NameNotFoundException", NotInstalled},
	{false, "Unknown keycode", NotFound},
	{false, "admin policies", Policy},
	{false, "SecurityException", Denied},
	{false, "Security exception: ", Denied},
	{false, "IllegalArgumentException", BadArgument},
	{false, "NumberFormatException", BadArgument},
}

// starts are the errors of `am start`.
var starts = [...]sign{
	{true, "Error: Activity not started, unable to resolve ", NotFound},
	{true, "Error: Activity not started, you do not have permission", Denied},
	{true, "Error: Activity not started, you requested to both forward", BadArgument},
	{true, "Error: Activity not started, voice control not allowed", Denied},
	{true, "Error: Activity not started", Other},
	{true, "Error: Activity class ", NotFound},
}

// locks are the refusals of locksettings, which has no prefix of its own.
var locks = [...]sign{
	{true, "Old password provided but user has no password", BadCredential},
	{false, "didn't match", BadCredential},
	{false, "Credential can't be null or empty", BadCredential},
	{false, "Request throttled", Throttled},
	{true, "New credential doesn't satisfy admin policies", Policy},
	{true, "The device does not support lock screen", Unsupported},
}

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

func (s sign) on(t string) bool {
	if s.begin {
		return strings.HasPrefix(t, s.words)
	}
	return strings.Contains(t, s.words)
}

// find looks a line up in the command's own table, then in the general one.
func find(t string, own []sign) (Kind, bool) {
	for _, s := range own {
		if s.on(t) {
			return s.kind, true
		}
	}
	if isException(t) {
		for _, s := range exceptions {
			if s.on(t) {
				return s.kind, true
			}
		}
		return Other, true
	}
	for _, s := range general {
		if s.on(t) {
			return s.kind, true
		}
	}
	return "", false
}

// isException recognises the line that names one: a class in full, or the words
// of API 26 to 29. `Exception occurred while executing` only announces it.
func isException(t string) bool {
	if strings.HasPrefix(t, "Security exception: ") {
		return true
	}
	t = strings.TrimPrefix(t, "Exception in thread \"main\" ")
	class, _, _ := strings.Cut(t, ":")
	return strings.IndexByte(class, ' ') < 0 && class != "Error" &&
		(strings.HasSuffix(class, "Exception") || strings.HasSuffix(class, "Error"))
}

// refusalOn reads a refusal from one line.
func refusalOn(l text.Line, own []sign) (Refusal, bool) {
	t := string(l.Text())
	kind, ok := find(t, own)
	if !ok {
		return Refusal{}, false
	}
	r := Refusal{Kind: kind, Message: text.Clip(l.Text()), Line: l.N}
	for _, mark := range [...]string{"Failed with status=", "unknown error code "} {
		if _, n, ok := strings.Cut(t, mark); ok {
			r.Code = n
		}
	}
	return r, true
}
