#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""vio-chassisd speaks vfio-user, told by an independent client."""

import errno
import mmap
import os
import select
import signal
import socket
import struct
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import vfio_user_client as vfio  # noqa: E402

ROUNDS = int(os.environ.get("VIO_TEST_ROUNDS", "1"))
CLIENTS_MAX = 16
MAGIC = 0x314f4956
QUEUE, QUEUE_STRIDE, QUEUE_OWNER, QUEUE_PART_OFFSET = 0x10000, 0x2000, 0x000, 0x060
NUM_QUEUES = 0x090


def memory(size):
    fd = os.memfd_create("guest")
    os.ftruncate(fd, size)
    return fd


class WithDaemon(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = vfio.Daemon()

    @classmethod
    def tearDownClass(cls):
        cls.daemon.__exit__(None)

    def setUp(self):
        self.client = self.daemon.client()
        self.addCleanup(self.client.close)

    def refused(self, number, call, *arguments, **options):
        with self.assertRaises(vfio.Refused) as caught:
            call(*arguments, **options)
        self.assertEqual(caught.exception.errno, number, caught.exception)


class Negotiation(WithDaemon):
    def test_limits_are_announced(self):
        self.assertEqual(self.client.version, (0, 0))
        self.assertEqual(set(self.client.capabilities), {"max_msg_fds", "max_data_xfer_size", "max_dma_maps", "pgsizes"})
        self.assertLessEqual(self.client.capabilities["max_msg_fds"], 16)

    def test_minor_version_is_never_newer_than_the_clients(self):
        for minor in (0, 1, 9):
            with self.daemon.client(negotiate=False) as client:
                client.negotiate(minor=minor)
                self.assertLessEqual(client.version[1], minor)

    def test_version_without_capabilities_is_enough(self):
        with self.daemon.client(negotiate=False) as client:
            client.request(vfio.VERSION, struct.pack("=HH", 0, 0))
            self.assertEqual(client.read32(0, 0), MAGIC)

    def test_other_major_version_is_refused_and_hung_up_on(self):
        with self.daemon.client(negotiate=False) as client:
            self.refused(errno.EINVAL, client.negotiate, major=1)
            with self.assertRaises(vfio.Closed):
                client.device_info()

    def test_nothing_comes_before_version(self):
        with self.daemon.client(negotiate=False) as client:
            self.refused(errno.EINVAL, client.device_info)
            with self.assertRaises(vfio.Closed):
                client.negotiate()

    def test_version_is_negotiated_once(self):
        self.refused(errno.EINVAL, self.client.negotiate)
        self.client.device_info()


class Information(WithDaemon):
    def test_device_is_resettable_pci(self):
        self.assertEqual(self.client.device_info(), (3, 9, 5))

    def test_configuration_space_names_the_device(self):
        flags, size, _, fd = self.client.region_info(vfio.CONFIG)
        self.assertEqual((flags, fd), (vfio.READABLE | vfio.WRITABLE, None))
        self.assertIn(size, (256, 4096))
        config = self.client.read(vfio.CONFIG, 0, 64)
        vendor, device = struct.unpack_from("<HH", config)
        self.assertEqual((vendor, device), (0x1a68, 0x4000))
        self.assertEqual(config[9:12], bytes((0x00, 0x80, 0x08)))

    def test_registers_are_trapped(self):
        flags, size, _, fd = self.client.region_info(0)
        self.assertEqual((flags, size, fd), (vfio.READABLE | vfio.WRITABLE, 0x1000000, None))
        self.assertEqual(self.client.read32(0, 0), MAGIC)

    def test_ring_memory_is_mappable_and_shared(self):
        flags, size, offset, fd = self.client.region_info(2)
        self.assertEqual(flags, vfio.READABLE | vfio.WRITABLE | vfio.MAPPABLE)
        self.assertEqual(size & (size - 1), 0, "a BAR's size is a power of two")
        with mmap.mmap(fd, size, offset=offset) as rings:
            rings[0x123:0x127] = b"ring"
            self.assertEqual(self.client.read(2, 0x123, 4), b"ring")
            self.client.write(2, size - 4, b"last")
            self.assertEqual(rings[size - 4:size], b"last")
            rings[0x123:0x127] = bytes(4)

    def test_ring_memory_cannot_be_cut_off_under_the_daemon(self):
        fd = self.client.region_info(2)[3]
        with self.assertRaises(OSError):
            os.ftruncate(fd, 0)

    def test_larger_buffer_is_not_filled(self):
        self.client.region_info(2, argsz=4096)

    def test_buffer_too_small_for_the_fixed_part_is_refused(self):
        self.refused(errno.EINVAL, self.client.region_info, 0, argsz=31)

    def test_only_msix_interrupts(self):
        for index in range(5):
            flags, count = self.client.irq_info(index)
            self.assertEqual(count, 17 if index == vfio.MSIX else 0)
            self.assertEqual(bool(flags & 1), index == vfio.MSIX)

    def test_indices_past_the_end_are_refused(self):
        self.refused(errno.EINVAL, self.client.region_info, 9)
        self.refused(errno.EINVAL, self.client.irq_info, 5)
        self.refused(errno.EINVAL, self.client.set_irqs, vfio.DATA_NONE | vfio.TRIGGER, index=5)

    def test_other_commands_are_not_supported(self):
        for command in (0, vfio.GET_REGION_IO_FDS, vfio.DMA_READ, vfio.DMA_WRITE, 14, 15, 16, 17, 18, 4711):
            self.refused(errno.ENOTSUP, self.client.request, command, bytes(32))


class Regions(WithDaemon):
    def test_accesses_past_a_region_are_refused(self):
        for region, offset, size in ((0, 0x1000000, 4), (0, 0xfffffe, 4), (0, 2 ** 64 - 4, 4), (0, 2 ** 64 - 1, 4),
                                     (vfio.CONFIG, 4096, 1), (1, 0, 4), (6, 0, 4), (8, 0, 4), (9, 0, 4),
                                     (2 ** 32 - 1, 0, 4)):
            self.refused(errno.EINVAL, self.client.read, region, offset, size)
            self.refused(errno.EINVAL, self.client.write, region, offset, bytes(size))

    def test_largest_transfer_goes_and_a_larger_one_does_not(self):
        most = self.client.capabilities["max_data_xfer_size"]
        self.assertEqual(len(self.client.read(2, 0, most)), most)
        self.refused(errno.EINVAL, self.client.read, 0, 0, most + 1)

    def test_write_needs_as_many_bytes_as_it_says(self):
        self.refused(errno.EINVAL, self.client.request, vfio.REGION_WRITE, struct.pack("=QII", 0, 2, 8) + bytes(7))
        self.refused(errno.EINVAL, self.client.request, vfio.REGION_WRITE, struct.pack("=QII", 0, 2, 8) + bytes(9))

    def test_posted_write_is_done_before_the_next_command(self):
        self.client.post(2, 0x200, b"post")
        self.assertEqual(self.client.read(2, 0x200, 4), b"post")

    def test_commands_may_be_pipelined(self):
        first = self.client.message(vfio.REGION_READ, struct.pack("=QII", 0, 0, 4))
        for _ in range(40):
            self.client.send(first)
        for _ in range(40):
            self.assertEqual(self.client.reply(vfio.REGION_READ)[16:], struct.pack("<I", MAGIC))

    def test_reset_frees_what_the_client_claimed(self):
        self.client.write64(0, QUEUE, 0x1111)
        self.assertEqual(self.client.read64(0, QUEUE), 0x1111)
        self.client.request(vfio.RESET)
        self.assertEqual(self.client.read64(0, QUEUE), 0)


class Interrupts(WithDaemon):
    def setUp(self):
        super().setUp()
        self.events = [os.eventfd(0, os.EFD_NONBLOCK) for _ in range(17)]
        for fd in self.events:
            self.addCleanup(os.close, fd)

    def counted(self, vector):
        try:
            return os.eventfd_read(self.events[vector])
        except BlockingIOError:
            return 0

    def test_vectors_are_enabled_in_pieces_and_disabled(self):
        self.client.set_irqs(vfio.DATA_EVENTFD | vfio.TRIGGER, 0, 16, self.events[:16])
        self.client.set_irqs(vfio.DATA_EVENTFD | vfio.TRIGGER, 16, 1, self.events[16:])
        self.client.set_irqs(vfio.DATA_NONE | vfio.TRIGGER, 0, 17)
        self.assertEqual([self.counted(v) for v in range(17)], [1] * 17)
        self.client.set_irqs(vfio.DATA_EVENTFD | vfio.TRIGGER, 3, 2)
        self.client.set_irqs(vfio.DATA_NONE | vfio.TRIGGER, 0, 17)
        self.assertEqual([self.counted(v) for v in range(17)], [1] * 3 + [0] * 2 + [1] * 12)
        self.client.set_irqs(vfio.DATA_NONE | vfio.TRIGGER, 0, 0)
        self.client.set_irqs(vfio.DATA_NONE | vfio.TRIGGER, 0, 17)
        self.assertEqual([self.counted(v) for v in range(17)], [0] * 17)

    def test_masked_vector_waits(self):
        self.client.set_irqs(vfio.DATA_EVENTFD | vfio.TRIGGER, 1, 1, self.events[1:2])
        self.client.set_irqs(vfio.DATA_NONE | vfio.MASK, 1, 1)
        self.client.set_irqs(vfio.DATA_BOOL | vfio.TRIGGER, 0, 3, data=b"\1\1\1")
        self.assertEqual(self.counted(1), 0)
        self.client.set_irqs(vfio.DATA_NONE | vfio.UNMASK, 1, 1)
        self.assertEqual(self.counted(1), 1)

    def test_full_blocking_counter_does_not_stop_the_daemon(self):
        fd = os.eventfd(0)
        self.addCleanup(os.close, fd)
        os.eventfd_write(fd, 2 ** 64 - 2)
        self.client.set_irqs(vfio.DATA_EVENTFD | vfio.TRIGGER, 0, 1, [fd])
        self.client.set_irqs(vfio.DATA_NONE | vfio.TRIGGER, 0, 1)
        self.assertEqual(self.client.read32(0, 0), MAGIC)

    def test_wrong_requests_are_refused(self):
        eventfd = vfio.DATA_EVENTFD | vfio.TRIGGER
        self.refused(errno.EINVAL, self.client.set_irqs, eventfd, 0, 2, self.events[:1])
        self.refused(errno.EINVAL, self.client.set_irqs, eventfd, 16, 2, self.events[:2])
        self.refused(errno.EINVAL, self.client.set_irqs, eventfd, 2 ** 32 - 1, 2, self.events[:2])
        self.refused(errno.EINVAL, self.client.set_irqs, eventfd, 0, 1, self.events[:1], index=0)
        self.refused(errno.EINVAL, self.client.set_irqs, vfio.TRIGGER, 0, 1)
        self.refused(errno.EINVAL, self.client.set_irqs, vfio.DATA_NONE, 0, 1)
        self.refused(errno.EINVAL, self.client.set_irqs, vfio.DATA_BOOL | vfio.TRIGGER, 0, 4, data=b"\1\1\1")
        self.refused(errno.ENOTSUP, self.client.set_irqs, vfio.DATA_EVENTFD | vfio.MASK, 0, 1, self.events[:1])

    def test_disabling_other_kinds_is_fine(self):
        for index in range(5):
            self.client.set_irqs(vfio.DATA_NONE | vfio.TRIGGER, 0, 0, index=index)


class Memory(WithDaemon):
    def setUp(self):
        super().setUp()
        self.fd = memory(0x10000)
        self.addCleanup(os.close, self.fd)

    def test_memory_is_mapped_and_unmapped(self):
        self.client.dma_map(0x100000, 0x10000, self.fd)
        self.client.dma_map(0x200000, 0x1000)
        self.client.dma_unmap(0x100000, 0x10000)
        self.client.dma_map(0x100000, 0x10000, self.fd, flags=1)
        self.client.dma_unmap(0, 0, flags=2)
        self.client.dma_map(0x200000, 0x1000)

    def test_overlap_is_refused(self):
        self.client.dma_map(0x100000, 0x10000, self.fd)
        for address, size in ((0x100000, 0x10000), (0xff000, 0x2000), (0x10f000, 0x2000), (0x104000, 0x1000)):
            self.refused(errno.EEXIST, self.client.dma_map, address, size, self.fd)

    def test_unmap_names_a_mapping_exactly(self):
        self.client.dma_map(0x100000, 0x10000, self.fd)
        self.refused(errno.ENOENT, self.client.dma_unmap, 0x100000, 0x8000)
        self.refused(errno.ENOENT, self.client.dma_unmap, 0x108000, 0x8000)

    def test_impossible_mappings_are_refused(self):
        self.refused(errno.EINVAL, self.client.dma_map, 0, 0)
        self.refused(errno.EINVAL, self.client.dma_map, 2 ** 64 - 0x1000, 0x2000)
        self.refused(errno.EINVAL, self.client.dma_map, 0, 0x1000, self.fd, offset=2 ** 64 - 0x1000)
        self.refused(errno.EINVAL, self.client.dma_map, 0, 0x1000, flags=4)

    def test_table_has_the_size_that_was_announced(self):
        most = self.client.capabilities["max_dma_maps"]
        for i in range(most):
            self.client.dma_map(i << 12, 0x1000, self.fd if i % 64 == 0 else None)
        self.refused(errno.ENOSPC, self.client.dma_map, most << 12, 0x1000)


class Framing(WithDaemon):
    def test_message_in_single_bytes(self):
        message = self.client.message(vfio.REGION_READ, struct.pack("=QII", 0, 0, 4))
        for i in range(len(message)):
            self.client.send(message[i:i + 1])
        self.assertEqual(self.client.reply(vfio.REGION_READ)[16:], struct.pack("<I", MAGIC))

    def test_descriptors_belong_to_the_message_they_came_with(self):
        fd = memory(0x1000)
        self.addCleanup(os.close, fd)
        reset = self.client.message(vfio.RESET)
        mapping = self.client.message(vfio.DMA_MAP, struct.pack("=IIQQQ", 32, 3, 0, 0, 0x1000))
        self.client.send(reset)
        self.client.send(mapping[:1], [fd])
        self.client.send(mapping[1:])
        self.client.number -= 1
        self.client.reply(vfio.RESET)
        self.client.number += 1
        self.client.reply(vfio.DMA_MAP)

    def test_impossible_sizes_are_answered_and_hung_up_on(self):
        for size in (0, 15, 0x100021, 2 ** 32 - 1):
            with self.daemon.client() as client:
                client.send(client.message(vfio.RESET, size=size))
                self.refused(errno.EINVAL, client.reply, vfio.RESET)
                with self.assertRaises(vfio.Closed):
                    client.device_info()

    def test_noise_is_survived(self):
        noise = os.urandom(4096)
        for i in range(0, 4096, 64):
            with self.daemon.client(negotiate=i % 128 == 0) as client:
                try:
                    client.send(noise[i:i + 64])
                    client.socket.shutdown(socket.SHUT_WR)
                    while client.socket.recv(4096):
                        pass
                except OSError:
                    pass
        self.assertEqual(self.client.read32(0, 0), MAGIC)

    def test_short_payloads_are_refused(self):
        for command in (vfio.DMA_MAP, vfio.DMA_UNMAP, vfio.GET_INFO, vfio.GET_REGION_INFO, vfio.GET_IRQ_INFO,
                        vfio.SET_IRQS, vfio.REGION_READ, vfio.REGION_WRITE):
            self.refused(errno.EINVAL, self.client.request, command, b"\0\0\0")


class Clients(WithDaemon):
    def test_as_many_as_allowed_and_no_more(self):
        others = [self.daemon.client() for _ in range(CLIENTS_MAX - 1)]
        for client in others:
            self.assertEqual(client.read32(0, 0), MAGIC)
        with self.daemon.client(negotiate=False) as client, self.assertRaises(vfio.Closed):
            client.negotiate()
        for client in others:
            client.close()
        vfio.wait_until(self.is_welcome)

    def test_silent_one_gives_its_place_to_the_next(self):
        silent = [self.daemon.client(negotiate=False) for _ in range(CLIENTS_MAX)]
        with self.daemon.client() as client:
            self.assertEqual(client.read32(0, 0), MAGIC)
        self.assertEqual(self.client.read32(0, 0), MAGIC)
        for client in silent:
            client.close()
        vfio.wait_until(self.is_welcome)

    def is_welcome(self):
        try:
            with self.daemon.client() as client:
                return client.read32(0, 0) == MAGIC
        except vfio.Closed:
            return False

    def test_each_claims_a_set_of_its_own_and_frees_it_by_leaving(self):
        with self.daemon.client() as other:
            self.client.write64(0, QUEUE, 0xaaaa)
            other.write64(0, QUEUE, 0xbbbb)
            self.assertEqual(other.read64(0, QUEUE), 0xaaaa)
            other.write64(0, QUEUE + QUEUE_STRIDE, 0xbbbb)
            self.assertEqual(self.client.read64(0, QUEUE + QUEUE_STRIDE), 0xbbbb)
        vfio.wait_until(lambda: self.client.read64(0, QUEUE + QUEUE_STRIDE) == 0)
        self.client.write64(0, QUEUE, 0)

    def test_killed_client_frees_its_set(self):
        ready, theirs = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                client = self.daemon.client()
                client.write64(0, QUEUE + QUEUE_STRIDE, 0xcccc)
                os.write(theirs, b"x")
                signal.pause()
            finally:
                os._exit(1)
        os.read(ready, 1)
        os.close(ready)
        os.close(theirs)
        self.assertEqual(self.client.read64(0, QUEUE + QUEUE_STRIDE), 0xcccc)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        vfio.wait_until(lambda: self.client.read64(0, QUEUE + QUEUE_STRIDE) == 0)

    def test_one_that_does_not_read_holds_up_nobody(self):
        with self.daemon.client() as slow:
            request = slow.message(vfio.REGION_READ, struct.pack("=QII", 0, 2, 0x100000))
            slow.socket.setblocking(False)
            sent = 0
            try:
                while sent < 100000:
                    slow.socket.sendall(request)
                    sent += 1
            except BlockingIOError:
                pass
            for _ in range(100):
                self.assertEqual(self.client.read32(0, 0), MAGIC)

    def test_nothing_is_left_open_by_clients_that_leave(self):
        self.client.read32(0, 0)
        fd = memory(0x1000)
        events = [os.eventfd(0) for _ in range(4)]
        before = self.daemon.open_files()
        for i in range(200 * ROUNDS):
            with self.daemon.client() as client:
                client.dma_map(0, 0x1000, fd)
                client.set_irqs(vfio.DATA_EVENTFD | vfio.TRIGGER, 0, 4, events)
                self.refused(errno.EINVAL, client.request, vfio.RESET, b"", [fd, fd])
                self.refused(errno.EEXIST, client.dma_map, 0, 0x1000, fd)
                client.region_info(2)
                if i % 2:
                    client.send(client.message(vfio.DMA_MAP, bytes(32))[:20], [fd, fd])
        vfio.wait_until(lambda: self.daemon.open_files() == before)
        for each in (fd, *events):
            os.close(each)


class Commands(WithDaemon):
    """One command through the rings, by the manual: what a driver does first."""

    NOP = 0
    RINGS = {"CMD": (0x010, 0x0000, 64), "CPL": (0x020, 0x1000, 32), "EVT": (0x030, 0x2000, 64)}

    def test_completion_comes_with_an_interrupt(self):
        client = self.client
        event = os.eventfd(0)
        self.addCleanup(os.close, event)
        client.set_irqs(vfio.DATA_EVENTFD | vfio.TRIGGER, 1, 1, [event])
        command = struct.unpack("<H", client.read(vfio.CONFIG, 4, 2))[0]
        client.write(vfio.CONFIG, 4, struct.pack("<H", command | 6))
        self.enable_msix(client)
        client.write64(0, QUEUE, 0x7777)
        part = client.read64(0, QUEUE + QUEUE_PART_OFFSET)
        for register, offset, _ in self.RINGS.values():
            client.write64(0, QUEUE + register, offset)
            client.write32(0, QUEUE + register + 8, 16)
        client.write32(0, QUEUE + 0x00c, 1)
        self.assertEqual(client.read32(0, QUEUE + 0x008) & 3, 1, "the set is ready and without error")
        client.write(2, part, struct.pack("<HHI", self.NOP, 0, 99) + bytes(56))
        client.write32(0, QUEUE + 0x040, 1)
        self.assertTrue(select.select([event], [], [], vfio.SECONDS)[0], "the interrupt comes")
        _, number, _, flags = struct.unpack("<QIHH", client.read(2, part + 0x1000, 16))
        self.assertEqual((number, flags & 1), (99, 1))
        client.write64(0, QUEUE, 0)

    @staticmethod
    def enable_msix(client):
        at = client.read(vfio.CONFIG, 0x34, 1)[0]
        while at:
            kind, following = client.read(vfio.CONFIG, at, 2)
            if kind == 0x11:
                control = struct.unpack("<H", client.read(vfio.CONFIG, at + 2, 2))[0]
                client.write(vfio.CONFIG, at + 2, struct.pack("<H", (control | 0x8000) & ~0x4000))
            at = following
        for vector in range(17):
            client.write32(4, vector * 16 + 12, 0)


if __name__ == "__main__":
    if not hasattr(os, "eventfd"):
        print("needs Python 3.10, for os.eventfd")
        sys.exit(77)
    unittest.main()
