/* SPDX-License-Identifier: MIT */
/* The completion queue: nothing lost, bounded at submission, readable exactly while it holds
 * something. */
#include <poll.h>

#include "tests/support/ops.h"
#include "tests/support/test.h"

static struct vio_ctx *make_queue_ctx(uint32_t max)
{
    struct vio_ctx_config *config;
    struct vio_ctx *ctx = NULL;

    assert_int_equal(vio_ctx_config_new(&config), 0);
    assert_int_equal(vio_ctx_config_set_queue_max(config, max), 0);
    assert_int_equal(vio_ctx_new(config, &ctx), 0);
    vio_ctx_config_free(config);
    return ctx;
}

static bool readable(struct vio_ctx *ctx, int timeout_ms)
{
    struct pollfd pollfd = {.fd = vio_ctx_queue_fd(ctx), .events = POLLIN};

    assert_true(pollfd.fd >= 0);
    return poll(&pollfd, 1, timeout_ms) == 1;
}

static void reaped_request_has_user_and_status(void **state)
{
    struct vio_ctx *ctx = make_queue_ctx(4);
    struct vio_req *req = NULL;
    struct seen seen = {0};

    (void)state;
    assert_int_equal(vio_ctx_reap(ctx, &req, 1), 0);
    assert_null(req);
    assert_int_equal(op_submit(ctx, OP_AT_ONCE, 0, VIO_EGONE, vio_ctx_queue, &seen, NULL), 0);
    assert_true(readable(ctx, 10000));
    assert_int_equal(vio_ctx_reap(ctx, &req, 1), 1);
    assert_ptr_equal(vio_req_user(req), &seen);
    assert_int_equal(vio_req_status(req), VIO_EGONE);
    vio_req_unref(req);
    assert_int_equal(vio_ctx_stop(ctx), 0);
    vio_ctx_unref(ctx);
}

static void descriptor_is_readable_until_the_queue_is_empty(void **state)
{
    struct vio_ctx *ctx = make_queue_ctx(10);
    struct vio_req *reqs[10];
    struct vio_req *last = NULL;

    (void)state;
    assert_false(readable(ctx, 0));
    for (int i = 0; i < 5; i++)
        assert_int_equal(op_submit(ctx, OP_AT_ONCE, 0, 0, vio_ctx_queue, NULL, NULL), 0);
    assert_int_equal(op_submit(ctx, OP_AT_ONCE, 0, 0, NULL, NULL, &last), 0);
    assert_int_equal(vio_req_wait(last, -1), 0);
    vio_req_unref(last);
    assert_true(readable(ctx, 0));
    assert_int_equal(vio_ctx_reap(ctx, reqs, 3), 3);
    assert_true(readable(ctx, 0));
    assert_int_equal(vio_ctx_reap(ctx, reqs + 3, 7), 2);
    assert_false(readable(ctx, 0));
    for (int i = 0; i < 5; i++)
        vio_req_unref(reqs[i]);
    assert_int_equal(vio_ctx_stop(ctx), 0);
    vio_ctx_unref(ctx);
}

static void submission_is_refused_while_the_queue_could_overflow(void **state)
{
    struct vio_ctx *ctx = make_queue_ctx(2);
    struct vio_req *reqs[2] = {NULL, NULL};
    struct vio_req *req = NULL;
    struct seen refused = {0};

    (void)state;
    assert_int_equal(op_submit(ctx, OP_PENDING, 0, 0, vio_ctx_queue, NULL, &req), 0);
    assert_int_equal(op_submit(ctx, OP_AT_ONCE, 0, 0, vio_ctx_queue, NULL, NULL), 0);
    assert_int_equal(op_submit(ctx, OP_AT_ONCE, 0, 0, vio_ctx_queue, &refused, reqs), VIO_EAGAIN);
    assert_null(reqs[0]);
    assert_int_equal(refused.destroys, 1);
    assert_int_equal(op_submit(ctx, OP_AT_ONCE, 0, 0, NULL, NULL, NULL), 0);
    assert_true(readable(ctx, 10000));
    assert_int_equal(vio_ctx_reap(ctx, reqs, 2), 1);
    vio_req_unref(reqs[0]);
    assert_int_equal(op_submit(ctx, OP_AT_ONCE, 0, 0, vio_ctx_queue, NULL, NULL), 0);
    assert_int_equal(op_submit(ctx, OP_AT_ONCE, 0, 0, vio_ctx_queue, NULL, NULL), VIO_EAGAIN);
    vio_req_unref(req);
    assert_int_equal(vio_ctx_stop(ctx), 0);
    vio_ctx_unref(ctx);
}

static void queue_can_be_reaped_after_stop(void **state)
{
    struct vio_ctx *ctx = make_queue_ctx(100);
    struct vio_req *reqs[101];
    int closed = 0;

    (void)state;
    for (int i = 0; i < 100; i++)
        assert_int_equal(op_submit(ctx, OP_PENDING, 0, 0, vio_ctx_queue, NULL, NULL), 0);
    assert_int_equal(vio_ctx_close(ctx, vio_ctx_queue, ctx, NULL), 0);
    assert_int_equal(vio_ctx_stop(ctx), 0);
    assert_true(readable(ctx, 0));
    assert_int_equal(vio_ctx_reap(ctx, reqs, 101), 101);
    assert_false(readable(ctx, 0));
    for (int i = 0; i < 101; i++) {
        closed += vio_req_status(reqs[i]) == VIO_ECLOSED;
        if (i == 100) {
            assert_ptr_equal(vio_req_user(reqs[i]), ctx);
            assert_int_equal(vio_req_status(reqs[i]), 0);
        }
        vio_req_unref(reqs[i]);
    }
    assert_int_equal(closed, 100);
    vio_ctx_unref(ctx);
}

static void unreaped_requests_are_freed_with_the_context(void **state)
{
    struct vio_ctx *ctx = make_queue_ctx(10);
    struct seen seen = {0};

    (void)state;
    for (int i = 0; i < 10; i++)
        assert_int_equal(op_submit(ctx, OP_AT_ONCE, 0, 0, vio_ctx_queue, &seen, NULL), 0);
    assert_int_equal(vio_ctx_stop(ctx), 0);
    assert_int_equal(seen.destroys, 0);
    vio_ctx_unref(ctx);
    assert_int_equal(seen.destroys, 10);
}

static void pass_on(struct vio_req *req, int status, void *user)
{
    vio_ctx_queue(req, status, user);
    vio_ctx_queue(req, status, user);
    vio_ctx_queue(NULL, status, user);
}

static void callback_may_pass_its_request_on_to_the_queue(void **state)
{
    struct vio_ctx *ctx = make_queue_ctx(1);
    struct vio_req *reqs[3];

    (void)state;
    for (int i = 0; i < 2; i++)
        assert_int_equal(op_submit_plain(ctx, pass_on, NULL, NULL), 0);
    assert_int_equal(vio_ctx_stop(ctx), 0);
    assert_int_equal(vio_ctx_reap(ctx, reqs, 3), 2);
    vio_req_unref(reqs[0]);
    vio_req_unref(reqs[1]);
    vio_ctx_unref(ctx);
}

static void request_that_has_not_completed_is_not_queued(void **state)
{
    struct vio_ctx *ctx = make_queue_ctx(1);
    struct vio_req *req = NULL;

    (void)state;
    assert_int_equal(op_submit(ctx, OP_PENDING, 0, 0, NULL, NULL, &req), 0);
    vio_ctx_queue(req, 0, NULL);
    assert_false(readable(ctx, 0));
    vio_req_unref(req);
    assert_int_equal(vio_ctx_stop(ctx), 0);
    vio_ctx_unref(ctx);
}

/* -- Load ------------------------------------------------------------------------------------- */

enum { THREADS = 3, EACH = 2000 };

struct load {
    struct vio_ctx *ctx;
    struct seen seen;
    int accepted;
    int wanted;
};

static void *submit_load(void *user)
{
    struct load *load = user;

    while (load->accepted < load->wanted) {
        int r = op_submit(load->ctx, OP_AT_ONCE, 0, 0, vio_ctx_queue, &load->seen, NULL);

        assert_true(r == 0 || r == VIO_EAGAIN);
        load->accepted += r == 0;
    }
    return NULL;
}

static void reader_loses_nothing_under_load_from_several_threads(void **state)
{
    struct vio_ctx *ctx = make_queue_ctx(64);
    struct load loads[THREADS] = {0};
    pthread_t threads[THREADS];
    int wanted = (int)test_rounds(EACH);
    int reaped = 0;

    (void)state;
    for (int i = 0; i < THREADS; i++) {
        loads[i].ctx = ctx;
        loads[i].wanted = wanted;
        assert_int_equal(pthread_create(&threads[i], NULL, submit_load, &loads[i]), 0);
    }
    while (reaped < THREADS * wanted) {
        struct vio_req *reqs[16];
        int count;

        assert_true(readable(ctx, 20000));
        count = vio_ctx_reap(ctx, reqs, 16);
        assert_true(count >= 1);
        for (int i = 0; i < count; i++) {
            assert_int_equal(vio_req_status(reqs[i]), 0);
            vio_req_unref(reqs[i]);
        }
        reaped += count;
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_false(readable(ctx, 0));
    assert_int_equal(vio_ctx_stop(ctx), 0);
    vio_ctx_unref(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reaped_request_has_user_and_status),
        cmocka_unit_test(descriptor_is_readable_until_the_queue_is_empty),
        cmocka_unit_test(submission_is_refused_while_the_queue_could_overflow),
        cmocka_unit_test(queue_can_be_reaped_after_stop),
        cmocka_unit_test(unreaped_requests_are_freed_with_the_context),
        cmocka_unit_test(callback_may_pass_its_request_on_to_the_queue),
        cmocka_unit_test(request_that_has_not_completed_is_not_queued),
        cmocka_unit_test(reader_loses_nothing_under_load_from_several_threads),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
