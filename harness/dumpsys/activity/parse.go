package activity

import (
	"bytes"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

const service = "activity"

// Parse reads `dumpsys activity activities`. The error is a *text.Problem.
func Parse(b []byte) (Facts, error) {
	body, p := text.Open(b, service)
	r := reader{size: len(body.Text)}
	for s := body.Lines(); s.Next(); {
		r.line(s.Line(), r.size-len(s.Rest()))
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
	words    text.Words
	size     int // bytes of the text
	last     int
	display  int
	stack    string // type of the stack around, "" without one
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

func (r *reader) line(l text.Line, done int) {
	t := l.Text()
	if len(t) == 0 {
		return
	}
	r.last = l.N
	switch t[0] {
	case 'D':
		if text.Has(t, "Display #") && bytes.Contains(t, []byte("activities from top to bottom")) {
			r.tasksOf(t, l.N)
			return
		}
	case 'R':
		if v, ok := text.After(t, "ResumedActivity: "); ok {
			r.resumed(&r.global, v, l.N)
			r.endTasks()
			return
		}
	case 'm', 'A':
		if text.Has(t, "mFocusedStack=") || text.Has(t, "ActivityTaskSupervisor state") || text.Has(t, "ActivityStackSupervisor state") {
			r.endTasks()
			return
		}
	}
	if t[len(t)-1] == ':' && bytes.HasSuffix(t, []byte("KeyguardController:")) {
		r.keyguard = true
		r.endTasks()
		return
	}
	switch {
	case r.inTasks:
		r.taskLine(l, t, done)
	case t[0] == 'm' && text.Has(t, "mSleeping="):
		text.Set(&r.sleep, text.BoolFact(l, "mSleeping="))
	case r.keyguard:
		r.keyguardLine(l, t)
	}
}

func (r *reader) tasksOf(t []byte, line int) {
	n, ok := text.Int(t[len("Display #"):])
	if !ok {
		return
	}
	r.display, r.stack, r.inTasks = int(n), "", true
	r.open, r.indents, r.current = nil, nil, nil
	if r.tasksAt == 0 {
		r.tasksAt = line
	}
}

func (r *reader) endTasks() { r.inTasks, r.whole, r.current = false, r.whole || r.tasksAt != 0, nil }

func (r *reader) taskLine(l text.Line, t []byte, done int) {
	switch t[0] {
	case '*':
		switch {
		case text.Has(t, "* Task{"), text.Has(t, "* TaskRecord{"):
			r.task(l, t, done)
		case text.Has(t, "* Hist "):
			r.hist(l, t)
		}
	case 'H':
		if text.Has(t, "Hist ") {
			r.hist(l, t)
		}
	case 't':
		if v, ok := text.After(t, "topResumedActivity="); ok {
			r.resumed(&r.perTask, v, l.N)
		}
	case 'm':
		if v, ok := text.After(t, "mResumedActivity: "); ok {
			r.resumed(&r.perTask, v, l.N)
		}
	case 'R':
		// API 36 lists what is resumed.
		if v, ok := text.After(t, "Resumed: "); ok {
			r.resumed(&r.perTask, v, l.N)
		}
	case 'i':
		if text.Has(t, "isSleeping=") {
			text.Set(&r.taskNap, text.BoolFact(l, "isSleeping="))
		}
	case 'S':
		// Up to API 29 the stack around the tasks has their type.
		if text.Has(t, "Stack #") {
			r.stack, _ = text.Word(t, "type=")
		}
	case 's':
		if v, ok := text.After(t, "state="); ok && r.current != nil && !r.current.State.Known() {
			v, _ = cut(v, ' ')
			r.current.State = fact.Of(r.words.Word(v), l.N)
		}
	}
}

// task opens a task: `* Task{h #12 type=standard A=10090:aff U=0 visible=true ...}`,
// up to API 29 `* TaskRecord{h #75 A=aff U=0 StackId=5 sz=1}`.
func (r *reader) task(l text.Line, t []byte, done int) {
	for len(r.indents) > 0 && r.indents[len(r.indents)-1] >= l.Indent {
		r.indents, r.open = r.indents[:len(r.indents)-1], r.open[:len(r.open)-1]
	}
	task := Task{ID: -1, Type: r.stack, Display: r.display, Line: l.N, Activities: []Activity{}}
	for rest := t; len(rest) > 0; {
		var word []byte
		word, rest = cut(rest, ' ')
		if len(word) > 1 && word[0] == '#' {
			if n, ok := text.Int(word[1:]); ok && task.ID < 0 {
				task.ID = int(n)
			}
			continue
		}
		key, v := cut(word, '=')
		if v == nil {
			continue
		}
		for len(v) > 0 && (v[len(v)-1] == '}' || v[len(v)-1] == ')' || v[len(v)-1] == ',') {
			v = v[:len(v)-1]
		}
		switch string(key) {
		case "type":
			task.Type = r.words.Word(v)
		case "U":
			if n, ok := text.Int(v); ok {
				task.User = int(n)
			}
		case "A", "I":
			if task.Affinity == "" {
				task.Affinity = r.words.Word(v)
			}
		case "visible":
			if b, ok := text.Bool(v); ok {
				text.Set(&task.Visible, fact.Of(b, l.N))
			}
		}
	}
	r.tasks = text.Append(r.tasks, task, done, r.size)
	r.indents, r.open = append(r.indents, l.Indent), append(r.open, len(r.tasks)-1)
	r.current = nil
}

// hist adds an activity to the innermost open task around its line.
func (r *reader) hist(l text.Line, t []byte) {
	r.current = nil
	for n := len(r.indents); n > 0 && r.indents[n-1] >= l.Indent; n-- {
		// A task whose block has ended is no task around any later line.
		r.indents, r.open = r.indents[:n-1], r.open[:n-1]
	}
	n := len(r.open)
	if n == 0 {
		return
	}
	if a, ok := r.activity(t, l.N); ok {
		task := &r.tasks[r.open[n-1]]
		task.Activities = append(task.Activities, a)
		r.current = &task.Activities[len(task.Activities)-1]
	}
}

func (r *reader) resumed(to *fact.Value[Activity], t []byte, line int) {
	if to.Known() {
		return
	}
	if a, ok := r.activity(t, line); ok {
		*to = fact.Of(a, line)
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

// activity reads ActivityRecord{h u0 pkg/.Class t12} and its broken forms:
// `ActivityRecord{h u0 pkg/.Class} t12}` (API 33), `... t-1 f}}` (finishing).
func (r *reader) activity(t []byte, line int) (Activity, bool) {
	const key = "ActivityRecord{"
	i := bytes.Index(t, []byte(key))
	if i < 0 {
		return Activity{}, false
	}
	_, t = cut(t[i+len(key):], ' ')
	id, t, ok := user(t)
	if !ok {
		return Activity{}, false
	}
	pkg, class, rest, ok := component(t, &r.words)
	if !ok {
		return Activity{}, false
	}
	a := Activity{Package: pkg, Class: class, User: id, Task: -1, Line: line}
	for range 4 { // brackets, the task, the mark of a finishing one
		rest = bytes.TrimLeft(rest, " }")
		end := bytes.IndexAny(rest, " }")
		word := rest
		if end >= 0 {
			word = rest[:end]
		}
		switch {
		case string(word) == "f":
			a.Finishing = true
		case len(word) > 1 && word[0] == 't':
			if n, ok := decimal(word[1:]); ok {
				a.Task = n
			}
		}
		rest = rest[len(word):]
	}
	return a, true
}
