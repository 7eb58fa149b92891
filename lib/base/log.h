/* SPDX-License-Identifier: MIT */
/* Messages through the context's hook; the library never prints. */
#ifndef VIO_BASE_LOG_H
#define VIO_BASE_LOG_H

#include <stdarg.h>

#include <libvio/log.h>

#define VIO_LOG_TEXT_MAX 512

struct vio_log {
    vio_log_fn fn; /* NULL: nobody listens */
    void *user;
    int level; /* the least important level that is wanted */
};

/* `log` may be NULL. The text is cut to VIO_LOG_TEXT_MAX bytes; errno is kept. */
void vio__log(const struct vio_log *log, int level, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void vio__log_va(const struct vio_log *log, int level, const char *fmt, va_list args)
    __attribute__((format(printf, 3, 0)));

#endif
