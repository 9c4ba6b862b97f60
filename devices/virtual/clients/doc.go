// Package clients holds no code: its test lets other people's adb clients work
// with a virtual phone as they would with any other. For each there is a list of
// calls that must succeed and give what a phone gives; the lists only grow.
//
// Each client meets the phone behind every front that it can: behind Debian's
// adb server, behind the newer adb server that the adbutils package carries,
// behind package adbhost, and without any server at the phone's own adb port.
//
// The clients are no part of the project; lock files with hashes pin them:
//
//	make clients
//	go test ./devices/virtual/clients
package clients
