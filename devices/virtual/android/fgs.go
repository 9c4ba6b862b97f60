package android

import (
	"fmt"
	"slices"
)

// start is startService or startForegroundService.
func (s *Services) start(by Caller, i *Intent, fg, userTapped bool, tok *balToken) (*ServiceRecord, error) {
	var comp Component
	if found := s.d.Packages.query(i, KindService); len(found) > 0 {
		comp = found[0]
	} else {
		s.d.Log.System(Warn, "ActivityManager", "Unable to start service %s U=0: not found", i)
		return nil, nil
	}
	pk := s.d.Packages.Get(comp.Package)
	spec := pk.Component(comp)
	if by.UID != pk.UID && by.UID != RootUID && by.UID != SystemUID {
		if !spec.Exported {
			return nil, Throw(SecurityException, "Not allowed to start service %s without permission not exported from uid %d", i, pk.UID)
		}
		if spec.Permission != "" && !s.d.Packages.CheckPermission(by, spec.Permission) {
			return nil, Throw(SecurityException, "Not allowed to start service %s without permission %s", i, spec.Permission)
		}
	}
	reason, ok := s.mayStartFGS(by, userTapped)
	switch {
	case fg && !pk.Holds("android.permission.FOREGROUND_SERVICE") && pk.TargetSDK >= 28:
		// The permission is enforced in startForeground; nothing to refuse yet.
		fallthrough
	case fg:
		if s.d.AppOps.Effective(pk, "RUN_ANY_IN_BACKGROUND") == OpIgnore && !s.d.Processes.uidForeground(pk.UID) {
			s.d.Log.System(Warn, "ActivityManager", "Background start not allowed: service %s to %s from pid=%d uid=%d pkg=%s startFg?=true", i, comp.Short(), by.PID, by.UID, by.Package)
			return nil, nil
		}
		if !ok && pk.TargetSDK >= 31 && s.d.Release.ForegroundServiceLimits {
			msg := "startForegroundService() not allowed due to mAllowStartForeground false: service " + comp.Short()
			s.d.Log.System(Warn, "ActivityManager", "%s", msg)
			return nil, Throw(ForegroundServiceStartNotAllowed, "%s", msg)
		}
	case !s.d.Processes.uidForeground(pk.UID) && !s.d.DeviceIdle.tempAllowed(pk.UID) && pk.TargetSDK >= 26 && !pk.System && !userTapped:
		s.d.Log.System(Warn, "ActivityManager", "Background start not allowed: service %s to %s from pid=%d uid=%d pkg=%s startFg?=false", i, comp.Short(), by.PID, by.UID, by.Package)
		class := BackgroundServiceStartNotAllowed
		if pk.TargetSDK < 31 || s.d.API < 31 {
			class = IllegalStateException
		}
		st := s.d.Processes.UIDState(pk.UID)
		return nil, Throw(class, "Not allowed to start service %s: app is in background uid UidRecord{%s %s %s idle procs:%d seq(%d,%d)}",
			i, s.d.hash(), userName(pk.UID), st.Token(), s.d.Processes.count(pk.UID), 0, 0)
	}
	r := s.record(pk, comp)
	r.Intent = i
	r.Started = true
	r.LastStartID++
	id := r.LastStartID
	r.AllowReason = reason
	if fg && !r.Foreground {
		r.fgRequired = true
		r.fgTimer.Stop()
		r.fgTimer = s.d.After(s.d.Release.ForegroundServiceTimeout, func() { s.didNotStart(r) })
	}
	if tok != nil {
		r.Process.tokens = append(r.Process.tokens, tok)
		pr := r.Process
		s.d.After(balGrace, func() { pr.dropToken(tok) })
	}
	r.whenCreated(func() {
		r.Process.post(s.d, func() error {
			if h, ok := r.Process.app.(ServiceHandler); ok && r.LastStartID >= id && s.alive(r) {
				r.Intent = i
				return wrap(h.OnService(r.c, r, ServiceStartCommand), "Unable to start service %s with %s", comp.Class, i)
			}
			return nil
		})
	})
	return r, nil
}

// mayStartFGS is shouldAllowFgsStartForeground: whether the caller may start a
// foreground service from where it is, and why.
func (s *Services) mayStartFGS(by Caller, userTapped bool) (reason string, ok bool) {
	if by.UID == RootUID || by.UID == SystemUID || by.UID == ShellUID {
		return "SYSTEM_UID", true
	}
	s.d.Processes.updateStates()
	st := s.d.Processes.UIDState(by.UID)
	switch {
	case st <= ProcTop:
		return "PROC_STATE_TOP", true
	case s.d.Activities.uidVisible(by.UID):
		return "UID_VISIBLE", true
	case st <= ProcBoundFGS:
		// Telecom binds so that the bound process is BFGS or better.
		return "PROC_STATE_" + map[ProcState]string{ProcBoundTop: "BTOP", ProcForegroundService: "FGS", ProcBoundFGS: "BFGS"}[st], true
	case userTapped:
		return "START_ACTIVITY_FLAG", true
	case s.d.DeviceIdle.tempAllowed(by.UID):
		return "TEMP_ALLOWLISTED", true
	}
	for _, pr := range s.d.Processes.list {
		if pr.UID != by.UID {
			continue
		}
		if len(pr.tokens) > 0 {
			return "START_ACTIVITY_FLAG", true
		}
		if s.d.Activities.inGrace(pr) {
			return "ACTIVITY_STARTER", true
		}
	}
	return "DENIED", false
}

// record finds or makes the service and creates it in its process.
func (s *Services) record(pk *Package, comp Component) *ServiceRecord {
	if r := s.Get(comp); r != nil {
		return r
	}
	pr := s.d.Processes.start(pk, "service", "{"+comp.Flat()+"}")
	s.d.Packages.started(pk)
	r := &ServiceRecord{Hash: s.d.hash(), Component: comp, Process: pr, Created: s.d.Elapsed(), creating: true, d: s.d, c: pr.ctx}
	s.list = append(s.list, r)
	s.d.Log.Event("am_create_service", 0, r.Hash, comp.Short(), pr.UID, pr.PID)
	pr.whenBound(func() {
		pr.post(s.d, func() error {
			var err error
			if h, ok := pr.app.(ServiceHandler); ok {
				err = wrap(h.OnService(pr.ctx, r, ServiceCreate), "Unable to create service %s", comp.Class)
			}
			if err != nil {
				return err
			}
			r.creating = false
			waiting := r.waiting
			r.waiting = nil
			for _, fn := range waiting {
				fn()
			}
			return nil
		})
	})
	return r
}

func (r *ServiceRecord) whenCreated(fn func()) {
	if r.creating {
		r.waiting = append(r.waiting, fn)
		return
	}
	fn()
}

func (s *Services) alive(r *ServiceRecord) bool { return slices.Contains(s.list, r) }

// didNotStart crashes an app that promised a foreground service and did not start it.
func (s *Services) didNotStart(r *ServiceRecord) {
	if !r.fgRequired || !s.alive(r) {
		return
	}
	s.d.Processes.crash(r.Process, Throw(ForegroundServiceDidNotStartInTime,
		"Context.startForegroundService() did not then call Service.startForeground(): %s", r))
}

// String is ServiceRecord.toString.
func (r *ServiceRecord) String() string {
	return fmt.Sprintf("ServiceRecord{%s u0 %s}", r.Hash, r.Component.Short())
}

// fgsTypeNames and what each type demands since 14 (ForegroundServiceTypePolicy):
// its own permission, and one of the others.
type fgsPolicy struct {
	name  string
	all   string
	anyOf []string
}

var fgsPolicies = map[uint32]fgsPolicy{ // read-only table
	FGSPhoneCall:     {"phoneCall", "android.permission.FOREGROUND_SERVICE_PHONE_CALL", []string{"android.permission.MANAGE_OWN_CALLS"}},
	FGSMicrophone:    {"microphone", "android.permission.FOREGROUND_SERVICE_MICROPHONE", []string{"android.permission.RECORD_AUDIO"}},
	FGSCamera:        {"camera", "android.permission.FOREGROUND_SERVICE_CAMERA", []string{"android.permission.CAMERA"}},
	FGSDataSync:      {"dataSync", "android.permission.FOREGROUND_SERVICE_DATA_SYNC", nil},
	FGSMediaPlayback: {"mediaPlayback", "android.permission.FOREGROUND_SERVICE_MEDIA_PLAYBACK", nil},
}

// StartForeground is Service.startForeground. types 0 and FGSManifest take the
// manifest's types. It throws when the permission, the type or the moment is wrong.
func (r *ServiceRecord) StartForeground(id int, n *Notification, types uint32) error {
	return r.c.told(r.startForeground(id, n, types), "Service.startForeground", r, id, n, types)
}

func (r *ServiceRecord) startForeground(id int, n *Notification, types uint32) error {
	d := r.d
	if r.Process.Dead || !d.Services.alive(r) {
		return nil
	}
	pk := d.Packages.Get(r.Component.Package)
	spec := pk.Component(r.Component)
	if id == 0 {
		return Throw(IllegalArgumentException, "0 is not a valid notification id")
	}
	if d.Release.ForegroundServicePermission && pk.TargetSDK >= 28 && !pk.Holds("android.permission.FOREGROUND_SERVICE") {
		return Throw(SecurityException, "Permission Denial: startForeground from pid=%d, uid=%d requires android.permission.FOREGROUND_SERVICE", r.Process.PID, r.Process.UID)
	}
	reason, ok := d.Services.mayStartFGS(r.c.caller(), false)
	if !ok && !r.fgRequired && !r.Foreground && pk.TargetSDK >= 31 && d.Release.ForegroundServiceLimits {
		msg := "Service.startForeground() not allowed due to mAllowStartForeground false: service " + r.Component.Short()
		d.Log.System(Warn, "ActivityManager", "%s", msg)
		return Throw(ForegroundServiceStartNotAllowed, "%s", msg)
	}
	if !d.Release.ForegroundServiceTypes {
		types = 0
	} else if types == 0 || types == FGSManifest {
		types = spec.ForegroundServiceType
	} else if types&^spec.ForegroundServiceType != 0 {
		return Throw(IllegalArgumentException, "foregroundServiceType 0x%08x is not a subset of foregroundServiceType attribute 0x%08x in service element of manifest file", types, spec.ForegroundServiceType)
	}
	callerApp := fmt.Sprintf("callerApp=ProcessRecord{%s %d:%s/%s} targetSDK=%d", d.hash(), r.Process.PID, r.Process.Name, userName(r.Process.UID), pk.TargetSDK)
	if pk.TargetSDK >= 34 && d.Release.TypePermissions {
		if types == 0 {
			return Throw(MissingForegroundServiceTypeException, "Starting FGS without a type  %s", callerApp)
		}
		for bit := uint32(1); bit != 0; bit <<= 1 {
			pol, known := fgsPolicies[bit]
			if types&bit == 0 || !known {
				continue
			}
			if !pk.Holds(pol.all) || !pk.holdsAny(pol.anyOf) {
				msg := fmt.Sprintf("Starting FGS with type %s %s requires permissions: all of the permissions allOf=true [%s]", pol.name, callerApp, pol.all)
				if len(pol.anyOf) > 0 {
					msg += fmt.Sprintf(" any of the permissions allOf=false %v", pol.anyOf)
				}
				return Throw(SecurityException, "%s", msg)
			}
		}
	}
	r.fgTimer.Stop()
	r.fgRequired = false
	if !r.Foreground {
		r.AllowReason = reason
	}
	if r.Foreground && r.ForegroundID != id {
		// ActiveServices.cancelForegroundNotificationLocked: a service has one.
		d.Notifications.remove(r.ForegroundKey, cancelApp)
	}
	r.Foreground, r.ForegroundID, r.ForegroundTypes = true, id, types
	nn := *n
	nn.Flags |= FlagForegroundService | FlagOngoing
	key, err := d.Notifications.enqueue(r.c, "", false, id, &nn, true)
	if err != nil {
		return err
	}
	r.ForegroundKey = key
	d.Log.Event("am_foreground_service_start", 0, r.Component.Short(), 1, reason, pk.TargetSDK, types)
	return nil
}

func (pk *Package) holdsAny(ps []string) bool {
	if len(ps) == 0 {
		return true
	}
	return slices.ContainsFunc(ps, pk.Holds)
}

// StopForeground is Service.stopForeground: STOP_FOREGROUND_REMOVE removes the
// notification, else it stays as an ordinary one.
func (r *ServiceRecord) StopForeground(remove bool) {
	_ = r.c.told(nil, "Service.stopForeground", r, remove)
	r.stopForeground(remove)
}

func (r *ServiceRecord) stopForeground(remove bool) {
	if !r.Foreground {
		return
	}
	r.Foreground = false
	if rec := r.d.Notifications.Get(r.ForegroundKey); rec != nil {
		rec.Notification.Flags &^= FlagForegroundService
	}
	if remove {
		r.d.Notifications.remove(r.ForegroundKey, cancelApp)
	}
	r.ForegroundKey = ""
}

// StopSelf is Service.stopSelf: the service ends unless it is bound.
func (r *ServiceRecord) StopSelf() {
	_ = r.c.told(nil, "Service.stopSelf", r)
	r.d.Services.stop(r)
}

func (s *Services) stop(r *ServiceRecord) {
	if !s.alive(r) {
		return
	}
	r.Started = false
	if r.fgRequired {
		s.didNotStart(r)
		return
	}
	if len(r.Bindings) > 0 {
		return
	}
	s.bringDown(r)
}

func (s *Services) bringDown(r *ServiceRecord) {
	if !s.alive(r) {
		return
	}
	if r.Foreground {
		r.stopForeground(true)
	}
	s.list = slices.DeleteFunc(s.list, func(o *ServiceRecord) bool { return o == r })
	s.d.Log.Event("am_destroy_service", 0, r.Hash, r.Process.PID)
	if h, ok := r.Process.app.(ServiceHandler); ok {
		r.Process.post(s.d, func() error { return h.OnService(r.c, r, ServiceDestroy) })
	}
}

// procDied removes the process's services and their notifications.
func (s *Services) procDied(pr *Process) {
	for _, r := range s.All() {
		if r.Process != pr {
			continue
		}
		r.fgTimer.Stop()
		if r.Foreground {
			r.stopForeground(true)
		}
		s.list = slices.DeleteFunc(s.list, func(o *ServiceRecord) bool { return o == r })
	}
}

// StartService is Context.startService. A service that cannot be found is no error.
func (c *Context) StartService(intent *Intent) error {
	_, err := c.d.Services.start(c.caller(), intent.Clone(), false, false, nil)
	return err
}

// StartForegroundService is Context.startForegroundService.
func (c *Context) StartForegroundService(intent *Intent) error {
	_, err := c.d.Services.start(c.caller(), intent.Clone(), true, false, nil)
	return c.told(err, "Context.startForegroundService", intent)
}

// StopService is Context.stopService.
func (c *Context) StopService(component Component) {
	_ = c.told(nil, "Context.stopService", component)
	if r := c.d.Services.Get(component); r != nil && r.Process.UID == c.UID {
		c.d.Services.stop(r)
	}
}

// StartService is am startservice and am start-foreground-service. It is nil
// without an error where there is no such service.
func (s *Services) StartService(by Caller, i *Intent, foreground bool) (*ServiceRecord, error) {
	return s.start(by, i, foreground, false, nil)
}

// bind connects a client to a service, as Telecom does.
func (s *Services) bind(pk *Package, comp Component, client Caller, flags []string) *ServiceRecord {
	r := s.record(pk, comp)
	r.Bindings = append(r.Bindings, &ServiceBinding{Client: client, Flags: flags, Since: s.d.Elapsed()})
	return r
}

// unbind takes one binding of the client away.
func (s *Services) unbind(r *ServiceRecord, client Caller) {
	for n, b := range r.Bindings {
		if b.Client == client {
			r.Bindings = slices.Delete(r.Bindings, n, n+1)
			break
		}
	}
	if len(r.Bindings) == 0 && !r.Started {
		s.bringDown(r)
	}
}

func (p *Processes) count(uid int) int {
	n := 0
	for _, pr := range p.list {
		if pr.UID == uid {
			n++
		}
	}
	return n
}
