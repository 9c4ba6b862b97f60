package activity

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ringproof/ringproof/harness/dumpsys/text"
	"github.com/ringproof/ringproof/harness/internal/grammar"
	"github.com/ringproof/ringproof/harness/internal/readertest"
)

// Composed rows follow section 3.1 to 3.3 of the reference and ActivityStack,
// ActivityStackSupervisor (up to API 29), Task and RootWindowContainer.
var activities = []grammar.Row{
	{From: 26, To: 27, Mark: grammar.Composed, Text: `ACTIVITY MANAGER ACTIVITIES (dumpsys activity activities)
Display #0 (activities from top to bottom):
  Stack #1:
  mFullscreen=true
  isSleeping=false
  mBounds=null
    Task id #75
    mBounds=null
    * TaskRecord{22571e3 #75 A=org.ringproof.sample U=0 StackId=1 sz=2}
      userId=0 effectiveUid=u0a234 mCallingUid=u0a20 mUserSetupComplete=true mCallingPackage=com.android.launcher3
      affinity=org.ringproof.sample
      Activities=[ActivityRecord{53d1401 u0 org.ringproof.sample/.MainActivity t75}]
      * Hist #1: ActivityRecord{53d1402 u0 org.ringproof.sample/.IncomingCallActivity t75}
          packageName=org.ringproof.sample processName=org.ringproof.sample
          state=RESUMED stopped=false delayedResume=false finishing=false
      * Hist #0: ActivityRecord{53d1401 u0 org.ringproof.sample/.MainActivity t75}
          state=STOPPED stopped=true delayedResume=false finishing=false

    Running activities (most recent first):
      TaskRecord{22571e3 #75 A=org.ringproof.sample U=0 StackId=1 sz=2}
        Run #1: ActivityRecord{53d1402 u0 org.ringproof.sample/.IncomingCallActivity t75}

    mResumedActivity: ActivityRecord{53d1402 u0 org.ringproof.sample/.IncomingCallActivity t75}

  Stack #0:
    Task id #60
    * TaskRecord{b36d7e0 #60 A=com.android.launcher3 U=0 StackId=0 sz=1}
      * Hist #0: ActivityRecord{ef3303e u0 com.android.launcher3/.Launcher t60}
          state=STOPPED stopped=true

  ResumedActivity: ActivityRecord{53d1402 u0 org.ringproof.sample/.IncomingCallActivity t75}
  mFocusedStack=ActivityStack{9bd0b2 stackId=1, 1 tasks} mLastFocusedStack=ActivityStack{9bd0b2 stackId=1, 1 tasks}
  mCurTaskIdForUser={0=75}
  mUserStackInFront={}
  isHomeRecentsComponent=false  KeyguardController:
    mKeyguardShowing=true
    mKeyguardGoingAway=false
    mOccluded=true
    mDismissingKeyguardActivity=null
    mDismissalRequested=false
    mVisibilityTransactionDepth=0
`, Check: tasks("resumed org.ringproof.sample.IncomingCallActivity t75 line 31 top line 13 sleeping false keyguard true occluded true",
		"75  u0 d0 unknown org.ringproof.sample: org.ringproof.sample.IncomingCallActivity RESUMED, org.ringproof.sample.MainActivity STOPPED",
		"60  u0 d0 unknown com.android.launcher3: com.android.launcher3.Launcher STOPPED")},
	{From: 28, To: 29, Mark: grammar.Composed, Text: `ACTIVITY MANAGER ACTIVITIES (dumpsys activity activities)
Display #0 (activities from top to bottom):

  Stack #5: type=standard mode=fullscreen
  isSleeping=true
  mBounds=Rect(0, 0 - 0, 0)
    Task id #75
    * TaskRecord{22571e3 #75 A=org.ringproof.sample U=10 StackId=5 sz=1}
      * Hist #0: ActivityRecord{53d1401 u10 org.ringproof.sample/com.other.Main t75 f}
          state=STOPPING stopped=true

    mLastPausedActivity: ActivityRecord{53d1401 u10 org.ringproof.sample/com.other.Main t75 f}

  Stack #0: type=home mode=fullscreen
    Task id #60
    * TaskRecord{b36d7e0 #60 I=com.android.launcher3/.Launcher U=0 StackId=0 sz=0}
Display #4 (activities from top to bottom):

ActivityStackSupervisor state:
  topDisplayFocusedStack=ActivityStack{9bd0b2 stackId=5 type=standard mode=fullscreen visible=true translucent=false, 1 tasks}
  mCurTaskIdForUser={0=75}
  isHomeRecentsComponent=true  KeyguardController:
    mKeyguardShowing=false
    mAodShowing=false
    mKeyguardGoingAway=false
   Occluded=false DismissingKeyguardActivity=null at display=0
    mDismissalRequested=false
`, Check: tasks("resumed unknown top line 9 sleeping true keyguard false occluded false",
		"75 standard u10 d0 unknown org.ringproof.sample: com.other.Main STOPPING finishing",
		"60 home u0 d0 unknown com.android.launcher3/.Launcher:")},
	{From: 30, To: 32, Mark: grammar.Composed, Text: `ACTIVITY MANAGER ACTIVITIES (dumpsys activity activities)
Display #0 (activities from top to bottom):
  * Task{157c3a8 #12 visible=true type=standard mode=fullscreen translucent=false A=10234:org.ringproof.sample U=0 StackId=12 sz=1}
    mResumedActivity: ActivityRecord{1 u0 org.ringproof.sample/.MainActivity t12}
    * Hist #0: ActivityRecord{1 u0 org.ringproof.sample/.MainActivity t12}
      state=RESUMED delayedResume=false finishing=false

  * Task{b51ff05 #1 visible=false type=home mode=fullscreen translucent=true ?? U=0 StackId=1 sz=1}
    isSleeping=false

  ResumedActivity: ActivityRecord{1 u0 org.ringproof.sample/.MainActivity t12}

ActivityStackSupervisor state:
  topDisplayFocusedStack=Task{157c3a8 #12 type=standard}
  KeyguardController:
    mKeyguardShowing=true
    mAodShowing=true
   Occluded=true DismissingKeyguardActivity=null at display=0
   Occluded=false DismissingKeyguardActivity=null at display=2
`, Check: tasks("resumed org.ringproof.sample.MainActivity t12 line 11 top line 5 sleeping false keyguard true occluded true",
		"12 standard u0 d0 true 10234:org.ringproof.sample: org.ringproof.sample.MainActivity RESUMED",
		"1 home u0 d0 false :")},
	{From: 33, To: 34, Mark: grammar.Composed, Text: dump34, Check: tasks("resumed org.ringproof.sample.IncomingCallActivity t12 line 19 top line 6 sleeping true keyguard true occluded true",
		"12 standard u0 d0 true 10234:org.ringproof.sample: org.ringproof.sample.IncomingCallActivity RESUMED, org.ringproof.sample.MainActivity STOPPED finishing",
		"1 home u10 d0 false :", "9 home u10 d0 false com.android.launcher3/.Launcher: com.other.Launcher unknown", "30 standard u0 d2 true x:")},
	{From: 35, To: 36, Mark: grammar.Composed, Unsure: "seen on emulators only", Text: `ACTIVITY MANAGER ACTIVITIES (dumpsys activity activities)
Display #0 (activities from top to bottom):
  * Task{157c3a8 #12 type=standard A=10234:org.ringproof.sample U=0 visible=true visibleRequested=true mode=fullscreen translucent=false sz=1}
    topResumedActivity=ActivityRecord{152605570 u0 org.ringproof.sample/.MainActivity t12}
    * Hist  #0: ActivityRecord{152605570 u0 org.ringproof.sample/.MainActivity t12}
      state=RESUMED delayedResume=false finishing=false
  Resumed activities in task display areas (from top to bottom):
    Resumed: ActivityRecord{152605570 u0 org.ringproof.sample/.MainActivity t12}

  ResumedActivity: ActivityRecord{152605570 u0 org.ringproof.sample/.MainActivity t12}

ActivityTaskSupervisor state:
  KeyguardController:
   KeyguardShowing=false AodShowing=false KeyguardGoingAway=false DismissalRequested=false  Occluded=false DismissingKeyguardActivity=null TurnScreenOnActivity=null at display=0
`, Check: tasks("resumed org.ringproof.sample.MainActivity t12 line 10 top line 5 sleeping unknown keyguard false occluded false",
		"12 standard u0 d0 true 10234:org.ringproof.sample: org.ringproof.sample.MainActivity RESUMED")},
	{From: 28, To: 28, Maker: "automotive", Mark: grammar.Captured, File: "activity/008-a9-automotive-activities.txt", Check: tasks("resumed com.beantechs.vehiclecenter.activity.MainActivity t75 line 251 top line 24 sleeping false keyguard false occluded false",
		"75 standard u0 d0 unknown com.beantechs.vehiclecenter: com.beantechs.vehiclecenter.activity.MainActivity RESUMED",
		"74 standard u0 d0 unknown com.beantechs.settings: com.beantechs.settings.ui.activity.MainActivity PAUSED",
		"71 standard u0 d0 unknown com.beantechs.mediacentermodel: com.beantechs.mediacenter.mainmodel1xos.ui.MediaCenterActivity PAUSED",
		"73 standard u0 d0 unknown com.beantechs.applist: com.beantechs.applist.MainActivity STOPPED")},
	{From: 33, To: 33, Maker: "MediaTek", Mark: grammar.Captured, File: "activity/001-a13-mtk-tablet-locked-asleep-activities.txt", Check: seen("com.mediatek.camera.CameraLauncher", 9)},
	{From: 33, To: 34, Maker: "Samsung", Mark: grammar.Captured, File: "activity/004-samsung-launcher-whatsapp-activities.txt", Check: seen("com.sec.android.app.launcher.activities.LauncherActivity", 6)},
	{From: 34, To: 34, Maker: "Xiaomi", Mark: grammar.Captured, File: "activity/005-a14-hyperos-pad6-activities.txt", Check: seen("com.termux.app.TermuxActivity", 12)},
	{From: 34, To: 36, Mark: grammar.Captured, File: "activity/002-a14-emulator-nexuslauncher-activities.txt", Check: seen("com.google.android.apps.nexuslauncher.NexusLauncherActivity", 8)},
}

func tasks(head string, want ...string) func(testing.TB, []byte) {
	return func(t testing.TB, b []byte) {
		t.Helper()
		f, err := Parse(b)
		got := "resumed unknown"
		if a, ok := f.Resumed.Get(); ok {
			got = fmt.Sprintf("resumed %s t%d line %d", a.Class, a.Task, a.Line)
		}
		got += fmt.Sprintf(" top line %d sleeping %v keyguard %v occluded %v", f.Top.Line(), f.Sleeping, f.KeyguardShowing, f.KeyguardOccluded)
		for _, k := range f.Tasks.Or(nil) {
			got += fmt.Sprintf("\n%d %s u%d d%d %v %s:", k.ID, k.Type, k.User, k.Display, k.Visible, k.Affinity)
			for i, a := range k.Activities {
				if i > 0 {
					got += ","
				}
				got += " " + a.Class + " " + a.State.String()
				if a.Finishing {
					got += " finishing"
				}
			}
		}
		if w := head + "\n" + strings.Join(want, "\n"); err != nil || got != w {
			t.Errorf("%v\n%s\nwant\n%s", err, got, w)
		}
	}
}

func seen(resumed string, count int) func(testing.TB, []byte) {
	return func(t testing.TB, b []byte) {
		t.Helper()
		f, err := Parse(b)
		if err != nil || f.Resumed.Or(Activity{}).Class != resumed || len(f.Tasks.Or(nil)) != count {
			t.Errorf("%v, %d tasks, %v", f.Resumed, len(f.Tasks.Or(nil)), err)
		}
	}
}

// Section 4.3 of the reference; ProcessRecord.dump, ProcessList.dumpProcessOomList
// and, for what freezes, ProcessCachedOptimizerRecord.dump.
var processes = []grammar.Row{
	{From: 26, To: 29, Mark: grammar.Composed, Text: `ACTIVITY MANAGER RUNNING PROCESSES (dumpsys activity processes)
  All known processes:
  *APP* UID 10234 ProcessRecord{99f043b 3776:org.ringproof.sample:remote/u0a234}
    user #0 uid=10234 gids={50234, 3003}
    oom: max=1001 curRaw=900 setRaw=900 cur=900 set=900
    curProcState=16 repProcState=16 pssProcState=16 setProcState=16 lastStateTime=-10m43s598ms
    startSeq=76
  *PERS* UID 1000 ProcessRecord{1 832:system/1000}
    persistent=true removed=false

  Process LRU list (sorted by oom_adj, 2 total, non-act at 0, non-svc at 0):
    PERS #1: sys    F/ /P  trm: 0 832:system/1000 (fixed)
    Proc # 0: cch   B/ /CE trm: 0 3776:org.ringproof.sample:remote/u0a234 (cch-empty)
        oom: max=1001 curRaw=900 setRaw=900 cur=906 set=906
`, Check: running("1: 3776 org.ringproof.sample:remote u10234/0 CE cch 900 frozen unknown unknown unknown pers unknown; 832 system u1000/0 P sys unknown frozen unknown unknown unknown pers true")},
	{From: 30, To: 30, Mark: grammar.Composed, Unsure: "where API 30 prints that a process is frozen was not seen: both forms here", Text: `ACTIVITY MANAGER RUNNING PROCESSES (dumpsys activity processes)
  All known processes:
  *APP* UID 10234 ProcessRecord{99f043b 3776:org.ringproof.sample/u0a234}
    oom: max=1001 curRaw=900 setRaw=900 cur=900 set=900
    lastCompactTime=0 lastCompactAction=0
    isFrozen=true
  *APP* UID 10235 ProcessRecord{99f043c 3777:com.other/u0a235}
    mSetSchedGroup=0 isFrozen=false
    lastCompactTime=0 lastCompactAction=0 isFrozen=false

  Process LRU list (sorted by oom_adj, 1 total, non-act at 0, non-svc at 0):
    Proc # 0: cch   b/ /CEM ------  t: 0 3776:org.ringproof.sample/u0a234 (cch-empty)
`, Check: running("1: 3776 org.ringproof.sample u10234/0 CEM cch 900 frozen true unknown unknown pers unknown; 3777 com.other u10235/0 unknown unknown unknown frozen false unknown unknown pers unknown")},
	{From: 31, To: 36, Mark: grammar.Composed, Text: `ACTIVITY MANAGER RUNNING PROCESSES (dumpsys activity processes)
  All known processes:
  *APP* UID 10234 ProcessRecord{4c0e8b1 12345:org.ringproof.sample/u10a234}
    user #10 uid=1010234 gids={50213, 20213, 9997}
    mRequiredAbi=arm64-v8a instructionSet=null
    lastCompactTime=0 lastCompactProfile=NONE
    hasPendingCompaction=false    isFreezeExempt=false isPendingFreeze=true isFrozen=false
    earliestFreezableTimeMs=-3m2s
    oom adj: max=1001 curRaw=905 setRaw=905 cur=905 set=900
  *APP* UID 10213 ProcessRecord{9a7d2c4 12399:com.other:remote/u0a213}
    hasPendingCompaction=false    isFreezeExempt=true isPendingFreeze=false isFrozen=true
  Process OOM control (2 total, non-act at 0, non-svc at 0):
    Proc # 1: prcp  F/S/FGS  LCMNFU  t: 0 12399:com.other:remote/u0a213 (fg-service)
        oom: max=1001 curRaw=200 setRaw=200 cur=200 set=200
        state: cur=FGS  set=FGS  lastPss=12MB lastSwapPss=0.00 lastCachedPss=0.00
  PID mappings:
    PID #12345: ProcessRecord{4c0e8b1 12345:org.ringproof.sample/u10a234}
`, Check: running("1: 12345 org.ringproof.sample u1010234/10 unknown unknown 905 frozen false true false pers unknown; 12399 com.other:remote u10213/0 FGS prcp 200 frozen true false true pers unknown")},
	{From: 31, To: 36, Mark: grammar.Composed, Text: `ACTIVITY MANAGER LRU PROCESSES (dumpsys activity lru)
  Activities:
    Proc # 0: fore   T/A/TOP  LCMNFU  t: 0 30077:org.ringproof.sample/u0a234 (top-activity)
    Proc # 1: cch+ 5 b/ /CEM  ------  t: 0 18231:com.other/u0a235 (cch-empty)
  Apps frozen: 1
    499170472: 18231 com.other (sticky)
  Pending compactions:
    1: 2 x
`, Check: running("1: 30077 org.ringproof.sample u10234/0 TOP fore unknown frozen false unknown unknown pers unknown; 18231 com.other u10235/0 CEM cch+5 unknown frozen true unknown unknown pers unknown")},
	{From: 31, To: 36, Mark: grammar.Composed, Text: `  Apps frozen: 1
    499170472: 18231 com.other
ACTIVITY MANAGER LRU PROCESSES (dumpsys activity lru)
    Proc # 1: cch+ 5 b/ /CEM  ------  t: 0 18231:com.other/u0a235 (cch-empty)
`, Check: running("1: 18231 com.other u10235/0 CEM cch+5 unknown frozen true unknown unknown pers unknown")},
	{From: 28, To: 28, Maker: "automotive", Mark: grammar.Captured, File: "activity/009-a9-automotive-processes.txt", Check: process(5212, "com.bosch.lcm_time_track u1000/0 unknown unknown 800 frozen unknown unknown unknown pers unknown")},
	{From: 34, To: 34, Maker: "Xiaomi", Mark: grammar.Captured, File: "activity/006-a14-hyperos-pad6-processes.txt", Check: process(4880, "com.miui.powerkeeper u1000/0 BFGS fg 0 frozen unknown unknown unknown pers unknown")},
}

func showProcess(p Process) string {
	return fmt.Sprintf("%s u%d/%d %v %v %v frozen %v %v %v pers %v", p.Name, p.UID, p.User, p.State, p.Adj, p.Score, p.Frozen, p.Freezing, p.FreezeExempt, p.Persistent)
}

func running(want string) func(testing.TB, []byte) {
	return func(t testing.TB, b []byte) {
		t.Helper()
		f, err := ParseProcesses(b)
		got := fmt.Sprintf("%d:", f.Processes.Line())
		for i, p := range f.Processes.Or(nil) {
			if i > 0 {
				got += ";"
			}
			got += fmt.Sprintf(" %d %s", p.PID, showProcess(p))
		}
		if err != nil || got != want {
			t.Errorf("%v\n%s\nwant\n%s", err, got, want)
		}
	}
}

func process(pid int, want string) func(testing.TB, []byte) {
	return func(t testing.TB, b []byte) {
		t.Helper()
		f, err := ParseProcesses(b)
		got := "none"
		for _, p := range f.Processes.Or(nil) {
			if p.PID == pid {
				got = showProcess(p)
			}
		}
		if err != nil || got != want {
			t.Errorf("%v\n%s\nwant\n%s", err, got, want)
		}
	}
}

func TestGrammars(t *testing.T) {
	for name, rows := range map[string][]grammar.Row{"activities": activities, "processes": processes, "services": services, "broadcasts": broadcasts, "exits": exits} {
		t.Run(name, func(t *testing.T) { grammar.Check(t, rows) })
	}
}

// texts are the composed texts of a table, and more.
func texts(rows []grammar.Row, more ...string) []string {
	for _, r := range rows {
		if r.Text != "" {
			more = append(more, r.Text)
		}
	}
	return more
}

func FuzzParse(f *testing.F) {
	readertest.Fuzz(f, readertest.Of(Parse), texts(activities, "Display #0 (activities from top to bottom):\n* Task{\nHist ActivityRecord{ u0 /\n* Hist ActivityRecord{1 u0 a/b t t9 f}\n")...)
}

func FuzzParseProcesses(f *testing.F) {
	readertest.Fuzz(f, readertest.Of(ParseProcesses), texts(processes, "*APP* UID ProcessRecord{ 1:/u\nProc #1: / t: 0 1:a/0\nPERS #: /t: t:trm: \nApps frozen: 2\n1: 1 a\n: 2\n")...)
}

func FuzzParseServices(f *testing.F) {
	readertest.Fuzz(f, readertest.Of(ParseServices), texts(services, services34, "ACTIVITY MANAGER SERVICES\n* ServiceRecord{ u /}\n* ServiceRecord{1 u0 a/.}\n app=ProcessRecord{\n app=ProcessRecord{ :/}\n isForeground= foregroundNoti= types=\n")...)
}

func FuzzParseBroadcasts(f *testing.F) {
	readertest.Fuzz(f, readertest.Of(ParseBroadcasts), texts(broadcasts, "ACTIVITY MANAGER BROADCAST STATE\nHistorical Broadcast #\nBroadcastRecord{ } to user \nDeliver #: \nDeliver #0: ReceiverList{\n#0: act=\nenq= disp= fin=\nreason: \nnextReceiver=\n")...)
}

func FuzzParseExits(f *testing.F) {
	readertest.Fuzz(f, readertest.Of(ParseExits), texts(exits, "ACTIVITY MANAGER PROCESS EXIT INFO\npackage: \nApplicationExitInfo #0:\nreason=4 ((\ndescription= state=\ntimestamp=\n")...)
}

// damaged reports the kind of problem that err is.
func damaged(err error) text.Kind {
	if p, ok := text.AsProblem(err); ok {
		return p.Kind
	}
	return ""
}
