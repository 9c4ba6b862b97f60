package android

import (
	"errors"
	"fmt"
)

// Exception is a Java exception with Android's own text.
type Exception struct {
	// Class is the full class name, such as "java.lang.SecurityException".
	Class   string
	Message string
	// Frames are stack lines without "\tat ", top first; may be empty.
	Frames []string
}

// Error is Throwable.toString: "class: message", or the class alone.
func (e *Exception) Error() string {
	if e.Message == "" {
		return e.Class
	}
	return e.Class + ": " + e.Message
}

// Exception classes that the simulated services throw.
const (
	SecurityException                       = "java.lang.SecurityException"
	IllegalArgumentException                = "java.lang.IllegalArgumentException"
	IllegalStateException                   = "java.lang.IllegalStateException"
	NullPointerException                    = "java.lang.NullPointerException"
	RuntimeException                        = "java.lang.RuntimeException"
	ActivityNotFoundException               = "android.content.ActivityNotFoundException"
	BackgroundServiceStartNotAllowed        = "android.app.BackgroundServiceStartNotAllowedException"
	ForegroundServiceStartNotAllowed        = "android.app.ForegroundServiceStartNotAllowedException"
	ForegroundServiceDidNotStartInTime      = "android.app.RemoteServiceException$ForegroundServiceDidNotStartInTimeException"
	MissingForegroundServiceTypeException   = "android.app.MissingForegroundServiceTypeException"
	CannotPostForegroundServiceNotification = "android.app.RemoteServiceException$CannotPostForegroundServiceNotificationException"
	CanceledException                       = "android.app.PendingIntent$CanceledException"
	UnsupportedOperationException           = "java.lang.UnsupportedOperationException"
)

// Throw makes an exception; the message is formatted as by fmt.Sprintf.
func Throw(class, format string, args ...any) *Exception {
	return &Exception{Class: class, Message: fmt.Sprintf(format, args...)}
}

// AsException finds the Exception in err. Another non-nil error becomes a
// RuntimeException, which is how a Java app would have to carry it.
func AsException(err error) *Exception {
	if err == nil {
		return nil
	}
	var e *Exception
	if errors.As(err, &e) {
		return e
	}
	return &Exception{Class: RuntimeException, Message: err.Error()}
}
