package toybox_test

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// What mksh and toybox of Android 14 print for these texts.
func TestTexts(t *testing.T) {
	for _, c := range []struct {
		name, text, stdin string
		out, err          string
		code              int
	}{
		{name: "echo", text: `echo a  "b  c" 'd'`, out: "a b  c d\n"},
		{name: "the builtin echo means backslashes", text: `echo 'a\nb'; echo -E 'a\nb'; echo -n x`, out: "a\nb\na\\nb\nx"},
		{name: "printf", text: `printf '%s-%03d\n' a 7`, out: "a-007\n"},
		{name: "unknown command", text: `foo bar`, err: "/system/bin/sh: foo: inaccessible or not found\n", code: 127},
		{name: "unknown path", text: `/system/bin/foo`, err: "/system/bin/sh: /system/bin/foo: inaccessible or not found\n", code: 127},
		{name: "a directory is no program", text: `/data`, err: "/system/bin/sh: /data: can't execute: Is a directory\n", code: 126},
		{name: "status", text: `false; echo $?; true; echo $?`, out: "1\n0\n"},
		{name: "exit", text: `exit 7`, code: 7},
		{name: "pipeline status is the last", text: `false | true; echo $?; true | false; echo $?`, out: "0\n1\n"},
		{name: "status survives into a pipeline", text: `false; echo $? | cat`, out: "1\n"},
		{name: "three stages", text: `printf '3\n1\n2\n' | sort | head -n 2`, out: "1\n2\n"},
		{name: "the last stage is a subshell", text: `x=1; echo 2 | read x; echo $x`, out: "1\n"},
		{name: "read in a loop", text: `printf 'a b\nc d\n' | while read x y; do echo "$y$x"; done`, out: "ba\ndc\n"},
		{name: "here document", text: "cat <<E\nx$((1+2))\nE\n", out: "x3\n"},
		{name: "here document, quoted", text: "cat <<'E'\n$HOME\nE\n", out: "$HOME\n"},
		{name: "redirections", text: `cd /data/local/tmp; echo a >f; echo b >>f; cat <f; ls -1; rm f; ls`, out: "a\nb\nf\n"},
		{name: "stderr to stdout", text: `ls /nope 2>&1`, out: "ls: /nope: No such file or directory\n", code: 1},
		{name: "no right to create", text: `echo x >/system/y`, err: "/system/bin/sh: can't create /system/y: Read-only file system\n", code: 1},
		{name: "no such file to open", text: `cat </nope`, err: "/system/bin/sh: can't open /nope: No such file or directory\n", code: 1},
		{name: "cd", text: `cd /data/local/tmp; pwd; cd ..; pwd`, out: "/data/local/tmp\n/data/local\n"},
		{name: "cd to nowhere", text: `cd /nope; echo $?`, err: "/system/bin/sh: cd: /nope: No such file or directory\n", out: "2\n"},
		{name: "globs", text: `cd /data/local/tmp; touch a1 a2 b1; echo a* z*; rm -f a? b?`, out: "a1 a2 z*\n"},
		{name: "subshell", text: `(cd /data; pwd); pwd`, out: "/data\n/\n"},
		{name: "functions hide builtins", text: `echo() { printf 'mine %s\n' "$1"; }; echo x`, out: "mine x\n"},
		{name: "background and wait", text: `(sleep 2; echo late) & echo early; wait; echo done`, out: "early\nlate\ndone\n"},
		{name: "wait for a pid gives its status", text: `(exit 5) & wait $!; echo $?`, out: "5\n"},
		{name: "kill a background job", text: `sleep 100 & kill $!; wait; date +%s`, out: "1772442000\n"},
		{name: "trap", text: `trap 'echo bye' EXIT INT TERM; echo hi`, out: "hi\nbye\n"},
		{name: "trap of a signal only", text: `trap '' HUP; echo $?`, out: "0\n"},
		{name: "eval", text: `eval 'echo a | cat; echo $?'`, out: "a\n0\n"},
		{name: "source", text: `cd /data/local/tmp; echo 'X=5' >s; . ./s; echo $X; rm s`, out: "5\n"},
		{name: "command -v", text: `command -v ls; command -v nope; echo $?`, out: "/system/bin/ls\n1\n"},
		{name: "script without execute right", text: `cd /data/local/tmp; echo 'echo run $1' >s; ./s x; chmod 755 s; ./s y; sh s z; rm s`,
			err: "/system/bin/sh: ./s: can't execute: Permission denied\n", out: "run y\nrun z\n"},
		{name: "sh -c", text: `sh -c 'echo $0 $1 $#' a b c`, out: "a b 2\n"},
		{name: "mksh conditions", text: `if [[ abc == a* && -d /data ]]; then echo yes; fi`, out: "yes\n"},
		{name: "tests on the tree", text: `test -f /data; echo $?; [ -d /data ]; echo $?; [ -x /system/bin/ls ]; echo $?; [ -r /data/data ]; echo $?`, out: "1\n0\n0\n1\n"},
		{name: "stdin", text: `cat; echo end`, stdin: "one\ntwo\n", out: "one\ntwo\nend\n"},
		{name: "a background job has no stdin", text: `cat & wait; cat`, stdin: "x\n", out: "x\n"},
		{name: "syntax error", text: `fi`, err: "/system/bin/sh: syntax error: unexpected 'fi'\n", code: 1},
		{name: "endless output ends with its reader", text: `yes | head -n 2`, out: "y\ny\n"},
		{name: "variables", text: `A=1; export B=2; env | grep -E '^(A|B)='; echo ${A}${C:-3}`, out: "B=2\n13\n"},
		{name: "seq counts as far as it is told", text: `seq 1 200000 | tail -n 1; seq 999999 1000001; seq -s , 0.5 0.25 1; seq 3 1`, out: "200000\n999999\n1000000\n1000001\n0.50,0.75,1.00\n"},
		{name: "arithmetic and seq", text: `for i in $(seq 3); do echo -n $((i*i)),; done`, out: "1,4,9,"},

		{name: "grep counts", text: `printf 'ab\nAB\nx\n' | grep -ic ab`, out: "2\n"},
		{name: "grep -o -n", text: `printf 'a1\nb22\n' | grep -on '[0-9][0-9]*'`, out: "1:1\n2:22\n"},
		{name: "grep without hit", text: `echo a | grep b`, code: 1},
		{name: "grep -q", text: `echo abc | grep -q 'b' && echo yes`, out: "yes\n"},
		{name: "grep -F", text: `printf 'a.c\nabc\n' | grep -F a.c`, out: "a.c\n"},
		{name: "grep basic and extended", text: `echo 'a+b' | grep 'a+b'; echo aab | grep -E 'a+b'; echo aab | grep -c 'a\+b'`, out: "a+b\naab\n1\n"},
		{name: "sed", text: `printf 'a b a\nc\n' | sed 's/a/X/g'; printf '1\n2\n3\n' | sed -n '2,3p'; echo foo | sed -E 's/(f)(o+)/\2\1/'`, out: "X b X\nc\n2\n3\noof\n"},
		{name: "cut and tr", text: `echo a:b:c | cut -d: -f2,3 | tr a-c A-C`, out: "B:C\n"},
		{name: "wc", text: `printf 'a b\nc\n' | wc; printf 'a b\nc\n' | wc -l`, out: "2 3 6\n2\n"},
		{name: "tail", text: `printf '1\n2\n3\n' | tail -n 1; printf '1\n2\n3\n' | tail -n +2`, out: "3\n2\n3\n"},
		{name: "uniq", text: `printf 'a\na\nb\n' | uniq -c`, out: "      2 a\n      1 b\n"},
		{name: "base64", text: `echo -n 'hello' | base64; echo aGVsbG8= | base64 -d`, out: "aGVsbG8=\nhello"},
		{name: "sums", text: `echo -n abc | md5sum; echo -n abc | sha256sum -b`,
			out: "900150983cd24fb0d6963f7d28e17f72  -\nba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n"},
		{name: "xargs", text: `echo a b c | xargs -n 2 echo`, out: "a b\nc\n"},
		{name: "expr", text: `expr 2 + 3 '*' 4; expr abc : 'a\(.\)'`, out: "14\nb\n"},
		{name: "date", text: `date -u; date +%s.%N; date +%Y-%m-%d`, out: "Mon Mar  2 09:00:00 UTC 2026\n1772442000.000000000\n2026-03-02\n"},
		{name: "id", text: `id -u; id -un; id -Z`, out: "2000\nshell\nu:r:shell:s0\n"},
		{name: "id whole", text: `id`, out: "uid=2000(shell) gid=2000(shell) groups=2000(shell),1015(1015),3003(3003) context=u:r:shell:s0\n"},
		{name: "pidof newest first", text: `pidof org.example.app; pidof nope`, out: "3100 3000\n", code: 1},
		{name: "ps", text: `ps -A -o PID,USER,NAME | head -n 2`, out: "  PID USER         NAME\n    1 root         init\n"},
		{name: "kill", text: `kill 812; kill -9 3000; kill 5`,
			err: "kill: pid 812: Operation not permitted\nkill: pid 5: No such process\n", code: 1},
		{name: "rm", text: `rm /nope; echo $?; rm -f /nope; echo $?; rm /data/local/tmp`,
			err: "rm: /nope: No such file or directory\nrm: /data/local/tmp: is directory\n", out: "1\n0\n", code: 1},
		{name: "mkdir", text: `cd /data/local/tmp; mkdir -p a/b; mkdir a; ls -d a/b; rm -r a`, err: "mkdir: 'a': File exists\n", out: "a/b\n"},
		{name: "ls -l", text: `cd /data/local/tmp; echo hi >f; ls -l f; chmod 600 f; stat -c '%a %s %n' f; rm f`,
			out: "-rw-rw-rw- 1 shell shell 3 2026-03-02 09:00 f\n600 3 f\n"},
		{name: "cp and mv", text: `cd /data/local/tmp; echo hi >f; cp f g; mv g h; cat h; ls; rm f h`, out: "hi\nf\nh\n"},
		{name: "links", text: `cd /data/local/tmp; echo hi >f; ln -s f l; readlink l; cat l; realpath l; rm f l`, out: "f\nhi\n/data/local/tmp/f\n"},
		{name: "dd", text: `dd if=/dev/zero bs=1k count=2 status=none | wc -c`, out: "2048\n"},
		{name: "dd of what it does not know", text: `dd 1s=0 if=/dev/zero count=1 || dd if=/dev/zero count=b`, err: "dd: bad arg 1s=0\ndd: bad b\n", code: 1},
		{name: "sdcard", text: `echo x >/sdcard/x; ls /storage/emulated/0/x; rm /sdcard/x`, out: "/storage/emulated/0/x\n"},
		{name: "timeout", text: `timeout 1 sleep 5; echo $?; timeout 5 sleep 1; echo $?`, out: "124\n0\n"},
		{name: "a closed door", text: `ls /data/data`, err: "ls: /data/data: Permission denied\n", code: 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
			defer cancel()
			got := newPhone(t).run(ctx, c.text, c.stdin)
			if d := cmp.Diff(result{c.out, c.err, c.code}, got, cmp.AllowUnexported(result{})); d != "" {
				t.Errorf("%s\n%s", c.text, d)
			}
		})
	}
}

// The machine under the phone must be out of reach by every way a text has.
func TestTheMachineIsOutOfReach(t *testing.T) {
	dir := t.TempDir()
	secret := dir + "/secret"
	if err := os.WriteFile(secret, []byte("echo SECRET\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("RINGPROOF_SECRET", "SECRET")
	for _, text := range []string{
		"cat " + secret, "cat < " + secret, secret, "sh " + secret, ". " + secret, "source " + secret,
		"cd " + dir + " && echo SECRET", "ls " + dir, "echo " + dir + "/s*", "[ -e " + secret + " ] && echo SECRET",
		"test -x " + secret + " && echo SECRET", "[[ -f " + secret + " ]] && echo SECRET", "command -v " + secret + " && echo SECRET", "type " + secret + " && echo SECRET",
		"echo SECRE > " + dir + "/made; cat " + dir + "/made", "cp " + secret + " /data/local/tmp/x && cat /data/local/tmp/x",
		"find " + dir, "env | grep SECRET", "echo $RINGPROOF_SECRET", "exec " + secret, "command " + secret, "eval '. " + secret + "'",
		"PATH=" + dir + " secret", "cat <(echo SECRET)", "/usr/bin/env echo SECRET", "/bin/bash -c 'echo SECRET'", "cd /usr/bin && echo SECRET",
	} {
		got := newPhone(t).run(t.Context(), text, "")
		if strings.Contains(got.out, "SECRET") {
			t.Errorf("%s: printed %q", text, got.out)
		}
	}
	if _, err := os.Stat(dir + "/made"); err == nil {
		t.Error("a redirection wrote to the machine")
	}
	p := newPhone(t)
	if got := p.run(t.Context(), "cd /data/local/tmp; echo 'echo $$' >s; echo $$; . ./s; eval 'echo $$'", ""); got.out != "4001\n4001\n4001\n" {
		t.Errorf("$$ is %q, not the phone's", got.out)
	}
	if got := p.run(t.Context(), "cat /etc/passwd; ls /root /home; echo ~root ~nobody", ""); got.out != "~root ~nobody\n" {
		t.Errorf("the machine's users show: %q", got.out)
	}
}

// Sleeping parts of one text sleep together, on the phone's clock.
func TestSleepIsPhoneTime(t *testing.T) {
	p := newPhone(t)
	start := time.Now()
	got := p.run(t.Context(), `date +%s; (sleep 3600; date +%s) & sleep 1800; date +%s; wait; date +%s | cat; sleep 60 | cat; date +%s`, "")
	want := "1772442000\n1772443800\n1772445600\n1772445600\n1772445660\n"
	if got.out != want {
		t.Errorf("got %q, want %q", got.out, want)
	}
	if d := time.Since(start); d > 10*time.Minute {
		t.Errorf("took %v of real time", d)
	}
}

// What mksh R59 of Debian does and says, but for the time, which is the phone's.
func TestReadWaitsForPhoneTime(t *testing.T) {
	p := newPhone(t)
	for _, c := range []struct{ text, stdin, want string }{
		{`sleep 3600 | { read -t 0.25 x; echo $? [$x]; }; date +%s`, "", "142 []\n1772445600\n"},
		{`sleep 3600 | { read -t5 x || echo none; }; date +%s`, "", "none\n1772449200\n"},
		{`read -t 5 x; echo $? [$x]; date +%s`, "hi\nho\n", "0 [hi]\n1772449200\n"},
		{`read -t 5 -r x; echo $? [$x]`, "a\\\\b\n", "0 [a\\b]\n"},
		{`(sleep 60; echo late) | { read -t 3600 x; echo $? [$x]; }; date +%s`, "", "0 [late]\n1772449260\n"},
		{`read -t 5 x; echo $? [$x]`, "", "1 []\n"},
		{`d=0.5; (sleep 1.2; echo a) | { while ! read -t $d x; do echo waits; done; echo $x; }`, "", "waits\nwaits\na\n"},
		{`read -t abc x; echo $?`, "", "2\n"},
	} {
		if got := p.run(t.Context(), c.text, c.stdin); got.out != c.want {
			t.Errorf("%s: printed %q, want %q; %s", c.text, got.out, c.want, got.err)
		}
	}
}

// A host that goes away ends the command at once, wherever it waits.
func TestHostGone(t *testing.T) {
	for _, text := range []string{"cat", "read x", "read -t 1000 x", "yes >/dev/null", "while true; do :; done", "cat /dev/zero >/dev/null", "dd if=/dev/zero of=/dev/null", "md5sum /dev/zero", "cat /dev/zero | cat >/dev/null", "cat | cat", "cat | sleep 1000000 & wait"} {
		p := newPhone(t)
		stop := p.Begin() // keeps the clock still, so that sleeps last
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(20*time.Millisecond, cancel)
		done := make(chan int, 1)
		go func() { done <- p.hang(ctx, text) }()
		select {
		case code := <-done:
			if code != 129 {
				t.Errorf("%s: exit %d, want 129", text, code)
			}
		case <-time.After(time.Minute):
			t.Fatalf("%s: still running", text)
		}
		stop()
	}
}
