package activity

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ringproof/ringproof/harness/dumpsys/text"
	"github.com/ringproof/ringproof/harness/internal/captures"
)

const dump34 = `ACTIVITY MANAGER ACTIVITIES (dumpsys activity activities)
Display #0 (activities from top to bottom):
  * Task{157c3a8 #12 type=standard A=10234:org.ringproof.sample U=0 visible=true visibleRequested=true mode=fullscreen translucent=false sz=2}
    isSleeping=false
    topResumedActivity=ActivityRecord{1 u0 org.ringproof.sample/.IncomingCallActivity t12}
    * Hist  #1: ActivityRecord{1 u0 org.ringproof.sample/.IncomingCallActivity t12}
      packageName=org.ringproof.sample processName=org.ringproof.sample
      launchFailed=false state=WRONG
      state=RESUMED stopped=false delayedResume=false finishing=false
    * Hist  #0: ActivityRecord{1e24f58 u0 org.ringproof.sample/.MainActivity t-1 f}}
      state=STOPPED stopped=true

  * Task{b51ff05 #1 type=home ?? U=10 visible=false visibleRequested=false mode=fullscreen translucent=true sz=1}
    * Task{68409db #9 type=home I=com.android.launcher3/.Launcher U=10 rootTaskId=1 visible=false mode=fullscreen sz=1}
        Hist  #0: ActivityRecord{87df51 u10 com.android.launcher3/com.other.Launcher} t9}
Display #2 (activities from top to bottom):
  * Task{9 #30 type=standard A=x U=0 visible=true sz=0}

  ResumedActivity: ActivityRecord{1 u0 org.ringproof.sample/.IncomingCallActivity t12}

ActivityTaskSupervisor state:
  mSleeping=true mAllSleepTokens=[]
      * Task{157c3a8 #12 type=standard}
  KeyguardController:
    mKeyguardShowing=true
   KeyguardShowing=true AodShowing=false  Occluded=true DismissingKeyguardActivity=null at display=0
`

func TestParse(t *testing.T) {
	f, err := Parse([]byte(dump34))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, task := range f.Tasks.Or(nil) {
		got = append(got, fmt.Sprintf("task %d %s u%d d%d visible=%v %s line %d", task.ID, task.Type, task.User, task.Display, task.Visible, task.Affinity, task.Line))
		for _, a := range task.Activities {
			got = append(got, fmt.Sprintf("  %s %s u%d t%d finishing=%v %v line %d", a.Package, a.Class, a.User, a.Task, a.Finishing, a.State, a.Line))
		}
	}
	want := []string{
		"task 12 standard u0 d0 visible=true 10234:org.ringproof.sample line 3",
		"  org.ringproof.sample org.ringproof.sample.IncomingCallActivity u0 t12 finishing=false RESUMED line 6",
		"  org.ringproof.sample org.ringproof.sample.MainActivity u0 t-1 finishing=true STOPPED line 10",
		"task 1 home u10 d0 visible=false  line 13",
		"task 9 home u10 d0 visible=false com.android.launcher3/.Launcher line 14",
		"  com.android.launcher3 com.other.Launcher u10 t9 finishing=false unknown line 15",
		"task 30 standard u0 d2 visible=true x line 17",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("tasks (-want +got):\n%s", d)
	}
	if a := f.Resumed.Or(Activity{}); a.Class != "org.ringproof.sample.IncomingCallActivity" || f.Resumed.Line() != 19 {
		t.Errorf("resumed = %+v", f.Resumed)
	}
	if a := f.Top.Or(Activity{}); a.Line != 6 {
		t.Errorf("top = %+v", a)
	}
	if f.Sleeping.String() != "true" || f.KeyguardShowing.String() != "true" || f.KeyguardOccluded.String() != "true" {
		t.Errorf("sleeping %v, keyguard %v, occluded %v", f.Sleeping, f.KeyguardShowing, f.KeyguardOccluded)
	}
	if n := len(f.ActivitiesOf("org.ringproof.sample").Or(nil)); n != 2 {
		t.Errorf("%d activities of the sample", n)
	}
}

// An activity belongs to the task around its line, not to the one before it.
func TestNestedTasks(t *testing.T) {
	f, err := Parse([]byte("Display #0 (activities from top to bottom):\n  * Task{1 #1 type=standard U=0}\n    * Task{2 #2 type=standard U=0}\n      * Hist  #0: ActivityRecord{1 u0 a.b/.Inner t2}\n    * Hist  #0: ActivityRecord{1 u0 a.b/.Outer t1}\n  ResumedActivity: null\n"))
	tasks := f.Tasks.Or(nil)
	if err != nil || len(tasks) != 2 || len(tasks[0].Activities) != 1 || tasks[0].Activities[0].Class != "a.b.Outer" || tasks[1].Activities[0].Class != "a.b.Inner" {
		t.Errorf("%+v, %v", tasks, err)
	}
}

func TestCuts(t *testing.T) {
	lines := strings.SplitAfter(dump34, "\n")
	for i := range lines {
		f, err := Parse([]byte(strings.Join(lines[:i], "")))
		if f.Tasks.Known() != (i >= 19) || (err == nil) != (i >= 19) {
			t.Fatalf("cut after line %d: tasks %v, error %v", i, f.Tasks, err)
		}
	}
}

func TestParseProcesses(t *testing.T) {
	f, err := ParseProcesses([]byte(`ACTIVITY MANAGER RUNNING PROCESSES (dumpsys activity processes)
  All known processes:
  *APP* UID 10234 ProcessRecord{99f043b 3776:org.ringproof.sample:remote/u0a234}
    user #0 uid=10234
    persistent=false removed=false
    isFrozen=true
  *PERS* UID 1000 ProcessRecord{1 832:system/1000}
    persistent=true removed=false

  Process LRU list (sorted by oom_adj, 3 total, non-act at 8, non-svc at 8):
    PERS #2: sys    F/ /PER  LCMNFU  t: 0 832:system/1000 (fixed)
    Proc # 3: fore  T/A/TOP  trm: 0 30077:org.ringproof.sample/u10a234 (top-activity)
        oom: max= curRaw=0
    Proc # 1: cch+ 5 b/ /CEM  ------  t: 0 3776:org.ringproof.sample:remote/u0a234 (cch-empty)
        state: cur=CEM  set=CEM  lastPss=1MB
    Proc # 4: vis    F/ /BFGS ---NFU  t: 0 6044:com.google.android.webview:js_sandboxed_process0:org.x.Svc/u0a306i1 (service)
`))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range f.Processes.Or(nil) {
		got = append(got, fmt.Sprintf("%d %s %d u%d %v %v frozen=%v pers=%v", p.PID, p.Name, p.UID, p.User, p.State, p.Adj, p.Frozen, p.Persistent))
	}
	want := []string{
		"3776 org.ringproof.sample:remote 10234 u0 CEM cch+5 frozen=true pers=false",
		"832 system 1000 u0 PER sys frozen=unknown pers=true",
		"30077 org.ringproof.sample 1010234 u10 TOP fore frozen=unknown pers=unknown",
		"6044 com.google.android.webview:js_sandboxed_process0:org.x.Svc 99001 u0 BFGS vis frozen=unknown pers=unknown",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("processes (-want +got):\n%s", d)
	}
	if n := len(f.Of("org.ringproof.sample").Or(nil)); n != 2 {
		t.Errorf("%d processes of the sample, want 2", n)
	}
}

func TestParseExits(t *testing.T) {
	const head = "ACTIVITY MANAGER PROCESS EXIT INFO (dumpsys activity exit-info)\nLast Timestamp of Persistence Into Persistent Storage: 2026-03-14 05:31:19.889\n"
	for _, c := range []struct{ name, in string }{
		{"API 33", head + `  package: org.ringproof.sample
    Historical Process Exit for uid=10234
        ApplicationExitInfo #0:
          timestamp=2026-03-14 05:31:19.889 pid=123 realUid=10234 packageUid=10234 definingUid=10234 user=0
          process=org.ringproof.sample:r reason=10 (USER REQUESTED) subreason=21 (FORCE STOP) status=0
          importance=100 pss=0.00 rss=12MB description=stop org.ringproof.sample due to state=x from pid 4 state=empty trace=null
`},
		{"API 31", head + `  package: org.ringproof.sample
    Historical Process Exit for uid=10234
        ApplicationExitInfo #0:
            timestamp=2026-03-14 05:31:19.889
            pid=123
            realUid=10234
            user=0
            process=org.ringproof.sample:r
            reason=10 (USER REQUESTED)
            subreason=21 (FORCE STOP)
            status=0
            importance=100
            pss=0.00
            description=stop org.ringproof.sample due to state=x from pid 4
            state=empty
            trace=null
`},
	} {
		f, err := ParseExits([]byte(c.in))
		if err != nil {
			t.Fatal(err)
		}
		all := f.Exits.Or(nil)
		if len(all) != 1 {
			t.Fatalf("%s: %v", c.name, f.Exits)
		}
		e := all[0]
		got := fmt.Sprint(e.Package, e.Process, e.UID, e.PID, e.User, e.Timestamp, e.Code, e.Reason, e.Subreason, e.Status, e.Importance, e.Description, e.Line)
		want := fmt.Sprint("org.ringproof.sample", "org.ringproof.sample:r", 10234, 123, 0, "2026-03-14 05:31:19.889", 10, "USER REQUESTED", "FORCE STOP", 0, 100, "stop org.ringproof.sample due to state=x from pid 4", 5)
		if got != want {
			t.Errorf("%s: %s\nwant %s", c.name, got, want)
		}
	}
	if f, err := ParseExits([]byte(head)); err != nil || f.Exits.String() != "[]" {
		t.Errorf("no exits: %v, %v", f.Exits, err)
	}
	if n, w, rest := coded([]byte("4 (APP CRASH(EXCEPTION)) status=0")); n.Or(0) != 4 || string(w) != "APP CRASH(EXCEPTION)" || string(rest) != " status=0" {
		t.Errorf("nested words: %v %q", n, w)
	}
}

// What stands before a key, or is no key that is read, takes nothing from it.
func TestExitKeys(t *testing.T) {
	const head = "ACTIVITY MANAGER PROCESS EXIT INFO (dumpsys activity exit-info)\n  package: a\n  ApplicationExitInfo #0:\n"
	for name, lines := range map[string]string{
		"another order":    "status=6 reason=3 (LOW_MEMORY) pid=7\n",
		"a maker's words":  "some words pid=7 more words reason=3 (LOW_MEMORY) extra status=6\n",
		"a maker's key":    "x=1 pid=7 y=2 reason=3 (LOW_MEMORY) z status=6\n",
		"the first counts": "pid=7 reason=3 (LOW_MEMORY) status=6\n pid=8 reason=4 (CRASH) status=9\n",
	} {
		f, err := ParseExits([]byte(head + lines))
		e := f.Exits.Or(nil)
		if err != nil || len(e) != 1 || e[0].PID.Or(0) != 7 || e[0].Code.Or(0) != 3 || e[0].Reason != "LOW_MEMORY" || e[0].Status.Or(0) != 6 {
			t.Errorf("%s: %+v, %v", name, e, err)
		}
	}
}

// Records have deliveries of their own, however many.
func TestManyDeliveries(t *testing.T) {
	record := func(state string, n int) string {
		return "  Historical Broadcast modern #0:\n    BroadcastRecord{1 a.B/u0} to user 0\n" + strings.Repeat("    "+state+" #0: (manifest)\n", n)
	}
	for _, n := range []int{1, 1023, 1024, 3000} {
		f, err := ParseBroadcasts([]byte("ACTIVITY MANAGER BROADCAST STATE (dumpsys activity broadcasts)\n  Historical broadcasts [modern]:\n" + record("DELIVERED", n) + record("SKIPPED", n)))
		h := f.History.Or(nil)
		if err != nil || len(h) != 2 || len(h[0].Deliveries) != n || len(h[1].Deliveries) != n || h[0].Deliveries[0].State != "DELIVERED" || h[1].Deliveries[n-1].State != "SKIPPED" {
			t.Errorf("%d: %d records, %v", n, len(h), err)
		}
	}
}

func TestProblems(t *testing.T) {
	for in, kind := range map[string]text.Kind{
		"":                               text.Empty,
		"Can't find service: activity\n": text.NoService,
		"Unknown command: com.x\nBad activity command, or no activities match: com.x\nUse -h for help.\n": text.NotADump,
	} {
		want := &text.Problem{Kind: kind}
		if _, err := Parse([]byte(in)); !errors.Is(err, want) {
			t.Errorf("Parse(%q): %v", in, err)
		}
		if f, err := ParseProcesses([]byte(in)); !errors.Is(err, want) || f.Processes.Known() {
			t.Errorf("ParseProcesses(%q): %v", in, err)
		}
		if f, err := ParseExits([]byte(in)); !errors.Is(err, want) || f.Exits.Known() {
			t.Errorf("ParseExits(%q): %v", in, err)
		}
	}
}

func corpus(t *testing.T, name string) []byte {
	t.Helper()
	dir := captures.Dir(t)
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// What a person sees in the real dumps.
func TestCorpus(t *testing.T) {
	for _, c := range []struct {
		name, resumed, top          string
		tasks, activities           int
		sleeping, showing, occluded string
	}{
		{"001-a13-mtk-tablet-locked-asleep-activities.txt", "com.mediatek.camera.CameraLauncher", "com.mediatek.camera.CameraLauncher", 9, 6, "true", "true", "false"},
		{"002-a14-emulator-nexuslauncher-activities.txt", "com.google.android.apps.nexuslauncher.NexusLauncherActivity", "com.google.android.apps.nexuslauncher.NexusLauncherActivity", 8, 2, "false", "false", "false"},
		{"004-samsung-launcher-whatsapp-activities.txt", "com.sec.android.app.launcher.activities.LauncherActivity", "com.sec.android.app.launcher.activities.LauncherActivity", 6, 2, "false", "unknown", "unknown"},
		{"005-a14-hyperos-pad6-activities.txt", "com.termux.app.TermuxActivity", "com.termux.app.TermuxActivity", 12, 6, "false", "false", "false"},
		{"008-a9-automotive-activities.txt", "com.beantechs.vehiclecenter.activity.MainActivity", "com.beantechs.vehiclecenter.activity.MainActivity", 4, 4, "false", "false", "false"},
	} {
		f, err := Parse(corpus(t, "activity/"+c.name))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		n := 0
		for _, task := range f.Tasks.Or(nil) {
			n += len(task.Activities)
		}
		if f.Resumed.Or(Activity{}).Class != c.resumed || f.Top.Or(Activity{}).Class != c.top || len(f.Tasks.Or(nil)) != c.tasks || n != c.activities ||
			f.Sleeping.String() != c.sleeping || f.KeyguardShowing.String() != c.showing || f.KeyguardOccluded.String() != c.occluded {
			t.Errorf("%s: resumed %v, top %v, %d tasks, %d activities, sleeping %v, keyguard %v, occluded %v", c.name, f.Resumed, f.Top,
				len(f.Tasks.Or(nil)), n, f.Sleeping, f.KeyguardShowing, f.KeyguardOccluded)
		}
	}
}

func TestCorpusProcesses(t *testing.T) {
	for _, c := range []struct {
		name                      string
		count, pid, uid           int
		process, state, adj, pers string
	}{
		{"006-a14-hyperos-pad6-processes.txt", 87, 9190, 10322, "com.termux", "TOP", "fg", "unknown"},
		{"006-a14-hyperos-pad6-processes.txt", 87, 12617, 10150, "com.android.camera", "CEM", "cch+25", "unknown"},
		{"006-a14-hyperos-pad6-processes.txt", 87, 2875, 1000, "com.android.systemui", "PER", "pers", "true"},
		{"009-a9-automotive-processes.txt", 12, 3776, 10026, "com.android.providers.calendar", "unknown", "unknown", "unknown"},
		{"009-a9-automotive-processes.txt", 12, 3105, 1000, "com.beantechs.inputservice", "unknown", "unknown", "true"},
	} {
		f, err := ParseProcesses(corpus(t, "activity/"+c.name))
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		p := f.Of(c.process).Or(nil)
		if len(f.Processes.Or(nil)) != c.count || len(p) != 1 || p[0].PID != c.pid || p[0].UID != c.uid || p[0].State.String() != c.state ||
			p[0].Adj.String() != c.adj || p[0].Persistent.String() != c.pers {
			t.Errorf("%s: %d processes, %s = %+v", c.name, len(f.Processes.Or(nil)), c.process, p)
		}
	}
	if _, err := Parse(corpus(t, "misc/013-negative-dumpsys-activity-no-match.txt")); !errors.Is(err, &text.Problem{Kind: text.NotADump}) {
		t.Errorf("no match: %v", err)
	}
}
