package android

import "time"

// BroadcastOptions belong to one send.
type BroadcastOptions struct {
	// Ordered broadcasts carry a result; `am broadcast` always is ordered.
	Ordered bool
	// RequiredPermission that receivers must hold; "" = none.
	RequiredPermission string
	// Done is called once on the system's loop when the broadcast has finished.
	Done func(b *Broadcast)
	// token marks a broadcast sent by a notification's button.
	token *balToken
}

// Broadcast is one broadcast, pending, running or finished.
type Broadcast struct {
	Intent  *Intent
	Caller  Caller
	Ordered bool
	// Enqueued and Finished are since boot; Finished is 0 while it runs.
	Enqueued, FinishedAt time.Duration
	Finished             bool
	Receivers            []*BroadcastReceiver

	// The result so far; -1 is Activity.RESULT_OK. HasResultData tells an empty
	// result data from none.
	ResultCode    int
	ResultData    string
	HasResultData bool
	ResultExtras  Bundle

	opts BroadcastOptions
	next int
}

// DeliveryState is what became of one receiver of a broadcast.
type DeliveryState string

// Delivery states as dumpsys activity broadcasts words them.
const (
	DeliveryPending   DeliveryState = "PENDING"
	DeliveryScheduled DeliveryState = "SCHEDULED"
	DeliveryDelivered DeliveryState = "DELIVERED"
	DeliverySkipped   DeliveryState = "SKIPPED"
	DeliveryTimeout   DeliveryState = "TIMEOUT"
	DeliveryFailure   DeliveryState = "FAILURE"
)

// BroadcastReceiver is one manifest receiver that a broadcast resolved to.
type BroadcastReceiver struct {
	Component Component
	State     DeliveryState
	// Reason says why it was skipped.
	Reason    string
	Scheduled time.Duration
	Terminal  time.Duration
	proc      *Process
	result    *PendingResult
	timer     *Timer
}

// Broadcasts is the broadcast queue.
type Broadcasts struct {
	d *Device
	// Active are the broadcasts that have not finished.
	Active []*Broadcast
	// History are the last 50 finished ones, newest last.
	History []*Broadcast

	last time.Duration // when the newest is dispatched: none overtakes another
}
