package state

// Commands that switch the adapter. `svc` is there on every release: a program of
// its own up to 12, the service's command since.
const (
	BluetoothEnable  = "svc bluetooth enable"
	BluetoothDisable = "svc bluetooth disable"
)
