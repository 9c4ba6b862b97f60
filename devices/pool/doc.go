// Package pool decides who holds which phone. A lease is the right to use one
// phone until it is released or its owner dies; whatever the owner changed on
// the phone is written down before it is changed, so that the next owner can
// put it back even after kill -9.
//
// The pool knows phones, shells and leases. It knows no call and no app, and
// it does not know which phones are virtual: sources bring the phones.
//
// Leases hold between all processes of one user on one machine, by one flock a
// phone in a state folder. Journals lie beside the locks. Nothing here runs in
// the background.
package pool
