package toybox

import (
	"strings"

	"github.com/ringproof/ringproof/devices/virtual/shell/mksh"
)

// psHelp is toybox's own, as far as programs read it: which processes, which
// columns.
const psHelp = `usage: ps [-AadefLlnwZ] [-gG GROUP,] [-k FIELD,] [-o FIELD,] [-p PID,] [-t TTY,] [-uU USER,]

List processes.

Which processes to show (-gGuUpPt selections may be comma separated lists):

-A	All
-a	Has terminal not session leader
-d	All but session leaders
-e	Synonym for -A
-p	PIDs (--pid)
-u	Owned by user

Output modifiers:

-f	Full listing (-o USER:12=UID,PID,PPID,C,STIME,TTY,TIME,ARGS=CMD)
-l	Long listing
-o	Show FIELDS
-T	Show threads
-w	Wide output
`

// help is what every applet of toybox says to --help.
func help(p *mksh.Proc, name string) int {
	text := "usage: " + name + " [OPTION]... [ARGUMENT]...\n"
	if name == "ps" {
		text = psHelp
	}
	p.Printf("%s", "Toybox 0.8.9-android multicall binary (see toybox --help)\n\n"+strings.TrimSuffix(text, "\n")+"\n")
	return 0
}
