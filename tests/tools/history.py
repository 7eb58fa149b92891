#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The history, and what goes back to it: undo; and drift, and what removes it."""

import json
import os
import sys
import uuid

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from shell import StoreCase, main  # noqa: E402

VNIC = ("--type", "vnic", "--server", "server1", "--adapter", "slot1")
RANGE = "02:00:00:00:01:00-02:00:00:00:01:ff"


class History(StoreCase):
    def numbers(self, *words):
        return [entry["number"] for entry in self.json("history", "list", *words)]

    def test_each_change_is_kept_with_time_author_plan_and_outcome_the_newest_first(self):
        token = str(uuid.uuid4())
        self.run_ok("vadapter", "create", "a", *VNIC, "--comment", "for the shop", "--token", token)
        self.run_ok("vadapter", "detach", "a")
        last, first = self.json("history", "list")
        self.assertGreater(last["number"], first["number"])
        self.assertEqual((first["comment"], first["token"], first["state"]), ("for the shop", token, "done"))
        self.assertRegex(first["author"], r"^vioctl pid \d+ on ")
        self.assertRegex(first["time"], r"^\d{4}-\d\d-\d\dT[\d:.]+Z$")
        self.assertEqual([edit["action"] for edit in first["edits"]][-1], "create")
        self.assertEqual({step["state"] for step in first["steps"]}, {"done"})
        self.assertEqual(self.json("history", "show", str(first["number"])), first)
        self.assertRegex(self.run_ok("history"), rf"(?m)^{first['number']} .*for the shop$")
        self.assertRegex(self.run_ok("history", "show", str(first["number"])), r"(?m)^Comment +for the shop$")
        self.refused(1, "no change set 999", "history", "show", "999")

    def test_a_refused_change_is_none(self):
        self.refused(1, "VIO_ENOENT", "vadapter", "detach", "nobody")
        self.assertEqual(self.json("history", "list"), [])

    def test_filters_choose(self):
        token = str(uuid.uuid4())
        self.run_ok("pool", "create", "p", "--purpose", "mac", "--range", RANGE)
        self.run_ok("vadapter", "create", "a", "--type", "vnic", "--token", token)
        self.run_ok("vadapter", "set", "a", "--vlan", "5")
        three, two, one = self.numbers()
        self.assertEqual(self.numbers("--object", "a"), [three, two])
        self.assertEqual(self.numbers("--object", "p"), [one])
        self.assertEqual(self.numbers("--token", token), [two])
        self.assertEqual(self.numbers("--limit", "1"), [three])
        self.assertEqual(self.numbers("--since", "1h"), [three, two, one])
        self.assertEqual(self.numbers("--until", "1h"), [])
        self.assertEqual(self.numbers("--since", "2100-01-01"), [])
        self.assertEqual(self.numbers("--until", "2100-01-01T00:00:00Z"), [three, two, one])
        self.assertEqual(self.numbers("--author", "vioctl"), [three, two, one])
        self.assertEqual(self.numbers("--author", "somebody else"), [])
        for words in (["--since", "soon"], ["--token", "x"], ["--limit", "0"]):
            self.refused(2, words[0], "history", "list", *words)

    def test_pruning_forgets_the_oldest_and_says_which(self):
        for vlan in range(1, 6):
            if vlan == 1:
                self.run_ok("vadapter", "create", "a", "--type", "vnic")
            else:
                self.run_ok("vadapter", "set", "a", "--vlan", str(vlan))
        numbers = self.numbers()
        told = self.json("history", "prune", "--keep", "2", "--dry-run")
        self.assertEqual([entry["number"] for entry in told], numbers[2:])
        self.assertEqual(self.numbers(), numbers)
        self.assertEqual(self.json("history", "prune", "--before", "1h"), [])
        self.assertEqual(self.numbers(), numbers)
        self.run_ok("history", "prune", "--keep", "2")
        self.assertEqual(self.numbers(), numbers[:2])
        self.refused(1, f"{numbers[-1]}", "undo", str(numbers[-1]))
        self.refused(2, "--before TIME", "history", "prune")


class Undo(StoreCase):
    def everything(self):
        rows = [[row for row in self.json(noun, "list")] for noun in ("vadapter", "pool")]
        for row in sum(rows, []):
            for key in ("generation", "function"):
                row.pop(key, None)
        functions = self.hardware()
        for function in functions:
            for key in ("generation", "index"):
                del function[key]
        return rows, functions

    def test_a_change_is_undone_in_the_store_and_on_the_chassis(self):
        self.run_ok("pool", "create", "p", "--purpose", "mac", "--range", RANGE)
        self.run_ok("vadapter", "create", "a", *VNIC, "--vlan", "7", "--label", "k=v", "--pool", "p")
        for words in (["vadapter", "set", "a", "--vlan", "9", "--name", "b", "--unlabel", "k"],
                      ["vadapter", "detach", "a"], ["vadapter", "disable", "a"],
                      ["pool", "set", "p", "--description", "x"], ["pool", "set", "p", "--order", "lowest"]):
            with self.subTest(words=words):
                before = self.everything()
                number = self.json(*words)["plan"]["number"]
                self.assertNotEqual(self.everything(), before)
                dry = self.json("undo", "--dry-run")["plan"]
                undone = self.json("undo")["plan"]
                self.assertEqual((dry["undoes"], undone["undoes"]), (number, number))
                self.assertEqual([e["fields"] for e in dry["edits"]], [e["fields"] for e in undone["edits"]])
                self.assertEqual(self.everything(), before)

    def test_undo_of_an_undoing_does_the_change_again(self):
        self.run_ok("vadapter", "create", "a", *VNIC)
        self.run_ok("vadapter", "set", "a", "--vlan", "5")
        seen = []
        for _ in range(4):
            self.run_ok("undo")
            seen.append(self.json("vadapter", "show", "a")["vlan"].get("vlan"))
        self.assertEqual(seen, [None, 5, None, 5])

    def test_one_that_others_build_on_is_refused(self):
        first = self.json("vadapter", "create", "a", *VNIC)["plan"]["number"]
        self.run_ok("vadapter", "set", "a", "--vlan", "5")
        self.refused(1, "changed since.*VIO_ESTA(TE|LE)", "undo", str(first))
        self.refused(1, "999", "undo", "999")
        self.assertEqual(self.json("vadapter", "show", "a")["vlan"]["vlan"], 5)

    def test_the_chassis_is_found_by_what_the_store_knows_of_it(self):
        self.run_ok("vadapter", "create", "a", *VNIC)
        chassis, self.daemon.uri = self.daemon.uri, None
        self.run_ok("undo")
        self.daemon.uri = chassis
        self.assertEqual((self.json("vadapter", "list"), self.hardware()), ([], []))

    def test_nothing_to_undo_is_said(self):
        self.refused(1, "no change set to undo|VIO_ENOENT", "undo")


class Drift(StoreCase):
    def drift(self, status):
        done = self.vioctl("-o", "json", "drift")
        self.assertEqual((done.returncode, done.stderr), (status, ""))
        return json.loads(done.stdout)

    def test_there_is_none_after_a_change(self):
        self.run_ok("vadapter", "create", "a", *VNIC)
        self.assertEqual(self.drift(0), {"drift": [], "foreign": []})
        self.assertIn("no drift", self.run_ok("drift"))

    def test_what_a_power_cycle_took_is_drift_until_reconcile_brings_it_back(self):
        made = [self.change("vadapter", "create", "a", *VNIC, "--vlan", "7"),
                self.change("vadapter", "create", "d", "--type", "vdisk", "--size", "1G")]
        self.tell("power-cycle")
        told = self.drift(3)
        self.assertEqual({row["object"] for row in told["drift"]}, {"a", "d"})
        before = self.json("history", "list")
        planned = self.json("reconcile", "--dry-run")["plan"]
        self.assertEqual({step["state"] for step in planned["steps"]}, {"planned"})
        self.assertEqual(self.json("function", "list"), [])
        done = self.json("reconcile")["plan"]
        self.assertEqual({step["state"] for step in done["steps"]}, {"done"})
        self.assertEqual([(s["object"], s["action"]) for s in done["steps"]],
                         [(s["object"], s["action"]) for s in planned["steps"]])
        self.assertEqual(self.drift(0)["drift"], [])
        for old in made:
            now = self.json("vadapter", "show", old["name"])
            for key in ("uuid", "address", "vlan", "server", "adapter", "state"):
                self.assertEqual(now[key], old[key], key)
        self.assertEqual(self.json("reconcile")["plan"]["steps"], [])
        self.assertGreaterEqual(len(self.json("history", "list")), len(before))

    def test_a_field_that_somebody_changed_is_told_with_both_values(self):
        self.run_ok("vadapter", "create", "a", *VNIC, "--vlan", "7")
        self.env = {"VIO_STORE": "memory:"}
        self.run_ok("vadapter", "set", "a", "--vlan", "8")
        self.env = {"VIO_STORE": f"sqlite:{self.file}"}
        row, = self.drift(3)["drift"]
        field, = row["fields"]
        self.assertEqual((row["object"], field["field"]), ("a", "vlan"))
        self.assertIn("7", field["desired"])
        self.assertIn("8", field["actual"])
        text = self.vioctl("drift").stdout
        self.assertRegex(text, r"(?m)^CHASSIS +OBJECT +TO DO +DISRUPTION +FIELD +DESIRED +ACTUAL$")
        self.run_ok("reconcile")
        self.assertEqual(self.drift(0)["drift"], [])
        self.assertEqual(self.json("vadapter", "show", "a")["vlan"]["vlan"], 7)

    def test_a_function_that_nobody_knows_is_foreign_and_left_alone(self):
        self.env = {"VIO_STORE": "memory:"}
        made = self.change("vadapter", "create", "stray", *VNIC)
        self.env = {"VIO_STORE": f"sqlite:{self.file}"}
        self.run_ok("vadapter", "create", "a", "--type", "vnic")
        told = self.drift(0)
        self.assertEqual([(f["name"], f["address"]) for f in told["foreign"]], [("stray", made["mac"])])
        self.assertRegex(self.run_ok("drift"), r"(?m)^FOREIGN FUNCTION +LABEL ")
        self.run_ok("reconcile")
        self.assertEqual({f["name"] for f in self.hardware()}, {"stray", "a"})


if __name__ == "__main__":
    main()
