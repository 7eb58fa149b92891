/* SPDX-License-Identifier: MIT */
/* What can happen to a whole chassis, queue set or lease while steps are under way. */
#include <stdio.h>
#include <string.h>

#include "lib/driver/device.h"
#include "lib/hw/regs.h"
#include "lib/hw/wire.h"
#include "tests/support/board.h"
#include "tests/support/ops.h"
#include "tests/support/rig.h"
#include "tests/support/test.h"

#define US   UINT64_C(1000)
#define MS   UINT64_C(1000000)
#define S    BOARD_SECOND
#define URI  "sim:?time=virtual&seed=7"
#define SLOW "sim:?time=virtual&seed=7&latency=1ms"

static void open_owned(struct board *board, const char *uri)
{
    board_open(board, uri);
    assert_int_equal(board_claim(board, false), 0);
}

static uint32_t create(struct board *board, unsigned n)
{
    struct vio_step step = board_create(n);
    struct vio_outcome out = board_step(board, &step, S);

    if (out.status)
        fail_msg("create: %s", out.text);
    return out.index;
}

/* The step that is tried, on a function that is ready for it. */
static struct vio_step prepare(struct board *board, unsigned at)
{
    uint32_t index = at > 0 ? create(board, 1) : 0;
    struct vio_step step = board_bind(index, 0);

    if (at == 2 || at == 3)
        assert_int_equal(board_step(board, &step, S).status, 0);
    switch (at) {
    case 0:
        return board_create(1);
    case 1:
        return step;
    case 2:
        return board_simple(VIO_STEP_SET_ENABLED, index);
    case 3:
        return board_simple(VIO_STEP_UNBIND, index);
    default:
        return board_simple(VIO_STEP_DESTROY, index);
    }
}
#define STEPS 5

/* -- Device ------------------------------------------------------------------------------------ */

static void a_stuck_device_ends_in_time_outs(void **state)
{
    (void)state;
    for (unsigned at = 0; at < STEPS; at++) {
        struct board board;
        struct vio_step step;
        struct vio_outcome out;
        struct vio_observation *o = NULL;
        uint64_t start;

        open_owned(&board, URI);
        step = prepare(&board, at);
        viosim_stick(board.sim, 1);
        start = vio__loop_now(board.loop);
        out = board_step(&board, &step, S);
        assert_int_equal(out.status, VIO_EINDOUBT);
        assert_non_null(strstr(out.text, "does not answer"));
        assert_in_range(vio__loop_now(board.loop) - start, S, 3 * S);
        assert_int_equal(board_observe(&board, &o), VIO_ETIMEDOUT);
        assert_string_not_equal(board.ops->error(board.driver), "");
        viosim_stick(board.sim, 0);
        assert_int_equal(board_functions(&board), viosim_stat(board.sim, VIOSIM_STAT_FUNCTIONS));
        board_close(&board);
    }
}

static void a_stuck_device_does_not_keep_close(void **state)
{
    struct board board;
    struct vio_step step = board_create(1);
    struct board_step started;

    (void)state;
    open_owned(&board, URI);
    viosim_stick(board.sim, 1);
    assert_int_equal(board_start(&board, &step, 60 * S, &started), 0);
    board_sleep(board.loop, 10 * MS);
    assert_false(started.done);
    board_close(&board);
    assert_true(started.done);
    assert_int_equal(started.outcome.status, VIO_ECLOSED);
}

static void reset_at(unsigned at, uint64_t after, void (*reset)(struct viosim *sim))
{
    struct board board;
    struct board_step started;
    struct vio_step step;
    size_t functions;

    open_owned(&board, SLOW);
    step = prepare(&board, at);
    assert_int_equal(board_start(&board, &step, S, &started), 0);
    board_sleep(board.loop, after);
    reset(board.sim);
    board_await(board.loop, &started.done);
    if (started.outcome.status != 0)
        assert_int_equal(started.outcome.status, VIO_ERESET);
    board_sleep(board.loop, 40 * S);
    assert_int_equal(board.notices[VIO_NOTICE_RESET], 1);
    assert_int_equal(board.notices[VIO_NOTICE_FENCED], 1);
    assert_false(board.ops->owns(board.driver));
    assert_int_equal(board_step(&board, &step, S).status, VIO_EFENCED);
    functions = board_functions(&board);
    assert_int_equal(functions, 0);
    assert_int_equal(board_claim(&board, false), 0);
    create(&board, 2);
    assert_int_equal(board_functions(&board), 1);
    board_close(&board);
}

static void a_vpc_reset_in_a_command_is_told(void **state)
{
    (void)state;
    for (unsigned at = 0; at < STEPS; at++)
        for (uint64_t after = 1 * US; after < 8 * MS; after *= 5)
            reset_at(at, after, viosim_vpc_reset);
}

static void a_power_cycle_in_a_command_is_told(void **state)
{
    (void)state;
    for (unsigned at = 0; at < STEPS; at++)
        for (uint64_t after = 1 * US; after < 8 * MS; after *= 5)
            reset_at(at, after, viosim_power_cycle);
}

static void an_observation_survives_a_reset_underneath(void **state)
{
    struct board board;

    (void)state;
    open_owned(&board, SLOW);
    create(&board, 1);
    viosim_vpc_reset(board.sim);
    assert_int_equal(board_functions(&board), 0);
    board_close(&board);
}

static void hardware_that_goes_in_a_command_is_named(void **state)
{
    (void)state;
    for (unsigned at = 0; at < STEPS; at++)
        for (unsigned what = 0; what < 2; what++) {
            struct board board;
            struct board_step started;
            struct vio_step step;

            open_owned(&board, SLOW);
            step = prepare(&board, at);
            assert_int_equal(board_start(&board, &step, 30 * S, &started), 0);
            board_sleep(board.loop, 500 * US);
            if (what == 0)
                assert_int_equal(viosim_adapter_pull(board.sim, "slot1"), 0);
            else
                assert_int_equal(viosim_server_power(board.sim, "server1", 0), 0);
            board_await(board.loop, &started.done);
            if (started.outcome.status != 0)
                assert_string_not_equal(started.outcome.text, "");
            assert_int_equal(board_functions(&board),
                             viosim_stat(board.sim, VIOSIM_STAT_FUNCTIONS));
            assert_true(
                board.notices[what == 0 ? VIO_NOTICE_ADAPTER_REMOVED : VIO_NOTICE_SERVER_OFF] == 1);
            board_close(&board);
        }
}

/* -- Queue set --------------------------------------------------------------------------------- */

static void set_status(void *user, int status)
{
    *(int *)user = status;
}

/* Writes a register of the set that the driver has, which is the first. */
static void poke(struct board *board, uint32_t offset, uint32_t value)
{
    struct vio_device *device = board->ops->device(board->driver);
    uint8_t bytes[4];
    int status = 1;

    vio__hw_put32(bytes, value);
    assert_int_equal(vio__device_ops(device)->write(device, VIO_HW_QUEUE_BASE + offset, bytes, 4,
                                                    set_status, &status),
                     0);
    while (status == 1)
        board_sleep(board->loop, US);
    assert_int_equal(status, 0);
}

static void steps_survive(uint32_t offset, uint32_t value)
{
    struct board board;
    struct board_step started[20];

    open_owned(&board, SLOW);
    for (unsigned i = 0; i < 20; i++) {
        struct vio_step step = board_create(i + 1);

        assert_int_equal(board_start(&board, &step, 10 * S, &started[i]), 0);
    }
    board_sleep(board.loop, 3 * MS);
    poke(&board, offset, value);
    for (unsigned i = 0; i < 20; i++) {
        board_await(board.loop, &started[i].done);
        if (started[i].outcome.status)
            assert_int_equal(started[i].outcome.status, VIO_ERESET);
    }
    assert_int_equal(board_functions(&board), viosim_stat(board.sim, VIOSIM_STAT_FUNCTIONS));
    create(&board, 100);
    assert_true(board.ops->owns(board.driver));
    board_close(&board);
}

static void a_set_in_error_is_brought_up_again(void **state)
{
    (void)state;
    steps_survive(VIO_HW_QUEUE_CMD_TAIL, 99999);
}

static void a_set_that_was_reset_is_claimed_again(void **state)
{
    (void)state;
    steps_survive(VIO_HW_QUEUE_CONTROL, (uint32_t)VIO_HW_BIT(QUEUE_CONTROL, RESET));
}

static void a_set_that_was_disabled_is_brought_up_again(void **state)
{
    (void)state;
    steps_survive(VIO_HW_QUEUE_CONTROL, 0);
}

static void steps_on_one_function_keep_their_order(void **state)
{
    struct board board;
    struct board_step started[30];
    struct vio_function_info f;
    uint32_t index;

    (void)state;
    open_owned(&board, SLOW);
    index = create(&board, 1);
    for (unsigned i = 0; i < 30; i++) {
        struct vio_step step =
            i % 2 ? board_simple(VIO_STEP_UNBIND, index) : board_bind(index, i / 2 % 4);

        assert_int_equal(board_start(&board, &step, 30 * S, &started[i]), 0);
    }
    for (unsigned i = 0; i < 30; i++) {
        board_await(board.loop, &started[i].done);
        if (started[i].outcome.status)
            fail_msg("%u: %s", i, started[i].outcome.text);
    }
    assert_int_equal(board_read(&board, index, &f), 0);
    assert_int_equal(f.state, VIO_FUNCTION_DETACHED);
    board_close(&board);
}

static void a_step_whose_turn_never_came_was_not_begun(void **state)
{
    struct board board;
    struct board_step first, second;
    struct vio_step step;
    struct vio_function_info f;

    (void)state;
    open_owned(&board, URI);
    step = prepare(&board, 3);
    viosim_server_stick(board.sim, "server1", 1);
    assert_int_equal(board_start(&board, &step, 30 * S, &first), 0);
    step.action = VIO_STEP_DESTROY;
    assert_int_equal(board_start(&board, &step, S, &second), 0);
    board_await(board.loop, &second.done);
    assert_false(first.done);
    assert_int_equal(second.outcome.status, VIO_ETIMEDOUT);
    board_await(board.loop, &first.done);
    assert_int_equal(first.outcome.status, VIO_ETIMEDOUT);
    assert_int_equal(first.outcome.device_status, VIO_HW_STATUS_TIMEOUT);
    assert_int_equal(board_read(&board, step.index, &f), 0);
    assert_int_equal(f.state, VIO_FUNCTION_BOUND);
    board_close(&board);
}

/* -- Lease ------------------------------------------------------------------------------------- */

static void take_over(struct board *board, struct rig *rig)
{
    rig->now = vio__loop_now(board->loop);
    assert_int_equal(rig_claim_lease(rig, 0x1234, VIO_HW_COMMAND_FORCE), VIO_HW_STATUS_OK);
}

static void an_owner_who_was_displaced_is_told_and_shut_out(void **state)
{
    struct board board;
    struct rig rig;
    struct vio_step step = board_create(1);

    (void)state;
    open_owned(&board, URI);
    rig_join(&rig, board.sim, 3);
    take_over(&board, &rig);
    assert_int_equal(board_step(&board, &step, S).status, VIO_EFENCED);
    board_sleep(board.loop, 200 * MS);
    assert_false(board.ops->owns(board.driver));
    assert_int_equal(board.notices[VIO_NOTICE_FENCED], 1);
    assert_int_equal(board_step(&board, &step, S).status, VIO_EFENCED);
    assert_int_equal(board_functions(&board), 0);

    assert_int_equal(board_claim(&board, false), VIO_EOWNED);
    assert_non_null(strstr(board.ops->error(board.driver), "owned by \""));
    assert_int_equal(board_claim(&board, true), 0);
    assert_int_equal(board_step(&board, &step, S).status, 0);
    rig_close(&rig);
    board_close(&board);
}

static void a_displaced_owner_is_told_without_doing_anything(void **state)
{
    struct board board;
    struct rig rig;

    (void)state;
    open_owned(&board, URI);
    rig_join(&rig, board.sim, 3);
    take_over(&board, &rig);
    board_sleep(board.loop, 2 * S);
    assert_int_equal(board.notices[VIO_NOTICE_FENCED], 1);
    assert_true(board.notices[VIO_NOTICE_OWNER_CHANGED] >= 1);
    rig_close(&rig);
    board_close(&board);
}

static void a_silent_owner_is_displaced_without_asking(void **state)
{
    struct board board;
    struct rig rig;

    (void)state;
    board_open(&board, URI);
    rig_join(&rig, board.sim, 3);
    take_over(&board, &rig);
    assert_int_equal(board_claim(&board, false), VIO_EOWNED);
    board_sleep(board.loop, 4 * S);
    assert_int_equal(board_claim(&board, false), 0);
    board_sleep(board.loop, 30 * S);
    assert_true(board.ops->owns(board.driver));
    assert_int_equal(board.notices[VIO_NOTICE_FENCED], 0);
    rig_close(&rig);
    board_close(&board);
}

static void a_step_of_a_displaced_owner_has_a_certain_end(void **state)
{
    (void)state;
    for (unsigned at = 0; at < STEPS; at++) {
        struct board board;
        struct board_step started;
        struct vio_step step;
        struct rig rig;
        size_t functions;

        open_owned(&board, SLOW);
        step = prepare(&board, at);
        functions = viosim_stat(board.sim, VIOSIM_STAT_FUNCTIONS);
        rig_join(&rig, board.sim, 3);
        assert_int_equal(board_start(&board, &step, S, &started), 0);
        board_sleep(board.loop, 300 * US);
        take_over(&board, &rig);
        board_await(board.loop, &started.done);
        if (started.outcome.status) {
            assert_int_equal(started.outcome.status, VIO_EFENCED);
            assert_int_equal(board_functions(&board), functions);
        }
        rig_close(&rig);
        board_close(&board);
    }
}

/* -- Shared memory ----------------------------------------------------------------------------- */

struct hook {
    enum viosim_what what;
    unsigned skip, count; /* entries that pass; entries that are rewritten */
    unsigned byte;
    uint8_t mask;
};

static void rewrite(void *data, enum viosim_what what, void *entry, size_t size)
{
    struct hook *hook = data;

    if (what != hook->what)
        return;
    if (hook->skip > 0) {
        hook->skip--;
    } else if (hook->count > 0) {
        hook->count--;
        ((uint8_t *)entry)[hook->byte % size] ^= hook->mask;
    }
}

static void an_entry_rewritten_by_the_device_does_no_harm(void **state)
{
    (void)state;
    for (unsigned byte = 0; byte < 64; byte++)
        for (unsigned what = VIOSIM_COMMAND; what <= VIOSIM_EVENT; what++) {
            struct hook hook = {
                .what = what, .skip = byte % 3, .count = 1, .byte = byte, .mask = 0x81};
            struct board board;
            struct vio_step step = board_create(1);

            if (what == VIOSIM_COMPLETION && byte >= 32)
                continue;
            open_owned(&board, URI);
            viosim_ring_hook(board.sim, rewrite, &hook);
            board_step(&board, &step, S);
            step = board_create(2);
            board_step(&board, &step, S);
            step = board_create(3);
            board_step(&board, &step, S);
            viosim_ring_hook(board.sim, NULL, NULL);
            assert_int_equal(board_functions(&board),
                             viosim_stat(board.sim, VIOSIM_STAT_FUNCTIONS));
            board_close(&board);
        }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stuck_device_ends_in_time_outs),
        cmocka_unit_test(a_stuck_device_does_not_keep_close),
        cmocka_unit_test(a_vpc_reset_in_a_command_is_told),
        cmocka_unit_test(a_power_cycle_in_a_command_is_told),
        cmocka_unit_test(an_observation_survives_a_reset_underneath),
        cmocka_unit_test(hardware_that_goes_in_a_command_is_named),
        cmocka_unit_test(a_set_in_error_is_brought_up_again),
        cmocka_unit_test(a_set_that_was_reset_is_claimed_again),
        cmocka_unit_test(a_set_that_was_disabled_is_brought_up_again),
        cmocka_unit_test(steps_on_one_function_keep_their_order),
        cmocka_unit_test(a_step_whose_turn_never_came_was_not_begun),
        cmocka_unit_test(an_owner_who_was_displaced_is_told_and_shut_out),
        cmocka_unit_test(a_displaced_owner_is_told_without_doing_anything),
        cmocka_unit_test(a_silent_owner_is_displaced_without_asking),
        cmocka_unit_test(a_step_of_a_displaced_owner_has_a_certain_end),
        cmocka_unit_test(an_entry_rewritten_by_the_device_does_no_harm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
