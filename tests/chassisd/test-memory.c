/* SPDX-License-Identifier: MIT */
/* A session whose n-th allocation fails, for each n: it ends, or answers with an error, and leaks
 * nothing. The linker puts the functions below in the place of calloc and realloc. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/test.h"
#include "tools/chassisd/session.h"

void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *ptr, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *ptr, size_t size);

static bool armed;
static unsigned until_failure;

static bool fails(void)
{
    return armed && until_failure-- == 0;
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *ptr, size_t size)
{
    return fails() ? NULL : __real_realloc(ptr, size);
}

static uint64_t region_size(void *user, unsigned region)
{
    (void)user;
    return region == 0 ? 0x20000 : 0;
}

static int region_fd(void *user, unsigned region)
{
    (void)user;
    (void)region;
    return -1;
}

static int device_read(void *user, unsigned region, uint64_t offset, void *data, size_t size)
{
    (void)user;
    (void)region;
    (void)offset;
    memset(data, 0, size);
    return 0;
}

static int device_write(void *user, unsigned region, uint64_t offset, const void *data, size_t size)
{
    (void)user;
    (void)region;
    (void)offset;
    (void)data;
    (void)size;
    return 0;
}

static void device_reset(void *user)
{
    (void)user;
}

static void send_message(int socket, uint16_t command, const void *payload, size_t size)
{
    const struct vfu_header header = {1, command, (uint32_t)(sizeof header + size), 0, 0};

    assert_int_equal(write(socket, &header, sizeof header), sizeof header);
    assert_int_equal(write(socket, payload, size), (ssize_t)size);
}

/* Twenty mappings, so that the table grows, and a read, so that the buffer does. */
static void send_script(int socket)
{
    const struct vfu_version version = {0, 0};
    const struct vfu_region_access access = {0, 0, 0x8000};

    send_message(socket, VFU_VERSION, &version, sizeof version);
    for (uint64_t i = 0; i < 20; i++) {
        const struct vfu_dma_map map = {sizeof map, 3, 0, i << 12, 0x1000};

        send_message(socket, VFU_DMA_MAP, &map, sizeof map);
    }
    send_message(socket, VFU_REGION_READ, &access, sizeof access);
}

static unsigned count_errors(int socket)
{
    struct vfu_header header;
    char rest[0x9000];
    unsigned errors = 0;

    while (recv(socket, &header, sizeof header, MSG_DONTWAIT) == sizeof header) {
        errors += (header.flags & VFU_ERROR) != 0;
        if (header.size > sizeof header)
            assert_true(recv(socket, rest, header.size - sizeof header, MSG_DONTWAIT) > 0);
    }
    return errors;
}

/* True: all went well, so there was no n-th allocation. */
static bool play(unsigned n)
{
    const struct vfu_device device = {
        NULL, 1, region_size, region_fd, device_read, device_write, device_reset};
    struct vfu_session *session;
    bool alive = false;
    int pair[2];
    unsigned errors;

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    send_script(pair[0]);
    until_failure = n;
    armed = true;
    session = vfu_session_new(pair[1], &device);
    if (session)
        alive = vfu_session_work(session);
    armed = false;
    vfu_session_free(session);
    errors = count_errors(pair[0]);
    close(pair[0]);
    return alive && errors == 0;
}

static void each_failed_allocation_is_survived(void **state)
{
    unsigned n = 0;
    int before = dup(0), after;

    (void)state;
    close(before);
    while (!play(n))
        n++;
    assert_true(n > 10);
    after = dup(0);
    assert_int_equal(after, before);
    close(after);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_failed_allocation_is_survived)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
