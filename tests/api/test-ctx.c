/* SPDX-License-Identifier: MIT */
/* A context through the public interface alone, as a program sees it. */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>

#include <libvio/ctx.h>
#include <libvio/error.h>

#include "tests/support/test.h"

static void null_is_refused_or_harmless(void **state)
{
    struct vio_req *reqs[1];
    int timeout;

    (void)state;
    vio_ctx_unref(NULL);
    vio_ctx_config_free(NULL);
    assert_null(vio_ctx_ref(NULL));
    assert_int_equal(vio_ctx_config_new(NULL), VIO_EINVAL);
    assert_int_equal(vio_ctx_new(NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_ctx_fd(NULL), VIO_EINVAL);
    assert_int_equal(vio_ctx_timeout(NULL, &timeout), VIO_EINVAL);
    assert_int_equal(vio_ctx_dispatch(NULL), VIO_EINVAL);
    assert_int_equal(vio_ctx_close(NULL, NULL, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_ctx_stop(NULL), VIO_EINVAL);
    assert_int_equal(vio_ctx_queue_fd(NULL), VIO_EINVAL);
    assert_int_equal(vio_ctx_reap(NULL, reqs, 1), VIO_EINVAL);
    assert_int_equal(vio_ctx_config_set_drive(NULL, VIO_DRIVE_POLL), VIO_EINVAL);
    assert_int_equal(vio_ctx_config_set_uv_loop(NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_ctx_config_set_log(NULL, NULL, NULL, 0), VIO_EINVAL);
    assert_int_equal(vio_ctx_config_set_timeout(NULL, 0), VIO_EINVAL);
    assert_int_equal(vio_ctx_config_set_queue_max(NULL, 1), VIO_EINVAL);
    assert_int_equal(vio_ctx_config_set_allocator(NULL, NULL, NULL, NULL, NULL), VIO_EINVAL);
}

static void setters_refuse_what_is_out_of_range(void **state)
{
    struct vio_ctx_config *config;

    (void)state;
    assert_int_equal(vio_ctx_config_new(&config), 0);
    assert_int_equal(vio_ctx_config_set_drive(config, VIO_DRIVE_UNKNOWN), VIO_EINVAL);
    assert_int_equal(vio_ctx_config_set_drive(config, VIO_DRIVE_UV), VIO_EINVAL);
    assert_int_equal(vio_ctx_config_set_drive(config, 4), VIO_EINVAL);
    assert_int_equal(vio_ctx_config_set_uv_loop(config, NULL), VIO_EINVAL);
    assert_int_equal(vio_ctx_config_set_log(config, NULL, NULL, -1), VIO_EINVAL);
    assert_int_equal(vio_ctx_config_set_log(config, NULL, NULL, VIO_LOG_DEBUG + 1), VIO_EINVAL);
    assert_int_equal(vio_ctx_config_set_queue_max(config, 0), VIO_EINVAL);
    assert_int_equal(vio_ctx_config_set_queue_max(config, VIO_QUEUE_MAX_LIMIT + 1), VIO_EINVAL);
    assert_int_equal(vio_ctx_config_set_queue_max(config, VIO_QUEUE_MAX_LIMIT), 0);
    assert_int_equal(vio_ctx_config_set_allocator(config, NULL, NULL, NULL, NULL), VIO_EINVAL);
    vio_ctx_config_free(config);
}

static void default_context_starts_and_stops(void **state)
{
    struct vio_ctx *ctx = NULL;
    struct vio_req *reqs[1];

    (void)state;
    assert_int_equal(vio_ctx_new(NULL, &ctx), 0);
    assert_ptr_equal(vio_ctx_ref(ctx), ctx);
    vio_ctx_unref(ctx);
    assert_int_equal(vio_ctx_fd(ctx), VIO_ESTATE);
    assert_int_equal(vio_ctx_reap(ctx, reqs, 1), 0);
    assert_int_equal(vio_ctx_reap(ctx, NULL, 0), 0);
    assert_int_equal(vio_ctx_reap(ctx, NULL, 1), VIO_EINVAL);
    assert_int_equal(vio_ctx_stop(ctx), 0);
    vio_ctx_unref(ctx);
}

static void configuration_may_go_once_the_context_is_there(void **state)
{
    struct vio_ctx_config *config;
    struct vio_ctx *ctx = NULL;
    int timeout = 5;

    (void)state;
    assert_int_equal(vio_ctx_config_new(&config), 0);
    assert_int_equal(vio_ctx_config_set_drive(config, VIO_DRIVE_POLL), 0);
    assert_int_equal(vio_ctx_new(config, &ctx), 0);
    vio_ctx_config_free(config);
    assert_true(vio_ctx_fd(ctx) >= 0);
    assert_int_equal(vio_ctx_timeout(ctx, NULL), VIO_EINVAL);
    assert_int_equal(vio_ctx_timeout(ctx, &timeout), 0);
    assert_int_equal(vio_ctx_dispatch(ctx), 0);
    assert_int_equal(vio_ctx_stop(ctx), 0);
    assert_int_equal(vio_ctx_timeout(ctx, &timeout), 0);
    assert_int_equal(timeout, -1);
    assert_int_equal(vio_ctx_dispatch(ctx), 0);
    vio_ctx_unref(ctx);
}

struct closed {
    struct vio_ctx *ctx;
    atomic_int calls;
    int status;
    int blocked; /* signals that the loop's thread does not take */
};

static void on_closed(struct vio_req *req, int status, void *user)
{
    struct closed *closed = user;
    sigset_t set;

    assert_int_equal(vio_req_status(req), status);
    pthread_sigmask(SIG_BLOCK, NULL, &set);
    closed->blocked = sigismember(&set, SIGTERM) + sigismember(&set, SIGINT);
    closed->status = status;
    atomic_fetch_add(&closed->calls, 1);
}

static void signals_stay_with_the_programs_own_threads(void **state)
{
    struct closed closed = {0};
    sigset_t before;
    sigset_t after;

    (void)state;
    memset(&before, 0, sizeof(before));
    memset(&after, 0, sizeof(after));
    pthread_sigmask(SIG_BLOCK, NULL, &before);
    assert_int_equal(vio_ctx_new(NULL, &closed.ctx), 0);
    assert_int_equal(vio_ctx_close(closed.ctx, on_closed, &closed, NULL), 0);
    assert_int_equal(vio_ctx_stop(closed.ctx), 0);
    vio_ctx_unref(closed.ctx);
    pthread_sigmask(SIG_BLOCK, NULL, &after);
    assert_memory_equal(&before, &after, sizeof(before));
    assert_int_equal(closed.calls, 1);
    assert_int_equal(closed.status, 0);
    assert_int_equal(closed.blocked, 2);
}

static void many_contexts_live_beside_each_other(void **state)
{
    enum { COUNT = 20 };
    struct vio_ctx *ctxs[COUNT];

    (void)state;
    for (int i = 0; i < COUNT; i++)
        assert_int_equal(vio_ctx_new(NULL, &ctxs[i]), 0);
    for (int i = 0; i < COUNT; i++) {
        if (i % 2 == 0)
            assert_int_equal(vio_ctx_stop(ctxs[i]), 0);
        vio_ctx_unref(ctxs[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(null_is_refused_or_harmless),
        cmocka_unit_test(setters_refuse_what_is_out_of_range),
        cmocka_unit_test(default_context_starts_and_stops),
        cmocka_unit_test(configuration_may_go_once_the_context_is_there),
        cmocka_unit_test(signals_stay_with_the_programs_own_threads),
        cmocka_unit_test(many_contexts_live_beside_each_other),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
