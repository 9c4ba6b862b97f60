package activity

import (
	"bytes"
	"strconv"

	"github.com/ringproof/ringproof/harness/dumpsys/fact"
	"github.com/ringproof/ringproof/harness/dumpsys/text"
)

// Services is what `dumpsys activity services` says.
type Services struct {
	Services fact.Value[[]Service] `json:"services"`
}

// Service is one running service (ServiceRecord).
type Service struct {
	Package string `json:"package"`
	Class   string `json:"class"` // in full
	User    int    `json:"user"`
	// Process is the process that it runs in. Unknown while it has none.
	Process fact.Value[string] `json:"process"`
	PID     fact.Value[int]    `json:"pid"`
	UID     fact.Value[int]    `json:"uid"`
	// Foreground is known to be false only from the long form of the dump, which
	// leaves the key out for other services.
	Foreground fact.Value[bool] `json:"foreground"`
	// ForegroundID is the id of the notification.
	ForegroundID fact.Value[int]          `json:"foregroundId"`
	Types        fact.Value[ServiceTypes] `json:"types"`
	// Channel and Category are the notification's. It has no category unless the
	// app set one, so that a missing one is unknown.
	Channel  fact.Value[string] `json:"channel"`
	Category fact.Value[string] `json:"category"`
	// Started says that startService was called, and the service not stopped.
	Started fact.Value[bool] `json:"started"`
	Line    int              `json:"line"`
}

// ServiceTypes are ServiceInfo.FOREGROUND_SERVICE_TYPE_*. API 34 and newer
// print them.
type ServiceTypes uint32

// The types that matter to calls.
const (
	TypeMediaPlayback ServiceTypes = 0x2
	TypePhoneCall     ServiceTypes = 0x4
	TypeMicrophone    ServiceTypes = 0x80
)

// Of returns the services of a package, for all users.
func (s Services) Of(pkg string) fact.Value[[]Service] {
	all, ok := s.Services.Get()
	if !ok {
		return fact.Unknown[[]Service]()
	}
	own := []Service{}
	for _, v := range all {
		if v.Package == pkg {
			own = append(own, v)
		}
	}
	return fact.Of(own, s.Services.Line())
}

// ParseServices reads `dumpsys activity services [PKG]` in its long form and in
// the short one of the dump of all of activity. The error is a *text.Problem.
func ParseServices(b []byte) (Services, error) {
	body, p := text.Open(b, service)
	r := serviceReader{size: len(body.Text)}
	for s := body.Lines(); s.Next(); {
		r.line(s.Line(), r.size-len(s.Rest()))
	}
	f := Services{}
	if r.at != 0 && (r.nothing || len(r.all) > 0) {
		if r.all == nil {
			r.all = []Service{}
		}
		f.Services = fact.Of(r.all, r.at)
	}
	switch {
	case p != nil:
		return f, p
	case r.at == 0:
		return f, &text.Problem{Kind: text.NotADump, Service: service, Msg: "no line ACTIVITY MANAGER SERVICES"}
	case !f.Services.Known():
		return f, &text.Problem{Kind: text.Truncated, Service: service, Line: r.at, Msg: "neither a service nor the word that there is none"}
	}
	return f, nil
}

type serviceReader struct {
	all     []Service
	words   text.Words
	size    int // bytes of the text
	at      int
	nothing bool
	open    bool // the last service goes on
	indent  int  // of its line
}

func (r *serviceReader) line(l text.Line, done int) {
	t := l.Text()
	if len(t) == 0 {
		return
	}
	switch t[0] {
	case 'A':
		if text.Has(t, "ACTIVITY MANAGER SERVICES") && r.at == 0 {
			r.at = l.N
			return
		}
	case '(':
		r.nothing = r.nothing || r.at != 0 && string(t) == "(nothing)"
	case '*':
		if v, ok := text.After(t, "* ServiceRecord{"); ok && r.at != 0 {
			n := len(r.all)
			r.all = text.Extend(r.all, done, r.size)
			r.open, r.indent = r.record(&r.all[n], v, l.N), l.Indent
			if !r.open {
				r.all = r.all[:n]
			}
			return
		}
	}
	if r.open {
		if l.Indent <= r.indent {
			r.open = false // pending and restarting services, connections
			return
		}
		r.key(&r.all[len(r.all)-1], l, t)
	}
}

// key reads the keys of ServiceRecord.dump. Bindings and connections stand
// behind them, deeper; they name other processes and are passed over.
func (r *serviceReader) key(s *Service, l text.Line, t []byte) {
	switch t[0] {
	case 'B', 'C', 'A':
		r.open = !text.Has(t, "Bindings:") && !text.Has(t, "Connections:") && !text.Has(t, "All Connections:")
	case 'i':
		if text.Has(t, "isForeground=") {
			r.foreground(s, l, t)
		}
	case 'a':
		if v, ok := text.After(t, "app=ProcessRecord{"); ok && !s.PID.Known() {
			_, v = cut(v, ' ')
			if p, ok := identity(bytes.TrimSuffix(v, []byte("}")), l.N, &r.words); ok {
				s.Process, s.PID, s.UID = fact.Of(p.Name, l.N), fact.Of(p.PID, l.N), fact.Of(p.UID, l.N)
			}
		}
	case 'c':
		switch {
		case text.Has(t, "createTime="):
			// The key stands above this one of the long form, or the service is in
			// the background.
			text.Set(&s.Foreground, fact.Of(false, l.N))
		case text.Has(t, "created="):
			text.Set(&s.Started, text.BoolFact(l, "started="))
		}
	case 's':
		if text.Has(t, "startRequested=") {
			text.Set(&s.Started, text.BoolFact(l, "startRequested="))
		}
	}
}

// foreground reads `isForeground=true foregroundId=42 [types=00000082] foregroundNoti=Notification(...)`.
// The notification is an app's text: the keys of its own stand before it.
func (r *serviceReader) foreground(s *Service, l text.Line, t []byte) {
	head, note := t, []byte(nil)
	const key = " foregroundNoti="
	if i := bytes.Index(t, []byte(key)); i >= 0 {
		head, note = t[:i], t[i+len(key):]
	}
	keys := text.Line{N: l.N, Raw: head}
	text.Set(&s.Foreground, text.BoolFact(keys, "isForeground="))
	text.Set(&s.ForegroundID, text.IntFact(keys, "foregroundId="))
	if v, ok := text.Word(head, "types="); ok {
		if len(v) > 1 && v[1] == 'x' {
			v = v[2:]
		}
		if n, err := strconv.ParseUint(v, 16, 32); err == nil {
			text.Set(&s.Types, fact.Of(ServiceTypes(n), l.N))
		}
	}
	r.word(&s.Channel, note, "channel=", l.N)
	r.word(&s.Category, note, "category=", l.N)
}

func (r *serviceReader) word(to *fact.Value[string], t []byte, key string, line int) {
	if v, ok := text.Value(t, key); ok && !to.Known() {
		if i := bytes.IndexAny(v, " ,)]}"); i >= 0 {
			v = v[:i]
		}
		*to = fact.Of(r.words.Word(v), line)
	}
}

// record reads `62757ab u0 pkg/.Class}`; newer releases add words behind the
// component.
func (r *serviceReader) record(s *Service, t []byte, line int) (ok bool) {
	_, t = cut(t, ' ')
	if s.User, t, ok = user(t); !ok {
		return false
	}
	s.Line = line
	s.Package, s.Class, _, ok = component(t, &r.words)
	return ok
}
