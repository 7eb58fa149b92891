/* SPDX-License-Identifier: MIT */
/*
 * Timers of a device that has no clock: time comes in through step() alone. A timer that is armed
 * between two steps does not know what time it is; it is stamped by the next step, which is wanted
 * at once, or `slack` later where a late stamp does no harm.
 */
#ifndef SIM_TIMER_H
#define SIM_TIMER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIM_NEVER UINT64_MAX

struct sim_timer {
    struct sim_timer *prev, *next;
    uint64_t due; /* while fresh: the delay */
    void (*fn)(void *owner);
    void *owner;
    bool watches; /* only for nothing to happen; set while idle */
    enum { SIM_TIMER_IDLE = 0, SIM_TIMER_FRESH, SIM_TIMER_ARMED } state;
};

struct sim_timers {
    struct sim_timer *first, *last; /* armed, by due; equal ones in the order of arming */
    struct sim_timer *fresh;
    uint64_t fresh_due; /* when the next stamping is wanted */
    uint64_t now;
    size_t working; /* armed or fresh ones that do not only watch */
    bool stepping;
};

void sim_timers_init(struct sim_timers *timers);
uint64_t sim_timers_next(const struct sim_timers *timers);
void sim_timers_step(struct sim_timers *timers, uint64_t now);

void sim_timer_init(struct sim_timer *timer, void (*fn)(void *owner), void *owner);
/* Arms, or arms anew. */
void sim_timer_arm(struct sim_timers *timers, struct sim_timer *timer, uint64_t delay,
                   uint64_t slack);
void sim_timer_stop(struct sim_timers *timers, struct sim_timer *timer);

#endif
