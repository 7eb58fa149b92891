/* SPDX-License-Identifier: MIT */
/* Steps a chassis in real time, to the nanosecond where the kernel's timers allow it: libuv's own
 * timers count milliseconds, commands take microseconds. */
#ifndef CHASSISD_TICKER_H
#define CHASSISD_TICKER_H

#include <uv.h>

#include <libvio/sim.h>

struct ticker;

/* NULL when memory or descriptors are out. */
struct ticker *ticker_new(uv_loop_t *loop, struct viosim *sim);
/* The rest is freed when the loop has run once more. */
void ticker_close(struct ticker *ticker);

#endif
