// Package activity reads `dumpsys activity activities` (Parse),
// `dumpsys activity processes` or `lru` (ParseProcesses),
// `dumpsys activity services` (ParseServices),
// `dumpsys activity broadcasts` (ParseBroadcasts) and
// `dumpsys activity exit-info` (ParseExits) of API 26 and newer.
//
// Sources: ActivityTaskManagerService, RootWindowContainer, ProcessList,
// CachedAppOptimizer, ActiveServices, BroadcastRecord, BroadcastHistory and
// AppExitInfoTracker. The package knows no app and no other service; focus and
// keyguard in full are package window's.
package activity

import (
	"github.com/ringproof/ringproof/harness/dumpsys/fact"
)

// Facts is what `dumpsys activity activities` says.
type Facts struct {
	// Resumed is the activity that the system calls resumed. Behind a lock
	// screen it may still be named although nobody sees it.
	Resumed fact.Value[Activity] `json:"resumed"`
	// Top is the first activity of the first task of the default display.
	Top   fact.Value[Activity] `json:"top"`
	Tasks fact.Value[[]Task]   `json:"tasks"`
	// Sleeping says that activities are kept paused because the phone sleeps.
	Sleeping         fact.Value[bool] `json:"sleeping"`
	KeyguardShowing  fact.Value[bool] `json:"keyguardShowing"`
	KeyguardOccluded fact.Value[bool] `json:"keyguardOccluded"`
}

// Activity is one ActivityRecord.
type Activity struct {
	Package string `json:"package"`
	Class   string `json:"class"` // in full
	User    int    `json:"user"`
	// Task is the task's id, -1 when the activity is in none.
	Task int `json:"task"`
	// Finishing activities are on their way out.
	Finishing bool `json:"finishing"`
	// State is RESUMED, PAUSED, STOPPED, ... (long dumps only).
	State fact.Value[string] `json:"state"`
	Line  int                `json:"line"`
}

// Task is one task with its activities, topmost first.
type Task struct {
	ID      int              `json:"id"`
	Type    string           `json:"type"` // standard, home, recents, ...; "" before API 28
	User    int              `json:"user"`
	Display int              `json:"display"`
	Visible fact.Value[bool] `json:"visible"`
	// Affinity is the affinity or the root component as printed.
	Affinity   string     `json:"affinity"`
	Activities []Activity `json:"activities"`
	Line       int        `json:"line"`
}

// ActivitiesOf returns the activities of a package in all tasks, topmost first.
func (f Facts) ActivitiesOf(pkg string) fact.Value[[]Activity] {
	tasks, ok := f.Tasks.Get()
	if !ok {
		return fact.Unknown[[]Activity]()
	}
	own := []Activity{}
	for _, t := range tasks {
		for _, a := range t.Activities {
			if a.Package == pkg {
				own = append(own, a)
			}
		}
	}
	return fact.Of(own, f.Tasks.Line())
}

// Processes is what `dumpsys activity processes` says.
type Processes struct {
	Processes fact.Value[[]Process] `json:"processes"`
}

// Process is one app process.
type Process struct {
	PID  int    `json:"pid"`
	Name string `json:"name"` // package, or package:suffix
	// UID and User are -1 when only the list of frozen apps names the process.
	UID  int `json:"uid"`
	User int `json:"user"`
	// State is the word of ProcessList.makeProcStateString: TOP, FGS, CEM, ...
	State fact.Value[string] `json:"state"`
	// Adj is the word of the oom score: fg, vis, prcp, svc, cch+5, ...
	Adj fact.Value[string] `json:"adj"`
	// Score is the oom score in force: 0 in front, 900 and more cached.
	Score fact.Value[int] `json:"score"`
	// Frozen processes get no time to run; nothing reaches them before they are
	// thawed. Freezing says that it is to be frozen next, FreezeExempt that it
	// never is.
	Frozen       fact.Value[bool] `json:"frozen"`
	Freezing     fact.Value[bool] `json:"freezing"`
	FreezeExempt fact.Value[bool] `json:"freezeExempt"`
	Persistent   fact.Value[bool] `json:"persistent"`
	Line         int              `json:"line"`
}

// Of returns the processes by name: pkg itself and pkg:suffix.
func (p Processes) Of(pkg string) fact.Value[[]Process] {
	all, ok := p.Processes.Get()
	if !ok {
		return fact.Unknown[[]Process]()
	}
	own := []Process{}
	for _, q := range all {
		if q.Name == pkg || len(q.Name) > len(pkg) && q.Name[:len(pkg)] == pkg && q.Name[len(pkg)] == ':' {
			own = append(own, q)
		}
	}
	return fact.Of(own, p.Processes.Line())
}

// Exits is what `dumpsys activity exit-info` says (API 30 and newer).
type Exits struct {
	// Exits are the records, newest first within a package.
	Exits fact.Value[[]Exit] `json:"exits"`
}

// Exit is how one process ended.
type Exit struct {
	Package string          `json:"package"`
	Process string          `json:"process"`
	UID     fact.Value[int] `json:"uid"`
	PID     fact.Value[int] `json:"pid"`
	User    fact.Value[int] `json:"user"`
	// Timestamp is local time as printed, with milliseconds from API 33.
	Timestamp string `json:"timestamp"`
	// Code and Reason are ApplicationExitInfo.REASON_*: 4, "APP CRASH(EXCEPTION)".
	Code      fact.Value[int] `json:"code"`
	Reason    string          `json:"reason"`
	Subreason string          `json:"subreason,omitempty"`
	Status    fact.Value[int] `json:"status"`
	// Importance is the last ActivityManager importance of the process.
	Importance  fact.Value[int] `json:"importance"`
	Description string          `json:"description,omitempty"`
	Line        int             `json:"line"`
}
