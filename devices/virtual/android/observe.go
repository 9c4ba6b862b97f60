package android

// Observation is one call that an app's code makes on the framework, when it has
// returned. Only calls that do something are told, no queries.
type Observation struct {
	Package string
	// Call is class and method as Android names them, such as
	// "NotificationManager.notify". "ConnectionService.onCreateIncomingConnection"
	// and its outgoing twin stand for the connection that the app returned.
	Call string
	// Args are the arguments as the app gave them: the same values that the
	// methods of this package take.
	Args []any
	// Err is what the call threw; nil if nothing.
	Err error
	// Context is the one of the process that called.
	Context *Context
}

// Observe has fn told of every call that apps make on the framework from now on,
// in their order; nil ends it. fn runs with the device locked and must not change it.
func (d *Device) Observe(fn func(Observation)) { d.observer = fn }

// told passes a call on to the observer. It returns err, so that it can stand
// around a call.
func (c *Context) told(err error, call string, args ...any) error {
	if fn := c.d.observer; fn != nil && !c.Proc.Dead {
		fn(Observation{Package: c.PackageName, Call: call, Args: args, Err: err, Context: c})
	}
	return err
}

// told is Context.told for a connection. Before Telecom has it, a connection is
// only a value that the app fills in: what it then has is told with its return.
func (c *Connection) told(call string, args ...any) {
	if c.proc != nil {
		_ = c.proc.ctx.told(nil, "Connection."+call, append([]any{c}, args...)...)
	}
}
