package fs

import (
	"errors"
	"os"
	"syscall"
)

// errnos are the errors of a tree as a phone knows them: Linux' number for the
// sync protocol, which does not depend on the machine, and bionic's text
// (libc/bionic/strerror.cpp).
var errnos = []struct {
	errno  syscall.Errno
	number uint32
	text   string
}{
	{syscall.EPERM, 1, "Operation not permitted"},
	{syscall.ENOENT, 2, "No such file or directory"},
	{syscall.EIO, 5, "I/O error"},
	{syscall.EBADF, 9, "Bad file descriptor"},
	{syscall.EACCES, 13, "Permission denied"},
	{syscall.EBUSY, 16, "Device or resource busy"},
	{syscall.EEXIST, 17, "File exists"},
	{syscall.EXDEV, 18, "Cross-device link"},
	{syscall.ENOTDIR, 20, "Not a directory"},
	{syscall.EISDIR, 21, "Is a directory"},
	{syscall.EINVAL, 22, "Invalid argument"},
	{syscall.EFBIG, 27, "File too large"},
	{syscall.ENOSPC, 28, "No space left on device"},
	{syscall.EROFS, 30, "Read-only file system"},
	{syscall.ENAMETOOLONG, 36, "File name too long"},
	{syscall.ENOTEMPTY, 39, "Directory not empty"},
	{syscall.ELOOP, 40, "Too many symbolic links encountered"},
}

// Errno returns Linux' number and bionic's text for an error of a tree. An
// error without errno is EIO.
func Errno(err error) (number uint32, text string) {
	var errno syscall.Errno
	if errors.As(err, &errno) {
		for _, e := range errnos {
			if e.errno == errno {
				return e.number, e.text
			}
		}
	}
	if errors.Is(err, os.ErrClosed) {
		return 9, "Bad file descriptor"
	}
	return 5, "I/O error"
}
