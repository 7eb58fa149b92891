/* SPDX-License-Identifier: MIT */
/**
 * @file req.h
 * @brief Requests: calls under way, and what came of them.
 *
 * Each call that takes time takes a callback and gives a request. If it returns other than 0, the
 * callback is never called and there is no request. If it returns 0, the callback is called exactly
 * once, on the loop's thread, never before the call has returned on that thread, and never while
 * the library holds a lock.
 *
 * A request is reference-counted and may be used from any thread. Its outcome (status, message,
 * problems, device status, results) never changes once it has completed, and outlives the context.
 */
#ifndef LIBVIO_REQ_H
#define LIBVIO_REQ_H

#include <stddef.h>
#include <stdint.h>

#include <libvio/export.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A call under way or completed. */
struct vio_req;

/**
 * @brief Receives a completed request.
 * @param req    The request; vio_req_ref() it to keep it beyond the callback.
 * @param status 0 or a negative VIO_E… code.
 * @param user   The pointer given with the callback.
 *
 * Called on the loop's thread. It may make any call of the library but those that wait.
 */
typedef void (*vio_req_cb)(struct vio_req *req, int status, void *user);

/**
 * @brief Receives the progress of a request.
 * @param req      The request.
 * @param permille How far it is, 0 to 1000.
 * @param text     What it is doing, UTF-8; valid during the call only.
 * @param user     The pointer given with the callback.
 *
 * Called on the loop's thread, never after the request's own callback. Steps that follow each other
 * quickly may come as one.
 */
typedef void (*vio_req_progress_cb)(struct vio_req *req, uint32_t permille, const char *text,
                                    void *user);

/**
 * @brief Take another reference.
 * @param req The request, or NULL.
 * @return *req*.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT struct vio_req *vio_req_ref(struct vio_req *req);

/**
 * @brief Give up a reference. This neither cancels the request nor keeps its callback from coming.
 * @param req The request, or NULL for no effect.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT void vio_req_unref(struct vio_req *req);

/**
 * @brief Ask that a request end early. Its callback still comes, most often with VIO_ECANCELED.
 * @param req The request; one that has completed is left as it is.
 * @return 0; VIO_EINVAL, VIO_EFORK.
 *
 * A request that was not started yet does nothing. What was sent to a device is waited for or asked
 * after; if nothing tells its outcome, the status is VIO_EINDOUBT. Callable from any thread and in
 * callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_req_cancel(struct vio_req *req);

/**
 * @brief Set or move the time at which a request is ended with VIO_ETIMEDOUT.
 * @param req        The request; one that has completed is left as it is.
 * @param timeout_ms Milliseconds from now; 0 ends it at once.
 * @return 0; VIO_EINVAL, VIO_EFORK.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_req_set_deadline(struct vio_req *req, uint32_t timeout_ms);

/**
 * @brief Wait until a request has completed and its callback has returned.
 * @param req        The request.
 * @param timeout_ms Milliseconds to wait at most; -1 for ever, 0 to look only.
 * @return 0 when it has completed (its outcome is vio_req_status()); VIO_ETIMEDOUT when the time is
 *         over first, which leaves the request as it is; VIO_EDEADLK where waiting would wait for
 *         itself; VIO_EINVAL, VIO_EFORK.
 *
 * VIO_DRIVE_THREAD: blocks. VIO_DRIVE_POLL: on the loop's thread, where it dispatches; elsewhere
 * VIO_EDEADLK. VIO_DRIVE_UV: on other threads than the loop's; there VIO_EDEADLK. Inside any
 * callback: VIO_EDEADLK, even if the request has completed.
 * @since 0.1.0
 */
VIO_EXPORT int vio_req_wait(struct vio_req *req, int timeout_ms);

/**
 * @brief Tell the outcome of a request.
 * @param req The request.
 * @return 0 or the negative code with which it completed; VIO_EPENDING while it has not; VIO_EINVAL
 *         for NULL, VIO_EFORK.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_req_status(const struct vio_req *req);

/**
 * @brief Get the pointer that was given with the callback.
 * @param req The request, or NULL.
 * @return That pointer, NULL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT void *vio_req_user(const struct vio_req *req);

/**
 * @brief Tell what kind of call a request is, for logs.
 * @param req The request, or NULL.
 * @return Static text such as "context close"; "" for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_req_name(const struct vio_req *req);

/**
 * @brief Get one line that says what went wrong, naming what it was about.
 * @param req The request, or NULL.
 * @return UTF-8 text that lives as long as the request; the text of the status where there is
 * nothing to add; "" while it has not completed and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_req_message(const struct vio_req *req);

/**
 * @brief Get the status that the device gave, as the hardware manual lists them.
 * @param req The request, or NULL.
 * @return The device's status; 0 if it gave none, while the request has not completed, and for
 * NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint32_t vio_req_device_status(const struct vio_req *req);

/**
 * @brief Tell how many problems were found; a refused request lists all, not the first.
 * @param req The request, or NULL.
 * @return Their number; 0 while it has not completed and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT size_t vio_req_num_problems(const struct vio_req *req);

/**
 * @brief Get the code of a problem.
 * @param req   The request, or NULL.
 * @param index 0 to vio_req_num_problems() - 1.
 * @return A negative VIO_E… code; 0 if there is no such problem.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_req_problem_code(const struct vio_req *req, size_t index);

/**
 * @brief Get the name of the object that a problem is about.
 * @param req   The request, or NULL.
 * @param index 0 to vio_req_num_problems() - 1.
 * @return UTF-8 text that lives as long as the request; "" if there is no such problem or object.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_req_problem_object(const struct vio_req *req, size_t index);

/**
 * @brief Get the text of a problem: what is wrong and what is allowed.
 * @param req   The request, or NULL.
 * @param index 0 to vio_req_num_problems() - 1.
 * @return UTF-8 text that lives as long as the request; "" if there is no such problem.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_req_problem_text(const struct vio_req *req, size_t index);

/**
 * @brief Tell how far a request is.
 * @param req The request, or NULL.
 * @return 0 to 1000; 0 where it does not say, and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint32_t vio_req_progress(const struct vio_req *req);

/**
 * @brief Copy the text that tells what a request is doing.
 * @param req  The request.
 * @param buf  Where the text goes, cut if need be, always with a terminating zero.
 * @param size Size of *buf* in bytes, at least 1.
 * @return 0; VIO_EINVAL, VIO_EFORK.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_req_progress_text(const struct vio_req *req, char *buf, size_t size);

/**
 * @brief Take the progress of a request.
 * @param req  The request; one that has completed tells nothing more.
 * @param cb   Called at each progress from now on; NULL for none.
 * @param user Passed to *cb*.
 * @return 0; VIO_EINVAL, VIO_EFORK.
 *
 * A call with the former *cb* may still be under way on the loop's thread. Callable from any thread
 * and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_req_set_progress_cb(struct vio_req *req, vio_req_progress_cb cb, void *user);

#ifdef __cplusplus
}
#endif

#endif
