# SPDX-License-Identifier: MIT
"""A vfio-user client that shares no code with the server: every message from the specification.

It also starts and stops the server, vio-chassisd, for the tests beside it."""

import array
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import time

VERSION, DMA_MAP, DMA_UNMAP, GET_INFO, GET_REGION_INFO, GET_REGION_IO_FDS, GET_IRQ_INFO = range(1, 8)
SET_IRQS, REGION_READ, REGION_WRITE, DMA_READ, DMA_WRITE, RESET = range(8, 14)

HEADER = struct.Struct("=HHIII")
REPLY, NO_REPLY, ERROR = 0x1, 0x10, 0x20
CONFIG = 7
MSIX = 2
DATA_NONE, DATA_BOOL, DATA_EVENTFD = 1, 2, 4
MASK, UNMASK, TRIGGER = 8, 16, 32
READABLE, WRITABLE, MAPPABLE, CAPABILITIES = 1, 2, 4, 8

SECONDS = 20


def wait_until(condition):
    end = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.01)


class Closed(Exception):
    """The server hung up."""


class Refused(Exception):
    """The server answered with an error."""

    def __init__(self, number):
        super().__init__(os.strerror(number))
        self.errno = number


class Client:
    """One connection. Descriptors that come with replies are left in `fds`."""

    def __init__(self, path, negotiate=True):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.settimeout(SECONDS)
        self.socket.connect(path)
        self.number = 0
        self.fds = []
        if negotiate:
            self.negotiate()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        for fd in self.fds:
            os.close(fd)
        self.fds = []
        self.socket.close()

    def message(self, command, payload=b"", flags=0, size=None):
        self.number = (self.number + 1) & 0xffff
        whole = HEADER.size + len(payload)
        return HEADER.pack(self.number, command, whole if size is None else size, flags, 0) + payload

    def send(self, data, fds=()):
        ancillary = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", fds))] if fds else []
        sent = self.socket.sendmsg([data], ancillary)
        if sent < len(data):
            self.socket.sendall(data[sent:])

    def take(self, size):
        data = b""
        while len(data) < size:
            try:
                part, ancillary, _, _ = self.socket.recvmsg(size - len(data), socket.CMSG_SPACE(64))
            except (ConnectionResetError, BrokenPipeError):
                raise Closed() from None
            for level, kind, content in ancillary:
                if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                    self.fds += array.array("i", content[:len(content) // 4 * 4])
            if not part:
                raise Closed()
            data += part
        return data

    def reply(self, command):
        number, what, size, flags, error = HEADER.unpack(self.take(HEADER.size))
        assert (number, what) == (self.number, command), (number, what)
        assert flags & ~ERROR == REPLY, flags
        payload = self.take(size - HEADER.size)
        if flags & ERROR:
            assert not payload, "an error's reply is its header alone"
            raise Refused(error)
        return payload

    def request(self, command, payload=b"", fds=()):
        try:
            self.send(self.message(command, payload), fds)
        except (ConnectionResetError, BrokenPipeError):
            raise Closed() from None
        return self.reply(command)

    def negotiate(self, major=0, minor=0, **capabilities):
        offered = {"max_msg_fds": 8, "max_data_xfer_size": 1048576, "pgsizes": 4096, **capabilities}
        text = json.dumps({"capabilities": offered}).encode() + b"\0"
        answer = self.request(VERSION, struct.pack("=HH", major, minor) + text)
        assert answer.endswith(b"\0")
        self.version = struct.unpack("=HH", answer[:4])
        self.capabilities = json.loads(answer[4:-1])["capabilities"]

    def device_info(self):
        argsz, flags, regions, irqs = struct.unpack("=IIII", self.request(GET_INFO, struct.pack("=IIII", 16, 0, 0, 0)))
        assert argsz == 16
        return flags, regions, irqs

    def region_info(self, index, argsz=32):
        """Flags, size, offset and the descriptor, or None, of a region."""
        before = len(self.fds)
        answer = self.request(GET_REGION_INFO, struct.pack("=IIIIQQ", argsz, 0, index, 0, 0, 0))
        needed, flags, echoed, cap_offset, size, offset = struct.unpack("=IIIIQQ", answer[:32])
        assert echoed == index and len(answer) <= argsz and needed >= 32
        assert not flags & CAPABILITIES or 32 <= cap_offset <= needed
        fd = self.fds[before] if len(self.fds) > before else None
        assert bool(flags & MAPPABLE) == (fd is not None)
        return flags, size, offset, fd

    def irq_info(self, index):
        answer = self.request(GET_IRQ_INFO, struct.pack("=IIII", 16, 0, index, 0))
        argsz, flags, echoed, count = struct.unpack("=IIII", answer)
        assert (argsz, echoed) == (16, index)
        return flags, count

    def set_irqs(self, flags, start=0, count=0, fds=(), data=b"", index=MSIX):
        self.request(SET_IRQS, struct.pack("=IIIII", 20 + len(data), flags, index, start, count) + data, fds)

    def read(self, region, offset, size):
        answer = self.request(REGION_READ, struct.pack("=QII", offset, region, size))
        assert struct.unpack("=QII", answer[:16]) == (offset, region, size) and len(answer) == 16 + size
        return answer[16:]

    def write(self, region, offset, data):
        answer = self.request(REGION_WRITE, struct.pack("=QII", offset, region, len(data)) + data)
        assert struct.unpack("=QII", answer) == (offset, region, len(data))

    def post(self, region, offset, data):
        """A write that is not answered."""
        payload = struct.pack("=QII", offset, region, len(data)) + data
        self.send(self.message(REGION_WRITE, payload, NO_REPLY))

    def read32(self, region, offset):
        return struct.unpack("<I", self.read(region, offset, 4))[0]

    def write32(self, region, offset, value):
        self.write(region, offset, struct.pack("<I", value))

    def read64(self, region, offset):
        return struct.unpack("<Q", self.read(region, offset, 8))[0]

    def write64(self, region, offset, value):
        self.write(region, offset, struct.pack("<Q", value))

    def dma_map(self, address, size, fd=None, offset=0, flags=3):
        self.request(DMA_MAP, struct.pack("=IIQQQ", 32, flags, offset, address, size), [] if fd is None else [fd])

    def dma_unmap(self, address, size, flags=0):
        payload = struct.pack("=IIQQ", 24, flags, address, size)
        assert self.request(DMA_UNMAP, payload) == payload


PROGRAM = os.path.join(os.environ.get("top_builddir", "."), "vio-chassisd")


class Daemon:
    """A running vio-chassisd with a folder of its own."""

    def __init__(self, *arguments, control=True):
        self.folder = tempfile.mkdtemp(prefix="vio-")
        self.path = os.path.join(self.folder, "vfio-user")
        self.control_path = os.path.join(self.folder, "control")
        self.arguments = ["--socket", self.path] + (["--control", self.control_path] if control else [])
        self.arguments += arguments
        self.start()

    def start(self):
        self.process = subprocess.Popen([PROGRAM, *self.arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        text=True)
        line = self.process.stdout.readline()
        if line != "ready\n":
            raise AssertionError(f"vio-chassisd said {line!r} and {self.process.stderr.read()!r}")

    def stop(self, how=signal.SIGTERM):
        """The exit status and what was written since "ready"."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        said, complained = self.process.communicate(timeout=SECONDS)
        return self.process.returncode, said, complained

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        alive = self.process.poll() is None
        status, said, complained = self.stop()
        shutil.rmtree(self.folder)
        if kind is None and alive:
            assert (status, said, complained) == (0, "", ""), (status, said, complained)

    def open_files(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def client(self, **options):
        return Client(self.path, **options)


def run(*arguments):
    """Runs vio-chassisd to its end: exit status, standard output, standard error."""
    done = subprocess.run([PROGRAM, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          timeout=SECONDS, check=False)
    return done.returncode, done.stdout, done.stderr
