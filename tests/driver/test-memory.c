/* SPDX-License-Identifier: MIT */
/* Each allocation fails in turn, alone or with all that follow. */
#include <stdlib.h>
#include <string.h>

#include "tests/driver/fake.h"
#include "tests/support/board.h"
#include "tests/support/test.h"

#define S BOARD_SECOND

static long countdown; /* allocations that still work; negative: all do */
static bool for_ever;
static long live;

static bool fails(void)
{
    if (countdown < 0)
        return false;
    if (countdown > 0) {
        countdown--;
        return false;
    }
    if (!for_ever)
        countdown = -1;
    return true;
}

static void *count_malloc(size_t size, void *user)
{
    (void)user;
    if (fails())
        return NULL;
    live++;
    return malloc(size);
}

static void *count_realloc(void *ptr, size_t size, void *user)
{
    (void)user;
    if (fails())
        return NULL;
    live += ptr == NULL;
    return realloc(ptr, size);
}

static void count_free(void *ptr, void *user)
{
    (void)user;
    live -= ptr != NULL;
    free(ptr);
}

static struct vio_loop *counting_loop(void)
{
    struct vio_loop_config config = {.drive = VIO_LOOP_POLL,
                                     .alloc = {count_malloc, count_realloc, count_free, NULL},
                                     .queue_max = 1};
    struct vio_loop *loop;

    assert_int_equal(vio__loop_new(&config, &loop), 0);
    assert_int_equal(vio__loop_start(loop), 0);
    return loop;
}

/* Uses the driver; true when nothing of it failed. */
static bool use(struct board *board)
{
    struct vio_observation *o;
    struct vio_function_info f;
    struct vio_step steps[] = {board_create(1), board_bind(2, 0)};
    bool whole;

    whole = board_observe(board, &o) == 0;
    vio__observation_unref(o);
    whole = board_read(board, 2, &f) == 0 && whole;
    whole = board_claim(board, false) == 0 && whole;
    for (size_t i = 0; i < 2; i++)
        whole = board_step(board, &steps[i], S).status == 0 && whole;
    fake_lose(false);
    board_sleep(board->loop, 3 * S);
    return whole;
}

static bool fail_at(long n)
{
    struct vio_loop *loop;
    struct board board;
    bool whole;

    fake_reset();
    fake.unmapped = n & 1;
    countdown = -1;
    live = 0;
    loop = counting_loop();
    countdown = n / 2;
    whole = board_try_open(&board, loop, "sim:", S) == 0;
    if (whole)
        whole = use(&board);
    else if (board.driver)
        assert_string_not_equal(board.ops->error(board.driver), "");
    whole = whole && countdown >= 0;
    countdown = -1;
    board_close(&board);
    board_loop_free(loop);
    assert_int_equal(live, 0);
    return whole;
}

static void one_allocation_fails_in_turn(void **state)
{
    long n = 0;

    (void)state;
    for_ever = false;
    while (!fail_at(n))
        assert_in_range(++n, 1, 100000);
    assert_in_range(n, 20, 100000);
}

static void all_allocations_fail_from_one_on(void **state)
{
    long n = 0;

    (void)state;
    for_ever = true;
    while (!fail_at(n))
        assert_in_range(++n, 1, 100000);
    assert_in_range(n, 20, 100000);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_allocation_fails_in_turn),
        cmocka_unit_test(all_allocations_fail_from_one_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
