/* SPDX-License-Identifier: MIT */
/* Each command, completion, event and interrupt lost, late, corrupt or doubled, at each step. */
#include <stdio.h>
#include <string.h>

#include "tests/support/board.h"
#include "tests/support/ops.h"
#include "tests/support/test.h"

#define MS   UINT64_C(1000000)
#define TIME (1000 * MS) /* that each step is given */

static struct vio_step step_at(unsigned at, uint32_t index)
{
    struct vio_step step;

    switch (at) {
    case 0:
        return board_create(1);
    case 1:
        return board_bind(index, 1);
    case 2:
        step = board_simple(VIO_STEP_SET_ENABLED, index);
        return step;
    case 3:
        step = board_simple(VIO_STEP_SET_VLAN, index);
        step.function.vlan = (struct vio_vlan_config){.mode = VIO_VLAN_ACCESS, .vlan = 12};
        return step;
    case 4:
        step = board_simple(VIO_STEP_SET_QOS, index);
        step.function.qos = (struct vio_qos_config){.weight = 9};
        return step;
    case 5:
        step = board_simple(VIO_STEP_SET_LABEL, index);
        step.function.cookie[0] = 0xc0;
        step.function.cookie[15] = 1;
        memcpy(step.function.label, "other", 6);
        return step;
    case 6:
        return board_simple(VIO_STEP_UNBIND, index);
    case 7:
        step = board_simple(VIO_STEP_SET_IDENTITY, index);
        step.function.address = board_create(5).function.address;
        return step;
    case 8:
        return board_simple(VIO_STEP_DESTROY, index);
    default:
        step = board_simple(VIO_STEP_PORT, 3);
        return step;
    }
}
#define STEPS 10

/* Whether the chassis shows what the step wanted. */
static bool reached(struct board *board, const struct vio_step *step, uint32_t index)
{
    struct vio_function_info f;
    struct vio_observation *o;
    int status;
    bool same;

    if (step->action == VIO_STEP_PORT) {
        assert_int_equal(board_observe(board, &o), 0);
        same = !o->ports[3].enabled;
        vio__observation_unref(o);
        return same;
    }
    status = board_read(board, index, &f);
    switch (step->action) {
    case VIO_STEP_CREATE:
        return status == 0 && memcmp(f.cookie, step->function.cookie, 16) == 0;
    case VIO_STEP_BIND:
        return status == 0 && f.state == VIO_FUNCTION_BOUND;
    case VIO_STEP_UNBIND:
        return status == 0 && f.state == VIO_FUNCTION_DETACHED;
    case VIO_STEP_DESTROY:
        return status == VIO_ENOENT;
    case VIO_STEP_SET_ENABLED:
        return status == 0 && !f.enabled;
    case VIO_STEP_SET_VLAN:
        return status == 0 && f.vlan.vlan == 12;
    case VIO_STEP_SET_QOS:
        return status == 0 && f.qos.weight == 9;
    case VIO_STEP_SET_LABEL:
        return status == 0 && strcmp(f.label, "other") == 0;
    default:
        return status == 0 && f.address.bytes[5] == 5;
    }
}

/* All steps before `at`, the one at which it happens, and what must be true then. */
static void one(enum viosim_what what, enum viosim_mishap mishap, unsigned at, unsigned seed,
                uint64_t delay, uint32_t count)
{
    struct board board;
    struct vio_outcome out = {0};
    struct vio_step step;
    uint32_t index = 0;
    char uri[64];

    snprintf(uri, sizeof uri, "sim:?time=virtual&seed=%u&latency=10us", seed);
    board_open(&board, uri);
    assert_int_equal(board_claim(&board, false), 0);
    for (unsigned i = 0; i < at; i++) {
        step = step_at(i, index);
        out = board_step(&board, &step, TIME);
        if (out.status)
            fail_msg("step %u: %s", i, out.text);
        if (i == 0)
            index = out.index;
    }
    step = step_at(at, index);
    assert_int_equal(viosim_mishap(board.sim, what, mishap, 0, count, delay), 0);
    out = board_step(&board, &step, TIME);
    viosim_mishap(board.sim, what, mishap, 0, 0, 0);
    if (at == 0 && out.status == 0)
        index = out.index;

    if (out.status == 0) {
        if (mishap != VIOSIM_CORRUPT && !reached(&board, &step, index))
            fail_msg("step %u said done, and is not", at);
    } else {
        assert_string_not_equal(vio_error_name(out.status), "VIO_EUNKNOWN");
        assert_string_not_equal(out.text, "");
        if (out.status == VIO_ETIMEDOUT && mishap == VIOSIM_LATE)
            assert_false(reached(&board, &step, index));
        else if (mishap != VIOSIM_CORRUPT)
            fail_msg("what %d mishap %d step %u seed %u: %s: %s", what, mishap, at, seed,
                     vio_error_name(out.status), out.text);
    }
    assert_int_equal(board_functions(&board), viosim_stat(board.sim, VIOSIM_STAT_FUNCTIONS));
    assert_int_equal(viosim_stat(board.sim, VIOSIM_STAT_LIVE_TWICE), 0);
    board_close(&board);
}

static void each_step(enum viosim_what what, enum viosim_mishap mishap, uint64_t delay)
{
    for (unsigned at = 0; at < STEPS; at++)
        for (unsigned seed = 1; seed <= test_rounds(1); seed++)
            one(what, mishap, at, seed, delay, 1);
}

#define MISHAP(name, what, mishap, delay) \
    static void name(void **state)        \
    {                                     \
        (void)state;                      \
        each_step(what, mishap, delay);   \
    }

MISHAP(a_lost_command_is_sent_again, VIOSIM_COMMAND, VIOSIM_LOST, 0)
MISHAP(a_late_command_is_awaited, VIOSIM_COMMAND, VIOSIM_LATE, 300 * MS)
MISHAP(a_command_later_than_its_deadline_happens_once, VIOSIM_COMMAND, VIOSIM_LATE, 5000 * MS)
MISHAP(a_corrupt_command_is_named, VIOSIM_COMMAND, VIOSIM_CORRUPT, 0)
MISHAP(a_doubled_command_is_done_once, VIOSIM_COMMAND, VIOSIM_DOUBLED, 0)
MISHAP(a_lost_completion_is_asked_for, VIOSIM_COMPLETION, VIOSIM_LOST, 0)
MISHAP(a_late_completion_is_awaited, VIOSIM_COMPLETION, VIOSIM_LATE, 300 * MS)
MISHAP(a_completion_later_than_its_deadline_is_asked_for, VIOSIM_COMPLETION, VIOSIM_LATE, 5000 * MS)
MISHAP(a_corrupt_completion_is_named, VIOSIM_COMPLETION, VIOSIM_CORRUPT, 0)
MISHAP(a_doubled_completion_is_taken_once, VIOSIM_COMPLETION, VIOSIM_DOUBLED, 0)
MISHAP(a_lost_event_hurts_no_step, VIOSIM_EVENT, VIOSIM_LOST, 0)
MISHAP(a_late_event_hurts_no_step, VIOSIM_EVENT, VIOSIM_LATE, 300 * MS)
MISHAP(a_corrupt_event_hurts_no_step, VIOSIM_EVENT, VIOSIM_CORRUPT, 0)
MISHAP(a_doubled_event_hurts_no_step, VIOSIM_EVENT, VIOSIM_DOUBLED, 0)
MISHAP(a_lost_interrupt_is_polled_for, VIOSIM_INTERRUPT, VIOSIM_LOST, 0)
MISHAP(a_late_interrupt_is_polled_for, VIOSIM_INTERRUPT, VIOSIM_LATE, 5000 * MS)
MISHAP(an_interrupt_on_another_vector_is_taken, VIOSIM_INTERRUPT, VIOSIM_CORRUPT, 0)
MISHAP(a_doubled_interrupt_does_nothing_more, VIOSIM_INTERRUPT, VIOSIM_DOUBLED, 0)

static void without_any_interrupt_the_poll_does_it_all(void **state)
{
    (void)state;
    for (unsigned at = 0; at < STEPS; at++)
        one(VIOSIM_INTERRUPT, VIOSIM_LOST, at, 1, 0, UINT32_MAX);
}

static void lost_events_are_told_as_overflow(void **state)
{
    struct board board;
    struct vio_step step = board_create(1);

    (void)state;
    board_open(&board, "sim:?time=virtual&seed=1");
    board_claim(&board, false);
    board_step(&board, &step, TIME);
    viosim_mishap(board.sim, VIOSIM_EVENT, VIOSIM_LOST, 0, 1, 0);
    step = board_create(2);
    assert_int_equal(board_step(&board, &step, TIME).status, 0);
    assert_int_equal(board.notices[VIO_NOTICE_FUNCTION_CREATED], 1);
    step = board_create(3);
    assert_int_equal(board_step(&board, &step, TIME).status, 0);
    assert_int_equal(board.notices[VIO_NOTICE_OVERFLOW], 1);
    assert_int_equal(board.lost, 1);
    assert_int_equal(board.notices[VIO_NOTICE_FUNCTION_CREATED], 2);
    board_close(&board);
}

static void more_events_than_the_ring_holds_are_told_as_overflow(void **state)
{
    struct board board;

    (void)state;
    board_open(&board, "sim:?time=virtual&seed=1");
    viosim_event_burst(board.sim, 5000);
    board_sleep(board.loop, 2000 * MS);
    viosim_event_burst(board.sim, 1);
    board_sleep(board.loop, 2000 * MS);
    assert_true(board.notices[VIO_NOTICE_PORT_CHANGED] >= 1000);
    assert_true(board.notices[VIO_NOTICE_OVERFLOW] >= 1);
    assert_int_equal(board_functions(&board), 0);
    board_close(&board);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lost_command_is_sent_again),
        cmocka_unit_test(a_late_command_is_awaited),
        cmocka_unit_test(a_command_later_than_its_deadline_happens_once),
        cmocka_unit_test(a_corrupt_command_is_named),
        cmocka_unit_test(a_doubled_command_is_done_once),
        cmocka_unit_test(a_lost_completion_is_asked_for),
        cmocka_unit_test(a_late_completion_is_awaited),
        cmocka_unit_test(a_completion_later_than_its_deadline_is_asked_for),
        cmocka_unit_test(a_corrupt_completion_is_named),
        cmocka_unit_test(a_doubled_completion_is_taken_once),
        cmocka_unit_test(a_lost_event_hurts_no_step),
        cmocka_unit_test(a_late_event_hurts_no_step),
        cmocka_unit_test(a_corrupt_event_hurts_no_step),
        cmocka_unit_test(a_doubled_event_hurts_no_step),
        cmocka_unit_test(a_lost_interrupt_is_polled_for),
        cmocka_unit_test(a_late_interrupt_is_polled_for),
        cmocka_unit_test(an_interrupt_on_another_vector_is_taken),
        cmocka_unit_test(a_doubled_interrupt_does_nothing_more),
        cmocka_unit_test(without_any_interrupt_the_poll_does_it_all),
        cmocka_unit_test(lost_events_are_told_as_overflow),
        cmocka_unit_test(more_events_than_the_ring_holds_are_told_as_overflow),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
