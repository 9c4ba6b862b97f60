package android

import (
	"slices"
	"testing"
	"time"
)

// headset is a phone with a connected headset whose app answers and ends.
func headset(t *testing.T) (*phone, *Headset) {
	t.Helper()
	ph := callApp(t)
	ph.p.onCall = func(_ *Context, conn *Connection, what string) error {
		switch what {
		case "answer":
			conn.SetActive()
		case "disconnect", "reject":
			conn.SetDisconnected(DisconnectCause{Code: DisconnectLocal})
			conn.Destroy()
		}
		return nil
	}
	var h *Headset
	ph.Do(func(d *Device) {
		h = d.Bluetooth.Bond("02:11:22:33:44:55", "Test Headset")
		d.Bluetooth.Return(h)
	})
	ph.Step(5 * time.Second)
	return ph, h
}

// wantRoute compares what the services say of the route: Telecom's state, the
// headset's machine and the device that AudioService uses.
func wantRoute(t *testing.T, ph *phone, h *Headset, route string, hfp HFPState, device string) {
	t.Helper()
	ph.Do(func(d *Device) {
		if got := d.Telecom.RouteState(); got != route || h.HFP != hfp || d.Audio.CommunicationDevice != device {
			t.Errorf("route %s, headset %s, device %q; want %s, %s, %q", got, h.HFP, d.Audio.CommunicationDevice, route, hfp, device)
		}
	})
}

// telecom.md 4.3 and 4.4: before the call the route is quiescent; in the call it
// is active and the voice channel is open; a headset that vanishes leaves the call
// at the ear; one that comes back takes it again.
func TestHeadsetTakesTheCall(t *testing.T) {
	ph, h := headset(t)
	wantRoute(t, ph, h, "QuiescentBluetoothRoute", HFPConnected, "")
	ph.ring()
	// Telecom does not ring self-managed calls, so nothing plays in-band.
	wantRoute(t, ph, h, "QuiescentBluetoothRoute", HFPConnected, "")
	ph.Do(func(d *Device) {
		if number, ringing := d.Bluetooth.Caller(h); !ringing || number != "alice@example.org" {
			t.Errorf("the headset shows %q, ringing %t", number, ringing)
		}
		if !d.Bluetooth.Answer(h) {
			t.Error("the headset could not answer")
		}
	})
	ph.Step(time.Second)
	ph.wantCalls("TC@1 ACTIVE")
	wantRoute(t, ph, h, "ActiveBluetoothRoute", HFPAudioOn, "bt_sco_hs")
	ph.Do(func(d *Device) { d.Bluetooth.Vanish(h) })
	ph.Step(10 * time.Second)
	ph.wantCalls("TC@1 ACTIVE")
	wantRoute(t, ph, h, "ActiveEarpieceRoute", HFPDisconnected, "earpiece")
	for _, event := range []string{"Bluetooth active device gone", "Leaving state ActiveBluetoothRoute", "Entering state ActiveEarpieceRoute"} {
		ph.Do(func(d *Device) {
			if !slices.ContainsFunc(d.Telecom.History[0].Events, func(e CallEvent) bool { return e.Name == "AUDIO_ROUTE" && e.Data == event }) {
				t.Errorf("no event AUDIO_ROUTE (%s)", event)
			}
		})
	}
	ph.Do(func(d *Device) { d.Bluetooth.Return(h) })
	ph.Step(5 * time.Second)
	wantRoute(t, ph, h, "ActiveBluetoothRoute", HFPAudioOn, "bt_sco_hs")
	ph.Do(func(d *Device) {
		if !d.Bluetooth.HangUp(h) {
			t.Error("the headset could not hang up")
		}
	})
	ph.Step(2 * time.Second)
	ph.wantCalls()
	wantRoute(t, ph, h, "QuiescentBluetoothRoute", HFPConnected, "")
}

// A headset rejects the ringing call with the command that ends others.
func TestHeadsetRejects(t *testing.T) {
	ph, h := headset(t)
	ph.ring()
	ph.Do(func(d *Device) { d.Bluetooth.HangUp(h) })
	ph.Step(time.Second)
	if !ph.p.saw("reject") {
		t.Errorf("the app saw %q", ph.p.trace)
	}
}

// A headset that is not connected cannot do anything.
func TestHeadsetOutOfRange(t *testing.T) {
	ph, h := headset(t)
	ph.ring()
	ph.Do(func(d *Device) {
		d.Bluetooth.Leave(h)
		if _, ringing := d.Bluetooth.Caller(h); ringing || d.Bluetooth.Answer(h) || d.Bluetooth.HangUp(h) || d.Bluetooth.Swap(h) {
			t.Error("a headset that is away does something")
		}
	})
	ph.wantCalls("TC@1 RINGING")
}

// The adapter goes off in the middle of a call, and on again; the user takes the
// call to the speaker, where it stays when the headset comes back.
func TestAdapterOffInCall(t *testing.T) {
	ph, h := headset(t)
	ph.ring()
	ph.Do(func(d *Device) { d.Bluetooth.Answer(h) })
	ph.Step(time.Second)
	ph.Do(func(d *Device) { d.Bluetooth.Disable("com.android.shell") })
	ph.Do(func(d *Device) {
		if d.Bluetooth.State != BluetoothTurningOff {
			t.Errorf("adapter %s", d.Bluetooth.State)
		}
	})
	ph.Step(2 * time.Second)
	wantRoute(t, ph, h, "ActiveEarpieceRoute", HFPDisconnected, "earpiece")
	ph.Do(func(d *Device) { d.Bluetooth.Enable("com.android.shell") })
	ph.Step(8 * time.Second)
	wantRoute(t, ph, h, "ActiveBluetoothRoute", HFPAudioOn, "bt_sco_hs")
	ph.Do(func(d *Device) { d.Telecom.setRoute(RouteSpeaker) })
	ph.Step(time.Second)
	wantRoute(t, ph, h, "ActiveSpeakerRoute", HFPConnected, "speaker")
	ph.Do(func(d *Device) { d.Bluetooth.Leave(h); d.Bluetooth.Return(h) })
	ph.Step(5 * time.Second)
	wantRoute(t, ph, h, "ActiveSpeakerRoute", HFPConnected, "speaker")
}

// A wired headset takes the earpiece's place, and gives it back.
func TestWiredHeadset(t *testing.T) {
	ph := callApp(t)
	h := &Headset{HFP: HFPDisconnected}
	ph.p.onCall = func(_ *Context, conn *Connection, what string) error {
		if what == "answer" {
			conn.SetActive()
		}
		return nil
	}
	ph.ring()
	ph.Do(func(d *Device) { d.Input.Key(KeyHeadsetHook, false) })
	ph.Step(time.Second)
	wantRoute(t, ph, h, "ActiveEarpieceRoute", HFPDisconnected, "earpiece")
	ph.Do(func(d *Device) { d.Audio.Plug(true) })
	wantRoute(t, ph, h, "ActiveHeadsetRoute", HFPDisconnected, "wired_headset")
	ph.Do(func(d *Device) { d.Telecom.setRoute(RouteSpeaker) })
	wantRoute(t, ph, h, "ActiveSpeakerRoute", HFPDisconnected, "speaker")
	ph.Do(func(d *Device) { d.Telecom.setRoute(RouteEarpiece) })
	wantRoute(t, ph, h, "ActiveHeadsetRoute", HFPDisconnected, "wired_headset")
	ph.Do(func(d *Device) { d.Audio.Plug(false) })
	wantRoute(t, ph, h, "ActiveEarpieceRoute", HFPDisconnected, "earpiece")
}

// Media stops for a call and goes on after it; the focus stack tells of both.
func TestMediaAroundACall(t *testing.T) {
	ph, h := headset(t)
	playing := func(want bool, stack ...string) {
		t.Helper()
		ph.Do(func(d *Device) {
			var got []string
			for _, f := range d.Audio.Focus {
				got = append(got, f.Package+" "+f.Loss)
			}
			if d.Bluetooth.Playing(h) != want || !slices.Equal(got, stack) {
				t.Errorf("playing %t, focus %q; want %t, %q", d.Bluetooth.Playing(h), got, want, stack)
			}
		})
	}
	ph.Do(func(d *Device) { d.Input.Key(KeyMediaPlay, false) })
	playing(true, "com.android.music none")
	ph.ring()
	playing(true, "com.android.music none")
	ph.Do(func(d *Device) { d.Bluetooth.Answer(h) })
	ph.Step(time.Second)
	playing(false, "com.android.music LOSS_TRANSIENT", "com.android.server.telecom none")
	ph.Do(func(d *Device) { d.Bluetooth.HangUp(h) })
	ph.Step(time.Second)
	playing(true, "com.android.music none")
	ph.Do(func(d *Device) { d.Input.Key(KeyMediaPause, false) })
	playing(false)
}
