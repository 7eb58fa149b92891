/* SPDX-License-Identifier: MIT */
/*
 * The loop: one thread's time, timers, descriptors and posted work on top of libuv. All that runs
 * for a context runs here, so what is only touched on the loop's thread needs no lock.
 *
 * Unless it says otherwise, a function is to be called on the loop's thread, and the callbacks run
 * there. Callbacks of this file are the library's own; the user's callbacks come from req.h alone.
 */
#ifndef VIO_LOOP_LOOP_H
#define VIO_LOOP_LOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libvio/req.h>

#include "lib/base/alloc.h"
#include "lib/base/heap.h"
#include "lib/base/log.h"

struct uv_loop_s;
struct vio_loop;
struct vio_queue;

enum vio_loop_drive {
    VIO_LOOP_THREAD = 1, /* a private thread runs it */
    VIO_LOOP_POLL = 2,   /* vio__loop_dispatch() runs it */
    VIO_LOOP_UV = 3      /* the application's uv loop runs it */
};

struct vio_loop_config {
    int drive;
    struct uv_loop_s *uv; /* VIO_LOOP_UV only */
    struct vio_alloc alloc;
    struct vio_log log;
    uint64_t timeout;    /* default deadline of a request, ns; 0: none */
    uint32_t queue_max;  /* of the completion queue */
    vio_req_cb queue_cb; /* requests with this callback need a place on it */
};

/* VIO_ENOMEM, also when a descriptor cannot be had. Requests may be made, but nothing runs yet. */
int vio__loop_new(const struct vio_loop_config *config, struct vio_loop **ret_loop);

/* Opens it: with VIO_LOOP_THREAD, the private thread now runs it. From here on it has to be closed.
 * VIO_ENOMEM, after which it can only be given up. */
int vio__loop_start(struct vio_loop *loop);

/* From any thread. References keep the memory, the log and the allocator, nothing running. */
struct vio_loop *vio__loop_ref(struct vio_loop *loop);
void vio__loop_unref(struct vio_loop *loop);

/* Ends the loop: closes its handles, then calls `done` as the last thing it does; requests that
 * `done` completes are still called back. Timers and watches that are left are stopped. Work
 * posted before still runs, before `done`. */
void vio__loop_close(struct vio_loop *loop, void (*done)(void *user), void *user);

/* From any thread, after vio__loop_close(), once: gives descriptors and thread back, as soon as
 * nothing runs, and empties the completion queue. Never waits for a callback. Then unref. */
void vio__loop_dispose(struct vio_loop *loop);

/* Of the private thread: waits for its end. Other threads only, before dispose; any number of
 * times. */
void vio__loop_join(struct vio_loop *loop);

/* VIO_LOOP_POLL, for a loop that nobody will dispatch any more and that is about to close: runs it
 * until it has closed, here or, inside a callback, at the end of the dispatch under way. */
void vio__loop_run_to_end(struct vio_loop *loop);

/* From any thread. */
const struct vio_alloc *vio__loop_alloc(const struct vio_loop *loop);
const struct vio_log *vio__loop_log(const struct vio_loop *loop);
struct vio_queue *vio__loop_queue(const struct vio_loop *loop);
vio_req_cb vio__loop_queue_cb(const struct vio_loop *loop);
uint64_t vio__loop_timeout(const struct vio_loop *loop);
int vio__loop_drive(const struct vio_loop *loop);
uint64_t vio__loop_now(const struct vio_loop *loop);    /* ns, monotonic or virtual */
bool vio__loop_is_current(const struct vio_loop *loop); /* this is the loop's thread */
bool vio__loop_forked(const struct vio_loop *loop);     /* this is a child of its process */

/* VIO_LOOP_POLL: what the application polls, and the call that runs the loop once without waiting.
 * dispatch: VIO_EDEADLK inside a callback, VIO_EBUSY while another thread dispatches. */
int vio__loop_fd(const struct vio_loop *loop);
int vio__loop_poll_timeout(struct vio_loop *loop); /* ms; -1: any time */
int vio__loop_dispatch(struct vio_loop *loop);

/* -- Virtual time ----------------------------------------------------------------------------- */

/* From now on the clock stands still while the loop has anything to do, and jumps to the next timer
 * when it has not. Cannot be undone. */
void vio__loop_set_virtual(struct vio_loop *loop);
bool vio__loop_is_virtual(const struct vio_loop *loop);

/* For what has a clock of its own, such as a chassis: all of a loop's are real, or all virtual.
 * VIO_ESTATE where that would not be so; the first virtual one makes the loop's time virtual. */
int vio__loop_join_clock(struct vio_loop *loop, bool is_virtual);
void vio__loop_leave_clock(struct vio_loop *loop); /* once for each that joined */

/* While held, the clock may jump to timers that are marked background (see vio__timer_init).
 * Requests hold it while they are outstanding. */
void vio__loop_hold(struct vio_loop *loop);
void vio__loop_release(struct vio_loop *loop);

/* -- Posted work ------------------------------------------------------------------------------ */

/* A member of the object that it is about; in one post at a time. */
struct vio_post {
    struct vio_post *next;
    void (*fn)(struct vio_post *post); /* may post it again, or free it */
};

/* From any thread. Has post->fn called soon, in the order of posts; never inside this call. Fails
 * only with VIO_ECLOSED, after the loop has closed, and then leaves `post` alone. */
int vio__loop_post(struct vio_loop *loop, struct vio_post *post);

/* -- Timers ----------------------------------------------------------------------------------- */

struct vio_timer {
    struct vio_heap_node node;
    struct vio_loop *loop;
    void (*fn)(struct vio_timer *timer, void *user);
    void *user;
    bool background;
};

/* `background`: housekeeping (a slow poll, a heartbeat) for which alone virtual time does not jump.
 */
void vio__timer_init(struct vio_timer *timer, struct vio_loop *loop, bool background,
                     void (*fn)(struct vio_timer *timer, void *user), void *user);

/* Fires once, at `due` on the loop's clock (ns) or as soon as possible after it; starting it again
 * moves it. Never inside this call. `fn` may start, stop or free it. */
void vio__timer_start(struct vio_timer *timer, uint64_t due);
void vio__timer_stop(struct vio_timer *timer); /* fine when not started */
bool vio__timer_active(const struct vio_timer *timer);

/* -- Descriptors ------------------------------------------------------------------------------ */

enum { VIO_WATCH_READ = 1, VIO_WATCH_WRITE = 2 };

struct vio_watch;

/* `events` of `fn`: what is ready; both where the descriptor is broken, so that the next read or
 * write tells. The descriptor stays the caller's and must be one that can be polled, in
 * non-blocking mode. VIO_ENOMEM, VIO_EIO, VIO_ECLOSED. */
int vio__watch_new(struct vio_loop *loop, int fd,
                   void (*fn)(struct vio_watch *watch, int events, void *user), void *user,
                   struct vio_watch **ret_watch);

/* Sets what is watched; 0 for nothing. VIO_EIO. */
int vio__watch_set(struct vio_watch *watch, int events);

/* No callback comes any more; afterwards the descriptor may be closed. NULL is fine. */
void vio__watch_close(struct vio_watch *watch);

#endif
