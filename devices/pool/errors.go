package pool

import (
	"fmt"
	"strings"
	"time"
)

// NeedsError says that no phone can meet the needs, however long one waits: a
// reason to skip.
type NeedsError struct {
	// Reasons has one line a phone.
	Reasons []string
}

func (e *NeedsError) Error() string {
	return "no phone meets the needs: " + strings.Join(e.Reasons, "; ")
}

// NoPhoneError says that there is no phone to lease, or none in a state to be
// used, and what can be done.
type NoPhoneError struct {
	// Reasons has one line a phone, or a source that could not list its
	// phones; it is empty if no phone is listed at all.
	Reasons []string
	// Errs are the errors among the reasons.
	Errs []error
}

func (e *NoPhoneError) Error() string {
	if len(e.Reasons) == 0 {
		return "no phone: none is listed; connect one and check `adb devices -l`, or use a virtual one"
	}
	return "no phone can be leased: " + strings.Join(e.Reasons, "; ")
}

// Unwrap gives the errors among the reasons.
func (e *NoPhoneError) Unwrap() []error { return e.Errs }

// BusyError says that others held every fitting phone until the context ended.
type BusyError struct {
	// Holders has one line a phone: who holds it.
	Holders []string
	Waited  time.Duration
	// Err is the context's error.
	Err error
}

func (e *BusyError) Error() string {
	return fmt.Sprintf("waited %s for a phone: %s: %v", e.Waited.Round(time.Millisecond), strings.Join(e.Holders, "; "), e.Err)
}

func (e *BusyError) Unwrap() error { return e.Err }

// UndoError says which changes could not be taken back. They are still in the
// journal, and the next holder tries again.
type UndoError struct {
	Serial string
	// File is the journal.
	File string
	// Failed are the changes that are still made, the newest first, and Errs
	// why, in the same order.
	Failed []Entry
	Errs   []error
}

func (e *UndoError) Error() string {
	parts := make([]string, len(e.Failed))
	for i, f := range e.Failed {
		parts[i] = fmt.Sprintf("%s: %v", f.What, e.Errs[i])
	}
	return fmt.Sprintf("restore phone %s: %s; the next holder tries again; if you have put it back by hand, delete %s",
		e.Serial, strings.Join(parts, "; "), e.File)
}

// Unwrap gives the errors of the single undos.
func (e *UndoError) Unwrap() []error { return e.Errs }
