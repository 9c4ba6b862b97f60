package mksh

import (
	"slices"
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// The interpreter has no doors for three things; the text is rewritten so that
// it needs none:
//
//   - threads: the clock must know how many parts of a job are running, so
//     pipelines and background jobs tell when their parts start and end, and
//     builtins that block say so;
//   - $$, $PPID, $! and $RANDOM would be those of the machine;
//   - each part of a pipeline is a subshell in mksh, also the last.
//
// Internal names start with a prefix that scripts do not use.
const prefix = "__rp_"

type rewriter struct {
	n       int
	defined map[string]bool
	refused string
}

// rewrite changes a parsed text in place. refused names a construct that
// Android's shell does not have.
func rewrite(node syntax.Node, defined map[string]bool, n int) (used int, refused string) {
	rw := &rewriter{defined: defined, n: n}
	var stack []syntax.Node
	syntax.Walk(node, func(n syntax.Node) bool {
		if n != nil {
			stack = append(stack, n)
			return true
		}
		top := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		rw.node(top)
		return true
	})
	return rw.n, rw.refused
}

var hidden = map[string]string{"$": prefix + "pid", "PPID": prefix + "ppid", "!": prefix + "bg", "RANDOM": prefix + "random"}

func (rw *rewriter) node(n syntax.Node) {
	switch n := n.(type) {
	case *syntax.ParamExp:
		if n.Param != nil {
			if name, ok := hidden[n.Param.Value]; ok {
				n.Param = &syntax.Lit{Value: name}
				n.Short = false
			}
		}
	case *syntax.ProcSubst:
		rw.refused = "'('"
	case *syntax.FuncDecl:
		if n.Name != nil {
			rw.defined[n.Name.Value] = true
		}
	case *syntax.Stmt:
		rw.stmt(n)
	}
}

func (rw *rewriter) stmt(st *syntax.Stmt) {
	switch cmd := st.Cmd.(type) {
	case *syntax.BinaryCmd:
		if cmd.Op == syntax.Pipe {
			id := rw.id()
			st.Cmd = block(
				fork(id),
				&syntax.Stmt{Cmd: &syntax.BinaryCmd{Op: syntax.Pipe, X: joined(cmd.X, id), Y: joined(cmd.Y, id)}},
			)
		}
	case *syntax.CallExpr:
		if len(cmd.Args) == 0 {
			break
		}
		switch name := cmd.Args[0].Lit(); {
		case rw.defined[name]:
		case name == "read":
			if limit, rest := timed(cmd.Args); limit != nil {
				cmd.Args = rest
				st.Cmd = block(and(call(prefix+"within", limit), &syntax.Stmt{Cmd: cmd}))
				break
			}
			st.Cmd = block(call(prefix+"ready"), &syntax.Stmt{Cmd: cmd})
		case name == "wait":
			st.Cmd = block(or(and(call(prefix+"idle"), and(&syntax.Stmt{Cmd: cmd}, call(prefix+"busy"))), call(prefix+"busy")))
		}
	}
	if st.Background {
		id := rw.id()
		inner := *st
		inner.Background = false
		inner.Redirs = append([]*syntax.Redirect{{Op: syntax.RdrIn, Word: word("/dev/null")}}, st.Redirs...)
		self := &syntax.Stmt{Cmd: &syntax.CallExpr{Assigns: []*syntax.Assign{{
			Name: &syntax.Lit{Value: prefix + "self"}, Value: param(id),
		}}}}
		bg := joined(&syntax.Stmt{Cmd: block(self, &inner)}, id)
		bg.Background = true
		last := &syntax.Stmt{Cmd: &syntax.CallExpr{Args: []*syntax.Word{
			word(prefix + "job"), param(id), param("!"),
		}}}
		set := &syntax.Stmt{Cmd: &syntax.CallExpr{Assigns: []*syntax.Assign{{
			Name: &syntax.Lit{Value: prefix + "bg"}, Value: param(id),
		}}}}
		*st = syntax.Stmt{Cmd: block(fork(id), bg, last, set)}
	}
}

// timed takes the option -t, which the interpreter does not have, out of the
// words of a read. An option that is not written out is not found.
func timed(args []*syntax.Word) (limit *syntax.Word, rest []*syntax.Word) {
	for i, a := range args[1:] {
		text := a.Lit()
		switch {
		case text == "-t" && i+2 < len(args):
			return args[i+2], slices.Concat(args[:i+1], args[i+3:])
		case len(text) > 2 && strings.HasPrefix(text, "-t"):
			return word(text[2:]), slices.Concat(args[:i+1], args[i+2:])
		case !strings.HasPrefix(text, "-"):
			return nil, args
		}
	}
	return nil, args
}

func (rw *rewriter) id() string {
	rw.n++
	return prefix + strconv.Itoa(rw.n)
}

func word(s string) *syntax.Word {
	return &syntax.Word{Parts: []syntax.WordPart{&syntax.Lit{Value: s}}}
}

func param(name string) *syntax.Word {
	return &syntax.Word{Parts: []syntax.WordPart{&syntax.DblQuoted{Parts: []syntax.WordPart{
		&syntax.ParamExp{Short: true, Param: &syntax.Lit{Value: name}},
	}}}}
}

func call(name string, args ...*syntax.Word) *syntax.Stmt {
	return &syntax.Stmt{Cmd: &syntax.CallExpr{Args: append([]*syntax.Word{word(name)}, args...)}}
}

func block(stmts ...*syntax.Stmt) *syntax.Block { return &syntax.Block{Stmts: stmts} }

func and(x, y *syntax.Stmt) *syntax.Stmt {
	return &syntax.Stmt{Cmd: &syntax.BinaryCmd{Op: syntax.AndStmt, X: x, Y: y}}
}

func or(x, y *syntax.Stmt) *syntax.Stmt {
	return &syntax.Stmt{Cmd: &syntax.BinaryCmd{Op: syntax.OrStmt, X: x, Y: y}}
}

// fork is id=$(__rp_fork): one more thread, with a name.
func fork(id string) *syntax.Stmt {
	subst := &syntax.CmdSubst{Stmts: []*syntax.Stmt{call(prefix + "fork")}}
	return &syntax.Stmt{Cmd: &syntax.CallExpr{Assigns: []*syntax.Assign{{
		Name: &syntax.Lit{Value: id}, Value: &syntax.Word{Parts: []syntax.WordPart{subst}},
	}}}}
}

// joined is { (st) && join id || join id; }: whatever st does, its end is told
// and its status kept.
func joined(st *syntax.Stmt, id string) *syntax.Stmt {
	sub := &syntax.Stmt{Cmd: &syntax.Subshell{Stmts: []*syntax.Stmt{st}}}
	join := func() *syntax.Stmt { return call(prefix+"join", param(id)) }
	return &syntax.Stmt{Cmd: block(or(and(sub, join()), join()))}
}
