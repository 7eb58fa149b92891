#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""QEMU attaches to vio-chassisd and its machine reaches the device: QEMU is the judge of the protocol.

Needs a QEMU with the device vfio-user-pci (10.1 and later); $QEMU names it, with arguments if need
be. No guest runs: the test itself does what firmware and a driver do, by QEMU's qtest protocol.
"""

import json
import os
import shlex
import shutil
import struct
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import vfio_user_client as vfio  # noqa: E402

QEMU = shlex.split(os.environ.get("QEMU", "qemu-system-x86_64"))
ROOT_PORT, FUNCTION = 0x08, 0x100  # 00:01.0 and 01:00.0, as bus, device and function
BAR0, BAR2, BAR4, LAST = 0xe0000000, 0xe1000000, 0xe3000000, 0xe3ffffff
MESSAGES = 0x100000  # guest memory, where interrupts are told to write
MAGIC = 0x314f4956
QUEUE = 0x10000


def why_not():
    if not shutil.which(QEMU[0]):
        return f"needs {QEMU[0]}, or another QEMU in $QEMU"
    listed = subprocess.run([*QEMU, "-device", "help"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                            check=False).stdout
    return None if '"vfio-user-pci"' in listed else f"{QEMU[0]} has no vfio-user-pci, which QEMU 10.1 and later have"


class Machine:
    """A QEMU that executes nothing, driven by hand."""

    def __init__(self, path):
        device = {"driver": "vfio-user-pci", "bus": "rp0", "socket": {"type": "unix", "path": path}}
        self.process = subprocess.Popen(
            [*QEMU, "-accel", "qtest", "-qtest", "stdio", "-display", "none", "-nodefaults", "-no-user-config",
             "-M", "q35,memory-backend=mem", "-m", "64M", "-object", "memory-backend-memfd,id=mem,size=64M,share=on",
             "-device", "pcie-root-port,id=rp0,addr=1.0", "-device", json.dumps(device)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def stop(self):
        self.process.terminate()
        return self.process.communicate(timeout=vfio.SECONDS)[1]

    def ask(self, *words):
        self.process.stdin.write(" ".join(words) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line.startswith("OK"), (words, line, "" if line else self.process.stderr.read())
        return int(line.split()[1], 16) if len(line.split()) > 1 else None

    def config(self, function, offset, value=None):
        """Reads 4 bytes of configuration space, or writes them."""
        self.ask("outl", "0xcf8", hex(0x80000000 | function << 8 | offset & 0xfc))
        return self.ask("inl", "0xcfc") if value is None else self.ask("outl", "0xcfc", hex(value))

    def read(self, address, size=4):
        return self.ask({4: "readl", 8: "readq"}[size], hex(address))

    def write(self, address, value, size=4):
        self.ask({4: "writel", 8: "writeq"}[size], hex(address), hex(value))


class Qemu(unittest.TestCase):
    def setUp(self):
        self.daemon = vfio.Daemon()
        self.addCleanup(self.daemon.__exit__, None)
        self.machine = Machine(self.daemon.path)
        self.addCleanup(self.machine.stop)

    def set_up_buses(self):
        """What firmware does: bus numbers, windows, BARs."""
        self.machine.config(ROOT_PORT, 0x18, 0x00010100)
        self.machine.config(ROOT_PORT, 0x20, LAST & 0xfff00000 | BAR0 >> 16)
        self.machine.config(ROOT_PORT, 0x04, 6)
        for register, address in ((0x10, BAR0), (0x18, BAR2), (0x20, BAR4)):
            self.machine.config(FUNCTION, register, address)
            self.machine.config(FUNCTION, register + 4, 0)
        self.machine.config(FUNCTION, 0x04, 6)

    def find_capability(self, wanted):
        at = self.machine.config(FUNCTION, 0x34) & 0xff
        while at:
            header = self.machine.config(FUNCTION, at)
            if header & 0xff == wanted:
                return at
            at = header >> 8 & 0xff
        self.fail(f"no capability {wanted:#x}")

    def size_of_bar(self, register):
        self.machine.config(FUNCTION, register, 0xffffffff)
        return (~(self.machine.config(FUNCTION, register) & ~0xf) & 0xffffffff) + 1

    def test_function_is_there_with_its_bars(self):
        self.machine.config(ROOT_PORT, 0x18, 0x00010100)
        self.assertEqual(self.machine.config(FUNCTION, 0x00), 0x40001a68)
        self.assertEqual(self.machine.config(FUNCTION, 0x08) >> 8, 0x088000)
        with self.daemon.client() as client:
            for register, index in ((0x10, 0), (0x18, 2), (0x20, 4)):
                self.assertEqual(self.size_of_bar(register), client.region_info(index)[1])
        self.find_capability(0x10)
        self.find_capability(0x11)

    def test_registers_and_ring_memory_are_reached(self):
        self.set_up_buses()
        self.assertEqual(self.machine.read(BAR0), MAGIC)
        self.machine.write(BAR2 + 0x40, 0x12345678)
        with self.daemon.client() as client:
            self.assertEqual(client.read(2, 0x40, 4), struct.pack("<I", 0x12345678))
            client.write(2, 0x44, b"ring")
        self.assertEqual(self.machine.read(BAR2 + 0x44), int.from_bytes(b"ring", "little"))

    def test_command_completes_with_an_interrupt(self):
        machine, message = self.machine, MESSAGES
        self.set_up_buses()
        for vector in range(17):
            for offset, value in ((0, message + 16 * vector), (4, 0), (8, 0x1000 + vector), (12, 0)):
                machine.write(BAR4 + 16 * vector + offset, value)
        msix = self.find_capability(0x11)
        machine.config(FUNCTION, msix, machine.config(FUNCTION, msix) | 0x80000000)
        machine.write(BAR0 + QUEUE, 0x4242, 8)
        part = BAR2 + machine.read(BAR0 + QUEUE + 0x060, 8)
        for register, offset in ((0x010, 0x0000), (0x020, 0x1000), (0x030, 0x2000)):
            machine.write(BAR0 + QUEUE + register, offset, 8)
            machine.write(BAR0 + QUEUE + register + 8, 16)
        machine.write(BAR0 + QUEUE + 0x00c, 1)
        self.assertEqual(machine.read(BAR0 + QUEUE + 0x008) & 3, 1)
        machine.write(part, 99 << 32, 8)
        for offset in range(8, 64, 8):
            machine.write(part + offset, 0, 8)
        machine.write(BAR0 + QUEUE + 0x040, 1)
        self.wait_for(message + 16, 0x1001)
        self.assertEqual(machine.read(part + 0x1000 + 8), 99)

    def wait_for(self, address, value):
        end = time.monotonic() + vfio.SECONDS
        while self.machine.read(address) != value:
            self.assertLess(time.monotonic(), end, "no interrupt came")
            time.sleep(0.01)

    def test_queue_set_is_free_again_when_qemu_is_gone(self):
        self.set_up_buses()
        self.machine.write(BAR0 + QUEUE, 0x4242, 8)
        with self.daemon.client() as client:
            self.assertEqual(client.read64(0, QUEUE), 0x4242)
            self.machine.process.kill()
            vfio.wait_until(lambda: client.read64(0, QUEUE) == 0)


if __name__ == "__main__":
    reason = why_not()
    if reason:
        print(reason)
        sys.exit(77)
    unittest.main()
