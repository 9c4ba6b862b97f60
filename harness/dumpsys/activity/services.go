package activity

import (
	"bytes"
	"strconv"
	"strings"

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
	r := serviceReader{all: []Service{}}
	for s := body.Lines(); s.Next(); {
		r.line(s.Line())
	}
	f := Services{}
	if r.at != 0 && (r.nothing || len(r.all) > 0) {
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
	at      int
	nothing bool
	open    bool // the last service goes on
	indent  int  // of its line
	long    bool // its long form
}

func (r *serviceReader) line(l text.Line) {
	t := l.Text()
	switch {
	case len(t) == 0:
		r.open = false // a blank line ends a service of the long form
	case has(t, "ACTIVITY MANAGER SERVICES"):
		if r.at == 0 {
			r.at = l.N
		}
	case r.at == 0:
	case string(t) == "(nothing)":
		r.nothing = true
	case has(t, "* ServiceRecord{"):
		s, ok := parseService(string(t[len("* ServiceRecord{"):]), l.N)
		r.open, r.indent, r.long = ok, l.Indent, false
		if ok {
			r.all = append(r.all, s)
		}
	case r.open && l.Indent <= r.indent:
		r.open = false // pending and restarting services, connections
	case r.open:
		r.key(&r.all[len(r.all)-1], l, t)
	}
}

// key reads the keys of ServiceRecord.dump. Bindings and connections stand
// behind them, deeper; they name other processes and are passed over.
func (r *serviceReader) key(s *Service, l text.Line, t []byte) {
	switch {
	case has(t, "Bindings:"), has(t, "Connections:"), has(t, "All Connections:"):
		r.open = false
	case has(t, "intent={"):
		r.long = true
	case has(t, "app=ProcessRecord{"):
		_, v, _ := bytes.Cut(t, []byte(" "))
		if p, ok := identity(strings.TrimSuffix(string(v), "}"), l.N); ok {
			text.Set(&s.Process, fact.Of(p.Name, l.N))
			text.Set(&s.PID, fact.Of(p.PID, l.N))
			text.Set(&s.UID, fact.Of(p.UID, l.N))
		}
	case has(t, "isForeground="):
		s.foreground(l, t)
	case has(t, "createTime="):
		// The key stands above this one, or the service is in the background.
		if r.long {
			text.Set(&s.Foreground, fact.Of(false, l.N))
		}
	case has(t, "startRequested="):
		text.Set(&s.Started, text.BoolFact(l, "startRequested="))
	case has(t, "created="):
		text.Set(&s.Started, text.BoolFact(l, "started="))
	}
}

// foreground reads `isForeground=true foregroundId=42 [types=00000082] foregroundNoti=Notification(...)`.
// The notification is an app's text: the keys of its own stand before it.
func (s *Service) foreground(l text.Line, t []byte) {
	head, note, _ := bytes.Cut(t, []byte(" foregroundNoti="))
	keys := text.Line{N: l.N, Raw: head}
	text.Set(&s.Foreground, text.BoolFact(keys, "isForeground="))
	text.Set(&s.ForegroundID, text.IntFact(keys, "foregroundId="))
	if v, ok := text.Word(head, "types="); ok {
		if n, err := strconv.ParseUint(strings.TrimPrefix(v, "0x"), 16, 32); err == nil {
			text.Set(&s.Types, fact.Of(ServiceTypes(n), l.N))
		}
	}
	n := text.Line{N: l.N, Raw: note}
	text.Set(&s.Channel, text.WordFact(n, "channel="))
	text.Set(&s.Category, text.WordFact(n, "category="))
}

// parseService reads `62757ab u0 pkg/.Class}`; newer releases add words behind
// the component.
func parseService(s string, line int) (Service, bool) {
	_, s, _ = strings.Cut(s, " ")
	u, s, ok1 := strings.Cut(s, " ")
	if i := strings.IndexAny(s, " }"); i >= 0 {
		s = s[:i]
	}
	pkg, class, ok2 := strings.Cut(s, "/")
	if !ok1 || !ok2 || pkg == "" || class == "" || len(u) < 2 || u[0] != 'u' {
		return Service{}, false
	}
	user, err := strconv.Atoi(u[1:])
	if class[0] == '.' {
		class = pkg + class
	}
	return Service{Package: pkg, Class: class, User: user, Line: line}, err == nil
}
