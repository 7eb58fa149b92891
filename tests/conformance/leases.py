# SPDX-License-Identifier: MIT
"""Sections 7 (BATCH, LOG, READ), 8 and 9 of the manual: the lease, tags, outcomes."""

import random
import struct
import time

import chassis as dut
import manual
from registers import WithDevice


class WithSets(WithDevice):
    """Two clients with a set each; `a` holds the lease."""

    def setUp(self):
        super().setUp()
        other = self.chassis.attach()
        self.addCleanup(other.close)
        self.a, self.b = dut.Set(self.device, 0), dut.Set(other, 1)
        self.addCleanup(self.wipe)
        self.assertEqual(self.status(self.a.claim(flags=dut.FORCE)), "OK")
        self.a.events()
        self.b.events()
        slots = self.device.records("SLOT")
        self.nic = next(s["INDEX"] for s in slots if s["KIND"] == dut.VNIC)

    def wipe(self):
        """Nothing stays for the next test."""
        self.chassis.tell("vpc-reset")

    def status(self, completion):
        return dut.name(completion)

    def expect(self, status, queue, command, **fields):
        done = queue.run(command, **fields)
        self.assertEqual(dut.name(done), status, (command, fields.keys()))
        return done

    def go_on(self, index, *geometry, **more):
        """The owner claims its lease through another set, and counts on."""
        queue = dut.Set(self.device, index, *geometry, **more)
        queue.number = self.a.number
        self.expect("OK", queue, "LEASE_CLAIM", args=dut.halves(self.a.lease), lease=self.a.lease, data=bytes(64))
        queue.lease = self.a.lease
        return queue

    def create(self, queue=None, **more):
        return self.expect("OK", queue or self.a, "FUNCTION_CREATE", data=dut.vnic(self.nic, **more))


class Lease(WithSets):
    def test_claim_shows_in_registers_and_events(self):
        self.assertEqual(self.device.read("GLOBAL", "LEASE"), self.a.lease)
        self.assertEqual(dut.text_of(self.device.read("GLOBAL", "LEASE_HOLDER")), "conformance")
        self.assertTrue(self.a.flag("STATUS", "LEASE"))
        self.assertFalse(self.b.flag("STATUS", "LEASE"))
        done = self.b.claim()
        self.assertEqual(self.status(done), "LEASED")
        self.assertEqual(self.b.events(), [])
        old = self.a.lease
        self.assertEqual(self.status(self.b.claim(flags=dut.FORCE, holder="Größe".encode())), "OK")
        event, _ = self.a.await_event("LEASE_CLAIMED")
        self.assertEqual((event.value, event.index, event.server, event.slot), (self.b.lease, 0, dut.NONE, dut.NONE))
        self.assertNotEqual(self.b.lease, old)
        self.assertEqual(dut.text_of(self.device.read("GLOBAL", "LEASE_HOLDER")), "Größe")
        self.assertEqual((self.a.flag("STATUS", "LEASE"), self.b.flag("STATUS", "LEASE")), (False, True))

    def test_displaced_owner_is_fenced(self):
        made = self.create()
        self.assertEqual(self.status(self.b.claim(flags=dut.FORCE)), "OK")
        for name, changes in manual.CHANGES.items():
            if changes:
                self.expect("NOT_LEASED", self.a, name, target=made.result, data=512)
        self.a.lease = self.b.lease
        self.expect("NOT_LEASED", self.a, "FUNCTION_SET_STATE", target=made.result)
        self.a.lease = 0
        self.expect("NOT_LEASED", self.a, "FUNCTION_SET_STATE", target=made.result)
        self.expect("OK", self.b, "FUNCTION_SET_STATE", target=made.result)

    def test_wrong_claims_are_refused(self):
        done = self.a.run("LEASE_CLAIM", data=bytes(64))
        self.assertEqual((self.status(done), done.detail), ("INVALID_FIELD", 0x18))
        for holder in (b"x" * 64, b"a\0b" + bytes(61), b"\xff" + bytes(63), b"\xed\xa0\x80" + bytes(61)):
            self.assertEqual(self.status(self.b.claim(flags=dut.FORCE, holder=holder)), "INVALID_DATA", holder)
        self.expect("DATA_RANGE", self.a, "LEASE_CLAIM", args=(1, 1), data=63)
        self.expect("DATA_RANGE", self.a, "LEASE_CLAIM", args=(1, 1))
        self.expect("DATA_RANGE", self.a, "LEASE_CLAIM", args=(1, 1), length=64, offset=self.a.read("PART_SIZE") - 63)
        self.expect("INVALID_FIELD", self.a, "LEASE_CLAIM", args=(1, 1), flags=dut.ERASE, data=bytes(64))
        self.assertEqual(self.device.read("GLOBAL", "LEASE"), self.a.lease)

    def test_release(self):
        self.expect("NOT_LEASED", self.b, "LEASE_RELEASE", lease=self.a.lease + 1)
        lease = self.a.lease
        self.expect("OK", self.a, "LEASE_RELEASE")
        self.assertEqual(self.device.read("GLOBAL", "LEASE"), 0)
        self.assertEqual(self.device.read("GLOBAL", "LEASE_HOLDER"), bytes(64))
        event, _ = self.b.await_event("LEASE_ENDED")
        self.assertEqual(event.value, lease)
        self.expect("NOT_LEASED", self.a, "FUNCTION_CREATE", data=dut.vnic(self.nic))
        self.assertEqual(self.status(self.b.claim()), "OK")

    def test_heartbeat_restarts_the_clock(self):
        time.sleep(0.3)
        age = self.device.read("GLOBAL", "LEASE_AGE")
        self.assertTrue(200 <= age < 2900, age)
        self.device.write("GLOBAL", "LEASE_BEAT", self.a.lease + 1)
        self.assertGreaterEqual(self.device.read("GLOBAL", "LEASE_AGE"), age)
        self.device.write("GLOBAL", "LEASE_BEAT", self.a.lease)
        self.assertLess(self.device.read("GLOBAL", "LEASE_AGE"), 200)

    def test_claim_in_force_goes_on_through_another_set(self):
        third = self.go_on(2)
        self.assertEqual(third.events(), [])
        self.assertEqual((self.a.flag("STATUS", "LEASE"), third.flag("STATUS", "LEASE")), (False, True))
        self.expect("NOT_LEASED", self.a, "FUNCTION_CREATE", number=999, data=dut.vnic(self.nic))
        self.create(third)

    def test_set_reset_does_not_end_it(self):
        lease = self.a.lease
        self.a.reset()
        self.assertEqual(self.device.read("GLOBAL", "LEASE"), lease)
        self.assertEqual(self.status(self.b.claim()), "LEASED")
        self.create(self.go_on(0))

    def test_vpc_reset_wants_the_lease_in_force(self):
        boot = self.device.read("GLOBAL", "BOOT_ID")
        self.device.write("GLOBAL", "VPC_RESET", self.a.lease ^ 1)
        self.device.write("GLOBAL", "VPC_RESET", 0)
        self.assertEqual(self.device.read("GLOBAL", "BOOT_ID"), boot)
        self.device.write("GLOBAL", "VPC_RESET", self.a.lease)
        self.assertNotEqual(self.device.read("GLOBAL", "BOOT_ID"), boot)


class Tags(WithSets):
    def test_same_tag_is_answered_again(self):
        made = self.create()
        again = self.a.run("FUNCTION_CREATE", data=dut.vnic(self.nic), number=made.number)
        self.assertEqual(again, made._replace(flags=again.flags))
        self.assertEqual((made.flags & dut.REPLAYED, again.flags & dut.REPLAYED), (0, dut.REPLAYED))
        self.expect("OK", self.a, "READ", args=(5, 0, 0), data=2048)
        self.assertEqual(self.device.life(made.result), dut.DETACHED)
        self.assertEqual(self.device.life(made.result + 1), dut.FREE)

    def test_failures_are_remembered_too(self):
        bad = self.expect("INVALID_TARGET", self.a, "FUNCTION_UNBIND", target=4000)
        again = self.a.run("FUNCTION_CREATE", data=dut.vnic(self.nic), number=bad.number)
        self.assertEqual((self.status(again), again.flags & dut.REPLAYED), ("INVALID_TARGET", dut.REPLAYED))

    def test_outcomes_outlive_owners_and_sets(self):
        made = self.create()
        old = self.a.lease
        self.assertEqual(self.status(self.b.claim(flags=dut.FORCE)), "OK")
        self.assertEqual(self.b.outcome(old, made.number), ("OK", made._replace(flags=0)))
        again = self.b.run("FUNCTION_CREATE", data=dut.vnic(self.nic), number=made.number, lease=old)
        self.assertEqual((again.result, again.flags & dut.REPLAYED), (made.result, dut.REPLAYED))
        self.a.reset()
        self.device.client.request(dut.vfio.RESET)
        self.assertEqual(self.b.outcome(old, made.number)[0], "OK")

    def test_refusals_that_pass_are_not_remembered(self):
        lease = self.a.lease
        self.assertEqual(self.status(self.b.claim(flags=dut.FORCE)), "OK")
        refused = self.expect("NOT_LEASED", self.a, "FUNCTION_CREATE", data=dut.vnic(self.nic))
        self.assertEqual(self.b.outcome(lease, refused.number)[0], "UNKNOWN_TAG")
        self.expect("OK", self.b, "LEASE_RELEASE")
        self.assertEqual(self.status(self.a.claim(lease)), "OK")
        done = self.a.run("FUNCTION_CREATE", data=dut.vnic(self.nic), number=refused.number)
        self.assertEqual((self.status(done), done.flags & dut.REPLAYED), ("OK", 0))

    def test_nobody_answers_for_another(self):
        number = self.a.number + 1
        for command in ("FUNCTION_CREATE", "BATCH", "LEASE_CLAIM", "FUNCTION_BIND"):
            self.b.run(command, flags=0x8000, lease=self.a.lease, number=number, data=512)
            self.b.run(command, args=(1,), lease=self.a.lease, number=number, data=bytes(512), target=4000)
            self.assertEqual(self.b.outcome(self.a.lease, number)[0], "UNKNOWN_TAG", command)
        self.assertEqual(self.create().flags & dut.REPLAYED, 0)

    def test_commands_that_read_are_not_remembered(self):
        done = self.expect("OK", self.a, "NOP")
        self.assertEqual(self.b.outcome(self.a.lease, done.number)[0], "UNKNOWN_TAG")
        self.expect("DATA_RANGE", self.b, "OUTCOME", args=(1, 1, 1), data=31)

    def test_claim_is_remembered(self):
        number = self.a.number + 7
        lease = random.getrandbits(63) | 1
        claim = {"flags": dut.FORCE, "args": dut.halves(lease), "lease": lease, "number": number, "data": bytes(64)}
        self.expect("OK", self.b, "LEASE_CLAIM", **claim)
        self.assertEqual(self.a.outcome(lease, number)[0], "OK")
        self.assertEqual(self.b.run("LEASE_CLAIM", **claim).flags & dut.REPLAYED, dut.REPLAYED)

    def test_as_many_outcomes_as_promised(self):
        outcomes = self.device.read("GLOBAL", "OUTCOMES")
        many = self.go_on(3, (4096, 4096, 0), bases=(0, 0x50000, 0x78000))
        made = self.create(many)

        def repeat(count, first):
            entries = b"".join(many.entry("FUNCTION_SET_STATE", target=made.result, args=(i & 1,), number=first + i)
                               for i in range(count))
            at = many.tail % 4096 * 64
            many.put(0, entries[4096 * 64 - at:])
            many.put(at, entries[:4096 * 64 - at])
            many.tail += count
            many.write("CMD_TAIL", many.tail)
            dut.vfio.wait_until(lambda: many.read("CPL_TAIL") == many.tail)
            many.taken = many.tail
            many.write("CPL_HEAD", many.tail)

        repeat(outcomes - 1, 100)
        self.assertEqual(self.b.outcome(many.lease, made.number)[0], "OK")
        repeat(1, 100 + outcomes)
        self.assertEqual(self.b.outcome(many.lease, made.number)[0], "UNKNOWN_TAG")
        self.assertEqual(self.b.outcome(many.lease, 100)[0], "OK")


class AtWork(WithSets):
    """A command at work is one that waits for a server that does not let go."""

    def setUp(self):
        super().setUp()
        self.chassis.tell("server 0 stuck")
        self.addCleanup(self.chassis.tell, "server 0 free")
        self.function = self.create().result
        self.expect("OK", self.a, "FUNCTION_BIND", target=self.function, args=(0, 0, dut.NONE))
        self.number = self.a.post("FUNCTION_UNBIND", target=self.function)
        dut.vfio.wait_until(lambda: self.device.life(self.function) == dut.UNBINDING)

    def test_its_tag_is_in_progress(self):
        self.assertEqual(self.b.outcome(self.a.lease, self.number)[0], "IN_PROGRESS")
        again = self.a.post("FUNCTION_UNBIND", target=self.function, number=self.number)
        self.assertEqual(self.status(self.a.wait(again)), "IN_PROGRESS")
        self.chassis.tell("server 0 free")
        self.assertEqual(self.status(self.a.wait(self.number)), "OK")
        self.assertEqual(self.b.outcome(self.a.lease, self.number)[0], "OK")

    def test_other_targets_are_not_held_up(self):
        self.create()
        self.expect("OK", self.a, "NOP")
        self.assertEqual(self.device.life(self.function), dut.UNBINDING)

    def test_release_waits_for_it(self):
        release = self.a.post("LEASE_RELEASE")
        time.sleep(0.05)
        self.assertEqual(self.device.read("GLOBAL", "LEASE"), self.a.lease)
        self.chassis.tell("server 0 free")
        self.assertEqual(self.status(self.a.wait(self.number)), "OK")
        self.assertEqual(self.status(self.a.wait(release)), "OK")
        self.assertEqual(self.device.read("GLOBAL", "LEASE"), 0)

    def test_claim_drops_what_waits_and_waits_for_what_is_at_work(self):
        queued = self.a.post("FUNCTION_SET_STATE", target=self.function)
        old, lease = self.a.lease, random.getrandbits(64) | 1
        claim = self.b.post("LEASE_CLAIM", flags=dut.FORCE, args=dut.halves(lease), lease=lease, data=bytes(64))
        self.assertEqual(self.status(self.a.wait(queued)), "ABORTED")
        self.assertEqual(self.device.read("GLOBAL", "LEASE"), 0)
        self.expect("NOT_LEASED", self.a, "FUNCTION_CREATE", data=dut.vnic(self.nic))
        self.assertIsNone(self.b.next_completion())
        self.chassis.tell("server 0 free")
        self.assertEqual(self.status(self.a.wait(self.number)), "OK")
        self.assertEqual(self.status(self.b.wait(claim)), "OK")
        self.assertEqual(self.device.read("GLOBAL", "LEASE"), lease)
        self.b.lease = lease
        self.assertEqual(self.b.outcome(old, self.number)[0], "OK")
        status, aborted = self.b.outcome(old, queued)
        self.assertEqual((status, dut.name(aborted)), ("OK", "ABORTED"))

    def test_reset_of_its_set_leaves_it_at_work(self):
        lease = self.a.lease
        self.a.reset()
        other = self.go_on(2)
        self.expect("BUSY", other, "FUNCTION_SET_STATE", target=self.function, number=1000)
        self.assertEqual(other.outcome(lease, self.number)[0], "IN_PROGRESS")
        self.chassis.tell("server 0 free")
        dut.vfio.wait_until(lambda: self.device.life(self.function) == dut.DETACHED)
        self.assertEqual(other.outcome(lease, self.number)[0], "OK")
        self.expect("OK", other, "FUNCTION_SET_STATE", target=self.function, number=1000)


class Batch(WithSets):
    def batch(self, entries, status, **fields):
        return self.expect(status, self.a, "BATCH", args=(len(entries),), data=b"".join(entries), offset=0xc0000,
                           **fields)

    def creations(self, count):
        return [self.a.entry("FUNCTION_CREATE", data=dut.vnic(self.nic), offset=dut.DATA + 512 * i)
                for i in range(count)]

    def test_commands_are_done_in_order(self):
        entries = self.creations(64)
        first = self.a.number - 63
        done = self.batch(entries, "OK")
        self.assertEqual((done.result, done.detail), (64, 0))
        for i in range(64):
            status, outcome = self.b.outcome(self.a.lease, first + i)
            self.assertEqual((status, outcome.number, outcome.status), ("OK", first + i, 0))
            self.assertEqual(self.device.life(outcome.result), dut.DETACHED)
        self.assertEqual(self.b.outcome(self.a.lease, done.number)[1].result, 64)

    def test_first_failure_ends_it(self):
        entries = self.creations(3)
        entries[1] = self.a.entry("FUNCTION_DESTROY", target=4000)
        done = self.batch(entries, "BATCH_FAILED")
        self.assertEqual((done.result, done.detail), (1, manual.STATUS["INVALID_TARGET"]))
        self.assertEqual([self.device.life(i) for i in range(3)], [dut.DETACHED, dut.FREE, dut.FREE])

    def test_what_it_may_not_hold(self):
        for command in ("BATCH", "LEASE_CLAIM", "LEASE_RELEASE"):
            done = self.batch([self.a.entry(command, args=(1,), length=64, offset=0xc0000)], "BATCH_FAILED")
            self.assertEqual((done.result, done.detail), (0, manual.STATUS["INVALID_OPCODE"]))

    def test_each_command_is_checked_by_itself(self):
        done = self.batch([self.a.entry("FUNCTION_CREATE", lease=77, data=dut.vnic(self.nic))], "BATCH_FAILED")
        self.assertEqual(done.detail, manual.STATUS["NOT_LEASED"])
        made = self.create()
        done = self.batch([self.a.entry("FUNCTION_CREATE", data=dut.vnic(self.nic), number=made.number)], "OK")
        self.assertEqual(self.device.life(made.result + 1), dut.FREE)

    def test_wrong_batches(self):
        for count in (0, 65, dut.NONE):
            done = self.expect("INVALID_FIELD", self.a, "BATCH", args=(count,), data=64 * 64)
            self.assertEqual(done.detail, 0x18)
        self.expect("DATA_RANGE", self.a, "BATCH", args=(2,), data=127)
        self.expect("DATA_RANGE", self.a, "BATCH", args=(1,), length=64, offset=2 ** 64 - 32)


class Reading(WithSets):
    def pages(self, kind, block):
        """All records of a kind with the change counters of their pages."""
        index, got, changes = 0, [], {self.device.read("GLOBAL", "CHANGE")}
        while index != dut.NONE:
            done = self.expect("OK", self.b, "READ", args=(kind, index, 0), data=512 * 5, lease=0)
            changes.add(done.generation)
            raw = self.b.get(dut.DATA, 512 * done.result)
            got += [dut.unpack(block, raw[i:i + 512]) for i in range(0, len(raw), 512)]
            index = done.detail
        return got, changes

    def test_read_pages_through_records(self):
        for kind, block in ((2, "PORT"), (3, "SERVER"), (4, "SLOT")):
            # The daemon may still be letting go of the clients of the test before.
            for _ in range(50):
                got, changes = self.pages(kind, block)
                if len(changes) == 1:
                    break
            self.assertEqual(len(changes), 1)
            self.assertEqual(len(got), self.device.read("GLOBAL", f"NUM_{block}S"))
            self.assertEqual(got, self.device.records(block))

    def test_read_leaves_free_functions_out(self):
        made = [self.create().result for _ in range(4)]
        self.expect("OK", self.a, "FUNCTION_DESTROY", target=made[1])
        done = self.expect("OK", self.a, "READ", args=(5, 0, 2), data=512 * 8)
        self.assertEqual((done.result, done.detail), (2, made[3]))
        self.assertEqual([struct.unpack("<I", self.a.get(dut.DATA + 512 * i, 4))[0] for i in range(2)],
                         [made[0], made[2]])
        done = self.expect("OK", self.a, "READ", args=(5, made[3] + 1, 0), data=512)
        self.assertEqual((done.result, done.detail), (0, dut.NONE))

    def test_read_of_the_chassis(self):
        done = self.expect("OK", self.a, "READ", args=(1,), data=512)
        self.assertEqual((done.result, done.detail), (1, dut.NONE))
        self.assertEqual(self.a.get(dut.DATA, 4), b"VIO1")

    def test_wrong_reads(self):
        for kind in (0, 6, dut.NONE):
            self.assertEqual(self.expect("INVALID_FIELD", self.a, "READ", args=(kind,), data=512).detail, 0x18)
        size = self.a.read("PART_SIZE")
        for fields in ({"data": 511}, {"length": 512, "offset": size - 511}, {"length": 65537, "offset": 0},
                       {"length": 512, "offset": 2 ** 64 - 256}, {"length": dut.NONE, "offset": 0}, {}):
            self.expect("DATA_RANGE", self.a, "READ", args=(1,), **fields)
        self.expect("DATA_RANGE", self.a, "READ", args=(0,), length=1024, offset=size - 512)
        self.expect("OK", self.a, "READ", args=(2, 2 ** 32 - 1, 1), length=65536, offset=size - 65536)

    def test_log_of_events(self):
        self.create()
        done = self.expect("OK", self.a, "LOG", args=(2, 0), data=65536)
        self.assertEqual(done.result, done.detail)
        self.assertEqual(done.detail % 64, 0)
        last = dut.Event(*dut.EVENT.unpack(self.a.get(dut.DATA + done.result - 64, 64)))
        self.assertEqual((last.type, last.flags & 1), (manual.EVENTS["FUNCTION_CREATED"], 0))
        self.assertEqual(last.sequence, self.a.read("EVT_SEQUENCE") - 1)
        rest = self.expect("OK", self.a, "LOG", args=(2, done.detail - 10), data=64)
        self.assertEqual((rest.result, rest.detail), (10, done.detail))
        self.assertEqual(self.expect("OK", self.a, "LOG", args=(2, done.detail), data=64).result, 0)

    def test_log_of_faults_is_text(self):
        self.chassis.tell("link 0 down")
        self.chassis.tell("link 0 up")
        done = self.expect("OK", self.a, "LOG", args=(1, 0), data=65536)
        text = self.a.get(dut.DATA, done.result).decode()
        self.assertTrue(text.endswith("\n") and "link" in text)
        for page in (0, 3):
            self.expect("INVALID_FIELD", self.a, "LOG", args=(page, 0), data=64)
