/* SPDX-License-Identifier: MIT */
/**
 * @file error.h
 * @brief The error codes of libvio: one table for names, numbers, texts, retry advice and
 * categories.
 *
 * Every function that returns `int` returns 0 (or a count, where it says so) on success and one of
 * these negative codes on failure. The numbers are libvio's own, the same on every platform, and
 * never change. The detail of a failure (message, problems, the device's own status) is read from
 * the request that failed, see req.h.
 */
#ifndef LIBVIO_ERROR_H
#define LIBVIO_ERROR_H

#include <libvio/export.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What kind of thing went wrong; bindings map each category to an exception class. */
enum vio_error_category {
    VIO_CATEGORY_UNKNOWN = 0,     /**< not a code of this library */
    VIO_CATEGORY_ARGUMENT = 1,    /**< the call itself was wrong */
    VIO_CATEGORY_NOT_FOUND = 2,   /**< nothing there of that name, address or number */
    VIO_CATEGORY_EXISTS = 3,      /**< it is there already */
    VIO_CATEGORY_STATE = 4,       /**< not in the state that this needs */
    VIO_CATEGORY_PERMISSION = 5,  /**< not allowed, or not ours */
    VIO_CATEGORY_RESOURCE = 6,    /**< memory, slots, space or bandwidth do not suffice */
    VIO_CATEGORY_TIMEOUT = 7,     /**< a deadline passed */
    VIO_CATEGORY_CANCELED = 8,    /**< canceled, or closed underneath */
    VIO_CATEGORY_TRANSPORT = 9,   /**< the way to the device failed */
    VIO_CATEGORY_DEVICE = 10,     /**< the device refused or failed */
    VIO_CATEGORY_CONFLICT = 11,   /**< somebody else changed or holds it */
    VIO_CATEGORY_IN_DOUBT = 12,   /**< done or not, nobody could say */
    VIO_CATEGORY_LOST = 13,       /**< something was dropped on the way */
    VIO_CATEGORY_INTERNAL = 14,   /**< a fault of the library */
    VIO_CATEGORY_UNSUPPORTED = 15 /**< the target cannot do this */
};

/**
 * The table: X(code, number, text, retryable, category).
 *
 * *retryable* is 1 where the same call may succeed later with nobody having changed its arguments.
 */
#define VIO_ERROR_MAP(X)                                                                        \
    X(VIO_EINVAL, -1, "invalid argument", 0, VIO_CATEGORY_ARGUMENT)                             \
    X(VIO_ENOMEM, -2, "out of memory", 1, VIO_CATEGORY_RESOURCE)                                \
    X(VIO_ENOENT, -3, "no such object", 0, VIO_CATEGORY_NOT_FOUND)                              \
    X(VIO_EEXIST, -4, "object exists already", 0, VIO_CATEGORY_EXISTS)                          \
    X(VIO_EBUSY, -5, "object is in use", 1, VIO_CATEGORY_STATE)                                 \
    X(VIO_EAGAIN, -6, "too much outstanding at the moment", 1, VIO_CATEGORY_RESOURCE)           \
    X(VIO_EPERM, -7, "operation not permitted", 0, VIO_CATEGORY_PERMISSION)                     \
    X(VIO_ENOTSUP, -8, "not supported by this target", 0, VIO_CATEGORY_UNSUPPORTED)             \
    X(VIO_ENAME, -9, "invalid name", 0, VIO_CATEGORY_ARGUMENT)                                  \
    X(VIO_EADDR, -10, "invalid address or identity", 0, VIO_CATEGORY_ARGUMENT)                  \
    X(VIO_EDUPLICATE, -11, "identity is live elsewhere", 0, VIO_CATEGORY_EXISTS)                \
    X(VIO_EFULL, -12, "no free slot, function or space", 0, VIO_CATEGORY_RESOURCE)              \
    X(VIO_ECAPACITY, -13, "guarantee exceeds the capacity of a link", 0, VIO_CATEGORY_RESOURCE) \
    X(VIO_ESTATE, -14, "object is not in the state needed", 0, VIO_CATEGORY_STATE)              \
    X(VIO_EDEADLK, -15, "would wait for itself", 0, VIO_CATEGORY_STATE)                         \
    X(VIO_EFORK, -16, "used in a forked child process", 0, VIO_CATEGORY_STATE)                  \
    X(VIO_ECLOSED, -17, "closed", 0, VIO_CATEGORY_CANCELED)                                     \
    X(VIO_ECANCELED, -18, "canceled", 0, VIO_CATEGORY_CANCELED)                                 \
    X(VIO_ETIMEDOUT, -19, "deadline passed", 1, VIO_CATEGORY_TIMEOUT)                           \
    X(VIO_EINDOUBT, -20, "outcome is unknown", 0, VIO_CATEGORY_IN_DOUBT)                        \
    X(VIO_ENOTFENCED, -21, "source is not proven detached", 0, VIO_CATEGORY_STATE)              \
    X(VIO_EOWNED, -22, "chassis has another owner", 1, VIO_CATEGORY_CONFLICT)                   \
    X(VIO_EFENCED, -23, "ownership was taken over", 0, VIO_CATEGORY_CONFLICT)                   \
    X(VIO_ESTALE, -24, "object was changed since it was read", 0, VIO_CATEGORY_CONFLICT)        \
    X(VIO_EOVERFLOW, -25, "events were lost", 0, VIO_CATEGORY_LOST)                             \
    X(VIO_ETRANSPORT, -26, "connection to the device failed", 1, VIO_CATEGORY_TRANSPORT)        \
    X(VIO_EIO, -27, "input or output failed", 0, VIO_CATEGORY_TRANSPORT)                        \
    X(VIO_EPROTO, -28, "peer does not follow the protocol", 0, VIO_CATEGORY_TRANSPORT)          \
    X(VIO_EDEVICE, -29, "device refused the command", 0, VIO_CATEGORY_DEVICE)                   \
    X(VIO_EGONE, -30, "server, adapter or function is gone", 0, VIO_CATEGORY_NOT_FOUND)         \
    X(VIO_EVERSION, -31, "version is not supported", 0, VIO_CATEGORY_UNSUPPORTED)               \
    X(VIO_EPARSE, -32, "text cannot be read", 0, VIO_CATEGORY_ARGUMENT)                         \
    X(VIO_ELIMIT, -33, "a limit is exceeded", 0, VIO_CATEGORY_RESOURCE)                         \
    X(VIO_EINTERNAL, -34, "internal error", 0, VIO_CATEGORY_INTERNAL)                           \
    X(VIO_EPENDING, -35, "request has not completed yet", 1, VIO_CATEGORY_STATE)                \
    X(VIO_EBLOCKED, -36, "object waits for recovery", 0, VIO_CATEGORY_STATE)                    \
    X(VIO_ENOSPC, -37, "buffer is too small", 0, VIO_CATEGORY_ARGUMENT)                         \
    X(VIO_ERESET, -38, "device was reset", 1, VIO_CATEGORY_DEVICE)                              \
    X(VIO_ECORRUPT, -39, "stored data is damaged", 0, VIO_CATEGORY_INTERNAL)                    \
    X(VIO_EDISK, -40, "disk is full", 1, VIO_CATEGORY_RESOURCE)

/** The error codes; see VIO_ERROR_MAP for the meaning of each. */
enum vio_error {
    VIO_OK = 0, /**< success */
#define VIO_ERROR_ENUM(code, number, text, retryable, category) code = (number),
    VIO_ERROR_MAP(VIO_ERROR_ENUM)
#undef VIO_ERROR_ENUM
};

/**
 * @brief Describe an error code in English.
 * @param code A code of this table, or 0.
 * @return Static UTF-8 text, never NULL; "success" for 0, "unknown error" for any other number.
 *
 * Callable from any thread, in callbacks and in a forked child.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_strerror(int code);

/**
 * @brief Name an error code as it is spelled in C.
 * @param code A code of this table, or 0.
 * @return Static text such as "VIO_EINVAL", never NULL; "VIO_OK" for 0, "VIO_EUNKNOWN" for any
 * other number.
 *
 * Callable from any thread, in callbacks and in a forked child.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_error_name(int code);

/**
 * @brief Classify an error code.
 * @param code A code of this table.
 * @return Its category; VIO_CATEGORY_UNKNOWN for 0 and for any other number.
 *
 * Callable from any thread, in callbacks and in a forked child.
 * @since 0.1.0
 */
VIO_EXPORT enum vio_error_category vio_error_category(int code);

/**
 * @brief Tell whether the same call may succeed later without other arguments.
 * @param code A code of this table.
 * @return 1 if so, else 0 (also for 0 and for any other number).
 *
 * Callable from any thread, in callbacks and in a forked child.
 * @since 0.1.0
 */
VIO_EXPORT int vio_error_retryable(int code);

#ifdef __cplusplus
}
#endif

#endif
