/* SPDX-License-Identifier: MIT */
/* Identities: who may have which, over a small index of the test's own. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/base/random.h"
#include "lib/domain/hwaddr.h"
#include "lib/store/identities.h"
#include "tests/support/test.h"

#define SECOND   UINT64_C(1000000000)
#define MAX_ROWS 4096

/* -- The index --------------------------------------------------------------------------------- */

/* What is committed; the first byte of a UUID, and of a name, tells the owner. */
struct rows {
    struct vio_address address[MAX_ROWS];
    uint8_t owner[MAX_ROWS];
    size_t count;
};

static size_t row_of(const struct rows *rows, const struct vio_address *address)
{
    size_t at = 0;

    while (at < rows->count && vio__hwaddr_compare(&rows->address[at], address) != 0)
        at++;
    return at;
}

static bool who(void *user, const struct vio_address *address, uint8_t ret_uuid[VIO_UUID_SIZE])
{
    const struct rows *rows = user;
    size_t at = row_of(rows, address);

    if (at == rows->count)
        return false;
    memset(ret_uuid, rows->owner[at], VIO_UUID_SIZE);
    return true;
}

static bool name_of(void *user, const uint8_t uuid[VIO_UUID_SIZE], char ret_name[VIO_NAME_SIZE])
{
    const struct rows *rows = user;

    for (size_t i = 0; i < rows->count; i++)
        if (rows->owner[i] == uuid[0])
            return snprintf(ret_name, VIO_NAME_SIZE, "v%d", uuid[0]) > 0;
    return false;
}

static int each(void *user, int kind, int (*used)(void *, const struct vio_address *),
                void *used_user)
{
    const struct rows *rows = user;
    int status = 0;

    for (size_t i = 0; i < rows->count && status == 0; i++)
        if (rows->address[i].kind == kind)
            status = used(used_user, &rows->address[i]);
    return status;
}

/* -- Helpers ----------------------------------------------------------------------------------- */

struct fixture {
    struct rows rows;
    struct vio_identities *ids;
    int code; /* of the last complaint */
    char text[512];
};

static struct fixture fixture;

static struct vio_identities *setup(const struct vio_alloc *alloc)
{
    const struct vio_identity_index index = {who, name_of, each, &fixture.rows};
    static const uint8_t store[VIO_UUID_SIZE] = {0x12, 0x34, 0x56, 0x78, 0, 0, 0x40, 0, 0x80};

    fixture.rows.count = 0;
    fixture.ids = NULL;
    if (vio__identities_new(alloc, &index, &fixture.ids) == 0)
        vio__identities_set_store(fixture.ids, store);
    return fixture.ids;
}

static void hear(void *user, int code, const char *text)
{
    (void)user;
    fixture.code = code;
    snprintf(fixture.text, sizeof(fixture.text), "%s", text);
}

static struct vio_claimant claimant(uint8_t owner)
{
    static char names[256][8];
    struct vio_claimant made = {.name = names[owner]};

    memset(made.uuid, owner, sizeof(made.uuid));
    snprintf(names[owner], sizeof(names[owner]), "v%d", owner);
    return made;
}

static struct vio_address mac(uint64_t number)
{
    struct vio_address address;

    vio__hwaddr_join(VIO_ADDRESS_MAC48, 0, UINT64_C(0x020000000000) + number, &address);
    return address;
}

static struct vio_address wwn(uint64_t number)
{
    struct vio_address address;

    vio__hwaddr_join(VIO_ADDRESS_WWN, 0, UINT64_C(0x5000000000000000) + number, &address);
    return address;
}

static int take(const struct vio_address *address, uint8_t owner, uint64_t now)
{
    const struct vio_claimant one = claimant(owner);

    fixture.code = 0;
    fixture.text[0] = '\0';
    return vio__identities_take(fixture.ids, address, &one, now, hear, NULL);
}

static int draw(const char *pool, enum vio_pool_purpose purpose, uint8_t owner, uint64_t now,
                struct vio_address *ret_address)
{
    const struct vio_claimant one = claimant(owner);

    fixture.text[0] = '\0';
    return vio__identities_draw(fixture.ids, pool, purpose, &one, now, hear, NULL, ret_address);
}

/* As a commit does. */
static void commit(const struct vio_address *address, uint8_t owner)
{
    fixture.rows.address[fixture.rows.count] = *address;
    fixture.rows.owner[fixture.rows.count++] = owner;
}

static void uncommit(const struct vio_address *address)
{
    size_t at = row_of(&fixture.rows, address);

    fixture.rows.count--;
    fixture.rows.address[at] = fixture.rows.address[fixture.rows.count];
    fixture.rows.owner[at] = fixture.rows.owner[fixture.rows.count];
    vio__identities_settle(fixture.ids, address);
}

static enum vio_identity_state state_of(const struct vio_address *address, uint64_t now)
{
    struct vio_identity_info info;

    vio__identities_look(fixture.ids, address, now, &info);
    return info.state;
}

static struct vio_pool_info *make(const char *name, enum vio_pool_purpose purpose,
                                  const struct vio_address *first, const struct vio_address *last)
{
    struct vio_pool_info *pool;

    assert_int_equal(vio__pool_new(NULL, &pool), 0);
    memset(pool->uuid, name[0], sizeof(pool->uuid));
    snprintf(pool->name, sizeof(pool->name), "%s", name);
    pool->generation = 1;
    pool->purpose = purpose;
    pool->quarantine = 10;
    assert_int_equal(vio__pool_ranges_add(NULL, &pool->ranges, first, last), 0);
    return pool;
}

static int put(struct vio_pool_info *pool, uint64_t now)
{
    struct vio_pools_change *change;
    int status = vio__identities_check_pool(fixture.ids, pool->uuid, pool, now, hear, NULL);

    if (status == 0)
        status =
            vio__identities_prepare_pool(fixture.ids, pool->uuid, pool, now, NULL, NULL, &change);
    if (status == 0)
        vio__identities_commit_pool(fixture.ids, change);
    return status;
}

static int hold(const struct vio_hold *hold, uint64_t row)
{
    struct vio_held *held;
    int status = vio__identities_prepare_hold(fixture.ids, hold, &held);

    if (status == 0)
        vio__identities_commit_hold(fixture.ids, held, row);
    return status;
}

/* -- The life of an identity ------------------------------------------------------------------- */

static void an_identity_goes_from_free_to_quarantined_and_back(void **state)
{
    const struct vio_address ends[] = {mac(0), mac(9)};
    struct vio_pool_info *pool = make("p", VIO_POOL_MAC, &ends[0], &ends[1]);
    struct vio_claimant owner = claimant(1);
    struct vio_identity_info info;
    struct vio_address address;
    struct vio_hold left;

    (void)state;
    setup(NULL);
    assert_int_equal(put(pool, 0), 0);
    assert_int_equal(state_of(&ends[0], 0), VIO_IDENTITY_FREE);
    assert_int_equal(draw("p", VIO_POOL_MAC, 1, 0, &address), 0);
    assert_int_equal(vio__hwaddr_compare(&address, &ends[0]), 0);
    assert_int_equal(state_of(&address, 0), VIO_IDENTITY_RESERVED);
    commit(&address, 1);
    assert_int_equal(state_of(&address, 0), VIO_IDENTITY_RESERVED); /* the device has not said so */
    vio__identities_drop(fixture.ids, &address);
    assert_int_equal(state_of(&address, 0), VIO_IDENTITY_ASSIGNED);
    assert_int_equal(vio__identities_count(fixture.ids, pool->uuid, VIO_IDENTITY_ASSIGNED, 0), 1);
    assert_int_equal(vio__identities_count(fixture.ids, pool->uuid, VIO_IDENTITY_FREE, 0), 9);

    /* A change of its owner leaves it assigned; one in doubt does not. */
    assert_int_equal(take(&address, 1, 0), 0);
    assert_int_equal(state_of(&address, 0), VIO_IDENTITY_ASSIGNED);
    vio__identities_doubt(fixture.ids, &address);
    assert_int_equal(state_of(&address, 0), VIO_IDENTITY_RESERVED);

    assert_true(
        vio__identities_retire(fixture.ids, &address, owner.uuid, owner.name, 5 * SECOND, &left));
    assert_int_equal(hold(&left, 77), 0);
    uncommit(&address);
    vio__identities_drop(fixture.ids, &address);
    vio__identities_look(fixture.ids, &address, 6 * SECOND, &info);
    assert_int_equal(info.state, VIO_IDENTITY_QUARANTINED);
    assert_string_equal(info.previous, "v1");
    assert_string_equal(info.pool, "p");
    assert_true(info.until == 15 * SECOND);
    assert_int_equal(vio__identities_hold_row(fixture.ids, &address), 77);
    assert_int_equal(
        vio__identities_count(fixture.ids, pool->uuid, VIO_IDENTITY_QUARANTINED, 6 * SECOND), 1);
    assert_int_equal(take(&address, 2, 6 * SECOND), VIO_ESTATE);
    assert_string_equal(fixture.text, "02:00:00:00:00:00 is quarantined: until 9 s from now only "
                                      "v1, who had it, may have it");
    assert_int_equal(take(&address, 1, 6 * SECOND), 0); /* the previous owner takes it back */
    vio__identities_drop(fixture.ids, &address);
    assert_int_equal(vio__identities_expired_row(fixture.ids, 15 * SECOND - 1), 0);
    assert_int_equal(state_of(&address, 15 * SECOND), VIO_IDENTITY_FREE);
    assert_int_equal(vio__identities_expired_row(fixture.ids, 15 * SECOND), 77);
    assert_int_equal(vio__identities_expired_row(fixture.ids, 15 * SECOND), 0);
    assert_int_equal(vio__identities_count(fixture.ids, pool->uuid, VIO_IDENTITY_FREE, 0), 10);
    vio__pool_unref(pool);
    vio__identities_free(fixture.ids);
}

static void quarantines_end_in_order(void **state)
{
    const struct vio_address ends[] = {mac(0), mac(99)};
    struct vio_pool_info *pool = make("p", VIO_POOL_MAC, &ends[0], &ends[1]);
    struct vio_address address;

    (void)state;
    setup(NULL);
    assert_int_equal(put(pool, 0), 0);
    for (uint64_t i = 0; i < 100; i++) {
        const struct vio_hold one = {
            .address = mac(i), .state = VIO_IDENTITY_QUARANTINED, .until = 1 + i * 37 % 100};

        assert_int_equal(hold(&one, 1000 + one.until), 0);
    }
    assert_int_equal(draw("p", VIO_POOL_MAC, 1, 0, &address), VIO_EFULL);
    assert_string_equal(fixture.text, "pool \"p\" has no free identity");
    assert_int_equal(draw("p", VIO_POOL_MAC, 1, 1, &address), 0);
    for (uint64_t row = 1001; row <= 1100; row++)
        assert_true(vio__identities_expired_row(fixture.ids, 100) == row);
    vio__pool_unref(pool);
    vio__identities_free(fixture.ids);
}

static void an_identity_without_quarantine_is_free_at_once(void **state)
{
    const struct vio_address in = mac(5);
    const struct vio_address out = mac(500);
    struct vio_pool_info *pool = make("p", VIO_POOL_MAC, &in, &in);
    struct vio_claimant owner = claimant(1);
    struct vio_hold left;

    (void)state;
    setup(NULL);
    pool->quarantine = 0;
    assert_int_equal(put(pool, 0), 0);
    assert_false(vio__identities_retire(fixture.ids, &in, owner.uuid, owner.name, 0, &left));
    assert_false(vio__identities_retire(fixture.ids, &out, owner.uuid, owner.name, 0, &left));
    vio__pool_unref(pool);
    vio__identities_free(fixture.ids);
}

/* -- Taking ------------------------------------------------------------------------------------ */

static void each_identity_that_may_not_be_taken_is_refused_with_its_reason(void **state)
{
    const struct vio_address ends[] = {mac(0), mac(9)};
    const struct vio_address bars[] = {mac(1), mac(2)};
    const struct vio_address has = mac(3);
    const struct vio_address claimed = mac(4);
    const struct vio_address group = {
        .kind = VIO_ADDRESS_MAC48, .length = 6, .bytes = {1, 0, 0, 0, 0, 9}};
    struct vio_pool_info *pool = make("p", VIO_POOL_MAC, &ends[0], &ends[1]);
    struct vio_hold reserved = {.address = mac(5), .state = VIO_IDENTITY_RESERVED, .owner = "v9"};
    struct vio_hold external = {
        .address = mac(6), .state = VIO_IDENTITY_EXTERNAL, .owner = "a router"};

    (void)state;
    setup(NULL);
    assert_int_equal(vio__pool_ranges_add(NULL, &pool->exclusions, &bars[0], &bars[0]), 0);
    assert_int_equal(vio__pool_ranges_add(NULL, &pool->externals, &bars[1], &bars[1]), 0);
    assert_int_equal(put(pool, 0), 0);
    assert_int_equal(take(&bars[0], 1, 0), VIO_ESTATE);
    assert_string_equal(fixture.text, "02:00:00:00:00:01 is excluded in pool \"p\"");
    assert_int_equal(take(&bars[1], 1, 0), VIO_EDUPLICATE);
    assert_string_equal(fixture.text, "02:00:00:00:00:02 is external in pool \"p\": something "
                                      "outside the store uses it");
    assert_int_equal(take(&has, 1, 0), 0);
    commit(&has, 1);
    vio__identities_drop(fixture.ids, &has);
    assert_int_equal(take(&has, 2, 0), VIO_EDUPLICATE);
    assert_string_equal(fixture.text, "02:00:00:00:00:03 is the identity of v1");
    assert_int_equal(take(&claimed, 2, 0), 0);
    assert_int_equal(take(&claimed, 2, 0), 0);
    vio__identities_drop(fixture.ids, &claimed);
    assert_int_equal(take(&claimed, 3, 0), VIO_EDUPLICATE);
    assert_string_equal(fixture.text,
                        "02:00:00:00:00:04 is the identity of a vadapter that is being made");
    assert_int_equal(hold(&reserved, 1), 0);
    assert_int_equal(take(&reserved.address, 1, 0), VIO_ESTATE);
    assert_string_equal(fixture.text, "02:00:00:00:00:05 is reserved for v9");
    assert_int_equal(take(&reserved.address, 9, 0), 0);
    assert_int_equal(hold(&external, 2), 0);
    assert_int_equal(take(&external.address, 1, 0), VIO_EDUPLICATE);
    assert_string_equal(fixture.text, "02:00:00:00:00:06 is in use outside the store: a router");
    assert_int_equal(take(&group, 1, 0), VIO_EADDR);
    assert_string_equal(fixture.text,
                        "01:00:00:00:00:09 may not be given: no group addresses, nothing all zero, "
                        "WWNs of NAA 1, 2, 5 or 6");
    vio__identities_remove_hold(fixture.ids, &external.address);
    assert_int_equal(take(&external.address, 1, 0), 0);
    vio__pool_unref(pool);
    vio__identities_free(fixture.ids);
}

static void a_pool_meets_what_was_given_before_it(void **state)
{
    const struct vio_address ends[] = {mac(0), mac(3), mac(7)};
    struct vio_pool_info *pool = make("p", VIO_POOL_MAC, &ends[0], &ends[1]);
    const struct vio_address committed = mac(0);
    const struct vio_address claimed = mac(1);
    const struct vio_hold held = {.address = mac(2), .state = VIO_IDENTITY_RESERVED};
    struct vio_identity_info info;
    struct vio_address address;
    size_t met = 0;

    (void)state;
    setup(NULL);
    commit(&committed, 1);
    assert_int_equal(take(&claimed, 2, 0), 0);
    assert_int_equal(hold(&held, 1), 0);
    assert_int_equal(put(pool, 0), 0);
    assert_int_equal(draw("p", VIO_POOL_MAC, 3, 0, &address), 0);
    assert_int_equal(vio__hwaddr_compare(&address, &ends[1]), 0);
    for (bool more = vio__identities_next(fixture.ids, pool->uuid, NULL, 0, 0, &info); more;
         more = vio__identities_next(fixture.ids, pool->uuid, &info.address, 0, 0, &info))
        met++;
    assert_int_equal(met, 4);
    assert_true(
        vio__identities_next(fixture.ids, pool->uuid, NULL, VIO_IDENTITY_ASSIGNED, 0, &info));
    assert_string_equal(info.owner, "v1");
    assert_false(vio__identities_next(fixture.ids, pool->uuid, &info.address, VIO_IDENTITY_ASSIGNED,
                                      0, &info));
    vio__pool_unref(pool);
    vio__identities_free(fixture.ids);
}

/* -- Drawing ----------------------------------------------------------------------------------- */

static void default_pools_are_made_when_they_are_used(void **state)
{
    struct vio_address first;
    struct vio_pool_info *pool, *kept;

    (void)state;
    setup(NULL);
    assert_int_equal(vio__identities_num_pools(fixture.ids), 0);
    for (int purpose = VIO_POOL_MAC; purpose <= VIO_POOL_UUID; purpose++) {
        struct vio_address address[2];

        for (uint8_t i = 0; i < 2; i++) {
            assert_int_equal(draw("", purpose, i, 0, &address[i]), 0);
            assert_true(vio__hwaddr_is_valid(&address[i]));
        }
        assert_true(vio__hwaddr_compare(&address[0], &address[1]) != 0);
        assert_int_equal(address[0].kind, vio__pool_address_kind(purpose));
        if (purpose == VIO_POOL_UUID)
            continue;
        assert_non_null(vio__identities_unkept_pool(fixture.ids, &address[0]));
    }
    assert_int_equal(vio__identities_num_pools(fixture.ids), 4);
    assert_int_equal(vio__identities_find_pool(fixture.ids, "default-mac", &pool), 0);
    assert_int_equal(pool->generation, 0);
    assert_int_equal(vio__pool_copy(pool, &kept), 0);
    kept->generation = 1;
    first = kept->ranges.range[0].first;
    assert_int_equal(put(kept, 0), 0);
    assert_null(vio__identities_unkept_pool(fixture.ids, &first));
    assert_int_equal(vio__identities_find_pool(fixture.ids, "other", &pool), VIO_ENOENT);
    vio__pool_unref(kept);
    vio__identities_free(fixture.ids);
}

static void pairs_are_drawn_both_or_none(void **state)
{
    const struct vio_address ends[] = {wwn(0), wwn(2)};
    struct vio_pool_info *pool = make("w", VIO_POOL_WWN, &ends[0], &ends[1]);
    const struct vio_claimant owner = claimant(1);
    struct vio_address node, port;

    (void)state;
    setup(NULL);
    assert_int_equal(put(pool, 0), 0);
    assert_int_equal(
        vio__identities_draw_pair(fixture.ids, "w", &owner, 0, hear, NULL, &node, &port), 0);
    assert_int_equal(vio__hwaddr_compare(&node, &port) < 0, 1);
    assert_int_equal(
        vio__identities_draw_pair(fixture.ids, "w", &owner, 0, hear, NULL, &node, &port),
        VIO_EFULL);
    assert_int_equal(vio__identities_count(fixture.ids, pool->uuid, VIO_IDENTITY_FREE, 0), 1);
    assert_int_equal(draw("w", VIO_POOL_MAC, 1, 0, &node), VIO_EINVAL);
    assert_string_equal(fixture.text, "pool \"w\" is of purpose wwn: one of purpose mac is needed");
    assert_int_equal(draw("w", VIO_POOL_WWPN, 1, 0, &node), 0);
    assert_int_equal(draw("x", VIO_POOL_WWPN, 1, 0, &node), VIO_ENOENT);
    assert_string_equal(fixture.text, "there is no pool \"x\"");
    assert_int_equal(draw(NULL, VIO_POOL_WWN, 1, 0, &node), VIO_EINVAL);
    assert_int_equal(
        vio__identities_draw_pair(fixture.ids, NULL, &owner, 0, hear, NULL, &node, &port), 0);
    assert_int_equal(node.bytes[0] >> 4, 2);
    assert_int_equal(port.bytes[0] >> 4, 5);
    vio__pool_unref(pool);
    vio__identities_free(fixture.ids);
}

static void sequential_pools_go_on_after_what_was_read_last(void **state)
{
    const struct vio_address ends[] = {mac(0), mac(9)};
    const struct vio_address read[] = {mac(8), mac(4)};
    const struct vio_address five = mac(5);
    struct vio_pool_info *pool = make("p", VIO_POOL_MAC, &ends[0], &ends[1]);
    struct vio_address address;

    (void)state;
    setup(NULL);
    pool->order = VIO_POOL_ORDER_SEQUENTIAL;
    assert_int_equal(put(pool, 0), 0);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(vio__identities_found(fixture.ids, &read[i]), 0);
        commit(&read[i], (uint8_t)i);
    }
    assert_int_equal(draw("p", VIO_POOL_MAC, 1, 0, &address), 0);
    assert_int_equal(vio__hwaddr_compare(&address, &five), 0);
    vio__pool_unref(pool);
    vio__identities_free(fixture.ids);
}

/* -- Against a model --------------------------------------------------------------------------- */

enum { VALUES = 1000, OWNERS = 200 };

struct model {
    uint8_t claims[VALUES], owner[VALUES]; /* 0: nobody */
    bool committed[VALUES];
    uint64_t until[VALUES]; /* of its quarantine */
    uint64_t now;
};

static enum vio_identity_state model_state(const struct model *model, size_t number)
{
    if (model->committed[number])
        return VIO_IDENTITY_ASSIGNED;
    if (model->claims[number] > 0)
        return VIO_IDENTITY_RESERVED;
    return model->until[number] > model->now ? VIO_IDENTITY_QUARANTINED : VIO_IDENTITY_FREE;
}

static void model_draw(struct model *model, uint8_t owner)
{
    struct vio_address address, expected;
    size_t number = 0;

    while (number < VALUES && model_state(model, number) != VIO_IDENTITY_FREE)
        number++;
    if (number == VALUES) {
        assert_int_equal(draw("p", VIO_POOL_MAC, owner, model->now, &address), VIO_EFULL);
        return;
    }
    expected = mac(number);
    assert_int_equal(draw("p", VIO_POOL_MAC, owner, model->now, &address), 0);
    assert_int_equal(vio__hwaddr_compare(&address, &expected), 0);
    model->claims[number] = 1;
    model->owner[number] = owner;
}

static void model_take(struct model *model, size_t number, uint8_t owner)
{
    const struct vio_address address = mac(number);
    enum vio_identity_state state = model_state(model, number);
    bool allowed = state == VIO_IDENTITY_FREE || model->owner[number] == owner;

    assert_int_equal(take(&address, owner, model->now) == 0, allowed);
    if (!allowed)
        return;
    model->claims[number]++;
    model->owner[number] = owner;
}

/* The change ends; what it had claimed may be committed before, or removed. */
static void model_end(struct model *model, size_t number, bool commits)
{
    const struct vio_address address = mac(number);
    const struct vio_claimant owner = claimant(model->owner[number]);
    struct vio_hold left;

    if (commits && !model->committed[number]) {
        commit(&address, model->owner[number]);
        vio__identities_remove_hold(fixture.ids, &address);
        model->until[number] = 0;
    } else if (commits && model->claims[number] == 1) {
        assert_true(vio__identities_retire(fixture.ids, &address, owner.uuid, owner.name,
                                           model->now, &left));
        assert_int_equal(hold(&left, 1 + number), 0);
        model->until[number] = left.until;
        uncommit(&address);
    }
    if (commits && (model->claims[number] == 1 || !model->committed[number]))
        model->committed[number] = !model->committed[number];
    vio__identities_drop(fixture.ids, &address);
    model->claims[number]--;
}

static void nobody_has_what_another_has(void **state)
{
    const struct vio_address ends[] = {mac(0), mac(VALUES - 1)};
    static struct model model;
    struct vio_pool_info *pool = make("p", VIO_POOL_MAC, &ends[0], &ends[1]);
    struct vio_prng prng;

    (void)state;
    vio__prng_seed(&prng, 5);
    setup(NULL);
    assert_int_equal(put(pool, 0), 0);
    for (unsigned i = 0; i < test_rounds(50000); i++) {
        size_t number = vio__prng_below(&prng, VALUES);
        uint8_t owner = (uint8_t)(1 + vio__prng_below(&prng, OWNERS));
        const struct vio_address address = mac(number);

        switch (vio__prng_below(&prng, 6)) {
        case 0:
            model_draw(&model, owner);
            break;
        case 1:
            model_take(&model, number, owner);
            break;
        case 2:
            if (model.committed[number] && model.claims[number] == 0)
                model_take(&model, number, model.owner[number]);
            break;
        case 3:
            model.now += vio__prng_below(&prng, SECOND / 50);
            break;
        default:
            if (model.claims[number] > 0)
                model_end(&model, number, vio__prng_below(&prng, 3) != 0);
        }
        if (model.committed[number] && model.claims[number] > 0)
            continue; /* assigned, or not yet */
        assert_int_equal(state_of(&address, model.now), model_state(&model, number));
    }
    while (vio__identities_expired_row(fixture.ids, model.now) != 0)
        continue;
    vio__pool_unref(pool);
    vio__identities_free(fixture.ids);
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

/* Draws, takes, holds; the first failure. What was claimed before stays so. */
static int use_everything(struct vio_pool_info *pool)
{
    const struct vio_claimant owner = claimant(1);
    const struct vio_address given = mac(100);
    const struct vio_hold kept = {.address = mac(101), .state = VIO_IDENTITY_RESERVED, .until = 9};
    struct vio_address node, port, drawn;
    int status = draw(NULL, VIO_POOL_MAC, 1, 0, &drawn);

    if (status == 0)
        status = put(pool, 0);
    if (status == 0)
        status = take(&given, 1, 0);
    if (status == 0)
        status = hold(&kept, 1);
    if (status == 0)
        status = vio__identities_draw_pair(fixture.ids, NULL, &owner, 0, NULL, NULL, &node, &port);
    if (status == 0)
        status = draw(NULL, VIO_POOL_UUID, 1, 0, &drawn);
    if (status != 0)
        return status;
    assert_int_equal(vio__identities_count(fixture.ids, pool->uuid, VIO_IDENTITY_RESERVED, 0), 2);
    vio__identities_drop(fixture.ids, &given);
    assert_int_equal(vio__identities_count(fixture.ids, pool->uuid, VIO_IDENTITY_FREE, 9), 50);
    return 0;
}

static void each_allocation_may_fail_and_the_identities_stay_whole(void **state)
{
    const struct vio_alloc alloc = {failing_malloc, failing_realloc, plain_free, NULL};
    const struct vio_address ends[] = {mac(80), mac(129)};
    struct vio_pool_info *pool = make("p", VIO_POOL_MAC, &ends[0], &ends[1]);
    int status = VIO_ENOMEM;

    (void)state;
    for (size_t allowed = 0; status != 0; allowed++) {
        allocations_left = allowed;
        if (setup(&alloc)) {
            status = use_everything(pool);
            vio__identities_free(fixture.ids);
        }
        assert_true(status == 0 || status == VIO_ENOMEM);
    }
    vio__pool_unref(pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_identity_goes_from_free_to_quarantined_and_back),
        cmocka_unit_test(quarantines_end_in_order),
        cmocka_unit_test(an_identity_without_quarantine_is_free_at_once),
        cmocka_unit_test(each_identity_that_may_not_be_taken_is_refused_with_its_reason),
        cmocka_unit_test(a_pool_meets_what_was_given_before_it),
        cmocka_unit_test(default_pools_are_made_when_they_are_used),
        cmocka_unit_test(pairs_are_drawn_both_or_none),
        cmocka_unit_test(sequential_pools_go_on_after_what_was_read_last),
        cmocka_unit_test(nobody_has_what_another_has),
        cmocka_unit_test(each_allocation_may_fail_and_the_identities_stay_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
