package adb

import "time"

// Limits bound single steps of a call. They come on top of the context, which
// bounds the whole. A zero duration means no limit.
type Limits struct {
	// Dial bounds reaching the adb server.
	Dial time.Duration
	// Answer bounds each answer of the server, and of the phone to the opening
	// of a service.
	Answer time.Duration
	// Idle bounds how long a running command may stay silent. A phone that has
	// lost power behind a hub says nothing at all, and neither does `sleep 60`:
	// only the caller can tell them apart, so the default is none.
	Idle time.Duration
	// Transfer is the idle limit while files travel.
	Transfer time.Duration
	// Total bounds one call from dialing to its end, for Start, Open and Exec
	// the life of the stream.
	Total time.Duration
	// Poll is the interval at which Track asks for the list, beside listening.
	Poll time.Duration
	// Output is how many bytes Run keeps of each output stream.
	Output int
}

// DefaultLimits is what NewServer starts from.
func DefaultLimits() Limits {
	return Limits{
		Dial:     5 * time.Second,
		Answer:   20 * time.Second, // `host:connect` alone takes up to 10 s inside the server
		Transfer: 60 * time.Second,
		Poll:     time.Second,
		Output:   256 << 20,
	}
}

// Option changes a Server before its first use.
type Option func(*Server)

// WithLimits replaces all limits; start from DefaultLimits.
func WithLimits(l Limits) Option { return func(s *Server) { s.limits = l } }
