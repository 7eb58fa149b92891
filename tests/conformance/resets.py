# SPDX-License-Identifier: MIT
"""Section 16 of the manual: what each reset does to each register, as its tables say."""

import time

import chassis as dut
import manual
from functions import WithSlots

NEVER_REGISTERS = ("LEASE_BEAT", "VPC_RESET", "BEAT")


class WithState(WithSlots):
    """Everything that can be other than zero is, as far as commands can make it so."""

    def setUp(self):
        super().setUp()
        given = dut.vnic(self.sriov, TX_CIR=10 ** 9, TX_PIR=2 * 10 ** 9, RX_CIR=10 ** 9, RX_PIR=10 ** 9, TX_CBS=1,
                         TX_PBS=2, RX_CBS=3, RX_PBS=4, SCHEDULER=0x350007, VLAN=2 | 9 << 16, VLAN_RANGES=1,
                         VLAN_RANGE=b"\1\0\2\0")
        self.function = self.bound(self.two, given)
        disk = self.make(dut.vdisk(self.disk))
        self.bind(disk, self.two, 1)
        self.functions = {self.sriov: self.function, self.disk: disk}
        self.server_port = self.device.read("SERVER", "PORT_0", self.two)
        self.a.write("WINDOW", 2 | self.function << 16)
        self.a.write("IRQ_MASK", 0xf)
        self.device.write("GLOBAL", "IRQ_MASK", 7)
        self.expect("OK", self.a, "SLOT_CONTROL", target=self.sriov, args=(4,))
        self.chassis.tell("events 70")
        dut.vfio.wait_until(lambda: self.a.read("EVT_LOST") > 0)
        self.device.write("GLOBAL", "LEASE_BEAT", self.a.lease)

    def instances(self):
        """The instances that the tables are held against."""
        return [("GLOBAL", 0), ("QUEUE", 0), ("PORT", self.server_port), ("PORT", self.slot(self.sriov)["PORT"]),
                ("SERVER", self.two), ("SLOT", self.sriov), ("SLOT", self.disk), ("FUNCTION", self.function),
                ("FUNCTION", self.functions[self.disk])]

    def snapshot(self, instances):
        return {(block, index): self.device.record(block, index) for block, index in instances}

    def holds(self, what, block, before, after):
        """Whether a register did what the table says; True for what cannot be told."""
        if what == "KEEP":
            return after == before
        if what == "ZERO":
            return not any(after) if isinstance(after, bytes) else after == 0
        if what == "NEW":
            return after != before
        if what == "NONE":
            return after == dut.NONE
        if what == "RESET":
            return bool(after & manual.bit(block, "IRQ_CAUSE", "RESET"))
        if what == "FAULT":
            return after & 0xf == dut.FAULT and not after & manual.bit("FUNCTION", "STATE", "LINK_UP")
        self.assertIn(what, ("LIVE", "NA"))
        return True

    def compare(self, column, before, moving=()):
        after = self.snapshot(before)
        for (block, index), registers in before.items():
            for register, was in registers.items():
                what = manual.RESETS[block][register][column]
                if (block, register) in moving or register in NEVER_REGISTERS:
                    continue
                now = after[block, index][register]
                self.assertTrue(self.holds(what, block, was, now),
                                f"{block}[{index}].{register} was {was} and is {now}, not {what}")
        return after


class Resets(WithState):
    CLOCKS = (("GLOBAL", "UPTIME"), ("GLOBAL", "LEASE_AGE"))

    def expect_set_reset(self, reset):
        before = self.snapshot(self.instances())
        self.assertEqual([name for name, value in before["QUEUE", 0].items()
                          if not value and name not in ("BEAT", "ERROR", "CMD_BASE", "PART_OFFSET")], [])
        reset()
        self.compare("set", before, self.CLOCKS)
        self.assertEqual(self.b.run("NOP", lease=0).status, 0)

    def test_set_reset(self):
        self.expect_set_reset(self.a.reset)

    def test_set_reset_by_writing_0_to_owner(self):
        self.expect_set_reset(lambda: self.a.write("OWNER", 0))

    def test_function_level_reset_by_message(self):
        self.expect_set_reset(lambda: self.device.client.request(dut.vfio.RESET))

    def test_function_level_reset_by_device_control(self):
        config = self.device.client
        at = config.read(dut.vfio.CONFIG, 0x34, 1)[0]
        while config.read(dut.vfio.CONFIG, at, 1)[0] != 0x10:
            at = config.read(dut.vfio.CONFIG, at + 1, 1)[0]
        config.write(dut.vfio.CONFIG, 4, b"\6\0")
        self.assertEqual(config.read(dut.vfio.CONFIG, 4, 2), b"\6\0")
        self.expect_set_reset(lambda: config.write(dut.vfio.CONFIG, at + 8, b"\0\x80"))
        self.assertEqual(config.read(dut.vfio.CONFIG, 4, 2), b"\0\0")

    def test_end_of_connection(self):
        device, self.device = self.device, self.b.device
        self.addCleanup(setattr, self, "device", device)
        before = self.snapshot(self.instances())
        device.close()
        dut.vfio.wait_until(lambda: self.device.read("QUEUE", "OWNER") == 0)
        self.compare("set", before, self.CLOCKS)

    def expect_all_gone(self, column, reset):
        sequence = self.b.read("EVT_SEQUENCE")
        change = self.device.read("GLOBAL", "CHANGE")
        before = self.snapshot(self.instances())
        reset()
        dut.vfio.wait_until(lambda: self.device.field("GLOBAL", "STATUS", "READY"))
        after = self.compare(column, before, (("GLOBAL", "UPTIME"), ("GLOBAL", "CHANGE")))
        self.assertLess(after["GLOBAL", 0]["UPTIME"], before["GLOBAL", 0]["UPTIME"])
        self.assertGreater(self.a.read("EVT_SEQUENCE"), sequence)
        self.assertEqual([f for f in range(8) if self.device.life(f)], [])
        log = dut.Set(self.b.device, 1)
        done = log.run("LOG", args=(2, 0), data=65536)
        raw = log.get(dut.DATA, done.result)
        events = [dut.Event(*dut.EVENT.unpack(raw[i:i + 64])) for i in range(0, len(raw), 64)]
        told = [e for e in events if e.type == manual.EVENTS["RESET"]]
        dut.seen["event"].add("RESET")
        self.assertEqual(told[-1].value, self.device.read("GLOBAL", "BOOT_ID"))
        log.reset()
        return change, after["GLOBAL", 0]["CHANGE"]

    def test_vpc_reset(self):
        before, after = self.expect_all_gone(
            "vpc", lambda: self.device.write("GLOBAL", "VPC_RESET", self.a.lease))
        self.assertGreater(after, before)

    def test_vpc_reset_without_a_lease(self):
        self.expect("OK", self.a, "LEASE_RELEASE")
        self.expect_all_gone("vpc", lambda: self.device.write("GLOBAL", "VPC_RESET", 1))

    def test_power_cycle(self):
        self.device.client.write(dut.vfio.CONFIG, 4, b"\6\0")
        before, after = self.expect_all_gone("power", lambda: self.chassis.tell("power-cycle"))
        self.assertLess(after, before)
        self.assertEqual(self.device.client.read(dut.vfio.CONFIG, 4, 2), b"\0\0")

    def test_outcomes_are_forgotten(self):
        made = self.create()
        self.device.write("GLOBAL", "VPC_RESET", self.a.lease)
        other = dut.Set(self.device, 0)
        self.assertEqual(other.outcome(self.a.lease, made.number)[0], "UNKNOWN_TAG")
        self.assertEqual(self.status(other.claim()), "OK")

    def test_command_at_work_is_forgotten(self):
        self.chassis.tell(f"server {self.two} stuck")
        self.a.post("FUNCTION_UNBIND", target=self.function)
        dut.vfio.wait_until(lambda: self.device.life(self.function) == dut.UNBINDING)
        self.device.write("GLOBAL", "VPC_RESET", self.a.lease)
        self.chassis.tell(f"server {self.two} free")
        other = dut.Set(self.device, 0)
        self.assertEqual(self.status(other.claim()), "OK")
        time.sleep(0.05)
        self.assertEqual(other.read("CPL_TAIL"), 1)


class Removal(WithState):
    def setUp(self):
        super().setUp()
        self.a.write("EVT_HEAD", self.a.read("EVT_TAIL"))
        self.a.evt_taken = self.a.read("EVT_TAIL")

    def test_adapter_pulled(self):
        before = self.snapshot([("SLOT", self.sriov), ("FUNCTION", self.function)])
        disk = self.record(self.functions[self.disk])
        self.chassis.tell(f"pull {self.sriov}")
        _, earlier = self.a.await_event("FUNCTION_FAULT", self.function)
        self.assertIn("SLOT_REMOVED", [e.type for e in earlier])
        self.compare("removal", before)
        self.assertEqual(self.record(self.functions[self.disk]), disk)
        self.assertEqual(self.record(self.function)["STATUS"], manual.STATUS["ADAPTER_GONE"])
        self.a.write("WINDOW", 1 | self.sriov << 16)
        self.assertEqual(self.a.read("WINDOW_STATUS"), 2)
        self.chassis.tell(f"insert {self.sriov}")
        self.a.await_event("SLOT_INSERTED", self.sriov)
        self.assertEqual(self.device.life(self.function), dut.FAULT)
        self.expect("OK", self.a, "FUNCTION_UNBIND", target=self.function)
        self.bind(self.function, self.two)

    def test_another_adapter_is_not_the_same(self):
        self.chassis.tell(f"pull {self.sriov}")
        self.chassis.tell(f"insert {self.sriov} intel-82599es")
        self.a.await_event("SLOT_INSERTED", self.sriov)
        self.expect("OK", self.a, "FUNCTION_UNBIND", target=self.function)
        self.bind(self.function, self.two, status="ADAPTER_GONE")
        self.expect("OK", self.a, "FUNCTION_DESTROY", target=self.function)
        self.make(dut.vnic(self.sriov))

    def test_fault_can_be_destroyed(self):
        self.chassis.tell(f"pull {self.sriov}")
        self.a.await_event("FUNCTION_FAULT", self.function)
        used = self.device.read("SERVER", "HOTPLUG_USED", self.two)
        self.expect("OK", self.a, "FUNCTION_DESTROY", target=self.function)
        self.assertEqual(self.device.read("SERVER", "HOTPLUG_USED", self.two), used - 1)
        self.chassis.tell(f"insert {self.sriov}")

    def test_cable_pulled(self):
        before = self.snapshot([("PORT", self.server_port)])
        self.chassis.tell(f"link {self.server_port} down")
        self.a.await_event("PORT_LINK_DOWN", self.server_port)
        self.a.await_event("FUNCTION_LINK", self.function)
        self.compare("removal", before)
        self.assertEqual(self.device.life(self.function), dut.BOUND)
        self.chassis.tell(f"link {self.server_port} up")
        self.a.await_event("PORT_LINK_UP", self.server_port)

    def test_server_without_power(self):
        before = self.snapshot([("SERVER", self.two)])
        self.chassis.tell(f"server {self.two} off")
        self.a.await_event("SERVER_POWER_OFF", self.two)
        self.a.await_event("FUNCTION_LINK")
        self.compare("removal", before)
        self.assertEqual(self.device.life(self.function), dut.BOUND)
        self.chassis.tell(f"server {self.two} on")
        self.a.await_event("SERVER_POWER_ON", self.two)

    def test_in_the_middle_of_a_command(self):
        self.chassis.tell(f"server {self.two} stuck")
        self.addCleanup(self.chassis.tell, f"server {self.two} free")
        number = self.a.post("FUNCTION_UNBIND", target=self.function)
        dut.vfio.wait_until(lambda: self.device.life(self.function) == dut.UNBINDING)
        self.chassis.tell(f"pull {self.sriov}")
        self.addCleanup(self.chassis.tell, f"insert {self.sriov}")
        self.assertEqual(self.status(self.a.wait(number)), "ADAPTER_GONE")
        self.assertEqual(self.device.life(self.function), dut.FAULT)
