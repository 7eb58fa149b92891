/* SPDX-License-Identifier: MIT */
/*
 * Requests: created by an api call, started on the loop's thread, completed there once.
 *
 *     new ── submit ──> posted ── start() ──> running ── complete ──> ready ── callback ──> done
 *
 * A cancel or an expired deadline of a posted request completes it without start(). The user's
 * callback is called by the loop itself after the code that completed the request has returned, so
 * complete() never re-enters its caller.
 */
#ifndef VIO_LOOP_REQ_H
#define VIO_LOOP_REQ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libvio/req.h>

#include "lib/loop/loop.h"

struct vio_req_class {
    const char *name; /* for logs, such as "chassis open" */
    size_t op_size;   /* bytes of the operation's own state, inside the request */

    /* On the loop's thread, after the submission. */
    void (*start)(struct vio_req *req, void *op);

    /* On the loop's thread, after start(), at most once for each reason: VIO_ECANCELED,
     * VIO_ETIMEDOUT, VIO_ECLOSED. Completes the request now or later, with that status or another.
     * NULL: the loop completes it with `why`. */
    void (*cancel)(struct vio_req *req, void *op, int why);

    /* When the last reference goes, on any thread, or right away where the submission failed. May
     * be NULL. It frees what op holds; results go by their own unref. */
    void (*destroy)(void *op);
};

/* From any thread. The caller fills vio__req_op(), which is all zero, and submits; or unrefs. `cb`
 * may be NULL. VIO_ENOMEM. */
int vio__req_new(struct vio_loop *loop, const struct vio_req_class *cls, vio_req_cb cb, void *user,
                 struct vio_req **ret_req);

/* From any thread. Takes over the caller's reference, also on failure. On success *ret_req (if
 * given), written before the request can complete, holds a reference for the user. VIO_ECLOSED,
 * VIO_EAGAIN when the completion queue has no place left. */
int vio__req_submit(struct vio_req *req, struct vio_req **ret_req);

/* As vio__req_submit, for the request that closes the loop, and without a default deadline: from
 * now on every other submission is refused with VIO_ECLOSED. Fails only with that, when done
 * before. Takes its own reference; the callback is set here. */
int vio__req_submit_last(struct vio_req *req, vio_req_cb cb, void *user, struct vio_req **ret_req);

/* From any thread. */
struct vio_req *vio__req_ref(struct vio_req *req);
void vio__req_unref(struct vio_req *req);
void *vio__req_op(struct vio_req *req);
struct vio_loop *vio__req_loop(const struct vio_req *req);
const struct vio_alloc *vio__req_alloc(const struct vio_req *req);

/* -- For the operation, on the loop's thread, until it completes ---------------------------------
 */

/* Completes it, once; a second time is ignored. `op` stays until the last reference goes. */
void vio__req_complete(struct vio_req *req, int status);

/* As complete, with a message of one line. */
void vio__req_fail(struct vio_req *req, int status, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Only the message, for a status that comes later; cut to 512 bytes. The last one counts. */
void vio__req_set_message(struct vio_req *req, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Takes over `object`; `kind` is a static string, the noun ("chassis"). `unref` may come on any
 * thread. A second result of the same kind replaces the first; there may be VIO_RESULTS_MAX. */
void vio__req_set_result(struct vio_req *req, const char *kind, void *object,
                         void (*unref)(void *object));

void vio__req_set_device_status(struct vio_req *req, uint32_t status);

/* At most VIO_REQ_PROBLEMS_MAX are kept. `object` may be NULL. */
void vio__req_add_problem(struct vio_req *req, int code, const char *object, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

void vio__req_progress(struct vio_req *req, uint32_t permille, const char *text);

/* -- For the user, from any thread: see <libvio/req.h>, of which these are the bodies ------------
 */

#define VIO_REQ_PROBLEMS_MAX 1000

void vio__req_cancel(struct vio_req *req);
void vio__req_set_deadline(struct vio_req *req, uint32_t timeout_ms);
bool vio__req_is_complete(const struct vio_req *req); /* true in and after its callback */
int vio__req_status(const struct vio_req *req);       /* VIO_EPENDING before */
const char *vio__req_name(const struct vio_req *req);
void *vio__req_user(const struct vio_req *req);

/* How far it is. */
struct vio_progress;
struct vio_progress *vio__req_progress_of(const struct vio_req *req);

/* Message and so on; NULL before it completes. */
struct vio_detail;
const struct vio_detail *vio__req_detail(const struct vio_req *req);

/* Its place on a completion queue. */
struct vio_queue_entry *vio__req_queue_entry(struct vio_req *req);

/* What set_result gave, borrowed from the request; NULL before it completes or if of another kind.
 */
void *vio__req_result(const struct vio_req *req, const char *kind);

/* VIO_EDEADLK where this thread may not wait for requests of the loop, else 0. */
int vio__req_may_wait(const struct vio_loop *loop);

/* VIO_EDEADLK, VIO_ETIMEDOUT; -1: for ever. */
int vio__req_wait(struct vio_req *req, int timeout_ms);

/* -- For closing, on the loop's thread ----------------------------------------------------------
 */

/* Cancels all outstanding but `except` with `why`. */
void vio__req_cancel_all(struct vio_loop *loop, const struct vio_req *except, int why);

/* From any thread: the request that closes the loop was submitted. */
bool vio__req_is_closing(const struct vio_loop *loop);

/* Has `fn` called, once, when no other request than `req` is outstanding and all callbacks have
 * returned. */
void vio__req_when_alone(struct vio_req *req, void (*fn)(struct vio_req *req));

#endif
