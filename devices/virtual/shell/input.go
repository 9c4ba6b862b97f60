package shell

import (
	"strconv"
	"strings"
	"time"

	"github.com/ringproof/ringproof/devices/virtual/android"
)

// keys are KeyEvent's names in order of their codes, from 0 on.
const keys = `UNKNOWN SOFT_LEFT SOFT_RIGHT HOME BACK CALL ENDCALL 0 1 2 3 4 5 6 7 8 9 STAR POUND DPAD_UP DPAD_DOWN DPAD_LEFT DPAD_RIGHT
DPAD_CENTER VOLUME_UP VOLUME_DOWN POWER CAMERA CLEAR A B C D E F G H I J K L M N O P Q R S T U V W X Y Z COMMA PERIOD ALT_LEFT ALT_RIGHT
SHIFT_LEFT SHIFT_RIGHT TAB SPACE SYM EXPLORER ENVELOPE ENTER DEL GRAVE MINUS EQUALS LEFT_BRACKET RIGHT_BRACKET BACKSLASH SEMICOLON
APOSTROPHE SLASH AT NUM HEADSETHOOK FOCUS PLUS MENU NOTIFICATION SEARCH MEDIA_PLAY_PAUSE MEDIA_STOP MEDIA_NEXT MEDIA_PREVIOUS MEDIA_REWIND
MEDIA_FAST_FORWARD MUTE PAGE_UP PAGE_DOWN PICTSYMBOLS SWITCH_CHARSET BUTTON_A BUTTON_B BUTTON_C BUTTON_X BUTTON_Y BUTTON_Z BUTTON_L1
BUTTON_R1 BUTTON_L2 BUTTON_R2 BUTTON_THUMBL BUTTON_THUMBR BUTTON_START BUTTON_SELECT BUTTON_MODE ESCAPE FORWARD_DEL CTRL_LEFT CTRL_RIGHT
CAPS_LOCK SCROLL_LOCK META_LEFT META_RIGHT FUNCTION SYSRQ BREAK MOVE_HOME MOVE_END INSERT FORWARD MEDIA_PLAY MEDIA_PAUSE MEDIA_CLOSE
MEDIA_EJECT MEDIA_RECORD`

// farKeys are those beyond that people send.
var farKeys = map[string]int{
	"VOLUME_MUTE": 164, "APP_SWITCH": 187, "CALENDAR": 208, "CALCULATOR": 210, "ASSIST": 219, "BRIGHTNESS_DOWN": 220,
	"BRIGHTNESS_UP": 221, "SLEEP": 223, "WAKEUP": 224, "VOICE_ASSIST": 231, "SOFT_SLEEP": 276, "CUT": 277, "COPY": 278, "PASTE": 279,
	"ALL_APPS": 284, "SETTINGS": 176, "PAIRING": 225,
}

// lastKey is KeyEvent.LAST_KEYCODE of API 34.
const lastKey = 318

// keyCode is KeyEvent.keyCodeFromString.
func keyCode(s string) (int, bool) {
	if n, err := strconv.Atoi(s); err == nil {
		return n, n >= 0 && n <= lastKey
	}
	name := strings.TrimPrefix(s, "KEYCODE_")
	if n, ok := farKeys[name]; ok {
		return n, true
	}
	for i, k := range strings.Fields(keys) {
		if k == name && i > 0 {
			return i, true
		}
	}
	return 0, false
}

const inputUsage = `Usage: input [<source>] [-d DISPLAY_ID] <command> [<arg>...]

The sources are: 
      touchnavigation
      touchscreen
      joystick
      stylus
      touchpad
      gamepad
      dpad
      mouse
      keyboard
      trackball
      rotaryencoder

The commands and default sources are:
      text <string> (Default: touchscreen)
      keyevent [--longpress|--doubletap|--async] <key code number or name> ... (Default: keyboard)
      tap <x> <y> (Default: touchscreen)
      swipe <x1> <y1> <x2> <y2> [duration(ms)] (Default: touchscreen)`

// input is InputShellCommand.
func input(c *call) int {
	switch {
	case len(c.rest) == 0:
		c.Println(inputUsage)
		return 255
	case contains([]string{"touchscreen", "keyboard", "mouse", "dpad", "stylus", "touchpad", "gamepad", "joystick", "trackball"}, c.rest[0]):
		c.next()
	}
	if len(c.rest) > 1 && c.rest[0] == "-d" {
		c.rest = c.rest[2:]
	}
	verb := c.arg()
	if c.UID >= android.FirstAppUID || c.guarded().Inject {
		if c.release().API <= 30 {
			return c.threw(verb, android.Throw(android.SecurityException, "Injecting to another application requires INJECT_EVENTS permission"))
		}
		return c.threw(verb, android.Throw(android.SecurityException, "Injecting input events requires the caller (or the source of the instrumentation, if any) to have the INJECT_EVENTS permission."))
	}
	bad := func() int {
		return c.threw(verb, android.Throw(android.IllegalArgumentException, "Error: Invalid arguments for command: %s", verb))
	}
	switch verb {
	case "keyevent":
		return keyEvent(c)
	case "text":
		if len(c.rest) != 1 {
			return bad()
		}
		text := strings.ReplaceAll(c.rest[0], "%s", " ")
		c.do(func(d *android.Device) { d.Input.Text(text) })
		return c.settle(time.Duration(len(text)) * 4 * time.Millisecond)
	case "tap", "press":
		n, ok := numbers(c.rest, 2, 2)
		if !ok && verb == "tap" {
			return bad()
		}
		if ok {
			c.do(func(d *android.Device) { d.Input.Tap(n[0], n[1]) })
		}
		return c.settle(8 * time.Millisecond)
	case "swipe", "draganddrop", "scroll":
		n, ok := numbers(c.rest, 4, 5)
		if !ok {
			return bad()
		}
		took := 300 * time.Millisecond
		if len(n) > 4 {
			took = time.Duration(n[4]) * time.Millisecond
		}
		// The finger is on the glass all that time; what it did shows when it leaves.
		if code := c.settle(took); code != 0 {
			return code
		}
		c.do(func(d *android.Device) { d.Input.Swipe(n[0], n[1], n[2], n[3], took) })
		return 0
	case "roll", "motionevent", "keycombination":
		return 0
	}
	c.Printf("Error: Unknown command: %s\n%s\n", verb, inputUsage)
	return 255
}

// settle lets the time pass that a gesture takes.
func (c *call) settle(d time.Duration) int {
	if c.s.sys.Sleep(c.ctx, d) != nil {
		return 129
	}
	return 0
}

func numbers(args []string, least, most int) ([]int, bool) {
	if len(args) < least || len(args) > most {
		return nil, false
	}
	var out []int
	for _, a := range args {
		f, err := strconv.ParseFloat(a, 64)
		if err != nil {
			return nil, false
		}
		out = append(out, int(f))
	}
	return out, true
}

func keyEvent(c *call) int {
	long := false
	for {
		o, ok := c.option()
		if !ok {
			break
		}
		long = long || o == "--longpress"
	}
	if len(c.rest) == 0 {
		return c.threw("keyevent", android.Throw(android.IllegalArgumentException, "Argument expected after \"keyevent\""))
	}
	for _, a := range c.rest {
		code, ok := keyCode(a)
		if !ok {
			return c.threw("keyevent", android.Throw(android.IllegalArgumentException, "Unknown keycode: %s", a))
		}
		c.do(func(d *android.Device) { d.Input.Key(code, long) })
		if code := c.settle(4 * time.Millisecond); code != 0 {
			return code
		}
	}
	return 0
}
