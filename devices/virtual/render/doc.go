// Package render is what a phone prints of itself: the texts of dumpsys, of the
// services' shell commands and of uiautomator, as the phone's own release prints
// them (26 to 36).
//
// Every function is pure: the state of a device in, a text out. They are to be
// called with the system locked (inside System.Do). The package knows the shape
// of texts: sections, keys, order, indentation, quirks. It decides nothing about
// the state, it knows no command line (package shell does), and nothing of how
// anybody reads these texts.
//
// Where a text comes from is said at each writer: the Android source file that
// prints it, and the releases whose captures it was compared with. A line that
// came or went with a release is written by page.since or page.upTo. Where the
// change of a line was not seen, neighbouring releases print the same.
package render
