/* SPDX-License-Identifier: MIT */
#include "tools/chassisd/ticker.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "sim/device.h"

#define STEPS_PER_TURN 16
#define SECOND         UINT64_C(1000000000)

struct ticker {
    uv_prepare_t prepare; /* after whatever the turn brought, before the loop sleeps */
    uv_poll_t poll;       /* of the timer */
    struct viosim *sim;
    uint64_t armed; /* when the timer goes off */
    int timer;
    int handles; /* open ones */
};

static void on_timer(uv_poll_t *poll, int status, int events)
{
    struct ticker *ticker = poll->data;
    uint64_t expirations;
    ssize_t n = read(ticker->timer, &expirations, sizeof expirations);

    (void)n; /* nothing to read: it was armed anew in the same turn */
    (void)status;
    (void)events;
    ticker->armed = UINT64_MAX;
}

/* uv_hrtime() is the monotonic clock, and so is the timer's. */
static void arm(struct ticker *ticker, uint64_t when)
{
    struct itimerspec spec = {.it_value = {0}};

    if (when == ticker->armed)
        return;
    ticker->armed = when;
    if (when != UINT64_MAX) {
        spec.it_value.tv_sec = (time_t)(when / SECOND);
        spec.it_value.tv_nsec = (long)(when % SECOND);
        if (when == 0)
            spec.it_value.tv_nsec = 1; /* 0 would disarm it */
    }
    timerfd_settime(ticker->timer, TFD_TIMER_ABSTIME, &spec, NULL);
}

static void on_prepare(uv_prepare_t *prepare)
{
    struct ticker *ticker = prepare->data;
    uint64_t next = sim_next(ticker->sim);

    for (int i = 0; i < STEPS_PER_TURN && next != UINT64_MAX && next <= uv_hrtime(); i++) {
        sim_step(ticker->sim, uv_hrtime());
        next = sim_next(ticker->sim);
    }
    arm(ticker, next);
}

struct ticker *ticker_new(uv_loop_t *loop, struct viosim *sim)
{
    struct ticker *ticker = calloc(1, sizeof *ticker);

    if (!ticker)
        return NULL;
    ticker->sim = sim;
    ticker->armed = UINT64_MAX;
    ticker->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    if (ticker->timer < 0 || uv_poll_init(loop, &ticker->poll, ticker->timer) != 0) {
        if (ticker->timer >= 0)
            close(ticker->timer);
        free(ticker);
        return NULL;
    }
    uv_prepare_init(loop, &ticker->prepare);
    ticker->handles = 2;
    ticker->poll.data = ticker->prepare.data = ticker;
    sim_step(sim, uv_hrtime());
    if (uv_prepare_start(&ticker->prepare, on_prepare) == 0 &&
        uv_poll_start(&ticker->poll, UV_READABLE, on_timer) == 0)
        return ticker;
    ticker_close(ticker);
    return NULL;
}

static void on_closed(uv_handle_t *handle)
{
    struct ticker *ticker = handle->data;

    if (--ticker->handles == 0) {
        close(ticker->timer);
        free(ticker);
    }
}

void ticker_close(struct ticker *ticker)
{
    uv_close((uv_handle_t *)&ticker->prepare, on_closed);
    uv_close((uv_handle_t *)&ticker->poll, on_closed);
}
