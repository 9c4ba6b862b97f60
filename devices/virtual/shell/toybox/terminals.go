package toybox

import (
	"context"
	"strings"

	"github.com/ringproof/ringproof/devices/virtual/shell/mksh"
)

// tty prints the terminal's name: the one that a shell of adbd's is on.
func tty(_ context.Context, _ System, p *mksh.Proc) int {
	if !p.Terminal() {
		p.Println("not a tty")
		return 1
	}
	p.Println("/dev/pts/0")
	return 0
}

// stty tells of the terminal. Its settings stay as they are, which they say.
func stty(_ context.Context, _ System, p *mksh.Proc) int {
	if !p.Terminal() {
		return p.Complain("tcgetattr: Not a typewriter")
	}
	rows, cols := p.Window()
	switch what := strings.Join(p.Args[1:], " "); what {
	case "size":
		p.Printf("%d %d\n", rows, cols)
	case "speed":
		p.Println("38400")
	case "", "-a":
		p.Printf("speed 38400 baud; rows %d; columns %d; line = 0;\n", rows, cols)
		if what == "-a" {
			p.Println("intr = ^C; quit = ^\\; erase = ^?; kill = ^U; eof = ^D; eol = <undef>;\neol2 = <undef>; swtch = <undef>; start = ^Q; stop = ^S; susp = ^Z; rprnt = ^R;\nwerase = ^W; lnext = ^V; discard = ^O; min = 1; time = 0;")
		}
	default:
		return p.Complain("unknown mode: %s", what)
	}
	return 0
}
