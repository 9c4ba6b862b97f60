// Package android is a simulated Android 14 (API 34) system: packages and their
// permissions, processes, broadcasts, activities and windows, power, keyguard,
// telecom, notifications, services, audio and the log, on one virtual clock.
//
// It is a deterministic state machine. With the same Options and the same calls
// at the same instants, two systems pass through the same states; jitter comes
// from the seed. Nothing in it blocks and nothing reads the host's clock, except
// in RealTime mode where the host's clock decides when an event is due.
//
// The package knows what Android decides: who may start what, which push reaches
// which process, what Telecom refuses and with which text. It does not know how
// any of that is printed (package render does), how a command line is read
// (package shell), or what any app does: apps come in as models through App and
// the handler interfaces beside it, and are given a Context that refuses what
// Android refuses.
//
// Rules name their origin: the Android 14 source file as recalled by the project's
// references, or the release notes that introduced them.
package android
