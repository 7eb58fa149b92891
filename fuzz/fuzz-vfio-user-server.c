/* SPDX-License-Identifier: MIT */
/*
 * The vfio-user server's messages. The input is a sequence of pieces that a client writes to its
 * socket: a byte with the number of descriptors that go with the piece and of what kind they are,
 * two bytes with its length, and its bytes. The server may refuse and hang up; it may not crash,
 * leak, touch a device outside its regions, or send a reply whose size is not what it sends.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tools/chassisd/session.h"
#include "tools/chassisd/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MEMORY_SIZE 0x10000u
#define FDS_MOST    18u /* two more than are allowed */

static uint64_t region_size(void *user, unsigned region)
{
    (void)user;
    return region == 0 || region == 2 ? MEMORY_SIZE : region == 7 ? 4096 : 0;
}

static int region_fd(void *user, unsigned region)
{
    return region == 2 ? *(int *)user : -1;
}

static int device_read(void *user, unsigned region, uint64_t offset, void *data, size_t size)
{
    if (offset + size > region_size(user, region))
        abort();
    memset(data, 0x5a, size);
    return 0;
}

static int device_write(void *user, unsigned region, uint64_t offset, const void *data, size_t size)
{
    (void)data;
    if (offset + size > region_size(user, region))
        abort();
    return 0;
}

static void device_reset(void *user)
{
    (void)user;
}

static void write_piece(int socket, const uint8_t *data, size_t size, const int *fds,
                        unsigned fd_count)
{
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(FDS_MOST * sizeof(int))];
    } control;
    struct iovec iov = {(void *)(uintptr_t)data, size};
    struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1};

    if (fd_count > 0) {
        struct cmsghdr *c;

        memset(&control, 0, sizeof control);
        msg.msg_control = control.bytes;
        msg.msg_controllen = CMSG_SPACE(fd_count * sizeof(int));
        c = CMSG_FIRSTHDR(&msg);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(fd_count * sizeof(int));
        memcpy(CMSG_DATA(c), fds, fd_count * sizeof(int));
    }
    (void)!sendmsg(socket, &msg, MSG_DONTWAIT | MSG_NOSIGNAL);
}

/* Reads all replies; descriptors that come with them are dropped by the kernel. */
static void check_replies(int socket)
{
    static uint8_t rest[VFU_PAYLOAD_MAX];
    struct vfu_header header;

    while (recv(socket, &header, sizeof header, MSG_DONTWAIT) == sizeof header) {
        if ((header.flags & ~VFU_ERROR) != VFU_TYPE_REPLY || header.size < sizeof header ||
            header.size - sizeof header > sizeof rest)
            abort();
        for (size_t left = header.size - sizeof header; left > 0;) {
            ssize_t n = recv(socket, rest, left, MSG_DONTWAIT);

            if (n <= 0)
                return;
            left -= (size_t)n;
        }
    }
}

static void play(struct vfu_session *session, int socket, const int kinds[2], const uint8_t *data,
                 size_t size)
{
    uint64_t memory;

    while (size >= 3) {
        size_t length = (size_t)data[1] | (size_t)data[2] << 8;
        unsigned fd_count = (data[0] & 0x7f) % (FDS_MOST + 1);
        int fds[FDS_MOST];

        for (unsigned i = 0; i < FDS_MOST; i++)
            fds[i] = kinds[data[0] >> 7];
        data += 3;
        size -= 3;
        if (length > size)
            length = size;
        write_piece(socket, data, length, fds, length ? fd_count : 0);
        data += length;
        size -= length;
        if (!vfu_session_work(session))
            return;
        check_replies(socket);
        vfu_session_interrupt(session, (unsigned)length);
        (void)vfu_dma_write(vfu_session_dma(session), length << 12, &length, sizeof length);
        (void)vfu_dma_read(vfu_session_dma(session), 0, &memory, sizeof memory);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int memory = memfd_create("memory", MFD_CLOEXEC), event = eventfd(0, EFD_NONBLOCK), pair[2];
    const struct vfu_device device = {&memory,     17,           region_size, region_fd,
                                      device_read, device_write, device_reset};
    struct vfu_session *session;

    if (memory < 0 || event < 0 || ftruncate(memory, MEMORY_SIZE) != 0 ||
        socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
        abort();
    session = vfu_session_new(pair[1], &device);
    if (session)
        play(session, pair[0], (const int[2]){memory, event}, data, size);
    vfu_session_free(session);
    close(pair[0]);
    close(event);
    close(memory);
    return 0;
}
