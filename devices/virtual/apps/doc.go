// Package apps has the VoIP apps that can be installed on the simulated phone:
// the reference, which does what the CometChat guide "VoIP Calling" means, the
// guide's app as the guide has it, and a dead one.
//
// Reference and guide are one model: the guide's app is the reference with the
// guide's flaws (see Defect) put in, each of which can be fixed by itself. So a
// difference on the phone is the flaw's, and nothing else's.
//
// The models are callbacks on package android's interfaces and know only what
// Android tells an app. They know no harness and no scenario; payload keys and
// trace lines are typed here, not taken from where they are read.
package apps
