/* SPDX-License-Identifier: MIT */
#include "tests/support/board.h"

#include <poll.h>
#include <string.h>
#include <time.h>

#include "tests/support/test.h"

#define REAL_LIMIT 20 /* s */

/* -- Loop -------------------------------------------------------------------------------------- */

struct vio_loop *board_loop_new(void)
{
    struct vio_loop_config config = {
        .drive = VIO_LOOP_POLL, .alloc = vio__alloc_default(), .queue_max = 16};
    struct vio_loop *loop;

    assert_int_equal(vio__loop_new(&config, &loop), 0);
    assert_int_equal(vio__loop_start(loop), 0);
    return loop;
}

static void set_flag(void *user)
{
    *(bool *)user = true;
}

void board_loop_free(struct vio_loop *loop)
{
    bool closed = false;

    vio__loop_close(loop, set_flag, &closed);
    board_await(loop, &closed);
    vio__loop_dispose(loop);
    vio__loop_unref(loop);
}

void board_await(struct vio_loop *loop, const bool *flag)
{
    time_t limit = time(NULL) + REAL_LIMIT;

    vio__loop_hold(loop);
    while (!*flag) {
        struct pollfd pollfd = {.fd = vio__loop_fd(loop), .events = POLLIN};
        int timeout = vio__loop_poll_timeout(loop);

        poll(&pollfd, 1, timeout < 0 || timeout > 1000 ? 1000 : timeout);
        vio__loop_dispatch(loop);
        if (time(NULL) > limit)
            fail_msg("nothing happened for %d s", REAL_LIMIT);
    }
    vio__loop_release(loop);
}

static void set_flag_late(struct vio_timer *timer, void *user)
{
    (void)timer;
    *(bool *)user = true;
}

void board_sleep(struct vio_loop *loop, uint64_t ns)
{
    struct vio_timer timer;
    bool done = false;

    vio__timer_init(&timer, loop, false, set_flag_late, &done);
    vio__timer_start(&timer, vio__loop_now(loop) + ns);
    board_await(loop, &done);
}

/* -- Opening ----------------------------------------------------------------------------------- */

struct result {
    bool done;
    int status;
    struct vio_observation *observation;
    struct vio_function_info function;
    struct vio_outcome outcome;
};

static void ended(void *user, int status)
{
    struct result *result = user;

    assert_false(result->done);
    result->status = status;
    result->done = true;
}

static int await_result(struct board *board, struct result *result, int started)
{
    if (started)
        return started;
    assert_false(result->done);
    board_await(board->loop, &result->done);
    return result->status;
}

static void on_notice(void *user, const struct vio_notice *notice)
{
    struct board *board = user;

    assert_in_range(notice->type, 1, BOARD_NOTICES - 1);
    assert_int_equal(notice->sequence, board->sequence + 1);
    board->sequence = notice->sequence;
    board->notices[notice->type]++;
    if (notice->type == VIO_NOTICE_OVERFLOW)
        board->lost = notice->value;
    board->last = *notice;
}

int board_try_open(struct board *board, struct vio_loop *loop, const char *uri, uint64_t timeout)
{
    struct vio_driver_config config = {
        .uri = uri,
        .timeout_ns = timeout,
        .holder = "a test",
        .listener = {.user = board, .notice = on_notice},
    };
    struct result result = {0};
    const char *schemes;
    int status;

    memset(board, 0, sizeof *board);
    board->own_loop = loop == NULL;
    board->loop = loop ? loop : board_loop_new();
    board->ops = vio__driver_for(uri, &schemes);
    assert_non_null(board->ops);
    status = board->ops->open(board->loop, &config, ended, &result, &board->driver);
    status = await_result(board, &result, status);
    if (status == 0)
        board->sim = board->ops->sim(board->driver);
    return status;
}

void board_open(struct board *board, const char *uri)
{
    int status = board_try_open(board, NULL, uri, 2 * BOARD_SECOND);

    if (status)
        fail_msg("%s: %s: %s", uri, vio_strerror(status), board->ops->error(board->driver));
}

void board_close(struct board *board)
{
    struct result result = {0};

    if (board->driver) {
        board->ops->close(board->driver, ended, &result);
        await_result(board, &result, 0);
    }
    if (board->own_loop)
        board_loop_free(board->loop);
}

/* -- Operations -------------------------------------------------------------------------------- */

static void observed(void *user, int status, struct vio_observation *observation)
{
    struct result *result = user;

    assert_int_equal(status == 0, observation != NULL);
    result->observation = observation;
    ended(user, status);
}

int board_observe(struct board *board, struct vio_observation **ret_observation)
{
    struct result result = {0};
    int status =
        await_result(board, &result, board->ops->observe(board->driver, observed, &result));

    *ret_observation = result.observation;
    return status;
}

static void read_one(void *user, int status, const struct vio_function_info *function)
{
    struct result *result = user;

    if (function)
        result->function = *function;
    ended(user, status);
}

int board_read(struct board *board, uint32_t index, struct vio_function_info *ret_info)
{
    struct result result = {0};
    int status =
        await_result(board, &result, board->ops->read(board->driver, index, read_one, &result));

    *ret_info = result.function;
    return status;
}

int board_claim(struct board *board, bool take_over)
{
    struct result result = {0};

    return await_result(board, &result,
                        board->ops->claim(board->driver, take_over, ended, &result));
}

int board_release(struct board *board)
{
    struct result result = {0};

    return await_result(board, &result, board->ops->release(board->driver, ended, &result));
}

static void stepped(void *user, const struct vio_outcome *outcome)
{
    struct board_step *step = user;

    assert_false(step->done);
    step->outcome = *outcome;
    step->done = true;
}

int board_start(struct board *board, const struct vio_step *step, uint64_t timeout,
                struct board_step *ret_step)
{
    memset(ret_step, 0, sizeof *ret_step);
    return board->ops->step(board->driver, step, vio__loop_now(board->loop) + timeout, stepped,
                            ret_step, &ret_step->tag);
}

struct vio_outcome board_step(struct board *board, const struct vio_step *step, uint64_t timeout)
{
    struct board_step started;
    int status = board_start(board, step, timeout, &started);

    if (status)
        return (struct vio_outcome){.status = status};
    assert_false(started.done);
    board_await(board->loop, &started.done);
    return started.outcome;
}

struct vio_outcome board_outcome(struct board *board, struct vio_tag tag)
{
    struct board_step asked = {0};

    assert_int_equal(board->ops->outcome(board->driver, tag, stepped, &asked), 0);
    board_await(board->loop, &asked.done);
    return asked.outcome;
}

/* -- Steps ------------------------------------------------------------------------------------- */

struct vio_step board_create(unsigned n)
{
    struct vio_step step = {.action = VIO_STEP_CREATE};
    struct vio_function_info *f = &step.function;

    f->kind = VIO_VADAPTER_VNIC;
    f->adapter = 0;
    f->server = VIO_NO_INDEX;
    f->path = VIO_NO_INDEX;
    f->enabled = true;
    f->cookie[0] = 0xc0;
    f->cookie[14] = (uint8_t)(n >> 8);
    f->cookie[15] = (uint8_t)n;
    f->address = (struct vio_address){
        .kind = VIO_ADDRESS_MAC48,
        .length = 6,
        .bytes = {0x02, 0, 0, 0, (uint8_t)(n >> 8), (uint8_t)n},
    };
    f->vlan.mode = VIO_VLAN_NONE;
    f->qos.weight = 1;
    memcpy(f->label, "web0", 5);
    return step;
}

struct vio_step board_bind(uint32_t index, uint32_t server)
{
    struct vio_step step = board_simple(VIO_STEP_BIND, index);

    step.function.server = server;
    step.function.path = 0;
    return step;
}

struct vio_step board_simple(enum vio_step_action action, uint32_t index)
{
    return (struct vio_step){.action = action, .index = index};
}

size_t board_functions(struct board *board)
{
    struct vio_observation *observation;
    int status = board_observe(board, &observation);
    size_t count;

    if (status)
        fail_msg("observe: %s: %s", vio_strerror(status), board->ops->error(board->driver));
    count = observation->num_functions;
    vio__observation_unref(observation);
    return count;
}
