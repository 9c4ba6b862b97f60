"""Makes the calls of a list, one after the other, and prints a JSON line for
each: {"call": name, "error": what went wrong or ""}."""

import json
import os
import signal
import traceback

PATIENCE = int(os.environ.get("PATIENCE", "60000")) / 1000

SERIAL = os.environ["PHONE_SERIAL"]  # as the server lists it
APK = os.environ["PHONE_APK"]  # an app to install
FOLDER = os.environ["PHONE_FOLDER"]  # for files of the host
PORT = int(os.environ["ANDROID_ADB_SERVER_PORT"])


class Calls:
    def __init__(self):
        self.all = []

    def __call__(self, name):
        def add(make):
            self.all.append((name, make))
            return make

        return add

    def run(self):
        def late(*_):
            raise TimeoutError(f"no answer in {PATIENCE:.0f} s")

        signal.signal(signal.SIGALRM, late)
        for name, make in self.all:
            error = ""
            signal.setitimer(signal.ITIMER_REAL, PATIENCE)
            try:
                make()
            except Exception:
                error = traceback.format_exc()
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
            print(json.dumps({"call": name, "error": error}), flush=True)


def same(got, want):
    assert got == want, f"{got!r} is not {want!r}"


def raises(what, text, make):
    try:
        make()
    except what as e:
        assert text in str(e), f"{e!r} does not say {text!r}"
    else:
        raise AssertionError(f"no {what.__name__}")
