/* SPDX-License-Identifier: MIT */
/* Pools: what they may be, what is drawn from them, and how they may change. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/base/random.h"
#include "lib/domain/hwaddr.h"
#include "lib/domain/pools.h"
#include "tests/support/test.h"

/* -- Helpers ----------------------------------------------------------------------------------- */

static struct vio_address parse(const char *text)
{
    struct vio_address address;

    assert_int_equal(vio__hwaddr_parse(text, VIO_ADDRESS_UNKNOWN, &address), 0);
    return address;
}

static struct vio_address mac(uint64_t number)
{
    struct vio_address address;

    vio__hwaddr_join(VIO_ADDRESS_MAC48, 0, UINT64_C(0x020000000000) + number, &address);
    return address;
}

static uint64_t number_of(const struct vio_address *address)
{
    uint64_t high, low;

    vio__hwaddr_split(address, &high, &low);
    return low - UINT64_C(0x020000000000);
}

/* All of the complaints, each with a new line. */
struct said {
    int code;
    char text[2048];
};

static void hear(void *user, int code, const char *text)
{
    struct said *said = user;

    said->code = said->code ? said->code : code;
    strncat(said->text, text, sizeof(said->text) - strlen(said->text) - 1);
    strncat(said->text, "\n", sizeof(said->text) - strlen(said->text) - 1);
}

/* A pool of MACs, with one range of numbers. */
static struct vio_pool_info *make(const char *name, uint64_t first, uint64_t last)
{
    const struct vio_address ends[] = {mac(first), mac(last)};
    struct vio_pool_info *pool;

    assert_int_equal(vio__pool_new(NULL, &pool), 0);
    assert_int_equal(vio__uuid_random(pool->uuid), 0);
    snprintf(pool->name, sizeof(pool->name), "%s", name);
    pool->generation = 1;
    pool->purpose = VIO_POOL_MAC;
    assert_int_equal(vio__pool_ranges_add(NULL, &pool->ranges, &ends[0], &ends[1]), 0);
    return pool;
}

static int nothing_used(void *user, int kind, int (*used)(void *, const struct vio_address *),
                        void *used_user)
{
    const struct vio_address *address = user;

    (void)kind;
    return address ? used(used_user, address) : 0;
}

static const struct vio_pools_users nobody = {nothing_used, NULL};

/* Makes it so; the code of a refusal, with its text. */
static int put(struct vio_pools *pools, const uint8_t *uuid, struct vio_pool_info *after,
               struct said *ret_said)
{
    struct vio_pools_change *change;
    int status;

    *ret_said = (struct said){0};
    status = vio__pools_prepare(pools, uuid, after, &nobody, hear, ret_said, &change);
    if (status == 0)
        vio__pools_commit(pools, change);
    if (status != VIO_ENOMEM)
        assert_int_equal(status, ret_said->code);
    return status;
}

static struct vio_pools *make_pools(struct vio_pool_info *pool)
{
    struct vio_pools *pools;
    struct said said;

    assert_int_equal(vio__pools_new(NULL, &pools), 0);
    assert_int_equal(put(pools, pool->uuid, pool, &said), 0);
    return pools;
}

static uint64_t draw(struct vio_pools *pools, const struct vio_pool_info *pool)
{
    struct vio_address address;

    assert_int_equal(vio__pools_draw(pools, pool->uuid, 1, true, &address), 0);
    return number_of(&address);
}

static void unmark(struct vio_pools *pools, uint64_t number)
{
    const struct vio_address address = mac(number);

    vio__pools_unmark(pools, &address);
}

static void mark(struct vio_pools *pools, uint64_t number)
{
    const struct vio_address address = mac(number);

    assert_int_equal(vio__pools_mark(pools, &address), 0);
}

/* -- By itself --------------------------------------------------------------------------------- */

static void ranges_are_joined_and_split(void **state)
{
    struct vio_pool_ranges ranges = {0};
    const struct vio_address a[] = {mac(0), mac(9), mac(10), mac(19), mac(5), mac(14), mac(30)};
    const struct vio_address uuid = parse("12345678-0000-4000-8000-000000000000");

    (void)state;
    assert_int_equal(vio__pool_ranges_add(NULL, &ranges, &a[2], &a[3]), 0);
    assert_int_equal(vio__pool_ranges_add(NULL, &ranges, &a[0], &a[1]), 0);
    assert_int_equal(ranges.count, 1);
    assert_int_equal(vio__pool_ranges_add(NULL, &ranges, &a[4], &a[6]), VIO_EEXIST);
    assert_int_equal(vio__pool_ranges_add(NULL, &ranges, &a[6], &a[4]), VIO_EINVAL);
    assert_int_equal(vio__pool_ranges_add(NULL, &ranges, &a[6], &uuid), VIO_EINVAL);
    assert_int_equal(vio__pool_ranges_remove(NULL, &ranges, &a[4], &a[5]), 0);
    assert_int_equal(ranges.count, 2);
    assert_null(vio__pool_ranges_find(&ranges, &a[4]));
    assert_null(vio__pool_ranges_find(&ranges, &a[2]));
    assert_ptr_equal(vio__pool_ranges_find(&ranges, &a[3]), &ranges.range[1]);
    assert_int_equal(vio__pool_ranges_remove(NULL, &ranges, &a[5], &a[3]), VIO_ENOENT);
    assert_int_equal(vio__pool_ranges_remove(NULL, &ranges, &a[6], &a[6]), VIO_ENOENT);
    assert_int_equal(
        vio__pool_ranges_remove(NULL, &ranges, &ranges.range[0].first, &ranges.range[0].last), 0);
    assert_int_equal(ranges.count, 1);
    free(ranges.range);
}

static void each_impossible_range_is_refused_with_its_reason(void **state)
{
    static const struct {
        enum vio_pool_purpose purpose;
        const char *first, *last;
        int code;
        const char *text;
    } cases[] = {
        {VIO_POOL_MAC, "02:ff:ff:ff:ff:00", "03:00:00:00:00:10", VIO_EADDR,
         "range 02:ff:ff:ff:ff:00 to 03:00:00:00:00:10 has the value 03:00:00:00:00:00, which is a "
         "group address (multicast)\n"},
        {VIO_POOL_MAC, "02:00:00:00:00:00", "12:00:00:00:00:00", VIO_ELIMIT,
         "range 02:00:00:00:00:00 to 12:00:00:00:00:00: a range has at most 2^36 values\n"},
        {VIO_POOL_MAC, "02:00:00:00:00:09", "02:00:00:00:00:00", VIO_EADDR,
         "range 02:00:00:00:00:09 to 02:00:00:00:00:00: the first value is above the last\n"},
        {VIO_POOL_MAC, "20:00:00:00:00:00:00:01", "20:00:00:00:00:00:00:09", VIO_EADDR,
         "range 20:00:00:00:00:00:00:01 to 20:00:00:00:00:00:00:09: a pool of purpose mac has MACs "
         "alone\n"},
        {VIO_POOL_WWPN, "2f:ff:ff:ff:ff:ff:ff:f0", "30:00:00:00:00:00:00:00", VIO_EADDR,
         "range 2f:ff:ff:ff:ff:ff:ff:f0 to 30:00:00:00:00:00:00:00 has the value "
         "30:00:00:00:00:00:00:00, whose NAA is not 1, 2, 5 or 6\n"},
        {VIO_POOL_WWN, "60:00:00:00:00:00:00:00", "6f:ff:ff:ff:ff:ff:ff:ff", VIO_ELIMIT,
         "range 60:00:00:00:00:00:00:00 to 6f:ff:ff:ff:ff:ff:ff:ff: a range has at most 2^36 "
         "values\n"},
        {VIO_POOL_UUID, "12345678-0000-4000-8000-000000000000",
         "12345678-0000-4001-8000-000000000000", VIO_EADDR,
         "range 12345678-0000-4000-8000-000000000000 to 12345678-0000-4001-8000-000000000000: both "
         "ends of a range of UUIDs begin with the same 8 bytes\n"},
        {VIO_POOL_UUID, "12345678-0000-4000-0000-000000000000",
         "12345678-0000-4000-8000-000000000000", VIO_ELIMIT,
         "range 12345678-0000-4000-0000-000000000000 to 12345678-0000-4000-8000-000000000000: a "
         "range has at most 2^62 values\n"},
        {VIO_POOL_UNKNOWN, "02:00:00:00:00:00", "02:00:00:00:00:09", VIO_EINVAL,
         "a pool's purpose is mac, wwnn, wwpn, uuid or wwn\n"},
        {VIO_POOL_MAC, "02:00:00:00:00:00", "02:00:00:00:00:09", 0, ""},
        {VIO_POOL_WWPN, "1f:ff:ff:ff:ff:ff:ff:f0", "20:00:00:00:00:00:00:00", 0, ""},
        {VIO_POOL_UUID, "12345678-0000-4000-8000-000000000000",
         "12345678-0000-4000-bfff-ffffffffffff", 0, ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct vio_pool_info *pool = make("p", 0, 0);
        struct said said = {0};
        struct vio_pool_range *range = &pool->ranges.range[0];
        const bool wwn = cases[i].first[2] == ':' && strlen(cases[i].first) > 17;
        int kind = wwn ? VIO_ADDRESS_WWN : VIO_ADDRESS_MAC48;

        if (cases[i].first[8] == '-') {
            range->first = parse(cases[i].first);
            range->last = parse(cases[i].last);
        } else { /* the forbidden ones are not parsed */
            uint64_t ends[2] = {0, 0};

            for (const char *t = cases[i].first; *t; t++)
                if (*t != ':')
                    ends[0] = ends[0] << 4 | (uint64_t)strtoul((char[]){*t, 0}, NULL, 16);
            for (const char *t = cases[i].last; *t; t++)
                if (*t != ':')
                    ends[1] = ends[1] << 4 | (uint64_t)strtoul((char[]){*t, 0}, NULL, 16);
            vio__hwaddr_join(kind, 0, ends[0], &range->first);
            vio__hwaddr_join(kind, 0, ends[1], &range->last);
        }
        pool->purpose = cases[i].purpose;
        assert_int_equal(vio__pool_check(pool, hear, &said), cases[i].code);
        assert_string_equal(said.text, cases[i].text);
        vio__pool_unref(pool);
    }
}

static void every_fault_of_a_pool_is_told(void **state)
{
    struct vio_pool_info *pool = make("no name", 0, 9);
    const struct vio_address zero = {.kind = VIO_ADDRESS_MAC48, .length = 6};
    const struct vio_pool_range lower = {zero, zero};
    const struct vio_address five = mac(5);
    struct said said = {0};

    (void)state;
    pool->order = 7;
    pool->quarantine = VIO_POOL_QUARANTINE_MAX + 1;
    assert_int_equal(vio__pool_ranges_append(NULL, &pool->ranges, &lower), 0);
    assert_int_equal(vio__pool_check(pool, hear, &said), VIO_ENAME);
    assert_non_null(strstr(said.text, "\"no name\" is no pool's name: allowed are 1 to 63 bytes"));
    assert_non_null(strstr(said.text, "\na pool's order is lowest or sequential\n"));
    assert_non_null(strstr(
        said.text, "\na quarantine of 31536001 s: at most 31536000 s (365 days) are allowed\n"));
    assert_non_null(strstr(said.text, "\nrange 00:00:00:00:00:00 has the value 00:00:00:00:00:00, "
                                      "which is all zero\n"));
    vio__pool_unref(pool);

    pool = make("p", 0, 9);
    said = (struct said){0};
    assert_int_equal(vio__pool_ranges_add(NULL, &pool->exclusions, &five, &five), 0);
    assert_int_equal(vio__pool_ranges_add(NULL, &pool->externals, &five, &five), 0);
    assert_int_equal(vio__pool_check(pool, hear, &said), VIO_EEXIST);
    assert_string_equal(said.text,
                        "exclusion 02:00:00:00:00:05 overlaps external 02:00:00:00:00:05\n");
    vio__pool_unref(pool);
}

static void default_pools_hold_what_is_made_of_the_stores_uuid(void **state)
{
    static const uint64_t sizes[] = {0, 1 << 24, 1 << 24, UINT64_C(1) << 36, 0};
    static const char *const names[] = {"", "default-mac", "default-wwnn", "default-wwpn",
                                        "default-uuid"};
    uint8_t store[VIO_UUID_SIZE];
    struct vio_pools *pools;
    struct said said;

    (void)state;
    assert_int_equal(vio__uuid_random(store), 0);
    assert_int_equal(vio__pools_new(NULL, &pools), 0);
    for (int purpose = VIO_POOL_MAC; purpose <= VIO_POOL_UUID; purpose++) {
        struct vio_pool_info *pool, *again;

        assert_int_equal(vio__pool_default(NULL, store, purpose, &pool), 0);
        assert_int_equal(vio__pool_default(NULL, store, purpose, &again), 0);
        assert_true(vio__pool_equal(pool, again));
        assert_string_equal(pool->name, names[purpose]);
        assert_true(vio__pool_size(pool) == sizes[purpose]);
        assert_int_equal(put(pools, pool->uuid, pool, &said), 0);
        vio__pool_unref(pool);
        vio__pool_unref(again);
    }
    assert_int_equal(vio__pools_count(pools), 4);
    vio__pools_free(pools);
}

/* -- Drawing ----------------------------------------------------------------------------------- */

static void the_lowest_free_value_is_drawn(void **state)
{
    struct vio_pool_info *pool = make("p", 10, 19);
    const struct vio_address bars[] = {mac(12), mac(13), mac(19)};
    struct vio_pools *pools;
    struct vio_address address;

    (void)state;
    assert_int_equal(vio__pool_ranges_add(NULL, &pool->exclusions, &bars[0], &bars[1]), 0);
    assert_int_equal(vio__pool_ranges_add(NULL, &pool->externals, &bars[2], &bars[2]), 0);
    pools = make_pools(pool);
    mark(pools, 10);
    assert_int_equal(draw(pools, pool), 11);
    assert_int_equal(draw(pools, pool), 14);
    unmark(pools, 11);
    assert_int_equal(draw(pools, pool), 11);
    for (uint64_t number = 15; number <= 18; number++)
        assert_int_equal(draw(pools, pool), number);
    assert_int_equal(vio__pools_draw(pools, pool->uuid, 1, true, &address), VIO_EFULL);
    assert_int_equal(vio__pools_used(pools, pool->uuid), 7);
    assert_int_equal(vio__pools_bars(pools, &bars[1]), VIO_IDENTITY_EXCLUDED);
    assert_int_equal(vio__pools_bars(pools, &bars[2]), VIO_IDENTITY_EXTERNAL);
    vio__pool_unref(pool);
    vio__pools_free(pools);
}

static void sequential_order_goes_on_after_the_last_given_and_wraps(void **state)
{
    struct vio_pool_info *pool = make("p", 10, 13);
    const struct vio_address ends[] = {mac(20), mac(21), mac(11)};
    struct vio_pools *pools;

    (void)state;
    pool->order = VIO_POOL_ORDER_SEQUENTIAL;
    assert_int_equal(vio__pool_ranges_add(NULL, &pool->ranges, &ends[0], &ends[1]), 0);
    pools = make_pools(pool);
    assert_int_equal(draw(pools, pool), 10);
    unmark(pools, 10);
    vio__pools_given(pools, &ends[2]);
    for (uint64_t number = 12; number <= 13; number++)
        assert_int_equal(draw(pools, pool), number);
    unmark(pools, 12);
    assert_int_equal(draw(pools, pool), 20);
    assert_int_equal(draw(pools, pool), 21);
    assert_int_equal(draw(pools, pool), 10);
    assert_int_equal(draw(pools, pool), 11);
    assert_int_equal(draw(pools, pool), 12);
    vio__pool_unref(pool);
    vio__pools_free(pools);
}

static void what_was_drawn_and_excluded_is_met_in_order(void **state)
{
    struct vio_pool_info *pool = make("p", 0, 99999);
    const struct vio_address bars[] = {mac(7), mac(8), mac(99999)};
    static const uint64_t expected[] = {3, 7, 8, 70000, 99999};
    struct vio_pools *pools;
    struct vio_address address;
    size_t met = 0;

    (void)state;
    assert_int_equal(vio__pool_ranges_add(NULL, &pool->exclusions, &bars[0], &bars[1]), 0);
    assert_int_equal(vio__pool_ranges_add(NULL, &pool->externals, &bars[2], &bars[2]), 0);
    pools = make_pools(pool);
    mark(pools, 70000);
    mark(pools, 3);
    for (bool more = vio__pools_next(pools, pool->uuid, NULL, &address); more;
         more = vio__pools_next(pools, pool->uuid, &address, &address))
        assert_int_equal(number_of(&address), expected[met++]);
    assert_int_equal(met, 5);
    vio__pool_unref(pool);
    vio__pools_free(pools);
}

static void lessees_draw_from_their_own_blocks(void **state)
{
    struct vio_pool_info *pool = make("p", 0, 3 * VIO_POOL_BLOCK_SIZE - 1);
    struct vio_pools *pools = make_pools(pool);
    struct vio_pool_range mine, his;
    struct vio_address address;

    (void)state;
    assert_int_equal(vio__pools_draw(pools, pool->uuid, 1, false, &address), VIO_EAGAIN);
    assert_int_equal(vio__pools_lease_block(pools, pool->uuid, 1, &mine), 0);
    assert_int_equal(vio__pools_lease_block(pools, pool->uuid, 2, &his), 0);
    for (uint64_t i = 0; i < VIO_POOL_BLOCK_SIZE; i++) {
        assert_int_equal(vio__pools_draw(pools, pool->uuid, 1, false, &address), 0);
        assert_int_equal(number_of(&address), i);
        assert_int_equal(vio__pools_draw(pools, pool->uuid, 2, false, &address), 0);
        assert_int_equal(number_of(&address), VIO_POOL_BLOCK_SIZE + i);
    }
    assert_int_equal(vio__pools_draw(pools, pool->uuid, 2, false, &address), VIO_EAGAIN);
    assert_int_equal(vio__pools_draw(pools, pool->uuid, 2, true, &address), 0);
    assert_int_equal(number_of(&address), 2 * VIO_POOL_BLOCK_SIZE);
    assert_int_equal(vio__pools_draw(pools, pool->uuid, 1, true, &address), VIO_EFULL);
    assert_int_equal(vio__pools_lease_block(pools, pool->uuid, 1, &mine), VIO_EFULL);

    /* What the other one gives back can be had; what is used of it stays so. */
    assert_int_equal(vio__pools_return_block(pools, pool->uuid, 1, &his.first), VIO_ENOENT);
    unmark(pools, VIO_POOL_BLOCK_SIZE + 5);
    assert_int_equal(vio__pools_return_block(pools, pool->uuid, 2, &his.first), 0);
    assert_int_equal(vio__pools_return_block(pools, pool->uuid, 2, &his.first), VIO_ENOENT);
    assert_int_equal(vio__pools_draw(pools, pool->uuid, 1, true, &address), 0);
    assert_int_equal(number_of(&address), VIO_POOL_BLOCK_SIZE + 5);
    vio__pool_unref(pool);
    vio__pools_free(pools);
}

static void a_changed_pool_keeps_its_lessees(void **state)
{
    struct vio_pool_info *pool = make("p", 0, VIO_POOL_BLOCK_SIZE + 99);
    const struct vio_address ends[] = {mac(10), mac(19), mac(VIO_POOL_BLOCK_SIZE + 100),
                                       mac(UINT64_C(1) << 30)};
    struct vio_pools *pools = make_pools(pool);
    struct vio_pool_info *after;
    struct vio_pool_range block;
    struct vio_address address;
    struct said said;

    (void)state;
    assert_int_equal(vio__pools_lease_block(pools, pool->uuid, 1, &block), 0);
    assert_int_equal(vio__pools_lease_block(pools, pool->uuid, 2, &block), 0);
    assert_int_equal(vio__pool_copy(pool, &after), 0);
    assert_int_equal(vio__pool_ranges_remove(NULL, &after->ranges, &ends[0], &ends[1]), 0);
    assert_int_equal(vio__pool_ranges_add(NULL, &after->ranges, &ends[2], &ends[3]), 0);
    assert_int_equal(put(pools, pool->uuid, after, &said), 0);
    assert_int_equal(vio__pools_draw(pools, pool->uuid, 2, false, &address), 0);
    assert_int_equal(number_of(&address), VIO_POOL_BLOCK_SIZE);
    for (uint64_t number = 0; number < VIO_POOL_BLOCK_SIZE; number++) {
        if (number >= 10 && number <= 19)
            continue;
        assert_int_equal(vio__pools_draw(pools, pool->uuid, 1, false, &address), 0);
        assert_int_equal(number_of(&address), number);
    }
    assert_int_equal(vio__pools_draw(pools, pool->uuid, 1, false, &address), VIO_EAGAIN);
    vio__pool_unref(pool);
    vio__pool_unref(after);
    vio__pools_free(pools);
}

/* -- Changing ---------------------------------------------------------------------------------- */

static void pools_share_neither_names_nor_values(void **state)
{
    struct vio_pool_info *pool = make("p", 0, 99);
    struct vio_pool_info *twin = make("p", 50, 120);
    struct vio_pool_info *other = make("q", 100, 110);
    struct vio_pools *pools = make_pools(pool);
    struct vio_pools_change *change;
    struct said said;

    (void)state;
    assert_int_equal(put(pools, twin->uuid, twin, &said), VIO_EEXIST);
    assert_string_equal(said.text, "there is a pool \"p\" already\n"
                                   "range 02:00:00:00:00:32 to 02:00:00:00:00:78 overlaps pool "
                                   "\"p\"\n");
    /* One that is being made counts too. */
    assert_int_equal(vio__pools_prepare(pools, other->uuid, other, &nobody, NULL, NULL, &change),
                     0);
    snprintf(twin->name, sizeof(twin->name), "q");
    assert_int_equal(put(pools, twin->uuid, twin, &said), VIO_EEXIST);
    assert_non_null(strstr(said.text, "there is a pool \"q\" already\n"));
    assert_non_null(strstr(said.text, "overlaps pool \"q\"\n"));
    vio__pools_abandon(pools, change);
    assert_int_equal(put(pools, other->uuid, other, &said), 0);
    assert_int_equal(put(pools, other->uuid, NULL, &said), 0);
    assert_int_equal(put(pools, other->uuid, NULL, &said), VIO_ENOENT);
    assert_string_equal(said.text, "there is no such pool\n");
    vio__pool_unref(pool);
    vio__pool_unref(twin);
    vio__pool_unref(other);
    vio__pools_free(pools);
}

static void a_pool_loses_free_values_only(void **state)
{
    struct vio_pool_info *pool = make("p", 0, 99);
    struct vio_pool_info *small = make("p", 0, 49);
    struct vio_pool_info *barred = make("p", 0, 99);
    struct vio_pool_info *wwpn;
    const struct vio_address fifty = mac(50);
    struct vio_pools *pools = make_pools(pool);
    struct said said;

    (void)state;
    mark(pools, 50);
    memcpy(small->uuid, pool->uuid, VIO_UUID_SIZE);
    memcpy(barred->uuid, pool->uuid, VIO_UUID_SIZE);
    assert_int_equal(put(pools, pool->uuid, small, &said), VIO_EBUSY);
    assert_string_equal(said.text,
                        "02:00:00:00:00:32 is in use: a pool loses free identities only\n");
    assert_int_equal(put(pools, pool->uuid, NULL, &said), VIO_EBUSY);
    assert_int_equal(vio__pool_ranges_add(NULL, &barred->exclusions, &fifty, &fifty), 0);
    assert_int_equal(put(pools, pool->uuid, barred, &said), VIO_EBUSY);
    assert_string_equal(said.text,
                        "02:00:00:00:00:32 is in use: only free identities become excluded\n");
    assert_int_equal(vio__pool_copy(pool, &wwpn), 0);
    wwpn->purpose = VIO_POOL_WWPN;
    wwpn->ranges.count = 0;
    assert_int_equal(put(pools, pool->uuid, wwpn, &said), VIO_EBUSY);
    assert_non_null(strstr(said.text, "the purpose of pool \"p\" stays mac while identities of it "
                                      "are in use\n"));
    unmark(pools, 50);
    assert_int_equal(put(pools, pool->uuid, barred, &said), 0);
    assert_int_equal(put(pools, pool->uuid, small, &said), 0);
    assert_int_equal(put(pools, pool->uuid, NULL, &said), 0);
    assert_int_equal(vio__pools_count(pools), 0);
    vio__pool_unref(pool);
    vio__pool_unref(small);
    vio__pool_unref(barred);
    vio__pool_unref(wwpn);
    vio__pools_free(pools);
}

static void a_pool_that_is_being_changed_gives_what_both_may_give(void **state)
{
    struct vio_pool_info *pool = make("p", 0, 9);
    struct vio_pool_info *after = make("p", 4, 20);
    const struct vio_address five = mac(5);
    const struct vio_address two = mac(2);
    struct vio_address address;
    struct vio_pools *pools = make_pools(pool);
    struct vio_pools_change *change;
    struct said said;

    (void)state;
    memcpy(after->uuid, pool->uuid, VIO_UUID_SIZE);
    assert_int_equal(vio__pool_ranges_add(NULL, &after->exclusions, &five, &five), 0);
    assert_int_equal(vio__pools_prepare(pools, pool->uuid, after, &nobody, NULL, NULL, &change), 0);
    assert_int_equal(put(pools, pool->uuid, after, &said), VIO_EBUSY);
    assert_string_equal(said.text, "pool \"p\" is being changed\n");
    assert_int_equal(vio__pools_bars(pools, &two), VIO_IDENTITY_UNKNOWN);
    assert_int_equal(vio__pools_bars(pools, &five), VIO_IDENTITY_UNKNOWN);
    assert_int_equal(draw(pools, pool), 4);
    for (uint64_t number = 6; number <= 9; number++)
        assert_int_equal(draw(pools, pool), number);
    assert_int_equal(vio__pools_draw(pools, pool->uuid, 1, true, &address), VIO_EFULL);
    mark(pools, 15);
    vio__pools_commit(pools, change);
    assert_int_equal(vio__pools_used(pools, pool->uuid), 6);
    assert_int_equal(draw(pools, pool), 10);
    assert_int_equal(vio__pools_bars(pools, &five), VIO_IDENTITY_EXCLUDED);
    vio__pool_unref(pool);
    vio__pool_unref(after);
    vio__pools_free(pools);
}

static void what_is_used_already_is_marked_in_a_new_pool(void **state)
{
    struct vio_address used = mac(0);
    const struct vio_pools_users users = {nothing_used, &used};
    struct vio_pool_info *pool = make("p", 0, 9);
    struct vio_pools *pools;
    struct vio_pools_change *change;

    (void)state;
    assert_int_equal(vio__pools_new(NULL, &pools), 0);
    assert_int_equal(vio__pools_mark(pools, &used), 0); /* in no pool: nothing to remember */
    assert_int_equal(vio__pools_prepare(pools, pool->uuid, pool, &users, NULL, NULL, &change), 0);
    assert_null(vio__pools_of(pools, &used));
    vio__pools_abandon(pools, change);
    assert_int_equal(vio__pools_prepare(pools, pool->uuid, pool, &users, NULL, NULL, &change), 0);
    vio__pools_commit(pools, change);
    assert_ptr_equal(vio__pools_of(pools, &used), pool);
    assert_int_equal(draw(pools, pool), 1);
    vio__pool_unref(pool);
    vio__pools_free(pools);
}

/* -- Against a model --------------------------------------------------------------------------- */

enum { VALUES = 20000 };

/* What the pool may give: values from 0 to `size`, less used and barred ones. */
struct model {
    bool used[VALUES], barred[VALUES];
    size_t size, num_used;
    uint64_t next; /* of sequential order */
};

static int lowest_of(const struct model *model, uint64_t from, uint64_t end, uint64_t *ret_number)
{
    for (uint64_t number = from; number < end; number++) {
        if (!model->used[number] && !model->barred[number]) {
            *ret_number = number;
            return 0;
        }
    }
    return VIO_EFULL;
}

static void draw_both(struct vio_pools *pools, const struct vio_pool_info *pool,
                      struct model *model)
{
    struct vio_address address;
    uint64_t expected = 0;
    bool sequential = pool->order == VIO_POOL_ORDER_SEQUENTIAL;
    int status = lowest_of(model, sequential ? model->next : 0, model->size, &expected);

    if (status != 0)
        status = lowest_of(model, 0, model->size, &expected);
    assert_int_equal(vio__pools_draw(pools, pool->uuid, 1, true, &address), status);
    if (status != 0)
        return;
    assert_int_equal(number_of(&address), expected);
    model->used[expected] = true;
    model->num_used++;
    model->next = expected + 1;
}

/* Grows or shrinks the pool, and bars or frees a value. */
static struct vio_pool_info *change_both(struct vio_pools *pools, struct vio_pool_info *pool,
                                         struct model *model, struct vio_prng *prng)
{
    size_t size = 1 + vio__prng_below(prng, VALUES - 1);
    uint64_t number = vio__prng_below(prng, VALUES);
    const struct vio_address address = mac(number);
    struct vio_pool_info *after;
    bool allowed = model->barred[number] || number >= model->size || !model->used[number];
    struct said said;

    assert_int_equal(vio__pool_copy(pool, &after), 0);
    after->ranges.range[0].last = mac(size - 1);
    if (model->barred[number])
        assert_int_equal(vio__pool_ranges_remove(NULL, &after->exclusions, &address, &address), 0);
    else if (vio__pool_ranges_add(NULL, &after->exclusions, &address, &address) != 0)
        allowed = true;
    for (size_t i = size; i < model->size; i++)
        allowed = allowed && !model->used[i];
    assert_int_equal(put(pools, pool->uuid, after, &said) == 0, allowed);
    if (!allowed) {
        vio__pool_unref(after);
        return pool;
    }
    model->barred[number] = vio__pool_ranges_find(&after->exclusions, &address) != NULL;
    model->size = size;
    vio__pool_unref(pool);
    return after;
}

static void run_against_model(enum vio_pool_order order, uint64_t seed)
{
    static struct model model;
    struct vio_pool_info *pool = make("p", 0, 999);
    struct vio_pools *pools;
    struct vio_prng prng;

    vio__prng_seed(&prng, seed);
    model = (struct model){.size = 1000};
    pool->order = order;
    pools = make_pools(pool);
    for (unsigned i = 0; i < test_rounds(500000); i++) {
        unsigned kind = (unsigned)vio__prng_below(&prng, 100);
        uint64_t number = vio__prng_below(&prng, model.size);
        const struct vio_address address = mac(number);

        if (kind < (i / 5000 % 2 ? 20u : 50u)) {
            draw_both(pools, pool, &model);
        } else if (kind < 95 && model.used[number]) {
            vio__pools_unmark(pools, &address);
            model.used[number] = false;
            model.num_used--;
        } else if (kind < 95 && !model.barred[number] && i % 8 == 0) {
            assert_int_equal(vio__pools_mark(pools, &address), 0);
            model.used[number] = true;
            model.num_used++;
        } else if (i % 64 == 0) {
            pool = change_both(pools, pool, &model, &prng);
        }
        if (i % 1024 == 0)
            assert_int_equal(vio__pools_used(pools, pool->uuid), model.num_used);
    }
    vio__pool_unref(pool);
    vio__pools_free(pools);
}

static void nothing_is_given_twice_and_nothing_is_lost(void **state)
{
    (void)state;
    run_against_model(VIO_POOL_ORDER_LOWEST, 1);
    run_against_model(VIO_POOL_ORDER_SEQUENTIAL, 2);
}

/* -- Memory ------------------------------------------------------------------------------------ */

static size_t allocations_left;

static void *failing_malloc(size_t size, void *user)
{
    (void)user;
    return allocations_left > 0 ? (allocations_left--, malloc(size)) : NULL;
}

static void *failing_realloc(void *ptr, size_t size, void *user)
{
    (void)user;
    return allocations_left > 0 ? (allocations_left--, realloc(ptr, size)) : NULL;
}

static void plain_free(void *ptr, void *user)
{
    (void)user;
    free(ptr);
}

/* Makes, draws, grows, shrinks; the first failure. */
static int use_everything(struct vio_pools *pools, struct vio_pool_info *pool,
                          struct vio_pool_info *large, struct vio_pool_info *other)
{
    struct vio_address address;
    struct said said;
    int status = put(pools, pool->uuid, pool, &said);

    if (status == 0)
        status = vio__pools_draw(pools, pool->uuid, 1, true, &address);
    if (status == 0)
        status = put(pools, pool->uuid, large, &said);
    if (status == 0)
        status = put(pools, other->uuid, other, &said);
    if (status == 0)
        status = vio__pools_draw(pools, other->uuid, 1, true, &address);
    if (status == 0)
        vio__pools_unmark(pools, &address);
    if (status == 0)
        status = put(pools, other->uuid, NULL, &said);
    if (status == 0)
        status = vio__pools_draw(pools, pool->uuid, 1, true, &address);
    if (status == 0)
        assert_int_equal(number_of(&address), 1);
    return status;
}

static void each_allocation_may_fail_and_the_pools_stay_whole(void **state)
{
    const struct vio_alloc alloc = {failing_malloc, failing_realloc, plain_free, NULL};
    struct vio_pool_info *pool = make("p", 0, 99);
    struct vio_pool_info *large = make("p", 0, 99999);
    struct vio_pool_info *other = make("q", 1 << 20, (1 << 20) + 9);
    int status = VIO_ENOMEM;

    (void)state;
    memcpy(large->uuid, pool->uuid, VIO_UUID_SIZE);
    for (size_t allowed = 0; status != 0; allowed++) {
        struct vio_pools *pools;

        allocations_left = allowed;
        status = vio__pools_new(&alloc, &pools);
        if (status == 0) {
            status = use_everything(pools, pool, large, other);
            vio__pools_free(pools);
        }
        assert_true(status == 0 || status == VIO_ENOMEM);
    }
    vio__pool_unref(pool);
    vio__pool_unref(large);
    vio__pool_unref(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranges_are_joined_and_split),
        cmocka_unit_test(each_impossible_range_is_refused_with_its_reason),
        cmocka_unit_test(every_fault_of_a_pool_is_told),
        cmocka_unit_test(default_pools_hold_what_is_made_of_the_stores_uuid),
        cmocka_unit_test(the_lowest_free_value_is_drawn),
        cmocka_unit_test(sequential_order_goes_on_after_the_last_given_and_wraps),
        cmocka_unit_test(what_was_drawn_and_excluded_is_met_in_order),
        cmocka_unit_test(lessees_draw_from_their_own_blocks),
        cmocka_unit_test(a_changed_pool_keeps_its_lessees),
        cmocka_unit_test(pools_share_neither_names_nor_values),
        cmocka_unit_test(a_pool_loses_free_values_only),
        cmocka_unit_test(a_pool_that_is_being_changed_gives_what_both_may_give),
        cmocka_unit_test(what_is_used_already_is_marked_in_a_new_pool),
        cmocka_unit_test(nothing_is_given_twice_and_nothing_is_lost),
        cmocka_unit_test(each_allocation_may_fail_and_the_pools_stay_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
