//go:build !unix

package readertest

import "time"

var began = time.Now() // never changed

// spent is the time that has passed: the nearest that is told here.
func spent() time.Duration { return time.Since(began) }
