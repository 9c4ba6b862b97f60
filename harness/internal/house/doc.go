// Package house holds no code: its test keeps the rules between the rooms of
// the project, which package may know of which. A rule that the compiler does
// not keep is forgotten in a month.
package house
