package render

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ringproof/ringproof/devices/virtual/android"
)

func process(d *android.Device, pr *android.Process) string {
	return fmt.Sprintf("ProcessRecord{%s %d:%s/%s}", hash(d, fmt.Sprint("process", pr.PID)), pr.PID, pr.Name, user(pr.UID))
}

// adjWord is ProcessList.makeOomAdjString in the compact form.
func adjWord(adj int) string {
	switch {
	case adj <= -900:
		return "sys"
	case adj <= -800:
		return "pers"
	case adj <= -700:
		return "psvc"
	case adj < 100:
		return "fg"
	case adj < 200:
		return "vis"
	case adj < 300:
		return "prcp"
	case adj < 400:
		return "bkup"
	case adj < 500:
		return "hvy"
	case adj < 600:
		return "svc"
	case adj < 700:
		return "home"
	case adj < 800:
		return "prev"
	case adj < 900:
		return "svcb"
	}
	return fmt.Sprintf("cch+%d", (adj-900)/10)
}

// LRU is the list that `dumpsys activity processes`, oom and lru end with: the
// most important first. The numbers are places in the LRU list, which has the
// latest at 0; here that is the one that was started last.
func LRU(d *android.Device) string {
	p := of(d)
	list := d.Processes.All()
	slices.Reverse(list)
	place := map[int]int{}
	for i, pr := range list {
		place[pr.PID] = i
	}
	slices.SortStableFunc(list, func(a, b *android.Process) int { return a.Adj - b.Adj })
	p.ln("  Process LRU list (sorted by oom_adj, %d total, non-act at 0, non-svc at 0):", len(list))
	for _, pr := range list {
		kind, state := "Proc #", pr.State.Token()
		if pr.Persistent {
			kind = "PERS #"
		}
		fg, act := " ", " "
		switch {
		case pr.State <= android.ProcTop:
			fg = "F"
		case pr.State <= android.ProcForegroundService:
			fg = "F"
		}
		if pr.State == android.ProcTop {
			fg, act = "T", "A"
		}
		if pr.Adj >= 500 {
			fg = "B"
		}
		p.ln("    %s%2d: %-6s %s/%s/%-4s %s  t: 0 %d:%s/%s (%s)", kind, place[pr.PID], adjWord(pr.Adj), fg, act, state, "LCMNFU", pr.PID, pr.Name, user(pr.UID), pr.AdjType)
	}
	return p.String()
}

// Processes is `dumpsys activity processes [PKG]`.
func Processes(d *android.Device, pkg string) string {
	p := of(d)
	p.ln("ACTIVITY MANAGER RUNNING PROCESSES (dumpsys activity processes)")
	p.ln("  All known processes:")
	for _, pr := range d.Processes.All() {
		if pkg != "" && pr.Package != pkg {
			continue
		}
		star := "*APP*"
		if pr.Persistent {
			star = "*PERS*"
		}
		p.level = 1
		p.ln("%s UID %d %s", star, pr.UID, process(d, pr))
		p.in(func() {
			p.ln("user #0 uid=%d gids={}", pr.UID)
			p.upTo(30, "requiredAbi=arm64-v8a instructionSet=null")
			p.since(31, "mRequiredAbi=arm64-v8a instructionSet=null")
			p.ln("dir=%s publicDir=%s data=/data/user/%d/%s", codePath(d, pr.Package), codePath(d, pr.Package), android.UserOf(pr.UID), pr.Package)
			p.ln("packageList={%s}", pr.Package)
			p.ln("compat={%ddpi}", android.DisplayDensity)
			p.ln("thread=android.app.IApplicationThread$Stub$Proxy@%s", hash(d, fmt.Sprint("thread", pr.PID)))
			p.upTo(30, "pid=%d starting=false", pr.PID)
			p.since(31, "pid=%d", pr.PID)
			p.upTo(30, "lastActivityTime=%s lastPssTime=%s pssStatType=0 nextPssTime=+14m41s475ms", ago(pr.Started-d.Elapsed()), ago(pr.Started-d.Elapsed()))
			p.since(31, "lastActivityTime=%s", ago(pr.Started-d.Elapsed()))
			p.since(31, "startUpTime=%s", ago(pr.Started-d.Elapsed()))
			p.since(31, "hostingType=%s hostingName=%s", pr.HostingType, pr.HostingName)
			p.upTo(30, "oom: max=1001 curRaw=%d setRaw=%d cur=%d set=%d", pr.Adj, pr.Adj, pr.Adj, pr.Adj)
			p.upTo(30, "curSchedGroup=%d setSchedGroup=%d systemNoUi=false trimMemoryLevel=0", schedGroup(pr), schedGroup(pr))
			p.upTo(30, "curProcState=%d repProcState=%d pssProcState=%d setProcState=%d lastStateTime=%s", pr.State, pr.State, pr.State, pr.State, ago(pr.Started-d.Elapsed()))
			p.since(31, "oom adj: max=1001 curRaw=%d setRaw=%d cur=%d set=%d", pr.Adj, pr.Adj, pr.Adj, pr.Adj)
			p.since(31, "mCurSchedGroup=%d setSchedGroup=%d systemNoUi=false", schedGroup(pr), schedGroup(pr))
			p.since(31, "curProcState=%d mRepProcState=%d setProcState=%d lastStateTime=%s", pr.State, pr.State, pr.State, ago(pr.Started-d.Elapsed()))
			if p.api >= 31 || pr.State == android.ProcForegroundService {
				p.ln("mHasForegroundServices=%t forcingToImportant=null", pr.State == android.ProcForegroundService)
			}
			p.since(30, "isFrozen=%t isPendingFreeze=false", pr.Frozen)
			for _, s := range d.Services.All() {
				if s.Process == pr {
					p.ln("Services:")
					p.ln("  - %s", service(s))
				}
			}
		})
	}
	p.level = 0
	p.ln("")
	p.raw(LRU(d))
	p.ln("  mPreviousProcess: null")
	p.ln("  mHomeProcess: null")
	p.ln("  mWakefulness=%s mSleeping=%t", d.Power.Wakefulness, !d.Power.Interactive())
	return p.String()
}

func codePath(d *android.Device, pkg string) string {
	if pk := d.Packages.Get(pkg); pk != nil {
		return pk.APK()
	}
	return "null"
}

func schedGroup(pr *android.Process) int {
	switch {
	case pr.State == android.ProcTop:
		return 3
	case pr.State <= android.ProcBoundFGS:
		return 2
	}
	return 0
}

func service(s *android.ServiceRecord) string {
	return fmt.Sprintf("ServiceRecord{%s u%d %s}", s.Hash, serviceUser(s), s.Component.Short())
}

// Services is `dumpsys activity services [PKG]`.
func Services(d *android.Device, pkg string) string {
	p := of(d)
	p.ln("ACTIVITY MANAGER SERVICES (dumpsys activity services)")
	any := false
	for _, s := range d.Services.All() {
		if pkg != "" && s.Component.Package != pkg && !strings.HasPrefix(pkg, s.Component.Package+"/") {
			continue
		}
		if !any {
			p.ln("  User 0 active services:")
		}
		any = true
		p.level = 1
		p.ln("* %s", service(s))
		p.in(func() {
			p.ln("intent={cmp=%s}", s.Component.Short())
			p.ln("packageName=%s", s.Component.Package)
			if s.Process != nil {
				p.ln("processName=%s", s.Process.Name)
			}
			p.ln("baseDir=%s", codePath(d, s.Component.Package))
			p.ln("dataDir=/data/user/0/%s", s.Component.Package)
			if s.Process != nil {
				p.ln("app=%s", process(d, s.Process))
			}
			p.since(30, "allowWhileInUsePermissionInFgs=%t", s.Foreground)
			p.since(31, "startForegroundCount=%s", yes(s.Foreground))
			reason := s.AllowReason
			if reason == "" {
				reason = "DENIED"
			}
			p.since(30, "recentCallingPackage=%s", s.Component.Package)
			p.since(31, "allowStartForeground=%s", reason)
			if s.Foreground {
				text := "null"
				if r := d.Notifications.Get(s.ForegroundKey); r != nil {
					text = notificationText(d, r)
				}
				if p.api >= 34 {
					p.ln("isForeground=true foregroundId=%d types=%08X foregroundNoti=%s", s.ForegroundID, s.ForegroundTypes, text)
				} else {
					p.ln("isForeground=true foregroundId=%d foregroundNoti=%s", s.ForegroundID, text)
				}
			}
			p.ln("createTime=%s startingBgTimeout=--", ago(s.Created-d.Elapsed()))
			p.ln("lastActivity=%s restartTime=%s createdFromFg=true", ago(s.Created-d.Elapsed()), ago(s.Created-d.Elapsed()))
			p.ln("startRequested=%t delayedStop=false stopIfKilled=false callStart=true lastStartId=%d", s.Started, s.LastStartID)
			if len(s.Bindings) > 0 {
				p.ln("Bindings:")
				for _, b := range s.Bindings {
					p.ln("* IntentBindRecord{%s CREATE}:", hash(d, "bind "+s.Hash))
					p.ln("  intent={act=android.telecom.ConnectionService cmp=%s}", s.Component.Short())
					p.ln("  binder=android.os.BinderProxy@%s", hash(d, "binder "+s.Hash))
					p.ln("  requested=true received=true hasBound=true doRebind=false")
					p.ln("  * Client AppBindRecord{%s %s}", hash(d, fmt.Sprint("app bind ", s.Hash, b.Client.PID)), processOf(d, b.Client.PID))
					p.ln("    Per-process Connections:")
					p.ln("      %s", connection(d, s, b))
				}
				p.ln("All Connections:")
				for _, b := range s.Bindings {
					p.ln("  %s", connection(d, s, b))
				}
			}
		})
		p.level = 0
	}
	if !any {
		p.ln("  (nothing)")
	}
	return p.String()
}

// serviceUser is whose service it is.
func serviceUser(s *android.ServiceRecord) int {
	if s.Process == nil {
		return 0
	}
	return android.UserOf(s.Process.UID)
}

func processOf(d *android.Device, pid int) string {
	if pr := d.Processes.ByPID(pid); pr != nil {
		return process(d, pr)
	}
	return "null"
}

// connection is ConnectionRecord.toString; CR is BIND_AUTO_CREATE.
func connection(d *android.Device, s *android.ServiceRecord, b *android.ServiceBinding) string {
	return fmt.Sprintf("ConnectionRecord{%s u0 CR %s:@%s}", hash(d, fmt.Sprint("connection ", s.Hash, b.Client.PID)), s.Component.Short(), hash(d, "service connection "+s.Hash))
}
