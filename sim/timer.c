/* SPDX-License-Identifier: MIT */
#include "sim/timer.h"

#include <stddef.h>

void sim_timers_init(struct sim_timers *timers)
{
    *timers = (struct sim_timers){.fresh_due = SIM_NEVER};
}

void sim_timer_init(struct sim_timer *timer, void (*fn)(void *owner), void *owner)
{
    *timer = (struct sim_timer){.fn = fn, .owner = owner};
}

static uint64_t add(uint64_t a, uint64_t b)
{
    return a + b < a ? SIM_NEVER : a + b;
}

uint64_t sim_timers_next(const struct sim_timers *timers)
{
    uint64_t due = timers->first ? timers->first->due : SIM_NEVER;

    return due < timers->fresh_due ? due : timers->fresh_due;
}

/* Delays are mostly alike, so the place is found from the end. */
static void insert(struct sim_timers *timers, struct sim_timer *timer, uint64_t due)
{
    struct sim_timer *before = timers->last;

    while (before && before->due > due)
        before = before->prev;
    timers->working += !timer->watches;
    timer->due = due;
    timer->state = SIM_TIMER_ARMED;
    timer->prev = before;
    timer->next = before ? before->next : timers->first;
    *(timer->next ? &timer->next->prev : &timers->last) = timer;
    *(before ? &before->next : &timers->first) = timer;
}

static void remove_from(struct sim_timers *timers, struct sim_timer *timer)
{
    struct sim_timer **head = timer->state == SIM_TIMER_FRESH ? &timers->fresh : &timers->first;

    timers->working -= !timer->watches;
    if (timer->prev)
        timer->prev->next = timer->next;
    else
        *head = timer->next;
    if (timer->next)
        timer->next->prev = timer->prev;
    else if (timer->state == SIM_TIMER_ARMED)
        timers->last = timer->prev;
    timer->state = SIM_TIMER_IDLE;
    timer->prev = timer->next = NULL;
}

void sim_timer_arm(struct sim_timers *timers, struct sim_timer *timer, uint64_t delay,
                   uint64_t slack)
{
    uint64_t wanted = add(timers->now, slack < delay ? slack : delay);

    sim_timer_stop(timers, timer);
    if (timers->stepping) {
        insert(timers, timer, add(timers->now, delay));
        return;
    }
    timers->working += !timer->watches;
    timer->due = delay;
    timer->state = SIM_TIMER_FRESH;
    timer->next = timers->fresh;
    if (timers->fresh)
        timers->fresh->prev = timer;
    timers->fresh = timer;
    if (wanted < timers->fresh_due)
        timers->fresh_due = wanted;
}

void sim_timer_stop(struct sim_timers *timers, struct sim_timer *timer)
{
    if (timer->state != SIM_TIMER_IDLE)
        remove_from(timers, timer);
    if (!timers->fresh)
        timers->fresh_due = SIM_NEVER;
}

/* The list holds the latest first; equal delays must come out in the order of arming. */
static void stamp(struct sim_timers *timers)
{
    struct sim_timer *oldest = timers->fresh;

    while (oldest && oldest->next)
        oldest = oldest->next;
    while (oldest) {
        struct sim_timer *timer = oldest;

        oldest = timer->prev;
        remove_from(timers, timer);
        insert(timers, timer, add(timers->now, timer->due));
    }
    timers->fresh_due = SIM_NEVER;
}

void sim_timers_step(struct sim_timers *timers, uint64_t now)
{
    if (now > timers->now)
        timers->now = now;
    stamp(timers);
    timers->stepping = true;
    while (timers->first && timers->first->due <= timers->now) {
        struct sim_timer *timer = timers->first;

        remove_from(timers, timer);
        timer->fn(timer->owner);
    }
    timers->stepping = false;
}
