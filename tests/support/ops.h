/* SPDX-License-Identifier: MIT */
/* Operations for tests of requests, and a callback that counts. */
#ifndef TESTS_SUPPORT_OPS_H
#define TESTS_SUPPORT_OPS_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include <libvio/ctx.h>
#include <libvio/error.h>

#include "lib/api/ctx.h"

/* How an operation behaves. */
enum op_kind {
    OP_AT_ONCE,  /* completes in start() with `status` */
    OP_TIMER,    /* completes with `status` after `delay` ns; a cancel completes it at once */
    OP_PENDING,  /* completes when canceled, with the reason */
    OP_PLAIN,    /* as OP_PENDING, but by a class without cancel() */
    OP_SLOW_END, /* takes 5 ms more to complete after a cancel */
    OP_STUBBORN  /* ignores VIO_ECANCELED and VIO_ETIMEDOUT, ends at VIO_ECLOSED */
};

/* What came of an operation. */
struct seen {
    atomic_int calls;  /* of the callback */
    atomic_int status; /* that it got */
    atomic_int starts;
    atomic_int cancels;
    atomic_int why; /* of the last cancel */
    atomic_int destroys;
    atomic_int order; /* when the callback came, from *clock */
    atomic_int *clock;
    pthread_t thread; /* of the callback */
};

/* Makes and submits one; cb NULL: count_call. `seen` is its user pointer, too. */
int op_submit(struct vio_ctx *ctx, enum op_kind kind, uint64_t delay, int status, vio_req_cb cb,
              struct seen *seen, struct vio_req **ret_req);

/* Makes and submits one that completes at once. */
int op_submit_plain(struct vio_ctx *ctx, vio_req_cb cb, void *user, struct vio_req **ret_req);

/* A vio_req_cb for which `user` is a struct seen. */
void count_call(struct vio_req *req, int status, void *user);

/* Gives up `req`, then waits until the loop has done so, too, and `seen` may go. */
void release(struct vio_req *req, struct seen *seen);

/* Runs `fn` on the loop's thread and waits for it; VIO_DRIVE_THREAD only. */
void on_loop(struct vio_ctx *ctx, void (*fn)(struct vio_ctx *ctx, void *user), void *user);

/* A context of that drive, with a counting log; fails the test if it cannot be had. */
struct vio_ctx *make_ctx(int drive);

/* Sleeps until *value is at least `wanted`; fails the test after 20 s. */
void await_count(atomic_int *value, int wanted);

#endif
