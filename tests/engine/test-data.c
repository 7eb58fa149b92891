/* SPDX-License-Identifier: MIT */
/* vDisks hold data, which only a purge destroys; foreign functions are taken over when asked. */
#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/domain/plan.h"
#include "tests/engine/fixture.h"
#include "tests/engine/sets.h"

static void make_disk(struct world *world)
{
    struct vio_vadapter_spec *spec;
    struct edit edit = {.edit = VIO_EDIT_CREATE, .chassis = 0};

    assert_int_equal(vio__spec_new(NULL, &spec), 0);
    assert_int_equal(vio__spec_set_kind(spec, VIO_VADAPTER_VDISK), 0);
    assert_int_equal(vio__spec_set_name(spec, "disk"), 0);
    assert_int_equal(vio__spec_set_size(spec, 1 << 20), 0);
    edit.spec = spec;
    assert_int_equal(world_apply(world, &edit, 1), 0);
    vio__spec_free(spec);
}

static enum vio_vadapter_state state_of(struct world *world, const char *name)
{
    struct vio_inventory *inventory = world_observe(world, 0);
    const struct vio_vadapter *vadapter = vio__inventory_find(inventory, VIO_NOUN_VADAPTER, name);
    enum vio_vadapter_state state =
        vadapter ? vio__vadapter_state(vadapter) : VIO_VADAPTER_STATE_UNKNOWN;

    vio__inventory_unref(inventory);
    return state;
}

static int edit_disk(struct world *world, enum vio_edit what)
{
    const struct edit edit = {.edit = what, .chassis = 0, .target = "disk", .server = "server1"};

    return world_apply(world, &edit, 1);
}

static void a_removed_disk_keeps_its_data_until_it_is_purged(void **state)
{
    struct world world;

    (void)state;
    world_make(&world, NULL);
    sets_populate(&world);
    make_disk(&world);
    assert_int_equal(edit_disk(&world, VIO_EDIT_PURGE), VIO_ESTATE);
    assert_int_equal(edit_disk(&world, VIO_EDIT_REMOVE), 0);
    assert_non_null(fake_find(&world.fakes[0], "disk"));
    assert_int_equal(state_of(&world, "disk"), VIO_VADAPTER_STATE_RETIRED);
    assert_int_equal(edit_disk(&world, VIO_EDIT_ATTACH), VIO_ESTATE);
    assert_int_equal(edit_disk(&world, VIO_EDIT_REMOVE), VIO_ESTATE);
    world.fakes[0].erased = 0;
    assert_int_equal(edit_disk(&world, VIO_EDIT_PURGE), 0);
    assert_int_equal(world.fakes[0].erased, 1);
    assert_null(fake_find(&world.fakes[0], "disk"));
    assert_int_equal(state_of(&world, "disk"), VIO_VADAPTER_STATE_UNKNOWN);
    assert_int_equal(world_undo(&world, world.vault.last_entry), VIO_ENOTSUP);
    world_drop(&world);
}

static void undoing_a_removal_brings_the_disk_back(void **state)
{
    struct world world;

    (void)state;
    world_make(&world, NULL);
    sets_populate(&world);
    make_disk(&world);
    assert_int_equal(edit_disk(&world, VIO_EDIT_REMOVE), 0);
    assert_int_equal(world_undo(&world, world.vault.last_entry), 0);
    assert_int_equal(state_of(&world, "disk"), VIO_VADAPTER_STATE_DETACHED);
    assert_int_equal(edit_disk(&world, VIO_EDIT_ATTACH), 0);
    world_drop(&world);
}

static void undoing_the_making_of_a_disk_keeps_its_data(void **state)
{
    struct world world;

    (void)state;
    world_make(&world, NULL);
    sets_populate(&world);
    make_disk(&world);
    assert_int_equal(world_undo(&world, world.vault.last_entry), 0);
    assert_int_equal(state_of(&world, "disk"), VIO_VADAPTER_STATE_RETIRED);
    world_drop(&world);
}

static void a_purge_tells_that_data_is_lost(void **state)
{
    const struct edit edit = {.edit = VIO_EDIT_PURGE, .chassis = 0, .target = "disk"};
    struct world world;
    struct vio_change *change;
    struct vio_req *req, *mine;

    (void)state;
    world_make(&world, NULL);
    sets_populate(&world);
    make_disk(&world);
    assert_int_equal(edit_disk(&world, VIO_EDIT_REMOVE), 0);
    change = world_prepare(&world, &edit, 1, &req);
    change->dry_run = true;
    assert_int_equal(vio__req_submit(req, &mine), 0);
    assert_int_equal(world_finish(&world, mine), 0);
    assert_int_equal(vio__plan_disruption(vio__req_result(mine, "plan")), VIO_DISRUPTION_DATA_LOST);
    vio__req_unref(mine);
    assert_non_null(fake_find(&world.fakes[0], "disk"));
    world_drop(&world);
}

static void a_removed_disk_is_purged_when_its_time_is_over(void **state)
{
    const uint64_t day = UINT64_C(86400) * 1000000000;
    struct world world;

    (void)state;
    world_make(&world, NULL);
    sets_populate(&world);
    make_disk(&world);
    assert_int_equal(edit_disk(&world, VIO_EDIT_REMOVE), 0);
    world_sleep(&world, 6 * day);
    assert_int_equal(state_of(&world, "disk"), VIO_VADAPTER_STATE_RETIRED);
    world_sleep(&world, day);
    (void)state_of(&world, "disk");
    world_sleep(&world, 1);
    assert_int_equal(state_of(&world, "disk"), VIO_VADAPTER_STATE_UNKNOWN);
    assert_null(fake_find(&world.fakes[0], "disk"));
    assert_int_equal(world.fakes[0].erased, 1);
    world_drop(&world);
}

/* -- Foreign functions ------------------------------------------------------------------------- */

static uint32_t put_foreign(struct world *world, const char *label)
{
    struct vio_function_info function = {
        .kind = VIO_VADAPTER_VNIC,
        .state = VIO_FUNCTION_DETACHED,
        .enabled = true,
        .adapter = 1,
        .server = VIO_NO_INDEX,
        .path = VIO_NO_INDEX,
        .bdf = VIO_NO_INDEX,
        .address = {.kind = VIO_ADDRESS_MAC48, .length = 6, .bytes = {2, 0, 0, 7, 7, 7}},
        .vlan = {.mode = VIO_VLAN_NONE},
    };
    uint32_t index;

    snprintf(function.label, sizeof(function.label), "%s", label);
    index = fake_put(&world->fakes[0], &function);
    fake_notice(&world->fakes[0], VIO_NOTICE_FUNCTION_CREATED, index);
    return index;
}

static int adopt(struct world *world, uint32_t function, const char *name)
{
    struct vio_vadapter_spec *spec = name ? fixture_vnic(name, NULL, NULL) : NULL;
    const struct edit edit = {
        .edit = VIO_EDIT_ADOPT, .chassis = 0, .spec = spec, .function = function};
    int status = world_apply(world, &edit, 1);

    vio__spec_free(spec);
    return status;
}

static void a_foreign_function_becomes_a_vadapter(void **state)
{
    const struct edit attach = {
        .edit = VIO_EDIT_ATTACH, .chassis = 0, .target = "mine", .server = "server2"};
    struct world world;
    uint32_t index;

    (void)state;
    world_make(&world, NULL);
    sets_populate(&world);
    index = put_foreign(&world, "");
    assert_int_equal(adopt(&world, 15, NULL), VIO_ENOENT);
    assert_int_equal(adopt(&world, index, "a"), VIO_EEXIST);
    assert_int_equal(adopt(&world, index, "mine"), 0);
    assert_int_equal(fake_find(&world.fakes[0], "mine")->index, index);
    assert_int_equal(state_of(&world, "mine"), VIO_VADAPTER_STATE_DETACHED);
    assert_int_equal(adopt(&world, index, "twice"), VIO_EEXIST);
    assert_int_equal(world_apply(&world, &attach, 1), 0);
    assert_int_equal(state_of(&world, "mine"), VIO_VADAPTER_STATE_ATTACHED);
    world_drop(&world);
}

static void an_adoption_that_fails_leaves_the_function_alone(void **state)
{
    (void)state;
    for (enum fake_fault fault = FAKE_REFUSED; fault < FAKE_FAULTS; fault++) {
        struct world world;
        uint32_t index;
        unsigned count;
        int status;

        world_make(&world, NULL);
        sets_populate(&world);
        index = put_foreign(&world, "theirs");
        count = fake_count(&world.fakes[0]);
        world.fakes[0].fault = fault;
        world.fakes[0].fault_at = world.fakes[0].steps;
        status = adopt(&world, index, "mine");
        assert_int_equal(fake_count(&world.fakes[0]), count);
        assert_true((status == 0) == (fake_find(&world.fakes[0], "mine") != NULL));
        assert_true((status != 0) == (fake_find(&world.fakes[0], "theirs") != NULL));
        world_drop(&world);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_removed_disk_keeps_its_data_until_it_is_purged),
        cmocka_unit_test(undoing_a_removal_brings_the_disk_back),
        cmocka_unit_test(undoing_the_making_of_a_disk_keeps_its_data),
        cmocka_unit_test(a_purge_tells_that_data_is_lost),
        cmocka_unit_test(a_removed_disk_is_purged_when_its_time_is_over),
        cmocka_unit_test(a_foreign_function_becomes_a_vadapter),
        cmocka_unit_test(an_adoption_that_fails_leaves_the_function_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
