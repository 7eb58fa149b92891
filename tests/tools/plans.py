#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Plans: a dry run tells what would be done and does nothing; what is done is told the same way."""

import json
import os
import sys
import uuid

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from shell import Daemon, StoreCase, main  # noqa: E402

VNIC = ("--type", "vnic", "--server", "server1", "--adapter", "slot1")
RANGE = "02:00:00:00:01:00-02:00:00:00:01:ff"


def fields(edit):
    return {f["field"]: (f["before"], f["after"]) for f in edit["fields"]}


class PlanCase(StoreCase):
    def everything(self):
        """What is kept and what is there, as far as anybody can tell from outside."""
        kept = [self.json(noun, "list") for noun in ("vadapter", "pool", "identity", "history")]
        return kept, self.hardware(), self.json("store", "show")["vadapters"]

    def changes(self):
        """How often the device says that anything changed in it, be it its owner."""
        return self.json("reg", "read", "GLOBAL.CHANGE")[0]["value"]

    def vadapter(self):
        self.run_ok("vadapter", "create", "a", *VNIC)
        self.run_ok("vadapter", "create", "d", "--type", "vdisk", "--size", "1G")
        self.run_ok("vadapter", "remove", "d")
        self.run_ok("pool", "create", "p", "--purpose", "mac", "--range", RANGE)
        self.run_ok("identity", "reserve", "--pool", "p", "--owner", "x")


class DryRuns(PlanCase):
    def test_no_verb_writes_anything(self):
        self.vadapter()
        before, changes = self.everything(), self.changes()
        held = self.json("identity", "list", "p")[0]["address"]
        for words in (["vadapter", "create", "b", *VNIC], ["vadapter", "set", "a", "--vlan", "5"],
                      ["vadapter", "attach", "a", "--server", "server1"], ["vadapter", "detach", "a"],
                      ["vadapter", "disable", "a"], ["vadapter", "enable", "a"], ["vadapter", "purge", "d"],
                      ["pool", "create", "q", "--purpose", "wwpn"], ["pool", "set", "p", "--order", "lowest"],
                      ["identity", "reserve", "--pool", "p", "--owner", "y"], ["identity", "release", held],
                      ["history", "prune", "--keep", "0"], ["reconcile"], ["undo"],
                      ["reg", "write", "GLOBAL.IRQ_MASK", "0x7"]):
            with self.subTest(words=words):
                self.run_ok(*words, "--dry-run")
        self.run_ok("changeset", "-", "--dry-run", text="vadapter detach a\nvadapter remove a\n")
        self.assertEqual(self.everything(), before)
        self.assertEqual(self.changes(), changes)

    def test_a_plan_tells_steps_with_their_disruption_and_each_field_before_and_after(self):
        self.run_ok("vadapter", "create", "a", *VNIC)
        plan = self.json("vadapter", "set", "a", "--vlan", "100", "--description", "new", "--dry-run")["plan"]
        self.assertEqual((plan["state"], plan["number"], plan["problems"]), ("planned", None, []))
        edit, = plan["edits"]
        self.assertEqual((edit["object"], edit["name"], edit["action"]), ("vadapter", "a", "change"))
        self.assertEqual(fields(edit)["description"], ("", "new"))
        self.assertIn("100", fields(edit)["vlan"][1])
        step, = plan["steps"]
        self.assertEqual((step["object"], step["action"], step["state"]), ("a", "set-vlan", "planned"))
        self.assertIn("100", fields(step)["vlan"][1])
        self.assertNotEqual(step["disruption"], "unknown")
        self.assertEqual(step["chassis"], self.json("chassis", "show")["name"])
        plan = self.json("vadapter", "detach", "a", "--dry-run")["plan"]
        self.assertEqual([step["action"] for step in plan["steps"]], ["unbind"])
        self.assertEqual(fields(plan["edits"][0])["server"], ("server1", ""))

    def test_the_table_has_a_line_for_each_field(self):
        self.run_ok("vadapter", "create", "a", *VNIC)
        text = self.run_ok("vadapter", "set", "a", "--vlan", "100", "--dry-run")
        self.assertRegex(text, r"(?m)^OBJECT +NAME +CHANGE +FIELD +BEFORE +AFTER$")
        self.assertRegex(text, r"(?m)^vadapter +a +change +vlan +\S+ +.*100$")
        self.assertRegex(text, r"(?m)^STEP +CHASSIS +OBJECT +ACTION +STATE +DISRUPTION +FIELD +BEFORE +AFTER$")
        self.assertRegex(text, r"(?m)^1 +\S+ +a +set-vlan +planned +\S+ +vlan +\S+ +.*100$")

    def test_destroyed_data_is_announced(self):
        self.run_ok("vadapter", "create", "d", "--type", "vdisk", "--size", "1G")
        self.run_ok("vadapter", "remove", "d")
        self.assertEqual(self.json("vadapter", "show", "d")["state"], "retired")
        self.assertEqual(self.json("vadapter", "purge", "d", "--dry-run")["plan"]["disruption"], "data-lost")
        self.run_ok("vadapter", "purge", "d")
        self.assertEqual(self.json("vadapter", "list"), [])
        self.refused(1, "data of \"d\" was destroyed.*VIO_ENOTSUP", "undo")

    def test_a_plan_with_problems_tells_every_one_and_exits_with_1(self):
        done = self.vioctl("-o", "json", "changeset", "-", "--dry-run", text=(
            "vadapter create a --type vnic --server server99\n"
            "vadapter create b --type vnic --adapter slot99\n"
            "vadapter detach nobody\n"))
        self.assertEqual(done.returncode, 1)
        plan = json.loads(done.stdout)["plan"]
        self.assertEqual(plan["state"], "refused")
        self.assertEqual([p["code"] for p in plan["problems"]], ["VIO_ENOENT"] * 3)
        for name in ("server99", "slot99", "nobody"):
            self.assertIn(name, done.stderr)
        for line in done.stderr.splitlines():
            self.assertTrue(line.startswith("vioctl: "), line)

    def test_a_store_and_a_lease_are_not_needed(self):
        self.run_ok("vadapter", "create", "a", *VNIC, "--dry-run")
        self.assertFalse(os.path.exists(self.file))


class Applied(PlanCase):
    def test_a_change_tells_its_plan_and_the_object(self):
        done = self.json("vadapter", "create", "a", *VNIC, "--comment", "the first")
        plan, made = done["plan"], done["vadapter"]
        self.assertEqual(made, self.json("vadapter", "show", "a"))
        self.assertEqual((plan["state"], plan["status"], plan["comment"]), ("done", "VIO_OK", "the first"))
        self.assertEqual({step["state"] for step in plan["steps"]}, {"done"})
        self.assertEqual(fields(plan["edits"][0])["address"], ("", made["mac"]))
        self.assertIsNotNone(plan["number"])
        gone = self.json("vadapter", "detach", "a")
        self.assertEqual(gone["vadapter"]["state"], "detached")
        gone = self.json("vadapter", "remove", "a")
        self.assertIsNone(gone["vadapter"])

    def test_the_same_again_does_nothing(self):
        self.run_ok("vadapter", "create", "a", *VNIC)
        before = self.everything()
        again = self.json("vadapter", "attach", "a", "--server", "server1")
        self.assertEqual((again["plan"]["steps"], again["plan"]["edits"]), ([], []))
        self.assertEqual(self.everything()[1:], before[1:])

    def test_a_stale_generation_is_refused_with_both(self):
        made = self.change("vadapter", "create", "a", *VNIC)
        old = made["generation"]
        now = self.change("vadapter", "set", "a", "--vlan", "5", "--generation", str(old))["generation"]
        self.assertGreater(now, old)
        for words in (["set", "a", "--vlan", "6"], ["detach", "a"], ["disable", "a"], ["remove", "a"]):
            self.refused(1, f"(?=.*\\b{old}\\b)(?=.*\\b{now}\\b).*VIO_ESTALE", "vadapter", *words,
                         "--generation", str(old))
        self.assertEqual(self.json("vadapter", "show", "a")["vlan"], {"mode": "access", "vlan": 5})

    def test_a_token_is_applied_once(self):
        token = str(uuid.uuid4())
        first = self.json("vadapter", "create", "--type", "vnic", "--token", token)["plan"]
        again = self.json("vadapter", "create", "--type", "vnic", "--token", token)["plan"]
        self.assertEqual((again["number"], again["token"]), (first["number"], token))
        self.assertEqual(len(self.json("vadapter", "list")), 1)
        self.refused(2, "UUID", "vadapter", "create", "--type", "vnic", "--token", "once")


class ChangeSets(PlanCase):
    def test_all_edits_are_made_together(self):
        self.run_ok("pool", "create", "web", "--purpose", "mac", "--range", RANGE, "--order", "lowest")
        plan = self.json("changeset", "-", "--comment", "web farm", text="""
            # two that draw from the pool, and what else belongs to them
            pool set web --description 'for the shop'
            vadapter create web0 --type vnic --pool web --server server1
            vadapter create "web1" --type vnic --pool web
            vadapter attach web1 --server server2
            identity reserve 02:00:00:00:01:80 --owner "a printer"
            """)["plan"]
        self.assertEqual((plan["state"], plan["comment"]), ("done", "web farm"))
        rows = self.json("vadapter", "list")
        self.assertEqual([(r["name"], r["server"], r["mac"]) for r in rows],
                         [("web0", "server1", "02:00:00:00:01:00"), ("web1", "server2", "02:00:00:00:01:01")])
        self.assertEqual(self.json("pool", "show", "web")["description"], "for the shop")
        self.assertEqual(len(self.json("history", "list")), 2)

    def test_one_that_cannot_be_made_leaves_all_unmade(self):
        self.run_ok("vadapter", "create", "a", *VNIC)
        before = self.everything()
        self.refused(1, "server99.*VIO_ENOENT", "changeset", "-",
                     text="vadapter detach a\nvadapter create b --type vnic --server server99\n")
        self.assertEqual(self.everything(), before)

    def test_a_swap_of_places_is_one_change_set(self):
        first = self.change("vadapter", "create", "a", *VNIC)["mac"]
        second = self.change("vadapter", "create", "b", "--type", "vnic", "--server", "server2")["mac"]
        self.run_ok("changeset", "-", text="vadapter move a --server server2\nvadapter move b --server server1\n")
        rows = {row["name"]: (row["server"], row["mac"]) for row in self.json("vadapter", "list")}
        self.assertEqual(rows, {"a": ("server2", first), "b": ("server1", second)})

    def test_a_move_is_into_the_other_server_or_nowhere(self):
        self.run_ok("vadapter", "create", "a", *VNIC)
        self.assertEqual(self.change("vadapter", "move", "a", "--server", "server2")["server"], "server2")
        before = self.everything()
        self.refused(1, "server99.*VIO_ENOENT", "vadapter", "move", "a", "--server", "server99")
        self.refused(2, "--server NAME", "vadapter", "move", "a")
        self.assertEqual(self.everything(), before)

    def test_it_may_be_about_several_chassis(self):
        other = Daemon()
        self.addCleanup(other.stop)
        lines = f"vadapter create a --type vnic\n-c {other.uri} vadapter create b --type vnic"
        self.refused(1, "server99", "changeset", "-", text=f"{lines} --server server99")
        self.assertEqual(self.hardware(), [])
        plan = self.json("changeset", "-", text=lines)["plan"]
        self.assertEqual({edit["name"] for edit in plan["edits"] if edit["object"] == "vadapter"}, {"a", "b"})
        self.assertEqual([row["name"] for row in self.json("function", "list")], ["a"])
        self.assertEqual([row["name"] for row in self.json("-c", other.uri, "function", "list")], ["b"])
        self.assertEqual(self.json("store", "show")["vadapters"], 2)

    def test_wrong_lines_are_named_by_file_and_number(self):
        path = os.path.join(self.daemon.folder, "set")
        for text, pattern in (("\nvadapter crate x\n", "set:2: .*create list"),
                              ("vadapter list\n", "set:1: .*vadapter list"),
                              ("vadapter create x --type nic\n", "set:1: .*vnic, vhba"),
                              ("vadapter create 'x\n", "set:1: .*quote"),
                              ("vadapter remove x --dry-run\n", "set:1: .*whole change set"),
                              ("--wait 3 vadapter remove x\n", "set:1: .*-c alone"),
                              ("vadapter detach x --generation one\n", "set:1: .*--generation"),
                              ("# nothing\n\n", "no edit")):
            with self.subTest(text=text):
                with open(path, "w", encoding="utf-8") as file:
                    file.write(text)
                self.refused(2, pattern, "changeset", path)
        self.refused(1, "No such file", "changeset", path + ".gone")


if __name__ == "__main__":
    main()
