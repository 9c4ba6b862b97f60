package virtual

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"net"

	"github.com/ringproof/ringproof/devices/virtual/adbd"
)

// headsetPort serves a headset to whoever tests with it: one JSON object a line
// over TCP on the loopback interface, {"do":"answer"} and such, each answered by
// one line with "ok", what went wrong, and what the headset knows. While nobody is
// connected the headset is switched off and nothing is plugged in, so that a test
// which dies leaves the phone as it was.
type headsetPort struct {
	h *Headset
	*loopback
	turn chan struct{} // one connection at a time
}

type headsetAsk struct {
	Do string `json:"do"`
}

type headsetSaid struct {
	OK        bool     `json:"ok"`
	Error     string   `json:"error,omitempty"`
	Address   string   `json:"address"`
	Can       []string `json:"can,omitempty"`
	Connected bool     `json:"connected"`
	Audio     bool     `json:"audio"`
	Ringing   bool     `json:"ringing"`
	Caller    string   `json:"caller,omitempty"`
}

// ListenHeadset opens a headset's control on a free loopback port, until the phone
// is switched off.
func (p *Phone) ListenHeadset(ctx context.Context, h *Headset) (string, error) {
	var addr string
	err := p.adb.add(func(adbd.Faults, *adbd.Keys) (front, error) {
		l, err := listenLoopback(ctx, 0)
		if err != nil {
			return nil, err
		}
		s := &headsetPort{h: h, loopback: l, turn: make(chan struct{}, 1)}
		addr = s.addr()
		s.accept(s.serve)
		return s, nil
	})
	return addr, err
}

func (s *headsetPort) serve(conn net.Conn) {
	s.turn <- struct{}{}
	defer func() { <-s.turn }()
	defer func() {
		s.h.Leave()
		s.h.p.Plug(false)
	}()
	lines := bufio.NewScanner(conn)
	lines.Buffer(make([]byte, 256), maxLine)
	out := json.NewEncoder(conn)
	for lines.Scan() {
		var ask headsetAsk
		err := json.Unmarshal(lines.Bytes(), &ask)
		if err == nil {
			err = s.do(ask.Do)
		}
		if out.Encode(s.said(ask.Do, err)) != nil {
			return
		}
	}
}

func (s *headsetPort) verbs() []string {
	return []string{"hello", "state", "come", "leave", "vanish", "answer", "hangup", "swap", "plug", "unplug"}
}

func (s *headsetPort) do(verb string) error {
	pressed := func(ok bool) error {
		if !ok {
			return errors.New("it is not connected, or there is no call for it")
		}
		return nil
	}
	switch verb {
	case "hello", "state":
	case "come":
		s.h.Come()
	case "leave":
		s.h.Leave()
	case "vanish":
		s.h.Vanish()
	case "answer":
		return pressed(s.h.Answer())
	case "hangup":
		return pressed(s.h.HangUp())
	case "swap":
		return pressed(s.h.Swap())
	case "plug", "unplug":
		s.h.p.Plug(verb == "plug")
	default:
		return errors.New("unknown request")
	}
	return nil
}

func (s *headsetPort) said(verb string, err error) headsetSaid {
	heard := s.h.Heard()
	r := headsetSaid{OK: err == nil, Address: s.h.address, Connected: heard.Connected, Audio: heard.Audio, Ringing: heard.Ringing, Caller: heard.Caller}
	if err != nil {
		r.Error = err.Error()
	}
	if verb == "hello" {
		r.Can = s.verbs()
	}
	return r
}
