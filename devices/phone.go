package devices

import (
	"context"
	"io"
	"io/fs"
)

// Phone is one Android device that can be reached now.
//
// Methods return an error only when the phone could not be asked or its answer
// was lost on the way; how a command ended is a result. All methods are safe
// for concurrent use and stop early when ctx is done.
type Phone interface {
	// Serial is the name under which the phone's source lists it.
	Serial() string

	// Run hands script to the phone's shell and waits for its end. The script
	// is one shell text, quoted by the caller (see adb.Quote).
	Run(ctx context.Context, script string) (Output, error)

	// Start runs script and returns while it is still running. Its standard
	// output is read from the Process; the caller must Close it.
	Start(ctx context.Context, script string) (Process, error)

	// StartInput is Start with the script's standard input left open.
	StartInput(ctx context.Context, script string) (InputProcess, error)

	// Upload writes content to path on the phone and creates missing folders.
	Upload(ctx context.Context, path string, mode fs.FileMode, content io.Reader) error

	// Download copies the file at path on the phone to w.
	Download(ctx context.Context, path string, w io.Writer) error
}

// Output is what a finished command left behind.
type Output struct {
	Stdout []byte
	Stderr []byte
	// Exit is the exit status as the phone's shell reported it, 0 to 255.
	Exit int
}

// Process is a command that is still running on a phone.
type Process interface {
	// Read reads the command's standard output. It returns io.EOF only when
	// the command has ended; a lost transport is another error.
	io.Reader
	// Wait waits for the end. Output.Stdout is empty: it went through Read.
	Wait() (Output, error)
	// Close ends the command, if it still runs, and frees its connection.
	Close() error
}

// InputProcess is a Process to whose standard input can be written while it
// runs, beside readers.
type InputProcess interface {
	Process
	io.Writer
}
