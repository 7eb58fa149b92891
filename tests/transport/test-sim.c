/* SPDX-License-Identifier: MIT */
/* The chassis in process: what opening it refuses, and whose clock it runs on. */
#include <stdlib.h>
#include <string.h>

#include "lib/transport/transport.h"
#include "tests/support/board.h"
#include "tests/support/test.h"

#define S  BOARD_SECOND
#define MS UINT64_C(1000000)

static void what_cannot_be_opened_is_named(void **state)
{
    static const struct {
        const char *uri;
        int status;
        const char *about;
    } wrong[] = {
        {"sim:/nowhere/chassis.yaml", VIO_ENOENT, "/nowhere/chassis.yaml"},
        {"sim:?time=sometimes", VIO_EINVAL, "time=sometimes"},
        {"sim:?colour=red", VIO_EINVAL, "colour"},
        {"sim:?seed=x", VIO_EINVAL, "seed=x"},
        {"sim:?time", VIO_EPARSE, "time"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct board board;
        int status = board_try_open(&board, NULL, wrong[i].uri, S);

        if (status != wrong[i].status || !strstr(board.ops->error(board.driver), wrong[i].about))
            fail_msg("%s: %d: %s", wrong[i].uri, status, board.ops->error(board.driver));
        board_close(&board);
    }
}

static void a_scheme_that_is_none_has_no_driver(void **state)
{
    const char *schemes = NULL;

    (void)state;
    assert_null(vio__driver_for("floppy:a", &schemes));
    assert_null(vio__driver_for("sim", &schemes));
    assert_null(vio__driver_for("si:", &schemes));
    assert_non_null(strstr(schemes, "sim"));
    assert_non_null(vio__driver_for("sim:", &schemes));
}

static void real_and_virtual_time_refuse_each_other(void **state)
{
    struct vio_loop *loop = board_loop_new();
    struct board first, second;

    (void)state;
    assert_int_equal(board_try_open(&first, loop, "sim:", S), 0);
    assert_int_equal(board_try_open(&second, loop, "sim:?time=virtual", S), VIO_ESTATE);
    assert_non_null(strstr(second.ops->error(second.driver), "real time"));
    board_close(&second);
    board_close(&first);
    assert_int_equal(board_try_open(&second, loop, "sim:?time=virtual", S), 0);
    assert_int_equal(board_try_open(&first, loop, "sim:", S), VIO_ESTATE);
    assert_non_null(strstr(first.ops->error(first.driver), "virtual"));
    board_close(&first);
    board_close(&second);
    board_loop_free(loop);
}

static void virtual_time_jumps_and_takes_no_real_time(void **state)
{
    struct board board;
    struct vio_step step = board_create(1);
    struct vio_outcome out;
    uint64_t start;

    (void)state;
    board_open(&board, "sim:?time=virtual&seed=1&latency=100ms");
    start = vio__loop_now(board.loop);
    assert_int_equal(board_claim(&board, false), 0);
    for (unsigned i = 0; i < 20; i++) {
        step = board_create(i + 1);
        out = board_step(&board, &step, 60 * S);
        assert_int_equal(out.status, 0);
    }
    assert_true(vio__loop_now(board.loop) - start >= 2 * S);
    assert_true(board.ops->owns(board.driver));
    board_close(&board);
}

static void virtual_time_does_not_run_on_from_heartbeat_to_heartbeat(void **state)
{
    struct board board;
    uint64_t start;

    (void)state;
    board_open(&board, "sim:?time=virtual");
    assert_int_equal(board_claim(&board, false), 0);
    start = vio__loop_now(board.loop);
    for (unsigned i = 0; i < 1000; i++)
        assert_int_equal(vio__loop_dispatch(board.loop), 0);
    assert_true(vio__loop_now(board.loop) - start < 5 * S);
    board_close(&board);
}

static void in_real_time_the_same_works(void **state)
{
    struct board board;
    struct vio_step step = board_create(1);
    uint32_t index;

    (void)state;
    board_open(&board, "sim:?seed=3&hotplug=1ms&training=1ms");
    assert_int_equal(board_claim(&board, false), 0);
    index = board_step(&board, &step, S).index;
    step = board_bind(index, 0);
    assert_int_equal(board_step(&board, &step, 5 * S).status, 0);
    assert_int_equal(board_functions(&board), 1);
    board_close(&board);
}

static void each_sim_uri_is_a_chassis_of_its_own(void **state)
{
    struct vio_loop *loop = board_loop_new();
    struct board first, second;
    struct vio_step step = board_create(1);

    (void)state;
    assert_int_equal(board_try_open(&first, loop, "sim:?time=virtual", S), 0);
    assert_int_equal(board_try_open(&second, loop, "sim:?time=virtual", S), 0);
    assert_ptr_not_equal(first.sim, second.sim);
    assert_int_equal(board_claim(&first, false), 0);
    assert_int_equal(board_claim(&second, false), 0);
    assert_int_equal(board_step(&first, &step, S).status, 0);
    assert_int_equal(board_functions(&first), 1);
    assert_int_equal(board_functions(&second), 0);
    board_close(&second);
    board_close(&first);
    board_loop_free(loop);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_cannot_be_opened_is_named),
        cmocka_unit_test(a_scheme_that_is_none_has_no_driver),
        cmocka_unit_test(real_and_virtual_time_refuse_each_other),
        cmocka_unit_test(virtual_time_jumps_and_takes_no_real_time),
        cmocka_unit_test(virtual_time_does_not_run_on_from_heartbeat_to_heartbeat),
        cmocka_unit_test(in_real_time_the_same_works),
        cmocka_unit_test(each_sim_uri_is_a_chassis_of_its_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
