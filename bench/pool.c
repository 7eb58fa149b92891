/* SPDX-License-Identifier: MIT */
/*
 * Identities drawn from a pool of 16.7 million MACs and released again, with few and with a million
 * used, and the memory that the pool takes. The baseline is one write to a random place of a table
 * of 8 MiB: what touching memory costs that is in no cache of a core.
 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/bench.h"
#include "lib/base/random.h"
#include "lib/domain/pools.h"

enum { BUNCH = 1000, TABLE = 1 << 23 };

#define NO_MORE_THAN 0.12e-6 /* s: to draw or to release one */

struct field {
    struct vio_pools *pools;
    uint8_t uuid[VIO_UUID_SIZE];
    size_t used, bytes; /* what the used ones took */
    struct vio_address drawn[BUNCH];
};

static void draw(struct field *field, struct vio_address *ret_address)
{
    if (vio__pools_draw(field->pools, field->uuid, 1, true, ret_address) != 0)
        bench_fail("a pool gave no identity");
}

static size_t allocated(void)
{
    struct mallinfo2 info = mallinfo2();

    return info.uordblks + info.hblkhd;
}

static int nobody(void *user, int kind, int (*used)(void *, const struct vio_address *),
                  void *used_user)
{
    (void)user;
    (void)kind;
    (void)used;
    (void)used_user;
    return 0;
}

static struct field *new_field(enum vio_pool_order order, size_t used)
{
    const struct vio_pools_users users = {.each = nobody};
    struct vio_address first = {.kind = VIO_ADDRESS_MAC48, .length = 6, .bytes = {2}};
    struct vio_address last = first;
    struct field *field = calloc(1, sizeof(*field));
    struct vio_pools_change *change;
    struct vio_pool_info *pool;
    size_t before = allocated();

    memset(last.bytes + 3, 0xff, 3);
    if (!field || vio__pools_new(NULL, &field->pools) != 0 || vio__pool_new(NULL, &pool) != 0)
        bench_fail("no memory");
    field->uuid[0] = pool->uuid[0] = 1;
    strcpy(pool->name, "macs");
    pool->purpose = VIO_POOL_MAC;
    pool->order = order;
    if (vio__pool_ranges_add(NULL, &pool->ranges, &first, &last) != 0 ||
        vio__pools_prepare(field->pools, pool->uuid, pool, &users, NULL, NULL, &change) != 0)
        bench_fail("a pool was refused");
    vio__pools_commit(field->pools, change);
    vio__pool_unref(pool);
    for (size_t i = 0; i < used; i++)
        draw(field, &field->drawn[0]);
    field->used = used;
    field->bytes = allocated() - before;
    return field;
}

/* An operation is a draw or a release: as many of one as of the other, a bunch at a time. */
static int draw_and_release(void *user, unsigned long count)
{
    struct field *field = user;

    for (count /= 2; count > 0;) {
        unsigned long now = count < BUNCH ? count : BUNCH;

        for (unsigned long i = 0; i < now; i++)
            draw(field, &field->drawn[i]);
        for (unsigned long i = 0; i < now; i++)
            vio__pools_unmark(field->pools, &field->drawn[i]);
        count -= now;
    }
    return 0;
}

static int touch(void *user, unsigned long count)
{
    volatile uint8_t *table = user;
    struct vio_prng prng;

    vio__prng_seed(&prng, count);
    for (; count > 0; count--)
        table[vio__prng_next(&prng) % TABLE]++;
    return 0;
}

int main(void)
{
    uint8_t *table = calloc(TABLE, 1);
    struct field *few = new_field(VIO_POOL_ORDER_LOWEST, 100);
    struct field *many = new_field(VIO_POOL_ORDER_LOWEST, 1000000);
    struct field *turns = new_field(VIO_POOL_ORDER_SEQUENTIAL, 1000000);
    struct bench_case cases[] = {
        {.name = "a write to a random place of 8 MiB", .run = touch, .user = table},
        {.name = "lowest, 100 used", .run = draw_and_release, .user = few},
        {.name = "lowest, 1 M used", .run = draw_and_release, .user = many},
        {.name = "sequential, 1 M used", .run = draw_and_release, .user = turns},
    };
    int status;

    for (size_t i = 1; i < sizeof cases / sizeof *cases; i++) {
        cases[i].baseline = &cases[0];
        cases[i].aim_rate = 1 / NO_MORE_THAN;
    }
    status = bench_run("pool: one identity drawn or released", cases, sizeof cases / sizeof *cases);
    printf("  bytes of a pool of 16.7 M with %zu used: %zu, %.2f each   aim <= 3: %s\n\n",
           many->used, many->bytes, (double)many->bytes / (double)many->used,
           many->bytes <= 3 * many->used ? "met" : "not met");
    vio__pools_free(few->pools);
    vio__pools_free(many->pools);
    vio__pools_free(turns->pools);
    free(few);
    free(many);
    free(turns);
    free(table);
    return status < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
