# SPDX-License-Identifier: MIT
"""Sections 7, 10 to 15 of the manual: what the commands do to functions, ports and slots."""

import random
import struct
import tempfile

import chassis as dut
import manual
from leases import WithSets

UP = manual.bit("FUNCTION", "STATE", "LINK_UP")
ENABLED = manual.bit("FUNCTION", "STATE", "ENABLED")
G = 10 ** 9
FEW = """
name: few
limits: {functions: 5}
servers: [{name: a, paths: 1, hotplug-slots: 2, power: on, speed: 3, lanes: 8}]
slots: [{name: s, adapter: intel-82599es, speed: 3, lanes: 8}]
"""


class WithSlots(WithSets):
    def setUp(self):
        super().setUp()
        slots = self.device.records("SLOT")
        self.proxied = next(s["INDEX"] for s in slots if s["KIND"] == dut.VNIC and s["SHARING"] == 2)
        self.sriov = next(s["INDEX"] for s in slots if s["KIND"] == dut.VNIC and s["SHARING"] == 1)
        self.hba = next(s["INDEX"] for s in slots if s["KIND"] == dut.VHBA)
        self.disk = next(s["INDEX"] for s in slots if s["KIND"] == dut.VDISK)
        self.two = next(s["INDEX"] for s in self.device.records("SERVER") if s["PATHS"] == 2)
        self.one = next(s["INDEX"] for s in self.device.records("SERVER") if s["PATHS"] == 1)
        # Links that earlier misfortunes cut are up again.
        dut.vfio.wait_until(lambda: all(p["STATE"] & 1 for p in self.device.records("PORT") if p["TYPE"] == 1))
        for slot in slots:
            dut.vfio.wait_until(lambda slot=slot: self.port(slot["PORT"]) & 1)
            if slot["EXTERNALS"]:
                dut.vfio.wait_until(lambda slot=slot: self.port(slot["FIRST_EXTERNAL"]) & 1)
        self.a.events()

    def port(self, index):
        return self.device.read("PORT", "STATE", index)

    def record(self, function):
        return self.device.record("FUNCTION", function)

    def slot(self, index):
        return self.device.record("SLOT", index)

    def make(self, record):
        return self.expect("OK", self.a, "FUNCTION_CREATE", data=record).result

    def bind(self, function, server, path=0, slot=dut.NONE, status="OK"):
        return self.expect(status, self.a, "FUNCTION_BIND", target=function, args=(server, path, slot))

    def bound(self, server=None, record=None):
        function = self.make(record or dut.vnic(self.sriov))
        self.bind(function, self.one if server is None else server)
        return function

    def kinds(self):
        return [event.type for event in self.a.events()]

    def refused(self, status, detail, command, record, **fields):
        done = self.expect(status, self.a, command, data=record, **fields)
        if detail:
            self.assertEqual(done.detail, manual.REGISTERS["FUNCTION"][detail].offset, (command, detail))
        return done


class Create(WithSlots):
    def test_record_says_what_was_wanted(self):
        given = dut.vnic(self.sriov, TX_CIR=G, TX_PIR=2 * G, TX_CBS=3000, RX_CIR=G // 2, SCHEDULER=7 | 3 << 16,
                         VLAN=1 | 100 << 16)
        before = self.slot(self.sriov)
        done = self.expect("OK", self.a, "FUNCTION_CREATE", data=given)
        want, have = dut.unpack("FUNCTION", given), self.record(done.result)
        for name in ("KIND", "SLOT", "COOKIE", "ADDRESS", "NODE_ADDRESS", "SIZE", "VLAN", "VLAN_RANGES", "VLAN_RANGE",
                     "TX_CIR", "TX_CBS", "TX_PIR", "TX_PBS", "RX_CIR", "RX_CBS", "RX_PIR", "RX_PBS", "SCHEDULER",
                     "LABEL"):
            self.assertEqual(have[name], want[name], name)
        self.assertEqual(have["STATE"], dut.DETACHED | ENABLED)
        self.assertEqual([have[n] for n in ("SERVER", "BDF", "HOTPLUG_SLOT", "PATH", "STATUS")], [dut.NONE] * 3 + [0, 0])
        self.assertEqual([have[n] for n in have if n.endswith(("BYTES", "FRAMES", "DROPS"))], [0] * 6)
        self.assertEqual((done.generation, have["INDEX"]), (have["GENERATION"], done.result))
        after = self.slot(self.sriov)
        self.assertEqual(after["USED_FUNCTIONS"], before["USED_FUNCTIONS"] + 1)
        self.assertEqual((after["TX_COMMITTED"], after["RX_COMMITTED"]), (G, G // 2))
        event, = self.a.events()
        self.assertEqual((event.type, event.index, event.cookie, event.server, event.slot, event.value),
                         ("FUNCTION_CREATED", done.result, have["COOKIE"], dut.NONE, self.sriov, have["STATE"]))

    def test_vf_or_proxy(self):
        self.assertLess(self.record(self.make(dut.vnic(self.sriov)))["VF"], self.slot(self.sriov)["TOTAL_VFS"])
        self.assertEqual(self.record(self.make(dut.vnic(self.proxied)))["VF"], dut.NONE)

    def test_wrong_data(self):
        wrong = (("KIND", {"KIND": dut.VHBA}), ("KIND", {"KIND": 0}), ("KIND", {"KIND": 9}), ("COOKIE", {"COOKIE": bytes(16)}),
                 ("LABEL", {"LABEL": b"x" * 64}), ("LABEL", {"LABEL": b"\xff"}), ("LABEL", {"LABEL": b"a\0b"}),
                 ("SIZE", {"SIZE": 512}), ("VLAN", {"VLAN": 3}), ("VLAN", {"VLAN": 1}), ("VLAN", {"VLAN": 1 | 4095 << 16}),
                 ("VLAN_RANGES", {"VLAN": 2, "VLAN_RANGES": 17}), ("VLAN_RANGES", {"VLAN_RANGES": 1}),
                 ("TX_PIR", {"TX_CIR": G, "TX_PIR": G - 1}), ("RX_PIR", {"RX_CIR": G, "RX_PIR": 1}),
                 ("SCHEDULER", {"SCHEDULER": 1 << 31}))
        for detail, fields in wrong:
            self.refused("INVALID_DATA", detail, "FUNCTION_CREATE", dut.vnic(self.sriov, **fields))
        for size in (0, 513, 511):
            self.refused("INVALID_DATA", "SIZE", "FUNCTION_CREATE", dut.vdisk(self.disk, SIZE=size))
        self.assertEqual(self.a.events(), [])

    def test_wrong_identities(self):
        multicast, other = dut.address(1, b"\x03" + bytes(5)), dut.address(4, random.randbytes(16))
        for address in (multicast, dut.address(1, bytes(6)), other, bytes(40), dut.mac()[:39] + b"\1",
                        b"\1\7" + dut.mac()[2:], b"\1\6\1" + dut.mac()[3:]):
            self.refused("ADDRESS_INVALID", "ADDRESS", "FUNCTION_CREATE", dut.vnic(self.sriov, ADDRESS=address))
        self.refused("ADDRESS_INVALID", "NODE_ADDRESS", "FUNCTION_CREATE", dut.vnic(self.sriov, NODE_ADDRESS=dut.wwn()))
        for naa in (0, 3, 4, 7, 15):
            wwn = dut.address(3, bytes([naa << 4]) + random.randbytes(7))
            self.refused("ADDRESS_INVALID", "ADDRESS", "FUNCTION_CREATE", dut.vhba(self.hba, ADDRESS=wwn))
            self.refused("ADDRESS_INVALID", "NODE_ADDRESS", "FUNCTION_CREATE", dut.vhba(self.hba, NODE_ADDRESS=wwn))

    def test_identity_and_cookie_are_unique(self):
        first = dut.vhba(self.hba)
        want = dut.unpack("FUNCTION", first)
        function = self.make(first)
        done = self.refused("EXISTS", None, "FUNCTION_CREATE", first)
        self.assertEqual(done.result, function)
        done = self.refused("ADDRESS_IN_USE", None, "FUNCTION_CREATE", dut.vhba(self.hba, ADDRESS=want["ADDRESS"]))
        self.assertEqual(done.result, function)
        self.make(dut.vhba(self.hba, NODE_ADDRESS=want["NODE_ADDRESS"]))
        self.expect("OK", self.a, "FUNCTION_DESTROY", target=function)
        self.make(first)

    def test_what_an_adapter_can_give(self):
        self.refused("INVALID_TARGET", None, "FUNCTION_CREATE", dut.vnic(self.device.read("GLOBAL", "NUM_SLOTS")))
        most = self.slot(self.proxied)["MAX_FUNCTIONS"]
        for _ in range(most):
            self.make(dut.vnic(self.proxied))
            self.a.events()
        self.expect("NO_VF", self.a, "FUNCTION_CREATE", data=dut.vnic(self.proxied))
        space = self.slot(self.disk)["SPACE"]
        first = self.make(dut.vdisk(self.disk, SIZE=space // 1024 * 512))
        self.expect("NO_SPACE", self.a, "FUNCTION_CREATE", data=dut.vdisk(self.disk, SIZE=space // 512 * 512))
        self.assertEqual(self.slot(self.disk)["SPACE_USED"], space // 1024 * 512)
        self.expect("OK", self.a, "FUNCTION_DESTROY", target=first, flags=dut.ERASE)
        self.assertEqual(self.slot(self.disk)["SPACE_USED"], 0)

    def test_guarantees_fit_the_links(self):
        capacity = self.slot(self.sriov)["CAPACITY"]
        done = self.expect("NO_CAPACITY", self.a, "FUNCTION_CREATE", data=dut.vnic(self.sriov, TX_CIR=capacity + 1))
        self.assertEqual(self.device.read("PORT", "OWNER", done.result), self.sriov)
        self.make(dut.vnic(self.sriov, TX_CIR=capacity))
        self.expect("NO_CAPACITY", self.a, "FUNCTION_CREATE", data=dut.vnic(self.sriov, TX_CIR=1))
        self.expect("NO_CAPACITY", self.a, "FUNCTION_CREATE", data=dut.vnic(self.sriov, RX_CIR=2 ** 64 - 1))
        self.make(dut.vnic(self.sriov, RX_CIR=capacity))

    def test_settings_that_the_adapter_lacks(self):
        caps = self.slot(self.hba)["CAPS"]
        self.assertFalse(caps & manual.bit("SLOT", "CAPS", "VLAN_ACCESS"))
        self.refused("NOT_SUPPORTED", None, "FUNCTION_CREATE", dut.vhba(self.hba, VLAN=1 | 5 << 16))


class Destroy(WithSlots):
    def test_context_is_free_afterwards(self):
        function = self.make(dut.vnic(self.sriov))
        generation = self.record(function)["GENERATION"]
        self.a.events()
        self.expect("STALE", self.a, "FUNCTION_DESTROY", target=function, generation=generation - 1)
        self.expect("OK", self.a, "FUNCTION_DESTROY", target=function, generation=generation)
        self.assertEqual(self.kinds(), ["FUNCTION_DESTROYED"])
        raw = self.device.client.read(dut.REGISTERS, self.device.place("FUNCTION", index=function), 512)
        self.assertEqual(raw, struct.pack("<I", function) + bytes(508))
        self.expect("INVALID_TARGET", self.a, "FUNCTION_DESTROY", target=function)
        again = self.make(dut.vnic(self.sriov))
        self.assertEqual(again, function)
        self.assertGreater(self.record(again)["GENERATION"], generation)

    def test_bound_function_is_kept(self):
        function = self.bound()
        done = self.expect("STATE", self.a, "FUNCTION_DESTROY", target=function)
        self.assertEqual(done.result, self.record(function)["STATE"])


class Bind(WithSlots):
    def test_function_appears_in_its_server(self):
        for record in (dut.vnic(self.sriov), dut.vnic(self.proxied), dut.vhba(self.hba), dut.vdisk(self.disk)):
            function = self.make(record)
            self.a.events()
            server = self.device.record("SERVER", self.one)
            done = self.bind(function, self.one)
            have = self.record(function)
            self.assertEqual((have["SERVER"], have["PATH"], have["BDF"], have["HOTPLUG_SLOT"]),
                             (self.one, 0, done.result, done.detail))
            self.assertEqual(have["STATE"], dut.BOUND | ENABLED | UP)
            self.assertEqual(have["GENERATION"], done.generation)
            self.assertEqual(self.device.read("SERVER", "HOTPLUG_USED", self.one), server["HOTPLUG_USED"] + 1)
            events = self.a.events()
            self.assertEqual([e.type for e in events], ["FUNCTION_BOUND", "FUNCTION_LINK"])
            self.assertEqual((events[0].server, events[0].slot, events[0].cookie),
                             (self.one, have["SLOT"], have["COOKIE"]))
            self.a.write("WINDOW", 2 | function << 16)
            self.assertEqual(self.a.read("WINDOW_STATUS"), 1)
            window = self.device.place("QUEUE") + 0x1000
            space = self.device.client.read(dut.REGISTERS, window, 4096)
            slot = self.slot(have["SLOT"])
            self.assertEqual(struct.unpack_from("<I", space, 8)[0], slot["CLASS"])
            self.assertEqual(struct.unpack_from("<I", space)[0] & 0xffff, slot["ID"] & 0xffff)
            self.assertFalse(space[0x0e] & 0x80, "it is a single function")
            self.assertNotIn(0x0010, self.extended(space), "SR-IOV is hidden")
            self.assertNotIn(0x000e, self.extended(space), "ARI is hidden")
            self.a.write("WINDOW", 3 | self.one << 16 | done.result << 32)
            self.assertEqual(self.device.client.read(dut.REGISTERS, window, 4096), space)

    def extended(self, space):
        found, at = set(), 0x100
        while at and struct.unpack_from("<I", space, at)[0]:
            header = struct.unpack_from("<I", space, at)[0]
            found.add(header & 0xffff)
            at = header >> 20
        return found

    def test_again_is_fine_elsewhere_is_not(self):
        function = self.make(dut.vnic(self.sriov))
        done = self.bind(function, self.two, 1, 3)
        self.assertEqual((done.detail, self.record(function)["PATH"]), (3, 1))
        self.a.events()
        generation = self.record(function)["GENERATION"]
        self.assertEqual(self.bind(function, self.two, 1).result, done.result)
        self.assertEqual(self.bind(function, self.two, 1, 3).detail, 3)
        for where in ((self.two, 0), (self.one, 0), (self.two, 1, 4)):
            refused = self.bind(function, *where, status="STATE")
            self.assertEqual(refused.result, self.record(function)["STATE"])
        self.assertEqual(self.record(function)["GENERATION"], generation)
        self.assertEqual(self.kinds(), [])

    def test_places_that_are_none(self):
        function = self.make(dut.vnic(self.sriov))
        slots = self.device.read("SERVER", "HOTPLUG_SLOTS", self.one)
        self.assertEqual(self.bind(function, self.one, 0, slots, "INVALID_FIELD").detail, 0x20)
        self.assertEqual(self.bind(function, self.one, 2, status="INVALID_FIELD").detail, 0x1c)
        self.bind(function, self.one, 1, status="SERVER_GONE")
        self.bind(function, self.device.read("GLOBAL", "NUM_SERVERS"), status="SERVER_GONE")
        self.expect("INVALID_TARGET", self.a, "FUNCTION_BIND", target=function + 1)
        done = self.expect("STALE", self.a, "FUNCTION_BIND", target=function, generation=1)
        self.assertEqual(done.result, self.record(function)["GENERATION"] & dut.NONE)

    def test_hot_plug_slots_run_out(self):
        slots = self.device.read("SERVER", "HOTPLUG_SLOTS", self.one)
        functions = [self.make(dut.vnic(self.sriov)) for _ in range(slots + 1)]
        taken = [self.bind(f, self.one).detail for f in functions[:slots]]
        self.assertEqual(taken, list(range(slots)))
        self.bind(functions[slots], self.one, status="NO_HOTPLUG_SLOT")
        self.expect("OK", self.a, "FUNCTION_UNBIND", target=functions[5])
        self.bind(functions[slots], self.one, 0, 4, "NO_HOTPLUG_SLOT")
        self.assertEqual(self.bind(functions[slots], self.one).detail, 5)

    def test_guarantees_fit_the_servers_link(self):
        port = self.device.read("SERVER", "PORT_0", self.one)
        capacity = self.device.read("PORT", "CAPACITY", port)
        nics = [s for s in self.device.records("SLOT") if s["KIND"] == dut.VNIC]
        committed, function = 0, None
        for slot in nics:
            rate = min(slot["CAPACITY"], capacity)
            function = self.make(dut.vnic(slot["INDEX"], TX_CIR=rate))
            if committed + rate > capacity:
                self.assertEqual(self.bind(function, self.one, status="NO_CAPACITY").result, port)
                self.assertEqual(self.device.life(function), dut.DETACHED)
                break
            self.bind(function, self.one)
            committed += rate
            self.assertEqual(self.device.read("PORT", "TX_COMMITTED", port), committed)
        else:
            self.fail("the adapters together are no more than the server's link")

    def test_server_without_power_finds_it_later(self):
        self.chassis.tell(f"server {self.one} off")
        self.addCleanup(self.chassis.tell, f"server {self.one} on")
        function = self.bound()
        self.assertEqual(self.record(function)["STATE"], dut.BOUND | ENABLED)
        self.chassis.tell(f"server {self.one} on")
        event, before = self.a.await_event("FUNCTION_LINK")
        self.assertTrue(event.value & UP)
        self.assertIn("SERVER_POWER_ON", [e.type for e in before])


class Unbind(WithSlots):
    def test_function_is_detached(self):
        for flags in (0, dut.FORCE):
            function = self.bound()
            address = self.record(function)["ADDRESS"]
            self.a.events()
            self.expect("OK", self.a, "FUNCTION_UNBIND", target=function, flags=flags)
            have = self.record(function)
            self.assertEqual([have[n] for n in ("SERVER", "BDF", "HOTPLUG_SLOT", "PATH")], [dut.NONE] * 3 + [0])
            self.assertEqual((have["STATE"], have["ADDRESS"]), (dut.DETACHED | ENABLED, address))
            events = self.a.events()
            self.assertEqual(sorted(e.type for e in events), ["FUNCTION_LINK", "FUNCTION_UNBOUND"])
            self.assertEqual({e.server for e in events}, {self.one})
            self.assertEqual(self.device.read("SERVER", "HOTPLUG_USED", self.one), 0)
            self.a.write("WINDOW", 2 | function << 16)
            self.assertEqual(self.a.read("WINDOW_STATUS"), 2)
            self.expect("OK", self.a, "FUNCTION_UNBIND", target=function, flags=flags)
            self.assertEqual(self.kinds(), [])
            self.expect("OK", self.a, "FUNCTION_DESTROY", target=function)


class Settings(WithSlots):
    def test_identity(self):
        first, second = self.make(dut.vnic(self.sriov)), self.bound()
        self.a.events()
        address = dut.mac()
        done = self.expect("OK", self.a, "FUNCTION_SET_IDENTITY", target=second, data=dut.function(ADDRESS=address))
        self.assertEqual((self.record(second)["ADDRESS"], done.generation), (address, self.record(second)["GENERATION"]))
        self.assertEqual(self.kinds(), ["FUNCTION_CHANGED"])
        self.expect("OK", self.a, "FUNCTION_SET_IDENTITY", target=second, data=dut.function(ADDRESS=address))
        self.assertEqual((self.kinds(), self.record(second)["GENERATION"]), ([], done.generation))
        done = self.expect("ADDRESS_IN_USE", self.a, "FUNCTION_SET_IDENTITY", target=first,
                           data=dut.function(ADDRESS=address))
        self.assertEqual(done.result, second)
        self.expect("ADDRESS_INVALID", self.a, "FUNCTION_SET_IDENTITY", target=first, data=bytes(512))
        hba = self.bound(record=dut.vhba(self.hba))
        self.assertFalse(self.slot(self.hba)["CAPS"] & manual.bit("SLOT", "CAPS", "LIVE_ADDRESS"))
        data = dut.function(ADDRESS=dut.wwn(), NODE_ADDRESS=dut.wwn())
        self.expect("STATE", self.a, "FUNCTION_SET_IDENTITY", target=hba, data=data)
        self.expect("OK", self.a, "FUNCTION_UNBIND", target=hba)
        self.expect("OK", self.a, "FUNCTION_SET_IDENTITY", target=hba, data=data)

    def test_qos(self):
        function = self.bound()
        port = self.device.read("SERVER", "PORT_0", self.one)
        self.a.events()
        wanted = {"TX_CIR": G, "TX_PIR": G, "RX_CIR": 2 * G, "RX_PBS": 9000, "SCHEDULER": 0x300000 | 5}
        self.expect("OK", self.a, "FUNCTION_SET_QOS", target=function, data=dut.function(**wanted))
        have = self.record(function)
        self.assertEqual({name: have[name] for name in wanted}, wanted)
        self.assertEqual(self.kinds(), ["FUNCTION_CHANGED"])
        for block, index in (("SLOT", self.sriov), ("PORT", port), ("PORT", self.slot(self.sriov)["PORT"])):
            self.assertEqual((self.device.read(block, "TX_COMMITTED", index),
                              self.device.read(block, "RX_COMMITTED", index)), (G, 2 * G))
        self.refused("INVALID_DATA", "SCHEDULER", "FUNCTION_SET_QOS", dut.function(SCHEDULER=1 << 19), target=function)
        self.refused("INVALID_DATA", None, "FUNCTION_SET_QOS", dut.function(TX_CIR=2, TX_PIR=1), target=function)
        self.expect("NO_CAPACITY", self.a, "FUNCTION_SET_QOS", target=function, data=dut.function(TX_CIR=1 << 60))
        self.assertEqual(self.record(function), have)
        self.expect("OK", self.a, "FUNCTION_SET_QOS", target=function, data=bytes(512))
        self.assertEqual(self.slot(self.sriov)["TX_COMMITTED"], 0)

    def test_vlan(self):
        function = self.make(dut.vnic(self.sriov))
        self.a.events()
        ranges = struct.pack("<HHHH", 1, 10, 20, 4094)
        trunk = {"VLAN": 2 | 7 << 16, "VLAN_RANGES": 2, "VLAN_RANGE": ranges.ljust(64, b"\0")}
        self.expect("OK", self.a, "FUNCTION_SET_VLAN", target=function, data=dut.function(**trunk))
        have = self.record(function)
        self.assertEqual({name: have[name] for name in trunk}, trunk)
        self.assertEqual(self.kinds(), ["FUNCTION_CHANGED"])
        for first in ((10, 1, 20, 30), (1, 10, 10, 30), (20, 30, 1, 2), (0, 10, 20, 30), (1, 10, 20, 4095)):
            self.refused("INVALID_DATA", None, "FUNCTION_SET_VLAN", target=function, record=dut.function(
                VLAN=2, VLAN_RANGES=2, VLAN_RANGE=struct.pack("<HHHH", *first)))
        self.refused("INVALID_DATA", None, "FUNCTION_SET_VLAN", target=function, record=dut.function(
            VLAN=2, VLAN_RANGES=1, VLAN_RANGE=struct.pack("<HHHH", 1, 10, 20, 30)))
        self.assertEqual(self.record(function), have)
        hba = self.make(dut.vhba(self.hba))
        self.expect("NOT_SUPPORTED", self.a, "FUNCTION_SET_VLAN", target=hba, data=bytes(512))

    def test_label(self):
        first, second = self.make(dut.vnic(self.sriov)), self.make(dut.vnic(self.sriov))
        self.a.events()
        cookie = random.randbytes(16)
        data = dut.function(COOKIE=cookie, LABEL="größer".encode())
        self.expect("OK", self.a, "FUNCTION_SET_LABEL", target=first, data=data)
        self.assertEqual((self.record(first)["COOKIE"], dut.text_of(self.record(first)["LABEL"])), (cookie, "größer"))
        event, = self.a.events()
        self.assertEqual((event.type, event.cookie), ("FUNCTION_CHANGED", cookie))
        done = self.expect("EXISTS", self.a, "FUNCTION_SET_LABEL", target=second, data=data)
        self.assertEqual(done.result, first)
        self.refused("INVALID_DATA", "COOKIE", "FUNCTION_SET_LABEL", dut.function(LABEL=b"a"), target=first)
        self.refused("INVALID_DATA", "LABEL", "FUNCTION_SET_LABEL", dut.function(COOKIE=cookie, LABEL=b"\xc0\x80"),
                     target=first)

    def test_state(self):
        function = self.bound()
        self.a.events()
        self.expect("OK", self.a, "FUNCTION_SET_STATE", target=function, args=(0,))
        self.assertEqual(self.record(function)["STATE"], dut.BOUND)
        self.assertEqual(self.kinds(), ["FUNCTION_CHANGED", "FUNCTION_LINK"])
        self.expect("OK", self.a, "FUNCTION_SET_STATE", target=function, args=(0,))
        self.assertEqual(self.kinds(), [])
        self.expect("OK", self.a, "FUNCTION_SET_STATE", target=function, args=(1,))
        self.assertEqual(self.record(function)["STATE"], dut.BOUND | ENABLED | UP)
        done = self.expect("INVALID_FIELD", self.a, "FUNCTION_SET_STATE", target=function, args=(2,))
        self.assertEqual(done.detail, 0x18)


class Ports(WithSlots):
    def test_enable_disable_retrain(self):
        function = self.bound()
        port = self.device.read("SERVER", "PORT_0", self.one)
        downs = self.device.read("PORT", "LINK_DOWNS", port)
        self.a.events()
        done = self.expect("OK", self.a, "PORT_CONTROL", target=port, args=(2,))
        self.assertEqual(self.port(port), 0)
        self.assertEqual(done.generation, self.device.read("PORT", "GENERATION", port))
        self.assertEqual(sorted(self.kinds()), ["FUNCTION_LINK", "PORT_CHANGED", "PORT_LINK_DOWN"])
        self.assertEqual(self.record(function)["STATE"], dut.BOUND | ENABLED)
        self.expect("OK", self.a, "PORT_CONTROL", target=port, args=(3,))
        self.assertEqual(self.kinds(), [])
        self.expect("OK", self.a, "PORT_CONTROL", target=port, args=(1,))
        self.assertTrue(self.port(port) & manual.bit("PORT", "STATE", "ENABLED"))
        _, before = self.a.await_event("PORT_LINK_UP", port)
        self.assertIn("PORT_CHANGED", [e.type for e in before])
        self.a.await_event("FUNCTION_LINK", function)
        self.expect("OK", self.a, "PORT_CONTROL", target=port, args=(3,))
        self.a.await_event("PORT_LINK_DOWN", port)
        self.a.await_event("PORT_LINK_UP", port)
        self.assertEqual(self.device.read("PORT", "LINK_DOWNS", port), downs + 2)

    def test_wrong_orders(self):
        for action in (0, 4, dut.NONE):
            self.assertEqual(self.expect("INVALID_FIELD", self.a, "PORT_CONTROL", args=(action,)).detail, 0x18)
        self.expect("INVALID_TARGET", self.a, "PORT_CONTROL", target=self.device.read("GLOBAL", "NUM_PORTS"), args=(1,))
        self.expect("STALE", self.a, "PORT_CONTROL", args=(1,), generation=1)


class Slots(WithSlots):
    def control(self, action, status="OK", flags=0):
        return self.expect(status, self.a, "SLOT_CONTROL", target=self.sriov, args=(action,), flags=flags)

    def test_power(self):
        function = self.bound()
        self.a.events()
        self.assertEqual(self.control(2, "STATE").result, self.slot(self.sriov)["STATE"])
        done = self.control(2, flags=dut.FORCE)
        self.assertEqual(done.generation, self.slot(self.sriov)["GENERATION"])
        self.assertEqual(self.kinds()[:2], ["SLOT_REMOVED", "FUNCTION_FAULT"])
        have = self.record(function)
        self.assertEqual((have["STATE"] & 0x2f, have["STATUS"]), (dut.FAULT, manual.STATUS["ADAPTER_GONE"]))
        self.assertEqual(have["SERVER"], self.one)
        self.control(3, "ADAPTER_GONE")
        for command in ("FUNCTION_SET_QOS", "FUNCTION_SET_VLAN", "FUNCTION_SET_IDENTITY", "FUNCTION_SET_STATE"):
            self.expect("STATE", self.a, command, target=function, data=bytes(512))
        self.bind(function, self.one, status="STATE")
        self.expect("ADAPTER_GONE", self.a, "FUNCTION_CREATE", data=dut.vnic(self.sriov))
        self.expect("OK", self.a, "FUNCTION_UNBIND", target=function)
        self.bind(function, self.one, status="ADAPTER_GONE")
        self.expect("ADAPTER_GONE", self.a, "FUNCTION_SET_QOS", target=function, data=bytes(512))
        self.a.events()
        self.control(1)
        self.a.await_event("SLOT_INSERTED", self.sriov)
        self.bind(function, self.one)

    def test_reset_keeps_functions(self):
        function = self.bound()
        self.a.events()
        self.control(3)
        self.a.await_event("SLOT_CHANGED", self.sriov)
        self.assertEqual(self.device.life(function), dut.BOUND)

    def test_attention(self):
        bit = manual.bit("SLOT", "STATE", "ATTENTION")
        for action, want in ((4, bit), (5, 0)):
            self.control(action)
            self.assertEqual(self.slot(self.sriov)["STATE"] & bit, want)
            self.assertEqual(self.kinds(), ["SLOT_CHANGED"])

    def test_wrong_orders(self):
        for action in (0, 6):
            self.assertEqual(self.control(action, "INVALID_FIELD").detail, 0x18)
        self.expect("INVALID_TARGET", self.a, "SLOT_CONTROL", target=64, args=(1,))


class FewContexts(WithSets):
    @classmethod
    def setUpClass(cls):
        with tempfile.NamedTemporaryFile("w", prefix="vio-", suffix=".yaml") as description:
            description.write(FEW)
            description.flush()
            cls.chassis = dut.Chassis("--chassis", description.name)
        cls.addClassCleanup(cls.chassis.__exit__, None)

    def test_contexts_run_out(self):
        for _ in range(self.device.read("GLOBAL", "NUM_FUNCTIONS")):
            self.create()
        self.expect("NO_FUNCTION", self.a, "FUNCTION_CREATE", data=dut.vnic(self.nic))
