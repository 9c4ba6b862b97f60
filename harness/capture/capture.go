package capture

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/ringproof/ringproof/devices"
)

// Options say what is captured.
type Options struct {
	// Package is an app's; without one, the dumps of a single app are left out.
	Package string
	// Clear leaves personal data in.
	Clear bool
	// Limit is how much of a dump is kept, 8 MiB if 0.
	Limit int
	// Patience is how long a dump may take, a minute if 0: dumpsys itself gives
	// a service 10 s.
	Patience time.Duration
	// Tool is the version of the program, for the manifest.
	Tool string
	// Now is the host's clock, time.Now if nil.
	Now func() time.Time
}

// Schema names the shape of a Manifest. The number changes when a field is
// renamed or changes its meaning, not when one is added.
const Schema = "ringproof.capture/1"

// ManifestName is the manifest's file in the folder.
const ManifestName = "manifest.json"

// Manifest says what was captured, and on what phone.
type Manifest struct {
	Schema string `json:"schema"`
	Tool   string `json:"tool"`
	// Taken is the begin of the capture on the host's clock.
	Taken time.Time `json:"taken"`
	// Masked says that personal data was hidden.
	Masked bool   `json:"masked"`
	Phone  About  `json:"phone"`
	App    string `json:"package,omitempty"`
	Files  []File `json:"files"`
	// Left lists the dumps that were not asked for, with the reason.
	Left []Left `json:"left,omitempty"`
}

// About is what the phone says of itself; nothing in it is of one phone only.
type About struct {
	Release     string `json:"release"`
	API         int    `json:"api"`
	Maker       string `json:"maker"`
	Brand       string `json:"brand"`
	Model       string `json:"model"`
	Fingerprint string `json:"fingerprint"`
	// Skin is the maker's own release, such as One UI 60101, "" for none.
	Skin string `json:"skin,omitempty"`
}

// File is one dump.
type File struct {
	Name    string `json:"name"`
	Kind    string `json:"kind"`
	Command string `json:"command"`
	// Bytes is the size of the file; standard error is among the output.
	Bytes int `json:"bytes"`
	// Exit is the exit status, null if the command was not waited for.
	Exit *int `json:"exit"`
	// Milliseconds is how long the command took, on the host's clock.
	Milliseconds int64 `json:"milliseconds"`
	// Truncated says that the phone had more to print.
	Truncated bool `json:"truncated,omitempty"`
	// Error says why the file ends early, "" if it does not.
	Error string `json:"error,omitempty"`
}

// Left is a dump that was not asked for.
type Left struct {
	Name string `json:"name"`
	Why  string `json:"why"`
}

const (
	defaultLimit    = 8 << 20
	defaultPatience = time.Minute
)

// Take writes the dumps of a phone and the manifest into dir, which is made if
// need be and must be empty. It changes nothing on the phone. The error is of
// a phone that was lost or of a file that could not be written; what was taken
// until then stays, with its manifest. How a single dump ended is in the
// manifest.
func Take(ctx context.Context, phone devices.Phone, dir string, o Options) (m Manifest, err error) {
	if o.Limit <= 0 {
		o.Limit = defaultLimit
	}
	if o.Patience <= 0 {
		o.Patience = defaultPatience
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if err := Empty(dir); err != nil {
		return Manifest{}, err
	}
	m = Manifest{Schema: Schema, Tool: o.Tool, Taken: o.Now().UTC(), Masked: !o.Clear, App: o.Package, Files: []File{}}
	t := taker{phone: phone, o: o}
	if m.Phone, err = t.about(ctx); err != nil {
		return m, err
	}
	if !o.Clear {
		if t.masker, err = t.learn(ctx, m.Phone); err != nil {
			return m, err
		}
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return m, fmt.Errorf("make the folder of the capture: %w", err)
	}
	defer func() { err = errors.Join(err, m.write(dir)) }()
	for _, d := range Dumps() {
		command, ok := d.command(o.Package, m.Phone.API)
		if !ok {
			m.Left = append(m.Left, Left{Name: d.Name, Why: d.whyNot(m.Phone.API)})
			continue
		}
		f, text, err := t.dump(ctx, d, command)
		if err != nil {
			return m, err
		}
		if t.masker != nil {
			text = t.masker.Mask(text)
		}
		f.Bytes = len(text)
		if err := os.WriteFile(filepath.Join(dir, f.Name), text, 0o600); err != nil {
			return m, fmt.Errorf("write a dump: %w", err)
		}
		m.Files = append(m.Files, f)
	}
	return m, nil
}

func (d Dump) whyNot(api int) string {
	if d.Since > api {
		return fmt.Sprintf("API %d does not have it: it is there from %d", api, d.Since)
	}
	return "it is about one app, and none was named"
}

// Empty refuses a folder that holds something: a capture must not be mixed
// with another.
func Empty(dir string) error {
	names, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("look into the folder of the capture: %w", err)
	case len(names) > 0:
		return fmt.Errorf("%s is not empty: name a new folder", dir)
	}
	return nil
}

func (m Manifest) write(dir string) error {
	b, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return fmt.Errorf("write the manifest: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, ManifestName), append(b, '\n'), 0o600); err != nil {
		return fmt.Errorf("write the manifest: %w", err)
	}
	return nil
}

// taker asks one phone.
type taker struct {
	phone  devices.Phone
	o      Options
	masker *Masker // nil: personal data stays in
}

// dump runs one command. The error is only of a phone that was lost.
func (t *taker) dump(ctx context.Context, d Dump, command string) (File, []byte, error) {
	f := File{Name: d.Name + ".txt", Kind: d.Kind, Command: command}
	began := t.o.Now()
	short, cancel := context.WithTimeout(ctx, t.o.Patience)
	defer cancel()
	text, exit, err := t.run(short, command)
	f.Milliseconds = t.o.Now().Sub(began).Milliseconds()
	switch {
	case errors.Is(err, errMore):
		f.Truncated = true
		f.Error = fmt.Sprintf("cut at %d bytes", t.o.Limit)
	case err != nil && ctx.Err() == nil && short.Err() != nil:
		f.Truncated = true
		f.Error = fmt.Sprintf("did not end within %s", t.o.Patience)
	case err != nil:
		return f, nil, fmt.Errorf("capture %s of phone %s: %w", d.Name, t.phone.Serial(), err)
	default:
		f.Exit = &exit
	}
	return f, text, nil
}

// errMore: the phone had more to print than is kept.
var errMore = errors.New("more than the limit")

// run returns what the command printed on both of its outputs, in the order
// printed, as far as it came.
func (t *taker) run(ctx context.Context, command string) ([]byte, int, error) {
	p, err := t.phone.Start(ctx, "{ "+command+"; } 2>&1 </dev/null")
	if err != nil {
		return nil, 0, err
	}
	defer p.Close()
	text, err := io.ReadAll(io.LimitReader(p, int64(t.o.Limit)+1))
	if err != nil {
		return text, 0, err
	}
	if len(text) > t.o.Limit {
		return text[:t.o.Limit], 0, errMore
	}
	out, err := p.Wait()
	return text, out.Exit, err
}

// about asks for what the manifest says.
func (t *taker) about(ctx context.Context) (About, error) {
	keys := []string{
		"ro.build.version.release", "ro.build.version.sdk", "ro.product.manufacturer", "ro.product.brand", "ro.product.model",
		"ro.build.fingerprint", "ro.build.version.oneui", "ro.mi.os.version.incremental", "ro.miui.ui.version.name",
		"ro.vivo.os.version", "ro.build.version.oplusrom", "ro.build.version.opporom", "ro.build.version.emui",
	}
	values, err := t.ask(ctx, "getprop ", keys)
	if err != nil {
		return About{}, err
	}
	a := About{Release: values[0], Maker: values[2], Brand: values[3], Model: values[4], Fingerprint: values[5]}
	if a.API, err = strconv.Atoi(values[1]); err != nil {
		return About{}, fmt.Errorf("ask phone %s for its release: ro.build.version.sdk is %q: is it an Android phone that has finished booting?", t.phone.Serial(), values[1])
	}
	for i, v := range values[6:] {
		if v != "" {
			a.Skin = keys[6+i] + "=" + v
			break
		}
	}
	return a, nil
}

// ask runs one command for each of the words and returns the first line that
// each printed.
func (t *taker) ask(ctx context.Context, command string, arguments []string) ([]string, error) {
	var script strings.Builder
	for _, a := range arguments {
		fmt.Fprintf(&script, "echo \"$(%s%s 2>/dev/null | head -n 1)\"\n", command, a)
	}
	out, err := t.phone.Run(ctx, script.String())
	if err != nil {
		return nil, fmt.Errorf("ask phone %s what it is: %w", t.phone.Serial(), err)
	}
	lines := strings.Split(strings.ReplaceAll(string(out.Stdout), "\r\n", "\n"), "\n")
	if len(lines) < len(arguments) {
		return nil, fmt.Errorf("ask phone %s what it is: it printed %q", t.phone.Serial(), out.Stdout)
	}
	return lines[:len(arguments)], nil
}

// The lines that name people and their things.
var (
	accountName = regexp.MustCompile(`Account ?\{name=(.*?), type=`)
	bondedName  = regexp.MustCompile(`(?im)^\s+(?:[0-9a-fx]{2}:){5}[0-9a-fx]{2} (?:=> \S+ )?(?:\[[^\]]*\] ?)+(.+)$`)
	adapterName = regexp.MustCompile(`(?m)^\s+[Nn]ame: (.+)$`)
)

// learn makes a Masker that knows this phone: its serials, the names that its
// owner gave to it, to headsets and to accounts. They are read and kept in
// memory only.
func (t *taker) learn(ctx context.Context, about About) (*Masker, error) {
	m := NewMasker()
	props, err := t.ask(ctx, "getprop ", []string{"ro.serialno", "ro.boot.serialno", "persist.sys.device_name"})
	if err != nil {
		return nil, err
	}
	settings, err := t.ask(ctx, "settings get ", []string{"secure android_id", "secure bluetooth_name", "global device_name"})
	if err != nil {
		return nil, err
	}
	names := append(append([]string{t.phone.Serial()}, props...), settings...)
	for _, q := range []struct {
		command string
		find    []*regexp.Regexp
	}{
		{"dumpsys account", []*regexp.Regexp{accountName}},
		{"dumpsys bluetooth_manager", []*regexp.Regexp{bondedName, adapterName}},
	} {
		short, cancel := context.WithTimeout(ctx, t.o.Patience)
		text, _, err := t.run(short, q.command)
		late := short.Err() != nil
		cancel()
		if err != nil && !errors.Is(err, errMore) && (ctx.Err() != nil || !late) {
			return nil, fmt.Errorf("ask phone %s for names to hide: %w", t.phone.Serial(), err)
		}
		for _, re := range q.find {
			for _, found := range re.FindAllSubmatch(text, -1) {
				names = append(names, strings.TrimSpace(string(found[1])))
			}
		}
	}
	public := map[string]bool{
		"": true, "null": true, "unknown": true, about.Model: true, about.Maker: true, about.Brand: true, about.Maker + " " + about.Model: true,
	}
	for _, n := range names {
		if !public[n] {
			m.Learn(n)
		}
	}
	return m, nil
}
