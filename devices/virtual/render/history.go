package render

import (
	"fmt"
	"strings"
	"time"

	"github.com/ringproof/ringproof/devices/virtual/android"
)

// Texts of ApplicationExitInfo.reasonCodeToString and subreasonToString.
var (
	exitReasons = map[android.ExitReason]string{
		android.ReasonUnknown: "UNKNOWN", android.ReasonExitSelf: "EXIT_SELF", android.ReasonSignaled: "SIGNALED",
		android.ReasonLowMemory: "LOW_MEMORY", android.ReasonCrash: "APP CRASH(EXCEPTION)", android.ReasonCrashNative: "APP CRASH(NATIVE)",
		android.ReasonANR: "ANR", android.ReasonInitFailure: "INITIALIZATION FAILURE", android.ReasonPermissionChange: "PERMISSION CHANGE",
		android.ReasonExcessiveResources: "EXCESSIVE RESOURCE USAGE", android.ReasonUserRequested: "USER REQUESTED",
		android.ReasonUserStopped: "USER STOPPED", android.ReasonDependencyDied: "DEPENDENCY DIED", android.ReasonOther: "OTHER KILLS BY SYSTEM",
		android.ReasonPackageStateChange: "PACKAGE STATE CHANGE", android.ReasonPackageUpdated: "PACKAGE UPDATED",
	}
	exitSubReasons = map[android.ExitSubReason]string{
		android.SubReasonUnknown: "UNKNOWN", android.SubReasonForceStop: "FORCE STOP", android.SubReasonRemoveTask: "REMOVE TASK",
		android.SubReasonStopApp: "STOP APP", android.SubReasonKillBackground: "KILL BACKGROUND",
	}
)

// ExitInfo is `dumpsys activity exit-info [PKG]` of 11 and newer: a line a key at
// first, three lines an exit and milliseconds since 13
// (AppExitInfoTracker.dumpHistoryProcessExitInfo).
func ExitInfo(d *android.Device, pkg string) string {
	p := of(d)
	p.ln("ACTIVITY MANAGER PROCESS EXIT INFO (dumpsys activity exit-info)")
	layout := stamp
	if p.api >= 33 {
		layout += ".000"
	}
	p.ln("Last Timestamp of Persistence Into Persistent Storage: %s", d.WallAt(0).Add(time.Minute).UTC().Format(layout))
	var names []string
	seen := map[string]bool{}
	for _, e := range d.Processes.Exits(pkg) {
		if !seen[e.Package] {
			seen[e.Package] = true
			names = append(names, e.Package)
		}
	}
	for _, name := range names {
		exits := d.Processes.Exits(name)
		p.ln("  package: %s", name)
		p.ln("    Historical Process Exit for uid=%d", exits[0].UID)
		for i, e := range exits {
			p.level = 4
			p.ln("ApplicationExitInfo #%d:", i)
			p.in(func() {
				if p.api <= 32 {
					exitByKey(p, e, layout)
					return
				}
				p.ln("timestamp=%s pid=%d realUid=%d packageUid=%d definingUid=%d user=%d", e.Time.UTC().Format("2006-01-02 15:04:05.000"), e.PID, e.UID, e.UID, e.UID, android.UserOf(e.UID))
				p.ln("process=%s reason=%d (%s) subreason=%d (%s) status=%d", e.Process, e.Reason, exitReasons[e.Reason], e.SubReason, exitSubReasons[e.SubReason], e.Status)
				description := e.Description
				if description == "" {
					description = "null"
				}
				p.ln("importance=%d pss=0.00 rss=0.00 description=%s state=empty trace=null", e.Importance, description)
			})
			p.level = 0
		}
	}
	return p.String()
}

// exitByKey is one exit of 30 to 32: the subreason came with 31.
func exitByKey(p *page, e android.ExitInfo, layout string) {
	description := e.Description
	if description == "" {
		description = "null"
	}
	p.ln("timestamp=%s", e.Time.UTC().Format(layout))
	p.ln("pid=%d", e.PID)
	p.ln("realUid=%d", e.UID)
	p.ln("packageUid=%d", e.UID)
	p.ln("definingUid=%d", e.UID)
	p.ln("user=%d", android.UserOf(e.UID))
	p.ln("process=%s", e.Process)
	p.ln("reason=%d (%s)", e.Reason, exitReasons[e.Reason])
	p.since(31, "subreason=%d (%s)", e.SubReason, exitSubReasons[e.SubReason])
	p.ln("status=%d", e.Status)
	p.ln("importance=%d", e.Importance)
	p.ln("pss=0.00")
	p.ln("rss=0.00")
	p.ln("description=%s", description)
	p.ln("state=empty")
	p.ln("trace=null")
}

// Broadcasts is `dumpsys activity broadcasts`, the parts that people read.
func Broadcasts(d *android.Device) string {
	p := of(d)
	p.ln("ACTIVITY MANAGER BROADCAST STATE (dumpsys activity broadcasts)")
	p.ln("  Registered Receivers:")
	p.ln("")
	queue := "modern"
	if p.api <= 33 {
		queue = "foreground"
	}
	p.ln("  Broadcast queue %s [%s]:", queue, queue)
	section := func(title string, list []*android.Broadcast) {
		p.ln("    %s:", title)
		for i, b := range list {
			p.level = 3
			p.ln("BroadcastRecord{%s u0 %s} to user 0", hash(d, fmt.Sprint("broadcast", b.Enqueued, i)), b.Intent.Action)
			p.in(func() {
				p.put(b.Intent.String())
				p.ln("caller=%s %s pid=%d uid=%d", b.Caller.Package, "null", b.Caller.PID, b.Caller.UID)
				p.ln("enqueueClockTime=%s", d.WallAt(b.Enqueued).UTC().Format("2006-01-02 15:04:05.000"))
				p.ln("resultCode=%d resultData=%s", b.ResultCode, b.ResultData)
				for n, r := range b.Receivers {
					reason := ""
					if r.Reason != "" {
						reason = " reason: " + r.Reason
					}
					p.ln("%s #%d: (manifest) %s%s", r.State, n, r.Component.Short(), reason)
				}
			})
			p.level = 0
		}
		if len(list) == 0 {
			p.ln("      (none)")
		}
	}
	section("Active broadcasts", d.Broadcasts.Active)
	section("Historical broadcasts", d.Broadcasts.History)
	return p.String()
}

// Recents is `dumpsys activity recents`.
func Recents(d *android.Device) string {
	p := of(d)
	p.ln("ACTIVITY MANAGER RECENT TASKS (dumpsys activity recents)")
	p.ln("mRecentsUid=%d", 10000)
	p.ln("  Recent tasks:")
	for i, t := range d.Activities.Recents() {
		p.ln("  * Recent #%d: %s", i, taskName(d, t))
		p.ln("    userId=0 effectiveUid=u0a0 mCallingUid=u0a0 mUserSetupComplete=true mCallingPackage=null")
		p.ln("    affinity=%s", t.Affinity)
		if t.Intent != nil {
			p.ln("    intent={%s}", strings.TrimSuffix(strings.TrimPrefix(t.Intent.String(), "Intent { "), " }"))
		}
	}
	return p.String()
}

// LastANR is `dumpsys activity lastanr`.
func LastANR(d *android.Device) string {
	p := of(d)
	p.ln("ACTIVITY MANAGER LAST ANR (dumpsys activity lastanr)")
	a := d.Processes.LastANR
	if a == nil {
		p.ln("  <no ANR has occurred since boot>")
		return p.String()
	}
	p.ln("  ANR time: %s", a.Time.UTC().Format("Jan 2, 2006 3:04:05 PM"))
	name := a.Process
	if !a.Activity.IsZero() {
		name += " (" + a.Activity.Short() + ")"
	}
	p.ln("  Application at fault: %s", name)
	p.ln("  Reason: %s", a.Reason)
	return p.String()
}

// DropBox is `dumpsys dropbox [--print] [TAG]` (DropBoxManagerService.dump).
func DropBox(d *android.Device, tag string, whole bool) string {
	p := of(d)
	p.ln("Drop box contents: %d entries", len(d.DropBox.Entries))
	p.ln("Max entries: 1000")
	p.ln("Low priority rate limit period: 2000 ms")
	p.ln("Low priority tags: {data_app_wtf, keymaster, system_server_wtf, system_app_strictmode, system_app_wtf, system_server_strictmode, data_app_strictmode, netstats}")
	if tag != "" {
		p.ln("Searching for: %s", tag)
	}
	p.ln("")
	found := 0
	for _, e := range d.DropBox.Entries {
		if tag != "" && e.Tag != tag {
			continue
		}
		found++
		if whole {
			p.ln("========================================")
		}
		p.ln("%s %s (text, %d bytes)", e.Time.UTC().Format(stamp), e.Tag, len(e.Text))
		if whole {
			p.raw(e.Text)
		} else {
			first, _, _ := strings.Cut(e.Text, "Flags:")
			p.ln("    %s...", strings.ReplaceAll(first, "\n", "/"))
		}
	}
	if found == 0 {
		p.ln("(No entries found.)")
	}
	return p.String()
}

// PendingIntents is `dumpsys activity intents`.
func PendingIntents(d *android.Device) string {
	p := of(d)
	p.ln("ACTIVITY MANAGER PENDING INTENTS (dumpsys activity intents)")
	list := d.Intents.All()
	if len(list) == 0 {
		p.ln("  (nothing)")
	}
	for i, pi := range list {
		p.ln("  #%d: PendingIntentRecord{%s %s %s}", i, pi.RecordHash, pi.Package, pi.Kind)
		p.ln("    uid=%d packageName=%s featureId=null type=%s flags=0x%x", pi.UID, pi.Package, pi.Kind, pi.Flags)
		p.ln("    requestCode=%d requestResolvedType=null", pi.RequestCode)
		p.ln("    requestIntent=%s", strings.TrimSuffix(strings.TrimPrefix(pi.Intent.String(), "Intent { "), " }"))
		if pi.Canceled {
			p.ln("    sent=false canceled=true")
		}
	}
	return p.String()
}
