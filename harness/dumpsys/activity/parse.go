package activity

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

const service = "activity"

// Parse reads `dumpsys activity activities`. The error is a *text.Problem.
func Parse(b []byte) (Facts, error) {
	body, p := text.Open(b, service)
	r := reader{}
	for s := body.Lines(); s.Next(); {
		r.line(s.Line())
	}
	f := r.finish()
	switch {
	case p != nil:
		return f, p
	case r.tasksAt == 0:
		return f, &text.Problem{Kind: text.NotADump, Service: service, Msg: "no line Display #0 (activities from top to bottom)"}
	case !f.Tasks.Known():
		return f, &text.Problem{Kind: text.Truncated, Service: service, Line: r.last, Msg: "the dump ends within its tasks"}
	}
	return f, nil
}

type reader struct {
	facts    Facts
	last     int
	display  int
	inTasks  bool
	tasksAt  int
	tasks    []Task
	indents  []int // of tasks, to find the task that an activity belongs to
	open     []int // indexes of the open tasks, outermost first
	current  *Activity
	perTask  fact.Value[Activity] // topResumedActivity=, mResumedActivity:
	global   fact.Value[Activity] // ResumedActivity:
	whole    bool                 // a line behind the tasks was seen
	sleep    fact.Value[bool]     // mSleeping= of the supervisor
	taskNap  fact.Value[bool]     // isSleeping= of the first task
	keyguard bool
}

func (r *reader) line(l text.Line) {
	t := l.Text()
	if len(t) == 0 {
		return
	}
	r.last = l.N
	switch {
	case has(t, "Display #") && bytes.Contains(t, []byte("activities from top to bottom")):
		if n, ok := text.Int(t[len("Display #"):]); ok {
			r.display, r.inTasks = int(n), true
			r.open, r.indents, r.current = nil, nil, nil
			if r.tasksAt == 0 {
				r.tasksAt = l.N
			}
		}
	case has(t, "ResumedActivity: "):
		r.resumed(&r.global, t, l.N)
		r.endTasks()
	case has(t, "mFocusedStack="), has(t, "ActivityTaskSupervisor state"), has(t, "ActivityStackSupervisor state"):
		r.endTasks()
	case bytes.HasSuffix(t, []byte("KeyguardController:")):
		r.keyguard = true
		r.endTasks()
	case r.inTasks:
		r.taskLine(l, t)
	case has(t, "mSleeping="):
		text.Set(&r.sleep, text.BoolFact(l, "mSleeping="))
	case r.keyguard:
		r.keyguardLine(l, t)
	}
}

func (r *reader) endTasks() { r.inTasks, r.whole, r.current = false, r.whole || r.tasksAt != 0, nil }

func (r *reader) taskLine(l text.Line, t []byte) {
	switch {
	case has(t, "* Task{"), has(t, "* TaskRecord{"):
		r.task(l, t)
	case has(t, "topResumedActivity="), has(t, "mResumedActivity: "):
		r.resumed(&r.perTask, t, l.N)
	case has(t, "isSleeping="):
		text.Set(&r.taskNap, text.BoolFact(l, "isSleeping="))
	case has(t, "* Hist "), has(t, "Hist "):
		r.hist(l, t)
	case has(t, "state=") && r.current != nil:
		text.Set(&r.current.State, text.WordFact(l, "state="))
	}
}

// task opens a task: `* Task{h #12 type=standard A=10090:aff U=0 visible=true ...}`,
// up to API 29 `* TaskRecord{h #75 A=aff U=0 StackId=5 sz=1}`.
func (r *reader) task(l text.Line, t []byte) {
	for len(r.indents) > 0 && r.indents[len(r.indents)-1] >= l.Indent {
		r.indents, r.open = r.indents[:len(r.indents)-1], r.open[:len(r.open)-1]
	}
	task := Task{ID: -1, Display: r.display, Line: l.N, Activities: []Activity{}, Visible: text.BoolFact(l, "visible=")}
	if _, v, ok := bytes.Cut(t, []byte(" #")); ok {
		if n, ok := text.Int(v); ok {
			task.ID = int(n)
		}
	}
	task.Type, _ = text.Word(t, "type=")
	if u, ok := text.Word(t, "U="); ok {
		if n, ok := text.Int([]byte(u)); ok {
			task.User = int(n)
		}
	}
	for _, k := range []string{"A=", "I="} {
		if v, ok := text.Word(t, k); ok && task.Affinity == "" {
			task.Affinity = v
		}
	}
	r.tasks = append(r.tasks, task)
	r.indents, r.open = append(r.indents, l.Indent), append(r.open, len(r.tasks)-1)
	r.current = nil
}

// hist adds an activity to the innermost open task around its line.
func (r *reader) hist(l text.Line, t []byte) {
	a, ok := parseActivity(string(t), l.N)
	r.current = nil
	for n := len(r.open); ok && n > 0; n-- {
		if r.indents[n-1] >= l.Indent {
			continue
		}
		task := &r.tasks[r.open[n-1]]
		task.Activities = append(task.Activities, a)
		r.current = &task.Activities[len(task.Activities)-1]
		return
	}
}

func (r *reader) resumed(to *fact.Value[Activity], t []byte, line int) {
	if a, ok := parseActivity(string(t), line); ok {
		text.Set(to, fact.Of(a, line))
	}
}

// keyguardLine reads KeyguardController.dump for the default display.
func (r *reader) keyguardLine(l text.Line, t []byte) {
	if d, ok := text.Value(t, "at display="); ok {
		if n, ok := text.Int(d); !ok || n != 0 {
			return
		}
		text.Set(&r.facts.KeyguardShowing, text.BoolFact(l, "KeyguardShowing="))
		text.Set(&r.facts.KeyguardOccluded, text.BoolFact(l, "Occluded="))
		return
	}
	text.Set(&r.facts.KeyguardShowing, text.BoolFact(l, "mKeyguardShowing="))
	text.Set(&r.facts.KeyguardOccluded, text.BoolFact(l, "mOccluded="))
}

func (r *reader) finish() Facts {
	f := r.facts
	f.Resumed = r.global
	text.Set(&f.Resumed, r.perTask)
	f.Sleeping = r.sleep
	text.Set(&f.Sleeping, r.taskNap)
	if r.tasksAt != 0 && r.whole {
		if r.tasks == nil {
			r.tasks = []Task{}
		}
		f.Tasks = fact.Of(r.tasks, r.tasksAt)
	}
	for _, t := range r.tasks {
		if t.Display == 0 && len(t.Activities) > 0 {
			f.Top = fact.Of(t.Activities[0], t.Activities[0].Line)
			break
		}
	}
	return f
}

// parseActivity reads ActivityRecord{h u0 pkg/.Class t12} and its broken forms:
// `ActivityRecord{h u0 pkg/.Class} t12}` (API 33), `... t-1 f}}` (finishing).
func parseActivity(s string, line int) (Activity, bool) {
	_, s, ok := strings.Cut(s, "ActivityRecord{")
	if !ok {
		return Activity{}, false
	}
	w := strings.Fields(strings.ReplaceAll(s, "}", " "))
	if len(w) < 3 || len(w[1]) < 2 || w[1][0] != 'u' {
		return Activity{}, false
	}
	user, err := strconv.Atoi(w[1][1:])
	pkg, class, ok := strings.Cut(w[2], "/")
	if err != nil || !ok || pkg == "" || class == "" {
		return Activity{}, false
	}
	if class[0] == '.' {
		class = pkg + class
	}
	a := Activity{Package: pkg, Class: class, User: user, Task: -1, Line: line}
	for _, x := range w[3:min(len(w), 6)] {
		if n, err := strconv.Atoi(strings.TrimPrefix(x, "t")); err == nil && x[0] == 't' && n >= 0 {
			a.Task = n
		}
		a.Finishing = a.Finishing || x == "f"
	}
	return a, true
}

func has(t []byte, key string) bool {
	return len(t) >= len(key) && string(t[:len(key)]) == key
}
