# SPDX-License-Identifier: MIT
"""Section 6 of the manual: queue sets, their rings, interrupts, errors; and section 15's overflow."""

import mmap
import os
import struct
import time

import chassis as dut
import manual
from registers import WithDevice

ENABLE, RESET, HOST = (manual.bit("QUEUE", "CONTROL", name) for name in ("ENABLE", "RESET", "HOST"))
COMPLETION, EVENT, ERROR, _ = (manual.bit("QUEUE", "IRQ_CAUSE", name)
                               for name in ("COMPLETION", "EVENT", "ERROR", "RESET"))
INVALID_FIELD, DATA_RANGE = manual.STATUS["INVALID_FIELD"], manual.STATUS["DATA_RANGE"]


class Claim(WithDevice):
    def test_first_writer_has_it(self):
        with self.chassis.client():
            other = self.chassis.attach()
            self.addCleanup(other.close)
            self.device.write("QUEUE", "OWNER", 11, 3)
            other.write("QUEUE", "OWNER", 22, 3)
            self.assertEqual(other.read("QUEUE", "OWNER", 3), 11)
            self.device.write("QUEUE", "OWNER", 33, 3)
            self.assertEqual(other.read("QUEUE", "OWNER", 3), 11)
            other.write("QUEUE", "OWNER", 0, 3)
            self.assertEqual(other.read("QUEUE", "OWNER", 3), 11)
            self.device.write("QUEUE", "OWNER", 0, 3)
            self.assertEqual(other.read("QUEUE", "OWNER", 3), 0)

    def test_writes_through_another_connection_are_ignored(self):
        other = self.chassis.attach()
        self.addCleanup(other.close)
        queue = dut.Set(self.device, 1)
        before = self.device.record("QUEUE", 1)
        for register, value in (("CONTROL", RESET), ("CONTROL", 0), ("CMD_TAIL", 100), ("CPL_HEAD", 1), ("IRQ_MASK", 1),
                                ("WINDOW", 1)):
            other.write("QUEUE", register, value, 1)
        self.assertEqual(self.device.record("QUEUE", 1), before)
        self.assertEqual(dut.name(queue.run("NOP")), "OK")
        queue.reset()

    def test_writes_to_a_free_set_are_ignored(self):
        before = self.device.record("QUEUE", 5)
        for register in ("CMD_SIZE", "CMD_BASE", "CONTROL", "CMD_TAIL", "IRQ_MASK", "WINDOW"):
            self.device.write("QUEUE", register, 1, 5)
        self.assertEqual(self.device.record("QUEUE", 5), before)

    def test_end_of_the_connection_resets_its_sets(self):
        other = self.chassis.attach()
        dut.Set(other, 6)
        other.close()
        dut.vfio.wait_until(lambda: self.device.read("QUEUE", "OWNER", 6) == 0)
        self.assertEqual(self.device.read("QUEUE", "CMD_SIZE", 6), 0)

    def test_every_set_works(self):
        for index in range(self.device.read("GLOBAL", "NUM_QUEUES")):
            queue = dut.Set(self.device, index)
            self.assertEqual(dut.name(queue.run("NOP")), "OK")
            queue.reset()


class WithSet(WithDevice):
    SIZES = (16, 16, 64)

    def setUp(self):
        super().setUp()
        self.queue = dut.Set(self.device, 0, self.SIZES)

    def reenable(self, sizes=None):
        self.queue.write("CONTROL", 0)
        self.queue.sizes = sizes or self.queue.sizes
        self.queue.enable()

    def expect_error(self, status):
        self.assertEqual(self.queue.read("STATUS") & 3, manual.bit("QUEUE", "STATUS", "ERROR"))
        self.assertEqual(self.queue.read("ERROR"), status)
        self.assertTrue(self.queue.read("IRQ_CAUSE") & ERROR)

    def expect_no_error(self):
        self.assertEqual(self.queue.read("STATUS") & 3, manual.bit("QUEUE", "STATUS", "READY"))


class Enable(WithSet):
    def try_geometry(self, **registers):
        self.queue.reset()
        self.queue.write("OWNER", self.queue.owner)
        geometry = {"CMD_BASE": 0, "CMD_SIZE": 16, "CPL_BASE": 0x10000, "CPL_SIZE": 16, "EVT_BASE": 0x20000,
                    "EVT_SIZE": 64, "CONTROL": ENABLE, **registers}
        for name in sorted(geometry, key=lambda name: name == "CONTROL"):
            self.queue.write(name, geometry[name])

    def test_sizes(self):
        most = self.queue.device.read("GLOBAL", "MAX_RING")
        for ring in ("CMD_SIZE", "CPL_SIZE", "EVT_SIZE"):
            for size in (1, 3, 12, most * 2, 1 << 31, dut.NONE) + (() if ring == "EVT_SIZE" else (0,)):
                self.try_geometry(**{ring: size})
                self.expect_error(INVALID_FIELD)
            for size in (2, most):
                self.try_geometry(**{ring: size, "CPL_BASE": 0x40000, "EVT_BASE": 0x80000})
                self.expect_no_error()
        self.try_geometry(EVT_SIZE=0)
        self.expect_no_error()

    def test_bases(self):
        end = self.queue.read("PART_SIZE")
        for ring, entry in (("CMD_BASE", 64), ("CPL_BASE", 32), ("EVT_BASE", 64)):
            size = 64 if ring == "EVT_BASE" else 16
            for base in (32, 4, end, end - size * entry + 64, 2 ** 64 - 64, 1 << 32, 1 << 63):
                self.try_geometry(**{ring: base})
                self.expect_error(DATA_RANGE)
            self.try_geometry(**{ring: end - size * entry})
            self.expect_no_error()

    def test_geometry_is_fixed_while_enabled(self):
        before = self.device.record("QUEUE")
        for name in ("CMD_BASE", "CMD_SIZE", "CPL_BASE", "CPL_SIZE", "EVT_BASE", "EVT_SIZE"):
            self.queue.write(name, 0x40)
        self.queue.write("CONTROL", ENABLE | HOST)
        self.assertEqual(self.device.record("QUEUE"), before)

    def test_indices_and_phase_start_anew(self):
        for _ in range(5):
            self.queue.run("NOP")
        self.reenable()
        for name in ("CMD_HEAD", "CMD_TAIL", "CPL_HEAD", "CPL_TAIL", "EVT_HEAD", "EVT_TAIL"):
            self.assertEqual(self.queue.read(name), 0)
        self.assertEqual(dut.name(self.queue.run("NOP")), "OK")

    def test_cleared_enable_stops_fetching(self):
        self.queue.write("CONTROL", 0)
        self.queue.post("NOP")
        time.sleep(0.05)
        self.assertEqual(self.queue.read("CMD_HEAD"), 0)
        self.assertEqual(self.queue.read("STATUS"), 0)
        self.assertIsNone(self.queue.next_completion())

    def test_host_rings(self):
        if not self.device.field("GLOBAL", "CAPS", "HOST_RINGS"):
            self.try_geometry(CONTROL=ENABLE | HOST)
            self.expect_error(INVALID_FIELD)
            return
        fd = os.memfd_create("rings")
        self.addCleanup(os.close, fd)
        os.ftruncate(fd, 0x10000)
        memory = mmap.mmap(fd, 0x10000)
        self.addCleanup(memory.close)
        self.device.client.dma_map(0x4000_0000, 0x10000, fd)
        self.try_geometry(CMD_BASE=0x4000_0000, CPL_BASE=0x4000_4000, EVT_BASE=0x4000_8000, CONTROL=ENABLE | HOST)
        self.expect_no_error()
        memory[:64] = self.queue.entry("READ", args=(1, 0, 1), length=512, offset=0x4000_c000)
        self.queue.write("CMD_TAIL", 1)
        dut.vfio.wait_until(lambda: memory[0x4000 + 14] & 1)
        self.assertEqual(struct.unpack_from("<H", memory, 0x4000 + 12)[0], 0)
        self.assertEqual(memory[0xc000:0xc004], b"VIO1")
        memory[64:128] = self.queue.entry("READ", args=(1, 0, 1), length=512, offset=0x5000_0000)
        self.queue.write("CMD_TAIL", 2)
        dut.vfio.wait_until(lambda: memory[0x4020 + 14] & 1)
        self.assertEqual(struct.unpack_from("<H", memory, 0x4020 + 12)[0], DATA_RANGE)
        self.device.client.dma_unmap(0x4000_0000, 0x10000)
        self.queue.write("CMD_TAIL", 3)
        dut.vfio.wait_until(lambda: self.queue.flag("STATUS", "ERROR"))
        self.expect_error(DATA_RANGE)


class Rings(WithSet):
    def test_phase_turns_with_each_pass(self):
        self.reenable((4, 2, 2))
        for count in range(1, 20):
            self.assertEqual(self.queue.run("NOP").flags & 1, 1 - (count - 1) // 2 % 2)
            self.assertEqual([self.queue.read(name) for name in ("CMD_HEAD", "CPL_TAIL", "CPL_HEAD")], [count] * 3)

    def test_full_completion_ring_holds_commands_back(self):
        self.reenable((16, 2, 64))
        numbers = [self.queue.post("NOP", ring=False) for _ in range(10)]
        self.queue.write("CMD_TAIL", 10)
        self.assertEqual(self.queue.read("CMD_HEAD"), 2)
        self.assertEqual(self.queue.read("CPL_TAIL"), 2)
        first = self.queue.next_completion(acknowledge=False)
        self.assertEqual(self.queue.read("CMD_HEAD"), 2)
        self.queue.write("CPL_HEAD", 1)
        self.assertEqual(self.queue.read("CMD_HEAD"), 3)
        self.assertEqual([first.number] + [self.queue.wait(n).number for n in numbers[1:]], numbers)

    def test_broken_doorbells_put_the_set_in_error(self):
        for register, value in (("CMD_TAIL", 17), ("CMD_TAIL", dut.NONE), ("CPL_HEAD", 2), ("CPL_HEAD", dut.NONE),
                                ("EVT_HEAD", 1)):
            self.reenable()
            self.queue.run("NOP")
            if (register, value) == ("CMD_TAIL", 17):
                value += 1
            self.queue.write(register, value)
            self.expect_error(INVALID_FIELD)
            self.queue.post("NOP")
            time.sleep(0.01)
            self.assertIsNone(self.queue.next_completion(acknowledge=False))
            self.queue.write("CONTROL", 0)
            self.queue.write("CONTROL", ENABLE)
            self.assertTrue(self.queue.flag("STATUS", "ERROR"), "a set in error needs a reset")
            self.queue.reset()
            self.assertEqual(self.queue.read("STATUS"), 0)
            self.queue.write("OWNER", self.queue.owner)

    def test_heads_may_not_go_back(self):
        for _ in range(4):
            self.queue.run("NOP")
        self.queue.write("CPL_HEAD", 3)
        self.expect_error(INVALID_FIELD)

    def test_refused_without_effect(self):
        self.assertEqual(dut.name(self.queue.run(0x7777)), "INVALID_OPCODE")
        self.assertEqual(dut.name(self.queue.run(0x0032)), "INVALID_OPCODE")
        for command in ("NOP", "READ", "OUTCOME", "LOG"):
            done = self.queue.run(command, flags=0x8000, data=512)
            self.assertEqual((dut.name(done), done.detail), ("INVALID_FIELD", 2), command)


class Overflow(WithSet):
    SIZES = (16, 16, 4)

    def test_lost_events_are_counted_and_told(self):
        sequence = self.queue.read("EVT_SEQUENCE")
        self.chassis.tell("events 9")
        dut.vfio.wait_until(lambda: self.queue.read("EVT_SEQUENCE") == sequence + 9)
        self.assertEqual(self.queue.read("EVT_LOST"), 5)
        self.assertEqual(self.queue.read("EVT_TAIL"), 4)
        kept = self.queue.events()
        self.assertEqual([e.sequence for e in kept], list(range(sequence, sequence + 4)))
        self.assertTrue(all(e.flags & dut.OVERFLOW == 0 and e.lost == 0 for e in kept))
        self.chassis.tell("events 2")
        dut.vfio.wait_until(lambda: self.queue.read("EVT_SEQUENCE") == sequence + 11)
        first, second = self.queue.events()
        self.assertEqual((first.flags & dut.OVERFLOW, first.lost, first.sequence), (dut.OVERFLOW, 5, sequence + 9))
        self.assertEqual((second.flags & dut.OVERFLOW, second.lost), (0, 0))
        self.assertEqual(self.queue.read("EVT_LOST"), 5)

    def test_lost_event_raises_the_cause(self):
        self.chassis.tell("events 4")
        self.queue.write("IRQ_CAUSE", dut.NONE)
        self.assertEqual(self.queue.read("IRQ_CAUSE"), 0)
        self.chassis.tell("events 1")
        dut.vfio.wait_until(lambda: self.queue.read("IRQ_CAUSE") == EVENT)

    def test_set_without_event_ring_loses_none(self):
        self.reenable((16, 16, 0))
        self.chassis.tell("events 3")
        self.assertEqual(self.queue.read("EVT_LOST"), 0)
        self.assertEqual(self.queue.read("EVT_TAIL"), 0)


class Interrupts(WithSet):
    def setUp(self):
        super().setUp()
        self.fds = [os.eventfd(0, os.EFD_NONBLOCK) for _ in range(17)]
        for fd in self.fds:
            self.addCleanup(os.close, fd)
        for start in range(0, 17, 8):
            some = self.fds[start:start + 8]
            self.device.client.set_irqs(dut.vfio.DATA_EVENTFD | dut.vfio.TRIGGER, start, len(some), some)
        self.queue.write("IRQ_CAUSE", dut.NONE)
        self.device.write("GLOBAL", "IRQ_CAUSE", dut.NONE)
        for vector in range(17):
            self.count(vector)

    def count(self, vector):
        try:
            return os.eventfd_read(self.fds[vector])
        except BlockingIOError:
            return 0

    def expect(self, vector, count):
        self.device.read("GLOBAL", "MAGIC")  # whatever a write caused is done before the next answer
        self.assertEqual(self.count(vector), count)

    def test_completion_raises_once_until_cleared(self):
        self.queue.run("NOP")
        self.expect(1, 1)
        self.assertEqual(self.queue.read("IRQ_CAUSE"), COMPLETION)
        self.queue.run("NOP")
        self.expect(1, 0)
        self.queue.write("IRQ_CAUSE", COMPLETION)
        self.assertEqual(self.queue.read("IRQ_CAUSE"), 0)
        self.queue.run("NOP")
        self.expect(1, 1)

    def test_writing_one_cause_keeps_the_others(self):
        self.queue.run("NOP")
        self.queue.claim()
        self.assertEqual(self.queue.read("IRQ_CAUSE"), COMPLETION | EVENT)
        self.queue.write("IRQ_CAUSE", COMPLETION)
        self.assertEqual(self.queue.read("IRQ_CAUSE"), EVENT)
        self.queue.run("LEASE_RELEASE")

    def test_masked_cause_waits_for_the_mask_to_be_cleared(self):
        self.queue.write("IRQ_MASK", COMPLETION)
        self.queue.run("NOP")
        self.expect(1, 0)
        self.assertEqual(self.queue.read("IRQ_CAUSE"), COMPLETION)
        self.queue.write("IRQ_MASK", 0)
        self.expect(1, 1)
        self.queue.write("IRQ_MASK", COMPLETION)
        self.queue.write("IRQ_CAUSE", COMPLETION)
        self.queue.write("IRQ_MASK", 0)
        self.expect(1, 0)

    def test_error_raises(self):
        self.queue.write("CPL_HEAD", 5)
        self.expect(1, 1)
        self.assertEqual(self.queue.read("IRQ_CAUSE"), ERROR)

    def test_each_set_has_its_vector(self):
        other = dut.Set(self.device, 7)
        other.run("NOP")
        self.expect(8, 1)
        self.expect(1, 0)
        other.reset()

    def test_global_causes(self):
        lease = manual.bit("GLOBAL", "IRQ_CAUSE", "LEASE")
        self.queue.claim()
        self.expect(0, 1)
        self.assertEqual(self.device.read("GLOBAL", "IRQ_CAUSE"), lease)
        self.device.write("GLOBAL", "IRQ_CAUSE", lease)
        self.device.write("GLOBAL", "IRQ_MASK", lease)
        self.queue.run("LEASE_RELEASE")
        self.expect(0, 0)
        self.device.write("GLOBAL", "IRQ_MASK", 0)
        self.expect(0, 1)
        self.device.write("GLOBAL", "IRQ_CAUSE", lease)
        self.assertEqual(self.device.read("GLOBAL", "IRQ_CAUSE"), 0)
