package android

import "time"

// App is the code of one package in one process: a new value for every process
// start. Callbacks come on the process's main thread, one at a time; a returned
// error is an uncaught exception and crashes the process (see AsException). What
// else the package's code does is found by type assertion to the interfaces below.
type App interface {
	// OnCreate is Application.onCreate.
	OnCreate(c *Context) error
}

// Receiver is implemented by apps with manifest receivers.
type Receiver interface {
	OnReceive(c *Context, component Component, intent *Intent, result *PendingResult) error
}

// ActivityEvent is a lifecycle callback of an activity.
type ActivityEvent int

// Lifecycle callbacks, in the order of android.app.Activity.
const (
	ActivityCreate ActivityEvent = iota
	ActivityStart
	ActivityResume
	ActivityPause
	ActivityStop
	ActivityDestroy
	// ActivityNewIntent is onNewIntent; the record's Intent is the new one.
	ActivityNewIntent
)

var activityEventNames = [...]string{"onCreate", "onStart", "onResume", "onPause", "onStop", "onDestroy", "onNewIntent"}

func (e ActivityEvent) String() string { return activityEventNames[e] }

// ActivityHandler is implemented by apps with activities.
type ActivityHandler interface {
	OnActivity(c *Context, a *ActivityRecord, event ActivityEvent) error
}

// ServiceEvent is a lifecycle callback of a started service.
type ServiceEvent int

const (
	// ServiceCreate is onCreate.
	ServiceCreate ServiceEvent = iota
	// ServiceStartCommand is onStartCommand; the record's Intent is the one given.
	ServiceStartCommand
	// ServiceDestroy is onDestroy.
	ServiceDestroy
)

// ServiceHandler is implemented by apps with services of their own (other than
// connection services).
type ServiceHandler interface {
	OnService(c *Context, s *ServiceRecord, event ServiceEvent) error
}

// ConnectionService is implemented by apps with a
// android.telecom.ConnectionService for incoming calls.
type ConnectionService interface {
	// OnCreateIncomingConnection returns the app's connection. A nil connection
	// without error is what a service that does not override the method gives.
	OnCreateIncomingConnection(c *Context, account PhoneAccountHandle, request *ConnectionRequest) (*Connection, error)
	// OnCreateIncomingConnectionFailed is how every refusal arrives that is
	// decided after addNewIncomingCall returned.
	OnCreateIncomingConnectionFailed(c *Context, account PhoneAccountHandle, request *ConnectionRequest) error
}

// ConnectionCallbacks are the overridable methods of android.telecom.Connection.
// Embed NoCallbacks and override what the app overrides.
type ConnectionCallbacks interface {
	OnShowIncomingCallUi(c *Context, conn *Connection) error
	OnAnswer(c *Context, conn *Connection, videoState int) error
	OnReject(c *Context, conn *Connection) error
	OnDisconnect(c *Context, conn *Connection) error
	OnHold(c *Context, conn *Connection) error
	OnUnhold(c *Context, conn *Connection) error
	OnSilence(c *Context, conn *Connection) error
	OnAbort(c *Context, conn *Connection) error
	OnStateChanged(c *Context, conn *Connection, state CallState) error
	OnCallAudioStateChanged(c *Context, conn *Connection, state CallAudioState) error
}

// NoCallbacks is a Connection that overrides nothing: every callback is ignored,
// as in the framework's own class.
type NoCallbacks struct{}

func (NoCallbacks) OnShowIncomingCallUi(*Context, *Connection) error { return nil }
func (NoCallbacks) OnAnswer(*Context, *Connection, int) error        { return nil }
func (NoCallbacks) OnReject(*Context, *Connection) error             { return nil }
func (NoCallbacks) OnDisconnect(*Context, *Connection) error         { return nil }
func (NoCallbacks) OnHold(*Context, *Connection) error               { return nil }
func (NoCallbacks) OnUnhold(*Context, *Connection) error             { return nil }
func (NoCallbacks) OnSilence(*Context, *Connection) error            { return nil }
func (NoCallbacks) OnAbort(*Context, *Connection) error              { return nil }
func (NoCallbacks) OnStateChanged(*Context, *Connection, CallState) error {
	return nil
}
func (NoCallbacks) OnCallAudioStateChanged(*Context, *Connection, CallAudioState) error {
	return nil
}

// PendingResult is a broadcast as its receiver holds it
// (android.content.BroadcastReceiver and its PendingResult).
type PendingResult struct {
	b      *Broadcast
	proc   *Process
	async  bool
	done   bool
	finish func()
}

// Ordered reports whether a result can be set (isOrderedBroadcast).
func (r *PendingResult) Ordered() bool { return r.b.Ordered }

// Code, Data and Extras are the result so far (getResultCode and friends).
func (r *PendingResult) Code() int { return r.b.ResultCode }

// Data is getResultData.
func (r *PendingResult) Data() string { return r.b.ResultData }

// SetCode is setResultCode. It is ignored on a broadcast that is not ordered.
func (r *PendingResult) SetCode(code int) {
	if r.b.Ordered && !r.done {
		r.b.ResultCode = code
	}
}

// SetData is setResultData; hasData stays false until it is called.
func (r *PendingResult) SetData(data string) {
	if r.b.Ordered && !r.done {
		r.b.ResultData, r.b.HasResultData = data, true
	}
}

// SetExtras is setResultExtras.
func (r *PendingResult) SetExtras(extras Bundle) {
	if r.b.Ordered && !r.done {
		r.b.ResultExtras = extras
	}
}

// Set is setResult.
func (r *PendingResult) Set(code int, data string, extras Bundle) {
	r.SetCode(code)
	r.SetData(data)
	r.SetExtras(extras)
}

// GoAsync keeps the broadcast open after OnReceive returned, until Finish.
func (r *PendingResult) GoAsync() { r.async = true }

// Context is what Android gives to a package's code: its identity and the
// services, each with the checks that the system makes. It ends with its process;
// calls on the context of a dead process do nothing.
type Context struct {
	d    *Device
	Proc *Process
	// PID and UID are the process's.
	PID, UID int
	// PackageName is the package whose code runs.
	PackageName string
}

// Now is System.currentTimeMillis; Elapsed is SystemClock.elapsedRealtime.
func (c *Context) Now() time.Time { return c.d.Now() }

// Elapsed is the time since boot.
func (c *Context) Elapsed() time.Duration { return c.d.Elapsed() }
