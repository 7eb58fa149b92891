/* SPDX-License-Identifier: MIT */
/* The three ways to drive a context, and where waiting is allowed in each. */
#include <poll.h>
#include <uv.h>

#include "tests/support/ops.h"
#include "tests/support/test.h"

/* -- What a callback may not do --------------------------------------------------------------- */

struct attempt {
    struct vio_ctx *ctx;  /* that is dispatched and stopped */
    struct vio_req *wait; /* that is waited for; NULL: the callback's own */
    int waited;
    int stopped;
    int dispatched;
    atomic_int done;
};

static void try_to_wait(struct vio_req *req, int status, void *user)
{
    struct attempt *attempt = user;

    (void)status;
    attempt->waited = vio_req_wait(attempt->wait != NULL ? attempt->wait : req, -1);
    attempt->stopped = vio_ctx_stop(attempt->ctx);
    attempt->dispatched = vio_ctx_dispatch(attempt->ctx);
    atomic_store(&attempt->done, 1);
}

/* -- Private thread --------------------------------------------------------------------------- */

static void thread_wait_blocks_until_the_callback_has_returned(void **state)
{
    struct vio_ctx *ctx = make_ctx(VIO_DRIVE_THREAD);
    struct seen seen = {0};
    struct vio_req *req = NULL;

    (void)state;
    assert_int_equal(op_submit(ctx, OP_TIMER, 20000000, 0, NULL, &seen, &req), 0);
    assert_int_equal(vio_req_wait(req, 0), VIO_ETIMEDOUT);
    assert_int_equal(vio_req_wait(req, 1), VIO_ETIMEDOUT);
    assert_int_equal(vio_req_status(req), VIO_EPENDING);
    assert_int_equal(vio_req_wait(req, -1), 0);
    assert_int_equal(seen.calls, 1);
    assert_int_equal(vio_req_wait(req, 0), 0);
    vio_req_unref(req);
    assert_int_equal(vio_ctx_stop(ctx), 0);
    vio_ctx_unref(ctx);
}

static void thread_callback_may_not_wait_or_stop(void **state)
{
    struct attempt attempt = {.ctx = make_ctx(VIO_DRIVE_THREAD)};

    (void)state;
    assert_int_equal(op_submit_plain(attempt.ctx, try_to_wait, &attempt, NULL), 0);
    await_count(&attempt.done, 1);
    assert_int_equal(attempt.waited, VIO_EDEADLK);
    assert_int_equal(attempt.stopped, VIO_EDEADLK);
    assert_int_equal(attempt.dispatched, VIO_ESTATE);
    assert_int_equal(vio_ctx_stop(attempt.ctx), 0);
    vio_ctx_unref(attempt.ctx);
}

static void callback_may_not_wait_for_another_context_either(void **state)
{
    struct vio_ctx *other = make_ctx(VIO_DRIVE_THREAD);
    struct attempt attempt = {.ctx = make_ctx(VIO_DRIVE_THREAD)};
    struct vio_ctx *first = attempt.ctx;

    (void)state;
    assert_int_equal(op_submit(other, OP_AT_ONCE, 0, 0, NULL, NULL, &attempt.wait), 0);
    assert_int_equal(vio_req_wait(attempt.wait, -1), 0);
    attempt.ctx = other;
    assert_int_equal(op_submit_plain(first, try_to_wait, &attempt, NULL), 0);
    await_count(&attempt.done, 1);
    assert_int_equal(attempt.waited, VIO_EDEADLK);
    assert_int_equal(attempt.stopped, VIO_EDEADLK);
    vio_req_unref(attempt.wait);
    assert_int_equal(vio_ctx_stop(first), 0);
    assert_int_equal(vio_ctx_stop(other), 0);
    vio_ctx_unref(first);
    vio_ctx_unref(other);
}

static void thread_drive_has_nothing_to_poll(void **state)
{
    struct vio_ctx *ctx = make_ctx(VIO_DRIVE_THREAD);
    int timeout = 7;

    (void)state;
    assert_int_equal(vio_ctx_fd(ctx), VIO_ESTATE);
    assert_int_equal(vio_ctx_timeout(ctx, &timeout), VIO_ESTATE);
    assert_int_equal(timeout, 7);
    assert_int_equal(vio_ctx_dispatch(ctx), VIO_ESTATE);
    assert_int_equal(vio_ctx_stop(ctx), 0);
    vio_ctx_unref(ctx);
}

static void *wait_for(void *user)
{
    assert_int_equal(vio_req_wait(user, -1), 0);
    return NULL;
}

static void many_threads_may_wait_for_one_request(void **state)
{
    enum { COUNT = 8 };
    struct vio_ctx *ctx = make_ctx(VIO_DRIVE_THREAD);
    struct vio_req *req = NULL;
    pthread_t threads[COUNT];

    (void)state;
    assert_int_equal(op_submit(ctx, OP_TIMER, 5000000, 0, NULL, NULL, &req), 0);
    for (int i = 0; i < COUNT; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, wait_for, req), 0);
    for (int i = 0; i < COUNT; i++)
        pthread_join(threads[i], NULL);
    vio_req_unref(req);
    assert_int_equal(vio_ctx_stop(ctx), 0);
    vio_ctx_unref(ctx);
}

/* -- fd, timeout, dispatch -------------------------------------------------------------------- */

/* What an application's own main loop does; returns how often it woke. */
static int poll_until(struct vio_ctx *ctx, atomic_int *value, int wanted)
{
    int wakes = 0;

    while (atomic_load(value) < wanted) {
        struct pollfd pollfd = {.fd = vio_ctx_fd(ctx), .events = POLLIN};
        int timeout = 0;

        assert_int_equal(vio_ctx_timeout(ctx, &timeout), 0);
        assert_true(poll(&pollfd, 1, timeout < 0 || timeout > 10000 ? 10000 : timeout) >= 0);
        assert_int_equal(vio_ctx_dispatch(ctx), 0);
        assert_true(++wakes < 10000);
    }
    return wakes;
}

static void poll_drive_runs_callbacks_inside_dispatch_only(void **state)
{
    struct vio_ctx *ctx = make_ctx(VIO_DRIVE_POLL);
    struct seen seen = {0};

    (void)state;
    assert_int_equal(op_submit(ctx, OP_AT_ONCE, 0, 0, NULL, &seen, NULL), 0);
    assert_int_equal(seen.calls, 0);
    assert_int_equal(seen.starts, 0);
    poll_until(ctx, &seen.calls, 1);
    assert_true(pthread_equal(seen.thread, pthread_self()));
    assert_int_equal(op_submit(ctx, OP_TIMER, 3000000, 0, NULL, &seen, NULL), 0);
    assert_true(poll_until(ctx, &seen.calls, 2) < 100);
    assert_int_equal(vio_ctx_stop(ctx), 0);
    vio_ctx_unref(ctx);
}

struct submitter {
    struct vio_ctx *ctx;
    struct seen *seen;
    int wait_result;
    int fd_result;
};

static void *submit_elsewhere(void *user)
{
    struct submitter *submitter = user;
    struct vio_req *req = NULL;

    assert_int_equal(op_submit(submitter->ctx, OP_AT_ONCE, 0, 0, NULL, submitter->seen, &req), 0);
    submitter->wait_result = vio_req_wait(req, 0);
    vio_req_unref(req);
    return NULL;
}

static void poll_drive_wakes_for_a_submission_from_another_thread(void **state)
{
    struct vio_ctx *ctx = make_ctx(VIO_DRIVE_POLL);
    struct seen seen = {0};
    struct submitter submitter = {.ctx = ctx, .seen = &seen};
    pthread_t thread;

    (void)state;
    assert_int_equal(vio_ctx_dispatch(ctx), 0);
    assert_int_equal(pthread_create(&thread, NULL, submit_elsewhere, &submitter), 0);
    poll_until(ctx, &seen.calls, 1);
    pthread_join(thread, NULL);
    assert_int_equal(submitter.wait_result, VIO_EDEADLK);
    assert_int_equal(vio_ctx_stop(ctx), 0);
    vio_ctx_unref(ctx);
}

static void poll_wait_dispatches_on_the_loops_thread(void **state)
{
    struct vio_ctx *ctx = make_ctx(VIO_DRIVE_POLL);
    struct seen seen = {0};
    struct vio_req *req = NULL;

    (void)state;
    assert_int_equal(op_submit(ctx, OP_TIMER, 20000000, 0, NULL, &seen, &req), 0);
    assert_int_equal(vio_req_wait(req, 0), VIO_ETIMEDOUT);
    assert_int_equal(seen.starts, 1);
    assert_int_equal(vio_req_wait(req, 2), VIO_ETIMEDOUT);
    assert_int_equal(vio_req_wait(req, -1), 0);
    assert_int_equal(seen.calls, 1);
    assert_true(pthread_equal(seen.thread, pthread_self()));
    vio_req_unref(req);
    assert_int_equal(vio_ctx_stop(ctx), 0);
    vio_ctx_unref(ctx);
}

static void poll_callback_may_not_wait_stop_or_dispatch(void **state)
{
    struct attempt attempt = {.ctx = make_ctx(VIO_DRIVE_POLL)};
    struct vio_req *req = NULL;

    (void)state;
    assert_int_equal(op_submit_plain(attempt.ctx, try_to_wait, &attempt, &req), 0);
    assert_int_equal(vio_req_wait(req, -1), 0);
    assert_int_equal(attempt.waited, VIO_EDEADLK);
    assert_int_equal(attempt.stopped, VIO_EDEADLK);
    assert_int_equal(attempt.dispatched, VIO_EDEADLK);
    vio_req_unref(req);
    assert_int_equal(vio_ctx_stop(attempt.ctx), 0);
    vio_ctx_unref(attempt.ctx);
}

/* -- The application's uv loop ---------------------------------------------------------------- */

static struct vio_ctx *make_uv_ctx(uv_loop_t *uv)
{
    struct vio_ctx_config *config;
    struct vio_ctx *ctx = NULL;

    assert_int_equal(uv_loop_init(uv), 0);
    assert_int_equal(vio_ctx_config_new(&config), 0);
    assert_int_equal(vio_ctx_config_set_uv_loop(config, uv), 0);
    assert_int_equal(vio_ctx_new(config, &ctx), 0);
    vio_ctx_config_free(config);
    return ctx;
}

static void uv_loop_runs_the_callbacks_and_is_left_empty_by_close(void **state)
{
    struct seen seen = {0};
    struct seen closed = {0};
    uv_loop_t uv;
    struct vio_ctx *ctx = make_uv_ctx(&uv);

    (void)state;
    assert_int_equal(op_submit(ctx, OP_TIMER, 2000000, 0, NULL, &seen, NULL), 0);
    while (atomic_load(&seen.calls) == 0)
        uv_run(&uv, UV_RUN_ONCE);
    assert_int_equal(vio_ctx_fd(ctx), VIO_ESTATE);
    assert_int_equal(vio_ctx_close(ctx, count_call, &closed, NULL), 0);
    uv_run(&uv, UV_RUN_DEFAULT);
    assert_int_equal(closed.calls, 1);
    assert_int_equal(closed.status, 0);
    vio_ctx_unref(ctx);
    assert_int_equal(uv_loop_close(&uv), 0);
}

static void uv_wait_on_the_loops_thread_is_refused(void **state)
{
    uv_loop_t uv;
    struct vio_ctx *ctx = make_uv_ctx(&uv);
    struct attempt attempt = {.ctx = ctx};
    struct vio_req *req = NULL;

    (void)state;
    assert_int_equal(op_submit_plain(ctx, try_to_wait, &attempt, &req), 0);
    assert_int_equal(vio_req_wait(req, -1), VIO_EDEADLK);
    assert_int_equal(vio_ctx_stop(ctx), VIO_EDEADLK);
    while (atomic_load(&attempt.done) == 0)
        uv_run(&uv, UV_RUN_ONCE);
    assert_int_equal(attempt.waited, VIO_EDEADLK);
    assert_int_equal(attempt.stopped, VIO_EDEADLK);
    vio_req_unref(req);
    vio_ctx_unref(ctx);
    uv_run(&uv, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&uv), 0);
}

static void *wait_and_stop(void *user)
{
    struct submitter *submitter = user;
    struct vio_req *req = NULL;

    assert_int_equal(op_submit(submitter->ctx, OP_TIMER, 2000000, 0, NULL, submitter->seen, &req),
                     0);
    submitter->wait_result = vio_req_wait(req, -1);
    vio_req_unref(req);
    submitter->fd_result = vio_ctx_stop(submitter->ctx);
    return NULL;
}

static void uv_wait_and_stop_work_from_another_thread(void **state)
{
    struct seen seen = {0};
    uv_loop_t uv;
    struct submitter submitter = {.ctx = make_uv_ctx(&uv), .seen = &seen, .wait_result = 1};
    pthread_t thread;

    (void)state;
    assert_int_equal(pthread_create(&thread, NULL, wait_and_stop, &submitter), 0);
    uv_run(&uv, UV_RUN_DEFAULT);
    pthread_join(thread, NULL);
    assert_int_equal(submitter.wait_result, 0);
    assert_int_equal(submitter.fd_result, 0);
    assert_int_equal(seen.calls, 1);
    vio_ctx_unref(submitter.ctx);
    assert_int_equal(uv_loop_close(&uv), 0);
}

static void two_contexts_share_one_uv_loop(void **state)
{
    struct vio_ctx_config *config;
    struct seen seen = {0};
    uv_loop_t uv;
    struct vio_ctx *first = make_uv_ctx(&uv);
    struct vio_ctx *second = NULL;

    (void)state;
    assert_int_equal(vio_ctx_config_new(&config), 0);
    assert_int_equal(vio_ctx_config_set_uv_loop(config, &uv), 0);
    assert_int_equal(vio_ctx_new(config, &second), 0);
    vio_ctx_config_free(config);
    assert_int_equal(op_submit(first, OP_TIMER, 1000000, 0, NULL, &seen, NULL), 0);
    assert_int_equal(op_submit(second, OP_AT_ONCE, 0, 0, NULL, &seen, NULL), 0);
    while (atomic_load(&seen.calls) < 2)
        uv_run(&uv, UV_RUN_ONCE);
    vio_ctx_unref(first);
    vio_ctx_unref(second);
    uv_run(&uv, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&uv), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(thread_wait_blocks_until_the_callback_has_returned),
        cmocka_unit_test(thread_callback_may_not_wait_or_stop),
        cmocka_unit_test(callback_may_not_wait_for_another_context_either),
        cmocka_unit_test(thread_drive_has_nothing_to_poll),
        cmocka_unit_test(many_threads_may_wait_for_one_request),
        cmocka_unit_test(poll_drive_runs_callbacks_inside_dispatch_only),
        cmocka_unit_test(poll_drive_wakes_for_a_submission_from_another_thread),
        cmocka_unit_test(poll_wait_dispatches_on_the_loops_thread),
        cmocka_unit_test(poll_callback_may_not_wait_stop_or_dispatch),
        cmocka_unit_test(uv_loop_runs_the_callbacks_and_is_left_empty_by_close),
        cmocka_unit_test(uv_wait_on_the_loops_thread_is_refused),
        cmocka_unit_test(uv_wait_and_stop_work_from_another_thread),
        cmocka_unit_test(two_contexts_share_one_uv_loop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
