package gear

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"slices"
	"sync"
	"time"
)

// Do is something that a headset, or its user, does.
type Do string

// What headsets do. A control need not know all of them: see Headset.Can.
const (
	// Come: it is switched on and connects; the answer does not wait for that.
	Come Do = "come"
	// Leave: it is switched off and ends its connection.
	Leave Do = "leave"
	// Vanish: it goes out of range without a word.
	Vanish Do = "vanish"
	// Answer takes the ringing call (HFP ATA), HangUp rejects it or ends the one
	// in front (AT+CHUP), Swap holds one and goes on with the other (AT+CHLD=2).
	Answer Do = "answer"
	HangUp Do = "hangup"
	Swap   Do = "swap"
	// Plug and Unplug are for a wired headset on the same phone.
	Plug   Do = "plug"
	Unplug Do = "unplug"
)

// Heard is what a headset knows of itself and of the phone's calls.
type Heard struct {
	Address string `json:"address"`
	// Connected: for calls. Audio: the voice channel is open.
	Connected bool `json:"connected"`
	Audio     bool `json:"audio"`
	// Ringing, and the caller as the phone tells it (+CLIP).
	Ringing bool   `json:"ringing"`
	Caller  string `json:"caller"`
}

// Headset is a headset under control, over one TCP connection. Requests and
// answers are JSON objects, one a line. A request is {"do":"WORD"}: a Do, "state"
// or "hello". An answer has the fields of Heard and "ok"; when that is false
// "error" says why. The answer to hello lists in "can" what the control knows. When
// the connection ends, the control switches the headset off: a test that dies
// leaves no headset behind.
type Headset struct {
	conn net.Conn
	can  []string

	mu  sync.Mutex
	in  *bufio.Reader
	err error
}

// answerLimit bounds one answer in bytes, answerTime in time.
const (
	answerLimit = 1 << 16
	answerTime  = 10 * time.Second
)

type answer struct {
	Heard
	OK    bool     `json:"ok"`
	Error string   `json:"error"`
	Can   []string `json:"can"`
}

// RefusedError is a headset that could not do what it was told.
type RefusedError struct {
	Do     Do
	Reason string
}

func (e *RefusedError) Error() string {
	return fmt.Sprintf("the headset does not %s: %s", e.Do, e.Reason)
}

// DialHeadset connects to a headset's control.
func DialHeadset(ctx context.Context, control string) (*Headset, error) {
	conn, err := (&net.Dialer{Timeout: answerTime}).DialContext(ctx, "tcp", control)
	if err != nil {
		return nil, fmt.Errorf("reach the headset's control: %w", err)
	}
	h := &Headset{conn: conn, in: bufio.NewReaderSize(conn, answerLimit)}
	a, err := h.ask(ctx, "hello")
	if err != nil {
		_ = conn.Close()
		return nil, fmt.Errorf("greet the headset's control at %s: %w", control, err)
	}
	h.can = a.Can
	return h, nil
}

// Can reports whether the control knows a request.
func (h *Headset) Can(d Do) bool { return slices.Contains(h.can, string(d)) }

// Do has the headset do something. It returns when that began, not when the phone
// noticed. The error of a headset that refuses is a *RefusedError.
func (h *Headset) Do(ctx context.Context, d Do) error {
	_, err := h.ask(ctx, d)
	return err
}

// State asks what the headset knows.
func (h *Headset) State(ctx context.Context) (Heard, error) {
	a, err := h.ask(ctx, "state")
	return a.Heard, err
}

// Close lets the control switch the headset off.
func (h *Headset) Close() error { return h.conn.Close() }

func (h *Headset) ask(ctx context.Context, d Do) (answer, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.err != nil {
		return answer{}, h.err
	}
	a, err := h.roundTrip(ctx, d)
	if err != nil {
		// After a lost answer the next line would answer another question.
		h.err = fmt.Errorf("ask the headset to %s: %w", d, err)
		return answer{}, h.err
	}
	if !a.OK {
		return a, &RefusedError{d, a.Error}
	}
	return a, nil
}

func (h *Headset) roundTrip(ctx context.Context, d Do) (a answer, err error) {
	if err := h.conn.SetDeadline(deadline(ctx)); err != nil {
		return a, err
	}
	line, err := json.Marshal(map[string]Do{"do": d})
	if err != nil {
		return a, err
	}
	if _, err := h.conn.Write(append(line, '\n')); err != nil {
		return a, err
	}
	said, err := h.in.ReadSlice('\n')
	if err != nil {
		return a, fmt.Errorf("read its answer: %w", err)
	}
	if err := json.Unmarshal(said, &a); err != nil {
		return a, fmt.Errorf("its answer is not JSON: %w", err)
	}
	return a, nil
}
