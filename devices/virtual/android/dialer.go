package android

// dialerPackage is the default dialer of the system image, with its InCallService.
const dialerPackage = "com.android.dialer"

// Ids of the dialer's channel and notification.
const (
	dialerChannel      = "phone_incoming_call"
	dialerNotification = 1
)

// managedAdded binds the dialer's InCallService to a managed call and has it show
// the call: a self-managed call is its app's to show.
func (t *Telecom) managedAdded(c *Call) {
	if c.SelfManaged {
		return
	}
	pk := t.d.Packages.Get(dialerPackage)
	if pk == nil {
		return
	}
	t.dialerLooks(t.d.Processes.start(pk, "service", dialerPackage+"/.InCallServiceImpl"))
}

// managedChanged has the dialer look again.
func (t *Telecom) managedChanged(c *Call) {
	if c.SelfManaged {
		return
	}
	if pr := t.d.Processes.ByName(dialerPackage); pr != nil {
		t.dialerLooks(pr)
	}
}

func (t *Telecom) dialerLooks(pr *Process) {
	pr.whenBound(func() { pr.post(t.d, func() error { return t.dialerShows(pr) }) })
}

// dialerShows is the dialer's StatusBarNotifier: one notification for the managed
// call in front, none without one.
func (t *Telecom) dialerShows(pr *Process) error {
	var shown *Call
	for _, c := range t.Calls {
		if !c.SelfManaged && !c.Terminal() && (shown == nil || c.State == CallRinging) {
			shown = c
		}
	}
	if shown == nil {
		pr.ctx.CancelNotification(dialerNotification)
		return nil
	}
	if err := pr.ctx.CreateChannel(Channel{ID: dialerChannel, Name: "Incoming calls", Importance: ImportanceHigh, Visibility: 1}); err != nil {
		return err
	}
	n := &Notification{ChannelID: dialerChannel, Category: "call", Visibility: 1, Flags: FlagOngoing, Title: afterScheme(shown.Handle), Text: "Ongoing call"}
	if shown.State == CallRinging {
		n.Text = "Incoming call"
	}
	return pr.ctx.Notify(dialerNotification, n)
}
