package harness

import (
	"context"
	"errors"
	"fmt"

	"github.com/ringproof/ringproof/devices/adb"
	"github.com/ringproof/ringproof/harness/expect"
	"github.com/ringproof/ringproof/harness/push"
	"github.com/ringproof/ringproof/harness/state"
	"github.com/ringproof/ringproof/reports/record"
)

// Kind says whose fault an error is; it decides the verdict.
type Kind int

// The kinds, from the least to the most telling. When errors are wrapped in
// one another the outermost kind that is not Other decides.
const (
	Other       Kind = iota
	Infra            // the phone, the cable, adb or the farm
	Unsupported      // this phone cannot show it: skipped, with the reason
	Config           // the user asked for something that is not there
	Product          // the app did the wrong thing
)

// Error is an error with a kind and with what the user can do next.
type Error struct {
	Kind   Kind
	Op     string // what was attempted
	Phone  string // on which phone
	Advice string
	Err    error
}

// Error tells what was attempted, where, and what came of it.
func (e *Error) Error() string {
	s := e.Op
	if e.Phone != "" {
		s += " on phone " + e.Phone
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	if e.Advice != "" {
		s += " (" + e.Advice + ")"
	}
	return s
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// KindOf is the kind of the outermost error that has one.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) && e.Kind != Other {
		return e.Kind
	}
	var f *expect.Failure
	if errors.As(err, &f) {
		if f.Unknown {
			return Infra
		}
		return Product
	}
	if errors.Is(err, state.ErrUnsupported) {
		return Unsupported
	}
	if errors.Is(err, push.ErrPayload) {
		return Config
	}
	var a *adb.Error
	if errors.As(err, &a) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return Infra
	}
	return Other
}

// Classify is the one table from errors to verdicts. What cannot be put down
// to the app is infra: a fault of ours must not look like one of the app's.
func Classify(err error) record.Verdict {
	if err == nil {
		return record.Passed
	}
	switch KindOf(err) {
	case Product:
		return record.Failed
	case Unsupported:
		return record.Skipped
	default:
		return record.Infra
	}
}

// FindingOf puts an error into the words of the record.
func FindingOf(err error) record.Finding {
	if err == nil {
		return record.Finding{}
	}
	finding := record.Finding{Sentence: err.Error()}
	var f *expect.Failure
	if errors.As(err, &f) {
		finding.Fact, finding.Wanted, finding.Seen = f.Fact, f.Wanted, f.Seen
	}
	var e *Error
	if errors.As(err, &e) {
		finding.Advice = e.Advice
	}
	var a *adb.Error
	if finding.Advice == "" && errors.As(err, &a) {
		finding.Advice = a.Advice()
	}
	return finding
}

func unsupported(op, phone string, format string, args ...any) error {
	return &Error{Kind: Unsupported, Op: op, Phone: phone, Err: fmt.Errorf(format, args...)}
}
