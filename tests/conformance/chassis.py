# SPDX-License-Identifier: MIT
"""A small driver of the management function, written from the manual alone."""

import collections
import os
import random
import socket
import struct
import sys
import time

import manual

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "chassisd"))
import vfio_user_client as vfio  # noqa: E402

REGISTERS, RINGS, MSIX = 0, 2, 4
SECONDS = 20
NONE = 0xffffffff
FORCE, ERASE = 1, 2
REPLAYED, OVERFLOW = 2, 2
COMMAND = struct.Struct("<HHIQII6IQII")
COMPLETION = struct.Struct("<QIHHIIQ")
EVENT = struct.Struct("<QQHHIQQ16sII")
FREE, DETACHED, BINDING, BOUND, UNBINDING, FAULT = range(6)
VNIC, VHBA, VDISK = 1, 2, 3
DATA = 0x80000  # where commands' data lie in a set's part

Completion = collections.namedtuple("Completion", "lease number status flags result detail generation")
Event = collections.namedtuple("Event", "sequence time type flags index value lost cookie server slot")

# What the tests have seen of the manual, for the check at their end.
seen = {"command": set(), "status": set(), "event": set()}


class Chassis(vfio.Daemon):
    """A vio-chassisd, and the person at its control socket."""

    def tell(self, line):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as person:
            person.settimeout(SECONDS)
            person.connect(self.control_path)
            person.sendall(line.encode() + b"\n")
            with person.makefile("r") as answer:
                for text in answer:
                    if text == "ok\n":
                        return
                    assert not text.startswith("error: "), f"{line}: {text}"
        raise AssertionError(f"{line}: no answer")

    def attach(self):
        return Device(self)


class Device:
    """One client's view: registers by the names of the manual."""

    def __init__(self, chassis):
        self.chassis = chassis
        self.client = chassis.client()

    def close(self):
        self.client.close()

    def place(self, block, register="", index=0):
        base = manual.BLOCKS[block].base + index * manual.BLOCKS[block].stride
        return base + (manual.REGISTERS[block][register].offset if register else 0)

    def read(self, block, register, index=0):
        size = manual.REGISTERS[block][register].size
        return value_of(self.client.read(REGISTERS, self.place(block, register, index), size))

    def write(self, block, register, value, index=0):
        size = manual.REGISTERS[block][register].size
        self.client.write(REGISTERS, self.place(block, register, index), value.to_bytes(size, "little"))

    def field(self, block, register, name, index=0):
        return manual.field(block, register, name, self.read(block, register, index))

    def record(self, block, index=0):
        """All registers of an instance, read at once."""
        raw = self.client.read(REGISTERS, self.place(block, index=index), 512)
        return unpack(block, raw)

    def records(self, block):
        return [self.record(block, i) for i in range(self.read("GLOBAL", f"NUM_{block}S"))]

    def life(self, function):
        return self.field("FUNCTION", "STATE", "LIFE", function)


def value_of(raw):
    return int.from_bytes(raw, "little") if len(raw) <= 8 else raw


def unpack(block, raw):
    return {name: value_of(raw[r.offset:r.offset + r.size]) for name, r in manual.REGISTERS[block].items()}


def text_of(raw):
    return raw.split(b"\0")[0].decode()


class Set:
    """A queue set that was claimed: rings in its part of BAR 2, from offset 0."""

    def __init__(self, device, index, sizes=(16, 16, 64), owner=0, bases=(0, 0x10000, 0x20000)):
        self.device, self.index = device, index
        self.owner = owner or random.getrandbits(64) | 1
        self.sizes, self.bases = sizes, bases
        self.lease, self.number = 0, 0
        device.write("QUEUE", "OWNER", self.owner, index)
        assert self.read("OWNER") == self.owner, "the set is another's"
        self.part = self.read("PART_OFFSET")
        self.enable()

    def read(self, register):
        return self.device.read("QUEUE", register, self.index)

    def write(self, register, value):
        self.device.write("QUEUE", register, value, self.index)

    def flag(self, register, name):
        return bool(self.device.field("QUEUE", register, name, self.index))

    def put(self, offset, data):
        self.device.client.write(RINGS, self.part + offset, data)

    def get(self, offset, size):
        return self.device.client.read(RINGS, self.part + offset, size)

    def enable(self):
        self.tail = self.taken = self.evt_taken = 0
        self.early, self.rest = {}, []
        self.put(self.bases[1], bytes(self.sizes[1] * 32))
        self.put(self.bases[2], bytes(self.sizes[2] * 64))
        for ring, base, size in zip(("CMD", "CPL", "EVT"), self.bases, self.sizes):
            self.write(f"{ring}_BASE", base)
            self.write(f"{ring}_SIZE", size)
        self.write("CONTROL", manual.bit("QUEUE", "CONTROL", "ENABLE"))

    def reset(self):
        self.write("CONTROL", manual.bit("QUEUE", "CONTROL", "RESET"))
        assert self.read("OWNER") == 0

    def entry(self, command, flags=0, target=0, generation=0, args=(), data=None, number=None, lease=None, offset=DATA,
              length=None):
        """A command entry; `data`: bytes to put where the command finds them, or how many it may write."""
        opcode = manual.OPCODES.get(command, command)
        seen["command"].add(command)
        if number is None:
            self.number += 1
            number = self.number
        if isinstance(data, bytes):
            self.put(offset, data)
            data = len(data)
        if length is None:
            length = data or 0
        args = [*args, *[0] * (6 - len(args))]
        lease = self.lease if lease is None else lease
        return COMMAND.pack(opcode, flags, number, lease, target, generation, *args, offset if length else 0, length, 0)

    def post(self, command, ring=True, **fields):
        """Puts a command into the ring; returns its number."""
        entry = self.entry(command, **fields)
        self.put(self.bases[0] + self.tail % self.sizes[0] * 64, entry)
        self.tail += 1
        if ring:
            self.write("CMD_TAIL", self.tail)
        return struct.unpack_from("<I", entry, 4)[0]

    def next_completion(self, acknowledge=True):
        """The next one, or None."""
        at, phase = self.taken % self.sizes[1], 1 - self.taken // self.sizes[1] % 2
        completion = Completion(*COMPLETION.unpack(self.get(self.bases[1] + at * 32, 32)))
        if completion.flags & 1 != phase:
            return None
        self.taken += 1
        if acknowledge:
            self.write("CPL_HEAD", self.taken)
        seen["status"].add(manual.name_of(manual.STATUS, completion.status))
        return completion

    def wait(self, number, seconds=SECONDS):
        """The completion of a command, whatever else completes before."""
        end = time.monotonic() + seconds
        while number not in self.early:
            completion = self.next_completion()
            if completion:
                self.early[completion.number] = completion
            else:
                assert time.monotonic() < end, f"command {number} does not complete"
                time.sleep(0.001)
        return self.early.pop(number)

    def run(self, command, **fields):
        return self.wait(self.post(command, **fields))

    def events(self, acknowledge=True):
        """Those that have come, by name."""
        got, self.rest = self.rest, []
        while self.sizes[2]:
            at, phase = self.evt_taken % self.sizes[2], 1 - self.evt_taken // self.sizes[2] % 2
            event = Event(*EVENT.unpack(self.get(self.bases[2] + at * 64, 64)))
            if event.flags & 1 != phase:
                break
            self.evt_taken += 1
            event = event._replace(type=manual.name_of(manual.EVENTS, event.type))
            seen["event"].add(event.type)
            got.append(event)
        if acknowledge and got:
            self.write("EVT_HEAD", self.evt_taken)
        return got

    def await_event(self, kind, index=None):
        """Takes events until that one came; returns it and those before it."""
        end, before = time.monotonic() + SECONDS, []
        while True:
            got = self.events()
            for i, event in enumerate(got):
                if event.type == kind and index in (None, event.index):
                    self.rest = got[i + 1:]
                    return event, before
                before.append(event)
            assert time.monotonic() < end, f"no {kind} came, but {[e.type for e in before]}"
            time.sleep(0.002)

    def claim(self, lease=0, flags=0, holder=b"conformance"):
        """Claims the lease; from then on the set's commands carry it."""
        lease = lease or random.getrandbits(64) | 1
        done = self.run("LEASE_CLAIM", flags=flags, args=halves(lease), data=holder.ljust(64, b"\0"), lease=lease)
        if done.status == 0:
            self.lease = lease
        return done

    def beat(self):
        self.write("BEAT", self.owner)
        self.device.write("GLOBAL", "LEASE_BEAT", self.lease)

    def outcome(self, lease, number):
        """The status of OUTCOME, and the completion that it gives."""
        asked = self.run("OUTCOME", args=(*halves(lease), number), data=32, offset=DATA + 0x10000, lease=0)
        return name(asked), Completion(*COMPLETION.unpack(self.get(DATA + 0x10000, 32)))


def halves(number):
    return number & NONE, number >> 32


def name(completion):
    return manual.name_of(manual.STATUS, completion.status)


def address(kind, value):
    return bytes([kind, len(value)]) + bytes(6) + value.ljust(32, b"\0")


def mac():
    return address(1, bytes([0x02]) + random.randbytes(5))


def wwn():
    return address(3, bytes([0x50]) + random.randbytes(7))


def function(**registers):
    """A FUNCTION record as commands take it."""
    raw = bytearray(512)
    for register, value in registers.items():
        place = manual.REGISTERS["FUNCTION"][register]
        data = value.to_bytes(place.size, "little") if isinstance(value, int) else value.ljust(place.size, b"\0")
        raw[place.offset:place.offset + place.size] = data
    return bytes(raw)


def vnic(slot, **more):
    enabled = manual.bit("FUNCTION", "STATE", "ENABLED")
    given = {"KIND": VNIC, "SLOT": slot, "STATE": enabled, "COOKIE": random.randbytes(16), "ADDRESS": mac(),
             "LABEL": b"web0"}
    return function(**{**given, **more})


def vhba(slot, **more):
    return vnic(slot, **{"KIND": VHBA, "ADDRESS": wwn(), "NODE_ADDRESS": wwn(), **more})


def vdisk(slot, **more):
    return vnic(slot, **{"KIND": VDISK, "ADDRESS": address(4, random.randbytes(16)), "SIZE": 1 << 20, **more})
