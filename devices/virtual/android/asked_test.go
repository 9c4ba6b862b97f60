package android

import "testing"

// CREATED tells since 29 who asked for the call, and since 33 by which account,
// whichever way the call goes (telecom.md, useful events).
func TestWhoAskedForACall(t *testing.T) {
	const whole = "org.example.voip;requestedAcct:ComponentInfo{org.example.voip/org.example.voip.Calls}, ***, UserHandle{0}, selfMgd:true"
	for api, want := range map[int]string{26: "", 28: "", 29: "org.example.voip", 32: "org.example.voip", 33: whole, 36: whole} {
		for _, incoming := range []bool{true, false} {
			ph := callApp(t, func(o *Options, _ *PackageSpec) { o.API = api })
			if err := ph.inApp(func(c *Context) error { return c.Telecom().RegisterPhoneAccount(selfManaged("sip")) }); err != nil {
				t.Fatal(err)
			}
			ph.Do(func(d *Device) {
				acc := d.Telecom.Accounts[0]
				if incoming {
					d.Telecom.incoming(acc, Bundle{})
				} else {
					d.Telecom.outgoingCall(acc, "tel:5550100", Bundle{})
				}
				if first := d.Telecom.History[0].Events[0]; first.Name != "CREATED" || first.Data != want {
					t.Errorf("API %d, incoming %t: %s %q, want %q", api, incoming, first.Name, first.Data, want)
				}
			})
		}
	}
}
