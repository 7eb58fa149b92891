/* SPDX-License-Identifier: MIT */
/* A chassis that started again gets its functions back: at the next opening, or by a reconcile. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <libvio/error.h>
#include <libvio/plan.h>

#include "lib/domain/diff.h"
#include "lib/engine/ledger.h"
#include "tests/engine/fixture.h"
#include "tests/engine/sets.h"

#define TEXT 4096

/* A chassis with "a" and "b" that was closed; it starts again before it is opened anew. */
struct again {
    struct world world;
    struct remains remains;
    char before[TEXT];
};

static void close_all(struct world *world)
{
    for (unsigned i = 0; i < CHASSIS; i++)
        if (world->engines[i])
            world_close(world, i);
}

static struct again *make(bool with_disk)
{
    const struct edit edit = {.edit = VIO_EDIT_CREATE};
    struct again *again = calloc(1, sizeof(*again));
    struct vio_vadapter_spec *spec;
    struct edit disk = edit;

    assert_non_null(again);
    world_make(&again->world, NULL);
    sets_populate(&again->world);
    if (with_disk) {
        assert_int_equal(vio__spec_new(NULL, &spec), 0);
        assert_int_equal(vio__spec_set_kind(spec, VIO_VADAPTER_VDISK), 0);
        assert_int_equal(vio__spec_set_name(spec, "disk"), 0);
        assert_int_equal(vio__spec_set_size(spec, 1 << 20), 0);
        disk.spec = spec;
        assert_int_equal(world_apply(&again->world, &disk, 1), 0);
        vio__spec_free(spec);
    }
    world_print(&again->world, again->before, sizeof(again->before));
    close_all(&again->world);
    world_remains(&again->world, &again->remains);
    world_drop(&again->world);
    world_make(&again->world, &again->remains);
    for (unsigned i = 0; i < CHASSIS; i++)
        world_restart(&again->world, i);
    return again;
}

static void drop(struct again *again)
{
    close_all(&again->world);
    world_drop(&again->world);
    remains_drop(&again->remains);
    free(again);
}

static void expect_as_before(struct again *again)
{
    char text[TEXT];

    world_print(&again->world, text, sizeof(text));
    assert_string_equal(text, again->before);
}

static uint64_t kept_boot_id(struct world *world)
{
    struct vio_met met;

    assert_int_equal(vio__store_met(vio__ledger_store(vio__engine_ledger(world->engines[0])),
                                    world->fakes[0].seen->chassis.uuid, &met),
                     0);
    return met.boot_id;
}

static void opening_brings_back_what_was_lost(void **state)
{
    struct again *again = make(true);
    unsigned steps;

    (void)state;
    world_open(&again->world, 0);
    world_open(&again->world, 1);
    expect_as_before(again);
    close_all(&again->world);
    steps = again->world.fakes[0].steps;
    world_open(&again->world, 0);
    assert_int_equal(again->world.fakes[0].steps, steps);
    assert_int_equal(kept_boot_id(&again->world), 1);
    world_open(&again->world, 1);
    expect_as_before(again);
    drop(again);
}

static void a_function_that_was_taken_away_without_a_restart_stays_away(void **state)
{
    struct again *again = make(false);
    struct world *world = &again->world;

    (void)state;
    world->fakes[0].seen->chassis.boot_id = 0;
    world_open(world, 0);
    assert_int_equal(fake_count(&world->fakes[0]), 0);
    assert_int_equal(world->fakes[0].steps, 0);
    drop(again);
}

static void without_restore_it_stays_lost_until_it_is_asked_for(void **state)
{
    struct again *again = make(false);
    struct world *world = &again->world;
    struct vio_req *req;

    (void)state;
    world->keep_lost = true;
    world_open(world, 0);
    world_open(world, 1);
    assert_int_equal(fake_count(&world->fakes[0]), 0);
    assert_int_equal(kept_boot_id(world), 0);
    for (unsigned i = 0; i < CHASSIS; i++) {
        req = world_reconcile(world, i, false);
        assert_int_equal(world_finish(world, req), 0);
        vio__req_unref(req);
    }
    world_sleep(world, 1);
    expect_as_before(again);
    drop(again);
}

static void reading_restores_nothing(void **state)
{
    struct again *again = make(false);

    (void)state;
    again->world.read_only = true;
    world_open(&again->world, 0);
    assert_int_equal(again->world.fakes[0].steps, 0);
    assert_int_equal(again->world.vault.commits, 0);
    drop(again);
}

static void one_that_cannot_be_brought_back_is_tried_at_the_next_opening(void **state)
{
    struct again *again = make(false);
    struct world *world = &again->world;

    (void)state;
    world->fakes[0].fault = FAKE_REFUSED;
    world->fakes[0].fault_at = 0;
    world_open(world, 0);
    assert_int_equal(fake_count(&world->fakes[0]), 1);
    assert_int_equal(kept_boot_id(world), 0);
    world_close(world, 0);
    world_open(world, 0);
    world_open(world, 1);
    expect_as_before(again);
    assert_int_equal(kept_boot_id(world), 1);
    drop(again);
}

static void a_vdisk_that_comes_back_has_lost_its_data(void **state)
{
    struct again *again = make(true);
    struct world *world = &again->world;
    const struct vio_plan *plan;
    struct vio_req *req;
    bool told = false;

    (void)state;
    world->keep_lost = true;
    world_open(world, 0);
    req = world_reconcile(world, 0, true);
    assert_int_equal(world_finish(world, req), 0);
    plan = vio_req_get_plan(req);
    assert_non_null(plan);
    for (size_t i = 0; i < vio_plan_num_steps(plan); i++)
        if (vio_plan_step_disruption(plan, i) == VIO_DISRUPTION_DATA_LOST) {
            assert_string_equal(vio_plan_step_object(plan, i), "disk");
            assert_int_equal(vio_plan_step_action(plan, i), VIO_ACTION_CREATE);
            told = true;
        }
    assert_true(told);
    vio__req_unref(req);
    drop(again);
}

static void a_chassis_that_restarts_under_its_owner_is_reconciled_without_reopening(void **state)
{
    const struct edit edit = {.edit = VIO_EDIT_DETACH, .target = "a"};
    struct world world;
    struct vio_req *req;
    char before[TEXT], text[TEXT];

    (void)state;
    world_make(&world, NULL);
    sets_populate(&world);
    world_print(&world, before, sizeof(before));
    world_restart(&world, 0);
    req = world_submit(&world, &edit, 1);
    assert_int_equal(world_finish(&world, req), VIO_EFENCED);
    vio__req_unref(req);
    req = world_reconcile(&world, 0, false);
    assert_int_equal(world_finish(&world, req), 0);
    vio__req_unref(req);
    world_print(&world, text, sizeof(text));
    assert_string_equal(text, before);
    assert_int_equal(world_apply(&world, &edit, 1), 0);
    world_drop(&world);
}

static void an_owner_that_was_fenced_is_told_who_has_it(void **state)
{
    struct world world;
    struct vio_req *req;

    (void)state;
    world_make(&world, NULL);
    sets_populate(&world);
    world.fakes[0].owned = false;
    fake_notice(&world.fakes[0], VIO_NOTICE_FENCED, 0);
    world.fakes[0].claims_refused = 1;
    req = world_reconcile(&world, 0, false);
    assert_int_equal(world_finish(&world, req), VIO_EOWNED);
    assert_string_equal(vio_req_message(req), "the fake says so");
    vio__req_unref(req);
    req = world_reconcile(&world, 0, false);
    assert_int_equal(world_finish(&world, req), 0);
    vio__req_unref(req);
    world_drop(&world);
}

static void notice_of(struct fake *fake, enum vio_notice_type type, uint32_t index)
{
    struct vio_notice notice = {.type = type, .index = index};

    memcpy(notice.cookie, fake->functions[index].cookie, sizeof(notice.cookie));
    fake->listener.notice(fake->listener.user, &notice);
}

static void drift_is_repaired_where_it_is_to_be(void **state)
{
    (void)state;
    for (int repair = 0; repair < 2; repair++) {
        struct world world;
        uint32_t index;

        world_make(&world, NULL);
        world.repair = repair != 0;
        sets_populate(&world);
        index = fake_find(&world.fakes[0], "a")->index;
        world.fakes[0].functions[index].enabled = false;
        notice_of(&world.fakes[0], VIO_NOTICE_FUNCTION_CHANGED, index);
        world_sleep(&world, UINT64_C(1000000000));
        assert_int_equal(world.fakes[0].functions[index].enabled, repair != 0);
        world_restart(&world, 0);
        world_sleep(&world, UINT64_C(1000000000));
        assert_int_equal(fake_count(&world.fakes[0]), repair ? 2 : 0);
        world_drop(&world);
    }
}

static void a_repair_that_fails_is_not_tried_without_end(void **state)
{
    struct world world;
    uint32_t index;
    unsigned steps;

    (void)state;
    world_make(&world, NULL);
    world.repair = true;
    sets_populate(&world);
    index = fake_find(&world.fakes[0], "a")->index;
    world.fakes[0].functions[index].enabled = false;
    world.fakes[0].fault = FAKE_REFUSED;
    world.fakes[0].fault_at = steps = world.fakes[0].steps;
    notice_of(&world.fakes[0], VIO_NOTICE_FUNCTION_CHANGED, index);
    world_sleep(&world, UINT64_C(5000000000));
    assert_int_equal(world.fakes[0].steps, steps + 1);
    notice_of(&world.fakes[0], VIO_NOTICE_FUNCTION_CHANGED, index);
    world_sleep(&world, UINT64_C(5000000000));
    assert_true(world.fakes[0].functions[index].enabled);
    world_drop(&world);
}

/* The power fails at each step and commit of an opening that restores: the next one ends it. */
struct crash {
    struct world *world;
    struct remains *remains[64];
    size_t count;
};

static void note(void *user)
{
    struct crash *crash = user;
    struct remains *remains = calloc(1, sizeof(*remains));

    assert_non_null(remains);
    assert_true(crash->count < 64);
    world_remains(crash->world, remains);
    crash->remains[crash->count++] = remains;
}

static void an_opening_that_breaks_off_is_taken_up_again(void **state)
{
    struct again *again = make(false);
    struct crash crash = {.world = &again->world};
    char before[TEXT];

    (void)state;
    again->world.vault.hook = note;
    again->world.vault.user = &crash;
    for (unsigned i = 0; i < CHASSIS; i++) {
        again->world.fakes[i].stepped = note;
        again->world.fakes[i].user = &crash;
    }
    world_open(&again->world, 0);
    world_open(&again->world, 1);
    close_all(&again->world);
    memcpy(before, again->before, sizeof(before));
    drop(again);
    assert_true(crash.count > 4);
    for (size_t i = 0; i < crash.count; i++) {
        struct world world;
        char text[TEXT];

        world_make(&world, crash.remains[i]);
        for (unsigned at = 0; at < CHASSIS; at++) {
            world.fakes[at].seen->chassis.boot_id = 1;
            world_open(&world, at);
        }
        world_print(&world, text, sizeof(text));
        assert_string_equal(text, before);
        world_drop(&world);
        remains_drop(crash.remains[i]);
        free(crash.remains[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opening_brings_back_what_was_lost),
        cmocka_unit_test(a_function_that_was_taken_away_without_a_restart_stays_away),
        cmocka_unit_test(without_restore_it_stays_lost_until_it_is_asked_for),
        cmocka_unit_test(reading_restores_nothing),
        cmocka_unit_test(one_that_cannot_be_brought_back_is_tried_at_the_next_opening),
        cmocka_unit_test(a_vdisk_that_comes_back_has_lost_its_data),
        cmocka_unit_test(a_chassis_that_restarts_under_its_owner_is_reconciled_without_reopening),
        cmocka_unit_test(an_owner_that_was_fenced_is_told_who_has_it),
        cmocka_unit_test(drift_is_repaired_where_it_is_to_be),
        cmocka_unit_test(a_repair_that_fails_is_not_tried_without_end),
        cmocka_unit_test(an_opening_that_breaks_off_is_taken_up_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
