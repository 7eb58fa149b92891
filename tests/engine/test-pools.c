/* SPDX-License-Identifier: MIT */
/* Edits of pools and reservations: checked, committed as a whole with all else, and undone with it.
 */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/domain/plan.h"
#include "lib/domain/pool_spec.h"
#include "lib/store/identities.h"
#include "tests/engine/fixture.h"
#include "tests/engine/sets.h"

static struct vio_address mac(uint8_t low)
{
    return (struct vio_address){
        .kind = VIO_ADDRESS_MAC48, .length = 6, .bytes = {2, 0, 0, 5, 0, low}};
}

static struct vio_pool_spec *pool_of(const char *name, uint8_t first, uint8_t last)
{
    const struct vio_address from = mac(first), to = mac(last);
    struct vio_pool_spec *spec;

    assert_int_equal(vio__pool_spec_new(NULL, &spec), 0);
    assert_int_equal(vio__pool_spec_set_name(spec, name), 0);
    assert_int_equal(vio__pool_spec_set_purpose(spec, VIO_POOL_MAC), 0);
    assert_int_equal(vio__pool_spec_set_order(spec, VIO_POOL_ORDER_LOWEST), 0);
    assert_int_equal(vio__pool_spec_set_quarantine(spec, 60), 0);
    assert_int_equal(vio__pool_spec_edit(spec, VIO_POOL_LIST_RANGES, true, &from, &to), 0);
    return spec;
}

static struct vio_identities *identities_of(const struct world *world)
{
    return vio__store_identities(vio__ledger_store(vio__engine_ledger(world->engines[0])));
}

static uint64_t now_of(const struct world *world)
{
    return vio__ledger_now(vio__engine_ledger(world->engines[0]));
}

static enum vio_identity_state state_of(const struct world *world, uint8_t low)
{
    const struct vio_address address = mac(low);
    struct vio_identity_info info;

    vio__identities_look(identities_of(world), &address, now_of(world), &info);
    return info.state;
}

static bool has_pool(const struct world *world, const char *name)
{
    struct vio_pool_info *pool;

    return vio__identities_find_pool(identities_of(world), name, &pool) == 0;
}

static int create_pool(struct world *world, const char *name, uint8_t first, uint8_t last)
{
    struct vio_pool_spec *spec = pool_of(name, first, last);
    const struct edit edit = {.edit = VIO_EDIT_POOL_CREATE, .storewide = true, .pool_spec = spec};
    int status = world_apply(world, &edit, 1);

    vio__pool_spec_free(spec);
    return status;
}

static int create_with(struct world *world, const char *name, uint8_t low)
{
    struct vio_vadapter_spec *spec = fixture_vnic(name, "nic1", NULL);
    const struct vio_address address = mac(low);
    const struct edit edit = {.edit = VIO_EDIT_CREATE, .chassis = 0, .spec = spec};
    int status;

    assert_int_equal(vio__spec_set_address(spec, &address), 0);
    status = world_apply(world, &edit, 1);
    vio__spec_free(spec);
    return status;
}

static int create_from(struct world *world, const char *name, const char *pool)
{
    struct vio_vadapter_spec *spec = fixture_vnic(name, "nic1", NULL);
    const struct edit edit = {.edit = VIO_EDIT_CREATE, .chassis = 0, .spec = spec};
    int status;

    assert_int_equal(vio__spec_set_pool(spec, pool), 0);
    status = world_apply(world, &edit, 1);
    vio__spec_free(spec);
    return status;
}

static void pools_are_made_changed_and_removed(void **state)
{
    const struct vio_address five = mac(5), nine = mac(9);
    const struct edit gone = {.edit = VIO_EDIT_POOL_REMOVE, .storewide = true, .target = "lab"};
    const struct edit stale = {
        .edit = VIO_EDIT_POOL_REMOVE, .storewide = true, .target = "lab", .expects = 7};
    struct edit set = {.edit = VIO_EDIT_POOL_SET, .storewide = true, .target = "lab"};
    struct vio_pool_spec *spec;
    struct world world;

    (void)state;
    world_make(&world, NULL);
    sets_populate(&world);
    assert_int_equal(create_pool(&world, "lab", 1, 9), 0);
    assert_int_equal(create_pool(&world, "lab", 20, 29), VIO_EEXIST);
    assert_int_not_equal(create_pool(&world, "overlapping", 9, 12), 0);
    assert_int_equal(create_with(&world, "e", 7), 0);

    assert_int_equal(vio__pool_spec_new(NULL, &spec), 0);
    assert_int_equal(vio__pool_spec_edit(spec, VIO_POOL_LIST_RANGES, false, &five, &nine), 0);
    set.pool_spec = spec;
    assert_int_not_equal(world_apply(&world, &set, 1), 0); /* one of them is in use */
    vio__pool_spec_free(spec);

    assert_int_equal(world_apply(&world, &stale, 1), VIO_ESTALE);
    assert_int_not_equal(world_apply(&world, &gone, 1), 0);
    assert_true(has_pool(&world, "lab"));
    world_drop(&world);
}

static void a_description_names_the_pool_that_is_drawn_from(void **state)
{
    struct edit set = {.edit = VIO_EDIT_SET, .chassis = 0, .target = "f"};
    struct vio_vadapter_spec *spec;
    struct world world;

    (void)state;
    world_make(&world, NULL);
    sets_populate(&world);
    assert_int_equal(create_pool(&world, "lab", 1, 2), 0);
    assert_int_equal(create_pool(&world, "next", 5, 9), 0);
    assert_int_equal(create_from(&world, "e", "nowhere"), VIO_ENOENT);
    assert_int_equal(create_from(&world, "e", "lab"), 0);
    assert_int_equal(create_from(&world, "f", "lab"), 0);
    assert_int_equal(state_of(&world, 1), VIO_IDENTITY_ASSIGNED);
    assert_int_equal(state_of(&world, 2), VIO_IDENTITY_ASSIGNED);
    assert_int_equal(create_from(&world, "g", "lab"), VIO_EFULL);

    assert_int_equal(vio__spec_new(NULL, &spec), 0);
    assert_int_equal(vio__spec_set_pool(spec, "next"), 0);
    set.spec = spec;
    assert_int_equal(world_apply(&world, &set, 1), 0);
    vio__spec_free(spec);
    assert_int_equal(state_of(&world, 5), VIO_IDENTITY_ASSIGNED);
    assert_int_equal(state_of(&world, 2), VIO_IDENTITY_QUARANTINED);
    world_drop(&world);
}

static void an_identity_that_was_left_is_quarantined(void **state)
{
    const struct edit gone = {.edit = VIO_EDIT_REMOVE, .chassis = 0, .target = "e"};
    struct world world;

    (void)state;
    world_make(&world, NULL);
    sets_populate(&world);
    assert_int_equal(create_pool(&world, "lab", 1, 9), 0);
    assert_int_equal(create_with(&world, "e", 7), 0);
    assert_int_equal(state_of(&world, 7), VIO_IDENTITY_ASSIGNED);
    assert_int_equal(world_apply(&world, &gone, 1), 0);
    assert_int_equal(state_of(&world, 7), VIO_IDENTITY_QUARANTINED);
    assert_int_not_equal(create_with(&world, "f", 7), 0);
    assert_int_equal(world_undo(&world, world.vault.last_entry), 0);
    assert_int_equal(state_of(&world, 7), VIO_IDENTITY_ASSIGNED);
    world_drop(&world);
}

static void a_removal_that_fails_leaves_no_quarantine(void **state)
{
    const struct edit gone = {.edit = VIO_EDIT_REMOVE, .chassis = 0, .target = "e"};
    struct world world;

    (void)state;
    world_make(&world, NULL);
    sets_populate(&world);
    assert_int_equal(create_pool(&world, "lab", 1, 9), 0);
    assert_int_equal(create_with(&world, "e", 7), 0);
    world.fakes[0].fault = FAKE_REFUSED;
    world.fakes[0].fault_at = world.fakes[0].steps;
    assert_int_equal(world_apply(&world, &gone, 1), VIO_EDEVICE);
    assert_int_equal(state_of(&world, 7), VIO_IDENTITY_ASSIGNED);
    world_drop(&world);
}

static void identities_are_reserved_and_released(void **state)
{
    const struct edit drawn = {
        .edit = VIO_EDIT_RESERVE, .storewide = true, .target = "lab", .owner = "the lab"};
    const struct edit given = {
        .edit = VIO_EDIT_RESERVE, .storewide = true, .address = mac(4), .owner = "the lab"};
    const struct edit freed = {.edit = VIO_EDIT_RELEASE, .storewide = true, .address = mac(4)};
    struct world world;

    (void)state;
    world_make(&world, NULL);
    sets_populate(&world);
    assert_int_equal(create_pool(&world, "lab", 1, 9), 0);
    assert_int_equal(world_apply(&world, &drawn, 1), 0);
    assert_int_equal(state_of(&world, 1), VIO_IDENTITY_RESERVED);
    assert_int_equal(world_apply(&world, &given, 1), 0);
    assert_int_equal(state_of(&world, 4), VIO_IDENTITY_RESERVED);
    assert_int_not_equal(world_apply(&world, &given, 1), 0);
    assert_int_not_equal(create_with(&world, "e", 4), 0);
    assert_int_equal(world_apply(&world, &freed, 1), 0);
    assert_int_equal(world_apply(&world, &freed, 1), VIO_ENOENT);
    assert_int_equal(state_of(&world, 4), VIO_IDENTITY_FREE);
    assert_int_equal(create_with(&world, "e", 4), 0);
    assert_int_equal(world_apply(&world, &freed, 1), VIO_ESTATE);
    world_drop(&world);
}

/* What it was reserved for takes it, and is refused: it is reserved as before. */
static void a_creation_that_fails_leaves_its_reservation(void **state)
{
    const struct vio_address address = mac(5);
    const struct edit reserve = {
        .edit = VIO_EDIT_RESERVE, .storewide = true, .address = address, .owner = "e"};
    struct vio_vadapter_spec *spec = fixture_vnic("e", "nic1", "server2");
    const struct edit create = {.edit = VIO_EDIT_CREATE, .chassis = 0, .spec = spec};
    struct world world;

    (void)state;
    world_make(&world, NULL);
    sets_populate(&world);
    assert_int_equal(vio__spec_set_address(spec, &address), 0);
    assert_int_equal(world_apply(&world, &reserve, 1), 0);
    world.fakes[0].fault = FAKE_REFUSED;
    world.fakes[0].fault_at = 1;
    assert_int_equal(world_apply(&world, &create, 1), VIO_EDEVICE);
    assert_int_equal(state_of(&world, 5), VIO_IDENTITY_RESERVED);
    assert_int_equal(world_apply(&world, &create, 1), 0);
    assert_int_equal(state_of(&world, 5), VIO_IDENTITY_ASSIGNED);
    vio__spec_free(spec);
    world_close(&world, 0);
    world_close(&world, 1);
    world_drop(&world);
}

static void edits_of_pools_and_reservations_are_undone(void **state)
{
    const struct edit gone = {.edit = VIO_EDIT_POOL_REMOVE, .storewide = true, .target = "lab"};
    const struct edit given = {
        .edit = VIO_EDIT_RESERVE, .storewide = true, .address = mac(4), .owner = "the lab"};
    const struct edit freed = {.edit = VIO_EDIT_RELEASE, .storewide = true, .address = mac(4)};
    struct edit renamed = {.edit = VIO_EDIT_POOL_SET, .storewide = true, .target = "lab"};
    struct vio_pool_spec *spec;
    struct world world;

    (void)state;
    world_make(&world, NULL);
    sets_populate(&world);
    assert_int_equal(create_pool(&world, "lab", 1, 9), 0);
    assert_int_equal(world_apply(&world, &given, 1), 0);
    assert_int_equal(world_undo(&world, world.vault.last_entry), 0);
    assert_int_equal(state_of(&world, 4), VIO_IDENTITY_FREE);
    assert_int_equal(world_apply(&world, &given, 1), 0);
    assert_int_equal(world_apply(&world, &freed, 1), 0);
    assert_int_equal(world_undo(&world, world.vault.last_entry), 0);
    assert_int_equal(state_of(&world, 4), VIO_IDENTITY_RESERVED);
    assert_int_equal(world_apply(&world, &freed, 1), 0);

    assert_int_equal(vio__pool_spec_new(NULL, &spec), 0);
    assert_int_equal(vio__pool_spec_set_name(spec, "office"), 0);
    renamed.pool_spec = spec;
    assert_int_equal(world_apply(&world, &renamed, 1), 0);
    vio__pool_spec_free(spec);
    assert_true(has_pool(&world, "office"));
    assert_int_equal(world_undo(&world, world.vault.last_entry), 0);
    assert_true(has_pool(&world, "lab") && !has_pool(&world, "office"));

    assert_int_equal(world_apply(&world, &gone, 1), 0);
    assert_false(has_pool(&world, "lab"));
    assert_int_equal(world_undo(&world, world.vault.last_entry), 0);
    assert_true(has_pool(&world, "lab"));
    assert_int_equal(world_undo(&world, world.vault.last_entry), 0);
    assert_false(has_pool(&world, "lab"));
    world_drop(&world);
}

/* A pool, a reservation from it and a vAdapter together: all or nothing. */
static int apply_mixed(struct world *world)
{
    struct vio_pool_spec *pool = pool_of("lab", 1, 9);
    struct vio_vadapter_spec *spec = fixture_vnic("e", "nic1", "server2");
    const struct edit edits[] = {
        {.edit = VIO_EDIT_POOL_CREATE, .storewide = true, .pool_spec = pool},
        {.edit = VIO_EDIT_CREATE, .chassis = 0, .spec = spec},
        {.edit = VIO_EDIT_RESERVE, .storewide = true, .address = mac(40), .owner = "the lab"},
    };
    struct vio_req *req = world_submit(world, edits, 3);
    int status = req ? world_finish(world, req) : VIO_ENOMEM;

    vio__req_unref(req);
    vio__pool_spec_free(pool);
    vio__spec_free(spec);
    return status;
}

static void check_mixed(const struct world *world, bool applied)
{
    assert_true(has_pool(world, "lab") == applied);
    assert_true((fake_find(&world->fakes[0], "e") != NULL) == applied);
    assert_true((state_of(world, 40) == VIO_IDENTITY_RESERVED) == applied);
}

static void together_with_a_vadapter_it_is_all_or_nothing(void **state)
{
    bool reached = true;

    (void)state;
    for (unsigned at = 0; at < 2; at++) {
        struct world world;

        world_make(&world, NULL);
        sets_populate(&world);
        world.fakes[0].fault = FAKE_REFUSED;
        world.fakes[0].fault_at = at;
        assert_int_equal(apply_mixed(&world), VIO_EDEVICE);
        check_mixed(&world, false);
        assert_int_equal(apply_mixed(&world), 0);
        check_mixed(&world, true);
        world_drop(&world);
    }
    for (unsigned at = 0; reached; at++) {
        struct world world;
        int status;

        world_make(&world, NULL);
        sets_populate(&world);
        world.refuse_at = world.allocations + at;
        status = apply_mixed(&world);
        reached = world.allocations > world.refuse_at;
        world.refuse_at = UINT_MAX;
        assert_true(status == 0 || status == VIO_ENOMEM);
        check_mixed(&world, status == 0);
        world_drop(&world);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pools_are_made_changed_and_removed),
        cmocka_unit_test(a_description_names_the_pool_that_is_drawn_from),
        cmocka_unit_test(an_identity_that_was_left_is_quarantined),
        cmocka_unit_test(a_removal_that_fails_leaves_no_quarantine),
        cmocka_unit_test(identities_are_reserved_and_released),
        cmocka_unit_test(a_creation_that_fails_leaves_its_reservation),
        cmocka_unit_test(edits_of_pools_and_reservations_are_undone),
        cmocka_unit_test(together_with_a_vadapter_it_is_all_or_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
