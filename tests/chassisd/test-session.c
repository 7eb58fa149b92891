/* SPDX-License-Identifier: MIT */
/* A session against a scripted device, over a socket pair; every message is made by hand. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/test.h"
#include "tools/chassisd/session.h"

#define BAR0_SIZE   0x10000u
#define BAR2_SIZE   0x1000u
#define CONFIG_SIZE 256u

struct fixture {
    struct vfu_device device;
    struct vfu_session *session;
    int socket; /* the client's end */
    int memory;
    unsigned resets;
    int fail; /* what the next access to the device returns */
    uint64_t last_offset;
    uint32_t last_value;
    size_t last_size;
};

static uint64_t region_size(void *user, unsigned region)
{
    (void)user;
    return region == 0 ? BAR0_SIZE : region == 2 ? BAR2_SIZE : region == 7 ? CONFIG_SIZE : 0;
}

static int region_fd(void *user, unsigned region)
{
    struct fixture *f = user;

    return region == 2 ? f->memory : -1;
}

static int device_read(void *user, unsigned region, uint64_t offset, void *data, size_t size)
{
    struct fixture *f = user;

    assert_true(offset + size <= region_size(user, region));
    memset(data, (int)(0xa0 + region), size);
    return f->fail;
}

static int device_write(void *user, unsigned region, uint64_t offset, const void *data, size_t size)
{
    struct fixture *f = user;

    assert_true(offset + size <= region_size(user, region));
    f->last_offset = offset;
    f->last_size = size;
    if (size >= sizeof f->last_value)
        memcpy(&f->last_value, data, sizeof f->last_value);
    return f->fail;
}

static void device_reset(void *user)
{
    struct fixture *f = user;

    f->resets++;
}

static int make(void **state)
{
    struct fixture *f = test_calloc(1, sizeof *f);
    int pair[2];

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
        return -1;
    f->memory = memfd_create("bar2", MFD_CLOEXEC);
    f->socket = pair[0];
    f->device =
        (struct vfu_device){f, 17, region_size, region_fd, device_read, device_write, device_reset};
    f->session = vfu_session_new(pair[1], &f->device);
    *state = f;
    return f->session ? 0 : -1;
}

static int drop(void **state)
{
    struct fixture *f = *state;

    vfu_session_free(f->session);
    close(f->socket);
    close(f->memory);
    test_free(f);
    return 0;
}

static void send_raw(struct fixture *f, const void *data, size_t size, const int *fds,
                     unsigned fd_count)
{
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(64 * sizeof(int))];
    } control = {.bytes = {0}};
    struct iovec iov = {(void *)(uintptr_t)data, size};
    struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1};

    if (fd_count > 0) {
        struct cmsghdr *c;

        msg.msg_control = control.bytes;
        msg.msg_controllen = CMSG_SPACE(fd_count * sizeof(int));
        c = CMSG_FIRSTHDR(&msg);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(fd_count * sizeof(int));
        memcpy(CMSG_DATA(c), fds, fd_count * sizeof(int));
    }
    assert_int_equal(sendmsg(f->socket, &msg, 0), (ssize_t)size);
}

static size_t message(uint8_t *buffer, uint16_t command, uint32_t flags, const void *payload,
                      size_t size)
{
    const struct vfu_header header = {77, command, (uint32_t)(sizeof header + size), flags, 0};

    memcpy(buffer, &header, sizeof header);
    if (size > 0)
        memcpy(buffer + sizeof header, payload, size);
    return sizeof header + size;
}

/* Takes a reply and returns its error. */
static int reply(struct fixture *f, uint16_t command, void *payload, size_t size)
{
    struct vfu_header header;

    assert_int_equal(recv(f->socket, &header, sizeof header, MSG_DONTWAIT), sizeof header);
    assert_int_equal(header.id, 77);
    assert_int_equal(header.command, command);
    if (header.flags == (VFU_TYPE_REPLY | VFU_ERROR)) {
        assert_int_equal(header.size, sizeof header);
        assert_true(header.error != 0);
        return (int)header.error;
    }
    assert_int_equal(header.flags, VFU_TYPE_REPLY);
    assert_int_equal(header.error, 0);
    assert_int_equal(header.size, sizeof header + size);
    if (size > 0)
        assert_int_equal(recv(f->socket, payload, size, MSG_DONTWAIT), (ssize_t)size);
    return 0;
}

static int ask_with(struct fixture *f, uint16_t command, const void *payload, size_t size,
                    void *answer, size_t answer_size, const int *fds, unsigned fd_count)
{
    uint8_t buffer[512];

    send_raw(f, buffer, message(buffer, command, VFU_TYPE_COMMAND, payload, size), fds, fd_count);
    assert_true(vfu_session_work(f->session));
    return reply(f, command, answer, answer_size);
}

static int ask(struct fixture *f, uint16_t command, const void *payload, size_t size, void *answer,
               size_t answer_size)
{
    return ask_with(f, command, payload, size, answer, answer_size, NULL, 0);
}

static void negotiate(struct fixture *f, const char *text)
{
    uint8_t buffer[512];
    struct vfu_version version = {0, 0};
    size_t size = strlen(text) ? strlen(text) + 1 : 0;
    char answer[256] = "";

    memcpy(buffer, &version, sizeof version);
    memcpy(buffer + sizeof version, text, size);
    assert_int_equal(ask(f, VFU_VERSION, buffer, sizeof version + size, answer, 104), 0);
    assert_non_null(strstr(answer + sizeof version, "\"max_msg_fds\":16"));
}

static int make_negotiated(void **state)
{
    if (make(state) != 0)
        return -1;
    negotiate(*state, "{\"capabilities\":{\"max_msg_fds\":8}}");
    return 0;
}

/* Negotiation. */

static void first_message_must_be_version(void **state)
{
    struct fixture *f = *state;
    uint8_t buffer[64];

    send_raw(f, buffer, message(buffer, VFU_DEVICE_RESET, 0, NULL, 0), NULL, 0);
    assert_false(vfu_session_work(f->session));
    assert_int_equal(reply(f, VFU_DEVICE_RESET, NULL, 0), EINVAL);
    assert_int_equal(f->resets, 0);
}

static void refused_version_ends_the_session(void **state)
{
    static const struct {
        const char *bytes;
        size_t size;
    } wrong[] = {
#define V(text) {text, sizeof text - 1}
        V("\0\0\0"),
        V("\1\0\0\0"),
        V("\0\0\0\0{}"),
        V("\0\0\0\0\0"),
        V("\0\0\0\0{\0"),
        V("\0\0\0\0[]\0"),
        V("\0\0\0\0{\"capabilities\":[]}\0"),
        V("\0\0\0\0{\"capabilities\":{\"max_msg_fds\":\"8\"}}\0"),
        V("\0\0\0\0{\"capabilities\":{\"max_msg_fds\":-1}}\0"),
        V("\0\0\0\0{\"capabilities\":{\"max_dma_maps\":1.5}}\0"),
#undef V
    };

    for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct fixture *f;
        uint8_t buffer[256];
        void *fresh;

        assert_int_equal(make(&fresh), 0);
        f = fresh;
        send_raw(f, buffer, message(buffer, VFU_VERSION, 0, wrong[i].bytes, wrong[i].size), NULL,
                 0);
        assert_false(vfu_session_work(f->session));
        assert_int_equal(reply(f, VFU_VERSION, NULL, 0), EINVAL);
        drop(&fresh);
    }
    (void)state;
}

static void minor_version_is_the_older_of_both(void **state)
{
    struct vfu_version version = {0, 7};
    char answer[104];

    assert_int_equal(ask(*state, VFU_VERSION, &version, sizeof version, answer, sizeof answer), 0);
    memcpy(&version, answer, sizeof version);
    assert_int_equal(version.major, 0);
    assert_int_equal(version.minor, VFU_MINOR);
    assert_int_equal(ask(*state, VFU_VERSION, &version, sizeof version, NULL, 0), EINVAL);
}

static void client_that_takes_no_descriptors_gets_no_mappable_region(void **state)
{
    struct fixture *f = *state;
    struct vfu_region_info info = {.argsz = sizeof info, .index = 2};

    negotiate(f, "{\"capabilities\":{\"max_msg_fds\":0}}");
    assert_int_equal(ask(f, VFU_DEVICE_GET_REGION_INFO, &info, sizeof info, &info, sizeof info), 0);
    assert_int_equal(info.flags, VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE);
}

/* Information. */

static void device_is_a_resettable_pci_device(void **state)
{
    struct vfu_device_info info = {.argsz = sizeof info};

    assert_int_equal(ask(*state, VFU_DEVICE_GET_INFO, &info, sizeof info, &info, sizeof info), 0);
    assert_int_equal(info.argsz, 16);
    assert_int_equal(info.flags, VFIO_DEVICE_FLAGS_RESET | VFIO_DEVICE_FLAGS_PCI);
    assert_int_equal(info.regions, VFIO_PCI_NUM_REGIONS);
    assert_int_equal(info.irqs, VFIO_PCI_NUM_IRQS);
    info.argsz = 15;
    assert_int_equal(ask(*state, VFU_DEVICE_GET_INFO, &info, sizeof info, NULL, 0), EINVAL);
}

static void mappable_region_comes_with_a_descriptor(void **state)
{
    struct fixture *f = *state;
    struct vfu_region_info info = {.argsz = 4096, .index = 2};
    uint8_t buffer[128];
    char control[CMSG_SPACE(sizeof(int))];
    struct iovec iov = {buffer, sizeof buffer};
    struct msghdr msg = {
        .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    int fd;

    send_raw(f, buffer, message(buffer, VFU_DEVICE_GET_REGION_INFO, 0, &info, sizeof info), NULL,
             0);
    assert_true(vfu_session_work(f->session));
    assert_int_equal(recvmsg(f->socket, &msg, MSG_DONTWAIT), 48);
    memcpy(&info, buffer + 16, sizeof info);
    assert_int_equal(info.argsz, 32);
    assert_int_equal(info.flags, VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE |
                                     VFIO_REGION_INFO_FLAG_MMAP);
    assert_int_equal(info.size, BAR2_SIZE);
    assert_int_equal(info.offset, 0);
    assert_non_null(CMSG_FIRSTHDR(&msg));
    memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof fd);
    assert_int_equal(close(fd), 0);
}

static void trapped_and_absent_regions_come_without(void **state)
{
    for (uint32_t i = 0; i < VFIO_PCI_NUM_REGIONS; i++) {
        struct vfu_region_info info = {.argsz = sizeof info, .index = i};

        if (i == 2)
            continue;
        assert_int_equal(
            ask(*state, VFU_DEVICE_GET_REGION_INFO, &info, sizeof info, &info, sizeof info), 0);
        assert_int_equal(info.index, i);
        assert_int_equal(info.size, region_size(NULL, i));
        assert_int_equal(info.flags, info.size ? 3 : 0);
        assert_int_equal(info.cap_offset, 0);
    }
}

static void only_msix_has_vectors(void **state)
{
    for (uint32_t i = 0; i < VFIO_PCI_NUM_IRQS; i++) {
        struct vfu_irq_info info = {.argsz = sizeof info, .index = i};

        assert_int_equal(
            ask(*state, VFU_DEVICE_GET_IRQ_INFO, &info, sizeof info, &info, sizeof info), 0);
        assert_int_equal(info.count, i == VFIO_PCI_MSIX_IRQ_INDEX ? 17 : 0);
    }
}

static void unknown_index_is_refused(void **state)
{
    struct vfu_region_info region = {.argsz = sizeof region, .index = VFIO_PCI_NUM_REGIONS};
    struct vfu_irq_info irq = {.argsz = sizeof irq, .index = VFIO_PCI_NUM_IRQS};
    struct vfu_irq_set set = {sizeof set, 33, VFIO_PCI_NUM_IRQS, 0, 0};

    assert_int_equal(ask(*state, VFU_DEVICE_GET_REGION_INFO, &region, sizeof region, NULL, 0),
                     EINVAL);
    assert_int_equal(ask(*state, VFU_DEVICE_GET_IRQ_INFO, &irq, sizeof irq, NULL, 0), EINVAL);
    assert_int_equal(ask(*state, VFU_DEVICE_SET_IRQS, &set, sizeof set, NULL, 0), EINVAL);
}

static void unknown_commands_are_unsupported(void **state)
{
    static const uint16_t commands[] = {
        0, VFU_DEVICE_GET_REGION_IO_FDS, VFU_DMA_READ, VFU_DMA_WRITE, 14, 15, 16, 0xffff};
    const uint8_t payload[64] = {0};

    for (unsigned i = 0; i < sizeof commands / sizeof commands[0]; i++)
        assert_int_equal(ask(*state, commands[i], payload, sizeof payload, NULL, 0), ENOTSUP);
}

static void short_payload_is_refused(void **state)
{
    static const struct {
        uint16_t command;
        size_t size;
    } wrong[] = {{VFU_DMA_MAP, 31},
                 {VFU_DMA_UNMAP, 23},
                 {VFU_DEVICE_GET_INFO, 15},
                 {VFU_DEVICE_SET_IRQS, 19},
                 {VFU_DEVICE_GET_REGION_INFO, 31},
                 {VFU_REGION_READ, 15},
                 {VFU_REGION_WRITE, 0},
                 {VFU_DEVICE_GET_IRQ_INFO, 4}};
    const uint8_t payload[64] = {0};

    for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(ask(*state, wrong[i].command, payload, wrong[i].size, NULL, 0), EINVAL);
}

/* Regions. */

static void region_is_read(void **state)
{
    const struct vfu_region_access access = {0x40, 7, 3};
    uint8_t answer[19];

    assert_int_equal(ask(*state, VFU_REGION_READ, &access, sizeof access, answer, sizeof answer),
                     0);
    assert_memory_equal(answer, &access, sizeof access);
    assert_memory_equal(answer + 16, "\xa7\xa7\xa7", 3);
}

static void region_is_written(void **state)
{
    struct fixture *f = *state;
    struct vfu_region_access access = {0x44, 0, 4};
    uint8_t payload[20];

    memcpy(payload, &access, sizeof access);
    memcpy(payload + sizeof access, &(uint32_t){0x12345678}, 4);
    assert_int_equal(ask(f, VFU_REGION_WRITE, payload, sizeof payload, &access, sizeof access), 0);
    assert_int_equal(access.count, 4);
    assert_int_equal(f->last_offset, 0x44);
    assert_int_equal(f->last_value, 0x12345678);
    assert_int_equal(ask(f, VFU_REGION_WRITE, payload, sizeof payload - 1, NULL, 0), EINVAL);
}

static void access_past_a_region_is_refused(void **state)
{
    static const struct vfu_region_access wrong[] = {
        {BAR0_SIZE, 0, 1},
        {BAR0_SIZE - 3, 0, 4},
        {UINT64_MAX, 0, 4},
        {UINT64_MAX - 1, 0, 1},
        {0, 0, UINT32_MAX},
        {0, 1, 1},
        {0, VFIO_PCI_NUM_REGIONS, 1},
        {0, UINT32_MAX, 1},
    };

    for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(ask(*state, VFU_REGION_READ, &wrong[i], sizeof wrong[i], NULL, 0), EINVAL);
        assert_int_equal(ask(*state, VFU_REGION_WRITE, &wrong[i], sizeof wrong[i], NULL, 0),
                         EINVAL);
    }
}

static void error_of_the_device_is_reported(void **state)
{
    struct fixture *f = *state;
    const struct vfu_region_access access = {0, 0, 4};

    f->fail = ENODEV;
    assert_int_equal(ask(f, VFU_REGION_READ, &access, sizeof access, NULL, 0), ENODEV);
}

static void posted_write_is_done_and_not_answered(void **state)
{
    struct fixture *f = *state;
    uint8_t payload[20] = {0}, buffer[64];
    char byte;

    memcpy(payload, &(struct vfu_region_access){8, 0, 4}, 16);
    send_raw(f, buffer, message(buffer, VFU_REGION_WRITE, VFU_NO_REPLY, payload, 20), NULL, 0);
    send_raw(f, buffer, message(buffer, 0x99, VFU_NO_REPLY, NULL, 0), NULL, 0);
    assert_true(vfu_session_work(f->session));
    assert_int_equal(f->last_offset, 8);
    assert_int_equal(recv(f->socket, &byte, 1, MSG_DONTWAIT), -1);
}

static void reset_reaches_the_device(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(ask(f, VFU_DEVICE_RESET, NULL, 0, NULL, 0), 0);
    assert_int_equal(f->resets, 1);
}

/* Interrupts and memory. */

static void interrupt_reaches_the_clients_eventfd(void **state)
{
    struct fixture *f = *state;
    const struct vfu_irq_set set = {sizeof set,
                                    VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER,
                                    VFIO_PCI_MSIX_IRQ_INDEX, 1, 1};
    int fd = eventfd(0, EFD_NONBLOCK);
    uint64_t value = 0;

    assert_int_equal(ask_with(f, VFU_DEVICE_SET_IRQS, &set, sizeof set, NULL, 0, &fd, 1), 0);
    vfu_session_interrupt(f->session, 1);
    assert_int_equal(read(fd, &value, sizeof value), sizeof value);
    assert_int_equal(value, 1);
    close(fd);
}

static void mapped_memory_is_reached_until_it_is_unmapped(void **state)
{
    struct fixture *f = *state;
    const struct vfu_dma_map map = {sizeof map, 3, 0, 0x100000, 0x1000};
    struct vfu_dma_unmap unmap = {sizeof unmap, 0, 0x100000, 0x1000};
    int fd = memfd_create("guest", MFD_CLOEXEC);
    char data[4];

    assert_int_equal(ftruncate(fd, 0x1000), 0);
    assert_int_equal(pwrite(fd, "host", 4, 0x10), 4);
    assert_int_equal(ask_with(f, VFU_DMA_MAP, &map, sizeof map, NULL, 0, &fd, 1), 0);
    close(fd);
    assert_int_equal(vfu_dma_read(vfu_session_dma(f->session), 0x100010, data, 4), 0);
    assert_memory_equal(data, "host", 4);
    assert_int_equal(ask(f, VFU_DMA_UNMAP, &unmap, sizeof unmap, &unmap, sizeof unmap), 0);
    assert_int_equal(unmap.address, 0x100000);
    assert_int_equal(vfu_dma_read(vfu_session_dma(f->session), 0x100010, data, 4), EFAULT);
}

static unsigned descriptors(void)
{
    unsigned count = 0;

    for (int fd = 0; fd < 256; fd++)
        count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

static void descriptors_that_nobody_wants_are_closed(void **state)
{
    struct fixture *f = *state;
    const struct vfu_dma_map map = {sizeof map, 3, 0, 0, 0x1000};
    int fds[24];
    unsigned before;

    for (unsigned i = 0; i < 24; i++)
        fds[i] = f->memory;
    before = descriptors();
    assert_int_equal(ask_with(f, VFU_DEVICE_RESET, NULL, 0, NULL, 0, fds, 3), EINVAL);
    assert_int_equal(ask_with(f, VFU_DMA_MAP, &map, sizeof map, NULL, 0, fds, 2), EINVAL);
    assert_int_equal(ask_with(f, VFU_DMA_MAP, &map, sizeof map, NULL, 0, fds, 24), EINVAL);
    assert_int_equal(ask_with(f, VFU_DMA_MAP, &map, 8, NULL, 0, fds, 1), EINVAL);
    assert_int_equal(ask_with(f, 99, NULL, 0, NULL, 0, fds, 1), ENOTSUP);
    assert_int_equal(descriptors(), before);
}

/* Framing. */

static void message_may_come_byte_by_byte(void **state)
{
    struct fixture *f = *state;
    const struct vfu_dma_map map = {sizeof map, 3, 0, 0, 0x1000};
    uint8_t buffer[64];
    size_t size = message(buffer, VFU_DMA_MAP, 0, &map, sizeof map);

    for (size_t i = 0; i < size; i++) {
        send_raw(f, buffer + i, 1, &f->memory, i == 0);
        assert_true(vfu_session_work(f->session));
    }
    assert_int_equal(reply(f, VFU_DMA_MAP, NULL, 0), 0);
}

static void messages_may_come_at_once(void **state)
{
    struct fixture *f = *state;
    uint8_t buffer[256];
    size_t size = 0;

    for (int i = 0; i < 8; i++)
        size += message(buffer + size, VFU_DEVICE_RESET, 0, NULL, 0);
    send_raw(f, buffer, size, NULL, 0);
    assert_true(vfu_session_work(f->session));
    assert_int_equal(f->resets, 8);
    for (int i = 0; i < 8; i++)
        assert_int_equal(reply(f, VFU_DEVICE_RESET, NULL, 0), 0);
}

static void impossible_size_is_answered_and_ends_the_session(void **state)
{
    static const uint32_t sizes[] = {0, 15, 16 + 16 + VFU_DATA_MAX + 1, UINT32_MAX};

    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        const struct vfu_header header = {77, VFU_DEVICE_RESET, sizes[i], 0, 0};
        struct fixture *f;
        void *fresh;

        assert_int_equal(make_negotiated(&fresh), 0);
        f = fresh;
        send_raw(f, &header, sizeof header, NULL, 0);
        assert_false(vfu_session_work(f->session));
        assert_int_equal(reply(f, VFU_DEVICE_RESET, NULL, 0), EINVAL);
        drop(&fresh);
    }
}

static void unasked_reply_ends_the_session(void **state)
{
    struct fixture *f = *state;
    uint8_t buffer[64];

    send_raw(f, buffer, message(buffer, VFU_DMA_READ, VFU_TYPE_REPLY, NULL, 0), NULL, 0);
    assert_false(vfu_session_work(f->session));
}

static void client_that_hangs_up_ends_the_session(void **state)
{
    struct fixture *f = *state;

    shutdown(f->socket, SHUT_RDWR);
    assert_false(vfu_session_work(f->session));
}

/* A client that does not read is not read from; once it reads, it has missed nothing. */
static void slow_reader_is_waited_for_and_loses_nothing(void **state)
{
    struct fixture *f = *state;
    const struct vfu_region_access access = {0, 0, BAR0_SIZE};
    static uint8_t answer[sizeof access + BAR0_SIZE];
    uint8_t buffer[64];
    size_t size = message(buffer, VFU_REGION_READ, 0, &access, sizeof access);
    unsigned sent = 0;

    while (!vfu_session_wants_write(f->session)) {
        send_raw(f, buffer, size, NULL, 0);
        sent++;
        assert_true(sent < 10000);
        assert_true(vfu_session_work(f->session));
    }
    for (unsigned i = 0; i < sent; i++) {
        struct vfu_header header;

        for (size_t got = 0, all = sizeof header + sizeof answer; got < all;) {
            ssize_t n = recv(f->socket, got < 16 ? (uint8_t *)&header + got : answer,
                             got < 16 ? 16 - got : all - got, MSG_DONTWAIT);

            if (n < 0)
                assert_true(vfu_session_work(f->session));
            else
                got += (size_t)n;
        }
        assert_int_equal(header.flags, VFU_TYPE_REPLY);
        assert_int_equal(header.size, 16 + sizeof answer);
    }
    assert_false(vfu_session_wants_write(f->session));
}

int main(void)
{
#define F(name) cmocka_unit_test_setup_teardown(name, make, drop)
#define T(name) cmocka_unit_test_setup_teardown(name, make_negotiated, drop)
    const struct CMUnitTest tests[] = {
        F(first_message_must_be_version),
        F(refused_version_ends_the_session),
        F(minor_version_is_the_older_of_both),
        F(client_that_takes_no_descriptors_gets_no_mappable_region),
        T(device_is_a_resettable_pci_device),
        T(mappable_region_comes_with_a_descriptor),
        T(trapped_and_absent_regions_come_without),
        T(only_msix_has_vectors),
        T(unknown_index_is_refused),
        T(unknown_commands_are_unsupported),
        T(short_payload_is_refused),
        T(region_is_read),
        T(region_is_written),
        T(access_past_a_region_is_refused),
        T(error_of_the_device_is_reported),
        T(posted_write_is_done_and_not_answered),
        T(reset_reaches_the_device),
        T(interrupt_reaches_the_clients_eventfd),
        T(mapped_memory_is_reached_until_it_is_unmapped),
        T(descriptors_that_nobody_wants_are_closed),
        T(message_may_come_byte_by_byte),
        T(messages_may_come_at_once),
        F(impossible_size_is_answered_and_ends_the_session),
        T(unasked_reply_ends_the_session),
        T(client_that_hangs_up_ends_the_session),
        T(slow_reader_is_waited_for_and_loses_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
