#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""vioctl as people and scripts use it: a new process each time, against a running vio-chassisd."""

import json
import os
import re
import select
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from shell import BUILD, CHASSISD, LIMIT, VIOCTL, Case, StoreCase, main, vioctl  # noqa: E402


def natural(name):
    """server2 comes before server10."""
    return [(part.isdigit(), int(part) if part.isdigit() else part)
            for part in re.split(r"(\d+)", name)]


class Reading(Case):
    def test_lists_are_json_arrays_of_named_objects(self):
        for noun in ("server", "adapter", "port", "vadapter"):
            rows = self.json(noun, "list")
            self.assertIsInstance(rows, list)
            names = [r["name"] for r in rows]
            self.assertEqual(names, sorted(set(names), key=natural), noun)
        self.assertEqual(len(self.json("server", "list")), 16)
        self.assertEqual(len(self.json("adapter", "list")), 8)

    def test_tables_have_a_title_and_a_line_for_each_object(self):
        lines = self.run_ok("server", "list").splitlines()
        self.assertEqual(len(lines), 17)
        self.assertTrue(lines[0].startswith("NAME "))

    def test_patterns_and_filters_choose(self):
        self.assertEqual(len(self.json("server", "list", "server1?")), 7)
        self.run_ok("vadapter", "create", "a", "--type", "vnic", "--server", "server1")
        self.run_ok("vadapter", "create", "b", "--type", "vhba")
        names = lambda *f: [r["name"] for r in self.json("vadapter", "list", *f)]
        self.assertEqual(names(), ["a", "b"])
        self.assertEqual(names("--type", "vhba"), ["b"])
        self.assertEqual(names("--server", "server1"), ["a"])
        self.assertEqual(names("--state", "detached"), ["b"])

    def test_a_noun_alone_lists(self):
        self.assertEqual(self.json("server"), self.json("server", "list"))
        self.assertEqual(self.json("vadapter", "--type", "vnic"), [])

    def test_the_environment_names_the_chassis(self):
        done = vioctl("chassis", "show", env={"VIO_CHASSIS": self.daemon.uri})
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_reading_leaves_the_chassis_without_an_owner(self):
        before = self.json("chassis", "show")
        for noun in ("server", "adapter", "vadapter", "function"):
            self.run_ok(noun, "list")
        after = self.json("chassis", "show")
        self.assertEqual(after["owner"], "")
        self.assertEqual(before["version"], after["version"])


class VAdapters(Case):
    def test_a_vnic_keeps_its_identity_from_server_to_server(self):
        made = self.change("vadapter", "create", "web0", "--type", "vnic", "--server", "server1",
                         "--adapter", "slot1", "--mac", "02:00:00:12:34:56", "--vlan", "100")
        self.assertEqual((made["name"], made["server"], made["mac"], made["state"]),
                         ("web0", "server1", "02:00:00:12:34:56", "attached"))
        self.assertEqual(made["vlan"], {"mode": "access", "vlan": 100})
        self.run_ok("vadapter", "detach", "web0")
        self.assertEqual(self.json("vadapter", "show", "web0")["state"], "detached")
        self.run_ok("vadapter", "attach", "web0", "--server", "server2")
        moved = self.json("vadapter", "show", "web0")
        self.assertEqual((moved["server"], moved["mac"], moved["uuid"], moved["vlan"]),
                         ("server2", made["mac"], made["uuid"], made["vlan"]))
        self.assertEqual(self.json("server", "show", "server1")["vadapters"], 0)
        self.run_ok("vadapter", "detach", "web0")
        self.run_ok("vadapter", "remove", "web0")
        self.assertEqual(self.json("vadapter", "list"), [])
        self.assertEqual(self.json("function", "list"), [])

    def test_each_kind_draws_identities_of_its_own(self):
        self.run_ok("vadapter", "create", "n0", "--type", "vnic")
        self.run_ok("vadapter", "create", "n1", "--type", "vnic")
        self.run_ok("vadapter", "create", "h0", "--type", "vhba", "--server", "server3")
        self.run_ok("vadapter", "create", "d0", "--type", "vdisk", "--size", "10G")
        rows = {r["name"]: r for r in self.json("vadapter", "list")}
        self.assertNotEqual(rows["n0"]["mac"], rows["n1"]["mac"])
        for n in ("n0", "n1"):
            self.assertEqual(int(rows[n]["mac"][:2], 16) & 3, 2, "local and unicast")
        self.assertIn(rows["h0"]["wwpn"][0], "1256")
        self.assertIn(rows["h0"]["wwnn"][0], "1256")
        self.assertNotEqual(rows["h0"]["wwpn"], rows["h0"]["wwnn"])
        self.assertEqual(rows["d0"]["size"], 10 << 30)

    def test_set_changes_what_it_names_and_nothing_else(self):
        made = self.change("vadapter", "create", "a", "--type", "vnic", "--server", "server1")
        self.run_ok("vadapter", "set", "a", "--name", "b", "--trunk", "30,10-12,12-20",
                    "--native", "5", "--enabled", "no")
        now = self.json("vadapter", "show", "b")
        self.assertEqual(now["vlan"], {"mode": "trunk", "native": 5, "vlans": "10-20,30"})
        self.assertFalse(now["enabled"])
        self.assertEqual((now["uuid"], now["mac"]), (made["uuid"], made["mac"]))
        self.run_ok("vadapter", "enable", "b")
        self.run_ok("vadapter", "set", "b", "--vlan", "none")
        now = self.json("vadapter", "show", "b")
        self.assertTrue(now["enabled"])
        self.assertEqual(now["vlan"], {"mode": "none"})

    def test_refusals_name_what_was_wrong_and_leave_nothing_half_made(self):
        self.run_ok("vadapter", "create", "a", "--type", "vnic", "--server", "server1",
                    "--mac", "02:00:00:00:00:01")
        before = self.json("vadapter", "list"), self.json("function", "list")
        make = ("vadapter", "create", "x", "--type", "vnic")
        self.refused(1, "server99.*server1", *make, "--server", "server99")
        self.refused(1, "slot99.*slot1", "adapter", "show", "slot99")
        self.refused(1, "slot99.*slot1", *make, "--adapter", "slot99")
        self.refused(1, r"VIO_EEXIST", "vadapter", "create", "a", "--type", "vnic")
        self.refused(1, r"02:00:00:00:00:01.*'?a'?.*VIO_EDUPLICATE", *make, "--mac",
                     "02:00:00:00:00:01")
        self.refused(1, "VIO_ESTATE", "vadapter", "remove", "a")
        self.refused(1, "VIO_ESTATE", "vadapter", "attach", "a", "--server", "server2")
        self.refused(1, "VIO_ENOENT", "vadapter", "detach", "nobody")
        self.refused(1, "vhba|VIO_ENOTSUP|VIO_EINVAL", "vadapter", "create", "x", "--type", "vhba",
                     "--vlan", "5")
        self.refused(1, "VIO_EFULL", "vadapter", "create", "x", "--type", "vdisk", "--size", "900T")
        self.assertEqual((self.json("vadapter", "list"), self.json("function", "list")), before)


class Hierarchy(Case):
    @unittest.skipUnless(shutil.which("lspci"), "lspci is not there")
    def test_lspci_reads_a_server_with_the_card_in_it(self):
        self.run_ok("vadapter", "create", "web0", "--type", "vnic", "--server", "server1",
                    "--adapter", "slot1")
        text = self.run_ok("server", "config-space", "server1")
        done = subprocess.run(["lspci", "-F", "/dev/stdin", "-vvn"], input=text,
                              capture_output=True, text=True, timeout=LIMIT)
        complaints = [line for line in done.stderr.splitlines() if "libkmod" not in line]
        self.assertEqual((done.returncode, complaints), (0, []))
        card = self.json("adapter", "show", "slot1")["pci_id"]
        bdf = self.json("vadapter", "show", "web0")["bdf"]
        self.assertRegex(done.stdout, rf"(?m)^{re.escape(bdf)} 0200: {card}")
        self.assertNotIn("<?>", done.stdout)
        self.assertNotIn("SR-IOV", done.stdout)
        tree = subprocess.run(["lspci", "-F", "/dev/stdin", "-tv"], input=text,
                              capture_output=True, text=True, timeout=LIMIT)
        self.assertEqual((tree.returncode, tree.stderr), (0, ""))
        self.assertIn("Network Connection", tree.stdout)
        self.run_ok("vadapter", "detach", "web0")
        self.assertNotIn(card.replace(":", ""), self.run_ok("server", "config-space", "server1")
                         .split("Device ")[-1].replace(":", "")[:8])

    def test_a_server_sees_nothing_of_another(self):
        before = self.run_ok("server", "config-space", "server2")
        self.run_ok("vadapter", "create", "web0", "--type", "vnic", "--server", "server1")
        self.assertEqual(self.run_ok("server", "config-space", "server2"), before)


class Registers(Case):
    def test_names_offsets_and_fields_are_decoded(self):
        rows = self.json("reg", "read", "global.magic", "0x4")
        self.assertEqual(rows[0]["name"], "global.magic")
        self.assertIn("0x314f4956", rows[0]["value"])
        self.assertIn("MAJOR=1", rows[1]["value"])
        self.assertGreater(len(self.json("reg", "dump", "GLOBAL")), 30)
        self.run_ok("vadapter", "create", "a", "--type", "vnic")
        self.assertIn("LIFE=1", str(self.json("reg", "dump", "FUNCTION[0]")))
        self.assertTrue(any(r["name"] == "QUEUE.CMD_TAIL" for r in self.json("reg", "list")))

    def test_a_write_lands(self):
        self.run_ok("reg", "write", "GLOBAL.IRQ_MASK", "0x5")
        self.assertIn("0x00000005", self.json("reg", "read", "GLOBAL.IRQ_MASK")[0]["value"])


class Usage(Case):
    def test_wrong_usage_is_2_and_says_what_is_allowed(self):
        for pattern, words in (
                ("nouns and verbs", []),
                ("chassis server port", ["sever", "list"]),
                ("list show", ["server", "lsit"]),
                ("lists them", ["server", "list", "--colour"]),
                ("NAME", ["server", "show"]),
                ("takes no operand", ["chassis", "show", "me"]),
                ("vnic, vhba", ["vadapter", "create", "x"]),
                ("vnic, vhba", ["vadapter", "create", "x", "--type", "nic"]),
                ("--size", ["vadapter", "create", "x", "--type", "vdisk"]),
                ("powers of 1024", ["vadapter", "create", "x", "--type", "vdisk", "--size", "1X"]),
                ("1 to 4094", ["vadapter", "create", "x", "--type", "vnic", "--vlan", "4095"]),
                ("multicast", ["vadapter", "create", "x", "--type", "vnic", "--mac",
                               "01:00:00:00:00:00"]),
                ("six bytes", ["vadapter", "create", "x", "--type", "vnic", "--mac", "zz"]),
                ("63 bytes", ["vadapter", "create", "n" * 300, "--type", "vnic"]),
                ("255 bytes", ["vadapter", "create", "x", "--type", "vnic", "--description",
                               "n" * 300]),
                ("attached", ["vadapter", "list", "--state", "gone"]),
                ("inside GLOBAL.MAGIC", ["reg", "read", "0x3"]),
                ("table and json", ["-o", "xml", "server", "list"]),
                ("0 to 3600", ["--wait", "soon", "server", "list"]),
                ("BOOT_ID", ["reg", "read", "GLOBAL.NOTHING"]),
                ("what is to be changed", ["vadapter", "set", "x"]),
                ("--server NAME", ["vadapter", "attach", "x"]),
                ("which verb.*show", ["chassis"]),
                ("create list", ["vadapter", "crate", "x"]),
                ("no option --dry-run", ["vadapter", "list", "--dry-run"]),
                ("wants UUID", ["vadapter", "remove", "x", "--token"])):
            with self.subTest(words=words):
                self.refused(2, pattern, *words)

    def test_help_is_there_at_every_level(self):
        for words in (["--help"], ["server", "--help"], ["vadapter", "create", "--help"]):
            done = vioctl(*words)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertIn("Usage: vioctl", done.stdout)
        self.assertIn("0.", vioctl("--version").stdout)

    def test_output_that_goes_nowhere_is_a_failure(self):
        for output in (">&-", ">/dev/full"):
            for form in ("table", "json"):
                done = subprocess.run(
                    ["sh", "-c", f'exec "$@" {output}', "sh", VIOCTL, "-c", self.daemon.uri, "-o",
                     form, "port", "list"], stderr=subprocess.PIPE, text=True, timeout=LIMIT)
                self.assertEqual(done.returncode, 1, (output, form, done.stderr))
                self.assertRegex(done.stderr, "standard output cannot be written")

    def test_no_chassis_named_is_wrong_usage(self):
        done = vioctl("server", "list")
        self.assertEqual(done.returncode, 2)
        self.assertIn("VIO_CHASSIS", done.stderr)

    def test_a_chassis_that_is_not_there_is_one_clear_line(self):
        gone = os.path.join(self.daemon.folder, "gone")
        for uri, pattern in ((f"vfio-user:{gone}", "gone"), ("nonsense", "nonsense.*sim vfio-user"),
                             ("ftp://x", "sim vfio-user"), (f"sim:{gone}.yaml", "gone.yaml")):
            done = vioctl("chassis", "show", chassis=uri)
            self.assertEqual(done.returncode, 1, uri)
            self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
            self.assertRegex(done.stderr, pattern)


class Manual(StoreCase):
    """man/vioctl.1 says what there is, and shows what works."""

    def page(self):
        with open(os.path.join(os.environ["top_srcdir"], "man", "vioctl.1"), encoding="utf-8") as page:
            return page.read()

    def commands(self):
        """[(words, options)] as --help has them."""
        overview = vioctl("--help").stdout
        for line in overview.splitlines():
            usage = re.match(r"  ([a-z-]+(?: [a-z-]+)?)(?= |$)", line)
            if usage and not line.startswith("  --"):
                words = usage.group(1).split()
                text = vioctl(*words, "--help").stdout.split("Options of every command")[0]
                yield words, re.findall(r"(?m)^  --([a-z-]+)", text)

    def test_each_verb_and_option_is_in_it(self):
        page = self.page()
        seen = 0
        for words, options in self.commands():
            seen += 1
            self.assertRegex(page, rf"(?m)^\.It Cm {' '.join(words)}\b", words)
            for option in options:
                self.assertRegex(page, rf"Fl -{option}\b", words)
        self.assertGreaterEqual(seen, 50)

    def test_its_examples_run(self):
        self.env["VIO_CHASSIS"] = self.daemon.uri
        examples = self.page().split(".Sh EXAMPLES")[1].split(".Sh SEE ALSO")[0].replace("\\e", "\\")
        blocks = re.findall(r"(?s)\.Bd -literal.*?\n(.*?)\.Ed", examples)
        lines = [line for block in blocks for line in re.split(r"(?m)^\$ ", block)
                 if line and not line.startswith(("vio-chassisd", "export"))]
        self.assertGreater(len(lines), 5)
        for line in lines:
            done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, timeout=LIMIT,
                                  env={**os.environ, **self.env, "PATH": f"{BUILD}:{os.environ['PATH']}"})
            self.assertEqual((done.returncode, done.stderr), (0, ""), line)


class Events(Case):
    def watch(self, *words):
        """A watcher that has subscribed: things happen until it shows the first of them."""
        watch = subprocess.Popen([VIOCTL, "-c", self.daemon.uri, "-o", "json", "event", "watch",
                                  "--for", str(LIMIT), *words], stdout=subprocess.PIPE, text=True)
        self.addCleanup(watch.wait, LIMIT)
        self.addCleanup(watch.kill)
        self.addCleanup(watch.stdout.close)
        while not select.select([watch.stdout], [], [], 0)[0]:
            self.run_ok("vadapter", "create", "probe", "--type", "vnic")
            self.run_ok("vadapter", "remove", "probe")
        return watch

    def test_watch_shows_what_other_processes_do(self):
        watch = self.watch()
        self.run_ok("vadapter", "create", "web0", "--type", "vnic", "--server", "server1")
        events = []
        for line in watch.stdout:
            events.append(json.loads(line))
            if events[-1]["type"] == "function-bound":
                break
        numbers = [e["sequence"] for e in events]
        self.assertEqual(numbers, list(range(numbers[0], numbers[0] + len(numbers))))
        created = [e["object"] for e in events if e["type"] == "function-created"]
        self.assertEqual(created[-1], "web0")
        self.assertEqual((events[-1]["object"], events[-1]["server"]), ("web0", "server1"))

    def test_watch_ends_after_as_many_events_as_were_asked_for(self):
        watch = self.watch("--count", "3")
        self.run_ok("vadapter", "create", "web0", "--type", "vnic", "--server", "server1")
        self.assertEqual(len(watch.stdout.readlines()), 3)
        self.assertEqual(watch.wait(LIMIT), 0)


class Place(unittest.TestCase):
    """The chassis' descriptions are found from where the programs lie."""

    def ready(self, words, env, folder):
        env = {k: v for k, v in {**os.environ, **env}.items() if k != "VIO_SHARE_DIR"}
        process = subprocess.Popen([*words, "--socket", "s"], stdout=subprocess.PIPE, text=True,
                                   env=env, cwd=folder)
        line = process.stdout.readline()
        process.terminate()
        process.wait(LIMIT)
        process.stdout.close()
        return line

    def test_a_daemon_that_was_found_through_PATH_or_a_link_has_its_default_chassis(self):
        with tempfile.TemporaryDirectory() as folder:
            link = os.path.join(folder, "link")
            os.symlink(CHASSISD, link)
            path = {"PATH": f"{BUILD}:{os.environ['PATH']}"}
            self.assertEqual(self.ready(["vio-chassisd"], path, folder), "ready\n")
            self.assertEqual(self.ready([link], {}, folder), "ready\n")

    def test_a_socket_in_an_odd_place_is_reached(self):
        with tempfile.TemporaryDirectory(prefix="with a blank ") as folder:
            longest = os.path.join(folder, "s").ljust(107, "s")
            for name in ("a b", "./s", longest):
                process = subprocess.Popen([CHASSISD, "--socket", name], stdout=subprocess.PIPE,
                                           text=True, cwd=folder)
                self.assertEqual(process.stdout.readline(), "ready\n")
                done = subprocess.run([VIOCTL, "-c", f"vfio-user:{name}", "chassis", "show"],
                                      capture_output=True, text=True, timeout=LIMIT, cwd=folder,
                                      env={"LD_LIBRARY_PATH": os.environ.get("LD_LIBRARY_PATH", ""),
                                           "PATH": os.environ["PATH"]})
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                process.terminate()
                self.assertEqual(process.wait(LIMIT), 0)
                process.stdout.close()
            done = vioctl("chassis", "show", chassis=f"vfio-user:{longest}s")
            self.assertEqual(done.returncode, 1)
            self.assertIn("107 bytes", done.stderr)


class InProcess(unittest.TestCase):
    def test_sim_needs_nothing_set_up(self):
        done = vioctl("-o", "json", "chassis", "show", chassis="sim:")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(json.loads(done.stdout)["servers"], 16)


if __name__ == "__main__":
    main()
