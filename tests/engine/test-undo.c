/* SPDX-License-Identifier: MIT */
/* Undoing: over random change sets, what there is after apply and undo is what there was before, in
 * store and hardware; and what cannot be undone is refused. */
#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/base/random.h"
#include "lib/domain/plan.h"
#include "tests/engine/fixture.h"
#include "tests/engine/sets.h"

#define TEXT   4096
#define EDITS  3
#define ROUNDS 600

static const char *const names[CHASSIS][4] = {{"a", "b", "e", "f"}, {"c", "d", "g", "h"}};
static const char *const servers[] = {"server1", "server2"};
static const char *const adapters[] = {"nic0", "nic1"};

static unsigned below(struct vio_prng *prng, unsigned limit)
{
    return (unsigned)vio__prng_below(prng, limit);
}

static struct vio_vadapter_spec *random_settings(struct vio_prng *prng)
{
    struct vio_address mac = {.kind = VIO_ADDRESS_MAC48, .length = 6, .bytes = {2, 0, 0, 0, 8, 0}};
    struct vio_vadapter_spec *spec;

    mac.bytes[5] = (uint8_t)below(prng, 256);
    assert_int_equal(vio__spec_new(NULL, &spec), 0);
    if (below(prng, 2))
        assert_int_equal(vio__spec_set_vlan_access(spec, (uint16_t)(1 + below(prng, 9))), 0);
    if (below(prng, 3) == 0)
        assert_int_equal(vio__spec_set_address(spec, &mac), 0);
    if (below(prng, 2))
        assert_int_equal(vio__spec_set_enabled(spec, below(prng, 2) != 0), 0);
    if (below(prng, 4) == 0)
        assert_int_equal(vio__spec_set_label(spec, "tier", below(prng, 2) ? "web" : "db"), 0);
    return spec;
}

static struct edit random_edit(struct vio_prng *prng, struct vio_vadapter_spec **ret_spec)
{
    unsigned chassis = below(prng, CHASSIS);
    struct edit edit = {
        .edit = (enum vio_edit)(VIO_EDIT_CREATE + below(prng, 5)),
        .chassis = chassis,
        .target = names[chassis][below(prng, 4)],
        .server = servers[below(prng, 2)],
    };

    *ret_spec = NULL;
    if (edit.edit == VIO_EDIT_CREATE)
        *ret_spec = fixture_vnic(edit.target, adapters[below(prng, 2)],
                                 below(prng, 2) ? servers[below(prng, 2)] : NULL);
    else if (edit.edit == VIO_EDIT_SET)
        *ret_spec = random_settings(prng);
    edit.spec = *ret_spec;
    return edit;
}

/* Applies a random set; its number, or 0 where it was refused or had nothing to do. */
static uint64_t apply_random(struct world *world, struct vio_prng *prng)
{
    struct vio_vadapter_spec *specs[EDITS];
    struct edit edits[EDITS];
    size_t count = 1 + below(prng, EDITS);
    struct vio_req *req;
    uint64_t number = 0;

    for (size_t i = 0; i < count; i++)
        edits[i] = random_edit(prng, &specs[i]);
    req = world_submit(world, edits, count);
    if (world_finish(world, req) == 0)
        number = world_number(req);
    vio__req_unref(req);
    for (size_t i = 0; i < count; i++)
        vio__spec_free(specs[i]);
    return number;
}

static void after_apply_and_undo_everything_is_as_it_was(void **state)
{
    unsigned rounds = test_rounds(ROUNDS);
    struct vio_prng prng;
    struct world world;
    unsigned undone = 0;

    (void)state;
    vio__prng_seed(&prng, 4);
    world_make(&world, NULL);
    sets_populate(&world);
    for (unsigned round = 0; round < rounds; round++) {
        char before[TEXT], after[TEXT];
        uint64_t number;

        if (world.vault.last_entry > VAULT_MAX - 8 || world.vault.last_row > VAULT_MAX - 16) {
            world_drop(&world);
            world_make(&world, NULL);
            sets_populate(&world);
        }
        world_print(&world, before, sizeof(before));
        number = apply_random(&world, &prng);
        if (number == 0)
            continue;
        if (below(&prng, 3) == 0) /* keep this one, and go on from there */
            continue;
        assert_int_equal(world_undo(&world, number), 0);
        world_print(&world, after, sizeof(after));
        assert_string_equal(before, after);
        undone++;
    }
    assert_true(undone > rounds / 20);
    world_drop(&world);
}

static void an_undo_can_be_undone(void **state)
{
    char before[TEXT], after[TEXT], again[TEXT];

    (void)state;
    for (size_t set = 0; set < NUM_SETS; set++) {
        struct world world;
        uint64_t number;

        world_make(&world, NULL);
        sets_populate(&world);
        world_print(&world, before, sizeof(before));
        assert_int_equal(sets_apply(&world, set), 0);
        number = world.vault.last_entry;
        world_print(&world, after, sizeof(after));
        assert_int_equal(world_undo(&world, number), 0);
        world_print(&world, again, sizeof(again));
        assert_string_equal(before, again);
        assert_int_equal(world_undo(&world, number + 1), 0);
        world_print(&world, again, sizeof(again));
        assert_string_equal(after, again);
        world_drop(&world);
    }
}

static void what_has_changed_since_is_not_undone(void **state)
{
    const struct edit attach = {
        .edit = VIO_EDIT_ATTACH, .chassis = 0, .target = "b", .server = "server2"};
    const struct edit detach = {.edit = VIO_EDIT_DETACH, .chassis = 0, .target = "b"};
    struct world world;
    uint64_t number;
    char before[TEXT], after[TEXT];

    (void)state;
    world_make(&world, NULL);
    sets_populate(&world);
    assert_int_equal(world_apply(&world, &attach, 1), 0);
    number = world.vault.last_entry;
    assert_int_equal(world_apply(&world, &detach, 1), 0);
    world_print(&world, before, sizeof(before));
    assert_int_equal(world_undo(&world, number), VIO_ESTALE);
    assert_int_equal(world_undo(&world, 4711), VIO_ENOENT);
    world_print(&world, after, sizeof(after));
    assert_string_equal(before, after);
    world_drop(&world);
}

static void what_failed_is_not_undone_again(void **state)
{
    struct world world;

    (void)state;
    world_make(&world, NULL);
    sets_populate(&world);
    world.fakes[0].fault = FAKE_REFUSED;
    world.fakes[0].fault_at = 0;
    assert_int_equal(sets_apply(&world, 0), VIO_EDEVICE);
    assert_int_equal(world_undo(&world, world.vault.last_entry), VIO_ESTATE);
    world_drop(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(after_apply_and_undo_everything_is_as_it_was),
        cmocka_unit_test(an_undo_can_be_undone),
        cmocka_unit_test(what_has_changed_since_is_not_undone),
        cmocka_unit_test(what_failed_is_not_undone_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
