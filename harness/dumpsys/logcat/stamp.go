package logcat

import (
	"strings"
	"time"
)

// stamp reads the time at the begin of s and returns what follows it:
//
//	MM-DD HH:MM:SS.mmm        YYYY-MM-DD HH:MM:SS.mmm
//	... with six or nine digits, with a zone " +0100" behind it
//	1700000000.123            seconds since the epoch, or since boot
func (c Clock) stamp(s string) (at time.Time, exact bool, rest string, ok bool) {
	year := 0
	if y, r, ok := digits(s, 4, '-'); ok {
		year, s, exact = y, r, true
	} else {
		year = c.Year
	}
	month, r, ok := digits(s, 2, '-')
	if !ok {
		if exact {
			return at, false, "", false
		}
		return epoch(s)
	}
	var day, hour, minute, sec int
	for _, f := range [...]struct {
		to  *int
		end byte
	}{{&day, ' '}, {&hour, ':'}, {&minute, ':'}, {&sec, '.'}} {
		if *f.to, r, ok = digits(r, 2, f.end); !ok {
			return at, false, "", false
		}
	}
	nanos, r, ok := fraction(r)
	if !ok || month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || sec > 60 {
		return at, false, "", false
	}
	zone := c.Zone
	if zone == nil {
		zone = time.UTC
	}
	r = strings.TrimLeft(r, " ")
	if z, rest, ok := offset(r); ok {
		zone, r = z, rest
	} else {
		exact = false
	}
	return time.Date(year, time.Month(month), day, hour, minute, sec, nanos, zone), exact, strings.TrimLeft(r, " "), true
}

// epoch reads seconds since the epoch, which need no zone.
func epoch(s string) (at time.Time, exact bool, rest string, ok bool) {
	i, n := 0, int64(0)
	for i < len(s) && i < 12 && s[i] >= '0' && s[i] <= '9' {
		n = n*10 + int64(s[i]-'0')
		i++
	}
	if i == 0 || i >= len(s) || s[i] != '.' {
		return at, false, "", false
	}
	nanos, r, ok := fraction(s[i+1:])
	if !ok {
		return at, false, "", false
	}
	return time.Unix(n, int64(nanos)).UTC(), true, strings.TrimLeft(r, " "), true
}

// digits reads n digits and the byte behind them.
func digits(s string, n int, end byte) (int, string, bool) {
	if len(s) <= n || s[n] != end {
		return 0, "", false
	}
	v := 0
	for i := range n {
		if s[i] < '0' || s[i] > '9' {
			return 0, "", false
		}
		v = v*10 + int(s[i]-'0')
	}
	return v, s[n+1:], true
}

// fraction reads three, six or nine digits followed by a blank.
func fraction(s string) (nanos int, rest string, ok bool) {
	i, scale := 0, 100_000_000
	for i < len(s) && i < 9 && s[i] >= '0' && s[i] <= '9' {
		nanos += int(s[i]-'0') * scale
		scale /= 10
		i++
	}
	if i%3 != 0 || i == 0 || i >= len(s) || s[i] != ' ' {
		return 0, "", false
	}
	return nanos, s[i:], true
}

// offset reads `+0100 `.
func offset(s string) (*time.Location, string, bool) {
	if len(s) < 6 || s[0] != '+' && s[0] != '-' || s[5] != ' ' {
		return nil, "", false
	}
	h, m := 0, 0
	for i, to := range []*int{&h, &h, &m, &m} {
		c := s[1+i]
		if c < '0' || c > '9' {
			return nil, "", false
		}
		*to = *to*10 + int(c-'0')
	}
	sec := h*3600 + m*60
	if s[0] == '-' {
		sec = -sec
	}
	if sec == 0 {
		return time.UTC, s[6:], true
	}
	return time.FixedZone(s[:5], sec), s[6:], true
}
