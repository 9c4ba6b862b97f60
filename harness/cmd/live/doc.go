// Package live tells a run to a person while it happens: as a block that is
// redrawn at the foot of a terminal, or as plain lines anywhere else.
//
// It is a record.Sink: it knows events and no phone. Whatever a phone or an app
// put into a text is shown as text: it cannot move the cursor, colour the
// screen or speak to a CI system.
package live
