package activity

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

// ParseProcesses reads `dumpsys activity processes`, `lru` or `oom`. The same
// process may stand in a block and in a row: both are joined by pid. The error
// is a *text.Problem.
func ParseProcesses(b []byte) (Processes, error) {
	body, p := text.Open(b, service)
	r := processReader{byPID: map[int]int{}, cur: -1, all: []Process{}}
	for s := body.Lines(); s.Next(); {
		r.line(s.Line())
	}
	f := Processes{}
	if r.at != 0 {
		f.Processes = fact.Of(r.all, r.at)
	}
	switch {
	case p != nil:
		return f, p
	case r.at == 0:
		return f, &text.Problem{Kind: text.NotADump, Service: service, Msg: "no list of processes"}
	}
	return f, nil
}

type processReader struct {
	all   []Process
	byPID map[int]int
	cur   int // the process that the lines below belong to, -1 for none
	at    int
}

func (r *processReader) line(l text.Line) {
	t := l.Text()
	switch {
	case has(t, "ACTIVITY MANAGER RUNNING PROCESSES"), has(t, "ACTIVITY MANAGER LRU PROCESSES"),
		has(t, "Process LRU list"), has(t, "Process OOM control"), has(t, "All known processes"):
		r.begin(l.N)
	case has(t, "*APP* UID "), has(t, "*PERS* UID "):
		r.block(l, t)
	case has(t, "PERS #"), has(t, "Proc #"):
		r.row(l, t)
	case r.cur < 0:
	case has(t, "state: cur="):
		r.set(func(p *Process) { text.Set(&p.State, text.WordFact(l, "cur=")) })
	default:
		if v := text.BoolFact(l, "isFrozen="); v.Known() {
			r.set(func(p *Process) { text.Set(&p.Frozen, v) })
		}
		if v := text.BoolFact(l, "persistent="); v.Known() {
			r.set(func(p *Process) { text.Set(&p.Persistent, v) })
		}
	}
}

func (r *processReader) begin(line int) {
	if r.at == 0 {
		r.at = line
	}
	r.cur = -1
}

func (r *processReader) set(f func(*Process)) { f(&r.all[r.cur]) }

// block opens `*APP* UID 10026 ProcessRecord{99f043b 3776:com.android.x/u0a26}`.
func (r *processReader) block(l text.Line, t []byte) {
	r.cur = -1
	_, v, ok := bytes.Cut(t, []byte("ProcessRecord{"))
	if !ok {
		return
	}
	_, v, ok = bytes.Cut(v, []byte(" "))
	if !ok {
		return
	}
	if p, ok := identity(strings.TrimSuffix(string(v), "}"), l.N); ok {
		r.begin(l.N)
		r.cur = r.join(p)
	}
}

// row reads
//
//	Proc # 3: cch+ 5 b/ /CEM  ------  t: 0 18231:com.app/u0a235 (cch-empty)
//
// where the capabilities came with API 30 and `t:` was `trm:` before.
func (r *processReader) row(l text.Line, t []byte) {
	r.cur = -1
	_, v, ok := bytes.Cut(t, []byte(": "))
	if !ok {
		return
	}
	s := string(v)
	at := -1
	for _, mark := range []string{" t: ", " t:", " trm: ", " trm:"} {
		if at = strings.Index(s, mark); at >= 0 {
			break
		}
	}
	if at < 0 {
		return
	}
	_, who, ok := strings.Cut(strings.TrimLeft(s[at+1:], "trm: "), " ")
	if !ok {
		return
	}
	who = strings.TrimSpace(who)
	if i := strings.LastIndex(who, " ("); i >= 0 {
		who = who[:i]
	}
	p, ok := identity(who, l.N)
	if !ok {
		return
	}
	// Between adj and the mark stands <sched>/<foreground>/<state>.
	head := s[:at]
	if i := strings.IndexByte(head, '/'); i > 0 {
		p.Adj = fact.Of(strings.Join(strings.Fields(head[:i-1]), ""), l.N)
		if rest := head[i+1:]; strings.IndexByte(rest, '/') >= 0 {
			if w := strings.Fields(rest[strings.IndexByte(rest, '/')+1:]); len(w) > 0 {
				p.State = fact.Of(w[0], l.N)
			}
		}
	}
	if has(t, "PERS #") {
		p.Persistent = fact.Of(true, l.N)
	}
	r.begin(l.N)
	r.cur = r.join(p)
}

// join adds a process or completes the one with its pid.
func (r *processReader) join(p Process) int {
	i, ok := r.byPID[p.PID]
	if !ok || r.all[i].Name != p.Name {
		r.all = append(r.all, p)
		r.byPID[p.PID] = len(r.all) - 1
		return len(r.all) - 1
	}
	q := &r.all[i]
	text.Set(&q.State, p.State)
	text.Set(&q.Adj, p.Adj)
	text.Set(&q.Persistent, p.Persistent)
	return i
}

// identity reads <pid>:<process>/<uid>. Isolated processes of a zygote have
// names with ":" and "/" may not be in a name.
func identity(s string, line int) (Process, bool) {
	num, rest, ok := strings.Cut(s, ":")
	slash := strings.LastIndexByte(rest, '/')
	if !ok || slash <= 0 {
		return Process{}, false
	}
	pid, err := strconv.Atoi(num)
	if err != nil || pid < 0 {
		return Process{}, false
	}
	uid, user, ok := text.UID(rest[slash+1:])
	return Process{PID: pid, Name: rest[:slash], UID: uid, User: user, Line: line}, ok
}
