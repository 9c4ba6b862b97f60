"""The calls of adbutils that must succeed."""

import pathlib
import socket
import threading
import time

import adbutils
from adbutils import AdbError, Network

from calls import APK, FOLDER, PORT, SERIAL, Calls, raises, same

call = Calls()
client = adbutils.AdbClient(host="127.0.0.1", port=PORT, socket_timeout=30)
d = client.device(serial=SERIAL)
DIR = "/data/local/tmp/adbutils"
BIG = bytes(x * 7 % 251 for x in range(3_000_000))
APP = "org.ringproof.sample"
folder = pathlib.Path(FOLDER)


@call("server_version")
def _():
    same(client.server_version(), 41)


@call("list")
def _():
    same([(i.serial, i.state) for i in client.list()], [(SERIAL, "device")])


@call("list extended")
def _():
    [i] = client.list(extended=True)
    same((i.serial, i.state, i.tags["model"]), (SERIAL, "device", "Ringproof_Virtual"))


@call("device_list")
def _():
    same([x.serial for x in client.device_list()], [SERIAL])


@call("device of nobody")
def _():
    raises(AdbError, "not found", lambda: client.device("nobody").get_state())


@call("wait_for")
def _():
    client.wait_for(SERIAL, timeout=5)


@call("track_devices")
def _():
    for event in client.track_devices():
        same((event.serial, event.present, event.status), (SERIAL, True, "device"))
        break


@call("shell of the client")
def _():
    same(client.shell(SERIAL, "echo x"), "x")


@call("get_state")
def _():
    same(d.get_state(), "device")


@call("get_serialno")
def _():
    same(d.get_serialno(), SERIAL)


@call("get_devpath")
def _():
    assert d.get_devpath()


@call("get_features")
def _():
    assert {"shell_v2", "cmd", "stat_v2", "ls_v2", "abb_exec"} <= set(d.get_features().split(","))


@call("info")
def _():
    same(d.info["state"], "device")


@call("prop")
def _():
    same((d.prop.name, d.prop.model, d.prop.device), ("ringproof_virtual", "Ringproof Virtual", "virtual"))


@call("getprop")
def _():
    same(d.getprop("ro.build.version.sdk"), "34")


@call("adb_output")
def _():
    same(d.adb_output("shell", "echo x"), "x\n")


@call("shell")
def _():
    same(d.shell("pwd; echo a"), "/\na")


@call("shell of words")
def _():
    same(d.shell(["echo", "a b", "c'd", 'e"f', "$g", "h\\i"]), "a b c'd e\"f $g h\\i")


@call("shell of bytes")
def _():
    same(d.shell("head -c 100000 /dev/zero", encoding=None), bytes(100000))


@call("shell not stripped")
def _():
    same(d.shell("echo x", rstrip=False), "x\n")


@call("shell stream")
def _():
    with d.shell("echo 1; sleep 1000", stream=True) as c:
        same(c.read(1), b"1")


@call("shell timeout")
def _():
    raises(adbutils.AdbTimeout, "", lambda: d.shell("sleep 1000", timeout=0.2))


@call("open_shell")
def _():
    with d.open_shell(["echo", "x"]) as c:
        same(c.read_until_close().strip(), "x")


@call("shell2")
def _():
    r = d.shell2("echo out; false")
    same((r.returncode, r.output), (1, "out\n"))


@call("shell2 of version 2")
def _():
    r = d.shell2("echo out; echo err >&2; exit 42", v2=True)
    same((r.returncode, r.stdout, r.stderr), (42, "out\n", "err\n"))


@call("shell2 of bytes")
def _():
    same(d.shell2("head -c 500000 /dev/zero", v2=True, encoding=None).stdout, bytes(500000))


@call("sync.push of bytes")
def _():
    d.shell(f"rm -rf {DIR}; mkdir {DIR}")
    same(d.sync.push(b"hello", f"{DIR}/hello"), 5)


@call("sync.push of a file")
def _():
    (folder / "big").write_bytes(BIG)
    d.sync.push(str(folder / "big"), f"{DIR}/big", check=True)


@call("sync.push of a name")
def _():
    d.shell(f"mkdir -p '{DIR}/tree/ünïcødé 名前'")
    d.sync.push(b"x", f"{DIR}/tree/ünïcødé 名前/😀")
    same(d.shell(f"cat '{DIR}/tree/ünïcødé 名前/😀'"), "x")


@call("sync.push to a closed place")
def _():
    raises(AdbError, "FAIL", lambda: d.sync.push(b"x", "/system/x"))


@call("sync.stat")
def _():
    s = d.sync.stat(f"{DIR}/big")
    # It asks for 0755, and everybody gets what the owner has.
    same((s.size, s.mode, s.path), (len(BIG), 0o100777, f"{DIR}/big"))


@call("sync.stat of none")
def _():
    s = d.sync.stat("/none")
    same((s.size, s.mode, s.mtime), (0, 0, None))


@call("sync.exists")
def _():
    same((d.sync.exists(f"{DIR}/big"), d.sync.exists("/none")), (True, False))


@call("sync.iter_directory")
def _():
    same(sorted(i.path for i in d.sync.iter_directory(DIR) if i.path not in (".", "..")), ["big", "hello", "tree"])


@call("sync.list")
def _():
    same(sorted(i.path for i in d.sync.list(DIR) if i.path not in (".", "..")), ["big", "hello", "tree"])


@call("sync.list of a closed place")
def _():
    same(d.sync.list("/data/data"), [])


@call("sync.read_text")
def _():
    same(d.sync.read_text(f"{DIR}/hello"), "hello")


@call("sync.read_bytes")
def _():
    same(d.sync.read_bytes(f"{DIR}/big"), BIG)


@call("sync.read_bytes of none")
def _():
    raises(AdbError, "No such file or directory", lambda: d.sync.read_bytes("/none"))


@call("sync.iter_content")
def _():
    same(b"".join(d.sync.iter_content(f"{DIR}/big")), BIG)


@call("sync.pull")
def _():
    same(d.sync.pull(f"{DIR}/big", str(folder / "pulled")), len(BIG))
    same((folder / "pulled").read_bytes(), BIG)


@call("sync.pull of a directory")
def _():
    d.sync.pull(f"{DIR}/tree", str(folder / "trees"))
    same([p.read_text() for p in (folder / "trees").rglob("😀")], ["x"])


@call("remove")
def _():
    d.remove(f"{DIR}/hello")
    same(d.sync.exists(f"{DIR}/hello"), False)


@call("rmtree")
def _():
    d.rmtree(f"{DIR}/tree")
    same(d.sync.exists(f"{DIR}/tree"), False)


@call("forward")
def _():
    d.forward("tcp:0", "localabstract:x")


@call("forward_list")
def _():
    same([(f.serial, f.remote) for f in d.forward_list()], [(SERIAL, "localabstract:x")])


@call("forward_port")
def _():
    assert d.forward_port(7912) == d.forward_port("tcp:7912") > 0


@call("forward without rebinding")
def _():
    port = d.forward_port(7912)
    raises(AdbError, "", lambda: d.forward(f"tcp:{port}", "tcp:1", norebind=True))


@call("forward_remove")
def _():
    d.forward_remove(f"tcp:{d.forward_port(7912)}")
    raises(AdbError, "not found", lambda: d.forward_remove("tcp:1"))


@call("forward_remove_all")
def _():
    d.forward_remove_all()
    same(d.forward_list(), [])


@call("reverse")
def _():
    d.reverse("tcp:18200", "tcp:9")
    d.reverse("localabstract:back", "tcp:9")


@call("reverse_list")
def _():
    same([(r.remote, r.local) for r in d.reverse_list()], [("tcp:18200", "tcp:9"), ("localabstract:back", "tcp:9")])


@call("reverse without rebinding")
def _():
    raises(AdbError, "cannot rebind", lambda: d.reverse("tcp:18200", "tcp:10", norebind=True))


@call("create_connection")
def _():
    home = socket.create_server(("127.0.0.1", 0))

    def serve():
        c, _ = home.accept()
        with c:
            c.sendall(c.recv(5))

    thread = threading.Thread(target=serve)
    thread.start()
    d.reverse("tcp:18201", f"tcp:{home.getsockname()[1]}")
    with d.create_connection(Network.TCP, 18201) as c:
        c.sendall(b"hello")
        same(c.recv(5), b"hello")
    thread.join()
    home.close()


@call("create_connection to nobody")
def _():
    raises(AdbError, "closed", lambda: d.create_connection(Network.LOCAL_ABSTRACT, "nobody"))


@call("reverse_remove")
def _():
    d.reverse_remove("tcp:18200")
    raises(AdbError, "not found", lambda: d.reverse_remove("tcp:18200"))


@call("reverse_remove_all")
def _():
    d.reverse_remove_all()
    same(d.reverse_list(), [])


@call("framebuffer")
def _():
    same(d.framebuffer().size, (1080, 2400))


@call("screenshot")
def _():
    same(d.screenshot(error_ok=False).size, (1080, 2400))


@call("install")
def _():
    d.install(APK, nolaunch=True, silent=True)


@call("install_remote")
def _():
    d.sync.push(APK, f"{DIR}/app.apk")
    d.install_remote(f"{DIR}/app.apk", clean=True)
    same(d.sync.exists(f"{DIR}/app.apk"), False)


@call("install_remote of no APK")
def _():
    raises(adbutils.AdbInstallError, "Failed to parse APK file", lambda: d.install_remote(f"{DIR}/big"))


@call("list_packages")
def _():
    same(d.list_packages(["-3"]), [APP])
    assert "com.android.settings" in d.list_packages()


@call("app_info")
def _():
    i = d.app_info(APP)
    same((i.package_name, i.path.startswith("/data/app/"), i.version_code > 0, i.first_install_time is not None), (APP, True, True, True))


@call("app_info of none")
def _():
    same(d.app_info("org.none"), None)


@call("app_start")
def _():
    d.app_start(APP)


def until(done):
    for _ in range(100):
        if done():
            return
        time.sleep(0.1)
    raise AssertionError("it did not come")


@call("app_current")
def _():
    until(lambda: d.app_current().package == APP)


@call("app_start of an activity")
def _():
    d.app_start(APP, ".MainActivity")


@call("app_stop")
def _():
    d.app_stop(APP)
    same(d.shell(f"pidof {APP}"), "")


@call("app_clear")
def _():
    d.app_clear(APP)


@call("uninstall")
def _():
    same(d.uninstall(APP), "Success")


@call("keyevent")
def _():
    d.keyevent("HOME")
    d.keyevent(26)


@call("switch_screen")
def _():
    d.switch_screen(False)
    until(lambda: not d.is_screen_on())
    d.switch_screen(True)
    until(d.is_screen_on)


@call("volume")
def _():
    d.volume_up()
    d.volume_down()
    d.volume_mute()


@call("window_size")
def _():
    same(d.window_size(), (1080, 2400))


@call("rotation")
def _():
    same(d.rotation(), 0)


@call("gestures")
def _():
    d.click(0.5, 0.5)
    d.swipe(0.5, 0.8, 0.5, 0.2, 0.1)
    d.drag(100, 100, 200, 200, 0.1)


@call("send_keys")
def _():
    same(d.send_keys("hello%sworld"), "")


@call("dump_hierarchy")
def _():
    assert "<hierarchy" in d.dump_hierarchy()


@call("battery")
def _():
    b = d.battery()
    assert 0 <= b.level <= 100 and b.present, b


@call("brightness")
def _():
    d.brightness_value = 77
    same(d.brightness_value, 77)


@call("switch_airplane")
def _():
    d.switch_airplane(True)
    same(d.shell("settings get global airplane_mode_on"), "1")
    d.switch_airplane(False)


@call("switch_wifi")
def _():
    d.switch_wifi(False)
    d.switch_wifi(True)


@call("wlan_ip")
def _():
    assert d.wlan_ip().count(".") == 3


@call("logcat")
def _():
    log = folder / "log"
    event = d.logcat(log, clear=True, re_filter="adbutils")
    d.shell("log -t adbutils hello")
    until(lambda: log.exists() and "hello" in log.read_text())
    # It stops after one more line.
    threading.Timer(0.5, lambda: d.shell("log -t adbutils bye")).start()
    event.stop(timeout=10)


@call("tcpip")
def _():
    same(d.tcpip(5555), "restarting in TCP mode port: 5555\n")


@call("root")
def _():
    until(lambda: SERIAL in [x.serial for x in client.device_list()])
    assert "root" in d.root()


call.run()
