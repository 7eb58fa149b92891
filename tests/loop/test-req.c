/* SPDX-License-Identifier: MIT */
/* The promises of a request, whoever drives the context. */
#include <string.h>

#include "tests/support/ops.h"
#include "tests/support/test.h"

static int setup(void **state)
{
    *state = make_ctx(VIO_DRIVE_THREAD);
    return 0;
}

static int teardown(void **state)
{
    assert_int_equal(vio_ctx_stop(*state), 0);
    vio_ctx_unref(*state);
    return 0;
}

/* Submits, waits, and gives the status. */
static int run(struct vio_ctx *ctx, enum op_kind kind, int status, struct seen *seen)
{
    struct vio_req *req = NULL;
    int r;

    assert_int_equal(op_submit(ctx, kind, 1000000, status, NULL, seen, &req), 0);
    assert_int_equal(vio_req_wait(req, -1), 0);
    r = vio_req_status(req);
    if (seen != NULL)
        release(req, seen);
    else
        vio_req_unref(req);
    return r;
}

static void callback_comes_once_on_the_loops_thread(void **state)
{
    struct seen seen = {0};

    assert_int_equal(run(*state, OP_AT_ONCE, VIO_EDEVICE, &seen), VIO_EDEVICE);
    assert_int_equal(seen.calls, 1);
    assert_int_equal(seen.status, VIO_EDEVICE);
    assert_false(pthread_equal(seen.thread, pthread_self()));
}

/* -- Submission inside a callback ------------------------------------------------------------- */

struct nested {
    struct vio_ctx *ctx;
    struct seen inner;
    int calls_when_submit_returned;
    int submit_result;
    bool req_was_written;
    atomic_int done;
};

static void submit_another(struct vio_req *req, int status, void *user)
{
    struct nested *nested = user;
    struct vio_req *inner = NULL;

    (void)req;
    (void)status;
    nested->submit_result = op_submit(nested->ctx, OP_AT_ONCE, 0, 0, NULL, &nested->inner, &inner);
    nested->calls_when_submit_returned = atomic_load(&nested->inner.calls);
    nested->req_was_written = inner != NULL;
    vio_req_unref(inner);
    atomic_store(&nested->done, 1);
}

static void callback_never_comes_inside_the_submission_even_on_the_loops_thread(void **state)
{
    struct nested nested = {.ctx = *state};

    assert_int_equal(op_submit_plain(*state, submit_another, &nested, NULL), 0);
    await_count(&nested.done, 1);
    await_count(&nested.inner.calls, 1);
    assert_int_equal(nested.submit_result, 0);
    assert_int_equal(nested.calls_when_submit_returned, 0);
    assert_true(nested.req_was_written);
    assert_int_equal(nested.inner.calls, 1);
    await_count(&nested.inner.destroys, 1);
}

struct written {
    struct vio_req *req;
    atomic_int same;
    atomic_int calls;
};

static void compare_req(struct vio_req *req, int status, void *user)
{
    struct written *written = user;

    (void)status;
    if (written->req == req)
        atomic_fetch_add(&written->same, 1);
    atomic_fetch_add(&written->calls, 1);
}

static void ret_req_is_written_before_the_request_can_complete(void **state)
{
    int count = (int)test_rounds(2000);

    for (int i = 0; i < count; i++) {
        struct written written = {0};

        assert_int_equal(op_submit_plain(*state, compare_req, &written, &written.req), 0);
        assert_int_equal(vio_req_wait(written.req, -1), 0);
        assert_int_equal(written.calls, 1);
        assert_int_equal(written.same, 1);
        vio_req_unref(written.req);
    }
}

static void request_may_have_neither_callback_nor_holder(void **state)
{
    struct seen seen = {0};
    struct vio_req *req = NULL;

    assert_int_equal(op_submit_plain(*state, NULL, NULL, NULL), 0);
    assert_int_equal(op_submit_plain(*state, NULL, NULL, &req), 0);
    assert_int_equal(vio_req_wait(req, -1), 0);
    assert_int_equal(vio_req_status(req), 0);
    vio_req_unref(req);
    assert_int_equal(op_submit(*state, OP_TIMER, 1000, 0, NULL, &seen, NULL), 0);
    await_count(&seen.destroys, 1);
    assert_int_equal(seen.calls, 1);
}

static void completions_keep_the_order_of_their_submissions(void **state)
{
    enum { COUNT = 200 };
    struct seen seen[COUNT] = {0};
    atomic_int clock = 0;

    for (int i = 0; i < COUNT; i++) {
        seen[i].clock = &clock;
        assert_int_equal(op_submit(*state, OP_AT_ONCE, 0, 0, NULL, &seen[i], NULL), 0);
    }
    for (int i = 0; i < COUNT; i++) {
        await_count(&seen[i].destroys, 1);
        assert_int_equal(seen[i].order, i + 1);
    }
}

/* -- Cancel ----------------------------------------------------------------------------------- */

static void cancel_of_a_running_request_calls_back_with_canceled(void **state)
{
    const enum op_kind kinds[] = {OP_PENDING, OP_PLAIN, OP_SLOW_END};

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        struct seen seen = {0};
        struct vio_req *req = NULL;

        assert_int_equal(op_submit(*state, kinds[i], 0, 0, NULL, &seen, &req), 0);
        await_count(&seen.starts, 1);
        assert_int_equal(vio_req_status(req), VIO_EPENDING);
        assert_int_equal(vio_req_cancel(req), 0);
        assert_int_equal(vio_req_cancel(req), 0);
        assert_int_equal(vio_req_wait(req, -1), 0);
        assert_int_equal(vio_req_status(req), VIO_ECANCELED);
        assert_int_equal(seen.calls, 1);
        assert_int_equal(seen.cancels, kinds[i] == OP_PLAIN ? 0 : 1);
        release(req, &seen);
    }
}

struct blocked {
    struct seen *seen;
    struct vio_req *req;
};

static void submit_and_cancel(struct vio_ctx *ctx, void *user)
{
    struct blocked *blocked = user;

    assert_int_equal(op_submit(ctx, OP_AT_ONCE, 0, 0, NULL, blocked->seen, &blocked->req), 0);
    assert_int_equal(vio_req_cancel(blocked->req), 0);
}

static void request_canceled_before_it_starts_is_never_started(void **state)
{
    struct seen seen = {0};
    struct blocked blocked = {.seen = &seen};

    /* On the loop's thread nothing can start in between. */
    on_loop(*state, submit_and_cancel, &blocked);
    assert_int_equal(vio_req_wait(blocked.req, -1), 0);
    assert_int_equal(vio_req_status(blocked.req), VIO_ECANCELED);
    assert_int_equal(seen.starts, 0);
    assert_int_equal(seen.cancels, 0);
    assert_int_equal(seen.calls, 1);
    release(blocked.req, &seen);
}

static void cancel_itself(struct vio_req *req, int status, void *user)
{
    assert_int_equal(vio_req_cancel(req), 0);
    count_call(req, status, user);
}

static void cancel_of_a_completed_request_changes_nothing(void **state)
{
    struct seen seen = {0};
    struct vio_req *req = NULL;

    assert_int_equal(op_submit(*state, OP_AT_ONCE, 0, 0, cancel_itself, &seen, &req), 0);
    assert_int_equal(vio_req_wait(req, -1), 0);
    assert_int_equal(vio_req_cancel(req), 0);
    assert_int_equal(run(*state, OP_AT_ONCE, 0, NULL), 0);
    assert_int_equal(vio_req_status(req), 0);
    assert_int_equal(seen.calls, 1);
    assert_int_equal(seen.cancels, 0);
    release(req, &seen);
}

static void *cancel_repeatedly(void *user)
{
    for (int i = 0; i < 50; i++)
        vio_req_cancel(user);
    return NULL;
}

static void cancel_races_with_completion_and_deadline_end_in_one_callback(void **state)
{
    int count = (int)test_rounds(100);

    for (int i = 0; i < count; i++) {
        struct seen seen = {0};
        struct vio_req *req = NULL;
        pthread_t thread;

        assert_int_equal(op_submit(*state, OP_TIMER, 200000, 0, NULL, &seen, &req), 0);
        assert_int_equal(pthread_create(&thread, NULL, cancel_repeatedly, req), 0);
        assert_int_equal(vio_req_set_deadline(req, (uint32_t)(i % 2)), 0);
        assert_int_equal(vio_req_wait(req, -1), 0);
        pthread_join(thread, NULL);
        assert_int_equal(seen.calls, 1);
        assert_true(seen.status == 0 || seen.status == VIO_ECANCELED ||
                    seen.status == VIO_ETIMEDOUT);
        assert_int_equal(vio_req_status(req), seen.status);
        release(req, &seen);
    }
}

/* -- Deadline --------------------------------------------------------------------------------- */

static void deadline_ends_a_request_with_timedout(void **state)
{
    const enum op_kind kinds[] = {OP_PENDING, OP_PLAIN};

    for (size_t i = 0; i < 2; i++) {
        struct seen seen = {0};
        struct vio_req *req = NULL;

        assert_int_equal(op_submit(*state, kinds[i], 0, 0, NULL, &seen, &req), 0);
        assert_int_equal(vio_req_set_deadline(req, 5), 0);
        assert_int_equal(vio_req_wait(req, -1), 0);
        assert_int_equal(vio_req_status(req), VIO_ETIMEDOUT);
        assert_int_equal(seen.calls, 1);
        release(req, &seen);
    }
}

static void deadline_can_be_moved_in_both_directions(void **state)
{
    struct seen seen = {0};
    struct vio_req *req = NULL;

    assert_int_equal(op_submit(*state, OP_PENDING, 0, 0, NULL, &seen, &req), 0);
    assert_int_equal(vio_req_set_deadline(req, 20), 0);
    assert_int_equal(vio_req_set_deadline(req, 3600000), 0);
    assert_int_equal(vio_req_wait(req, 60), VIO_ETIMEDOUT);
    assert_int_equal(vio_req_status(req), VIO_EPENDING);
    assert_int_equal(vio_req_set_deadline(req, 0), 0);
    assert_int_equal(vio_req_wait(req, -1), 0);
    assert_int_equal(vio_req_status(req), VIO_ETIMEDOUT);
    release(req, &seen);
}

static void submit_too_late(struct vio_ctx *ctx, void *user)
{
    struct blocked *blocked = user;

    assert_int_equal(op_submit(ctx, OP_AT_ONCE, 0, 0, NULL, blocked->seen, &blocked->req), 0);
    assert_int_equal(vio_req_set_deadline(blocked->req, 0), 0);
}

static void deadline_that_has_passed_before_the_start_keeps_it_from_starting(void **state)
{
    struct seen seen = {0};
    struct blocked blocked = {.seen = &seen};

    on_loop(*state, submit_too_late, &blocked);
    assert_int_equal(vio_req_wait(blocked.req, -1), 0);
    assert_int_equal(vio_req_status(blocked.req), VIO_ETIMEDOUT);
    assert_int_equal(seen.starts, 0);
    assert_int_equal(seen.calls, 1);
    release(blocked.req, &seen);
}

static void default_deadline_holds_where_no_other_is_set(void **state)
{
    struct vio_ctx_config *config;
    struct vio_ctx *ctx;
    struct vio_req *req = NULL;

    (void)state;
    assert_int_equal(vio_ctx_config_new(&config), 0);
    assert_int_equal(vio_ctx_config_set_timeout(config, 5), 0);
    assert_int_equal(vio_ctx_new(config, &ctx), 0);
    vio_ctx_config_free(config);
    assert_int_equal(op_submit(ctx, OP_PENDING, 0, 0, NULL, NULL, &req), 0);
    assert_int_equal(vio_req_wait(req, -1), 0);
    assert_int_equal(vio_req_status(req), VIO_ETIMEDOUT);
    vio_req_unref(req);
    assert_int_equal(vio_ctx_stop(ctx), 0);
    vio_ctx_unref(ctx);
}

/* -- Outcome ---------------------------------------------------------------------------------- */

static atomic_int results_freed;

static void free_result(void *object)
{
    (void)object;
    atomic_fetch_add(&results_freed, 1);
}

static void tell_much(struct vio_req *req, void *op)
{
    static int first;
    static int second;

    (void)op;
    vio__req_set_result(req, "thing", &first, free_result);
    vio__req_set_result(req, "thing", &second, free_result);
    vio__req_set_result(req, "other", &first, free_result);
    vio__req_set_device_status(req, 42);
    vio__req_add_problem(req, VIO_ENAME, "web0", "name \"%s\" is taken", "web0");
    vio__req_add_problem(req, VIO_EFULL, NULL, "no slot");
    vio__req_fail(req, VIO_EINVAL, "slot %d is empty", 7);
    vio__req_complete(req, 0);
    vio__req_set_device_status(req, 1);
    vio__req_add_problem(req, VIO_EIO, NULL, "too late");
}

static const struct vio_req_class telling_class = {.name = "telling", .start = tell_much};

static void detail_is_read_from_the_request_and_outlives_the_context(void **state)
{
    struct vio_ctx *ctx = make_ctx(VIO_DRIVE_THREAD);
    struct vio_req *req;

    (void)state;
    atomic_store(&results_freed, 0);
    assert_int_equal(vio__req_new(vio__ctx_loop(ctx), &telling_class, NULL, &ctx, &req), 0);
    assert_string_equal(vio_req_message(req), "");
    assert_int_equal(vio__req_submit(req, &req), 0);
    assert_int_equal(vio_req_wait(req, -1), 0);
    assert_int_equal(vio_ctx_stop(ctx), 0);
    vio_ctx_unref(ctx);

    assert_int_equal(vio_req_status(req), VIO_EINVAL);
    assert_string_equal(vio_req_message(req), "slot 7 is empty");
    assert_string_equal(vio_req_name(req), "telling");
    assert_ptr_equal(vio_req_user(req), &ctx);
    assert_int_equal(vio_req_device_status(req), 42);
    assert_int_equal(vio_req_num_problems(req), 2);
    assert_int_equal(vio_req_problem_code(req, 0), VIO_ENAME);
    assert_string_equal(vio_req_problem_object(req, 0), "web0");
    assert_string_equal(vio_req_problem_text(req, 0), "name \"web0\" is taken");
    assert_string_equal(vio_req_problem_object(req, 1), "");
    assert_int_equal(vio_req_problem_code(req, 2), 0);
    assert_string_equal(vio_req_problem_text(req, 2), "");
    assert_non_null(vio__req_result(req, "thing"));
    assert_non_null(vio__req_result(req, "other"));
    assert_ptr_not_equal(vio__req_result(req, "other"), vio__req_result(req, "thing"));
    assert_null(vio__req_result(req, "other thing"));
    assert_int_equal(results_freed, 1);
    vio_req_unref(req);
    assert_int_equal(results_freed, 3);
}

static void message_of_a_bare_status_is_its_text(void **state)
{
    struct vio_req *req = NULL;

    assert_int_equal(op_submit(*state, OP_AT_ONCE, 0, VIO_EGONE, NULL, NULL, &req), 0);
    assert_int_equal(vio_req_wait(req, -1), 0);
    assert_string_equal(vio_req_message(req), vio_strerror(VIO_EGONE));
    assert_int_equal(vio_req_num_problems(req), 0);
    vio_req_unref(req);
}

struct heard {
    atomic_int count;
    atomic_int level;
    char text[128];
};

static void hear(void *user, int level, const char *text)
{
    struct heard *heard = user;

    strncpy(heard->text, text, sizeof(heard->text) - 1);
    atomic_store(&heard->level, level);
    atomic_fetch_add(&heard->count, 1);
}

static void failure_is_logged_for_debugging_only(void **state)
{
    const int levels[] = {VIO_LOG_INFO, VIO_LOG_DEBUG};

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct vio_ctx_config *config;
        struct vio_ctx *ctx;
        struct heard heard = {0};

        assert_int_equal(vio_ctx_config_new(&config), 0);
        assert_int_equal(vio_ctx_config_set_log(config, hear, &heard, levels[i]), 0);
        assert_int_equal(vio_ctx_new(config, &ctx), 0);
        vio_ctx_config_free(config);
        assert_int_equal(run(ctx, OP_AT_ONCE, VIO_EGONE, NULL), VIO_EGONE);
        assert_int_equal(run(ctx, OP_AT_ONCE, 0, NULL), 0);
        assert_int_equal(vio_ctx_stop(ctx), 0);
        vio_ctx_unref(ctx);
        assert_int_equal(heard.count, i);
        if (i == 1) {
            assert_int_equal(heard.level, VIO_LOG_DEBUG);
            assert_string_equal(heard.text, "test: server, adapter or function is gone");
        }
    }
}

/* -- Progress --------------------------------------------------------------------------------- */

struct progress {
    atomic_int calls;
    atomic_int permille;
    atomic_int done_before; /* progress that came after the callback */
    atomic_int done;
    char text[64];
};

static void on_progress(struct vio_req *req, uint32_t permille, const char *text, void *user)
{
    struct progress *progress = user;

    (void)req;
    if (atomic_load(&progress->done) != 0)
        atomic_fetch_add(&progress->done_before, 1);
    strncpy(progress->text, text, sizeof(progress->text) - 1);
    atomic_store(&progress->permille, (int)permille);
    atomic_fetch_add(&progress->calls, 1);
}

static void progress_is_told_to_the_callback_and_to_who_asks(void **state)
{
    struct progress progress = {0};
    struct vio_req *req = NULL;
    char text[64] = "";

    assert_int_equal(op_submit(*state, OP_PENDING, 0, 0, NULL, NULL, &req), 0);
    assert_int_equal(vio_req_progress(req), 0);
    assert_int_equal(vio_req_progress_text(req, text, sizeof(text)), 0);
    assert_string_equal(text, "");
    assert_int_equal(vio_req_set_progress_cb(req, on_progress, &progress), 0);
    vio__req_progress(req, 250, "reading functions");
    await_count(&progress.calls, 1);
    assert_int_equal(progress.permille, 250);
    assert_string_equal(progress.text, "reading functions");
    vio__req_progress(req, 5000, "nearly there");
    await_count(&progress.calls, 2);
    assert_int_equal(progress.permille, 1000);
    assert_int_equal(vio_req_progress(req), 1000);
    assert_int_equal(vio_req_progress_text(req, text, 7), 0);
    assert_string_equal(text, "nearly");
    assert_int_equal(vio_req_set_progress_cb(req, NULL, NULL), 0);
    vio__req_progress(req, 1000, "unheard");
    assert_int_equal(vio_req_cancel(req), 0);
    assert_int_equal(vio_req_wait(req, -1), 0);
    assert_int_equal(progress.calls, 2);
    vio_req_unref(req);
}

static void progress_never_comes_after_the_callback(void **state)
{
    struct progress progress = {0};
    struct vio_req *req = NULL;

    assert_int_equal(op_submit(*state, OP_AT_ONCE, 0, 0, NULL, NULL, &req), 0);
    assert_int_equal(vio_req_set_progress_cb(req, on_progress, &progress), 0);
    assert_int_equal(vio_req_wait(req, -1), 0);
    atomic_store(&progress.done, 1);
    vio__req_progress(req, 10, "late");
    assert_int_equal(run(*state, OP_AT_ONCE, 0, NULL), 0);
    assert_int_equal(progress.done_before, 0);
    vio_req_unref(req);
}

/* -- Arguments -------------------------------------------------------------------------------- */

static void null_is_refused_or_harmless(void **state)
{
    char text[8];

    (void)state;
    vio_req_unref(NULL);
    assert_null(vio_req_ref(NULL));
    assert_int_equal(vio_req_cancel(NULL), VIO_EINVAL);
    assert_int_equal(vio_req_set_deadline(NULL, 1), VIO_EINVAL);
    assert_int_equal(vio_req_wait(NULL, 0), VIO_EINVAL);
    assert_int_equal(vio_req_status(NULL), VIO_EINVAL);
    assert_int_equal(vio_req_set_progress_cb(NULL, NULL, NULL), VIO_EINVAL);
    assert_int_equal(vio_req_progress_text(NULL, text, sizeof(text)), VIO_EINVAL);
    assert_null(vio_req_user(NULL));
    assert_string_equal(vio_req_name(NULL), "");
    assert_string_equal(vio_req_message(NULL), "");
    assert_int_equal(vio_req_device_status(NULL), 0);
    assert_int_equal(vio_req_num_problems(NULL), 0);
    assert_int_equal(vio_req_progress(NULL), 0);
}

static void bad_arguments_are_refused(void **state)
{
    struct vio_req *req = NULL;
    char text[4] = "abc";

    assert_int_equal(op_submit(*state, OP_AT_ONCE, 0, 0, NULL, NULL, &req), 0);
    assert_int_equal(vio_req_wait(req, -2), VIO_EINVAL);
    assert_int_equal(vio_req_progress_text(req, NULL, 4), VIO_EINVAL);
    assert_int_equal(vio_req_progress_text(req, text, 0), VIO_EINVAL);
    assert_string_equal(text, "abc");
    vio_req_unref(req);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(callback_comes_once_on_the_loops_thread),
        cmocka_unit_test(callback_never_comes_inside_the_submission_even_on_the_loops_thread),
        cmocka_unit_test(ret_req_is_written_before_the_request_can_complete),
        cmocka_unit_test(request_may_have_neither_callback_nor_holder),
        cmocka_unit_test(completions_keep_the_order_of_their_submissions),
        cmocka_unit_test(cancel_of_a_running_request_calls_back_with_canceled),
        cmocka_unit_test(request_canceled_before_it_starts_is_never_started),
        cmocka_unit_test(cancel_of_a_completed_request_changes_nothing),
        cmocka_unit_test(cancel_races_with_completion_and_deadline_end_in_one_callback),
        cmocka_unit_test(deadline_ends_a_request_with_timedout),
        cmocka_unit_test(deadline_can_be_moved_in_both_directions),
        cmocka_unit_test(deadline_that_has_passed_before_the_start_keeps_it_from_starting),
        cmocka_unit_test(default_deadline_holds_where_no_other_is_set),
        cmocka_unit_test(detail_is_read_from_the_request_and_outlives_the_context),
        cmocka_unit_test(message_of_a_bare_status_is_its_text),
        cmocka_unit_test(failure_is_logged_for_debugging_only),
        cmocka_unit_test(progress_is_told_to_the_callback_and_to_who_asks),
        cmocka_unit_test(progress_never_comes_after_the_callback),
        cmocka_unit_test(null_is_refused_or_harmless),
        cmocka_unit_test(bad_arguments_are_refused),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
