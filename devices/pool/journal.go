package pool

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/ringproof/ringproof/devices"
)

// Entry is one line of a journal: a change that is about to be made, or was.
type Entry struct {
	ID   int    `json:"id"`
	What string `json:"what"`
	// Undo is a shell line that puts the phone back. It must be idempotent
	// and right even if the change was never made: nobody knows how far a
	// killed owner got.
	Undo string    `json:"undo"`
	Time time.Time `json:"time"`
}

// Change is a change of a phone with its way back.
type Change struct {
	// What names the change for people, such as "animations off".
	What string
	// Do is the shell line that makes the change.
	Do string
	// Undo is the line that takes it back; see Entry.
	Undo string
}

// Journal is what must be put back on a phone. It belongs to a lease and is
// safe for concurrent use.
type Journal struct {
	path  string
	phone devices.Phone
	now   func() time.Time

	mu     sync.Mutex
	closed bool
	next   int
}

var errReleased = errors.New("the lease was released")

// openJournal reads what an earlier owner left.
func openJournal(path string, phone devices.Phone, now func() time.Time) (*Journal, error) {
	j := &Journal{path: path, phone: phone, now: now, next: 1}
	left, err := j.read()
	if err != nil {
		return nil, err
	}
	for _, e := range left {
		j.next = max(j.next, e.ID+1)
	}
	return j, nil
}

// Note writes down that a change is about to be made by other means than a
// shell line. The change must not begin before Note has returned nil.
func (j *Journal) Note(ctx context.Context, what, undo string) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.note(ctx, what, undo)
}

func (j *Journal) note(ctx context.Context, what, undo string) error {
	fail := func(err error) error {
		return fmt.Errorf("journal %q on %s before it is changed: %w", what, j.phone.Serial(), err)
	}
	switch {
	case ctx.Err() != nil:
		return fail(ctx.Err())
	case j.closed:
		return fail(errReleased)
	case what == "" || strings.TrimSpace(undo) == "":
		return fail(errors.New("a change needs a name and a way back"))
	}
	line, err := json.Marshal(Entry{ID: j.next, What: what, Undo: undo, Time: j.now().UTC()})
	if err != nil {
		return fail(err)
	}
	if err := appendSynced(j.path, append(line, '\n')); err != nil {
		return fail(err)
	}
	j.next++
	return nil
}

// Change writes the change down and then makes it. A Do that fails is an
// error; its entry stays, because it may have changed something.
func (j *Journal) Change(ctx context.Context, c Change) (devices.Output, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.note(ctx, c.What, c.Undo); err != nil {
		return devices.Output{}, err
	}
	out, err := j.phone.Run(ctx, c.Do)
	if err == nil && out.Exit != 0 {
		err = exitError(c.Do, out)
	}
	if err != nil {
		return out, fmt.Errorf("change %q on %s: %w", c.What, j.phone.Serial(), err)
	}
	return out, nil
}

// Entries lists what would be undone now, the oldest first.
func (j *Journal) Entries() ([]Entry, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.read()
}

// Left is a phone on which changes are left.
type Left struct {
	Serial  string
	Entries []Entry
}

// Left reads without a lease what would be undone on the given phones, for the
// one who has to leave them as they are. The next holder puts them back.
func (p *Pool) Left(ctx context.Context) ([]Left, error) {
	var left []Left
	var errs []error
	for _, src := range p.o.Sources {
		list, err := src.List(ctx)
		errs = append(errs, err)
		for _, c := range list {
			text, err := os.ReadFile(filesOf(p.o.StateDir, c).journal)
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			errs = append(errs, err)
			entries, _, _ := entriesOf(text) // as far as it can be read: its owner may be at it
			if len(entries) > 0 {
				left = append(left, Left{Serial: c.Serial, Entries: entries})
			}
		}
	}
	return left, errors.Join(errs...)
}

// Undo takes all changes back, the newest first, and empties the journal. An
// undo that fails is kept and reported in an *UndoError; the others still run.
func (j *Journal) Undo(ctx context.Context) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.closed {
		return fmt.Errorf("restore phone %s: %w", j.phone.Serial(), errReleased)
	}
	return j.undo(ctx)
}

func (j *Journal) undo(ctx context.Context) error {
	entries, err := j.read()
	if err != nil {
		return err
	}
	if len(entries) == 0 {
		return nil
	}
	failed := &UndoError{Serial: j.phone.Serial(), File: j.path}
	for i := len(entries) - 1; i >= 0; i-- {
		out, err := devices.Output{}, ctx.Err()
		if err == nil {
			out, err = j.phone.Run(ctx, entries[i].Undo)
		}
		if err == nil && out.Exit != 0 {
			err = exitError(entries[i].Undo, out)
		}
		if err != nil {
			failed.Failed = append(failed.Failed, entries[i])
			failed.Errs = append(failed.Errs, err)
		}
	}
	if err := j.keep(failed.Failed); err != nil {
		return err
	}
	if len(failed.Failed) > 0 {
		return failed
	}
	return nil
}

// keep replaces the journal by the given entries, newest first, at one stroke.
func (j *Journal) keep(newestFirst []Entry) error {
	fail := func(err error) error { return fmt.Errorf("shorten the journal of %s: %w", j.phone.Serial(), err) }
	if len(newestFirst) == 0 {
		if err := os.Remove(j.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fail(err)
		}
		return syncDir(filepath.Dir(j.path))
	}
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	for i := len(newestFirst) - 1; i >= 0; i-- {
		if err := enc.Encode(newestFirst[i]); err != nil {
			return fail(err)
		}
	}
	temp := j.path + ".new"
	if err := os.Remove(temp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fail(err)
	}
	if err := appendSynced(temp, text.Bytes()); err != nil {
		return fail(err)
	}
	if err := os.Rename(temp, j.path); err != nil {
		return fail(err)
	}
	return syncDir(filepath.Dir(j.path))
}

// read reads the journal. A torn last line is cut off: its owner died while
// writing it, before it changed anything.
func (j *Journal) read() ([]Entry, error) {
	text, err := os.ReadFile(j.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the journal of %s: %w", j.phone.Serial(), err)
	}
	out, whole, err := entriesOf(text)
	if err == nil {
		return out, nil
	}
	if rest := text[whole:]; len(rest) > 0 && bytes.IndexByte(rest, '\n') < 0 {
		if err := os.Truncate(j.path, int64(whole)); err != nil {
			return nil, fmt.Errorf("cut the torn line off the journal of %s: %w", j.phone.Serial(), err)
		}
		return out, nil
	}
	return nil, fmt.Errorf("read the journal of %s: line %d: %w; put the phone back by hand and delete %s",
		j.phone.Serial(), len(out)+1, err, j.path)
}

// entriesOf reads a journal's text as far as it is whole, and tells how many
// bytes that is.
func entriesOf(text []byte) (out []Entry, whole int, err error) {
	for line := range bytes.Lines(text) {
		var e Entry
		if err := json.Unmarshal(line, &e); err != nil {
			return out, whole, err
		}
		if e.Undo == "" {
			return out, whole, errors.New("there is no undo in it")
		}
		whole += len(line)
		out = append(out, e)
	}
	return out, whole, nil
}

func (j *Journal) close() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.closed = true
}

// appendSynced appends in one write and returns when the text is on the disk.
func appendSynced(path string, text []byte) error {
	_, statErr := os.Stat(path)
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	err = errors.Join(err, f.Sync())
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	if statErr != nil { // a new file also has to be in its folder
		return syncDir(filepath.Dir(path))
	}
	return nil
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func exitError(line string, out devices.Output) error {
	said := strings.TrimSpace(string(out.Stderr))
	if said == "" {
		said = strings.TrimSpace(string(out.Stdout))
	}
	// The script itself is in the journal: an error is one line.
	return fmt.Errorf("%.40q ended with status %d: %s", line, out.Exit, strings.Join(strings.Fields(said), " "))
}
