/* SPDX-License-Identifier: MIT */
/**
 * @file log.h
 * @brief Log messages of a context; the library itself never prints.
 */
#ifndef LIBVIO_LOG_H
#define LIBVIO_LOG_H

#include <libvio/export.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Importance of a log message, most important first. */
enum vio_log_level {
    VIO_LOG_NONE = 0,    /**< as a threshold: nothing is logged */
    VIO_LOG_ERROR = 1,   /**< something is broken and no request tells of it */
    VIO_LOG_WARNING = 2, /**< something odd was repaired or worked around */
    VIO_LOG_INFO = 3,    /**< a change of state worth a line in a journal */
    VIO_LOG_DEBUG = 4    /**< what a developer wants to see */
};

/**
 * @brief Receives one log message.
 * @param user  The pointer given with the function.
 * @param level One of enum vio_log_level, never VIO_LOG_NONE.
 * @param text  UTF-8, one line without its end; valid during the call only.
 *
 * Called on the thread where the message arises, so on any; it must not call into the library.
 */
typedef void (*vio_log_fn)(void *user, int level, const char *text);

#ifdef __cplusplus
}
#endif

#endif
