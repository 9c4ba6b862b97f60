// Package devices says what a phone is to everything above it: a serial, a
// shell that tells standard output, standard error and exit status apart, and
// files that can be uploaded and downloaded.
//
// It knows phones and shells. It knows no call, no app and no way in which a
// phone may be reached: package adb reaches phones through an adb server,
// package pool decides who holds one.
package devices
