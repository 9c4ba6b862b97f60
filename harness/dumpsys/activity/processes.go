package activity

import (
	"bytes"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

// ParseProcesses reads `dumpsys activity processes`, `lru` or `oom`, and the
// list of frozen apps in `dumpsys activity settings`. The same process may
// stand in a block and in rows: they are joined by pid. The error is a
// *text.Problem.
func ParseProcesses(b []byte) (Processes, error) {
	body, p := text.Open(b, service)
	r := processReader{cur: -1, size: len(body.Text)}
	for s := body.Lines(); s.Next(); {
		if t := s.Text(); len(t) > 0 {
			r.line(&s, t, r.size-len(s.Rest()))
		}
	}
	f := Processes{}
	if r.at != 0 {
		if r.all == nil {
			r.all = []Process{}
		}
		r.thaw()
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
	all    []Process
	form   byte        // of the list that is read: block, row, frozen
	byPID  map[int]int // of all, made when a second list begins
	words  text.Words
	size   int // bytes of the text
	cur    int // the process that the lines below belong to, -1 for none
	at     int
	frozen int // line of the title of the frozen apps
	due    int // how many of them are still to come
}

// line reads t, the text of the line that s stands on.
func (r *processReader) line(s *text.Lines, t []byte, done int) {
	switch t[0] {
	case 'A':
		if text.Has(t, "ACTIVITY MANAGER RUNNING PROCESSES") || text.Has(t, "ACTIVITY MANAGER LRU PROCESSES") || text.Has(t, "All known processes") {
			r.begin(s.N())
		} else if v, ok := text.After(t, "Apps frozen: "); ok {
			if n, ok := text.Int(v); ok {
				r.begin(s.N())
				r.frozen, r.due = s.N(), int(n)
			}
		}
	case 'P':
		switch {
		case text.Has(t, "PERS #"), text.Has(t, "Proc #"):
			r.row(t, s.N(), done)
		case text.Has(t, "Process LRU list"), text.Has(t, "Process OOM control"):
			r.begin(s.N())
			r.form = 0
		}
	case '*':
		if text.Has(t, "*APP* UID ") || text.Has(t, "*PERS* UID ") {
			r.block(t, s.N(), done)
		}
	default:
		if r.due > 0 && t[0] >= '0' && t[0] <= '9' {
			r.freeze(t, s.N(), done)
		} else if r.cur >= 0 {
			r.key(&r.all[r.cur], s, t)
		}
	}
}

func (r *processReader) begin(line int) {
	if r.at == 0 {
		r.at = line
	}
	r.cur = -1
}

// key reads the lines below a row or a block.
func (r *processReader) key(p *Process, s *text.Lines, t []byte) {
	switch t[0] {
	case 's':
		if v, ok := text.After(t, "state: cur="); ok {
			v, _ = cut(v, ' ')
			text.Set(&p.State, fact.Of(r.words.Word(v), s.N()))
		}
	case 'o':
		// `oom: max=1001 ... cur=915 set=915`, `oom adj: ...` since API 31
		if text.Has(t, "oom") {
			if i := bytes.Index(t, []byte(" cur=")); i >= 0 {
				if n, ok := text.Int(t[i+len(" cur="):]); ok {
					text.Set(&p.Score, fact.Of(int(n), s.N()))
				}
			}
		}
	case 'p':
		if text.Has(t, "persistent=") {
			text.Set(&p.Persistent, text.BoolFact(s.Line(), "persistent="))
		}
	case 'h', 'i', 'm', 'f', 'l':
		// CachedAppOptimizer's keys share a line, and which one has moved.
		if bytes.Contains(t, []byte("Freez")) || bytes.Contains(t, []byte("isFrozen=")) {
			text.Set(&p.Frozen, text.BoolFact(s.Line(), "isFrozen="))
			text.Set(&p.Freezing, text.BoolFact(s.Line(), "isPendingFreeze="))
			text.Set(&p.FreezeExempt, text.BoolFact(s.Line(), "isFreezeExempt="))
		}
	}
}

// block opens `*APP* UID 10026 ProcessRecord{99f043b 3776:com.android.x/u0a26}`.
func (r *processReader) block(t []byte, line, done int) {
	r.cur = -1
	const key = "ProcessRecord{"
	i := bytes.Index(t, []byte(key))
	if i < 0 {
		return
	}
	_, who := cut(t[i+len(key):], ' ')
	if p, ok := identity(bytes.TrimSuffix(who, []byte("}")), line, &r.words); ok {
		if text.Has(t, "*PERS*") {
			p.Persistent = fact.Of(true, line)
		}
		r.begin(line)
		r.cur = r.join(&p, done, 'b')
	}
}

// row reads
//
//	Proc # 3: cch+ 5 b/ /CEM  ------  t: 0 18231:com.app/u0a235 (cch-empty)
//
// where the capabilities came with API 30 and `t:` was `trm:` before.
func (r *processReader) row(t []byte, line, done int) {
	r.cur = -1
	_, v := cut(t, ':')
	head, who := cut(v, ':')
	switch {
	case bytes.HasSuffix(head, []byte(" t")):
	case bytes.HasSuffix(head, []byte(" trm")):
	default:
		return
	}
	_, who = cut(unblank(who), ' ')
	who, _ = cut(unblank(who), ' ') // behind it stands why, in brackets
	p, ok := identity(who, line, &r.words)
	if !ok {
		return
	}
	// Before the mark stands <adj> <sched>/<foreground>/<state>.
	if adj, rest := cut(head, '/'); rest != nil && len(adj) > 0 {
		p.Adj = fact.Of(r.adj(adj[:len(adj)-1]), line)
		if _, rest = cut(rest, '/'); rest != nil {
			state, _ := cut(unblank(rest), ' ')
			if len(state) > 0 {
				p.State = fact.Of(r.words.Word(state), line)
			}
		}
	}
	if t[1] == 'E' { // PERS
		p.Persistent = fact.Of(true, line)
	}
	r.begin(line)
	r.cur = r.join(&p, done, 'r')
}

// adj is the word of the score without the blanks in "cch+ 5".
func (r *processReader) adj(t []byte) string {
	t = unblank(t)
	if n := bytes.IndexByte(t, ' '); n < 0 {
		return r.words.Word(t)
	}
	word := make([]byte, 0, 32)
	for _, c := range t {
		if c != ' ' {
			word = append(word, c)
		}
	}
	return r.words.Word(word)
}

// freeze reads `  499170472: 637 com.android.x [(sticky)]`.
func (r *processReader) freeze(t []byte, line, done int) {
	_, v := cut(t, ':')
	num, name := cut(bytes.TrimLeft(v, " "), ' ')
	pid, ok := decimal(num)
	if !ok || len(name) == 0 {
		r.due = 0
		return
	}
	r.due--
	name, _ = cut(name, ' ')
	p := Process{PID: pid, Name: r.words.Word(name), UID: -1, User: -1, Line: line, Frozen: fact.Of(true, line)}
	if i := r.join(&p, done, 'f'); r.all[i].Frozen.Line() != line {
		r.all[i].Frozen = fact.Of(true, line)
	}
}

// thaw says of all others that they are not frozen, if the list was whole.
func (r *processReader) thaw() {
	if r.frozen == 0 || r.due != 0 {
		return
	}
	for i := range r.all {
		text.Set(&r.all[i].Frozen, fact.Of(false, r.frozen))
	}
}

// join adds a process or completes the one with its pid, which only another
// list can have.
func (r *processReader) join(p *Process, done int, form byte) int {
	if r.form != form && len(r.all) > 0 && r.byPID == nil {
		r.byPID = make(map[int]int, len(r.all))
		for i := range r.all {
			r.byPID[r.all[i].PID] = i
		}
	}
	r.form = form
	i, ok := r.byPID[p.PID]
	if !ok || r.all[i].Name != p.Name {
		r.all = text.Append(r.all, *p, done, r.size)
		if r.byPID != nil {
			r.byPID[p.PID] = len(r.all) - 1
		}
		return len(r.all) - 1
	}
	q := &r.all[i]
	text.Set(&q.State, p.State)
	text.Set(&q.Adj, p.Adj)
	text.Set(&q.Persistent, p.Persistent)
	if q.UID < 0 {
		q.UID, q.User = p.UID, p.User
	}
	return i
}
