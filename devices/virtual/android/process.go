package android

import (
	"time"
)

// ProcState is a process state, most important first; the tokens are those of
// dumpsys activity processes (ActivityManager.PROCESS_STATE_*).
type ProcState int

// Process states with their numbers on API 34.
const (
	ProcPersistent        ProcState = 0
	ProcPersistentUI      ProcState = 1
	ProcTop               ProcState = 2
	ProcBoundTop          ProcState = 3
	ProcForegroundService ProcState = 4
	ProcBoundFGS          ProcState = 5
	ProcImportantFG       ProcState = 6
	ProcImportantBG       ProcState = 7
	ProcTransientBG       ProcState = 8
	ProcBackup            ProcState = 9
	ProcService           ProcState = 10
	ProcReceiver          ProcState = 11
	ProcTopSleeping       ProcState = 12
	ProcHeavyWeight       ProcState = 13
	ProcHome              ProcState = 14
	ProcLastActivity      ProcState = 15
	ProcCachedActivity    ProcState = 16
	ProcCachedClient      ProcState = 17
	ProcCachedRecent      ProcState = 18
	ProcCachedEmpty       ProcState = 19
	ProcNonexistent       ProcState = 20
)

var procTokens = [...]string{"PER", "PERU", "TOP", "BTOP", "FGS", "BFGS", "IMPF", "IMPB", "TRNB", "BKUP", "SVC", "RCVR", "TPSL", "HVY", "HOME", "LAST", "CAC", "CACC", "CRE", "CEM", "NONE"}

var procWords = [...]string{"PERSISTENT", "PERSISTENT_UI", "TOP", "BOUND_TOP", "FOREGROUND_SERVICE", "BOUND_FOREGROUND_SERVICE",
	"IMPORTANT_FOREGROUND", "IMPORTANT_BACKGROUND", "TRANSIENT_BACKGROUND", "BACKUP", "SERVICE", "RECEIVER", "TOP_SLEEPING",
	"HEAVY_WEIGHT", "HOME", "LAST_ACTIVITY", "CACHED_ACTIVITY", "CACHED_ACTIVITY_CLIENT", "CACHED_RECENT", "CACHED_EMPTY", "NONEXISTENT"}

// Token is the short form, such as "TOP" or "CEM".
func (s ProcState) Token() string { return procTokens[s] }

// Word is the form of `am get-uid-state`, such as "CACHED_EMPTY".
func (s ProcState) Word() string { return procWords[s] }

// Process is a running process.
type Process struct {
	PID, UID int
	// Name is the process name, Package the package it was started for.
	Name    string
	Package string
	// Persistent processes of the system are never killed.
	Persistent bool
	Started    time.Duration
	// HostingType and HostingName say why it was started: "broadcast",
	// "pre-top-activity", "service", and the component.
	HostingType, HostingName string
	// Bound is true once the process has attached and Application.onCreate ran.
	Bound bool
	// Dead is set when it died. A dead process does nothing any more.
	Dead bool
	// Frozen processes get no time to run until something is sent to them.
	Frozen bool
	// State and Adj are what OomAdjuster last computed; AdjType is its reason,
	// such as "top-activity" or "cch-empty".
	State   ProcState
	Adj     int
	AdjType string

	app     App
	ctx     *Context
	pending []func()      // work that waits for Bound
	ready   time.Duration // when the main thread takes its next message
	sent    time.Duration // when its last one-way call reaches the system
	tokens  []*balToken
	lastFG  time.Duration // when it last was important enough not to be "background"; -1 never
	lastAct time.Duration // last activity start or finish, for the grace of activity starts; -1 never
	current int           // receivers running
	anr     bool          // it was found not to respond
}

// ExitInfo is an ApplicationExitInfo.
type ExitInfo struct {
	// Time is the wall time of the exit.
	Time        time.Time
	PID, UID    int
	Process     string
	Package     string
	Reason      ExitReason
	SubReason   ExitSubReason
	Status      int
	Importance  int
	Description string
}

// ExitReason is ApplicationExitInfo.REASON_*.
type ExitReason int

// Exit reasons with their numbers.
const (
	ReasonUnknown            ExitReason = 0
	ReasonExitSelf           ExitReason = 1
	ReasonSignaled           ExitReason = 2
	ReasonLowMemory          ExitReason = 3
	ReasonCrash              ExitReason = 4
	ReasonCrashNative        ExitReason = 5
	ReasonANR                ExitReason = 6
	ReasonInitFailure        ExitReason = 7
	ReasonPermissionChange   ExitReason = 8
	ReasonExcessiveResources ExitReason = 9
	ReasonUserRequested      ExitReason = 10
	ReasonUserStopped        ExitReason = 11
	ReasonDependencyDied     ExitReason = 12
	ReasonOther              ExitReason = 13
	// Since API 34: before, both were UserRequested.
	ReasonPackageStateChange ExitReason = 15
	ReasonPackageUpdated     ExitReason = 16
)

// ExitSubReason is ApplicationExitInfo.SUBREASON_*.
type ExitSubReason int

// Exit subreasons that the simulation uses, with their numbers.
const (
	SubReasonUnknown        ExitSubReason = 0
	SubReasonForceStop      ExitSubReason = 21
	SubReasonRemoveTask     ExitSubReason = 22
	SubReasonStopApp        ExitSubReason = 23
	SubReasonKillBackground ExitSubReason = 24
)

// Processes is the part of the activity manager that holds processes.
type Processes struct {
	d       *Device
	list    []*Process // oldest first
	nextPID int
	exits   []ExitInfo // oldest first
	crashes map[string]time.Duration
	// LastANR is the last one since boot; nil without one.
	LastANR *ANR
}

// All lists the running processes, oldest first.
func (p *Processes) All() []*Process { return append([]*Process(nil), p.list...) }

// ByName finds a running process of the calling user by process name, or one of
// the system's that serve every user; nil when there is none.
func (p *Processes) ByName(name string) *Process {
	for _, pr := range p.list {
		if pr.Name == name && (UserOf(pr.UID) == p.d.user || pr.Persistent) {
			return pr
		}
	}
	return nil
}

// ByPID finds a running process; nil when there is none.
func (p *Processes) ByPID(pid int) *Process {
	for _, pr := range p.list {
		if pr.PID == pid {
			return pr
		}
	}
	return nil
}

// Exits lists the exits of a package, newest first, at most 16; "" lists all.
func (p *Processes) Exits(pkg string) []ExitInfo {
	var out []ExitInfo
	for i := len(p.exits) - 1; i >= 0 && (pkg == "" || len(out) < 16); i-- {
		if pkg == "" || p.exits[i].Package == pkg {
			out = append(out, p.exits[i])
		}
	}
	return out
}

// UIDState is the most important state of the uid's processes, NONEXISTENT without one.
func (p *Processes) UIDState(uid int) ProcState {
	best := ProcNonexistent
	for _, pr := range p.list {
		if pr.UID == uid {
			best = min(best, pr.State)
		}
	}
	return best
}
