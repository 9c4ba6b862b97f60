package activity

import (
	"bytes"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

// ParseBroadcasts reads `dumpsys activity broadcasts [PKG]`, which has the
// history, and `dumpsys activity broadcasts history`. The error is a
// *text.Problem.
func ParseBroadcasts(b []byte) (Broadcasts, error) {
	body, p := text.Open(b, service)
	r := broadcastReader{size: len(body.Text)}
	for s := body.Lines(); s.Next(); {
		r.line(s.Text(), s.N(), r.size-len(s.Rest()))
	}
	r.close(r.size)
	switch {
	case p != nil:
		return r.facts(), p
	case r.at == 0:
		return Broadcasts{}, &text.Problem{Kind: text.NotADump, Service: service, Msg: "no line ACTIVITY MANAGER BROADCAST STATE"}
	}
	f := r.facts()
	if !f.History.Known() && !f.Pending.Known() && !f.Summary.Known() {
		return f, &text.Problem{Kind: text.Truncated, Service: service, Line: r.at, Msg: "no broadcast, and no word that there is none"}
	}
	return f, nil
}

// section says what the records below a title are.
type section int

const (
	outside section = iota
	pending
	historical
	summary
)

type broadcastReader struct {
	size      int // bytes of the text
	words     text.Words
	at        int
	nothing   int // line of the word that there is nothing
	in        section
	queue     string
	historyAt int
	pendingAt int
	summaryAt int
	history   []Broadcast
	pending   []Broadcast
	past      []PastBroadcast

	open       bool // a record goes on
	record     Broadcast
	deliveries []Delivery // of that record
}

func (r *broadcastReader) facts() Broadcasts {
	f := Broadcasts{}
	known(&f.History, r.history, r.historyAt, r.nothing)
	known(&f.Pending, r.pending, r.pendingAt, r.nothing)
	known(&f.Summary, r.past, r.summaryAt, r.nothing)
	return f
}

// known fills a list that had a title, and one without if the dump said in so
// many words that there is nothing.
func known[T any](to *fact.Value[[]T], rows []T, at, nothing int) {
	if rows == nil {
		rows = []T{}
	}
	if at == 0 {
		at = nothing
	}
	if at != 0 {
		*to = fact.Of(rows, at)
	}
}

func (r *broadcastReader) line(t []byte, line, done int) {
	if len(t) == 0 {
		return
	}
	if t[0] == 'A' && text.Has(t, "ACTIVITY MANAGER BROADCAST STATE") {
		if r.at == 0 {
			r.at = line
		}
		return
	}
	if r.at == 0 || r.title(t, line, done) {
		return
	}
	switch {
	case r.in == summary:
		r.row(t, line, done)
	case r.open:
		r.key(t, line)
	}
}

// title reads what begins a section or a record.
func (r *broadcastReader) title(t []byte, line, done int) bool {
	switch t[0] {
	case 'H':
		if v, ok := text.After(t, "Historical broadcasts summary ["); ok {
			r.close(done)
			r.enter(summary, v, &r.summaryAt, line)
			return true
		}
		if v, ok := text.After(t, "Historical broadcasts ["); ok {
			r.close(done)
			r.enter(historical, v, &r.historyAt, line)
			return true
		}
		if v, ok := text.After(t, "Historical Broadcast "); ok {
			r.close(done)
			r.enter(historical, v, &r.historyAt, line)
			return true
		}
	case 'A', 'P', 'D':
		// "Active Broadcast x #0:", "Active ordered broadcasts [x]:",
		// "Pending  broadcast #113:", "Deferred broadcasts ..."
		// and not "Pending #1: BroadcastFilter{...}", which is a receiver.
		i := bytes.Index(t[:min(len(t), 40)], []byte("roadcast"))
		if i > 0 && bytes.IndexByte(t[:i], '#') < 0 && (text.Has(t, "Active ") || text.Has(t, "Pending ") || text.Has(t, "Deferred ")) {
			r.close(done)
			v := bytes.TrimPrefix(bytes.TrimPrefix(t[i+len("roadcast"):], []byte("s")), []byte(" "))
			r.enter(pending, bytes.TrimPrefix(v, []byte("[")), &r.pendingAt, line)
			return true
		}
	case 'S', 'R', 'm':
		if text.Has(t, "Sticky broadcasts") || text.Has(t, "Registered Receivers:") || text.Has(t, "Receiver Resolver Table:") || text.Has(t, "mHandler:") {
			r.close(done)
			r.in = outside
			return true
		}
	case 'B':
		if v, ok := text.After(t, "BroadcastRecord{"); ok {
			r.begin(v, line, done)
			return true
		}
	case '#':
		// The short form of a record: `#0: BroadcastRecord{...}`.
		if i := bytes.Index(t[:min(len(t), 24)], []byte(": BroadcastRecord{")); i > 0 {
			r.begin(t[i+len(": BroadcastRecord{"):], line, done)
			return true
		}
	case '(':
		if string(t) == "(nothing)" && r.nothing == 0 {
			r.nothing = line
			return true
		}
	}
	return false
}

// enter begins a section. The queue's name stands up to its number or bracket.
func (r *broadcastReader) enter(in section, queue []byte, at *int, line int) {
	r.in = in
	if i := bytes.IndexAny(queue, " ]#:"); i >= 0 {
		queue = queue[:i]
	}
	if len(queue) > 0 {
		r.queue = r.words.Word(queue)
	}
	if *at == 0 {
		*at = line
	}
}

// begin reads `46c2166 u0 ACTION} to user 0`, since API 35
// `46c2166 ACTION/u0[/0x1081]} to user 0`.
func (r *broadcastReader) begin(t []byte, line, done int) {
	r.close(done)
	if r.in == summary || r.in == outside {
		r.in, r.queue = pending, ""
		if r.pendingAt == 0 {
			r.pendingAt = line
		}
	}
	_, t = cut(t, ' ')
	inner, tail := cut(t, '}')
	rec := Broadcast{Queue: r.queue, Line: line}
	id := []byte(nil)
	if len(inner) > 1 && inner[0] == 'u' && (inner[1] == '-' || inner[1] >= '0' && inner[1] <= '9') {
		var action []byte
		id, action = cut(inner[1:], ' ')
		rec.Action = r.words.Word(action)
	} else if i := lastIndex(inner, "/u"); i >= 0 {
		id = inner[i+2:]
		rec.Action = r.words.Word(inner[:i])
	} else {
		rec.Action = r.words.Word(inner)
	}
	if v, ok := text.After(tail, " to user "); ok {
		id = v
	}
	if n, ok := text.Int(id); ok {
		rec.User = int(n)
	}
	r.record, r.open = rec, rec.Action != ""
}

// close stores the record that is open.
func (r *broadcastReader) close(done int) {
	if !r.open {
		return
	}
	if n := len(r.deliveries); n < 1024 {
		r.record.Deliveries = append(make([]Delivery, 0, n), r.deliveries...)
		r.deliveries = r.deliveries[:0]
	} else { // no phone's, and too many for a copy
		r.record.Deliveries, r.deliveries = r.deliveries, nil
	}
	to := &r.pending
	if r.in == historical {
		to = &r.history
	}
	*to = text.Append(*to, r.record, done, r.size)
	r.open = false
}

// key reads a line of BroadcastRecord.dump. Some of its keys are printed
// without an end of line, so that the next stands behind them.
func (r *broadcastReader) key(t []byte, line int) {
	switch t[0] {
	case 'n':
		switch {
		case text.Has(t, "nextReceiver="):
			// API 34: what follows stands on the same line, four blanks further.
			if _, rest := cut(t, ' '); len(rest) > 0 {
				r.glued(rest, line)
			}
		case text.Has(t, "name="):
			if d := r.delivery(); d != nil && d.Manifest && d.Class == "" {
				d.Class = r.words.Word(t[len("name="):])
			}
		}
	case 'p':
		if v, ok := text.After(t, "packageName="); ok {
			if d := r.delivery(); d != nil && d.Manifest && d.Package == "" {
				d.Package = r.words.Word(v)
			}
		}
	case 'a':
		if text.Has(t, "act=") {
			r.intent(t, &r.record.Action, &r.record.Package, &r.record.Component)
		}
	case 'I':
		if v, ok := text.After(t, "Intent { "); ok {
			r.intent(v, &r.record.Action, &r.record.Package, &r.record.Component)
		}
	case 'c':
		if v, ok := text.After(t, "caller="); ok {
			r.caller(v, line)
		}
	case 'e', 'o':
		if i := bytes.Index(t, []byte("enqueueClockTime=")); i >= 0 {
			r.times(t[i:], line)
		}
	case 'd':
		if text.Has(t, "dispatchTime=") {
			if v, ok := text.Value(t, "finishTime="); ok {
				v, _ = cut(v, ' ')
				text.Set(&r.record.Finished, fact.Of(r.words.Word(v), line))
			}
		}
	case 'r':
		r.result(t, line)
	default:
		r.receiver(t, line)
	}
}

// glued reads what stands behind nextReceiver=: a receiver, a key, or
// `receiver=null` up to API 33.
func (r *broadcastReader) glued(t []byte, line int) {
	if t = bytes.TrimLeft(t, " "); len(t) > 0 && t[0] >= 'A' && t[0] <= 'Z' {
		r.receiver(t, line)
	}
}

func (r *broadcastReader) delivery() *Delivery {
	if n := len(r.deliveries); n > 0 {
		return &r.deliveries[n-1]
	}
	return nil
}

// intent reads act=, pkg= and cmp= of Intent.toShortString.
func (r *broadcastReader) intent(t []byte, action, pkg, component *string) {
	for len(t) > 4 {
		if t[3] == '=' {
			word, rest := cut(t, ' ')
			switch string(t[:4]) {
			case "act=":
				*action = r.words.Word(word[4:])
			case "pkg=":
				*pkg = r.words.Word(word[4:])
			case "cmp=":
				*component = r.words.Word(word[4:])
			}
			t = rest
			continue
		}
		_, t = cut(t, ' ')
	}
}

// caller reads `org.app 14751:org.app/u0a234 pid=14751 uid=10234`.
func (r *broadcastReader) caller(t []byte, line int) {
	pkg, rest := cut(t, ' ')
	if len(pkg) > 0 && string(pkg) != "null" {
		text.Set(&r.record.Caller, fact.Of(r.words.Word(pkg), line))
	}
	if i := lastIndex(rest, "pid="); i >= 0 {
		number(&r.record.CallerPID, rest[i+len("pid="):], line)
	}
	if i := lastIndex(rest, "uid="); i >= 0 {
		number(&r.record.CallerUID, rest[i+len("uid="):], line)
	}
}

func (r *broadcastReader) times(t []byte, line int) {
	const first, second = "enqueueClockTime=", " dispatchClockTime="
	v := t[len(first):]
	if i := bytes.Index(v, []byte(second)); i >= 0 {
		text.Set(&r.record.Dispatched, fact.Of(string(v[i+len(second):]), line))
		v = v[:i]
	}
	text.Set(&r.record.Enqueued, fact.Of(string(v), line))
}

// result reads `resultTo=x resultCode=-1 resultData={"pid":7}` and, below a
// receiver, `reason: remote app`.
func (r *broadcastReader) result(t []byte, line int) {
	if text.Has(t, "resultTo=") {
		const key = " resultData="
		head := t
		if i := bytes.Index(t, []byte(key)); i >= 0 {
			head = t[:i]
			if v := t[i+len(key):]; string(v) != "null" {
				text.Set(&r.record.ResultData, fact.Of(string(v), line))
			}
		}
		if i := lastIndex(head, " resultCode="); i >= 0 {
			number(&r.record.ResultCode, head[i+len(" resultCode="):], line)
		}
		return
	}
	if v, ok := text.After(t, "reason: "); ok {
		if d := r.delivery(); d != nil && d.Reason == "" {
			d.Reason = r.words.Word(v)
		}
	}
}

// receiver reads `Deliver #0: BroadcastFilter{...}`, and since API 33
// `DELIVERED scheduled +1ms terminal +2ms (7) #0: (manifest)`.
func (r *broadcastReader) receiver(t []byte, line int) {
	word, _ := cut(t, ' ')
	state := deliveryState(word)
	if state == "" {
		return
	}
	hash := bytes.IndexByte(t, '#')
	if hash < 0 {
		return
	}
	num, v := cut(t[hash+1:], ':')
	if _, ok := decimal(num); !ok || len(v) == 0 || v[0] != ' ' {
		return
	}
	d := Delivery{State: state, Line: line}
	if v = v[1:]; text.Has(v, "(manifest)") {
		d.Manifest = true
	} else if i := bytes.Index(v, []byte("ReceiverList{")); i >= 0 {
		r.list(&d, v[i+len("ReceiverList{"):], line)
	}
	r.deliveries = append(r.deliveries, d)
}

// list reads `5b6e06b 3105 org.app/10234/u0 remote:9b1a2ba}`.
func (r *broadcastReader) list(d *Delivery, t []byte, line int) {
	_, t = cut(t, ' ')
	num, t := cut(t, ' ')
	who, _ := cut(t, ' ')
	pid, ok := decimal(num)
	name, ids := cut(who, '/')
	uid, _ := cut(ids, '/')
	if !ok || len(name) == 0 {
		return
	}
	d.Process, d.PID = r.words.Word(name), fact.Of(pid, line)
	if n, ok := decimal(uid); ok {
		d.UID = fact.Of(n, line)
	}
}

// deliveryState gives the words of all releases the newest form.
func deliveryState(word []byte) string {
	switch string(word) {
	case "Pending", "PENDING":
		return "PENDING"
	case "Deliver", "DELIVERED":
		return "DELIVERED"
	case "Skipped", "SKIPPED":
		return "SKIPPED"
	case "Timeout", "TIMEOUT":
		return "TIMEOUT"
	case "SCHEDULED":
		return "SCHEDULED"
	case "FAILURE":
		return "FAILURE"
	case "DEFERRED":
		return "DEFERRED"
	}
	return ""
}

// row reads a row of the summary, which spans lines:
//
//	#141: act=android.intent.action.TIME_TICK flg=0x50000014 (has extras)
//	  +1ms dispatch +90ms finish
//	  enq=2026-05-04 17:10:51 disp=2026-05-04 17:10:51 fin=2026-05-04 17:10:51
func (r *broadcastReader) row(t []byte, line, done int) {
	switch t[0] {
	case '#':
		num, v := cut(t[1:], ':')
		if _, ok := decimal(num); !ok {
			return
		}
		r.past = text.Fresh(r.past, done, r.size)
		p := &r.past[len(r.past)-1]
		p.Queue, p.Line = r.queue, line
		r.intent(bytes.TrimLeft(v, " "), &p.Action, &p.Package, &p.Component)
	case 'e':
		v, ok := text.After(t, "enq=")
		if !ok || len(r.past) == 0 {
			return
		}
		p := &r.past[len(r.past)-1]
		if i := bytes.Index(v, []byte(" fin=")); i >= 0 {
			text.Set(&p.Finished, fact.Of(r.words.Word(v[i+len(" fin="):]), line))
			v = v[:i]
		}
		if i := bytes.Index(v, []byte(" disp=")); i >= 0 {
			text.Set(&p.Dispatched, fact.Of(r.words.Word(v[i+len(" disp="):]), line))
			v = v[:i]
		}
		text.Set(&p.Enqueued, fact.Of(r.words.Word(v), line))
	}
}
