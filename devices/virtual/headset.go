package virtual

import (
	"fmt"

	"github.com/ringproof/ringproof/devices/virtual/android"
)

// Headset is a headset that is bonded with a phone, as its user handles it. What
// it does takes effect in the phone's own time.
type Headset struct {
	p       *Phone
	address string
}

// HeardCall is what a headset knows of the phone's calls.
type HeardCall struct {
	// Connected: for calls (HFP). Audio: the voice channel is open.
	Connected, Audio bool
	// Ringing, and who calls as the phone tells it (+CLIP).
	Ringing bool
	Caller  string
}

// Bond pairs the phone with a headset that is switched off.
func (p *Phone) Bond(address, name string) (*Headset, error) {
	var err error
	p.sys.Do(func(d *android.Device) {
		if d.Bluetooth.Headset(address) != nil {
			err = fmt.Errorf("bond a headset: %s is bonded already", address)
			return
		}
		d.Bluetooth.Bond(address, name)
	})
	return &Headset{p, address}, err
}

// Address is the headset's.
func (h *Headset) Address() string { return h.address }

func (h *Headset) do(fn func(b *android.Bluetooth, x *android.Headset)) {
	h.p.sys.Do(func(d *android.Device) { fn(d.Bluetooth, d.Bluetooth.Headset(h.address)) })
}

// Come switches it on: it connects in a second or two.
func (h *Headset) Come() { h.do((*android.Bluetooth).Return) }

// Leave switches it off: it ends its connection.
func (h *Headset) Leave() { h.do((*android.Bluetooth).Leave) }

// Vanish takes it out of range: the phone notices seconds later.
func (h *Headset) Vanish() { h.do((*android.Bluetooth).Vanish) }

// Answer, HangUp and Swap press its buttons: ATA, AT+CHUP (which also rejects) and
// AT+CHLD=2. They report whether the phone had a call for it.
func (h *Headset) Answer() bool { return h.press((*android.Bluetooth).Answer) }

// HangUp ends the call in front, or rejects the one that rings.
func (h *Headset) HangUp() bool { return h.press((*android.Bluetooth).HangUp) }

// Swap holds the active call and goes on with the held one.
func (h *Headset) Swap() bool { return h.press((*android.Bluetooth).Swap) }

func (h *Headset) press(key func(*android.Bluetooth, *android.Headset) bool) (ok bool) {
	h.do(func(b *android.Bluetooth, x *android.Headset) { ok = key(b, x) })
	return ok
}

// Heard is what it knows now.
func (h *Headset) Heard() (c HeardCall) {
	h.do(func(b *android.Bluetooth, x *android.Headset) {
		c.Connected, c.Audio = x.Connected(), x.HFP == android.HFPAudioOn
		c.Caller, c.Ringing = b.Caller(x)
	})
	return c
}

// Plug puts a wired headset into the phone, or pulls it out.
func (p *Phone) Plug(in bool) { p.sys.Do(func(d *android.Device) { d.Audio.Plug(in) }) }
