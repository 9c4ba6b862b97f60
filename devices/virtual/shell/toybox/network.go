package toybox

import (
	"context"
	"strings"

	"github.com/ringproof/ringproof/devices/virtual/shell/mksh"
)

// network are the applets that tell of the phone's network: one Wi-Fi, as an
// emulator has it, and the loop.
var network = map[string]applet{"ifconfig": ifconfig, "ip": ip}

func interfaces() []string { return []string{"lo", "wlan0"} }

// ifconfig is toybox's, of all interfaces or one.
func ifconfig(_ context.Context, _ System, p *mksh.Proc) int {
	text := map[string]string{
		"lo": "lo        Link encap:Local Loopback  \n          inet addr:127.0.0.1  Mask:255.0.0.0 \n          inet6 addr: ::1/128 Scope: Host\n" +
			"          UP LOOPBACK RUNNING  MTU:65536  Metric:1\n          RX packets:120 errors:0 dropped:0 overruns:0 frame:0 \n          TX packets:120 errors:0 dropped:0 overruns:0 carrier:0 \n" +
			"          collisions:0 txqueuelen:1000 \n          RX bytes:9120 TX bytes:9120 \n\n",
		"wlan0": "wlan0     Link encap:UNSPEC    Driver virtio_net\n          inet addr:10.0.2.16  Bcast:10.0.2.255  Mask:255.255.255.0 \n          inet6 addr: fe80::15:b2ff:fe00:0/64 Scope: Link\n" +
			"          UP BROADCAST RUNNING MULTICAST  MTU:1500  Metric:1\n          RX packets:2113 errors:0 dropped:0 overruns:0 frame:0 \n          TX packets:1907 errors:0 dropped:0 overruns:0 carrier:0 \n" +
			"          collisions:0 txqueuelen:1000 \n          RX bytes:1573261 TX bytes:288160 \n\n",
	}
	all := interfaces()
	if len(p.Args) > 1 && p.Args[1] != "-a" {
		all = p.Args[1:2]
	}
	for _, name := range all {
		if text[name] == "" {
			return p.Complain("%s: No such device", name)
		}
		p.Printf("%s", text[name])
	}
	return 0
}

// ip is the part of iproute2 that people ask for addresses and routes.
func ip(_ context.Context, _ System, p *mksh.Proc) int {
	text := map[string]string{
		"lo": "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000\n    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n" +
			"    inet 127.0.0.1/8 scope host lo\n       valid_lft forever preferred_lft forever\n",
		"wlan0": "2: wlan0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP group default qlen 1000\n    link/ether 02:15:b2:00:00:00 brd ff:ff:ff:ff:ff:ff\n" +
			"    inet 10.0.2.16/24 brd 10.0.2.255 scope global wlan0\n       valid_lft forever preferred_lft forever\n",
	}
	var words []string
	for _, a := range p.Args[1:] {
		if !strings.HasPrefix(a, "-") && a != "show" && a != "dev" && a != "list" {
			words = append(words, a)
		}
	}
	if len(words) == 0 {
		return p.Complain("Usage: ip [ OPTIONS ] OBJECT { COMMAND | help }")
	}
	switch object := words[0]; {
	case strings.HasPrefix("route", object):
		p.Printf("10.0.2.0/24 dev wlan0 proto kernel scope link src 10.0.2.16 \n")
	case strings.HasPrefix("address", object), strings.HasPrefix("link", object):
		all := interfaces()
		if len(words) > 1 {
			all = words[1:2]
		}
		for _, name := range all {
			lines, ok := text[name]
			if !ok {
				p.Printf("Device \"%s\" does not exist.\n", name)
				return 1
			}
			if strings.HasPrefix("link", object) {
				lines, _, _ = strings.Cut(lines, "    inet ")
			}
			p.Printf("%s", lines)
		}
	default:
		p.Printf("Object \"%s\" is unknown, try \"ip help\".\n", object)
		return 1
	}
	return 0
}
