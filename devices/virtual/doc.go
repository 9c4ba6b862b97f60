// Package virtual is a phone made of Go, for machines without one: an adb
// daemon over a shell and a file tree, on a simulated Android 14.
//
// It wires its rooms together and holds none of their knowledge: adbd and
// adbhost are its two ways to be reached, android is the system, shell and
// render are what one sees of it, apps what is installed. Whoever drives it
// sees a phone and nothing else; the harness does not know this package.
package virtual
