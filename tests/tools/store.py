#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A store between processes: where it is, what it keeps, and what is said of a file that is none."""

import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from shell import HOLDER, LIMIT, VIOCTL, Daemon, Process, StoreCase, main, vioctl  # noqa: E402

VNIC = ("--type", "vnic", "--server", "server1")
NOBODY = 65534


class Keeping(StoreCase):
    def test_what_one_process_made_another_shows_with_all_that_no_chassis_knows(self):
        made = self.change("vadapter", "create", "web0", *VNIC, "--description", "the shop's",
                           "--label", "team=web", "--label", "tier=1")
        shown = self.json("vadapter", "show", "web0")
        self.assertEqual(shown["description"], "the shop's")
        self.assertEqual(shown["labels"], {"team": "web", "tier": "1"})
        self.assertEqual((shown["uuid"], shown["mac"]), (made["uuid"], made["mac"]))

    def test_a_store_is_made_by_the_first_change_for_its_owner_alone(self):
        self.assertEqual(self.json("vadapter", "list"), [])
        self.run_ok("vadapter", "create", "a", *VNIC, "--dry-run")
        self.assertFalse(os.path.exists(self.file))
        self.run_ok("vadapter", "create", "a", *VNIC)
        self.assertEqual(stat.S_IMODE(os.stat(self.file).st_mode), 0o600)

    def test_the_option_names_another_store_than_the_environment(self):
        other = f"sqlite:{self.daemon.folder}/other.db"
        self.run_ok("-s", other, "pool", "create", "there", "--purpose", "mac", "--range",
                    "02:00:00:00:01:00-02:00:00:00:01:ff")
        self.run_ok("pool", "create", "here", "--purpose", "mac", "--range",
                    "02:00:00:00:02:00-02:00:00:00:02:ff")
        self.assertEqual([p["name"] for p in self.json("pool", "list")], ["here"])
        self.assertEqual([p["name"] for p in self.json("-s", other, "pool", "list")], ["there"])

    def test_a_store_knows_the_chassis_it_has_met(self):
        self.run_ok("vadapter", "create", "a", *VNIC)
        shown = self.json("store", "show")
        chassis = self.json("chassis", "show")
        self.assertEqual((shown["uri"], shown["vadapters"]), (self.env["VIO_STORE"], 1))
        self.assertEqual([(c["name"], c["uuid"], c["uri"]) for c in shown["chassis"]],
                         [(chassis["name"], chassis["uuid"], self.daemon.uri)])
        self.assertEqual(shown["uuid"], self.json("store", "show")["uuid"])

    def test_what_a_chassis_lost_is_there_again_once_it_is_opened_to_change_something(self):
        before = [self.change("vadapter", "create", "a", *VNIC, "--vlan", "7"),
                  self.change("vadapter", "create", "b", "--type", "vhba", "--server", "server2")]
        self.daemon.kill()
        self.daemon.start()
        self.assertEqual({v["state"] for v in self.json("vadapter", "list")}, {"lost"})
        self.assertEqual(self.json("function", "list"), [])
        self.run_ok("vadapter", "create", "c", "--type", "vnic")
        after = {v["name"]: v for v in self.json("vadapter", "list")}
        self.assertEqual(set(after), {"a", "b", "c"})
        for old in before:
            for key in ("uuid", "address", "vlan", "server", "adapter", "state"):
                self.assertEqual(after[old["name"]][key], old[key], key)

    def test_functions_of_another_store_are_foreign_until_they_are_adopted(self):
        made = self.change("vadapter", "create", "a", *VNIC)
        self.env = {"VIO_STORE": f"sqlite:{self.daemon.folder}/other.db"}
        self.run_ok("pool", "create", "p", "--purpose", "mac", "--range",
                    "02:00:00:00:01:00-02:00:00:00:01:ff")
        self.assertEqual(self.json("vadapter", "list"), [])
        foreign, = self.json("drift")["foreign"]
        self.assertEqual((foreign["name"], foreign["address"]), ("a", made["mac"]))
        self.refused(1, f"{made['mac']}.*VIO_EDUPLICATE", "vadapter", "create", "b", "--type", "vnic",
                     "--mac", made["mac"])
        before = self.hardware()
        adopted = self.change("vadapter", "adopt", str(foreign["index"]), "--name", "mine")
        self.assertEqual([adopted[k] for k in ("name", "uuid", "mac", "server")],
                         ["mine", made["uuid"], made["mac"], "server1"])
        self.refused(1, "not foreign", "vadapter", "adopt", str(foreign["index"]))
        self.assertEqual(len(self.hardware()), len(before))
        self.assertEqual(self.json("drift")["foreign"], [])

    def test_who_keeps_a_chassis_open_sees_what_others_write(self):
        self.run_ok("vadapter", "create", "a", "--type", "vnic")
        reader = Process(HOLDER, self.daemon.uri, "read", env=self.env)
        self.addCleanup(reader.destroy)
        self.assertEqual(reader.line(), "ok")
        self.assertEqual(reader.ask("count"), "1 ok")
        self.run_ok("vadapter", "create", "b", "--type", "vnic")
        self.assertEqual(reader.ask("count"), "2 ok")
        self.run_ok("vadapter", "remove", "a")
        self.assertEqual(reader.ask("count"), "1 ok")

    def test_a_copy_is_made_while_another_uses_the_store(self):
        owner = Process(HOLDER, self.daemon.uri, env=self.env)
        self.addCleanup(owner.destroy)
        self.assertEqual(owner.line(), "ok")
        self.assertEqual(owner.ask("create a"), "ok")
        copy = os.path.join(self.daemon.folder, "copy.db")
        self.run_ok("store", "backup", copy)
        self.assertEqual(owner.ask("create b"), "ok")
        self.refused(1, "copy.db.*VIO_EEXIST", "backup", copy)
        self.run_ok("-s", f"sqlite:{copy}", "store", "check", "--full")
        self.assertEqual(self.json("-s", f"sqlite:{copy}", "store", "show")["vadapters"], 1)
        self.assertEqual(self.json("store", "show")["vadapters"], 2)


class Documents(StoreCase):
    """Export, import and what two exports differ in."""

    def path(self, name):
        return os.path.join(self.daemon.folder, name)

    def fill(self):
        self.run_ok("pool", "create", "p", "--purpose", "mac", "--range",
                    "02:00:00:00:01:00-02:00:00:00:01:ff")
        self.run_ok("vadapter", "create", "a", "--type", "vnic", "--pool", "p", "--label", "k=v")

    def test_an_export_makes_the_same_in_another_store(self):
        self.fill()
        self.run_ok("export", self.path("one"))
        made = self.json("vadapter", "show", "a")
        self.env = {"VIO_STORE": f"sqlite:{self.path('other.db')}"}
        planned = self.json("import", self.path("one"), "--dry-run")["plan"]
        self.assertFalse(os.path.exists(self.path("other.db")))
        done = self.json("import", self.path("one"))["plan"]
        self.assertEqual([(e["object"], e["name"]) for e in planned["edits"]],
                         [(e["object"], e["name"]) for e in done["edits"]])
        now = self.json("vadapter", "show", "a")
        for key in ("uuid", "mac", "labels", "adapter"):
            self.assertEqual(now[key], made[key], key)
        self.run_ok("store", "export", self.path("two"))
        again = json.loads(self.run_ok("export", "-"))
        with open(self.path("two"), encoding="utf-8") as file:
            self.assertEqual(again, json.load(file))
        self.assertEqual(self.json("store", "import", self.path("two"))["plan"]["edits"], [])

    def test_differences_are_told_field_by_field_and_by_the_exit_status(self):
        self.fill()
        self.run_ok("export", self.path("one"))
        self.run_ok("vadapter", "set", "a", "--vlan", "7", "--label", "k=w")
        self.run_ok("export", self.path("two"))
        done = self.vioctl("-o", "json", "store", "diff", self.path("one"), self.path("two"))
        self.assertEqual((done.returncode, done.stderr), (3, ""))
        rows = [row for row in json.loads(done.stdout) if row["object"] != "chassis"]
        self.assertEqual({(r["object"], r["name"]) for r in rows}, {("vadapter", "a")})
        self.assertIn(("labels.k", "v", "w"), [(r["field"], r["before"], r["after"]) for r in rows])
        table = self.vioctl("store", "diff", self.path("one"), self.path("two")).stdout
        self.assertRegex(table, r"(?m)^vadapter +a +labels\.k +v +w$")
        done = self.vioctl("store", "diff", self.path("one"), self.path("one"))
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))

    def test_a_document_that_is_wrong_is_refused_as_a_whole_with_every_problem(self):
        self.fill()
        before = self.run_ok("export", "-")
        wrong = json.loads(before)
        wrong["vadapters"][0]["kind"] = "nic"
        wrong["pools"][0]["colour"] = "red"
        with open(self.path("wrong"), "w", encoding="utf-8") as file:
            json.dump(wrong, file)
        done = self.vioctl("import", self.path("wrong"))
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertEqual(len(done.stderr.splitlines()), 2, done.stderr)
        for place in (r"wrong: vadapters\[0\]\.kind: .*vnic", r"wrong: pools\[0\].*colour"):
            self.assertRegex(done.stderr, place)
        self.assertEqual(self.run_ok("export", "-"), before)
        self.refused(1, "no: No such file", "import", self.path("no"))
        self.refused(1, "no/where: No such file", "export", self.path("no/where"))


class Sharing(StoreCase):
    """Several processes at one store and chassis."""

    def hold(self, *words):
        process = Process(HOLDER, self.daemon.uri, *words, env=self.env)
        self.addCleanup(process.destroy)
        self.assertEqual(process.line(), "ok")
        return process

    def test_reads_work_beside_an_owner_and_changes_name_him(self):
        owner = self.hold()
        self.assertEqual(owner.ask("create a"), "ok")
        self.assertEqual([v["name"] for v in self.json("vadapter", "list")], ["a"])
        for words in (["drift"], ["history", "list"], ["pool", "list"], ["identity", "list"],
                      ["store", "show"], ["vadapter", "remove", "a", "--dry-run"]):
            self.run_ok(*words)
        self.refused(1, f"owned by .*holder pid {owner.process.pid}.*VIO_EOWNED", "--wait", "0",
                     "vadapter", "remove", "a")
        self.assertEqual(owner.ask("count"), "1 ok")

    def test_a_change_that_needs_no_chassis_needs_no_lease_and_is_seen_by_the_owner(self):
        owner = self.hold()
        self.run_ok("--wait", "0", "pool", "create", "p", "--purpose", "mac", "--range",
                    "02:00:00:00:01:00-02:00:00:00:01:ff")
        self.assertEqual(owner.ask("create a"), "ok")
        self.assertIn("p", [p["name"] for p in self.json("pool", "list")])

    def test_who_takes_over_says_so_and_the_other_is_fenced(self):
        owner = self.hold()
        self.assertEqual(owner.ask("create a"), "ok")
        self.run_ok("--take-over", "vadapter", "set", "a", "--vlan", "5")
        self.assertEqual(owner.ask("create b"), "VIO_EFENCED")
        self.assertEqual([v["name"] for v in self.json("vadapter", "list")], ["a"])

    def test_many_at_once_draw_no_identity_twice(self):
        makers = [Process(VIOCTL, "-c", self.daemon.uri, "--wait", "100", "vadapter", "create", f"n{i}",
                          "--type", "vnic", env=self.env) for i in range(4)]
        self.assertEqual([maker.end() for maker in makers], [0] * len(makers))
        rows = self.json("vadapter", "list")
        self.assertEqual(len({row["mac"] for row in rows}), 4)
        self.assertEqual(len({row["uuid"] for row in rows}), 4)


class WrongFiles(StoreCase):
    """Each ends with 1, one line that names the file, and the file as it was."""

    def named(self, pattern, path=None, words=("pool", "list")):
        path = path or self.file
        self.env = {"VIO_STORE": f"sqlite:{path}"}
        done = self.vioctl(*words)
        self.assertEqual((done.returncode, done.stdout), (1, ""), done.stderr)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        self.assertIn(os.path.basename(path), done.stderr)
        self.assertRegex(done.stderr, pattern)

    def untouched(self, pattern, words=("pool", "list")):
        with open(self.file, "rb") as file:
            before = file.read()
        self.named(pattern, words=words)
        with open(self.file, "rb") as file:
            self.assertEqual(file.read(), before)

    def make(self):
        self.run_ok("pool", "create", "p", "--purpose", "mac", "--range",
                    "02:00:00:00:01:00-02:00:00:00:01:ff")

    def execute(self, *statements):
        with sqlite3.connect(self.file) as base:
            for statement in statements:
                base.execute(statement)
        base.close()

    def test_a_file_that_is_not_there_is_not_made_by_looking_into_it(self):
        self.named("VIO_ENOENT")
        self.assertFalse(os.path.exists(self.file))
        self.named("VIO_ENOENT", os.path.join(self.daemon.folder, "no", "store.db"),
                   ("vadapter", "create", "a", *VNIC))

    def test_a_file_of_something_else(self):
        with open(self.file, "w", encoding="utf-8") as file:
            file.write("a letter to a friend\n" * 300)
        self.untouched("VIO_E(PROTO|CORRUPT)", ("pool", "list"))
        self.untouched("VIO_E(PROTO|CORRUPT)", ("vadapter", "create", "a", *VNIC))

    def test_a_database_of_another_program(self):
        self.execute("CREATE TABLE t (a)", "PRAGMA application_id = 1234")
        self.untouched("VIO_EPROTO")

    def test_a_store_of_a_newer_version(self):
        self.make()
        self.execute("PRAGMA journal_mode = DELETE", "PRAGMA user_version = 99")
        self.untouched("VIO_EVERSION", ("vadapter", "create", "a", *VNIC))

    def test_a_store_with_damage(self):
        self.make()
        self.execute("PRAGMA wal_checkpoint(TRUNCATE)", "PRAGMA journal_mode = DELETE")
        with open(self.file, "r+b") as file:
            size = os.path.getsize(self.file)
            for at in range(4096, size, 4096):
                file.seek(at)
                file.write(b"\xa5" * 64)
        self.untouched("VIO_ECORRUPT")

    def test_a_store_that_another_program_keeps_locked(self):
        self.make()
        other = sqlite3.connect(self.file, isolation_level=None)
        self.addCleanup(other.close)
        other.execute("BEGIN IMMEDIATE")
        self.named("VIO_EBUSY", words=("pool", "remove", "p"))
        other.execute("ROLLBACK")
        self.run_ok("pool", "remove", "p")

    def test_a_folder(self):
        self.named("not a file.*VIO_EINVAL", self.daemon.folder, ("pool", "list"))

    def test_a_store_that_was_removed_under_its_user(self):
        owner = Process(HOLDER, self.daemon.uri, env=self.env)
        self.addCleanup(owner.destroy)
        self.assertEqual(owner.line(), "ok")
        self.assertEqual(owner.ask("create a"), "ok")
        os.rename(self.file, self.file + ".moved")
        self.assertEqual(owner.ask("create b"), "VIO_EGONE")
        os.rename(self.file + ".moved", self.file)

    def test_a_uri_that_names_no_kind_of_store(self):
        done = vioctl("-s", "mysql:x", "pool", "list")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, "mysql.*memory.*sqlite")


class FullDisk(unittest.TestCase):
    """On a file system of the test's own, which only it sees."""

    SCRIPT = """
        mount -t tmpfs -o size=256k tmpfs "$1" || exit 77
        make() { "$2" -s "sqlite:$1/store.db" pool create "$3" --purpose mac --range "$4" >"$1/said"; }
        make "$1" "$2" p 02:00:00:00:01:00-02:00:00:00:01:ff || exit 1
        head -c 1M /dev/zero 2>/dev/null >"$1/fill"
        make "$1" "$2" q 02:00:00:00:02:00-02:00:00:00:02:ff && exit 2
        "$2" -s "sqlite:$1/store.db" -o json pool list || exit 3
        rm "$1/fill"
        make "$1" "$2" q 02:00:00:00:02:00-02:00:00:00:02:ff || exit 4
        "$2" -s "sqlite:$1/store.db" store check --full || exit 5
        """

    @unittest.skipUnless(shutil.which("unshare"), "unshare is not there")
    def test_it_is_named_and_nothing_that_was_acknowledged_is_lost(self):
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run(["unshare", "-rm", "sh", "-c", self.SCRIPT, "sh", folder, VIOCTL],
                                  capture_output=True, text=True, timeout=LIMIT)
        if done.returncode == 77 or "unshare" in done.stderr:
            self.skipTest("no file system of one's own may be mounted here")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stderr, r"\Avioctl: .*store\.db: .*make room.*VIO_EDISK\)\n\Z")
        self.assertEqual([p["name"] for p in json.loads(done.stdout.split("The store")[0])], ["p"])


class Place(unittest.TestCase):
    """The store of who names none."""

    def setUp(self):
        self.folder = self.make_folder()
        self.profiles = self.make_folder()  # a build for coverage would write beside its objects

    def make_folder(self):
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        if os.getuid() == 0:
            os.chown(folder, NOBODY, NOBODY)
        return folder

    def run_as_user(self, *words, env=None, home=None):
        environment = {k: v for k, v in os.environ.items()
                       if k not in ("VIO_STORE", "VIO_CHASSIS", "XDG_STATE_HOME")}
        environment.update({"HOME": home or self.folder, "GCOV_PREFIX": self.profiles, **(env or {})})
        user = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.getuid() == 0 else {}
        try:
            return subprocess.run([VIOCTL, *words], capture_output=True, text=True, timeout=LIMIT,
                                  env=environment, stdin=subprocess.DEVNULL, cwd="/", **user)
        except PermissionError:
            self.skipTest("another user may not run what was built here")

    def make(self, **options):
        done = self.run_as_user("pool", "create", "p", "--purpose", "mac", "--range",
                                "02:00:00:00:01:00-02:00:00:00:01:ff", **options)
        if done.returncode == 127 or "cannot open shared object" in done.stderr:
            self.skipTest("another user may not run what was built here")
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_it_is_below_the_users_own_state(self):
        self.make()
        place = os.path.join(self.folder, ".local", "state", "vio", "store.db")
        self.assertEqual(stat.S_IMODE(os.stat(place).st_mode), 0o600)
        listed = self.run_as_user("-o", "json", "pool", "list")
        self.assertEqual([p["name"] for p in json.loads(listed.stdout)], ["p"])

    def test_it_is_where_the_environment_has_the_users_state(self):
        state = os.path.join(self.folder, "elsewhere")
        self.make(env={"XDG_STATE_HOME": state})
        self.assertTrue(os.path.exists(os.path.join(state, "vio", "store.db")))

    def test_it_is_empty_for_who_looks_before_it_is_made(self):
        listed = self.run_as_user("-o", "json", "pool", "list")
        self.assertEqual((listed.returncode, listed.stdout.strip()), (0, "[]"), listed.stderr)
        self.assertEqual(os.listdir(self.folder), [])

    def test_it_is_that_of_a_chassis_which_is_opened_without_one(self):
        self.make()
        daemon = Daemon(folder=self.folder, user=NOBODY if os.getuid() == 0 else None)
        self.addCleanup(daemon.kill)
        for words in (["vadapter", "list"], ["vadapter", "create", "a", "--type", "vnic", "--pool", "p"]):
            done = self.run_as_user("-c", daemon.uri, *words)
            self.assertEqual((done.returncode, done.stderr), (0, ""), words)
        shown = self.run_as_user("-o", "json", "identity", "list", "p")
        self.assertEqual([row["owner"] for row in json.loads(shown.stdout)], ["a"])

    def test_a_file_that_may_not_be_written_is_named(self):
        self.make()
        place = os.path.join(self.folder, ".local", "state", "vio")
        for name in os.listdir(place):
            os.chmod(os.path.join(place, name), 0o400)
        os.chmod(place, 0o500)
        done = self.run_as_user("pool", "remove", "p")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, "store.db.*VIO_EPERM")
        os.chmod(place, 0o700)


if __name__ == "__main__":
    main()
