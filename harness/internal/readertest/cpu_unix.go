//go:build unix

package readertest

import (
	"syscall"
	"time"
)

// spent is the processor time of this process. A machine that is busy with
// other work must not make a reader look slow.
func spent() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
