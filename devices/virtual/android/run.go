package android

import (
	"slices"
	"time"
)

// Latencies of an unhurried mid-range phone, before jitter.
const (
	forkLatency   = 90 * time.Millisecond  // zygote fork until the process attaches
	createLatency = 160 * time.Millisecond // attach until Application.onCreate has returned
	binderLatency = 2 * time.Millisecond   // a call into an idle process's main thread
	uidIdleAfter  = time.Minute            // ActivityManagerConstants.BACKGROUND_SETTLE_TIME
	balGrace      = 10 * time.Second       // ACTIVITY_BG_START_GRACE_PERIOD_MS
	crashAgain    = time.Minute            // AppErrors: a second crash within this counts as repeated
)

// start starts the package's process, or returns the running one.
func (p *Processes) start(pk *Package, hosting, name string) *Process {
	if pr := p.ByName(pk.Name); pr != nil {
		pr.Frozen = false // whatever is sent to it thaws it
		return pr
	}
	p.d.Packages.started(pk)
	pr := &Process{
		PID: p.newPID(), UID: pk.UID, Name: pk.Name, Package: pk.Name, Persistent: pk.Persistent,
		Started: p.d.Elapsed(), HostingType: hosting, HostingName: name,
		State: ProcCachedEmpty, Adj: 900, AdjType: "cch-empty", lastFG: -1, lastAct: -1,
	}
	p.list = append(p.list, pr)
	pr.ctx = &Context{d: p.d, Proc: pr, PID: pr.PID, UID: pr.UID, PackageName: pk.Name}
	p.d.Log.Event("am_proc_start", 0, pr.PID, pr.UID, pr.Name, hosting, name)
	p.d.Log.System(Info, "ActivityManager", "Start proc %d:%s/%s for %s %s", pr.PID, pr.Name, userName(pr.UID), hosting, name)
	p.d.After(p.d.Jitter(forkLatency), func() {
		if pr.Dead {
			return
		}
		p.d.Log.Event("am_proc_bound", 0, pr.PID, pr.Name)
		if pk.NewApp != nil {
			pr.app = pk.NewApp()
			if !pr.call(func() error {
				return wrap(pr.app.OnCreate(pr.ctx), "Unable to create application %s", pk.application())
			}) {
				return
			}
		}
		// onCreate's own work (a Telecom binder call, files) is over when the
		// process takes its next message.
		pr.ready = p.d.Elapsed() + p.d.Jitter(createLatency)
		p.d.After(pr.ready-p.d.Elapsed(), func() {
			if pr.Dead {
				return
			}
			pr.Bound = true
			pending := pr.pending
			pr.pending = nil
			for _, fn := range pending {
				fn()
			}
		})
	})
	return pr
}

func (pk *Package) application() string {
	if pk.Application != "" {
		return pk.Application
	}
	return "android.app.Application"
}

func (p *Processes) newPID() int {
	p.nextPID += 7 + p.d.sys.rng.IntN(40) // other things fork in between
	return p.nextPID
}

// NewPID hands out a process id for a shell command or another short-lived process.
func (p *Processes) NewPID() int { return p.newPID() }

// whenBound runs fn once the process is bound; never when it dies before.
func (pr *Process) whenBound(fn func()) {
	if pr.Bound {
		fn()
		return
	}
	pr.pending = append(pr.pending, fn)
}

// post runs a callback of the app on its main thread, after binder latency and in
// the order of posting.
func (pr *Process) post(d *Device, fn func() error) {
	at := max(d.Elapsed()+d.Jitter(binderLatency), pr.ready+time.Microsecond)
	pr.ready = at
	d.After(at-d.Elapsed(), func() { pr.call(fn) })
}

// toSystem runs what a one-way binder call of the process does in the system: a
// little later, and in the order of the calls. It happens even when the process
// has died meanwhile.
func (pr *Process) toSystem(d *Device, fn func()) {
	pr.sent = max(d.Elapsed()+d.Jitter(binderLatency), pr.sent+time.Microsecond)
	d.After(pr.sent-d.Elapsed(), fn)
}

// call runs app code now. An error crashes the process; false = it is dead.
func (pr *Process) call(fn func() error) bool {
	if pr.Dead {
		return false
	}
	pr.ctx.d.AsUser(UserOf(pr.UID), func() {
		if err := fn(); err != nil && !pr.Dead {
			pr.ctx.d.Processes.crash(pr, AsException(err))
		}
	})
	return !pr.Dead
}

// wrap is how ActivityThread reports what a component threw.
func wrap(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	e := AsException(err)
	w := Throw(RuntimeException, format, args...)
	w.Message += ": " + e.Error()
	w.Frames = e.Frames
	w.Cause = e
	return w
}

// ForceStop is am force-stop: everything of the package ends, its notifications
// and alarms go, and it is stopped until something of it is started by name.
// Registered phone accounts stay.
func (p *Processes) ForceStop(by Caller, pkg string) {
	pk := p.d.Packages.Get(pkg)
	if pk == nil {
		return
	}
	why := "from pid " + itoa(by.PID)
	p.d.Log.System(Info, "ActivityManager", "Force stopping %s appid=%d user=0: %s", pkg, pk.UID, why)
	p.d.Packages.stop(pk, ReasonUserRequested, SubReasonForceStop, "stop "+pkg+" due to "+why)
	if !pk.System {
		pk.Stopped = true
		if p.d.Release.StoppedHardening {
			p.d.Intents.dropPackage(pkg)
		}
	}
}

// StopApp is am stop-app: as force-stop, without the stopped state.
func (p *Processes) StopApp(by Caller, pkg string) {
	if pk := p.d.Packages.Get(pkg); pk != nil {
		p.d.Packages.stop(pk, ReasonUserRequested, SubReasonStopApp, "stop "+pkg+" due to from pid "+itoa(by.PID))
	}
}

// KillBackground is am kill: it ends the package's processes only when they are no
// more important than a background service (adj >= SERVICE_ADJ).
func (p *Processes) KillBackground(_ Caller, pkg string) {
	p.updateStates()
	for _, pr := range p.All() {
		if pr.Package == pkg && UserOf(pr.UID) == p.d.user && !pr.Persistent && pr.Adj >= 500 {
			p.kill(pr, ReasonUserRequested, SubReasonKillBackground, 0, "kill background")
		}
	}
}

// KillPID is kill -9. Root may kill any app process, others only their own uid's.
func (p *Processes) KillPID(by Caller, pid int) error {
	pr := p.ByPID(pid)
	if pr == nil {
		return Throw(IllegalArgumentException, "No such process")
	}
	if by.UID != RootUID && by.UID != pr.UID {
		return Throw(SecurityException, "Operation not permitted")
	}
	p.die(pr, ReasonSignaled, SubReasonUnknown, 9, "")
	return nil
}

// Crash is am crash.
func (p *Processes) Crash(_ Caller, pkg string) {
	if pr := p.ByName(pkg); pr != nil && !pr.Persistent {
		p.crash(pr, Throw("android.app.RemoteServiceException$CrashedByAdbException", "shell-induced crash"))
	}
}

func (p *Processes) killUID(uid int, r ExitReason, sub ExitSubReason, desc string) {
	for _, pr := range p.All() {
		if pr.UID == uid && !pr.Persistent {
			p.kill(pr, r, sub, 0, desc)
		}
	}
}

// kill is the system ending a process.
func (p *Processes) kill(pr *Process, r ExitReason, sub ExitSubReason, status int, desc string) {
	if pr.Dead {
		return
	}
	p.d.Log.Event("am_kill", 0, pr.PID, pr.Name, pr.Adj, desc)
	p.d.Log.System(Info, "ActivityManager", "Killing %d:%s/%s (adj %d): %s", pr.PID, pr.Name, userName(pr.UID), pr.Adj, desc)
	p.die(pr, r, sub, status, desc)
}

// die ends a process and everything that lives in it.
func (p *Processes) die(pr *Process, r ExitReason, sub ExitSubReason, status int, desc string) {
	if pr.Dead {
		return
	}
	pr.Dead = true
	pr.pending = nil
	p.list = slices.DeleteFunc(p.list, func(o *Process) bool { return o == pr })
	p.exits = keep(p.exits, ExitInfo{
		Time: p.d.Now(), PID: pr.PID, UID: pr.UID, Process: pr.Name, Package: pr.Package,
		Reason: r, SubReason: sub, Status: status, Importance: pr.State.importance(), Description: desc,
	}, 200)
	p.d.Log.System(Info, "ActivityManager", "Process %s (pid %d) has died: %s %s", pr.Name, pr.PID, adjText(pr.Adj), pr.State.Token())
	p.d.Log.Event("am_proc_died", 0, pr.PID, pr.Name, pr.Adj, int(pr.State))
	p.d.Power.procDied(pr)
	p.d.Audio.procDied(pr)
	p.d.Activities.procDied(pr, r == ReasonCrash || r == ReasonANR)
	p.d.Services.procDied(pr)
	p.d.Telecom.procDied(pr)
	p.d.Broadcasts.procDied(pr)
}

// crash is an uncaught exception: the log block, am_crash, the end of the process.
// The first crash of an app shows nothing; a second within a minute, of an app
// with an activity on screen, shows "keeps stopping" (AppErrors).
func (p *Processes) crash(pr *Process, e *Exception) {
	pk := p.d.Packages.Get(pr.Package)
	p.d.Log.Write(LogLine{UID: pr.UID, PID: pr.PID, Buffer: BufferCrash, Priority: Error, Tag: "AndroidRuntime", Message: e.report(pr)})
	frame := e.top()
	p.d.Log.Event("am_crash", pr.PID, 0, pr.Name, 550026820, e.root().Class, e.root().Message, frame.file, frame.line)
	visible := pr.State == ProcTop
	p.d.DropBox.add("data_app_crash", pr, visible, "", e.stack()+"\n")
	last, before := p.crashes[pr.Name]
	again := before && p.d.Elapsed()-last < crashAgain
	p.crashes[pr.Name] = p.d.Elapsed()
	p.die(pr, ReasonCrash, SubReasonUnknown, 0, "crash")
	hide := p.d.Settings.Int(Global, "hide_error_dialogs", 0) == 1
	if again && visible && !hide && pk != nil {
		p.d.Windows.showCrashDialog(pk)
	}
}

// adjText is ProcessList.makeOomAdjString in its short form.
func adjText(adj int) string {
	switch {
	case adj >= 900:
		return "cch+" + itoa((adj-900)/10*5)
	case adj >= 700:
		return "prev"
	case adj >= 600:
		return "home"
	case adj >= 500:
		return "svc "
	case adj >= 200:
		return "prcp"
	case adj >= 100:
		return "vis "
	case adj >= 0:
		return "fg  "
	}
	return "pers"
}

func (s ProcState) importance() int {
	switch {
	case s <= ProcTop:
		return 100
	case s == ProcForegroundService || s == ProcBoundFGS:
		return 125
	case s == ProcTopSleeping:
		return 325
	case s <= ProcImportantFG:
		return 200
	case s <= ProcBackup:
		return 230
	case s == ProcReceiver || s == ProcService:
		return 300
	default:
		return 400
	}
}

// updateStates computes every process's state as OomAdjuster does.
func (p *Processes) updateStates() {
	for _, pr := range p.list {
		pr.State, pr.Adj, pr.AdjType = p.compute(pr)
		if pr.State < ProcTransientBG {
			pr.lastFG = p.d.Elapsed()
		}
	}
}

// compute finds a process's state, adj and the reason.
func (p *Processes) compute(pr *Process) (ProcState, int, string) {
	if pr.Persistent {
		if pr.Name == "com.android.systemui" {
			return ProcPersistentUI, -800, "pers-top-ui"
		}
		return ProcPersistent, -800, "fixed"
	}
	state, adj, why := ProcCachedEmpty, 905, "cch-empty"
	improve := func(s ProcState, a int, w string) {
		if s < state {
			state, why = s, w
		}
		adj = min(adj, a)
	}
	front := p.d.Activities.FocusedApp()
	for _, t := range p.d.Activities.Tasks {
		for _, a := range t.Activities {
			if a.Process != pr {
				continue
			}
			switch {
			case a == p.d.Activities.Resumed:
				improve(ProcTop, 0, "top-activity")
			case a.Visible || a.busy:
				improve(ProcImportantFG, 100, "vis-activity")
			case a == front && !p.d.Power.Interactive():
				improve(ProcTopSleeping, 0, "top-sleeping")
			case t.Home:
				improve(ProcHome, 600, "home")
			case p.d.Activities.previous() == a:
				improve(ProcLastActivity, 700, "previous")
			default:
				improve(ProcCachedActivity, 900, "cch-act")
			}
		}
	}
	for _, s := range p.d.Services.list {
		if s.Process != pr {
			continue
		}
		switch {
		case s.Foreground:
			improve(ProcForegroundService, 200, "fg-service")
		case s.creating:
			improve(ProcService, 0, "exec-service")
		case s.Started:
			improve(ProcService, 500, "started-services")
		}
		if len(s.Bindings) > 0 {
			// Telecom binds with BIND_FOREGROUND_SERVICE from a persistent process.
			improve(ProcBoundFGS, 100, "service")
		}
	}
	if pr.current > 0 {
		improve(ProcReceiver, 0, "broadcast")
	}
	if !pr.Bound && state > ProcReceiver {
		improve(ProcReceiver, 0, "pre-boot") // it was started for something that is about to run
	}
	return state, adj, why
}

// uidForeground reports whether the uid may start services: it is important now,
// or was within the last minute.
func (p *Processes) uidForeground(uid int) bool {
	p.updateStates()
	for _, pr := range p.list {
		if pr.UID == uid && (pr.State < ProcTransientBG || (pr.lastFG >= 0 && p.d.Elapsed()-pr.lastFG < uidIdleAfter)) {
			return true
		}
	}
	return false
}
