/* SPDX-License-Identifier: MIT */
/**
 * @file ctx.h
 * @brief The context: what a program opens first, and how the library gets its time.
 *
 * A context is driven in one of three ways. Its *loop's thread* is where its callbacks run:
 *
 * - VIO_DRIVE_THREAD: a private thread of the library. Callbacks run there; a program that does not
 *   want that passes vio_ctx_queue() as its callback, polls vio_ctx_queue_fd() and reaps.
 * - VIO_DRIVE_POLL: a private loop without a thread. The program polls vio_ctx_fd() for input, for
 *   at most vio_ctx_timeout(), and calls vio_ctx_dispatch(). The loop's thread is the one that
 *   created the context, or that dispatched it last.
 * - VIO_DRIVE_UV: the program's own uv_loop_t. The loop's thread is the one that runs it.
 *
 * After a fork, each call in the child that returns an `int` error code returns VIO_EFORK; dropping
 * references works there too, and then leaves memory and descriptors to the child's end.
 */
#ifndef LIBVIO_CTX_H
#define LIBVIO_CTX_H

#include <stddef.h>
#include <stdint.h>

#include <libvio/export.h>
#include <libvio/log.h>
#include <libvio/req.h>

#ifdef __cplusplus
extern "C" {
#endif

struct uv_loop_s;

/** A context. Reference-counted; see vio_ctx_new(). */
struct vio_ctx;

/** How a context is to be made. Belongs to one thread; may be freed once vio_ctx_new() returned. */
struct vio_ctx_config;

/** Who runs a context's loop. */
enum vio_drive {
    VIO_DRIVE_UNKNOWN = 0, /**< none */
    VIO_DRIVE_THREAD = 1,  /**< a private thread (the default) */
    VIO_DRIVE_POLL = 2,    /**< the program, by fd, timeout and dispatch */
    VIO_DRIVE_UV = 3       /**< the program's uv_loop_t */
};

/** Most requests that vio_ctx_config_set_queue_max() lets wait on a completion queue. */
#define VIO_QUEUE_MAX_LIMIT 1048576

/**
 * @brief Make a configuration with the defaults: private thread, no log, the C library's memory, no
 *        default time-out, at most 4,096 requests on the completion queue.
 * @param ret_config Where it goes; the caller frees it with vio_ctx_config_free().
 * @return 0, VIO_EINVAL for NULL, VIO_ENOMEM.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_ctx_config_new(struct vio_ctx_config **ret_config);

/**
 * @brief Free a configuration.
 * @param config The configuration, or NULL for no effect.
 *
 * On the thread that the configuration belongs to.
 * @since 0.1.0
 */
VIO_EXPORT void vio_ctx_config_free(struct vio_ctx_config *config);

/**
 * @brief Choose a drive of the library's own.
 * @param config The configuration.
 * @param drive  VIO_DRIVE_THREAD or VIO_DRIVE_POLL; for VIO_DRIVE_UV see
 * vio_ctx_config_set_uv_loop().
 * @return 0 or VIO_EINVAL.
 *
 * On the thread that the configuration belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_ctx_config_set_drive(struct vio_ctx_config *config, int drive);

/**
 * @brief Drive the context by the program's own libuv loop.
 * @param config The configuration.
 * @param uv     An initialised `uv_loop_t *`; it must outlive the context's close. The context
 * keeps it alive, in the sense of uv_loop_alive(), until then.
 * @return 0 or VIO_EINVAL.
 *
 * vio_ctx_new() must then be called on the loop's thread, or before the loop runs. On the thread
 * that the configuration belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_ctx_config_set_uv_loop(struct vio_ctx_config *config, struct uv_loop_s *uv);

/**
 * @brief Take the context's log messages.
 * @param config The configuration.
 * @param fn     Receives each message, on any thread; NULL for no log.
 * @param user   Passed to *fn*.
 * @param level  The least important level wanted, one of enum vio_log_level.
 * @return 0 or VIO_EINVAL.
 *
 * On the thread that the configuration belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_ctx_config_set_log(struct vio_ctx_config *config, vio_log_fn fn, void *user,
                                      int level);

/**
 * @brief Give the context's objects other memory than the C library's.
 * @param config     The configuration.
 * @param malloc_fn  As malloc(): memory for any type, or NULL.
 * @param realloc_fn As realloc(): also for a null *ptr*; the old memory stays if it returns NULL.
 * @param free_fn    As free(); never called with NULL.
 * @param user       Passed to each.
 * @return 0 or VIO_EINVAL (a null function).
 *
 * The functions are called on any thread, several at once, until the last object of the context is
 * gone; they must not call into the library. What libuv allocates does not go through them. On the
 * thread that the configuration belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_ctx_config_set_allocator(struct vio_ctx_config *config,
                                            void *(*malloc_fn)(size_t size, void *user),
                                            void *(*realloc_fn)(void *ptr, size_t size, void *user),
                                            void (*free_fn)(void *ptr, void *user), void *user);

/**
 * @brief Set the deadline of each request that gets no other by vio_req_set_deadline().
 * @param config     The configuration.
 * @param timeout_ms Milliseconds from the submission; 0 for none (the default).
 * @return 0 or VIO_EINVAL.
 *
 * On the thread that the configuration belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_ctx_config_set_timeout(struct vio_ctx_config *config, uint32_t timeout_ms);

/**
 * @brief Bound the completion queue.
 * @param config The configuration.
 * @param max    How many requests with the callback vio_ctx_queue() may be outstanding or unreaped
 * at a time; 1 to VIO_QUEUE_MAX_LIMIT.
 * @return 0 or VIO_EINVAL.
 *
 * On the thread that the configuration belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_ctx_config_set_queue_max(struct vio_ctx_config *config, uint32_t max);

/**
 * @brief Make a context.
 * @param config  How, or NULL for the defaults of vio_ctx_config_new(). It is copied.
 * @param ret_ctx Where the context goes, with one reference for the caller: vio_ctx_close() or
 *                vio_ctx_stop() it, then vio_ctx_unref() it.
 * @return 0; VIO_EINVAL; VIO_ENOMEM, also where the system has no descriptor or thread to give.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_ctx_new(const struct vio_ctx_config *config, struct vio_ctx **ret_ctx);

/**
 * @brief Take another reference.
 * @param ctx The context, or NULL.
 * @return *ctx*.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT struct vio_ctx *vio_ctx_ref(struct vio_ctx *ctx);

/**
 * @brief Give up a reference.
 * @param ctx The context, or NULL for no effect.
 *
 * Giving up the last one of a context that was not closed closes it: with VIO_DRIVE_POLL before
 * this returns (callbacks run inside it, on the calling thread), else in the background. Callable
 * from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT void vio_ctx_unref(struct vio_ctx *ctx);

/**
 * @brief Get the descriptor to poll for input with VIO_DRIVE_POLL.
 * @param ctx The context, which keeps the descriptor.
 * @return The descriptor; VIO_EINVAL, VIO_ESTATE with another drive, VIO_EFORK.
 *
 * It stays open until the last reference of the context is given up. Callable from any thread and
 * in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_ctx_fd(struct vio_ctx *ctx);

/**
 * @brief Tell how long polling may take with VIO_DRIVE_POLL.
 * @param ctx The context.
 * @param ret_timeout_ms Milliseconds as poll() takes them: -1 for any time, 0 for not at all.
 * @return 0; VIO_EINVAL, VIO_ESTATE with another drive, VIO_EFORK.
 *
 * To be asked again after each other call into the library. On the loop's thread.
 * @since 0.1.0
 */
VIO_EXPORT int vio_ctx_timeout(struct vio_ctx *ctx, int *ret_timeout_ms);

/**
 * @brief Do what there is to do, without waiting, with VIO_DRIVE_POLL.
 * @param ctx The context.
 * @return 0; VIO_EINVAL, VIO_ESTATE with another drive, VIO_EDEADLK inside a callback, VIO_EBUSY
 *         while another thread dispatches, VIO_EFORK.
 *
 * Callbacks run inside this call. The calling thread becomes the loop's thread.
 * @since 0.1.0
 */
VIO_EXPORT int vio_ctx_dispatch(struct vio_ctx *ctx);

/**
 * @brief Close the context: cancel what is outstanding, close what is open, then complete.
 * @param ctx     The context.
 * @param cb      Called with status 0 when nothing of the context is left running; the last of its
 *                callbacks. NULL for none, vio_ctx_queue for the queue (beyond its maximum, if need
 *                be).
 * @param user    Passed to *cb*.
 * @param ret_req Where the request goes, with a reference for the caller; NULL for none.
 * @return 0; VIO_EINVAL, VIO_ECLOSED if it was closed already, VIO_EFORK.
 *
 * When this has returned, each new request is refused with VIO_ECLOSED; those outstanding complete,
 * most with VIO_ECLOSED, before this one. It cannot be canceled. With VIO_DRIVE_UV the program has
 * to go on running its loop until *cb* was called; then nothing of the context is left in it.
 * Requests stay readable and the queue reapable. Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_ctx_close(struct vio_ctx *ctx, vio_req_cb cb, void *user,
                             struct vio_req **ret_req);

/**
 * @brief Close the context and wait until it is closed and its private thread, if any, has ended.
 * @param ctx The context, closed already or not.
 * @return 0, also when it was closed before; VIO_EINVAL; VIO_EDEADLK, without effect, inside a
 *         callback and wherever vio_req_wait() may not wait; VIO_EFORK.
 *
 * Afterwards the completion queue holds what was not reaped, and vio_ctx_reap() works. Callable
 * from any thread.
 * @since 0.1.0
 */
VIO_EXPORT int vio_ctx_stop(struct vio_ctx *ctx);

/**
 * @brief The callback that puts a completed request on its context's completion queue.
 * @param req    The request.
 * @param status Its status; read it from the request later.
 * @param user   Not used; read it from the request later.
 *
 * Pass this function as `cb` to any call that starts a request; the program then gets the request
 * by vio_ctx_reap(). A submission is refused with VIO_EAGAIN while as many such requests as the
 * queue holds are outstanding or not yet reaped, so none is ever lost. A callback of the program's
 * own may also call it, to pass a request on. On the loop's thread, in a callback, for its own
 * request.
 * @since 0.1.0
 */
VIO_EXPORT void vio_ctx_queue(struct vio_req *req, int status, void *user);

/**
 * @brief Get the descriptor that is readable while the completion queue holds requests.
 * @param ctx The context, which keeps the descriptor; poll it for input, but do not read it.
 * @return The descriptor; VIO_EINVAL, VIO_EFORK.
 *
 * Level-triggered: it becomes quiet when vio_ctx_reap() has emptied the queue. It stays open until
 * the last reference of the context is given up. Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_ctx_queue_fd(struct vio_ctx *ctx);

/**
 * @brief Take completed requests from the completion queue, the oldest first.
 * @param ctx      The context, which may be closed.
 * @param ret_reqs Where the requests go, each with a reference for the caller.
 * @param max      How many fit there.
 * @return How many were taken, 0 if the queue is empty; VIO_EINVAL, VIO_EFORK.
 *
 * Does not wait. Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_ctx_reap(struct vio_ctx *ctx, struct vio_req **ret_reqs, size_t max);

#ifdef __cplusplus
}
#endif

#endif
