/* SPDX-License-Identifier: MIT */
/* Between the files of lib/loop; nobody else includes it. */
#ifndef VIO_LOOP_INTERNAL_H
#define VIO_LOOP_INTERNAL_H

#include <pthread.h>

#include "lib/base/dlist.h"
#include "lib/loop/loop.h"

struct uv_loop_s;
struct vio_clock;
struct vio_inbox;
struct vio_reqs;
struct vio_runner;
struct vio_waiters;
struct vio_worker;

/* -- loop.c ----------------------------------------------------------------------------------- */

struct uv_loop_s *vio__loop_uv(const struct vio_loop *loop);
struct vio_clock *vio__loop_clock(const struct vio_loop *loop);
struct vio_reqs *vio__loop_reqs(const struct vio_loop *loop);
struct vio_worker *vio__loop_worker(const struct vio_loop *loop);

/* At the beginning of each libuv callback: what it posts waits for the turn at its end, and needs
 * not wake the loop that is running it. */
void vio__loop_begin(struct vio_loop *loop);

/* At the end of each libuv callback: runs what was posted and calls back what completed. */
void vio__loop_turn(struct vio_loop *loop);

/* The next timer may be another one now. */
void vio__loop_rearm(struct vio_loop *loop);

/* Each open libuv handle keeps the loop from having closed. False when it is closing. */
bool vio__loop_add_handle(struct vio_loop *loop, struct vio_dlist *node);
void vio__loop_drop_handle(struct vio_loop *loop);

/* This thread is the loop's from now on; or, with false, none is. */
void vio__loop_set_thread(struct vio_loop *loop, bool here);
bool vio__loop_has_closed(const struct vio_loop *loop);

/* Nothing new can be opened or submitted any more. */
bool vio__loop_is_closing(const struct vio_loop *loop);

/* The last of the worker's jobs is done, for which closing waits. */
void vio__loop_worker_done(struct vio_loop *loop);
struct vio_runner *vio__loop_runner(const struct vio_loop *loop);

/* -- runner.c: who runs the libuv loop -----------------------------------------------------------
 */

/* `uv`: the application's loop, or NULL to have one of our own. */
int vio__runner_new(const struct vio_alloc *alloc, struct uv_loop_s *uv,
                    struct vio_runner **ret_runner);
void vio__runner_free(const struct vio_alloc *alloc, struct vio_runner *runner);
struct uv_loop_s *vio__runner_uv(struct vio_runner *runner);

/* Once the handles are set up: starts the private thread, or has the descriptor know the handles.
 */
int vio__runner_start(struct vio_runner *runner, struct vio_loop *loop);

/* A thread without the application's signals, which stay with its own threads. VIO_ENOMEM. */
int vio__thread_start(void *(*fn)(void *user), void *user, pthread_t *ret_thread);

/* -- worker.c ---------------------------------------------------------------------------------- */

int vio__worker_new(const struct vio_alloc *alloc, struct vio_worker **ret_worker);
void vio__worker_free(const struct vio_alloc *alloc, struct vio_worker *worker); /* stopped */
bool vio__worker_idle(const struct vio_worker *worker);

/* Ends the thread, once it is idle. */
void vio__worker_stop(struct vio_worker *worker);

/* -- watch.c ---------------------------------------------------------------------------------- */

void vio__watch_close_node(struct vio_dlist *node);

/* -- clock.c: time and timers, without libuv ----------------------------------------------------
 */

int vio__clock_new(const struct vio_alloc *alloc, struct vio_clock **ret_clock);
void vio__clock_free(const struct vio_alloc *alloc, struct vio_clock *clock);
uint64_t vio__clock_now(const struct vio_clock *clock); /* from any thread */
void vio__clock_set_virtual(struct vio_clock *clock);
bool vio__clock_is_virtual(const struct vio_clock *clock);
int vio__clock_join(struct vio_clock *clock, bool is_virtual); /* only counts */
void vio__clock_leave(struct vio_clock *clock);
void vio__clock_hold(struct vio_clock *clock, int count);   /* adds to the holds */
void vio__clock_freeze(struct vio_clock *clock, int count); /* adds to what forbids jumps */

/* When the first timer is due; UINT64_MAX if there is none. */
uint64_t vio__clock_next(const struct vio_clock *clock);

/* Fires the timers that are due, but not those that are started meanwhile. True if there was one.
 */
bool vio__clock_run(struct vio_clock *clock);

/* Virtual time: whether a timer is due, or could become so by a jump; and the jump, where allowed.
 */
bool vio__clock_pending(const struct vio_clock *clock);
void vio__clock_jump(struct vio_clock *clock);

/* -- inbox.c: work posted from any thread, without libuv ----------------------------------------
 */

/* `wake` is called with the inbox locked, when somebody has to look at it who might be asleep. */
int vio__inbox_new(const struct vio_alloc *alloc, void (*wake)(void *user), void *user,
                   struct vio_inbox **ret_inbox);
void vio__inbox_free(const struct vio_alloc *alloc, struct vio_inbox *inbox);

/* VIO_ECLOSED after close. */
int vio__inbox_put(struct vio_inbox *inbox, struct vio_post *post);

/* The caller is going to take soon, so until then no put needs to wake. */
void vio__inbox_attend(struct vio_inbox *inbox);

/* Takes out all; NULL if there is nothing, after which the next put wakes. */
struct vio_post *vio__inbox_take(struct vio_inbox *inbox);
void vio__inbox_wake(struct vio_inbox *inbox); /* wakes although it was looked at */
void vio__inbox_mute(struct vio_inbox *inbox); /* no wake any more */
void vio__inbox_close(struct vio_inbox *inbox);

/* -- req.c ------------------------------------------------------------------------------------- */

int vio__reqs_new(const struct vio_alloc *alloc, struct vio_reqs **ret_reqs);
void vio__reqs_free(const struct vio_alloc *alloc, struct vio_reqs *reqs);
/* Calls back what is ready; true if there was something. */
bool vio__reqs_run(struct vio_reqs *reqs);

struct vio_waiters *vio__reqs_waiters(struct vio_reqs *reqs);
bool vio__req_in_callback(void);                  /* this thread is inside a user's callback */
bool vio__req_is_done(const struct vio_req *req); /* its callback has returned */

/* -- wait.c ------------------------------------------------------------------------------------ */

int vio__waiters_new(const struct vio_alloc *alloc, struct vio_waiters **ret_waiters);
void vio__waiters_free(const struct vio_alloc *alloc, struct vio_waiters *waiters);
void vio__waiters_wake(struct vio_waiters *waiters); /* after a request is done */

#endif
