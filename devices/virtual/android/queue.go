package android

import (
	"slices"
	"strings"
	"time"
)

// Broadcast timeouts (BroadcastConstants of the foreground and background queues).
const (
	broadcastTimeoutFG = 10 * time.Second
	broadcastTimeoutBG = 60 * time.Second
)

// protectedBroadcasts may only be sent by the system.
var protectedBroadcasts = []string{ // read-only table
	"android.intent.action.BOOT_COMPLETED", "android.intent.action.LOCKED_BOOT_COMPLETED",
	"android.intent.action.SCREEN_ON", "android.intent.action.SCREEN_OFF", "android.intent.action.USER_PRESENT",
	"android.intent.action.BATTERY_CHANGED", "android.intent.action.PACKAGE_ADDED", "android.intent.action.PACKAGE_REMOVED",
	ActionMyPackageReplaced,
	"android.intent.action.PHONE_STATE", "android.intent.action.AIRPLANE_MODE",
}

// Send sends a broadcast to the manifest receivers that the intent resolves to.
// An error is what the sender's call throws; whatever is refused later shows only
// in the result.
func (b *Broadcasts) Send(by Caller, intent *Intent, o BroadcastOptions) (*Broadcast, error) {
	if slices.Contains(protectedBroadcasts, intent.Action) && by.UID != RootUID && by.UID != SystemUID {
		return nil, Throw(SecurityException, "Permission Denial: not allowed to send broadcast %s from pid=%d, uid=%d", intent.Action, by.PID, by.UID)
	}
	i := intent.Clone()
	if by.UID == ShellUID || by.UID == RootUID {
		i.Flags |= FlagReceiverFromShell // am adds it to everything it sends
	}
	br := &Broadcast{Intent: i, Caller: by, Ordered: o.Ordered, Enqueued: b.d.Elapsed(), opts: o}
	found := b.d.Packages.QueryReceivers(i)
	if u := b.d.Users.Get(b.d.user); u == nil || !u.Running() {
		b.d.Log.System(Warn, "ActivityManager", "Skipping broadcast of %s: user %d is stopped", i, b.d.user)
		found = nil
	}
	for _, c := range found {
		pk := b.d.Packages.Get(c.Package)
		// Stopped packages are left out when a filter matched, not when the
		// component was named (IntentResolver, FLAG_EXCLUDE_STOPPED_PACKAGES).
		if i.Component.IsZero() && pk.Stopped && i.Flags&FlagIncludeStoppedPackages == 0 {
			continue
		}
		br.Receivers = append(br.Receivers, &BroadcastReceiver{Component: c, State: DeliveryPending})
	}
	b.Active = append(b.Active, br)
	b.last = max(b.d.Elapsed()+b.d.Jitter(3*time.Millisecond), b.last+time.Microsecond)
	b.d.After(b.last-b.d.Elapsed(), func() { b.step(br) })
	return br, nil
}

// step delivers the next receiver, or finishes.
func (b *Broadcasts) step(br *Broadcast) {
	for br.next < len(br.Receivers) {
		r := br.Receivers[br.next]
		br.next++
		if reason := b.skip(br, r.Component); reason != "" {
			r.State, r.Reason, r.Terminal = DeliverySkipped, reason, b.d.Elapsed()
			b.d.Log.System(Warn, "BroadcastQueue", "%s", reason)
			continue
		}
		b.deliver(br, r)
		return
	}
	br.Finished, br.FinishedAt = true, b.d.Elapsed()
	b.Active = slices.DeleteFunc(b.Active, func(o *Broadcast) bool { return o == br })
	b.History = append(b.History, br)
	if len(b.History) > 50 {
		b.History = b.History[len(b.History)-50:]
	}
	if br.opts.Done != nil {
		br.opts.Done(br)
	}
}

// skip is BroadcastSkipPolicy.shouldSkipMessage: "" = deliver, else the reason,
// which is also the log line.
func (b *Broadcasts) skip(br *Broadcast, c Component) string {
	pk := b.d.Packages.Get(c.Package)
	if pk == nil {
		return "Receiver " + c.Short() + " is gone"
	}
	s := pk.Component(c)
	who := func() string {
		p := br.Caller.Package
		return " from " + p + " (pid=" + itoa(br.Caller.PID) + ", uid=" + itoa(br.Caller.UID) + ")"
	}
	if !s.Exported && br.Caller.UID != RootUID && br.Caller.UID != SystemUID && br.Caller.UID != pk.UID {
		return "Permission Denial: broadcasting " + br.Intent.String() + who() + " is not exported from uid " + itoa(pk.UID) + " due to receiver " + c.Short()
	}
	if s.Permission != "" && br.Caller.UID != pk.UID && !b.d.Packages.CheckPermission(br.Caller, s.Permission) {
		return "Permission Denial: broadcasting " + br.Intent.String() + who() + " requires " + s.Permission + " due to receiver " + c.Short()
	}
	if p := br.opts.RequiredPermission; p != "" && !pk.Holds(p) {
		return "Permission Denial: receiving " + br.Intent.String() + " to " + c.Short() + " requires " + p + " due to sender " + br.Caller.Package + " (uid " + itoa(br.Caller.UID) + ")"
	}
	// Android 8: implicit broadcasts reach no manifest receiver of an app in the
	// background that targets 26 or newer.
	i := br.Intent
	if i.Component.IsZero() && i.Package == "" && i.Flags&FlagReceiverIncludeBackground == 0 &&
		pk.TargetSDK >= 26 && !pk.System && b.d.Processes.ByName(pk.Name) == nil {
		return "Background execution not allowed: receiving " + i.String() + " to " + c.Short()
	}
	return ""
}

func (b *Broadcasts) deliver(br *Broadcast, r *BroadcastReceiver) {
	pk := b.d.Packages.Get(r.Component.Package)
	pr := b.d.Processes.start(pk, "broadcast", "{"+r.Component.Flat()+"}")
	b.d.Packages.started(pk)
	r.proc, r.State = pr, DeliveryScheduled
	pr.current++
	pr.whenBound(func() {
		r.Scheduled = b.d.Elapsed()
		limit := broadcastTimeoutBG
		if br.Intent.Flags&FlagReceiverForeground != 0 {
			limit = broadcastTimeoutFG
		}
		r.timer = b.d.After(limit, func() {
			b.d.Log.System(Warn, "BroadcastQueue", "Timeout of %s to %s after %dms", br.Intent, r.Component.Short(), limit.Milliseconds())
			b.complete(br, r, DeliveryTimeout)
			b.d.Processes.notResponding(pr, "Broadcast of "+br.Intent.String())
		})
		r.result = &PendingResult{b: br, proc: pr}
		r.result.finish = func() { b.complete(br, r, DeliveryDelivered) }
		tok := br.opts.token
		if tok != nil {
			pr.tokens = append(pr.tokens, tok)
		}
		pr.post(b.d, func() error {
			if r.State != DeliveryScheduled {
				return nil
			}
			var err error
			if rec, ok := pr.app.(Receiver); ok {
				i := br.Intent.Clone()
				i.Component = r.Component
				i.Extras = i.Extras.parceled()
				err = wrap(rec.OnReceive(pr.ctx, r.Component, i, r.result), "Unable to start receiver %s", r.Component.Class)
			}
			if err == nil && !r.result.async {
				r.result.Finish()
			}
			return err
		})
	})
}

// complete ends one receiver's turn.
func (b *Broadcasts) complete(br *Broadcast, r *BroadcastReceiver, s DeliveryState) {
	if r.State != DeliveryScheduled {
		return
	}
	r.State, r.Terminal = s, b.d.Elapsed()
	r.timer.Stop()
	if r.result != nil {
		r.result.done = true
	}
	if !r.proc.Dead {
		r.proc.current--
	}
	if t := br.opts.token; t != nil {
		// The right to start activities outlives the receiver a little; the
		// trampoline check then still knows where it came from.
		pr := r.proc
		b.d.After(balGrace, func() { pr.dropToken(t) })
	}
	b.d.After(b.d.Jitter(time.Millisecond), func() { b.step(br) })
}

// procDied fails what the process had not finished.
func (b *Broadcasts) procDied(pr *Process) {
	for _, br := range slices.Clone(b.Active) {
		for _, r := range br.Receivers {
			if r.proc == pr && r.State == DeliveryScheduled {
				b.complete(br, r, DeliveryFailure)
			}
		}
	}
}

// Finish ends a receiver that went async; without GoAsync the system does it.
func (r *PendingResult) Finish() {
	if r.done || r.proc.Dead {
		return
	}
	r.done = true
	r.finish()
}

// balToken is a right to start activities from the background that a process
// was given (BackgroundStartPrivileges).
type balToken struct {
	// notification: it comes from a notification's tap or button. Since Android
	// 12 that alone does not let a receiver or service start an activity.
	notification bool
}

func (pr *Process) dropToken(t *balToken) {
	pr.tokens = slices.DeleteFunc(pr.tokens, func(o *balToken) bool { return o == t })
}

// ---- pending intents

// Get is PendingIntent.getActivity and friends: the record for creator, kind,
// request code and intent, new or shared. On 12 and newer an app that targets 31
// must say whether it is mutable.
func (p *PendingIntents) get(c *Context, kind PendingIntentKind, code int, intent *Intent, flags uint32) (*PendingIntent, error) {
	pk := c.Package()
	if p.d.Release.MutabilityFlag && pk.TargetSDK >= 31 && flags&(PendingImmutable|PendingMutable) == 0 {
		return nil, Throw(IllegalArgumentException, "%s: Targeting S+ (version 31 and above) requires that one of FLAG_IMMUTABLE or FLAG_MUTABLE be specified when creating a PendingIntent.\nStrongly consider using FLAG_IMMUTABLE, only use FLAG_MUTABLE if some functionality depends on the PendingIntent being mutable, e.g. if it needs to be used with inline replies or bubbles.", c.PackageName)
	}
	for _, pi := range p.list {
		if pi.Package != c.PackageName || pi.UID != c.UID || pi.Kind != kind || pi.RequestCode != code || !pi.Intent.FilterEquals(intent) || pi.Canceled {
			continue
		}
		if flags&PendingCancelCurrent != 0 {
			pi.Canceled = true
			p.list = slices.DeleteFunc(p.list, func(o *PendingIntent) bool { return o == pi })
			break
		}
		if flags&PendingUpdateCurrent != 0 {
			pi.Intent.Extras = intent.Extras.Clone()
		}
		return pi, nil
	}
	if flags&PendingNoCreate != 0 {
		return nil, nil
	}
	pi := &PendingIntent{
		Hash: p.d.hash(), RecordHash: p.d.hash(), Package: c.PackageName, UID: c.UID,
		Kind: kind, RequestCode: code, Intent: intent.Clone(), Flags: flags,
	}
	p.list = append(p.list, pi)
	return pi, nil
}

// PendingIntent is PendingIntent.getActivity, getBroadcast, getService or
// getForegroundService, by kind. With PendingNoCreate it may be nil.
func (c *Context) PendingIntent(kind PendingIntentKind, requestCode int, intent *Intent, flags uint32) (*PendingIntent, error) {
	return c.d.Intents.get(c, kind, requestCode, intent, flags)
}

// sendOptions say in which light a pending intent is sent.
type sendOptions struct {
	// tapped: the user tapped a notification; the sender lends its right to
	// start activities.
	tapped bool
}

// send sends a pending intent on behalf of the system UI.
func (p *PendingIntents) send(pi *PendingIntent, o sendOptions) error {
	if pi.Canceled {
		return Throw(CanceledException, "")
	}
	if user := UserOf(pi.UID); user != p.d.user {
		var err error
		p.d.AsUser(user, func() { err = p.send(pi, o) })
		return err
	}
	if pi.Flags&PendingOneShot != 0 {
		pi.Canceled = true
		p.list = slices.DeleteFunc(p.list, func(x *PendingIntent) bool { return x == pi })
	}
	pk := p.d.Packages.Get(pi.Package)
	if pk == nil {
		return Throw(CanceledException, "")
	}
	by := pk.caller(0)
	switch pi.Kind {
	case PendingActivity:
		i := pi.Intent.Clone()
		i.Flags |= FlagActivityNewTask
		_, err := p.d.Activities.Start(by, i, StartOptions{balAllowed: o.tapped})
		return err
	case PendingBroadcast:
		var tok *balToken
		if o.tapped {
			tok = &balToken{notification: true}
		}
		i := pi.Intent.Clone()
		i.Flags |= FlagReceiverForeground // notification buttons are sent to the foreground queue
		_, err := p.d.Broadcasts.Send(by, i, BroadcastOptions{token: tok})
		return err
	default:
		var tok *balToken
		if o.tapped {
			tok = &balToken{notification: true}
		}
		_, err := p.d.Services.start(by, pi.Intent.Clone(), pi.Kind == PendingForegroundService, o.tapped, tok)
		return err
	}
}

// Send sends a pending intent as an app or the shell would, without any right to
// start activities of its own.
func (p *PendingIntents) Send(pi *PendingIntent) error { return p.send(pi, sendOptions{}) }

// dropPackage forgets a package's pending intents.
func (p *PendingIntents) dropPackage(pkg string) {
	for _, pi := range p.list {
		if pi.Package == pkg && UserOf(pi.UID) == p.d.user {
			pi.Canceled = true
		}
	}
	p.list = slices.DeleteFunc(p.list, func(x *PendingIntent) bool { return x.Canceled })
}

// String is PendingIntent's dump form:
// "PendingIntent{H: PendingIntentRecord{H pkg startActivity}}".
func (pi *PendingIntent) String() string {
	if pi == nil {
		return "null"
	}
	return strings.Join([]string{"PendingIntent{" + pi.Hash + ": PendingIntentRecord{" + pi.RecordHash, pi.Package, string(pi.Kind) + "}}"}, " ")
}
