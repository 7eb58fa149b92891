# SPDX-License-Identifier: MIT
"""Sections 2 to 4 and 11 to 13 of the manual: PCI identity, access rules, records, windows."""

import struct
import unittest

import chassis as dut
import manual

WIDE_WRITABLE = ("OWNER", "CMD_BASE", "CPL_BASE", "EVT_BASE", "WINDOW")


class WithDevice(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.chassis = dut.Chassis()
        cls.addClassCleanup(cls.chassis.__exit__, None)

    def setUp(self):
        self.device = self.chassis.attach()
        self.addCleanup(self.device.close)

    def read(self, offset, size):
        return self.device.client.read(dut.REGISTERS, offset, size)


class Identity(WithDevice):
    def config(self, offset, size):
        return int.from_bytes(self.device.client.read(dut.vfio.CONFIG, offset, size), "little")

    def capabilities(self):
        found, at = {}, self.config(0x34, 1)
        while at:
            found[self.config(at, 1)] = at
            at = self.config(at + 1, 1)
        return found

    def test_header(self):
        self.assertEqual(self.config(0, 4), 0x40001a68)
        self.assertEqual(self.config(8, 4) >> 8, 0x088000)
        self.assertEqual(self.config(0x0e, 1), 0)
        self.assertEqual(self.config(0x3d, 1), 0)

    def test_bars(self):
        self.assertEqual([self.config(0x10 + 4 * bar, 4) & 0xf for bar in (0, 2, 4)], [0x4, 0xc, 0x4])
        sizes = [self.device.client.region_info(bar)[1] for bar in (0, 2, 4)]
        self.assertEqual((sizes[0], sizes[2]), (16 << 20, 4096))
        parts = sum(self.device.read("QUEUE", "PART_SIZE", i) for i in range(self.device.read("GLOBAL", "NUM_QUEUES")))
        self.assertTrue(sizes[1] & sizes[1] - 1 == 0 and sizes[1] >= parts)

    def test_capabilities(self):
        found = self.capabilities()
        self.assertTrue({0x01, 0x10, 0x11} <= found.keys(), found)
        self.assertTrue(self.config(found[0x01] + 4, 2) & 0x8, "No_Soft_Reset")
        self.assertTrue(self.config(found[0x10] + 4, 4) & 1 << 28, "function level reset")
        self.assertEqual(self.config(found[0x10] + 2, 2) >> 4 & 0xf, 0, "an endpoint")
        self.assertEqual(self.config(found[0x11] + 2, 2) & 0x7ff, 17 - 1)
        self.assertEqual((self.config(found[0x11] + 4, 4), self.config(found[0x11] + 8, 4)), (4, 0x804))

    def test_vendor_specific_extended_capability(self):
        at = 0x100
        while self.config(at, 4) & 0xffff != 0x000b:
            at = self.config(at, 4) >> 20
            self.assertGreaterEqual(at, 0x100)
        self.assertEqual(self.config(at, 4) >> 16 & 0xf, 1)
        self.assertEqual(self.config(at + 4, 4), 0x018 << 20 | 1 << 16 | 0x4956)
        self.assertEqual(self.config(at + 8, 4), self.device.read("GLOBAL", "VERSION"))
        self.assertEqual(self.config(at + 0xc, 4), 0x420)
        self.assertEqual(self.config(at + 0x10, 4), self.device.read("GLOBAL", "MAGIC"))
        self.assertEqual(self.config(at + 0x14, 4), self.device.read("GLOBAL", "NUM_QUEUES"))


class Limits(WithDevice):
    def test_identification(self):
        device = self.device
        self.assertEqual(device.client.read(dut.REGISTERS, 0, 4), b"VIO1")
        self.assertEqual(device.field("GLOBAL", "VERSION", "MAJOR"), 1)
        self.assertEqual(device.read("GLOBAL", "STATUS"), manual.bit("GLOBAL", "STATUS", "READY"))
        self.assertNotEqual(device.read("GLOBAL", "BOOT_ID"), 0)
        self.assertNotEqual(device.read("GLOBAL", "UUID"), bytes(16))

    def test_limits_fit_the_layout(self):
        device = self.device
        for block, number in (("QUEUE", "NUM_QUEUES"), ("PORT", "NUM_PORTS"), ("SERVER", "NUM_SERVERS"),
                              ("SLOT", "NUM_SLOTS"), ("FUNCTION", "NUM_FUNCTIONS")):
            self.assertLessEqual(device.read("GLOBAL", number), manual.BLOCKS[block].most)
            self.assertEqual(device.read("GLOBAL", f"{block}_BASE"), manual.BLOCKS[block].base)
        self.assertGreaterEqual(device.read("GLOBAL", "NUM_QUEUES"), 8)
        self.assertEqual(device.read("GLOBAL", "QUEUE_STRIDE"), manual.BLOCKS["QUEUE"].stride)
        sizes = ("COMMAND_SIZE", "COMPLETION_SIZE", "EVENT_SIZE", "RECORD_SIZE", "MAX_BATCH", "OUTCOMES", "MAX_DATA")
        self.assertEqual([device.read("GLOBAL", name) for name in sizes], [64, 32, 64, 512, 64, 4096, 65536])
        self.assertLessEqual(device.read("GLOBAL", "MAX_RING"), 4096)

    def test_parts_do_not_overlap(self):
        device = self.device
        parts = sorted((device.read("QUEUE", "PART_OFFSET", i), device.read("QUEUE", "PART_SIZE", i))
                       for i in range(device.read("GLOBAL", "NUM_QUEUES")))
        for (start, size), (following, _) in zip(parts, parts[1:]):
            self.assertLessEqual(start + size, following)

    def test_uptime_runs(self):
        before = self.device.read("GLOBAL", "UPTIME")
        dut.vfio.wait_until(lambda: self.device.read("GLOBAL", "UPTIME") > before)


class Access(WithDevice):
    def test_what_no_register_backs_reads_as_zero(self):
        for block in manual.BLOCKS:
            raw = bytearray(self.read(self.device.place(block), 512))
            for register in manual.REGISTERS[block].values():
                raw[register.offset:register.offset + register.size] = bytes(register.size)
            self.assertEqual(bytes(raw), bytes(512), block)
        self.assertEqual(self.read(0x200, 0x10000 - 0x200), bytes(0x10000 - 0x200))

    def test_absent_instances_read_as_zero(self):
        for block in ("PORT", "SERVER", "SLOT", "FUNCTION"):
            count, most = self.device.read("GLOBAL", f"NUM_{block}S"), manual.BLOCKS[block].most
            if count < most:
                self.assertEqual(self.read(self.device.place(block, index=count), 512), bytes(512))

    def test_free_context_reads_as_zero_but_for_its_number(self):
        last = self.device.read("GLOBAL", "NUM_FUNCTIONS") - 1
        self.assertEqual(self.read(self.device.place("FUNCTION", index=last), 512),
                         struct.pack("<I", last) + bytes(508))

    def test_write_only_registers_read_as_zero(self):
        for block, registers in manual.REGISTERS.items():
            for name, register in registers.items():
                if register.access == "WO":
                    self.assertEqual(self.device.read(block, name), 0, name)

    def test_writes_to_what_is_read_only_are_ignored(self):
        moving = ("UPTIME", "LEASE_AGE")
        for block, registers in manual.REGISTERS.items():
            before = self.device.record(block)
            for register in registers.values():
                if register.access == "RO":
                    for at in range(0, register.size, 4):
                        self.device.client.write32(dut.REGISTERS, self.device.place(block) + register.offset + at,
                                                   dut.NONE)
            after = self.device.record(block)
            for name in registers:
                if name not in moving:
                    self.assertEqual(after[name], before[name], f"{block}.{name}")

    def test_writes_of_other_sizes_or_alignment_are_ignored(self):
        mask = self.device.place("GLOBAL", "IRQ_MASK")
        for offset, size in ((mask, 1), (mask, 2), (mask, 3), (mask - 1, 4), (mask + 1, 4), (mask - 2, 8), (mask - 8, 16),
                             (mask, 12)):
            self.device.client.write(dut.REGISTERS, offset, b"\xff" * size)
            self.assertEqual(self.device.read("GLOBAL", "IRQ_MASK"), 0, (offset, size))

    def test_write_of_8_bytes_writes_two_registers(self):
        self.device.write("QUEUE", "OWNER", 77)
        self.addCleanup(self.device.write, "QUEUE", "OWNER", 0)
        self.device.client.write64(dut.REGISTERS, self.device.place("QUEUE", "EVT_SIZE") - 0, 0x1_0000_0040)
        self.assertEqual(self.device.read("QUEUE", "EVT_SIZE"), 0x40)

    def test_reserved_bits_read_as_zero(self):
        self.device.write("GLOBAL", "IRQ_MASK", dut.NONE)
        self.assertEqual(self.device.read("GLOBAL", "IRQ_MASK"), 7)
        self.device.write("GLOBAL", "IRQ_MASK", 0)
        self.device.write("QUEUE", "OWNER", 77)
        self.addCleanup(self.device.write, "QUEUE", "OWNER", 0)
        for name, kept in (("IRQ_MASK", 0xf), ("CONTROL", manual.bit("QUEUE", "CONTROL", "HOST"))):
            self.device.write("QUEUE", name, dut.NONE & ~3 if name == "CONTROL" else dut.NONE)
            self.assertEqual(self.device.read("QUEUE", name), kept, name)
        self.device.write("QUEUE", "WINDOW", 2 ** 64 - 1)
        self.assertEqual(self.device.read("QUEUE", "WINDOW"), 0x0000ffffffff000f)

    def test_halves_take_effect_with_the_high_one(self):
        device, client = self.device, self.device.client
        at = device.place("QUEUE", "OWNER")
        client.write32(dut.REGISTERS, at, 0x1111)
        self.assertEqual(device.read("QUEUE", "OWNER"), 0)
        client.write32(dut.REGISTERS, at + 4, 0x2222)
        self.assertEqual(device.read("QUEUE", "OWNER"), 0x222200001111)
        for name in WIDE_WRITABLE[1:]:
            place = device.place("QUEUE", name)
            client.write32(dut.REGISTERS, place, 0x10000)
            self.assertEqual(device.read("QUEUE", name), 0, name)
            client.write32(dut.REGISTERS, place + 4, 0)
            self.assertEqual(device.read("QUEUE", name), 0x10000, name)
            client.write32(dut.REGISTERS, place + 4, 1)
            self.assertEqual(device.read("QUEUE", name), 0x10000, f"{name}: a high half alone has no effect")
        device.write("QUEUE", "OWNER", 0)

    def test_reads_have_any_size_and_alignment(self):
        whole = self.read(0, 0x30)
        for offset in range(0x10):
            for size in (1, 2, 3, 5, 8, 13, 32):
                self.assertEqual(self.read(offset, size), whole[offset:offset + size])
        ports = self.device.place("PORT")
        block = self.read(ports, 4 * 512)
        self.assertEqual([struct.unpack_from("<I", block, 512 * i)[0] for i in range(4)], [0, 1, 2, 3])
        start = 0x10000 - 8
        self.assertEqual(self.read(start, 16), self.read(start, 8) + self.read(start + 8, 8))

    def test_accesses_past_the_bar_fail(self):
        with self.assertRaises(dut.vfio.Refused):
            self.read((16 << 20) - 4, 8)


class Records(WithDevice):
    def test_each_knows_its_number(self):
        for block in ("PORT", "SERVER", "SLOT"):
            for index, record in enumerate(self.device.records(block)):
                self.assertEqual(record["INDEX"], index)
                self.assertNotEqual(record["GENERATION"] & dut.NONE, 0)
                self.assertTrue(dut.text_of(record["LABEL"]))

    def test_owners_and_ports_name_each_other(self):
        ports = self.device.records("PORT")
        for server in self.device.records("SERVER"):
            numbers = [server["PORT_0"], server["PORT_1"]][:server["PATHS"]]
            for path, number in enumerate(numbers):
                port = ports[number]
                self.assertEqual((port["TYPE"], port["OWNER"], port["PATH"], port["VH"]),
                                 (1, server["INDEX"], path, server["INDEX"]))
            if server["PATHS"] == 1:
                self.assertEqual(server["PORT_1"], dut.NONE)
        for slot in self.device.records("SLOT"):
            port = ports[slot["PORT"]]
            self.assertEqual((port["TYPE"], port["OWNER"], port["VH"]), (2, slot["INDEX"], dut.NONE))
            for path in range(slot["EXTERNALS"]):
                port = ports[slot["FIRST_EXTERNAL"] + path]
                self.assertEqual((port["TYPE"], port["OWNER"], port["PATH"], port["VH"], port["SPEED"]),
                                 (3, slot["INDEX"], path, dut.NONE, 0))
            self.assertEqual(slot["EXTERNALS"] == 0, slot["FIRST_EXTERNAL"] == dut.NONE)

    def test_generations_are_never_given_twice(self):
        given = [r["GENERATION"] for block in ("PORT", "SERVER", "SLOT") for r in self.device.records(block)]
        self.assertEqual(len(given), len(set(given)))

    def test_capacity_is_that_of_the_link(self):
        for port in self.device.records("PORT"):
            up = manual.field("PORT", "STATE", "LINK_UP", port["STATE"])
            self.assertEqual(bool(up), port["CAPACITY"] > 0)
            self.assertLessEqual(port["WIDTH"] & 0xffff, port["WIDTH"] >> 16)


class Windows(WithDevice):
    """Section 13, for what is there without a function; functions.py has the rest."""

    def setUp(self):
        super().setUp()
        self.queue = dut.Set(self.device, 0)
        self.addCleanup(self.queue.write, "OWNER", 0)

    def window(self, kind, index, bdf=0):
        self.queue.write("WINDOW", kind | index << 16 | bdf << 32)
        return self.queue.read("WINDOW_STATUS"), self.read(self.device.place("QUEUE") + 0x1000, 0x1000)

    def test_nothing_selected(self):
        self.assertEqual(self.window(0, 0), (0, b"\xff" * 0x1000))

    def test_adapter(self):
        for slot in self.device.records("SLOT"):
            status, space = self.window(1, slot["INDEX"])
            self.assertEqual(status, 1)
            self.assertEqual(struct.unpack_from("<I", space)[0], slot["ID"])
            self.assertEqual(struct.unpack_from("<I", space, 8)[0], slot["CLASS"])
            self.assertEqual(struct.unpack_from("<I", space, 0x2c)[0], slot["SUBSYSTEM"])

    def test_absent_ones_read_as_ones(self):
        absent = [(1, self.device.read("GLOBAL", "NUM_SLOTS")), (2, 0), (2, 0xffff), (3, 0xffff), (3, 0, 0xffff),
                  (4, 0), (15, 0)]
        for where in absent:
            self.assertEqual(self.window(*where), (2, b"\xff" * 0x1000), where)

    def test_hierarchy_holds_its_bridges(self):
        server = self.device.record("SERVER")
        bridges = 0
        for bus in range(4):
            for function in range(256):
                status, space = self.window(3, 0, bus << 8 | function)
                if status != 1:
                    continue
                bridges += 1
                self.assertEqual((struct.unpack_from("<H", space)[0], space[0x0e] & 0x7f), (0x1a68, 1))
                self.assertEqual(space[0x0b], 6)
        self.assertEqual(bridges, server["BRIDGES"])
        self.assertEqual(bridges, server["HOTPLUG_SLOTS"] + 2)

    def test_windows_are_read_only_and_each_sets_own(self):
        _, before = self.window(3, 0)
        self.device.client.write32(dut.REGISTERS, self.device.place("QUEUE") + 0x1004, 0x7)
        self.assertEqual(self.read(self.device.place("QUEUE") + 0x1000, 0x1000), before)
        self.assertEqual(self.device.read("QUEUE", "WINDOW", 1), 0)
        self.assertEqual(self.read(self.device.place("QUEUE", index=1) + 0x1000, 4), b"\xff" * 4)
