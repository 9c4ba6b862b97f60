package android

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Exception is a Java exception with Android's own text.
type Exception struct {
	// Class is the full class name, such as "java.lang.SecurityException".
	Class   string
	Message string
	// Frames are stack lines without "\tat ", top first; may be empty.
	Frames []string
	// Cause is the wrapped exception, nil for none.
	Cause *Exception
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

// root is the innermost cause.
func (e *Exception) root() *Exception {
	for e.Cause != nil {
		e = e.Cause
	}
	return e
}

// report is the block that RuntimeInit writes for an uncaught exception.
func (e *Exception) report(pr *Process) string {
	return fmt.Sprintf("FATAL EXCEPTION: main\nProcess: %s, PID: %d\n%s", pr.Name, pr.PID, e.stack())
}

// stack is the exception with its frames and causes.
func (e *Exception) stack() string {
	var b strings.Builder
	b.WriteString(e.Error())
	e.writeFrames(&b)
	for c := e.Cause; c != nil; c = c.Cause {
		b.WriteString("\nCaused by: " + c.Error())
		c.writeFrames(&b)
	}
	return b.String()
}

// frames of the looper, which every main thread's stack ends with.
var looperFrames = []string{ // read-only table
	"android.os.Handler.dispatchMessage(Handler.java:106)",
	"android.os.Looper.loopOnce(Looper.java:205)",
	"android.os.Looper.loop(Looper.java:294)",
	"android.app.ActivityThread.main(ActivityThread.java:8177)",
}

func (e *Exception) writeFrames(b *strings.Builder) {
	frames := e.Frames
	if len(frames) == 0 {
		frames = looperFrames
	}
	for _, f := range frames {
		b.WriteString("\n\tat " + f)
	}
}

type frame struct {
	file string
	line int
}

// top is the file and line of the innermost cause's first frame.
func (e *Exception) top() frame {
	f := frame{"Handler.java", 106}
	r := e.root()
	if len(r.Frames) == 0 {
		return f
	}
	_, in, ok := strings.Cut(r.Frames[0], "(")
	name, num, ok2 := strings.Cut(strings.TrimSuffix(in, ")"), ":")
	n, err := strconv.Atoi(num)
	if !ok || !ok2 || err != nil {
		return f
	}
	return frame{name, n}
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
