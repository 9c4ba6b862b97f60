package adbd

import (
	"fmt"

	"github.com/ringproof/ringproof/devices/virtual/fs"
)

// Daemon is the adb daemon of one phone: Services over a shell and a file tree.
type Daemon struct {
	banner Banner
	shell  Shell
	tree   *fs.Tree
}

// Option changes what a Daemon does.
type Option func(*Daemon)

// NewDaemon makes the daemon of one phone.
func NewDaemon(banner Banner, sh Shell, tree *fs.Tree, opts ...Option) *Daemon {
	d := &Daemon{banner: banner, shell: sh, tree: tree}
	for _, o := range opts {
		o(d)
	}
	return d
}

// Banner implements Services.
func (d *Daemon) Banner() Banner { return d.banner }

// Open implements Services.
func (d *Daemon) Open(service string) (Service, error) {
	return nil, fmt.Errorf("open %q: no such service", service)
}
