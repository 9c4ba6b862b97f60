package adbd

import (
	"encoding/binary"
	"io"
	"sync"
	"time"
)

const (
	// gather is how long output waits for more before it is sent, so that what
	// an instant command prints and its exit status are one message.
	gather = time.Millisecond
	// full is the amount of waiting output, in bytes, at which writers wait.
	full = 256 << 10
)

// output collects what a command writes and sends it in few, large pieces.
// Writers wait while too much is on its way, and get an error once the host is
// gone.
type output struct {
	w    io.Writer
	mu   sync.Mutex
	cond *sync.Cond
	buf  []byte
	err  error // of writing from now on
	lost error // of sending
	end  bool

	wake chan struct{} // capacity 1: there is something to do
	rush chan struct{} // capacity 1: do not gather any longer
	done chan struct{}
}

func newOutput(w io.Writer) *output {
	o := &output{w: w, wake: make(chan struct{}, 1), rush: make(chan struct{}, 1), done: make(chan struct{})}
	o.cond = sync.NewCond(&o.mu)
	go o.send()
	return o
}

func poke(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// Write adds bytes as they are.
func (o *output) Write(p []byte) (int, error) {
	for done := 0; ; {
		part := p[done:min(len(p), done+full)]
		if err := o.add(func(b []byte) []byte { return append(b, part...) }); err != nil {
			return done, err
		}
		if done += len(part); done == len(p) {
			return done, nil
		}
	}
}

func (o *output) add(to func([]byte) []byte) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	for len(o.buf) >= full && o.err == nil {
		o.cond.Wait()
	}
	if o.err != nil {
		return o.err
	}
	o.buf = to(o.buf)
	poke(o.wake)
	if len(o.buf) >= full {
		poke(o.rush)
	}
	return nil
}

// Close sends what is left and returns when it is on its way, with the first
// error of all sending.
func (o *output) Close() error {
	o.mu.Lock()
	o.end = true
	o.mu.Unlock()
	poke(o.wake)
	poke(o.rush)
	<-o.done
	return o.lost
}

func (o *output) send() {
	defer close(o.done)
	timer := time.NewTimer(gather)
	timer.Stop()
	defer timer.Stop()
	var spare []byte
	for {
		<-o.wake
		timer.Reset(gather)
		select {
		case <-timer.C:
		case <-o.rush:
		}
		o.mu.Lock()
		batch, end := o.buf, o.end
		o.buf = spare[:0]
		o.cond.Broadcast()
		o.mu.Unlock()
		if len(batch) > 0 {
			_, err := o.w.Write(batch)
			if err != nil {
				o.lost = err
				o.stop(err)
				return
			}
		}
		spare = batch
		if end {
			o.stop(io.ErrClosedPipe)
			return
		}
	}
}

// stop makes all writing fail from now on.
func (o *output) stop(err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.err = err
	o.cond.Broadcast()
}

// Packets of the shell protocol (shell_protocol.h): one byte of id, the length
// as 32 bits little-endian, the data.
const (
	packetStdin      = 0
	packetStdout     = 1
	packetStderr     = 2
	packetExit       = 3
	packetCloseStdin = 4
	packetWindowSize = 5

	packetHeader = 5
	// maxPacket bounds what is written into one packet. Hosts have their own
	// buffers of MAX_PAYLOAD and cope with more; small packets keep the two
	// streams close to the order of writing.
	maxPacket = 32 << 10
)

// packets writes one of the shell protocol's streams.
type packets struct {
	o  *output
	id byte
}

func (w packets) Write(p []byte) (int, error) {
	done := 0
	for done < len(p) {
		part := p[done:min(len(p), done+maxPacket)]
		err := w.o.add(func(b []byte) []byte { return appendPacket(b, w.id, part) })
		if err != nil {
			return done, err
		}
		done += len(part)
	}
	return done, nil
}

func appendPacket(b []byte, id byte, data []byte) []byte {
	b = append(b, id)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(data)))
	return append(b, data...)
}

// readPackets hands the data of each packet of a host to handle until handle
// returns an error or r ends. Data of one packet may come in several pieces;
// a packet without data is one empty piece.
func readPackets(r io.Reader, handle func(id byte, data []byte) error) error {
	buf := make([]byte, maxPacket)
	for {
		var h [packetHeader]byte
		if _, err := io.ReadFull(r, h[:]); err != nil {
			return err
		}
		left := binary.LittleEndian.Uint32(h[1:])
		for first := true; first || left > 0; first = false {
			part := buf[:min(left, maxPacket)]
			if _, err := io.ReadFull(r, part); err != nil {
				return err
			}
			left -= uint32(len(part))
			if err := handle(h[0], part); err != nil {
				return err
			}
		}
	}
}
