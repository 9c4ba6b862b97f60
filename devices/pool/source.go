package pool

import (
	"context"

	"github.com/ringproof/ringproof/devices"
)

// Source is a place that phones come from.
type Source interface {
	// List says which phones there are now, in every state: those that
	// cannot be used explain why a run finds none.
	List(ctx context.Context) ([]Candidate, error)

	// Open gives the phone that List named. It must not change the phone.
	Open(ctx context.Context, c Candidate) (devices.Phone, error)
}

// Candidate is one phone that a source lists.
type Candidate struct {
	Serial string
	// Scope tells phones apart that have the same serial in different places,
	// such as emulators behind servers on different hosts. "" is this machine.
	Scope string
	// Ready says that the phone can be opened.
	Ready bool
	// State is the source's word for the phone's state, such as "offline", and
	// Advice what its owner can do if it is not Ready.
	State, Advice string
	// Owned phones were made for this run. All others belong to somebody and
	// are leased only if that person opted in.
	Owned bool
}
