package logcat

import (
	"bytes"
	"time"
)

// stamps reads the times of lines. Lines that follow each other name the same
// minute, mostly: a minute's begin is worked out once.
type stamps struct {
	clock Clock
	// key is the text of the last minute, up to the colon before the seconds.
	key                            [len("2006-01-02 15:04:")]byte
	n                              int
	year, month, day, hour, minute int
	exact                          bool // the text named the year

	zone   [len("+0100")]byte
	zoned  bool           // zone holds the last line's zone
	in     *time.Location // where base is; nil: it is still to be made
	base   time.Time      // the minute's begin
	zoneIn *time.Location // of zone
}

// stamp reads the time at the begin of s and returns what follows it:
//
//	MM-DD HH:MM:SS.mmm        YYYY-MM-DD HH:MM:SS.mmm
//	... with six or nine digits, with a zone " +0100" behind it
//	1700000000.123            seconds since the epoch, or since boot
func (c *stamps) stamp(s []byte) (at time.Time, exact bool, rest []byte, ok bool) {
	if c.n == 0 || len(s) < c.n || string(s[:c.n]) != string(c.key[:c.n]) {
		if !c.date(s) {
			return epoch(s)
		}
	}
	sec, r, ok := digits(s[c.n:], 2, '.')
	if !ok || sec > 60 {
		return at, false, nil, false
	}
	nanos, r, ok := fraction(r)
	if !ok {
		return at, false, nil, false
	}
	r = trimBlanks(r)
	zone, exact := c.clock.Zone, false
	if zone == nil {
		zone = time.UTC
	}
	if len(r) >= 6 && (r[0] == '+' || r[0] == '-') && r[5] == ' ' {
		if !c.zoned || string(r[:5]) != string(c.zone[:]) {
			c.zoneIn, c.zoned = offset(r[:5])
			copy(c.zone[:], r)
		}
		if c.zoned {
			zone, exact, r = c.zoneIn, c.exact, trimBlanks(r[6:])
		}
	}
	if c.in != zone {
		c.base = time.Date(c.year, time.Month(c.month), c.day, c.hour, c.minute, 0, 0, zone)
		c.in = zone
	}
	return c.base.Add(time.Duration(sec)*time.Second + time.Duration(nanos)), exact, r, true
}

// date reads everything up to the seconds.
func (c *stamps) date(s []byte) bool {
	c.n, c.in = 0, nil
	year, r, exact := digits(s, 4, '-')
	if !exact {
		year, r = c.clock.Year, s
	}
	month, r, ok1 := digits(r, 2, '-')
	day, r, ok2 := digits(r, 2, ' ')
	hour, r, ok3 := digits(r, 2, ':')
	minute, r, ok4 := digits(r, 2, ':')
	if !ok1 || !ok2 || !ok3 || !ok4 || month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 {
		return false
	}
	c.year, c.month, c.day, c.hour, c.minute, c.exact = year, month, day, hour, minute, exact
	c.n = copy(c.key[:], s[:len(s)-len(r)])
	return true
}

// epoch reads seconds since the epoch, which need no zone.
func epoch(s []byte) (at time.Time, exact bool, rest []byte, ok bool) {
	i, n := 0, int64(0)
	for i < len(s) && i < 12 && isDigit(s[i]) {
		n = n*10 + int64(s[i]-'0')
		i++
	}
	if i == 0 || i >= len(s) || s[i] != '.' {
		return at, false, nil, false
	}
	nanos, r, ok := fraction(s[i+1:])
	if !ok {
		return at, false, nil, false
	}
	return time.Unix(n, int64(nanos)).UTC(), true, trimBlanks(r), true
}

// digits reads n digits and the byte behind them.
func digits(s []byte, n int, end byte) (int, []byte, bool) {
	if len(s) <= n || s[n] != end {
		return 0, nil, false
	}
	v := 0
	for _, c := range s[:n] {
		if !isDigit(c) {
			return 0, nil, false
		}
		v = v*10 + int(c-'0')
	}
	return v, s[n+1:], true
}

// fraction reads three, six or nine digits followed by a blank.
func fraction(s []byte) (nanos int, rest []byte, ok bool) {
	i, scale := 0, 100_000_000
	for i < len(s) && i < 9 && isDigit(s[i]) {
		nanos += int(s[i]-'0') * scale
		scale /= 10
		i++
	}
	if i%3 != 0 || i == 0 || i >= len(s) || s[i] != ' ' {
		return 0, nil, false
	}
	return nanos, s[i:], true
}

// offset reads `+0100`. What no clock has is no zone: a time in one could not
// even be written as JSON.
func offset(s []byte) (*time.Location, bool) {
	h, ok1 := number(s[1:3])
	m, ok2 := number(s[3:5])
	if !ok1 || !ok2 || h > 23 || m > 59 {
		return nil, false
	}
	sec := h*3600 + m*60
	if s[0] == '-' {
		sec = -sec
	}
	if sec == 0 {
		return time.UTC, true
	}
	return time.FixedZone(string(bytes.Clone(s)), sec), true
}
