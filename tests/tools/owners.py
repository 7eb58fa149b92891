#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Several processes at one chassis: readers, owners that wait, stall and die; a chassis that dies."""

import json
import os
import signal
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from shell import HOLDER, LIMIT, VIOCTL, Case, Process, main  # noqa: E402

VNIC = ("--type", "vnic", "--server", "server1")


class WithPeople(Case):
    def hold(self, *words):
        process = Process(HOLDER, self.daemon.uri, *words)
        self.addCleanup(process.destroy)
        return process

    def watch(self, *words):
        process = Process(VIOCTL, "-c", self.daemon.uri, "-o", "json", "event", "watch", *words)
        self.addCleanup(process.destroy)
        return process

    def owner(self):
        return self.json("chassis", "show")["owner"]

    def names(self):
        return [row["name"] for row in self.json("vadapter", "list")]


class Owners(WithPeople):
    def test_readers_work_beside_an_owner(self):
        owner = self.hold()
        self.assertEqual(owner.line(), "ok")
        self.assertIn("holder pid", self.owner())
        self.assertEqual(owner.ask("create a"), "ok")
        self.assertEqual(self.names(), ["a"])
        self.assertEqual(owner.ask("remove a"), "ok")
        self.assertEqual(self.names(), [])

    def test_a_live_owner_is_named_to_who_is_refused(self):
        owner = self.hold()
        self.assertEqual(owner.line(), "ok")
        self.refused(1, f"owned by .*holder pid {owner.process.pid}.*VIO_EOWNED", "--wait", "0",
                     "vadapter", "create", "a", *VNIC)
        self.assertEqual(self.names(), [])

    def test_vioctl_waits_for_an_owner_who_leaves(self):
        owner = self.hold()
        self.assertEqual(owner.line(), "ok")
        maker = Process(VIOCTL, "-c", self.daemon.uri, "--wait", "60", "vadapter", "create", "a", *VNIC)
        time.sleep(0.3)
        self.assertIsNone(maker.process.poll())
        self.assertEqual(owner.end(), 0)
        self.assertEqual(maker.end(), 0)
        self.assertEqual(self.names(), ["a"])

    def test_one_who_takes_over_fences_the_other(self):
        owner = self.hold()
        self.assertEqual(owner.line(), "ok")
        self.run_ok("--take-over", "vadapter", "create", "a", *VNIC)
        self.assertEqual(owner.ask("create b"), "VIO_EFENCED")
        self.assertTrue(owner.ask("count").endswith("ok"))
        self.assertEqual(self.names(), ["a"])

    def test_a_killed_owner_is_in_nobodys_way_for_longer_than_3_seconds(self):
        owner = self.hold()
        self.assertEqual(owner.line(), "ok")
        self.assertEqual(owner.ask("create a"), "ok")
        owner.signal(signal.SIGKILL)
        owner.process.wait(LIMIT)
        time.sleep(3.2)
        self.run_ok("--wait", "0", "vadapter", "attach", "a", "--server", "server2")
        self.assertEqual(self.names(), ["a"])

    def test_an_owner_that_stalls_cannot_write_when_it_goes_on(self):
        owner = self.hold()
        self.assertEqual(owner.line(), "ok")
        owner.signal(signal.SIGSTOP)
        owner.process.stdin.write("create late\n")
        owner.process.stdin.flush()
        self.run_ok("--wait", "60", "vadapter", "create", "a", *VNIC)
        owner.signal(signal.SIGCONT)
        self.assertEqual(owner.line(), "VIO_EFENCED")
        self.assertEqual(self.names(), ["a"])

    def test_many_creators_at_once_all_get_their_turn(self):
        makers = [Process(VIOCTL, "-c", self.daemon.uri, "--wait", "100", "vadapter", "create", f"n{i}", *VNIC)
                  for i in range(6)]
        self.assertEqual([m.end() for m in makers], [0] * 6)
        rows = self.json("vadapter", "list")
        self.assertEqual([r["name"] for r in rows], [f"n{i}" for i in range(6)])
        self.assertEqual(len({r["mac"] for r in rows}), 6)
        self.assertEqual(len({r["bdf"] for r in rows}), 6)

    def test_the_17th_client_is_turned_away_until_another_leaves(self):
        people = [self.hold("read") for _ in range(16)]
        self.assertEqual([person.line() for person in people], ["ok"] * 16)
        self.refused(1, f"{self.daemon.socket}: .*as many clients as it takes", "chassis", "show")
        self.assertTrue(all(person.ask("count") == "0 ok" for person in people))
        people[7].signal(signal.SIGKILL)
        people[7].process.wait(LIMIT)
        self.run_ok("chassis", "show")


class Restart(WithPeople):
    """The chassis is killed and started anew at the same address: nothing is on it then."""

    def next_event(self, watch, *types):
        while True:
            event = json.loads(watch.line())
            if event["type"] in types:
                return event

    def test_an_owner_reads_on_and_owns_the_new_one_once_it_opens_it_again(self):
        owner = self.hold()
        self.assertEqual(owner.line(), "ok")
        self.assertEqual(owner.ask("create a"), "ok")
        self.daemon.kill()
        self.daemon.start()
        self.assertEqual(owner.ask("count"), "1 ok")  # it is lost, and still wanted
        self.assertEqual(owner.ask("create b"), "VIO_EFENCED")
        self.assertEqual(self.names(), [])
        self.assertEqual(self.hold().line(), "ok")

    def test_a_watcher_sees_it_go_and_come_back(self):
        watch = self.watch()
        self.run_ok("reg", "read", "GLOBAL.MAGIC")  # as long as the watcher needs to subscribe
        self.run_ok("vadapter", "create", "a", *VNIC)
        self.next_event(watch, "function-created")
        self.daemon.kill()
        self.next_event(watch, "lost")
        self.daemon.start()
        self.next_event(watch, "restored")
        self.assertEqual(self.names(), [])
        self.run_ok("vadapter", "create", "b", *VNIC)
        self.next_event(watch, "function-created")


if __name__ == "__main__":
    main()
