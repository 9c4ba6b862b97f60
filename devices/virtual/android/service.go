package android

import "time"

// Foreground service types (ServiceInfo.FOREGROUND_SERVICE_TYPE_*).
const (
	FGSDataSync        uint32 = 0x1
	FGSMediaPlayback   uint32 = 0x2
	FGSPhoneCall       uint32 = 0x4
	FGSLocation        uint32 = 0x8
	FGSConnectedDevice uint32 = 0x10
	FGSMediaProjection uint32 = 0x20
	FGSCamera          uint32 = 0x40
	FGSMicrophone      uint32 = 0x80
	FGSShortService    uint32 = 0x800
	FGSSpecialUse      uint32 = 0x40000000
	// FGSManifest asks startForeground for the types of the manifest
	// (FOREGROUND_SERVICE_TYPE_MANIFEST, -1).
	FGSManifest uint32 = 0xffffffff
)

// ServiceBinding is a connection to a service.
type ServiceBinding struct {
	Client Caller
	Flags  []string
	Since  time.Duration
}

// ServiceRecord is a running service.
type ServiceRecord struct {
	Hash      string
	Component Component
	Process   *Process
	// Intent is the last one given to onStartCommand.
	Intent  *Intent
	Created time.Duration
	// Started: startService was called and neither stopService nor stopSelf.
	Started     bool
	LastStartID int
	// Foreground: startForeground is in effect.
	Foreground      bool
	ForegroundID    int
	ForegroundTypes uint32
	// ForegroundKey is the key of the service's notification.
	ForegroundKey string
	// AllowReason is why the foreground start was allowed (allowStartForeground).
	AllowReason string
	Bindings    []*ServiceBinding

	fgRequired bool
	fgTimer    *Timer
	creating   bool
	waiting    []func()
	d          *Device
	c          *Context
}

// Services is the part of the activity manager that holds services.
type Services struct {
	d    *Device
	list []*ServiceRecord
}

// All lists the running services, oldest first.
func (s *Services) All() []*ServiceRecord { return append([]*ServiceRecord(nil), s.list...) }

// Get finds a running service; nil when there is none.
func (s *Services) Get(c Component) *ServiceRecord {
	for _, r := range s.list {
		if r.Component == c {
			return r
		}
	}
	return nil
}
