/* SPDX-License-Identifier: MIT */
#include "bench/keep.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/bench.h"
#include "lib/base/random.h"
#include "lib/domain/vlan.h"

enum { TRANSACTION = 5000, CHASSIS_SIZE = 10000, SERVERS = 64, ADAPTERS = 64 };

struct ending {
    bool done;
    int status;
    char text[256];
};

const char *keep_directory(void)
{
    const char *named = getenv("VIO_BENCH_DIR");
    const char *temporary = getenv("TMPDIR");

    return named ? named : temporary ? temporary : "/var/tmp";
}

static void run_until(struct vio_loop *loop, const bool *flag)
{
    vio__loop_hold(loop);
    while (!*flag) {
        struct pollfd fd = {.fd = vio__loop_fd(loop), .events = POLLIN};

        poll(&fd, 1, vio__loop_poll_timeout(loop));
        vio__loop_dispatch(loop);
    }
    vio__loop_release(loop);
}

static void await(struct keep *keep, struct ending *ending, const char *what)
{
    run_until(keep->loop, &ending->done);
    if (ending->status != 0) {
        fprintf(stderr, "bench: %s: %s\n", what, ending->text);
        exit(EXIT_FAILURE);
    }
}

static void on_end(void *user, int status)
{
    struct ending *ending = user;

    ending->done = true;
    ending->status = status;
}

static void on_open(void *user, int status, const char *text)
{
    struct ending *ending = user;

    snprintf(ending->text, sizeof(ending->text), "%s", text);
    on_end(user, status);
}

void keep_open(struct keep *keep, const struct vio_backend_ops *ops, const char *location)
{
    const struct vio_backend_config config = {.create = true};
    const struct vio_loop_config loop = {
        .drive = VIO_LOOP_POLL, .alloc = vio__alloc_default(), .queue_max = 16};
    struct ending ending = {0};

    if (vio__loop_new(&loop, &keep->loop) != 0 || vio__loop_start(keep->loop) != 0 ||
        vio__store_open(keep->loop, ops, location, &config, on_open, &ending, &keep->store) != 0)
        bench_fail("cannot open a store");
    await(keep, &ending, location);
}

static void set_flag(void *user)
{
    *(bool *)user = true;
}

void keep_close(struct keep *keep)
{
    struct ending ending = {0};
    bool closed = false;

    vio__store_close(keep->store, on_end, &ending);
    await(keep, &ending, "closing");
    vio__loop_close(keep->loop, set_flag, &closed);
    run_until(keep->loop, &closed);
    vio__loop_dispose(keep->loop);
    vio__loop_unref(keep->loop);
}

void keep_commit(struct keep *keep, const struct vio_record *records, size_t count)
{
    struct ending ending = {0};
    struct vio_commit commit = {
        .records = records, .count = count, .done = on_end, .user = &ending};

    if (vio__store_commit(keep->store, &commit) != 0)
        bench_fail("a commit was refused");
    await(keep, &ending, vio__store_error(keep->store));
}

void keep_fill(struct keep *keep, size_t first, size_t count)
{
    struct vio_record *records = calloc(TRANSACTION, sizeof(*records));

    if (!records)
        bench_fail("no memory");
    while (count > 0) {
        size_t now = count < TRANSACTION ? count : TRANSACTION;

        for (size_t i = 0; i < now; i++)
            records[i] = keep_creation(keep_vadapter(first + i));
        keep_commit(keep, records, now);
        for (size_t i = 0; i < now; i++)
            vio__vadapter_unref((struct vio_vadapter_info *)records[i].object);
        first += now;
        count -= now;
    }
    free(records);
}

struct vio_address keep_mac(size_t number)
{
    struct vio_address mac = {.kind = VIO_ADDRESS_MAC48, .length = 6, .bytes = {0x02}};

    for (unsigned i = 1; i < 6; i++)
        mac.bytes[i] = (uint8_t)((uint64_t)number >> 8 * (5 - i));
    return mac;
}

struct vio_vadapter_info *keep_vadapter(size_t number)
{
    struct vio_vadapter_info *vadapter;
    struct vio_prng prng;

    if (vio__vadapter_new(NULL, &vadapter) != 0)
        bench_fail("no memory");
    vio__prng_seed(&prng, number);
    vio__uuid_from_prng(&prng, vadapter->uuid);
    vio__prng_seed(&prng, number / CHASSIS_SIZE);
    vio__uuid_from_prng(&prng, vadapter->chassis);
    vadapter->generation = 1;
    snprintf(vadapter->name, sizeof(vadapter->name), "vnic%zu", number);
    vadapter->kind = VIO_VADAPTER_VNIC;
    vadapter->adapter = (uint32_t)(number % ADAPTERS);
    vadapter->server = (uint32_t)(number / 7 % SERVERS);
    vadapter->path = 0;
    vadapter->address = keep_mac(number);
    vadapter->vlan = (struct vio_vlan_config){.mode = VIO_VLAN_ACCESS,
                                              .vlan = (uint16_t)(1 + number % VIO_VLAN_MAX)};
    return vadapter;
}

struct vio_record keep_creation(const struct vio_vadapter_info *vadapter)
{
    struct vio_record record = {.kind = VIO_ROW_VADAPTER, .object = vadapter};

    memcpy(record.uuid, vadapter->uuid, VIO_UUID_SIZE);
    return record;
}

struct vio_record keep_removal(const struct vio_vadapter_info *vadapter)
{
    struct vio_record record = keep_creation(vadapter);

    record.replaces = vadapter->generation;
    record.object = NULL;
    return record;
}
