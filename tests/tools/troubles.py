#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What vioctl shows and says when a chassis is told through its control socket to fail."""

import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from shell import LIMIT, Case, main  # noqa: E402

VNIC = ("--type", "vnic", "--adapter", "slot1", "--server", "server1")


class Troubles(Case):
    options = {"control": True}

    def show(self, noun, name):
        return self.json(noun, "show", name)

    def test_an_adapter_that_is_pulled_is_named_and_serves_again_once_it_is_back(self):
        made = self.change("vadapter", "create", "a", *VNIC)
        self.tell("pull slot1")
        self.assertEqual(self.show("vadapter", "a")["state"], "fault")
        self.assertEqual(self.show("adapter", "slot1")["state"], "fault")
        for change in (["set", "a", "--vlan", "5"], ["set", "a", "--mac", "02:00:00:00:00:01"],
                       ["disable", "a"], ["create", "b", *VNIC]):
            self.refused(1, 'adapter "slot1" is.*VIO_EGONE', "vadapter", *change)
        self.run_ok("vadapter", "detach", "a")
        self.refused(1, 'adapter "slot1" is.*VIO_EGONE', "vadapter", "attach", "a", "--server",
                     "server2")
        self.tell("insert slot1")
        self.run_ok("vadapter", "remove", "a")
        self.run_ok("vadapter", "create", "a", *VNIC, "--mac", made["mac"])

    def test_a_server_that_does_not_let_go_is_left_by_force(self):
        self.run_ok("vadapter", "create", "a", *VNIC)
        self.tell("server server1 stuck")
        self.refused(1, "a: unbind: (?!new function).*did not let go.*VIO_ETIMEDOUT", "vadapter",
                     "detach", "a")
        self.assertEqual(self.show("vadapter", "a")["state"], "attached")
        self.run_ok("vadapter", "detach", "a", "--force")
        self.assertEqual(self.show("vadapter", "a")["state"], "detached")

    def test_nothing_is_on_a_chassis_that_was_reset_and_it_can_be_used_at_once(self):
        for command in ("vpc-reset", "power-cycle"):
            self.run_ok("vadapter", "create", "a", *VNIC)
            self.tell(command)
            self.assertEqual(self.json("vadapter", "list"), [], command)
            self.assertTrue(self.json("chassis", "show")["healthy"])

    def test_a_link_that_is_down_and_a_server_that_is_off_are_shown(self):
        self.tell("link slot2 down")
        self.tell("server server3 off")
        self.assertEqual([p["state"] for p in self.json("port", "list", "slot2")], ["down"])
        self.assertEqual(self.show("server", "server3")["state"], "off")
        self.tell("link slot2 up")
        self.tell("server server3 on")
        deadline = time.monotonic() + LIMIT
        while self.json("port", "list", "slot2")[0]["state"] != "up" and time.monotonic() < deadline:
            time.sleep(0.01)
        self.assertEqual(self.show("server", "server3")["state"], "on")

    def test_a_message_that_is_lost_late_or_doubled_is_not_noticed(self):
        for what in ("command", "completion", "event", "interrupt"):
            for how in ("lost", "late", "doubled"):
                self.tell(f"mishap {what} {how}")
                self.run_ok("vadapter", "create", f"{what}-{how}", "--type", "vnic")
        self.assertEqual(len(self.json("vadapter", "list")), 12)
        self.assertEqual(len(self.json("function", "list")), 12)

    def test_a_message_that_is_corrupt_leaves_a_whole_vadapter_or_none_and_one_named_error(self):
        made = []
        for what in ("command", "completion", "event"):
            self.tell(f"mishap {what} corrupt")
            done = self.vioctl("vadapter", "create", what, "--type", "vnic")
            if done.returncode == 0:
                made.append(what)
            else:
                self.assertRegex(done.stderr, r"\Avioctl: .*VIO_E[A-Z]+\)\n\Z")
        for noun in ("vadapter", "function"):
            self.assertEqual({row["name"] for row in self.json(noun, "list")}, set(made))

    def test_what_was_detached_is_adopted_with_all_that_the_device_keeps(self):
        made = self.change("vadapter", "create", "a", *VNIC, "--vlan", "7")
        self.run_ok("vadapter", "detach", "a")
        self.run_ok("vadapter", "attach", "a", "--server", "server9")
        now = self.show("vadapter", "a")
        for key in ("uuid", "mac", "vlan", "adapter"):
            self.assertEqual(now[key], made[key], key)
        self.assertEqual(now["server"], "server9")


if __name__ == "__main__":
    main()
