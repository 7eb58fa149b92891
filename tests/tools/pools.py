#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Pools and identities: what is drawn, kept, given back and refused."""

import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from shell import StoreCase, main  # noqa: E402


def mac(number):
    return f"02:00:00:00:01:{number:02x}"


def span(first, last):
    return f"{mac(first)}-{mac(last)}"


class Pools(StoreCase):
    def make(self, *words, first=0x10, last=0x1f):
        return self.change("pool", "create", "p", "--purpose", "mac", "--range", span(first, last), *words)

    def vnic(self, name, *words):
        return self.change("vadapter", "create", name, "--type", "vnic", "--pool", "p", *words)

    def state(self, address):
        return self.json("identity", "show", address)["state"]

    def test_a_pool_shows_what_it_was_made_with(self):
        self.make("--range", span(0x30, 0x3f), "--exclude", span(0x12, 0x13), "--external", mac(0x15),
                  "--order", "lowest", "--quarantine", "2h", "--description", "rack 1", "--label", "row=7")
        pool = self.json("pool", "show", "p")
        self.assertEqual((pool["name"], pool["purpose"], pool["order"], pool["quarantine"], pool["size"]),
                         ("p", "mac", "lowest", 7200, 32))
        self.assertEqual(pool["ranges"], [{"first": mac(0x10), "last": mac(0x1f)},
                                          {"first": mac(0x30), "last": mac(0x3f)}])
        self.assertEqual(pool["exclusions"], [{"first": mac(0x12), "last": mac(0x13)}])
        self.assertEqual(pool["externals"], [{"first": mac(0x15), "last": mac(0x15)}])
        self.assertEqual((pool["description"], pool["labels"]), ("rack 1", {"row": "7"}))
        self.assertEqual((pool["free"], pool["excluded"], pool["external"]), (29, 2, 1))
        table = self.run_ok("pool", "list")
        self.assertRegex(table, r"(?m)^p +mac +lowest +32 +29 ")
        self.assertIn(span(0x30, 0x3f), self.run_ok("pool", "show", "p"))

    def test_the_lowest_free_identity_is_drawn_past_what_is_not_to_be_had(self):
        self.make("--exclude", mac(0x10), "--external", mac(0x11), "--order", "lowest", "--quarantine", "0")
        self.run_ok("identity", "reserve", mac(0x12), "--owner", "a printer")
        self.assertEqual(self.vnic("a")["mac"], mac(0x13))
        self.assertEqual(self.vnic("b")["mac"], mac(0x14))
        self.run_ok("vadapter", "remove", "a")
        self.assertEqual(self.vnic("c")["mac"], mac(0x13))

    def test_a_pool_that_is_used_up_says_so(self):
        self.make("--quarantine", "0", last=0x12)
        self.assertEqual({self.vnic(name)["mac"] for name in "abc"}, {mac(0x10), mac(0x11), mac(0x12)})
        self.refused(1, '"p".*VIO_EFULL', "vadapter", "create", "d", "--type", "vnic", "--pool", "p")
        self.refused(1, '"p".*VIO_EFULL', "identity", "reserve", "--pool", "p", "--owner", "x")

    def test_another_pool_gives_another_identity(self):
        self.make("--order", "lowest", "--quarantine", "0")
        made = self.change("vadapter", "create", "a", "--type", "vnic", "--server", "server1")
        now = self.change("vadapter", "set", "a", "--pool", "p")
        self.assertEqual((now["mac"], now["uuid"]), (mac(0x10), made["uuid"]))
        function, = self.json("function", "list")
        self.assertEqual(function["address"], mac(0x10))

    def test_a_released_identity_is_kept_back_for_its_previous_owner(self):
        self.make("--order", "lowest", "--quarantine", "1d")
        self.vnic("a")
        self.run_ok("vadapter", "remove", "a")
        shown = self.json("identity", "show", mac(0x10))
        self.assertEqual((shown["state"], shown["previous_owner"], shown["pool"]), ("quarantined", "a", "p"))
        self.assertRegex(shown["until"], r"^\d{4}-\d\d-\d\dT")
        self.refused(1, f"{mac(0x10)} is quarantined.* a, .*VIO_ESTATE", "vadapter", "create", "x", "--type", "vnic",
                     "--mac", mac(0x10))
        self.assertEqual(self.vnic("b")["mac"], mac(0x11))
        self.assertEqual(self.json("pool", "show", "p")["quarantined"], 1)
        self.run_ok("identity", "release", mac(0x10))
        self.assertEqual(self.state(mac(0x10)), "free")
        self.assertEqual(self.vnic("c")["mac"], mac(0x10))

    def test_a_quarantine_ends_by_itself(self):
        self.make("--order", "lowest", "--quarantine", "1")
        self.vnic("a")
        self.run_ok("vadapter", "remove", "a")
        deadline = time.monotonic() + 30
        while self.state(mac(0x10)) != "free" and time.monotonic() < deadline:
            time.sleep(0.2)
        self.assertEqual(self.vnic("b")["mac"], mac(0x10))

    def test_each_identity_says_whose_it_is(self):
        self.make("--order", "lowest", "--exclude", mac(0x1f))
        made = self.vnic("a", "--server", "server1")
        drawn = self.change("identity", "reserve", "--pool", "p", "--owner", "a printer")
        self.assertEqual((drawn["address"], drawn["state"], drawn["owner"]),
                         (mac(0x11), "reserved", "a printer"))
        shown = self.json("identity", "show", made["mac"])
        self.assertEqual((shown["state"], shown["owner"], shown["owner_uuid"]), ("assigned", "a", made["uuid"]))
        rows = {row["address"]: row["state"] for row in self.json("identity", "list", "p")}
        self.assertEqual(rows, {mac(0x10): "assigned", mac(0x11): "reserved", mac(0x1f): "excluded"})
        rows = self.json("identity", "list", "--state", "reserved")
        self.assertEqual([row["address"] for row in rows], [mac(0x11)])
        self.assertEqual(self.state(mac(0x99)), "free")

    def test_a_reservation_refuses_others_and_serves_the_vadapter_that_it_names(self):
        self.make()
        self.run_ok("identity", "reserve", mac(0x10), "--owner", "web0")
        self.refused(1, f"{mac(0x10)}.*web0.*VIO_ESTATE", "identity", "reserve", mac(0x10), "--owner", "x")
        self.refused(1, f"{mac(0x10)}.*web0.*VIO_ESTATE", "vadapter", "create", "other", "--type", "vnic",
                     "--mac", mac(0x10))
        made = self.change("vadapter", "create", "web0", "--type", "vnic", "--mac", mac(0x10))
        self.assertEqual(made["mac"], mac(0x10))
        self.refused(1, "VIO_ESTATE", "identity", "release", mac(0x10))

    def test_ranges_overlap_nowhere(self):
        self.make()
        self.refused(1, '"?p"?.*VIO_EEXIST', "pool", "create", "q", "--purpose", "mac", "--range", span(0x1f, 0x2f))
        self.refused(1, "VIO_EEXIST", "pool", "set", "p", "--range", span(0, 0x10))
        self.refused(1, "VIO_EEXIST", "pool", "create", "p", "--purpose", "wwpn", "--range",
                     "21:00:00:00:00:00:00:00-21:00:00:00:00:00:00:ff")
        self.assertEqual([p["name"] for p in self.json("pool", "list")], ["p"])

    def test_a_pool_shrinks_over_free_identities_alone(self):
        self.make("--order", "lowest")
        self.vnic("a")
        self.refused(1, f"{mac(0x10)}.*VIO_EBUSY", "pool", "set", "p", "--remove-range", span(0x10, 0x17))
        self.refused(1, "VIO_EBUSY", "pool", "remove", "p")
        self.run_ok("pool", "set", "p", "--remove-range", span(0x18, 0x1f), "--name", "small")
        self.assertEqual(self.json("pool", "show", "small")["ranges"], [{"first": mac(0x10), "last": mac(0x17)}])
        self.assertEqual(self.json("pool", "show", "small")["size"], 8)

    def test_a_pool_that_nobody_uses_is_removed(self):
        self.make()
        self.run_ok("pool", "remove", "p")
        self.assertEqual(self.json("pool", "list"), [])
        self.refused(1, "no pool 'p'", "pool", "show", "p")

    def test_what_is_changed_is_changed_and_a_stale_change_is_refused_with_both_generations(self):
        made = self.make()
        now = self.change("pool", "set", "p", "--generation", str(made["generation"]), "--exclude", mac(0x12),
                          "--order", "lowest", "--quarantine", "0", "--label", "row=1")
        self.assertEqual((now["order"], now["quarantine"], now["labels"]), ("lowest", 0, {"row": "1"}))
        self.refused(1, f"{made['generation']}.*{now['generation']}|{now['generation']}.*{made['generation']}",
                     "pool", "set", "p", "--generation", str(made["generation"]), "--description", "x")
        self.run_ok("pool", "set", "p", "--include", mac(0x12), "--unlabel", "row")
        last = self.json("pool", "show", "p")
        self.assertEqual((last["exclusions"], last["labels"], last["description"]), ([], {}, ""))

    def test_the_defaults_are_made_on_first_use(self):
        made = self.change("vadapter", "create", "h", "--type", "vhba")
        names = [pool["name"] for pool in self.json("pool", "list")]
        self.assertEqual(names, ["default-wwnn", "default-wwpn"])
        self.assertEqual(self.json("identity", "show", made["wwnn"])["pool"], "default-wwnn")
        self.assertEqual(self.json("identity", "show", made["wwpn"])["pool"], "default-wwpn")

    def test_a_pool_of_pairs_gives_a_vhba_both_its_names(self):
        self.run_ok("pool", "create", "san", "--purpose", "wwn", "--range",
                    "21:00:00:00:00:00:01:00-21:00:00:00:00:00:01:ff")
        made = self.change("vadapter", "create", "h", "--type", "vhba", "--pool", "san")
        for key in ("wwnn", "wwpn"):
            shown = self.json("identity", "show", made[key])
            self.assertEqual((shown["pool"], shown["owner"]), ("san", "h"), key)
        self.assertNotEqual(made["wwnn"], made["wwpn"])

    def test_the_factory_identity_is_beside_the_assigned_one(self):
        adapter = self.json("adapter", "show", "slot1")["factory_address"]
        self.make()
        made = self.vnic("a", "--adapter", "slot1")
        self.assertEqual((made["factory_address"], made["mac"][:14]), (adapter, mac(0)[:14]))
        self.assertRegex(self.run_ok("vadapter", "show", "a"), f"(?m)^Factory address +{adapter}$")

    def test_wrong_usage_is_2_and_says_what_is_allowed(self):
        make = ["pool", "create", "p", "--purpose"]
        for pattern, words in (
                ("--purpose mac", ["pool", "create", "p"]),
                ("mac, wwnn, wwpn, wwn and uuid", [*make, "imei"]),
                ("lowest and sequential", [*make, "mac", "--order", "random"]),
                ("FIRST-LAST", [*make, "mac", "--range", "all"]),
                ("one kind", [*make, "mac", "--range", span(5, 4)]),
                ("one kind", [*make, "mac", "--range", f"{mac(1)}-21:00:00:00:00:00:01:00"]),
                ("366d", [*make, "mac", "--quarantine", "53w"]),
                ("90s or 7d", [*make, "mac", "--quarantine", "soon"]),
                ("63 bytes", ["pool", "create", "n" * 64, "--purpose", "mac"]),
                ("what is to be changed", ["pool", "set", "p"]),
                ("what is to be changed", ["pool", "set", "p", "--generation", "1"]),
                ("--pool NAME", ["identity", "reserve", "--owner", "x"]),
                ("--pool NAME", ["identity", "reserve", mac(1), "--pool", "p", "--owner", "x"]),
                ("--owner TEXT", ["identity", "reserve", mac(1)]),
                ("MAC.*WWN.*UUID", ["identity", "show", "me"]),
                ("multicast", ["identity", "show", "01:00:00:00:00:01"]),
                ("reserved, assigned", ["identity", "list", "--state", "free"])):
            with self.subTest(words=words):
                self.refused(2, pattern, *words)
        self.refused(1, "VIO_ENOENT", "identity", "list", "nobodys")
        self.assertEqual(self.json("pool", "list"), [])


if __name__ == "__main__":
    main()
