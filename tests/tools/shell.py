# SPDX-License-Identifier: MIT
"""What the tests of vioctl share: running it, a vio-chassisd of one's own, a store in a file."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest

BUILD = os.environ["top_builddir"]
VIOCTL = os.path.join(BUILD, "vioctl")
CHASSISD = os.path.join(BUILD, "vio-chassisd")
HOLDER = os.path.join(BUILD, "tests", "tools", "holder")
LIMIT = 120


def vioctl(*words, chassis=None, env=None, text=""):
    line = [VIOCTL] + (["-c", chassis] if chassis else []) + list(words)
    environment = {k: v for k, v in os.environ.items() if k != "VIO_CHASSIS"}
    environment.update(env or {})
    return subprocess.run(line, capture_output=True, text=True, timeout=LIMIT, env=environment,
                          input=text)


class Daemon:
    """A vio-chassisd on a socket of its own."""

    def __init__(self, *options, control=False, folder=None, user=None):
        self.folder = folder or tempfile.mkdtemp()
        self.user = {} if user is None else {"user": user, "group": user, "extra_groups": []}
        self.socket = os.path.join(self.folder, "s")
        self.control = os.path.join(self.folder, "c")
        self.options = options + (("--control", self.control) if control else ())
        self.uri = f"vfio-user:{self.socket}"
        self.start()

    def start(self):
        self.process = subprocess.Popen([CHASSISD, "--socket", self.socket, *self.options],
                                        stdout=subprocess.PIPE, text=True, **self.user)
        if self.process.stdout.readline() != "ready\n":
            raise AssertionError("vio-chassisd did not get ready")

    def kill(self):
        self.process.kill()
        self.process.wait(LIMIT)
        self.process.stdout.close()

    def stop(self):
        self.process.terminate()
        status = self.process.wait(LIMIT)
        self.process.stdout.close()
        shutil.rmtree(self.folder)
        return status


class Case(unittest.TestCase):
    """A daemon for each test, and vioctl at it."""

    options = {}

    def setUp(self):
        self.daemon = Daemon(**self.options)
        self.env = {}

    def tearDown(self):
        self.assertEqual(self.daemon.stop(), 0)

    def vioctl(self, *words, text=""):
        return vioctl(*words, chassis=self.daemon.uri, env=self.env, text=text)

    def run_ok(self, *words, text=""):
        done = self.vioctl(*words, text=text)
        self.assertEqual((done.returncode, done.stderr), (0, ""), f"{words}: {done.stderr}")
        return done.stdout

    def json(self, *words, text=""):
        return json.loads(self.run_ok("-o", "json", *words, text=text))

    def change(self, *words):
        """What a verb made of its object."""
        done = self.json(*words)
        self.assertEqual(set(done), {"plan", words[0]})
        return done[words[0]]

    def refused(self, status, pattern, *words, text=""):
        done = self.vioctl(*words, text=text)
        self.assertEqual(done.returncode, status, f"{words}: {done.stdout}{done.stderr}")
        self.assertRegex(done.stderr, pattern)
        self.assertEqual(done.stdout, "")
        for line in done.stderr.splitlines():
            self.assertTrue(line.startswith("vioctl: "), line)

    def tell(self, command):
        """Tells the chassis something through its control socket."""
        with socket.socket(socket.AF_UNIX) as control:
            control.settimeout(LIMIT)
            control.connect(self.daemon.control)
            control.sendall(command.encode() + b"\n")
            control.shutdown(socket.SHUT_WR)
            answer = b"".join(iter(lambda: control.recv(4096), b"")).decode()
        self.assertEqual(answer.splitlines()[-1], "ok", answer)


class StoreCase(Case):
    """A store in a file, too, as users have one."""

    options = {"control": True}

    def setUp(self):
        super().setUp()
        self.file = os.path.join(self.daemon.folder, "store.db")
        self.env = {"VIO_STORE": f"sqlite:{self.file}"}

    def hardware(self):
        """What the device itself reports, but for its clocks and counters."""
        functions = self.json("function", "list")
        for function in functions:
            for counter in [key for key in function if key.startswith(("rx_", "tx_"))]:
                del function[counter]
        return functions


class Process:
    """A program that stays, and is asked a line at a time."""

    def __init__(self, *words, env=None):
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True, env={**os.environ, **(env or {})})

    def line(self):
        return self.process.stdout.readline().strip()

    def ask(self, words):
        self.process.stdin.write(words + "\n")
        self.process.stdin.flush()
        return self.line()

    def signal(self, number):
        self.process.send_signal(number)

    def end(self):
        """Ends its input and waits for it to leave."""
        try:
            self.process.communicate(timeout=LIMIT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()
            raise
        return self.process.returncode

    def destroy(self):
        self.process.kill()
        self.process.communicate()


def main():
    if not os.path.exists(CHASSISD) or not os.path.exists(HOLDER):
        print("vio-chassisd or the tests' holder was not built")
        sys.exit(1)
    outcome = unittest.main(module="__main__", argv=sys.argv[:1], exit=False).result
    failed = len(outcome.failures) + len(outcome.errors)
    skipped = len(outcome.skipped)
    print(f"{outcome.testsRun - failed - skipped} passed, {failed} failed, {skipped} skipped")
    sys.exit(failed > 0)
