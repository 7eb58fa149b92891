/* SPDX-License-Identifier: MIT */
/* Change sets over two chassis: their order, all of their problems, and that they happen as a whole
 * or not at all whatever fails. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/domain/plan.h"
#include "tests/engine/fixture.h"
#include "tests/engine/sets.h"

#define TEXT 4096

/* -- What works -------------------------------------------------------------------------------- */

struct recorder {
    unsigned taken;   /* things made or plugged in */
    bool out_of_turn; /* something was released after that */
};

static void record(void *user, const struct vio_step *step)
{
    struct recorder *recorder = user;

    if (step->action == VIO_STEP_UNBIND || step->action == VIO_STEP_DESTROY)
        recorder->out_of_turn |= recorder->taken > 0;
    else
        recorder->taken++;
}

static void whatever_is_released_is_so_before_anything_is_taken(void **state)
{
    (void)state;
    for (size_t set = 0; set < NUM_SETS; set++) {
        struct recorder recorder = {0};
        struct world world;
        char before[TEXT], after[TEXT];

        world_make(&world, NULL);
        sets_populate(&world);
        world_print(&world, before, sizeof(before));
        for (unsigned i = 0; i < CHASSIS; i++) {
            world.fakes[i].stepping = record;
            world.fakes[i].user = &recorder;
        }
        assert_int_equal(sets_apply(&world, set), 0);
        assert_true(recorder.taken > 0);
        assert_false(recorder.out_of_turn);
        world_print(&world, after, sizeof(after));
        assert_string_not_equal(before, after);
        world_drop(&world);
    }
}

static void the_plan_tells_each_step_and_what_became_of_it(void **state)
{
    (void)state;
    for (size_t set = 0; set < NUM_SETS; set++) {
        struct vio_plan_step step;
        const struct vio_plan *plan;
        struct vio_plan_head head;
        struct vio_req *req;
        struct world world;
        unsigned steps;

        world_make(&world, NULL);
        sets_populate(&world);
        steps = world.fakes[0].steps + world.fakes[1].steps;
        req = sets_submit(&world, set);
        assert_int_equal(world_finish(&world, req), 0);
        plan = vio__req_result(req, "plan");
        assert_non_null(plan);
        vio__plan_head(plan, &head);
        assert_int_equal(head.state, VIO_PLAN_STATE_DONE);
        assert_int_equal(vio__plan_num_steps(plan),
                         world.fakes[0].steps + world.fakes[1].steps - steps);
        for (size_t i = 0; vio__plan_step(plan, i, &step); i++)
            assert_int_equal(step.state, VIO_STEP_STATE_DONE);
        assert_true(vio__plan_num_edits(plan) > 0);
        vio__req_unref(req);
        world_drop(&world);
    }
}

static void a_dry_run_tells_the_plan_and_does_nothing(void **state)
{
    (void)state;
    for (size_t set = 0; set < NUM_SETS; set++) {
        struct vio_change *change;
        struct vio_req *req, *mine;
        struct vio_plan_head head;
        struct world world;
        char before[TEXT], after[TEXT];
        unsigned commits, steps;

        world_make(&world, NULL);
        sets_populate(&world);
        world_print(&world, before, sizeof(before));
        commits = world.vault.commits;
        steps = world.fakes[0].steps + world.fakes[1].steps;
        change = sets_prepare(&world, set, &req);
        change->dry_run = true;
        assert_int_equal(vio__req_submit(req, &mine), 0);
        assert_int_equal(world_finish(&world, mine), 0);
        vio__plan_head(vio__req_result(mine, "plan"), &head);
        assert_int_equal(head.state, VIO_PLAN_STATE_PLANNED);
        assert_true(vio__plan_num_steps(vio__req_result(mine, "plan")) > 0);
        vio__req_unref(mine);
        world_print(&world, after, sizeof(after));
        assert_string_equal(before, after);
        assert_int_equal(world.vault.commits, commits);
        assert_int_equal(world.fakes[0].steps + world.fakes[1].steps, steps);
        assert_int_equal(sets_apply(&world, set), 0);
        world_drop(&world);
    }
}

static void a_second_apply_of_the_same_state_writes_nothing(void **state)
{
    const struct edit edits[] = {
        {.edit = VIO_EDIT_ATTACH, .chassis = 0, .target = "a", .server = "server1"},
        {.edit = VIO_EDIT_DETACH, .chassis = 1, .target = "d"},
    };
    struct world world;
    unsigned commits, steps;

    (void)state;
    world_make(&world, NULL);
    sets_populate(&world);
    commits = world.vault.commits;
    steps = world.fakes[0].steps + world.fakes[1].steps;
    assert_int_equal(world_apply(&world, edits, 2), 0);
    assert_int_equal(world.vault.commits, commits);
    assert_int_equal(world.fakes[0].steps + world.fakes[1].steps, steps);
    world_drop(&world);
}

/* -- What is refused --------------------------------------------------------------------------- */

static void every_problem_of_every_edit_is_told(void **state)
{
    struct vio_vadapter_spec *taken = fixture_vnic("b", "nic1", NULL);
    struct vio_vadapter_spec *placeless = fixture_vnic("new", "nic9", "server9");
    const struct edit edits[] = {
        {.edit = VIO_EDIT_CREATE, .chassis = 0, .spec = taken},
        {.edit = VIO_EDIT_CREATE, .chassis = 1, .spec = placeless},
        {.edit = VIO_EDIT_ATTACH, .chassis = 0, .target = "a", .server = "server2"},
        {.edit = VIO_EDIT_REMOVE, .chassis = 1, .target = "nobody"},
        {.edit = VIO_EDIT_DETACH, .chassis = 1, .target = "d", .expects = 77},
        {.edit = VIO_EDIT_DETACH, .chassis = 0, .target = "c"},
    };
    const int codes[] = {VIO_ENOENT, VIO_ENOENT, VIO_ESTATE, VIO_ENOENT,
                         VIO_ESTALE, VIO_ESTATE, VIO_EEXIST};
    struct world world;
    struct vio_req *req;
    char before[TEXT], after[TEXT];

    (void)state;
    world_make(&world, NULL);
    sets_populate(&world);
    world_print(&world, before, sizeof(before));
    req = world_submit(&world, edits, sizeof(edits) / sizeof(edits[0]));
    assert_int_equal(world_finish(&world, req), VIO_ENOENT);
    assert_int_equal(vio_req_num_problems(req), sizeof(codes) / sizeof(codes[0]));
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
        assert_int_equal(vio_req_problem_code(req, i), codes[i]);
    assert_int_equal(vio__plan_num_problems(vio__req_result(req, "plan")),
                     sizeof(codes) / sizeof(codes[0]));
    vio__req_unref(req);
    world_print(&world, after, sizeof(after));
    assert_string_equal(before, after);
    world_drop(&world);
    vio__spec_free(taken);
    vio__spec_free(placeless);
}

static void a_stale_generation_is_refused_with_both_values(void **state)
{
    const struct edit edit = {
        .edit = VIO_EDIT_ATTACH, .chassis = 0, .target = "b", .server = "server2", .expects = 9};
    struct world world;
    struct vio_req *req;

    (void)state;
    world_make(&world, NULL);
    sets_populate(&world);
    req = world_submit(&world, &edit, 1);
    assert_int_equal(world_finish(&world, req), VIO_ESTALE);
    assert_non_null(strstr(vio_req_message(req), "generation 1"));
    assert_non_null(strstr(vio_req_message(req), "generation 9"));
    vio__req_unref(req);
    world_drop(&world);
}

static void of_many_edits_of_one_generation_one_wins(void **state)
{
    struct world world;
    struct vio_req *reqs[8];
    unsigned won = 0;

    (void)state;
    world_make(&world, NULL);
    sets_populate(&world);
    for (unsigned i = 0; i < 8; i++) {
        const struct edit edit = {.edit = VIO_EDIT_ATTACH,
                                  .chassis = 0,
                                  .target = "b",
                                  .server = "server2",
                                  .expects = 1};

        reqs[i] = world_submit(&world, &edit, 1);
    }
    for (unsigned i = 0; i < 8; i++) {
        int status = world_finish(&world, reqs[i]);

        won += status == 0;
        assert_true(status == 0 || status == VIO_ESTALE);
        vio__req_unref(reqs[i]);
    }
    assert_int_equal(won, 1);
    world_drop(&world);
}

static void a_token_used_again_tells_the_first_outcome(void **state)
{
    struct world world;
    uint64_t numbers[2];
    unsigned steps = 0;

    (void)state;
    world_make(&world, NULL);
    sets_populate(&world);
    for (int i = 0; i < 2; i++) {
        struct vio_req *req, *mine;
        struct vio_change *change = sets_prepare(&world, 0, &req);

        memset(change->token, 0x77, sizeof(change->token));
        assert_int_equal(vio__req_submit(req, &mine), 0);
        assert_int_equal(world_finish(&world, mine), 0);
        numbers[i] = world_number(mine);
        vio__req_unref(mine);
        if (i == 0)
            steps = world.fakes[0].steps + world.fakes[1].steps;
    }
    assert_int_equal(numbers[0], numbers[1]);
    assert_int_equal(world.fakes[0].steps + world.fakes[1].steps, steps);
    world_drop(&world);
}

/* -- What fails -------------------------------------------------------------------------------- */

static bool works_in_the_end(enum fake_fault fault)
{
    return fault == FAKE_WORKS || fault == FAKE_ANSWERED_LATE || fault == FAKE_DOUBT_DONE;
}

static unsigned count_steps(size_t set, unsigned chassis)
{
    struct world world;
    unsigned steps;

    world_make(&world, NULL);
    sets_populate(&world);
    assert_int_equal(sets_apply(&world, set), 0);
    steps = world.fakes[chassis].steps;
    world_drop(&world);
    return steps;
}

static void run_fault(size_t set, unsigned chassis, enum fake_fault fault, unsigned at)
{
    struct world world;
    struct vio_req *req;
    char before[TEXT], after[TEXT];
    int status;

    world_make(&world, NULL);
    sets_populate(&world);
    world_print(&world, before, sizeof(before));
    world.fakes[chassis].fault = fault;
    world.fakes[chassis].fault_at = at;
    req = sets_submit(&world, set);
    status = world_finish(&world, req);
    /* What a later step makes good, nobody notices. */
    if (fault != FAKE_LIED && works_in_the_end(fault) != (status == 0))
        fail_msg("set %zu, chassis %u, fault %d at %u: %d %s", set, chassis, (int)fault, at, status,
                 vio_req_message(req));
    vio__req_unref(req);
    world_print(&world, after, sizeof(after));
    if (status != 0)
        assert_string_equal(before, after);
    if (status != 0)
        assert_int_equal(sets_apply(&world, set), 0);
    world_print(&world, after, sizeof(after));
    world_drop(&world);
}

static void each_fault_at_each_step_leaves_all_or_nothing(void **state)
{
    (void)state;
    for (size_t set = 0; set < NUM_SETS; set++)
        for (unsigned chassis = 0; chassis < CHASSIS; chassis++) {
            unsigned steps = count_steps(set, chassis);

            for (enum fake_fault fault = FAKE_WORKS; fault < FAKE_FAULTS; fault++)
                for (unsigned at = 0; at < steps; at++)
                    run_fault(set, chassis, fault, at);
        }
}

/* The chassis cannot even be read after the fault: what is on it stays in doubt, the rest is as it
 * was; an observation later finds everything as it was. */
static void a_chassis_lost_under_way_leaves_only_its_own_in_doubt(void **state)
{
    (void)state;
    for (size_t set = 0; set < NUM_SETS; set++) {
        for (unsigned chassis = 0; chassis < CHASSIS; chassis++) {
            unsigned steps = count_steps(set, chassis);

            for (unsigned at = 0; at < steps; at++) {
                struct world world;
                char before[TEXT], after[TEXT];
                struct vio_req *req;

                world_make(&world, NULL);
                sets_populate(&world);
                world_print(&world, before, sizeof(before));
                world.fakes[chassis].fault = at % 2 ? FAKE_DOUBT_DONE : FAKE_DOUBT_LOST;
                world.fakes[chassis].fault_at = at;
                world.fakes[chassis].read_status = VIO_ETRANSPORT;
                req = sets_submit(&world, set);
                assert_int_equal(world_finish(&world, req), VIO_EINDOUBT);
                vio__req_unref(req);
                world.fakes[chassis].read_status = 0;
                world.fakes[chassis].fault_at = UINT_MAX;
                world_print(&world, after, sizeof(after));
                assert_string_equal(before, after);
                assert_int_equal(sets_apply(&world, set), 0);
                world_drop(&world);
            }
        }
    }
}

static bool run_without_memory(size_t set, unsigned at)
{
    struct world world;
    struct vio_req *req;
    char before[TEXT], after[TEXT];
    bool reached;
    int status;

    world_make(&world, NULL);
    sets_populate(&world);
    world_print(&world, before, sizeof(before));
    world.refuse_at = world.allocations + at;
    req = sets_submit(&world, set);
    status = req ? world_finish(&world, req) : VIO_ENOMEM;
    reached = world.allocations > world.refuse_at;
    world.refuse_at = UINT_MAX;
    if (status != 0 && status != VIO_ENOMEM)
        fail_msg("set %zu, allocation %u: %d %s", set, at, status, vio_req_message(req));
    vio__req_unref(req);
    world_print(&world, after, sizeof(after));
    assert_true((strcmp(before, after) == 0) == (status != 0));
    world_drop(&world);
    return reached;
}

static void without_memory_it_is_all_or_nothing(void **state)
{
    (void)state;
    for (size_t set = 0; set < NUM_SETS; set++) {
        unsigned at = 0;

        while (run_without_memory(set, at))
            at++;
        assert_true(at > 0);
    }
}

/* The nth commit fails, while a step is refused too or not. */
static bool run_without_store(size_t set, unsigned at, bool at_once, bool refused)
{
    struct world world;
    struct vio_req *req;
    char before[TEXT], after[TEXT];
    bool reached;
    int status;

    world_make(&world, NULL);
    sets_populate(&world);
    world_print(&world, before, sizeof(before));
    world.vault.fail_at = world.vault.commits + at;
    world.vault.fail_at_once = at_once;
    if (refused) {
        world.fakes[1].fault = FAKE_REFUSED;
        world.fakes[1].fault_at = world.fakes[1].steps;
    }
    req = sets_submit(&world, set);
    status = world_finish(&world, req);
    reached = world.vault.commits > world.vault.fail_at;
    assert_true((status != 0) == (reached || refused));
    vio__req_unref(req);
    world.vault.fail_at = UINT_MAX;
    world_print(&world, after, sizeof(after));
    assert_true((strcmp(before, after) == 0) == (status != 0));
    world_drop(&world);
    return reached;
}

static void whichever_store_call_fails_it_is_all_or_nothing(void **state)
{
    (void)state;
    for (size_t set = 0; set < NUM_SETS; set++)
        for (int at_once = 0; at_once < 2; at_once++)
            for (int refused = 0; refused < 2; refused++) {
                unsigned at = 0;

                while (run_without_store(set, at, at_once != 0, refused != 0))
                    at++;
                assert_int_equal(at, refused ? 2 : 1);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_is_released_is_so_before_anything_is_taken),
        cmocka_unit_test(the_plan_tells_each_step_and_what_became_of_it),
        cmocka_unit_test(a_dry_run_tells_the_plan_and_does_nothing),
        cmocka_unit_test(a_second_apply_of_the_same_state_writes_nothing),
        cmocka_unit_test(every_problem_of_every_edit_is_told),
        cmocka_unit_test(a_stale_generation_is_refused_with_both_values),
        cmocka_unit_test(of_many_edits_of_one_generation_one_wins),
        cmocka_unit_test(a_token_used_again_tells_the_first_outcome),
        cmocka_unit_test(each_fault_at_each_step_leaves_all_or_nothing),
        cmocka_unit_test(a_chassis_lost_under_way_leaves_only_its_own_in_doubt),
        cmocka_unit_test(without_memory_it_is_all_or_nothing),
        cmocka_unit_test(whichever_store_call_fails_it_is_all_or_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
