/* SPDX-License-Identifier: MIT */
/* What differs is told field by field; reconcile removes it, once, and for each object by itself.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <libvio/error.h>
#include <libvio/plan.h>

#include "lib/domain/diff.h"
#include "tests/engine/fixture.h"
#include "tests/engine/sets.h"

static struct vio_function_info *function_of(struct world *world, const char *name)
{
    struct fake *fake = &world->fakes[0];

    for (unsigned i = 0; i < 16; i++)
        if (fake->exists[i] && strcmp(fake->functions[i].label, name) == 0)
            return &fake->functions[i];
    fail_msg("no function \"%s\"", name);
    return NULL;
}

static void ready(struct world *world)
{
    world_make(world, NULL);
    sets_populate(world);
}

static struct vio_req *finish(struct world *world, struct vio_req *req, int status)
{
    assert_non_null(req);
    assert_int_equal(world_finish(world, req), status);
    return req;
}

static const struct vio_plan *plan_of(const struct vio_req *req)
{
    const struct vio_plan *plan = vio_req_get_plan(req);

    assert_non_null(plan);
    return plan;
}

static void expect_drift(struct world *world, size_t steps)
{
    struct vio_req *req = finish(world, world_reconcile(world, 0, true), 0);

    assert_int_equal(vio_plan_num_steps(plan_of(req)), steps);
    assert_int_equal(vio_plan_state(plan_of(req)), VIO_PLAN_STATE_PLANNED);
    assert_int_equal(vio_plan_num_edits(plan_of(req)), 0);
    vio__req_unref(req);
}

static void no_drift_is_an_empty_plan(void **state)
{
    struct world world;
    unsigned steps;

    (void)state;
    ready(&world);
    steps = world.fakes[0].steps;
    expect_drift(&world, 0);
    assert_int_equal(world.fakes[0].steps, steps);
    world_drop(&world);
}

static void a_field_that_differs_is_told_with_both_values(void **state)
{
    struct vio_req *req;
    const struct vio_plan *plan;
    struct world world;

    (void)state;
    ready(&world);
    function_of(&world, "a")->enabled = !function_of(&world, "a")->enabled;
    req = finish(&world, world_reconcile(&world, 0, true), 0);
    plan = plan_of(req);
    assert_int_equal(vio_plan_num_steps(plan), 1);
    assert_string_equal(vio_plan_step_object(plan, 0), "a");
    assert_string_equal(vio_plan_step_chassis(plan, 0), "fake0");
    assert_int_equal(vio_plan_step_action(plan, 0), VIO_ACTION_SET_ENABLED);
    assert_int_equal(vio_plan_step_state(plan, 0), VIO_STEP_STATE_PLANNED);
    assert_int_equal(vio_plan_step_num_fields(plan, 0), 1);
    assert_string_equal(vio_plan_step_field(plan, 0, 0), "enabled");
    assert_string_equal(vio_plan_step_before(plan, 0, 0), "false");
    assert_string_equal(vio_plan_step_after(plan, 0, 0), "true");
    vio__req_unref(req);
    world_drop(&world);
}

static void lost_functions_are_steps_and_foreign_ones_are_not(void **state)
{
    struct vio_function_info foreign = {.kind = VIO_VADAPTER_VNIC,
                                        .state = VIO_FUNCTION_DETACHED,
                                        .server = VIO_NO_INDEX,
                                        .path = VIO_NO_INDEX,
                                        .adapter = 1,
                                        .cookie = {0xf0},
                                        .label = "stranger"};
    struct world world;

    (void)state;
    ready(&world);
    fake_put(&world.fakes[0], &foreign);
    expect_drift(&world, 0);
    world.fakes[0].exists[function_of(&world, "a")->index] = false;
    expect_drift(&world, 2); /* create, bind */
    world_drop(&world);
}

static void reconcile_removes_drift_and_a_second_one_writes_nothing(void **state)
{
    struct vio_function_info was[2];
    struct vio_req *req;
    struct world world;
    unsigned steps, commits;

    (void)state;
    ready(&world);
    was[0] = *function_of(&world, "a");
    was[1] = *function_of(&world, "b");
    function_of(&world, "a")->address.bytes[5] ^= 1;
    world.fakes[0].exists[was[1].index] = false;
    expect_drift(&world, 2); /* and what was to be written by the way, is */
    commits = world.vault.commits;
    steps = world.fakes[0].steps;
    req = finish(&world, world_reconcile(&world, 0, false), 0);
    assert_int_equal(vio_plan_state(plan_of(req)), VIO_PLAN_STATE_DONE);
    assert_int_equal(world.fakes[0].steps - steps, vio_plan_num_steps(plan_of(req)));
    for (size_t i = 0; i < vio_plan_num_steps(plan_of(req)); i++)
        assert_int_equal(vio_plan_step_state(plan_of(req), i), VIO_STEP_STATE_DONE);
    vio__req_unref(req);
    assert_memory_equal(&function_of(&world, "a")->address, &was[0].address,
                        sizeof(was[0].address));
    assert_memory_equal(&function_of(&world, "b")->address, &was[1].address,
                        sizeof(was[1].address));
    steps = world.fakes[0].steps;
    req = finish(&world, world_reconcile(&world, 0, false), 0);
    assert_int_equal(vio_plan_num_steps(plan_of(req)), 0);
    assert_int_equal(vio_plan_state(plan_of(req)), VIO_PLAN_STATE_DONE);
    vio__req_unref(req);
    assert_int_equal(world.fakes[0].steps, steps);
    assert_int_equal(world.vault.commits, commits);
    expect_drift(&world, 0);
    world_drop(&world);
}

static void one_that_fails_does_not_stop_the_others(void **state)
{
    struct vio_req *req;
    struct world world;
    size_t failed = 0, done = 0;

    (void)state;
    ready(&world);
    function_of(&world, "a")->enabled = false;
    function_of(&world, "b")->enabled = false;
    world.fakes[0].fault = FAKE_REFUSED;
    world.fakes[0].fault_at = world.fakes[0].steps;
    req = finish(&world, world_reconcile(&world, 0, false), VIO_EDEVICE);
    assert_int_equal(vio_plan_state(plan_of(req)), VIO_PLAN_STATE_PARTLY);
    assert_int_equal(vio_plan_num_steps(plan_of(req)), 2);
    for (size_t i = 0; i < 2; i++) {
        failed += vio_plan_step_state(plan_of(req), i) == VIO_STEP_STATE_FAILED;
        done += vio_plan_step_state(plan_of(req), i) == VIO_STEP_STATE_DONE;
    }
    assert_int_equal(failed, 1);
    assert_int_equal(done, 1);
    assert_int_equal(vio_req_num_problems(req), 1);
    assert_int_equal(vio_plan_num_problems(plan_of(req)), 1);
    assert_non_null(strstr(vio_req_message(req), vio_req_problem_object(req, 0)));
    vio__req_unref(req);
    expect_drift(&world, 1);
    world_drop(&world);
}

/* Each way in which a step can end: afterwards the plan says what is so. */
static void whatever_becomes_of_a_step_the_next_reconcile_mends_it(void **state)
{
    (void)state;
    for (int fault = FAKE_REFUSED; fault < FAKE_FAULTS; fault++) {
        for (unsigned at = 0; at < 2; at++) {
            struct vio_req *req;
            struct world world;

            ready(&world);
            world.fakes[0].exists[function_of(&world, "a")->index] = false;
            world.fakes[0].fault = (enum fake_fault)fault;
            world.fakes[0].fault_at = world.fakes[0].steps + at;
            req = world_reconcile(&world, 0, false);
            (void)world_finish(&world, req);
            vio__req_unref(req);
            vio__req_unref(finish(&world, world_reconcile(&world, 0, false), 0));
            expect_drift(&world, 0);
            assert_int_equal(fake_count(&world.fakes[0]), 2);
            world_drop(&world);
        }
    }
}

static void a_change_under_way_is_waited_for(void **state)
{
    const struct edit edit = {.edit = VIO_EDIT_ATTACH, .target = "b", .server = "server2"};
    struct vio_req *change, *drift;
    struct world world;

    (void)state;
    ready(&world);
    function_of(&world, "b")->enabled = false;
    change = world_submit(&world, &edit, 1);
    for (unsigned turns = 0; world.fakes[0].steps == 0 && turns < 3; turns++)
        assert_int_equal(vio__loop_dispatch(world.loop), 0);
    drift = world_reconcile(&world, 0, false);
    vio__req_unref(finish(&world, drift, 0));
    assert_true(vio__req_is_complete(change));
    assert_int_equal(vio__req_status(change), 0);
    vio__req_unref(change);
    expect_drift(&world, 0);
    world_drop(&world);
}

static void it_is_canceled_at_any_moment(void **state)
{
    bool ended = false;

    (void)state;
    for (unsigned turns = 0; !ended && turns < 200; turns++) {
        struct vio_req *req;
        struct world world;

        ready(&world);
        function_of(&world, "a")->enabled = false;
        world.fakes[0].exists[function_of(&world, "b")->index] = false;
        req = world_reconcile(&world, 0, false);
        for (unsigned i = 0; i < turns && !vio__req_is_complete(req); i++)
            assert_int_equal(vio__loop_dispatch(world.loop), 0);
        ended = vio__req_is_complete(req);
        vio__req_cancel(req);
        assert_int_equal(world_finish(&world, req), ended ? 0 : VIO_ECANCELED);
        vio__req_unref(req);
        vio__req_unref(finish(&world, world_reconcile(&world, 0, false), 0));
        expect_drift(&world, 0);
        world_drop(&world);
    }
    assert_true(ended);
}

static void each_allocation_may_fail(void **state)
{
    bool refused = true;

    (void)state;
    for (unsigned n = 0; refused; n++) {
        struct vio_req *req;
        struct world world;
        int status = VIO_ENOMEM;

        ready(&world);
        function_of(&world, "a")->enabled = false;
        world.fakes[0].exists[function_of(&world, "b")->index] = false;
        world.refuse_at = world.allocations + n;
        req = world_reconcile(&world, 0, false);
        if (req)
            status = world_finish(&world, req);
        refused = world.allocations > world.refuse_at;
        if (!refused)
            assert_int_equal(status, 0);
        vio__req_unref(req);
        world.refuse_at = UINT_MAX;
        vio__req_unref(finish(&world, world_reconcile(&world, 0, false), 0));
        expect_drift(&world, 0);
        world_drop(&world);
    }
}

static void reading_shows_drift_and_may_not_reconcile(void **state)
{
    struct remains *remains = calloc(1, sizeof(*remains));
    struct world world;

    (void)state;
    assert_non_null(remains);
    ready(&world);
    world_close(&world, 0);
    world_close(&world, 1);
    function_of(&world, "a")->enabled = false;
    world_remains(&world, remains);
    world_drop(&world);
    world_make(&world, remains);
    world.read_only = true;
    world_open(&world, 0);
    expect_drift(&world, 1);
    vio__req_unref(finish(&world, world_reconcile(&world, 0, false), VIO_EPERM));
    assert_int_equal(world.fakes[0].steps, 0);
    assert_int_equal(world.vault.commits, 0);
    world_drop(&world);
    remains_drop(remains);
    free(remains);
}

static void closing_ends_it(void **state)
{
    struct vio_req *req;
    struct world world;

    (void)state;
    ready(&world);
    function_of(&world, "a")->enabled = false;
    req = world_reconcile(&world, 0, false);
    world_close(&world, 0);
    assert_int_equal(world_finish(&world, req), VIO_ECLOSED);
    vio__req_unref(req);
    world_drop(&world);
}

static void two_go_one_after_the_other(void **state)
{
    struct vio_req *first, *second;
    struct world world;
    unsigned steps;

    (void)state;
    ready(&world);
    function_of(&world, "a")->enabled = false;
    steps = world.fakes[0].steps;
    first = world_reconcile(&world, 0, false);
    second = world_reconcile(&world, 0, false);
    finish(&world, first, 0);
    finish(&world, second, 0);
    assert_int_equal(vio_plan_num_steps(plan_of(first)) + vio_plan_num_steps(plan_of(second)), 1);
    assert_int_equal(world.fakes[0].steps - steps, 1);
    vio__req_unref(first);
    vio__req_unref(second);
    world_drop(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_drift_is_an_empty_plan),
        cmocka_unit_test(a_field_that_differs_is_told_with_both_values),
        cmocka_unit_test(lost_functions_are_steps_and_foreign_ones_are_not),
        cmocka_unit_test(reconcile_removes_drift_and_a_second_one_writes_nothing),
        cmocka_unit_test(one_that_fails_does_not_stop_the_others),
        cmocka_unit_test(whatever_becomes_of_a_step_the_next_reconcile_mends_it),
        cmocka_unit_test(a_change_under_way_is_waited_for),
        cmocka_unit_test(it_is_canceled_at_any_moment),
        cmocka_unit_test(each_allocation_may_fail),
        cmocka_unit_test(reading_shows_drift_and_may_not_reconcile),
        cmocka_unit_test(closing_ends_it),
        cmocka_unit_test(two_go_one_after_the_other),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
