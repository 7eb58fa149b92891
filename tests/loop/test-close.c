/* SPDX-License-Identifier: MIT */
/* Closing: everything outstanding completes, then the close itself, whatever drives the context. */
#include <poll.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <uv.h>

#include "tests/support/ops.h"
#include "tests/support/test.h"

enum { OPS = 6 };

static const enum op_kind kinds[OPS] = {OP_PENDING,  OP_PLAIN,   OP_SLOW_END,
                                        OP_STUBBORN, OP_AT_ONCE, OP_TIMER};

static void submit_all(struct vio_ctx *ctx, struct seen seen[OPS], atomic_int *clock)
{
    for (int i = 0; i < OPS; i++) {
        seen[i].clock = clock;
        assert_int_equal(op_submit(ctx, kinds[i], 3600000000000U, 0, NULL, &seen[i], NULL), 0);
    }
}

static void check_all(struct seen seen[OPS], const struct seen *closed)
{
    for (int i = 0; i < OPS; i++) {
        assert_int_equal(seen[i].calls, 1);
        assert_int_equal(seen[i].destroys, 1);
        assert_true(seen[i].status == VIO_ECLOSED || (kinds[i] == OP_AT_ONCE && !seen[i].status));
        assert_true(seen[i].order < closed->order);
    }
    assert_int_equal(closed->calls, 1);
    assert_int_equal(closed->status, 0);
}

static void close_completes_all_outstanding_before_itself(void **state)
{
    const int drives[] = {VIO_DRIVE_THREAD, VIO_DRIVE_POLL};

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct vio_ctx *ctx = make_ctx(drives[i]);
        struct seen seen[OPS] = {0};
        atomic_int clock = 0;
        struct seen closed = {.clock = &clock};
        struct vio_req *req = NULL;

        submit_all(ctx, seen, &clock);
        assert_int_equal(vio_ctx_close(ctx, count_call, &closed, &req), 0);
        assert_string_equal(vio_req_name(req), "context close");
        assert_int_equal(vio_req_wait(req, -1), 0);
        assert_int_equal(vio_req_status(req), 0);
        check_all(seen, &closed);
        vio_req_unref(req);
        vio_ctx_unref(ctx);
    }
}

static void close_of_an_applications_uv_loop_completes_all(void **state)
{
    struct vio_ctx_config *config;
    struct vio_ctx *ctx;
    struct seen seen[OPS] = {0};
    atomic_int clock = 0;
    struct seen closed = {.clock = &clock};
    uv_loop_t uv;

    (void)state;
    uv_loop_init(&uv);
    assert_int_equal(vio_ctx_config_new(&config), 0);
    assert_int_equal(vio_ctx_config_set_uv_loop(config, &uv), 0);
    assert_int_equal(vio_ctx_new(config, &ctx), 0);
    vio_ctx_config_free(config);
    submit_all(ctx, seen, &clock);
    uv_run(&uv, UV_RUN_NOWAIT);
    assert_int_equal(vio_ctx_close(ctx, count_call, &closed, NULL), 0);
    vio_ctx_unref(ctx);
    uv_run(&uv, UV_RUN_DEFAULT);
    check_all(seen, &closed);
    assert_int_equal(uv_loop_close(&uv), 0);
}

static void submission_after_close_is_refused_and_never_calls_back(void **state)
{
    struct vio_ctx *ctx = make_ctx(VIO_DRIVE_THREAD);
    struct seen seen = {0};
    struct vio_req *const untouched = (struct vio_req *)&seen;
    struct vio_req *req = untouched;

    (void)state;
    assert_int_equal(vio_ctx_close(ctx, NULL, NULL, NULL), 0);
    assert_int_equal(op_submit(ctx, OP_AT_ONCE, 0, 0, NULL, &seen, &req), VIO_ECLOSED);
    assert_ptr_equal(req, untouched);
    assert_int_equal(vio_ctx_close(ctx, count_call, &seen, &req), VIO_ECLOSED);
    assert_ptr_equal(req, untouched);
    assert_int_equal(vio_ctx_stop(ctx), 0);
    assert_int_equal(op_submit(ctx, OP_AT_ONCE, 0, 0, NULL, &seen, &req), VIO_ECLOSED);
    assert_int_equal(vio_ctx_stop(ctx), 0);
    assert_int_equal(seen.calls, 0);
    assert_int_equal(seen.destroys, 2);
    vio_ctx_unref(ctx);
}

static void canceled_request_that_does_not_end_is_told_again_by_close(void **state)
{
    struct vio_ctx *ctx = make_ctx(VIO_DRIVE_THREAD);
    struct seen seen = {0};
    struct vio_req *req = NULL;

    (void)state;
    assert_int_equal(op_submit(ctx, OP_STUBBORN, 0, 0, NULL, &seen, &req), 0);
    await_count(&seen.starts, 1);
    assert_int_equal(vio_req_cancel(req), 0);
    assert_int_equal(vio_req_set_deadline(req, 1), 0);
    await_count(&seen.cancels, 2);
    assert_int_equal(vio_req_status(req), VIO_EPENDING);
    assert_int_equal(vio_ctx_stop(ctx), 0);
    assert_int_equal(seen.why, VIO_ECLOSED);
    assert_int_equal(vio_req_status(req), VIO_ECLOSED);
    vio_req_unref(req);
    vio_ctx_unref(ctx);
}

static void close_cannot_be_canceled(void **state)
{
    struct vio_ctx *ctx = make_ctx(VIO_DRIVE_POLL);
    struct vio_req *req = NULL;

    (void)state;
    assert_int_equal(vio_ctx_close(ctx, NULL, NULL, &req), 0);
    assert_int_equal(vio_req_cancel(req), 0);
    assert_int_equal(vio_req_wait(req, -1), 0);
    assert_int_equal(vio_req_status(req), 0);
    vio_req_unref(req);
    vio_ctx_unref(ctx);
}

/* -- Giving up the last reference ------------------------------------------------------------- */

static void unref_of_an_open_context_closes_it(void **state)
{
    const int drives[] = {VIO_DRIVE_THREAD, VIO_DRIVE_POLL};

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct vio_ctx *ctx = make_ctx(drives[i]);
        struct seen seen = {0};
        struct vio_req *req = NULL;

        assert_int_equal(op_submit(ctx, OP_SLOW_END, 0, 0, NULL, &seen, &req), 0);
        vio_ctx_unref(ctx);
        if (drives[i] == VIO_DRIVE_POLL)
            assert_int_equal(seen.calls, 1);
        await_count(&seen.calls, 1);
        assert_int_equal(seen.status, VIO_ECLOSED);
        vio_req_unref(req);
        await_count(&seen.destroys, 1);
    }
}

static void unref_in_callback(struct vio_req *req, int status, void *user)
{
    (void)req;
    (void)status;
    vio_ctx_unref(user);
}

static void last_reference_may_go_in_a_callback(void **state)
{
    const int drives[] = {VIO_DRIVE_THREAD, VIO_DRIVE_POLL};

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct vio_ctx *ctx = make_ctx(drives[i]);
        struct seen seen = {0};
        struct vio_req *req = NULL;

        assert_int_equal(op_submit(ctx, OP_PENDING, 0, 0, NULL, &seen, NULL), 0);
        assert_int_equal(op_submit_plain(ctx, unref_in_callback, ctx, &req), 0);
        assert_int_equal(vio_req_wait(req, -1), 0);
        await_count(&seen.calls, 1);
        assert_int_equal(seen.status, VIO_ECLOSED);
        vio_req_unref(req);
    }
}

static void last_reference_may_go_in_the_close_callback(void **state)
{
    const int drives[] = {VIO_DRIVE_THREAD, VIO_DRIVE_POLL};

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct vio_ctx *ctx = make_ctx(drives[i]);
        struct vio_req *req = NULL;

        assert_int_equal(vio_ctx_close(ctx, unref_in_callback, ctx, &req), 0);
        assert_int_equal(vio_req_wait(req, -1), 0);
        vio_req_unref(req);
    }
}

static void *stop(void *user)
{
    assert_int_equal(vio_ctx_stop(user), 0);
    return NULL;
}

static void several_threads_may_stop_at_once(void **state)
{
    int count = (int)test_rounds(20);

    (void)state;
    for (int i = 0; i < count; i++) {
        struct vio_ctx *ctx = make_ctx(VIO_DRIVE_THREAD);
        struct seen seen = {0};
        pthread_t threads[4];

        assert_int_equal(op_submit(ctx, OP_PENDING, 0, 0, NULL, &seen, NULL), 0);
        for (int t = 0; t < 4; t++)
            assert_int_equal(pthread_create(&threads[t], NULL, stop, ctx), 0);
        for (int t = 0; t < 4; t++)
            pthread_join(threads[t], NULL);
        assert_int_equal(seen.calls, 1);
        vio_ctx_unref(ctx);
    }
}

struct flood {
    struct vio_ctx *ctx;
    struct seen seen;
    int accepted;
};

static void *submit_until_closed(void *user)
{
    struct flood *flood = user;

    while (op_submit(flood->ctx, OP_PENDING, 0, 0, NULL, &flood->seen, NULL) == 0)
        flood->accepted++;
    return NULL;
}

static void each_accepted_request_calls_back_when_submissions_race_with_close(void **state)
{
    int count = (int)test_rounds(10);

    (void)state;
    for (int i = 0; i < count; i++) {
        struct vio_ctx *ctx = make_ctx(VIO_DRIVE_THREAD);
        struct flood floods[3] = {{.ctx = ctx}, {.ctx = ctx}, {.ctx = ctx}};
        pthread_t threads[3];

        for (int t = 0; t < 3; t++)
            assert_int_equal(pthread_create(&threads[t], NULL, submit_until_closed, &floods[t]), 0);
        usleep(500);
        assert_int_equal(vio_ctx_stop(ctx), 0);
        for (int t = 0; t < 3; t++) {
            pthread_join(threads[t], NULL);
            assert_int_equal(floods[t].seen.calls, floods[t].accepted);
            assert_int_equal(floods[t].seen.destroys, floods[t].accepted + 1);
        }
        vio_ctx_unref(ctx);
    }
}

/* -- Closers ---------------------------------------------------------------------------------- */

struct closable {
    struct vio_closer closer;
    struct vio_ctx *ctx;
    struct vio_timer timer;
    bool slow;
    int closed;
    int added;
    atomic_int *clock;
    int order;
};

static void finish_close(struct vio_timer *timer, void *user)
{
    struct closable *closable = user;

    (void)timer;
    closable->closed++;
    closable->order = atomic_fetch_add(closable->clock, 1) + 1;
    vio__ctx_remove_closer(closable->ctx, &closable->closer);
}

static void close_closable(void *object)
{
    struct closable *closable = object;
    struct vio_loop *loop = vio__ctx_loop(closable->ctx);

    vio__timer_init(&closable->timer, loop, false, finish_close, closable);
    if (closable->slow)
        vio__timer_start(&closable->timer, vio__loop_now(loop) + 3000000);
    else
        finish_close(&closable->timer, closable);
}

static void add_closable(struct vio_ctx *ctx, void *user)
{
    struct closable *closable = user;

    closable->ctx = ctx;
    closable->closer = (struct vio_closer){.close = close_closable, .object = closable};
    closable->added = vio__ctx_add_closer(ctx, &closable->closer);
}

static void what_is_open_closes_before_the_context(void **state)
{
    struct vio_ctx *ctx = make_ctx(VIO_DRIVE_THREAD);
    atomic_int clock = 0;
    struct closable quick = {.clock = &clock};
    struct closable slow = {.clock = &clock, .slow = true};
    struct closable gone = {.clock = &clock};
    struct seen closed = {.clock = &clock};

    (void)state;
    on_loop(ctx, add_closable, &slow);
    on_loop(ctx, add_closable, &quick);
    assert_int_equal(slow.added, 0);
    assert_int_equal(vio_ctx_close(ctx, count_call, &closed, NULL), 0);
    assert_int_equal(vio_ctx_stop(ctx), 0);
    assert_int_equal(quick.closed, 1);
    assert_int_equal(slow.closed, 1);
    assert_int_equal(closed.order, 3);
    gone.ctx = ctx;
    add_closable(ctx, &gone);
    assert_int_equal(gone.added, VIO_ECLOSED);
    vio_ctx_unref(ctx);
}

/* -- Fork ------------------------------------------------------------------------------------- */

/* 0, or the number of the first check that failed. */
static int check_in_child(struct vio_ctx *ctx, struct vio_req *req)
{
    struct vio_req *reqs[1];
    int timeout = 5;

    if (vio_ctx_fd(ctx) != VIO_EFORK || vio_ctx_timeout(ctx, &timeout) != VIO_EFORK)
        return 1;
    if (vio_ctx_dispatch(ctx) != VIO_EFORK || timeout != 5)
        return 2;
    if (vio_ctx_close(ctx, NULL, NULL, NULL) != VIO_EFORK || vio_ctx_stop(ctx) != VIO_EFORK)
        return 3;
    if (vio_ctx_queue_fd(ctx) != VIO_EFORK || vio_ctx_reap(ctx, reqs, 1) != VIO_EFORK)
        return 4;
    if (vio_req_cancel(req) != VIO_EFORK || vio_req_wait(req, 0) != VIO_EFORK)
        return 5;
    if (vio_req_status(req) != VIO_EFORK || vio_req_set_deadline(req, 1) != VIO_EFORK)
        return 6;
    vio_req_unref(req);
    vio_ctx_unref(ctx);
    return 0;
}

static void forked_child_is_refused_and_the_parent_goes_on(void **state)
{
    const int drives[] = {VIO_DRIVE_THREAD, VIO_DRIVE_POLL};

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct vio_ctx *ctx = make_ctx(drives[i]);
        struct vio_req *req = NULL;
        int status = -1;
        pid_t pid;

        assert_int_equal(op_submit(ctx, OP_TIMER, 50000000, 0, NULL, NULL, &req), 0);
        pid = fork();
        if (pid == 0)
            _exit(check_in_child(ctx, req));
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);
        assert_int_equal(vio_req_wait(req, -1), 0);
        assert_int_equal(vio_req_status(req), 0);
        vio_req_unref(req);
        assert_int_equal(vio_ctx_stop(ctx), 0);
        vio_ctx_unref(ctx);
    }
}

/* -- Memory ----------------------------------------------------------------------------------- */

struct meter {
    atomic_int left; /* allocations that succeed from now on */
    atomic_int live;
};

static void *meter_malloc(size_t size, void *user)
{
    struct meter *meter = user;
    void *ptr = atomic_fetch_sub(&meter->left, 1) > 0 ? malloc(size) : NULL;

    if (ptr != NULL)
        atomic_fetch_add(&meter->live, 1);
    return ptr;
}

static void *meter_realloc(void *ptr, size_t size, void *user)
{
    struct meter *meter = user;

    if (ptr == NULL)
        return meter_malloc(size, user);
    return atomic_fetch_sub(&meter->left, 1) > 0 ? realloc(ptr, size) : NULL;
}

static void meter_free(void *ptr, void *user)
{
    struct meter *meter = user;

    atomic_fetch_sub(&meter->live, 1);
    free(ptr);
}

static void tell_problems(struct vio_req *req, void *op)
{
    (void)op;
    for (int i = 0; i < 3; i++)
        vio__req_add_problem(req, VIO_EFULL, "slot1", "slot %d is full", i);
    vio__req_fail(req, VIO_EFULL, "no slot is free");
}

static const struct vio_req_class problem_class = {.name = "problem", .start = tell_problems};

/* One context's life with one request; the first failure, or 0. */
static int live_with(const struct vio_ctx_config *config)
{
    struct vio_ctx *ctx = NULL;
    struct vio_req *req = NULL;
    int r = vio_ctx_new(config, &ctx);

    if (r < 0) {
        assert_null(ctx);
        return r;
    }
    r = vio__req_new(vio__ctx_loop(ctx), &problem_class, NULL, NULL, &req);
    if (r == 0) {
        assert_int_equal(vio__req_submit(req, &req), 0);
        assert_int_equal(vio_req_wait(req, -1), 0);
        assert_int_equal(vio_req_status(req), VIO_EFULL);
        assert_true(vio_req_message(req)[0] != '\0');
        r = vio_req_num_problems(req) < 3 ? VIO_ENOMEM : 0;
        vio_req_unref(req);
    }
    assert_int_equal(vio_ctx_stop(ctx), 0);
    vio_ctx_unref(ctx);
    return r;
}

static void each_allocation_may_fail_and_nothing_leaks(void **state)
{
    const int drives[] = {VIO_DRIVE_THREAD, VIO_DRIVE_POLL};

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct vio_ctx_config *config;
        struct meter meter = {0};
        int allowed = 0;
        int r;

        assert_int_equal(vio_ctx_config_new(&config), 0);
        assert_int_equal(vio_ctx_config_set_drive(config, drives[i]), 0);
        assert_int_equal(
            vio_ctx_config_set_allocator(config, meter_malloc, meter_realloc, meter_free, &meter),
            0);
        do {
            atomic_store(&meter.left, allowed++);
            r = live_with(config);
            assert_true(r == 0 || r == VIO_ENOMEM);
            assert_int_equal(meter.live, 0);
        } while (r < 0 && allowed < 100);
        assert_int_equal(r, 0);
        assert_true(allowed > 8);
        vio_ctx_config_free(config);
    }
}

static void each_descriptor_may_be_missing_and_none_leaks(void **state)
{
    const int drives[] = {VIO_DRIVE_THREAD, VIO_DRIVE_POLL};
    struct rlimit before;
    int first_free = dup(0);

    (void)state;
    assert_true(first_free >= 0);
    close(first_free);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    for (int i = 0; i < 2; i++) {
        struct vio_ctx_config *config;
        struct rlimit limit = before;
        struct vio_ctx *ctx = NULL;
        int r = VIO_ENOMEM;

        assert_int_equal(vio_ctx_config_new(&config), 0);
        assert_int_equal(vio_ctx_config_set_drive(config, drives[i]), 0);
        for (rlim_t n = 0; r < 0 && n < 100; n++) {
            limit.rlim_cur = (rlim_t)first_free + n;
            assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
            r = vio_ctx_new(config, &ctx);
            assert_true(r == 0 || r == VIO_ENOMEM);
            assert_true(n > 0 || r < 0);
        }
        setrlimit(RLIMIT_NOFILE, &before);
        vio_ctx_config_free(config);
        assert_int_equal(r, 0);
        assert_int_equal(vio_ctx_stop(ctx), 0);
        vio_ctx_unref(ctx);
        assert_int_equal(dup(0), first_free);
        close(first_free);
    }
}

static void thread_may_be_missing_and_nothing_leaks(void **state)
{
    pthread_attr_t before;
    pthread_attr_t huge;
    struct vio_ctx *ctx = NULL;

    (void)state;
    /* No thread can have a stack of 2^50 bytes. */
    assert_int_equal(pthread_getattr_default_np(&before), 0);
    assert_int_equal(pthread_attr_init(&huge), 0);
    assert_int_equal(pthread_attr_setstacksize(&huge, (size_t)1 << 50), 0);
    assert_int_equal(pthread_setattr_default_np(&huge), 0);
    assert_int_equal(vio_ctx_new(NULL, &ctx), VIO_ENOMEM);
    assert_null(ctx);
    assert_int_equal(pthread_setattr_default_np(&before), 0);
    pthread_attr_destroy(&huge);
    pthread_attr_destroy(&before);
    assert_int_equal(vio_ctx_new(NULL, &ctx), 0);
    assert_int_equal(vio_ctx_stop(ctx), 0);
    vio_ctx_unref(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(close_completes_all_outstanding_before_itself),
        cmocka_unit_test(close_of_an_applications_uv_loop_completes_all),
        cmocka_unit_test(submission_after_close_is_refused_and_never_calls_back),
        cmocka_unit_test(canceled_request_that_does_not_end_is_told_again_by_close),
        cmocka_unit_test(close_cannot_be_canceled),
        cmocka_unit_test(unref_of_an_open_context_closes_it),
        cmocka_unit_test(last_reference_may_go_in_a_callback),
        cmocka_unit_test(last_reference_may_go_in_the_close_callback),
        cmocka_unit_test(several_threads_may_stop_at_once),
        cmocka_unit_test(each_accepted_request_calls_back_when_submissions_race_with_close),
        cmocka_unit_test(what_is_open_closes_before_the_context),
        cmocka_unit_test(forked_child_is_refused_and_the_parent_goes_on),
        cmocka_unit_test(each_allocation_may_fail_and_nothing_leaks),
        cmocka_unit_test(each_descriptor_may_be_missing_and_none_leaks),
        cmocka_unit_test(thread_may_be_missing_and_nothing_leaks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
