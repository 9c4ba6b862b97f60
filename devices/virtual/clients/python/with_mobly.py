"""The calls of mobly that must succeed: AndroidDevice and its AdbProxy, which
run the adb program in PATH."""

import logging
import os
import pathlib

from mobly import logger as mobly_logger
from mobly import utils
from mobly.controllers import android_device
from mobly.controllers.android_device_lib import adb, apk_utils

from calls import APK, FOLDER, SERIAL, Calls, raises, same

call = Calls()
folder = pathlib.Path(FOLDER)
logging.log_path = FOLDER
APP = "org.ringproof.sample"
ad = None


@call("list_adb_devices")
def _():
    same(android_device.list_adb_devices(), [SERIAL])


@call("get_all_instances")
def _():
    same([d.serial for d in android_device.get_all_instances()], [SERIAL])


@call("create")
def _():
    global ad
    [ad] = android_device.create([SERIAL])
    same(ad.serial, SERIAL)


@call("build_info")
def _():
    b = ad.build_info
    same((b["build_version_sdk"], b["build_version_codename"], b["build_characteristics"], b["debuggable"]), ("34", "REL", "nosdcard", "1"))
    assert b["build_id"] and b["hardware"] and b["build_fingerprint"]


@call("device_info")
def _():
    same(ad.device_info["model"], ad.model)


@call("model")
def _():
    same(ad.model, "ringproof_virtual")  # by its product's name


@call("is_adb_root")
def _():
    same(ad.is_adb_root, True)  # it makes every phone so that can be


@call("is_rootable")
def _():
    same(ad.is_rootable, True)


@call("is_bootloader")
def _():
    same(ad.is_bootloader, False)


@call("is_emulator")
def _():
    assert ad.is_emulator in (True, False)


@call("is_adb_detectable")
def _():
    same(ad.is_adb_detectable(), True)


@call("is_boot_completed")
def _():
    same(ad.is_boot_completed(), True)


@call("wait_for_boot_completion")
def _():
    ad.wait_for_boot_completion(timeout=5)


@call("adb.shell")
def _():
    same(ad.adb.shell("echo a b"), b"a b\n")


@call("adb.shell of words")
def _():
    same(ad.adb.shell(["echo", "a", "b"]), b"a b\n")


@call("adb.shell that fails")
def _():
    try:
        ad.adb.shell("echo out; echo err >&2; exit 42")
    except adb.AdbError as e:
        same((e.ret_code, e.stdout, e.stderr, e.serial), (42, b"out\n", b"err\n", SERIAL))
    else:
        raise AssertionError("no AdbError")


@call("adb.shell that takes too long")
def _():
    raises(adb.AdbTimeoutError, "Timed out", lambda: ad.adb.shell("sleep 1000", timeout=0.5))


@call("adb.shell with errors taken")
def _():
    import io

    err = io.BytesIO()
    ad.adb.shell("echo err >&2", stderr=err)
    same(err.getvalue(), b"err\n")


@call("adb.getprop")
def _():
    same(ad.adb.getprop("ro.build.version.sdk"), "34")


@call("adb.getprops")
def _():
    same(ad.adb.getprops(["ro.build.version.release", "ro.none"]), {"ro.build.version.release": "14"})


@call("adb.has_shell_command")
def _():
    same((ad.adb.has_shell_command("pm"), ad.adb.has_shell_command("nothing-such")), (True, False))


@call("adb.current_user_id")
def _():
    same(ad.adb.current_user_id, 0)


@call("adb.get_state")
def _():
    same(ad.adb.get_state(), b"device\n")


@call("adb.push and pull")
def _():
    (folder / "up").write_bytes(bytes(range(256)) * 1000)
    ad.adb.push([str(folder / "up"), "/data/local/tmp/mobly"])
    ad.adb.pull(["/data/local/tmp/mobly", str(folder / "down")])
    same((folder / "down").read_bytes(), (folder / "up").read_bytes())


@call("adb.exec_out")
def _():
    same(ad.adb.exec_out("cat /data/local/tmp/mobly"), (folder / "up").read_bytes())


@call("adb.forward")
def _():
    port = utils.get_available_host_port()
    ad.adb.forward([f"tcp:{port}", "localabstract:mobly"])
    same(f"{SERIAL} tcp:{port} localabstract:mobly" in ad.adb.forward("--list").decode(), True)
    ad.adb.forward(["--remove", f"tcp:{port}"])


@call("adb.forward anywhere")
def _():
    port = int(ad.adb.forward(["tcp:0", "tcp:8080"]))
    assert port in adb.list_occupied_adb_ports()
    ad.adb.forward(["--remove", f"tcp:{port}"])


@call("adb.reverse")
def _():
    ad.adb.reverse(["tcp:18300", "tcp:9"])
    assert b"tcp:18300 tcp:9" in ad.adb.reverse("--list")
    ad.adb.reverse("--remove-all")


@call("apk_utils.install")
def _():
    apk_utils.install(ad, APK)


@call("apk_utils.is_apk_installed")
def _():
    same((apk_utils.is_apk_installed(ad, APP), apk_utils.is_apk_installed(ad, "org.none")), (True, False))


@call("adb.install -r")
def _():
    assert b"Success" in ad.adb.install(["-r", APK])


@call("adb.instrument of none")
def _():
    raises(adb.AdbError, "Unable to find instrumentation info", lambda: ad.adb.instrument("org.none"))


@call("apk_utils.uninstall")
def _():
    apk_utils.uninstall(ad, APP)
    same(apk_utils.is_apk_installed(ad, APP), False)


@call("apk_utils.install of no APK")
def _():
    (folder / "bad.apk").write_bytes(b"no package" * 99)
    raises(adb.AdbError, "INSTALL_PARSE_FAILED_NOT_APK", lambda: apk_utils.install(ad, str(folder / "bad.apk")))


@call("services.logcat")
def _():
    from mobly.controllers.android_device_lib.services import logcat

    ad.services.register("logcat", logcat.Logcat) if not ad.services.has_service_by_name("logcat") else None
    import time

    ad.adb.shell("log -t mobly hello")
    for _ in range(100):
        if "hello" in pathlib.Path(ad.adb_logcat_file_path).read_text():
            break
        time.sleep(0.1)
    else:
        raise AssertionError("nothing of it in the file")
    ad.services.logcat.pause()
    ad.services.logcat.resume()
    ad.services.stop_all()


@call("take_screenshot")
def _():
    path = ad.take_screenshot(FOLDER)
    same(pathlib.Path(path).read_bytes()[:8], b"\x89PNG\r\n\x1a\n")


@call("adb.root")
def _():
    ad.adb.root()
    ad.adb.wait_for_device(timeout=10)
    same(ad.is_adb_root, True)


@call("remount")
def _():
    same(ad.adb.remount(), b"")  # it speaks on the other stream


@call("root_adb")
def _():
    ad.root_adb()


@call("adb.unroot")
def _():
    ad.adb.unroot()
    ad.adb.wait_for_device(timeout=10)
    same(ad.is_adb_root, False)


@call("destroy")
def _():
    android_device.destroy([ad])


mobly_logger.setup_test_logger(FOLDER)
call.run()
