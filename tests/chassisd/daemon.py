#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""vio-chassisd as a program: its options, sockets, signals and exit statuses, and its control socket."""

import os
import signal
import socket
import stat
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import vfio_user_client as vfio  # noqa: E402


class WithFolder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="vio-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def path(self, name, content=None):
        path = os.path.join(self.folder, name)
        if content is not None:
            with open(path, "w", encoding="utf-8") as stream:
                stream.write(content)
        return path

    def fails(self, status, about, *arguments):
        """It ends at once with this status and one line that says what was wrong."""
        code, said, complained = vfio.run(*arguments)
        self.assertEqual((code, said), (status, ""), complained)
        self.assertEqual(complained.count("\n"), 1, complained)
        self.assertIn(about, complained)
        self.assertTrue(complained.startswith("vio-chassisd: "), complained)


class Usage(WithFolder):
    def test_help_and_version(self):
        code, said, complained = vfio.run("--help")
        self.assertEqual((code, complained), (0, ""))
        for option in ("--socket", "--control", "--chassis", "--adapter", "--mode", "--latency"):
            self.assertIn(option, said)
        code, said, complained = vfio.run("--version")
        self.assertEqual((code, complained), (0, ""))
        self.assertRegex(said, r"^vio-chassisd \d+\.\d+\.\d+\n$")

    def test_wrong_usage_exits_with_2(self):
        self.fails(2, "--socket PATH is needed")
        self.fails(2, "unknown option", "--socket", "s", "--nonsense")
        self.fails(2, "SLOT=FILE", "--socket", "s", "--adapter", "slot1")
        self.fails(2, "octal", "--socket", "s", "--mode", "rw")
        self.fails(2, "a time", "--socket", "s", "--latency", "5 fortnights")
        self.fails(2, "nowhere", "--socket", self.path("s"), "--adapter", "nowhere=none")

    def test_broken_files_exit_with_1(self):
        path = self.path("s")
        broken = self.path("broken.yaml", "chassis: [\n")
        self.fails(1, "broken.yaml:", "--socket", path, "--chassis", broken)
        self.fails(1, "absent.yaml", "--socket", path, "--chassis", self.path("absent.yaml"))
        short = self.path("short.txt", "01:00.0 Ethernet controller: x\n00: 86 80\n")
        self.fails(1, "short.txt", "--socket", path, "--adapter", f"slot1={short}")
        self.assertFalse(os.path.exists(path))


class Sockets(WithFolder):
    def test_termination_removes_the_sockets(self):
        for how in (signal.SIGTERM, signal.SIGINT):
            with vfio.Daemon() as daemon, daemon.client() as client:
                self.assertTrue(stat.S_ISSOCK(os.lstat(daemon.path).st_mode))
                self.assertEqual(daemon.stop(how), (0, "", ""))
                self.assertFalse(os.path.exists(daemon.path) or os.path.exists(daemon.control_path))
                with self.assertRaises(vfio.Closed):
                    client.device_info()

    def test_mode_of_the_sockets(self):
        for arguments, mode in (((), 0o600), (("--mode", "0660"), 0o660)):
            with vfio.Daemon(*arguments) as daemon:
                for path in (daemon.path, daemon.control_path):
                    self.assertEqual(stat.S_IMODE(os.lstat(path).st_mode), mode)

    def test_address_of_a_live_daemon_is_refused(self):
        with vfio.Daemon() as daemon:
            self.fails(1, "in use", "--socket", daemon.path)
            self.fails(1, "in use", "--socket", self.path("s"), "--control", daemon.control_path)
            self.assertFalse(os.path.exists(self.path("s")))
            with daemon.client() as client:
                client.device_info()

    def test_address_of_a_dead_daemon_is_taken(self):
        with vfio.Daemon() as daemon:
            daemon.stop(signal.SIGKILL)
            self.assertTrue(os.path.exists(daemon.path))
            daemon.start()
            with daemon.client() as client:
                client.device_info()

    def test_other_files_are_left_alone(self):
        path = self.path("file", "precious")
        self.fails(1, "no socket", "--socket", path)
        with open(path, encoding="utf-8") as stream:
            self.assertEqual(stream.read(), "precious")

    def test_impossible_paths_are_refused(self):
        self.fails(1, "1 to 107 bytes", "--socket", self.path("x" * 120))
        self.fails(1, "No such file", "--socket", self.path("absent/s"))
        self.fails(1, "1 to 107 bytes", "--socket", "")


class State(unittest.TestCase):
    def test_boot_outlives_clients(self):
        with vfio.Daemon() as daemon:
            with daemon.client() as client:
                boot, uuid = client.read64(0, 0x030), client.read(0, 0x010, 16)
            with daemon.client() as client:
                self.assertEqual((client.read64(0, 0x030), client.read(0, 0x010, 16)), (boot, uuid))


class Person:
    """One who types at the control socket."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.settimeout(vfio.SECONDS)
        self.socket.connect(path)
        self.stream = self.socket.makefile("rb")

    def close(self):
        self.stream.close()
        self.socket.close()

    def ask(self, line):
        self.socket.sendall(line.encode() + b"\n")
        return self.answer()

    def answer(self):
        """The lines of text and the verdict."""
        text = []
        while True:
            line = self.stream.readline().decode()
            if not line.endswith("\n"):
                raise vfio.Closed()
            line = line[:-1]
            if line == "ok" or line.startswith("error: "):
                return text, line
            text.append(line)


class Control(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = vfio.Daemon()

    @classmethod
    def tearDownClass(cls):
        cls.daemon.__exit__(None)

    def setUp(self):
        self.person = Person(self.daemon.control_path)
        self.addCleanup(self.person.close)

    def test_command_is_obeyed(self):
        text, verdict = self.person.ask("help")
        self.assertEqual(verdict, "ok")
        self.assertTrue(any("link" in line for line in text), text)
        self.assertEqual(self.person.ask("link server1/0 down"), ([], "ok"))
        self.assertEqual(self.person.ask("link server1/0 up"), ([], "ok"))

    def test_what_is_no_command_is_refused_in_one_line(self):
        for line in ("nonsense", "link", "link nowhere down", "link server1/0 sideways", "\x01\x02", "é"):
            text, verdict = self.person.ask(line)
            self.assertEqual(text, [])
            self.assertTrue(verdict.startswith("error: ") and len(verdict) > 10, verdict)

    def test_lines_end_as_people_end_them(self):
        self.person.socket.sendall(b"\n\r\n   \nlink server1/0 up\r\nlink server1/0 up  \nlink server1/0 up")
        self.person.socket.shutdown(socket.SHUT_WR)
        self.assertEqual([self.person.answer() for _ in range(3)], [([], "ok")] * 3)
        self.assertEqual(self.person.stream.read(), b"")

    def test_line_that_is_too_long_is_refused_and_the_next_one_obeyed(self):
        _, verdict = self.person.ask("x" * 100000)
        self.assertIn("at most 1023 bytes", verdict)
        self.assertEqual(self.person.ask("link server1/0 up"), ([], "ok"))

    def test_several_people_at_once(self):
        people = [Person(self.daemon.control_path) for _ in range(15)]
        for person in people:
            self.assertEqual(person.ask("help")[1], "ok")
        crowd = Person(self.daemon.control_path)
        with self.assertRaises((vfio.Closed, ConnectionResetError, BrokenPipeError)):
            crowd.ask("help")
        crowd.close()
        for person in people:
            person.close()
        vfio.wait_until(self.is_welcome)

    def is_welcome(self):
        person = Person(self.daemon.control_path)
        try:
            return person.ask("help")[1] == "ok"
        except (vfio.Closed, ConnectionResetError, BrokenPipeError):
            return False
        finally:
            person.close()

    def test_one_that_never_reads_is_dropped(self):
        deaf = Person(self.daemon.control_path)
        with self.assertRaises((ConnectionResetError, BrokenPipeError)):
            for _ in range(100000):
                deaf.socket.sendall(b"help\n" * 100)
        deaf.close()
        self.assertEqual(self.person.ask("help")[1], "ok")


if __name__ == "__main__":
    unittest.main()
