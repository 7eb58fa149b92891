/* SPDX-License-Identifier: MIT */
/* Timers, virtual time, posted work, descriptors and hooks of the loop. */
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "lib/base/dlist.h"
#include "tests/support/ops.h"
#include "tests/support/test.h"

#define MS     UINT64_C(1000000)
#define SECOND UINT64_C(1000000000)
#define HOUR   (3600 * SECOND)

static int setup(void **state)
{
    *state = make_ctx(VIO_DRIVE_POLL);
    return 0;
}

static int teardown(void **state)
{
    assert_int_equal(vio_ctx_stop(*state), 0);
    vio_ctx_unref(*state);
    return 0;
}

/* Dispatches until *value is `wanted`, sleeping as the loop says, 10 s at most. */
static void run_until(struct vio_ctx *ctx, const int *value, int wanted)
{
    for (int i = 0; i < 10000 && *value < wanted; i++) {
        struct pollfd pollfd = {.fd = vio_ctx_fd(ctx), .events = POLLIN};
        int timeout = 0;

        assert_int_equal(vio_ctx_timeout(ctx, &timeout), 0);
        poll(&pollfd, 1, timeout < 0 || timeout > 1000 ? 1000 : timeout);
        assert_int_equal(vio_ctx_dispatch(ctx), 0);
    }
    assert_true(*value >= wanted);
}

struct alarm {
    struct vio_timer timer;
    uint64_t due;
    uint64_t fired_at;
    int fired;
    int *order; /* shared */
    int place;
    struct alarm *stop;
    uint64_t again; /* ns until it fires again */
};

static void on_alarm(struct vio_timer *timer, void *user)
{
    struct alarm *alarm = user;

    assert_false(vio__timer_active(timer));
    alarm->fired++;
    alarm->fired_at = vio__loop_now(timer->loop);
    if (alarm->order != NULL)
        alarm->place = ++*alarm->order;
    if (alarm->stop != NULL)
        vio__timer_stop(&alarm->stop->timer);
    if (alarm->again != 0)
        vio__timer_start(timer, alarm->fired_at + alarm->again);
}

static void set_alarm_at(struct vio_ctx *ctx, struct alarm *alarm, uint64_t due, bool background)
{
    alarm->due = due;
    vio__timer_init(&alarm->timer, vio__ctx_loop(ctx), background, on_alarm, alarm);
    vio__timer_start(&alarm->timer, due);
}

static void set_alarm(struct vio_ctx *ctx, struct alarm *alarm, uint64_t delay, bool background)
{
    set_alarm_at(ctx, alarm, vio__loop_now(vio__ctx_loop(ctx)) + delay, background);
}

static void timers_fire_in_order_and_never_early(void **state)
{
    const uint64_t delays[] = {5 * MS, 1 * MS, 3 * MS, 1 * MS, 0};
    const int places[] = {5, 2, 4, 3, 1};
    const uint64_t now = vio__loop_now(vio__ctx_loop(*state));
    struct alarm alarms[5] = {0};
    int order = 0;

    for (int i = 0; i < 5; i++) {
        alarms[i].order = &order;
        set_alarm_at(*state, &alarms[i], now + delays[i], false);
    }
    run_until(*state, &order, 5);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(alarms[i].fired, 1);
        assert_true(alarms[i].fired_at >= alarms[i].due);
        assert_int_equal(alarms[i].place, places[i]);
    }
}

static void timer_can_be_moved_and_stopped(void **state)
{
    struct alarm moved = {0};
    struct alarm stopped = {0};
    struct alarm last = {0};

    set_alarm(*state, &moved, HOUR, false);
    set_alarm(*state, &stopped, 1 * MS, false);
    set_alarm(*state, &last, 4 * MS, false);
    vio__timer_start(&moved.timer, vio__loop_now(vio__ctx_loop(*state)) + 1 * MS);
    vio__timer_stop(&stopped.timer);
    vio__timer_stop(&stopped.timer);
    run_until(*state, &last.fired, 1);
    assert_int_equal(moved.fired, 1);
    assert_int_equal(stopped.fired, 0);
}

static void timer_may_stop_another_that_is_due_too(void **state)
{
    struct alarm second = {0};
    struct alarm first = {.stop = &second};
    struct alarm last = {0};

    set_alarm(*state, &first, 0, false);
    set_alarm(*state, &second, 0, false);
    set_alarm(*state, &last, 3 * MS, false);
    run_until(*state, &last.fired, 1);
    assert_int_equal(first.fired, 1);
    assert_int_equal(second.fired, 0);
}

/* -- Virtual time ----------------------------------------------------------------------------- */

static void virtual_time_jumps_to_the_next_timer_when_idle(void **state)
{
    struct vio_loop *loop = vio__ctx_loop(*state);
    struct alarm alarms[3] = {0};
    uint64_t start;

    vio__loop_set_virtual(loop);
    start = vio__loop_now(loop);
    set_alarm(*state, &alarms[0], 5 * HOUR, false);
    set_alarm(*state, &alarms[1], 2 * HOUR, false);
    set_alarm(*state, &alarms[2], 2 * HOUR + 1, false);
    assert_int_equal(vio__loop_now(loop), start);
    run_until(*state, &alarms[0].fired, 1);
    assert_int_equal(alarms[1].fired_at, start + 2 * HOUR);
    assert_int_equal(alarms[2].fired_at, start + 2 * HOUR + 1);
    assert_int_equal(alarms[0].fired_at, start + 5 * HOUR);
    assert_int_equal(vio__loop_now(loop), start + 5 * HOUR);
}

static void virtual_time_does_not_run_for_housekeeping_alone(void **state)
{
    struct vio_loop *loop = vio__ctx_loop(*state);
    struct alarm housekeeping = {.again = SECOND};
    struct vio_req *req = NULL;
    uint64_t start;

    vio__loop_set_virtual(loop);
    start = vio__loop_now(loop);
    set_alarm(*state, &housekeeping, SECOND, true);
    for (int i = 0; i < 100; i++)
        assert_int_equal(vio_ctx_dispatch(*state), 0);
    assert_int_equal(vio__loop_now(loop), start);
    assert_int_equal(housekeeping.fired, 0);

    /* While a request waits, it does: a slow poll may be what ends it. */
    assert_int_equal(op_submit(*state, OP_PENDING, 0, 0, NULL, NULL, &req), 0);
    run_until(*state, &housekeeping.fired, 10);
    assert_int_equal(vio__loop_now(loop), start + 10 * SECOND);
    assert_int_equal(vio_req_cancel(req), 0);
    assert_int_equal(vio_req_wait(req, -1), 0);
    vio_req_unref(req);
    housekeeping.again = 0;
    vio__timer_stop(&housekeeping.timer);
}

static void deadlines_pass_in_virtual_time(void **state)
{
    struct vio_loop *loop = vio__ctx_loop(*state);
    struct vio_req *req = NULL;
    uint64_t start;

    vio__loop_set_virtual(loop);
    start = vio__loop_now(loop);
    assert_int_equal(op_submit(*state, OP_PENDING, 0, 0, NULL, NULL, &req), 0);
    assert_int_equal(vio_req_set_deadline(req, 3600000), 0);
    assert_int_equal(vio_req_wait(req, 10000), 0);
    assert_int_equal(vio_req_status(req), VIO_ETIMEDOUT);
    assert_int_equal(vio__loop_now(loop), start + HOUR);
    vio_req_unref(req);
}

struct chore {
    struct vio_post post;
    struct vio_loop *loop;
    int left; /* how often it is posted again */
    const struct alarm *alarm;
    int fired_meanwhile;
};

static void do_chore(struct vio_post *post)
{
    struct chore *chore = (struct chore *)post;

    chore->fired_meanwhile += chore->alarm->fired;
    if (--chore->left > 0)
        assert_int_equal(vio__loop_post(chore->loop, post), 0);
}

static void virtual_time_stands_still_while_there_is_work(void **state)
{
    struct vio_loop *loop = vio__ctx_loop(*state);
    struct alarm alarm = {0};
    struct chore chore = {.post = {.fn = do_chore}, .loop = loop, .left = 1000, .alarm = &alarm};

    vio__loop_set_virtual(loop);
    set_alarm(*state, &alarm, 1, false);
    assert_int_equal(vio__loop_post(loop, &chore.post), 0);
    run_until(*state, &alarm.fired, 1);
    assert_int_equal(chore.left, 0);
    assert_int_equal(chore.fired_meanwhile, 0);
}

/* -- Posts ------------------------------------------------------------------------------------ */

struct note {
    struct vio_post post;
    struct vio_ctx *ctx;
    int calls;
    int again;
    int *order;
    int place;
};

static void on_note(struct vio_post *post)
{
    struct note *note = VIO_CONTAINER_OF(post, struct note, post);

    note->calls++;
    note->place = ++*note->order;
    if (note->again-- > 0)
        assert_int_equal(vio__loop_post(vio__ctx_loop(note->ctx), post), 0);
}

static void posts_run_in_order_and_may_post_again(void **state)
{
    struct note notes[3] = {0};
    int order = 0;

    for (int i = 0; i < 3; i++) {
        notes[i].ctx = *state;
        notes[i].post.fn = on_note;
        notes[i].order = &order;
        notes[i].again = i == 0 ? 500 : 0;
        assert_int_equal(vio__loop_post(vio__ctx_loop(*state), &notes[i].post), 0);
    }
    assert_int_equal(order, 0);
    run_until(*state, &order, 503);
    assert_int_equal(notes[0].calls, 501);
    assert_int_equal(notes[1].place, 2);
    assert_int_equal(notes[2].place, 3);
}

static void posting_without_end_does_not_starve_timers(void **state)
{
    struct alarm alarm = {0};
    struct note note = {.ctx = *state, .post = {.fn = on_note}, .again = INT32_MAX};
    int order = 0;

    note.order = &order;
    assert_int_equal(vio__loop_post(vio__ctx_loop(*state), &note.post), 0);
    set_alarm(*state, &alarm, 1 * MS, false);
    run_until(*state, &alarm.fired, 1);
    note.again = 0;
    run_until(*state, &order, order + 1);
}

static void post_after_close_is_refused(void **state)
{
    struct vio_ctx *ctx = make_ctx(VIO_DRIVE_POLL);
    struct vio_loop *loop = vio__loop_ref(vio__ctx_loop(ctx));
    int order = 0;
    struct note note = {.ctx = ctx, .post = {.fn = on_note}, .order = &order};

    (void)state;
    assert_int_equal(vio_ctx_stop(ctx), 0);
    vio_ctx_unref(ctx);
    assert_int_equal(vio__loop_post(loop, &note.post), VIO_ECLOSED);
    assert_int_equal(note.calls, 0);
    vio__loop_unref(loop);
}

/* -- Descriptors ------------------------------------------------------------------------------ */

struct watcher {
    int fd;
    int calls;
    int events;
    bool close;
};

static void on_ready(struct vio_watch *watch, int events, void *user)
{
    struct watcher *watcher = user;
    uint64_t value;

    watcher->calls++;
    watcher->events |= events;
    if ((events & VIO_WATCH_READ) != 0)
        assert_int_equal(read(watcher->fd, &value, sizeof(value)), sizeof(value));
    if ((events & VIO_WATCH_WRITE) != 0)
        assert_int_equal(vio__watch_set(watch, VIO_WATCH_READ), 0);
    if (watcher->close)
        vio__watch_close(watch);
}

static void watch_tells_what_is_ready_until_it_is_closed(void **state)
{
    struct watcher watcher = {.fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    struct vio_watch *watch = NULL;
    uint64_t one = 1;

    assert_true(watcher.fd >= 0);
    assert_int_equal(vio__watch_new(vio__ctx_loop(*state), watcher.fd, on_ready, &watcher, &watch),
                     0);
    assert_int_equal(vio__watch_set(watch, VIO_WATCH_READ | VIO_WATCH_WRITE), 0);
    run_until(*state, &watcher.calls, 1);
    assert_int_equal(watcher.events, VIO_WATCH_WRITE);
    assert_int_equal(write(watcher.fd, &one, sizeof(one)), sizeof(one));
    run_until(*state, &watcher.calls, 2);
    assert_int_equal(watcher.events, VIO_WATCH_WRITE | VIO_WATCH_READ);
    assert_int_equal(vio__watch_set(watch, 0), 0);
    assert_int_equal(write(watcher.fd, &one, sizeof(one)), sizeof(one));
    for (int i = 0; i < 5; i++)
        assert_int_equal(vio_ctx_dispatch(*state), 0);
    assert_int_equal(watcher.calls, 2);
    watcher.close = true;
    assert_int_equal(vio__watch_set(watch, VIO_WATCH_READ), 0);
    run_until(*state, &watcher.calls, 3);
    close(watcher.fd);
    assert_int_equal(vio_ctx_dispatch(*state), 0);
    vio__watch_close(NULL);
}

static void watch_left_open_is_closed_with_the_loop(void **state)
{
    struct vio_ctx *ctx = make_ctx(VIO_DRIVE_POLL);
    struct watcher watcher = {.fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    struct vio_watch *watch = NULL;

    (void)state;
    assert_int_equal(vio__watch_new(vio__ctx_loop(ctx), watcher.fd, on_ready, &watcher, &watch), 0);
    assert_int_equal(vio__watch_set(watch, VIO_WATCH_READ), 0);
    assert_int_equal(vio_ctx_stop(ctx), 0);
    close(watcher.fd);
    vio_ctx_unref(ctx);
}

static void descriptor_that_cannot_be_polled_is_refused(void **state)
{
    struct watcher watcher = {0};
    struct vio_watch *watch = NULL;

    assert_int_equal(vio__watch_new(vio__ctx_loop(*state), 1000000, on_ready, &watcher, &watch),
                     VIO_EIO);
    assert_null(watch);
}

int main(void)
{
#define WITH_CTX(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        WITH_CTX(timers_fire_in_order_and_never_early),
        WITH_CTX(timer_can_be_moved_and_stopped),
        WITH_CTX(timer_may_stop_another_that_is_due_too),
        WITH_CTX(virtual_time_jumps_to_the_next_timer_when_idle),
        WITH_CTX(virtual_time_does_not_run_for_housekeeping_alone),
        WITH_CTX(deadlines_pass_in_virtual_time),
        WITH_CTX(virtual_time_stands_still_while_there_is_work),
        WITH_CTX(posts_run_in_order_and_may_post_again),
        WITH_CTX(posting_without_end_does_not_starve_timers),
        WITH_CTX(post_after_close_is_refused),
        WITH_CTX(watch_tells_what_is_ready_until_it_is_closed),
        WITH_CTX(watch_left_open_is_closed_with_the_loop),
        WITH_CTX(descriptor_that_cannot_be_polled_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
