// Package capture takes what one phone prints into a folder, so that a reader
// which fails on that phone can be mended without it: each dump that the
// readers know as it was printed, and a manifest that says what phone it was
// and how each dump ended. What is personal is hidden before anything is
// written.
//
// It changes nothing on the phone and keeps no facts: it knows commands and
// what personal data looks like, and neither readers nor scenarios.
package capture
