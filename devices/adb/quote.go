package adb

import (
	"errors"
	"strings"
)

// ErrNUL says that a text cannot be a shell word: no shell can hold a NUL byte
// in an argument.
var ErrNUL = errors.New("text contains a NUL byte, which no shell word can hold")

// Quote makes one word of s for a phone's shell (mksh), and for any other
// POSIX shell. All bytes are kept except NUL, which is left out because no
// shell word can hold it; where s may contain one, use QuoteChecked.
func Quote(s string) string {
	s = strings.ReplaceAll(s, "\x00", "")
	return "'" + strings.ReplaceAll(s, "'", `'"'"'`) + "'"
}

// QuoteChecked is Quote, but a NUL byte is an error.
func QuoteChecked(s string) (string, error) {
	if strings.Contains(s, "\x00") {
		return "", ErrNUL
	}
	return Quote(s), nil
}

// QuoteArgs quotes each argument and joins them with blanks.
func QuoteArgs(args ...string) string {
	quoted := make([]string, len(args))
	for i, a := range args {
		quoted[i] = Quote(a)
	}
	return strings.Join(quoted, " ")
}
