package apk

import "fmt"

// Kind says what is wrong with a package.
type Kind int

// The kinds.
const (
	// NotAPK: no zip file with a manifest in it.
	NotAPK Kind = iota + 1
	// BadManifest: the manifest is no binary XML, or not of an app.
	BadManifest
	// BadPackageName: the name is none that Android takes.
	BadPackageName
	// Malformed: a manifest of an app with something in it that Android
	// refuses.
	Malformed
	// NoCertificates: not signed, or the signature does not hold.
	NoCertificates
	// BadResources: the table cannot be used by apps of this target.
	BadResources
)

var kinds = [...]string{"", "not an APK", "bad manifest", "bad package name", "malformed manifest", "no valid signature", "bad resource table"}

func (k Kind) String() string {
	if k < 0 || int(k) >= len(kinds) {
		return fmt.Sprintf("kind %d", int(k))
	}
	return kinds[k]
}

// Error says why a package cannot be read or trusted.
type Error struct {
	Kind Kind
	// Scheme is the signature scheme that did not hold, 0 if there is none.
	Scheme int
	// Line is the line in the manifest's source, 0 if unknown.
	Line int
	// Msg is what was found, in Android's words where it has some.
	Msg string
	Err error
}

func (e *Error) Error() string {
	s := "read package: " + e.Kind.String()
	if e.Scheme > 0 {
		s += fmt.Sprintf(": APK Signature Scheme v%d", e.Scheme)
	}
	if e.Line > 0 {
		s += fmt.Sprintf(": line %d", e.Line)
	}
	if e.Msg != "" {
		s += ": " + e.Msg
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

func (e *Error) Unwrap() error { return e.Err }

func notAPK(err error, format string, args ...any) *Error {
	return &Error{Kind: NotAPK, Msg: fmt.Sprintf(format, args...), Err: err}
}
