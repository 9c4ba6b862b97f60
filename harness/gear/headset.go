package gear

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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
	// Pair: it is switched on, can be found, and bonds with the phone that asks.
	Pair Do = "pair"
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

// Event is something that a headset noticed: "ring", "audio on". It never holds who
// calls.
type Event struct {
	What string
	Host time.Time // when it was heard of, on this machine
}

// Headset is a headset under control, over one connection. Requests and answers are
// JSON objects, one a line. A request is {"do":"WORD"}: a Do, "state" or "hello". An
// answer has the fields of Heard and "ok"; when that is false "error" says why. The
// answer to hello lists in "can" what the control knows. Between answers the control
// may tell what the headset noticed, as {"event":"WORDS"}. When the connection ends,
// the control switches the headset off: a test that dies leaves no headset behind.
type Headset struct {
	link    io.ReadWriteCloser
	can     []string
	answers chan answer // closed when nothing more comes; lost then says why
	lost    error
	events  chan Event

	mu  sync.Mutex
	err error
}

// answerLimit bounds one line in bytes, answerTime an answer in time. eventLimit is
// how many events wait for somebody who listens.
const (
	answerLimit = 1 << 16
	answerTime  = 10 * time.Second
	eventLimit  = 1000
)

type answer struct {
	Heard
	OK    bool     `json:"ok"`
	Error string   `json:"error"`
	Can   []string `json:"can"`
	// Missing is what a headset of software lacks, see MissingError.
	Missing string `json:"missing"`
	Event   string `json:"event"`
}

// RefusedError is a headset that could not do what it was told.
type RefusedError struct {
	Do     Do
	Reason string
}

func (e *RefusedError) Error() string {
	return fmt.Sprintf("the headset does not %s: %s", e.Do, e.Reason)
}

// OpenHeadset makes the headset of the phone with this serial do what it is told:
// it connects to the control, or starts the program, that the spec names. The error
// of a headset that this machine lacks something for is a *MissingError.
func OpenHeadset(ctx context.Context, serial string, spec HeadsetSpec) (*Headset, error) {
	if spec.Radio != "" {
		return startHeadset(ctx, serial, spec)
	}
	conn, err := (&net.Dialer{Timeout: answerTime}).DialContext(ctx, "tcp", spec.Control)
	if err != nil {
		return nil, fmt.Errorf("reach the headset's control: %w", err)
	}
	h, _, err := greet(ctx, conn, answerTime)
	if err != nil {
		return nil, fmt.Errorf("greet the headset's control at %s: %w", spec.Control, err)
	}
	return h, nil
}

// greet has the headset at the other end of a link say what it can. The link is
// closed if it does not.
func greet(ctx context.Context, link io.ReadWriteCloser, within time.Duration) (*Headset, answer, error) {
	h := &Headset{link: link, answers: make(chan answer, 1), events: make(chan Event, eventLimit)}
	go h.listen()
	a, err := h.ask(ctx, "hello", within)
	if err != nil {
		return nil, a, errors.Join(err, h.Close())
	}
	h.can = a.Can
	return h, a, nil
}

// listen reads until the link ends.
func (h *Headset) listen() {
	defer close(h.events)
	defer close(h.answers)
	in := bufio.NewReaderSize(h.link, answerLimit)
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			h.lost = fmt.Errorf("read its answer: %w", err)
			return
		}
		var a answer
		if err := json.Unmarshal(line, &a); err != nil {
			h.lost = fmt.Errorf("its answer is not JSON: %w", err)
			return
		}
		if a.Event != "" {
			select {
			case h.events <- Event{What: a.Event, Host: time.Now()}:
			default: // nobody listens
			}
			continue
		}
		select {
		case h.answers <- a:
		default:
			h.lost = errors.New("it answers what nobody asked")
			return
		}
	}
}

// Can reports whether the control knows a request.
func (h *Headset) Can(d Do) bool { return slices.Contains(h.can, string(d)) }

// Do has the headset do something. It returns when that began, not when the phone
// noticed. The error of a headset that refuses is a *RefusedError.
func (h *Headset) Do(ctx context.Context, d Do) error {
	_, err := h.ask(ctx, d, answerTime)
	return err
}

// State asks what the headset knows.
func (h *Headset) State(ctx context.Context) (Heard, error) {
	a, err := h.ask(ctx, "state", answerTime)
	return a.Heard, err
}

// Events are what the headset noticed, in order; closed when its control is gone. Not
// every control tells any. Who does not listen misses what comes after the first 1,000.
func (h *Headset) Events() <-chan Event { return h.events }

// Close lets the control switch the headset off.
func (h *Headset) Close() error {
	err := h.link.Close()
	for range h.answers { // until nobody reads any more
	}
	return err
}

func (h *Headset) ask(ctx context.Context, d Do, within time.Duration) (answer, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.err != nil {
		return answer{}, h.err
	}
	a, err := h.roundTrip(ctx, d, within)
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

func (h *Headset) roundTrip(ctx context.Context, d Do, within time.Duration) (answer, error) {
	line, err := json.Marshal(map[string]Do{"do": d})
	if err != nil {
		return answer{}, err
	}
	// A line of some twenty bytes, and one at a time: this does not block.
	if _, err := h.link.Write(append(line, '\n')); err != nil {
		return answer{}, err
	}
	late := time.NewTimer(within)
	defer late.Stop()
	select {
	case a, ok := <-h.answers:
		if !ok {
			return a, h.lost
		}
		return a, nil
	case <-late.C:
		return answer{}, fmt.Errorf("no answer within %v", within)
	case <-ctx.Done():
		return answer{}, ctx.Err()
	}
}
